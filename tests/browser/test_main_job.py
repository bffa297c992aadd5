"""The whole main job, by keyboard, in a real browser: article, incident, review, search, export."""

import csv
import io
from collections.abc import Callable
from importlib.resources import files

import pytest
from playwright.sync_api import Page

from incidents.services import Services
from incidents.viewer import OPERATOR, Role
from incidents.vocabulary.actions import sync_terms
from tests.browser.conftest import Site
from tests.factories import account, one_time_link

pytestmark = pytest.mark.browser

ARTICLE = files("incidents.demo").joinpath("data/article.md").read_text("utf-8")
QUOTE = (
    "her husband was detained by the OMON on December 16. He was beaten up and taken to a police"
    " station. Since then she hasn’t heard news of him."
)


def fill(page: Page, name: str, text: str) -> None:
    """Into the field of that name, as a keyboard does: its old text selected, then typed over."""
    page.locator(f"[name='{name}']").focus()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def choose(page: Page, name: str, label: str) -> None:
    page.locator(f"select[name='{name}']").focus()
    page.keyboard.type(label)


def press(page: Page, words: str) -> None:
    """The button of these words, by Enter."""
    page.get_by_role("button", name=words, exact=True).first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def open_fold(page: Page, words: str) -> None:
    page.locator("summary", has_text=words).first.focus()
    page.keyboard.press("Enter")


def downloaded(page: Page, address: str) -> list[dict[str, str]]:
    answer = page.request.get(address)
    assert answer.status == 200
    return list(csv.DictReader(io.StringIO(answer.body().decode("utf-8-sig"), newline="")))


def paste_the_article(page: Page) -> str:
    """The reference of the source made."""
    page.goto("/sources/new")
    fill(page, "text", ARTICLE)
    fill(page, "title", "Police Round Up Men After Janaozen Violence")
    choose(page, "kind", "News")
    fill(page, "publisher", "Institute for War and Peace Reporting (IWPR)")
    press(page, "Keep a copy and read")
    return page.url.rsplit("/", 1)[1]


def log_the_husband(page: Page, source: str) -> str:
    """The reference of the incident; the quote is refused once, with the right words shown."""
    page.goto(f"/incidents/new?source={source}&type=detention")
    fill(page, "citations-0-quote", QUOTE.replace("beaten up", "beaten badly"))
    fill(page, "citations-0-speaker", "wife of detained man")
    choose(page, "citations-0-basis", "From a relative")
    fill(page, "date", "2011-12-16")
    fill(page, "place", "Janaozen")
    open_fold(page, "Add a new place")
    choose(page, "place_country", "Kazakhstan")
    fill(page, "figures-0-how_many", "1")
    fill(page, "involvements-0-party", "detained husband")
    fill(page, "involvements-1-party", "OMON")
    press(page, "Submit for review")

    refusal = page.locator(".msg", has_text="not in the snapshot").first.inner_text()
    assert QUOTE in refusal
    for name, typed in {"date": "2011-12-16", "involvements-0-party": "detained husband"}.items():
        assert page.locator(f"[name='{name}']").input_value() == typed

    fill(page, "citations-0-quote", QUOTE)
    press(page, "Submit for review")
    page.get_by_text("is waiting for review").first.wait_for()
    # Back in the text, where its words stand.
    return page.url.rsplit("#", 1)[1]


def test_from_an_article_to_a_csv_row_by_keyboard(
    site: Site, person: Callable[..., Page], services: Services
) -> None:
    with services.database.writing() as session:
        sync_terms(services.work(session, OPERATOR))
        session.commit()
    researcher = account(services, "mira", Role.RESEARCHER)
    reviewer = account(services, "tomas", Role.REVIEWER)
    page = person(one_time_link(services, researcher))
    source = paste_the_article(page)
    reference = log_the_husband(page, source)

    second = person(one_time_link(services, reviewer))
    second.goto(f"/incidents/{reference}")
    press(second, "Approve")
    second.get_by_text(f"{reference} is approved").wait_for()

    page.goto("/incidents?type=detention&place=Janaozen")
    assert page.locator("tbody tr").count() == 1
    [row] = downloaded(page, "/incidents.csv?type=detention&place=Janaozen&columns=full")
    assert row["incident_id"] == reference
    assert (row["date_edtf"], row["place"], row["detained_best"]) == ("2011-12-16", "Janaozen", "1")
    assert row["killed_best"] == ""
    [cited] = downloaded(page, "/incidents/citations.csv?type=detention&columns=full")
    start, end = int(cited["quote_start"]), int(cited["quote_end"])
    assert cited["quote"] == QUOTE == ARTICLE[start:end]
