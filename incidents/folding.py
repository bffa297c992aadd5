"""Text folded for look-up, search and sorting, so that spellings of one word meet.

Owns which differences do not count. Refuses to translate, transliterate or stem, and is never the
text that is shown or stored as a source's words.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache

SORT_KEY_LENGTH = 200
LONGEST_RUN_OF_MARKS = 30
LAST_OF_BASIC_PLANE = 0xFFFF
LAST_MARK = 0x1FFFF
BEYOND_BASIC_PLANE = "\U00010000-\U0010ffff"

_BREVE = "\u0306"
_SCRIPTS_WITH_ACCENTS = ("LATIN", "CYRILLIC", "GREEK")
_PUNCTUATION = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′ʹʻʼʽˈ`´＇‹›", "'"),
        **dict.fromkeys("“”„‟″«»〝〞＂", '"'),
        **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", None),
        **dict.fromkeys("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e", None),
        **dict.fromkeys("\u2066\u2067\u2068\u2069", None),
    }
)
_LETTERS = str.maketrans("łøđıأإآٱىة", "lodiاااايه")
_ARABIC_SIGNS = re.compile("[\u0640\u064b-\u065f\u0670]")
_BEYOND = re.compile(f"[{BEYOND_BASIC_PLANE}]")
_UNSTORABLE = re.compile("[\u0000\ud800-\udfff]")

# What a person reads when `has_unstorable` finds something.
UNSTORABLE = "This holds a character that can’t be stored. Type it again."


def fold(text: str) -> str:
    """The text as it is looked up: folding it again changes nothing.

    Case and compatibility forms go (NFKC); accents go from Latin, Cyrillic and Greek, so ё is е,
    but й stays one letter, for и is another. Kazakh letters stay. Arabic alef, yeh and heh lose
    their variants, vowel signs and tatweel. Quotes and dashes become ' " -, invisible signs go,
    white space becomes single spaces with none at the ends.
    """
    folded = text.translate(_PUNCTUATION).casefold()
    if not folded.isascii():
        # Twice, because removing a sign can bring together letters that then compose.
        folded = _without_variants(_without_variants(folded))
    return " ".join(folded.split())


def class_of(is_wanted: Callable[[str], bool], last: int) -> str:
    """The signs up to a code point that are wanted, as ranges for a class of a regular expression.

    Ranges beyond U+FFFF are slow: they are tried one by one for every sign of the text.
    """
    ranges: list[list[int]] = []
    for code in range(last + 1):
        if not is_wanted(chr(code)):
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


@cache
def combining_marks(last: int = LAST_MARK) -> str:
    """Every combining mark up to a code point, as ranges for a class of a regular expression."""
    return class_of(lambda sign: unicodedata.category(sign).startswith("M"), last)


def without_long_runs_of_marks(text: str) -> str:
    """The text with at most 30 marks on one letter, the limit of UAX 15's stream-safe format.

    Normalising takes the square of a run's length: 50,000 marks on one letter take 15 seconds.
    """
    return _marks_in(text).sub(_first_marks, text)


def sort_key(text: str) -> str:
    """The folded text, cut to 200 code points; compare it by code point."""
    return fold(text)[:SORT_KEY_LENGTH]


def has_unstorable(text: str) -> bool:
    """Whether a database or UTF-8 would refuse it: it has a NUL or half of a surrogate pair."""
    return _UNSTORABLE.search(text) is not None


def _without_variants(text: str) -> str:
    composed = unicodedata.normalize("NFKC", without_long_runs_of_marks(text)).casefold()
    decomposed = unicodedata.normalize("NFD", composed.translate(_PUNCTUATION))
    bare = _marks_in(decomposed).sub(_without_accents, decomposed)
    letters = unicodedata.normalize("NFC", bare).translate(_LETTERS)
    return _ARABIC_SIGNS.sub("", letters)


def _first_marks(marks: re.Match[str]) -> str:
    return marks[0][:LONGEST_RUN_OF_MARKS]


def _without_accents(marks: re.Match[str]) -> str:
    place = marks.start()
    letter = marks.string[place - 1] if place else ""
    if not letter or not unicodedata.name(letter, "").startswith(_SCRIPTS_WITH_ACCENTS):
        return marks[0]
    return _BREVE if letter == "и" and _BREVE in marks[0] else ""


def _marks_in(text: str) -> re.Pattern[str]:
    return _marks(LAST_MARK if _BEYOND.search(text) else LAST_OF_BASIC_PLANE)


@cache
def _marks(last: int) -> re.Pattern[str]:
    # A class first and alone, not repeated, is what the search can skip ahead to.
    return re.compile(f"[{combining_marks(last)}][{combining_marks(last)}]*")
