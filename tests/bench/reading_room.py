"""The reading room of a long source beside the Janaozen article's:
`python -m tests.bench.reading_room` prints the table that stands in README.md.

A text of 100,000 words with 300 quotes, each of an incident of its own, in one SQLite database with
the demo. The server's time is processor time of this process without a network; the browser's
begins when it asks: the first draw, all scripts run, then words selected and the bar beside them
drawn, then a key that goes to the next quote.
"""

import random
import tempfile
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from incidents import migrate
from incidents.app import create_app
from incidents.config import Settings
from incidents.demo.imports import load
from incidents.incident.actions import record_incident
from incidents.incident.record import CitationSaid, Quote, Record
from incidents.services import Services
from incidents.source.actions import add_source, prepare
from incidents.source.record import SourceSaid, pasted
from incidents.viewer import Role
from tests.browser.conftest import FLAGS, browser_program, signed_in_by
from tests.conftest import browser_of
from tests.factories import Person, account, one_time_link

WORDS, QUOTES, TIMES = 100_000, 300, 7
_OF_ARTICLE = "SRC-2026-00001"
_READY = """() => new Promise((done) => {
  const [page] = performance.getEntriesByType('navigation');
  new PerformanceObserver((list) => {
    for (const one of list.getEntriesByName('first-contentful-paint'))
      done([one.startTime, page.domContentLoadedEventEnd]);
  }).observe({type: 'paint', buffered: true});
})"""
# From the selection to the frame in which the bar is drawn, without the pause that lets one finish.
_SELECT = """() => new Promise((done) => {
  const words = document.querySelectorAll('[data-words] p');
  const bar = document.querySelector('[data-selbar]');
  const began = performance.now();
  new MutationObserver(() => requestAnimationFrame(() => done(performance.now() - began - 150)))
    .observe(bar, {attributes: true, attributeFilter: ['hidden']});
  getSelection().selectAllChildren(words[Math.floor(words.length / 2)]);
})"""
_NEXT = """() => {
  getSelection().removeAllRanges();
  const began = performance.now();
  document.body.dispatchEvent(
    new KeyboardEvent('keydown', {key: ']', code: 'BracketRight', bubbles: true}));
  document.activeElement.getBoundingClientRect();
  return performance.now() - began;
}"""


def long_text(seed: int = 1) -> str:
    """Paragraphs of some hundred words, no two alike."""
    chance = random.Random(seed)
    paragraphs = []
    for number in range(WORDS // 100):
        words = [chance.choice(_PLENTY) for _ in range(97)]
        paragraphs.append(f"Paragraph {number} says: {' '.join(words)}.")
    return "\n\n".join(paragraphs)


_PLENTY = [
    *("police", "station", "street", "women", "men", "children", "officers", "detained"),
    *("released", "beaten", "bread", "milk", "town", "court", "judge", "lawyer", "evening"),
    *("morning", "crowd", "square", "shots", "heard", "questions", "answer", "asked", "told"),
]


def with_quotes(services: Services, person: Person) -> str:
    """The long source's reference; its quotes lie evenly in it, each of an incident of its own."""
    text = long_text()
    ready = prepare(pasted(text), limit_mb=5, protected=False)
    services.archive.put(ready.stored)
    with services.database.writing() as session:
        work = services.work(session, person.viewer)
        source = add_source(work, SourceSaid("A long report", "ngo_report"), ready)
        for number in range(QUOTES):
            start = text.index(" says: ", number * len(text) // QUOTES) + 7
            end = text.index(" ", start + 120)
            quote = Quote(exact=text[start:end], start=start)
            cited = CitationSaid(source=source.id or 0, quote=quote)
            kind = ("detention", "injury", "use_of_force")[number % 3]
            record_incident(work, Record(type=kind, title=f"No. {number}", citations=(cited,)))
        session.commit()
        return source.reference


def middle(times: int, ask: Callable[[], float]) -> float:
    """After one that warms up."""
    ask()
    return median(ask() for _ in range(times))


def of_server(browser: Any, reference: str) -> float:
    """Milliseconds of processor time for one page."""

    def ask() -> float:
        began = process_time()
        answer = browser.get(f"/sources/{reference}")
        assert answer.status_code == 200 and answer.get_data()
        return 1000 * (process_time() - began)

    return middle(TIMES, ask)


def of_browser(page: Page, url: str) -> list[float]:
    """Milliseconds to the first draw, to ready, to the bar beside words, to the next quote."""
    found: list[list[float]] = []
    for _ in range(TIMES + 1):
        page.goto(url, wait_until="load")
        ready = page.evaluate(_READY)
        found.append([*ready, page.evaluate(_SELECT), page.evaluate(_NEXT)])
    return [median(column) for column in zip(*found[1:], strict=True)]


def measured(chromium: Browser, folder: Path) -> list[tuple[str, float, float]]:
    """A row's name, what the article takes and what the long source does."""
    settings = Settings(
        database_url=f"sqlite:///{folder / 'bench.sqlite3'}",
        archive=folder / "archive",
        secret_key="x" * 40,
        name_key="A" * 43 + "=",
    )
    migrate.upgrade(settings.database_url)
    app = create_app(settings)
    services: Services = app.extensions["incidents"]
    load(services)
    person = account(services, "bench", Role.RESEARCHER)
    rooms = [_OF_ARTICLE, with_quotes(services, person)]
    client = browser_of(app, person)
    rows = [("server", *(of_server(client, reference) for reference in rooms))]
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site = f"http://127.0.0.1:{server.server_port}"
    with closing(chromium.new_context(base_url=site)) as context:
        page = context.new_page()
        signed_in_by(page, one_time_link(services, person))
        both = [of_browser(page, f"{site}/sources/{reference}") for reference in rooms]
    server.shutdown()
    names = ("first draw", "ready", "bar beside words", "next quote")
    rows += [(name, few, many) for name, few, many in zip(names, *both, strict=True)]
    services.database.dispose()
    return rows


def main() -> None:
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        chromium = playwright.chromium.launch(executable_path=browser_program(), args=FLAGS)
        rows = measured(chromium, Path(folder))
        chromium.close()
    print("| what | Janaozen article, ms | 100,000 words, 300 quotes, ms | ratio |")
    print("|---|---|---|---|")
    for name, few, many in rows:
        print(f"| {name} | {few:.1f} | {many:.1f} | {many / max(few, 0.05):.1f} × |")


if __name__ == "__main__":
    main()
