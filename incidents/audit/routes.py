"""The log, for administrators to read. Reading it is not logged; nobody can change it here."""

from flask import Blueprint, render_template, request
from werkzeug.exceptions import BadRequest

from incidents.audit.queries import entries_before
from incidents.viewer import Role
from incidents.web import allow, session

bp = Blueprint("audit", __name__)
PAGE = 100
_LONGEST = 18


@bp.get("/settings/audit")
@allow(Role.ADMIN)
def index() -> str:
    """Newest first; `after` is the sequence of the last entry on the page before."""
    after = request.args.get("after")
    if after is not None and not (after.isascii() and after.isdigit() and len(after) <= _LONGEST):
        raise BadRequest("“after” is the number of an entry.")
    found = entries_before(session(), int(after) if after else None, PAGE + 1)
    entries = found[:PAGE]
    older = entries[-1].sequence if len(found) > PAGE else None
    return render_template("audit/index.html", entries=entries, older=older, first=after is None)
