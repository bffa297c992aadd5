"""The search for words as SQL: what only one engine understands, each beside its twin.

Both look up the same words (`search_words`); only the measure of a hit is each engine's own.
"""

from collections.abc import Collection
from typing import Any, Self

from sqlalchemy import Boolean, ColumnElement, Select, literal, not_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
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

    def self_group(self, against: OperatorType | None = None) -> Self:
        """Itself: SQLite looks documents up by their ids only where `IN` is not compared to 1."""
        return self


@compiles(_Matches, "sqlite")
def _matches_on_sqlite(element: _Matches, compiler: SQLCompiler, **more: Any) -> str:
    text, _ = element.clauses
    asked = compiler.process(text, **more)
    return f"(search_document.id IN (SELECT rowid FROM {_INDEX} WHERE {_INDEX} MATCH {asked}))"


@compiles(_Matches, "postgresql")
def _matches_on_postgresql(element: _Matches, compiler: SQLCompiler, **more: Any) -> str:
    _, text = element.clauses
    return f"(search_document.words @@ CAST({compiler.process(text, **more)} AS tsquery))"


class _Among(FunctionElement[bool]):
    """A number is one of those in a text, parted by commas."""

    name = "among"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: OperatorType | None = None) -> Self:
        """Itself, as above."""
        return self


@compiles(_Among, "sqlite")
def _among_on_sqlite(element: _Among, compiler: SQLCompiler, **more: Any) -> str:
    number, numbers = (compiler.process(one, **more) for one in element.clauses)
    return f"({number} IN (SELECT value FROM json_each('[' || {numbers} || ']')))"


@compiles(_Among, "postgresql")
def _among_on_postgresql(element: _Among, compiler: SQLCompiler, **more: Any) -> str:
    number, numbers = (compiler.process(one, **more) for one in element.clauses)
    return f"({number} = ANY (CAST(string_to_array({numbers}, ',') AS INTEGER[])))"


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


def found(
    query: Query, viewer: Viewer, ids: Collection[int | str] | None = None
) -> ColumnElement[bool]:
    """Over `Incident`: what the query asks for stands in what this viewer may read of it.

    Only together with `visible`: it says nothing of who may know the incident. `ids` are those of
    `documents_found`, where somebody looked them up already.
    """
    incident = col(Incident.id)
    if ids is not None:
        # One value, however many: a statement takes a limited number of them.
        among = _Among(incident, literal(",".join(map(str, ids))))
        return among if query.wanted else not_(among)
    documents = documents_found(query, viewer).correlate(None)
    return incident.in_(documents) if query.wanted else incident.not_in(documents)


def documents_found(query: Query, viewer: Viewer) -> Select[Any]:
    """Ids of incidents, whether or not this viewer may know of them."""
    return select(col(SearchDocument.incident_id)).where(
        col(SearchDocument.audience) == audience_of(viewer), matches(query)
    )
