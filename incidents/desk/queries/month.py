"""Reads what was logged this month, in UTC: by day, by type, and by where it stands now.

One statement, whatever there is; of every bar the listing has exactly as many.
"""

import calendar
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, select
from sqlmodel import Session, col

from incidents.incident.models import Incident
from incidents.incident.rights import visible
from incidents.incident.states import STATUSES
from incidents.incident.types import TYPES
from incidents.viewer import Viewer

# Of the drawing by day, in its own units.
TALLEST = 56


@dataclass(frozen=True)
class Day:
    day: date
    count: int
    # Of its bar; 2 for a day without any, drawn as a mere mark.
    height: int


@dataclass(frozen=True)
class Bar:
    code: str
    count: int
    # Of the longest, which has 100.
    length: int


@dataclass(frozen=True)
class Month:
    """`days` from the first to today; types and statuses that occur, types most first."""

    first: date
    today: date
    length: int
    count: int
    days: tuple[Day, ...]
    types: tuple[Bar, ...]
    statuses: tuple[Bar, ...]

    @property
    def name(self) -> str:
        return calendar.month_name[self.first.month]

    @property
    def busiest(self) -> Day:
        """The first of those with most."""
        return max(self.days, key=lambda one: one.count)


def month_of(session: Session, viewer: Viewer, now: datetime) -> Month:
    """What this viewer may see of it."""
    today = now.astimezone(UTC).date()
    first = today.replace(day=1)
    days = tuple(first + timedelta(days=past) for past in range(today.day))
    by_day, by_type, by_status = Counter[int](), Counter[str](), Counter[str]()
    for number, code, status, count in session.execute(_counted(viewer, days)):
        by_day[number] += count
        by_type[code] += count
        by_status[status] += count
    most = max(by_day.values(), default=0)
    return Month(
        first=first,
        today=today,
        length=calendar.monthrange(first.year, first.month)[1],
        count=by_day.total(),
        days=tuple(_day(day, by_day[day.day], most) for day in days),
        types=tuple(sorted(_bars(by_type, TYPES), key=lambda bar: -bar.count)),
        statuses=_bars(by_status, STATUSES),
    )


def _counted(viewer: Viewer, days: tuple[date, ...]) -> Select[Any]:
    """(day of the month, type, status, count)."""
    recorded = col(Incident.created_at)
    logged = (
        select(_day_number(days).label("number"), col(Incident.type), col(Incident.status))
        .where(visible(viewer), recorded >= _midnight(days[0]))
        .where(recorded < _midnight(days[-1] + timedelta(days=1)))
        .subquery()
    )
    # Outside: PostgreSQL takes the days' parameters in SELECT and GROUP BY for different ones.
    groups = (logged.c.number, logged.c.type, logged.c.status)
    return select(*groups, func.count()).group_by(*groups)


def _day_number(days: tuple[date, ...]) -> ColumnElement[int]:
    """As both engines say it: neither's way to cut a day off an instant is the other's."""
    if len(days) == 1:
        return literal(1)
    ends = [(col(Incident.created_at) < _midnight(after), after.day - 1) for after in days[1:]]
    return case(*ends, else_=days[-1].day)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _day(day: date, count: int, most: int) -> Day:
    return Day(day, count, max(3, round(count * TALLEST / most)) if count else 2)


def _bars(counts: Counter[str], codes: Iterable[str]) -> tuple[Bar, ...]:
    """In the order of the codes, without those that do not occur."""
    most = max(counts.values(), default=0)
    return tuple(
        Bar(code, counts[code], max(1, round(counts[code] * 100 / most)))
        for code in codes
        if counts[code]
    )
