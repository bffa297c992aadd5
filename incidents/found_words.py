"""A text as what is found in it: words with their places, and where in the text each stands.

Owns tokens, offsets in code points and the words around them. Refuses to interpret: what is found
stands in `found_dates`, `found_counts`, `found_prices` and `found_types`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from incidents.shadow import Shadow, shadow_of

_TOKEN = re.compile(r"\d+|[^\W\d_]+(?:'[^\W\d_]+)?|[^\w\s]|_")
_ENDS = re.compile(r"[.!?…]{1,5}[\"')\]]{0,4}(?= |$)|\n\n")
_ABBREVIATED = re.compile(r"(?:^|\W)(?:\w|Mr|Mrs|Ms|Dr|St|No|approx|ca|г|им|ул|тыс|млн|руб|чел)$")
LONGEST_EXCERPT = 90
_CUT_AT = 60


@dataclass(frozen=True)
class Stretch:
    """Exact words of a text; offsets in code points, end exclusive."""

    start: int
    end: int
    words: str


@dataclass(frozen=True)
class Token:
    """`text` is casefolded; `kind` is digits, word or sign. Places are the shadow's."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        return self.kind == "word"


class ReadText:
    """One text, folded once for all that looks through it."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def shadow(self) -> Shadow:
        return shadow_of(self.text)

    @cached_property
    def folded(self) -> str:
        """With typography folded, ё as е: what patterns are matched over."""
        return self.shadow.text.replace("ё", "е").replace("Ё", "Е")

    @cached_property
    def tokens(self) -> Sequence[Token]:
        return [
            Token(_kind(match[0]), match[0].casefold(), *match.span())
            for match in _TOKEN.finditer(self.folded)
        ]

    @cached_property
    def sentence_ends(self) -> Sequence[int]:
        """Places in the shadow after which a sentence ends, ascending; the last is the text's."""
        ends = [
            match.end()
            for match in _ENDS.finditer(self.folded)
            if not _ABBREVIATED.search(self.folded, max(match.start() - 8, 0), match.start())
        ]
        return [*ends, len(self.folded)]

    def stretch(self, start: int, end: int) -> Stretch:
        """The original's words at places of the shadow."""
        first, last = self.shadow.original(start, end)
        return Stretch(first, last, self.text[first:last])


def excerpt(text: str, start: int, end: int) -> str:
    """The words with what stands around them, one line, cut between words; not the whole of a long
    sentence.
    """
    first = _word_after(text, max(start - _CUT_AT, 0)) if start > _CUT_AT else 0
    sentence = max(text.rfind(sign, first, start) for sign in (". ", "! ", "? ", "\n"))
    if sentence >= 0:
        first = sentence + 1
    room = max(LONGEST_EXCERPT - (start - first), end - start + 20)
    last = min(start + room, len(text))
    stops = [text.find(sign, end, last) for sign in (". ", "! ", "? ", "\n")]
    stop = min((one for one in stops if one >= 0), default=-1)
    if stop >= 0:
        last = stop
    elif last < len(text):
        last = max(text.rfind(" ", end, last), end)
    cut = " ".join(text[first:last].split())
    if last == len(text):
        cut = cut.removesuffix(".")
    before = "… " if first and sentence < 0 else ""
    return f"{before}{cut}{' …' if stop < 0 and last < len(text) else ''}"


def _word_after(text: str, place: int) -> int:
    space = text.find(" ", place, place + 30)
    return place if space < 0 else space + 1


def _kind(text: str) -> str:
    if text[0].isdigit():
        return "digits"
    return "word" if text[0].isalpha() else "sign"
