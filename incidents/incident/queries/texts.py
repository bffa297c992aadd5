"""What incidents say, text by text, in a viewer's eyes: what search documents are made of, and the
words around a hit.

Loaded as an export loads it, by the code that redacts there: what that leaves out is not here.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from incidents.db import table_of
from incidents.incident.models import Event, Incident
from incidents.incident.queries.export_citations import citation_rows, citations_of
from incidents.incident.queries.export_people import (
    Batch,
    figures_of,
    involvement_rows,
    involvements_of,
    parties_shown,
)
from incidents.incident.queries.export_rows import (
    CitationRow,
    FigureFacts,
    InvolvementRow,
    SourceFacts,
    incident_reference,
)
from incidents.incident.record import shown_details
from incidents.incident.types import TYPES, Detail, Kind
from incidents.viewer import Viewer
from incidents.vocabulary.queries import spellings

_INCIDENT = table_of(Incident).c
_EVENT = table_of(Event).c


@dataclass(frozen=True, slots=True)
class Text:
    """One text, and what it is called there; `quote`: a source's own words."""

    field: str
    words: str
    quote: bool = False


@dataclass(frozen=True, slots=True)
class Texts:
    """All that one incident says; the title apart, the rest from what says most."""

    title: str
    others: tuple[Text, ...]


def texts_of(session: Session, viewer: Viewer, ids: Collection[int]) -> Mapping[int, Texts]:
    """By id, whether or not the viewer may see the incident: whoever asks has seen to that.

    A constant number of statements. Of a protected source there is nothing but what the record
    says without naming a citation; no name that is sealed.
    """
    statement = (
        select(
            *(_INCIDENT[name] for name in ("id", "ref_year", "ref_number", "type", "title")),
            *(_INCIDENT[name] for name in ("summary", "place_id", "subject_place_id", "details")),
            *(_INCIDENT[name] for name in ("date_verbatim", "place_verbatim", "notes")),
            _EVENT.title.label("event"),
        )
        .outerjoin_from(table_of(Incident), table_of(Event), _EVENT.id == _INCIDENT.event_id)
        .where(_INCIDENT.id.in_(sorted(ids)))
    )
    rows = list(session.connection().execute(statement))
    batch = Batch(
        session, viewer, {row.id: incident_reference(row.ref_year, row.ref_number) for row in rows}
    )
    people, said = involvement_rows(batch), citation_rows(batch)
    named = {one for row in people for one in (row.party_id, row.relationship_to_id)}
    parties = parties_shown(session, viewer, named | {row.speaker_id for row in said})
    involvements = involvements_of(batch, people, parties)
    citations = citations_of(batch, said, parties)
    figures = figures_of(batch)
    places = spellings(session, {one for row in rows for one in _places(row)})
    return {
        row.id: Texts(
            row.title,
            tuple(
                chain(
                    _of_record(row, batch, figures.get(row.id, ()), citations.get(row.id, ())),
                    _of_citations(citations.get(row.id, ())),
                    _of_parties(involvements.get(row.id, ()), citations.get(row.id, ())),
                    (Text("Place", name) for one in _places(row) for name in places.get(one, ())),
                    _of_sources(citations.get(row.id, ())),
                )
            ),
        )
        for row in rows
    }


def _of_record(
    row: Any, batch: Batch, figures: Sequence[FigureFacts], citations: Sequence[CitationRow]
) -> Iterator[Text]:
    yield Text("Reference", batch.references[row.id])
    if row.summary:
        yield Text("Summary", row.summary)
    internal = batch.viewer.internal
    details = row.details if internal else shown_details(row.type, row.details)
    for detail in TYPES[row.type].details:
        for words in _free(detail, details.get(detail.name)):
            yield Text(detail.label, words)
    if row.event:
        yield Text("Event", row.event)
    protected = {said.id for said in citations if said.source.protected}
    # Of figures these are None already in a redacted view.
    for figure in figures:
        if figure.verbatim and figure.citation_id not in protected:
            yield Text("Figure, as written", figure.verbatim)
        if figure.totals_reason:
            yield Text("Notes", figure.totals_reason)
    if not internal:
        return
    if row.date_verbatim:
        yield Text("Date, as written", row.date_verbatim)
    if row.place_verbatim:
        yield Text("Place, as written", row.place_verbatim)
    if row.notes:
        yield Text("Notes", row.notes)


def _of_citations(citations: Sequence[CitationRow]) -> Iterator[Text]:
    for said in citations:
        if said.quote:
            yield Text("Quote", said.quote, quote=True)
        if said.note and not said.source.protected:
            yield Text("Notes", said.note)


def _of_parties(
    involvements: Sequence[InvolvementRow], citations: Sequence[CitationRow]
) -> Iterator[Text]:
    for involved in involvements:
        yield Text("Party", involved.party.label)
        if involved.relationship and involved.relationship_to:
            yield Text("Party", involved.relationship_to.label)
        if involved.note:
            yield Text("Notes", involved.note)
    for said in citations:
        if said.speaker:
            yield Text("Speaker", said.speaker.label)


def _of_sources(citations: Sequence[CitationRow]) -> Iterator[Text]:
    sources = {said.source.id: said.source for said in citations if not said.source.protected}
    for source in sources.values():
        for words in _of_source(source):
            yield Text("Source", words)


def _of_source(source: SourceFacts) -> Iterator[str]:
    """Not its headline: all that was logged from an article would be found by what it is called."""
    yield source.reference
    yield from (words for words in (source.publisher, source.author) if words)


def _free(detail: Detail, value: Any) -> Iterator[str]:
    """The free texts of a detail; what is coded has words that change for all at once."""
    if not value:
        return
    match detail.kind:
        case Kind.TEXT:
            yield value
        case Kind.TEXTS:
            yield from value
        case Kind.SAID:
            yield from (one["text"] for one in value)
        case Kind.PRICES:
            yield from (one["item"] for one in value if one.get("item"))


def _places(row: Any) -> tuple[int, ...]:
    return tuple(one for one in (row.place_id, row.subject_place_id) if one is not None)
