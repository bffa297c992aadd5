"""The coded article, wiped and typed in again by hand: the same bytes leave as from the demo.

Nothing is evened out before the comparison, references and times neither: people who enter the
same things in the same order, while the clock stands, get the same.
"""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from incidents.config import Settings
from incidents.incident.columns import TABLES, ColumnSet
from incidents.incident.exports import Wanted, asked_for, stream
from incidents.services import Services, open_services
from incidents.viewer import OPERATOR, Role, Viewer
from incidents.vocabulary.actions import sync_terms
from tests.browser.conftest import Site
from tests.browser.reenter import Known, Picked, fill, fill_by_keyboard, press, related, typed
from tests.conftest import DemoTemplate, StandingClock
from tests.factories import account, one_time_link
from tests.postgres import Postgres

pytestmark = pytest.mark.browser

DATA = files("incidents.demo").joinpath("data")
SAID: Mapping[str, Any] = json.loads(DATA.joinpath("incidents.json").read_text("utf-8"))
# Each with another kind of detail; the others are filled with a mouse at hand.
BY_KEYBOARD = ("JZ-02", "JZ-06", "JZ-15")
ARGS = {
    "everything": {"columns": "full", "status": "any"},
    "the report": {"columns": "report", "status": "any"},
    "for the public": {"columns": "full", "profile": "public"},
}


@pytest.fixture
def demo_beside(
    request: pytest.FixtureRequest, services: Services, settings: Settings, tmp_path: Path
) -> Iterator[Services]:
    """The demo in a database beside the empty one of this test, on the same engine."""
    engine = "sqlite" if services.database.is_sqlite else "postgresql"
    template: DemoTemplate = request.getfixturevalue(f"{engine}_demo")

    def opened(url: str) -> Services:
        beside = settings.model_copy(update={"database_url": url, "archive": template.archive})
        return open_services(beside, StandingClock())

    if engine == "sqlite":
        file = tmp_path / "demo.sqlite3"
        shutil.copyfile(template.url.removeprefix("sqlite:///"), file)
        made = opened(f"sqlite:///{file}")
        yield made
        made.database.dispose()
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    with postgres.database(template.url) as url:
        made = opened(url)
        yield made
        made.database.dispose()


def add_sources(page: Page, known: Known) -> None:
    for said in SAID["sources"]:
        page.goto("/sources/new")
        fields = {name: said.get(name) for name in ("title", "kind", "publisher", "author", "url")}
        fields |= {name: said.get(name) for name in ("language", "published_basis", "reliability")}
        fields |= {"published": said.get("published_edtf")}
        fields |= {"reliability_reason": said.get("reliability_reason")}
        fields |= {"alternate_urls": "\n".join(said.get("alternate_urls", ()))}
        fields |= {"origin": known.sources.get(said.get("origin_group", ""))}
        fill(page, {name: value for name, value in fields.items() if value})
        if "snapshot" in said:
            page.set_input_files("[name=file]", str(DATA.joinpath(said["snapshot"])))
        press(page, "Keep a copy and read")
        if page.locator("[name=same_address_ok]").count():
            # The photograph stands on the article's page.
            page.locator("[name=same_address_ok]").check()
            press(page, "Keep a copy and read")
        known.sources[said["id"]] = page.url.rsplit("/", 1)[1]


def add_places(page: Page, known: Known) -> None:
    for said in SAID["places"]:
        page.goto("/places/new")
        same = ("name", "country", "region", "region_code", "precision")
        fields = {name: said[name] for name in same if name in said}
        fields |= {"aliases": "\n".join(said["aliases"])} if "aliases" in said else {}
        fields |= {"parent": known.places[said["parent"]]} if "parent" in said else {}
        fields |= {"point": f"{said['lat']}, {said['lon']}"} if "lat" in said else {}
        fill(page, fields)
        press(page, "Save place")
        page.get_by_text("is added").first.wait_for()
        known.places[said["id"]] = said["name"]


def add_parties(page: Page, known: Known) -> None:
    """Who belongs to somebody comes after them."""
    last = [said for said in SAID["parties"] if "parent" in said]
    for said in [*(one for one in SAID["parties"] if one not in last), *last]:
        page.goto("/parties/new")
        same = ("kind", "label", "privacy", "name", "sex", "occupation", "note", "sort")
        fields = {name: said[name] for name in same if name in said}
        fields |= {"aliases": "\n".join(said["aliases"])} if "aliases" in said else {}
        fields |= {"parent": Picked(known.parties[said["parent"]][0])} if "parent" in said else {}
        fill(page, fields)
        press(page, "Save the party")
        page.get_by_text("is recorded").first.wait_for()
        known.parties[said["id"]] = (said["label"], said["privacy"] == "protected")


def log_incidents(page: Page, known: Known) -> None:
    """Each as a draft; related once all are there, and submitted."""
    known.event = SAID["event"]["title"]
    for entry in SAID["incidents"]:
        page.goto(f"/incidents/new?source={known.sources['S1']}&type={entry['type']}")
        filling = fill_by_keyboard if entry["id"] in BY_KEYBOARD else fill
        filling(page, typed(entry, known))
        press(page, "Save draft")
        known.incidents[entry["id"]] = _reference(page)
    for entry in SAID["incidents"]:
        reference = known.incidents[entry["id"]]
        if entry["relations"]:
            page.goto(f"/incidents/{reference}/edit")
            fill(page, related(entry, known))
            press(page, "Submit for review")
        else:
            page.goto(f"/incidents/{reference}")
            press(page, "Submit for review")
        page.get_by_text("is waiting for review").first.wait_for()


def _reference(page: Page) -> str:
    page.get_by_text("is saved as a draft").first.wait_for()
    return page.url.rsplit("#", 1)[1]


def decide(page: Page, known: Known) -> None:
    for entry in SAID["incidents"]:
        page.goto(f"/incidents/{known.incidents[entry['id']]}")
        fill(page, {"assess-assessment": entry["assessment"]})
        press(page, "Save the assessment")
        if entry["id"] in SAID["demo"]["approved"]:
            press(page, "Approve")
        elif entry["id"] in SAID["demo"]["returned"]:
            fill(page, {"return-reason": SAID["demo"]["returned"][entry["id"]]})
            press(page, "Return")


def correct(page: Page, known: Known) -> None:
    for code, said in SAID["demo"]["correction"].items():
        page.goto(f"/incidents/{known.incidents[code]}/correct")
        fill(page, said)
        press(page, "Submit the correction")
        page.get_by_text("The correction is waiting for review").first.wait_for()


def downloaded(page: Page, table: str, args: Mapping[str, str]) -> bytes:
    address = "/incidents.csv" if table == "incidents" else f"/incidents/{table}.csv"
    answer = page.request.get(address, params=dict(args))
    assert answer.status == 200
    return answer.body()


def demos(demo: Services, url: str, table: str, args: Mapping[str, str]) -> bytes:
    """The demo's file, with links to the site at this address."""
    viewer = Viewer(1, "researcher", frozenset({Role.RESEARCHER}))
    wanted = Wanted(table, list(args.items()), ColumnSet.REPORT, url)
    with demo.database.reading() as session:
        asked, options = asked_for(demo.work(session, viewer), wanted)
    return b"".join(stream(demo.database, asked, viewer, options, None))


def test_article_typed_in_by_hand_leaves_as_the_same_bytes(
    site: Site, person: Callable[..., Page], services: Services, demo_beside: Services
) -> None:
    with services.database.writing() as session:
        sync_terms(services.work(session, OPERATOR))
        session.commit()
    people = {
        name: account(services, name, Role(name)) for name in ("researcher", "reviewer", "admin")
    }
    known = Known()
    researcher = person(one_time_link(services, people["researcher"]))
    add_sources(researcher, known)
    add_places(researcher, known)
    add_parties(researcher, known)
    log_incidents(researcher, known)
    decide(person(one_time_link(services, people["reviewer"])), known)
    correct(researcher, known)

    for what, args in ARGS.items():
        for table in TABLES:
            if what != "the report" or table == "incidents":
                mine = downloaded(researcher, table, args)
                theirs = demos(demo_beside, site.url, table, args)
                assert mine.decode().splitlines() == theirs.decode().splitlines(), (what, table)
                assert mine == theirs, (what, table)
    assert len(known.incidents) == SAID["expected"]["incidents"]
