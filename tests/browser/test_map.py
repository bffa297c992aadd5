"""The small map: it and the text beside it fill each other, by mouse and by keyboard."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from incidents.services import Services
from incidents.viewer import OPERATOR
from incidents.vocabulary.actions import add_place, sync_terms
from incidents.vocabulary.record import PlaceSaid
from tests.browser.conftest import Site
from tests.factories import account, one_time_link

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
Person = Callable[..., Page]
TOWN = PlaceSaid("Janaozen", "KZ", lat=43.3378, lon=52.8553, precision="settlement")


@pytest.fixture
def link(site: Site) -> str:
    services: Services = site.app.extensions["incidents"]
    with services.database.writing() as session:
        work = services.work(session, OPERATOR)
        sync_terms(work)
        add_place(work, TOWN)
        session.commit()
    return one_time_link(services, account(services, "Aigul"))


def point(page: Page) -> tuple[float, float]:
    lat, lon = page.locator("#point").input_value().split(", ")
    return float(lat), float(lon)


def test_a_click_and_a_drag_set_the_point(person: Person, link: str) -> None:
    page = person(link)
    page.goto("/places/1/edit")
    canvas = page.locator("[data-map-canvas]")
    expect(canvas.locator(".town-name", has_text="Aktau")).to_be_visible()
    canvas.click(position={"x": 200, "y": 150})
    lat, lon = point(page)
    assert (lat, lon) != (43.3378, 52.8553)
    # Two decimals or three: no more than a pixel of this map is worth.
    assert all(len(str(one).partition(".")[2]) <= 3 for one in (lat, lon))
    expect(page.locator("#point-read")).to_contain_text("From the map")
    canvas.locator(".point").drag_to(canvas, target_position={"x": 330, "y": 200})
    assert point(page)[1] > lon
    page.get_by_role("button", name="Save place").click()
    expect(page.get_by_text("“Janaozen” is saved.")).to_be_visible()
    expect(page.locator(".point")).to_have_attribute("aria-label", re.compile("Janaozen, "))


def test_arrow_keys_set_the_point_from_nothing(person: Person, link: str) -> None:
    page = person(link)
    page.goto("/places/new")
    page.locator("#country").select_option("KZ")
    expect(page.locator(".town-name", has_text="Astana")).to_be_visible()
    page.get_by_role("button", name="Set the point in the middle of the map").focus()
    page.keyboard.press("Enter")
    marker = page.locator(".point")
    expect(marker).to_be_focused()
    lat, lon = point(page)
    assert 40 < lat < 56
    assert 46 < lon < 88
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    assert point(page) > (lat, lon)
    expect(marker).to_have_attribute("aria-label", re.compile(re.escape(str(point(page)[0]))))
    # Nothing was sent by it.
    assert page.url.endswith("/places/new")


def test_the_text_moves_the_point(person: Person, link: str) -> None:
    page = person(link)
    page.goto("/places/1/edit")
    field = page.locator("#point")
    field.fill("43°39′N 51°10′E")
    expect(page.locator("#point-read")).to_have_text("Read as 43.65° N, 51.16667° E.")
    expect(page.locator(".point")).to_have_attribute("aria-label", re.compile("43.65, 51.1"))
    assert field.input_value() == "43°39′N 51°10′E"
    field.fill("43,52")
    expect(page.locator("#point-read")).to_contain_text("decimal comma")
    field.fill("")
    expect(page.locator(".point")).to_have_count(0)


def test_a_settlement_chosen_from_the_list_is_where_the_map_goes(person: Person, link: str) -> None:
    page = person(link)
    page.goto("/places/new")
    page.locator("#country").select_option("KZ")
    page.locator("#parent").press_sequentially("shetp")
    page.get_by_role("option", name=re.compile("Shetpe")).click()
    expect(page.locator("#parent_id")).to_have_value("g:608324")
    expect(page.locator(".town-name", has_text="Shetpe")).to_be_visible()
    expect(page.locator(".point")).to_have_count(0)
    page.locator("#name").fill("Station")
    page.get_by_role("button", name="Save place").click()
    expect(page.get_by_role("heading", name="Station")).to_be_visible()
    page.get_by_role("link", name="Shetpe").click()
    expect(page.get_by_text("44.13922° N, 52.15305° E")).to_be_visible()


def test_everything_works_without_scripts(person: Person, link: str) -> None:
    page = person(link, java_script_enabled=False)
    page.goto("/places/1/edit")
    expect(page.locator("[data-map]")).to_be_hidden()
    page.locator("#point").fill("43,3378; 52,8600")
    page.get_by_role("button", name="Save place").click()
    expect(page.get_by_text("43.3378° N, 52.86° E")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_pages_of_places_are_accessible_and_fit(
    person: Person, link: str, scheme: str, width: int
) -> None:
    page = person(link, color_scheme=scheme, viewport={"width": width, "height": 800})
    for address in ("/places", "/places/1", "/places/1/edit", "/places/new"):
        page.goto(address)
        if address in ("/places/1", "/places/1/edit"):
            expect(page.locator(".town-name").first).to_be_visible()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{address} scrolls sideways by {wide}"
