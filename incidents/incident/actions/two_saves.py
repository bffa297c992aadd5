"""Puts together what two people made of one record, part by part as somebody chose.

What is chosen is what is saved: the other side's new parties and places are never made.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from incidents.errors import FieldErrors
from incidents.incident.actions.entry import record_from_entry
from incidents.incident.actions.prepare import prepared
from incidents.incident.queries.entry import entry_of
from incidents.incident.queries.sealed import opened_record
from incidents.incident.queries.two_saves import Sides
from incidents.incident.queries.words import Words, words_for
from incidents.incident.record import Record
from incidents.incident.record.entry import Entry
from incidents.incident.record.parts import part_of, parts_of, resting_on, with_part, with_typed
from incidents.three_way import changed_by, differs
from incidents.work import Work

_QUOTE_MISSING = (
    "One of these figures rests on a quote that the chosen quotes leave out."
    " Choose the same side for both."
)


@dataclass(frozen=True)
class Comparison:
    """`mine` may name parties and places that are not there: they are made when it is saved."""

    sides: Sides
    mine: Record
    words: Words

    def record(self, side: str) -> Record:
        return {"base": self.sides.base, "theirs": self.sides.theirs}.get(side, self.mine)

    @property
    def proposed(self) -> dict[str, str]:
        """Part → the side that alone changed it, "" where both did; without what agrees."""
        found = {}
        for path in parts_of(self.mine.type):
            base, theirs, mine = (
                part_of(self.record(side), path) for side in ("base", "theirs", "mine")
            )
            if differs(theirs, mine):
                found[path] = changed_by(base, theirs, mine)
        return found


def compared(work: Work, entry: Entry, sides: Sides) -> Comparison:
    """Writes nothing. FieldErrors for what can't be read of what was typed."""
    tried = work.session.begin_nested()
    try:
        typed = prepared(work, record_from_entry(work, entry, sides.base))
        mine = opened_record(work.session, work.keyring, typed)
        words = words_for(work.session, work.actor, [sides.base, sides.theirs, mine])
    finally:
        tried.rollback()
    return Comparison(sides, mine, words)


def merged_record(
    work: Work, entry: Entry, comparison: Comparison, chosen: Mapping[str, str]
) -> Record:
    """Of each part the chosen side's. FieldErrors when figures lose the quote they rest on."""
    stored = {"base": comparison.sides.base, "theirs": comparison.sides.theirs}
    typed = {side: entry_of(record, comparison.words) for side, record in stored.items()}
    # What both made the same of it is theirs as it stands.
    taken = {
        path: chosen.get(path, "theirs")
        for path in parts_of(entry.type)
        if chosen.get(path) != "mine"
    }
    before = comparison.sides.base
    for path, side in taken.items():
        entry = with_typed(entry, path, typed[side])
        before = with_part(before, path, stored[side])
    record = record_from_entry(work, entry, before)
    for path, side in taken.items():
        record = with_part(record, path, stored[side])
    if "title" not in taken:
        # Left empty, it was proposed from all of mine.
        record = record.model_copy(update={"title": comparison.mine.title})
    return _with_figures_resting(record, comparison, chosen)


def _with_figures_resting(
    record: Record, comparison: Comparison, chosen: Mapping[str, str]
) -> Record:
    """Figures point to quotes by their place, which another side's list may not have."""
    counted, quoted = chosen.get("figures"), chosen.get("citations")
    counted = counted or (quoted if quoted == "mine" else "theirs")
    quoted = quoted or (counted if counted == "mine" else "theirs")
    if counted == quoted:
        return record
    before, after = (comparison.record(side).citations for side in (counted, quoted))
    figures = resting_on(record.figures, before, after)
    if figures is None:
        raise FieldErrors({"figures": _QUOTE_MISSING})
    return record.model_copy(update={"figures": figures})
