"""The reading room in a real browser: words selected by pointer, by touch and by keys, what the bar
beside them does, the two parts of a narrow window, and a source that would rather run than be read.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from incidents.viewer import Role
from tests.browser.conftest import Site
from tests.factories import account, one_time_link
from tests.team import TEXT, Team

pytestmark = pytest.mark.browser
Opens = Callable[..., Page]
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def entered(team: Team, person: Opens, **options: Any) -> Page:
    researcher = account(team.services, "mira", Role.RESEARCHER)
    return person(one_time_link(team.services, researcher), **options)


@pytest.fixture
def page(team: Team, person: Opens) -> Page:
    return entered(team, person)


def room(team: Team, page: Page, text: str = TEXT) -> str:
    source = team.source_row(text)
    page.goto(f"/sources/{source.reference}")
    return source.reference


def select(page: Page, words: str) -> None:
    """As a caret or a screen reader does it: no pointer is needed."""
    found = page.evaluate(
        """(words) => {
          const walker = document.createTreeWalker(
            document.querySelector("[data-words]"), NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const at = node.data.indexOf(words);
            if (at < 0) continue;
            getSelection().setBaseAndExtent(node, at, node, at + words.length);
            return true;
          }
          return false;
        }""",
        words,
    )
    assert found


def bar(page: Page) -> Any:
    return page.get_by_role("toolbar", name="Words selected")


def boxes(page: Page) -> tuple[dict[str, float], dict[str, float]]:
    """Of the words selected, and of the bar."""
    both: list[dict[str, float]] = page.evaluate(
        """() => [getSelection().getRangeAt(0), document.querySelector("[data-selbar]")]
          .map((one) => one.getBoundingClientRect().toJSON())"""
    )
    return both[0], both[1]


def covers(page: Page) -> bool:
    words, over = boxes(page)
    return words["top"] < over["bottom"] and over["top"] < words["bottom"]


def test_the_bar_stands_by_words_a_pointer_selects_and_never_over_them(
    team: Team, page: Page
) -> None:
    room(team, page)
    expect(bar(page)).to_be_hidden()
    box = page.locator("[data-words] p").first.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, middle, steps=4)
    # Not while one is at it.
    expect(bar(page)).to_be_hidden()
    page.mouse.up()
    expect(bar(page)).to_be_visible()
    assert not covers(page)
    page.keyboard.press("Escape")
    expect(bar(page)).to_be_hidden()
    assert page.evaluate("getSelection().toString()") != ""
    # Other words open it again, none close it.
    select(page, "her husband")
    expect(bar(page)).to_be_visible()
    page.evaluate("getSelection().removeAllRanges()")
    expect(bar(page)).to_be_hidden()


def test_it_is_reached_by_a_key_walked_by_arrows_and_left_by_escape(team: Team, page: Page) -> None:
    source = room(team, page)
    select(page, "her husband was detained")
    expect(bar(page)).to_be_visible()
    expect(page.locator("[data-selbar-said]")).to_contain_text("4 words selected")
    page.keyboard.press("b")
    expect(bar(page).get_by_role("link", name="Detention")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(bar(page).get_by_role("link", name="Injury")).to_be_focused()
    page.keyboard.press("End")
    expect(bar(page).get_by_role("button", name="6 more")).to_be_focused()
    page.keyboard.press("Enter")
    expect(bar(page).get_by_role("link", name="Restriction")).to_be_focused()
    page.keyboard.press("Escape")
    expect(bar(page)).to_be_hidden()
    select(page, "her husband was")
    expect(bar(page)).to_be_visible()
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/incidents/new?source={source}&type=detention")
    expect(page.locator("[name='citations-0-quote']")).to_have_value("her husband was")
    expect(page.locator("[name='citations-0-at']")).to_have_value(str(TEXT.index("her husband")))


def test_words_are_added_to_an_incident_of_this_source(team: Team, page: Page) -> None:
    source = team.source_row()
    draft = team.recorded(
        team.record(
            citations=(team.quoting("Police opened fire", source=source.id),), title="A shot"
        )
    )
    page.goto(f"/sources/{source.reference}")
    select(page, "about 20 of them")
    page.keyboard.press("a")
    chosen = bar(page).get_by_role("button", name="A shot")
    expect(chosen).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/incidents/{draft}/edit")
    expect(page.locator("[name='citations-1-quote']")).to_have_value("about 20 of them")
    expect(page.locator("[name='citations-1-speaker']")).to_be_focused()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("is saved as a draft")).to_be_visible()
    assert len(team.stored(draft).citations) == 2


@pytest.fixture
def beside(team: Team, page: Page) -> Page:
    """A form beside the text, with something typed in it."""
    source = team.source_row()
    page.goto(f"/incidents/new?source={source.reference}&type=detention")
    page.locator("[name='citations-0-quote']").fill("her husband was detained")
    page.locator("[name='date']").fill("16 Dec 2011")
    return page


def test_words_fill_the_field_last_in_focus_and_can_be_undone(beside: Page) -> None:
    beside.locator("[name='involvements-0-party']").focus()
    select(beside, "A woman")
    beside.evaluate("document.activeElement.blur()")
    expect(bar(beside).get_by_role("button", name="Fill “Who”")).to_be_visible()
    assert not covers(beside)
    beside.keyboard.press(".")
    expect(beside.locator("[name='involvements-0-party']")).to_have_value("A woman")
    expect(beside.locator("[name='involvements-0-party']")).to_be_focused()
    expect(beside.locator("[name='date']")).to_have_value("16 Dec 2011")
    beside.keyboard.press("Escape")
    beside.keyboard.press("Control+z")
    expect(beside.locator("[name='involvements-0-party']")).to_have_value("")


def test_the_quote_box_takes_them_with_their_place(beside: Page) -> None:
    beside.locator("[name='citations-0-quote']").focus()
    select(beside, "about 20 of them")
    beside.evaluate("document.activeElement.blur()")
    beside.keyboard.press(".")
    expect(beside.locator("[name='citations-0-quote']")).to_have_value("about 20 of them")
    at = str(TEXT.index("about 20 of them"))
    expect(beside.locator("[name='citations-0-at']")).to_have_value(at)


def test_they_are_the_summary_out_of_its_fold(beside: Page) -> None:
    expect(beside.locator("[name='summary']")).to_be_hidden()
    select(beside, "Police opened fire on Friday.")
    beside.evaluate("document.activeElement.blur()")
    beside.keyboard.press("u")
    expect(beside.locator("[name='summary']")).to_have_value("Police opened fire on Friday.")
    expect(beside.locator("[name='summary']")).to_be_visible()


def test_one_more_quote_keeps_what_is_typed(beside: Page) -> None:
    select(beside, "about 20 of them")
    beside.evaluate("document.activeElement.blur()")
    beside.keyboard.press("a")
    expect(beside.locator("[name='citations-1-quote']")).to_have_value("about 20 of them")
    expect(beside.locator("[name='citations-0-quote']")).to_have_value("her husband was detained")
    expect(beside.locator("[name='date']")).to_have_value("16 Dec 2011")


def test_a_field_rests_on_words_and_says_so(beside: Page) -> None:
    date = beside.locator("[data-rests='date']")
    expect(date).to_contain_text("rests on quote 1")
    beside.locator("[name='citations-0-quote']").fill("")
    expect(date).to_contain_text("no words quoted")
    beside.locator("[name='citations-0-quote']").fill("her husband was detained")
    beside.locator("[name='date']").focus()
    select(beside, "on Friday")
    beside.evaluate("document.activeElement.blur()")
    expect(bar(beside).get_by_role("button", name="“When” rests on these words")).to_be_visible()
    beside.keyboard.press(",")
    expect(beside.locator("[name='citations-1-quote']")).to_have_value("on Friday")
    expect(beside.locator("[data-rests='date']")).to_contain_text("rests on quote 2")
    # Words of a quote that is there need no other.
    beside.locator("[name='date']").focus()
    select(beside, "Friday")
    beside.evaluate("document.activeElement.blur()")
    beside.keyboard.press(",")
    expect(beside.locator("[data-selbar-said]")).to_contain_text("rests on quote 2")
    expect(beside.locator("[name='citations-2-quote']")).to_have_count(0)


def test_a_number_in_the_text_leads_to_its_card_and_the_card_back(team: Team, page: Page) -> None:
    source = team.source_row()
    reference = team.recorded(
        team.record(citations=(team.quoting("Police opened fire", source=source.id),))
    )
    page.goto(f"/sources/{source.reference}")
    page.keyboard.press("]")
    page.keyboard.press("Enter")
    card = page.locator("#logged-1")
    expect(card).to_be_focused()
    assert card.evaluate("(one) => one.matches(':target')")
    card.get_by_role("link", name="Go to its words").press("Enter")
    assert page.url.endswith(f"#{reference}")
    assert page.locator(f"mark#{reference}").evaluate("(one) => one.matches(':target')")


def test_a_narrow_window_has_two_parts(team: Team, person: Opens) -> None:
    page = entered(team, person, **PHONE)
    source = team.source_row()
    team.recorded(team.record(citations=(team.quoting("Police opened fire", source=source.id),)))
    page.goto(f"/sources/{source.reference}")
    parts = page.get_by_role("navigation", name="Parts of this page")
    text, pane = page.locator("[data-words]"), page.locator("#the-pane")
    expect(parts.get_by_role("link", name="The text")).to_have_attribute("aria-current", "true")
    expect(pane).to_be_hidden()
    parts.get_by_role("link", name="Logged 1").tap()
    expect(pane).to_be_visible()
    expect(text).to_be_hidden()
    expect(parts.get_by_role("link", name="Logged 1")).to_have_attribute("aria-current", "true")
    pane.get_by_role("link", name="Go to its words").tap()
    expect(text).to_be_visible()
    select(page, "about 20 of them")
    expect(bar(page)).to_be_visible()
    assert not covers(page)
    bar(page).get_by_role("button", name="Add to an incident").tap()
    expect(bar(page).get_by_role("button", name="Somebody detained")).to_be_visible()
    assert not covers(page)
    bar(page).get_by_role("button", name="Add to an incident").tap()
    bar(page).get_by_role("link", name="Detention").tap()
    page.get_by_role("heading", name="New detention").wait_for()
    expect(page.locator("#the-form")).to_be_visible()
    expect(page.locator("[data-words]")).to_be_hidden()
    page.locator("[name='summary']").evaluate("(one) => one.closest('details').open = true")
    page.locator("[name='place']").focus()
    page.get_by_role("navigation", name="Parts of this page").get_by_role(
        "link", name="The text"
    ).tap()
    select(page, "Friday")
    bar(page).get_by_role("button", name="Fill “Where”").tap()
    expect(page.locator("[name='place']")).to_be_visible()
    expect(page.locator("[name='place']")).to_have_value("Friday")


def test_how_far_one_reads_is_kept(team: Team, page: Page) -> None:
    text = "\n\n".join(f"Paragraph {number} of a long article." for number in range(80))
    room(team, page, text)
    expect(page.locator("[data-reached-words]")).to_contain_text("you read to")
    page.mouse.wheel(0, 100_000)
    expect(page.locator("[data-reached-words]")).to_contain_text("you came to the end")
    with page.expect_response("**/read") as answered:
        page.evaluate("dispatchEvent(new Event('pagehide'))")
    assert answered.value.status == 204
    page.reload()
    expect(page.locator("[data-reached-words]")).to_contain_text("you came to the end")


@pytest.fixture
def plain(page: Page) -> Iterator[BrowserContext]:
    """The same person's browser without scripts."""
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(
        java_script_enabled=False,
        storage_state=page.context.storage_state(),
        base_url=page.url.partition("/account")[0],
        viewport={"width": 360, "height": 740},
    )
    yield context
    context.close()


def test_without_a_script_words_are_pasted_and_nothing_is_lost(
    team: Team, plain: BrowserContext
) -> None:
    source = team.source_row().reference
    page = plain.new_page()
    page.goto(f"/sources/{source}")
    page.get_by_role("link", name="Logged").click()
    expect(page.locator("[data-words]")).to_be_hidden()
    page.get_by_text("Words of the text").first.click()
    page.get_by_label("Words of the text").fill("her husband was arrested")
    page.get_by_label("What happened").select_option("detention")
    page.get_by_role("button", name="New incident from these words").click()
    # What was pasted stands there, with what is nearest and a button that takes it.
    expect(page.locator("[name='citations-0-quote']")).to_have_value("her husband was arrested")
    expect(page.locator(".msg").first).to_contain_text("her husband was detained")
    page.get_by_role("button", name="Use the source’s words").click()
    expect(page.locator("[name='citations-0-quote']")).to_have_value("her husband was detained")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("is saved as a draft")).to_be_visible()


HOSTILE = """<!doctype html><html><head><title>A page</title>
<meta http-equiv="refresh" content="0;url=http://evil.example/">
<base href="http://evil.example/"><link rel="stylesheet" href="http://evil.example/a.css">
<style>body{display:none} @import "http://evil.example/b.css";</style>
<script>window.ran = 1</script></head><body onload="window.ran = 2"><article>
<h1>A page that would rather run</h1>
<p>Police opened fire on the crowd that evening, several people who stood nearby said to us.</p>
<p>They <img src="http://evil.example/p.png" onerror="window.ran = 3"> said that <svg
 onload="window.ran = 4"><script>window.ran = 5</script><a xlink:href="javascript:window.ran = 6">
x</a></svg> nobody was warned <a href="javascript:window.ran = 7">before it</a> began.</p>
<iframe src="http://evil.example/"></iframe><object data="http://evil.example/"></object>
<form action="http://evil.example/"><input name="password" autofocus onfocus="window.ran = 8">
<button formaction="javascript:window.ran = 9">Sign in</button></form>
<p>&lt;script&gt;window.ran = 10&lt;/script&gt; stood on a wall; the words \u202egnihton\u202c too,
and “<b onmouseover="window.ran = 11">more</b>” of the same was to be read there.</p>
<math><mtext><table><mglyph><style><img src=x onerror="window.ran = 12"></style></table></math>
</article>"""


def test_a_hostile_page_is_read_as_text(team: Team, page: Page, site: Site, tmp_path: Any) -> None:
    """`person` fails the test for any request elsewhere and any error of a page."""
    file = tmp_path / "page.html"
    file.write_text(HOSTILE + "<div>" * 2_000_000, "utf-8")
    page.goto("/sources/new")
    page.locator("input[type=file]").set_input_files(file)
    with page.expect_navigation(timeout=90_000):
        page.get_by_role("button", name="Keep a copy and read").click()
    if "SRC-" not in page.url:
        # What the file says of itself is shown before it is saved.
        page.locator("[name=title]").fill("A page")
        page.locator("[name=kind]").select_option("news_article")
        with page.expect_navigation(timeout=90_000):
            page.get_by_role("button", name="Keep a copy and read").click()
    text = page.locator("[data-words]")
    expect(text).to_contain_text("Police opened fire on the crowd")
    assert page.evaluate("window.ran") is None
    for forbidden in ("script", "img", "iframe", "form", "svg", "a:not(.qn)", "style", "object"):
        assert text.locator(forbidden).count() == 0, forbidden
    select(page, "Police opened fire")
    page.keyboard.press("f")
    expect(page.locator("[name='citations-0-quote']")).to_have_value("Police opened fire")
    assert page.evaluate("window.ran") is None
    # What turns the direction of words stays within its paragraph.
    assert page.locator("[data-words] p").first.get_attribute("dir") == "auto"
