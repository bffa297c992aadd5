"""Finds one incident, and its record as it stands or stood."""

import re
from collections.abc import Iterable, Mapping

from sqlmodel import Session, col, select

from incidents.audit.models import Revision
from incidents.errors import NotFound
from incidents.incident.models import Incident, Party
from incidents.incident.record import Record, from_json
from incidents.incident.rights import visible
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
    """Asked-for id → the party that stands for it now: merged ones resolve to what they became."""
    wanted = set(ids)
    found: dict[int, Party] = {}
    pending = {party_id: party_id for party_id in wanted}
    while pending:
        rows = session.exec(select(Party).where(col(Party.id).in_(set(pending.values())))).all()
        by_id = {party.id: party for party in rows}
        following: dict[int, int] = {}
        for asked, current in pending.items():
            party = by_id.get(current)
            if party is not None and party.merged_into_id is not None:
                following[asked] = party.merged_into_id
            elif party is not None:
                found[asked] = party
        pending = following
    return found
