"""The listing: a page of incidents, and their exact number.

Core columns only; children come by one statement each, however many rows a page has.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Integer, Row, Select, case, column, func, select
from sqlmodel import Session, col

from incidents import edtf, quantity
from incidents.db import table_of
from incidents.errors import FieldErrors
from incidents.incident.filters import Found, IncidentFilter, returned, where
from incidents.incident.filters.full_text import documents_found
from incidents.incident.models import Citation, Figure, Incident
from incidents.incident.queries.context import Context, Piece, contexts, title_marked
from incidents.incident.queries.relevance import most_relevant_first
from incidents.incident.rights import sourcing_of
from incidents.incident.types import TYPES
from incidents.paging import Order, Page, PageAsked, beside, cut, orders, paged
from incidents.search_query import Query, read_query
from incidents.source.models import Source
from incidents.viewer import Viewer
from incidents.vocabulary.queries import PlaceView, place_views
from incidents.vocabulary.types import vocabulary

_INCIDENT = table_of(Incident).c
BY_RELEVANCE = Order("relevance", "Best match", (column("before", Integer),), counted=True)
ORDERS: Mapping[str, Order] = MappingProxyType(
    {
        **orders(
            Order("date", "Date", (_INCIDENT.sort_date, _INCIDENT.id)),
            Order("updated", "Updated", (_INCIDENT.updated_at, _INCIDENT.id)),
            Order("reference", "Reference", (_INCIDENT.ref_year, _INCIDENT.ref_number)),
            Order("title", "Title", (_INCIDENT.sort_title, _INCIDENT.id)),
        ),
        BY_RELEVANCE.name: BY_RELEVANCE,
    }
)
DEFAULT_ORDER = "-date"
# Hits whose ids are sent along with each statement of a page: a third of a megabyte.
_MOST_REMEMBERED = 50_000


@dataclass(frozen=True)
class IncidentRow:
    """One line of the listing, in words where it has any; "" = nobody says."""

    id: int
    reference: str
    # A `type` code.
    type: str
    title: str
    # "16–19 Dec 2011", and the same spelled out for sentences.
    date_short: str
    date_words: str
    place: str
    # "Mangystau, Kazakhstan": what the place lies in.
    place_line: str
    country: str
    # "about 20"; "" with a measure = a figure without a number.
    figure: str
    measure: str
    # A `status` code, or `returned`: a draft a reviewer sent back.
    status: str
    sourcing: str
    # NULL = not assessed.
    assessment: str | None
    publication: str
    # Different sources it cites, of those the viewer may know.
    sources: int
    created_at: datetime
    updated_at: datetime
    # Where the words that were searched by stand; None = in the title, or none were.
    context: Context | None = None
    # The title with what of it was searched for; () = nothing of it was.
    title_marked: tuple[Piece, ...] = ()


def page_of_incidents(
    session: Session, asked: IncidentFilter, viewer: Viewer, page: PageAsked
) -> Page[IncidentRow]:
    """One page in `page`'s order, with the exact count: six statements, whatever the rows.

    The context of words takes up to eight more, whatever the rows; `order_allowed` was asked.
    """
    query = searched(asked)
    ordered = () if page.order.counted else page.order.columns
    keys: list[Any] = [one.label(f"key_{number}") for number, one in enumerate(ordered)]
    statement: Select[Any] = select(*_row(viewer), *keys).where(where(asked, viewer))
    if query is not None and page.order is BY_RELEVANCE:
        statement = most_relevant_first(session, statement, query, viewer)
    rows, after, before = cut(session.execute(paged(statement, page)).all(), page)
    lines = _lines(session, viewer, rows)
    earlier, later = (
        beside(page, _key(rows[0], keys), _key(rows[-1], keys)) if rows else (None, None)
    )
    return Page(
        rows=_marked(session, viewer, query, lines) if query is not None else lines,
        count=count_of_incidents(session, asked, viewer),
        next=later if after else None,
        previous=earlier if before else None,
    )


def _row(viewer: Viewer) -> tuple[Any, ...]:
    return (
        col(Incident.id),
        col(Incident.ref_year),
        col(Incident.ref_number),
        col(Incident.type),
        col(Incident.title),
        col(Incident.date_edtf),
        col(Incident.date_not_known),
        col(Incident.place_id),
        case((returned(), "returned"), else_=col(Incident.status)).label("status"),
        sourcing_of(viewer).label("sourcing"),
        col(Incident.assessment),
        col(Incident.publication),
        col(Incident.created_at),
        col(Incident.updated_at),
    )


def _marked(
    session: Session, viewer: Viewer, query: Query, lines: Collection[IncidentRow]
) -> tuple[IncidentRow, ...]:
    """The lines with what of them was searched for, and where else it stands."""
    around = contexts(session, viewer, query, [line.id for line in lines])
    return tuple(
        replace(line, context=around.get(line.id), title_marked=title_marked(query, line.title))
        for line in lines
    )


def order_allowed(asked: IncidentFilter, page: PageAsked) -> None:
    """FieldErrors at `sort` for the best match of nothing."""
    query = searched(asked)
    if page.order is BY_RELEVANCE and (query is None or not query.wanted):
        raise FieldErrors({"sort": "“relevance” sorts by words to find: type some at “Words”."})


def searched(asked: IncidentFilter) -> Query | None:
    """What is searched by; None when nothing is."""
    typed = asked.one("q", str)
    return read_query(typed) if typed else None


def searched_once(session: Session, asked: IncidentFilter, viewer: Viewer) -> IncidentFilter:
    """The same filter, its words looked up for all statements of a page; one statement.

    As it was without words, and where they are found in too many incidents.
    """
    query = searched(asked)
    if query is None:
        return asked
    wanted = documents_found(query, viewer).limit(_MOST_REMEMBERED + 1)
    ids: tuple[int, ...] = tuple(session.scalars(wanted))
    if len(ids) > _MOST_REMEMBERED:
        return asked
    typed = str(asked.one("q", str))
    return asked.with_found({**asked.found, ("q", typed): Found(ids, typed)})


def count_of_incidents(session: Session, asked: IncidentFilter, viewer: Viewer) -> int:
    statement = select(func.count()).select_from(Incident).where(where(asked, viewer))
    return session.scalars(statement).one()


def _key(row: Row[Any], keys: Collection[Any]) -> tuple[Any, ...]:
    return tuple(row)[len(row) - len(keys) :]


def _lines(session: Session, viewer: Viewer, rows: Collection[Row[Any]]) -> tuple[IncidentRow, ...]:
    if not rows:
        return ()
    places = place_views(session, [row.place_id for row in rows if row.place_id is not None])
    figures = _figures(session, rows)
    sources = _sources(session, viewer, [row.id for row in rows])
    return tuple(_line(row, places, figures, sources) for row in rows)


def _line(
    row: Row[Any],
    places: Mapping[int, PlaceView],
    figures: Mapping[int, tuple[str, str]],
    sources: Mapping[int, int],
) -> IncidentRow:
    place = places.get(row.place_id)
    figure, measure = figures.get(row.id, ("", ""))
    not_known = "not known" if row.date_not_known else ""
    return IncidentRow(
        id=row.id,
        reference=f"INC-{row.ref_year}-{row.ref_number:05d}",
        type=row.type,
        title=row.title,
        date_short=edtf.in_short(row.date_edtf) if row.date_edtf else not_known,
        date_words=edtf.in_words(row.date_edtf) if row.date_edtf else not_known,
        place=place.name if place else "",
        place_line=(
            ", ".join(name for name in (place.region, place.country_name) if name) if place else ""
        ),
        country=place.country_name if place else "",
        figure=figure,
        measure=measure,
        status=row.status,
        sourcing=row.sourcing,
        assessment=row.assessment,
        publication=row.publication,
        sources=sources.get(row.id, 0),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _figures(session: Session, rows: Collection[Row[Any]]) -> Mapping[int, tuple[str, str]]:
    """The main figure: what its type counts before others, then what is in totals."""
    measures = {row.id: TYPES[row.type].measure for row in rows}
    found: dict[int, tuple[tuple[bool, bool, int], tuple[str, str]]] = {}
    statement = select(
        col(Figure.incident_id),
        col(Figure.position),
        col(Figure.measure),
        col(Figure.low),
        col(Figure.best),
        col(Figure.high),
        col(Figure.qualifier),
        col(Figure.in_totals),
    ).where(col(Figure.incident_id).in_(measures), col(Figure.parent_id).is_(None))
    for row in session.execute(statement):
        rank = (row.measure != measures[row.incident_id], not row.in_totals, row.position)
        numbers = (row.low, row.best, row.high)
        said = quantity.in_words(*numbers, row.qualifier) if any_number(numbers) else ""
        shown = (said, vocabulary("measure").terms[row.measure].extra["noun"])
        if row.incident_id not in found or rank < found[row.incident_id][0]:
            found[row.incident_id] = (rank, shown)
    return {incident_id: shown for incident_id, (_, shown) in found.items()}


def any_number(numbers: Collection[int | None]) -> bool:
    return any(number is not None for number in numbers)


def _sources(session: Session, viewer: Viewer, ids: Collection[int]) -> Mapping[int, int]:
    statement = (
        select(col(Citation.incident_id), func.count(col(Citation.source_id).distinct()))
        .where(col(Citation.incident_id).in_(ids))
        .group_by(col(Citation.incident_id))
    )
    if not viewer.internal:
        statement = statement.join(Source, col(Source.id) == col(Citation.source_id)).where(
            ~col(Source.protected)
        )
    return {row[0]: row[1] for row in session.execute(statement)}
