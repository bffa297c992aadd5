"""Events and incidents offered while one types: those this viewer may know of."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true, tuple_
from sqlmodel import Session, col

from incidents.folding import fold
from incidents.incident.models import Citation, Event, Incident
from incidents.incident.queries.suggested_parties import has_words
from incidents.incident.rights import visible
from incidents.source.models import Source
from incidents.source.queries import parsed_reference
from incidents.viewer import Viewer
from incidents.vocabulary.models import Place

# How many are shown at a time while one types.
SHOWN = 10
_REFERENCE = re.compile(r"(?:inc-?)?(?:(\d{4})-)?(\d{1,9})?", re.ASCII)


@dataclass(frozen=True)
class EventOffered:
    """How many incidents the viewer sees in it, and the latest: reference and date."""

    id: int
    title: str
    incidents: int
    reference: str
    date: str | None


@dataclass(frozen=True)
class IncidentOffered:
    reference: str
    type: str
    title: str
    place: str | None
    date: str | None
    status: str


def events_offered(session: Session, viewer: Viewer, text: str) -> list[EventOffered]:
    """By words of the title, the one so called first; with no text the latest. One statement.

    Those of incidents the viewer sees, and their own.
    """
    folded = fold(text)
    latest = func.row_number().over(
        partition_by=col(Incident.event_id),
        order_by=(col(Incident.sort_date).desc(), col(Incident.id).desc()),
    )
    count = func.count().over(partition_by=col(Incident.event_id))
    within = (
        select(
            col(Incident.event_id),
            col(Incident.ref_year),
            col(Incident.ref_number),
            col(Incident.date_edtf),
            latest.label("rank"),
            count.label("number"),
        )
        .where(visible(viewer), col(Incident.event_id).is_not(None))
        .subquery()
    )
    seen = select(within).where(within.c.rank == 1).subquery()
    mine = col(Event.created_by) == viewer.account_id if viewer.account_id else false()
    rows = session.execute(
        select(col(Event.id), col(Event.title), seen)
        .outerjoin(seen, seen.c.event_id == col(Event.id))
        .where(
            or_(seen.c.event_id.is_not(None), mine),
            has_words(col(Event.title_folded), folded) if folded else true(),
        )
        .order_by((col(Event.title_folded) == folded).desc(), col(Event.id).desc())
        .limit(SHOWN)
    ).all()
    return [_event(row) for row in rows]


def incidents_offered(
    session: Session, viewer: Viewer, text: str, sources: Iterable[str]
) -> list[IncidentOffered]:
    """By reference, its number, or words of the title; with no text the latest of these sources.

    Those of the sources come first. One statement.
    """
    folded = fold(text)
    parsed = [one for one in map(parsed_reference, sources) if one]
    cited = (
        select(col(Citation.incident_id))
        .join(Source, col(Source.id) == col(Citation.source_id))
        .where(tuple_(col(Source.ref_year), col(Source.ref_number)).in_(parsed))
    )
    here = col(Incident.id).in_(cited)
    rows = session.execute(
        select(
            col(Incident.ref_year),
            col(Incident.ref_number),
            col(Incident.type),
            col(Incident.title),
            col(Incident.date_edtf),
            col(Incident.status),
            col(Place.name).label("place"),
        )
        .outerjoin(Place, col(Place.id) == col(Incident.place_id))
        .where(visible(viewer), _speaks_of(folded) if folded else here)
        .order_by(here.desc(), col(Incident.updated_at).desc(), col(Incident.id).desc())
        .limit(SHOWN)
    ).all()
    return [
        IncidentOffered(
            f"INC-{row.ref_year}-{row.ref_number:05d}",
            row.type,
            row.title,
            row.place,
            row.date_edtf,
            row.status,
        )
        for row in rows
    ]


def _event(row: Any) -> EventOffered:
    reference = f"INC-{row.ref_year}-{row.ref_number:05d}" if row.number else ""
    return EventOffered(row.id, row.title, row.number or 0, reference, row.date_edtf)


def _speaks_of(folded: str) -> ColumnElement[bool]:
    """Over `Incident`: INC-2026-00042, the beginning of it, 42, or words of its title."""
    words = has_words(col(Incident.sort_title), folded)
    match = _REFERENCE.fullmatch(folded)
    if match is None:
        return words
    year, number = match[1], match[2]
    meant = [col(Incident.ref_number) == int(number)] if number and int(number) else []
    if year:
        meant.append(col(Incident.ref_year) == int(year))
    return or_(words, and_(*meant)) if meant else words
