"""What a column of an export is: its name, its meaning, who may see it and how its cell is made.

Knows no table. A row's value is made once; joining and labelling happen here for every column.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Generic, TypeVar

from incidents.csvio import Cell
from incidents.vocabulary.types import vocabularies

R = TypeVar("R")
Value = Cell | tuple[str, ...]
JOINED_BY = " | "


class Type(StrEnum):
    """What a cell holds, in the words of a Frictionless table schema."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"


class ColumnSet(StrEnum):
    """Full: every column, codes, names as heads. Report: for a text, labels throughout."""

    FULL = "full"
    REPORT = "report"


class Audience(StrEnum):
    """Who may have a column: everyone, or only the internal profile."""

    ALL = "all"
    INTERNAL = "internal"


@dataclass(frozen=True)
class Context:
    """What values need besides their row: labels as this installation has them, where links go."""

    labels: Mapping[tuple[str, str], str] = field(default_factory=lambda: MappingProxyType({}))
    # Without a slash at its end; "" = links are paths.
    base_url: str = ""

    def label(self, vocabulary: str, code: str) -> str:
        """This installation's label, else the package's; a code nobody knows is its own."""
        known = self.labels.get((vocabulary, code))
        if known is not None:
            return known
        shipped = vocabularies().get(vocabulary)
        return shipped.label(code) if shipped else code


@dataclass(frozen=True)
class Column(Generic[R]):
    """One exportable column. A tuple is several values, joined in one cell; () is blank."""

    name: str
    label: str
    definition: str
    value: Callable[[R, Context], Value]
    type: Type = Type.STRING
    # The vocabulary of a coded value; "" = not coded.
    vocabulary: str = ""
    hxl: str = ""
    audience: Audience = Audience.ALL
    sets: tuple[ColumnSet, ...] = (ColumnSet.FULL, ColumnSet.REPORT)


def cells(columns: Sequence[Column[R]], row: R, context: Context, *, labelled: bool) -> list[Cell]:
    """One row's cells: codes, or labels where asked for and there are any."""
    values = [column.value(row, context) for column in columns]
    if labelled:
        values = [
            _labelled(column, value, context) if value and column.vocabulary else value
            for column, value in zip(columns, values, strict=True)
        ]
    return [joined(value) if isinstance(value, tuple) else value for value in values]


def _labelled(column: Column[R], value: Value, context: Context) -> Value:
    codes = value if isinstance(value, tuple) else (str(value),)
    return tuple(context.label(column.vocabulary, code) for code in codes)


def joined(values: Iterable[str]) -> str | None:
    """Several values in a cell; None when there is none, or nothing but blanks."""
    text = JOINED_BY.join(values)
    return text if text.strip(JOINED_BY) else None
