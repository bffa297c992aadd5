"""Reads what an export writes, in the order of references, children loaded per batch.

Core rows with explicit columns; nothing is kept between batches. Knows no column and no file.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, select, tuple_
from sqlmodel import Session

from incidents.db import table_of
from incidents.incident.filters import IncidentFilter, where
from incidents.incident.models import Citation, Event, Incident
from incidents.incident.queries.export_citations import citation_rows, citations_of, fields_of
from incidents.incident.queries.export_people import (
    Batch,
    columns_for,
    counted,
    figures_of,
    involvement_rows,
    involvements_of,
    parties_shown,
)
from incidents.incident.queries.export_relations import related, relations_of
from incidents.incident.queries.export_rows import (
    CitationRow,
    FigureRow,
    IncidentFacts,
    IncidentRow,
    InvolvementRow,
    RelationRow,
    SourceFacts,
    SourceRow,
    source_reference,
)
from incidents.incident.queries.lookup import parents_told
from incidents.incident.record import shown_details
from incidents.incident.rights import sourcing_of, visible, visible_source
from incidents.source.models import Snapshot, Source, SourceAddress
from incidents.viewer import Viewer
from incidents.vocabulary.models import TermRow
from incidents.vocabulary.queries import place_views

_INCIDENT = table_of(Incident).c
_CITATION = table_of(Citation).c
_SOURCE = table_of(Source).c


@dataclass(frozen=True)
class Which:
    """The incidents an export covers: whose eyes, which filter, how many at a time."""

    viewer: Viewer
    asked: IncidentFilter
    batch: int

    @property
    def where(self) -> ColumnElement[bool]:
        """What was asked for, of what the viewer may see."""
        return where(self.asked, self.viewer)

    def ids(self) -> Select[Any]:
        return select(_INCIDENT.id).where(self.where)


def incident_batches(session: Session, which: Which) -> Iterator[list[IncidentRow]]:
    """Incidents whole, as incidents.csv needs them."""
    for facts, batch in _batches(session, which):
        places = place_views(session, [id_ for one in facts for id_ in _place_ids(one)])
        figures = figures_of(batch)
        people, said = involvement_rows(batch), citation_rows(batch)
        parties = parties_shown(session, which.viewer, _party_ids(people, said))
        involvements = involvements_of(batch, people, parties)
        citations = citations_of(batch, said, parties)
        others = related(batch, ("contradicts", "possible_overlap"))
        yield [
            IncidentRow(
                facts=one,
                place=places.get(one.place_id or 0),
                subject_place=places.get(one.subject_place_id or 0),
                figures=tuple(figures.get(one.id, ())),
                counted=counted(figures.get(one.id, ())),
                involvements=tuple(involvements.get(one.id, ())),
                citations=tuple(citations.get(one.id, ())),
                contradicts=others.get((one.id, "contradicts"), ()),
                overlaps=others.get((one.id, "possible_overlap"), ()),
            )
            for one in facts
        ]


def citation_batches(session: Session, which: Which) -> Iterator[list[CitationRow]]:
    for _, batch in _batches(session, which):
        said = citation_rows(batch)
        parties = parties_shown(session, which.viewer, _party_ids((), said))
        found = citations_of(batch, said, parties, fields_of(batch))
        yield _in_order(batch, found)


def party_batches(session: Session, which: Which) -> Iterator[list[InvolvementRow]]:
    """A row per involvement."""
    for _, batch in _batches(session, which):
        people = involvement_rows(batch)
        parties = parties_shown(session, which.viewer, _party_ids(people, ()))
        told = parents_told(session, which.viewer, {party.parent for party in parties.values()})
        above = parties_shown(session, which.viewer, told)
        yield _in_order(batch, involvements_of(batch, people, above | parties))


def figure_batches(session: Session, which: Which) -> Iterator[list[FigureRow]]:
    for _, batch in _batches(session, which):
        figures = _in_order(batch, figures_of(batch))
        citations = citations_of(batch, citation_rows(batch), {})
        resting = {said.id: said for several in citations.values() for said in several}
        numbers = {figure.id: figure.position + 1 for figure in figures}
        rows = []
        for figure in figures:
            said = resting.get(figure.citation_id or 0)
            rows.append(
                FigureRow(
                    incident=batch.references[figure.incident_id],
                    number=figure.position + 1,
                    breakdown_of=numbers.get(figure.parent_id or 0),
                    figure=figure,
                    citation=said.number if said else None,
                    source=said.source.reference if said else None,
                )
            )
        yield rows


def relation_batches(session: Session, which: Which) -> Iterator[list[RelationRow]]:
    for _, batch in _batches(session, which):
        yield relations_of(batch, which.ids())


def source_batches(session: Session, which: Which) -> Iterator[list[SourceRow]]:
    """The sources this viewer may know that an exported incident cites, by reference."""
    reference, after = (_SOURCE.ref_year, _SOURCE.ref_number), (0, 0)
    cited = exists(
        select(_CITATION.id)
        .join_from(table_of(Citation), table_of(Incident), _INCIDENT.id == _CITATION.incident_id)
        .where(_CITATION.source_id == _SOURCE.id, which.where)
    )
    while True:
        statement = (
            select(*columns_for(Source, SourceFacts))
            .where(
                _walked(session, visible_source(which.viewer)),
                _walked(session, cited),
                tuple_(*reference) > tuple_(*after),
            )
            .order_by(*reference)
            .limit(which.batch)
        )
        facts = [SourceFacts._make(row) for row in session.connection().execute(statement)]
        if facts:
            yield _source_rows(session, which, facts)
        if len(facts) < which.batch:
            return
        after = (facts[-1].ref_year, facts[-1].ref_number)


BATCHES: Mapping[str, Callable[[Session, Which], Iterator[Sequence[Any]]]] = {
    "incidents": incident_batches,
    "citations": citation_batches,
    "parties": party_batches,
    "figures": figure_batches,
    "relations": relation_batches,
    "sources": source_batches,
}


def term_labels(session: Session) -> Mapping[tuple[str, str], str]:
    """(vocabulary, code) → label as this installation has it, retired ones too."""
    term = table_of(TermRow).c
    rows = session.connection().execute(select(term.vocabulary, term.code, term.label))
    return {(row.vocabulary, row.code): row.label for row in rows}


def withheld_incidents(session: Session, internal: Which, public: Viewer) -> int:
    """How many incidents of this filter its viewer may see and a public export may not."""
    statement = (
        select(func.count()).select_from(table_of(Incident)).where(internal.where, ~visible(public))
    )
    return int(session.connection().execute(statement).scalar_one())


def _batches(session: Session, which: Which) -> Iterator[tuple[list[IncidentFacts], Batch]]:
    reference, after = (_INCIDENT.ref_year, _INCIDENT.ref_number), (0, 0)
    event = table_of(Event).c
    chosen = (
        select(
            *columns_for(Incident, IncidentFacts)[:-1],
            sourcing_of(which.viewer).label("sourcing"),
            event.title.label("event"),
        )
        .outerjoin_from(table_of(Incident), table_of(Event), event.id == _INCIDENT.event_id)
        .where(_walked(session, which.where))
        .order_by(*reference)
        .limit(which.batch)
    )
    while True:
        statement = chosen.where(tuple_(*reference) > tuple_(*after))
        rows = session.connection().execute(statement)
        facts = [_seen_by(which.viewer, IncidentFacts._make(row)) for row in rows]
        if facts:
            references = {one.id: one.reference for one in facts}
            yield facts, Batch(session, which.viewer, references)
        if len(facts) < which.batch:
            return
        after = (facts[-1].ref_year, facts[-1].ref_number)
        session.expunge_all()


def _walked(session: Session, where: ColumnElement[bool]) -> ColumnElement[bool]:
    """Keeps SQLite walking the references: it would sort all matches again for every batch.

    No index serves a CASE. PostgreSQL has statistics and weighs the LIMIT.
    """
    if session.get_bind().dialect.name != "sqlite":
        return where
    return case((where, 1), else_=0) == 1


def _seen_by(viewer: Viewer, facts: IncidentFacts) -> IncidentFacts:
    if viewer.internal:
        return facts
    return facts._replace(details=shown_details(facts.type, facts.details))


def _place_ids(facts: IncidentFacts) -> list[int]:
    return [id_ for id_ in (facts.place_id, facts.subject_place_id) if id_ is not None]


def _party_ids(people: Sequence[Any], said: Sequence[Any]) -> set[int | None]:
    involved = {id_ for row in people for id_ in (row.party_id, row.relationship_to_id)}
    return involved | {row.speaker_id for row in said}


def _in_order(batch: Batch, found: Mapping[int, Sequence[Any]]) -> list[Any]:
    return [row for incident_id in batch.references for row in found.get(incident_id, ())]


def _source_rows(session: Session, which: Which, facts: Sequence[SourceFacts]) -> list[SourceRow]:
    ids = [source.id for source in facts]
    execute = session.connection().execute
    address, snapshot = table_of(SourceAddress).c, table_of(Snapshot).c
    counts = (
        select(_CITATION.source_id, func.count(_CITATION.incident_id.distinct()))
        .join_from(table_of(Citation), table_of(Incident), _INCIDENT.id == _CITATION.incident_id)
        .where(_CITATION.source_id.in_(ids), which.where)
        .group_by(_CITATION.source_id)
    )
    incidents_n = {source_id: int(count) for source_id, count in execute(counts)}
    addresses = (
        select(address.source_id, address.url)
        .where(address.source_id.in_(ids))
        .order_by(address.source_id, address.position)
    )
    hashes = (
        select(snapshot.source_id, snapshot.sha256)
        .where(snapshot.source_id.in_(ids))
        .order_by(snapshot.source_id, snapshot.id)
    )
    origins = select(_SOURCE.id, _SOURCE.ref_year, _SOURCE.ref_number).where(
        _SOURCE.id.in_({source.origin for source in facts}), visible_source(which.viewer)
    )
    urls, snapshots = _several(execute(addresses)), _several(execute(hashes))
    references = {id_: source_reference(year, number) for id_, year, number in execute(origins)}
    return [
        SourceRow(
            source=source,
            origin=references.get(source.origin),
            alternate_urls=urls.get(source.id, ()),
            snapshot_sha256=snapshots.get(source.id, ()),
            incidents_n=incidents_n[source.id],
        )
        for source in facts
    ]


def _several(rows: Any) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for owner, value in rows:
        found[owner] = (*found.get(owner, ()), value)
    return found
