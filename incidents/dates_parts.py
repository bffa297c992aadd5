"""The parts of a date as people type it: numbers, names, signs, and what stands between them.

Owns how a text falls into tokens, and what one date among them names. Refuses to choose between
4 May and 5 April, and to complete a year of two digits. How dates join stands in `dates`.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from incidents.dates_words import LONGEST_PHRASE, ORDINALS, WEEKDAYS, WORDS, Word, folded
from incidents.edtf import DateError, bounds, canonical
from incidents.edtf_notation import MONTHS

MARKS = ("~", "?")


class OrderUnknown(DateError):
    """Day and month can be read in both orders; the two readings in words, as “4 May 2012”."""

    def __init__(self, message: str, *, day_first: str, month_first: str) -> None:
        super().__init__(message)
        self.day_first, self.month_first = day_first, month_first


class YearMissing(DateError):
    """All that is missing is the year."""


_FOUR_DIGITS = "Type the year with four digits, as in 2011."
STROKE = (
    "A stroke can mean “to” or “or”: type that word, as in “16 to 17 Dec 2011” "
    "or “16 or 17 Dec 2011”."
)
_REFUSALS = {
    "season": "A season differs from place to place: type its months, as in “March to May 2012”, "
    "or the year alone.",
    "relative": "“{}” depends on the day it is read: type the day itself, as in “16 Dec 2011”.",
    "part": "“{}” does not say which days: type them, as in “between 1 and 10 December 2011”, "
    "or the month alone.",
    "clock": "A time of day has no place here: type the day alone, as in “16 Dec 2011”.",
}
_SAME_SIGNS = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—−", "-"),
        **dict.fromkeys("∼≈～", "~"),
        **dict.fromkeys("’‘ʼ`´", "'"),
        **dict.fromkeys("⁄／", "/"),
        **dict.fromkeys("؟？", "?"),
        **dict.fromkeys('،，;()"“”„«»‹›', ","),
        "．": ".",
    }
)
_SIGNS = {"-": "dash", "/": "slash", "~": "~", "?": "?", ",": "filler", ".": "filler", ":": "clock"}
_TOKEN = re.compile(
    r"(?P<ymd>\d{4} ?(?P<a>[./-]) ?\d{1,2} ?(?P=a) ?\d{1,2}(?!\d))"
    r"|(?P<dmy>\d{1,2} ?(?P<b>[./-]) ?\d{1,2} ?(?P=b) ?\d+)"
    r"|(?P<my>\d{1,2}[./-]\d{4}(?!\d))"
    r"|(?P<dm>\d{1,2}[./]\d{1,2}(?!\d))"
    rf"|(?P<number>\d+)(?:-?(?:{'|'.join(ORDINALS)})(?![^\W\d_]))?"
    r"|(?P<short>'\d)"
    r"|(?P<word>[^\W\d_]+|&)|(?P<sign>\S)"
)
_CYRILLIC, _LATIN_C = re.compile("[а-яё]", re.IGNORECASE), re.compile(r"\bc\b", re.IGNORECASE)
_MOST_TOKENS = 40
_NAMED_BETWEEN_SIGNS = re.compile(
    r"(?<!\d)(\d{1,2})([-/])([^\W\d_]{1,15}(?: [^\W\d_]{1,15})?)\2(\d{4})(?!\d)"
)


@dataclass(frozen=True)
class Part:
    """One date, or the piece of one that is given; the day and the year are as typed, unchecked."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    mark: str = ""

    @property
    def edtf(self) -> str:
        """A year, a month or a day without its mark. Raises DateError when there is no such one."""
        numbers = [f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part)]
        if self.day == 0:
            numbers.append("00")
        return canonical("-".join(numbers))

    def named(self) -> str:
        """The day and the month, for a sentence: 16 December."""
        month = MONTHS[self.month - 1] if self.month else ""
        return month if self.day is None else f"{self.day} {month}".strip()

    def check_weekday(self) -> None:
        """Raises DateError when the weekday typed with the day is another one's."""
        day = bounds(self.edtf).earliest
        if self.weekday not in (None, day.weekday()):
            typed, right = WEEKDAYS[self.weekday or 0], WEEKDAYS[day.weekday()]
            raise DateError(f"{self.named()} {self.year} was a {right}, not a {typed}.")


@dataclass(frozen=True)
class Token:
    """One word, number, sign or numeric date; `number` is as in `Word`."""

    kind: str
    text: str
    number: int = 0
    date: Part | None = None


def tokens_of(text: str, *, day_first: bool | None) -> list[Token]:
    """What the text holds, in its order, without what says nothing. Raises DateError."""
    plain = _NAMED_BETWEEN_SIGNS.sub(r"\1 \3 \4", tidied(text).strip("', "))
    if _CYRILLIC.search(plain):
        plain = _LATIN_C.sub("с", plain)
    found = list(islice(_TOKEN.finditer(plain), _MOST_TOKENS + 1))
    if len(found) > _MOST_TOKENS:
        raise not_understood(text)
    tokens = list(_read(found, day_first=day_first))
    kinds = {token.kind for token in tokens}
    for kind, sentence in _REFUSALS.items():
        if kind in kinds:
            raise DateError(sentence.format(_shown(text)))
    if "unknown" in kinds:
        raise not_understood(text)
    tokens = [token for token in tokens if token.kind != "filler"]
    return tokens if "month" in kinds else list(_months_by_number(tokens))


def part_of(tokens: Sequence[Token], whole: str) -> Part:
    """The one date these tokens name; its marks stand first or last. Raises DateError."""
    mark, tokens = without_marks(tokens)
    weekdays = [token.number for token in tokens if token.kind == "weekday"]
    tokens = [token for token in tokens if token.kind != "weekday"]
    part = _numbered(tokens, whole)
    if len(weekdays) > 1 or (weekdays and part.day is None):
        raise not_understood(whole)
    return replace(part, mark=mark, weekday=weekdays[0] if weekdays else None)


def without_marks(tokens: Sequence[Token]) -> tuple[str, list[Token]]:
    """The marks before and after the rest, as one EDTF mark or none, and the rest."""
    first, last = 0, len(tokens)
    while first < last and tokens[first].kind in MARKS:
        first += 1
    while last > first and tokens[last - 1].kind in MARKS:
        last -= 1
    return one_mark("".join(token.kind for token in (*tokens[:first], *tokens[last:]))), [
        *tokens[first:last]
    ]


def one_mark(marks: str) -> str:
    """The EDTF mark that says all of these."""
    about, possibly = "~" in marks or "%" in marks, "?" in marks or "%" in marks
    return "%" if about and possibly else "~" * about + "?" * possibly


def not_understood(whole: str) -> DateError:
    """The refusal of a text that is no date at all."""
    return DateError(
        f"“{_shown(whole)}” is not a date this form understands. Type 16 Dec 2011, Dec 2011, "
        "“about 18 Dec 2011”, “between 16 and 19 Dec 2011”, or 2011-12-16."
    )


def tidied(text: str) -> str:
    """The text with plain signs, digits and single spaces, and nothing that cannot be seen."""
    composed = unicodedata.normalize("NFC", text).translate(_SAME_SIGNS)
    seen = (sign for sign in composed if unicodedata.category(sign) not in ("Mn", "Cf"))
    return " ".join("".join(str(unicodedata.decimal(sign, sign)) for sign in seen).split())


def _shown(whole: str) -> str:
    shown = "".join(sign if sign.isprintable() else " " for sign in whole.strip())
    return shown if len(shown) <= 60 else f"{shown[:59]}…"


def _read(found: Sequence[re.Match[str]], *, day_first: bool | None) -> Iterator[Token]:
    words = [folded(match["word"] or "") for match in found]
    named = any(word in WORDS and WORDS[word].kind == "month" for word in words)
    place = 0
    while place < len(found):
        width, word = _longest_phrase(words[place : place + LONGEST_PHRASE])
        match = found[place]
        if word is not None:
            yield Token(word.kind, match[0], word.number)
        elif named and match.lastgroup == "dm" and "/" in match[0]:
            raise DateError(STROKE)
        else:
            yield _token(match, day_first=day_first)
        place += width


def _longest_phrase(words: Sequence[str]) -> tuple[int, Word | None]:
    for width in range(len(words) if words[0] else 0, 0, -1):
        word = WORDS.get(" ".join(words[:width]))
        if word is not None:
            return width, word
    return 1, None


def _token(match: re.Match[str], *, day_first: bool | None) -> Token:
    text, kind = match[0], match.lastgroup or ""
    if kind == "short":
        raise DateError(_FOUR_DIGITS)
    if kind == "number":
        return Token(kind, match["number"])
    if kind in ("word", "sign"):
        return Token(_SIGNS.get(text, "filler" if text == "'" else "unknown"), text)
    return Token("date", text, date=_numeric(text, kind, day_first=day_first))


def _numeric(text: str, kind: str, *, day_first: bool | None) -> Part:
    written = re.findall(r"\d+", text)
    if kind == "ymd":
        year, month, day = map(int, written)
        return Part(year, month, day)
    if kind == "my":
        return Part(int(written[1]), _month_in(text, int(written[0])))
    if kind == "dmy" and len(written[2]) != 4:
        raise DateError(_FOUR_DIGITS)
    first, second, *years = map(int, written)
    readings = {True: (first, second), False: (second, first)}
    possible = [order for order, (_, month) in readings.items() if 1 <= month <= 12]
    if not possible:
        _month_in(text, second)
    if day_first is None and len(possible) == 2 and first != second:
        either = [MONTHS[second - 1], MONTHS[first - 1]]
        shown_year = "".join(f" {year}" for year in years)
        raise OrderUnknown(
            f"“{text}” can be {first} {either[0]} or {second} {either[1]}{shown_year}. "
            "Choose which is meant, or type the month as a word.",
            day_first=f"{first} {either[0]}{shown_year}",
            month_first=f"{second} {either[1]}{shown_year}",
        )
    order = possible[0] if day_first is None else day_first
    day, month = readings[order]
    if order not in possible:
        comes_first = "day" if order else "month"
        raise DateError(
            f"“{text}” has {month} for its month, as the {comes_first} comes first. "
            "Type the month as a word."
        )
    return Part(years[0] if years else None, month, day)


def _month_in(text: str, month: int) -> int:
    if not 1 <= month <= 12:
        raise DateError(f"There is no month {month} for “{text}”: months run from 1 to 12.")
    return month


def _months_by_number(tokens: Sequence[Token]) -> Iterator[Token]:
    """Takes 2011-12 for a month, as EDTF does, where no month stands as a word."""
    place = 0
    while place < len(tokens):
        three = tokens[place : place + 3]
        kinds = [token.kind for token in three]
        if kinds == ["number", "dash", "number"] and [len(t.text) for t in three] == [4, 1, 2]:
            month = _month_in(f"{three[0].text}-{three[2].text}", int(three[2].text))
            yield Token("date", three[0].text, date=Part(int(three[0].text), month))
            place += 3
        else:
            yield tokens[place]
            place += 1


def _numbered(tokens: Sequence[Token], whole: str) -> Part:
    dates = [token.date for token in tokens if token.date]
    if len(tokens) == len(dates) == 1:
        return dates[0]
    named: dict[str, int] = {}
    order = ""
    for token in tokens:
        letter = {"month": "m", "number": _year_or_day(token.text)}.get(token.kind, " ")
        named[letter] = token.number or int(token.text) if letter != " " else 0
        order += letter
    if order in ("dmd", "mdd", "ddm") or (order in ("md", "dm") and named["d"] > 31):
        raise DateError(_FOUR_DIGITS)
    if order not in ("dmy", "mdy", "ymd", "ydm", "my", "ym", "md", "dm", "d", "m", "y", "dy"):
        raise not_understood(whole)
    return Part(named.get("y"), named.get("m"), named.get("d"))


def _year_or_day(digits: str) -> str:
    return {1: "d", 2: "d", 4: "y"}.get(len(digits), " ")
