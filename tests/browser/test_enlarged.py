"""A window of 1440 × 900 at 200 %: nothing lies over what has the focus, or over another.

WCAG 2.2, 1.4.4, 1.4.10 and 2.4.11. That no page is wider than its window, test_accessibility asks.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.screens import MODES, link_of, names
from tests.conftest import Demo

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
PAGES = (
    "/",
    "/incidents",
    "/incidents/{JZ-10}",
    "/incidents/new?source={source}&type=detention",
    "/sources/{source}",
    "/exports",
)
# Targets that lie over each other while nothing is scrolled; what is fixed to the window lies over
# the rest on purpose.
OVERLAPPING = """() => {
  const stuck = e => {
    for (; e; e = e.parentElement)
      if (["sticky", "fixed"].includes(getComputedStyle(e).position)) return true;
  };
  const seen = e =>
    e.checkVisibility({ visibilityProperty: true }) && !e.closest(".vh, .skip") && !stuck(e);
  const all = [...document.querySelectorAll("a, button, input, select, textarea, summary")]
    .filter(seen).flatMap(e => [...e.getClientRects()].map(r => [e, r]));
  const found = [];
  all.forEach(([one, a], at) => all.slice(at + 1).forEach(([other, b]) => {
    if (one.contains(other) || other.contains(one)) return;
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (wide > 1 && high > 1)
      found.push(`${one.outerHTML.slice(0, 80)} over ${other.outerHTML.slice(0, 80)}`);
  }));
  return found;
}"""
# Whatever takes the focus, going forwards and back: its top, middle and foot must be seen.
COVERED = """() => {
  const places = "a[href], button, input, select, textarea, summary, [tabindex]";
  const all = [...document.querySelectorAll(places)].filter(e =>
    e.checkVisibility({ visibilityProperty: true })
    && !e.disabled && e.type !== "hidden" && e.tabIndex >= 0);
  const found = [];
  for (const e of [...all, ...all.toReversed()]) {
    e.focus();
    if (document.activeElement !== e) continue;
    const box = e.getClientRects()[0] ?? e.getBoundingClientRect();
    const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
    const x = Math.min(Math.max((box.left + box.right) / 2, 1), innerWidth - 1);
    const seen = [top + 1, (top + bottom) / 2, bottom - 1].filter(y => {
      const at = document.elementFromPoint(x, y);
      const mine = [e, ...(e.labels ?? [])];
      return at && (at.contains(e) || mine.some(one => one.contains(at)));
    });
    if (seen.length < 3) found.push(`${seen.length} of 3: ${e.outerHTML.slice(0, 120)}`);
  }
  return found;
}"""


def test_nothing_is_covered_at_200_percent(demo: Demo, person: Callable[..., Page]) -> None:
    _, width, height, _ = MODES["enlarged"]
    page = person(
        link_of(demo.services, demo.people["researcher"]),
        viewport={"width": width, "height": height},
        device_scale_factor=2,
        reduced_motion="reduce",
    )
    named = names(demo.services, demo.references)
    found = []
    for address in PAGES:
        page.goto(address.format_map(named))
        found += [f"{address}: {one}" for one in page.evaluate(OVERLAPPING)]
        found += [f"{address}: {one}" for one in page.evaluate(COVERED)]
    assert "\n".join(found) == ""
