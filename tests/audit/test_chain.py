"""Whoever has the database in their hands can change the log, but not unnoticed.

Each test breaks a whole log as its keeper could, past the triggers, and asks `audit verify`.
"""

from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, text, update
from sqlalchemy.engine import Connection

from incidents import cli
from incidents.audit.actions import HEAD_NOTE, log
from incidents.audit.models import AuditEntry, AuditHead
from incidents.audit.queries import entry_hash, problems, problems_of_note
from incidents.db import Database, table_of
from incidents.services import Services
from incidents.viewer import OPERATOR
from incidents.web import save

ENTRIES = 9
LOG, HEAD = table_of(AuditEntry), table_of(AuditHead)
Break = Callable[[Connection], None]
Verify = Callable[[Break], list[str]]


@pytest.fixture
def verify(services: Services) -> Iterator[Verify]:
    """Breaks a log of nine entries whose head was noted, and gives what is found then."""
    with services.database.writing() as session:
        for number in range(1, ENTRIES + 1):
            log(services.work(session, OPERATOR), "tested", "incident", number, {"n": number})
        save(services, session)

    def broken(by: Break) -> list[str]:
        tampered(services.database, by)
        with services.database.reading() as session:
            note = services.archive.read_note(HEAD_NOTE)
            return [*problems(session), *problems_of_note(session, note)]

    yield broken


def tampered(database: Database, by: Break) -> None:
    """Runs past the triggers, as the owner of the file or of the tables can."""
    with database.session(writes=True) as session:
        connection = session.connection()
        if database.is_sqlite:
            for name in ("no_update", "no_delete", "no_replace"):
                connection.execute(text(f"DROP TRIGGER audit_entry_{name}"))
        else:
            connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
        by(connection)
        session.commit()


def sets(sequence: int, **values: object) -> Break:
    return lambda connection: connection.execute(
        update(LOG).where(LOG.c.sequence == sequence).values(**values)
    ).close()


def runs(*statements: str) -> Break:
    def run(connection: Connection) -> None:
        for statement in statements:
            connection.execute(text(statement))

    return run


def hashed_anew(first: int, *, head: bool) -> Break:
    """Every hash from an entry on made to fit, as somebody who knows the program would."""

    def run(connection: Connection) -> None:
        previous = connection.scalar(select(LOG.c.hash).where(LOG.c.sequence == first - 1))
        for row in connection.execute(
            select(LOG).where(LOG.c.sequence >= first).order_by(LOG.c.sequence)
        ).all():
            entry = AuditEntry(**{**row._mapping, "previous_hash": previous})
            entry.hash = previous = entry_hash(entry)
            sets(entry.sequence, previous_hash=entry.previous_hash, hash=entry.hash)(connection)
        if head:
            connection.execute(update(HEAD).values(hash=previous))

    return run


def both(*steps: Break) -> Break:
    def run(connection: Connection) -> None:
        for step in steps:
            step(connection)

    return run


def test_an_untouched_log_holds(verify: Verify) -> None:
    assert verify(lambda _: None) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("recorded_at", text("'2020-01-01 00:00:00.000000'")),
        ("actor_id", 7),
        ("action", "approve"),
        ("entity", "source"),
        ("entity_id", None),
        ("entity_id", 99),
        ("payload", '{"n":5 }'),
        ("payload", "{}"),
    ],
)
@pytest.mark.parametrize("sequence", [1, 5, ENTRIES])
def test_a_changed_field_is_named(
    verify: Verify, sequence: int, column: str, value: object
) -> None:
    found = verify(sets(sequence, **{column: value}))
    assert f"Entry {sequence} was changed after it was written." in found
    allowed = {f"The head of the log has another time than entry {ENTRIES}."}
    assert set(found[1:]) <= (allowed if column == "recorded_at" else set())


def test_a_changed_hash_is_named_with_what_followed_it(verify: Verify) -> None:
    assert verify(sets(5, hash="f" * 64)) == [
        "Entry 5 was changed after it was written.",
        "Entry 6 does not follow the entry before it.",
    ]


def test_a_changed_previous_hash_is_named(verify: Verify) -> None:
    assert verify(sets(5, previous_hash="f" * 64)) == [
        "Entry 5 does not follow the entry before it.",
        "Entry 5 was changed after it was written.",
    ]


@pytest.mark.parametrize(
    ("removed", "told"),
    [
        (1, "Entry 1 is missing: entry 2 follows 0."),
        (5, "Entry 5 is missing: entry 6 follows 4."),
        (ENTRIES, "The log ends at entry 8, its head says 9."),
    ],
)
def test_a_removed_entry_is_named(verify: Verify, removed: int, told: str) -> None:
    assert told in verify(runs(f"DELETE FROM audit_entry WHERE sequence = {removed}"))


def test_several_removed_entries_are_named(verify: Verify) -> None:
    told = verify(runs("DELETE FROM audit_entry WHERE sequence BETWEEN 3 AND 6"))
    assert told[0] == "Entries 3 to 6 are missing: entry 7 follows 2."


def test_an_emptied_log_is_named(verify: Verify) -> None:
    assert verify(runs("DELETE FROM audit_entry")) == [
        "The log ends at entry 0, its head says 9.",
        "The archive notes 9 entries; the log's end was cut off.",
    ]


def test_swapped_entries_are_named(verify: Verify) -> None:
    swap = ("SET sequence = -1 WHERE sequence = 4", "SET sequence = 4 WHERE sequence = 5")
    told = verify(runs(*(f"UPDATE audit_entry {step}" for step in (*swap, MOVE.format(-1, 5)))))
    assert {f"Entry {one} was changed after it was written." for one in (4, 5)} <= set(told)


MOVE = "SET sequence = {1} WHERE sequence = {0}"


def test_a_tail_numbered_anew_over_a_removed_entry_is_named(verify: Verify) -> None:
    steps = ["DELETE FROM audit_entry WHERE sequence = 5"]
    steps += [f"UPDATE audit_entry {MOVE.format(one, one - 1)}" for one in range(6, ENTRIES + 1)]
    told = verify(runs(*steps))
    assert "Entry 5 was changed after it was written." in told
    assert "The log ends at entry 8, its head says 9." in told


def test_a_tail_hashed_anew_is_named_by_the_head(verify: Verify) -> None:
    told = verify(both(sets(5, payload="{}"), hashed_anew(5, head=False)))
    assert f"The head of the log has another hash than entry {ENTRIES}." in told


def test_a_tail_hashed_anew_with_its_head_is_named_by_the_archive(verify: Verify) -> None:
    """The chain alone holds then: the copy outside the database is what tells."""
    told = verify(both(sets(5, payload="{}"), hashed_anew(5, head=True)))
    assert told == [f"Entry {ENTRIES} is not the one the archive noted."]


def test_a_forged_entry_at_the_end_is_named(verify: Verify) -> None:
    columns = "recorded_at, actor_id, action, entity, entity_id, payload, previous_hash"
    forged = (
        f"INSERT INTO audit_entry (sequence, {columns}, hash)"
        f" SELECT {ENTRIES + 1}, {columns}, '{'a' * 64}' FROM audit_entry WHERE sequence = 9"
    )
    told = verify(runs(forged))
    assert f"Entry {ENTRIES + 1} does not follow the entry before it." in told
    assert f"Entry {ENTRIES + 1} was changed after it was written." in told
    assert "The log ends at entry 10, its head says 9." in told


@pytest.mark.parametrize("sequence", [0, -3])
def test_a_forged_entry_before_the_first_is_named(verify: Verify, sequence: int) -> None:
    columns = "recorded_at, actor_id, action, entity, entity_id, payload, previous_hash"
    told = verify(
        runs(
            f"INSERT INTO audit_entry (sequence, {columns}, hash)"
            f" SELECT {sequence}, {columns}, '{'a' * 64}' FROM audit_entry WHERE sequence = 1"
        )
    )
    assert told == [f"Entry {sequence} stands before the first one."]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("SET hash = 'x'", "The head of the log has another hash than entry 9."),
        ("SET sequence = 12", "The log ends at entry 9, its head says 12."),
        (
            "SET recorded_at = '2100-01-01 00:00:00.000000'",
            "The head of the log has another time than entry 9.",
        ),
    ],
)
def test_a_changed_head_is_named(verify: Verify, change: str, told: str) -> None:
    assert verify(runs(f"UPDATE audit_head {change}")) == [told]


def test_a_missing_head_is_named(verify: Verify) -> None:
    assert verify(runs("DELETE FROM audit_head")) == ["The head of the log is missing."]


@pytest.mark.parametrize(
    "change",
    ["recorded_at = 'long ago'", "payload = x'ff00'", "payload = CAST(x'ff' AS TEXT)"],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_only_an_sqlite_file_can_hold_is_named_and_ends_nothing(
    verify: Verify, change: str
) -> None:
    told = verify(runs(f"UPDATE audit_entry SET {change} WHERE sequence = 5"))
    assert len(told) == 1
    assert told[0].startswith("Entry 5 was changed after it was written")


@pytest.mark.parametrize("note", ["x", "", "-1 a", f"{'9' * 40} a", "9", "٣ a"])
def test_a_note_that_is_none_is_named(verify: Verify, services: Services, note: str) -> None:
    services.archive.write_note(HEAD_NOTE, note)
    assert len(verify(lambda _: None)) == 1


def test_verify_says_how_many_entries_hold(
    verify: Verify, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify(sets(5, action="tested"))
    result = run_verify(services, monkeypatch)
    assert (result.exit_code, result.output) == (0, "9 entries hold.\n")


def test_verify_names_what_does_not_hold_and_fails(
    verify: Verify, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify(both(sets(5, payload="{}"), runs("DELETE FROM audit_entry WHERE sequence = 9")))
    result = run_verify(services, monkeypatch)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "Entry 5 was changed after it was written.",
        "The log ends at entry 8, its head says 9.",
        "The archive notes 9 entries; the log's end was cut off.",
    ]


def run_verify(services: Services, monkeypatch: pytest.MonkeyPatch) -> Result:
    """The command over this database, its settings from the environment."""
    for name in ("database_url", "archive", "secret_key", "name_key"):
        monkeypatch.setenv(f"INCIDENTS_{name.upper()}", str(getattr(services.config, name)))
    return CliRunner().invoke(cli.main, ["audit", "verify"])
