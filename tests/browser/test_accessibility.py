"""Every page in every state: nothing for axe to find, no sideways scroll, no request elsewhere."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from incidents.services import Services
from incidents.viewer import OPERATOR, Role, Viewer
from incidents.vocabulary.actions import sync_terms
from tests.browser.conftest import Site
from tests.browser.screens import EMPTY, SCREENS, Screen, browse, link_of, names, shown
from tests.conftest import Demo
from tests.factories import account

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PARTS = 3


def faults(page: Page, screen: Screen, named: Mapping[str, Any], url: str) -> list[str]:
    """What is wrong with the screen, in a line each."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(f"{screen.name}: {error}"))
    page.on(
        "request",
        lambda asked: None if asked.url.startswith(url) else found.append(f"asked {asked.url}"),
    )
    shown(page, screen, named)
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wider > 0:
        found.append(f"{screen.name}: {wider} px wider than the window")
    axe = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    for violation in axe.response["violations"]:
        nodes = ", ".join(str(node["target"]) for node in violation["nodes"][:3])
        found.append(f"{screen.name}: {violation['id']} at {nodes}")
    return found


def look(
    browser: Browser,
    site: Site,
    mode: str,
    screens: Sequence[Screen],
    *,
    people: Mapping[str, Viewer],
    named: Mapping[str, Any],
) -> list[str]:
    """The faults of all these screens, each in a window of whom it is seen by."""
    services: Services = site.app.extensions["incidents"]
    found: list[str] = []
    for who in dict.fromkeys(screen.who for screen in screens):
        page = browse(browser, site.url, mode, link_of(services, people[who]) if who else "")
        for screen in screens:
            if screen.who == who:
                tab = page.context.new_page()
                found += faults(tab, screen, named, site.url)
                tab.close()
        page.context.close()
    return found


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("mode", ["light", "dark-phone"])
def test_pages_are_accessible_and_fit(
    demo: Demo, site: Site, chromium: Browser, mode: str, part: int
) -> None:
    reader = account(demo.services, "reader", Role.READER)
    people = {**demo.people, "reader": reader.viewer}
    named = names(demo.services, demo.references)
    assert look(chromium, site, mode, SCREENS[part::PARTS], people=people, named=named) == []


@pytest.mark.parametrize("mode", ["light", "dark-phone"])
def test_pages_of_an_empty_database_are_accessible_and_fit(
    services: Services, site: Site, chromium: Browser, mode: str
) -> None:
    with services.database.writing() as session:
        sync_terms(services.work(session, OPERATOR))
        session.commit()
    newcomer = account(services, "newcomer", Role.RESEARCHER)
    people = {"newcomer": newcomer.viewer}
    assert look(chromium, site, mode, EMPTY, people=people, named={}) == []
