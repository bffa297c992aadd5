"""Loads the citations of a batch of incidents with their sources: a fixed number of statements.

Owns the redaction of quotes: what a protected party said never reaches a redacted viewer.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from incidents.db import table_of
from incidents.incident.models import Citation, CitationField
from incidents.incident.queries.export_people import Batch, columns_for
from incidents.incident.queries.export_rows import CitationRow, PartyShown, SourceFacts
from incidents.incident.queries.protected import Passages, protected_passages, touches
from incidents.source.models import Snapshot, Source

_CITATION = table_of(Citation).c
_SOURCE = table_of(Source).c
_SNAPSHOT = table_of(Snapshot).c

# Spans of each snapshot's text, in code points, end exclusive.


def citation_rows(batch: Batch) -> list[Any]:
    """The citations this viewer may know, by incident and position: own columns and the hash."""
    names = (
        *("id", "incident_id", "source_id", "snapshot_id", "quote", "quote_start"),
        *("quote_end", "quote_prefix", "quote_suffix", "stance"),
        *("speaker_id", "utterance", "translated", "basis", "credibility"),
        "note",
    )
    statement = (
        select(
            *(_CITATION[name] for name in names),
            _CITATION.quote_sealed.is_not(None).label("sealed"),
            _SNAPSHOT.sha256,
        )
        .join_from(table_of(Citation), table_of(Source), _CITATION.source_id == _SOURCE.id)
        .outerjoin(table_of(Snapshot), _SNAPSHOT.id == _CITATION.snapshot_id)
        .where(_CITATION.incident_id.in_(batch.references))
        .order_by(_CITATION.incident_id, _CITATION.position)
    )
    if not batch.viewer.internal:
        statement = statement.where(~_SOURCE.protected)
    return list(batch.session.connection().execute(statement))


def citations_of(
    batch: Batch,
    rows: Sequence[Any],
    parties: Mapping[int, PartyShown],
    fields: Mapping[int, tuple[str, ...]] | None = None,
) -> dict[int, list[CitationRow]]:
    """By incident, in their order, from `citation_rows` and the parties who speak in them."""
    sources = _sources(batch.session, {row.source_id for row in rows})
    cited = {row.source_id for row in rows}
    passages, internal = Passages(), batch.viewer.internal
    if not internal:
        passages = protected_passages(batch.session, batch.viewer, cited)
    found: defaultdict[int, list[CitationRow]] = defaultdict(list)
    for row in rows:
        speaker = parties.get(row.speaker_id)
        withheld = row.sealed or (not internal and _protected(row, speaker, passages))
        found[row.incident_id].append(
            CitationRow(
                incident=batch.references[row.incident_id],
                id=row.id,
                number=len(found[row.incident_id]) + 1,
                source=sources[row.source_id],
                fields=(fields or {}).get(row.id, ()),
                stance=row.stance,
                quote=None if withheld else row.quote,
                quote_start=None if withheld else row.quote_start,
                quote_end=None if withheld else row.quote_end,
                # What stands around a quote can be somebody else's words.
                quote_prefix=row.quote_prefix if internal and not withheld else None,
                quote_suffix=row.quote_suffix if internal and not withheld else None,
                speaker=speaker,
                utterance=row.utterance,
                translated=row.translated,
                basis=row.basis,
                credibility=row.credibility,
                note=row.note if internal else None,
                snapshot_sha256=row.sha256 if row.sealed or not withheld else None,
                withheld=withheld and row.quote_start is not None,
            )
        )
    return found


def fields_of(batch: Batch) -> dict[int, tuple[str, ...]]:
    """Citation → the field paths it supports, in their order."""
    field = table_of(CitationField).c
    statement = (
        select(field.citation_id, field.field)
        .join_from(table_of(CitationField), table_of(Citation), _CITATION.id == field.citation_id)
        .where(_CITATION.incident_id.in_(batch.references))
        .order_by(field.citation_id, field.position)
    )
    found: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    for row in batch.session.connection().execute(statement):
        found[row.citation_id] += (row.field,)
    return found


def _sources(session: Session, ids: Iterable[int]) -> dict[int, SourceFacts]:
    statement = select(*columns_for(Source, SourceFacts)).where(_SOURCE.id.in_(sorted(ids)))
    rows = session.connection().execute(statement)
    return {row.id: SourceFacts._make(row) for row in rows}


def _protected(row: Any, speaker: PartyShown | None, passages: Passages) -> bool:
    if row.quote_start is None:
        return False
    if speaker is not None and speaker.protected_words:
        return True
    span = (row.quote_start, row.quote_end)
    return touches(passages, row.source_id, row.snapshot_id, span, row.quote or "")
