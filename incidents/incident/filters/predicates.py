"""What a filter means over `Incident`, as SQL: one function per clause, and no session.

Each keeps to its viewer's rights where it looks at other rows; the caller adds `visible`.
"""

from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    false,
    func,
    not_,
    or_,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy.orm import Mapped
from sqlmodel import col

from incidents.db import FAR_FUTURE, FAR_PAST
from incidents.incident.filters.asked import ANY, Asked
from incidents.incident.filters.full_text import found
from incidents.incident.models import (
    Citation,
    Figure,
    Incident,
    IncidentDetail,
    Involvement,
    Relation,
)
from incidents.incident.rights import sourcing_of, visible
from incidents.review.models import Review
from incidents.search_query import read_query
from incidents.source.models import Source
from incidents.viewer import Viewer
from incidents.vocabulary.models import Place

Predicate = Callable[[Asked, Viewer], ColumnElement[bool]]

# A span longer than this is marked `long_span` and looked up apart (architecture.md, decision 5).
SHORT_SPAN = timedelta(days=31)
# Dates this near one another are few enough to be gathered before they are sorted.
_FEW_ENOUGH = timedelta(days=400)
# Written bare: only then does SQLite see that its partial index answers them.
_LONG = text("incident.long_span")
_SHORT = text("NOT incident.long_span")


def _beside(statement: Select[*tuple[Any, ...]]) -> ColumnElement[bool]:
    """EXISTS beside the outer incident, whatever other tables the outer statement reads."""
    return exists(statement.correlate(Incident))


def of_column(name: str, column: Mapped[Any]) -> Predicate:
    def predicate(asked: Asked, _viewer: Viewer) -> ColumnElement[bool]:
        return _among(column, asked.given(name, str), missing=asked.missing(name))

    return predicate


def of_found(name: str, column: Mapped[Any]) -> Predicate:
    def predicate(asked: Asked, _viewer: Viewer) -> ColumnElement[bool]:
        return _among(column, asked.keys(name), missing=asked.missing(name))

    return predicate


def saying(asked: Asked, viewer: Viewer) -> ColumnElement[bool]:
    """The words stand in what this viewer may read of it."""
    typed = asked.one("q", str)
    assert typed is not None
    known = asked.found.get(("q", typed))
    return found(read_query(typed), viewer, known.keys if known else None)


def status(asked: Asked, _viewer: Viewer) -> ColumnElement[bool]:
    wanted = asked.given("status", str)
    if ANY in wanted:
        return true()
    plain = col(Incident.status).in_([code for code in wanted if code != "returned"])
    return or_(plain, returned()) if "returned" in wanted else plain


def returned() -> ColumnElement[bool]:
    """A draft since a reviewer sent it back: no submission came after that return."""
    sent_back = _beside(
        select(col(Review.id)).where(
            col(Review.incident_id) == col(Incident.id),
            col(Review.correction_id).is_(None),
            col(Review.decision) == "return",
            col(Review.decided_at) >= col(Incident.submitted_at),
        )
    )
    return and_(col(Incident.status) == "draft", sent_back)


def sourcing(asked: Asked, viewer: Viewer) -> ColumnElement[bool]:
    return sourcing_of(viewer).in_(asked.given("sourcing", str))


def in_place(name: str, column: Mapped[Any]) -> Predicate:
    """In one of the places or anything below them."""

    def predicate(asked: Asked, _viewer: Viewer) -> ColumnElement[bool]:
        found = column.in_(within(asked.keys(name))) if asked.keys(name) else false()
        return or_(found, column.is_(None)) if asked.missing(name) else found

    return predicate


def within(place_ids: Collection[int | str]) -> Select[tuple[int]]:
    """The ids of these places and of everything below them."""
    top = select(col(Place.id).label("id")).where(col(Place.id).in_(place_ids)).cte(recursive=True)
    tree = top.union(select(col(Place.id)).join(top, col(Place.parent_id) == top.c.id))
    return select(tree.c.id)


def dated(asked: Asked, _viewer: Viewer) -> ColumnElement[bool]:
    """Days inclusive. Overlap by default: the incident may have happened then."""
    if asked.missing("from"):
        return col(Incident.date_earliest).is_(None)
    start, end = asked.one("from", date), asked.one("to", date)
    if start is None and end is None:
        return true()
    start, end = start or FAR_PAST, end or FAR_FUTURE
    earliest, latest = col(Incident.date_earliest), col(Incident.date_latest)
    # It says nothing new, but lets a listing by date begin where it ends.
    bounded = col(Incident.sort_date) <= end
    if asked.one("dates", str) == "within":
        return and_(bounded, earliest >= start, earliest <= end, latest <= end)
    nearest = start - SHORT_SPAN if start - FAR_PAST > SHORT_SPAN else FAR_PAST
    short = and_(_SHORT, earliest >= nearest, earliest <= end, latest >= start)
    long = and_(_LONG, earliest <= end, latest >= start)
    if end - start > _FEW_ENOUGH:
        return and_(bounded, or_(short, long))
    # A listing by date would walk through everything older to see that no long span reaches here.
    both = union_all(
        *(select(col(Incident.id)).where(ways).correlate(None) for ways in (short, long))
    )
    return col(Incident.id).in_(both)


def involved(asked: Asked, _viewer: Viewer) -> ColumnElement[bool]:
    """Party and role are those of one involvement; party `none`: nobody has any of the roles."""
    roles = asked.given("role", str)
    involvements = select(col(Involvement.incident_id))
    if roles:
        involvements = involvements.where(col(Involvement.role).in_(roles))
    anybody = _beside(involvements.where(col(Involvement.incident_id) == col(Incident.id)))
    if "party" not in asked:
        return anybody
    parties = asked.keys("party")
    # By id and not EXISTS: a party is in few incidents, and SQLite starts from a list of ids.
    named = col(Incident.id).in_(involvements.where(col(Involvement.party_id).in_(parties)))
    return or_(named, not_(anybody)) if asked.missing("party") else named


def counted(asked: Asked, _viewer: Viewer) -> ColumnElement[bool]:
    """Measure and bounds are those of one figure; a breakdown is no figure of its own.

    A figure is compared by its best. Without one, `at_least` takes its low and `at_most` its high,
    the end that is sure; without that too, the end that is left. No number, no match.
    """
    figures = select(col(Figure.incident_id)).where(col(Figure.parent_id).is_(None))
    low, best, high = col(Figure.low), col(Figure.best), col(Figure.high)
    least, most = asked.one("at_least", int), asked.one("at_most", int)
    matching = figures.where(col(Figure.measure).in_(asked.given("measure", str)))
    if least is not None:
        matching = matching.where(func.coalesce(best, low, high) >= least)
    if most is not None:
        matching = matching.where(func.coalesce(best, high, low) <= most)
    counting = col(Incident.id).in_(matching)
    if not asked.missing("measure"):
        return counting
    uncounted = not_(_beside(figures.where(col(Figure.incident_id) == col(Incident.id))))
    return or_(counting, uncounted)


def related(asked: Asked, viewer: Viewer) -> ColumnElement[bool]:
    """At either end of such a relation, when the viewer may see the other end."""
    types = asked.given("relation", str)
    named = or_(*(_ends(side, other, viewer, types) for side, other in _SIDES))
    if not asked.missing("relation"):
        return named
    unrelated = and_(*(not_(_ends(side, other, viewer)) for side, other in _SIDES))
    return or_(named, unrelated) if types else unrelated


def cited(asked: Asked, _viewer: Viewer) -> ColumnElement[bool]:
    """Cites one of the sources; only those the viewer may know of were found."""
    return col(Incident.id).in_(
        select(col(Citation.incident_id)).where(col(Citation.source_id).in_(asked.keys("source")))
    )


def published_by(asked: Asked, viewer: Viewer) -> ColumnElement[bool]:
    publisher = _among(
        col(Source.publisher), asked.keys("publisher"), missing=asked.missing("publisher")
    )
    citations = (
        select(col(Citation.incident_id))
        .join(Source, col(Source.id) == col(Citation.source_id))
        .where(publisher)
    )
    if not viewer.internal:
        citations = citations.where(~col(Source.protected))
    return col(Incident.id).in_(citations)


def reviewed(asked: Asked, _viewer: Viewer) -> ColumnElement[bool]:
    reviews = select(col(Review.incident_id))
    reviewers = asked.keys("reviewer")
    by_one = col(Incident.id).in_(reviews.where(col(Review.reviewer_id).in_(reviewers)))
    if not asked.missing("reviewer"):
        return by_one
    return or_(by_one, not_(_beside(reviews.where(col(Review.incident_id) == col(Incident.id)))))


def logged(asked: Asked, _viewer: Viewer) -> ColumnElement[bool]:
    """Recorded on these days, in UTC, both inclusive."""
    start, end = asked.one("logged_from", date), asked.one("logged_to", date)
    recorded = col(Incident.created_at)
    after = recorded >= _midnight(start) if start else true()
    # The last day there is has no day after it.
    before = recorded < _midnight(end + timedelta(days=1)) if end and end < FAR_FUTURE else true()
    return and_(after, before)


def updated(asked: Asked, _viewer: Viewer) -> ColumnElement[bool]:
    since = asked.one("updated_since", datetime)
    assert since is not None
    return col(Incident.updated_at) >= since


def detailed(name: str, detail: str, types: Collection[str]) -> Predicate:
    """By the mirror of filterable details; `none`: its type has this detail and nobody says."""

    def predicate(asked: Asked, _viewer: Viewer) -> ColumnElement[bool]:
        mirrored = select(col(IncidentDetail.incident_id)).where(
            col(IncidentDetail.field) == detail
        )
        values = [str(key) for key in asked.keys(name)]
        coded = col(Incident.id).in_(mirrored.where(col(IncidentDetail.value).in_(values)))
        if not asked.missing(name):
            return coded
        said = _beside(mirrored.where(col(IncidentDetail.incident_id) == col(Incident.id)))
        blank = and_(col(Incident.type).in_(types), not_(said))
        return or_(coded, blank) if values else blank

    return predicate


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


_SIDES = ((Relation.from_id, Relation.to_id), (Relation.to_id, Relation.from_id))


def _ends(
    side: int, other: int, viewer: Viewer, types: Collection[str] = ()
) -> ColumnElement[bool]:
    seen = exists(
        select(col(Incident.id))
        .where(col(Incident.id) == col(other), visible(viewer))
        .correlate(Relation)
    )
    relations = select(col(side)).where(seen)
    if types:
        relations = relations.where(col(Relation.type).in_(types))
    return col(Incident.id).in_(relations)


def _among(
    column: Mapped[Any],
    wanted: Collection[int | str],
    *,
    missing: bool,
) -> ColumnElement[bool]:
    found = column.in_(wanted)
    if not missing:
        return found
    return or_(found, column.is_(None)) if wanted else column.is_(None)
