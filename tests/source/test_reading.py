"""Who has a source open, how far it was read, and who may know."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from incidents.source.models import Source, SourceReading
from incidents.viewer import Viewer
from tests.conftest import Browser, StandingClock
from tests.factories import Person
from tests.team import Team

Enter = Callable[[Viewer], Browser]


@pytest.fixture
def enter(sign_in: Callable[..., Browser]) -> Enter:
    return lambda who: sign_in(person=Person(who.account_id or 0, who))


@pytest.fixture
def source(team: Team) -> Source:
    return team.source_row()


def rows(team: Team) -> list[SourceReading]:
    with team.reading() as session:
        return list(session.exec(select(SourceReading)).all())


def room(browser: Browser, source: Source) -> str:
    answer = browser.get(f"/sources/{source.reference}")
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def told(browser: Browser, source: Source, **said: Any) -> Any:
    """As the page tells it while it is read."""
    address = f"/sources/{source.reference}/read"
    return browser.post(address, said, headers={"Accept": "application/json"})


def test_others_see_who_has_it_open_for_a_quarter_of_an_hour(
    team: Team, source: Source, enter: Enter, clock: StandingClock
) -> None:
    author, colleague = enter(team.author), enter(team.colleague)
    assert "has this open" not in room(author, source)
    clock.move(minutes=10)
    page = room(colleague, source)
    assert "<b><bdi>author</bdi></b> has this open, since" in page
    assert "12:00 UTC" in page.partition("has this open")[2][:200]
    # Nobody is told of themselves.
    assert "<bdi>colleague</bdi></b> has this open" not in page
    clock.move(minutes=6)
    page = room(colleague, source)
    assert "has this open" not in page


def test_a_sitting_begins_when_one_comes_back_and_not_before(
    team: Team, source: Source, enter: Enter, clock: StandingClock
) -> None:
    author, colleague = enter(team.author), enter(team.colleague)
    for minutes in (0, 14, 14):
        clock.move(minutes=minutes)
        room(author, source)
    assert "12:00 UTC" in room(colleague, source).partition("has this open")[2][:200]
    clock.move(minutes=30)
    room(author, source)
    assert "12:58 UTC" in room(colleague, source).partition("has this open")[2][:200]


def test_a_form_beside_the_text_counts_as_being_there(
    team: Team, source: Source, enter: Enter
) -> None:
    enter(team.author).get(f"/incidents/new?source={source.reference}&type=detention")
    form = enter(team.colleague).get(f"/incidents/new?source={source.reference}&type=injury")
    assert "<bdi>author</bdi></b> has this open" in form.get_data(as_text=True)


def test_readers_are_neither_told_nor_noted(team: Team, source: Source, enter: Enter) -> None:
    team.recorded(
        team.record(citations=(team.quoting("Police", source=source.id),)), status="approved"
    )
    author, reader = enter(team.author), enter(team.reader)
    room(author, source)
    told(author, source, done="1")
    page = room(reader, source)
    assert "author" not in page.partition("<main")[2].partition("</main")[0]
    assert "has this open" not in page and "Read to the end" not in page
    assert "data-read-to" not in page
    assert [row.account_id for row in rows(team)] == [team.author.account_id]


def test_of_a_source_one_may_not_see_nothing_is_noted(team: Team, enter: Enter) -> None:
    hidden = team.source_row(protected=True)
    colleague = enter(team.colleague)
    assert told(colleague, hidden, done="1").status_code == 404
    assert colleague.get(f"/sources/{hidden.reference}").status_code == 404
    assert rows(team) == []


def test_opening_it_again_at_once_writes_nothing(
    team: Team, source: Source, enter: Enter, clock: StandingClock
) -> None:
    author = enter(team.author)
    room(author, source)
    [before] = rows(team)
    clock.move(seconds=30)
    room(author, source)
    assert rows(team)[0].seen_at == before.seen_at
    clock.move(seconds=40)
    room(author, source)
    assert rows(team)[0].seen_at > before.seen_at


def test_how_far_it_was_read_stays_and_never_goes_back(
    team: Team, source: Source, enter: Enter
) -> None:
    author = enter(team.author)
    assert "not read yet" in room(author, source)
    with team.reading() as session:
        copy = session.exec(select(SourceReading.snapshot_id)).first()
    assert copy is None
    page = room(author, source)
    copy_id = page.partition('data-read-copy="')[2].partition('"')[0]
    assert told(author, source, copy=copy_id, furthest="0").status_code == 204
    assert "you read to 2" in room(author, source)
    assert told(author, source, copy=copy_id, furthest="31").status_code == 204
    assert "you came to the end" in room(author, source)
    told(author, source, copy=copy_id, furthest="0")
    assert "you came to the end" in room(author, source)
    # It is each one's own.
    assert "not read yet" in room(enter(team.colleague), source)


@pytest.mark.parametrize(
    "said",
    [
        {"copy": "999999", "furthest": "7"},
        {"copy": "x", "furthest": "-1"},
        {"copy": "1" * 40, "furthest": "9" * 40},
        {"copy": "1", "furthest": "99999999999"},
        {"copy": "١", "furthest": "\0"},
        {},
    ],
)
def test_whatever_a_page_says_is_answered(
    team: Team, source: Source, enter: Enter, said: dict[str, str]
) -> None:
    author = enter(team.author)
    assert told(author, source, **said).status_code == 204
    assert room(author, source)


def test_without_a_script_a_button_says_that_it_was_read(
    team: Team, source: Source, enter: Enter, clock: StandingClock
) -> None:
    author = enter(team.author)
    assert "I have read it" in room(author, source)
    answer = author.post(f"/sources/{source.reference}/read", {"done": "1"})
    assert (answer.status_code, answer.location) == (303, f"/sources/{source.reference}")
    page = room(author, source)
    assert "It is noted that you have read it." in page
    assert "I have read it" not in page
    clock.move(days=3)
    page = room(enter(team.colleague), source)
    assert "Read to the end by <b><bdi>author</bdi></b>" in page
    assert "22 Nov 2026" in page.partition("Read to the end")[2][:300]


def test_another_copy_is_read_from_its_beginning(team: Team, enter: Enter) -> None:
    source = team.source_row("One paragraph.\n\nAnother one.")
    author = enter(team.author)
    page = room(author, source)
    copy_id = page.partition('data-read-copy="')[2].partition('"')[0]
    told(author, source, copy=copy_id, furthest="16")
    form = author.get(f"/sources/{source.reference}/snapshots/new")
    assert form.status_code == 200
    other = team.source_row("Something else.", by=team.author)
    other_copy = room(author, other).partition('data-read-copy="')[2].partition('"')[0]
    # A copy of another source is none of this one.
    told(author, source, copy=other_copy, furthest="0")
    assert "you came to the end" in room(author, source)
