"""What changed from one copy of a text to another: word by word, long unchanged stretches folded.

Lines are compared first, then the words of those that differ, as far as a budget goes: a text of
100,000 words costs what its changes cost. Pure: knows no database and no viewer.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from incidents.likeness import shared_blocks
from incidents.passages import difference

# Words of both sides multiplied: beyond it what differs stands as a whole.
MOST_PAIRS = 4_000_000
MOST_LINES_COMPARED = 12_000_000
# What a page can hold: a text that was written anew is better read than compared.
MOST_SHOWN = 4_000
MOST_APART = 500
# Unchanged lines kept on either side of a change.
BESIDE = 1
# Longer lines are cut where sentences end: a text may come without any line breaks.
LONGEST_LINE = 4_000
_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])\s+")


@dataclass(frozen=True)
class Changed:
    """A line in parts ("same" | "gone" | "new", words), or how many unchanged ones are folded."""

    parts: tuple[tuple[str, str], ...] = ()
    left_out: int = 0

    @property
    def same(self) -> bool:
        return all(kind == "same" for kind, _ in self.parts)


@dataclass(frozen=True)
class Changes:
    """`added` and `gone` are words; `more` lines stand after those that are shown."""

    lines: tuple[Changed, ...]
    added: int = 0
    gone: int = 0
    more: int = 0

    @property
    def none(self) -> bool:
        return not self.added and not self.gone


def changes(before: str, after: str) -> Changes:
    """From the text before to the text after; blank lines and spaces around lines say nothing."""
    lines = list(_lines(_units(before), _units(after)))
    parts = [part for line in lines for part in line.parts]
    shown = tuple(_folded(lines))
    return Changes(
        shown[:MOST_SHOWN],
        more=len(shown[MOST_SHOWN:]),
        added=sum(len(words.split()) for kind, words in parts if kind == "new"),
        gone=sum(len(words.split()) for kind, words in parts if kind == "gone"),
    )


def _units(text: str) -> list[str]:
    found: list[str] = []
    for line in text.split("\n"):
        line = line.strip()
        if len(line) > LONGEST_LINE:
            found += _SENTENCE_END.split(line)
        elif line:
            found.append(line)
    return found


def _lines(old: list[str], new: list[str]) -> Iterator[Changed]:
    old_done = new_done = 0
    left = MOST_PAIRS
    for old_start, new_start, size in _kept(old, new):
        gone, added = old[old_done:old_start], new[new_done:new_start]
        if gone or added:
            cost = _words(gone) * _words(added)
            yield from _rewritten(gone, added, word_by_word=cost <= left)
            left -= cost if cost <= left else 0
        for line in new[new_start : new_start + size]:
            yield Changed((("same", line),))
        old_done, new_done = old_start + size, new_start + size


def _kept(old: list[str], new: list[str]) -> Iterator[tuple[int, int, int]]:
    """Runs of lines that stand in both, and an empty one at the end."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    yield 0, 0, head
    old_end, new_end = len(old) - tail, len(new) - tail
    if (old_end - head) * (new_end - head) <= MOST_LINES_COMPARED:
        for old_start, new_start, size in shared_blocks(old[head:old_end], new[head:new_end]):
            yield head + old_start, head + new_start, size
    yield old_end, new_end, tail


def _rewritten(gone: list[str], added: list[str], *, word_by_word: bool) -> Iterator[Changed]:
    if not gone or not added or not word_by_word:
        yield from _whole("gone", gone)
        yield from _whole("new", added)
        return
    # A line break among the parts ends a line of the page; one that was taken away joins two.
    line: list[tuple[str, str]] = []
    for kind, words in difference("\n".join(gone), "\n".join(added)):
        *whole, last = words.split("\n")
        for piece in whole:
            line += [(kind, piece)] if piece else []
            yield Changed(tuple(line))
            line = []
        line += [(kind, last)] if last else []
    if line:
        yield Changed(tuple(line))


def _whole(kind: str, lines: list[str]) -> Iterator[Changed]:
    """Line by line; very many as one."""
    if len(lines) > MOST_APART:
        lines = ["\n".join(lines)]
    for line in lines:
        yield Changed(((kind, line),))


def _folded(lines: list[Changed]) -> Iterator[Changed]:
    """Unchanged lines far from every change become one that says how many they were."""
    near = {
        index + step
        for index, line in enumerate(lines)
        if not line.same
        for step in range(-BESIDE, BESIDE + 1)
    }
    left_out = 0
    for index, line in enumerate(lines):
        if index in near:
            if left_out:
                yield Changed(left_out=left_out)
            left_out = 0
            yield line
        else:
            left_out += 1
    if left_out:
        yield Changed(left_out=left_out)


def _words(lines: list[str]) -> int:
    return sum(len(line.split()) for line in lines)
