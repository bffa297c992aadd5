"""Dates told by another one, as people type them: “four days before 16 Dec 2011”, “yesterday”.

Owns these wordings in English and Russian, and writes them so that they read back the same. What
they come to stands in `dates_counted`. Refuses “a few days before”: nobody says how many.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from incidents import number_words
from incidents.dates import read
from incidents.dates_counted import (
    AFTER,
    BEFORE,
    MOST,
    PUBLISHED,
    STATED,
    WEEKDAYS,
    Counted,
    said_of,
)
from incidents.dates_parts import tidied
from incidents.edtf import in_short, in_words
from incidents.edtf_notation import LONGEST_TEXT, DateError

WEEKDAY_WORDS = (
    "monday|понедельник|понедельника|понедельнику",
    "tuesday|вторник|вторника|вторнику",
    "wednesday|среда|среду|среды|среде",
    "thursday|четверг|четверга|четвергу",
    "friday|пятница|пятницу|пятницы|пятнице",
    "saturday|суббота|субботу|субботы|субботе",
    "sunday|воскресенье|воскресенья|воскресенью",
)
UNIT_WORDS = {
    "day": "days?|день|дня|дней|сутки|суток",
    "week": "weeks?|недел[яиюье]|недель",
    "month": "months?|месяц|месяца|месяцев",
    "year": "years?|год|года|лет",
}
_UNIT = "|".join(UNIT_WORDS.values())
_WEEKDAY = "|".join(WEEKDAY_WORDS)
_AMOUNT = r"(?P<amount>(?:[\w-]+ ){0,6}?)"
_BEFORE = "before|prior to|earlier than|ahead of"
_AFTER = "after|later than|following"
_ON = r"(?:on |in |во? |на )?"
_LAST = "last|past|previous|прошл(?:ый|ую|ой|ое|ом)|минувш(?:ий|ую|ей|ее|ем)|предыдущ\\w+"
_PUBLICATION = re.compile(
    r"(?:(?:the day )?(?:it|this|the article|the source|its source) (?:was|is) published"
    r"|(?:the |its )?(?:day of |date of )?publication(?: day| date)?"
    r"|(?:дня |дату |даты )?публикации|(?:статья )?опубликован[ао]?)"
)
_SINGLE: dict[str, tuple[int, str]] = {
    **dict.fromkeys(("yesterday", "вчера"), (1, "day")),
    **dict.fromkeys(("the day before yesterday", "day before yesterday", "позавчера"), (2, "day")),
    **dict.fromkeys(("today", "сегодня", "on the day of publication"), (0, "day")),
    **dict.fromkeys(("the day it was published", "в день публикации"), (0, "day")),
}
_AGO = re.compile(rf"{_AMOUNT}(?P<unit>{_UNIT}) (?:ago|(?:тому )?назад)")
_COUNTED = re.compile(
    rf"(?P<the>the )?{_AMOUNT}(?P<unit>{_UNIT}|{_WEEKDAY})"
    rf" (?:(?P<before>{_BEFORE})|(?P<after>{_AFTER})) (?P<anchor>.+)"
)
_COUNTED_RUSSIAN = re.compile(
    rf"(?:(?P<until>за|до) )?{_AMOUNT}(?P<unit>{_UNIT})"
    r" (?:(?P<before>до|перед)|(?P<after>после|спустя после)) (?P<anchor>.+)"
)
_LATER = re.compile(rf"(?:через|спустя) {_AMOUNT}(?P<unit>{_UNIT}) после (?P<anchor>.+)")
_NEXT_DAY = re.compile(r"(?:на )?следующий день после (?P<anchor>.+)")
_EVE = re.compile(r"накануне (?P<anchor>.+)")
_LAST_UNIT = re.compile(
    rf"{_ON}(?:the )?(?:{_LAST}) (?P<unit>week|month|year|недел[еюя]|месяце?|году?)"
)
_LAST_WEEKDAY = re.compile(rf"{_ON}(?:(?:{_LAST}) )?(?P<unit>{_WEEKDAY})")
_VAGUE = re.compile(r"\b(?:few|several|couple|some|many|несколько|пар[уы])\b")

# Gives the EDTF an anchor's words are read as; raises DateError.
Anchor = Callable[[str], str]


@dataclass(frozen=True)
class _Said:
    amount: str
    unit: str
    side: str
    # None = from the publication.
    anchor: str | None


def read_relative(text: str, published: str, anchor: Anchor) -> Counted | None:
    """What is counted, or None where the text is no such date.

    `published` is the EDTF of the publication, "" where the source does not say. Raises DateError
    with a sentence for the person.
    """
    if len(text.strip()) > LONGEST_TEXT:
        return None
    plain = tidied(text).casefold().replace("ё", "е").strip(" ,.;")
    said = _said(plain)
    if said is None:
        return None
    from_publication = said.anchor is None or _PUBLICATION.fullmatch(said.anchor) is not None
    amount, unit = _amount(said, text), said.unit
    if not from_publication:
        return _made(amount, unit, said.side, anchor(said.anchor or ""), STATED)
    if not published:
        raise DateError(
            f"“{text.strip()}” is counted from the day its source was published, and that is not"
            " known: type the day itself, as in “16 Dec 2011”."
        )
    return _made(amount, unit, said.side, published, PUBLISHED)


def written(counted: Counted) -> str:
    """The text that reads back to it, as one would type it: “four days before 16 Dec 2011”."""
    words = said_of(counted)
    if counted.anchored == PUBLISHED:
        return f"{words} it was published"
    return f"{words} {_anchor_written(counted.anchor)}"


def _anchor_written(anchor: str) -> str:
    for words in (in_short(anchor).replace("≈", "about"), in_words(anchor)):
        with suppress(DateError):
            if read(words).edtf == anchor:
                return words
    return anchor


def _made(amount: int, unit: str, side: str, anchor: str, anchored: str) -> Counted:
    counted = Counted(amount, unit, side, anchor, anchored)
    # Raises DateError where there is no such day.
    _ = counted.edtf
    return counted


def _said(plain: str) -> _Said | None:
    if plain in _SINGLE:
        amount, unit = _SINGLE[plain]
        return _Said(str(amount), unit, BEFORE, None)
    if match := _AGO.fullmatch(plain):
        return _Said(match["amount"], _unit(match["unit"]), BEFORE, None)
    for pattern in (_LATER, _COUNTED, _COUNTED_RUSSIAN):
        if match := pattern.fullmatch(plain):
            return _with_anchor(match)
    for pattern, side in ((_NEXT_DAY, AFTER), (_EVE, BEFORE)):
        if match := pattern.fullmatch(plain):
            return _Said("1", "day", side, match["anchor"])
    if match := _LAST_UNIT.fullmatch(plain):
        return _Said("1", f"calendar_{_unit(match['unit'])}", BEFORE, None)
    if match := _LAST_WEEKDAY.fullmatch(plain):
        return _Said("1", _unit(match["unit"]), BEFORE, None)
    return None


def _with_anchor(match: re.Match[str]) -> _Said:
    named = match.groupdict()
    side = BEFORE if named.get("before") else AFTER
    unit, amount = _unit(match["unit"]), match["amount"]
    # “the week before” is one of the calendar; “a week before” is seven days.
    if named.get("the") and not amount and unit in ("week", "month", "year"):
        unit = f"calendar_{unit}"
    return _Said(amount, unit, side, match["anchor"])


def _unit(word: str) -> str:
    for name, words in UNIT_WORDS.items():
        if re.fullmatch(words, word):
            return name
    if word in ("неделе", "месяце", "году"):
        return {"неделе": "week", "месяце": "month", "году": "year"}[word]
    return WEEKDAYS[next(i for i, words in enumerate(WEEKDAY_WORDS) if word in words.split("|"))]


def _amount(said: _Said, text: str) -> int:
    words = said.amount.replace("-", " ").split()
    words = [word for word in words if word not in ("за", "exactly", "ровно")]
    if not words or words in (["a"], ["an"], ["the"]):
        return 1
    if len(words) == 1 and words[0].isdecimal() and len(words[0]) < 6:
        return int(words[0])
    number = number_words.value(words)
    if number is None or number > MOST:
        shown = text.strip()[:60]
        if _VAGUE.search(said.amount):
            raise DateError(f"“{shown}” does not say how many: type the day, or about which days.")
        raise DateError(
            f"“{shown}” is counted in a way this form does not understand: type “four days before"
            " 16 Dec 2011”, or the day itself."
        )
    return number
