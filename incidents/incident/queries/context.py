"""The words somebody searched by, where they stand: one piece of what each incident says."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from incidents.folding import fold
from incidents.incident.queries.texts import Text, Texts, texts_of
from incidents.search_query import Query, Term
from incidents.search_words import Word, words, words_in_place
from incidents.viewer import Viewer

# Code points around the first hit.
_BEFORE, _AFTER = 60, 140
_LEFT_OUT = "…"


@dataclass(frozen=True)
class Piece:
    """A part of the text; `hit`: it was searched for."""

    text: str
    hit: bool


@dataclass(frozen=True)
class Context:
    """What stands around a hit, and what it is a part of: "Quote", "Summary", "Party".

    `quote`: a source's own words.
    """

    field: str
    quote: bool
    pieces: tuple[Piece, ...]


def contexts(
    session: Session, viewer: Viewer, query: Query, ids: Collection[int]
) -> Mapping[int, Context]:
    """By id, in the viewer's eyes: the text that holds most of what the title does not.

    Without those whose title holds it all. As many statements for one as for many.
    """
    if not query.wanted or not ids:
        return {}
    found = {
        incident_id: _context(query.wanted, texts)
        for incident_id, texts in texts_of(session, viewer, ids).items()
    }
    return {incident_id: context for incident_id, context in found.items() if context}


def title_marked(query: Query, title: str) -> tuple[Piece, ...]:
    """The whole title with its hits; () when it holds none."""
    marks = _marks(words_in_place(title), query.wanted)
    return tuple(_pieces(title, (0, len(title)), marks)) if marks else ()


def _context(wanted: Sequence[Term], texts: Texts) -> Context | None:
    titled = words(texts.title)
    left = [term for term in wanted if not any(term.places(titled))]
    if not left:
        return None
    # The first of those that hold as many.
    best = max(texts.others, key=lambda text: _held(text, left), default=None)
    if best is None or not _held(best, left):
        return None
    located = words_in_place(best.words)
    marks = _marks(located, wanted)
    first = next(iter(_marks(located, left)), None)
    return _around(best, first, marks) if first else None


def _held(text: Text, terms: Sequence[Term]) -> int:
    """How many of the terms stand in it."""
    folded = fold(text.words)
    likely = [term for term in terms if all(word in folded for word in term.words)]
    if not likely:
        return 0
    split = words(text.words)
    return sum(any(term.places(split)) for term in likely)


def _marks(located: Sequence[Word], terms: Sequence[Term]) -> list[tuple[int, int]]:
    """Places in the text, in order, none within another."""
    found = sorted(
        (located[first].start, located[end - 1].end)
        for term in terms
        for first, end in term.places(located)
    )
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _around(text: Text, first: tuple[int, int], marks: Sequence[tuple[int, int]]) -> Context:
    whole = text.words
    start = _word_start(whole, first[0] - _BEFORE, first[0])
    end = _word_end(whole, first[1], first[1] + _AFTER)
    return Context(text.field, text.quote, tuple(_pieces(whole, (start, end), marks)))


def _pieces(
    whole: str, window: tuple[int, int], marks: Sequence[tuple[int, int]]
) -> Iterator[Piece]:
    start, end = window
    done, before = start, _LEFT_OUT if whole[:start].strip() else ""
    for mark_start, mark_end in marks:
        if mark_start < start or mark_end > end:
            continue
        if plain := before + whole[done:mark_start]:
            yield Piece(plain, hit=False)
        yield Piece(whole[mark_start:mark_end], hit=True)
        done, before = mark_end, ""
    if plain := whole[done:end] + (_LEFT_OUT if whole[end:].strip() else ""):
        yield Piece(plain, hit=False)


def _word_start(whole: str, wanted: int, last: int) -> int:
    """The first beginning of a word from here on, or this very place where words are not parted."""
    if wanted <= 0:
        return 0
    for place in range(wanted, last):
        if whole[place - 1].isspace():
            return place
    return wanted


def _word_end(whole: str, first: int, wanted: int) -> int:
    if wanted >= len(whole):
        return len(whole)
    for place in range(wanted, first, -1):
        if whole[place].isspace():
            return place
    return wanted
