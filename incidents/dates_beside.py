"""A date as it is read beside what is known: how its writer orders 04.05.2012, and its source.

Owns which year “16 December” has in an article. Refuses to choose where the article leaves it open.
"""

from dataclasses import dataclass, replace
from datetime import date

from incidents.dates import DateError, OrderUnknown, Reading, YearMissing, read
from incidents.dates_relative import read_relative
from incidents.edtf import Span, bounds, in_words


@dataclass(frozen=True)
class Beside:
    """What is known around a text."""

    # How its writer orders 04.05.2012; None = not asked yet.
    day_first: bool | None = None
    # When its source was published, in EDTF: "" = the source does not say, None = there is none.
    published: str | None = None


def read_beside(text: str, beside: Beside) -> Reading:
    """The date the text gives; the writer's order is used only where both can be read.

    Beside a source it may be counted from another date, or from the publication. Raises DateError
    with a sentence for the person; OrderUnknown when the order was never asked.
    """
    if beside.published is not None:
        anchors: list[Reading] = []

        def anchor(words: str) -> str:
            anchors.append(_dated(words, beside))
            return anchors[-1].edtf

        counted = read_relative(text, beside.published, anchor)
        if counted is not None:
            assumed = any(one.assumed_year for one in anchors)
            year_of = next((one.year_of for one in anchors), "")
            return Reading(counted.edtf, assumed, year_of, counted=counted)
    return _dated(text, beside)


def _dated(text: str, beside: Beside) -> Reading:
    try:
        return _in_its_year(text, None, beside.published)
    except OrderUnknown:
        if beside.day_first is None:
            raise
    reading = _in_its_year(text, beside.day_first, beside.published)
    return replace(reading, day_first=beside.day_first)


def _in_its_year(text: str, day_first: bool | None, published: str | None) -> Reading:
    """The last such day that its source can know of, where no year is typed."""
    try:
        return read(text, day_first=day_first)
    except YearMissing as missing:
        if published is None:
            raise
        told = str(missing).rstrip(".")
        if not published:
            raise DateError(
                f"{told}: its source has no date of publication to take it from."
            ) from None
    days = bounds(published)
    if date.min in (days.earliest, days.latest) or days.latest == date.max:
        raise DateError(f"{told}: its source was published {in_words(published)}.")
    readings = [_last_before(text, day_first, day) for day in (days.earliest, days.latest)]
    if readings[0] != readings[1] and days.earliest.year != days.latest.year:
        raise DateError(
            f"{told}: it can be {' or '.join(in_words(one.edtf) for one in readings)},"
            f" as its source was published {in_words(published)}."
        )
    return replace(readings[1], year_of=_year_of(readings[1], days, published))


def _last_before(text: str, day_first: bool | None, day: date) -> Reading:
    """In the year of that day, or in the one before where that would come after it."""
    this = _in_year(text, day_first, day.year)
    if isinstance(this, Reading) and _first_day(this) <= day:
        return this
    before = _in_year(text, day_first, day.year - 1)
    if isinstance(before, Reading):
        return before
    # In neither: the sentence of the source's own year is the one to mend.
    if isinstance(this, Reading):
        return this
    raise this


def _in_year(text: str, day_first: bool | None, year: int) -> Reading | DateError:
    """29 February is in one year a day and in the next one none."""
    try:
        return read(text, day_first=day_first, year=year)
    except DateError as error:
        return error


def _first_day(reading: Reading) -> date:
    days = bounds(reading.edtf)
    return days.latest if days.earliest == date.min else days.earliest


def _year_of(reading: Reading, published_on: Span, published: str) -> str:
    told = f"(published {in_words(published)})"
    if _first_day(reading).year in (published_on.earliest.year, published_on.latest.year):
        return f"the year of the source {told}"
    return f"the last one before its source {told}"
