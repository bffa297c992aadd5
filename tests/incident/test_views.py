"""Saved views: kept, opened, changed, deleted by their owner; shared, and what others then see."""

import html
import json
import re
import threading
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlmodel import col, select

from incidents.audit.models import AuditEntry
from incidents.audit.queries import problems
from incidents.db import Database
from incidents.errors import FieldErrors, NotAllowed, NotFound, Stale
from incidents.incident.actions import add_event
from incidents.incident.actions.views import (
    LONGEST_NAME,
    MOST,
    NameTaken,
    ViewSaid,
    change_view,
    delete_view,
    replace_view,
    save_view,
)
from incidents.incident.filters import IncidentFilter
from incidents.incident.models import Party, SavedView
from incidents.incident.queries.names import filter_from_args
from incidents.incident.queries.saved_views import saved_view, saved_views
from incidents.viewer import Viewer
from incidents.vocabulary.models import Place
from tests.conftest import Browser, Demo
from tests.factories import selects
from tests.team import Team

LOOK = (("columns", "reference,title"),)


@pytest.fixture
def people(demo: Demo, sign_in: Any) -> dict[str, Browser]:
    """Two researchers, a reader and an admin beside the demo's incidents."""
    return {role: sign_in(role) for role in ("researcher", "reader", "admin", "reviewer")}


def saved(browser: Browser, name: str, query: str, **more: str) -> str:
    """The address of a view just saved."""
    response = browser.post("/incidents/views", {"name": name, "query": query, **more})
    assert response.status_code == 303, response.get_data(as_text=True)
    return str(response.location)


def words(response: Any) -> str:
    main = response.get_data(as_text=True).partition("<main")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main)).split())


def flashed(browser: Browser, address: str) -> str:
    page = browser.get(address).get_data(as_text=True)
    return html.unescape(page.partition('class="flashes"')[2].partition("<main")[0])


def asked_in(location: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(location).query)


def only_row(database: Database) -> SavedView:
    with database.reading() as session:
        return session.exec(select(SavedView)).one()


# --- On the page ------------------------------------------------------------------------------


def test_a_view_opens_the_listing_as_it_was_saved(people: dict[str, Browser]) -> None:
    mine = people["researcher"]
    address = saved(mine, "  Killings,  by title ", "type=killing&sort=title&columns=title,date")
    opened = mine.get(address)
    assert (opened.status_code, asked_in(opened.location)) == (
        303,
        [("type", "killing"), ("sort", "title"), ("columns", "title,date")],
    )
    listed = mine.get(opened.location)
    assert listed.status_code == 200
    assert "Killings, by title" in listed.get_data(as_text=True)


def test_a_view_keeps_the_columns_it_was_saved_with(people: dict[str, Browser]) -> None:
    mine, other = people["researcher"], people["reviewer"]
    address = saved(mine, "All", "", shared="1")
    other.post("/incidents/columns", {"columns": "title"})
    columns = dict(asked_in(other.get(address).location))["columns"]
    assert columns == "reference,type,title,date,place,figure,status"


def test_what_is_named_is_kept_by_id(people: dict[str, Browser], demo: Demo) -> None:
    with demo.database.reading() as session:
        label = session.exec(select(Party.label).where(col(Party.privacy) == "protected")).first()
        place = session.exec(select(Place.id).where(Place.name == "Janaozen")).one()
    mine = people["researcher"]
    args = f"place=Janaozen&place=none&party={label}&event=none"
    address = saved(mine, "Somebody there", args)
    kept = only_row(demo.database).query
    assert str(label) not in kept and "Janaozen" not in kept
    assert f"place={place}&place=none" in kept
    listed = mine.get(mine.get(address).location)
    assert f"party is {label}" not in kept
    assert "Janaozen" in words(listed) and str(label) in words(listed)


def test_the_same_name_asks_before_it_replaces(people: dict[str, Browser], demo: Demo) -> None:
    mine = people["researcher"]
    address = saved(mine, "Week", "type=killing")
    again = mine.post("/incidents/views", {"name": "WEEK", "query": "type=detention"})
    assert again.status_code == 422
    said = words(again)
    assert "You have a view “Week” already." in said
    assert "Put what is shown now in place of it" in said
    page = again.get_data(as_text=True).partition('<li id="view-')[0]
    fields = dict(re.findall(r'name="(version|replaces|query|name)"\s+value="([^"]*)"', page))
    assert (fields["name"], fields["query"]) == ("WEEK", "type=detention")
    assert only_row(demo.database).query.startswith("type=killing")
    done = mine.post("/incidents/views", fields)
    assert done.location == address
    assert ("type", "detention") in asked_in(mine.get(address).location)
    assert (only_row(demo.database).name, only_row(demo.database).version) == ("WEEK", 2)
    stale = mine.post("/incidents/views", fields)
    assert stale.status_code == 409
    assert "was saved again in between" in words(stale)


def test_rename_share_and_delete(people: dict[str, Browser], demo: Demo) -> None:
    mine, other = people["researcher"], people["reviewer"]
    address = saved(mine, "Week", "type=killing")
    assert other.get(address).status_code == 404
    changed = mine.post(address, {"name": "Month", "shared": "1", "version": "1"})
    assert changed.location == "/incidents/views"
    assert "Month" in words(other.get("/incidents/views"))
    assert "Month" in words(other.get("/incidents"))
    old = mine.post(address, {"name": "Year", "version": "1"})
    assert old.status_code == 409
    assert "“Month” was saved again in between" in words(old)
    assert 'value="Year"' in old.get_data(as_text=True)
    assert "Delete the view “ Month ” for good?" in words(mine.get("/incidents/views"))
    assert mine.post(f"{address}/delete").location == "/incidents/views"
    assert "“Month” is deleted." in flashed(mine, "/incidents/views")
    assert mine.get(address).status_code == 404
    with demo.database.reading() as session:
        entries = session.exec(
            select(AuditEntry)
            .where(AuditEntry.entity == "saved_view")
            .order_by(AuditEntry.sequence)
        ).all()
        assert [one.action for one in entries] == ["save_view", "change_view", "delete_view"]
        assert {key for one in entries for key in json.loads(one.payload)} == {"shared", "filter"}
        assert not any("killing" in one.payload for one in entries)
        assert list(problems(session)) == []


def test_only_its_owner_changes_a_view_and_an_admin_deletes_shared_ones(
    people: dict[str, Browser],
) -> None:
    mine = people["researcher"]
    shared = saved(mine, "Shared", "type=killing", shared="1")
    own = saved(mine, "Own", "type=killing")
    for role in ("reader", "reviewer", "admin"):
        them = people[role]
        assert them.post(shared, {"name": "Theirs", "version": "1"}).status_code == 403
        assert them.post(own, {"name": "Theirs", "version": "1"}).status_code == 404
        assert them.post(f"{own}/delete").status_code == 404
        number = shared.rpartition("/")[2]
        replaced = {"name": "X", "query": "", "replaces": number, "version": "1"}
        assert them.post("/incidents/views", replaced).status_code == 403
        listed = words(them.get("/incidents/views"))
        assert "Own" not in listed and "Shared" in listed
        assert ("Delete" in listed) == (role == "admin")
    for role in ("reader", "reviewer"):
        assert people[role].post(f"{shared}/delete").status_code == 403
    assert people["admin"].post(f"{shared}/delete").status_code == 303
    assert mine.get(shared).status_code == 404


def test_a_view_that_asks_what_a_reader_may_not_says_so(people: dict[str, Browser]) -> None:
    mine, reader = people["researcher"], people["reader"]
    own = mine.person.viewer.name
    for query, told in (
        (f"author={own}", "Author"),
        ("type=killing&columns=title,author", "Columns"),
    ):
        address = saved(mine, f"By {query[:10]}", query, shared="1")
        opened = reader.get(address)
        assert opened.location == "/incidents/views"
        said = flashed(reader, "/incidents/views")
        assert f"asks for what you may not see: {told}." in said
        assert own not in said.replace(f"By {query[:10]}", "")


def test_an_event_is_kept_by_id(team: Team) -> None:
    with team.work(team.author) as work:
        add_event(work, "The secret meeting")
    asked = _asked(team, team.author, "event=The secret meeting")
    with team.work(team.author) as work:
        view = save_view(work, ViewSaid("Meetings", True, asked, LOOK))
        assert "secret" not in view.query


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "Give the view a name."),
        ("   ", "Give the view a name."),
        ("\u200b", "Give the view a name."),
        ("x" * 300, "That is 300 characters long"),
        ("a\0b", "There is a character in it that no name holds"),
    ],
)
def test_names_that_are_none(people: dict[str, Browser], name: str, told: str) -> None:
    mine = people["researcher"]
    refused = mine.post("/incidents/views", {"name": name, "query": "type=killing", "shared": "1"})
    assert refused.status_code == 422
    assert told in words(refused)
    page = refused.get_data(as_text=True)
    assert 'value="type=killing"' in page
    assert 'name="shared" value="1" checked' in page
    address = saved(mine, "Good", "")
    again = mine.post(address, {"name": name, "version": "1"})
    assert again.status_code == 422
    assert told in words(again)


def test_hostile_names_and_queries_are_words(people: dict[str, Browser], demo: Demo) -> None:
    mine = people["researcher"]
    hostile = "<script>alert(1)</script>\" onmouseover='x' “{{7*7}}” ‮"
    saved(mine, hostile, "")
    for address in ("/incidents/views", "/incidents"):
        page = mine.get(address).get_data(as_text=True)
        assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page
    for query in (
        "colour=red",
        "type=<script>",
        "sort=size",
        "after=x&view=globe",
        "columns=colour",
        "type=%00",
        "party=Nobody at all",
        "&".join(f"x{number}=1" for number in range(3000)),
        "q=" + "x" * 30_000,
        "\udcff=\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    ):
        refused = mine.post("/incidents/views", {"name": "Odd", "query": query})
        assert refused.status_code == 422, query[:40]
        assert "The view is not saved yet" in words(refused)
    assert only_row(demo.database).query.startswith("columns=")


@pytest.mark.parametrize("address", ["/incidents/views/0", "/incidents/views/99999999999999999999"])
def test_views_that_are_none(people: dict[str, Browser], address: str) -> None:
    mine = people["researcher"]
    assert mine.get(address).status_code == 404
    for target in (address, f"{address}/delete"):
        assert mine.post(target, {"name": "x", "version": "1"}).status_code in (404, 405)
    form = {"name": "x", "query": "", "replaces": address.rpartition("/")[2], "version": "9" * 30}
    assert mine.post("/incidents/views", form).status_code == 404


def test_listing_takes_one_statement_for_its_views(
    people: dict[str, Browser], demo: Demo, app: Any
) -> None:
    mine = people["researcher"]

    def statements() -> int:
        with selects(app.extensions["incidents"].database) as sent:
            assert mine.get("/incidents").status_code == 200
        return len(sent)

    once = statements()
    for number in range(6):
        saved(people["reviewer"], f"Theirs {number}", "", shared="1")
        saved(mine, f"Mine {number}", "")
    mine.get("/incidents/views")
    assert statements() == once


# --- The actions ------------------------------------------------------------------------------


def _asked(team: Team, viewer: Viewer, query: str) -> IncidentFilter:
    with team.reading() as session:
        return filter_from_args(session, parse_qsl(query), viewer, team.services.keyring)


def _view(team: Team, name: str, *, shared: bool = False, by: Viewer | None = None) -> int:
    with team.work(by or team.author) as work:
        view = save_view(work, ViewSaid(name, shared, IncidentFilter(), LOOK))
        return view.id or 0


def test_two_people_may_use_one_name_and_one_person_may_not(team: Team) -> None:
    first = _view(team, "Arrests")
    _view(team, "Arrests", by=team.colleague)
    with pytest.raises(NameTaken) as taken:
        _view(team, "  ARRESTS ")
    assert (taken.value.view_id, taken.value.version) == (first, 1)
    other = _view(team, "Other")
    with pytest.raises(NameTaken), team.work(team.author) as work:
        change_view(work, other, 1, "arrests", shared=False)
    with team.work(team.author) as work:
        assert change_view(work, other, 1, "Öther", shared=True).name == "Öther"


def test_another_s_view_is_known_only_while_it_is_shared(team: Team) -> None:
    view_id = _view(team, "Arrests", shared=True)
    with team.reading() as session:
        line = saved_view(session, team.reader, view_id)
        assert (line.name, line.mine, line.owner) == ("Arrests", False, team.author.name)
    with team.work(team.author) as work:
        change_view(work, view_id, 1, "Arrests", shared=False)
    with team.reading() as session:
        assert saved_views(session, team.colleague) == []
        with pytest.raises(NotFound):
            saved_view(session, team.colleague, view_id)
    with pytest.raises(NotFound), team.work(team.colleague) as work:
        delete_view(work, view_id)


def test_rights_and_versions_of_the_actions(team: Team) -> None:
    view_id = _view(team, "Arrests", shared=True)
    said = ViewSaid("Arrests", True, IncidentFilter(), LOOK)
    for verb in (
        lambda work: replace_view(work, view_id, 1, said),
        lambda work: change_view(work, view_id, 1, "Mine", shared=False),
        lambda work: delete_view(work, view_id),
    ):
        with pytest.raises(NotAllowed), team.work(team.colleague) as work:
            verb(work)
    with pytest.raises(Stale), team.work(team.author) as work:
        replace_view(work, view_id, 2, said)
    with team.work(team.author) as work:
        assert replace_view(work, view_id, 1, said).version == 2


def test_nobody_keeps_more_than_the_most(team: Team) -> None:
    for number in range(MOST):
        _view(team, f"View {number}")
    with pytest.raises(FieldErrors) as refused:
        _view(team, "One more")
    assert "Delete one you don’t use first" in refused.value.errors["name"][0]
    _view(team, "x" * LONGEST_NAME, by=team.colleague)


def test_of_two_at_once_one_is_told(team: Team) -> None:
    view_id = _view(team, "Arrests")
    start, told = threading.Barrier(2), []

    def change(name: str) -> None:
        start.wait(timeout=30)
        try:
            with team.work(team.author) as work:
                change_view(work, view_id, 1, name, shared=False)
        except Stale:
            told.append(name)

    both = [threading.Thread(target=change, args=(name,)) for name in ("One", "Two")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(told) == 1
    with team.reading() as session:
        (line,) = saved_views(session, team.author)
        assert (line.name in ("One", "Two"), line.name in told, line.version) == (True, False, 2)
