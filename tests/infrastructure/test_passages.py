import json
import re
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

import incidents
from incidents.passages import Passage, difference, find, nearest, occurrences, passage_at

DATA = Path(incidents.__file__).parent / "demo" / "data"
ARTICLE = (DATA / "article.md").read_text("utf-8")
CODED = json.loads((DATA / "incidents.json").read_text("utf-8"))
CITATIONS = [
    citation
    for incident in CODED["incidents"]
    for citation in incident["citations"]
    if citation.get("quote")
]
QUOTES = sorted({citation["quote"] for citation in CITATIONS})

WORDS = st.text(
    st.sampled_from("ab '’\"“”-–\u00a0\n\u00ad\u200be\u0301éй가ᄀ\u1161कि的"), max_size=40
)
TYPED = st.one_of(WORDS, st.text(max_size=40))


def retyped(quote: str) -> str:
    """As somebody without a publisher's keyboard types it, from a page that wraps lines."""
    plain = quote.translate(str.maketrans("“”‘’–—", "\"\"''--"))
    return "\n  " + plain.replace(" ", "\u00a0", 1).replace(". ", ".\r\n") + " "


@pytest.mark.parametrize("citation", CITATIONS, ids=lambda citation: citation["quote"][:30])
def test_every_quote_of_the_coded_article_is_found_where_it_was_coded(citation):
    coded = Passage(
        exact=citation["quote"],
        prefix=citation["prefix"],
        suffix=citation["suffix"],
        start=citation["start"],
        end=citation["end"],
    )
    assert find(ARTICLE, citation["quote"]) == coded
    assert find(ARTICLE, retyped(citation["quote"])) == coded
    assert occurrences(ARTICLE, citation["quote"]) == 1


@pytest.mark.parametrize("quote", QUOTES, ids=lambda quote: quote[:30])
@pytest.mark.parametrize("unit", [r"\w+(?:['’]\w+)*", r"\S+"], ids=["word", "word with signs"])
def test_quote_with_any_one_word_changed_leads_to_the_original(quote, unit):
    for word in re.finditer(unit, quote):
        changed = f"{quote[: word.start()]}zebra{quote[word.end() :]}"
        assert find(ARTICLE, changed) is None
        assert nearest(ARTICLE, changed)[0].exact == quote, changed


@pytest.mark.parametrize("quote", QUOTES, ids=lambda quote: quote[:30])
def test_quote_with_a_word_more_or_less_leads_near_the_original(quote):
    words = quote.split()
    middle = len(words) // 2
    for changed in (words[:middle] + words[middle + 1 :], [*words[:middle], "x", *words[middle:]]):
        assert nearest(ARTICLE, " ".join(changed))[0].exact == quote


@pytest.mark.parametrize(
    ("text", "quote", "exact"),
    [
        ("one  two\n\nthree", "one two three", "one  two\n\nthree"),
        ("one\u00a0two", "one two", "one\u00a0two"),
        ("one two", "one\u00a0two", "one two"),
        ("o\u200bne two", "one two", "o\u200bne two"),
        ("in\u00adcident", "incident", "in\u00adcident"),
        ("incident", "in\u00adcident", "incident"),
        ("he said “no”.", 'said "no"', "said “no”"),
        ('he said "no".', "said «no»", 'said "no"'),
        ("he said ``no''.", "said “no”", "said ``no''"),
        ("hasn’t", "hasn't", "hasn’t"),
        ("20–30 men", "20-30 men", "20–30 men"),
        ("20-30 men", "20—30 men", "20-30 men"),
        ("−5", "-5", "−5"),
        ("cafe\u0301 noir", "café noir", "cafe\u0301 noir"),
        ("café noir", "cafe\u0301 noir", "café noir"),
        ("И\u0306од", "Йод", "И\u0306од"),
        ("\u1112\u1161\u11ab\u1100\u116e\u11a8", "한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8"),
        ("10 \u212b wide", "10 Å wide", "10 \u212b wide"),
        ("\u200b\u00a0one two \u200b", "\n one two ", "one two"),
    ],
)
def test_typography_does_not_matter_and_the_original_is_kept(text, quote, exact):
    for around in ("", "x ", "“” e\u0301 – "):
        passage = find(around + text + around, quote)
        assert passage is not None
        assert passage.exact == exact
        assert (around + text + around)[passage.start : passage.end] == exact


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Police", "police"),
        ("ёлка", "елка"),
        ("resume", "résumé"),
        ("one two", "onetwo"),
        ("one two", "one three"),
        ("one", ""),
        ("one", " \u200b\n"),
        ("", "one"),
    ],
)
def test_other_letters_are_other_words(text, quote):
    assert find(text, quote) is None
    assert occurrences(text, quote) == 0


def test_exact_occurrence_comes_before_one_that_differs_in_type():
    text = 'He said “no”. He said "no".'
    assert find(text, 'said "no"') == passage_at(text, 17, 26)
    assert occurrences(text, 'said "no"') == 1
    assert occurrences(text, "said «no»") == 2


def test_among_several_the_surroundings_decide():
    text = "A man was beaten. Another man was beaten. The old man was beaten!"
    starts = [match.start() for match in re.finditer("man was", text)]
    assert find(text, "man was beaten").start == starts[0]
    assert find(text, "man was beaten", prefix="The old ").start == starts[2]
    assert find(text, "man was beaten", prefix="Another ").start == starts[1]
    assert find(text, "man was beaten", suffix="!").start == starts[2]
    assert find(text, "man was beaten", near=0, prefix="The\nold ", suffix="!").start == starts[2]


def test_among_several_with_like_surroundings_the_nearest_is_taken():
    text = "beaten, beaten, beaten, beaten"
    for near, start in ((0, 0), (3, 0), (7, 8), (16, 16), (21, 24), (999, 24), (-5, 0)):
        assert find(text, "beaten", near=near).start == start
        assert find(text, " beaten\u200b ", near=near).start == start


def test_selection_is_found_where_it_was_made_among_very_many():
    text = "so it “is” said. " * 5_000
    start = text.index("“is”", 60_000)
    assert find(text, "“is”", near=start).start == start
    assert find(text, '"is"', near=start, prefix=text[start - 32 : start]).start == start


def test_selection_that_overlaps_another_occurrence_is_found_where_it_was_made():
    assert find("na na na", "na na", near=3).start == 3


def test_passage_carries_up_to_32_code_points_either_side():
    text = "😀" * 40 + "word" + "é" * 10
    assert find(text, "word") == Passage("word", "😀" * 32, "é" * 10, 40, 44)


def test_passage_between_two_offsets_leaves_out_white_space_around():
    assert passage_at("one  two \n", 3, 10) == Passage("two", "one  ", " \n", 5, 8)
    assert passage_at("one  two", 3, 5) is None
    assert passage_at("one", -5, 99) == Passage("one", "", "", 0, 3)
    assert passage_at("one", 2, 1) is None


def test_nothing_is_near_when_nothing_resembles():
    assert nearest(ARTICLE, "The committee approved its budget for next year on a Tuesday.") == []
    assert nearest(ARTICLE, "the zebra") == []
    assert nearest(ARTICLE, "?!") == []
    assert nearest("", "one two") == []


def test_best_comes_first_and_passages_do_not_overlap():
    text = "Four men were held. Nine men were held there today. Two cows were sold. Men were held."
    passages = nearest(text, "Ten men were held there today.")
    assert passages[0].exact == "Nine men were held there today."
    assert "men were held" in passages[1].exact.lower()
    spans = sorted((passage.start, passage.end) for passage in passages)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    assert nearest(text, "Ten men were held there today.", limit=1) == passages[:1]


def test_case_and_type_do_not_hide_the_nearest():
    text = "A heading\n\n“We’re  getting reports,” she said.\nOther words follow here."
    (passage,) = nearest(text, '"WE\'RE GETTING RUMOURS," she said.')
    assert passage.exact == "“We’re  getting reports,” she said."


def test_nearest_in_a_script_without_spaces():
    text = "警察在城市里逮捕了许多男子。人们很生气。"
    assert nearest(text, "警察在城里逮捕了许多女子。")[0].exact == "警察在城市里逮捕了许多男子。"


def test_nearest_of_a_long_quote_reaches_both_its_ends():
    words = [f"word{place}" for place in range(3_000)]
    text = " ".join(words)
    changed = " ".join([*words[500:1_200], "zebra", *words[1_201:1_700]])
    assert nearest(text, changed)[0].exact == " ".join(words[500:1_700])


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("a " * 100_000, "a b " * 5_000),
        ("“”’ a " * 50_000, "a b c"),
        ("e\u0315\u0300" * 50_000, "a b c"),
        ("e" + "\u0315\u0300" * 100_000, "e f g"),
        ("a" + " " * 200_000 + "b", "a" + " " * 200_000 + "c"),
        ("\u200b" * 200_000, "\u200b" * 200_000 + "a b"),
        ("a'" * 100_000, "a'" * 1_000 + "b c"),
        ("的一是不" * 50_000, "的一是了不" * 20),
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_hostile_text_is_answered(text, quote):
    assert find(text, quote + "x", near=7, prefix=quote, suffix=text) is None
    assert len(nearest(text, quote)) <= 3


@given(TYPED, TYPED, TYPED)
def test_any_part_of_a_text_is_found(before, quote, after):
    text = before + quote + after
    passage = find(text, quote)
    assume(passage is not None)
    assert passage.exact == text[passage.start : passage.end] == passage.exact.strip() != ""
    assert passage.prefix == text[max(0, passage.start - 32) : passage.start]
    assert passage.suffix == text[passage.end : passage.end + 32]
    assert occurrences(text, quote) >= 1


@given(TYPED, WORDS, TYPED)
def test_part_of_a_text_is_found_at_its_place(before, quote, after):
    assume(quote.strip().strip("\u00ad\u200b \u00a0\n"))
    text = before + quote + after
    passage = find(text, quote, near=len(before))
    assert passage is not None
    assert len(before) <= passage.start <= passage.end <= len(before) + len(quote)


@given(st.text(st.sampled_from("ab ’–“é\u00a0"), min_size=1, max_size=30))
def test_retyped_quote_is_found(words):
    text = f"x {words} y"
    assume(words.strip())
    for typed in (
        words.translate(str.maketrans("’–“\u00a0", "'-\" ")),
        unicodedata.normalize("NFD", words),
        words.replace(" ", "  \n"),
    ):
        assert find(text, typed) is not None


@given(TYPED, TYPED, st.integers(-5, 50))
def test_any_texts_are_compared_without_error(text, quote, near):
    passage = find(text, quote, near=near, prefix=text, suffix=quote)
    assert (passage is None) == (occurrences(text, quote) == 0)
    for found in nearest(text, quote):
        assert found == passage_at(text, found.start, found.end)


@pytest.mark.parametrize(
    ("before", "after", "parts"),
    [
        ("", "", []),
        ("a b", "a b", [("same", "a b")]),
        ("", "a", [("new", "a")]),
        ("a", "", [("gone", "a")]),
        ("20 men held.", "30 men held.", [("gone", "20"), ("new", "30"), ("same", " men held.")]),
        ("men held.", "men held here.", [("same", "men held"), ("new", " here"), ("same", ".")]),
        ("one two x", "three four x", [("gone", "one two"), ("new", "three four"), ("same", " x")]),
        (
            "“no”",
            '"no"',
            [("gone", "“"), ("new", '"'), ("same", "no"), ("gone", "”"), ("new", '"')],
        ),
    ],
)
def test_difference_word_by_word(before, after, parts):
    assert difference(before, after) == parts


def test_difference_of_very_different_long_texts_is_whole():
    before, after = "one " * 4_000, "two " * 4_000
    assert [kind for kind, _ in difference("x " + before, "x " + after)] == [
        *("same", "gone", "new", "same")
    ]


@given(TYPED, TYPED)
@example("a  b", "b  a")
def test_difference_gives_back_both_texts(before, after):
    parts = difference(before, after)
    assert "".join(part for kind, part in parts if kind != "new") == before
    assert "".join(part for kind, part in parts if kind != "gone") == after
    assert all(part for _, part in parts)
