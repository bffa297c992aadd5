"""Owns the databases that tests get on PostgreSQL: copies of a template, cleaned and given again.

To copy one takes a quarter of a second, to bring its rows back a tenth of that. A copy whose
schema a test changed, or that was used often, is dropped.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from tests.postgres import Postgres

# Vacuum never runs: what is deleted stays in the way.
MOST_USES = 40
KEPT = "as_it_was"

_TABLES = text(
    "SELECT c.oid, c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)"
    " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
    " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
    " AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''"
    " GROUP BY c.oid, c.relname ORDER BY c.relname"
)
_SEQUENCES = text(
    "SELECT c.relname FROM pg_class c"
    " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S' ORDER BY c.relname"
)
_CATALOGS = (
    "pg_class",
    "pg_attribute",
    "pg_trigger",
    "pg_proc",
    "pg_constraint",
    "pg_index",
    "pg_type",
    "pg_namespace",
)
_SCHEMA = text(
    " UNION ALL ".join(
        f"SELECT '{name}', count(*), max(xmin::text::bigint) FROM {name}" for name in _CATALOGS
    )
)


@dataclass
class _Copy:
    url: str
    schema: list[Any]
    clean: str
    uses: int = 0


@dataclass
class Copies:
    """The copies of one run's worker, by template. Their server lets us switch triggers off."""

    postgres: Postgres
    _free: dict[str, list[_Copy]] = field(default_factory=dict)

    @contextmanager
    def of(self, template: str, *, unused: bool = False) -> Iterator[str]:
        """The URL of a database with the template's rows, nobody else's until the block ends.

        `unused`: no test had it before, whose deleted rows would still stand in its files.
        """
        free = [] if unused else self._free.setdefault(template, [])
        copy = free.pop() if free else self._made(template)
        yield copy.url
        copy.uses += 1
        if not unused and copy.uses < MOST_USES and self._cleaned(copy):
            free.append(copy)
        else:
            self.postgres.drop_database(copy.url)

    def drop_all(self) -> None:
        for copy in (copy for copies in self._free.values() for copy in copies):
            self.postgres.drop_database(copy.url)

    def _made(self, template: str) -> _Copy:
        url = self.postgres.create_database(template)
        with _connected(url) as connection:
            clean = _keep(connection)
            schema = list(connection.execute(_SCHEMA).all())
        return _Copy(url, schema, clean)

    def _cleaned(self, copy: _Copy) -> bool:
        """False when the test changed the schema, which no rows bring back."""
        with _connected(copy.url) as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if list(connection.execute(_SCHEMA).all()) != copy.schema:
                return False
            connection.exec_driver_sql(copy.clean)
        return True


def _keep(connection: Connection) -> str:
    """Keep the rows as they are beside the tables; the statements that bring them back."""
    connection.exec_driver_sql(f"CREATE SCHEMA {KEPT}")
    clean = ["SET LOCAL session_replication_role = replica"]
    for _, table, columns in connection.execute(_TABLES).all():
        clean.append(f'DELETE FROM public."{table}"')
        if connection.exec_driver_sql(f'SELECT 1 FROM public."{table}" LIMIT 1').first():
            connection.exec_driver_sql(
                f'CREATE UNLOGGED TABLE {KEPT}."{table}" AS SELECT {columns} FROM public."{table}"'
            )
            clean.append(
                f'INSERT INTO public."{table}" ({columns}) OVERRIDING SYSTEM VALUE'
                f' SELECT {columns} FROM {KEPT}."{table}"'
            )
    for (sequence,) in connection.execute(_SEQUENCES).all():
        at, called = connection.exec_driver_sql(
            f'SELECT last_value, is_called FROM public."{sequence}"'
        ).one()
        clean.append(f"SELECT setval('public.\"{sequence}\"', {at}, {str(called).lower()})")
    return ";\n".join(clean)


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = create_engine(make_url(url), poolclass=NullPool)
    with engine.begin() as connection:
        yield connection
