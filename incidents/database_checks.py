"""Owns what a database can be asked about itself, engine by engine, without changing it.

Refuses to know its tables: whoever asks knows which triggers there should be.
"""

from sqlalchemy.engine import Connection

# The rows SQLite is asked to tell of at most.
MANY = 20
_TRIGGERS_SQLITE = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
_TRIGGERS_POSTGRESQL = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
_REFUSED = """
    SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
    AND NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')
        AND has_table_privilege(oid, 'UPDATE'))
    ORDER BY relname
"""


def triggers(connection: Connection) -> frozenset[str]:
    """The names of those that are there and in force."""
    sqlite = connection.dialect.name == "sqlite"
    asked = _TRIGGERS_SQLITE if sqlite else _TRIGGERS_POSTGRESQL
    return frozenset(row[0] for row in connection.exec_driver_sql(asked))


def faults_of_file(connection: Connection) -> list[str]:
    """SQLite only: the damage `quick_check` finds in the file, in its own words."""
    rows = connection.exec_driver_sql(f"PRAGMA quick_check({MANY})")
    return [row[0] for row in rows if row[0] != "ok"]


def broken_references(connection: Connection) -> list[str]:
    """SQLite only: tables with rows that point to a row that is not there, by name, each once."""
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(MANY)
    return sorted({row[0] for row in rows})


def encoding(connection: Connection) -> str:
    """PostgreSQL only: of the database's texts, as "UTF8"."""
    return str(connection.exec_driver_sql("SHOW server_encoding").scalar_one())


def is_copy(connection: Connection) -> bool:
    """PostgreSQL only: whether it follows another server and takes no writes."""
    return bool(connection.exec_driver_sql("SELECT pg_is_in_recovery()").scalar_one())


def tables_refused(connection: Connection) -> list[str]:
    """PostgreSQL only: the tables this role may not read and write, by name."""
    return [row[0] for row in connection.exec_driver_sql(_REFUSED)]
