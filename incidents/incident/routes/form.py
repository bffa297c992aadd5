"""The incident's form: new, edit, and the rows a person adds to it.

Everything typed survives an error.
"""

import secrets
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from incidents.errors import FieldErrors, Stale
from incidents.incident.actions import (
    edit_incident,
    move,
    prepared,
    record_from_entry,
    record_incident,
)
from incidents.incident.forms import IncidentForm, blank_entry, fill_rows, incident_form
from incidents.incident.models import Incident
from incidents.incident.queries.entry import entry_of
from incidents.incident.queries.history import change_lines
from incidents.incident.queries.lookup import incident_by_reference, stored_record
from incidents.incident.queries.sealed import opened_record
from incidents.incident.queries.suggestions import Suggestions, suggestions_for
from incidents.incident.queries.words import words_for
from incidents.incident.record import Record
from incidents.incident.record.entry import Entry
from incidents.incident.routes.beside import by_role, differences, echoes, passage_used
from incidents.incident.routes.blueprint import bp
from incidents.incident.routes.page import RECORDERS
from incidents.incident.types import TYPES, IncidentType
from incidents.review.queries import returned_with
from incidents.source.queries import source_page
from incidents.vocabulary.queries import choices
from incidents.vocabulary.types import countries, vocabularies
from incidents.web import allow, commit, services, session, viewer, work

_CARRIED = ("place", "place_precision", "date", "date_basis", "event", "publication")


@dataclass(frozen=True)
class Shown:
    """What the page around a form says."""

    heading: str
    cancel_url: str
    submit_label: str
    save_label: str
    again_label: str | None = None
    source: str | None = None
    change_type_url: str | None = None
    with_reason: bool = False
    returned: str = ""
    conflict: Any = None


@bp.route("/incidents/new", methods=["GET", "POST"])
@allow(*RECORDERS)
def new() -> Response | str | tuple[str, int]:
    """`source` names the source it is logged from; without a type, the twelve are offered."""
    source, code = request.args.get("source", ""), request.args.get("type", "")
    after = request.args.get("after")
    page = source_page(session(), viewer(), services().keyring, source)
    declared = TYPES.get(code)
    if declared is None:
        return render_template(
            "incident/choose.html", source=page, types=list(TYPES.values()), after=after
        )
    form = form_of(declared, _starting(declared, page.reference))
    shown = Shown(
        heading=f"New {declared.label.lower()}",
        cancel_url=url_for("source.show", reference=page.reference),
        submit_label="Submit for review",
        save_label="Save draft",
        again_label="Save and add another",
        source=page.reference,
        change_type_url=url_for("incident.new", source=page.reference, after=after),
    )
    if request.method == "GET":
        form.form_token.data = secrets.token_urlsafe(16)
        return form_page(form, shown)
    if rows_changed(form):
        return form_page(form, shown)
    return _save(form, shown, None)


@bp.route("/incidents/<reference>/edit", methods=["GET", "POST"])
@allow(*RECORDERS)
def edit(reference: str) -> Response | str | tuple[str, int]:
    incident = incident_by_reference(session(), viewer(), reference)
    if incident.status == "approved":
        return redirect(url_for("review.correct", reference=reference), 303)
    if incident.status != "draft" and request.method == "GET":
        flash(f"{reference} is {incident.status}: it can’t be edited now.", "warn")
        return redirect(url_for("incident.show", reference=reference), 303)
    record = opened_record(session(), services().keyring, stored_record(session(), incident))
    entry = entry_of(record, words_for(session(), viewer(), [record]))
    form = form_of(TYPES[record.type], entry)
    shown = Shown(
        heading=f"Edit {incident.reference}",
        cancel_url=url_for("incident.show", reference=reference),
        submit_label="Submit for review",
        save_label="Save draft",
        source=entry.citations[0].source or None,
        with_reason=True,
        returned=returned_with(session(), incident),
    )
    if request.method == "GET":
        form.version.data = str(incident.version)
        if request.args.get("submit"):
            _show_missing(form, record)
        return form_page(form, shown)
    if rows_changed(form):
        return form_page(form, shown)
    return _save(form, shown, incident)


def form_of(declared: IncidentType, entry: Entry) -> IncidentForm:
    """The form of a type with its choices; retired terms too, where a record may still hold one."""
    _check_row_names()
    listed = choices(session(), *vocabularies(), retired=request.path.endswith("/edit"))
    named = sorted(countries().items(), key=lambda pair: pair[1])
    return incident_form(declared, listed, named, entry)


def _check_row_names() -> None:
    """400 for rows no page of ours numbers: WTForms takes any digit of Unicode for a number."""
    for name in request.form:
        for part in name.split("-"):
            if part.isdigit() and not (part.isascii() and len(part) < 6):
                raise BadRequest("There is a field in it that this form does not have.")


def _starting(declared: IncidentType, source: str) -> Entry:
    """A blank entry, with what the incident saved just before it shares with its neighbours."""
    after = request.args.get("after")
    if not after:
        return blank_entry(declared, source)
    previous = incident_by_reference(session(), viewer(), after)
    record = opened_record(session(), services().keyring, stored_record(session(), previous))
    entry = entry_of(record, words_for(session(), viewer(), [record]))
    carried = {name: getattr(entry, name) for name in _CARRIED}
    people = tuple(
        replace(one, note="", relationship="", relationship_to="") for one in entry.involvements
    )
    return blank_entry(declared, source, **carried, **({"involvements": people} if people else {}))


def _save(
    form: IncidentForm, shown: Shown, incident: Incident | None
) -> Response | tuple[str, int]:
    """Record or edit, then submit if asked to: all of it or, on any error, none."""
    then = request.form.get("then", "save")
    valid = form.validate()
    doing = work()
    try:
        entry = form.entry()
        base = None
        if incident is not None:
            base = opened_record(
                doing.session, doing.keyring, stored_record(doing.session, incident)
            )
        record = record_from_entry(doing, entry, base)
        if not valid:
            prepared(doing, record, complete=then == "submit")
        else:
            saved = _write(form, incident, record)
            if then == "submit" and saved.status == "draft":
                move(doing, saved, "submit", saved.version)
    except FieldErrors as errors:
        form.show(errors)
        valid = False
    except Stale:
        return _conflict(form, shown, incident)
    if not valid:
        doing.session.rollback()
        return form_page(form, shown), 422
    commit()
    return _onward(saved, shown, then)


def _write(form: IncidentForm, incident: Incident | None, record: Record) -> Incident:
    doing = work()
    if incident is None:
        return record_incident(doing, record, form_token=form.form_token.data or None)
    version = form.read_version
    reason = (form.reason.data or "").strip() or None
    return edit_incident(doing, incident.reference, version, record, reason)


def _onward(saved: Incident, shown: Shown, then: str) -> Response:
    if then == "submit":
        flash(f"{saved.reference} is waiting for review.", "ok")
    else:
        told = f"{saved.reference} is saved as a draft."
        if then == "again":
            told += " Its date, place, event and people are carried over."
        flash(told, "ok")
    if then == "again" and shown.source:
        again = url_for("incident.new", source=shown.source, type=saved.type, after=saved.reference)
        return redirect(again, 303)
    return redirect(url_for("incident.show", reference=saved.reference), 303)


def _conflict(form: IncidentForm, shown: Shown, incident: Incident | None) -> tuple[str, int]:
    """Somebody saved in between: what differs is shown, what was typed stays, saving again
    decides.
    """
    assert incident is not None
    session().rollback()
    current = incident_by_reference(session(), viewer(), incident.reference)
    stored = opened_record(session(), services().keyring, stored_record(session(), current))
    doing = work()
    try:
        typed = prepared(doing, record_from_entry(doing, form.entry(), stored))
        words = words_for(session(), viewer(), [stored, typed])
        changes = change_lines(stored, typed, words)
    except FieldErrors as errors:
        form.show(errors)
        changes = ()
    session().rollback()
    form.version.data = str(current.version)
    told = f"{incident.reference} was saved by someone else while you were writing."
    conflict = {"words": told, "changes": changes}
    return form_page(form, replace(shown, conflict=conflict)), 409


def _show_missing(form: IncidentForm, record: Record) -> None:
    doing = services().work(session(), viewer())
    try:
        prepared(doing, record, complete=True, trusted=record.relations)
    except FieldErrors as errors:
        form.show(errors)


def rows_changed(form: IncidentForm) -> bool:
    """Add or remove a repeated row, or take a passage over, when such a button was pressed."""
    if request.form.get("use_passage"):
        return bool(passage_used(form))
    add, remove = request.form.get("add_row"), request.form.get("remove_row")
    if not add and not remove:
        return False
    lists: dict[str, Any] = {field.name: field for field in _lists(form)}
    if add in lists and len(lists[add].entries) < (lists[add].max_entries or 50):
        lists[add].append_entry(_new_row(form, add))
    if remove and "-" in remove:
        name, _, index = remove.rpartition("-")
        rows = lists[name].entries if name in lists else []
        if index.isdecimal() and len(index) < 6 and int(index) < len(rows) > 1:
            del rows[int(index)]
            _renumber(lists[name])
    fill_rows(form, form.declared, choices(session(), *vocabularies()))
    return True


def _lists(form: Any) -> list[Any]:
    nested = [field for field in form.details.form if field.type == "FieldList"]
    return [*(field for field in form if field.type == "FieldList"), *nested]


def _new_row(form: Any, name: str) -> dict[str, Any] | None:
    if name == "citations":
        return {"source": form.citations[0].source.data}
    if name == "figures":
        return {"measure": form.declared.measure, "citation": 1, "in_totals": False}
    return {"role": form.declared.role} if name == "involvements" else None


def _renumber(rows: Any) -> None:
    """A list's names and ids again from 0, so that the next post reads every row."""
    data = [entry.data for entry in rows.entries]
    while rows.entries:
        rows.pop_entry()
    rows.last_index = -1
    for row in data:
        rows.append_entry(row)


def form_page(form: IncidentForm, shown: Shown) -> str:
    reading = None
    if shown.source:
        reading = source_page(session(), viewer(), services().keyring, shown.source)
    if not shown.with_reason:
        del form.reason
    offered: Suggestions = suggestions_for(session(), viewer(), shown.source)
    return render_template(
        "incident/form.html",
        form=form,
        declared=form.declared,
        shown=shown,
        reading=reading,
        echoes=echoes(form),
        nearest=differences(form),
        by_role=by_role(form),
        parties=offered.parties,
        places=offered.places,
        events=offered.events,
    )
