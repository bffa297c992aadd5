"""Whether every incident can be found: documents that are missing, triggers that went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from incidents.database_checks import triggers
from incidents.incident.models import Incident, SearchDocument

# Of the way documents are made: what is found by other words than before takes another.
DOCUMENT_VERSION = 2

_ADD = "INSERT INTO search_document_fts (rowid, title, text) VALUES (NEW.id, NEW.title, NEW.text)"
_REMOVE = (
    "INSERT INTO search_document_fts (search_document_fts, rowid, title, text)"
    " VALUES ('delete', OLD.id, OLD.title, OLD.text)"
)
# SQLite's index follows its table by these; a migration that copies the table drops them silently.
TRIGGERS: Mapping[str, str] = MappingProxyType(
    {
        name: f"CREATE TRIGGER {name} AFTER {verb} ON search_document BEGIN {statements} END"
        for name, verb, statements in (
            ("search_document_added", "INSERT", f"{_ADD};"),
            ("search_document_removed", "DELETE", f"{_REMOVE};"),
            ("search_document_changed", "UPDATE", f"{_REMOVE}; {_ADD};"),
        )
    }
)


@dataclass(frozen=True)
class SearchState:
    triggers_missing: tuple[str, ...]
    documents_missing: int


def search_state(session: Session) -> SearchState:
    """What `mend_search` would mend."""
    without = without_documents().subquery()
    missing = session.execute(select(func.count()).select_from(without)).scalar_one()
    return SearchState(tuple(triggers_missing(session)), int(missing))


def triggers_missing(session: Session) -> Sequence[str]:
    """By name; PostgreSQL needs none."""
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        return []
    return sorted(TRIGGERS.keys() - triggers(connection))


def without_documents() -> Select[Any]:
    """The ids of incidents that have not both documents as this release makes them."""
    current = (
        select(func.count())
        .where(
            col(SearchDocument.version) == DOCUMENT_VERSION,
            col(SearchDocument.incident_id) == col(Incident.id),
        )
        .correlate(Incident)
        .scalar_subquery()
    )
    return select(col(Incident.id)).where(current < 2).order_by(col(Incident.id))
