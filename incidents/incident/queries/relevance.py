"""Sorts hits: those in the title first, then by each engine's own measure of how well they fit."""

from typing import Any

from sqlalchemy import Select, and_, cast, column, func, literal_column, select, table
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlmodel import Session, col

from incidents import search_query
from incidents.incident.filters.full_text import audience_of, matches, matches_in_title
from incidents.incident.models import Incident, SearchDocument
from incidents.search_query import Query
from incidents.viewer import Viewer

_INDEX = table("search_document_fts", column("rowid"))
_WORDS: Any = literal_column("search_document.words")


def most_relevant_first(
    session: Session, statement: Select[Any], query: Query, viewer: Viewer
) -> Select[Any]:
    """The statement over `Incident` with its rows in this order; equal ones newest first."""
    scores = _scores(session, query, viewer)
    document = and_(
        col(SearchDocument.incident_id) == col(Incident.id),
        col(SearchDocument.audience) == audience_of(viewer),
    )
    return (
        statement.join(SearchDocument, document)
        .join(scores, scores.c.id == col(SearchDocument.id))
        .order_by(
            matches_in_title(query).desc(),
            scores.c.score,
            col(Incident.sort_date).desc(),
            col(Incident.id).desc(),
        )
    )


def _scores(session: Session, query: Query, viewer: Viewer) -> Any:
    """Document → its score, the lowest best."""
    if session.get_bind().dialect.name == "sqlite":
        index: Any = literal_column(_INDEX.name)
        scored = select(_INDEX.c.rowid.label("id"), func.bm25(index).label("score")).where(
            index.op("MATCH")(search_query.fts5(query))
        )
        # Merged into the outer statement, bm25 would be asked where its index is not at hand.
        return scored.cte("scores").prefix_with("MATERIALIZED")
    asked = cast(search_query.tsquery(query), TSQUERY)
    return (
        select(col(SearchDocument.id), (-func.ts_rank_cd(_WORDS, asked)).label("score"))
        .where(matches(query), col(SearchDocument.audience) == audience_of(viewer))
        .subquery("scores")
    )
