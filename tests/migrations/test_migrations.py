"""Migrations go up and down on both engines, keep what is there, and end where the models are."""

import base64
import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Index, TextClause, UniqueConstraint

from incidents import migrate
from incidents.audit.queries import problems
from incidents.config import Settings
from incidents.db import Database
from incidents.demo.imports import load
from incidents.incident.types import TYPES
from incidents.services import Services, open_services
from incidents.tables import metadata
from tests.migrations.schema import declared, functions, rows, structure, triggers

Rows = Mapping[str, list[tuple[object, ...]]]
APPEND_ONLY = ("audit_entry", "revision", "review", "snapshot")
REFUSED = {
    "sqlite": ("no_delete", "no_replace", "no_update"),
    "postgresql": ("no_delete", "no_truncate", "no_update"),
}
OF_INCIDENT = {
    "sqlite": (
        *("born_draft", "complete", "frozen", "frozen_date", "no_delete", "no_replace"),
        "reference",
    ),
    "postgresql": ("born_draft", "complete", "frozen_date", "no_delete"),
}
# SQLite keeps its index of search documents by triggers, PostgreSQL by a generated column.
OF_SEARCH = {"sqlite": ("added", "changed", "removed"), "postgresql": ()}
INDEX_OF_SEARCH = {"words", "ix_search_document_words", "search_document_fts"}


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    database = Database(empty_url)
    yield database
    database.dispose()


def expected_triggers(database: Database) -> dict[str, str]:
    engine = "sqlite" if database.is_sqlite else "postgresql"
    found = {f"{table}_{rule}": table for table in APPEND_ONLY for rule in REFUSED[engine]}
    found |= {f"search_document_{rule}": "search_document" for rule in OF_SEARCH[engine]}
    return found | {f"incident_{rule}": "incident" for rule in OF_INCIDENT[engine]}


def test_up_down_and_up_again_is_the_same(empty: Database, empty_url: str) -> None:
    migrate.upgrade(empty_url)
    first = structure(empty), triggers(empty), functions(empty)
    assert migrate.is_current(empty)
    migrate.downgrade(empty_url, "base")
    assert (structure(empty), triggers(empty), functions(empty)) == ({}, {}, {})
    assert not migrate.is_current(empty)
    migrate.upgrade(empty_url)
    assert (structure(empty), triggers(empty), functions(empty)) == first


def test_upgrading_what_is_current_changes_nothing(database: Database, database_url: str) -> None:
    before = structure(database), rows(database)
    migrate.upgrade(database_url)
    assert (structure(database), rows(database)) == before


@pytest.mark.filterwarnings("ignore:.*expression-based index")
def test_models_and_head_agree(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "include_name": lambda name, *_: (
                    name not in INDEX_OF_SEARCH
                    and not (name or "").startswith("search_document_fts_")
                ),
                "include_object": lambda thing, *_: not (database.is_sqlite and _descends(thing)),
            },
        )
        assert compare_metadata(context, metadata) == []


def _descends(thing: object) -> bool:
    """Alembic can't compare SQLite's indexes over expressions; the next test does."""
    if not isinstance(thing, Index) or thing.table is None:
        return False
    declared = metadata.tables[thing.table.name].indexes
    named = next((index for index in declared if index.name == thing.name), thing)
    return any(isinstance(expression, TextClause) for expression in named.expressions)


def test_models_and_head_agree_to_the_letter(empty: Database, empty_url: str) -> None:
    """Checks, partial and expression indexes too, which Alembic does not compare."""
    migrate.upgrade(empty_url)
    at_head = declared(empty)
    migrate.downgrade(empty_url, "base")
    metadata.create_all(empty.engine)
    assert declared(empty) == at_head == structure(empty)


def test_each_engine_indexes_search_documents_in_its_own_way(database: Database) -> None:
    """No model can declare it, so it is told here what stands there."""
    found = structure(database)
    own = {name: found[name] for name in found.keys() - declared(database).keys()}
    if database.is_sqlite:
        assert own.keys() == {"table search_document_fts"}
        assert "tokenize='ascii'" in own["table search_document_fts"]
    else:
        assert own.keys() == {"search_document.words", "ix_search_document_words"}
        assert "USING gin (words)" in own["ix_search_document_words"]


def test_triggers_at_head_are_the_expected_ones(database: Database) -> None:
    assert triggers(database) == expected_triggers(database)


def test_append_only_guards_every_key_of_a_table() -> None:
    """INSERT OR REPLACE makes room by any unique key, so the guard must know them all."""
    step = importlib.import_module("incidents.migrations.versions.0002_what_the_database_refuses")
    guarded = {**step.APPEND_ONLY, "incident": step.INCIDENT_KEYS}
    for name, keys in guarded.items():
        table = metadata.tables[name]
        unique = {tuple(column.name for column in table.primary_key)}
        for constraint in table.constraints:
            if isinstance(constraint, UniqueConstraint):
                unique.add(tuple(column.name for column in constraint.columns))
        unique |= {tuple(c.name for c in index.columns) for index in table.indexes if index.unique}
        assert {tuple(key.split(", ")) for key in keys} == unique, name


def test_required_details_are_those_of_the_types() -> None:
    step = importlib.import_module("incidents.migrations.versions.0002_what_the_database_refuses")
    required = {code: one.required for code, one in TYPES.items() if one.required}
    assert {code: [step.REQUIRED_DETAILS[code]] for code in step.REQUIRED_DETAILS} == {
        code: [detail.name for detail in details] for code, details in required.items()
    }


@pytest.fixture
def services_at_head(empty_url: str, tmp_path: Path) -> Iterator[Services]:
    """For a whole archive of data, as this release writes it."""
    migrate.upgrade(empty_url)
    settings = Settings(
        database_url=empty_url,
        archive=tmp_path / "archive",
        secret_key="only for the tests: " + "x" * 32,
        name_key=base64.b64encode(bytes(range(32))).decode(),
    )
    services = open_services(settings)
    yield services
    services.database.dispose()


def test_triggers_come_and_go_over_rows_that_stay(
    services_at_head: Services, empty_url: str
) -> None:
    database = services_at_head.database
    load(services_at_head)
    before = rows(database)
    assert len(before["incident"]) > 10 and len(before["audit_entry"]) > 50
    for _ in range(2):
        migrate.downgrade(empty_url, "0001")
        at_first = rows(database)
        assert {name: len(held) for name, held in at_first.items()} == {
            name: len(before[name]) for name in at_first
        }
        assert at_first["revision"] == before["revision"]
        assert (triggers(database), functions(database)) == ({}, {})
        migrate.upgrade(empty_url)
        assert _said(rows(database)) == _said(before)
        assert triggers(database) == expected_triggers(database)
    with database.reading() as session:
        assert list(problems(session)) == []


def _said(found: Rows) -> Rows:
    """Without search documents and sketches: the program makes them from the rest as it starts."""
    made = ("search_document", "snapshot_band", "snapshot_sketch")
    return {name: held for name, held in found.items() if not name.startswith(made)}


def test_a_new_database_has_an_empty_log_and_its_head(empty: Database, empty_url: str) -> None:
    migrate.upgrade(empty_url)
    found = rows(empty)
    assert len(found["audit_head"]) == 1
    assert all(not held for table, held in found.items() if table != "audit_head")
    with empty.reading() as session:
        assert list(problems(session)) == []
