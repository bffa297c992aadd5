"""A date counted from another one: four days before 16 December 2011.

Owns the arithmetic and the words of it. An anchor keeps its precision: what is counted from a
month is some day of a stretch as long. Refuses to choose a day that nobody named.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from incidents.edtf import bounds, canonical, in_words
from incidents.edtf_notation import DateError, OneOf, Point, read
from incidents.number_words import spoken

BEFORE, AFTER = "before", "after"
STATED, PUBLISHED = "stated", "published"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# “the week before”: a whole one of the calendar, not seven days.
CALENDAR = ("calendar_week", "calendar_month", "calendar_year")
UNITS = ("day", "week", "month", "year", *WEEKDAYS, *CALENDAR)
SIDES, ANCHORS = (BEFORE, AFTER), (STATED, PUBLISHED)
MOST = 99_999
_ONE_DAY = timedelta(days=1)
_OUTSIDE = "That counts to before the year 1000 or beyond 9999."


@dataclass(frozen=True)
class Counted:
    """`anchor` is EDTF; `anchored` says where it comes from: the words, or the publication date."""

    amount: int
    unit: str
    side: str
    anchor: str
    anchored: str

    @property
    def edtf(self) -> str:
        """The date this comes to. Raises DateError when there is no such one."""
        return _counted(self)


def in_sentence(counted: Counted) -> str:
    """How it was counted: “four days before 16 December 2011”."""
    if counted.anchored == PUBLISHED:
        told = in_words(counted.anchor)
        return f"{said_of(counted)} its source was published ({told})".replace("  ", " ")
    return f"{said_of(counted)} {in_words(counted.anchor)}"


def said_of(counted: Counted) -> str:
    """The words before the anchor: “four days before”, “the Friday before”, “the day”."""
    unit, amount = counted.unit, counted.amount
    if unit in WEEKDAYS:
        return f"the {unit.capitalize()} {counted.side}"
    if unit in CALENDAR:
        return f"the {unit.removeprefix('calendar_')} {counted.side}"
    if amount == 0:
        return "the day"
    if amount == 1:
        return f"{'the' if unit == 'day' else 'a'} {unit} {counted.side}"
    return f"{spoken(amount)} {unit}s {counted.side}"


def _counted(counted: Counted) -> str:
    try:
        written = read(counted.anchor)
        if counted.amount == 0:
            return canonical(counted.anchor)
        if isinstance(written, Point):
            return canonical(_of_point(written, counted))
        members = written.members if isinstance(written, OneOf) else (written,)
        moved = []
        for member in members:
            if isinstance(member, Point):
                moved.append(_of_point(member, counted).strip("[]"))
            else:
                first = _of_end(member.start, counted, last=False)
                last = _of_end(member.end, counted, last=True)
                moved.append(first if first == last else f"{first}..{last}")
        alone = len(moved) == 1 and ".." not in moved[0]
        return canonical(moved[0] if alone else f"[{','.join(moved)}]")
    except (OverflowError, ValueError) as error:
        if isinstance(error, DateError):
            raise
        raise DateError(_OUTSIDE) from None


def _of_end(end: Point | str, counted: Counted, *, last: bool) -> str:
    """One end of a stretch: the outer one of what its own bounds come to."""
    if not isinstance(end, Point):
        return ""
    moved = _of_point(end, counted).strip("[]")
    first, _, final = moved.replace(",", "..").partition("..")
    return (final.rpartition("..")[2] or first) if last else first


def _of_point(point: Point, counted: Counted) -> str:
    sign = -1 if counted.side == BEFORE else 1
    unit, steps = counted.unit, sign * counted.amount
    if unit in WEEKDAYS or unit in CALENDAR:
        return _beside_bounds(point, counted, sign)
    if point.is_whole:
        if unit == "year":
            return _years_on(point, steps)
        if unit == "month" and point.unit != "year":
            return _months_on(point, steps)
        if unit in ("day", "week") and point.unit == "day":
            days = steps * (7 if unit == "week" else 1)
            return f"{_day(point) + timedelta(days=days)}{point.mark}"
    return _of_bounds(point, unit, steps)


def _of_bounds(point: Point, unit: str, steps: int) -> str:
    """Less exact than what is counted: some day between where its first and its last come to."""
    span = bounds(str(point))
    months = {"month": steps, "year": 12 * steps}.get(unit)
    if months is not None:
        first, last = _month_on(span.earliest, months), _month_on(span.latest, months)
    else:
        days = timedelta(days=steps * (7 if unit == "week" else 1))
        first, last = span.earliest + days, span.latest + days
    mark = "?" if point.mark in ("?", "%") else ""
    return f"[{first}{mark}..{last}{mark}]"


def _beside_bounds(point: Point, counted: Counted, sign: int) -> str:
    span = bounds(str(point))
    unit = counted.unit
    if unit in WEEKDAYS:
        number = WEEKDAYS.index(unit)
        first, last = (_weekday(day, number, sign) for day in (span.earliest, span.latest))
        if (last - first).days > 21:
            return f"[{first}..{last}]"
        days = [first + timedelta(days=7 * week) for week in range((last - first).days // 7 + 1)]
        return f"[{','.join(map(str, days))}]"
    if unit == "calendar_week":
        # A week begins on a Sunday or on a Monday: both are meant.
        first, last = (day - timedelta(days=day.weekday()) for day in (span.earliest, span.latest))
        week = timedelta(days=7 * sign)
        return f"[{first + week - _ONE_DAY}..{last + week + 6 * _ONE_DAY}]"
    if unit == "calendar_month":
        months = [_month_on(day, sign).isoformat()[:7] for day in (span.earliest, span.latest)]
        return months[0] if months[0] == months[1] else f"[{months[0]}..{months[1]}]"
    years = [f"{day.year + sign:04}" for day in (span.earliest, span.latest)]
    return years[0] if years[0] == years[1] else f"[{years[0]}..{years[1]}]"


def _weekday(day: date, number: int, sign: int) -> date:
    """The nearest such weekday before or after the day, never the day itself."""
    away = (day.weekday() - number) % 7 if sign < 0 else (number - day.weekday()) % 7
    return day + timedelta(days=sign * (away or 7))


def _day(point: Point) -> date:
    return date(int(point.year), int(point.month), int(point.day))


def _month_on(day: date, months: int) -> date:
    """The same day so many months on, or the last one where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _months_on(point: Point, months: int) -> str:
    if point.unit == "day":
        return f"{_month_on(_day(point), months)}{point.mark}"
    moved = _month_on(date(int(point.year), int(point.month), 1), months)
    return f"{moved.isoformat()[:7]}{point.mark}"


def _years_on(point: Point, years: int) -> str:
    if point.unit == "year":
        return f"{date(int(point.year) + years, 1, 1).year:04}{point.mark}"
    return _months_on(point, 12 * years)
