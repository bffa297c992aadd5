"""Fixtures every test may use: a migrated database on each engine, the app over it, browsers signed
in as somebody, a clock that stands still. Sockets other than loopback are closed."""

import base64
import itertools
import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import CodeType
from typing import Any

import flask
import hypothesis
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import Pool

from incidents import migrate, passwords
from incidents.account.queries import viewer_by_name
from incidents.app import create_app
from incidents.archive import Archive
from incidents.config import Settings
from incidents.crypto import Keyring
from incidents.db import Database
from incidents.demo.imports import PEOPLE, load
from incidents.services import Services, open_services
from incidents.viewer import Role, Viewer
from tests.factories import Person, account, signed_in_token
from tests.grown import grown
from tests.postgres import Postgres
from tests.postgres_copies import Copies
from tests.sites import Web, web_of
from tests.team import People, Team

# Of a module of their own; here, every test has the same ones.
__all__ = ["grown"]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
# However busy the machine is: no test fails for being slow.
hypothesis.settings.register_profile(
    "patient",
    hypothesis.settings(),
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("patient")
_NAME_KEY = base64.b64encode(bytes(range(32))).decode()


@event.listens_for(Pool, "checkout")
def _without_waiting_for_the_disk(connection: Any, _record: Any, _proxy: Any) -> None:
    """No test pulls the plug of its own process."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")


class Compiled(BytecodeCache):
    """Templates as compiled once, by name and words: each app would do it anew, which is a third of
    the time of a page's test."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._code[bucket.key, bucket.checksum] = bucket.code


class Statements(dict[tuple[Any, ...], Any]):
    """Statements as compiled once, by the engine's name: each database opened would do it anew,
    which is a tenth of the time of a page's test."""

    MOST = 3000

    @staticmethod
    def _by_name(key: tuple[Any, ...]) -> tuple[Any, ...]:
        dialect, *said = key
        return dialect.name, *said

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        return super().get(self._by_name(key), default)

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        if len(self) >= self.MOST:
            self.clear()
        super().__setitem__(self._by_name(key), compiled)


_STATEMENTS = Statements()


@event.listens_for(Engine, "engine_connect")
def _with_statements_compiled_once(connection: Connection) -> None:
    connection.engine._compiled_cache = _STATEMENTS


class StandingClock:
    """Stands at one moment until a test moves it."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise OSError(f"a test reached for {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is asked of a server elsewhere, by no socket of Python's."""
    resolve = socket.getaddrinfo

    def guarded(host: Any, *arguments: Any, **more: Any) -> Any:
        if host not in (None, "", "localhost", b"localhost"):
            more["flags"] = more.get("flags", 0) | socket.AI_NUMERICHOST
        return resolve(host, *arguments, **more)

    monkeypatch.setattr(socket, "getaddrinfo", guarded)


@pytest.fixture
def web() -> Iterator[Web]:
    """Somebody's web server."""
    with web_of() as web:
        yield web


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """The real cost of one hash is a fifth of a second; a test of passwords.py looks at that."""
    real = passwords._hasher
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    passwords._nobodys.cache_clear()
    yield
    passwords._hasher = real
    passwords._nobodys.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def _templates_compiled_once() -> Iterator[None]:
    """Of every app of this process, which share nothing else."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": Compiled()})
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy; all of it in one file, without a journal beside it."""
    file = tmp_path_factory.mktemp("template") / "template.sqlite3"
    migrate.upgrade(f"sqlite:///{file}")
    _into_one_file(f"sqlite:///{file}")
    return file


def _into_one_file(url: str) -> None:
    database = Database(url)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
        connection.rollback()
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()


@dataclass(frozen=True)
class DemoTemplate:
    """The demo as loaded once: its database, its archive, JZ-01 → reference."""

    url: str
    archive: Path
    references: Mapping[str, str]


@contextmanager
def _opened(url: str, archive: Path) -> Iterator[Services]:
    settings = Settings(
        database_url=url, archive=archive, secret_key="demo " + "x" * 32, name_key=_NAME_KEY
    )
    services = open_services(settings, StandingClock())
    yield services
    services.database.dispose()


def _loaded(url: str, archive: Path) -> DemoTemplate:
    with _opened(url, archive) as services:
        return DemoTemplate(url, archive, load(services))


@pytest.fixture(scope="session")
def sqlite_demo(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> DemoTemplate:
    folder = tmp_path_factory.mktemp("demo")
    shutil.copyfile(sqlite_template, folder / "demo.sqlite3")
    template = _loaded(f"sqlite:///{folder / 'demo.sqlite3'}", folder / "archive")
    _into_one_file(template.url)
    return template


@pytest.fixture(scope="session")
def postgresql_demo(
    postgres: Postgres, postgresql_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DemoTemplate]:
    with postgres.database(postgresql_template) as url:
        yield _loaded(url, tmp_path_factory.mktemp("demo") / "archive")


@dataclass(frozen=True)
class TeamTemplate:
    """The people at work as entered once, and the vocabularies."""

    url: str
    people: People


@pytest.fixture(scope="session")
def sqlite_team(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> TeamTemplate:
    folder = tmp_path_factory.mktemp("team")
    url = f"sqlite:///{shutil.copyfile(sqlite_template, folder / 'team.sqlite3')}"
    with _opened(url, folder / "archive") as services:
        template = TeamTemplate(url, Team(services).people)
    _into_one_file(url)
    return template


@pytest.fixture(scope="session")
def postgresql_team(
    postgres: Postgres, postgresql_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TeamTemplate]:
    with postgres.database(postgresql_template) as url:
        with _opened(url, tmp_path_factory.mktemp("team") / "archive") as services:
            people = Team(services).people
        yield TeamTemplate(url, people)


@pytest.fixture(scope="session")
def postgresql_template(postgres: Postgres) -> Iterator[str]:
    """A migrated database to copy; nobody is connected to it."""
    with postgres.database() as url:
        migrate.upgrade(url)
        yield url


@pytest.fixture(scope="session")
def copies(postgres: Postgres) -> Iterator[Copies]:
    copies = Copies(postgres)
    yield copies
    copies.drop_all()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh migrated database of each engine, by copying a template: with nothing in it, or what
    the test asks for."""
    engine = request.param
    template = request.getfixturevalue(f"{engine}_template")
    if "demo" in request.fixturenames:
        template = request.getfixturevalue(f"{engine}_demo").url
    elif "people_at_work" in request.fixturenames:
        template = request.getfixturevalue(f"{engine}_team").url
    if engine == "sqlite":
        file = tmp_path / "incidents.sqlite3"
        shutil.copyfile(str(template).removeprefix("sqlite:///"), file)
        yield f"sqlite:///{file}"
        return
    copies: Copies = request.getfixturevalue("copies")
    unused = request.node.get_closest_marker("unused_database") is not None
    with copies.of(template, unused=unused) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def keyring() -> Keyring:
    return Keyring.from_base64(_NAME_KEY)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        database_url=database_url,
        archive=tmp_path / "archive",
        secret_key="only for the tests: " + "x" * 32,
        name_key=_NAME_KEY,
    )


@pytest.fixture
def services(settings: Settings, clock: StandingClock) -> Iterator[Services]:
    services = open_services(settings, clock)
    yield services
    services.database.dispose()


@pytest.fixture
def app(settings: Settings, clock: StandingClock) -> Iterator[Flask]:
    """Errors nobody caught reach the test; form tokens are asked for as in life; what goes on in
    the background is done before its request is answered."""
    app = create_app(settings, clock=clock)
    app.testing = True
    app.extensions["incidents"] = replace(app.extensions["incidents"], start=lambda job: job())
    yield app
    app.extensions["incidents"].database.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser nobody has signed in with."""
    return app.test_client()


@dataclass
class Browser:
    """A browser of somebody who is signed in; `post` sends the form token along."""

    client: FlaskClient
    person: Person

    @property
    def viewer(self) -> Viewer:
        return self.person.viewer

    def get(self, address: str, **more: Any) -> Any:
        return self.client.get(address, **more)

    def post(self, address: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        data = {"csrf_token": form_token(self.client), **(data or {})}
        return self.client.post(address, data=data, **more)


@pytest.fixture
def sign_in(app: Flask) -> Callable[..., Browser]:
    """`sign_in("researcher")`, `sign_in("researcher", "reviewer")`, `sign_in(person=…)`."""
    numbers = itertools.count(1)

    def browser(*roles: str, person: Person | None = None) -> Browser:
        if person is None:
            name = " ".join([*roles, str(next(numbers))])
            person = account(app.extensions["incidents"], name, *(Role(role) for role in roles))
        return browser_of(app, person)

    return browser


def browser_of(app: Flask, person: Person) -> Browser:
    """A new browser, signed in."""
    client = app.test_client()
    token = signed_in_token(app.extensions["incidents"], person)
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
        cookie["account"] = person.id
    return Browser(client, person)


def form_token(client: FlaskClient) -> str:
    """The form token of this browser's session, made if it has none yet."""
    with client.session_transaction() as cookie:
        raw = cookie.setdefault("csrf_token", "f" * 40)
    with client.application.test_request_context():
        flask.session["csrf_token"] = raw
        return str(generate_csrf())


@dataclass(frozen=True)
class Demo:
    """The demo in a database of its own: JZ-01 → its reference, and the three people of it."""

    services: Services
    references: Mapping[str, str]
    people: Mapping[str, Viewer]

    @property
    def database(self) -> Database:
        return self.services.database

    @property
    def keyring(self) -> Keyring:
        return self.services.keyring


@pytest.fixture
def demo(request: pytest.FixtureRequest, services: Services, tmp_path: Path) -> Demo:
    """Loaded through the app's own actions; the `app` fixture of the same test serves it."""
    engine = "sqlite" if services.database.is_sqlite else "postgresql"
    template: DemoTemplate = request.getfixturevalue(f"{engine}_demo")
    shutil.copytree(template.archive, tmp_path / "archive", dirs_exist_ok=True)
    with services.database.reading() as session:
        people = {name: viewer_by_name(session, name) for name in PEOPLE}
    return Demo(
        services, template.references, {name: v for name, v in people.items() if v is not None}
    )


@pytest.fixture
def people_at_work(request: pytest.FixtureRequest, services: Services) -> People | None:
    """Who is in the database from its start; None beside the demo, which has people of its own."""
    if "demo" in request.fixturenames:
        return None
    engine = "sqlite" if services.database.is_sqlite else "postgresql"
    template: TeamTemplate = request.getfixturevalue(f"{engine}_team")
    return template.people


@pytest.fixture
def team(services: Services, people_at_work: People | None) -> Team:
    """People at work in a database of their own that holds nothing but the vocabularies."""
    return Team(services, people_at_work)
