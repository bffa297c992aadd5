"""Pages by key: the token is read back exactly, or refused."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Date, Integer, MetaData, Table

from incidents.db import Binary, Instant
from incidents.errors import FieldErrors
from incidents.paging import Key, Order, PageAsked, cut, orders, page_asked, token

_ROWS = Table(
    "row",
    MetaData(),
    Column("id", Integer),
    Column("day", Date),
    Column("at", Instant),
    Column("title", Binary),
)
KNOWN = orders(
    Order("day", "Day", (_ROWS.c.day, _ROWS.c.id)),
    Order("at", "At", (_ROWS.c.at, _ROWS.c.id)),
    Order("title", "Title", (_ROWS.c.title, _ROWS.c.id)),
)
IDS = st.integers(0, 2**31 - 1)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=200)
KEYS = st.one_of(
    st.tuples(st.just("day"), st.tuples(st.dates(), IDS)),
    st.tuples(st.just("-at"), st.tuples(st.datetimes(timezones=st.just(UTC)), IDS)),
    st.tuples(st.just("title"), st.tuples(TEXTS, IDS)),
)


@given(KEYS, st.booleans())
def test_token_reads_back_to_its_key(named: tuple[str, Key], backwards: bool) -> None:
    name, key = named
    after = token(KNOWN[name], key, backwards=backwards)
    asked = page_asked(name, after, KNOWN, default="-day")
    assert asked == PageAsked(KNOWN[name], key, backwards)


def test_token_can_be_read_by_people() -> None:
    assert token(KNOWN["-day"], (date(2011, 12, 16), 42)) == "-day~2011-12-16~42"
    at = datetime(2026, 11, 22, 12, 0, 0, 5, tzinfo=UTC)
    back = token(KNOWN["at"], (at, 7), backwards=True)
    assert back == "before~at~2026-11-22T12:00:00.000005~7"


@pytest.mark.parametrize(
    "after",
    [
        "x",
        "before",
        "-day",
        "-day~2011-12-16",
        "-day~2011-12-16~",
        "-day~2011-12-16~-1",
        "-day~2011-12-16~99999999999",
        "-day~yesterday~1",
        "-day~2011-12-16~1~1",
        "day~2011-12-16~1",
        "title~a~1",
        "-day~2011-12-16~1" + " " * 1000,
    ],
)
def test_token_of_another_order_or_none_is_refused(after: str) -> None:
    with pytest.raises(FieldErrors) as caught:
        page_asked("", after, KNOWN, default="-day")
    assert list(caught.value.errors) == ["after"]


def test_title_no_text_holds_is_refused() -> None:
    for title in ("a\0b", "a\ud800b"):
        with pytest.raises(FieldErrors):
            page_asked("title", f"title~{title}~1", KNOWN, default="-day")


def test_order_nobody_knows_is_refused() -> None:
    with pytest.raises(FieldErrors) as caught:
        page_asked("colour", "", KNOWN, default="-day")
    assert list(caught.value.errors) == ["sort"]


def test_one_row_too_many_says_that_there_is_more() -> None:
    first = PageAsked(KNOWN["day"], size=2)
    assert cut([1, 2, 3], first) == ([1, 2], True, False)
    assert cut([1, 2], first) == ([1, 2], False, False)
    later = PageAsked(KNOWN["day"], (date.min, 1), size=2)
    assert cut([3], later) == ([3], False, True)
    back = PageAsked(KNOWN["day"], (date.min, 1), backwards=True, size=2)
    assert cut([2, 1, 0], back) == ([1, 2], True, True)
    assert cut([2, 1], back) == ([1, 2], True, False)
