"""Databases of many made-up incidents, for tests of what must not grow with them.

To make them takes ten seconds of each engine; tests that ask for `grown` run on one worker, which
makes them once. Read from them as they are; who writes takes a copy.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from incidents.db import Database
from tests.bench.generate import generate
from tests.postgres import Postgres

FEW, MANY = 2_000, 20_000
# Places and parties which half of all incidents name: ten times as many each, among the many.
NAMED_MOST = 8


@dataclass(frozen=True)
class Grown:
    """The URLs of FEW and of MANY incidents; `postgres` is theirs, or None on SQLite."""

    few: str
    many: str
    postgres: Postgres | None = None

    @contextmanager
    def copy(self, url: str, folder: Path) -> Iterator[str]:
        """One of the two to write to; in this folder, if it is a file."""
        if self.postgres is not None:
            with self.postgres.database(url) as made:
                yield made
            return
        file = folder / "grown.sqlite3"
        shutil.copyfile(url.removeprefix("sqlite:///"), file)
        yield f"sqlite:///{file}"


def grow(url: str, incidents: int) -> str:
    """The same URL, its database filled."""
    database = Database(url)
    with database.writing() as session:
        generate(session, incidents, few=NAMED_MOST)
    database.dispose()
    return url


def _engine(name: str, *marks: pytest.MarkDecorator) -> object:
    return pytest.param(name, marks=[pytest.mark.xdist_group(f"grown on {name}"), *marks])


@pytest.fixture(
    scope="session",
    params=[_engine("sqlite"), _engine("postgresql", pytest.mark.postgres)],
)
def grown(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Grown]:
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        folder = tmp_path_factory.mktemp("grown")
        few, many = (
            grow(f"sqlite:///{shutil.copyfile(template, folder / f'{incidents}')}", incidents)
            for incidents in (FEW, MANY)
        )
        yield Grown(few, many)
        shutil.rmtree(folder)
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    template_url: str = request.getfixturevalue("postgresql_template")
    with postgres.database(template_url) as few, postgres.database(template_url) as many:
        yield Grown(grow(few, FEW), grow(many, MANY), postgres)
