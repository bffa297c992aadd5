"""The command that writes tables: to be read by programs, piped, and found in the log."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlmodel import select

from incidents.cli import main
from incidents.incident.models import Export
from tests.conftest import Demo

Run = Callable[..., Result]

# Nothing here depends on the engine.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def run(demo: Demo, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    given = {
        "INCIDENTS_DATABASE_URL": database_url,
        "INCIDENTS_ARCHIVE": str(demo.services.config.archive),
        "INCIDENTS_SECRET_KEY": demo.services.config.secret_key,
        "INCIDENTS_NAME_KEY": demo.services.config.name_key,
    }
    return lambda *words: CliRunner().invoke(main, ["export", *words], env=given)


def logged(demo: Demo) -> list[tuple[str, str, int | None]]:
    with demo.database.reading() as session:
        rows = session.exec(select(Export)).all()
        return [(row.file_name, row.state, row.rows) for row in rows]


def test_two_detentions_are_a_head_and_two_rows(run: Run, demo: Demo) -> None:
    result = run("incidents", "--filter", "type=detention&status=any")
    assert result.exit_code == 0
    assert result.stdout_bytes.startswith(b"\xef\xbb\xbfincident_id,version,type,")
    lines = result.stdout_bytes.split(b"\r\n")
    assert [line[:15] for line in lines[1:]] == [
        demo.references["JZ-06"].encode() + b",",
        demo.references["JZ-10"].encode() + b",",
        b"",
    ]
    assert logged(demo) == [("incidents-unapproved.csv", "finished", 2)]


def test_raw_has_no_mark_and_plain_line_ends(run: Run) -> None:
    body = run("citations", "--raw").stdout_bytes
    assert body.startswith(b"incident_id,source_id,")
    assert b"\r" not in body


def test_a_file_is_written_whole_and_said(run: Run, tmp_path: Path) -> None:
    result = run("sources", "--columns", "report", "-o", "sources.csv")
    assert result.stderr == "sources.csv: 4 rows\n"
    assert (tmp_path / "sources.csv").read_bytes() == run(
        "sources", "--columns", "report"
    ).stdout_bytes
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("incidents", "--filter", "typ=detention"), "There is no filter called “typ”"),
        (("incidents", "--filter", "place=Atlantis"), "No place is called “Atlantis”"),
        (("incidents", "--as", "nobody"), "no account named nobody"),
        (("incidents", "--as", "admin", "--profile", "internal"), "the public profile"),
        (("incidents", "-o", "no/such/folder.csv"), "No such file"),
    ],
)
def test_what_cannot_be_done_is_one_line(run: Run, words: tuple[str, ...], told: str) -> None:
    result = run(*words)
    assert result.exit_code == 1
    assert not result.stdout
    assert told in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_file_that_cannot_be_written_is_logged_as_aborted(run: Run, demo: Demo) -> None:
    run("incidents", "-o", "no/such/folder.csv")
    assert logged(demo) == [("incidents.csv", "aborted", 0)]


def test_a_person_exports_with_their_own_rights(run: Run, demo: Demo) -> None:
    body = run("incidents", "--as", "admin").stdout
    assert demo.references["JZ-17"] not in body
    assert demo.references["JZ-16"] in body
    assert logged(demo)[-1][0] == "incidents-public.csv"
