"""Exports and pages stay small whatever they hold: statements, and memory."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import event

from incidents.db import Database
from incidents.incident.columns import TABLES
from incidents.incident.queries.listing import DEFAULT_ORDER, ORDERS, page_of_incidents
from incidents.incident.queries.names import filter_from_args
from incidents.incident.queries.totals import totals
from incidents.paging import PageAsked
from incidents.services import Services
from incidents.viewer import OPERATOR
from tests.bench.generate import generate
from tests.factories import selects
from tests.grown import FEW, MANY, Grown
from tests.incident.exported import Article, exported
from tests.incident.rows import KEYRING

ROWS = 60
GROWTH_MB = 20


@pytest.fixture
def many(services: Services) -> Article:
    with services.database.writing() as session:
        generate(session, ROWS, seed=7)
    return Article(services, {}, {})


def statements(article: Article, table: str, batch: int, profile: str) -> int:
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(article.database.engine, "before_cursor_execute", note)
    try:
        exported(
            article,
            table,
            "" if profile == "public" else "status=any",
            batch=batch,
            profile=profile,
        )
    finally:
        event.remove(article.database.engine, "before_cursor_execute", note)
    return len(seen)


@pytest.mark.parametrize("table", [name for name in TABLES if name != "sources"])
def test_statements_grow_by_the_batch_and_not_by_the_row(many: Article, table: str) -> None:
    # Whole batches, and a last empty one that ends them.
    one, two, three = (statements(many, table, ROWS // n, "internal") for n in (1, 2, 3))
    assert two - one == three - two
    assert two - one <= 11


@pytest.mark.parametrize("profile", ["internal", "public"])
@pytest.mark.parametrize("table", TABLES)
def test_one_batch_takes_few_statements(many: Article, table: str, profile: str) -> None:
    assert statements(many, table, 1000, profile) <= 16


def test_generated_rows_are_the_same_for_the_same_seed(
    many: Article, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows = exported(many, "incidents", "status=any")
    assert rows.count(b"INC-2026-") >= ROWS
    with many.database.writing() as session:
        generate(session, 5, seed=8)
    assert exported(many, "incidents", "status=any").startswith(rows[:20_000])


def measured(url: str) -> tuple[int, float]:
    """Rows of an export, and the peak resident MB of a process that does nothing else."""
    script = """
import sys
from pathlib import Path
from sqlalchemy.event import listen
from incidents.db import Database
from incidents.incident.exports import ExportOptions, Profile, stream, Tally
from incidents.incident.columns import ColumnSet
from incidents.incident.filters import IncidentFilter
from incidents.viewer import OPERATOR
database = Database(sys.argv[1])
if database.is_sqlite:
    # The engine's own cache of pages has a bound of its own, above what a small file fills.
    listen(database.engine, "connect", lambda c, _: c.execute("PRAGMA cache_size=-2000"))
options = ExportOptions("incidents", Profile.INTERNAL, ColumnSet.FULL)
asked = IncidentFilter.from_args([("status", "any")], OPERATOR)
tally = Tally()
for chunk in stream(database, asked, OPERATOR, options, tally):
    pass
# Not ru_maxrss: a new process is born with the peak of the one that started it.
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(tally.rows, int(status["VmHWM"].split()[0]) / 1024)
"""
    told = subprocess.run(
        [sys.executable, "-c", script, url],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    ).stdout.split()
    return int(told[0]), float(told[1])


def listed(url: str) -> tuple[int, int]:
    """Incidents found by a filtered page with its totals, and the statements that took."""
    database = Database(url)
    with database.reading() as session, selects(database) as sent:
        asked = filter_from_args(session, [("type", "detention")], OPERATOR, KEYRING)
        page = page_of_incidents(session, asked, OPERATOR, PageAsked(ORDERS[DEFAULT_ORDER]))
        totals(session, asked, OPERATOR)
    database.dispose()
    return page.count, len(sent)


def test_ten_times_the_rows_take_no_more_statements_nor_memory(grown: Grown) -> None:
    (few, before), (many, after) = measured(grown.few), measured(grown.many)
    found, sent = listed(grown.few)
    found_later, sent_later = listed(grown.many)
    assert (few, many) == (FEW, MANY)
    assert after - before < GROWTH_MB
    assert found_later > 5 * found > 0
    assert sent_later == sent
