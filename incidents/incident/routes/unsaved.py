"""Keeps what is being typed, and discards it when its author says so."""

from flask import flash, redirect, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from incidents.incident.actions.unsaved import TooMuch, discard_form, keep_form
from incidents.incident.record.unsaved import FormName
from incidents.incident.routes.blueprint import bp
from incidents.incident.routes.form import check_row_names
from incidents.incident.routes.page import RECORDERS
from incidents.web import KEPT_FIELDS, allow, is_token, safe_next, session, work


@bp.post("/unsaved")
@allow(*RECORDERS)
def keep() -> tuple[dict[str, str], int]:
    """A form's fields as they stand. Whether one may still see what it is about is not asked:
    what was typed is kept all the same, and offered again only to who may.
    """
    form, token = FormName.read(request.form.get("kept_form", "")), request.form.get("kept_token")
    if form is None or not is_token(token or ""):
        raise BadRequest("There is no such form.")
    check_row_names()
    said = request.form.items(multi=True)
    fields = [(name, value) for name, value in said if name not in KEPT_FIELDS]
    try:
        keep_form(work(), form, token or "", fields, request.form.get("kept_from", ""))
    except TooMuch as refused:
        return {"error": refused.errors["form"][0]}, 413
    # Not `web.commit`: nothing of it is in the log, whose head that copies.
    session().commit()
    return {}, 200


@bp.post("/unsaved/<int:unsaved_id>/discard")
@allow(*RECORDERS)
def discard(unsaved_id: int) -> Response:
    discard_form(work(), unsaved_id)
    session().commit()
    flash("What you had typed is discarded.", "info")
    return redirect(safe_next(request.form.get("next")) or url_for("desk.index"), 303)
