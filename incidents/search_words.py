"""A text as the words it is searched by, and as an engine stores them.

Owns what a word is, for documents and for what is asked alike: neither engine splits, folds or
stems anything itself, so both find the same. Refuses to know what is indexed.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from incidents.folding import (
    LAST_MARK,
    LAST_OF_BASIC_PLANE,
    class_of,
    combining_marks,
    fold,
)

# Code points of a word that count; the rest is not looked at, neither here nor there.
LONGEST_WORD = 60
# What is indexed of one document. PostgreSQL counts no place of a word beyond 16,383, keeps 255
# places of one word, and a megabyte in all.
MOST_WORDS = 16_000
MOST_BYTES = 800_000
MOST_OF_ONE_WORD = 250
# Stands between two texts, so that no phrase runs from one into the other. No word is written so.
BORDER = "z"

_SHORT = 500
_NIBBLES = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
# Written without spaces: Han, kana and bopomofo, Thai and Lao, Myanmar, Khmer, Tai, Yi.
_UNPARTED = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3041-\u3096\u309b-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6\u0edc-\u0edf"
    "\u1000-\u102a\u103f\u1050-\u1055\u1780-\u17b3\u1950-\u19ad\u1a20-\u1a54\ua000-\ua48c"
    "\U00020000-\U000323af"
)
# Signs that may stand within a word, or within a reference.
_WITHIN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c\ufeff‐‑‒–—―−﹣－-"
# A reference is one word: its numbers are not found alone.
_REFERENCE = r"(?:inc|src)-\d{4}-\d+"


@dataclass(frozen=True)
class Word:
    """One word of a text, and where it stands there: code points, end exclusive.

    A run of signs without spaces is indexed as `pair`s of them, each with the next; its last one
    stands `alone` once more, so that every single sign begins a word.
    """

    text: str
    start: int
    end: int
    pair: bool = False
    alone: bool = False


def words(text: str) -> list[Word]:
    """The words of a text; their places are those in the folded text."""
    return list(_split(fold(text)))


def words_in_place(text: str) -> list[Word]:
    """The words of a text with their places in it, as exactly as folding leaves them known."""
    found = []
    for island in _patterns(text).island.finditer(text):
        folded, places = _folded_in_place(island[0], island.start())
        for word in _split(folded):
            start, end = places[word.start][0], places[word.end - 1][1]
            found.append(replace(word, start=start, end=end))
    return found


def encoded(word: str) -> str:
    """ASCII letters that sort, begin and compare as the word's UTF-8 does.

    To every engine they are one ordinary word.
    """
    return word[:LONGEST_WORD].encode().hex().translate(_NIBBLES)


def document(texts: Iterable[str], before: Iterable[str] = ()) -> str:
    """What is indexed of these texts, in their order, cut to what both engines can hold.

    `before` are words that were indexed of the same document already, as `document` wrote them.
    """
    counts: dict[str, int] = {}
    written = list(before)
    length = sum(len(word) + 1 for word in written)
    for word in written:
        counts[word] = counts.get(word, 0) + 1
    count = len(written)
    own: list[str] = []
    for text in texts:
        short = len(text) <= _SHORT
        for word in (*(_encoded_short(text) if short else _encoded_words(text)), BORDER):
            length += len(word) + 1
            count += 1
            if count > MOST_WORDS or length > MOST_BYTES:
                return " ".join(own)
            counts[word] = counts.get(word, 0) + 1
            # A border keeps its place, so that no phrase closes over what was left out.
            own.append(word if counts[word] <= MOST_OF_ONE_WORD else BORDER)
    return " ".join(own)


def _encoded_words(text: str) -> Iterator[str]:
    return (encoded(word.text) for word in words(text))


@lru_cache(maxsize=4096)
def _encoded_short(text: str) -> tuple[str, ...]:
    """Names stand in many documents, and most texts in both of one incident."""
    return tuple(_encoded_words(text))


@dataclass(frozen=True)
class _Patterns:
    # A run of words or of signs without spaces, in folded text.
    run: re.Pattern[str]
    # One sign with its marks.
    cluster: re.Pattern[str]
    # A stretch of a text in which folding may join signs.
    island: re.Pattern[str]


def _split(folded: str) -> Iterator[Word]:
    patterns = _patterns(folded)
    for run in patterns.run.finditer(folded):
        if run["unparted"] is None:
            yield Word(run[0], *run.span())
            continue
        clusters = list(patterns.cluster.finditer(run[0]))
        places = [(run.start() + one.start(), run.start() + one.end()) for one in clusters]
        yield from _pairs(folded, places)


def _pairs(folded: str, places: Sequence[tuple[int, int]]) -> Iterator[Word]:
    for (start, _), (_, end) in itertools.pairwise(places):
        yield Word(folded[start:end], start, end, pair=True)
    start, end = places[-1]
    yield Word(folded[start:end], start, end, alone=True)


def _folded_in_place(text: str, start: int) -> tuple[str, list[tuple[int, int]]]:
    """The folded text, and for each of its signs the place it comes from."""
    folded = fold(text)
    if len(folded) == len(text):
        return folded, [(place, place + 1) for place in range(start, start + len(text))]
    pieces, places = [], []
    for cluster in _patterns(text).cluster.finditer(text):
        piece = fold(cluster[0])
        pieces.append(piece)
        places += [(start + cluster.start(), start + cluster.end())] * len(piece)
    if "".join(pieces) != folded:
        return folded, [(start, start + len(text))] * len(folded)
    return folded, places


def _patterns(text: str) -> _Patterns:
    beyond = not text.isascii() and max(text, default="") > chr(LAST_OF_BASIC_PLANE)
    return _patterns_up_to(LAST_MARK if beyond else LAST_OF_BASIC_PLANE)


@cache
def _patterns_up_to(last: int) -> _Patterns:
    marks = combining_marks(last)
    unparted = re.compile(f"[{_UNPARTED}]")
    parted = class_of(lambda sign: sign.isalnum() and not unparted.match(sign), last)
    return _Patterns(
        run=re.compile(
            rf"(?P<unparted>(?:[{_UNPARTED}][{marks}]*)+)|{_REFERENCE}|[{parted}{marks}]+"
        ),
        cluster=re.compile(rf"(?s:.)[{marks}\uff9e\uff9f]*"),
        island=re.compile(rf"[{parted}{marks}{_UNPARTED}{_WITHIN}]+"),
    )
