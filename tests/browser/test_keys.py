"""Keys in a real browser: what each does, where the focus goes, and when none does anything."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response, expect

from incidents.services import Services
from incidents.viewer import Role
from tests.browser.conftest import Site
from tests.factories import Person, account, one_time_link
from tests.team import Team

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
Opens = Callable[..., Page]


@pytest.fixture
def team(site: Site) -> Team:
    services: Services = site.app.extensions["incidents"]
    return Team(services)


@pytest.fixture
def page(team: Team, person: Opens) -> Page:
    """A researcher's, on the desk."""
    return at_desk(person(link(team)))


def at_desk(page: Page) -> Page:
    page.goto("/")
    return page


def link(team: Team, *roles: Role) -> str:
    made: Person = account(team.services, None, *roles)
    return one_time_link(team.services, made)


def room(team: Team, page: Page) -> str:
    """A source two incidents quote; its reference."""
    source = team.source_row()
    for words in ("Police opened fire", "about 20 of them"):
        team.recorded(team.record(citations=(team.quoting(words, source=source.id),)))
    page.goto(f"/sources/{source.reference}")
    return source.reference


def pressed(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_slash_goes_to_the_search_and_escape_back(page: Page) -> None:
    page.locator("#text").focus()
    pressed(page, "Tab")
    was = page.evaluate("document.activeElement.id")
    assert was == "file"
    pressed(page, "/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("no bread / or milk?")
    expect(page.locator("#find")).to_have_value("no bread / or milk?")
    pressed(page, "Escape")
    expect(page.locator("#file")).to_be_focused()
    # What was typed is there yet.
    expect(page.locator("#find")).to_have_value("no bread / or milk?")
    pressed(page, "/", "Enter")
    page.wait_for_url("**/incidents?q=no+bread*")
    expect(page.locator("#find")).to_have_value("no bread / or milk?")


def test_on_a_phone_the_search_stands_in_the_menu(team: Team, person: Opens) -> None:
    page = at_desk(person(link(team), viewport={"width": 360, "height": 700}))
    expect(page.locator("#find")).to_be_hidden()
    pressed(page, "/")
    expect(page.locator("#find-in-menu")).to_be_focused()
    pressed(page, "Escape")
    expect(page.locator("#find-in-menu")).to_be_hidden()


def test_n_begins_a_source_and_in_a_room_an_incident(team: Team, page: Page) -> None:
    pressed(page, "n")
    page.wait_for_url("**/sources/new")
    source = room(team, page)
    pressed(page, "n")
    page.wait_for_url(f"**/incidents/new?source={source}")


def test_g_and_a_letter_go_to_a_page(page: Page) -> None:
    for letter, address in (("i", "/incidents"), ("s", "/sources"), ("d", "/")):
        pressed(page, "g", letter)
        page.wait_for_url(f"**{address}")
    # A researcher reviews nothing.
    pressed(page, "g", "r")
    # The second letter of nothing begins nothing either.
    pressed(page, "g", "n")
    pressed(page, "g", "i")
    page.wait_for_url("**/incidents")


def test_question_mark_lists_the_keys_of_the_page(page: Page) -> None:
    summary = page.locator(".bar summary").first
    summary.focus()
    pressed(page, "?")
    dialog = page.locator("dialog#keys")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("heading", name="Keys on this page")).to_be_visible()
    expect(dialog.get_by_role("heading", name="Everywhere")).to_be_visible()
    # Behind it nothing is pressed.
    pressed(page, "n", "/")
    expect(dialog).to_be_visible()
    pressed(page, "Escape")
    expect(dialog).to_be_hidden()
    expect(summary).to_be_focused()
    pressed(page, "?", "?")
    expect(dialog).to_be_hidden()
    pressed(page, "?")
    dialog.get_by_role("button", name="Close").click()
    expect(summary).to_be_focused()


def test_the_menu_opens_the_list_too_and_escape_leaves_both(page: Page) -> None:
    menu = page.locator(".bar .wide-only")
    menu.locator("summary").click()
    menu.get_by_role("link", name="Keyboard shortcuts").click()
    expect(page.locator("dialog#keys")).to_be_visible()
    pressed(page, "Escape")
    expect(menu.get_by_role("link", name="Keyboard shortcuts")).to_be_focused()
    pressed(page, "Escape")
    expect(menu.locator("summary")).to_be_focused()
    expect(menu.get_by_role("link", name="Keyboard shortcuts")).to_be_hidden()


def test_keys_rest_while_somebody_types(team: Team, page: Page) -> None:
    page.goto("/sources/new")
    page.locator("#title").focus()
    page.keyboard.type("n/?gd[Police")
    expect(page.locator("#title")).to_have_value("n/?gd[Police")
    page.locator("#kind").focus()
    pressed(page, "n", "g", "d")
    assert page.url.endswith("/sources/new")
    expect(page.locator("dialog#keys")).to_be_hidden()


@pytest.mark.parametrize(
    "event",
    [
        "{key: 'n', code: 'KeyN', ctrlKey: true}",
        "{key: 'n', code: 'KeyN', altKey: true}",
        "{key: 'n', code: 'KeyN', metaKey: true}",
        "{key: 'N', code: 'KeyN', shiftKey: true}",
        "{key: 'n', code: 'KeyN', isComposing: true}",
        "{key: 'Process', code: 'KeyN', keyCode: 229}",
        "{key: 'n', code: 'KeyN', repeat: true}",
    ],
)
def test_modifiers_and_words_being_composed_press_nothing(page: Page, event: str) -> None:
    send(page, event)
    # A page that leaves would not answer.
    assert page.url.endswith("/")
    send(page, "{key: '?', code: 'Slash', shiftKey: true}")
    expect(page.locator("dialog#keys")).to_be_visible()


@pytest.mark.parametrize("key", ["т", "ى", "N"])
def test_a_key_is_where_it_lies_on_another_script_s_keyboard(page: Page, key: str) -> None:
    """Capitals of the lock count, those of Shift do not."""
    send(page, f"{{key: '{key}', code: 'KeyN'}}")
    page.wait_for_url("**/sources/new")


def send(page: Page, event: str) -> None:
    page.evaluate(
        f"document.body.dispatchEvent(new KeyboardEvent('keydown',"
        f" {{bubbles: true, cancelable: true, ...{event}}}))"
    )


def test_switched_off_nothing_happens(page: Page) -> None:
    page.goto("/account")
    page.get_by_label("Keyboard shortcuts", exact=True).uncheck()
    page.get_by_role("button", name="Keep this choice").click()
    expect(page.get_by_text("Keyboard shortcuts are off.")).to_be_visible()
    pressed(page, "n", "/", "?", "g", "d")
    assert page.url.endswith("/account")
    assert page.evaluate("document.activeElement === document.body")
    page.locator(".bar .wide-only summary").click()
    page.get_by_role("link", name="Keyboard shortcuts").first.click()
    page.wait_for_url("**/keys")
    expect(page.get_by_text("You have switched them off")).to_be_visible()


def test_without_a_script_a_page_lists_them(team: Team, person: Opens) -> None:
    page = person(link(team))
    plain = page.context.browser
    assert plain is not None
    context = plain.new_context(
        java_script_enabled=False, storage_state=page.context.storage_state()
    )
    try:
        still = context.new_page()
        still.goto(page.url)
        still.locator(".bar .wide-only summary").click()
        still.get_by_role("link", name="Keyboard shortcuts").first.click()
        assert still.url.endswith("/keys")
        expect(still.get_by_role("heading", name="Reading a source")).to_be_visible()
    finally:
        context.close()


def test_brackets_go_through_the_quotes(team: Team, page: Page) -> None:
    room(team, page)
    first, second = page.locator(".text a.qn, [data-words] a.qn").all()
    pressed(page, "]")
    expect(first).to_be_focused()
    pressed(page, "]", "]")
    expect(second).to_be_focused()
    pressed(page, "[")
    expect(first).to_be_focused()


def select_words(page: Page) -> None:
    """From the middle of the first paragraph into the second, over a number of ours."""
    page.evaluate(
        """() => {
          const [one, other] = document.querySelectorAll("[data-words] .para > p");
          const walker = document.createTreeWalker(other, NodeFilter.SHOW_TEXT);
          const end = walker.nextNode();
          const range = document.createRange();
          range.setStart(one, 0);
          range.setEnd(end, end.data.indexOf("detained") + 8);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }"""
    )


QUOTE = "Police opened fire on Friday.\n\nA woman said that her husband was detained"


@pytest.mark.parametrize("way", ["key", "click"])
def test_a_type_s_key_takes_the_words_selected_to_its_form(
    team: Team, page: Page, way: str
) -> None:
    source = room(team, page)
    select_words(page)
    if way == "key":
        pressed(page, "k")
    else:
        page.locator(".types a", has_text="Killing").click()
    page.wait_for_url(f"**/incidents/new?source={source}&type=killing")
    expect(page.locator("[name='citations-0-quote']")).to_have_value(QUOTE)
    expect(page.locator("[name='citations-0-speaker']")).to_be_focused()
    # They are kept like what is typed, and the form is saved as any other.
    expect(page.locator("[data-kept]")).to_contain_text("Kept at")
    pressed(page, "Control+s")
    expect(page.get_by_text("is saved as a draft")).to_be_visible()
    # Back in the text, where they are tinted.
    expect(page.locator("mark.t-killing").last).to_contain_text("her husband was detained")


def test_words_go_past_the_page_that_asks_for_the_type(team: Team, page: Page) -> None:
    room(team, page)
    select_words(page)
    pressed(page, "n")
    page.get_by_role("heading", name="What happened?").wait_for()
    pressed(page, "d")
    expect(page.locator("[name='citations-0-quote']")).to_have_value(QUOTE)


def test_without_words_the_form_opens_empty(team: Team, page: Page) -> None:
    room(team, page)
    pressed(page, "d")
    page.wait_for_url("**type=detention")
    expect(page.locator("[name='citations-0-quote']")).to_be_focused()
    expect(page.locator("[name='citations-0-quote']")).to_have_value("")


def test_control_enter_submits_from_within_a_field(team: Team, page: Page) -> None:
    source = team.source_row().reference
    page.goto(f"/incidents/new?source={source}&type=detention")
    page.locator("[name='citations-0-quote']").fill("Police opened fire")
    pressed(page, "Control+Enter")
    expect(page.get_by_role("alert").or_(page.locator(".sum")).first).to_be_visible()
    # Not complete: nothing is lost, and it says what is missing.
    expect(page.locator("[name='citations-0-quote']")).to_have_value("Police opened fire")
    page.locator("[name='place']").focus()
    pressed(page, "Control+s")
    expect(page.get_by_text("is saved as a draft")).to_be_visible()


def test_the_list_is_read_by_j_k_and_enter(team: Team, page: Page) -> None:
    for title in ("First", "Second"):
        team.recorded(team.record(title=title), status="approved")
    page.goto("/incidents?sort=title")
    pressed(page, "j")
    expect(page.get_by_role("link", name="First")).to_be_focused()
    pressed(page, "j", "j")
    expect(page.get_by_role("link", name="Second")).to_be_focused()
    pressed(page, "k", "Enter")
    expect(page.get_by_role("heading", name="First")).to_be_visible()
    page.goto("/incidents")
    pressed(page, "f")
    assert page.evaluate("document.activeElement.closest('form').id") == "filters"
    pressed(page, "Escape", "e")
    # It leads there, and exports nothing by itself.
    assert "xport" in (page.locator(":focus").inner_text())


def test_a_file_dropped_on_the_desk_is_chosen(page: Page, tmp_path: Path) -> None:
    page.goto("/")
    expect(page.locator("[data-drop-hint]")).to_be_visible()
    page.evaluate(
        """() => {
          const bag = new DataTransfer();
          bag.items.add(new File(["Shots were heard."], "noon.txt", {type: "text/plain"}));
          const form = document.querySelector("form[data-drop]");
          const brought = {bubbles: true, cancelable: true, dataTransfer: bag};
          for (const kind of ["dragenter", "dragover", "drop"])
            form.dispatchEvent(new DragEvent(kind, brought));
        }"""
    )
    expect(page.locator("[data-drop-hint]")).to_have_text("“noon.txt” is chosen.")
    page.get_by_role("button", name="Add this source").click()
    expect(page.locator("#chosen")).to_contain_text("noon.txt")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_desk_list_and_page_of_keys_are_accessible(team: Team, person: Opens, scheme: str) -> None:
    team.recorded(team.record(), status="approved")
    team.recorded(team.record("killing"), status="submitted")
    page = at_desk(person(link(team, Role.RESEARCHER, Role.REVIEWER), color_scheme=scheme))
    page.locator("details.fold summary", has_text="Day by day").click()
    for then in ([], ["?"]):
        pressed(page, *then)
        assert violations(page) == []
    page.goto("/keys")
    assert violations(page) == []


def violations(page: Page) -> list[str]:
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
    return [
        f"{one['id']}: {[node['html'] for node in one['nodes']]}"
        for one in found.response["violations"]
    ]


def test_the_first_page_is_light(team: Team, person: Opens) -> None:
    """Nothing of it was there before: a browser of its own, signed in already."""
    signed_in = person(link(team))
    browser = signed_in.context.browser
    assert browser is not None
    context = browser.new_context(storage_state=signed_in.context.storage_state())
    try:
        page = context.new_page()
        asked: list[Response] = []
        page.on("response", lambda response: asked.append(response))
        page.goto(f"{signed_in.url.partition('/account')[0]}/", wait_until="networkidle")
        assert len(asked) <= 5, [one.url for one in asked]
        assert sum(len(one.body()) for one in asked) < 100_000
    finally:
        context.close()
