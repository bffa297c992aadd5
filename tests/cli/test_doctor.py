"""The doctor: whatever can be wrong is provoked, told with its remedy, and left as it was."""

import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from incidents import migrate
from incidents.audit.actions import HEAD_NOTE
from incidents.cli import main
from incidents.clock import utc_now
from incidents.crypto import Keyring
from incidents.db import Database
from incidents.doctor import Installation, Outcome, examine, kept, program
from incidents.doctor.checks import CHECKS
from incidents.doctor.database import RULES
from incidents.incident.queries.search import TRIGGERS
from incidents.services import Services
from incidents.source.queries import copies_kept
from tests.migrations.schema import triggers
from tests.postgres import Postgres

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
TEXT = "Police opened fire on Friday.\n"


@dataclass
class Ward:
    """An installation in a folder of its own, and what the doctor says of it."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    @property
    def archive(self) -> Path:
        return self.folder / "archive"

    def run(self, *words: str) -> str:
        result = CliRunner().invoke(main, words, env=self.env)
        assert result.exit_code == 0, result.output
        return result.output

    def doctor(self, *words: str) -> tuple[int, Mapping[str, str]]:
        """The exit status, and each check's line without its name."""
        result = CliRunner().invoke(main, ["doctor", *words], env=self.env)
        assert not result.stderr and "Traceback" not in result.output
        lines = [line.partition(": ") for line in result.output.splitlines()[:-1]]
        return result.exit_code, {head.split()[2]: f"{head[:8]} {said}" for head, _, said in lines}

    def wrong(self, *words: str) -> Mapping[str, str]:
        status, lines = self.doctor(*words)
        found = {name: line[9:] for name, line in lines.items() if line.startswith("✗ wrong")}
        assert status == (1 if found else 0)
        return found

    def execute(self, *statements: str) -> None:
        """As another program would, past the app and its triggers."""
        engine = create_engine(
            self.env["INCIDENTS_DATABASE_URL"], isolation_level="AUTOCOMMIT", poolclass=NullPool
        )
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))


@pytest.fixture(autouse=True)
def _calm_machine_with_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """How busy and how full the machine of the tests is, is no finding."""
    monkeypatch.setattr(program, "SLOW_S", 600)
    monkeypatch.setattr(kept, "LEAST_FREE_BYTES", 0)


@pytest.fixture
def ward(
    tmp_path: Path, database_url: str, services: Services, monkeypatch: pytest.MonkeyPatch
) -> Ward:
    """A healthy one: up to date, an administrator, two sources."""
    monkeypatch.chdir(tmp_path)
    given = {
        "INCIDENTS_DATABASE_URL": database_url,
        "INCIDENTS_ARCHIVE": str(services.config.archive),
        "INCIDENTS_SECRET_KEY": services.config.secret_key,
        "INCIDENTS_NAME_KEY": services.config.name_key,
    }
    ward = Ward(tmp_path, given)
    ward.run("init")
    ward.run("user", "add", "boss", "--role", "admin", "--role", "researcher")
    for name in ("one", "two"):
        (tmp_path / f"{name}.txt").write_text(f"{TEXT}{name}\n")
        ward.run("source", "add", f"{name}.txt")
    return ward


@pytest.fixture
def own_keys(ward: Ward) -> Ward:
    """Keys in a file of their own beside the archive or the database, as on a first start."""
    for name in ("INCIDENTS_SECRET_KEY", "INCIDENTS_NAME_KEY"):
        ward.env.pop(name)
    key = Keyring.new_key().hex()
    keys = ward.folder / "keys.toml"
    keys.write_text(f'secret_key = "{key}"\nname_key = "{"A" * 43}="\n')
    keys.chmod(0o600)
    return ward


def contents(folder: Path) -> dict[str, bytes | None]:
    paths = sorted(folder.rglob("*"))
    return {str(path): path.read_bytes() if path.is_file() else None for path in paths}


# --- What is well -----------------------------------------------------------------------------


def test_healthy_installation_has_nothing_wrong(ward: Ward) -> None:
    status, lines = ward.doctor()
    assert status == 0
    assert all(line.startswith("✓ well") for line in lines.values())
    not_asked = set() if "sqlite" in ward.env["INCIDENTS_DATABASE_URL"] else {"Soundness"}
    assert set(lines) == {name for name, _ in CHECKS} - not_asked
    assert lines["Copies"].endswith("All 2 are there and unchanged.")
    assert CliRunner().invoke(main, ["doctor"], env=ward.env).output.endswith("Nothing is wrong.\n")


def test_rules_are_the_triggers_of_head(database: Database) -> None:
    engine = "sqlite" if database.is_sqlite else "postgresql"
    of_search = set(TRIGGERS) if database.is_sqlite else set()
    assert set(RULES[engine]) | of_search == set(triggers(database))


def test_demo_is_well_but_for_nobody(ward: Ward) -> None:
    ward.run("demo")
    assert ward.wrong() == {}


@ON_SQLITE
def test_doctor_leaves_every_byte_as_it_was(ward: Ward, services: Services) -> None:
    services.database.dispose()
    before = contents(ward.folder)
    assert ward.wrong("--all") == {}
    assert contents(ward.folder) == before


def test_before_the_first_start_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = Ward(tmp_path).wrong()
    assert set(found) == {"Keys", "Database"}
    assert all("run: incidents init" in line for line in found.values())
    assert contents(tmp_path) == {}


def test_what_needs_the_database_says_it_could_not_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = Ward(tmp_path).doctor()[1]
    unseen = {name for name, line in lines.items() if line.startswith("– unseen")}
    assert {"Release", "Rules", "Vocabularies", "Sign-in", "Log", "Copies"} <= unseen


# --- Settings and keys ------------------------------------------------------------------------


@ON_SQLITE
def test_settings_that_cannot_be_read(ward: Ward) -> None:
    (ward.folder / "config.toml").write_text("titel = 'X'\n")
    status, lines = ward.doctor()
    assert status == 1
    assert "is title meant?" in lines["Settings"]
    # What needs none is looked at all the same.
    assert lines["Program"].startswith("✓ well") and lines["Passwords"].startswith("✓ well")
    assert lines["Database"].startswith("– unseen")
    assert set(ward.wrong("--config", "nope.toml")) == {"Settings"}


@ON_SQLITE
@pytest.mark.parametrize(
    ("line", "check", "told"),
    [
        ("debug = true", "Settings", "set it to false"),
        ("behind_tls = true", "Proxies", "set trusted_proxies"),
        ("trusted_proxies = 1", "Proxies", "set behind_tls to true"),
    ],
)
def test_settings_that_do_not_go_together(ward: Ward, line: str, check: str, told: str) -> None:
    (ward.folder / "config.toml").write_text(f"{line}\n")
    found = ward.wrong()
    assert set(found) == {check}
    assert told in found[check]


@ON_SQLITE
def test_secrets_in_a_file_anyone_may_read(ward: Ward) -> None:
    config = ward.folder / "config.toml"
    config.write_text(f'secret_key = "{"x" * 40}"\n')
    config.chmod(0o644)
    assert f"run: chmod 640 {config}" in ward.wrong()["Settings"]
    config.chmod(0o640)
    assert ward.wrong() == {}
    config.write_text('title = "Ours"\n')
    config.chmod(0o644)
    assert ward.wrong() == {}
    # Nobody read this address: the environment gives another in its place.
    config.write_text('database_url = "postgres//ours:secret@host"\n')
    assert f"run: chmod 640 {config}" in ward.wrong()["Settings"]
    config.write_text('database_url = "nonsense"\n')
    assert ward.wrong() == {}


def test_keys_others_may_read(own_keys: Ward) -> None:
    (own_keys.folder / "keys.toml").chmod(0o644)
    assert "run: chmod 600" in own_keys.wrong()["Keys"]


@ON_SQLITE
def test_keys_that_are_gone_are_not_made_anew(own_keys: Ward) -> None:
    keys = own_keys.folder / "keys.toml"
    keys.unlink()
    assert "put it back" in own_keys.wrong()["Keys"]
    assert own_keys.doctor()[1]["Names"].startswith("– unseen")
    assert not keys.exists()


def test_keys_of_another_installation(own_keys: Ward, services: Services) -> None:
    CliRunner().invoke(main, ["demo"], env={**own_keys.env, "INCIDENTS_NAME_KEY": _other_key()})
    found = own_keys.wrong()
    assert set(found) == {"Names"}
    assert "put back the keys" in found["Names"]


def _other_key() -> str:
    return "B" * 43 + "="


# --- The program ------------------------------------------------------------------------------


@ON_SQLITE
def test_what_was_not_built(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    package = ward.folder / "package"
    (package / "templates").mkdir(parents=True)
    (package / "templates" / "base.html").write_text("filename='built/form.js'")
    monkeypatch.setattr(program, "PACKAGE", package)
    found = ward.wrong()["Program"]
    assert "gazetteer.sqlite, static/built/form.js" in found and "make assets" in found


@ON_SQLITE
def test_passwords_that_take_long(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "SLOW_S", 0)
    assert "faster processor" in ward.wrong()["Passwords"]


# --- The database -----------------------------------------------------------------------------


def test_database_of_an_older_release(ward: Ward) -> None:
    migrate.downgrade(ward.env["INCIDENTS_DATABASE_URL"], "0001")
    found = ward.wrong()
    assert set(found) == {"Release"}
    assert "run: incidents init" in found["Release"]


def test_database_of_a_newer_release(ward: Ward) -> None:
    ward.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "install that release" in ward.wrong()["Release"]


def test_database_that_is_empty(ward: Ward) -> None:
    migrate.downgrade(ward.env["INCIDENTS_DATABASE_URL"], "base")
    assert "run: incidents init" in ward.wrong()["Release"]


def test_trigger_that_is_gone(ward: Ward) -> None:
    sqlite = ward.env["INCIDENTS_DATABASE_URL"].startswith("sqlite")
    ward.execute("DROP TRIGGER revision_no_update" + ("" if sqlite else " ON revision"))
    found = ward.wrong()
    assert set(found) == {"Rules"}
    assert "revision_no_update is missing" in found["Rules"]


def test_incident_that_words_do_not_find(ward: Ward) -> None:
    ward.run("demo")
    ward.execute("DELETE FROM search_document WHERE id = (SELECT max(id) FROM search_document)")
    assert set(ward.wrong()) == {"Search"}
    ward.run("init")
    assert ward.wrong() == {}


@ON_SQLITE
def test_trigger_of_search_that_is_gone(ward: Ward) -> None:
    ward.execute("DROP TRIGGER search_document_added")
    assert set(ward.wrong()) == {"Search"}
    ward.run("init")
    assert ward.wrong() == {}


def test_vocabulary_of_an_older_release(ward: Ward) -> None:
    ward.execute(
        "DELETE FROM term WHERE vocabulary = 'type' AND code = 'detention'",
        "UPDATE term SET label = 'Old' WHERE vocabulary = 'type' AND code = 'killing'",
        "UPDATE term SET code = 'gone' WHERE vocabulary = 'type' AND code = 'injury'",
    )
    found = ward.wrong()
    assert set(found) == {"Vocabularies"}
    assert "type.detention and 3 more" in found["Vocabularies"]
    ward.run("init")
    assert ward.wrong() == {}


def test_terms_a_team_added_and_retired_are_theirs(ward: Ward) -> None:
    ward.execute(
        "INSERT INTO term (vocabulary, code, label, definition, example, position, shipped)"
        " VALUES ('type', 'ours', 'Ours', 'Ours.', '', 99, false)",
        "UPDATE term SET retired_at = '2026-01-01' WHERE vocabulary = 'sex' AND code = 'other'",
    )
    assert ward.wrong() == {}


def test_nobody_who_can_sign_in(ward: Ward) -> None:
    ward.execute("UPDATE one_time_link SET expires_at = '2020-01-01'")
    assert set(ward.wrong()) == {"Sign-in"}
    ward.execute("UPDATE account SET password_hash = 'x'")
    assert ward.wrong() == {}
    ward.execute("UPDATE account SET disabled_at = '2020-01-01'")
    assert "incidents user add NAME --role admin" in ward.wrong()["Sign-in"]


def test_log_that_was_changed(ward: Ward) -> None:
    sqlite = ward.env["INCIDENTS_DATABASE_URL"].startswith("sqlite")
    ward.execute("DROP TRIGGER audit_entry_no_update" + ("" if sqlite else " ON audit_entry"))
    ward.execute("UPDATE audit_entry SET action = 'nothing' WHERE sequence = 2")
    assert "Entry 2 was changed" in ward.wrong()["Log"]


def test_log_whose_end_was_cut_off(ward: Ward, services: Services) -> None:
    services.archive.write_note(HEAD_NOTE, f"99 {'a' * 64}")
    found = ward.wrong()
    assert set(found) == {"Log"}
    assert "cut off" in found["Log"]


def test_log_without_its_note(ward: Ward) -> None:
    (ward.archive / "notes" / HEAD_NOTE).unlink()
    assert "would not show" in ward.wrong()["Log"]


def test_clock_that_is_behind(ward: Ward) -> None:
    installation = Installation(
        None, ward.env, ward.folder, utc_now() - timedelta(days=1), every_copy=False
    )
    found = [one for one in examine(installation) if one.outcome is Outcome.WRONG]
    installation.close()
    assert [one.name for one in found] == ["Clock"]
    assert found[0].said.endswith("set the machine’s clock.")


@ON_SQLITE
def test_file_that_is_damaged(ward: Ward, services: Services) -> None:
    services.database.dispose()
    file = ward.folder / "incidents.sqlite3"
    connection = sqlite3.connect(file)
    [size] = connection.execute("PRAGMA page_size").fetchone()
    [page] = connection.execute(
        "SELECT rootpage FROM sqlite_master WHERE name = 'figure'"
    ).fetchone()
    connection.close()
    with file.open("r+b") as opened:
        opened.seek((page - 1) * size)
        opened.write(b"\xff" * size)
    found = ward.wrong()
    assert "damaged" in found["Soundness"] and "backup" in found["Soundness"]


@ON_SQLITE
@pytest.mark.parametrize("content", [b"", b"no database at all" * 300])
def test_file_that_is_no_database(ward: Ward, services: Services, content: bytes) -> None:
    services.database.dispose()
    (ward.folder / "incidents.sqlite3").write_bytes(content)
    assert set(ward.wrong()) == {"Database"}


@ON_SQLITE
def test_rows_that_point_nowhere(ward: Ward) -> None:
    connection = sqlite3.connect(ward.folder / "incidents.sqlite3")
    connection.execute("INSERT INTO account_role VALUES (99, 'admin')")
    connection.commit()
    connection.close()
    assert "account_role" in ward.wrong()["Soundness"]


@pytest.fixture
def unprivileged() -> Iterator[Callable[[Path], None]]:
    """Hands a folder to this process as one that is not root, until the test ends."""
    root = os.geteuid() == 0

    def become(folder: Path) -> None:
        if root:
            nobody = 65534
            for path in (folder, *folder.rglob("*")):
                os.chown(path, nobody, nobody)
            os.setresuid(nobody, nobody, 0)

    yield become
    if root:
        os.setresuid(0, 0, 0)


@ON_SQLITE
@pytest.mark.parametrize(
    ("path", "mode", "wrong"),
    [
        ("incidents.sqlite3", 0o400, {"Writing"}),
        (".", 0o500, {"Writing"}),
        ("archive", 0o500, {"Archive"}),
        ("incidents.sqlite3", 0o000, {"Database", "Writing"}),
    ],
)
def test_what_cannot_be_written(
    ward: Ward,
    services: Services,
    unprivileged: Callable[[Path], None],
    path: str,
    mode: int,
    wrong: set[str],
) -> None:
    services.database.dispose()
    # Where pytest keeps its folders only root may go.
    folder = Path(tempfile.mkdtemp())
    shutil.copytree(ward.folder, folder, dirs_exist_ok=True)
    ward.env["INCIDENTS_DATABASE_URL"] = f"sqlite:///{folder / 'incidents.sqlite3'}"
    ward.env["INCIDENTS_ARCHIVE"] = str(folder / "archive")
    unprivileged(folder)
    os.chdir(folder)
    try:
        (folder / path).chmod(mode)
        found = ward.wrong()
        assert set(found) == wrong
        assert all(str(folder / path) in line for line in found.values())
    finally:
        (folder / path).chmod(0o700)
        shutil.rmtree(folder)
        os.chdir("/")


@ON_SQLITE
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can ask as another")
def test_root_is_told_to_ask_as_the_owner(ward: Ward) -> None:
    os.chown(ward.folder / "incidents.sqlite3", 65534, 65534)
    status, lines = ward.doctor()
    assert status == 0
    assert "whose the database is" in lines["Writing"]


def test_server_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ward = Ward(tmp_path, {"INCIDENTS_DATABASE_URL": "postgresql://x:secret@127.0.0.1:9/none"})
    found = ward.wrong()
    assert "start the server" in found["Database"]
    assert "secret" not in "".join(found.values())


@ON_POSTGRESQL
def test_server_that_grants_too_little(ward: Ward) -> None:
    role = "incidents_test_weak"
    ward.execute(
        f"CREATE ROLE {role} LOGIN",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}",
    )
    try:
        url = make_url(ward.env["INCIDENTS_DATABASE_URL"])
        weak = url.set(username=role).render_as_string(hide_password=False)
        found = Ward(ward.folder, {**ward.env, "INCIDENTS_DATABASE_URL": weak}).wrong()
        assert set(found) == {"Writing"}
        assert f"{role} may not read and write account" in found["Writing"]
    finally:
        ward.execute(f"DROP OWNED BY {role}", f"DROP ROLE {role}")


@ON_POSTGRESQL
def test_server_that_keeps_texts_otherwise(ward: Ward, postgres: Postgres) -> None:
    ward.execute(
        "CREATE DATABASE incidents_test_latin ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'"
        " TEMPLATE template0"
    )
    url = make_url(postgres.url).set(database="incidents_test_latin").render_as_string(False)
    try:
        assert (
            "ENCODING 'UTF8'"
            in Ward(ward.folder, {**ward.env, "INCIDENTS_DATABASE_URL": url}).wrong()["Database"]
        )
    finally:
        postgres.drop_database(url)


# --- The archive and the disk -----------------------------------------------------------------


def stored(ward: Ward) -> list[Path]:
    return sorted(path for path in ward.archive.rglob("*") if len(path.name) == 64)


def test_copy_that_is_missing(ward: Ward) -> None:
    stored(ward)[0].unlink()
    found = ward.wrong()
    assert set(found) == {"Copies"}
    assert "The archive lacks copies of SRC-" in found["Copies"]


def test_copy_whose_bytes_have_changed(ward: Ward) -> None:
    damaged = stored(ward)[1]
    damaged.chmod(0o600)
    damaged.write_text("other words")
    assert "The bytes have changed of copies of SRC-" in ward.wrong()["Copies"]


def test_all_copies_are_read_when_asked(
    ward: Ward, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "SAMPLE", 1)
    assert "1 were read" in ward.doctor()[1]["Copies"]
    for damaged in stored(ward):
        damaged.chmod(0o600)
    with services.database.reading() as session:
        digest = copies_kept(session)[-1][0]
    next(path for path in stored(ward) if path.name == digest).write_text("other words")
    assert ward.wrong() == {}
    assert set(ward.wrong("--all")) == {"Copies"}


def test_archive_that_is_gone(ward: Ward) -> None:
    shutil.rmtree(ward.archive)
    assert set(ward.wrong()) == {"Log", "Copies"}


def test_archive_others_can_open(ward: Ward) -> None:
    assert stat.S_IMODE(ward.archive.stat().st_mode) == 0o700
    ward.archive.chmod(0o755)
    assert "run: chmod 700" in ward.wrong()["Archive"]


def test_archive_that_is_no_folder(ward: Ward) -> None:
    shutil.rmtree(ward.archive)
    ward.archive.write_text("")
    assert "name another" in ward.wrong()["Archive"]


def test_disk_that_is_nearly_full(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    free = shutil.disk_usage(ward.folder).free
    monkeypatch.setattr(kept, "LEAST_FREE_BYTES", free * 2)
    assert "make room" in ward.wrong()["Disk"]
