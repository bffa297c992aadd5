"""The blueprint of the pages of incidents, apart from them so that each can import it."""

from flask import Blueprint

bp = Blueprint("incident", __name__)
