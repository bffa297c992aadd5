"""Pages of events: their incidents, totals, rights, and their form."""

from collections.abc import Callable
from typing import Any

import pytest

from incidents.errors import FieldErrors
from incidents.incident.actions import add_event, edit_event
from incidents.incident.models import Event
from incidents.incident.record import FigureSaid
from incidents.viewer import Viewer
from tests.conftest import Browser
from tests.team import Team
from tests.web.filled import form_of

Browsing = Callable[[Viewer], Browser]


@pytest.fixture
def browse(sign_in: Callable[..., Browser], person_of: Callable[..., Any]) -> Browsing:
    return lambda viewer: sign_in(person=person_of(viewer))


def event(team: Team, title: str = "Janaozen, December 2011") -> int:
    with team.work() as work:
        return add_event(work, title).id or 0


def within(team: Team, event_id: int, **given: Any) -> str:
    figures = (FigureSaid(measure="killed", best=3, in_totals=True, citation=0),)
    return team.recorded(team.record("killing", event=event_id, figures=figures), **given)


def test_page_has_the_incidents_this_viewer_sees_and_their_totals(
    team: Team, browse: Browsing
) -> None:
    number = event(team)
    draft, approved = within(team, number), within(team, number, status="approved")

    inside, outside = (
        browse(viewer).get(f"/events/{number}").text for viewer in (team.colleague, team.reader)
    )

    assert "6 killed" in inside
    assert "How these were counted" in inside
    assert draft in inside
    assert "3 killed" in outside
    assert approved in outside
    assert draft not in outside
    assert "Edit" not in outside
    listed = browse(team.reader).get("/events").text
    assert "1 incident<" in listed


def test_event_of_hidden_incidents_is_not_found(team: Team, browse: Browsing) -> None:
    sealed, drafted, unused = (event(team, title) for title in ("sealed", "drafted", "unused"))
    team.sealed(within(team, sealed, status="approved"))
    within(team, drafted)

    for viewer, hidden in (
        (team.reader, (sealed, drafted, unused)),
        (team.admin, (sealed, drafted, unused)),
        (team.colleague, (sealed,)),
        (team.reviewer, (sealed,)),
        (team.author, ()),
    ):
        browser = browse(viewer)
        for number in (sealed, drafted, unused, 99999):
            is_hidden = number in hidden or number == 99999
            expected = 404 if is_hidden else 200
            assert browser.get(f"/events/{number}").status_code == expected, viewer.name
        listed = browser.get("/events").text
        assert ("sealed" in listed) == (sealed not in hidden)
    edit = browse(team.reviewer).get(f"/events/{sealed}/edit")
    assert edit.status_code == 404


def test_event_is_edited_on_the_version_that_was_read(team: Team, browse: Browsing) -> None:
    number = event(team)
    browser = browse(team.colleague)
    form = form_of(browser.get(f"/events/{number}/edit").text, "summary")
    form.fill(title="Janaozen", summary="Sixteen\nand after")
    with team.work() as work:
        edit_event(work, number, 1, "Zhanaozen", "What was said")

    stale = browser.client.post(f"/events/{number}/edit", data=form.data())
    assert stale.status_code == 409
    assert "What was said" in stale.text
    again = form_of(stale.text, "merge_version")
    assert again["title"] == "Janaozen"
    again.fill(**{"merge.title": "mine", "merge.summary": "mine"})
    assert browser.client.post(f"/events/{number}/edit", data=again.data()).status_code == 303
    with team.reading() as session:
        stored = session.get_one(Event, number)
    assert (stored.title, stored.summary, stored.version) == ("Janaozen", "Sixteen\nand after", 3)


def test_faults_of_an_event_stand_beside_their_fields(team: Team, browse: Browsing) -> None:
    number = event(team)
    event(team, "Another")
    browser = browse(team.author)
    for title in ("", "\u200b", "x" * 301, "ANOTHER"):
        form = form_of(browser.get(f"/events/{number}/edit").text, "summary").fill(title=title)
        answer = browser.client.post(f"/events/{number}/edit", data=form.data())
        assert answer.status_code == 422, title
        assert "title" in form_of(answer.text, "summary").errors
    kept = form_of(browser.get(f"/events/{number}/edit").text, "summary")
    assert browser.client.post(f"/events/{number}/edit", data=kept.data()).status_code == 303


def test_hostile_title_is_text(team: Team, browse: Browsing) -> None:
    number = event(team, "<img src=x onerror=alert(1)>")
    browser = browse(team.author)
    for address in ("/events", f"/events/{number}", f"/events/{number}/edit"):
        assert "<img src=x" not in browser.get(address).text
    assert browser.get("/events?q=%25&after=nonsense").status_code == 303
    assert "No event matches" in browser.get("/events?q=%25").text


def test_incident_page_leads_to_event_and_parties(team: Team, browse: Browsing) -> None:
    number = event(team)
    reference = within(team, number)
    assert f'href="/events/{number}"' in browse(team.author).get(f"/incidents/{reference}").text


def test_guessing_a_hidden_event_s_title_joins_nobody_to_it(team: Team) -> None:
    sealed = event(team, "Operation at dawn")
    team.sealed(within(team, sealed, status="approved"))

    with pytest.raises(FieldErrors) as refused, team.work(team.colleague) as work:
        add_event(work, "operation at dawn")
    assert set(refused.value.errors) == {"event"}
    with team.work(team.author) as work:
        assert add_event(work, "operation at dawn").id == sealed
