"""Events: their list, and the page of one with its incidents and totals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from incidents import paging
from incidents.db import table_of
from incidents.errors import NotFound
from incidents.folding import fold
from incidents.incident.filters import IncidentFilter
from incidents.incident.filters.asked import Found
from incidents.incident.models import Event, Incident
from incidents.incident.queries.listing import ORDERS as INCIDENT_ORDERS
from incidents.incident.queries.listing import IncidentRow, page_of_incidents
from incidents.incident.queries.totals import MeasureTotal, totals
from incidents.incident.rights import shown_event, visible
from incidents.paging import Order, Page, PageAsked
from incidents.viewer import Viewer

MOST = 50
_EVENT = table_of(Event).c
ORDERS = paging.orders(Order("added", "Added", (_EVENT.id,)))
NEWEST_FIRST = "-added"


@dataclass(frozen=True)
class EventRow:
    """`incidents` counts those this viewer sees."""

    id: int
    title: str
    summary: str
    incidents: int


@dataclass(frozen=True)
class EventPage:
    id: int
    version: int
    title: str
    summary: str
    incidents: tuple[IncidentRow, ...]
    incident_count: int
    totals: Sequence[MeasureTotal]
    may_edit: bool


def event_by_id(session: Session, viewer: Viewer, event_id: int) -> Event:
    """NotFound where only incidents hidden from this viewer belong to it, as if there were none."""
    event = session.exec(
        select(Event).where(Event.id == event_id, shown_event(viewer))
    ).one_or_none()
    if event is None:
        raise NotFound("There is no such event.")
    return event


def event_page(session: Session, viewer: Viewer, event: Event) -> EventPage:
    """The newest incidents of it; a constant number of statements."""
    text = str(event.id)
    found = Found((event.id or 0,), event.title)
    asked = IncidentFilter((("event", (text,)),)).with_found({("event", text): found})
    page = page_of_incidents(session, asked, viewer, PageAsked(INCIDENT_ORDERS["-date"], size=MOST))
    return EventPage(
        id=event.id or 0,
        version=event.version,
        title=event.title,
        summary=event.summary or "",
        incidents=page.rows,
        incident_count=page.count,
        totals=totals(session, asked, viewer) if page.count else (),
        may_edit=viewer.may_record,
    )


def page_of_events(
    session: Session, viewer: Viewer, asked: PageAsked, words: str = ""
) -> Page[EventRow]:
    """Those with these words in the title. Three statements."""
    conditions = [shown_event(viewer)]
    for word in fold(words).split():
        conditions.append(col(Event.title_folded).contains(word, autoescape=True))
    statement = paging.paged(select(Event, _EVENT.id).where(*conditions), asked)
    rows, more, before = paging.cut(session.execute(statement).all(), asked)
    count = session.exec(select(func.count()).select_from(Event).where(*conditions)).one()
    counts = _counts(session, viewer, [row[1] for row in rows])
    first, last = (rows[0][1], rows[-1][1]) if rows else (0, 0)
    return Page(
        rows=tuple(
            EventRow(number, event.title, event.summary or "", counts.get(number, 0))
            for event, number in rows
        ),
        count=count,
        next=paging.token(asked.order, (last,)) if more else None,
        previous=paging.token(asked.order, (first,), backwards=True) if before else None,
    )


def _counts(session: Session, viewer: Viewer, ids: Sequence[int]) -> Mapping[int | None, int]:
    rows = session.exec(
        select(Incident.event_id, func.count())
        .where(col(Incident.event_id).in_(ids), visible(viewer))
        .group_by(col(Incident.event_id))
    ).all()
    return dict(rows)
