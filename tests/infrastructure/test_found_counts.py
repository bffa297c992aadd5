"""Counts, ages and prices found in prose, and what no number of a text may be taken for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents import quantity
from incidents.found_ages import found_ages
from incidents.found_counts import found_counts
from incidents.found_prices import found_prices
from tests.infrastructure.article import ARTICLE

Said = tuple[str, int | None, int | None, int | None, str | None]


def counts(text: str) -> list[Said]:
    return [
        (one.words, one.low, one.best, one.high, one.qualifier)
        for one in found_counts(text)
        if not one.of_one_person
    ]


def test_the_article_counts_are_found_and_qualified() -> None:
    assert counts(ARTICLE) == [
        ("20 or 30", 20, None, 30, "range"),
        ("two or three", 2, None, 3, "range"),
        ("about 20", None, 20, None, "approximately"),
    ]
    by_words = {one.words: one for one in found_counts(ARTICLE)}
    assert by_words["about 20"].measure == "detained"
    assert by_words["20 or 30"].measure == "security_personnel"
    assert by_words["her husband"].best == 1
    assert by_words["her husband"].sex == "male"


def test_nothing_in_the_article_is_25_10_or_0() -> None:
    numbers = {n for one in found_counts(ARTICLE) for n in (one.low, one.best, one.high)}
    assert not numbers & {25, 10, 0, 16, 300, 40}


def test_the_article_ages_are_ages() -> None:
    (ages,) = found_ages(ARTICLE)
    assert (ages.words, ages.age_min, ages.age_max) == ("aged 30 to 40", 30, 40)


def test_the_article_price_is_a_price() -> None:
    tenge, dollars = found_prices(ARTICLE)
    assert (tenge.words, tenge.item, tenge.amount) == ("300 tenge", "eggs", 300)
    assert (tenge.currency, tenge.per) == ("KZT", "each")
    assert (dollars.amount, dollars.currency) == (2, "USD")


@pytest.mark.parametrize(
    ("text", "low", "best", "high", "qualifier"),
    [
        ("about 20", None, 20, None, "approximately"),
        ("20 or 30", 20, None, 30, "range"),
        ("20–30", 20, None, 30, "range"),
        ("at least 3 people", 3, None, None, "at_least"),
        ("more than 100 were arrested", 101, None, None, "at_least"),
        ("up to 12 people were injured", None, None, 12, "range"),
        ("between 20 and 30 people", 20, None, 30, "range"),
        ("from 20 to 30 people", 20, None, 30, "range"),
        ("dozens of people were taken", None, None, None, "unspecified"),
        ("two or three women", 2, None, 3, "range"),
        ("some 50 people", None, 50, None, "approximately"),
        ("20+ people", 20, None, None, "at_least"),
        ("20 or so people", None, 20, None, "approximately"),
        ("20 or more people", 20, None, None, "at_least"),
        ("~20 people", None, 20, None, "approximately"),
        ("1,200 people", 1200, 1200, 1200, "exact"),
        ("three hundred and twelve were killed", 312, 312, 312, "exact"),
        ("twenty-five people", 25, 25, 25, "exact"),
        ("half a dozen men", 6, 6, 6, "exact"),
        ("more than a dozen men", 13, None, None, "at_least"),
        ("over 3 thousand workers", 3001, None, None, "at_least"),
        ("killed at least 14.", 14, None, None, "at_least"),
        ("police shot 14 people dead", 14, 14, 14, "exact"),
        ("2011 people were killed", 2011, 2011, 2011, "exact"),
        ("two of the 15 detained men", 2, 2, 2, "exact"),
        ("at 10:30 20 people came", 20, 20, 20, "exact"),
        ("около 20", None, 20, None, "approximately"),
        ("около 20 человек", None, 20, None, "approximately"),
        ("50-60 человек", 50, None, 60, "range"),
        ("не менее трёх", 3, None, None, "at_least"),
        ("до 12 человек", None, None, 12, "range"),
        ("двое или трое", 2, None, 3, "range"),
        ("около двадцати пяти человек", None, 25, None, "approximately"),
        ("1\u00a0200 человек", 1200, 1200, 1200, "exact"),
        ("5 тыс. человек", 5000, 5000, 5000, "exact"),
        ("15 погибших", 15, 15, 15, "exact"),
        ("десятки людей", None, None, None, "unspecified"),
        ("один человек погиб", 1, 1, 1, "exact"),
        ("several dozen people", None, None, None, "unspecified"),
        ("несколько тысяч человек", None, None, None, "unspecified"),
        ("тысячи людей вышли", None, None, None, "unspecified"),
        ("Two men, 25 and 30, were detained", 2, 2, 2, "exact"),
        ("The death toll rose to 16, officials said", 16, 16, 16, "exact"),
        ("Number of injured: 86", 86, 86, 86, "exact"),
        ("более ста получили ранения", 101, None, None, "at_least"),
    ],
)
def test_a_wording_gives_low_best_and_high(
    text: str, low: int | None, best: int | None, high: int | None, qualifier: str
) -> None:
    ((_, *said),) = counts(text)
    assert said == [low, best, high, qualifier]


@pytest.mark.parametrize(
    "text",
    [
        "Half of them had been beaten up",
        "half of the 40 men were beaten",
        "one in three people",
        "20% of residents were detained",
        "20 percent of people",
        "aged 30 to 40",
        "a 25-year-old was killed",
        "возрастом от 30 до 40 лет",
        "люди в возрасте 30–40 лет",
        "300 tenge",
        "300 тенге",
        "$2 each",
        "December 16",
        "16 December 2011",
        "16 декабря",
        "In 2011 people were killed",
        "in 2011 police detained nobody",
        "tel. 8 7292 43 21 45 people",
        "+7 7292 432145 people",
        "Article 19 people say",
        "статья 20 людей",
        "9/11 attacks killed",
        "a four-day siege",
        "for four days",
        "36 hours",
        "at 5 pm police came",
        "at 10:30 police detained",
        "the 20th man was detained",
        "room 12 officers",
        "No. 5 men",
        "school No 7 pupils",
        "about 20 metres",
        "groups of two or three",
        "in one of them we found a cartridge",
        "no one was killed",
        "0 people were killed",
        "zero people",
        "Boeing 737 people",
        "More than 1.5 million people",
        "G20 men",
        "30-20 people",
        "two",
        "4,5 people",
        "ни один человек не задержан",
        "3,5 тысячи человек",
    ],
)
def test_what_is_no_count_is_none(text: str) -> None:
    assert counts(text) == []


@pytest.mark.parametrize(
    ("text", "measures"),
    [
        ("14 killed, 86 injured", ["killed", "injured"]),
        ("погибли 14 человек, 86 ранены", ["killed", "injured"]),
        ("задержали 20 человек", ["detained"]),
        ("about 20 police officers", ["security_personnel"]),
        ("three vehicles were burnt", ["property_items"]),
        ("about 20 people", [None]),
    ],
)
def test_the_measure_is_guessed_from_the_words_near(text: str, measures: list[str | None]) -> None:
    assert [one.measure for one in found_counts(text)] == measures


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("a woman was detained", "female"),
        ("her husband was detained", "male"),
        ("а journalist, one activist was beaten", None),
        ("его брата задержали", "male"),
    ],
)
def test_one_person_is_one(text: str, sex: str | None) -> None:
    one = found_counts(text)[-1]
    assert (one.low, one.best, one.high) == (1, 1, 1)
    assert one.sex == sex


@pytest.mark.parametrize("text", ["women were detained", "the minister said", "man", "such a man"])
def test_who_is_not_told_apart_is_nobody(text: str) -> None:
    assert found_counts(text) == ()


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("a 25-year-old man", (25, 25)),
        ("aged between 18 and 30", (18, 30)),
        ("возрастом от 30 до 40 лет", (30, 40)),
        ("в возрасте 30–40 лет", (30, 40)),
        ("25-летний мужчина", (25, 25)),
    ],
)
def test_ages_are_read(text: str, ages: tuple[int, int]) -> None:
    (found,) = found_ages(text)
    assert (found.age_min, found.age_max) == ages


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("$2", 2, "USD"),
        ("1,500 roubles", 1500, "RUB"),
        ("300 тенге", 300, "KZT"),
        ("12.50 euros", 12.5, "EUR"),
        ("5 тысяч тенге", 5000, "KZT"),
        ("two US dollars", 2, "USD"),
        ("€ 30", 30, "EUR"),
    ],
)
def test_prices_are_read(text: str, amount: float, currency: str) -> None:
    (found,) = found_prices(text)
    assert (found.amount, found.currency) == (amount, currency)


PIECES = st.sampled_from(
    [
        *("about ", "20", " or ", "30", " people", "aged ", " to ", "tenge", "16 декабря ", "%"),
        *("двое", " или ", "трое ", "“", "—", "\u00ad", "e\u0301", "ё", "\n\n", ".", ",", "/"),
        *("dozens of ", "a ", "woman ", "half of the ", "11", "+7", "1 200", " and ", "hundred "),
    ]
)


@given(st.lists(PIECES | st.text(max_size=4), max_size=30).map("".join))
def test_offsets_are_those_of_the_words_and_nothing_is_ever_zero(text: str) -> None:
    for one in (*found_counts(text), *found_ages(text), *found_prices(text)):
        assert text[one.start : one.end] == one.words
        assert one.words
    for count in found_counts(text):
        assert 0 not in (count.low, count.best, count.high)
        read = quantity.read(count.typed)
        assert (read.low, read.best, read.high) == (count.low, count.best, count.high)
        if count.best is not None and count.low is not None:
            assert count.low == count.best == count.high


@pytest.mark.parametrize("piece", ["9", "111 ", "one ", "1-", ".", "a ", "20 or ", "16 декабря "])
def test_long_runs_of_one_thing_are_gone_through(piece: str) -> None:
    assert isinstance(found_counts(piece * 20_000), tuple)


def test_a_hundred_thousand_words_hold_what_one_article_does_each_time() -> None:
    times = 1 + 100_000 // len(ARTICLE.split())
    assert len(counts(ARTICLE * times)) == 3 * times
