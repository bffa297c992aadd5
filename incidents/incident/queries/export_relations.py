"""Loads the relations of a batch of incidents, from whichever end they were stored."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from incidents.db import table_of
from incidents.incident.models import Incident, Relation
from incidents.incident.queries.export_people import Batch
from incidents.incident.queries.export_rows import RelationRow, incident_reference
from incidents.incident.rights import visible

_INCIDENT = table_of(Incident).c
_RELATION = table_of(Relation).c
_ENDS = (("from_id", "to_id"), ("to_id", "from_id"))


class _Placed(NamedTuple):
    """A relation behind what orders it: its incident's place, then outgoing ones as recorded, then
    those that come in by where they come from."""

    batch_place: int
    incoming: bool
    rank: tuple[int, int]
    relation: RelationRow


def related(batch: Batch, types: Sequence[str]) -> dict[tuple[int, str], tuple[str, ...]]:
    """(incident, type) → references at the other end, in order, whichever end it was stored from.

    For symmetric types. Only incidents this viewer may know of; two statements.
    """
    found: defaultdict[tuple[int, str], set[tuple[int, int]]] = defaultdict(set)
    for here, there in _ENDS:
        statement = (
            select(_RELATION[here], _RELATION.type, _INCIDENT.ref_year, _INCIDENT.ref_number)
            .join_from(table_of(Relation), table_of(Incident), _INCIDENT.id == _RELATION[there])
            .where(
                _RELATION[here].in_(batch.references),
                _RELATION.type.in_(types),
                visible(batch.viewer),
            )
        )
        for incident_id, type_, year, number in batch.session.connection().execute(statement):
            found[incident_id, type_].add((year, number))
    return {
        key: tuple(incident_reference(*other) for other in sorted(others))
        for key, others in found.items()
    }


def relations_of(batch: Batch, exported: Select[Any]) -> list[RelationRow]:
    """Each relation as it is stored, once, at the first of its ends that is exported.

    `exported` selects the ids of every incident of the export. Two statements.
    """
    order = {incident_id: place for place, incident_id in enumerate(batch.references)}
    placed: list[_Placed] = []
    for here, there in _ENDS:
        statement = (
            select(
                *(_RELATION[name] for name in ("position", "type", "asserted_by", "note")),
                _RELATION[here].label("here"),
                _INCIDENT.ref_year,
                _INCIDENT.ref_number,
            )
            .join_from(table_of(Relation), table_of(Incident), _INCIDENT.id == _RELATION[there])
            .where(_RELATION[here].in_(batch.references), visible(batch.viewer))
        )
        incoming = here == "to_id"
        if incoming:
            statement = statement.where(_RELATION.from_id.not_in(exported))
        for row in batch.session.connection().execute(statement):
            rank = (row.ref_year, row.ref_number) if incoming else (row.position, 0)
            relation = _relation(batch, row, incoming=incoming)
            placed.append(_Placed(order[row.here], incoming, rank, relation))
    placed.sort(key=lambda one: (*one[:3], one.relation.type, one.relation.to))
    return [one.relation for one in placed]


def _relation(batch: Batch, row: Any, *, incoming: bool) -> RelationRow:
    here = batch.references[row.here]
    there = incident_reference(row.ref_year, row.ref_number)
    start, end = (there, here) if incoming else (here, there)
    note = row.note if batch.viewer.internal else None
    return RelationRow(start, row.type, end, row.asserted_by, note)
