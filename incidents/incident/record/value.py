"""The values a record is made of.

Forms fill them, actions write them, revisions and corrections store them. Knows no database.
"""

import json
from typing import Any

from pydantic import BaseModel, ConfigDict

from incidents.dates_counted import Counted
from incidents.db import canonical_json


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CountedSaid(_Frozen):
    """How a date was counted from another: `amount` times `unit` before or after `anchor` (EDTF).

    `anchored`: the anchor is stated, or is when `source` was published; then this is its id.
    """

    amount: int
    unit: str
    side: str
    anchor: str
    anchored: str
    source: int | None = None

    @property
    def counted(self) -> Counted:
        return Counted(self.amount, self.unit, self.side, self.anchor, self.anchored)


class When(_Frozen):
    """EDTF with how it is known; both `edtf` and `not_known` blank = nobody has said yet.

    `counted` says how `edtf` was counted from another date, None that it names its own days.
    """

    edtf: str | None = None
    not_known: bool = False
    precision: str | None = None
    basis: str | None = None
    verbatim: str | None = None
    ongoing_when_reported: bool | None = None
    counted: CountedSaid | None = None


class Quote(_Frozen):
    """Exact words; offsets in code points of the snapshot's text, end exclusive.

    Of a protected source only `sealed` is stored (base64), the words are blank.
    """

    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    end: int | None = None
    sealed: str | None = None


class CitationSaid(_Frozen):
    """`fields` are field paths it supports; () = the whole incident."""

    source: int
    snapshot: int | None = None
    quote: Quote | None = None
    stance: str = "supports"
    fields: tuple[str, ...] = ()
    speaker: int | None = None
    utterance: str | None = None
    translated: bool | None = None
    basis: str | None = None
    credibility: int | None = None
    note: str | None = None


class FigureSaid(_Frozen):
    """`citation` and `parent` are indexes into the same record's citations and figures."""

    measure: str
    low: int | None = None
    best: int | None = None
    high: int | None = None
    unit: str | None = None
    qualifier: str | None = None
    verbatim: str | None = None
    sex: str | None = None
    age_min: int | None = None
    age_max: int | None = None
    in_totals: bool = False
    totals_reason: str | None = None
    citation: int | None = None
    parent: int | None = None


class InvolvementSaid(_Frozen):
    """`party` and `relationship_to` are party ids."""

    party: int
    role: str
    attribution: str | None = None
    relationship: str | None = None
    relationship_to: int | None = None
    note: str | None = None


class RelationSaid(_Frozen):
    """`to` is an incident's id."""

    type: str
    to: int
    asserted_by: str = "coder"
    note: str | None = None


class Record(_Frozen):
    """Ids, never names: places, parties, sources and events have revisions of their own."""

    type: str
    title: str = ""
    summary: str | None = None
    date: When = When()
    place: int | None = None
    place_precision: str | None = None
    place_verbatim: str | None = None
    subject_place: int | None = None
    details: dict[str, Any] = {}
    notes: str | None = None
    event: int | None = None
    publication: str = "open"
    figures: tuple[FigureSaid, ...] = ()
    citations: tuple[CitationSaid, ...] = ()
    involvements: tuple[InvolvementSaid, ...] = ()
    relations: tuple[RelationSaid, ...] = ()


def to_json(record: Record) -> str:
    """Canonical text without what nobody says: equal records give equal bytes."""
    return canonical_json(record.model_dump(mode="json", exclude_none=True))


def to_text(counted: CountedSaid) -> str:
    """Canonical text of how a date was counted, for its column."""
    return canonical_json(counted.model_dump(mode="json", exclude_none=True))


def from_json(text: str) -> Record:
    return Record.model_validate(json.loads(text))
