"""Exact counts beside a filter's choices, of what the viewer may see and the rest of it allows."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, cast, func, select
from sqlmodel import Session, col

from incidents.db import FAR_FUTURE, FAR_PAST
from incidents.incident.filters import IncidentFilter, returned, where
from incidents.incident.filters.asked import NONE
from incidents.incident.models import Incident
from incidents.incident.queries.listing import count_of_incidents
from incidents.viewer import Viewer

_DATES = ("from", "to", "dates")


@dataclass(frozen=True)
class YearCounts:
    """Year → how many may have happened in it, or certainly did where the filter says so.

    The years are those in which some date begins or ends, the last one first; an incident whose
    date touches several counts in each of them.
    """

    years: Mapping[int, int]
    undated: int


def counts_by(
    session: Session, asked: IncidentFilter, viewer: Viewer, name: str
) -> Mapping[str, int]:
    """How many each choice of `type`, `status` or `country` would give beside the rest.

    Returned ones are drafts too, and counted as both. Without a country: `none`.
    """
    rest = asked.without([name])
    columns: Mapping[str, Any] = {
        "type": col(Incident.type),
        "status": col(Incident.status),
        "country": col(Incident.country),
    }
    column = columns[name]
    # Else SQLite walks the whole index of types to save itself the grouping of a few rows.
    grouped = func.coalesce(column, "") if rest.clauses else column
    statement = select(grouped, func.count()).where(where(rest, viewer)).group_by(grouped)
    counts = {row[0] or NONE: row[1] for row in session.execute(statement)}
    if name == "status" and "draft" in counts:
        # Apart: told row by row, no index of counts would serve the others.
        sent_back = select(func.count()).where(where(rest, viewer), returned())
        counts["returned"] = session.execute(sent_back).scalar_one()
    return counts


def counts_by_year(session: Session, asked: IncidentFilter, viewer: Viewer) -> YearCounts:
    """What each year, and `from=none`, would give beside the rest of the filter; one statement."""
    rest = asked.without(_DATES)
    # The first four digits of an ISO date: SQLite's own parts of dates take half as long again.
    ends = tuple(
        func.substr(cast(day, String), 1, 4)
        for day in (col(Incident.date_earliest), col(Incident.date_latest))
    )
    statement = select(*ends, func.count()).where(where(rest, viewer)).group_by(*ends)
    spans: Counter[tuple[int, int]] = Counter()
    undated = 0
    for first, last, number in session.execute(statement):
        if first is None:
            undated += number
        else:
            spans[int(first), int(last)] += number
    within = asked.one("dates", str) == "within"
    counted = {
        year: sum(
            number
            for (first, last), number in spans.items()
            if (first == last == year if within else first <= year <= last)
        )
        for year in sorted({end for span in spans for end in span}, reverse=True)
        # An open end is no year.
        if FAR_PAST.year < year < FAR_FUTURE.year
    }
    return YearCounts({year: number for year, number in counted.items() if number}, undated)


def counts_without(
    session: Session, asked: IncidentFilter, viewer: Viewer
) -> list[tuple[str, str, int]]:
    """What loosening gives: each clause's label and words, and the count without it; most first.

    One statement for each clause; those that give nothing are left out.
    """
    found = [
        (clause.label, clause.words(asked), number)
        for clause in asked.clauses
        if (number := count_of_incidents(session, asked.without(clause.names), viewer))
    ]
    return sorted(found, key=lambda line: -line[2])
