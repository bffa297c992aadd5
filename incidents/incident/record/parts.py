"""The parts of a record that a merge page chooses between, one by one.

A date goes with how it is known, a place with its precision, a list as a whole: halves of two of
them may say what nobody said.
"""

from dataclasses import fields, replace
from typing import Any

from incidents.incident.record.entry import Entry
from incidents.incident.record.value import CitationSaid, FigureSaid, Record
from incidents.incident.types import TYPES

_FIRST = ("citations", "date", "place", "figures", "involvements")
_LAST = ("relations", "subject_place", "title", "summary", "event", "publication", "notes")
# What belongs to a part without beginning with its name.
_PART_OF = {"ongoing_when_reported": "date"}


def parts_of(type_code: str) -> tuple[str, ...]:
    """Every part of such a record, in the order of its form."""
    details = (f"details.{detail.name}" for detail in TYPES[type_code].details)
    return (*_FIRST, *details, *_LAST)


def part_of(record: Record, path: str) -> Any:
    """Comparable, and equal exactly when the two say the same."""
    head, _, detail = path.partition(".")
    if detail:
        return record.details.get(detail)
    return tuple(getattr(record, name) for name in _names(type(record).model_fields, head))


def with_part(record: Record, path: str, source: Record) -> Record:
    """The record with one part of another's."""
    head, _, detail = path.partition(".")
    if detail:
        details = {name: value for name, value in record.details.items() if name != detail}
        if detail in source.details:
            details[detail] = source.details[detail]
        return record.model_copy(update={"details": details})
    taken = {name: getattr(source, name) for name in _names(type(record).model_fields, head)}
    return record.model_copy(update=taken)


def with_typed(entry: Entry, path: str, source: Entry) -> Entry:
    """The same, of what was typed."""
    head, _, detail = path.partition(".")
    if detail:
        details = {name: value for name, value in entry.details.items() if name != detail}
        if detail in source.details:
            details[detail] = source.details[detail]
        return replace(entry, details=details)
    names = _names([one.name for one in fields(entry)], head)
    return replace(entry, **{name: getattr(source, name) for name in names})


def _names(known: Any, part: str) -> list[str]:
    """`place` is the part of `place_verbatim` too."""
    return [
        name
        for name in known
        if name == part or name.startswith(f"{part}_") or _PART_OF.get(name) == part
    ]


def resting_on(
    figures: tuple[FigureSaid, ...],
    before: tuple[CitationSaid, ...],
    after: tuple[CitationSaid, ...],
) -> tuple[FigureSaid, ...] | None:
    """Figures counted by one side, over the other's citations; None when one's quote is missing."""
    moved = []
    for figure in figures:
        place = None
        if figure.citation is not None:
            place = _found(before[figure.citation], after)
            if place is None:
                return None
        moved.append(figure.model_copy(update={"citation": place}))
    return tuple(moved)


def _found(said: CitationSaid, among: tuple[CitationSaid, ...]) -> int | None:
    """The same words of the same source, whatever else is said about them."""
    if said in among:
        return among.index(said)
    words = [(one.source, one.quote.exact if one.quote else None) for one in among]
    sought = (said.source, said.quote.exact if said.quote else None)
    return words.index(sought) if sought in words else None
