"""What a database of either engine consists of, as text to compare."""

import re
from collections.abc import Mapping

from sqlalchemy import text
from sqlalchemy.engine import Connection

from incidents.db import Database

# SQLite's own, the mark of the migrations themselves, and what a full-text index is kept in.
_NOT_OURS = ("sqlite_", "alembic_version", "search_document_fts_")
# What one engine alone has for the search; no model declares it.
OF_SEARCH = ("search_document_fts", "search_document.words", "search_document_words")
_CONSTRAINTS = """
    SELECT conrelid::regclass || ' ' || conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
"""
_INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
_COLUMNS = """
    SELECT table_name || '.' || column_name, data_type || ' ' || is_nullable || ' '
        || coalesce(column_default, '') || ' ' || coalesce(collation_name, '')
    FROM information_schema.columns WHERE table_schema = 'public'
"""
_TRIGGERS = "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
_FUNCTIONS = "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
_SQLITE = "SELECT type || ' ' || name, sql FROM sqlite_master WHERE type <> 'trigger'"
_SQLITE_TRIGGERS = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"


def declared(database: Database) -> Mapping[str, str]:
    """The structure without what no model can declare."""
    return {
        name: sql
        for name, sql in structure(database).items()
        if not any(other in name for other in OF_SEARCH)
    }


def structure(database: Database) -> Mapping[str, str]:
    """Every table, column, constraint and index by name; triggers left out."""
    with database.engine.connect() as connection:
        queries = [_SQLITE] if database.is_sqlite else [_COLUMNS, _CONSTRAINTS, _INDEXES]
        found = {name: sql for query in queries for name, sql in _pairs(connection, query).items()}
    return {
        name: _in_order(sql or "")
        for name, sql in found.items()
        if not any(other in name for other in _NOT_OURS)
    }


def triggers(database: Database) -> Mapping[str, str]:
    """Trigger → its table."""
    with database.engine.connect() as connection:
        return _pairs(connection, _SQLITE_TRIGGERS if database.is_sqlite else _TRIGGERS)


def functions(database: Database) -> Mapping[str, str]:
    """PostgreSQL's functions of ours; SQLite has none."""
    if database.is_sqlite:
        return {}
    with database.engine.connect() as connection:
        return _pairs(connection, _FUNCTIONS)


def rows(database: Database) -> Mapping[str, list[tuple[object, ...]]]:
    """Every row of every table, ordered, as the engine gives it."""
    found = {}
    with database.engine.connect() as connection:
        for table in sorted(_tables(connection, sqlite=database.is_sqlite)):
            result = connection.exec_driver_sql(f'SELECT * FROM "{table}"')
            found[table] = sorted((tuple(row) for row in result), key=repr)
    return found


def _tables(connection: Connection, *, sqlite: bool) -> list[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        if sqlite
        else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    )
    names = [row[0] for row in connection.execute(text(query))]
    return [name for name in names if not name.startswith(_NOT_OURS)]


def _pairs(connection: Connection, query: str) -> dict[str, str]:
    return {row[0]: row[1] for row in connection.execute(text(query))}


def _in_order(sql: str) -> str:
    """A table's lines sorted: a migration may write its columns and constraints in another order,
    and SQLite writes an added column on the last one's line, a copied table's name in quotes."""
    lines = re.split(r",\s*\n|\(\s*\n|\n\)|(?<=NULL|CHAR|JSON|TIME|EGER), ", sql.replace('"', ""))
    return "\n".join(sorted(" ".join(line.split()) for line in lines if line.strip()))
