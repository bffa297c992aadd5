"""Whom a record names, once parties were merged: new rows name the party of now; a row that stood
there keeps the one it had, so that a merge can still be undone.
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from incidents.incident.queries.lookup import current_parties
from incidents.incident.record import CitationSaid, InvolvementSaid, Record
from incidents.work import Work

Row = TypeVar("Row", CitationSaid, InvolvementSaid)


def party_ids(record: Record) -> set[int]:
    ids = {citation.speaker for citation in record.citations}
    for involvement in record.involvements:
        ids |= {involvement.party, involvement.relationship_to}
    return {party_id for party_id in ids if party_id is not None}


def with_parties_resolved(work: Work, record: Record, before: Record | None) -> Record:
    """`before` is the record as it stood; the same party in it is named as it was there."""
    ids = party_ids(record) | (party_ids(before) if before else set())
    now = {asked: party.id or 0 for asked, party in current_parties(work.session, ids).items()}
    cited = _pairs(record.citations, before.citations if before else (), now)
    involved = _pairs(record.involvements, before.involvements if before else (), now)
    return record.model_copy(
        update={
            "citations": tuple(
                one.model_copy(
                    update={"speaker": _kept(one.speaker, old.speaker if old else None, now)}
                )
                for one, old in cited
            ),
            "involvements": tuple(
                one.model_copy(
                    update={
                        "party": _kept(one.party, old.party if old else None, now),
                        "relationship_to": _kept(
                            one.relationship_to, old.relationship_to if old else None, now
                        ),
                    }
                )
                for one, old in involved
            ),
        }
    )


def _kept(party: int | None, old: int | None, now: Mapping[int, int]) -> int | None:
    if party is None:
        return None
    current = now.get(party)
    return old if old is not None and now.get(old) == current else current


def _pairs(
    rows: Sequence[Row], before: Sequence[Row], now: Mapping[int, int]
) -> list[tuple[Row, Row | None]]:
    """Each row with the one that named the same party before, the likest first; each only once."""
    left = list(before)
    pairs: list[tuple[Row, Row | None]] = []
    for row in rows:
        party, rest = _said(row)
        same = [one for one in left if now.get(_said(one)[0] or 0) == now.get(party or 0, -1)]
        likest = min(
            same, key=lambda one: (_said(one)[1] != rest, _said(one)[0] != party), default=None
        )
        if likest is not None:
            left.remove(likest)
        pairs.append((row, likest))
    return pairs


def _said(row: Row) -> tuple[int | None, object]:
    """Whom a row names, and what else tells it from others."""
    if isinstance(row, CitationSaid):
        return row.speaker, (row.source, row.quote and row.quote.exact)
    return row.party, row.role
