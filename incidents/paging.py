"""Pages of a listing by key, never by offset: a row that comes or goes moves nobody's place.

Owns the `after` token and the condition it stands for. Refuses to know what is listed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, literal, tuple_

from incidents.db import Instant
from incidents.errors import FieldErrors

T = TypeVar("T")
Key = tuple[Any, ...]

PAGE_SIZE = 50
LONGEST_TOKEN = 1000
_BACK = "before"


@dataclass(frozen=True)
class Order:
    """A way to sort: NOT NULL columns, the last one unique; `-` before its name is descending.

    A `counted` one sorts by what no row bears: its key is how many rows come before, and its one
    column stands for that number. Rows that come or go move its pages.
    """

    name: str
    label: str
    columns: tuple[ColumnElement[Any], ...]
    counted: bool = False

    @property
    def descending(self) -> bool:
        return self.name.startswith("-")


@dataclass(frozen=True)
class PageAsked:
    """Which page: what follows `key` in this order, or with `backwards` what precedes it."""

    order: Order
    key: Key | None = None
    backwards: bool = False
    size: int = PAGE_SIZE


@dataclass(frozen=True)
class Page(Generic[T]):
    """Rows in the order asked for, and the exact count of the whole listing.

    `next` and `previous` are `after` tokens; None = there is no more that way.
    """

    rows: tuple[T, ...]
    count: int
    next: str | None
    previous: str | None


def orders(*ascending: Order) -> Mapping[str, Order]:
    """Each order and its reverse, by name."""
    both = (order for up in ascending for order in (up, replace(up, name=f"-{up.name}")))
    return MappingProxyType({order.name: order for order in both})


def page_asked(
    sort: str, after: str, known: Mapping[str, Order], *, default: str, size: int = PAGE_SIZE
) -> PageAsked:
    """From the listing's own parameters. FieldErrors for `sort` or `after` when they are none."""
    order = known.get(sort or default)
    if order is None:
        names = ", ".join(f"“{name}”" for name in known)
        raise FieldErrors({"sort": f"There is no order “{sort}”. Choose from {names}."})
    if not after:
        return PageAsked(order, size=size)
    key, backwards = _read(after, order)
    return PageAsked(order, key, backwards, size)


def token(order: Order, key: Key, *, backwards: bool = False) -> str:
    """The place of a row: its order and sort key in plain text; one of another order is refused."""
    first, *others = [_written(value) for value in key]
    return "~".join([*([_BACK] if backwards else []), order.name, first, *others])


def paged(statement: Select[*tuple[Any, ...]], asked: PageAsked) -> Select[*tuple[Any, ...]]:
    """The statement for this page: one row more than its size, reversed when going backwards.

    In a counted order the statement is sorted already.
    """
    if asked.order.counted:
        return statement.offset(_before(asked)).limit(asked.size + 1)
    downwards = asked.order.descending != asked.backwards
    columns = asked.order.columns
    if asked.key is not None:
        bound = tuple_(*columns)
        key = tuple_(
            *(literal(value, column.type) for value, column in zip(asked.key, columns, strict=True))
        )
        statement = statement.where(bound < key if downwards else bound > key)
    return statement.order_by(
        *(column.desc() if downwards else column.asc() for column in columns)
    ).limit(asked.size + 1)


def cut(rows: Sequence[T], asked: PageAsked) -> tuple[list[T], bool, bool]:
    """The page's own rows of what `paged` gave; whether more follow, and whether more precede."""
    more = len(rows) > asked.size
    own = list(rows[: asked.size])
    if asked.backwards:
        own.reverse()
        return own, True, more
    if asked.order.counted:
        return own, more, _before(asked) > 0
    return own, more, asked.key is not None


def beside(asked: PageAsked, first: Key, last: Key) -> tuple[str, str]:
    """The tokens of the pages before and after this one, from the keys of its first and last row.

    A counted order needs none.
    """
    if asked.order.counted:
        before = _before(asked)
        places = max(before - asked.size, 0), before + asked.size
        return token(asked.order, places[:1]), token(asked.order, places[1:])
    return token(asked.order, first, backwards=True), token(asked.order, last)


def _before(asked: PageAsked) -> int:
    return int(asked.key[0]) if asked.key is not None else 0


def _read(text: str, order: Order) -> tuple[Key, bool]:
    lost = FieldErrors(
        {"after": "This is no page of this listing. Start again from its first page."}
    )
    parts = text.split("~")
    backwards = len(parts) > 1 and parts[0] == _BACK
    if backwards:
        parts = parts[1:]
    wanted = len(order.columns)
    # Only the first value may hold the sign that parts them: a title.
    head, values = parts[0], parts[1:]
    if backwards and order.counted:
        raise lost
    if len(text) > LONGEST_TOKEN or head != order.name or len(values) < wanted or "\0" in text:
        raise lost
    first = "~".join(values[: len(values) - wanted + 1])
    try:
        key = tuple(
            _value(column, value)
            for column, value in zip(
                order.columns, [first, *values[len(values) - wanted + 1 :]], strict=True
            )
        )
    except (ValueError, OverflowError):
        raise lost from None
    return key, backwards


def _written(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _value(column: ColumnElement[Any], text: str) -> Any:
    if isinstance(column.type, Instant):
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    kind = column.type.python_type
    if kind is date:
        return date.fromisoformat(text)
    if kind is int:
        number = int(text)
        if not 0 <= number < 2**31:
            raise ValueError(text)
        return number
    text.encode()
    return text
