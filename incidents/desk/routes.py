"""Home: what lies on one's desk."""

from flask import Blueprint, render_template

from incidents.desk.queries import desk_of, readers_desk_of
from incidents.web import EVERYBODY, allow, left_unsaved, session, viewer

bp = Blueprint("desk", __name__)


@bp.get("/")
@allow(*EVERYBODY)
def index() -> str:
    asking = viewer()
    if not asking.internal:
        return render_template("desk/readers.html", desk=readers_desk_of(session(), asking))
    desk = desk_of(session(), asking)
    waiting = desk.awaiting.count if desk.awaiting else None
    return render_template("desk/index.html", desk=desk, waiting=waiting, unsaved=left_unsaved())
