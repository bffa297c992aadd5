"""Words an editor put in, in square brackets: shown as such, and not needed to find a quote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.insertions import WithoutInsertions, has_insertion, parted
from incidents.passages import find

TEXT = (
    "There are a great many OMON [riot police] on the streets. In Aktau [city to which unrest has"
    " spread], [he] said, see [Respublika](#) and note [1].\n\n[…] It ended."
)


def test_insertions_are_told_from_links_and_notes() -> None:
    assert [part for part, inserted in parted(TEXT) if inserted] == [
        "[riot police]",
        "[city to which unrest has spread]",
        "[he]",
        "[…]",
    ]
    assert "".join(part for part, _ in parted(TEXT)) == TEXT
    assert not has_insertion("[1] and [a](b), [ ], [] and [two\nlines]")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (
            "a great many OMON on the streets",
            "a great many OMON [riot police] on the streets",
        ),
        ("In Aktau, said, see", "In Aktau [city to which unrest has spread], [he] said, see"),
        # Some typed, some left out.
        ("Aktau, [he] said", "Aktau [city to which unrest has spread], [he] said"),
        # What is typed in brackets must stand there.
        ("on the [main] streets", None),
        ("OMON [secret police] on", None),
        ("a  great many “OMON”", None),
        ("note . [x]", None),
    ],
)
def test_a_quote_is_found_without_them_and_stored_as_the_text_has_it(
    typed: str, stored: str | None
) -> None:
    found = find(TEXT, typed)
    assert (found and found.exact) == stored
    if found is not None:
        assert TEXT[found.start : found.end] == found.exact


def test_the_words_with_them_come_first() -> None:
    text = "OMON on the streets. OMON [riot police] on the streets."
    found = find(text, "OMON on the streets")
    assert found is not None
    assert found.start == 0
    again = find(text, "OMON [riot police] on the streets")
    assert again is not None
    assert again.start == 21


def test_of_several_the_one_meant_is_found() -> None:
    text = "A man [old] left. A man [young] left."
    found = find(text, "A man left", near=18)
    assert found is not None
    assert found.exact == "A man [young] left"


@given(st.text("ab [].(1…\n", max_size=60))
def test_places_without_them_are_places_of_the_text(text: str) -> None:
    without = WithoutInsertions(text)
    kept = [without.original(at, at + 1) for at in range(len(without.text))]
    assert "".join(text[start:end] for start, end in kept) == without.text
    assert all(end - start == 1 for start, end in kept)
    assert all(without.place(start) == at for at, (start, _) in enumerate(kept))
