"""What was written stays as written: the database itself refuses to change history."""

import sqlite3

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from incidents.db import Database
from tests.conftest import Demo

TABLES = ("audit_entry", "revision", "review", "snapshot")
KEY = {"audit_entry": "sequence"}
FIRST_TEXT = {
    "audit_entry": "payload",
    "revision": "payload",
    "review": "reason",
    "snapshot": "media_type",
}


def refused(database: Database, statement: str) -> str:
    """The message of the refusal; the data must be as before."""
    with database.session(writes=True) as session, pytest.raises(DBAPIError) as error:
        session.connection().execute(text(statement))
        session.commit()
    return str(error.value.orig)


def counted(database: Database, table: str) -> list[tuple[object, ...]]:
    with database.reading() as session:
        return [tuple(row) for row in session.connection().execute(text(f"SELECT * FROM {table}"))]


def test_the_database_refuses_to_change_history(demo: Demo) -> None:
    database = demo.database
    for table in TABLES:
        key, column = KEY.get(table, "id"), FIRST_TEXT[table]
        before = counted(database, table)
        assert before
        statements = [
            f"UPDATE {table} SET {column} = 'x'",
            f"UPDATE {table} SET {key} = 99999 WHERE {key} = 1",
            f"DELETE FROM {table}",
            f"DELETE FROM {table} WHERE {key} = 1",
        ]
        if database.is_sqlite:
            statements += [
                f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} WHERE {key} = 1",
                f"UPDATE OR REPLACE {table} SET {column} = 'x' WHERE {key} = 1",
            ]
        else:
            statements += [f"TRUNCATE {table} CASCADE"]
        for statement in statements:
            assert "is append-only" in refused(database, statement), statement
        assert counted(database, table) == before


def test_an_upsert_can_not_change_history(demo: Demo) -> None:
    statement = (
        "INSERT INTO audit_entry SELECT * FROM audit_entry WHERE sequence = 1"
        " ON CONFLICT (sequence) DO UPDATE SET payload = 'x'"
    )
    assert "append-only" in refused(demo.database, statement)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_another_program_can_not_replace_history(demo: Demo) -> None:
    """Without our pragmas, REPLACE deletes rows past the delete trigger: by every key of theirs."""
    connection = sqlite3.connect(str(demo.database.url.database))
    rest = "recorded_at, actor_id, action, entity, entity_id, payload, previous_hash"
    for statement in (
        "REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE sequence = 1",
        f"REPLACE INTO audit_entry (sequence, {rest}, hash)"
        f" SELECT 99999, {rest}, hash FROM audit_entry WHERE sequence = 1",
        "REPLACE INTO revision SELECT * FROM revision WHERE id = 1",
        "REPLACE INTO revision (id, entity, entity_id, version, recorded_at, payload)"
        " SELECT 99999, entity, entity_id, version, recorded_at, '{}' FROM revision WHERE id = 1",
        "REPLACE INTO snapshot SELECT * FROM snapshot",
        "REPLACE INTO review SELECT * FROM review",
        "REPLACE INTO incident SELECT * FROM incident WHERE status = 'draft'",
    ):
        with pytest.raises(sqlite3.IntegrityError, match=r"append-only|never replaced"):
            connection.execute(statement)
    connection.close()


def test_history_still_grows(demo: Demo) -> None:
    """The guards refuse what is there already, not what is new."""
    database = demo.database
    with database.session(writes=True) as session:
        session.connection().execute(
            text(
                "INSERT INTO revision (entity, entity_id, version, recorded_at, payload)"
                " SELECT entity, entity_id, version + 1000, recorded_at, payload FROM revision"
            )
        )
        session.commit()
    versions = [row[3] for row in counted(database, "revision")]
    assert len([one for one in versions if isinstance(one, int) and one > 1000]) * 2 == len(
        versions
    )
