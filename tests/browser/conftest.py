"""A real server and the system's Chromium: what a person sees, with nothing in between."""

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from werkzeug.serving import make_server

from tests.postgres import lacking

# The first has no window to keep drawn: a page of its own costs half as much.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Site:
    """The app as served on a loopback port."""

    url: str
    app: Flask


class Answering:
    """The app, and how many requests it has in hand."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self.requests = 0
        self.nobody = threading.Condition()

    def __call__(self, environ: Any, start_response: Any) -> Any:
        with self.nobody:
            self.requests += 1
        try:
            return self._app(environ, start_response)
        finally:
            with self.nobody:
                self.requests -= 1
                self.nobody.notify_all()


@pytest.fixture
def site(app: Flask) -> Iterator[Site]:
    # Not the one people run, which can't be stopped from another thread without a complaint.
    answering = Answering(app)
    server = make_server("127.0.0.1", 0, answering, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", app)
    server.shutdown()
    server.server_close()
    thread.join(5)
    # A page that was left may still be asking: its connections go back first.
    with answering.nobody:
        answering.nobody.wait_for(lambda: answering.requests == 0, 10)


def browser_program() -> str | None:
    """The path of the system's browser."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = browser_program()
    if path is None:
        lacking("a browser: install Debian's package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def signed_in_by(page: Page, link: str) -> None:
    """The link's page takes the focus to its button only once it is drawn: wait for that."""
    page.goto(link)
    expect(page.locator("main button")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in/" not in url)


@pytest.fixture
def person(chromium: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """`person("/sign-in/…")`: a browser of their own, signed in by that one-time link.

    Fails at the end when a page logged an error or asked anything of another host.
    """
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def browse(link: str, **options: object) -> Page:
        context = chromium.new_context(base_url=site.url, **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda m: troubles.append(m.text) if m.type == "error" else None)
        page.on(
            "request",
            lambda asked: None if asked.url.startswith(site.url) else troubles.append(asked.url),
        )
        signed_in_by(page, link)
        return page

    yield browse
    for context in contexts:
        context.close()
    # A refused form answers 422, which Chromium logs as an error of its own.
    assert [one for one in troubles if "422" not in one] == []
