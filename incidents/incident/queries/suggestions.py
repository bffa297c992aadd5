"""What a form offers while one types: parties of this source and public ones, places, events.

Offers nothing that only incidents the viewer may not see speak of.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from incidents.incident.models import Citation, Event, Incident, Involvement, Party
from incidents.incident.rights import visible
from incidents.source.models import Source
from incidents.source.queries import parsed_reference
from incidents.viewer import Viewer
from incidents.vocabulary.models import Place
from incidents.vocabulary.queries import PlaceView, all_places, known_place, recent_places

LIMIT = 200


@dataclass(frozen=True)
class Suggestions:
    parties: tuple[str, ...]
    places: tuple[str, ...]
    events: tuple[str, ...]


def suggestions_for(session: Session, viewer: Viewer, source: str | None) -> Suggestions:
    """Places last used come first. A party of another source is offered only when it is public."""
    offered = [*recent_places(session, viewer), *all_places(session, limit=LIMIT)]
    hidden = _places_of_hidden(session, viewer)
    return Suggestions(
        parties=_parties(session, viewer, source),
        places=_paths(place for place in offered if place.id not in hidden),
        events=_events(session, viewer),
    )


def _paths(places: Iterable[PlaceView]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(place.path for place in places))


def _places_of_hidden(session: Session, viewer: Viewer) -> set[int | None]:
    """Places that incidents stand at or are about, but none this viewer may see."""
    return set(session.exec(select(Place.id).where(~known_place(viewer))).all())


def _events(session: Session, viewer: Viewer) -> tuple[str, ...]:
    seen = select(Incident.event_id).where(visible(viewer), col(Incident.event_id).is_not(None))
    mine = col(Event.created_by) == viewer.account_id
    titles = session.exec(
        select(Event.title)
        .where(or_(col(Event.id).in_(seen), mine))
        .order_by(col(Event.id).desc())
        .limit(LIMIT)
    ).all()
    return tuple(titles)


def _parties(session: Session, viewer: Viewer, source: str | None) -> tuple[str, ...]:
    parsed = parsed_reference(source) if source else None
    year, number = parsed or (0, 0)
    here = (
        select(Citation.incident_id)
        .join(Source, col(Source.id) == col(Citation.source_id))
        .join(Incident, col(Incident.id) == col(Citation.incident_id))
        .where(Source.ref_year == year, Source.ref_number == number, visible(viewer))
    )
    anywhere = select(Incident.id).where(visible(viewer))
    public = (col(Party.privacy) == "public") & _in(anywhere)
    mine = (col(Party.privacy) == "public") & (col(Party.created_by) == viewer.account_id)
    rows = session.exec(
        select(Party.label)
        .where(col(Party.merged_into_id).is_(None), or_(public, mine, _in(here)))
        .order_by(col(Party.label_folded))
        .limit(LIMIT)
    ).all()
    return tuple(dict.fromkeys(rows))


def _in(incidents: Any) -> ColumnElement[bool]:
    """Over `Party`: it has a part in one of these incidents, or speaks in one."""
    involved = select(Involvement.party_id).where(col(Involvement.incident_id).in_(incidents))
    spoken = select(Citation.speaker_id).where(
        col(Citation.incident_id).in_(incidents), col(Citation.speaker_id).is_not(None)
    )
    return or_(col(Party.id).in_(involved), col(Party.id).in_(spoken))
