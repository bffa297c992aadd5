"""Adds and changes events: clusters of incidents that belong together."""

from sqlmodel import select

from incidents.audit import actions as audit
from incidents.db import canonical_json
from incidents.errors import FieldErrors, NotAllowed, NotFound, Stale
from incidents.folding import fold, has_unstorable
from incidents.incident.actions.search import reindex_event
from incidents.incident.models import Event
from incidents.incident.rights import shown_event
from incidents.work import Work

LONGEST_TITLE = 300
LONGEST_SUMMARY = 20_000


def add_event(work: Work, title: str) -> Event:
    """The event of that title, made when there is none.

    FieldErrors at `event` for one that only incidents hidden from this actor belong to: who guesses
    its title must not join it.
    """
    title = _title(title, "event")
    same = Event.title_folded == fold(title)
    found = work.session.exec(select(Event).where(same, shown_event(work.actor))).one_or_none()
    if found is not None:
        return found
    if work.session.exec(select(Event.id).where(same)).first() is not None:
        raise FieldErrors({"event": "This title can’t be used here. Choose another."})
    event = Event(
        title=title, title_folded=fold(title), created_by=work.actor_id, created_at=work.now
    )
    work.session.add(event)
    work.session.flush()
    _keep(work, event, "add_event")
    return event


def edit_event(work: Work, event_id: int, version: int, title: str, summary: str) -> Event:
    """The event's next version. FieldErrors at `title` or `summary`; Stale when it was saved
    since.
    """
    if not work.actor.may_record:
        raise NotAllowed("Only researchers and reviewers edit events.")
    audit.lock(work)
    event = work.session.exec(
        select(Event)
        .where(Event.id == event_id, shown_event(work.actor))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if event is None:
        raise NotFound("There is no such event.")
    if event.version != version:
        raise Stale(
            "This event was saved by someone else in between.", current_version=event.version
        )
    title, summary = _title(title, "title"), summary.strip()
    if len(summary) > LONGEST_SUMMARY or has_unstorable(summary):
        raise FieldErrors({"summary": "At most 20,000 ordinary characters fit here."})
    same = select(Event.id).where(Event.title_folded == fold(title), Event.id != event_id)
    if work.session.exec(same).first() is not None:
        raise FieldErrors({"title": "Another event has this title: give this one its own."})
    renamed = title != event.title
    event.title, event.title_folded, event.summary = title, fold(title), summary or None
    event.version += 1
    work.session.add(event)
    work.session.flush()
    _keep(work, event, "edit_event")
    if renamed:
        reindex_event(work.session, event_id)
    return event


def _title(title: str, path: str) -> str:
    title = " ".join(title.split())
    if not fold(title) or len(title) > LONGEST_TITLE or has_unstorable(title):
        raise FieldErrors({path: "Give the event a title of at most 300 characters."})
    return title


def _keep(work: Work, event: Event, action: str) -> None:
    assert event.id is not None
    kept = {"title": event.title}
    if event.summary:
        kept["summary"] = event.summary
    audit.keep_revision(work, "event", event.id, event.version, canonical_json(kept))
    payload = {"version": event.version} if event.version > 1 else None
    audit.log(work, action, "event", event.id, payload)
