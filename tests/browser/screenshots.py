"""Pictures of every screen in every mode, into var/screenshots (`make screenshots`).

`make screenshots ARGS=--readme` takes the three that the README shows, into docs/pictures.
"""

import logging
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from incidents import migrate
from incidents.account.queries import viewer_by_name
from incidents.app import create_app
from incidents.config import Settings
from incidents.demo.imports import PEOPLE, load
from incidents.services import Services
from incidents.viewer import OPERATOR, Role, Viewer
from incidents.vocabulary.actions import sync_terms
from tests.browser.conftest import FLAGS, browser_program
from tests.browser.screens import EMPTY, MODES, SCREENS, Screen, browse, link_of, names, shown
from tests.factories import account

FOLDER = Path("var/screenshots")
README_FOLDER = Path("docs/pictures")
IN_README = ("source", "incidents-words", "desk-researcher")


@contextmanager
def _served(folder: Path) -> Iterator[tuple[str, Services]]:
    """The app over a new database in this folder, on a free port."""
    settings = Settings(
        database_url=f"sqlite:///{folder / 'incidents.sqlite3'}",
        archive=folder / "archive",
        secret_key="only for pictures: " + "x" * 32,
        name_key="A" * 43 + "=",
    )
    migrate.upgrade(settings.database_url)
    app = create_app(settings)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", app.extensions["incidents"]
    server.shutdown()
    server.server_close()


def _demo(services: Services) -> tuple[Mapping[str, Viewer], Mapping[str, Any]]:
    """Who looks at the demo, and what its addresses name."""
    named = names(services, load(services))
    people = {"reader": account(services, "reader", Role.READER).viewer}
    with services.database.reading() as session:
        for name in PEOPLE:
            viewer = viewer_by_name(session, name)
            assert viewer is not None
            people[name] = viewer
    return people, named


def _nothing_yet(services: Services) -> tuple[Mapping[str, Viewer], Mapping[str, Any]]:
    with services.database.writing() as session:
        sync_terms(services.work(session, OPERATOR))
        session.commit()
    return {"newcomer": account(services, "newcomer", Role.RESEARCHER).viewer}, {}


def _take(browser: Browser, screens: Sequence[Screen], mode: str, folder: Path) -> None:
    """Every screen in one mode; a README's picture is what a window shows, not the whole page."""
    whole = folder == FOLDER
    with tempfile.TemporaryDirectory() as room, _served(Path(room)) as (url, services):
        people, named = (_nothing_yet if screens is EMPTY else _demo)(services)
        for who in dict.fromkeys(screen.who for screen in screens):
            page = browse(browser, url, mode, link_of(services, people[who]) if who else "")
            for screen in (one for one in screens if one.who == who):
                # Two addresses that differ in their fragment alone would be one page.
                page.goto("about:blank")
                shown(page, screen, named)
                page.wait_for_load_state("networkidle")
                name = f"{screen.name}-{mode}.png" if whole else f"{screen.name}.png"
                page.screenshot(path=folder / name, full_page=whole)
            page.context.close()


def main() -> None:
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    readme = [screen for screen in SCREENS if screen.name in IN_README]
    for_readme = "--readme" in sys.argv[1:]
    folder = README_FOLDER if for_readme else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_program(), args=FLAGS)
        for mode in ("light",) if for_readme else MODES:
            for screens in (readme,) if for_readme else (SCREENS, EMPTY):
                _take(browser, screens, mode, folder)
        browser.close()
    sys.stdout.write(f"{len(list(folder.glob('*.png')))} pictures in {folder}\n")


if __name__ == "__main__":
    main()
