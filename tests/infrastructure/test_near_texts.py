"""Near-identical texts share bands and words; other texts of the same days do not."""

import random

import pytest

from incidents.near_texts import (
    BANDS,
    FEWEST_WORDS,
    LONGEST,
    NEAR_PERCENT,
    bands,
    percent_within,
    shingled,
)
from tests.source.near import ARTICLE, CHINESE, COPIES, OTHERS

EDITED = [
    pytest.param(text, edited, id=f"{language}: {how}")
    for language, (text, edits) in COPIES.items()
    for how, edited in edits.items()
]


def shared(one: str, other: str) -> int:
    return len(set(bands(shingled(one))) & set(bands(shingled(other))))


def within(one: str, other: str) -> int:
    return percent_within(shingled(one), shingled(other))


@pytest.mark.parametrize(("text", "edited"), EDITED)
def test_an_edited_copy_is_near(text: str, edited: str) -> None:
    assert shared(text, edited) >= 2
    assert max(within(edited, text), within(text, edited)) >= NEAR_PERCENT + 10


@pytest.mark.parametrize(("one", "other"), OTHERS.values(), ids=OTHERS)
def test_another_story_of_the_same_days_is_not_near(one: str, other: str) -> None:
    assert max(within(one, other), within(other, one)) <= NEAR_PERCENT - 25


def test_typography_case_and_line_breaks_do_not_count() -> None:
    retyped = " ".join(ARTICLE.upper().replace("“", '"').replace("’", "'").split())
    assert within(retyped, ARTICLE) == 100
    assert shared(retyped, ARTICLE) == BANDS


def test_percent_is_of_the_words_that_stand_in_the_other() -> None:
    words = [f"word{number}" for number in range(100)]
    own = [f"own{number}" for number in range(100)]
    assert within(" ".join(words), " ".join(words + own)) == 100
    assert within(" ".join(words + own), " ".join(words)) == 50
    assert within(" ".join(words), " ".join(own)) == 0


def test_the_beginning_of_a_long_text_is_looked_at() -> None:
    book = " ".join(f"word{number}" for number in range(40_000))
    assert len(book) > LONGEST
    assert bands(shingled(book)) == bands(shingled(book[:LONGEST]))


def test_few_words_have_no_sketch_in_any_script() -> None:
    words = " ".join(f"word{number}" for number in range(FEWEST_WORDS - 1))
    assert bands(shingled(words)) == bands(shingled(CHINESE[:30])) == bands(shingled("")) == ()
    assert within(words, words) == 0
    assert len(bands(shingled(f"{words} more"))) == BANDS


def test_a_text_of_one_word_again_and_again_has_a_sketch() -> None:
    assert len(set(bands(shingled("no " * 500)))) == BANDS
    assert within("no " * 500, "no " * 60) == 100


def test_sketches_stay_what_they_were_when_they_were_stored() -> None:
    """They are compared with those of years ago: raise SKETCH_VERSION when this changes."""
    words = " ".join(f"word{number}" for number in range(60))
    assert bands(shingled(words))[:2] == (3340294540765635063, -3677305306903177493)


def test_texts_that_share_nothing_share_no_band() -> None:
    chance = random.Random(1)
    texts = [" ".join(str(chance.randrange(10_000)) for _ in range(300)) for _ in range(60)]
    found = [shared(one, other) for at, one in enumerate(texts) for other in texts[:at]]
    assert max(found) == 0
