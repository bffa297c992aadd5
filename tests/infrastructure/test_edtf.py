import json
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import incidents
from incidents.edtf import DateError, Span, bounds, canonical, in_short, in_words, precision

DEMO = Path(incidents.__file__).parent / "demo" / "data" / "incidents.json"
CODED_DATES = [incident["date"] for incident in json.loads(DEMO.read_text("utf-8"))["incidents"]]

MARKS = st.sampled_from(["", "~", "?", "%"])
DAYS = st.dates(date(1000, 1, 1), date(9999, 12, 31)).map(date.isoformat)
POINTS = st.builds(
    "{}{}".format,
    st.one_of(
        DAYS,
        DAYS.map(lambda day: day[:7]),
        DAYS.map(lambda day: day[:4]),
        DAYS.map(lambda day: day[:3] + "X"),
        DAYS.map(lambda day: day[:7] + "-XX"),
        DAYS.map(lambda day: day[:4] + "-XX"),
        DAYS.map(lambda day: day[:9] + "X"),
    ),
    MARKS,
)
ENDS = st.one_of(POINTS, st.sampled_from(["", ".."]))
MEMBERS = st.one_of(POINTS, st.builds("{}..{}".format, POINTS, POINTS))
WRITTEN = st.one_of(
    POINTS,
    st.builds("{}/{}".format, ENDS, ENDS),
    st.builds("[{}..{}]".format, st.one_of(POINTS, st.just("")), st.one_of(POINTS, st.just(""))),
    st.lists(MEMBERS, min_size=1, max_size=4).map(lambda members: f"[{','.join(members)}]"),
)
DATE_LIKE = st.text("0123456789-/.[],~?%X {}", max_size=40)


def span(earliest: str, latest: str) -> Span:
    return Span(date.fromisoformat(earliest), date.fromisoformat(latest))


@pytest.mark.parametrize("coded", CODED_DATES, ids=lambda coded: coded["edtf"])
def test_dates_of_the_coded_article_have_the_bounds_and_precision_given_there(coded):
    assert bounds(coded["edtf"]) == span(coded["earliest"], coded["latest"])
    assert precision(coded["edtf"]) == coded["precision"]
    assert canonical(coded["edtf"]) == coded["edtf"]


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "how_closely"),
    [
        ("2011", "2011-01-01", "2011-12-31", "year"),
        ("2011-12", "2011-12-01", "2011-12-31", "month"),
        ("2012-02", "2012-02-01", "2012-02-29", "month"),
        ("2011-12-16", "2011-12-16", "2011-12-16", "day"),
        ("2011-12-16?", "2011-12-16", "2011-12-16", "day"),
        ("2011-12-16~", "2011-12-15", "2011-12-17", "few_days"),
        ("2011-12-16%", "2011-12-15", "2011-12-17", "few_days"),
        ("2011-12-31~", "2011-12-30", "2012-01-01", "few_days"),
        ("2011-12~", "2011-11-01", "2012-01-31", "month"),
        ("2012-01~", "2011-12-01", "2012-02-29", "month"),
        ("2011~", "2010-01-01", "2012-12-31", "year"),
        ("9999~", "9998-01-01", "9999-12-31", "year"),
        ("9999-12~", "9999-11-01", "9999-12-31", "month"),
        ("9999-12-31~", "9999-12-30", "9999-12-31", "few_days"),
        ("1000-01-01~", "0999-12-31", "1000-01-02", "few_days"),
        ("2011-12-18~/2011-12-19~", "2011-12-17", "2011-12-20", "few_days"),
        ("2011-12-18/2011-12-19~", "2011-12-18", "2011-12-20", "few_days"),
        ("2011-12-18?/2011-12-19?", "2011-12-18", "2011-12-19", "few_days"),
        ("2011-12~/2012-01", "2011-11-01", "2012-01-31", "year"),
        ("2011-12-16/2011-12-25", "2011-12-16", "2011-12-25", "week"),
        ("2011-12-16/2011-12-26", "2011-12-16", "2011-12-26", "month"),
        ("2011/2012", "2011-01-01", "2012-12-31", "unknown"),
        ("2011-12-16/2011-12", "2011-12-16", "2011-12-31", "month"),
        ("2011-12-16/..", "2011-12-16", "9999-12-31", "unknown"),
        ("2011-12-16/", "2011-12-16", "9999-12-31", "unknown"),
        ("../2011-12-16", "0001-01-01", "2011-12-16", "unknown"),
        ("/2011-12-16", "0001-01-01", "2011-12-16", "unknown"),
        ("[2011-12-16..2011-12-19]", "2011-12-16", "2011-12-19", "few_days"),
        ("[2011-12-16,2011-12-19]", "2011-12-16", "2011-12-19", "few_days"),
        ("[2011-12-16~,2011-12-19]", "2011-12-15", "2011-12-19", "few_days"),
        ("[..2011-12-16]", "0001-01-01", "2011-12-16", "unknown"),
        ("[2011-12..]", "2011-12-01", "9999-12-31", "unknown"),
        ("2011-12-XX", "2011-12-01", "2011-12-31", "month"),
        ("2011-XX", "2011-01-01", "2011-12-31", "year"),
        ("2011-XX-XX", "2011-01-01", "2011-12-31", "year"),
        ("201X", "2010-01-01", "2019-12-31", "unknown"),
        ("20XX", "2000-01-01", "2099-12-31", "unknown"),
        ("2011-12-1X", "2011-12-10", "2011-12-19", "week"),
        ("2011-12-0X", "2011-12-01", "2011-12-09", "week"),
        ("2011-12-3X", "2011-12-30", "2011-12-31", "few_days"),
        ("2011-12-1X~", "2011-12-09", "2011-12-20", "month"),
        ("2011-12-XX~", "2011-11-01", "2012-01-31", "month"),
    ],
)
def test_bounds_and_precision(text, earliest, latest, how_closely):
    assert bounds(text) == span(earliest, latest)
    assert precision(text) == how_closely


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("  2011-12-16 \n", "2011-12-16"),
        ("2011-12-16 / 2011-12-19", "2011-12-16/2011-12-19"),
        ("2011–12–16", "2011-12-16"),
        ("٢٠١١-١٢-١٦", "2011-12-16"),
        ("2011-12-xx", "2011-12-XX"),
        ("2011-12-16?~", "2011-12-16%"),
        ("2011-12-16~?", "2011-12-16%"),
        ("2011-12-16/2011-12-16", "2011-12-16"),
        ("[2011-12-16..2011-12-16]", "2011-12-16"),
        ("[2011-12-16]", "2011-12-16"),
        ("[2011-12-19, 2011-12-16, 2011-12-19]", "[2011-12-16,2011-12-19]"),
        ("[2011-12-16 … 2011-12-19]", "[2011-12-16..2011-12-19]"),
        ("2011-12-16/", "2011-12-16/"),
        ("../2011-12-16", "../2011-12-16"),
    ],
)
def test_one_way_to_write_a_date(typed, written):
    assert canonical(typed) == written


@pytest.mark.parametrize(
    ("text", "words", "short"),
    [
        ("2011-12-16", "16 December 2011", "16 Dec 2011"),
        ("2011-12-06", "6 December 2011", "6 Dec 2011"),
        ("2011-12", "December 2011", "Dec 2011"),
        ("2011", "2011", "2011"),
        ("2011-12-18~", "about 18 December 2011", "≈ 18 Dec 2011"),
        ("2011-12-18?", "possibly 18 December 2011", "18 Dec 2011?"),
        ("2011-12-18%", "possibly about 18 December 2011", "≈ 18 Dec 2011?"),
        ("2011-12~", "about December 2011", "≈ Dec 2011"),
        ("2011-12-16/2011-12-19", "16 to 19 December 2011", "16–19 Dec 2011"),
        ("[2011-12-16..2011-12-19]", "between 16 and 19 December 2011", "16–19 Dec 2011"),
        ("2011-12-18~/2011-12-19~", "around 18 to 19 December 2011", "≈ 18–19 Dec 2011"),
        ("2011-12-18?/2011-12-19?", "possibly 18 to 19 December 2011", "18–19 Dec 2011?"),
        (
            "2011-12-18~/2011-12-19",
            "from about 18 December 2011 to 19 December 2011",
            "≈ 18 Dec 2011 – 19 Dec 2011",
        ),
        ("2011-11-30/2011-12-02", "30 November to 2 December 2011", "30 Nov – 2 Dec 2011"),
        ("2011-12-30/2012-01-02", "30 December 2011 to 2 January 2012", "30 Dec 2011 – 2 Jan 2012"),
        ("2011-11/2011-12", "November to December 2011", "Nov–Dec 2011"),
        ("2011/2013", "2011 to 2013", "2011–2013"),
        ("2011-12/2011-12", "throughout December 2011", "Dec 2011"),
        ("2011-12-16/..", "from 16 December 2011 onwards", "from 16 Dec 2011"),
        ("2011-12-16/", "from 16 December 2011, end not known", "from 16 Dec 2011"),
        ("../2011-12-16", "until 16 December 2011", "until 16 Dec 2011"),
        ("/2011-12-16", "until 16 December 2011, start not known", "until 16 Dec 2011"),
        ("[..2011-12-16]", "on or before 16 December 2011", "until 16 Dec 2011"),
        ("[2011-12..]", "in or after December 2011", "from Dec 2011"),
        ("[2011-12-16,2011-12-17]", "16 or 17 December 2011", "16 or 17 Dec 2011"),
        (
            "[2011-11-30,2011-12-02,2011-12-05]",
            "30 November, 2 or 5 December 2011",
            "30 Nov, 2 or 5 Dec 2011",
        ),
        ("2011-12-XX", "some day in December 2011", "Dec 2011"),
        ("2011-XX", "some time in 2011", "2011"),
        ("201X", "between 2010 and 2019", "2010–2019"),
        ("2011-12-1X", "between 10 and 19 December 2011", "10–19 Dec 2011"),
    ],
)
def test_dates_in_words(text, words, short):
    assert in_words(text) == words
    assert in_short(text) == short


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Type a date, such as 2011-12-16."),
        ("2023-02-29", "29 February 2023 does not exist: 2023 was not a leap year."),
        ("2012-02-30", "February 2012 has 29 days, so 30 February 2012 does not exist."),
        ("2012-04-31", "April has 30 days, so 31 April 2012 does not exist."),
        ("2012-04-00", "There is no day 00: days begin at 01."),
        ("2011-13", "There is no month 13: months run from 01 to 12."),
        ("0999", "Years run from 1000 to 9999, so 0999 is outside."),
        (
            "2011-12-16/2011-12-12",
            "The end, 12 December 2011, is before the start, 16 December 2011.",
        ),
        (
            "[2011-12-16..2011-11]",
            "The end, November 2011, is before the start, 16 December 2011.",
        ),
        (
            "in the spring",
            "“in the spring” is not a date this form understands. Type a day as 2011-12-16, "
            "a month as 2011-12, or a span as 2011-12-16/2011-12-19.",
        ),
        ("2011-2-3", "Write the month and the day with two digits each: 2011-02-03."),
        ("[2011-12-16", "“[2011-12-16” opens a square bracket and does not close it."),
        ("9" * 201, "That is too long for a date: 200 characters is the most."),
    ],
)
def test_refusal_says_what_is_wrong(text, sentence):
    with pytest.raises(DateError) as refusal:
        bounds(text)
    assert str(refusal.value) == sentence


def test_season_is_refused_with_the_way_out():
    with pytest.raises(DateError, match=r"stands for a season.*2011-03/2011-05"):
        bounds("2011-21")


def test_set_that_means_all_of_is_refused_with_the_way_out():
    with pytest.raises(DateError, match="record one incident for each"):
        bounds("{2011,2012}")


@pytest.mark.parametrize(
    "text",
    [
        *("/", "..", "../..", "[..]", "[]", "[,]", "2011/2012/2013", "[2011..2012..2013]"),
        *("-2011", "12011", "20111216", "2011-12-16T10:00", "16.12.2011", "16/12/2011"),
        *("XXXX", "2XXX", "2011-1X", "201X-12", "2011-XX-16", "2011-02-3X", "2011-12-X1"),
        *("2011-12-16~~", "~2011", "[2011]/2012", "2011-12-16\x00", "²011-12-16"),
    ],
)
def test_what_is_outside_the_notation_is_refused(text):
    with pytest.raises(DateError):
        bounds(text)


def test_message_holds_nothing_that_cannot_be_stored_or_shown():
    with pytest.raises(DateError) as refusal:
        bounds("a\x00\ud800\u202e" * 40)
    assert str(refusal.value).isprintable()
    assert len(str(refusal.value)) < 250


@given(WRITTEN)
def test_accepted_dates_have_ordered_bounds_and_one_spelling(text):
    try:
        span_read = bounds(text)
    except DateError:
        return
    assert span_read.earliest <= span_read.latest
    assert canonical(canonical(text)) == canonical(text)
    assert bounds(canonical(text)) == span_read
    assert precision(canonical(text)) == precision(text)
    assert in_words(canonical(text)) == in_words(text)
    assert in_short(text).strip() == in_short(text) != ""


@given(DAYS, st.sampled_from(["", "?"]))
def test_lone_day_covers_itself_alone(day, mark):
    assert bounds(day + mark) == span(day, day)
    assert precision(day + mark) == "day"


@given(POINTS)
def test_mark_of_approximation_never_narrows(text):
    unmarked = text.rstrip("~?%")
    try:
        narrow, wide = bounds(unmarked), bounds(unmarked + "~")
    except DateError:
        return
    assert wide.earliest < narrow.earliest
    assert wide.latest >= narrow.latest
    assert bounds(unmarked + "%") == wide
    assert bounds(unmarked + "?") == narrow


@given(st.one_of(st.text(), DATE_LIKE, WRITTEN, st.text(st.characters(categories=["Cs", "Cc"]))))
@pytest.mark.parametrize("function", [bounds, canonical, precision, in_words, in_short])
def test_any_text_is_read_or_refused_and_nothing_else(function, text):
    with suppress(DateError):
        assert function(text)


@pytest.mark.parametrize("piece", ["2", " ", "[", "2011-12-16/", "..", "X", "\u0661", "2011,"])
def test_huge_text_is_refused(piece):
    with pytest.raises(DateError):
        bounds(piece * 1_000_000)
