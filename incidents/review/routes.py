"""A reviewer's decisions, and corrections of approved incidents: proposed, edited, decided on."""

import secrets
from itertools import chain
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from incidents.errors import FieldErrors, Stale, WrongState
from incidents.incident.actions import record_from_entry
from incidents.incident.forms import IncidentForm
from incidents.incident.models import Incident
from incidents.incident.queries.entry import entry_of
from incidents.incident.queries.lookup import incident_by_reference, stored_record
from incidents.incident.queries.sealed import opened_record
from incidents.incident.queries.words import words_for
from incidents.incident.record import Record, from_json
from incidents.incident.record.unsaved import FormName
from incidents.incident.routes.form import form_of, form_page, rows_changed
from incidents.incident.routes.merge import Thing, merged
from incidents.incident.routes.page import RECORDERS, render_incident, show_errors
from incidents.incident.routes.shown import Shown
from incidents.incident.routes.words import looked_up, opens, with_words, words_selected
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
from incidents.review.queries import correction_with_incident, next_for_review, open_correction
from incidents.viewer import Role
from incidents.vocabulary.types import vocabulary
from incidents.web import (
    allow,
    commit,
    forget_kept,
    keeping,
    services,
    session,
    version_read,
    viewer,
    work,
)
from incidents.web.two_saves import going_back, is_merging

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
# After these the next one waits.
_DECIDED = ("approve", "return", "reject")
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
            if step in _DECIDED:
                _flash_next()
            return redirect(url_for("incident.show", reference=reference), 303)
    session().rollback()
    return render_incident(reference, (step, form)), 422


def _flash_next() -> None:
    reference, count = next_for_review(session(), viewer())
    if not reference:
        flash("Nothing more waits for your review.", "info")
        return
    waiting = "1 waits" if count == 1 else f"{count} wait"
    link = Markup('Next: <a href="{}">{}</a>, {} for your review.')
    flash(link.format(url_for("incident.show", reference=reference), reference, waiting), "info")


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
    """The form of a new correction, or of the one that is open as a draft; a POST of `quote` alone
    opens it with these words as one more quote.
    """
    incident = incident_by_reference(session(), viewer(), reference)
    correction = open_correction(session(), incident.id or 0)
    closed = incident.status != "approved" or (correction and correction.status != "draft")
    brought = words_selected()
    # What was typed before is shown all the same: it stands nowhere else.
    if closed and opens() and "kept" not in request.args:
        if brought is not None:
            flash(
                "A correction of it is waiting: no quote can be added until that is decided.",
                "warn",
            )
        return redirect(url_for("incident.show", reference=reference), 303)
    stored = from_json(correction.record) if correction else stored_record(session(), incident)
    record = opened_record(session(), services().keyring, stored)
    entry = entry_of(record, words_for(session(), viewer(), [record]))
    if brought is not None:
        entry = with_words(entry, brought)
    kept = keeping(FormName("incident correct", incident.reference))
    form = form_of(TYPES[record.type], entry, kept.typed, posted=not opens())
    shown = Shown(
        keeping=kept,
        heading=f"Correct {reference}",
        cancel_url=url_for("incident.show", reference=reference),
        submit_label="Submit the correction",
        save_label="Save the correction as a draft",
        source=(brought and brought.source) or entry.citations[0].source or None,
        with_reason=True,
        edited=reference,
        begins="added" if brought is not None else "",
    )
    if opens():
        _open(form, incident, correction, again=kept.typed is not None)
        found = brought is None or looked_up(form)
        return form_page(form, shown), 200 if found else 422
    if rows_changed(form) or going_back():
        return form_page(form, shown)
    return _save(form, shown, incident, correction)


def _open(
    form: IncidentForm, incident: Incident, correction: Correction | None, *, again: bool
) -> None:
    """What begins a correction carries a token: who opened it before must not write over it."""
    begins = bool(form.form_token.data) if again else correction is None
    form.form_token.data = secrets.token_urlsafe(16) if begins else ""
    if not again:
        form.version.data = str(correction.version if correction else incident.version)
        form.reason.data = correction.reason if correction else ""


def _save(
    form: IncidentForm, shown: Shown, incident: Incident, correction: Correction | None
) -> Response | tuple[str, int]:
    if form.validate():
        try:
            write = _merge if is_merging() else _write
            saved = write(form, shown, incident, correction)
        except FieldErrors as errors:
            form.show(errors)
        except WrongState as refused:
            form.form_errors.append(f"{refused.message} Open the page again beside this one.")
        except Stale:
            return _after_stale(form, shown, incident.reference)
        else:
            return _saved(saved, incident)
    session().rollback()
    return form_page(form, shown), 422


def _after_stale(form: IncidentForm, shown: Shown, reference: str) -> Response | tuple[str, int]:
    """Somebody saved in between: what differs is chosen part by part, and that is saved."""
    session().rollback()
    incident = incident_by_reference(session(), viewer(), reference)
    correction = open_correction(session(), incident.id or 0)
    if incident.status != "approved":
        form.form_errors.append(f"{reference} is {incident.status} by now.")
        return form_page(form, shown), 409
    try:
        saved = _merge(form, shown, incident, correction)
    except FieldErrors as errors:
        form.show(errors)
        session().rollback()
        return form_page(form, shown), 422
    return _saved(saved, incident)


def _saved(saved: Correction | tuple[str, int], incident: Incident) -> Response | tuple[str, int]:
    """`saved` is a correction, or the page that asks what to save."""
    if isinstance(saved, tuple):
        return saved
    forget_kept()
    commit()
    flash(_SAVED.get(request.form.get("then", ""), _SAVED["save"]), "ok")
    return redirect(url_for("incident.show", reference=incident.reference), 303)


def _merge(
    form: IncidentForm, shown: Shown, incident: Incident, correction: Correction | None
) -> Correction | tuple[str, int]:
    """A correction begun on an older record of its incident, or edited in two places."""
    thing = Thing("incident", incident.id or 0, incident.version)
    if correction is not None and not form.form_token.data:
        thing = Thing("correction", correction.id or 0, correction.version)

    def write(record: Record, version: int) -> Correction:
        return _written(form, incident, correction, record, version)

    return merged(form, shown, thing, write)


_SAVED = {
    "submit": "The correction is waiting for review.",
    "save": "The correction is saved as a draft.",
}


def _write(
    form: IncidentForm, _shown: Shown, incident: Incident, correction: Correction | None
) -> Correction:
    doing = work()
    stored = from_json(correction.record) if correction else stored_record(doing.session, incident)
    base = opened_record(doing.session, doing.keyring, stored)
    record = record_from_entry(doing, form.entry(), base)
    return _written(form, incident, correction, record, form.read_version)


def _written(
    form: IncidentForm,
    incident: Incident,
    correction: Correction | None,
    record: Record,
    version: int,
) -> Correction:
    """Proposed or edited, then submitted if asked to."""
    doing, reason, begins = work(), form.reason.data or "", bool(form.form_token.data)
    if correction is None and not begins:
        raise WrongState("This correction is no longer open.")
    if correction is not None and not begins:
        saved = edit_correction(doing, correction.id or 0, version, record, reason)
    else:
        token = form.form_token.data
        saved = propose_correction(
            doing, incident.reference, version, record, reason, form_token=token
        )
    if request.form.get("then") == "submit" and saved.status == "draft":
        submit_correction(doing, saved.id or 0, saved.version)
    return saved


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
            if step in _DECIDED:
                _flash_next()
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
