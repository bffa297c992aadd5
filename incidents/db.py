"""The database: engines, transactions, the types of column both engines share.

Owns what only one engine understands. Knows no table.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    DateTime,
    Dialect,
    Engine,
    MetaData,
    String,
    Table,
    TypeDecorator,
    create_engine,
    event,
    inspect,
    make_url,
)
from sqlalchemy.engine import URL, Connection
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session, SQLModel

BUSY_TIMEOUT_S = 15
# Of a row and of a version: what an INTEGER of PostgreSQL holds.
LARGEST_ROW = 2**31 - 1
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata
metadata.naming_convention = NAMING

# Far ends of an open span; ISO text of both engines sorts the same.
FAR_PAST = date.min
FAR_FUTURE = date.max


class Instant(TypeDecorator[datetime]):
    """A UTC instant, always aware in Python. SQLite keeps it naive, PostgreSQL with its zone."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Binary(TypeDecorator[str]):
    """Text both engines compare by code point; PostgreSQL's own collations differ by machine."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        collation = "C" if dialect.name == "postgresql" else None
        return dialect.type_descriptor(String(collation=collation))


def canonical_json(value: Any) -> str:
    """Sorted keys, no white space, no escapes: the one text that is hashed or compared."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def table_of(model: type[SQLModel]) -> Table:
    """The Core table behind a model."""
    table = inspect(model).local_table
    assert isinstance(table, Table)
    return table


class Database:
    """One engine and the three kinds of transaction the app knows: read, write, snapshot.

    `only_reads` is for looking at a database that may be broken: nothing is changed. Of the files
    SQLite keeps beside its own only a `-shm` is made, where a `-wal` was left without one.
    """

    def __init__(self, url: str, *, only_reads: bool = False) -> None:
        self.url: URL = _with_driver(make_url(url))
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if only_reads:
            self.engine = _only_reading(self.url)
        else:
            self.engine = _sqlite(self.url) if self.is_sqlite else _postgresql(self.url)
        self._writing = self.engine.execution_options(writes=True)
        self._snapshot = (
            self.engine.execution_options(snapshot=True)
            if self.is_sqlite
            else self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        )

    def session(self, *, writes: bool) -> Session:
        """A session whose transaction takes the write lock at its start, or never.

        On SQLite a read that turns into a write fails at once despite the busy timeout, so a
        session says at its start whether it writes.
        """
        return Session(self._writing if writes else self.engine, expire_on_commit=False)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.session(writes=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """The caller commits; leaving without a commit rolls back."""
        with self.session(writes=True) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """One unchanging view of the data for a long read."""
        with Session(self._snapshot, expire_on_commit=False) as session:
            yield session

    def dispose(self) -> None:
        self.engine.dispose()


def _with_driver(url: URL) -> URL:
    if url.drivername in {"postgres", "postgresql"}:
        return url.set(drivername="postgresql+psycopg")
    return url


def _sqlite(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: ConnectionPoolEntry) -> None:
        # The driver's own transactions run SELECTs outside one; ours begin below.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "recursive_triggers=ON",
            "secure_delete=ON",
            "cache_size=-32000",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options: Mapping[str, Any] = connection.get_execution_options()
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")

    return engine


def _only_reading(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        options = {"options": "-c timezone=UTC -c default_transaction_read_only=on"}
        return create_engine(
            url, connect_args={**options, "connect_timeout": BUSY_TIMEOUT_S}, hide_parameters=True
        )
    file = Path(str(url.database)).absolute()
    query = {"uri": "true", "mode": "ro"}
    if not file.with_name(f"{file.name}-wal").exists():
        # Nobody has it open, and opening it as usual would make files beside it.
        query["immutable"] = "1"
    return create_engine(url.set(database=file.as_uri(), query=query), hide_parameters=True)


def _postgresql(url: URL) -> Engine:
    options = {"options": "-c timezone=UTC"}
    return create_engine(url, pool_pre_ping=True, connect_args=options, hide_parameters=True)
