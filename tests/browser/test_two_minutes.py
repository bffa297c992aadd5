"""Two incidents from one sentence of an article, as fast as the interface promises: every key and
every press, move and release of a pointer is counted; a letter typed is one."""

from collections.abc import Callable
from importlib.resources import files

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from incidents.incident.models import Party
from incidents.incident.record import Record
from incidents.services import Services
from incidents.viewer import OPERATOR, Role
from incidents.vocabulary.actions import add_place
from incidents.vocabulary.models import Place
from incidents.vocabulary.record import PlaceSaid
from tests.factories import account, one_time_link
from tests.team import Team

pytestmark = pytest.mark.browser

ARTICLE = files("incidents.demo").joinpath("data/article.md").read_text("utf-8")
QUOTE = (
    "her husband was detained by the OMON on December 16. He was beaten up and taken to a police"
    " station. Since then she hasn’t heard news of him."
)
MOST_FIRST, MOST_SECOND = 25, 12


class Hands:
    """A keyboard and a pointer that count what is done with them."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.actions = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self._page.keyboard.press(key)
            self.actions += 1

    def type(self, words: str) -> None:
        self._page.keyboard.type(words)
        self.actions += len(words)

    def drag(self, start: dict[str, float], end: dict[str, float]) -> None:
        """Three: press, move, release."""
        mouse = self._page.mouse
        mouse.move(start["x"], start["y"])
        mouse.down()
        mouse.move(end["x"], end["y"], steps=6)
        mouse.up()
        self.actions += 3


def edges(page: Page, words: str) -> tuple[dict[str, float], dict[str, float]]:
    """Where on the screen these words of the text begin and end; scrolled to, as if read."""
    found: list[dict[str, float]] = page.evaluate(
        """(words) => {
          const walker = document.createTreeWalker(
            document.querySelector("[data-words]"), NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const at = node.data.indexOf(words);
            if (at < 0) continue;
            node.parentElement.scrollIntoView({block: "center"});
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + words.length);
            const boxes = [...range.getClientRects()];
            const middle = (box) => box.top + box.height / 2;
            return [
              {x: boxes[0].left + 0.5, y: middle(boxes[0])},
              {x: boxes.at(-1).right - 0.5, y: middle(boxes.at(-1))},
            ];
          }
        }""",
        words,
    )
    return found[0], found[1]


@pytest.fixture
def page(team: Team, services: Services, person: Callable[..., Page]) -> Page:
    """The article is there and nothing else: a place, and no incident, party or event."""
    team.source(
        ARTICLE,
        title="Police Round Up Men After Janaozen Violence",
        publisher="Institute for War and Peace Reporting (IWPR)",
        published="2011-12-19/2011-12-22",
        language="en",
    )
    with services.database.writing() as session:
        add_place(services.work(session, OPERATOR), PlaceSaid("Janaozen", "KZ"))
        session.commit()
    researcher = account(services, "mira", Role.RESEARCHER)
    page = person(one_time_link(services, researcher), viewport={"width": 1440, "height": 900})
    page.goto("/sources/SRC-2026-00001")
    return page


def submitted(page: Page) -> str:
    """The reference: one is back in the text, where its words stand."""
    page.get_by_text("is waiting for review").first.wait_for()
    return page.url.rsplit("#", 1)[1]


def recorded(team: Team, reference: str) -> tuple[str, Record]:
    row = team.row(reference)
    return row.status, team.stored(reference)


def is_the_husband(team: Team, record: Record, measure: str) -> None:
    """What both incidents have in common: words, day, place, one man, and that he is protected."""
    [cited] = record.citations
    assert cited.quote is not None
    start = ARTICLE.index(QUOTE)
    assert (cited.quote.exact, cited.quote.start, cited.quote.end) == (
        QUOTE,
        start,
        start + len(QUOTE),
    )
    assert (record.date.edtf, record.date.basis) == ("2011-12-16", "year_inferred")
    [figure] = record.figures
    assert (figure.measure, figure.low, figure.best, figure.high) == (measure, 1, 1, 1)
    [one] = record.involvements
    assert one.role == "victim"
    with team.reading() as session:
        victim = session.exec(select(Party).where(Party.id == one.party)).one()
        place = session.exec(select(Place).where(Place.id == record.place)).one()
    assert (victim.label, victim.privacy) == ("detained husband", "protected")
    assert place.name == "Janaozen"


def test_two_incidents_of_one_sentence(team: Team, page: Page) -> None:
    first = Hands(page)
    first.drag(*edges(page, QUOTE))
    first.press("d")
    expect(page.get_by_role("heading", name="New detention")).to_be_visible()
    # What the words say, then what stands around them: the place, and whom it is about.
    first.press("Control+,")
    expect(page.locator("[name='place']")).to_be_focused()
    first.press("Control+.")
    expect(page.locator("[name='involvements-0-party']")).to_be_focused()
    first.press("Control+.")
    expect(page.locator("[name='involvements-0-party']")).to_have_value("detained husband")
    first.press("Control+Enter")
    detention = submitted(page)
    status, record = recorded(team, detention)
    assert (status, record.type) == ("submitted", "detention")
    is_the_husband(team, record, "detained")
    assert first.actions <= MOST_FIRST, first.actions

    second = Hands(page)
    second.press("t")
    expect(page.get_by_role("heading", name="New ill-treatment")).to_be_visible()
    expect(page.locator("[name='citations-0-quote']")).to_have_value(QUOTE)
    second.press("Control+Enter")
    beating = submitted(page)
    status, record = recorded(team, beating)
    assert (status, record.type) == ("submitted", "ill_treatment")
    is_the_husband(team, record, "ill_treated")
    assert [(one.type, one.to) for one in record.relations] == [("same_victim", team.id(detention))]
    assert second.actions <= MOST_SECOND, second.actions


def test_without_a_suggestion_the_first_is_typed_within_the_same_bounds(
    team: Team, page: Page
) -> None:
    """By keys alone from the words on: what is typed is what one would type."""
    hands = Hands(page)
    hands.drag(*edges(page, "her husband was detained by the OMON on December 16"))
    hands.press("d")
    expect(page.get_by_role("heading", name="New detention")).to_be_visible()
    hands.press("Control+,")
    expect(page.locator("[name='place']")).to_be_focused()
    hands.type("Jan")
    expect(page.get_by_role("option", name="Janaozen").first).to_be_visible()
    hands.press("ArrowDown", "Tab", "Control+Enter")
    reference = submitted(page)
    status, record = recorded(team, reference)
    assert status == "submitted"
    assert record.citations[0].quote is not None
    assert hands.actions <= MOST_FIRST, hands.actions
