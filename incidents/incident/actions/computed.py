"""Recomputes what is computed, never typed: sourcing, for internal and for redacted viewers."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import func, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col, select, update

from incidents.incident.models import Citation, Incident, Relation
from incidents.incident.queries.lookup import current_parties
from incidents.source.models import Source

_DEAD = frozenset({"rejected", "retracted"})


@dataclass(frozen=True)
class _Support:
    incident: int
    stance: str
    origin: int
    speaker: int | None
    protected_source: bool


def recompute(session: Session, ids: Iterable[int | None]) -> None:
    """Bring `sourcing` and its redacted twin up to date for these incidents and who contradicts
    them.

    Call after a record was written or a status or publication moved. Five reads, one write per
    change.
    """
    session.flush()
    named = {incident_id for incident_id in ids if incident_id is not None}
    ends = _contradictions(session, named)
    wanted = named | {end for pair in ends for end in pair}
    ends |= _contradictions(session, wanted)
    rows = session.exec(select(Incident).where(col(Incident.id).in_(wanted | _others(ends)))).all()
    incidents = {row.id: row for row in rows}
    supports = _supports(session, wanted)
    for incident_id in sorted(wanted):
        incident = incidents[incident_id]
        others = [incidents[other] for other in _partners(ends, incident_id)]
        # A sealed one tells nobody, not even who may read another sealed incident.
        known = [o for o in others if o.status not in _DEAD and o.publication != "sealed"]
        public = [o for o in others if o.status == "approved" and o.publication == "open"]
        computed = {
            "sourcing": _sourcing(supports[incident_id], contradicted=bool(known)),
            "sourcing_redacted": _sourcing(
                [said for said in supports[incident_id] if not said.protected_source],
                contradicted=bool(public),
            ),
        }
        if computed["sourcing"] != incident.sourcing or (
            computed["sourcing_redacted"] != incident.sourcing_redacted
        ):
            session.exec(update(Incident).where(col(Incident.id) == incident_id).values(**computed))
            session.refresh(incident)


def _sourcing(supports: Iterable[_Support], *, contradicted: bool) -> str:
    """domain.md rule 7.

    Contested wins; two origins corroborate unless one named speaker stands behind both.
    """
    said = list(supports)
    if contradicted or any(one.stance == "contradicts" for one in said):
        return "contested"
    backing = {(one.origin, one.speaker) for one in said if one.stance == "supports"}
    for origin, speaker in backing:
        for other_origin, other_speaker in backing:
            if origin != other_origin and (speaker is None or speaker != other_speaker):
                return "corroborated"
    return "single_source"


def _contradictions(session: Session, ids: set[int]) -> set[tuple[int, int]]:
    rows = session.exec(
        select(Relation.from_id, Relation.to_id).where(
            Relation.type == "contradicts",
            or_(col(Relation.from_id).in_(ids), col(Relation.to_id).in_(ids)),
        )
    ).all()
    return {(low, high) for low, high in rows}


def _others(ends: set[tuple[int, int]]) -> set[int]:
    return {end for pair in ends for end in pair}


def _partners(ends: set[tuple[int, int]], incident_id: int) -> list[int]:
    return sorted(
        {high if low == incident_id else low for low, high in ends if incident_id in (low, high)}
    )


def _supports(session: Session, ids: set[int]) -> dict[int, list[_Support]]:
    """By incident; who was merged speaks as what they became."""
    statement = (
        columns(
            col(Citation.incident_id),
            col(Citation.stance),
            func.coalesce(col(Source.origin_id), col(Source.id)),
            col(Citation.speaker_id),
            col(Source.protected),
        )
        .join(Source, col(Source.id) == col(Citation.source_id))
        .where(col(Citation.incident_id).in_(ids))
    )
    said = [_Support(*row) for row in session.connection().execute(statement)]
    speakers = {one.speaker for one in said if one.speaker is not None}
    now = {asked: party.id for asked, party in current_parties(session, speakers).items()}
    found: dict[int, list[_Support]] = defaultdict(list)
    for one in said:
        speaker = now.get(one.speaker or 0, one.speaker)
        found[one.incident].append(replace(one, speaker=speaker))
    return found
