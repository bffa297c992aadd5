from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.quantity import LARGEST, Quantity, QuantityError, in_words, read, write

QUALIFIERS = [None, "exact", "approximately", "at_least", "range", "unspecified"]
PARTS = st.lists(st.integers(0, LARGEST), min_size=3, max_size=3).map(sorted)
QUANTITIES = st.builds(
    lambda parts, given, qualifier: Quantity(
        *(part if is_given else None for part, is_given in zip(parts, given, strict=True)),
        qualifier,
    ),
    PARTS,
    st.lists(st.booleans(), min_size=3, max_size=3),
    st.sampled_from(QUALIFIERS),
)
WORDS = st.sampled_from(
    [
        *("about", "some", "20", "1,200", "or", "to", "-", "–", "between", "and", "low", "best"),
        *("high", "5", "+", ">=", "dozen", "half", "(", ")", "0", "~", "до", "от", "(exact)"),
    ]
)


def exact(number):
    return Quantity(number, number, number, "exact")


def about(best):
    return Quantity(None, best, None, "approximately")


def between(low, high):
    return Quantity(low, None, high, "range")


def at_least(low):
    return Quantity(low, None, None, "at_least")


def up_to(high):
    return Quantity(None, None, high, "range")


UNSPECIFIED = Quantity(None, None, None, "unspecified")


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("", Quantity(None, None, None, None)),
        (" \n", Quantity(None, None, None, None)),
        *((text, exact(1)) for text in ("1", "one", " One. ", "1\n", "один", "１")),
        *((text, exact(20)) for text in ("20", "twenty", "٢٠", "२०", "020")),
        *((text, exact(21)) for text in ("twenty-one", "twenty one", "Twenty‑One")),
        ("ninety-nine", exact(99)),
        ("a dozen", exact(12)),
        *((text, exact(1200)) for text in ("1200", "1,200", "1 200", "1\u00a0200", "1\u202f200")),
        ("1,200,300", exact(1_200_300)),
        ("2,000,000,000", exact(2_000_000_000)),
        *((text, exact(0)) for text in ("0", "zero", "ноль")),
        *((text, about(20)) for text in ("about 20", "around 20", "approximately 20", "~20")),
        *((text, about(20)) for text in ("≈20", "≈ 20", "some 20", "nearly twenty", "20 or so")),
        *((text, about(20)) for text in ("около 20", "примерно 20", "Приблизительно 20")),
        ("about a dozen", about(12)),
        ("around 1,200", about(1200)),
        *((text, between(20, 30)) for text in ("20 or 30", "20-30", "20–30", "20 — 30")),
        *((text, between(20, 30)) for text in ("between 20 and 30", "from 20 to 30", "20 to 30")),
        *((text, between(20, 30)) for text in ("20 или 30", "от 20 до 30", "между 20 и 30")),
        *((text, between(2, 3)) for text in ("two or three", "two-three", "два или три")),
        ("twenty-one-thirty", between(21, 30)),
        ("1,200-1,500", between(1200, 1500)),
        *((text, at_least(3)) for text in ("at least 3", "3+", "3 +", ">= 3", "≥3", "3 or more")),
        *((text, at_least(3)) for text in ("no fewer than 3", "no less than three")),
        *((text, at_least(3)) for text in ("не менее 3", "как минимум 3", "3 и более")),
        *((text, at_least(4)) for text in ("more than 3", "> 3", "over three", "более 3")),
        *((text, up_to(30)) for text in ("up to 30", "at most 30", "no more than 30", "<= 30")),
        *((text, up_to(30)) for text in ("30 or fewer", "до 30", "не более 30")),
        *((text, up_to(29)) for text in ("fewer than 30", "less than 30", "<30", "менее 30")),
        *((text, UNSPECIFIED) for text in ("several", "many", "dozens", "some", "a few")),
        *((text, UNSPECIFIED) for text in ("unknown", "Several", "несколько", "десятки")),
        ("about 20-30", Quantity(20, None, 30, "approximately")),
        ("low 5, best 7, high 9", Quantity(5, 7, 9, "range")),
        ("high 9 low 5 best 7", Quantity(5, 7, 9, "range")),
        ("low 1,200, high 1,500", between(1200, 1500)),
        ("low 0, best 2, high 3", Quantity(0, 2, 3, "range")),
        ("low 5, best 7", Quantity(5, 7, None, "at_least")),
        ("best 7", about(7)),
        ("low 5", at_least(5)),
        ("high 9", up_to(9)),
        ("20 (approximately)", Quantity(20, 20, 20, "approximately")),
        ("low 5, best 7, high 9 (no qualifier)", Quantity(5, 7, 9, None)),
    ],
)
def test_wordings_of_a_count(text, quantity):
    assert read(text) == quantity


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("half", "“half” is a share, not a count: count it from what the source says"),
        ("Most of them", "“Most of them” is a share, not a count"),
        ("20%", "“20%” is a share, not a count"),
        ("1.5", "“1.5” is not a whole number: type 1, or “1 or more”."),
        ("1.200", "“1.200” could be 1200 or little more than 1: type a whole number"),
        ("12,34", "“12,34” is not a whole number"),
        ("-5", "A count cannot be negative"),
        ("−5", "A count cannot be negative"),
        ("about 0", "Zero stands alone: type 0 when the source says there were none"),
        ("0-5", "Zero stands alone"),
        ("fewer than 1", "Fewer than one is none: type 0"),
        ("none", "Type 0 when the source says there were none; leave the box blank"),
        ("30-20", "The numbers go up from low to high: 20 – 30."),
        ("low 9, best 5", "The numbers go up from low to high: 5 – 9."),
        ("2000000001", "2000000001 is too large: 2,000,000,000 is the most"),
        ("more than 2000000000", "That is too large"),
        (
            "About 20 men",
            "“About 20 men” is not a number this box understands: type 20, “about 20”",
        ),
        ("20 30", "“20 30” is not a number this box understands"),
        ("5-10-15", "“5-10-15” is not a number this box understands"),
        ("low 5, low 6", "“low 5, low 6” is not a number this box understands"),
        ("low 5, and high 6", "is not a number this box understands"),
        ("about", "“about” is not a number this box understands"),
        ("²", "is not a number this box understands"),
        ("x" * 201, "That is too long: 200 characters is the most."),
    ],
)
def test_refusal_says_what_to_type(text, sentence):
    with pytest.raises(QuantityError) as refusal:
        read(text)
    assert sentence in str(refusal.value)


@pytest.mark.parametrize(
    ("quantity", "words", "written"),
    [
        (exact(1), "1", "1"),
        (exact(0), "0", "0"),
        (exact(1200), "1,200", "1200"),
        (about(20), "about 20", "about 20"),
        (between(20, 30), "20–30", "20–30"),
        (at_least(3), "at least 3", "at least 3"),
        (up_to(30), "up to 30", "up to 30"),
        (UNSPECIFIED, "number not stated", "several"),
        (Quantity(None, None, None, None), "number not stated", ""),
        (Quantity(5, 7, 9, "range"), "7 (5–9)", "low 5, best 7, high 9"),
        (Quantity(5, 7, 9, "approximately"), "about 7 (5–9)", None),
        (Quantity(20, 20, 20, "approximately"), "about 20", None),
        (Quantity(20, None, 30, "approximately"), "about 20–30", "about 20–30"),
        (Quantity(5, 7, None, "at_least"), "7 (at least 5)", "low 5, best 7"),
        (Quantity(None, 7, None, "at_least"), "at least 7", None),
        (Quantity(None, 7, 9, "range"), "7 (up to 9)", "best 7, high 9"),
        (Quantity(0, None, 5, "range"), "0–5", "low 0, high 5"),
        (Quantity(None, None, None, "approximately"), "number not stated", None),
    ],
)
def test_quantity_in_words_and_as_typed(quantity, words, written):
    parts = (quantity.low, quantity.best, quantity.high, quantity.qualifier)
    assert in_words(*parts) == words
    assert written is None or write(*parts) == written
    assert read(write(*parts)) == quantity


@given(QUANTITIES)
def test_what_is_written_reads_back_the_same(quantity):
    parts = (quantity.low, quantity.best, quantity.high, quantity.qualifier)
    assert read(write(*parts)) == quantity
    assert in_words(*parts)


@given(st.one_of(st.text(), st.lists(WORDS, max_size=8).map(" ".join)))
def test_any_text_is_read_or_refused_and_nothing_else(text):
    with suppress(QuantityError):
        quantity = read(text)
        given = [part for part in (quantity.low, quantity.best, quantity.high) if part is not None]
        assert given == sorted(given)
        assert all(0 <= part <= LARGEST for part in given)
        assert quantity.qualifier in QUALIFIERS


@given(st.integers(0, LARGEST), st.sampled_from(["", ",", " ", "\u00a0", "\u202f"]))
def test_thousands_may_be_separated(number, separator):
    assert read(f"{number:,}".replace(",", separator)) == exact(number)


@pytest.mark.parametrize("piece", ["9", " ", "1 or ", "(", "~", "low ", "\ud800"])
def test_huge_text_is_refused(piece):
    with pytest.raises(QuantityError):
        read(piece * 1_000_000)
