from datetime import date

import pytest

from incidents.dates import DateError, Reading, echo, in_future, read


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        *((text, "2011-12-16") for text in ("16 Dec 2011", "December 16, 2011", "16December2011")),
        *((text, "2011-12-16") for text in ("16th of December 2011", "on the 16th Dec. 2011")),
        *(
            (text, "2011-12-16")
            for text in ("16-Dec-2011", "16/dec/2011", "DEC 16 2011", "“16 Dec 2011”")
        ),
        *(
            (text, "2011-12-16")
            for text in ("16\u00a0декабря 2011\u202fг.", "16-го дек. 2011 года")
        ),
        *(
            (text, "2011-12-16")
            for text in ("16.12.2011", "12/16/2011", "16 - 12 - 2011", "16. 12. 2011")
        ),
        *(
            (text, "2011-12-16")
            for text in ("2011.12.16", "2011/12/16", "2011-12-16", "٢٠١١-١٢-١٦")
        ),
        *(
            (text, "2011-12-16")
            for text in ("2011 жылғы 16 желтоқсан", "16 décembre 2011", "16 Dezember 2011")
        ),
        *((text, "2011-12-16") for text in ("16 de diciembre de 2011", "16. Dezember 2011")),
        *(
            (text, "2011-12-16")
            for text in ("١٦ ديسمبر ٢٠١١", "16 كانون الأول 2011", "१६ Dec २०११")
        ),
        *((text, "2011-12-16") for text in ("Friday, 16 December 2011", "16 Dec 2011 (Fri)")),
        *((text, "2011-12-16") for text in ("в пятницу, 16 декабря 2011 г.", "2011 December 16")),
        *((text, "2011-08-01") for text in ("1er août 2011", "1er aou\u0302t 2011", "1 aout 2011")),
        *((text, "2012-05-04") for text in ("2012-5-4", "2012.5.4", "4 мая 2012", "May 4th, 2012")),
        ("04.04.2012", "2012-04-04"),
        *(
            (text, "2011-12")
            for text in ("Dec 2011", "декабрь 2011", "в декабре 2011 г.", "12/2011")
        ),
        *((text, "2011-12") for text in ("2011-12", "in December of 2011", "2011 Dec", "12.2011")),
        *((text, "2011") for text in ("2011", "in 2011", "2011 г.", "в 2011 году")),
    ],
)
def test_one_date_in_many_spellings(text, edtf):
    assert read(text) == Reading(edtf)


@pytest.mark.parametrize(
    "word", ["about", "around", "circa", "c.", "ca.", "~", "≈", "approximately"]
)
@pytest.mark.parametrize(
    ("rest", "edtf"),
    [
        ("18 Dec 2011", "2011-12-18~"),
        ("18–19 Dec 2011", "2011-12-18~/2011-12-19~"),
        ("Dec 2011", "2011-12~"),
        ("2011-12", "2011-12~"),
        ("2011?", "2011%"),
    ],
)
def test_about_marks_all_that_follows(word, rest, edtf):
    assert read(f"{word} {rest}") == Reading(edtf)


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("около 18 декабря 2011", "2011-12-18~"),
        ("примерно 18 декабря 2011", "2011-12-18~"),
        ("on or about 18 Dec 2011", "2011-12-18~"),
        ("c2011", "2011~"),
        ("possibly 16 Dec 2011", "2011-12-16?"),
        ("perhaps December 2011", "2011-12?"),
        ("возможно, 16 декабря 2011", "2011-12-16?"),
        ("16 Dec 2011?", "2011-12-16?"),
        ("16 Dec 2011 (?)", "2011-12-16?"),
        ("possibly about 16 Dec 2011", "2011-12-16%"),
        ("16–19 Dec 2011?", "2011-12-16?/2011-12-19?"),
        ("16? – 19 Dec 2011", "2011-12-16?/2011-12-19"),
        ("from about 16 Dec to 19 Dec 2011", "2011-12-16~/2011-12-19"),
        ("from 16 to about 19 Dec 2011", "2011-12-16/2011-12-19~"),
        ("since about 16 Dec 2011", "2011-12-16~/.."),
    ],
)
def test_marks_of_doubt(text, edtf):
    assert read(text) == Reading(edtf)


@pytest.mark.parametrize(
    "text",
    [
        *("16–19 Dec 2011", "16-19 December 2011", "16 to 19 December 2011", "Dec 16–19, 2011"),
        *("from 16 to 19 December 2011", "from 16 until 19 December 2011", "16.–19. Dezember 2011"),
        *("с 16 по 19 декабря 2011", "с 16 до 19 декабря 2011 г.", "16—19 декабря 2011 года"),
        *("c 16 по 19 декабря 2011", "16–19.12.2011", "16.12.–19.12.2011", "16.12.2011-19.12.2011"),
        *("16 Dec 2011 – 19 Dec 2011", "16 Dec 2011-19 Dec 2011", "16 Dec - 19 Dec 2011"),
        *("16 Dec 2011 to 19", "16 December 2011 / 19 December 2011", "2011-12-16 to 2011-12-19"),
        "Friday 16 to Monday 19 December 2011",
    ],
)
def test_from_one_day_to_another(text):
    assert read(text) == Reading("2011-12-16/2011-12-19")


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("between 16 and 19 Dec 2011", "[2011-12-16..2011-12-19]"),
        ("between 16–19 Dec 2011", "[2011-12-16..2011-12-19]"),
        ("между 16 и 19 декабря 2011", "[2011-12-16..2011-12-19]"),
        ("between 30 Nov and 2 Dec 2011", "[2011-11-30..2011-12-02]"),
        ("between about 16 and 19 Dec 2011", "[2011-12-16~..2011-12-19]"),
        ("about between 16 and 19 Dec 2011", "[2011-12-16~..2011-12-19~]"),
        ("between Nov and Dec 2011", "[2011-11..2011-12]"),
        ("between 2010 and 2012", "[2010..2012]"),
        ("between 2011-11 and 2011-12", "[2011-11..2011-12]"),
        ("16 or 17 Dec 2011", "[2011-12-16,2011-12-17]"),
        ("16 или 17 декабря 2011", "[2011-12-16,2011-12-17]"),
        ("2011–2013", "2011/2013"),
        ("Nov–Dec 2011", "2011-11/2011-12"),
        ("30 Dec 2011 – 2 Jan 2012", "2011-12-30/2012-01-02"),
        ("16–16 Dec 2011", "2011-12-16"),
        ("since 16 Dec 2011", "2011-12-16/.."),
        ("from 16 Dec 2011", "2011-12-16/.."),
        ("16 December 2011 onwards", "2011-12-16/.."),
        ("from 16 December 2011 on", "2011-12-16/.."),
        ("с 16 декабря 2011", "2011-12-16/.."),
        ("not before 16 Dec 2011", "2011-12-16/.."),
        ("until 19 Dec 2011", "../2011-12-19"),
        ("by 19 Dec 2011", "../2011-12-19"),
        ("по 19 декабря 2011", "../2011-12-19"),
        ("before 19 Dec 2011", "../2011-12-18"),
        ("before 1 Dec 2011", "../2011-11-30"),
        ("before Jan 2012", "../2011-12"),
        ("before 2011", "../2010"),
        ("after 16 Dec 2011", "2011-12-17/.."),
        ("after 31 Dec 2011", "2012-01-01/.."),
        ("after Dec 2011", "2012-01/.."),
        ("after 2011", "2012/.."),
        ("после 16 декабря 2011", "2011-12-17/.."),
        ("on or before 16 Dec 2011", "[..2011-12-16]"),
        ("16 Dec 2011 or later", "[2011-12-16..]"),
    ],
)
def test_spans_and_sets(text, edtf):
    assert read(text) == Reading(edtf)


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("16 December", "2011-12-16"),
        ("December 16", "2011-12-16"),
        ("16 декабря", "2011-12-16"),
        ("Friday 16 December", "2011-12-16"),
        ("16.12", "2011-12-16"),
        ("December", "2011-12"),
        ("about 18–19 Dec", "2011-12-18~/2011-12-19~"),
        ("before 1 January", "../2010-12-31"),
    ],
)
def test_year_comes_from_the_source_and_says_so(text, edtf):
    assert read(text, year=2011) == Reading(edtf, assumed_year=True)
    with pytest.raises(DateError, match="^Add the year to “"):
        read(text)


@pytest.mark.parametrize(
    "text", ["16 Dec 2011", "2011", "16–19 Dec 2011", "2011-12-16", "16 to 19.12.2011"]
)
def test_typed_year_stays_beside_an_offered_one(text):
    assert read(text, year=1999) == read(text)


@pytest.mark.parametrize(
    ("text", "day_first", "edtf"),
    [
        ("04.05.2012", True, "2012-05-04"),
        ("04.05.2012", False, "2012-04-05"),
        ("4/5/2012", True, "2012-05-04"),
        ("4-5-2012", False, "2012-04-05"),
        ("04.05.2012–06.05.2012", True, "2012-05-04/2012-05-06"),
    ],
)
def test_account_says_whether_the_day_comes_first(text, day_first, edtf):
    assert read(text, day_first=day_first) == Reading(edtf)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Type a date, such as 16 Dec 2011."),
        (
            "04.05.2012",
            "“04.05.2012” can be 4 May or 5 April 2012."
            " Choose which is meant, or type the month as a word.",
        ),
        (
            "4/5/2012",
            "“4/5/2012” can be 4 May or 5 April 2012."
            " Choose which is meant, or type the month as a word.",
        ),
        (
            "4/5",
            "“4/5” can be 4 May or 5 April. Choose which is meant, or type the month as a word.",
        ),
        ("13.13.2011", "There is no month 13 for “13.13.2011”: months run from 1 to 12."),
        ("16.12.11", "Type the year with four digits, as in 2011."),
        ("16 Dec 11", "Type the year with four digits, as in 2011."),
        ("Dec '11", "Type the year with four digits, as in 2011."),
        ("Dec 45", "Type the year with four digits, as in 2011."),
        ("16", "Add the month and the year, as in “16 Dec 2011”."),
        ("16 December", "Add the year to “16 December”."),
        ("Monday, 16 December 2011", "16 December 2011 was a Friday, not a Monday."),
        ("29 February 2023", "29 February 2023 does not exist: 2023 was not a leap year."),
        ("2023-02-29", "29 February 2023 does not exist: 2023 was not a leap year."),
        ("31.04.2012", "April has 30 days, so 31 April 2012 does not exist."),
        ("0 Dec 2011", "There is no day 00: days begin at 01."),
        ("2011-13", "There is no month 13 for “2011-13”: months run from 1 to 12."),
        ("16 Dec 0999", "Years run from 1000 to 9999, so 0999 is outside."),
        ("after 9999", "Years run from 1000 to 9999, so 10000 is outside."),
        ("before 1000", "Years run from 1000 to 9999, so 0999 is outside."),
        (
            "16 Dec 2011 – 12 Dec 2011",
            "The end, 12 December 2011, is before the start, 16 December 2011.",
        ),
        (
            "2011-12-16/2011-12-12",
            "The end, 12 December 2011, is before the start, 16 December 2011.",
        ),
        (
            "30 Dec – 2 Jan 2012",
            "30 December 2012 comes after 2 January 2012. Type the year of each date.",
        ),
        (
            "in the spring",
            "A season differs from place to place: type its months, as in “March to May 2012”, "
            "or the year alone.",
        ),
        (
            "last week",
            "“last week” depends on the day it is read: type the day itself, as in “16 Dec 2011”.",
        ),
        (
            "early December 2011",
            "“early December 2011” does not say which days: type them, as in “between 1 and 10 "
            "December 2011”, or the month alone.",
        ),
        (
            "16 Dec 2011, 10:30",
            "A time of day has no place here: type the day alone, as in “16 Dec 2011”.",
        ),
        (
            "16 and 17 Dec 2011",
            "“And” leaves open which day it was: type “16 or 17 Dec 2011” when it was one of them, "
            "“16 to 17 Dec 2011” when it lasted, or log one incident for each.",
        ),
        (
            "16/17 Dec 2011",
            "A stroke can mean “to” or “or”: type that word, as in “16 to 17 Dec 2011” "
            "or “16 or 17 Dec 2011”.",
        ),
        (
            "between 16 Dec 2011",
            "“Between” needs two dates, as in “between 16 and 19 Dec 2011”.",
        ),
        (
            "Janaozen",
            "“Janaozen” is not a date this form understands. Type 16 Dec 2011, Dec 2011, “about "
            "18 Dec 2011”, “between 16 and 19 Dec 2011”, or 2011-12-16.",
        ),
        ("9" * 201, "That is too long for a date: 200 characters is the most."),
    ],
)
def test_refusal_is_a_sentence_that_helps(text, sentence):
    with pytest.raises(DateError) as refusal:
        read(text)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("text", "day_first", "first"), [("12/16/2011", True, "day"), ("16.12.2011", False, "month")]
)
def test_impossible_order_is_refused_rather_than_turned_round(text, day_first, first):
    with pytest.raises(DateError) as refusal:
        read(text, day_first=day_first)
    assert str(refusal.value) == (
        f"“{text}” has 16 for its month, as the {first} comes first. Type the month as a word."
    )


@pytest.mark.parametrize("text", ["yesterday", "вчера", "today", "3 days ago", "this year"])
def test_day_that_depends_on_the_reader_is_refused(text):
    with pytest.raises(DateError, match="depends on the day it is read"):
        read(text, year=2011)


@pytest.mark.parametrize(
    "text", ["mid-December 2011", "late 2011", "в начале декабря 2011", "end of May"]
)
def test_piece_of_a_month_is_refused(text):
    with pytest.raises(DateError, match="does not say which days"):
        read(text, year=2011)


@pytest.mark.parametrize("text", ["spring 2012", "весной 2012", "summer", "à l’automne"])
def test_season_is_refused(text):
    with pytest.raises(DateError, match="A season differs"):
        read(text, year=2011)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "December 16 – 2011",
            "16 – Dec 2011",
            "Dec 2011 – 19",
            "2011 – Dec",
            "16–17–19 Dec 2011",
        ),
        *("before 16–19 Dec 2011", "between 16 or 19 Dec 2011", "from 16 and 19 Dec 2011", "to"),
        *("16 Dec 2011 19 Dec 2011", "Dec Dec 2011", "16 ~ Dec 2011", "Friday", "Friday 2011"),
        *("20111216", "16² Dec 2011", "16 Dec 20111", "16 Dec 2011!", "...", "16, 17 or 18 Dec"),
        *("16.12 Dec 2011", "about", "-2011", "16 Dec 2011 / 17", "about about", "from from 2011"),
        *("from 2000–2009 onwards", "until 2011 onwards"),
    ],
)
def test_what_is_not_one_date_is_refused(text):
    with pytest.raises(DateError):
        read(text, year=2011)


@pytest.mark.parametrize(
    ("reading", "said"),
    [
        (Reading("2011-12-16"), "16 December 2011"),
        (Reading("2011-12-16?"), "Possibly 16 December 2011"),
        (Reading("2011-12-16/2011-12-19"), "16 to 19 December 2011"),
        (Reading("2011-12-16/.."), "From 16 December 2011 onwards"),
        (Reading("2011-12-16", assumed_year=True), "16 December 2011. The year was not typed."),
        (
            Reading("2011-12"),
            "December 2011. No day is claimed. A filter uses 1 to 31 December 2011.",
        ),
        (Reading("2011-12-1X"), "Between 10 and 19 December 2011. No day is claimed."),
        (
            Reading("[2011-12-16..2011-12-19]"),
            "Between 16 and 19 December 2011. No day is claimed.",
        ),
        (
            Reading("2011-12-18~/2011-12-19~"),
            "Around 18 to 19 December 2011. No day is claimed. "
            "A filter uses 17 to 20 December 2011.",
        ),
        (
            Reading("2011-12~"),
            "About December 2011. No day is claimed. "
            "A filter uses 1 November 2011 to 31 January 2012.",
        ),
        (
            Reading("2011-12-16~/.."),
            "From about 16 December 2011 onwards. No day is claimed. "
            "A filter uses 15 December 2011 and later.",
        ),
        (
            Reading("../2011-12-16~"),
            "Until about 16 December 2011. No day is claimed. "
            "A filter uses 17 December 2011 and earlier.",
        ),
    ],
)
def test_what_was_understood_is_said_back(reading, said):
    assert echo(reading) == said


@pytest.mark.parametrize(
    ("edtf", "later"),
    [
        ("2011-12-19", False),
        ("2011-12-20", True),
        ("2011-12-20~", False),
        ("2011-12", False),
        ("2012", True),
        ("../2012", False),
        ("2011-12-20/..", True),
    ],
)
def test_date_is_in_the_future_when_no_day_of_it_has_come(edtf, later):
    assert in_future(edtf, date(2011, 12, 19)) is later
