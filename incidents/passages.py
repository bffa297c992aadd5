"""Finds a quote in the text of a snapshot, and what comes nearest when it is not there.

Owns the choice among several places, and the bounds of a passage. Offsets are code points of the
original text, which is never changed. Refuses to fold case: other letters are other words.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from incidents.folding import BEYOND_BASIC_PLANE, LAST_OF_BASIC_PLANE, combining_marks
from incidents.insertions import WithoutInsertions, has_insertion, parted
from incidents.likeness import likest, shared_blocks
from incidents.shadow import Shadow, shadow_of, without_space_around

CONTEXT_LENGTH = 32
MOST_PLACES_COMPARED = 1_000
MOST_PAIRS_COMPARED = 10_000_000

_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_CLOSING_SIGNS = re.compile(r"""([.!?…。]*)(["')\]]*)""")


@dataclass(frozen=True)
class Passage:
    """Words of a text: `exact` is `text[start:end]`, with up to 32 code points either side."""

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int


def passage_at(text: str, start: int, end: int) -> Passage | None:
    """The passage between two offsets, without white space around it; None if nothing is left."""
    start, end = max(start, 0), min(end, len(text))
    exact = text[start:end].strip()
    if not exact:
        return None
    start += len(text[start:end]) - len(text[start:end].lstrip())
    end = start + len(exact)
    prefix = text[max(0, start - CONTEXT_LENGTH) : start]
    return Passage(exact, prefix, text[end : end + CONTEXT_LENGTH], start, end)


class SearchedText:
    """A text that several quotes are looked up in: folded once, cut into words once."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _shadow(self) -> Shadow:
        return shadow_of(self.text)

    @cached_property
    def _words(self) -> tuple[list[str], list[tuple[int, int]]]:
        return _words(self._shadow.text)

    def find(
        self, quote: str, near: int | None = None, prefix: str = "", suffix: str = ""
    ) -> Passage | None:
        """As the function of this name."""
        text = self.text
        shadow, wanted = self._where_it_stands(quote)
        if shadow is None:
            return self._around_insertions(quote, near)
        if near is None and not prefix and not suffix:
            start = shadow.text.find(wanted)
            return passage_at(text, *shadow.original(start, start + len(wanted)))
        if near is not None:
            near += quote.index(without_space_around(quote))
        before = _context(prefix[-2 * CONTEXT_LENGTH :])
        after = _context(suffix[: 2 * CONTEXT_LENGTH])

        def preference(place: tuple[int, int]) -> tuple[int, int]:
            start, end = place
            ahead = _context(text[max(0, start - 96) : start])
            agreement = _length_shared(ahead[::-1], before[::-1])
            agreement += _length_shared(_context(text[end : end + 96]), after)
            return agreement, 0 if near is None else -abs(start - near)

        starts = sorted(set(_places_to_compare(shadow, wanted, near)))
        places = [shadow.original(start, start + len(wanted)) for start in starts]
        return passage_at(text, *max(places, key=preference))

    def count(self, quote: str) -> int:
        """How many places `find` chooses from, none overlapping."""
        shadow, wanted = self._where_it_stands(quote)
        return shadow.text.count(wanted) if shadow else 0

    def places(self, quote: str) -> list[tuple[int, int]]:
        """Every place of these words, in whatever typography, as code points of the text."""
        wanted = shadow_of(without_space_around(quote)).text.strip()
        found, start = [], self._shadow.text.find(wanted) if wanted else -1
        while start >= 0:
            found.append(self._shadow.original(start, start + len(wanted)))
            start = self._shadow.text.find(wanted, start + 1)
        return found

    def nearest(self, quote: str, limit: int = 3) -> list[Passage]:
        """As the function of this name."""
        shadow, quoted = self._shadow, shadow_of(quote).text.strip()
        words, spans = self._words
        wanted, wanted_spans = _words(quoted)
        if not words or not wanted:
            return []
        head, tail = quoted[: wanted_spans[0][0]], quoted[wanted_spans[-1][1] :]
        passages = []
        for likeness in likest(words, wanted, limit):
            start, end = spans[likeness.start][0], spans[likeness.end - 1][1]
            is_last_kept = bool(tail) or words[likeness.end - 1] == wanted[-1]
            if is_last_kept:
                end += _length_shared(shadow.text[end : end + len(tail)], tail)
            if head or words[likeness.start] == wanted[0]:
                start -= _length_shared(shadow.text[:start][::-1][: len(head)], head[::-1])
            else:
                start -= _length_of_opening_sign(shadow.text, start, end)
            if not is_last_kept:
                end += _length_of_closing_signs(shadow.text, start, end)
            passages.append(passage_at(self.text, *shadow.original(start, end)))
        return [passage for passage in passages if passage is not None]

    @cached_property
    def _plain(self) -> "tuple[WithoutInsertions, SearchedText] | None":
        if not has_insertion(self.text):
            return None
        without = WithoutInsertions(self.text)
        return without, SearchedText(without.text)

    def _around_insertions(self, quote: str, near: int | None) -> Passage | None:
        """Of a quote typed without what the source's editor put into it; what is typed in brackets
        must be the editor's all the same.
        """
        if self._plain is None:
            return None
        without, searched = self._plain
        typed = WithoutInsertions(quote).text
        found = searched.find(typed, None if near is None else without.place(near))
        if found is None:
            return None
        passage = passage_at(self.text, *without.original(found.start, found.end))
        told = shadow_of(passage.exact).text if passage else ""
        inserted = (part for part, is_inserted in parted(quote) if is_inserted)
        return passage if all(shadow_of(part).text in told for part in inserted) else None

    def _where_it_stands(self, quote: str) -> tuple[Shadow | None, str]:
        wanted = without_space_around(quote)
        if wanted and wanted in self.text:
            return Shadow(self.text), wanted
        folded = shadow_of(wanted).text.strip()
        return (self._shadow if folded and folded in self._shadow.text else None), folded


def find(
    text: str, quote: str, near: int | None = None, prefix: str = "", suffix: str = ""
) -> Passage | None:
    """The place of a quote, stored exactly as the text has it; None when it does not occur.

    An exact occurrence comes before one that differs in white space, quotation marks, dashes,
    soft hyphens or composition (domain rule 3), and that before one typed without the words its
    editor put in, in square brackets. Among several, the one whose surroundings agree
    longest with prefix and suffix, then the nearest to `near` (the code point where the quote,
    with any white space before it, would start), then the first.
    Beyond 1,000 places only the first ones and those next to `near` are compared.
    """
    return SearchedText(text).find(quote, near, prefix, suffix)


def occurrences(text: str, quote: str) -> int:
    """How many places `find` chooses from, none overlapping; exact ones alone if there are any."""
    return SearchedText(text).count(quote)


def nearest(text: str, quote: str, limit: int = 3) -> list[Passage]:
    """The passages that most resemble a quote that does not occur, best first.

    They begin and end with words (and the signs the quote has there), do not overlap, and share
    at least half of their words with the quote, in order; the list is empty when none does. Case
    and typography make no difference.
    """
    return SearchedText(text).nearest(quote, limit)


def difference(before: str, after: str) -> list[tuple[str, str]]:
    """What to strike and what to add, word by word: ("same" | "gone" | "new", part of the text).

    The same and gone parts joined are the text before, the same and new parts the text after;
    gone stands before new. Texts that differ in very many words are gone and new as a whole.
    """
    old, new = (_word_patterns()[3].findall(text) for text in (before, after))
    parts: list[tuple[str, str]] = []
    gone = added = ""
    old_done = new_done = 0
    for old_start, new_start, size in _blocks_kept(old, new):
        gone += "".join(old[old_done:old_start])
        added += "".join(new[new_done:new_start])
        same = "".join(new[new_start : new_start + size])
        old_done, new_done = old_start + size, new_start + size
        if (gone or added) and same.isspace() and (old_done, new_done) != (len(old), len(new)):
            # White space alone between two changes would break one change into many.
            gone, added = gone + same, added + same
            continue
        parts += [("gone", gone), ("new", added), ("same", same)]
        gone = added = ""
    return [(kind, part) for kind, part in parts if part]


def _places_to_compare(shadow: Shadow, wanted: str, near: int | None) -> Iterator[int]:
    found = shadow.text.find(wanted)
    for _ in range(MOST_PLACES_COMPARED):
        if found < 0:
            break
        yield found
        found = shadow.text.find(wanted, found + len(wanted))
    if near is None:
        return
    place = shadow.place(max(near, 0))
    around = (
        shadow.text.find(wanted, place),
        shadow.text.rfind(wanted, 0, place + len(wanted)),
    )
    yield from (start for start in around if start >= 0)


def _context(text: str) -> str:
    return shadow_of(text).text.replace(" ", "")


def _blocks_kept(old: list[str], new: list[str]) -> list[tuple[int, int, int]]:
    head = _length_shared(old, new)
    tail = _length_shared(old[head:][::-1], new[head:][::-1])
    old_end, new_end = len(old) - tail, len(new) - tail
    blocks = [(0, 0, head)]
    if (old_end - head) * (new_end - head) <= MOST_PAIRS_COMPARED:
        for old_start, new_start, size in shared_blocks(old[head:old_end], new[head:new_end]):
            blocks.append((head + old_start, head + new_start, size))
    return [*blocks, (old_end, new_end, tail)]


def _length_shared(one: Sequence[str], other: Sequence[str]) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _words(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    """Words in lower case, and where each stands."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(sign if len(sign.lower()) > 1 else sign.lower() for sign in text)
    words, spans = [], []
    for match in _word_in(lower).finditer(lower):
        words.append(match[0])
        spans.append(match.span())
    return words, spans


def _length_of_opening_sign(text: str, start: int, end: int) -> int:
    is_left_open = text.count('"', start, end) % 2 == 1
    return 1 if is_left_open and text[:start].endswith('"') else 0


def _length_of_closing_signs(text: str, start: int, end: int) -> int:
    """The signs that end a sentence here, and the quotation marks if one was opened within."""
    signs = _CLOSING_SIGNS.match(text, end)
    if signs is None:
        return 0
    is_left_open = text.count('"', start, end) % 2 == 1
    return len(signs[0]) if is_left_open else len(signs[1])


def _word_in(text: str) -> re.Pattern[str]:
    plain, any_script, special, _ = _word_patterns()
    return plain if text.isascii() or not special.search(text) else any_script


@cache
def _word_patterns() -> tuple[re.Pattern[str], ...]:
    """A word of plain letters, one of any script, what tells them apart, and words or others."""
    marks = combining_marks()
    letter = rf"(?:(?![{_IDEOGRAPHS}])[\w{marks}])"
    word = rf"[{_IDEOGRAPHS}]|{letter}+(?:'{letter}+)*"
    return (
        re.compile(r"\w+(?:'\w+)*"),
        re.compile(word),
        re.compile(f"[{_IDEOGRAPHS}{combining_marks(LAST_OF_BASIC_PLANE)}{BEYOND_BASIC_PLANE}]"),
        re.compile(rf"\s+|{word}|.", re.DOTALL),
    )
