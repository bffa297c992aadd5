"""How long the listing, its count and its CSV take beside raw SQL, a bare render and the `sqlite3`
shell, in one process: `python -m tests.bench`; it prints the tables that stand in README.md.

The middle of several: processor time of this process, or with PostgreSQL, whose work is its
server's, the time that passed.
"""

import argparse
import cProfile
import csv
import io
import os
import platform
import pstats
import resource
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any
from urllib.parse import parse_qsl

import psycopg
from sqlalchemy import make_url

from incidents import migrate
from incidents.app import create_app
from incidents.config import Settings
from incidents.incident.actions import mend_search
from incidents.incident.filters import IncidentFilter
from incidents.incident.queries.listing import count_of_incidents
from incidents.viewer import OPERATOR, Role
from tests.bench import listing
from tests.bench.generate import generate
from tests.bench.listing import Question, Rows
from tests.conftest import Browser, browser_of
from tests.factories import account
from tests.postgres import GIVEN_URL, Postgres, PostgresMissing, temporary_cluster

TIMES, TIMES_OF_FILES = 15, 3
NAME_KEY = "A" * 43 + "="


class Desk:
    """One database with rows in it: the product over it, and a plain connection."""

    def __init__(self, url: str, folder: Path, rows: int) -> None:
        migrate.upgrade(url)
        settings = Settings(
            database_url=url, archive=folder / "archive", secret_key="x" * 40, name_key=NAME_KEY
        )
        self.rows, self.app = rows, create_app(settings)
        services = self.app.extensions["incidents"]
        with services.database.writing() as session:
            generate(session, rows)
        with services.database.writing() as session:
            mend_search(services.work(session, OPERATOR))
            session.commit()
        self.browser: Browser = browser_of(self.app, account(services, "bench", Role.RESEARCHER))
        self.file = make_url(url).database if services.database.is_sqlite else None
        self.raw: Any = (
            sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)
            if self.file
            else psycopg.connect(url.replace("+psycopg", ""))
        )

    @property
    def engine(self) -> str:
        return "SQLite" if self.file else "PostgreSQL"

    @property
    def clock(self) -> Callable[[], float]:
        return process_time if self.file else perf_counter

    def ask(self, statement: str) -> Rows:
        return list(self.raw.execute(statement))

    def page(self, question: Question, path: str = "/incidents") -> bytes:
        answer = self.browser.get(f"{path}?{question.query}")
        body: bytes = answer.get_data()
        assert answer.status_code == 200, (path, question.query, answer.status)
        return body

    def shell(self, statements: list[str], *options: str) -> float | None:
        """Milliseconds of the `sqlite3` shell over the same file, its own start left out."""
        program = shutil.which("sqlite3")
        if program is None or self.file is None:
            return None
        command = [program, "-readonly", *options, self.file]

        def run(text: str) -> None:
            subprocess.run(command, input=text, text=True, stdout=subprocess.DEVNULL, check=True)

        begun = usual(lambda: run("SELECT 1;"), 5, of_children)
        return usual(lambda: run(";\n".join(statements) + ";"), 5, of_children) - begun

    def close(self) -> None:
        self.raw.close()
        self.app.extensions["incidents"].database.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--rows", type=int, nargs="+", default=[2_000, 20_000])
    parser.add_argument("--profile", action="store_true", help="where a page's time goes")
    parser.add_argument("--engines", nargs="+", default=["sqlite", "postgresql"])
    told = parser.parse_args()
    print(
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n"
    )
    for desk in desks(told.rows, told.engines):
        pages(desk)
        counts(desk)
        files(desk)
        if told.profile:
            profile(desk)


def desks(numbers: list[int], engines: list[str]) -> Iterator[Desk]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for rows in numbers if "sqlite" in engines else ():
            url = f"sqlite:///{folder}/{rows}.sqlite3"
            with closing(Desk(url, folder / f"sqlite-{rows}", rows)) as desk:
                yield desk
        if "postgresql" not in engines:
            return
        try:
            server = stack.enter_context(_server())
        except PostgresMissing as error:
            print(f"PostgreSQL is left out: {error}")
            return
        for rows in numbers:
            own = folder / f"postgresql-{rows}"
            with server.database() as url, closing(Desk(url, own, rows)) as desk:
                yield desk


@contextmanager
def _server() -> Iterator[Postgres]:
    given = os.environ.get(GIVEN_URL)
    if given:
        yield Postgres(make_url(given).set(drivername="postgresql+psycopg").render_as_string(False))
        return
    with temporary_cluster() as made:
        yield made


def pages(desk: Desk) -> None:
    print(f"## {desk.engine}, {desk.rows:,} incidents\n")
    print("| page | ours, ms | raw SQL, ms | bare render, ms | ratio | sqlite3 shell, ms |")
    print("|---|---|---|---|---|---|")
    for question in listing.PAGES:
        desk.page(question)
        ours = usual(lambda question=question: desk.page(question), clock=desk.clock)
        hand = question.on_sqlite if desk.file else question.on_postgresql
        found = listing.by_hand(desk.ask, hand)
        assert f"<b>{found[1]} incident" in desk.page(question).decode(), question.name
        raw = usual(lambda hand=hand: listing.by_hand(desk.ask, hand), clock=desk.clock)
        bare = usual(lambda found=found: listing.rendered(found))
        shell = desk.shell(listing.statements(hand))
        print(
            f"| {question.name} | {ours:.1f} | {raw:.1f} | {bare:.1f}"
            f" | {ours / (raw + bare):.1f} × | {_or_none(shell)} |"
        )
    print()


def counts(desk: Desk) -> None:
    """The number alone, as pages and exports ask it, beside one hand-written COUNT."""
    print("| count | ours, ms | raw SQL, ms | ratio | sqlite3 shell, ms |")
    print("|---|---|---|---|---|")
    services = desk.app.extensions["incidents"]
    for question in listing.PAGES:
        statement = listing.counting(question.on_sqlite if desk.file else question.on_postgresql)
        with services.database.reading() as session:
            asked = IncidentFilter.from_args(parse_qsl(question.query), OPERATOR)
            assert count_of_incidents(session, asked, OPERATOR) == desk.ask(statement)[0][0]
            ours = usual(
                lambda asked=asked, session=session: count_of_incidents(session, asked, OPERATOR),
                clock=desk.clock,
            )
        raw = usual(lambda statement=statement: desk.ask(statement), clock=desk.clock)
        shell = desk.shell([statement])
        print(
            f"| {question.name} | {ours:.1f} | {raw:.2f} | {ours / raw:.1f} × | {_or_none(shell)} |"
        )
    print()


def files(desk: Desk) -> None:
    """The CSV of every incident, beside `csv.writer` on a plain cursor over the listing's cells."""
    question = Question("CSV of all, for a report", "status=any", "1 = 1")
    statement = listing.table(question.on_sqlite)

    def plain() -> str:
        text = io.StringIO()
        csv.writer(text).writerows(desk.raw.execute(statement))
        return text.getvalue()

    print("| file | ours, ms | csv.writer on raw SQL, ms | ratio | sqlite3 shell, ms |")
    print("|---|---|---|---|---|")
    ours = usual(lambda: desk.page(question, "/incidents.csv"), TIMES_OF_FILES, desk.clock)
    raw = usual(plain, TIMES_OF_FILES, desk.clock)
    shell = desk.shell([statement], "-csv")
    print(
        f"| {question.name} | {ours:.0f} | {raw:.0f} | {ours / raw:.1f} × | {_or_none(shell)} |\n"
    )


def profile(desk: Desk) -> None:
    """Functions by their own time over thirty pages."""
    kept = cProfile.Profile()
    kept.enable()
    for _ in range(30):
        desk.page(listing.PAGES[0])
    kept.disable()
    pstats.Stats(kept).sort_stats("tottime").print_stats(30)
    pstats.Stats(kept).sort_stats("cumtime").print_stats("incidents/", 40)


def of_children() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def usual(
    act: Callable[[], object], times: int = TIMES, clock: Callable[[], float] = process_time
) -> float:
    """Milliseconds by a clock, the middle of several."""
    taken = []
    for _ in range(times):
        began = clock()
        act()
        taken.append((clock() - began) * 1000)
    return median(taken)


def _or_none(taken: float | None) -> str:
    return "–" if taken is None else f"{taken:.1f}"


if __name__ == "__main__":
    main()
