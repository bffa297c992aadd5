"""From an address to the reading room in a browser: while it comes, when it is here, without a
script, and when it can't be had."""

import socket
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect

from incidents.config import Settings
from incidents.services import Services
from tests.browser.conftest import Site
from tests.browser.screens import link_of
from tests.conftest import Demo
from tests.infrastructure.pages import PARAGRAPHS, page
from tests.sites import Web, answer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
Visit = Callable[..., Page]
HEAD = "<meta property='og:site_name' content='The Observer'>"
PAGE = answer(page(head=HEAD).encode())


@pytest.fixture
def settings(settings: Settings, web: Web) -> Settings:
    return settings.model_copy(update={"fetch_allow": (web.pair,)})


@pytest.fixture
def threads(app: Flask) -> list[threading.Thread]:
    """As in life: what is fetched goes on beside its request."""
    begun: list[threading.Thread] = []

    def start(job: Callable[[], None]) -> None:
        begun.append(threading.Thread(target=job))
        begun[-1].start()

    app.extensions["incidents"] = replace(app.extensions["incidents"], start=start)
    return begun


def visit(person: Visit, services: Services, demo: Demo, **options: object) -> Page:
    return person(link_of(services, demo.people["researcher"]), **options)


def add(browsing: Page, address: str) -> None:
    browsing.goto("/")
    browsing.locator("#text").fill(address)
    browsing.get_by_role("button", name="Add this source").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_page_is_waited_for_and_kept(
    site: Site,
    demo: Demo,
    services: Services,
    person: Visit,
    web: Web,
    threads: list[threading.Thread],
    scripts: bool,
) -> None:
    come = threading.Event()

    def slowly(connection: socket.socket) -> None:
        connection.sendall(PAGE[:400])
        come.wait(60)
        connection.sendall(PAGE[400:])

    web.says["/square"] = slowly
    browsing = visit(person, services, demo, java_script_enabled=scripts)
    add(browsing, web.url("/square"))
    expect(browsing.get_by_role("heading", name="Fetching a page")).to_be_visible()
    expect(browsing.locator("[data-words]")).to_have_text("400 bytes received from 127.0.0.1 …")
    expect(browsing.locator("[aria-current=step]")).to_have_text("Receive the page")
    # Left, and found again.
    browsing.goto("/")
    expect(browsing.get_by_role("link", name=web.url("/square"))).to_be_visible()
    browsing.get_by_role("link", name="See how far it is").click()
    come.set()
    expect(browsing.get_by_label("Title", exact=True)).to_have_value("Police open fire in square")
    expect(browsing.get_by_label("Publisher")).to_have_value("The Observer")
    browsing.get_by_role("button", name="Keep a copy and read").click()
    expect(browsing.get_by_text(PARAGRAPHS[0])).to_be_visible()
    for thread in threads:
        thread.join(20)


def test_each_state_can_be_used_by_everybody(
    site: Site, demo: Demo, services: Services, person: Visit, web: Web, app: Flask
) -> None:
    jobs: list[Callable[[], None]] = []
    app.extensions["incidents"] = replace(app.extensions["incidents"], start=jobs.append)
    web.says["/wall"] = answer(page(["Subscribe to read on."], head=HEAD).encode())
    web.says["/gone"] = answer(status="410 Gone")
    browsing = visit(person, services, demo)

    def looked_at(words: str) -> None:
        expect(browsing.get_by_text(words).first).to_be_visible()
        found = Axe().run(browsing).response["violations"]
        assert [one["id"] for one in found] == [], words

    add(browsing, web.url("/wall"))
    looked_at("Waiting for other pages")
    browsing.goto("/")
    looked_at("See how far it is")
    jobs.pop()()
    browsing.goto("/")
    browsing.get_by_role("link", name="Go on with it").click()
    looked_at("a paywall or a consent page is suspected")
    add(browsing, web.url("/gone"))
    expect(browsing.get_by_text("Waiting for other pages").first).to_be_visible()
    jobs.pop()()
    looked_at("there is no such page (410)")
    browsing.goto("/sources/SRC-2026-00001/snapshots/new")
    looked_at("Another copy")


def test_what_is_stopped_leads_back_and_leaves_nothing(
    site: Site,
    demo: Demo,
    services: Services,
    person: Visit,
    web: Web,
    threads: list[threading.Thread],
) -> None:
    web.says["/square"] = web.hang
    browsing = visit(person, services, demo)
    browsing.goto("/sources/new")
    browsing.get_by_label("Web address", exact=False).first.fill(web.url("/square"))
    browsing.get_by_role("button", name="Fetch this page").click()
    expect(browsing.locator("[data-words]")).to_have_text("Connecting to 127.0.0.1 …")
    browsing.get_by_role("button", name="Stop").click()
    expect(browsing.get_by_role("button", name="Add this source")).to_be_visible()
    expect(browsing.get_by_text("From the web")).to_have_count(0)
    web.over.set()
    for thread in threads:
        thread.join(20)
