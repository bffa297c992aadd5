"""Ages that a text gives, of one person or from one age to another.

Owns how they are found in prose, in English and Russian. An age is never a count.
"""

import re
from dataclasses import dataclass

from incidents.found_words import ReadText

_AGES = re.compile(
    r"\b(?:aged?(?: between| from)?|ages?(?: between| of| from)?|в возрасте(?: от)?"
    r"|возрастом(?: от)?|возраст от) (?P<low>\d{1,3})"
    r"(?: ?(?:-|to|and|or|до|и) ?(?P<high>\d{1,3}))?(?![\w%]|[.,:]\d)"
    r"(?: (?:years?|лет|года))?",
    re.IGNORECASE,
)
_YEARS_OLD = re.compile(
    r"(?<![\w.,:/-])(?P<low>\d{1,3})(?: ?(?:-|to|or|до) ?(?P<high>\d{1,3}))?"
    r"(?:[ -]years?[ -]old|-летн\w+| летн\w+)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class FoundAges:
    """“aged 30 to 40”; a single age is both ends."""

    start: int
    end: int
    words: str
    age_min: int | None
    age_max: int | None


def found_ages(text: str | ReadText) -> tuple[FoundAges, ...]:
    """In the text's order; never a count."""
    source = text if isinstance(text, ReadText) else ReadText(text)
    found: list[FoundAges] = []
    matches = [*_AGES.finditer(source.folded), *_YEARS_OLD.finditer(source.folded)]
    for match in sorted(matches, key=lambda one: one.start()):
        low, high = int(match["low"]), int(match["high"] or match["low"])
        here = source.stretch(*match.span())
        if 0 < low <= high <= 120 and not (found and here.start < found[-1].end):
            found.append(FoundAges(here.start, here.end, here.words, low, high))
    return tuple(found)
