"""Pictures of every screen in every mode, into var/screenshots (`make screenshots`)."""

import logging
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from incidents import migrate
from incidents.account.queries import viewer_by_name
from incidents.app import create_app
from incidents.config import Settings
from incidents.demo.imports import PEOPLE, load
from incidents.services import Services
from incidents.viewer import OPERATOR, Role
from incidents.vocabulary.actions import sync_terms
from tests.browser.conftest import FLAGS, browser_program
from tests.browser.screens import EMPTY, MODES, SCREENS, Screen, browse, link_of, names, shown
from tests.factories import account

FOLDER = Path("var/screenshots")


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


def _take(url: str, services: Services, screens: tuple[Screen, ...]) -> None:
    references = load(services) if screens is SCREENS else {}
    named = names(services, references) if references else {}
    with services.database.writing() as session:
        sync_terms(services.work(session, OPERATOR))
        session.commit()
    people = {name: account(services, name, Role(role)).viewer for name, role in _more(references)}
    with services.database.reading() as session:
        for name in PEOPLE if references else ():
            viewer = viewer_by_name(session, name)
            assert viewer is not None
            people[name] = viewer
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_program(), args=FLAGS)
        for mode in MODES:
            for who in dict.fromkeys(screen.who for screen in screens):
                link = link_of(services, people[who]) if who else ""
                page = browse(browser, url, mode, link)
                for screen in (one for one in screens if one.who == who):
                    shown(page, screen, named)
                    page.screenshot(path=FOLDER / f"{screen.name}-{mode}.png", full_page=True)
                page.context.close()
        browser.close()


def _more(references: object) -> list[tuple[str, str]]:
    """Who looks and is not of the demo."""
    return [("reader", "reader")] if references else [("newcomer", "researcher")]


def main() -> None:
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for screens in (SCREENS, EMPTY):
        with tempfile.TemporaryDirectory() as folder, _served(Path(folder)) as (url, services):
            _take(url, services, screens)
    sys.stdout.write(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER}\n")


if __name__ == "__main__":
    main()
