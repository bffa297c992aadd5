"""What a viewer may see, as SQL. Every select over incidents or sources goes through here."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_
from sqlalchemy.orm import Mapped
from sqlmodel import col, select

from incidents.incident.models import (
    Citation,
    Event,
    Incident,
    IncidentAccess,
    Involvement,
    Party,
)
from incidents.source.models import Source
from incidents.viewer import Viewer


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Over `Incident`: the rows this viewer may know to exist."""
    not_sealed = col(Incident.publication) != "sealed"
    named = _named(viewer)
    if viewer.internal:
        return or_(not_sealed, named)
    approved = col(Incident.status) == "approved"
    return and_(approved, or_(col(Incident.publication) == "open", named))


def visible_source(viewer: Viewer) -> ColumnElement[bool]:
    """Over `Source`: readers know only what an incident they may see cites; protected ones, nobody
    else.

    A protected source is known to who added it and to who may see an incident that cites it.
    """
    cited = exists(
        select(col(Citation.id))
        .join(Incident, col(Incident.id) == col(Citation.incident_id))
        .where(col(Citation.source_id) == col(Source.id), visible(viewer))
    )
    open_source = ~col(Source.protected)
    if not viewer.internal:
        return and_(open_source, cited)
    mine = col(Source.created_by) == viewer.account_id if viewer.account_id else false()
    return or_(open_source, mine, cited)


def not_only_hidden(bears: ColumnElement[bool], viewer: Viewer) -> ColumnElement[bool]:
    """False where incidents bear a name, and this viewer may see none of them.

    `bears` is over `Incident`. What no incident bears yet is nobody's secret.
    """
    borne = select(col(Incident.id)).where(bears).correlate(Party, Event)
    return or_(exists(borne.where(visible(viewer))), ~exists(borne))


def names_party(keys: Collection[Any]) -> ColumnElement[bool]:
    """Over `Incident`: one of these parties is involved in it, or speaks in it.

    `keys` are ids, or a column of `Party`.
    """
    involved = select(col(Involvement.incident_id)).where(
        or_(col(Involvement.party_id).in_(keys), col(Involvement.relationship_to_id).in_(keys))
    )
    spoken = select(col(Citation.incident_id)).where(col(Citation.speaker_id).in_(keys))
    ways = (way.correlate(Party) for way in (involved, spoken))
    return or_(*(col(Incident.id).in_(way) for way in ways))


def names_event(keys: Collection[Any]) -> ColumnElement[bool]:
    """Over `Incident`: it belongs to one of these events: ids, or a column of `Event`."""
    return col(Incident.event_id).in_(keys)


def sourcing_of(viewer: Viewer) -> Mapped[str]:
    """The computed sourcing this viewer may read: internal viewers' own, or the redacted twin."""
    return col(Incident.sourcing if viewer.internal else Incident.sourcing_redacted)


def _named(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.account_id is None:
        return false()
    return and_(
        col(Incident.publication) == "sealed",
        exists(
            select(col(IncidentAccess.incident_id)).where(
                col(IncidentAccess.incident_id) == col(Incident.id),
                col(IncidentAccess.account_id) == viewer.account_id,
            )
        ),
    )
