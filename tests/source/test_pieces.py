"""Pieces: every word of the text is shown once, tinted by what quotes it."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from incidents.source.queries.pieces import (
    LEFT_OUT,
    Numbered,
    Piece,
    Quoted,
    cover,
    occurrences,
    paragraphs,
    reached,
)

TEXT = "\n\nPolice opened fire. He denied it.\n \n\nWomen cried.\nMen stayed home.\n"


def incident(number: int, kind: str = "use_of_force", **more: Any) -> Numbered:
    reference = f"INC-{number}"
    statement = kind.endswith("_statement")
    return Numbered(number, kind, f"/{reference}", "Title", reference, statement, **more)


def quoted(words: str, number: int, kind: str = "use_of_force", **more: Any) -> Quoted:
    start = TEXT.index(words)
    return Quoted(start, start + len(words), incident(number, kind, **more))


def plain(piece: Piece) -> Any:
    """The words with their tint, "said" for a statement's, and the numbers after them."""
    tint = "said" if piece.statement else piece.type
    return piece.text, tint, [number.number for number in piece.numbers]


def shown(*quotes: Quoted, withheld: str = "") -> list[list[Any]]:
    left_out = list(occurrences(TEXT, withheld))
    found = paragraphs(TEXT, quotes, left_out)
    return [[plain(piece) for piece in paragraph.pieces] for paragraph in found]


def test_paragraphs_are_parted_by_blank_lines() -> None:
    assert shown() == [
        [("Police opened fire. He denied it.", None, [])],
        [("Women cried.\nMen stayed home.", None, [])],
    ]


def test_a_paragraph_knows_where_it_begins() -> None:
    found = paragraphs(TEXT, [])
    assert [TEXT[paragraph.start or 0 :][:6] for paragraph in found] == ["Police", "Women "]
    assert [paragraph.start for paragraph in paragraphs(TEXT, [], offsets=False)] == [None, None]


def test_a_quote_is_tinted_and_numbered() -> None:
    first, _ = shown(quoted("Police opened fire.", 3))
    assert first == [
        ("Police opened fire.", "use_of_force", [3]),
        (" He denied it.", None, []),
    ]


def test_shared_words_take_the_act_s_tint_and_all_numbers() -> None:
    first, _ = shown(
        quoted("Police opened fire. He denied it.", 1, "official_statement"),
        quoted("opened fire", 2),
    )
    assert first == [
        ("Police ", "said", []),
        ("opened fire", "use_of_force", [2, 1]),
        (". He denied it.", "said", [1]),
    ]


def test_an_incident_s_two_quotes_of_the_same_words_are_numbered_once() -> None:
    first, _ = shown(quoted("Police", 3), quoted("Police", 3))
    assert first[0] == ("Police", "use_of_force", [3])


def test_a_quote_over_two_paragraphs_is_numbered_in_both() -> None:
    words = TEXT[TEXT.index("He") : TEXT.index("\nMen")]
    first, second = shown(quoted(words, 5))
    assert first[-1] == ("He denied it.", "use_of_force", [5])
    assert second[0] == ("Women cried.", "use_of_force", [5])
    found = paragraphs(TEXT, [quoted(words, 5)])
    assert [[note.number for note in paragraph.notes] for paragraph in found] == [[5], []]


def test_every_incident_has_one_anchor() -> None:
    same = [quoted("opened fire", 1), quoted("opened fire", 2), quoted("fire. He", 2)]
    pieces = [piece for paragraph in paragraphs(TEXT, same) for piece in paragraph.pieces]
    words = {piece.id: piece.text for piece in pieces if piece.id}
    assert words == {"INC-1": "opened ", "INC-2": "fire"}
    both = [quoted("opened fire", 1), quoted("opened fire", 2)]
    (piece,) = [piece for piece in paragraphs(TEXT, both)[0].pieces if piece.type]
    assert (piece.id, [number.id for number in piece.numbers]) == ("INC-1", ["", "INC-2"])


def test_the_open_incident_s_words_are_boxed() -> None:
    pieces = paragraphs(TEXT, [quoted("fire", 1, open=True), quoted("He", 2)])[0].pieces
    assert [piece.text for piece in pieces if piece.now] == ["fire"]


def test_withheld_words_are_replaced_by_one_mark() -> None:
    first, _ = shown(
        quoted("Police opened fire. He", 1), quoted("denied it", 2), withheld="fire. He denied"
    )
    assert first == [
        ("Police opened ", "use_of_force", [1]),
        (LEFT_OUT, None, []),
        (" it", "use_of_force", [2]),
        (".", None, []),
    ]


def test_the_strip_covers_what_is_cited() -> None:
    whole = cover(paragraphs("aaaa bbbb", [Quoted(0, 4, incident(1, "injury"))]))
    assert [(bar.x, bar.width, bar.type) for bar in whole.bars] == [(0.0, 444.4, "injury")]
    assert (whole.cited, whole.total, whole.percent) == (4, 9, 44)
    nothing = cover(paragraphs("", []))
    assert (nothing.bars, nothing.cited, nothing.total, nothing.percent) == ((), 0, 0, 0)


def test_a_rounded_share_is_never_all_or_nothing() -> None:
    def percent(cited: int) -> int:
        return cover(paragraphs("x" * 999, [Quoted(0, cited, incident(1))])).percent

    assert [percent(1), percent(998), percent(999)] == [1, 99, 100]


SPANS = st.tuples(st.integers(0, 30), st.integers(1, 30)).map(lambda pair: (pair[0], sum(pair)))


@given(
    text=st.text("ab \n", max_size=50),
    spans=st.lists(SPANS, max_size=6),
    withheld=st.lists(SPANS, max_size=3),
)
def test_no_word_is_lost_doubled_or_let_out(
    text: str, spans: list[tuple[int, int]], withheld: list[tuple[int, int]]
) -> None:
    quotes = [Quoted(*span, incident(number)) for number, span in enumerate(spans)]
    whole = "".join("".join(piece.text.split()) for piece in _pieces(text, quotes, []))
    assert whole == "".join(text.split())
    left = {at for start, end in withheld for at in range(start, end)}
    kept = [letter for at, letter in enumerate(text) if at not in left and letter in "ab"]
    letters = "".join(piece.text for piece in _pieces(text, quotes, withheld) if not piece.withheld)
    assert [letter for letter in letters if letter in "ab"] == kept


def _pieces(text: str, quotes: list[Quoted], withheld: list[tuple[int, int]]) -> list[Piece]:
    found = paragraphs(text, quotes, withheld)
    return [piece for paragraph in found for piece in paragraph.pieces]


class Watched:
    """A quote that counts how often it is looked at."""

    looked = 0

    def __init__(self, start: int, end: int, number: int) -> None:
        self._start, self._end, self.incident = start, end, incident(number)

    @property
    def start(self) -> int:
        Watched.looked += 1
        return self._start

    @property
    def end(self) -> int:
        Watched.looked += 1
        return self._end


def looks(size: int) -> int:
    """At the quotes of a text of so many paragraphs, one of them in each."""
    text = "\n\n".join(f"Paragraph {number} of it." for number in range(size))
    quotes: Any = [
        Watched(at, at + 9, number) for number, (at, _) in enumerate(occurrences(text, "Paragraph"))
    ]
    Watched.looked = 0
    assert len(paragraphs(text, quotes)) == len(quotes) == size
    return Watched.looked


def test_twice_the_text_with_twice_the_quotes_is_twice_the_work() -> None:
    assert looks(400) == 2 * looks(200)


def test_how_far_a_text_was_read() -> None:
    shown = paragraphs("One.\n\nTwo.\n\nFour and six.", [])
    starts = [paragraph.start for paragraph in shown]
    assert [reached(shown, start) for start in starts] == [190.5, 381, 1000]
    assert (reached(shown, None), reached((), 7), reached(shown, 10**9)) == (0, 0, 1000)
