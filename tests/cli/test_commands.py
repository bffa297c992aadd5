"""The commands: each says what came of it, or one clear line and 1."""

import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from incidents.audit.actions import HEAD_NOTE
from incidents.cli import main
from incidents.services import Services, open_services

Run = Callable[..., Result]
COMMAND = (sys.executable, "-c", "from incidents.cli import main; main()")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder: Path, database_url: str, services: Services) -> Run:
    """On a fresh migrated database, with the test's own keys."""
    given = {
        "INCIDENTS_DATABASE_URL": database_url,
        "INCIDENTS_ARCHIVE": str(services.config.archive),
        "INCIDENTS_SECRET_KEY": services.config.secret_key,
        "INCIDENTS_NAME_KEY": services.config.name_key,
    }

    def command(*words: str) -> Result:
        return CliRunner().invoke(main, words, env=given)

    return command


def refused(result: Result) -> str:
    """The one line a failed command leaves."""
    assert result.exit_code == 1
    [line] = result.stderr.strip().splitlines()
    assert "Traceback" not in result.output
    return line


def test_init_makes_everything_in_an_empty_folder(folder: Path) -> None:
    result = CliRunner().invoke(main, ["init"])
    assert result.exit_code == 0, result.output
    assert (folder / "var" / "incidents.sqlite3").exists()
    assert (folder / "var" / "keys.toml").exists()
    assert CliRunner().invoke(main, ["init"]).exit_code == 0


def test_a_command_before_init_says_so(folder: Path) -> None:
    line = refused(CliRunner().invoke(main, ["user", "add", "mira", "--role", "admin"]))
    assert "incidents init" in line


def test_user_add_prints_a_link(run: Run) -> None:
    result = run("user", "add", "Mira Holt", "--role", "researcher", "--role", "admin")
    assert result.exit_code == 0, result.output
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/sign-in/[\w-]{43}\n", result.output)


def test_user_link_prints_another_one_for_an_address(run: Run) -> None:
    run("user", "add", "mira", "--role", "reader")
    result = run("user", "link", "MIRA", "--address", "https://incidents.example.org/")
    assert result.output.startswith("https://incidents.example.org/sign-in/")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("user", "link", "nobody"), "no account named nobody"),
        (("user", "add", " ", "--role", "reader"), "Enter the name"),
        (("audit", "verify", "--config", "nope.toml"), "there is no such file"),
    ],
)
def test_what_can_be_mended_is_one_line(run: Run, words: tuple[str, ...], told: str) -> None:
    assert told in refused(run(*words))


def test_a_wrong_word_is_click_s_own_affair(run: Run) -> None:
    assert run("user", "add", "mira", "--role", "emperor").exit_code == 2


def test_audit_verify_counts_what_holds(run: Run) -> None:
    run("user", "add", "mira", "--role", "reader")
    result = run("audit", "verify")
    assert (result.exit_code, result.output) == (0, "2 entries hold.\n")


def test_audit_verify_names_what_does_not(run: Run, services: Services) -> None:
    run("user", "add", "mira", "--role", "reader")
    services.archive.write_note(HEAD_NOTE, f"9 {'a' * 64}")
    assert "cut off" in refused(run("audit", "verify"))


def test_a_database_that_does_not_answer_is_one_line(folder: Path) -> None:
    env = {"INCIDENTS_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"}
    line = refused(CliRunner().invoke(main, ["audit", "verify"], env=env))
    assert line.startswith("Error: The database:")


def test_demo_loads_once(run: Run) -> None:
    assert run("demo").output == "17 incidents are loaded.\n"
    assert "already holds incidents" in refused(run("demo"))


@pytest.fixture
def served(folder: Path, free_port: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*COMMAND, "serve", "--demo", "--port", str(free_port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell's job in the background ignores Ctrl+C, and what it starts would too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    with process:
        yield process
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=20)
        finally:
            process.kill()


def test_serve_demo_needs_nothing_and_prints_links_that_answer(
    served: subprocess.Popen[str], free_port: int
) -> None:
    assert served.stdout is not None
    lines = [served.stdout.readline() for _ in range(4)]
    assert f"http://127.0.0.1:{free_port};" in lines[0]
    found = {words[4]: words[5] for words in map(str.split, lines[1:])}
    assert set(found) == {"researcher", "reviewer", "admin"}
    for name, address in found.items():
        with urllib.request.urlopen(address, timeout=20) as page:
            assert name in page.read().decode()


def test_a_port_that_is_taken_is_one_line(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ended = subprocess.run(
            [*COMMAND, "serve", "--port", port], capture_output=True, text=True, check=False
        )
    assert ended.returncode == 1
    assert (
        ended.stderr
        == f"Error: 127.0.0.1:{port}: address already in use; choose another with --port.\n"
    )


def test_open_services_reaches_for_nothing(services: Services) -> None:
    nowhere = services.config.model_copy(
        update={"database_url": "postgresql+psycopg://x@[::1]:9/x"}
    )
    open_services(nowhere).database.dispose()
