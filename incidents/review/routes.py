"""A reviewer's decisions, and corrections of approved incidents: proposed, edited, decided on."""

import secrets
from itertools import chain
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from incidents.errors import FieldErrors, Stale, WrongState
from incidents.incident.actions import record_from_entry
from incidents.incident.forms import IncidentForm
from incidents.incident.models import Incident
from incidents.incident.queries.entry import entry_of
from incidents.incident.queries.lookup import incident_by_reference, stored_record
from incidents.incident.queries.sealed import opened_record
from incidents.incident.queries.words import words_for
from incidents.incident.record import from_json
from incidents.incident.routes.form import Shown, form_of, form_page, rows_changed
from incidents.incident.routes.page import RECORDERS, render_incident, show_errors
from incidents.incident.types import TYPES
from incidents.review.actions import (
    approve,
    approve_correction,
    assess,
    edit_correction,
    propose_correction,
    reject,
    reject_correction,
    retract,
    return_correction,
    return_to_author,
    submit_correction,
    withdraw_correction,
)
from incidents.review.forms import decision_form
from incidents.review.models import Correction
from incidents.review.queries import correction_with_incident, open_correction
from incidents.viewer import Role
from incidents.vocabulary.types import vocabulary
from incidents.web import allow, commit, services, session, version_read, viewer, work

bp = Blueprint("review", __name__)

_DONE = {
    "approve": "{} is approved.",
    "return": "{} is back with its author.",
    "reject": "{} is rejected.",
    "retract": "{} is retracted.",
    "assess": "The assessment of {} is saved.",
}
_CORRECTION_DONE = {
    "submit": "The correction is waiting for review.",
    "withdraw": "The correction is withdrawn. {} stays as approved.",
    "approve": "The correction of {} is approved.",
    "return": "The correction is back with its author.",
    "reject": "The correction is rejected. {} stays as approved.",
}
_BUTTONS = ("submit", "withdraw", "approve")
_VOCABULARIES = {"reject": "rejection", "assess": "assessment"}


@bp.post("/incidents/<reference>/<any(approve, 'return', reject, retract, assess):step>")
@allow(Role.REVIEWER)
def decide(reference: str, step: str) -> Response | tuple[str, int]:
    """One decision on the version that was read; wrong input shows the page with its form open."""
    listed = vocabulary(_VOCABULARIES[step]).terms.values() if step in _VOCABULARIES else ()
    form: Any = decision_form(step, request.form, listed)
    if step == "approve" or form.validate():
        try:
            _decide(reference, step, form)
        except FieldErrors as errors:
            show_errors(form, errors)
        else:
            commit()
            flash(_DONE[step].format(reference), "ok")
            return redirect(url_for("incident.show", reference=reference), 303)
    session().rollback()
    return render_incident(reference, (step, form)), 422


def _decide(reference: str, step: str, form: Any) -> None:
    doing, version = work(), version_read()
    match step:
        case "approve":
            approve(doing, reference, version)
        case "return":
            return_to_author(doing, reference, version, form.reason.data)
        case "retract":
            retract(doing, reference, version, form.reason.data)
        case "assess":
            assess(doing, reference, form.assessment.data or None, form.reason.data)
        case _:
            kind, original = form.rejection.data, form.duplicate_of.data
            reject(doing, reference, version, kind, form.reason.data, original)


@bp.route("/incidents/<reference>/correct", methods=["GET", "POST"])
@allow(*RECORDERS)
def correct(reference: str) -> Response | str | tuple[str, int]:
    """The form of a new correction, or of the one that is open as a draft."""
    incident = incident_by_reference(session(), viewer(), reference)
    correction = open_correction(session(), incident.id or 0)
    closed = incident.status != "approved" or (correction and correction.status != "draft")
    if closed and request.method == "GET":
        return redirect(url_for("incident.show", reference=reference), 303)
    stored = from_json(correction.record) if correction else stored_record(session(), incident)
    record = opened_record(session(), services().keyring, stored)
    entry = entry_of(record, words_for(session(), viewer(), [record]))
    form = form_of(TYPES[record.type], entry)
    shown = Shown(
        heading=f"Correct {reference}",
        cancel_url=url_for("incident.show", reference=reference),
        submit_label="Submit the correction",
        save_label="Save the correction as a draft",
        source=entry.citations[0].source or None,
        with_reason=True,
    )
    if request.method == "GET":
        # What begins one carries a token: who opened it before must not write over it.
        form.form_token.data = "" if correction else secrets.token_urlsafe(16)
        form.version.data = str(correction.version if correction else incident.version)
        form.reason.data = correction.reason if correction else ""
        return form_page(form, shown)
    if rows_changed(form):
        return form_page(form, shown)
    return _save(form, shown, incident, correction)


def _save(
    form: IncidentForm, shown: Shown, incident: Incident, correction: Correction | None
) -> Response | tuple[str, int]:
    if form.validate():
        try:
            saved = _write(form, incident, correction)
            if request.form.get("then") == "submit" and saved.status == "draft":
                submit_correction(work(), saved.id or 0, saved.version)
        except FieldErrors as errors:
            form.show(errors)
        except (Stale, WrongState) as refused:
            form.form_errors.append(f"{refused.message} Open the page again beside this one.")
        else:
            commit()
            flash(_SAVED.get(request.form.get("then", ""), _SAVED["save"]), "ok")
            return redirect(url_for("incident.show", reference=incident.reference), 303)
    session().rollback()
    return form_page(form, shown), 422


_SAVED = {
    "submit": "The correction is waiting for review.",
    "save": "The correction is saved as a draft.",
}


def _write(form: IncidentForm, incident: Incident, correction: Correction | None) -> Correction:
    doing = work()
    stored = from_json(correction.record) if correction else stored_record(doing.session, incident)
    base = opened_record(doing.session, doing.keyring, stored)
    record = record_from_entry(doing, form.entry(), base)
    version = form.read_version
    reason = form.reason.data or ""
    begins = bool(form.form_token.data)
    if correction is None and not begins:
        raise WrongState("This correction is no longer open.")
    if correction is not None and not begins:
        return edit_correction(doing, correction.id or 0, version, record, reason)
    return propose_correction(
        doing, incident.reference, version, record, reason, form_token=form.form_token.data
    )


@bp.post("/corrections/<int:correction_id>/<any(submit, withdraw, approve, 'return', reject):step>")
@allow(*RECORDERS)
def decide_correction(correction_id: int, step: str) -> Response | tuple[str, int]:
    _, incident = correction_with_incident(session(), viewer(), correction_id)
    form: Any = decision_form(f"correction-{step}", request.form, ())
    if step not in ("return", "reject") or form.validate():
        try:
            _move(correction_id, step, form)
        except FieldErrors as errors:
            show_errors(form, errors)
            if step in _BUTTONS:
                # It has no field of its own to stand beside.
                flash(" ".join(chain.from_iterable(errors.errors.values())), "bad")
        else:
            commit()
            flash(_CORRECTION_DONE[step].format(incident.reference), "ok")
            return redirect(url_for("incident.show", reference=incident.reference), 303)
    session().rollback()
    return render_incident(incident.reference, (f"correction-{step}", form)), 422


def _move(correction_id: int, step: str, form: Any) -> None:
    doing, version = work(), version_read()
    match step:
        case "submit":
            submit_correction(doing, correction_id, version)
        case "withdraw":
            withdraw_correction(doing, correction_id, version)
        case "approve":
            approve_correction(doing, correction_id, version)
        case "return":
            return_correction(doing, correction_id, version, form.reason.data)
        case _:
            reject_correction(doing, correction_id, version, form.reason.data)
