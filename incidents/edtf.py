"""Dates as people know them: the days an EDTF text covers, how closely, and how to say it.

Owns the one bounds function of the domain (rule 8) and the words for dates in English. The
notation itself, and the refusal of what it does not take, stand in `edtf_notation`.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from incidents.edtf_notation import DateError, Point, Stretch, Written, read, spelled

__all__ = ["DateError", "Span", "bounds", "canonical", "in_short", "in_words", "precision"]

_MOST_DAYS = (("day", 1), ("few_days", 6), ("week", 10), ("month", 31), ("year", 366))
_ONE_DAY = timedelta(days=1)
_WIDENING = ("~", "%")


@dataclass(frozen=True)
class Span:
    """Days, both ends inclusive; date.min and date.max stand for an end that is open."""

    earliest: date
    latest: date


@dataclass(frozen=True)
class _Voice:
    letters: int | None
    marks: dict[str, str]
    marks_of_span: dict[str, str]
    phrases: dict[str, str]


_SENTENCE = _Voice(
    letters=None,
    marks={"": "{}", "~": "about {}", "?": "possibly {}", "%": "possibly about {}"},
    marks_of_span={"": "{}", "~": "around {}", "?": "possibly {}", "%": "possibly around {}"},
    phrases={
        "a day in": "some day in {}",
        "a time in": "some time in {}",
        "span": "{} to {}",
        "uneven span": "from {} to {}",
        "whole": "throughout {}",
        "no end": "from {} onwards",
        "end not known": "from {}, end not known",
        "no start": "until {}",
        "start not known": "until {}, start not known",
        "between": "between {} and {}",
        "or before": "{preposition} or before {}",
        "or after": "{preposition} or after {}",
    },
)
_TABLE = _Voice(
    letters=3,
    marks={"": "{}", "~": "≈ {}", "?": "{}?", "%": "≈ {}?"},
    marks_of_span={"": "{}", "~": "≈ {}", "?": "{}?", "%": "≈ {}?"},
    phrases={
        **dict.fromkeys(("a day in", "a time in", "whole"), "{}"),
        **dict.fromkeys(("span", "uneven span", "between"), "{} – {}"),
        **dict.fromkeys(("no end", "end not known", "or after"), "from {}"),
        **dict.fromkeys(("no start", "start not known", "or before"), "until {}"),
    },
)


def bounds(text: str) -> Span:
    """The first and last day the date can mean.

    `~` and `%` widen a day, a month or a year by one of its kind: a lone date on both sides, a
    stretch at its ends only; `?` widens nothing (domain rule 8). A date with open digits widens by
    the smallest part that has a digit. Raises DateError when the text is not a date.
    """
    return _bounds(read(text))


def canonical(text: str) -> str:
    """The one way to write this date, with the same bounds; a canonical text comes back unchanged.

    White space goes, dashes and digits become ASCII, `?~` becomes `%`, the members of a set are
    ordered and single, and a span or set of one day becomes that day. Raises DateError.
    """
    return spelled(read(text))


def precision(text: str) -> str:
    """How closely the date is known: day, few_days, week, month, year or unknown.

    By days from first to last, inclusive: 1, up to 6, 10, 31, 366; more is unknown. A lone month
    or year is named so even where `~` widens it. Raises DateError.
    """
    written = read(text)
    if isinstance(written, Point) and written.unit != "day" and written.year.isdigit():
        return written.unit
    span = _bounds(written)
    days = (span.latest - span.earliest).days + 1
    return next((name for name, most in _MOST_DAYS if days <= most), "unknown")


@lru_cache(maxsize=1_000)
def in_words(text: str) -> str:
    """The date for a sentence, in English: "between 16 and 19 December 2011". Raises DateError."""
    return _said(read(text), _SENTENCE)


@lru_cache(maxsize=1_000)
def in_short(text: str) -> str:
    """The date for a table, in English: "16–19 Dec 2011". Raises DateError.

    Open and unknown ends look alike here, and so do a stretch and one day within it.
    """
    return _said(read(text), _TABLE)


def _bounds(written: Written) -> Span:
    if isinstance(written, Point):
        return Span(_widened_back(written), _widened_forward(written))
    if isinstance(written, Stretch):
        start, end = written.start, written.end
        return Span(
            _widened_back(start) if isinstance(start, Point) else date.min,
            _widened_forward(end) if isinstance(end, Point) else date.max,
        )
    spans = [_bounds(member) for member in written.members]
    return Span(min(span.earliest for span in spans), max(span.latest for span in spans))


def _widened_back(point: Point) -> date:
    first, _ = point.first_and_last()
    if point.mark not in _WIDENING:
        return first
    if point.unit == "year":
        return first.replace(year=first.year - 1)
    before = first - _ONE_DAY
    return before if point.unit == "day" else before.replace(day=1)


def _widened_forward(point: Point) -> date:
    _, last = point.first_and_last()
    if point.mark not in _WIDENING or last == date.max:
        return last
    if point.unit == "year":
        return last.replace(year=last.year + 1)
    after = last + _ONE_DAY
    if point.unit == "day":
        return after
    return after.replace(day=monthrange(after.year, after.month)[1])


def _said(written: Written, voice: _Voice) -> str:
    if isinstance(written, Point):
        return voice.marks[written.mark].format(_point_said(written, voice))
    if isinstance(written, Stretch):
        return _stretch_said(written, voice)
    if len(written.members) > 1:
        return _listed(written.members, voice)
    (member,) = written.members
    return _one_within(member, voice) if isinstance(member, Stretch) else _said(member, voice)


def _point_said(point: Point, voice: _Voice) -> str:
    if point.is_whole or point.mark in _WIDENING:
        return _brief(point, voice)
    if point.unit == "month":
        return voice.phrases["a day in"].format(_brief(point, voice))
    if point.unit == "year" and point.year.isdigit():
        return voice.phrases["a time in"].format(point.year)
    first, _, last = _brief(point, voice).partition("–")
    return _tight(voice.phrases["between"].format(first, last), first)


def _brief(point: Point, voice: _Voice) -> str:
    first, last = point.first_and_last()
    name = point.named(voice.letters)
    if point.unit == "day" and not point.day.isdigit():
        return f"{first.day}–{last.day} {name}"
    return name if point.year.isdigit() else f"{first.year}–{last.year}"


def _stretch_said(stretch: Stretch, voice: _Voice) -> str:
    start, end = stretch.start, stretch.end
    if not isinstance(start, Point):
        kind = "no start" if start else "start not known"
        return voice.phrases[kind].format(_end_said(end, voice))
    if not isinstance(end, Point):
        kind = "no end" if end else "end not known"
        return voice.phrases[kind].format(_end_said(start, voice))
    if start == end and start.mark in _WIDENING:
        return _end_said(start, voice)
    if start == end:
        whole = voice.phrases["whole"].format(_brief(start, voice))
        return voice.marks[start.mark].format(whole)
    if start.mark != end.mark:
        ends = (_end_said(point, voice) for point in (start, end))
        return voice.phrases["uneven span"].format(*ends)
    return voice.marks_of_span[start.mark].format(_joined(start, end, "span", voice))


def _one_within(stretch: Stretch, voice: _Voice) -> str:
    start, end = stretch.start, stretch.end
    if isinstance(start, Point) and isinstance(end, Point):
        if start.mark or end.mark:
            ends = (_end_said(point, voice) for point in (start, end))
            return voice.phrases["between"].format(*ends)
        return _joined(start, end, "between", voice)
    kind, point = ("or after", start) if isinstance(start, Point) else ("or before", end)
    preposition = "on" if isinstance(point, Point) and point.unit == "day" else "in"
    return voice.phrases[kind].format(_end_said(point, voice), preposition=preposition)


def _end_said(end: Point | str, voice: _Voice) -> str:
    return voice.marks[end.mark].format(_brief(end, voice)) if isinstance(end, Point) else ""


def _listed(members: Sequence[Point | Stretch], voice: _Voice) -> str:
    if all(isinstance(member, Point) and not member.mark for member in members):
        points = [member for member in members if isinstance(member, Point)]
        *others, last = _without_what_is_shared(points, voice)
    else:
        *others, last = [
            _one_within(member, voice) if isinstance(member, Stretch) else _end_said(member, voice)
            for member in members
        ]
    return f"{', '.join(others)} or {last}"


def _joined(start: Point, end: Point, kind: str, voice: _Voice) -> str:
    first, last = _without_what_is_shared((start, end), voice)
    return _tight(voice.phrases[kind].format(first, last), first)


def _tight(said: str, first: str) -> str:
    return said if " " in first else said.replace(" – ", "–")


def _without_what_is_shared(points: Sequence[Point], voice: _Voice) -> list[str]:
    """16, 17, 19 December 2011: each leaves out the month and year that the next one says."""
    said = [_brief(point, voice) for point in points]
    for place, (point, following) in enumerate(pairwise(points)):
        if point.unit != following.unit or not point.is_whole or not following.is_whole:
            continue
        if point.month == following.month and point.year == following.year:
            said[place] = said[place].partition(" ")[0]
        elif point.year == following.year:
            said[place] = said[place].rpartition(" ")[0]
    return said
