"""Words selected in the reading room open a new incident's form as its quote, in no address."""

import re
from collections.abc import Callable

import pytest

from incidents.incident.models import Incident, UnsavedForm
from tests.conftest import Browser
from tests.factories import Person
from tests.incident.desk import MARKER, Desk, count
from tests.team import Team
from tests.web.filled import form_of

WORDS = "her husband was detained – “he was beaten up”"


@pytest.fixture
def desk(team: Team, sign_in: Callable[..., Browser]) -> Desk:
    return Desk(team, sign_in(person=Person(team.author.account_id or 0, team.author)))


def test_the_form_opens_with_them_and_saves_them(desk: Desk) -> None:
    answer = desk.browser.post(desk.address(), {"quote": WORDS})
    assert answer.status_code == 200
    form = form_of(answer.text, MARKER)
    assert form["citations-0-quote"] == WORDS
    assert form["citations-0-source"] == desk.source
    # As on a form that is opened without words.
    blank = desk.new()
    for name in ("involvements-0-protected", "figures-0-in_totals", "publication"):
        assert form.values(name) == blank.values(name)
    assert count(desk.team, Incident) == 0
    reference = desk.saved(form)
    [citation] = desk.team.stored(reference).citations
    assert citation.quote is not None
    assert citation.quote.exact == WORDS


def test_they_go_on_where_the_type_is_asked_for(desk: Desk) -> None:
    page = desk.browser.post(f"/incidents/new?source={desk.source}", {"quote": WORDS}).text
    assert "What happened?" in page
    assert WORDS in page.partition('<textarea name="quote">')[2].partition("</textarea>")[0]


def test_the_focus_goes_to_what_is_asked_next(desk: Desk) -> None:
    with_words = desk.browser.post(desk.address(), {"quote": WORDS}).text
    for page, name in ((with_words, "speaker"), (desk.browser.get(desk.address()).text, "quote")):
        [begun] = re.findall(r"<(?:input|textarea)[^>]* autofocus[^>]*>", page)
        assert f'name="citations-0-{name}"' in begun


@pytest.mark.parametrize("words", ["", "\0", "</textarea><script>alert(1)</script>", "x" * 50_000])
def test_whatever_is_sent_is_answered(desk: Desk, words: str) -> None:
    answer = desk.browser.post(desk.address(), {"quote": words})
    assert answer.status_code in (200, 422)
    assert "<script>alert" not in answer.text
    assert count(desk.team, Incident) == 0
    assert count(desk.team, UnsavedForm) == 0


def test_a_form_that_is_sent_is_not_taken_for_words(desk: Desk) -> None:
    form = desk.new()
    assert desk.send(form, then="save", quote=WORDS).status_code == 303
