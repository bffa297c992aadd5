"""Pages of places, as each role reads and fills them."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from incidents.vocabulary.models import Place
from incidents.vocabulary.queries import place_view
from tests.conftest import Browser
from tests.factories import Person, selects
from tests.team import Team
from tests.web.filled import form_of

SignIn = Callable[..., Browser]


@pytest.fixture
def author(team: Team, sign_in: SignIn) -> Browser:
    return sign_in(person=Person(team.author.account_id or 0, team.author))


@pytest.fixture
def colleague(team: Team, sign_in: SignIn) -> Browser:
    return sign_in(person=Person(team.colleague.account_id or 0, team.colleague))


def body(browser: Browser, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200, response.status_code
    text: str = response.text
    return text


def test_the_tree_counts_what_stands_there_and_below(team: Team, author: Browser) -> None:
    town = team.place("Janaozen", region="Mangystau")
    station = team.place("Station", parent=town, precision="site")
    team.recorded(place=town)
    team.recorded(place=station)
    team.recorded(place=station)
    page = body(author, "/places")
    for words in ("Kazakhstan", "Mangystau", "Janaozen", "Station", "3 incidents", "2 incidents"):
        assert words in page
    assert f"/incidents?place={town}" in page
    assert f'href="/places/{station}"' in page


def test_places_are_found_by_any_part_of_any_spelling(team: Team, author: Browser) -> None:
    town = team.place("Janaozen", aliases=("Жаңаөзен",))
    other = team.place("Aktau")
    for asked in ("ozen", "ЖАҢА", "JANAO"):
        page = body(author, f"/places?q={asked}")
        assert f'href="/places/{town}"' in page
        assert f'href="/places/{other}"' not in page
    assert "No place has “%” in its name" in body(author, "/places?q=%25")


def test_a_sealed_incident_hides_its_place_from_others(
    team: Team, author: Browser, colleague: Browser
) -> None:
    secret = team.place("Xanadu house")
    team.sealed(team.recorded(place=secret), team.author)
    assert "Xanadu" in body(author, "/places")
    assert "Xanadu" not in body(colleague, "/places")
    assert f'href="/places/{secret}"' not in body(colleague, "/places?q=Xanadu")
    for address in (f"/places/{secret}", f"/places/{secret}/edit", f"/places/new?parent={secret}"):
        assert colleague.get(address).status_code == 404
    assert colleague.post(f"/places/{secret}/edit", {"name": "Known"}).status_code == 404


def test_a_number_no_place_has_is_not_found(author: Browser) -> None:
    for number in ("0", "-1", "2147483648", "9" * 30):
        assert author.get(f"/places/new?parent={number}").status_code == 404


def test_counts_and_incidents_are_those_the_viewer_may_see(
    team: Team, author: Browser, colleague: Browser
) -> None:
    town = team.place("Janaozen")
    team.recorded(place=town, title="Seen by all")
    team.sealed(team.recorded(place=town, title="Sealed one"), team.author)
    assert "2 incidents" in body(author, "/places")
    assert "Sealed one" in body(author, f"/places/{town}")
    assert "2 incidents" not in body(colleague, "/places")
    page = body(colleague, f"/places/{town}")
    assert "Seen by all" in page
    assert "Sealed one" not in page


def test_readers_know_only_places_of_what_is_published(team: Team, sign_in: SignIn) -> None:
    reader = sign_in("reader")
    town = team.place("Janaozen")
    station = team.place("Station", parent=town)
    draft = team.place("Aktau")
    team.recorded(place=station, status="approved")
    team.recorded(place=draft)
    page = body(reader, "/places")
    assert "Janaozen" in page
    assert "Station" in page
    assert "Aktau" not in page
    assert "New place" not in page
    assert reader.get(f"/places/{draft}").status_code == 404
    assert "Somebody detained" in body(reader, f"/places/{station}")
    assert "Edit" not in body(reader, f"/places/{town}")


def test_a_place_is_added_below_another_and_edited(team: Team, author: Browser) -> None:
    town = team.place("Janaozen", region="Mangystau")
    page = body(author, f"/places/new?parent={town}")
    form = form_of(page, "aliases").fill(
        name="Police station", aliases="ROVD\n\n Town police ", point="43°20′N 52°51′E"
    )
    answer = author.post("/places/new", form.data())
    assert answer.status_code == 303
    with team.reading() as session:
        made = session.exec(select(Place).where(Place.name == "Police station")).one()
        view = place_view(session, made.id or 0)
    assert view.parent_id == town
    assert view.country == "KZ"
    assert view.aliases == ("ROVD", "Town police")
    assert (view.lat, view.lon) == (43.33333, 52.85)

    form = form_of(body(author, f"/places/{view.id}/edit"), "aliases")
    assert form["point"] == "43.33333, 52.85"
    assert form["parent"] == "Janaozen, Mangystau, Kazakhstan"
    answer = author.post(
        f"/places/{view.id}/edit", form.fill(point="43,3378; 52,8553", precision="site").data()
    )
    assert answer.status_code == 303
    shown = body(author, answer.location)
    assert "43.3378° N, 52.8553° E" in shown
    assert "“Police station” is saved." in shown


def test_everything_wrong_is_said_by_its_field_and_nothing_typed_is_lost(
    team: Team, author: Browser
) -> None:
    typed: dict[str, Any] = {
        "name": "",
        "country": "KZ",
        "parent": "Nowhere",
        "region_code": "RU-47",
        "point": "43,52",
        "precision": "town",
        "aliases": "Uzen",
    }
    form = form_of(body(author, "/places/new"), "aliases").fill(
        **{name: value for name, value in typed.items() if name != "precision"}
    )
    answer = author.post("/places/new", form.data())
    assert answer.status_code == 422
    again = form_of(answer.text, "aliases")
    assert again.errors.keys() == {"parent", "point"}
    for name in ("parent", "region_code", "point", "aliases", "country"):
        assert again[name] == typed[name]
    answer = author.post("/places/new", again.fill(parent="", point="43.3, 52.8").data())
    assert form_of(answer.text, "aliases").errors.keys() == {"name", "region_code"}


def test_a_save_over_somebody_else_s_shows_both_and_can_be_repeated(
    team: Team, author: Browser, colleague: Browser
) -> None:
    town = team.place("Janaozen")
    mine = form_of(body(author, f"/places/{town}/edit"), "aliases").fill(name="Zhanaozen")
    theirs = form_of(body(colleague, f"/places/{town}/edit"), "aliases").fill(aliases="Uzen")
    assert colleague.post(f"/places/{town}/edit", theirs.data()).status_code == 303
    answer = author.post(f"/places/{town}/edit", mine.data())
    assert answer.status_code == 409
    assert "saved this" in answer.text
    assert "Uzen" in answer.text
    repeated = form_of(answer.text, "merge_version")
    assert (repeated["merge.name"], repeated["merge.aliases"]) == ("mine", "theirs")
    assert author.post(f"/places/{town}/edit", repeated.data()).status_code == 303
    with team.reading() as session:
        view = place_view(session, town)
    assert (view.name, view.aliases) == ("Zhanaozen", ("Uzen",))


def test_the_gazetteer_s_point_is_proposed_and_taken_only_by_saving(
    team: Team, author: Browser
) -> None:
    town = team.place("Janaozen", aliases=("Zhanaozen",))
    page = body(author, f"/places/{town}")
    assert "In the gazetteer: <bdi>Zhanaozen, Kazakhstan, 43.34116, 52.86192" in page
    assert "GeoNames, CC BY 4.0" in page
    form = form_of(body(author, f"/places/{town}/edit?gazetteer=607610"), "aliases")
    assert form["point"] == "43.34116, 52.86192"
    assert form["name"] == "Janaozen"
    assert "Жаңаөзен" in form["aliases"]
    with team.reading() as session:
        assert place_view(session, town).lat is None
    assert author.post(f"/places/{town}/edit", form.data()).status_code == 303
    with team.reading() as session:
        stored = session.get(Place, town)
        assert stored is not None
        assert (stored.gazetteer_id, stored.lat) == ("607610", 43.34116)
    assert "In the gazetteer: <bdi>" not in body(author, f"/places/{town}")


def test_a_parent_may_be_chosen_from_the_gazetteer(team: Team, author: Browser) -> None:
    form = form_of(body(author, "/places/new"), "aliases").fill(
        name="Market", country="KZ", parent="Zhanaozen, Kazakhstan", parent_id="g:607610"
    )
    assert author.post("/places/new", form.data()).status_code == 303
    with team.reading() as session:
        made = session.exec(select(Place).where(Place.name == "Market")).one()
        assert place_view(session, made.id or 0).path == "Market, Zhanaozen, Kazakhstan"


def test_what_stands_beside_the_field_is_answered_as_json(team: Team, author: Browser) -> None:
    team.place("Janaozen")
    first = author.get("/places/suggest?q=jana&country=KZ").json[0]
    assert {"value", "id", "label", "detail", "kind"} <= first.keys()
    assert (first["kind"], first["label"]) == ("place", "Janaozen")
    read = author.get("/places/read?text=43°20′N 52°51′E").json
    assert read == {"said": "43.33333° N, 52.85° E", "lat": 43.33333, "lon": 52.85}
    assert "decimal comma" in author.get("/places/read?text=43,52").json["problem"]
    near = author.get("/places/near?lat=43.34&lon=52.86").json
    assert "Zhanaozen" in [one["name"] for one in near]
    assert len(near) <= 40
    for query in ("", "lat=x&lon=1", "lat=91&lon=0", "lat=nan&lon=0", "lat=1&lon=inf"):
        assert author.get(f"/places/near?{query}").status_code == 400


@pytest.mark.parametrize(
    "address", ["/places?q=%00", "/places/suggest?q=%00", "/places/read?text=%00"]
)
def test_what_no_database_holds_is_no_failure(author: Browser, address: str) -> None:
    assert author.get(address).status_code == 200


def test_statements_do_not_grow_with_places(team: Team, author: Browser) -> None:
    def asked(address: str) -> int:
        with selects(author.client.application.extensions["incidents"].database) as statements:
            body(author, address)
        return len(statements)

    town = team.place("Janaozen")
    team.recorded(place=team.place("Station", parent=town))
    few = [asked(address) for address in ("/places", f"/places/{town}", "/places?q=a")]
    for number in range(6):
        below = team.place(f"Site {number}", parent=town, aliases=(f"Aa {number}",))
        team.recorded(place=team.place("Inner room", parent=below))
    assert [asked(address) for address in ("/places", f"/places/{town}", "/places?q=a")] == few


def test_a_team_with_very_many_places_begins_with_its_countries(
    team: Team, author: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("incidents.vocabulary.queries.tree.MOST_ON_A_PAGE", 2)
    for name, country in (("Janaozen", "KZ"), ("Aktau", "KZ"), ("Nukus", "UZ")):
        team.place(name, country=country)
    page = body(author, "/places")
    assert "Uzbekistan" in page
    assert "Janaozen" not in page
    assert "Janaozen" in body(author, "/places?country=KZ")
