"""The types a text looks like, and the words that speak for each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.found_types import likely_types
from incidents.found_words import excerpt
from incidents.incident.types import TYPES
from tests.infrastructure.article import ARTICLE


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("her husband was detained by the OMON", "detention", "was detained by the OMON"),
        ("Его задержали 16 декабря", "detention", "задержали"),
        ("Half of them had been beaten up.", "injury", "been beaten up"),
        ("He was beaten up and taken to a police station.", "ill_treatment", None),
        ("избит полицией", "injury", "избит"),
        ("the detainees are being tortured", "ill_treatment", "are being tortured"),
        ("Then the police opened fire.", "use_of_force", "opened fire"),
        ("the woman who died in hospital", "killing", "who died"),
        ("began rioting, setting fire to vehicles", "property_damage", "setting fire to"),
        ("they’d had no bread or milk", "shortage", "no bread"),
        ("нет хлеба", "shortage", "нет хлеба"),
        ("a curfew was announced", "restriction", "curfew"),
        ("ввели комендантский час", "restriction", "комендантский час"),
        ("“No one gave the order,” the minister said.", "official_statement", "the minister said"),
        ("Министр внутренних дел заявил", "official_statement", None),
        ("По словам очевидцев, стрельбы не было", "witness_statement", None),
        ("Her son went missing", "disappearance", "went missing"),
    ],
)
def test_cue_words_speak_for_a_type(text: str, code: str, words: str | None) -> None:
    first = likely_types(text)[0]
    assert first.type == code
    assert text[first.start : first.end] == first.words
    assert words in (None, first.words)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "We spent two days in Janaozen.",
        "tensions have fallen there",
        "He wasn’t arrested",
        "никто не задержан",
        "in memory of those who wait",
    ],
)
def test_without_such_words_there_is_none(text: str) -> None:
    assert likely_types(text) == ()


@given(st.text(max_size=200) | st.just(ARTICLE), st.integers(1, 12))
def test_types_are_the_domains_each_once_in_place(text: str, most: int) -> None:
    found = likely_types(text, most)
    assert len({one.type for one in found}) == len(found) <= most
    for one in found:
        assert one.type in TYPES
        assert text[one.start : one.end] == one.words


@given(st.text(max_size=300), st.data())
def test_an_excerpt_is_one_line_with_the_words(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    cut = excerpt(text, start, end)
    assert "\n" not in cut
    assert " ".join(text[start:end].split()) in " ".join(cut.split())


def test_an_excerpt_is_the_sentence_around() -> None:
    at = ARTICLE.index("about 20")
    assert excerpt(ARTICLE, at, at + 8) == "There were about 20 of them aged 30 to 40"
