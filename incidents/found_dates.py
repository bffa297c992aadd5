"""Dates and durations that a text names, each with its words and what it would mean.

Owns how they are found in prose, in English and Russian. Reading them is `dates_beside`'s, so
that what is found is what the form would read. Refuses a day where the text leaves it open.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from incidents import dates, number_words
from incidents.dates_beside import Beside, read_beside
from incidents.dates_relative import UNIT_WORDS, WEEKDAY_WORDS
from incidents.dates_words import MONTHS
from incidents.edtf import DateError, bounds, canonical, in_short, in_words
from incidents.found_words import ReadText

# How far apart the days of a publication may lie, for a stretch to be counted from them.
_NEAR = timedelta(days=10)
# Beyond, “for five years” is no stretch of one incident.
_LONGEST_SPAN = timedelta(days=200)

_LATIN_MONTHS = "|".join(
    sorted(
        {
            word.capitalize()
            for words in MONTHS
            for word in words
            if word.isascii() and word not in ("jan", "set", "mai", "mar", "fév")
        }
        | {"Jan", "Mar"},
        key=len,
        reverse=True,
    )
)
_ENGLISH_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
)
_SHORT_MONTHS = r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?"
_CYRILLIC_MONTHS = "|".join(
    sorted(
        {word for words in MONTHS for word in words if "а" <= word[0] <= "ӿ" and len(word) > 2},
        key=len,
        reverse=True,
    )
)
_MONTH = rf"(?:(?:{_LATIN_MONTHS}|{_ENGLISH_MONTHS.upper()})\b\.?|(?:(?i:{_CYRILLIC_MONTHS}))\b\.?)"
_YEAR = r"(?P<year>1[5-9]\d\d|20\d\d)(?!\d|[.,]\d|%)(?: ?(?:года|году|год|г\.(?! ?[А-Я]\w)))?"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|-?го|-?е)?"
_JOINT = r"(?: ?- ?| and | or | to | и | или | по )"
_START = r"(?<![\w.,:/$€£№#+-])(?<![.,:/] )"
_DAY_FIRST = re.compile(
    rf"{_START}{_DAY}(?:{_JOINT}{_DAY})? (?:of )?{_MONTH}(?:,? (?:of )?{_YEAR})?"
)
_MONTH_FIRST = re.compile(
    rf"\b(?P<month>{_ENGLISH_MONTHS}|{_SHORT_MONTHS}) {_DAY}"
    rf"(?:{_JOINT}(?:{_ENGLISH_MONTHS} )?{_DAY})?(?![\w%]|[.,:/]\d|-\d)(?:,? {_YEAR})?"
)
_NUMERIC = re.compile(
    r"(?<![\w./:-])(?:\d{4}-\d\d-\d\d|\d{1,2}\.\d{1,2}\.\d{4}|\d{1,2}/\d{1,2}/\d{4})"
    r"(?![\w/:-]|\.\d)"
)
_MONTH_YEAR = re.compile(
    rf"(?<![\w-])(?:{_ENGLISH_MONTHS}|{_SHORT_MONTHS}|(?i:{_CYRILLIC_MONTHS})\b)"
    rf"(?: of)?,? {_YEAR}"
)
_MONTH_ALONE = re.compile(
    rf"\b(?:[Ii]n|[Ss]ince|[Ll]ast|[Dd]uring|[Вв]|[Сс]) (?P<only>(?:{_ENGLISH_MONTHS})\b"
    rf"|(?i:{_CYRILLIC_MONTHS})\b)(?! ?\d)"
)
_YEAR_ALONE = re.compile(rf"\b(?:[Ii]n|[Ss]ince|[Dd]uring|[Вв]|[Сс]) (?P<only>{_YEAR})(?![\w-])")
_UNIT = "|".join(UNIT_WORDS.values())
_HOURS = "hours?|час|часа|часов"
_WORDED = "|".join(sorted(number_words.WORDS, key=len, reverse=True))
_AMOUNT = rf"(?:\d{{1,3}}|(?:{_WORDED})(?:[ -](?:{_WORDED})){{0,4}})"
_WEEKDAY = "|".join(WEEKDAY_WORDS)
_DAY_NAMES = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_RELATIVE = (
    re.compile(
        r"\b(?:the day before yesterday|yesterday|today|вчера|позавчера|сегодня)\b", re.IGNORECASE
    ),
    re.compile(rf"\b(?:(?:{_AMOUNT}|an?) )(?:{_UNIT}) (?:ago|(?:тому )?назад)\b", re.IGNORECASE),
    re.compile(r"\b(?:день|неделю|месяц|год) (?:тому )?назад\b", re.IGNORECASE),
    re.compile(r"\b(?:last|the past|the previous) (?:week|month|year)\b", re.IGNORECASE),
    re.compile(r"\bна (?:прошлой|минувшей) неделе\b|\bв прошлом (?:месяце|году)\b", re.IGNORECASE),
    re.compile(rf"\b(?:[Oo]n |[Ll]ast )?(?:{_DAY_NAMES})\b(?!,? (?:{_DAY}|{_ENGLISH_MONTHS})\b)"),
    re.compile(rf"\bво? (?:прошл\w\w |минувш\w\w )?(?:{_WEEKDAY})\b(?!,? \d)", re.IGNORECASE),
)
_NOT_THIS_ONE = re.compile(
    r"(?:next|every|each|coming|the|good|black|bloody|следующ\w+|кажд\w+)(?: в)? $", re.IGNORECASE
)
_COUNTED_TO = re.compile(
    rf"(?:\b(?:{_AMOUNT}|an?|the) (?:days?|weeks?|months?|years?) (?:before|after|prior to)"
    rf"|\bза (?:{_AMOUNT} )?(?:{_UNIT}) до) (?:the )?$",
    re.IGNORECASE,
)
_DURATION = re.compile(
    rf"(?P<lead>\b(?:for|over|during|in|within|в течение|на протяжении|уже|за) "
    rf"(?:the )?(?:last |past |about |around |nearly |almost |some |последни[ех] )?)?"
    rf"\b(?P<amount>{_AMOUNT}|(?<=for )an?) (?P<unit>{_UNIT}|{_HOURS})\b"
    r"(?! (?:ago|before|after|later|earlier|prior|old|назад|спустя|тому|до|после))(?!-)",
    re.IGNORECASE,
)
_PENALTY = re.compile(
    r"sentenc|jail|prison|imprison|term of|aged?\b|приговор|осуж|лишени|тюрьм|колони|возраст",
    re.IGNORECASE,
)
_OCLOCK = re.compile("час", re.IGNORECASE)
_LETTERS = {"day": "D", "week": "W", "month": "M", "year": "Y"}


@dataclass(frozen=True)
class FoundDate:
    """`edtf` is None where the words leave it open. `typed` is what a date box reads as that.

    `duration` is ISO 8601 where the words say how long; `said` tells what it means and what it was
    counted from. Offsets are code points.
    """

    start: int
    end: int
    words: str
    edtf: str | None = None
    basis: str | None = None
    typed: str = ""
    said: str = ""
    duration: str | None = None


def found_dates(text: str | ReadText, published: str | None = None) -> tuple[FoundDate, ...]:
    """In the text's order, none within another. `published` is EDTF, None or "" where not known.

    Takes time that grows with the text's length, and raises nothing.
    """
    source = text if isinstance(text, ReadText) else ReadText(text)
    beside = Beside(day_first=None, published=published or "")
    taken: list[tuple[int, int]] = []
    found = []
    for start, end, kind in sorted(_spans(source.folded), key=lambda one: (one[0], -one[1])):
        if taken and start < taken[-1][1]:
            continue
        taken.append((start, end))
        one = _one(source, start, end, kind, beside)
        if one is not None:
            found.append(one)
    return tuple(found)


def _spans(folded: str) -> Iterator[tuple[int, int, str]]:
    """Places of the shadow; they may overlap, the longest of those that begin together is meant."""
    for pattern in (_DAY_FIRST, _MONTH_FIRST, _NUMERIC, _MONTH_YEAR):
        for match in pattern.finditer(folded):
            start, end = match.span()
            if pattern is _MONTH_FIRST and not match["year"] and _is_in(folded, start):
                continue
            lead = _COUNTED_TO.search(folded, max(start - 60, 0), start)
            yield (lead.start() if lead else start), _without_dot(folded, end), "date"
    for pattern in (_MONTH_ALONE, _YEAR_ALONE):
        for match in pattern.finditer(folded):
            yield *match.span("only"), "date"
    for pattern in _RELATIVE:
        for match in pattern.finditer(folded):
            if not _NOT_THIS_ONE.search(folded, max(match.start() - 12, 0), match.start()):
                yield *match.span(), "relative"
    for match in _DURATION.finditer(folded):
        yield *match.span(), "duration"


def _is_in(folded: str, start: int) -> bool:
    """“In May 20 people were killed”: no day stands after “in”."""
    return folded[max(start - 3, 0) : start].casefold() == "in "


def _without_dot(folded: str, end: int) -> int:
    return end - 1 if folded[end - 1] == "." else end


def _one(source: ReadText, start: int, end: int, kind: str, beside: Beside) -> FoundDate | None:
    here = source.stretch(start, end)
    unread = FoundDate(here.start, here.end, here.words)
    words = source.folded[start:end]
    if kind == "duration":
        return _lasting(source, start, end, beside)
    order = True if re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{4}", words) else None
    try:
        reading = read_beside(words, Beside(order, beside.published))
    except DateError:
        return unread
    if beside.published and _is_after(reading.edtf, beside.published):
        return None
    basis = "stated"
    if reading.counted is not None and reading.counted.anchored == "published":
        basis = "inferred_from_source"
    elif reading.assumed_year:
        basis = "year_inferred"
    told = dates.Reading(reading.edtf, reading.assumed_year, reading.year_of, None, reading.counted)
    said = dates.echo(told).partition(". ")[0]
    typed = _typed(words, reading, beside)
    return replace(unread, edtf=reading.edtf, basis=basis, said=said, typed=typed)


def _is_after(edtf: str, published: str) -> bool:
    """What is still to come when it is told has not happened."""
    return bounds(edtf).earliest > bounds(published).latest


def _typed(words: str, reading: dates.Reading, beside: Beside) -> str:
    """As the text says it where a box reads that the same whoever types; else the plain words."""
    plain = Beside(None, beside.published)
    for text in (words, in_short(reading.edtf)):
        with suppress(DateError):
            again = read_beside(text, plain)
            if again.edtf == reading.edtf:
                return text
    return reading.edtf


def _lasting(source: ReadText, start: int, end: int, beside: Beside) -> FoundDate | None:
    match = _DURATION.match(source.folded, start)
    if match is None:
        return None
    around = source.folded[max(start - 40, 0) : end + 30]
    amount = _amount(match["amount"])
    if amount is None or _PENALTY.search(around):
        return None
    if _OCLOCK.match(match["unit"]) and not match["lead"]:
        # “В 12 часов” is when, not how long.
        return None
    unit = next((name for name, words in UNIT_WORDS.items() if _is_one(words, match["unit"])), "")
    duration = f"P{amount}{_LETTERS[unit]}" if unit else f"PT{amount}H"
    here = source.stretch(start, end)
    days = {"day": 1, "week": 7, "month": 30, "": 0}.get(unit, 999) * amount
    # Russian says how long something lasted without a preposition.
    lasts = match["lead"] or "а" <= match["unit"][0].casefold() <= "я"
    edtf = _span(days, beside.published or "") if lasts else None
    told = f"{number_words.spoken(amount)} {unit or 'hour'}{'s' if amount > 1 else ''}"
    if edtf is None:
        return FoundDate(here.start, here.end, here.words, said=told, duration=duration)
    said = (
        f"{in_words(edtf)}: the {told} before it was published ({in_words(beside.published or '')})"
    )
    return FoundDate(
        *(here.start, here.end, here.words, edtf, "inferred_from_source", edtf),
        said=said[:1].upper() + said[1:],
        duration=duration,
    )


def _amount(words: str) -> int | None:
    words = words.casefold()
    if words.isdecimal():
        return int(words) or None
    return 1 if words in ("a", "an") else number_words.value(words.replace("-", " ").split())


def _is_one(words: str, unit: str) -> bool:
    return re.fullmatch(words, unit.casefold()) is not None


def _span(days: int, published: str) -> str | None:
    """From about so many days before it was published until then; None where that is too open."""
    if not published or not 0 < days <= _LONGEST_SPAN.days:
        return None
    told = bounds(published)
    with suppress(OverflowError, DateError):
        if told.latest - told.earliest > _NEAR:
            return None
        first = told.earliest - timedelta(days=days)
        # Which day it was told is not known either, where it was published on one of several.
        mark = "" if told.earliest == told.latest else "~"
        return canonical(f"{first}~/{told.latest}{mark}")
    return None
