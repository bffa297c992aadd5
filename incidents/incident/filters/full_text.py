"""The search for words as SQL: what only one engine understands, each beside its twin.

Both look up the same words (`search_words`); only the measure of a hit is each engine's own.
"""

from typing import Any

from sqlalchemy import Boolean, ColumnElement, literal, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import col

from incidents import search_query
from incidents.incident.models import Incident, SearchDocument
from incidents.search_query import Query
from incidents.viewer import Viewer

_INDEX = "search_document_fts"


class _Matches(FunctionElement[bool]):
    """Over `SearchDocument`: it is what the query asks for, as SQLite's text and PostgreSQL's."""

    name = "matches"
    type = Boolean()
    inherit_cache = True


@compiles(_Matches, "sqlite")
def _matches_on_sqlite(element: _Matches, compiler: SQLCompiler, **more: Any) -> str:
    text, _ = element.clauses
    asked = compiler.process(text, **more)
    return f"search_document.id IN (SELECT rowid FROM {_INDEX} WHERE {_INDEX} MATCH {asked})"


@compiles(_Matches, "postgresql")
def _matches_on_postgresql(element: _Matches, compiler: SQLCompiler, **more: Any) -> str:
    _, text = element.clauses
    return f"search_document.words @@ CAST({compiler.process(text, **more)} AS tsquery)"


def audience_of(viewer: Viewer) -> str:
    """Internal viewers search all they may read; everybody else what the redacted view shows."""
    return "internal" if viewer.internal else "redacted"


def matches(query: Query) -> ColumnElement[bool]:
    """Over `SearchDocument`; of a query that only leaves out, what it leaves out."""
    return _Matches(literal(search_query.fts5(query)), literal(search_query.tsquery(query)))


def matches_in_title(query: Query) -> ColumnElement[bool]:
    """Over `SearchDocument`: all that is wanted stands in the title."""
    return _Matches(
        literal(search_query.fts5_in_title(query)), literal(search_query.tsquery_in_title(query))
    )


def found(query: Query, viewer: Viewer) -> ColumnElement[bool]:
    """Over `Incident`: what the query asks for stands in what this viewer may read of it.

    Only together with `visible`: it says nothing of who may know the incident.
    """
    documents = (
        select(col(SearchDocument.incident_id))
        .where(col(SearchDocument.audience) == audience_of(viewer), matches(query))
        .correlate(None)
    )
    incident = col(Incident.id)
    return incident.in_(documents) if query.wanted else incident.not_in(documents)
