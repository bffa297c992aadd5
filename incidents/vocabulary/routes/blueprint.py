"""The blueprint of the pages of places and terms, apart from them so that each can import it."""

from flask import Blueprint
from werkzeug.wrappers import Response

from incidents.viewer import Role

bp = Blueprint("vocabulary", __name__)
RECORDERS = (Role.RESEARCHER, Role.REVIEWER)
Page = Response | str | tuple[str, int]
