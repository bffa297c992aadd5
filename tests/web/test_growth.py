"""Pages take the same statements at 2,000 incidents and at 20,000: the listing, and one incident,
party, place and event among them, which have ten times as many."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event

from incidents.app import create_app
from incidents.config import Settings
from incidents.db import Database
from incidents.viewer import Role
from tests.conftest import Browser, StandingClock, browser_of
from tests.factories import account
from tests.grown import Grown
from tests.team import Team

# Longer ones take more batches, as test_exports_size counts.
SMALL_EXPORT = "source=SRC-2026-00010&status=any"
PAGES = (
    "/",
    "/incidents",
    "/incidents?type=detention&country=KZ",
    "/incidents?party=party+3&status=any",
    "/incidents?place=1&sort=title",
    "/incidents?from=2010&to=2012&sort=-updated",
    "/incidents?q=police",
    "/incidents?type=killing&country=AQ",
    "/incidents/{recorded}",
    "/incidents/{recorded}/history",
    "/parties",
    "/parties/3",
    "/events",
    "/events/1",
    "/places",
    "/places/1",
    "/sources",
    "/sources?q=police",
    "/sources/SRC-2026-00010",
    "/exports",
    *(
        f"/incidents{table}.csv?{SMALL_EXPORT}"
        for table in ("", "/citations", "/parties", "/figures", "/relations", "/sources")
    ),
)
OF_EVERYBODY = ("/", "/incidents", "/incidents/{recorded}", "/parties/3", "/events/1")


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Whatever is sent while the block runs."""
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def counted(url: str, folder: Path) -> Mapping[str, int]:
    """“researcher /incidents” → how many statements that page took."""
    settings = Settings(
        database_url=url, archive=folder / "archive", secret_key="x" * 40, name_key="A" * 43 + "="
    )
    app = create_app(settings, clock=StandingClock())
    app.testing = True
    services = app.extensions["incidents"]
    try:
        people = {
            role: browser_of(app, account(services, f"one {role}", role))
            for role in (Role.RESEARCHER, Role.READER, Role.ADMIN)
        }
        # Made-up rows have no versions; this one is recorded as people do, beside them.
        recorded = Team(services).recorded(place=1, status="approved")
        return {
            f"{role} {page}": _taken(services.database, browser, page.format(recorded=recorded))
            for role, browser in people.items()
            for page in (PAGES if role is Role.RESEARCHER else OF_EVERYBODY)
        }
    finally:
        services.database.dispose()


def _taken(database: Database, browser: Browser, page: str) -> int:
    with statements(database) as sent:
        answer = browser.get(page)
        body = answer.get_data()
    assert answer.status_code == 200, page
    assert len(body) > 100, page
    return len(sent)


def test_pages_take_the_same_statements_for_ten_times_the_incidents(
    grown: Grown, tmp_path: Path
) -> None:
    found = []
    for name, url in (("few", grown.few), ("many", grown.many)):
        folder = tmp_path / name
        folder.mkdir()
        with grown.copy(url, folder) as copy:
            found.append(counted(copy, folder))
    assert found[0] == found[1]
