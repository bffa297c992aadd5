"""The log: administrators read it page by page, and its head's copy tells of a cut tail."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import text
from sqlmodel import Session
from structlog.testing import capture_logs

from incidents.audit.actions import HEAD_NOTE, keep_head, log
from incidents.audit.queries import GENESIS, entries_before, head_note, problems, problems_of_note
from incidents.db import Database
from incidents.services import Services
from incidents.viewer import OPERATOR
from incidents.web import save
from tests.conftest import Browser
from tests.factories import account


@pytest.fixture
def session(services: Services) -> Iterator[Session]:
    with services.database.writing() as session:
        yield session


def write(services: Services, session: Session, number: int) -> None:
    work = services.work(session, OPERATOR)
    for _ in range(number):
        log(work, "tested", "account", None)


def forge(session: Session, statement: str, database: Database) -> None:
    """As somebody with the database in their hands would: past the triggers."""
    on = "session_replication_role = replica"
    if database.is_sqlite:
        triggers = [
            row[0]
            for row in session.connection().exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'"
            )
        ]
        for name in triggers:
            session.connection().exec_driver_sql(f"DROP TRIGGER {name}")
    else:
        session.execute(text(f"SET LOCAL {on}"))
    session.execute(text(statement))


def test_entries_come_newest_first_with_who_did_what(services: Services, session: Session) -> None:
    work = services.work(session, OPERATOR)
    session.rollback()
    person = account(services, "mira")
    with services.database.writing() as writing:
        log(services.work(writing, person.viewer), "tested", "source", 7)
        writing.commit()
    with services.database.reading() as reading:
        lines = entries_before(reading, None, 10)
    assert [(line.actor, line.action, line.entity, line.entity_id) for line in lines] == [
        ("mira", "tested", "source", 7),
        (None, "add_account", "account", person.id),
    ]
    assert work.actor is OPERATOR


def test_pages_go_on_where_the_one_before_ended(
    app: Flask, sign_in: Callable[..., Browser]
) -> None:
    services: Services = app.extensions["incidents"]
    with services.database.writing() as writing:
        write(services, writing, 130)
        writing.commit()
    admin = sign_in("admin")
    first = admin.get("/settings/audit").text
    assert first.count("<tr>") == 101
    older = first.partition('rel="next" href="')[2].partition('"')[0]
    second = admin.get(older).text
    assert second.count("<tr>") == 33
    assert 'rel="next"' not in second


@pytest.mark.parametrize("key", ["x", "-1", "1e3", "٣", "9" * 40])
def test_a_page_key_that_is_none_is_refused(sign_in: Callable[..., Browser], key: str) -> None:
    assert sign_in("admin").get(f"/settings/audit?after={key}").status_code == 400


def test_every_commit_copies_the_head(services: Services, session: Session) -> None:
    write(services, session, 3)
    save(services, session)
    kept = services.archive.read_note(HEAD_NOTE)
    assert kept is not None
    assert kept.startswith("3 ")
    assert kept == head_note(session)


def test_an_older_head_never_replaces_a_newer_one(services: Services) -> None:
    keep_head(services.archive, f"7 {GENESIS}")
    keep_head(services.archive, f"6 {GENESIS}")
    assert services.archive.read_note(HEAD_NOTE) == f"7 {GENESIS}"


def test_a_log_that_grew_since_its_copy_holds(services: Services, session: Session) -> None:
    write(services, session, 3)
    note = head_note(session)
    write(services, session, 2)
    assert list(problems_of_note(session, note)) == []
    assert list(problems_of_note(session, None)) == []


def test_a_cut_tail_shows_against_the_copy_only(services: Services, session: Session) -> None:
    write(services, session, 3)
    save(services, session)
    forge(session, "DELETE FROM audit_entry WHERE sequence = 3", services.database)
    session.execute(
        text(
            "UPDATE audit_head SET sequence = 2,"
            " hash = (SELECT hash FROM audit_entry WHERE sequence = 2)"
        )
    )
    assert list(problems(session)) == []
    note = services.archive.read_note(HEAD_NOTE)
    assert list(problems_of_note(session, note)) == [
        "The archive notes 3 entries; the log's end was cut off."
    ]


def test_a_copy_that_contradicts_the_log_is_kept_as_proof(
    services: Services, session: Session
) -> None:
    write(services, session, 3)
    proof = f"2 {'a' * 64}"
    services.archive.write_note(HEAD_NOTE, proof)
    with capture_logs() as logs:
        save(services, session)
    assert services.archive.read_note(HEAD_NOTE) == proof
    assert [event["log_level"] for event in logs] == ["error"]
    assert list(problems_of_note(session, proof)) == ["Entry 2 is not the one the archive noted."]


def test_a_copy_that_can_not_be_written_does_not_undo_the_work(
    services: Services, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("incidents.archive.Archive.write_note", full)
    write(services, session, 1)
    with capture_logs() as logs:
        save(services, session)
    assert len(logs) == 1
    with services.database.reading() as reading:
        assert head_note(reading).startswith("1 ")
