"""The rows an export reads, already as its viewer may see them: what is withheld is None here.

Knows no column and no file. A NamedTuple's fields are its select's whole column list.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from incidents.vocabulary.queries import PlaceView


class IncidentFacts(NamedTuple):
    """An incident without its children; `event` is the event's title."""

    id: int
    ref_year: int
    ref_number: int
    version: int
    type: str
    title: str
    summary: str | None
    date_edtf: str | None
    date_not_known: bool
    date_earliest: date | None
    date_latest: date | None
    date_precision: str | None
    date_basis: str | None
    date_counted: str | None
    ongoing_when_reported: bool | None
    place_id: int | None
    place_precision: str | None
    subject_place_id: int | None
    country: str | None
    details: dict[str, Any]
    assessment: str | None
    publication: str
    status: str
    created_at: datetime
    approved_at: datetime | None
    updated_at: datetime
    sourcing: str
    event: str | None

    @property
    def reference(self) -> str:
        return incident_reference(self.ref_year, self.ref_number)


class PartyShown(NamedTuple):
    """A party, resolved if merged, in this viewer's eyes.

    `protected_words`: what it says is withheld from redacted views. `parent` is a party's id.
    """

    id: int
    kind: str
    label: str
    sex: str | None
    age: int | None
    occupation: str | None
    sort: str | None
    parent: int | None
    privacy: str
    protected_words: bool


class InvolvementRow(NamedTuple):
    incident: str
    party: PartyShown
    parent: PartyShown | None
    role: str
    attribution: str | None
    relationship: str | None
    relationship_to: PartyShown | None
    note: str | None


class FigureFacts(NamedTuple):
    id: int
    incident_id: int
    position: int
    measure: str
    low: int | None
    best: int | None
    high: int | None
    unit: str | None
    qualifier: str | None
    verbatim: str | None
    sex: str | None
    age_min: int | None
    age_max: int | None
    in_totals: bool
    totals_reason: str | None
    citation_id: int | None
    parent_id: int | None


class FigureRow(NamedTuple):
    """`citation` and `source` are blank when the citation it rests on is withheld."""

    incident: str
    number: int
    breakdown_of: int | None
    figure: FigureFacts
    citation: int | None
    source: str | None


class SourceFacts(NamedTuple):
    id: int
    ref_year: int
    ref_number: int
    title: str
    kind: str
    publisher: str | None
    author: str | None
    url: str | None
    archive_url: str | None
    language: str | None
    published_edtf: str | None
    published_basis: str | None
    accessed_at: datetime | None
    reliability: str | None
    reliability_reason: str | None
    origin_id: int | None
    protected: bool

    @property
    def reference(self) -> str:
        return source_reference(self.ref_year, self.ref_number)

    @property
    def origin(self) -> int:
        """What copies of one story share."""
        return self.origin_id or self.id


class SourceRow(NamedTuple):
    """`origin` is blank unless this viewer may know that source too; hashes are oldest first."""

    source: SourceFacts
    origin: str | None
    alternate_urls: tuple[str, ...]
    snapshot_sha256: tuple[str, ...]
    incidents_n: int


class CitationRow(NamedTuple):
    """`number` counts the shown citations of its incident from 1; `withheld`: it has words that
    are not shown."""

    incident: str
    id: int
    number: int
    source: SourceFacts
    fields: tuple[str, ...]
    stance: str
    quote: str | None
    quote_start: int | None
    quote_end: int | None
    quote_prefix: str | None
    quote_suffix: str | None
    speaker: PartyShown | None
    utterance: str | None
    translated: bool | None
    basis: str | None
    credibility: int | None
    note: str | None
    snapshot_sha256: str | None
    withheld: bool


class RelationRow(NamedTuple):
    incident: str
    type: str
    to: str
    asserted_by: str
    note: str | None


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """An incident with its children, each in its own order; `counted` by measure."""

    facts: IncidentFacts
    place: PlaceView | None
    subject_place: PlaceView | None
    figures: tuple[FigureFacts, ...]
    counted: Mapping[str, FigureFacts]
    involvements: tuple[InvolvementRow, ...]
    citations: tuple[CitationRow, ...]
    contradicts: tuple[str, ...]
    overlaps: tuple[str, ...]

    @property
    def supporting(self) -> tuple[CitationRow, ...]:
        return tuple(said for said in self.citations if said.stance == "supports")

    @property
    def sources(self) -> tuple[SourceFacts, ...]:
        """Each cited source once, in the order of the citations."""
        return tuple({said.source.id: said.source for said in self.citations}.values())


def incident_reference(year: int, number: int) -> str:
    return f"INC-{year}-{number:05d}"


def source_reference(year: int, number: int) -> str:
    return f"SRC-{year}-{number:05d}"
