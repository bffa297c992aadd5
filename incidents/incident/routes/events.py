"""Events: their list, the page of one, and its form."""

from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for

from incidents.errors import FieldErrors
from incidents.incident.actions import edit_event
from incidents.incident.forms.party import EventForm
from incidents.incident.models import Event
from incidents.incident.queries.event import (
    NEWEST_FIRST,
    ORDERS,
    event_by_id,
    event_page,
    page_of_events,
)
from incidents.incident.routes.blueprint import bp
from incidents.incident.routes.page import RECORDERS
from incidents.incident.routes.parties import LONGEST_SEARCH, Answer
from incidents.paging import page_asked
from incidents.web import EVERYBODY, allow, commit, session, viewer, work
from incidents.web.two_saves import Edited, going_back, saved_or_merged


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
    if request.method == "GET":
        form = EventForm(data={"title": found.title, "summary": found.summary or ""})
        form.version.data = str(found.version)
        return _form_page(form, found)
    form = EventForm()
    if going_back():
        return _form_page(form, found)
    if not form.validate():
        return _form_page(form, found), 422
    try:
        saved = saved_or_merged(form, lambda: _edited(form, found), lambda: _write(form, event_id))
    except FieldErrors as errors:
        form.show(errors)
        session().rollback()
        return _form_page(form, event_by_id(session(), viewer(), event_id)), 422
    if isinstance(saved, tuple):
        return saved
    commit()
    flash("The event is saved.")
    return redirect(url_for("incident.event", event_id=event_id), 303)


def _write(form: EventForm, event_id: int) -> Event:
    title, summary = form.title.data or "", form.summary.data or ""
    return edit_event(work(), event_id, form.read_version, title, summary)


def _edited(form: EventForm, found: Event) -> Edited:
    return Edited(
        entity="event",
        id=found.id or 0,
        version=found.version,
        fields={"title": found.title, "summary": found.summary},
        parts=(("title",), ("summary",)),
        then=lambda payload: {"summary": None, **payload},
        typed=lambda: {"title": form.title.data, "summary": form.summary.data},
        heading=f"Edit {found.title}",
        listed=("Events", url_for("incident.events")),
        save_label="Save the event",
    )


def _form_page(form: EventForm, found: Event) -> str:
    return render_template("incident/event_edit.html", form=form, event=found)


def _list_url(words: str, after: str | None) -> str:
    pairs = {name: value for name, value in (("q", words), ("after", after or "")) if value}
    address = url_for("incident.events")
    return f"{address}?{urlencode(pairs)}" if pairs else address
