"""What was asked for, as values: parameter by parameter, in the table's order.

Owns the value and how names in it are found. Knows no parameter and no column.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Self, TypeVar

Value = str | int | date | datetime
T = TypeVar("T", str, int, date, datetime)

# Asks for the missing, and for every status.
NONE = "none"
ANY = "any"


@dataclass(frozen=True)
class Found:
    """What a name stands for: ids (a publisher: its spellings), and how to say it."""

    keys: tuple[int | str, ...]
    label: str


@dataclass(frozen=True)
class Asked:
    """Parameter → its values, sorted and without repeats; a parameter not asked for is not there.

    `found` holds what names in it stand for, and is no part of what was asked.
    """

    asked: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    found: Mapping[tuple[str, Value], Found] = field(
        default_factory=lambda: MappingProxyType({}), compare=False, repr=False
    )

    def __contains__(self, name: str) -> bool:
        return any(name == known for known, _ in self.asked)

    def values(self, name: str) -> tuple[Value, ...]:
        """() when it was not asked for."""
        return next((values for known, values in self.asked if known == name), ())

    def missing(self, name: str) -> bool:
        """Whether `none` is among its values."""
        return NONE in self.values(name)

    def given(self, name: str, kind: type[T]) -> tuple[T, ...]:
        """Its values without `none`."""
        return tuple(
            value for value in self.values(name) if value != NONE and isinstance(value, kind)
        )

    def one(self, name: str, kind: type[T]) -> T | None:
        """The value of a parameter that takes one; None when it was not asked for, or is `none`."""
        return next(iter(self.given(name, kind)), None)

    def keys(self, name: str) -> tuple[int | str, ...]:
        """What its names stand for, all of them. KeyError when they were never looked up."""
        return tuple(
            key
            for value in self.values(name)
            if value != NONE
            for key in self.found[name, value].keys
        )

    def label(self, name: str, value: Value) -> str:
        """How to say a value: the name found for it, or the value itself."""
        found = self.found.get((name, value))
        return found.label if found else written(value)

    def without(self, names: Iterable[str]) -> Self:
        dropped = frozenset(names)
        return replace(self, asked=tuple(pair for pair in self.asked if pair[0] not in dropped))

    def with_found(self, found: Mapping[tuple[str, Value], Found]) -> Self:
        return replace(self, found=MappingProxyType(dict(found)))


def written(value: Value) -> str:
    """The value as a parameter says it; reading it again gives the same value."""
    if isinstance(value, datetime):
        utc = value.astimezone(UTC).replace(tzinfo=None)
        whole_day = utc == datetime(utc.year, utc.month, utc.day)
        return utc.date().isoformat() if whole_day else f"{utc.isoformat()}Z"
    return value.isoformat() if isinstance(value, date) else str(value)
