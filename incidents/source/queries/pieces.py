"""Cuts a source's text into paragraphs and tinted pieces. Pure: knows no database and no viewer.

Words that several quotes share take an act's tint before a statement's, and the numbers of all.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Generic, TypeVar

from incidents.insertions import parted

Thing = TypeVar("Thing")
STRIP_WIDTH = 1000
# What a reader sees in place of a protected person's words.
LEFT_OUT = "[words of a protected person left out]"
_BETWEEN = re.compile(r"\n(?:[^\S\n]*\n)+")


@dataclass(frozen=True)
class Numbered:
    """The number of an incident as it stands after words; `id` is an anchor, or "".

    `statement` parts what was said from what was done; `open` is the incident being looked at.
    """

    number: int
    type: str
    url: str
    title: str
    reference: str
    statement: bool = False
    open: bool = False
    id: str = ""


@dataclass(frozen=True)
class Quoted:
    """One pinned quote: code points of the text, end exclusive, and the incident it belongs to."""

    start: int
    end: int
    incident: Numbered


@dataclass(frozen=True)
class OpenForm:
    """The incident whose form is open beside the text: `reference` is "" for a new one. Its words
    are those typed, each with the place it was taken from, if that is known.
    """

    type: str
    reference: str = ""
    words: tuple[tuple[str, int | None], ...] = ()


@dataclass(frozen=True)
class Piece:
    """Words of one tint; `type` is None where nothing is quoted. `numbers` stand after them.

    `id` anchors the incident first quoted here; `now` is of the incident being looked at.
    """

    text: str
    type: str | None = None
    statement: bool = False
    now: bool = False
    withheld: bool = False
    id: str = ""
    numbers: tuple[Numbered, ...] = ()

    @property
    def parts(self) -> list[tuple[str, bool]]:
        """Its words, apart from those that the source's editor put in, in square brackets."""
        return parted(self.text)


@dataclass(frozen=True)
class Paragraph:
    """`start` in code points of the text, None for who may not learn offsets.

    `notes` are the incidents first quoted here, `kind` is how it is set ("" as body text).
    """

    pieces: tuple[Piece, ...]
    start: int | None
    notes: tuple[Numbered, ...]
    kind: str = ""


@dataclass(frozen=True)
class Bar:
    """One stretch of the cover strip, in thousandths of the text as shown."""

    x: float
    width: float
    type: str


@dataclass(frozen=True)
class Cover:
    """How much of the text is cited, in code points of the text as shown."""

    bars: tuple[Bar, ...]
    cited: int
    total: int

    @property
    def percent(self) -> int:
        """Rounded, but 0 and 100 only when it is none and all."""
        if not self.cited or self.cited == self.total:
            return 100 if self.cited else 0
        return min(99, max(1, round(100 * self.cited / self.total)))


def paragraphs(
    text: str,
    quotes: Sequence[Quoted],
    withheld: Sequence[tuple[int, int]] = (),
    *,
    offsets: bool = True,
) -> tuple[Paragraph, ...]:
    """The text as shown, blank lines apart: every quote tinted, what is withheld left out."""
    anchored: set[str] = set()
    noted: set[str] = set()
    found = []
    quoting = _Meeting([(quote.start, quote.end, quote) for quote in quotes])
    leaving_out = _Meeting([(low, high, (low, high)) for low, high in withheld])
    for start, end in _spans(text):
        own, left_out = quoting.met_by(start, end), leaving_out.met_by(start, end)
        pieces = tuple(_pieces(text, start, end, own, left_out, anchored))
        shown = {number.reference: number for piece in pieces for number in piece.numbers}
        new = [number for reference, number in shown.items() if reference not in noted]
        noted |= set(shown)
        notes = tuple(sorted(new, key=lambda number: number.number))
        found.append(Paragraph(pieces, start if offsets else None, notes))
    return tuple(found)


class _Meeting(Generic[Thing]):
    """Stretches asked for by spans that follow each other: each is looked at where it stands, not
    once for every span, so that a long text with many quotes takes the time of both, not of their
    product.
    """

    def __init__(self, stretches: Iterable[tuple[int, int, Thing]]) -> None:
        self._waiting = deque(sorted(stretches, key=lambda one: one[0]))
        self._open: list[tuple[int, int, Thing]] = []

    def met_by(self, start: int, end: int) -> list[Thing]:
        """Those that share words with a span, by where they begin."""
        while self._waiting and self._waiting[0][0] < end:
            self._open.append(self._waiting.popleft())
        self._open = [one for one in self._open if one[1] > start]
        return [one[2] for one in self._open]


def cover(shown: Iterable[Paragraph]) -> Cover:
    """The strip of the text as shown: what is withheld counts as the mark in its place."""
    pieces = [piece for paragraph in shown for piece in paragraph.pieces]
    total = sum(len(piece.text) for piece in pieces)
    bars: list[Bar] = []
    at, cited, previous = 0, 0, None
    for piece in pieces:
        x, width = (STRIP_WIDTH * number / total for number in (at, len(piece.text)))
        if piece.type is not None:
            cited += len(piece.text)
            if bars and previous == piece.type:
                x, width = bars[-1].x, bars.pop().width + width
            bars.append(Bar(round(x, 1), round(width, 1), piece.type))
        at, previous = at + len(piece.text), piece.type
    return Cover(tuple(bars), cited, total)


def reached(shown: Iterable[Paragraph], furthest: int | None) -> float:
    """How far it was read, in thousandths of the text as shown: up to the end of the paragraph that
    begins at `furthest`, or before it.
    """
    lengths = [(one.start or 0, sum(len(piece.text) for piece in one.pieces)) for one in shown]
    total = sum(length for _, length in lengths)
    if furthest is None or not total:
        return 0
    read = sum(length for start, length in lengths if start <= furthest)
    return round(STRIP_WIDTH * read / total, 1)


def occurrences(text: str, words: str) -> Iterator[tuple[int, int]]:
    """Where exactly these words stand."""
    at = text.find(words) if words else -1
    while at >= 0:
        yield at, at + len(words)
        at = text.find(words, at + 1)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for gap in (*_BETWEEN.finditer(text), None):
        end = gap.start() if gap else len(text)
        piece = text[at:end]
        if piece.strip():
            # Blank lines at the very beginning and end are no part of a paragraph.
            lead = len(piece) - len(piece.lstrip("\n"))
            yield at + lead, at + len(piece.rstrip())
        at = gap.end() if gap else end


def _pieces(
    text: str,
    start: int,
    end: int,
    quotes: Sequence[Quoted],
    withheld: Sequence[tuple[int, int]],
    anchored: set[str],
) -> Iterator[Piece]:
    edges = {start, end}
    for low, high in (*withheld, *((quote.start, quote.end) for quote in quotes)):
        edges |= {max(low, start), min(high, end)}
    stops = {end, *(max(low, start) for low, _high in withheld)}
    left_out = False
    quoting = _Meeting([(quote.start, quote.end, quote) for quote in quotes])
    leaving_out = _Meeting([(first, last, (first, last)) for first, last in withheld])
    for low, high in pairwise(sorted(edges)):
        if leaving_out.met_by(low, high):
            if not left_out:
                yield Piece(LEFT_OUT, withheld=True)
            left_out = True
            continue
        left_out = False
        covering = quoting.met_by(low, high)
        ends = high in stops or any(quote.end == high for quote in covering)
        yield _piece(text[low:high], _distinct(covering), anchored, ends=ends)


def _distinct(covering: Iterable[Quoted]) -> list[Numbered]:
    """The incidents that quote these words, acts before statements, each once."""
    incidents = {quote.incident.reference: quote.incident for quote in covering}
    return sorted(incidents.values(), key=lambda incident: (incident.statement, incident.number))


def _piece(text: str, incidents: Sequence[Numbered], anchored: set[str], *, ends: bool) -> Piece:
    if not incidents:
        return Piece(text)
    first = next((one.reference for one in incidents if one.reference not in anchored), "")
    anchored.add(first)
    numbers = []
    for incident in incidents if ends else ():
        # Where several begin with the same words, one is anchored there, the others here.
        own = "" if incident.reference in anchored else incident.reference
        anchored.add(incident.reference)
        numbers.append(replace(incident, id=own))
    return Piece(
        text,
        type=incidents[0].type,
        statement=incidents[0].statement,
        now=any(incident.open for incident in incidents),
        id=first,
        numbers=tuple(numbers),
    )
