"""The first pages over a slow line: bytes, requests, when they can be read, whether they jump.

`python -m tests.bench.slow_line http://127.0.0.1:8000/sign-in/…` with a one-time link of a server
that runs. The lines bear Chromium's names: kbit/s each way, milliseconds there and back.
"""

import sys
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import FLAGS, browser_program, signed_in_by

LINES = {"Slow 3G": (400, 400), "Fast 3G": (1_600, 150)}
PAGES = ("/", "/incidents", "/sources/SRC-2026-00001")
_SEEN = """() => {
  const [paint] = performance.getEntriesByName('first-contentful-paint');
  const [page] = performance.getEntriesByType('navigation');
  return {painted: Math.round(paint.startTime), ready: Math.round(page.domContentLoadedEventEnd),
          shift: window.shifted};
}"""
_WATCH = """window.shifted = 0; new PerformanceObserver(list => {
  for (const one of list.getEntries()) window.shifted += one.value;
}).observe({type: 'layout-shift', buffered: true});"""


def measured(browser: Browser, state: Any, url: str, line: str) -> str:
    """One page with an empty cache, as a row of the table."""
    speed, delay = LINES[line]
    context = browser.new_context(storage_state=state)
    context.add_init_script(_WATCH)
    page = context.new_page()
    sizes: list[float] = []
    client = context.new_cdp_session(page)
    client.send("Network.enable")
    client.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    client.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": delay,
            "downloadThroughput": speed * 125,
            "uploadThroughput": speed * 125,
        },
    )
    page.goto(url, wait_until="networkidle")
    seen = page.evaluate(_SEEN)
    context.close()
    kilobytes = round(sum(sizes) / 1000)
    return (
        f"| {line} | {urlsplit(url).path} | {len(sizes)} | {kilobytes} | {seen['painted']} |"
        f" {seen['ready']} | {seen['shift']:g} |"
    )


def main(link: str) -> None:
    host = "{0.scheme}://{0.netloc}".format(urlsplit(link))
    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_program(), args=FLAGS)
        context = browser.new_context()
        signed_in_by(context.new_page(), link)
        state = context.storage_state()
        for line in LINES:
            rows += [measured(browser, state, f"{host}{path}", line) for path in PAGES]
        browser.close()
    sys.stdout.write("\n".join(rows) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
