"""Dates as people type them: a day, a month, about, between, since; into canonical EDTF, and back.

Owns what the wordings do to a date; the words stand in `dates_words`, one date's parts in
`dates_parts`, the notation in `edtf`. Refuses to guess: no order of day and month, no season, no
“early December”, and no year is made up.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from incidents.dates_counted import Counted, in_sentence
from incidents.dates_parts import (
    STROKE,
    OrderUnknown,
    Part,
    Token,
    YearMissing,
    not_understood,
    one_mark,
    part_of,
    tidied,
    tokens_of,
    without_marks,
)
from incidents.edtf import DateError, bounds, canonical, in_words
from incidents.edtf_notation import LONGEST_TEXT

__all__ = [
    "DateError",
    "OrderUnknown",
    "Reading",
    "YearMissing",
    "echo",
    "in_future",
    "read",
    "still_to_come",
]

_NOTATION = re.compile(r"[\[\]{}%]|\.\.|^/|/$|\d-?X", re.IGNORECASE)
_FIRST_SAID, _ONE_DAY = date(1000, 1, 1), timedelta(days=1)
_OPENERS = ("from", "until", "by", "before", "after", "or before", "or after", "between")
_CLOSERS = {"onwards": ("", "from"), "or before": ("",), "or after": ("",)}
_JOINTS = ("until", "dash", "slash", "and", "or")
_ONE = {
    **{"": "{}", "from": "{}/..", "onwards": "{}/..", "until": "../{}", "by": "../{}"},
    **{"before": "../{}", "after": "{}/..", "or before": "[..{}]", "or after": "[{}..]"},
}
_TWO = {
    **{(opener, joint): "{}/{}" for opener in ("", "from") for joint in ("until", "dash")},
    **{("between", joint): "[{}..{}]" for joint in ("and", "until", "dash")},
    **{("", "or"): "[{},{}]", ("", "slash"): "{}/{}"},
}


@dataclass(frozen=True)
class Reading:
    """A canonical EDTF text, and whether its year is the one offered rather than one typed."""

    edtf: str
    assumed_year: bool = False
    # Whose year it is, for the echo; "" = nobody said.
    year_of: str = ""
    # How the writer's own order settled 04.05.2012; None = it was not asked.
    day_first: bool | None = None
    # How it was counted from another date; None = it names its own days.
    counted: Counted | None = None


def read(text: str, *, day_first: bool | None = None, year: int | None = None) -> Reading:
    """The date the text gives; text in EDTF is taken as such.

    `day_first` is how its writer orders 04.05.2012; None refuses what both orders can read.
    `year` stands in where no year is typed. Raises DateError with a sentence for the person.
    """
    try:
        return Reading(canonical(text))
    except DateError:
        if len(text.strip()) > LONGEST_TEXT or _NOTATION.search(tidied(text)):
            raise
        if not text.strip():
            raise DateError("Type a date, such as 16 Dec 2011.") from None
    opener, mark, tokens = _opened(tokens_of(text, day_first=day_first))
    joints = [place for place, token in enumerate(tokens) if token.kind in _JOINTS]
    if not joints:
        return _one(opener, _marked(part_of(tokens, text), mark), year)
    (place, *others), left, right = joints, tokens[: joints[0]], tokens[joints[0] + 1 :]
    if others:
        raise not_understood(text)
    frame = _frame(opener, tokens[place].kind, text)
    ends = [_marked(part_of(side, text), mark) for side in (left, right)]
    if tokens[place].kind == "slash" and not all(end.year for end in ends):
        raise DateError(STROKE)
    return _two(frame, *ends, year=year, whole=text)


def in_future(edtf: str, today: date) -> bool:
    """Whether every day it can mean comes after today. Raises DateError."""
    return bounds(edtf).earliest > today


def still_to_come(edtf: str) -> str:
    """The refusal of a date in the future, as a record says what has happened."""
    words = in_words(edtf)
    return (
        f"{words[:1].upper()}{words[1:]} is still to come."
        " Check the year, or log it once it has happened."
    )


def echo(reading: Reading) -> str:
    """What was understood, in English, with what is not claimed and what a filter will use.

    One phrase without a stop, or sentences: "Around 18 to 19 December 2011. No day is claimed. A
    filter uses 17 to 20 December 2011." Raises DateError when the reading is not one of a date.
    """
    words = in_words(reading.edtf)
    whole = words[:1].upper() + words[1:]
    if reading.counted is not None:
        whole += f": {in_sentence(reading.counted)}"
    said = [whole + (reading.year_of and f", {reading.year_of}")]
    if not _claims_days(reading.edtf):
        said.append("No day is claimed")
    if _widens(reading.edtf):
        said.append(f"A filter uses {_filtered(reading.edtf)}")
    if reading.assumed_year and not reading.year_of:
        said.append("The year was not typed")
    if reading.day_first is not None:
        said.append(f"Read {'day' if reading.day_first else 'month'} first, as you answered once")
    return said[0] if len(said) == 1 else ". ".join(said) + "."


def _claims_days(edtf: str) -> bool:
    if set(edtf) & set("[~%X"):
        return False
    return all(len(end) > len("2011-12?") for end in edtf.split("/") if end.strip("."))


def _widens(edtf: str) -> bool:
    """Whether the words alone don’t say which days a filter uses."""
    if set(edtf) & set("~%"):
        return True
    ends = [end.strip("?") for end in re.split(r"/|\.\.|,", edtf.strip("[]"))]
    return any(end and len(end) < len("2011-12-16") for end in ends)


def _filtered(edtf: str) -> str:
    days = bounds(edtf)
    earliest, latest = max(days.earliest, _FIRST_SAID), days.latest
    if latest == date.max:
        return f"{in_words(earliest.isoformat())} and later"
    if days.earliest == date.min:
        return f"{in_words(latest.isoformat())} and earlier"
    return in_words(f"{earliest}/{latest}")


def _opened(tokens: Sequence[Token]) -> tuple[str, str, list[Token]]:
    """The word that rules the whole, or none; the marks that hold for all of it; the rest."""
    mark, rest = without_marks(tokens)
    opener = ""
    if rest and rest[0].kind in _OPENERS:
        opener = rest.pop(0).kind
    if rest and opener in _CLOSERS.get(rest[-1].kind, ()):
        opener = rest.pop().kind
    return opener, mark, rest


def _marked(part: Part, mark: str) -> Part:
    return replace(part, mark=one_mark(mark + part.mark))


def _one(opener: str, part: Part, year: int | None) -> Reading:
    if opener == "between":
        raise DateError("“Between” needs two dates, as in “between 16 and 19 Dec 2011”.")
    settled = _settled(part, year)
    point = settled.edtf
    if opener in ("before", "after"):
        point = _beside(point, opener)
    edtf = canonical(_ONE[opener].format(point + settled.mark))
    return Reading(edtf, assumed_year=part.year is None)


def _two(frame: str, left: Part, right: Part, *, year: int | None, whole: str) -> Reading:
    first, last = _shared(left, right, whole)
    assumed = first.year is None
    first, last = _settled(first, year), _settled(last, year)
    if (left.year is None or right.year is None) and first.year == last.year:
        _check_order_of_months(first, last)
    ends = (f"{end.edtf}{end.mark}" for end in (first, last))
    return Reading(canonical(frame.format(*ends)), assumed_year=assumed)


def _frame(opener: str, joint: str, whole: str) -> str:
    if (opener, joint) == ("", "and"):
        raise DateError(
            "“And” leaves open which day it was: type “16 or 17 Dec 2011” when it was one of them, "
            "“16 to 17 Dec 2011” when it lasted, or log one incident for each."
        )
    try:
        return _TWO[opener, joint]
    except KeyError:
        raise not_understood(whole) from None


def _beside(point: str, side: str) -> str:
    """The day, month or year just before or after this one, as nothing of it belongs."""
    span = bounds(point)
    if side == "before":
        return (span.earliest - _ONE_DAY).isoformat()[: len(point)]
    if span.latest == date.max:
        raise DateError("Years run from 1000 to 9999, so 10000 is outside.")
    return (span.latest + _ONE_DAY).isoformat()[: len(point)]


def _shared(left: Part, right: Part, whole: str) -> tuple[Part, Part]:
    """Each end with the month and the year that only the other one says."""
    if left.month is None and left.day is not None and right.day is not None:
        left = replace(left, month=right.month)
    elif right.month is None and right.day is not None and left.day is not None:
        right = replace(right, month=left.month)
    bare_years = [end for end in (left, right) if end.month is None and end.day is None]
    if any(end.month is None and end.day is not None for end in (left, right)) or (
        bare_years and (left.year is None or right.year is None)
    ):
        raise not_understood(whole)
    return replace(left, year=left.year or right.year), replace(right, year=right.year or left.year)


def _settled(part: Part, year: int | None) -> Part:
    """The part with a year, its weekday checked. Raises DateError when it can't be one date."""
    if part.month is None and part.day is not None:
        raise DateError("Add the month and the year, as in “16 Dec 2011”.")
    if part.year is None and year is None:
        raise YearMissing(f"Add the year to “{part.named()}”.")
    whole = replace(part, year=year if part.year is None else part.year)
    whole.check_weekday()
    return whole


def _check_order_of_months(first: Part, last: Part) -> None:
    if (first.month or 0) > (last.month or 12):
        raise DateError(
            f"{first.named()} {first.year} comes after {last.named()} {last.year}. "
            "Type the year of each date."
        )
