"""What comes out of the printer: the record without the screen's handles, dark on white, whole."""

import io
from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from tests.browser.screens import link_of, names
from tests.conftest import Demo

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
# Between the margins of an A4 page, upright and on its side, at 96 px an inch.
UPRIGHT, ON_ITS_SIDE = 673, 1046
ALL_COLUMNS = (
    "reference,type,title,date,place,country,figure,parties,event,status,sourcing,assessment,"
    "sources,author,logged,updated"
)
OUT_OF_PLACE = (
    ".bar, .rail, .tools, .stickfoot, button, form, input, summary, .b, .pills a, .paging"
)
# Whose words hang over its page or its own box, whose ink is pale, whose ground is dark.
BADLY_PRINTED = """([wide, unwanted]) => {
  const luminance = colour => {
    const dot = document.createElement("canvas").getContext("2d");
    dot.fillStyle = colour;
    dot.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = dot.getImageData(0, 0, 1, 1).data;
    return a < 128 ? null : (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
  };
  const found = [];
  const say = (what, e) =>
    found.push(`${what}: ${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 40)}`);
  for (const e of document.querySelectorAll("body *")) {
    if (!e.checkVisibility() || e.closest("svg, .vh")) continue;
    const box = e.getBoundingClientRect();
    if (e.matches(unwanted)) { if (box.height) say("printed", e); continue; }
    if (!box.width || ![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    const style = getComputedStyle(e);
    if (box.right > wide + 1 || box.left < -1) say("over the edge", e);
    const clipped = style.overflowX !== "visible" && style.display !== "inline";
    if (clipped && e.scrollWidth > e.clientWidth + 1) say("cut off", e);
    const onPaper = luminance(style.backgroundColor) === null;
    if (onPaper && luminance(style.color) > 0.45) say("pale", e);
  }
  if (luminance(getComputedStyle(document.body).backgroundColor) < 0.99) found.push("not white");
  return found;
}"""


def on_paper(page: Page, address: str, wide: int = UPRIGHT) -> list[str]:
    """What is wrong with the page as printed by somebody whose screen is dark."""
    page.goto(address)
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": wide, "height": 950})
    found: list[str] = page.evaluate(BADLY_PRINTED, [wide, OUT_OF_PLACE])
    return [f"{address}: {one}" for one in found]


def printed(page: Page) -> tuple[str, list[tuple[float, float]]]:
    """The words of the page as a PDF, their white space evened out, and its pages' sizes in mm."""
    pages = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, format="A4"))).pages
    words = " ".join(" ".join(one.extract_text().split()) for one in pages)
    return words, [
        (
            round(float(one.mediabox.width) / 72 * 25.4),
            round(float(one.mediabox.height) / 72 * 25.4),
        )
        for one in pages
    ]


@pytest.fixture
def reviewer(demo: Demo, person: Callable[..., Page]) -> Page:
    return person(link_of(demo.services, demo.people["reviewer"]))


def test_an_incident_is_printed_with_its_quotes_and_without_the_screens_handles(
    demo: Demo, reviewer: Page
) -> None:
    named = names(demo.services, demo.references)
    pages = ("/incidents/{JZ-10}", "/incidents/{JZ-08}", "/sources/{source}", "/")
    found = [one for page in pages for one in on_paper(reviewer, page.format_map(named))]
    assert "\n".join(found) == ""
    assert "\n".join(on_paper(reviewer, f"/incidents/{named['JZ-10']}")) == ""
    numbers = reviewer.locator(".cites .qn").all_inner_texts()
    grounds = reviewer.locator(".cites .qn").evaluate_all(
        "all => all.map(one => getComputedStyle(one).printColorAdjust)"
    )
    # Footnotes: the number beside a fact, and the same beside its quote.
    assert numbers == ["1", "2", "3", "4"]
    assert set(grounds) == {"exact"}
    marks = reviewer.locator(".kv .mk").all_inner_texts()
    assert {mark.split()[-1] for mark in marks} <= set(numbers)
    words, sizes = printed(reviewer)
    assert "There were about 20 of them aged 30 to 40." in words
    assert "SRC-2026-00001" in words
    assert "Approve" not in words.replace("Approved", "")
    assert set(sizes) == {(210, 297)}


def test_a_listing_is_printed_with_all_its_columns(reviewer: Page) -> None:
    assert "\n".join(on_paper(reviewer, "/incidents?status=any")) == ""
    words, sizes = printed(reviewer)
    assert set(sizes) == {(210, 297)}
    # The heads stand on every page.
    assert words.count("Reference") == len(sizes)
    assert "about 21 detained" in words
    wide = f"/incidents?status=any&columns={ALL_COLUMNS}"
    assert "\n".join(on_paper(reviewer, wide, ON_ITS_SIDE)) == ""
    _, sizes = printed(reviewer)
    assert set(sizes) == {(297, 210)}
