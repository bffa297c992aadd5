"""The notation of dates: text in, its parts out, or one sentence that says what is wrong.

Owns the accepted grammar of EDTF (ISO 8601-2) and its errors. Refuses seasons, times of day, sets
that mean "all of", years outside 1000 to 9999, and prose. What a date means stands in `edtf`.
"""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

LONGEST_TEXT = 200
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)

_POINT = re.compile(r"(\d{4}|\d{3}X|\d{2}XX)(?:-(\d\d|XX)(?:-(\d\d|\dX|XX))?)?([~?%]?)", re.ASCII)
_ONE_DIGIT = re.compile(r"(\d{4})-(\d\d?)(?:-(\d\d?))?", re.ASCII)
_SPACE_AROUND_SIGNS = re.compile(r"\s*(\.\.|[-/,\[\]~?%])\s*")
_SAME_SIGNS = str.maketrans(
    {**dict.fromkeys("‐‑‒–—−", "-"), **dict.fromkeys("∼≈～", "~"), "…": ".."}
)
_OPEN = ("", "..")


class DateError(ValueError):
    """The text is not a date this form takes; the message is one sentence for the person."""


@dataclass(frozen=True)
class Point:
    """One date as written: X stands for a digit not given, a blank part for one left out."""

    year: str
    month: str
    day: str
    mark: str

    def __str__(self) -> str:
        return "-".join(part for part in (self.year, self.month, self.day) if part) + self.mark

    @property
    def unit(self) -> str:
        """day, month or year: the smallest part with a digit given."""
        if self.day[:1].isdigit():
            return "day"
        return "month" if self.month.isdigit() else "year"

    @property
    def is_whole(self) -> bool:
        """No digit is left open."""
        return "X" not in str(self)

    def first_and_last(self) -> tuple[date, date]:
        """The days it covers, inclusive, as if it bore no mark."""
        first_year, last_year = (int(self.year.replace("X", digit)) for digit in "09")
        if not self.month.isdigit():
            return date(first_year, 1, 1), date(last_year, 12, 31)
        month, length = int(self.month), monthrange(first_year, int(self.month))[1]
        if self.unit == "month":
            return date(first_year, month, 1), date(first_year, month, length)
        first, last = (int(self.day.replace("X", digit)) for digit in "09")
        return date(first_year, month, max(first, 1)), date(first_year, month, min(last, length))

    def named(self, letters: int | None = None) -> str:
        """16 December 2011, December 2011, 2011, with months cut to so many letters; no mark.

        Digits left open are not shown, so a day of December is named December.
        """
        day = str(int(self.day)) if self.day.isdigit() else ""
        month = MONTHS[int(self.month) - 1][:letters] if self.month.isdigit() else ""
        return " ".join(part for part in (day, month, self.year) if part)


@dataclass(frozen=True)
class Stretch:
    """From one date to another; an end is `..` when open and blank when not known."""

    start: Point | str
    end: Point | str


@dataclass(frozen=True)
class OneOf:
    """One of these, in the order of time and without repeats; a stretch means a day within it."""

    members: tuple[Point | Stretch, ...]


Written = Point | Stretch | OneOf


def read(text: str) -> Written:
    """What is written; a stretch or a set of a single day comes back as that day.

    White space around signs, dashes of any length and digits of any script are accepted. Raises
    DateError when the text is none of the accepted forms, or names a day that does not exist.
    """
    whole = text.strip()
    if not whole:
        raise DateError("Type a date, such as 2011-12-16.")
    if len(whole) > LONGEST_TEXT:
        raise DateError(f"That is too long for a date: {LONGEST_TEXT} characters is the most.")
    tidy = _SPACE_AROUND_SIGNS.sub(r"\1", _plain_signs(whole))
    tidy = tidy.replace("?~", "%").replace("~?", "%")
    if tidy.startswith("{"):
        raise DateError(
            "Curly brackets mean all of several dates: record one incident for each, "
            "or type one of them in square brackets, such as [2011-12-16,2011-12-19]."
        )
    if tidy.startswith("["):
        return _read_one_of(tidy, whole)
    if "/" in tidy:
        return _read_stretch(tidy.split("/"), whole)
    return _read_point(tidy, whole)


def spelled(written: Written) -> str:
    """The text that reads back to the same parts."""
    if isinstance(written, Point):
        return str(written)
    if isinstance(written, Stretch):
        return f"{written.start}/{written.end}"
    return f"[{','.join(_member_spelled(member) for member in written.members)}]"


def _member_spelled(member: Point | Stretch) -> str:
    if isinstance(member, Point):
        return str(member)
    start, end = (str(end) if isinstance(end, Point) else "" for end in (member.start, member.end))
    return f"{start}..{end}"


def _plain_signs(text: str) -> str:
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in text.translate(_SAME_SIGNS))


def _read_one_of(tidy: str, whole: str) -> Point | OneOf:
    if not tidy.endswith("]"):
        raise DateError(f"{_shown(whole)} opens a square bracket and does not close it.")
    members: set[Point | Stretch] = set()
    for member in tidy[1:-1].split(","):
        ends = [end or ".." for end in member.split("..")]
        if len(ends) == 1:
            members.add(_read_point(member, whole))
        else:
            members.add(_read_stretch(ends, whole))
    ordered = sorted(members, key=_order)
    if len(ordered) == 1 and isinstance(ordered[0], Point):
        return ordered[0]
    return OneOf(tuple(ordered))


def _order(member: Point | Stretch) -> tuple[date, str]:
    start = member if isinstance(member, Point) else member.start
    first = start.first_and_last()[0] if isinstance(start, Point) else date.min
    return first, _member_spelled(member)


def _read_stretch(ends: list[str], whole: str) -> Point | Stretch:
    if len(ends) != 2:
        raise _not_understood(whole)
    if ends[0] in _OPEN and ends[1] in _OPEN:
        raise DateError("A span needs a start or an end: type 2011-12-16/.. or ../2011-12-19.")
    start, end = (end if end in _OPEN else _read_point(end, whole) for end in ends)
    if not isinstance(start, Point) or not isinstance(end, Point):
        return Stretch(start, end)
    if start == end and start.day.isdigit():
        return start
    if start.first_and_last()[0] > end.first_and_last()[1]:
        raise DateError(f"The end, {end.named()}, is before the start, {start.named()}.")
    return Stretch(start, end)


def _read_point(text: str, whole: str) -> Point:
    match = _POINT.fullmatch(text.upper())
    if match is None:
        raise _not_understood(whole)
    year, month, day, mark = (part or "" for part in match.groups())
    if year < "1000":
        raise DateError(f"Years run from 1000 to 9999, so {year} is outside.")
    if (month.isdigit() and "X" in year) or (not month.isdigit() and day.strip("X")):
        raise _not_understood(whole)
    if month.isdigit():
        _check_month(month)
        _check_day(int(year), int(month), day)
    return Point(year, month, day, mark)


def _check_month(month: str) -> None:
    if 21 <= int(month) <= 41:
        raise DateError(
            f"{month} stands for a season, which differs from place to place: "
            "type the months it covers, such as 2011-03/2011-05."
        )
    if not 1 <= int(month) <= 12:
        raise DateError(f"There is no month {month}: months run from 01 to 12.")


def _check_day(year: int, month: int, day: str) -> None:
    if not day[:1].isdigit():
        return
    first, last = int(day.replace("X", "0")), monthrange(year, month)[1]
    if day == "00":
        raise DateError("There is no day 00: days begin at 01.")
    if (day, month, last) == ("29", 2, 28):
        raise DateError(f"29 February {year} does not exist: {year} was not a leap year.")
    if first > last:
        name = MONTHS[month - 1]
        subject = f"{name} {year}" if month == 2 else name
        raise DateError(f"{subject} has {last} days, so {day} {name} {year} does not exist.")


def _not_understood(whole: str) -> DateError:
    match = _ONE_DIGIT.fullmatch(_plain_signs(whole))
    if match is not None:
        padded = "-".join(part.zfill(2) for part in match.groups() if part)
        return DateError(f"Write the month and the day with two digits each: {padded}.")
    return DateError(
        f"{_shown(whole)} is not a date this form understands. Type a day as 2011-12-16, "
        "a month as 2011-12, or a span as 2011-12-16/2011-12-19."
    )


def _shown(whole: str) -> str:
    shown = "".join(sign if sign.isprintable() else " " for sign in whole)
    return f"“{shown}”" if len(shown) <= 60 else f"“{shown[:59]}…”"
