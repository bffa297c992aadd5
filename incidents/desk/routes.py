"""Home: what lies on one's desk; and the keys of every page."""

from flask import Blueprint, render_template

from incidents.desk.queries import desk_of, month_of, readers_desk_of
from incidents.source.routes.captures import own_captures
from incidents.web import EVERYBODY, allow, every_key, left_unsaved, services, session, viewer

bp = Blueprint("desk", __name__)


@bp.get("/")
@allow(*EVERYBODY)
def index() -> str:
    asking = viewer()
    month = month_of(session(), asking, services().clock())
    if not asking.internal:
        desk_of_reader = readers_desk_of(session(), asking)
        return render_template("desk/readers.html", desk=desk_of_reader, month=month)
    desk = desk_of(session(), asking)
    waiting = desk.awaiting.count if desk.awaiting else None
    return render_template(
        "desk/index.html",
        desk=desk,
        month=month,
        waiting=waiting,
        unsaved=left_unsaved(),
        captures=own_captures(),
    )


@bp.get("/keys")
@allow(*EVERYBODY)
def keys() -> str:
    return render_template("desk/keys.html", groups=every_key(viewer()))
