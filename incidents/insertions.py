"""Words that a source's editor put into somebody's, in square brackets: where they stand, and a
text without them. The brackets are the source's own: nothing is added, and nothing taken away.

Refuses what only looks so: the text of a link, “[Respublika](#)”, and the mark of a note, “[1]”.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

# Longer ones, and such with a line's end in them, are no insertion but a passage.
_INSERTION = re.compile(r"\[(?=[^\[\]\n]*[^\W\d_]|\.{3}\]|…\])[^\[\]\n]{1,200}\](?!\()")
# With the space before it: “OMON [riot police].” is “OMON.” without.
_WITH_SPACE = re.compile(rf"[^\S\n]*{_INSERTION.pattern}")


def parted(text: str) -> list[tuple[str, bool]]:
    """The text in its order, and of each part whether it is an insertion, with its brackets."""
    parts, done = [], 0
    for found in _INSERTION.finditer(text):
        if found.start() > done:
            parts.append((text[done : found.start()], False))
        parts.append((found[0], True))
        done = found.end()
    if done < len(text):
        parts.append((text[done:], False))
    return parts


def has_insertion(text: str) -> bool:
    return _INSERTION.search(text) is not None


@dataclass(frozen=True)
class WithoutInsertions:
    """A text without them, its places known in the original; code points, end exclusive."""

    original_text: str

    @cached_property
    def _kept(self) -> list[tuple[int, int]]:
        """Stretches of the original that stay: where each begins, here and there."""
        kept, length, done = [], 0, 0
        for found in _WITH_SPACE.finditer(self.original_text):
            kept.append((length, done))
            length += found.start() - done
            done = found.end()
        return [*kept, (length, done)]

    @cached_property
    def text(self) -> str:
        return _WITH_SPACE.sub("", self.original_text)

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Of a part that is not empty: what was inserted within it belongs to it."""
        return self._at(start), self._at(end - 1) + 1

    def place(self, offset: int) -> int:
        """The place here of an offset of the original, or of what comes just before."""
        stretch = bisect_right([original for _, original in self._kept], offset) - 1
        here, original = self._kept[max(stretch, 0)]
        return min(here + offset - original, len(self.text))

    def _at(self, place: int) -> int:
        here, original = self._kept[bisect_right(self._kept, (place, len(self.original_text))) - 1]
        return original + place - here
