"""How instants read on a page: <time> with the exact moment in it, for people in words.

Owns the template filters. Every instant is UTC and says so.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Flask
from markupsafe import Markup

from incidents.clock import Clock

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def add_formats(app: Flask, clock: Clock) -> None:
    app.add_template_filter(instant, "instant")
    app.add_template_filter(_ago(clock), "ago")
    app.add_template_filter(count_of, "count_of")


def instant(moment: datetime) -> Markup:
    """`16 Dec 2011, 14:03 UTC`."""
    utc = moment.astimezone(UTC)
    return _time(utc, f"{_day(utc)}, {utc:%H:%M} UTC")


def ago(moment: datetime, now: datetime) -> Markup:
    """`4 minutes ago` under a day, then the day itself; a moment to come is told as an instant."""
    utc = moment.astimezone(UTC)
    age = now - utc
    if age < timedelta(minutes=-1):
        return instant(moment)
    if age >= timedelta(days=1):
        return _time(utc, _day(utc))
    minutes = int(age.total_seconds() // 60)
    if minutes < 1:
        words = "just now"
    elif minutes < 60:
        words = f"{count_of(minutes, 'minute')} ago"
    else:
        words = f"{count_of(minutes // 60, 'hour')} ago"
    return _time(utc, words)


def count_of(number: int, one: str, many: str | None = None) -> str:
    """`1 draft`, `2 drafts`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def _ago(clock: Clock) -> Callable[[datetime], Markup]:
    return lambda moment: ago(moment, clock())


def _day(utc: datetime) -> str:
    return f"{utc.day} {_MONTHS[utc.month - 1]} {utc.year}"


def _time(utc: datetime, words: str) -> Markup:
    exact = utc.isoformat(timespec="seconds").replace("+00:00", "Z")
    # Markup.format escapes what it is given: only the tags are ours.
    return Markup('<time datetime="{0}" title="{0}"><bdi>{1}</bdi></time>').format(exact, words)
