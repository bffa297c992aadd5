"""What one incident's page shows, in words: frozen views, made by `page`."""

from dataclasses import dataclass
from datetime import datetime

from incidents.incident.queries.words import SourceLine
from incidents.incident.states import Transition
from incidents.insertions import has_insertion, parted


@dataclass(frozen=True)
class Fact:
    """One value in words; `marks` are the numbers of the citations it rests on."""

    path: str
    label: str
    value: str
    marks: tuple[int, ...]
    verbatim: str = ""
    more: str = ""
    # How a date was counted, in words; and what it was counted from says something else by now.
    counted: str = ""
    moved: str = ""

    @property
    def supported(self) -> bool:
        return bool(self.marks)


@dataclass(frozen=True)
class FigureLine:
    measure: str
    low: int | None
    best: int | None
    high: int | None
    words: str
    qualifier: str
    verbatim: str
    unit: str
    who: str
    in_totals: bool
    totals_reason: str
    marks: tuple[int, ...]
    part: bool


@dataclass(frozen=True)
class ComparedFigure:
    """What one citation gives for a measure; `mark` is the citation's number, None when hidden."""

    low: int | None
    best: int | None
    high: int | None
    words: str
    verbatim: str
    source: SourceLine | None
    speaker: str
    mark: int | None
    in_totals: bool
    reason: str


@dataclass(frozen=True)
class Comparison:
    """Figures of one measure, of the same people, from different citations."""

    measure: str
    rows: tuple[ComparedFigure, ...]

    @property
    def agree(self) -> bool:
        return len({(row.low, row.best, row.high) for row in self.rows}) == 1


@dataclass(frozen=True)
class CitationLine:
    """`copy` is the number of the copy its quote was taken from, of so many `copies`; None when
    that is the newest.
    """

    number: int
    source: SourceLine
    quote: str
    withheld: bool
    start: int | None
    end: int | None
    stance: str
    stance_label: str
    speaker: str
    translated: bool
    utterance: str
    basis: str
    credibility: str
    fields: tuple[str, ...]
    note: str
    copy: int | None = None
    copies: int = 1

    @property
    def parts(self) -> list[tuple[str, bool]]:
        """The words, apart from those that the source's editor put in, in square brackets."""
        return parted(self.quote)

    @property
    def has_insertions(self) -> bool:
        return not self.withheld and has_insertion(self.quote)


@dataclass(frozen=True)
class InvolvementLine:
    party_id: int
    label: str
    protected: bool
    role: str
    attribution: str
    relationship: str
    note: str


@dataclass(frozen=True)
class RelationLine:
    """The other end, with the relation said from this one."""

    reference: str
    type: str
    title: str
    status: str
    words: str
    asserted_by: str
    note: str


@dataclass(frozen=True)
class Check:
    """What the machine found in a record; `path` is the fact it is about, or ""."""

    ok: bool
    words: str
    path: str = ""


@dataclass(frozen=True)
class DecisionLine:
    decision: str
    reason: str
    reviewer: str
    decided_at: datetime
    version: int
    of_correction: bool


@dataclass(frozen=True)
class IncidentHead:
    """The incident's own columns, for whoever may see it."""

    reference: str
    id: int
    type: str
    title: str
    summary: str
    version: int
    publication: str
    assessment: str | None
    event_id: int | None
    created_at: datetime
    submitted_at: datetime | None
    approved_at: datetime | None
    updated_at: datetime


@dataclass(frozen=True)
class IncidentPage(IncidentHead):
    """`status` may be `returned`: a draft a reviewer sent back. "" = nobody says."""

    status: str
    sourcing: str
    author: str
    facts: tuple[Fact, ...]
    unstated: tuple[str, ...]
    figures: tuple[FigureLine, ...]
    comparisons: tuple[Comparison, ...]
    citations: tuple[CitationLine, ...]
    parties: tuple[InvolvementLine, ...]
    # Numbers of the quotes that support who had a part in it.
    parties_marks: tuple[int, ...]
    relations: tuple[RelationLine, ...]
    event: str
    notes: str
    decisions: tuple[DecisionLine, ...]
    returned: str
    transitions: tuple[Transition, ...]
    may_decide: bool
    may_edit: bool
    may_correct: bool
    may_restrict: bool
    named: tuple[str, ...]
    redacted: bool
    duplicate_of: str
    protected: bool
    checks: tuple[Check, ...]
    sentence: str
