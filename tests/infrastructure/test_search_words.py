"""What a word is to the search, in many scripts, and what of a text is indexed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.folding import fold
from incidents.search_words import (
    BORDER,
    MOST_BYTES,
    MOST_OF_ONE_WORD,
    MOST_WORDS,
    document,
    encoded,
    words,
    words_in_place,
)

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60)


def split(text: str) -> list[str]:
    return [word.text for word in words(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No bread, or milk!", ["no", "bread", "or", "milk"]),
        ("ill-treatment", ["ill", "treatment"]),
        ("ОМОН, Жаңаөзен; ёлка й", ["омон", "жаңаөзен", "елка", "й"]),
        ("أحمد", ["احمد"]),
        ("l’homme обʼєкт", ["l", "homme", "об", "єкт"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("Cañón ﬁne so\u00adft", ["canon", "fine", "soft"]),
        ("北京市", ["北京", "京市", "市"]),
        ("北, 京", ["北", "京"]),
        ("在Aktau市", ["在", "aktau", "市"]),
        ("กำลัง", ["กํา", "าลั", "ลัง", "ง"]),
        ("INC-2026-00042 (SRC-2026-7)", ["inc-2026-00042", "src-2026-7"]),
        ("% _ “” *** -", []),
        ("𐐀𐐁 𠀋𠀌", ["𐐨𐐩", "𠀋𠀌", "𠀌"]),
    ],
)
def test_words_of_many_scripts(text: str, expected: list[str]) -> None:
    assert split(text) == expected


@given(TEXTS)
def test_a_text_and_its_folded_twin_have_the_same_words(text: str) -> None:
    assert split(text) == split(fold(text))


@given(TEXTS, st.integers(0, 60))
def test_a_stored_word_is_ascii_letters_and_begins_as_it_does(text: str, length: int) -> None:
    for word in split(text):
        assert encoded(word).isascii() and encoded(word).isalpha() and encoded(word) != BORDER
        assert encoded(word).startswith(encoded(word[:length]))


@given(TEXTS, TEXTS)
def test_words_are_stored_apart_as_they_are_apart(one: str, other: str) -> None:
    for first in split(one):
        for second in split(other):
            assert (encoded(first) == encoded(second)) == (first[:60] == second[:60])


@given(TEXTS)
def test_places_lie_in_the_text_in_order(text: str) -> None:
    found = words_in_place(text)
    assert all(0 <= word.start < word.end <= len(text) for word in found)
    assert [word.start for word in found] == sorted(word.start for word in found)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("No Bread,\nor milk", ["No", "Bread", "or", "milk"]),
        ("Cañón — ﬁne", ["Cañón", "ﬁne"]),
        ("أَحْمَد", ["أَحْمَد"]),
        ("北京市", ["北京", "京市", "市"]),
        ("so\u00adft", ["so\u00adft"]),
        ("น้ำ", ["น้ำ", "ำ"]),
    ],
)
def test_words_are_known_by_place_in_the_text_as_it_is(text: str, marked: list[str]) -> None:
    assert [text[word.start : word.end] for word in words_in_place(text)] == marked


def test_a_border_stands_between_texts() -> None:
    assert document(["no bread", "or milk"]).split() == [
        *map(encoded, ["no", "bread"]), BORDER, *map(encoded, ["or", "milk"]), BORDER
    ]  # fmt: skip


def test_a_document_is_cut_to_what_both_engines_hold() -> None:
    many = document([" ".join(f"word{number}" for number in range(20_000))], before=["a"] * 10)
    assert len(many.split()) == MOST_WORDS - 10
    long = document([" ".join(f"{number:05}" + "я" * 55 for number in range(16_000))])
    assert MOST_BYTES - 500 < len(long) < MOST_BYTES


def test_the_words_after_the_most_of_one_word_keep_their_places() -> None:
    stored = document(["the cat " * 300]).split()
    assert stored.count(encoded("the")) == stored.count(encoded("cat")) == MOST_OF_ONE_WORD
    assert len(stored) == 601


def test_a_word_of_any_length_is_stored_by_its_beginning() -> None:
    assert encoded("я" * 100_000) == encoded("я" * 60)
