"""Dates counted from others: the arithmetic, the wordings, and that they read back the same."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.dates import DateError, echo
from incidents.dates_beside import Beside, read_beside
from incidents.dates_counted import SIDES, UNITS, WEEKDAYS, Counted
from incidents.dates_relative import written
from incidents.edtf import bounds, canonical

BESIDE = Beside(day_first=True, published="2011-12-19")


@pytest.mark.parametrize(
    ("text", "edtf", "again"),
    [
        ("four days before 16 Dec 2011", "2011-12-12", "four days before 16 Dec 2011"),
        ("4 days before 16.12.2011", "2011-12-12", "four days before 16 Dec 2011"),
        ("four days before 16 December", "2011-12-12", "four days before 16 Dec 2011"),
        ("the day before 16 December 2011", "2011-12-15", "the day before 16 Dec 2011"),
        ("two weeks after 1 Dec 2011", "2011-12-15", "two weeks after 1 Dec 2011"),
        ("a month before 31 March 2012", "2012-02-29", "a month before 31 Mar 2012"),
        ("a year after 29 Feb 2012", "2013-02-28", "a year after 29 Feb 2012"),
        ("twenty-five days after 1 Dec 2011", "2011-12-26", "25 days after 1 Dec 2011"),
        ("the Friday before 16 Dec 2011", "2011-12-09", "the Friday before 16 Dec 2011"),
        ("the week before 16 Dec 2011", "[2011-12-04..2011-12-11]", "the week before 16 Dec 2011"),
        ("a week before 16 Dec 2011", "2011-12-09", "a week before 16 Dec 2011"),
        ("yesterday", "2011-12-18", "the day before it was published"),
        ("today", "2011-12-19", "the day it was published"),
        ("three days ago", "2011-12-16", "three days before it was published"),
        ("on Friday", "2011-12-16", "the Friday before it was published"),
        ("Monday", "2011-12-12", "the Monday before it was published"),
        ("last month", "2011-11", "the month before it was published"),
        ("за четыре дня до 16 декабря 2011", "2011-12-12", "four days before 16 Dec 2011"),
        ("за день до публикации", "2011-12-18", "the day before it was published"),
        ("через неделю после 9 декабря 2011 года", "2011-12-16", "a week after 9 Dec 2011"),
        ("накануне 16 декабря 2011", "2011-12-15", "the day before 16 Dec 2011"),
        ("вчера", "2011-12-18", "the day before it was published"),
        ("в прошлую пятницу", "2011-12-16", "the Friday before it was published"),
        ("неделю назад", "2011-12-12", "a week before it was published"),
        ("two days before December 2011", "[2011-11-29..2011-12-29]", "two days before Dec 2011"),
        ("two months before December 2011", "2011-10", "two months before Dec 2011"),
        ("two days after about 16 Dec 2011", "2011-12-18~", "two days after about 16 Dec 2011"),
        (
            "two days after between 16 and 19 Dec 2011",
            *("[2011-12-18..2011-12-21]", "two days after between 16 and 19 December 2011"),
        ),
    ],
)
def test_what_is_typed_is_counted_and_written_back(text: str, edtf: str, again: str) -> None:
    reading = read_beside(text, BESIDE)
    assert reading.counted is not None
    assert (reading.edtf, written(reading.counted)) == (edtf, again)
    assert read_beside(again, BESIDE).counted == reading.counted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "four days before 16 Dec 2011",
            "12 December 2011: four days before 16 December 2011",
        ),
        (
            "yesterday",
            "18 December 2011: the day before its source was published (19 December 2011)",
        ),
    ],
)
def test_the_echo_says_the_day_and_how_it_was_counted(text: str, said: str) -> None:
    assert echo(read_beside(text, BESIDE)) == said


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("a few days before 16 Dec 2011", "does not say how many"),
        ("несколько дней назад", "does not say how many"),
        ("four days before nothing", "not a date this form understands"),
        ("9999 years before 16 Dec 2011", "before the year 1000"),
        ("99999 days before 1100", "Years run from 1000 to 9999"),
    ],
)
def test_what_cannot_be_counted_is_told(text: str, part: str) -> None:
    with pytest.raises(DateError, match=part):
        read_beside(text, BESIDE)


def test_without_a_publication_nothing_is_counted_from_it() -> None:
    with pytest.raises(DateError, match="its source was published, and that is not known"):
        read_beside("yesterday", Beside(published=""))
    assert read_beside("four days before 16 Dec 2011", Beside(published="")).edtf == "2011-12-12"


def test_correcting_the_anchor_counts_anew() -> None:
    text = written(Counted(4, "day", "before", "2011-12-16", "published"))
    assert read_beside(text, Beside(published="2011-12-20")).edtf == "2011-12-16"


DAYS = st.dates(date(1500, 1, 1), date(2500, 1, 1))
ANCHORS = st.one_of(
    DAYS.map(str),
    DAYS.map(lambda day: f"{day}~"),
    DAYS.map(lambda day: f"{day}?"),
    DAYS.map(lambda day: str(day)[:7]),
    DAYS.map(lambda day: f"{str(day)[:7]}~"),
    DAYS.map(lambda day: str(day)[:4]),
    DAYS.map(lambda day: f"{str(day)[:4]}%"),
    DAYS.map(lambda day: f"[{day}..{day + timedelta(days=5)}]"),
    DAYS.map(lambda day: f"[{day},{day + timedelta(days=9)}]"),
    DAYS.map(lambda day: f"{day}/{day + timedelta(days=40)}~"),
    DAYS.map(lambda day: f"{day}/.."),
    DAYS.map(lambda day: f"../{day}"),
    DAYS.map(lambda day: f"{str(day)[:7]}-1X"),
).map(canonical)


@given(ANCHORS, st.integers(1, 500), st.sampled_from(SIDES), st.sampled_from(("day", "week")))
def test_days_move_the_bounds_by_as_many(anchor: str, amount: int, side: str, unit: str) -> None:
    moved = bounds(Counted(amount, unit, side, anchor, "stated").edtf)
    was = bounds(anchor)
    step = timedelta(days=amount * (7 if unit == "week" else 1)) * (1 if side == "after" else -1)
    if was.earliest != date.min:
        assert moved.earliest == was.earliest + step
    if was.latest != date.max:
        assert moved.latest == was.latest + step


@given(ANCHORS, st.sampled_from(SIDES))
def test_there_and_back_is_the_same_day(anchor: str, side: str) -> None:
    there = Counted(9, "day", side, anchor, "stated").edtf
    back = Counted(9, "day", next(one for one in SIDES if one != side), there, "stated").edtf
    assert bounds(back) == bounds(anchor)


@given(DAYS, st.integers(0, 6), st.sampled_from(SIDES))
def test_a_weekday_is_the_nearest_one_never_the_day_itself(day: date, at: int, side: str) -> None:
    found = date.fromisoformat(Counted(1, WEEKDAYS[at], side, str(day), "stated").edtf)
    assert found.weekday() == at
    away = (found - day).days if side == "after" else (day - found).days
    assert 1 <= away <= 7


@given(ANCHORS, st.integers(1, 40), st.sampled_from(UNITS), st.sampled_from(SIDES))
def test_what_is_counted_reads_back_the_same(
    anchor: str, amount: int, unit: str, side: str
) -> None:
    if unit not in ("day", "week", "month", "year"):
        amount = 1
    counted = Counted(amount, unit, side, anchor, "stated")
    assert canonical(counted.edtf) == counted.edtf
    assert read_beside(written(counted), Beside(None, "")).counted == counted
    from_publication = Counted(amount, unit, side, anchor, "published")
    assert read_beside(written(from_publication), Beside(None, anchor)).counted == from_publication


@given(st.text(max_size=60))
def test_any_text_is_read_or_told(text: str) -> None:
    try:
        read_beside(text, BESIDE)
    except DateError as error:
        assert str(error)
