"""Every page in every state: nothing for axe to find, no sideways scroll, no request elsewhere.

A page is loaded once and then looked at in every way; axe costs less on a page it has seen.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from incidents.services import Services
from incidents.viewer import OPERATOR, Role, Viewer
from incidents.vocabulary.actions import sync_terms
from tests.browser.conftest import Site
from tests.browser.screens import (
    EMPTY,
    MODES,
    SCREENS,
    Screen,
    browse,
    link_of,
    names,
    shown,
    turned,
)
from tests.conftest import Demo
from tests.factories import account

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What is not a fault is not told, which halves the time.
AXE = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
BY_AXE = ("light", "dark-phone")
PARTS = 4
# One of each kind of page is looked at by axe in right-to-left too; all others for their width.
TELLING = (
    "desk-researcher",
    "incidents-filtered",
    "incident",
    "incident-new",
    "incident-merge",
    "source",
    "source-older-copy",
    "export",
)
# What has to stand on the other side of its page.
SIDES = ".rail, .pane, .inc > aside, .desk > div:nth-child(2)"
ON_THE_LEFT = """sides => [...document.querySelectorAll(sides)]
    .map(one => one.getBoundingClientRect())
    .map(box => box.left + box.right < innerWidth)"""


def faults(page: Page, screen: Screen, named: Mapping[str, Any], url: str) -> list[str]:
    """What is wrong with the screen, in a line each."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(f"{screen.name}: {error}"))
    page.on(
        "request",
        lambda asked: None if asked.url.startswith(url) else found.append(f"asked {asked.url}"),
    )
    shown(page, screen, named)
    # Axe's own script, once for all that follows.
    page.evaluate(Axe().axe_script)
    left: dict[str, list[bool]] = {}
    for mode in MODES:
        turned(page, mode)
        left[mode] = page.evaluate(ON_THE_LEFT, SIDES)
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wider > 0:
            found.append(f"{screen.name}, {mode}: {wider} px wider than the window")
        if mode in BY_AXE or (mode == "right-to-left" and screen.name in TELLING):
            found += [f"{screen.name}, {mode}: {one}" for one in axe_finds(page)]
    if left["right-to-left"] != [not one for one in left["light"]]:
        found.append(f"{screen.name}: what stands beside it is not mirrored")
    return found


def axe_finds(page: Page) -> Iterator[str]:
    for violation in page.evaluate("options => axe.run(options).then(all => all.violations)", AXE):
        nodes = ", ".join(str(node["target"]) for node in violation["nodes"][:3])
        yield f"{violation['id']} at {nodes}"


def look(
    browser: Browser,
    site: Site,
    screens: Sequence[Screen],
    *,
    people: Mapping[str, Viewer],
    named: Mapping[str, Any],
) -> list[str]:
    """The faults of all these screens, each in a window of whom it is seen by."""
    services: Services = site.app.extensions["incidents"]
    found: list[str] = []
    for who in dict.fromkeys(screen.who for screen in screens):
        page = browse(browser, site.url, "light", link_of(services, people[who]) if who else "")
        for screen in screens:
            if screen.who == who:
                tab = page.context.new_page()
                found += faults(tab, screen, named, site.url)
                tab.close()
        page.context.close()
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_pages_are_accessible_and_fit(demo: Demo, site: Site, chromium: Browser, part: int) -> None:
    reader = account(demo.services, "reader", Role.READER)
    people = {**demo.people, "reader": reader.viewer}
    named = names(demo.services, demo.references)
    found = look(chromium, site, SCREENS[part::PARTS], people=people, named=named)
    assert "\n".join(found) == ""


def test_pages_of_an_empty_database_are_accessible_and_fit(
    services: Services, site: Site, chromium: Browser
) -> None:
    with services.database.writing() as session:
        sync_terms(services.work(session, OPERATOR))
        session.commit()
    newcomer = account(services, "newcomer", Role.RESEARCHER)
    assert look(chromium, site, EMPTY, people={"newcomer": newcomer.viewer}, named={}) == []
