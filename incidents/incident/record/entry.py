"""An incident as somebody types it: names, not ids; "about 20", not three numbers.

A form parses into it, `actions.entry` turns it into a record, `queries.entry` the way back.
"""

from dataclasses import dataclass, field
from typing import Any

# In place of a party's id: somebody new, whoever else bears the label.
NEW = "new"


@dataclass(frozen=True)
class CitationTyped:
    """`source` is a reference; `speaker` a label, and whether a new one is to be protected.

    `speaker_id` is whom somebody chose: see `InvolvementTyped`. `at` is where the quote was taken
    from, in code points of the text: of several places that say the same, the one meant.
    """

    source: str
    quote: str = ""
    stance: str = "supports"
    speaker: str = ""
    speaker_protected: bool = True
    basis: str = ""
    utterance: str = ""
    translated: str = ""
    credibility: str = ""
    supports: tuple[str, ...] = ()
    note: str = ""
    speaker_id: str = ""
    at: str = ""


@dataclass(frozen=True)
class FigureTyped:
    """`how_many` in words; `citation` and `parent` count from 1, as the page does."""

    how_many: str = ""
    measure: str = ""
    verbatim: str = ""
    unit: str = ""
    sex: str = ""
    age_min: int | None = None
    age_max: int | None = None
    in_totals: bool = True
    totals_reason: str = ""
    citation: int | None = None
    parent: int | None = None


@dataclass(frozen=True)
class InvolvementTyped:
    """`party` and `relationship_to` are labels; a row without a party says nothing.

    `party_id` and `relationship_to_id` are whom somebody chose of those so called: an id, or
    NEW for nobody recorded yet. They count while the label still is that party’s. `kind` is for
    a new one; blank = as role and numbers propose.
    """

    party: str = ""
    role: str = ""
    protected: bool = True
    attribution: str = ""
    relationship: str = ""
    relationship_to: str = ""
    note: str = ""
    party_id: str = ""
    relationship_to_id: str = ""
    kind: str = ""


@dataclass(frozen=True)
class RelationTyped:
    """`to` is a reference; a row without one says nothing."""

    type: str = ""
    to: str = ""
    asserted_by: str = "coder"
    note: str = ""


@dataclass(frozen=True)
class Entry:
    """Blank text = nobody says. `details` holds values in the shapes of `types.Kind`.

    The ids of places are what was chosen from a list: a place's, or "g:" and a settlement's of the
    gazetteer. They count while the text beside them still says so.
    """

    type: str
    citations: tuple[CitationTyped, ...]
    title: str = ""
    summary: str = ""
    date: str = ""
    date_not_known: bool = False
    date_precision: str = ""
    date_basis: str = ""
    date_verbatim: str = ""
    ongoing_when_reported: str = ""
    place: str = ""
    place_id: str = ""
    place_country: str = ""
    place_within: str = ""
    place_within_id: str = ""
    place_precision: str = ""
    place_verbatim: str = ""
    subject_place: str = ""
    subject_place_id: str = ""
    figures: tuple[FigureTyped, ...] = ()
    involvements: tuple[InvolvementTyped, ...] = ()
    relations: tuple[RelationTyped, ...] = ()
    event: str = ""
    notes: str = ""
    publication: str = "open"
    details: dict[str, Any] = field(default_factory=dict)
