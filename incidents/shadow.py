"""A text's shadow: the text with typography folded, every place in it known in the original.

Owns which differences of type do not matter to a quote: white space, quotation marks, dashes,
invisible signs and Unicode composition. Refuses to fold case, accents or words.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from incidents.folding import (
    BEYOND_BASIC_PLANE,
    LAST_OF_BASIC_PLANE,
    LONGEST_RUN_OF_MARKS,
    class_of,
    combining_marks,
)

_INVISIBLE = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
_SPACE = rf"\s{_INVISIBLE}"
_DOUBLE_QUOTES = "“”„‟″«»〝〞＂"
_SINGLE_QUOTES = "‘’‚‛′ʹʻʼ`´＇‹›"
_DASHES = "‐‑‒–—―−－"
_OTHER_SPACES = "\t-\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_SIGNS = f"{_OTHER_SPACES}{_INVISIBLE}{_DOUBLE_QUOTES}{_SINGLE_QUOTES}{_DASHES}'"
_TYPOGRAPHY = re.compile(
    rf"(?P<space>[{_SPACE}]{{2,}}|[^\S ]|[{_INVISIBLE}])"
    rf"|(?P<double>''|``|’’|‘‘|[{_DOUBLE_QUOTES}])|(?P<single>[{_SINGLE_QUOTES}])"
    rf"|(?P<dash>[{_DASHES}])"
)
_LAST_THAT_COMPOSES = 0x2FFFF
_HANGUL_THAT_COMPOSE = "\u1161-\u1175\u11a8-\u11c2"
_STRIPPED = "".join(sign for sign in map(chr, range(0x10000)) if re.match(f"[{_SPACE}]", sign))


def _island_of(signs: str) -> re.Pattern[str]:
    """Signs with the spaces between them, or several spaces.

    It begins with one class and nothing else, which lets the search skip ordinary text quickly.
    """
    return re.compile(f"[{signs} ](?:[{signs} ]+|(?<! ))")


_ISLAND = _island_of(_SIGNS)


@dataclass(frozen=True)
class Shadow:
    """Folded text and the stretches it is made of; without any it is the original.

    A stretch begins at `places` in the shadow and at `starts` in the original; `ends` has its end
    there if it was replaced, and -1 if it is unchanged.
    """

    text: str
    places: tuple[int, ...] = ()
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Code points of the original for a part of the shadow that is not empty, end exclusive."""
        return self._of_sign(start)[0], self._of_sign(end - 1)[1]

    def place(self, offset: int) -> int:
        """The place in the shadow of an offset of the original, or of what comes just before."""
        if not self.starts:
            return offset
        stretch = max(bisect_right(self.starts, offset) - 1, 0)
        inside = max(offset - self.starts[stretch], 0) if self.ends[stretch] < 0 else 0
        return min(self.places[stretch] + inside, len(self.text))

    def _of_sign(self, place: int) -> tuple[int, int]:
        if not self.places:
            return place, place + 1
        stretch = bisect_right(self.places, place) - 1
        if self.ends[stretch] >= 0:
            return self.starts[stretch], self.ends[stretch]
        start = self.starts[stretch] + place - self.places[stretch]
        return start, start + 1


def shadow_of(text: str) -> Shadow:
    """The shadow of a text, in time that grows with its length."""
    pieces: list[str] = []
    places: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    length = done = 0
    for match in _typography_in(text):
        folded = _folded(match)
        start, end = match.span()
        if folded == match[0]:
            continue
        for piece, piece_start, piece_end in ((text[done:start], done, -1), (folded, start, end)):
            if piece:
                pieces.append(piece)
                places.append(length)
                starts.append(piece_start)
                ends.append(piece_end)
                length += len(piece)
        done = end
    pieces.append(text[done:])
    return Shadow("".join(pieces), (*places, length), (*starts, done), (*ends, -1))


def without_space_around(text: str) -> str:
    """The text without white space and invisible signs at its ends."""
    return text.strip(_STRIPPED)


def _folded(match: re.Match[str]) -> str:
    kind = match.lastgroup
    if kind == "space":
        return " " if any(map(str.isspace, match[0])) else ""
    if kind == "double":
        return '"'
    if kind == "single":
        return "'"
    return "-" if kind == "dash" else unicodedata.normalize("NFC", match[0])


def _typography_in(text: str) -> Iterator[re.Match[str]]:
    """What may have to be replaced, looked for only around signs that give cause."""
    composed_in, island_of_marks, mark = _patterns_of_composition()
    typography, island, back = _TYPOGRAPHY, _ISLAND, 0
    if not text.isascii() and mark.search(text):
        typography, island, back = composed_in, island_of_marks, 1
    for found in island.finditer(text):
        yield from typography.finditer(text, max(found.start() - back, 0), found.end())


@cache
def _patterns_of_composition() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """The same patterns for text that may not be composed, and one that tells such text."""
    changing = class_of(_is_changed_by_composing, _LAST_THAT_COMPOSES)
    marks = combining_marks() + _HANGUL_THAT_COMPOSE
    letter = rf"[^{_SPACE}{_DOUBLE_QUOTES}{_SINGLE_QUOTES}{_DASHES}{marks}]"
    composed = rf"(?P<composed>{letter}[{marks}]{{1,{LONGEST_RUN_OF_MARKS}}}|[{changing}])"
    causes = (
        *(combining_marks(LAST_OF_BASIC_PLANE), _HANGUL_THAT_COMPOSE, BEYOND_BASIC_PLANE),
        class_of(_is_changed_by_composing, LAST_OF_BASIC_PLANE),
    )
    return (
        re.compile(f"{_TYPOGRAPHY.pattern}|{composed}"),
        _island_of(_SIGNS + marks + changing),
        re.compile(f"[{''.join(causes)}]"),
    )


def _is_changed_by_composing(sign: str) -> bool:
    return unicodedata.normalize("NFC", sign) != sign
