"""The filter of a listing: parsed from an address, rendered back, as SQL and in words.

Owns no parameter: those stand in the table of `clauses`.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, and_

from incidents.errors import FieldErrors
from incidents.incident.filters.asked import ANY, NONE, Asked, Value, written
from incidents.incident.filters.clauses import CLAUSES, Clause, Parameter, clauses_for
from incidents.incident.rights import visible
from incidents.viewer import Viewer

# Of the listing itself: its routes read them.
LISTING = frozenset({"sort", "after", "view", "columns"})
MOST_VALUES = 50


@dataclass(frozen=True)
class IncidentFilter(Asked):
    """A listing's filter. Names in it are looked up (`queries.with_names`) before it is used."""

    @classmethod
    def from_args(
        cls, args: Iterable[tuple[str, str]], viewer: Viewer, *, also: Collection[str] = LISTING
    ) -> Self:
        """Read pairs of a query string; blank values ask for nothing, `also` are the caller's own.

        FieldErrors by parameter: one nobody knows (a reader's own rights count), a value that is
        none, two values where one stands, ends in the wrong order.
        """
        asked, errors = cls.read(args, viewer, also=also)
        if errors:
            raise errors
        return asked

    @classmethod
    def read(
        cls, args: Iterable[tuple[str, str]], viewer: Viewer, *, also: Collection[str] = LISTING
    ) -> tuple[Self, FieldErrors]:
        """What could be read, and everything that is wrong, for whoever looks further."""
        errors = FieldErrors()
        known = {parameter.name: parameter for parameter in _parameters(viewer)}
        texts: dict[str, list[str]] = {}
        for name, text in args:
            if name in known:
                texts.setdefault(name, []).append(text.strip())
            elif name not in also:
                errors.add(name, _unknown(name))
        read = {
            name: _read(parameter, texts.get(name, ()), viewer, errors)
            for name, parameter in known.items()
        }
        asked = cls(tuple((name, values) for name, values in read.items() if values))
        for clause in CLAUSES:
            if clause.check and not set(clause.names) & set(errors.errors):
                for name, message in clause.check(asked):
                    errors.add(name, message)
        return asked, errors

    def to_args(self) -> list[tuple[str, str]]:
        """The pairs `from_args` reads back to this very filter, always in the same order."""
        return [(name, written(value)) for name, values in self.asked for value in values]

    @property
    def query(self) -> str:
        return urlencode(self.to_args())

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """Those that ask for something, in the table's order."""
        return tuple(
            clause
            for clause in CLAUSES
            if any(name in self for name in clause.names) and clause.words(self)
        )


@dataclass(frozen=True)
class Pill:
    """One clause of a filter in words, and the filter's args without it."""

    label: str
    words: str
    names: tuple[str, ...]
    without: list[tuple[str, str]]


def where(asked: IncidentFilter, viewer: Viewer) -> ColumnElement[bool]:
    """Over `Incident`: what the viewer may see of what was asked for."""
    return and_(visible(viewer), *(clause.predicate(asked, viewer) for clause in asked.clauses))


def for_export(asked: IncidentFilter) -> IncidentFilter:
    """The same filter over approved incidents, unless it names a status itself."""
    return asked if "status" in asked else with_value(asked, "status", "approved")


def with_value(asked: IncidentFilter, name: str, value: Value) -> IncidentFilter:
    """The filter with this one value for a parameter."""
    return with_values(asked, name, (value,))


def with_values(asked: IncidentFilter, name: str, given: tuple[Value, ...]) -> IncidentFilter:
    """The filter with these values for a parameter, in its place in the table's order."""
    values = {**dict(asked.asked), name: given}
    order = [name for clause in CLAUSES for name in clause.names]
    return replace(asked, asked=tuple((known, values[known]) for known in order if known in values))


def without_names(asked: IncidentFilter) -> IncidentFilter:
    """The same filter with its parties by id: a name typed into it must not be kept in clear."""
    if "party" not in asked:
        return asked
    ids: tuple[Value, ...] = tuple(str(key) for key in asked.keys("party"))
    values = (*ids, NONE) if asked.missing("party") else ids
    return replace(
        asked,
        asked=tuple((name, values if name == "party" else given) for name, given in asked.asked),
    )


def in_words(asked: IncidentFilter) -> str:
    """The whole sentence: "Incidents where type is detention"; "All incidents" when all are."""
    said = conditions(asked)
    return f"Incidents {said}" if said else "All incidents"


def conditions(asked: IncidentFilter) -> str:
    """The sentence without its subject: "where type is detention"; "" when nothing is asked for."""
    facts = [clause.sentence(asked) for clause in asked.clauses if clause.says_a_fact]
    others = [clause.sentence(asked) for clause in asked.clauses if not clause.says_a_fact]
    return ", ".join([*([f"where {', '.join(facts)}"] if facts else []), *others])


def pills(asked: IncidentFilter) -> list[Pill]:
    return [
        Pill(
            clause.label,
            clause.words(asked),
            clause.names,
            asked.without(clause.names).to_args(),
        )
        for clause in asked.clauses
    ]


def _parameters(viewer: Viewer) -> Iterator[Parameter]:
    for clause in clauses_for(viewer):
        yield from clause.parameters


def _read(
    parameter: Parameter, texts: Iterable[str], viewer: Viewer, errors: FieldErrors
) -> tuple[Value, ...]:
    given = [text for text in dict.fromkeys(texts) if text]
    if len(given) > MOST_VALUES:
        errors.add(parameter.name, f"{MOST_VALUES} values are the most; these are {len(given)}.")
        return ()
    if len(given) > 1 and not parameter.several:
        errors.add(parameter.name, f"“{parameter.label}” takes one value; these are {len(given)}.")
        return ()
    values: set[Value] = set()
    for text in given:
        if text == parameter.usual:
            continue
        try:
            values.add(_value(parameter, text, viewer))
        except ValueError as error:
            errors.add(parameter.name, str(error))
    if ANY in values:
        return (ANY,)
    return tuple(sorted(values, key=lambda value: (value == NONE, written(value))))


def _value(parameter: Parameter, text: str, viewer: Viewer) -> Value:
    if text != NONE or parameter.free:
        return parameter.read(text, viewer)
    if not parameter.missing:
        raise ValueError(f"“{parameter.label}” is never missing: “none” can’t be asked for.")
    return NONE


def _unknown(name: str) -> str:
    shown = "".join(sign if sign.isprintable() else " " for sign in name[:60])
    return f"There is no filter called “{shown}”. Take it out of the address, or start again."
