"""Finds the parts of a long list of words that most resemble a short one.

Owns the search for likely places and their alignment. Refuses to know about text: it is given
words and answers with places among them.
"""

from collections import defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice, product

LEAST_RATIO = 0.5
MOST_VOTES = 20_000
MOST_WINDOWS = 12
MOST_PLACES_OF_A_WORD = 16
WORDS_ALIGNED_AT_ONCE = 200


@dataclass(frozen=True)
class Likeness:
    """Words from start to end (exclusive), and how alike they are: from 0 to 1, by difflib."""

    start: int
    end: int
    ratio: float


def likest(words: list[str], wanted: list[str], limit: int) -> list[Likeness]:
    """At most `limit` parts that do not overlap, the most alike first, then in order of place.

    At least half of the words are shared, in the same order, and never fewer than two; when no
    part is so, the list is empty. A word replaced at either end counts as part of the place. The
    work is bounded: very frequent words and places beyond the twelve likeliest are not tried.
    """
    found = {
        likeness
        for window in _likely_windows(words, wanted)
        if (likeness := _aligned(words, wanted, *window)) is not None
    }
    chosen: list[Likeness] = []
    for likeness in sorted(found, key=lambda found: (-found.ratio, found.start)):
        if all(likeness.end <= other.start or other.end <= likeness.start for other in chosen):
            chosen.append(likeness)
    return chosen[:limit]


def shared_blocks(one: list[str], other: list[str]) -> list[tuple[int, int, int]]:
    """Runs of words in both, in order: place in one, place in the other, number of words.

    A word that stands more than 16 times in the other begins no run, so a few may be missed.
    """
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    places: dict[str, list[int]] = vars(matcher)["b2j"]
    # Words that stand everywhere cannot begin a block, only lengthen one: else a hostile text
    # takes the cube of the window's length.
    for word in [word for word, found in places.items() if len(found) > MOST_PLACES_OF_A_WORD]:
        del places[word]
    return [(block.a, block.b, block.size) for block in matcher.get_matching_blocks()[:-1]]


def _likely_windows(words: list[str], wanted: list[str]) -> list[tuple[int, int]]:
    """Places where rare words stand as far from the start as they do in what is wanted."""
    places_wanted: dict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(wanted):
        places_wanted[word].append(place)
    places: dict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(words):
        if word in places_wanted:
            places[word].append(place)
    width = max(1, len(wanted) // 4)
    votes: dict[int, float] = defaultdict(float)
    left = MOST_VOTES
    for word in sorted(places, key=lambda word: len(places[word]) * len(places_wanted[word])):
        for place, place_wanted in islice(product(places[word], places_wanted[word]), left):
            bucket = (place - place_wanted) // width
            votes[bucket] += 1 / len(places[word])
            votes[bucket - 1] += 1 / len(places[word])
            left -= 1
    slack = len(wanted) // 4 + 2
    return [
        (bucket * width - slack, (bucket + 2) * width + len(wanted) + slack)
        for bucket in _apart(sorted(votes, key=lambda bucket: (-votes[bucket], bucket)))
    ]


def _apart(buckets: list[int]) -> list[int]:
    """The first twelve of which no two are neighbours: neighbours see the same words."""
    taken: set[int] = set()
    for bucket in buckets:
        if len(taken) == MOST_WINDOWS:
            break
        if taken.isdisjoint((bucket - 1, bucket, bucket + 1)):
            taken.add(bucket)
    return sorted(taken)


def _aligned(words: list[str], wanted: list[str], first: int, last: int) -> Likeness | None:
    first, last = max(first, 0), min(last, len(words))
    if len(wanted) <= WORDS_ALIGNED_AT_ONCE:
        return _best_in_window(words, wanted, first, last)
    half = WORDS_ALIGNED_AT_ONCE // 2
    reach = last - first - len(wanted) + half
    start = _best_in_window(words, wanted[:half], first, first + reach)
    end = _best_in_window(words, wanted[-half:], last - reach, last)
    if start is None or end is None or start.start >= end.end:
        return None
    return Likeness(start.start, end.end, (start.ratio + end.ratio) / 2)


def _best_in_window(words: list[str], wanted: list[str], first: int, last: int) -> Likeness | None:
    """The part of a window that shares the most, if it shares enough.

    Its ends are where the ends of what is wanted would stand beside each of the longest blocks.
    """
    first, last = max(first, 0), min(last, len(words))
    blocks = [
        (wanted_place, first + place, size)
        for wanted_place, place, size in shared_blocks(wanted, words[first:last])
    ]
    longest = sorted(blocks, key=lambda block: -block[2])[:4]
    shifts = {place - wanted_place for wanted_place, place, _ in longest}
    best: tuple[float, int, Likeness] | None = None
    for start_shift, end_shift in product(sorted(shifts), repeat=2):
        start = max(start_shift, 0)
        end = min(end_shift + len(wanted), len(words))
        in_blocks = (min(at + size, end) - max(at, start) for _, at, size in blocks)
        shared = sum(words_within for words_within in in_blocks if words_within > 0)
        if start_shift == end_shift:
            beside = zip(wanted[start - start_shift :], words[start:end], strict=False)
            shared = max(shared, sum(one == other for one, other in beside))
        if shared < 2 or end <= start:
            continue
        ratio = 2 * shared / (len(wanted) + end - start)
        difference = -abs(end - start - len(wanted))
        if ratio >= LEAST_RATIO and (best is None or (ratio, difference) > best[:2]):
            best = (ratio, difference, Likeness(start, end, ratio))
    return best[2] if best else None
