"""Events: their list, the page of one, and its form."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for

from incidents.errors import FieldErrors, Stale
from incidents.incident.actions import edit_event
from incidents.incident.forms.party import EventForm
from incidents.incident.queries.event import (
    NEWEST_FIRST,
    ORDERS,
    event_by_id,
    event_page,
    page_of_events,
)
from incidents.incident.queries.party_history import PartyChange
from incidents.incident.routes.blueprint import bp
from incidents.incident.routes.page import RECORDERS
from incidents.incident.routes.parties import LONGEST_SEARCH, Answer
from incidents.paging import page_asked
from incidents.web import EVERYBODY, allow, commit, session, viewer, work


@dataclass(frozen=True)
class _Shown:
    id: int
    title: str
    stale: bool = False
    conflict: tuple[PartyChange, ...] = ()


@bp.get("/events")
@allow(*EVERYBODY)
def events() -> Answer:
    words = request.args.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    try:
        asked = page_asked("", request.args.get("after", ""), ORDERS, default=NEWEST_FIRST)
    except FieldErrors:
        return redirect(_list_url(words, None), 303)
    page = page_of_events(session(), viewer(), asked, words)
    return render_template(
        "incident/events.html",
        page=page,
        q=words,
        previous_url=_list_url(words, page.previous),
        next_url=_list_url(words, page.next),
    )


@bp.get("/events/<int:event_id>")
@allow(*EVERYBODY)
def event(event_id: int) -> Answer:
    found = event_by_id(session(), viewer(), event_id)
    return render_template("incident/event.html", event=event_page(session(), viewer(), found))


@bp.route("/events/<int:event_id>/edit", methods=["GET", "POST"])
@allow(*RECORDERS)
def event_edit(event_id: int) -> Answer:
    found = event_by_id(session(), viewer(), event_id)
    shown = _Shown(event_id, found.title)
    if request.method == "GET":
        form = EventForm(data={"title": found.title, "summary": found.summary or ""})
        form.version.data = str(found.version)
        return _form_page(form, shown)
    form = EventForm()
    if not form.validate():
        return _form_page(form, shown), 422
    try:
        edit_event(
            work(), event_id, form.read_version, form.title.data or "", form.summary.data or ""
        )
    except FieldErrors as errors:
        form.show(errors)
        session().rollback()
        return _form_page(form, shown), 422
    except Stale as stale:
        return _conflict(form, event_id, stale), 409
    commit()
    flash("The event is saved.")
    return redirect(url_for("incident.event", event_id=event_id), 303)


def _conflict(form: EventForm, event_id: int, stale: Stale) -> str:
    """What is stored now stands beside what was typed; sent again, that is what is saved."""
    session().rollback()
    stored = event_by_id(session(), viewer(), event_id)
    pairs = ((form.title, stored.title), (form.summary, stored.summary or ""))
    changes = tuple(
        PartyChange(field.label.text, before, field.data or "")
        for field, before in pairs
        if before != (field.data or "")
    )
    form.version.data = str(stale.current_version)
    return _form_page(form, _Shown(event_id, stored.title, stale=True, conflict=changes))


def _form_page(form: EventForm, shown: _Shown) -> str:
    return render_template("incident/event_edit.html", form=form, shown=shown)


def _list_url(words: str, after: str | None) -> str:
    pairs = {name: value for name, value in (("q", words), ("after", after or "")) if value}
    address = url_for("incident.events")
    return f"{address}?{urlencode(pairs)}" if pairs else address
