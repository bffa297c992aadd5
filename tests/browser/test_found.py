"""Suggestions of quoted words in a real browser: lines, keys, and where the focus goes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from incidents.services import Services
from tests.browser.conftest import Site
from tests.factories import account, one_time_link
from tests.infrastructure.article import ARTICLE
from tests.team import Team

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
Opens = Callable[..., Page]
TWENTY = "There were about 20 of them aged 30 to 40, on December 16."
HUSBAND = "her husband was detained by the OMON on December 16."


@pytest.fixture
def page(site: Site, person: Opens) -> Page:
    """A researcher's, on the form of a new detention beside the article."""
    services: Services = site.app.extensions["incidents"]
    team = Team(services)
    source = team.source_row(ARTICLE, published="2011-12-19").reference
    page = person(one_time_link(services, account(services)))
    page.goto(f"/incidents/new?source={source}&type=detention")
    return page


def lines(page: Page) -> Page:
    page.locator("[name=citations-0-quote]").fill(HUSBAND)
    expect(page.locator("[data-found=date]")).to_contain_text("16 Dec 2011")
    return page


def test_the_lines_come_while_words_are_typed_and_fill_nothing(page: Page) -> None:
    lines(page)
    expect(page.locator("[data-found=date]")).to_contain_text("16 Dec 2011, the year of the source")
    expect(page.locator("[data-found=figures-0]")).to_contain_text(HUSBAND.rstrip("."))
    expect(page.locator("#date")).to_have_value("")
    page.locator("[name=citations-0-quote]").fill("Nothing of the kind.")
    expect(page.locator("[data-found=date]")).not_to_contain_text("16 Dec 2011")


def test_a_key_takes_what_is_suggested_for_the_field_and_goes_on(page: Page) -> None:
    lines(page)
    page.locator("#date").focus()
    page.keyboard.press("Control+.")
    expect(page.locator("#date")).to_have_value("December 16")
    expect(page.locator("#date-echo")).to_contain_text("16 December 2011, the year of the source")
    expect(page.locator("#place")).to_be_focused()
    expect(page.locator("[name=figures-0-how_many]")).to_have_value("")


def test_one_key_takes_all_for_what_is_empty(page: Page) -> None:
    page.locator("#date").fill("17 Dec 2011")
    page.locator("[name=citations-0-quote]").fill(TWENTY)
    page.locator("[data-use-all]").wait_for()
    page.keyboard.press("Control+,")
    expect(page.locator("[name=figures-0-how_many]")).to_have_value("about 20")
    expect(page.locator("[name=figures-0-age_min]")).to_have_value("30")
    expect(page.locator("[name=figures-0-age_max]")).to_have_value("40")
    expect(page.locator("#date")).to_have_value("17 Dec 2011")


def test_a_press_overwrites_only_the_field_it_is_for(page: Page) -> None:
    lines(page)
    page.locator("#date").fill("17 Dec 2011")
    page.locator("[data-found=date] button").first.click()
    expect(page.locator("#date")).to_have_value("December 16")
    # What the form holds is what is saved.
    page.get_by_role("button", name="Save draft").last.click()
    page.wait_for_url(lambda url: "/new" not in url)


def test_without_a_script_the_same_press_fills_the_field(
    site: Site, person: Opens, page: Page
) -> None:
    services: Services = site.app.extensions["incidents"]
    plain = person(one_time_link(services, account(services)), java_script_enabled=False)
    plain.goto(page.url)
    plain.locator("[name=citations-0-quote]").fill(HUSBAND)
    plain.get_by_role("button", name="Another quote").click()
    plain.locator("[data-found=date] button").first.click()
    expect(plain.locator("#date")).to_have_value("December 16")
    expect(plain.locator("[name=citations-0-quote]")).to_have_value(HUSBAND)
