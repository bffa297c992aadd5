"""What a viewer may see, as SQL. Every select over incidents or sources goes through here."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, true
from sqlalchemy.orm import Mapped
from sqlmodel import col, select

from incidents.db import table_of
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


@lru_cache(maxsize=256)
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


def _involved(which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Over `Party`: it has a part in one of these incidents."""
    return exists(
        select(col(Involvement.id))
        .join(Incident, col(Incident.id) == col(Involvement.incident_id))
        .where(col(Involvement.party_id) == col(Party.id), which)
        .correlate(Party)
    )


def _spoken(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Over `Party`: it speaks in one of these incidents, or of their sources."""
    return exists(
        select(col(Citation.id))
        .join(Incident, col(Incident.id) == col(Citation.incident_id))
        .join(Source, col(Source.id) == col(Citation.source_id))
        .where(col(Citation.speaker_id) == col(Party.id), *which)
        .correlate(Party)
    )


def known_party(viewer: Viewer) -> ColumnElement[bool]:
    """Over `Party`: it has a part in an incident this viewer sees, or was added by them."""
    added = col(Party.created_by) == viewer.account_id if viewer.account_id else false()
    related = (
        select(col(Involvement.relationship_to_id))
        .join(Incident, col(Incident.id) == col(Involvement.incident_id))
        .where(col(Involvement.relationship_to_id).is_not(None), visible(viewer))
    )
    seen = visible(viewer)
    return or_(added, _involved(seen), _spoken(seen), col(Party.id).in_(related))


def readable_name(viewer: Viewer) -> ColumnElement[bool]:
    """Over `Party`: this internal viewer may read its name, as `actions.reveal_name` decides."""
    if viewer.may_review and viewer.protected_grant:
        return true()
    if viewer.account_id is None:
        return col(Party.privacy) != "protected"
    mine = col(Incident.created_by) == viewer.account_id
    added = col(Party.created_by) == viewer.account_id
    return or_(col(Party.privacy) != "protected", added, _involved(mine), _spoken(mine))


def shown_party(viewer: Viewer) -> ColumnElement[bool]:
    """Over `Party`: what stands in its own incidents lets this viewer open its page.

    Internal viewers also know of parties no incident bears. Redacted ones know of none that their
    pages of incidents leave out: whom a relationship names, who speaks in a protected source.
    """
    if viewer.internal:
        borne = exists(select(col(Incident.id)).where(names_party([col(Party.id)])))
        return or_(known_party(viewer), ~borne.correlate(Party))
    seen = visible(viewer)
    return or_(_involved(seen), _spoken(seen, ~col(Source.protected)))


def shown_whole_party(viewer: Viewer) -> ColumnElement[bool]:
    """Over `Party`: it, or one that was merged into it, is shown to this viewer."""
    up = (
        select(col(Party.merged_into_id).label("id"))
        .where(col(Party.merged_into_id).is_not(None), shown_party(viewer))
        .cte(recursive=True)
    )
    above = table_of(Party).alias("above")
    # UNION, not UNION ALL: a ring of merged parties ends.
    up = up.union(
        select(above.c.merged_into_id)
        .join(up, above.c.id == up.c.id)
        .where(above.c.merged_into_id.is_not(None))
    )
    return or_(shown_party(viewer), col(Party.id).in_(select(up.c.id)))


def told_parent(viewer: Viewer) -> ColumnElement[bool]:
    """Over `Party`: its label may stand beside a party that belongs to it.

    An institution no incident names may be told of; one that only hidden incidents name may not.
    """
    borne = exists(select(col(Incident.id)).where(names_party([col(Party.id)])))
    return or_(shown_whole_party(viewer), ~borne.correlate(Party))


def shown_event(viewer: Viewer) -> ColumnElement[bool]:
    """Over `Event`: the viewer sees an incident of it, or added it, or nobody has used it yet."""
    borne = select(col(Incident.id)).where(col(Incident.event_id) == col(Event.id)).correlate(Event)
    seen = exists(borne.where(visible(viewer)))
    if not viewer.internal:
        return seen
    added = col(Event.created_by) == viewer.account_id if viewer.account_id else false()
    return or_(seen, added, ~exists(borne))


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
