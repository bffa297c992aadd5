"""Type-ahead on the incident's form, by keyboard alone: what is offered, taken, and meant by it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, Route

from incidents.incident.record import InvolvementSaid
from incidents.services import Services
from tests.browser.conftest import Site
from tests.factories import Person, one_time_link
from tests.team import Team

pytestmark = pytest.mark.browser


@pytest.fixture
def team(services: Services) -> Team:
    return Team(services)


@pytest.fixture
def men(team: Team) -> list[int]:
    """Two of one label, of one article; one of them was seen in another incident since."""
    source = team.source_row()
    town = team.place("Janaozen")
    made = []
    for number in range(2):
        made.append(team.party("detained man"))
        involved = (InvolvementSaid(party=made[-1], role="victim"),)
        team.recorded(
            team.record(title=f"Man {number}", source=source.id, place=town, involvements=involved)
        )
    team.party("OMON", kind="organisation", privacy="public")
    return made


@pytest.fixture
def page(team: Team, men: list[int], site: Site, person: Callable[..., Page]) -> Iterator[Page]:
    """The author at a new detention of the article."""
    author = Person(team.author.account_id or 0, team.author)
    page = person(one_time_link(team.services, author))
    page.goto("/incidents/new?source=SRC-2026-00001&type=detention")
    yield page


def named(page: Page, name: str) -> Locator:
    return page.locator(f"[name='{name}']")


def offers(page: Page) -> Locator:
    return page.locator("[role=listbox]:visible [role=option]")


def typed(page: Page, name: str, text: str) -> None:
    named(page, name).focus()
    page.keyboard.type(text)


def echo(page: Page, name: str) -> Locator:
    return page.locator(f"#{name}-echo")


def test_arrow_and_enter_take_one_and_do_not_send_the_form(page: Page, men: list[int]) -> None:
    field = named(page, "involvements-0-party")
    assert (field.get_attribute("role"), field.get_attribute("list")) == ("combobox", None)
    before = page.url
    typed(page, "involvements-0-party", "detai")
    offers(page).nth(1).wait_for()

    assert field.get_attribute("aria-expanded") == "true"
    assert offers(page).count() == 2
    assert page.locator("#suggest-count").inner_text() == "Two suggestions. Arrow keys choose."
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    option = offers(page).nth(1)
    assert field.get_attribute("aria-activedescendant") == option.get_attribute("id")
    assert "Janaozen · INC-2026-00001" in option.inner_text()
    page.keyboard.press("Enter")

    assert field.input_value() == "detained man"
    assert named(page, "involvements-0-party_id").input_value() == str(men[0])
    assert echo(page, "involvements-0-party").inner_text() == "Known: detained man (protected)"
    assert field.get_attribute("aria-expanded") == "false"
    assert offers(page).count() == 0
    assert page.url == before
    assert field.evaluate("field => field === document.activeElement")


def test_editing_the_text_takes_the_id_back(page: Page) -> None:
    typed(page, "involvements-0-party", "detai")
    offers(page).first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert named(page, "involvements-0-party_id").input_value() != ""

    page.keyboard.type(" of Aktau")
    echo(page, "involvements-0-party").get_by_text("New: will be recorded").wait_for()

    assert named(page, "involvements-0-party_id").input_value() == ""


def test_escape_and_the_first_enter_close_the_list_and_keep_what_is_typed(page: Page) -> None:
    before = page.url
    for key in ("Escape", "Enter"):
        named(page, "involvements-0-party").fill("")
        typed(page, "involvements-0-party", "detai")
        offers(page).first.wait_for()
        page.keyboard.press(key)
        assert offers(page).count() == 0, key
        assert named(page, "involvements-0-party").input_value() == "detai", key
    assert page.url == before


def test_tab_takes_the_one_that_is_lit_and_goes_on(page: Page) -> None:
    typed(page, "involvements-0-party", "omo")
    offers(page).first.wait_for()
    assert named(page, "involvements-0-protected").is_checked()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")

    assert named(page, "involvements-0-party").input_value() == "OMON"
    assert not named(page, "involvements-0-protected").is_checked(), "the box shows how it is"
    assert named(page, "involvements-0-party").evaluate("field => field !== document.activeElement")


def test_somebody_new_of_a_known_label_is_saved_as_such(
    page: Page, men: list[int], team: Team
) -> None:
    typed(page, "involvements-0-party", "detained man")
    echo(page, "involvements-0-party").get_by_text("Several are called so").wait_for()
    page.keyboard.press("ArrowUp")
    assert "Somebody new" in offers(page).last.inner_text()
    page.keyboard.press("Enter")
    assert named(page, "involvements-0-party_id").input_value() == "new"
    with page.expect_navigation():
        page.keyboard.press("Enter")

    (made,) = team.stored(page.url.rsplit("#", 1)[1]).involvements
    assert made.party not in men


def test_row_added_later_offers_too_and_asks_which_one(page: Page, men: list[int]) -> None:
    page.get_by_role("button", name="Another person or group").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    typed(page, "involvements-2-party", "detained man")
    offers(page).first.wait_for()
    page.keyboard.press("Escape")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    asked = page.locator("fieldset.which")
    assert "Which “detained man”?" in asked.inner_text()
    named(page, "involvements-2-party_id").first.focus()
    page.keyboard.press("Space")
    assert named(page, "involvements-2-party_id").first.is_checked()
    # Choosing from the list instead ticks the same line.
    named(page, "involvements-2-party").focus()
    page.keyboard.press("ArrowDown")
    offers(page).first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    chosen = page.locator("[name='involvements-2-party_id']:checked")
    assert chosen.get_attribute("value") == str(men[0])


def test_late_answer_of_an_older_question_is_dropped(page: Page) -> None:
    waiting = []

    def hold_the_first(route: Route) -> None:
        if waiting:
            route.continue_()
        else:
            waiting.append(route)

    page.route("**/parties/suggest*", hold_the_first)
    typed(page, "involvements-0-party", "det")
    page.wait_for_timeout(400)
    assert waiting
    named(page, "involvements-0-party").fill("")
    typed(page, "involvements-0-party", "omo")
    offers(page).first.wait_for()
    waiting[0].continue_()
    page.wait_for_timeout(200)

    assert offers(page).all_inner_texts() != []
    assert "OMON" in offers(page).first.inner_text()


def test_signed_out_it_is_an_ordinary_field(page: Page) -> None:
    page.context.clear_cookies()
    typed(page, "involvements-0-party", "detained man")
    page.wait_for_timeout(500)

    assert offers(page).count() == 0
    assert named(page, "involvements-0-party").input_value() == "detained man"


def test_incident_is_found_by_its_title_and_an_event_by_its_words(page: Page, team: Team) -> None:
    page.locator("summary", has_text="Relations to other incidents").focus()
    page.keyboard.press("Enter")
    typed(page, "relations-0-to", "man 1")
    offers(page).first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    assert named(page, "relations-0-to").input_value() == "INC-2026-00002"
    assert "Man 1" in echo(page, "relations-0-to").inner_text()


def test_without_scripts_the_browsers_own_list_is_there(
    team: Team, men: list[int], site: Site, person: Callable[..., Page]
) -> None:
    author = Person(team.author.account_id or 0, team.author)
    page = person(one_time_link(team.services, author), java_script_enabled=False)
    page.goto("/incidents/new?source=SRC-2026-00001&type=detention")
    field = named(page, "involvements-0-party")

    listed = field.get_attribute("list")
    assert listed
    assert page.locator(f"#{listed} option[value='detained man']").count() == 1
    assert field.get_attribute("role") is None
