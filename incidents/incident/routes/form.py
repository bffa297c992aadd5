"""The incident's form: new, edit, and the rows a person adds to it.

Everything typed survives an error.
"""

import secrets
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from incidents.account.routes.dates import date_order_answered, date_orders
from incidents.errors import FieldErrors, Stale, WrongState
from incidents.incident.actions import (
    edit_incident,
    move,
    prepared,
    record_from_entry,
    record_incident,
)
from incidents.incident.forms import (
    AS_POSTED,
    IncidentForm,
    fill_rows,
    incident_form,
)
from incidents.incident.forms.rows import renumbered
from incidents.incident.models import Incident
from incidents.incident.queries.entry import entry_of
from incidents.incident.queries.lookup import incident_by_reference, stored_record
from incidents.incident.queries.sealed import opened_record, says_the_same
from incidents.incident.queries.suggestions import Suggestions, suggestions_for
from incidents.incident.queries.words import words_for
from incidents.incident.record import Record
from incidents.incident.record.coded import terms_held
from incidents.incident.record.entry import Entry
from incidents.incident.record.unsaved import FormName
from incidents.incident.routes.beside import (
    by_role,
    dates_typed,
    differences,
    echoes,
    passage_used,
)
from incidents.incident.routes.blueprint import bp
from incidents.incident.routes.figures import broken_down, removed, several, warnings
from incidents.incident.routes.found import found_in, found_used, used_names
from incidents.incident.routes.looks_like import said_types
from incidents.incident.routes.merge import Thing, merged
from incidents.incident.routes.page import RECORDERS
from incidents.incident.routes.reading import is_another_asked, reading_pane
from incidents.incident.routes.rests import rests_on
from incidents.incident.routes.shown import Shown
from incidents.incident.routes.starting import has_words, starting_entry
from incidents.incident.routes.whom import whom
from incidents.incident.routes.words import (
    looked_up,
    new_row,
    opens,
    with_words,
    words_added,
    words_selected,
)
from incidents.incident.types import TYPES, IncidentType
from incidents.review.queries import returned_with
from incidents.source.queries import source_page
from incidents.vocabulary.queries import choices
from incidents.vocabulary.types import countries, vocabularies
from incidents.web import (
    Keeping,
    allow,
    commit,
    forget_kept,
    keeping,
    services,
    session,
    viewer,
    work,
)
from incidents.web.two_saves import going_back, is_merging


@bp.route("/incidents/new", methods=["GET", "POST"])
@allow(*RECORDERS)
def new() -> Response | str | tuple[str, int]:
    """`source` names the source it is logged from; without a type, the twelve are offered.

    A POST without a form's token opens the form with the words it brings, if any: those selected in
    the text, or pasted into the room's box, where no address shall hold them.
    """
    brought = words_selected()
    if brought is not None and request.form.get("adds"):
        # 307: the words go on with it.
        to = incident_by_reference(session(), viewer(), request.form.get("to", ""))
        return redirect(url_for("incident.edit", reference=to.reference), 307)
    page = source_page(session(), viewer(), services().keyring, request.args.get("source", ""))
    code = request.args.get("type", "")
    if not code and request.form.get("type") in TYPES:
        # Chosen in the room's box: the form's own buttons are sent to an address that says it.
        chosen = url_for("incident.new", source=page.reference, type=request.form["type"])
        return redirect(chosen, 307)
    declared = TYPES.get(code)
    if declared is None:
        return render_template(
            "incident/choose.html",
            source=page,
            types=list(TYPES.values()),
            after=request.args.get("after"),
            same=request.args.get("same"),
            brought=brought,
            looks_like=said_types(brought.words) if brought else [],
        )
    kept = keeping(FormName("incident new", page.reference, code))
    starting = starting_entry(declared, page.reference, brought)
    form = form_of(declared, starting, kept.typed, posted=not opens())
    shown = _shown_new(declared, page.reference, kept, starting)
    if opens():
        form.form_token.data = secrets.token_urlsafe(16)
        found = brought is None or looked_up(form)
        return form_page(form, shown), 200 if found else 422
    if rows_changed(form):
        return form_page(form, shown)
    return _save(form, shown, None)


def _shown_new(declared: IncidentType, source: str, kept: Keeping, starting: Entry) -> Shown:
    # The address of the form itself, which another type's form keeps.
    asked: dict[str, Any] = {name: request.args.get(name) for name in ("after", "same")}
    return Shown(
        keeping=kept,
        heading=f"New {declared.label.lower()}",
        cancel_url=url_for("source.show", reference=source),
        submit_label="Submit for review",
        save_label="Save draft",
        again_label="Save and add another",
        source=source,
        change_type_url=url_for("incident.new", source=source, **asked),
        begins=_begins(starting, kept) if opens() else "",
        same_label="… from these words",
    )


def _begins(starting: Entry, kept: Keeping) -> str:
    """The field of the first quote that is typed into next; "" where something else is asked."""
    if kept.others:
        return ""
    return "speaker" if has_words(starting) else "quote"


@bp.route("/incidents/<reference>/edit", methods=["GET", "POST"])
@allow(*RECORDERS)
def edit(reference: str) -> Response | str | tuple[str, int]:
    """A POST of `quote` alone opens it with these words as one more quote, as `new` does."""
    incident = incident_by_reference(session(), viewer(), reference)
    brought = words_selected()
    elsewhere = _instead_of_editing(incident)
    if elsewhere is not None:
        return elsewhere
    record = opened_record(session(), services().keyring, stored_record(session(), incident))
    entry = entry_of(record, words_for(session(), viewer(), [record]))
    if brought is not None:
        entry = with_words(entry, brought)
    kept = keeping(FormName("incident edit", incident.reference))
    form = form_of(TYPES[record.type], entry, kept.typed, posted=not opens())
    shown = Shown(
        keeping=kept,
        heading=f"Edit {incident.reference}",
        cancel_url=url_for("incident.show", reference=reference),
        submit_label="Submit for review",
        save_label="Save draft",
        source=(brought and brought.source) or entry.citations[0].source or None,
        with_reason=True,
        returned=returned_with(session(), incident),
        edited=incident.reference,
        begins="added" if brought is not None else "",
    )
    if opens():
        if kept.typed is None:
            form.version.data = str(incident.version)
        if request.args.get("submit"):
            _show_missing(form, record)
        found = brought is None or looked_up(form)
        return form_page(form, shown), 200 if found else 422
    if rows_changed(form) or going_back():
        return form_page(form, shown)
    if is_merging() and form.validate():
        return _merge(form, shown, incident)
    return _save(form, shown, incident)


def _instead_of_editing(incident: Incident) -> Response | None:
    """Where an incident that is no draft leads in place of its form; None for the form."""
    if incident.status == "draft" or not opens():
        return None
    # What was typed before is shown all the same: it stands nowhere else.
    left = "kept" in request.args
    if incident.status == "approved" and not left:
        # 307: words selected in the text go on with it.
        code = 307 if request.method == "POST" else 303
        return redirect(url_for("review.correct", reference=incident.reference), code)
    flash(f"{incident.reference} is {incident.status}: it can’t be edited now.", "warn")
    if left:
        return None
    return redirect(url_for("incident.show", reference=incident.reference), 303)


def form_of(
    declared: IncidentType,
    entry: Entry,
    typed: MultiDict[str, str] | None = None,
    *,
    posted: bool = True,
) -> IncidentForm:
    """The form of a type with its choices; a retired term too, where the record still holds it.

    `typed` fills it in place of the entry: what was kept of it. Not `posted`: nothing that came
    with the request does.
    """
    check_row_names()
    listed = choices(session(), *vocabularies(), held=terms_held(entry))
    named = sorted(countries().items(), key=lambda pair: pair[1])
    given = AS_POSTED if typed is None and posted else typed
    return incident_form(declared, listed, named, entry, given)


def check_row_names() -> None:
    """400 for rows no page of ours numbers: WTForms takes any digit of Unicode for a number."""
    for name in request.form:
        for part in name.split("-"):
            if part.isdigit() and not (part.isascii() and len(part) < 6):
                raise BadRequest("There is a field in it that this form does not have.")


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
            prepared(doing, record, complete=then == "submit", before=base)
        else:
            saved = _write(form, incident, record)
            if then == "submit" and saved.status == "draft":
                move(doing, saved, "submit", saved.version)
    except (FieldErrors, WrongState) as refused:
        return _refused(form, shown, refused)
    except Stale:
        assert incident is not None
        return _merge(form, shown, incident)
    if not valid:
        doing.session.rollback()
        return form_page(form, shown), 422
    forget_kept()
    commit()
    return _onward(saved, shown, then)


def _write(form: IncidentForm, incident: Incident | None, record: Record) -> Incident:
    doing = work()
    if incident is None:
        return _recorded(form, record)
    return edit_incident(doing, incident.reference, form.read_version, record, _reason(form))


def _recorded(form: IncidentForm, record: Record) -> Incident:
    """Sent twice, it is the same incident; with other words, they must not be dropped silently."""
    doing = work()
    saved = record_incident(doing, record, form_token=form.form_token.data or None)
    if saved.created_at < doing.now:
        stored = stored_record(doing.session, saved, 1)
        if not says_the_same(doing.session, doing.keyring, prepared(doing, record), stored):
            raise WrongState(
                f"This form was saved as {saved.reference} already, with other words."
                f" Write yours into {saved.reference}."
            )
    return saved


def _reason(form: IncidentForm) -> str | None:
    return (form.reason.data or "").strip() or None


def _onward(saved: Incident, shown: Shown, then: str) -> Response:
    if then == "submit":
        flash(f"{saved.reference} is waiting for review.", "ok")
    else:
        told = f"{saved.reference} is saved as a draft."
        if then in ("again", "same"):
            told += " Its date, place, event and people are carried over."
        flash(told, "ok")
    if not shown.again_label or not shown.source:
        return redirect(url_for("incident.show", reference=saved.reference), 303)
    after: dict[str, Any] = {"source": shown.source, "after": saved.reference}
    if then == "again":
        return redirect(url_for("incident.new", **after, type=saved.type), 303)
    if then == "same":
        return redirect(url_for("incident.new", **after, same=1), 303)
    # Back in the text, where the words stand.
    room = url_for(
        "source.show",
        reference=shown.source,
        after=saved.reference,
        _anchor=saved.reference,
    )
    return redirect(room, 303)


def _merge(form: IncidentForm, shown: Shown, incident: Incident) -> Response | tuple[str, int]:
    """Somebody saved in between: what differs is chosen part by part, and that is saved."""
    session().rollback()
    current = incident_by_reference(session(), viewer(), incident.reference)
    then = request.form.get("then", "save")

    def write(record: Record, version: int) -> Incident:
        saved = edit_incident(work(), current.reference, version, record, _reason(form))
        if then == "submit":
            move(work(), saved, "submit", saved.version)
        return saved

    thing = Thing("incident", current.id or 0, current.version)
    try:
        saved = merged(form, shown, thing, write)
    except Stale:
        return _merge(form, shown, incident)
    except (FieldErrors, WrongState) as refused:
        return _refused(form, shown, refused)
    if isinstance(saved, tuple):
        return saved
    forget_kept()
    commit()
    return _onward(saved, shown, then)


def _refused(
    form: IncidentForm, shown: Shown, refused: FieldErrors | WrongState
) -> tuple[str, int]:
    """The form with what was typed; nothing is saved."""
    session().rollback()
    if isinstance(refused, WrongState):
        form.form_errors.append(refused.message)
        return form_page(form, shown), 409
    form.show(refused)
    return form_page(form, shown), 422


def _show_missing(form: IncidentForm, record: Record) -> None:
    doing = services().work(session(), viewer())
    try:
        prepared(doing, record, complete=True, trusted=record.relations, before=record)
    except FieldErrors as errors:
        form.show(errors)


def rows_changed(form: IncidentForm) -> bool:
    """Add or remove a repeated row, take a passage over, or keep how dates are written, when such a
    button was pressed.
    """
    if date_order_answered() or is_another_asked() or found_used(form):
        return True
    if request.form.get("use_passage"):
        return bool(passage_used(form))
    add, remove = request.form.get("add_row"), request.form.get("remove_row")
    if not add and not remove and "break_down" not in request.form:
        return False
    broken_down(form.figures)
    lists: dict[str, Any] = {field.name: field for field in _lists(form)}
    brought = words_added() if add == "citations" else None
    if add in lists and len(lists[add].entries) < (lists[add].max_entries or 50):
        lists[add].append_entry(new_row(form, brought) if brought else _new_row(form, add))
    if remove and "-" in remove:
        name, _, index = remove.rpartition("-")
        rows = lists[name].entries if name in lists else []
        if index.isdecimal() and len(index) < 6 and int(index) < len(rows) > 1:
            if name == "figures":
                removed(form.figures, int(index))
            else:
                data = [entry.data for entry in rows]
                renumbered(lists[name], data[: int(index)] + data[int(index) + 1 :])
    fill_rows(form, form.declared, form.offered)
    if brought:
        looked_up(form)
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


def form_page(form: IncidentForm, shown: Shown) -> str:
    pane = reading_pane(form, shown.source, shown.edited)
    if not shown.with_reason:
        del form.reason
    offered: Suggestions = suggestions_for(session(), viewer(), shown.source)
    named = whom(form)
    return render_template(
        "incident/form.html",
        form=form,
        declared=form.declared,
        shown=shown,
        reading=pane.page,
        at_work=pane.at_work,
        rests=rests_on(form),
        found=found_in(form, used_names(form)),
        to_read=pane.sources,
        echoes={**echoes(form), **named.echoes},
        which=named.asked,
        nearest=differences(form),
        date_orders=date_orders(dates_typed(form)),
        several=frozenset() if form.declared.statement else several(form.figures),
        warnings=warnings(form.figures),
        by_role=by_role(form),
        parties=offered.parties,
        places=offered.places,
        events=offered.events,
    )
