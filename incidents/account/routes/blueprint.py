"""The blueprint the modules beside it hang their routes on, and what their views answer with."""

from flask import Blueprint
from werkzeug.wrappers import Response

from incidents.viewer import Viewer

bp = Blueprint("account", __name__)
Page = str | tuple[str, int] | tuple[str, int, dict[str, str]] | Response

# Who acts before anybody has signed in.
NOBODY = Viewer(None, "", frozenset())
