"""Finds one incident, and its record as it stands or stood."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from incidents.audit.models import Revision
from incidents.errors import NotFound
from incidents.incident.models import Incident, Party
from incidents.incident.record import Record, from_json
from incidents.incident.rights import shown_party, told_parent, visible
from incidents.source.queries.lookup import ids_referenced
from incidents.viewer import Viewer

_REFERENCE = re.compile(r"INC-(\d{4})-(\d{5,9})", re.IGNORECASE | re.ASCII)


def parsed_reference(reference: str) -> tuple[int, int] | None:
    """(year, number) of `INC-2026-00042`, or None when it is no such reference."""
    match = _REFERENCE.fullmatch(reference.strip())
    return (int(match[1]), int(match[2])) if match else None


def incident_by_reference(session: Session, viewer: Viewer, reference: str) -> Incident:
    """NotFound when there is none, or this viewer may not know of it: the two sound the same."""
    parsed = parsed_reference(reference)
    found = (
        parsed
        and session.exec(
            select(Incident).where(
                Incident.ref_year == parsed[0], Incident.ref_number == parsed[1], visible(viewer)
            )
        ).one_or_none()
    )
    if not found:
        raise NotFound(f"There is no incident {reference}.")
    return found


def ids_by_reference(
    session: Session, viewer: Viewer, references: Iterable[str]
) -> Mapping[str, int]:
    """Reference as given → id, of those there are and this viewer may know of; one statement."""
    parsed = {text: parsed_reference(text) for text in references}
    return ids_referenced(session, Incident, visible(viewer), parsed)


def stored_record(session: Session, incident: Incident, version: int | None = None) -> Record:
    """The record after one save, the latest by default.

    Quotes of protected sources are sealed in it.
    """
    payload = session.exec(
        select(Revision.payload).where(
            Revision.entity == "incident",
            Revision.entity_id == incident.id,
            Revision.version == (version or incident.version),
        )
    ).one()
    return from_json(payload)


def editors_since_approval(session: Session, incident: Incident) -> frozenset[int | None]:
    """Who saved the record after the version last approved; everyone who did, if none was."""
    actors = session.exec(
        select(Revision.actor_id)
        .where(
            Revision.entity == "incident",
            Revision.entity_id == incident.id,
            Revision.version > (incident.approved_version or 0),
        )
        .distinct()
    ).all()
    return frozenset(actors)


def current_parties(session: Session, ids: Iterable[int]) -> Mapping[int, Party]:
    """Asked-for id → the party that stands for it now: merged ones resolve to what they became.

    One statement.
    """
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    own: Any = columns(col(Party.id).label("asked"), col(Party.id).label("current"))
    walk = own.where(col(Party.id).in_(wanted)).cte(recursive=True)
    # UNION, not UNION ALL: a ring of merged parties ends.
    walk = walk.union(
        columns(walk.c.asked, col(Party.merged_into_id))
        .join(Party, col(Party.id) == walk.c.current)
        .where(col(Party.merged_into_id).is_not(None))
    )
    statement = (
        columns(walk.c.asked, Party)
        .join(Party, col(Party.id) == walk.c.current)
        .where(col(Party.merged_into_id).is_(None))
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def whole_parties(session: Session, ids: Iterable[int]) -> Mapping[int, Sequence[Party]]:
    """Asked-for id → that party, then all that were merged into it, directly or through others.

    One statement.
    """
    own: Any = columns(col(Party.id).label("whole"), col(Party.id).label("id"))
    walk = own.where(col(Party.id).in_(sorted(set(ids)))).cte(recursive=True)
    walk = walk.union(
        columns(walk.c.whole, col(Party.id)).join(walk, col(Party.merged_into_id) == walk.c.id)
    )
    statement = (
        columns(walk.c.whole, Party)
        .join(Party, col(Party.id) == walk.c.id)
        .order_by((col(Party.id) == walk.c.whole).desc(), col(Party.id))
    )
    found: dict[int, list[Party]] = {}
    for whole, party in session.execute(statement):
        found.setdefault(whole, []).append(party)
    return found


def shown_members(session: Session, viewer: Viewer, whole: Sequence[Party]) -> list[Party]:
    """The party, and of those merged into it the ones whose own incidents this viewer may see."""
    ids = [one.id for one in whole[1:]]
    asked = select(Party.id).where(col(Party.id).in_(ids), shown_party(viewer))
    shown = set(session.exec(asked)) if ids else set()
    return [*whole[:1], *(one for one in whole[1:] if one.id in shown)]


def parents_told(session: Session, viewer: Viewer, ids: Iterable[int | None]) -> frozenset[int]:
    """Those of these parties whose label this viewer may read beside what belongs to them."""
    wanted = {party_id for party_id in ids if party_id is not None}
    if not wanted:
        return frozenset()
    standing = {asked: party.id for asked, party in current_parties(session, wanted).items()}
    told = session.exec(
        select(Party.id).where(col(Party.id).in_(set(standing.values())), told_parent(viewer))
    ).all()
    return frozenset(asked for asked, party_id in standing.items() if party_id in told)
