"""Loads who took part in a batch of incidents, and how many: a fixed number of statements.

Owns the redaction of those rows: what a redacted viewer may not read never leaves this module.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Column, select
from sqlmodel import Session, SQLModel

from incidents.db import table_of
from incidents.incident.models import Figure, Involvement, Party
from incidents.incident.queries.export_rows import FigureFacts, InvolvementRow, PartyShown
from incidents.incident.queries.repeats import Told, once_each
from incidents.viewer import Viewer

_PARTY = table_of(Party).c
_INVOLVEMENT = table_of(Involvement).c


class Batch(NamedTuple):
    """Who reads which incidents: id → reference, in the order of the export."""

    session: Session
    viewer: Viewer
    references: Mapping[int, str]


def columns_for(model: type[SQLModel], shape: Any) -> list[Column[Any]]:
    """The columns a NamedTuple names, in its order: never a `SELECT *`."""
    columns = table_of(model).c
    return [columns[name] for name in shape._fields if name in columns]


def parties_shown(
    session: Session, viewer: Viewer, ids: Iterable[int | None]
) -> dict[int, PartyShown]:
    """Asked-for id → the party it stands for now, in this viewer's eyes; one statement."""
    wanted = sorted({party_id for party_id in ids if party_id is not None})
    if not wanted:
        return {}
    own = select(_PARTY.id.label("asked"), _PARTY.id.label("current")).where(_PARTY.id.in_(wanted))
    walk = own.cte("walk", recursive=True)
    following = (
        select(walk.c.asked, _PARTY.merged_into_id)
        .join_from(walk, table_of(Party), _PARTY.id == walk.c.current)
        .where(_PARTY.merged_into_id.is_not(None))
    )
    # UNION, not UNION ALL: a ring of merged parties ends.
    walk = walk.union(following)
    statement = select(
        walk.c.asked, _PARTY.merged_into_id, *columns_for(Party, PartyShown), _PARTY.parent_id
    ).join_from(walk, table_of(Party), _PARTY.id == walk.c.current)
    chains: defaultdict[int, list[Any]] = defaultdict(list)
    for row in session.connection().execute(statement):
        chains[row.asked].append(row)
    return {asked: _shown(viewer, chain) for asked, chain in chains.items()}


def _shown(viewer: Viewer, chain: Sequence[Any]) -> PartyShown:
    last = next((row for row in chain if row.merged_into_id is None), chain[0])
    # A protected witness who was merged into another keeps what they said to themselves.
    protected = any(row.privacy == "protected" for row in chain)
    open_to_viewer = viewer.internal or last.privacy == "public"
    return PartyShown(
        id=last.id,
        kind=last.kind,
        label=last.label,
        sex=last.sex,
        age=last.age if open_to_viewer else None,
        occupation=last.occupation if open_to_viewer else None,
        sort=last.sort,
        parent=last.parent_id,
        privacy=last.privacy,
        protected_words=protected,
    )


def figures_of(batch: Batch) -> dict[int, list[FigureFacts]]:
    """By incident, in their order."""
    figure = table_of(Figure).c
    statement = (
        select(*columns_for(Figure, FigureFacts))
        .where(figure.incident_id.in_(batch.references))
        .order_by(figure.incident_id, figure.position)
    )
    found: defaultdict[int, list[FigureFacts]] = defaultdict(list)
    for row in batch.session.connection().execute(statement):
        facts = FigureFacts._make(row)
        if not batch.viewer.internal:
            facts = facts._replace(verbatim=None, totals_reason=None)
        found[facts.incident_id].append(facts)
    return found


def counted(figures: Iterable[FigureFacts]) -> dict[str, FigureFacts]:
    """Measure → its figure in totals; if none is, the only one that is no breakdown; else none.

    Several figures of which none is in totals give none: choosing is a person's work.
    """
    whole: defaultdict[str, list[FigureFacts]] = defaultdict(list)
    for figure in figures:
        if figure.parent_id is None:
            whole[figure.measure].append(figure)
    found: dict[str, FigureFacts] = {}
    for measure, ones in whole.items():
        chosen = [one for one in ones if one.in_totals] or ones
        if len(chosen) == 1:
            found[measure] = chosen[0]
    return found


def involvement_rows(batch: Batch) -> list[Any]:
    """Every involvement's own columns, by incident and position."""
    statement = (
        select(
            *(_INVOLVEMENT[name] for name in ("incident_id", "party_id", "role", "attribution")),
            *(_INVOLVEMENT[name] for name in ("relationship", "relationship_to_id", "note")),
        )
        .where(_INVOLVEMENT.incident_id.in_(batch.references))
        .order_by(_INVOLVEMENT.incident_id, _INVOLVEMENT.position)
    )
    return list(batch.session.connection().execute(statement))


def involvements_of(
    batch: Batch, rows: Iterable[Any], parties: Mapping[int, PartyShown]
) -> dict[int, list[InvolvementRow]]:
    """By incident, in their order, from `involvement_rows` and the parties they name."""
    found: defaultdict[int, list[tuple[int, InvolvementRow]]] = defaultdict(list)
    for row in rows:
        found[row.incident_id].append((row.party_id, _involvement(batch, row, parties)))
    return {
        incident_id: [row for _, row in once_each(own, _told)] for incident_id, own in found.items()
    }


def _told(named: tuple[int, InvolvementRow]) -> Told:
    party_id, row = named
    other = row.relationship_to.id if row.relationship_to else None
    rest = (row.attribution, row.relationship, other, row.note)
    return Told(party_id, row.party.id, row.role, rest)


def _involvement(batch: Batch, row: Any, parties: Mapping[int, PartyShown]) -> InvolvementRow:
    internal = batch.viewer.internal
    party, other = parties[row.party_id], parties.get(row.relationship_to_id)
    told = internal or (party.privacy == "public" and (not other or other.privacy == "public"))
    if other is not None and other.id == party.id:
        # The two are one party since they were merged.
        told = False
    parent = parties.get(party.parent or 0)
    return InvolvementRow(
        incident=batch.references[row.incident_id],
        party=party,
        parent=parent if parent and parent.id != party.id else None,
        role=row.role,
        attribution=row.attribution,
        relationship=row.relationship if told else None,
        relationship_to=other if told else None,
        note=row.note if internal else None,
    )
