"""Owns PostgreSQL for the tests: a temporary cluster of their own, or the server that
INCIDENTS_TEST_POSTGRES_URL names. Refuses to touch the machine's running server unasked.

As a pytest plugin (pyproject.toml loads it) it shares one cluster, made when first asked for,
between all workers of a run. `temporary_cluster()` gives one to anything else.
"""

import fcntl
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

GIVEN_URL = "INCIDENTS_TEST_POSTGRES_URL"
SHARED_FOLDER = "INCIDENTS_TEST_POSTGRES_FOLDER"
_WATCHER = pytest.StashKey[subprocess.Popen[bytes]]()

# initdb refuses root.
_UNPRIVILEGED = ("postgres", "nobody")
# A language's collation and a zone that is not UTC, so that a query which forgets COLLATE "C" or
# a time which forgets its zone fails here and not at a team's server.
_INITDB = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
_INITDB_ICU = ("--locale-provider=icu", "--icu-locale=en-US", "--no-sync", "--no-instructions")
_SETTINGS = {
    "listen_addresses": "",
    "timezone": "Asia/Kathmandu",
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}
# Reads until the run ends, however it ends: the pipe closes with its process, even at SIGKILL.
_WATCH = """
cat >/dev/null
pid_file="$1/data/postmaster.pid"
pid=$(head -n 1 "$pid_file" 2>/dev/null) && kill -QUIT "$pid"
tries=100
while [ -e "$pid_file" ] && [ $tries -gt 0 ]; do sleep 0.05; tries=$((tries - 1)); done
rm -rf "$1"
"""


class PostgresMissing(Exception):
    """There is no PostgreSQL here to make a cluster with; the message says what to install."""


@dataclass(frozen=True)
class Postgres:
    """A server to make databases on; `url` is that of a database it has already."""

    url: str

    def create_database(self, template: str | None = None) -> str:
        """A new database's URL; a copy of `template` (a URL nobody is connected to) if given."""
        name = f"incidents_test_{secrets.token_hex(6)}"
        copy_of = ""
        if template:
            # Without fsync copying files is five times as fast as writing them through the log.
            copy_of = f' TEMPLATE "{make_url(template).database}" STRATEGY FILE_COPY'
        self._run(f'CREATE DATABASE "{name}"{copy_of}')
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def drop_database(self, url: str) -> None:
        """Drop it even if somebody is connected still."""
        self._run(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    @contextmanager
    def database(self, template: str | None = None) -> Iterator[str]:
        url = self.create_database(template)
        try:
            yield url
        finally:
            self.drop_database(url)

    def _run(self, statement: str) -> None:
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(text(statement))


@contextmanager
def temporary_cluster() -> Iterator[Postgres]:
    """A cluster that ends with the block, or with the process."""
    folder = _new_folder()
    watcher = _watch(folder)
    try:
        yield _started(folder)
    finally:
        _end(watcher)


def shared() -> Postgres:
    """The run's server, made by whichever worker asks first. PostgresMissing if it can't be."""
    given = os.environ.get(GIVEN_URL)
    if given:
        return Postgres(
            make_url(given).set(drivername="postgresql+psycopg").render_as_string(False)
        )
    folder = Path(os.environ[SHARED_FOLDER])
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _started(folder)


@pytest.fixture(scope="session")
def postgres() -> Postgres:
    try:
        return shared()
    except PostgresMissing as error:
        lacking(str(error))


def lacking(what: str) -> NoReturn:
    """End the test for want of a program: skipped on a desk, failed on CI."""
    if os.environ.get("CI") == "true":
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput") or os.environ.get(GIVEN_URL):
        return
    folder = _new_folder()
    os.environ[SHARED_FOLDER] = str(folder)
    config.stash[_WATCHER] = _watch(folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    watcher = config.stash.get(_WATCHER, None)
    if watcher is not None:
        _end(watcher)


def _new_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="incidents-pg-"))
    # A socket's whole path may have 107 bytes.
    if len(str(folder)) > 80:
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix="incidents-pg-", dir="/tmp"))
    return folder


def _watch(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        ["sh", "-c", _WATCH, "sh", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _end(watcher: subprocess.Popen[bytes]) -> None:
    assert watcher.stdin is not None
    watcher.stdin.close()
    watcher.wait()


def _started(folder: Path) -> Postgres:
    """The cluster of this folder, made and started if it is not yet."""
    socket = folder / "socket"
    url = f"postgresql+psycopg://postgres@/postgres?host={socket}"
    ready = folder / "ready"
    if ready.exists():
        return Postgres(url)
    account = _account(folder)
    data = folder / "data"
    shutil.rmtree(data, ignore_errors=True)
    socket.mkdir(mode=0o700, exist_ok=True)
    if account:
        os.chown(socket, *account)
    _run([_program("initdb"), *_INITDB, *_INITDB_ICU, str(data)], folder, account)
    settings = {**_SETTINGS, "unix_socket_directories": str(socket)}
    with (data / "postgresql.conf").open("a") as file:
        file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
    start = [_program("pg_ctl"), "start", "-w", "-D", str(data), "-l", str(data / "server.log")]
    _run(start, folder, account)
    ready.touch()
    return Postgres(url)


def _account(folder: Path) -> tuple[int, int] | None:
    """The user and group that run the server and own its folder; None for this process's own."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = next(names[name] for name in _UNPRIVILEGED if name in names)
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    return entry.pw_uid, entry.pw_gid


def _program(name: str) -> str:
    newest_first = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"),
        key=lambda path: float(path.parts[4]),
        reverse=True,
    )
    found = str(newest_first[0]) if newest_first else shutil.which(name)
    if not found:
        raise PostgresMissing(
            f"The tests need PostgreSQL 15 or newer ({name}): install the package postgresql."
        )
    return found


def _run(command: list[str], folder: Path, account: tuple[int, int] | None) -> None:
    user, group = account or (None, None)
    result = subprocess.run(
        command,
        cwd=folder,
        user=user,
        group=group,
        extra_groups=[] if account else None,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        log = folder / "data" / "server.log"
        told = log.read_text() if log.exists() else ""
        raise RuntimeError(f"{command[0]} failed: {result.stdout}{result.stderr}{told}")
