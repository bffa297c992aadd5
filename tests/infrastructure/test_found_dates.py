"""Dates and durations found in prose, beside the day their source was published."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.dates_beside import Beside, read_beside
from incidents.edtf import bounds, canonical
from incidents.found_dates import FoundDate, found_dates
from tests.infrastructure.article import ARTICLE

PUBLISHED = "2011-12-19"
WEEK = "[2011-12-11..2011-12-18]"


def one(text: str, published: str | None = PUBLISHED) -> FoundDate:
    (found,) = found_dates(text, published)
    return found


def test_the_article_dates_are_found() -> None:
    two, sixteenth, four = found_dates(ARTICLE, "[2011-12-19..2011-12-22]")
    assert (two.words, two.edtf, two.duration) == ("two days", None, "P2D")
    assert (sixteenth.words, sixteenth.edtf) == ("December 16", "2011-12-16")
    assert sixteenth.basis == "year_inferred"
    assert sixteenth.said.startswith("16 December 2011, the year of the source")
    # Published on one of four days: neither end is one day.
    assert (four.words, four.edtf) == ("for four days", "2011-12-15~/2011-12-22~")
    assert (four.duration, four.basis) == ("P4D", "inferred_from_source")
    assert "the four days before it was published" in four.said


def test_a_span_ends_when_it_was_told() -> None:
    assert one("no bread for four days").edtf == "2011-12-15~/2011-12-19"


@pytest.mark.parametrize("published", [None, "", "2011", "2011-12", "../2011-12-19"])
def test_without_a_day_of_publication_only_the_duration_is_offered(published: str | None) -> None:
    found = one("no bread for four days", published)
    assert (found.edtf, found.duration) == (None, "P4D")


@pytest.mark.parametrize(
    ("text", "words", "edtf", "basis"),
    [
        ("on December 16 he", "December 16", "2011-12-16", "year_inferred"),
        ("16 December 2011", "16 December 2011", "2011-12-16", "stated"),
        ("on 16.12.2011.", "16.12.2011", "2011-12-16", "stated"),
        ("2011-12-16", "2011-12-16", "2011-12-16", "stated"),
        ("Friday, December 16, 2011", "December 16, 2011", "2011-12-16", "stated"),
        ("the 16th of December", "16th of December", "2011-12-16", "year_inferred"),
        ("16 Dec. 2011", "16 Dec. 2011", "2011-12-16", "stated"),
        ("December 16-17", "December 16-17", "2011-12-16/2011-12-17", "year_inferred"),
        ("16 декабря", "16 декабря", "2011-12-16", "year_inferred"),
        ("16 декабря 2011 г. он", "16 декабря 2011 г", "2011-12-16", "stated"),
        ("16–19 декабря", "16–19 декабря", "2011-12-16/2011-12-19", "year_inferred"),
        ("в декабре 2011 года", "декабре 2011 года", "2011-12", "stated"),
        ("in December 2011", "December 2011", "2011-12", "stated"),
        ("in 2011 they", "2011", "2011", "stated"),
        ("25 December", "25 December", "2010-12-25", "year_inferred"),
        ("yesterday", "yesterday", "2011-12-18", "inferred_from_source"),
        ("вчера", "вчера", "2011-12-18", "inferred_from_source"),
        ("позавчера", "позавчера", "2011-12-17", "inferred_from_source"),
        ("on Friday he", "on Friday", "2011-12-16", "inferred_from_source"),
        ("в пятницу", "в пятницу", "2011-12-16", "inferred_from_source"),
        ("last week", "last week", WEEK, "inferred_from_source"),
        (
            "на прошлой неделе",
            "на прошлой неделе",
            WEEK,
            "inferred_from_source",
        ),
        ("three days ago", "three days ago", "2011-12-16", "inferred_from_source"),
        ("три дня назад", "три дня назад", "2011-12-16", "inferred_from_source"),
        (
            "four days before 16 December 2011",
            *("four days before 16 December 2011", "2011-12-12", "stated"),
        ),
        (
            *("за четыре дня до 16 декабря",) * 2,
            "2011-12-12",
            "year_inferred",
        ),
    ],
)
def test_a_date_is_found_with_what_it_means(text: str, words: str, edtf: str, basis: str) -> None:
    found = one(text)
    assert (found.words, found.edtf, found.basis) == (words, edtf, basis)
    # What is offered to a date box is read there as the same.
    assert read_beside(found.typed, Beside(None, PUBLISHED)).edtf == edtf


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("четыре дня нет хлеба", "P4D"),
        ("в течение четырёх дней", "P4D"),
        ("over the past two weeks", "P2W"),
        ("for a week", "P1W"),
        ("for 36 hours", "PT36H"),
        ("for three months", "P3M"),
        ("трое суток без воды", "P3D"),
    ],
)
def test_a_duration_is_found(text: str, duration: str) -> None:
    assert one(text).duration == duration


@pytest.mark.parametrize(
    "text",
    [
        "9/11 attacks",
        "Article 19",
        "in May 20 people were killed",
        "20 may have died",
        "about 20 may die",
        "he may 20 times",
        "next Friday",
        "on Fridays",
        "a four-day siege",
        "sentenced to four days in jail",
        "30-year-old",
        "three years old",
        "at 5 pm",
        "с 10 до 12 часов",
        "the Friday prayers",
        "tel. 8 7292 43 21 45",
        "1.12.2011.5",
        "version 16.12",
        "they march 16 abreast",
        "2011 people",
        "20 декабря 2011 года",
    ],
)
def test_what_is_no_date_that_has_been_is_none(text: str) -> None:
    assert [found for found in found_dates(text, PUBLISHED) if found.edtf or found.duration] == []


def test_a_day_that_both_orders_can_read_is_left_open() -> None:
    assert one("on 4/5/2011 he").edtf is None
    assert one("on 4.05.2011 he").edtf == "2011-05-04"


def test_without_a_publication_a_day_keeps_no_year() -> None:
    assert one("December 16", None).edtf is None


PIECES = st.sampled_from(
    [
        *("December ", "16", " декабря ", "2011", "for ", "four ", "days", " ago", "on Friday"),
        *("yesterday", "“", "—", "\u00ad", "e\u0301", "ё", ".", "/", "-", " before ", "за ", "дня"),
    ]
)
EDTF = st.sampled_from(
    [None, "", "2011-12-19", "2011-12", "[2011-12-19..2011-12-22]", "2012-02-29~"]
)


@given(st.lists(PIECES | st.text(max_size=4), max_size=30).map("".join), EDTF)
def test_offsets_are_those_of_the_words(text: str, published: str | None) -> None:
    end = 0
    for found in found_dates(text, published):
        assert text[found.start : found.end] == found.words
        assert found.words and found.start >= end
        end = found.end
        if found.edtf is not None:
            assert canonical(found.edtf) == found.edtf
            assert bounds(found.edtf)
            read = read_beside(found.typed, Beside(None, published or ""))
            assert read.edtf == found.edtf


@pytest.mark.parametrize(
    "piece", ["16 December ", "four days ", "1 ", "Friday ", "в ", "за день до "]
)
def test_long_runs_of_one_thing_are_gone_through(piece: str) -> None:
    assert isinstance(found_dates(piece * 20_000, PUBLISHED), tuple)
