"""Dates beside what is known: the order their writer uses, and the year their source gives."""

from datetime import date

import pytest

from incidents.dates import DateError, OrderUnknown, echo, in_future, still_to_come
from incidents.dates_beside import Beside, read_beside

ASKED_NOTHING = Beside()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("29 February 2023", "29 February 2023 does not exist: 2023 was not a leap year."),
        ("31.04.2012", "April has 30 days, so 31 April 2012 does not exist."),
        (
            "in the spring",
            "A season differs from place to place: type its months, as in “March to May 2012”, "
            "or the year alone.",
        ),
        (
            "19 Dec 2011 to 16 Dec 2011",
            "The end, 16 December 2011, is before the start, 19 December 2011.",
        ),
        ("16.12.11", "Type the year with four digits, as in 2011."),
        (
            "yesterday",
            "“yesterday” depends on the day it is read: type the day itself, as in “16 Dec 2011”.",
        ),
        ("16/12", "Add the year to “16 December”."),
        (
            "04.05.2012",
            "“04.05.2012” can be 4 May or 5 April 2012."
            " Choose which is meant, or type the month as a word.",
        ),
    ],
)
def test_what_cannot_be_read_is_told_how_to_be_mended(text: str, sentence: str) -> None:
    with pytest.raises(DateError) as refused:
        read_beside(text, ASKED_NOTHING)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("text", "edtf", "said"),
    [
        ("2011-12-1X", "2011-12-1X", "Between 10 and 19 December 2011. No day is claimed."),
        (
            "декабрь 2011",
            "2011-12",
            "December 2011. No day is claimed. A filter uses 1 to 31 December 2011.",
        ),
        ("16 дек. 2011 г.", "2011-12-16", "16 December 2011"),
        (
            "около 18 декабря 2011",
            "2011-12-18~",
            "About 18 December 2011. No day is claimed. A filter uses 17 to 19 December 2011.",
        ),
        ("16–19 Dec 2011", "2011-12-16/2011-12-19", "16 to 19 December 2011"),
        ("١٦ ديسمبر ٢٠١١", "2011-12-16", "16 December 2011"),
        ("۱۶ دسامبر ۲۰۱۱", "2011-12-16", "16 December 2011"),
        ("۱۶/۱۲/۲۰۱۱", "2011-12-16", "16 December 2011"),
    ],
)
def test_what_is_read_is_said_back(text: str, edtf: str, said: str) -> None:
    reading = read_beside(text, ASKED_NOTHING)
    assert (reading.edtf, echo(reading)) == (edtf, said)


def test_a_date_after_today_is_told_so() -> None:
    edtf = read_beside("24 Dec 2026", ASKED_NOTHING).edtf
    assert in_future(edtf, date(2026, 11, 22))
    assert still_to_come(edtf) == (
        "24 December 2026 is still to come. Check the year, or log it once it has happened."
    )


def test_the_order_is_asked_with_both_readings() -> None:
    with pytest.raises(OrderUnknown) as asked:
        read_beside("between 04.05.2012 and 9 May 2012", ASKED_NOTHING)
    assert (asked.value.day_first, asked.value.month_first) == ("4 May 2012", "5 April 2012")


@pytest.mark.parametrize(
    ("day_first", "edtf", "said"),
    [
        (True, "2012-05-04", "4 May 2012. Read day first, as you answered once."),
        (False, "2012-04-05", "5 April 2012. Read month first, as you answered once."),
    ],
)
def test_an_order_once_answered_is_used_and_said(day_first: bool, edtf: str, said: str) -> None:
    reading = read_beside("04.05.2012", Beside(day_first))
    assert (reading.edtf, echo(reading)) == (edtf, said)


@pytest.mark.parametrize("text", ["16.12.2011", "12/16/2011", "16 Dec 2011", "2011-12-16"])
@pytest.mark.parametrize("day_first", [True, False])
def test_what_only_one_order_can_read_needs_no_answer(text: str, day_first: bool) -> None:
    reading = read_beside(text, Beside(day_first))
    assert echo(reading) == "16 December 2011"


@pytest.mark.parametrize(
    ("text", "published", "said"),
    [
        (
            "16 December",
            "2011-12-20~",
            "16 December 2011, the year of the source (published about 20 December 2011)",
        ),
        (
            "16 December",
            "2012-01-05",
            "16 December 2011, the last one before its source (published 5 January 2012)",
        ),
        ("16 December", "2011", "16 December 2011, the year of the source (published 2011)"),
        (
            "28 December",
            "2011-12-30/2012-01-02",
            "28 December 2011, the year of the source"
            " (published 30 December 2011 to 2 January 2012)",
        ),
        (
            "29 February",
            "2013-01-04",
            "29 February 2012, the last one before its source (published 4 January 2013)",
        ),
        (
            "16.12",
            "2011-12-20",
            "16 December 2011, the year of the source (published 20 December 2011)",
        ),
        (
            "Dec",
            "2011-12-20",
            "December 2011, the year of the source (published 20 December 2011). "
            "No day is claimed. A filter uses 1 to 31 December 2011.",
        ),
        (
            "until 16 December",
            "2011-12-20",
            "Until 16 December 2011, the year of the source (published 20 December 2011)",
        ),
    ],
)
def test_the_year_comes_from_the_source_and_is_said_so(
    text: str, published: str, said: str
) -> None:
    reading = read_beside(text, Beside(published=published))
    assert reading.assumed_year
    assert echo(reading) == said


@pytest.mark.parametrize(
    ("published", "sentence"),
    [
        (
            "",
            "Add the year to “16 December”: its source has no date of publication to take it from.",
        ),
        (
            "2010-06/2012-02",
            "Add the year to “16 December”: it can be 16 December 2009 or 16 December 2011,"
            " as its source was published June 2010 to February 2012.",
        ),
        (
            "2011-12-20/..",
            "Add the year to “16 December”:"
            " its source was published from 20 December 2011 onwards.",
        ),
    ],
)
def test_a_year_the_source_leaves_open_is_asked_for(published: str, sentence: str) -> None:
    with pytest.raises(DateError) as refused:
        read_beside("16 December", Beside(published=published))
    assert str(refused.value) == sentence


def test_a_day_no_year_near_the_source_has_is_refused_in_its_own_words() -> None:
    with pytest.raises(DateError, match="29 February 2015 does not exist"):
        read_beside("29 February", Beside(published="2015-06-01"))
