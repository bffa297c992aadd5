"""Near-identical texts: what a text is found again by once a few of its words are others.

Owns what counts as a word of it, the sketch, and how much of one text stands in another. Refuses to
know where sketches are kept; and what is near is somebody's to judge, never settled here.
"""

import hashlib
import random
from dataclasses import dataclass

from incidents.search_words import words

# Raised when any of the rules below changes: every sketch is made anew then.
SKETCH_VERSION = 1
# Shorter ones share their few words with too many others: of these only the same text is the same.
FEWEST_WORDS = 50
# Of the words of either, from which two texts are told as near. Measured in tests/bench/README.md.
NEAR_PERCENT = 60
BANDS = 20
# Code points that are looked at, about 25,000 words: a book’s beginning tells it.
LONGEST = 150_000

_ROWS = 3
# Words to a shingle; where words are not parted, pairs of signs, each with the next.
_SHINGLE, _SHINGLE_OF_PAIRS = 4, 7
_BITS = 64
# Fixed for good: sketches made yesterday are compared with those of today.
_CHANCE = random.Random("incidents")
_PLACES = tuple(_CHANCE.getrandbits(_BITS) for _ in range(BANDS * _ROWS))


@dataclass(frozen=True)
class Shingled:
    """A text as its runs of words, in their order; each is known by 64 bits."""

    hashes: tuple[int, ...]
    # Words to a run.
    width: int

    @property
    def words(self) -> int:
        return len(self.hashes) + self.width - 1 if self.hashes else 0


def shingled(text: str) -> Shingled:
    """Punctuation, case, accents and typography do not count; nor do texts of too few words."""
    found = [word for word in words(text[:LONGEST]) if not word.alone]
    pairs = sum(word.pair for word in found)
    width = _SHINGLE_OF_PAIRS if pairs * 2 > len(found) else _SHINGLE
    if len(found) < FEWEST_WORDS:
        return Shingled((), width)
    units = [word.text for word in found]
    runs = zip(*(units[at:] for at in range(width)), strict=False)
    return Shingled(tuple(_hash("\n".join(run)) for run in runs), width)


def bands(text: Shingled) -> tuple[int, ...]:
    """What is stored of a text and looked up: signed 64-bit numbers, one to a band, none twice.

    Two texts have a band in common almost surely when they share half of their runs, and almost
    never when they share a tenth: of each of 60 places the nearest run is taken, a band is three of
    those. () for a text of too few words.
    """
    if not text.hashes:
        return ()
    runs = set(text.hashes)
    # The run nearest to a place, by exclusive or, is any of them with the same chance: MinHash.
    nearest = [min(map(place.__xor__, runs)) ^ place for place in _PLACES]
    made = (
        _hash(f"{at}:{nearest[at : at + _ROWS]}") - (1 << _BITS - 1)
        for at in range(0, len(nearest), _ROWS)
    )
    return tuple(made)


def percent_within(text: Shingled, other: Shingled) -> int:
    """How many of the words of `text` stand in `other` in runs, of a hundred; rounded down."""
    if not text.hashes or not other.hashes:
        return 0
    known = set(other.hashes)
    covered, end = 0, 0
    for at, run in enumerate(text.hashes):
        if run in known:
            covered += at + text.width - max(at, end)
            end = at + text.width
    return covered * 100 // text.words


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
