"""Places edited, and taken over from the gazetteer."""

from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import col, select

from incidents.audit.models import AuditEntry, Revision
from incidents.errors import FieldErrors, NotAllowed, NotFound, Stale
from incidents.incident.actions import edit_place
from incidents.vocabulary.actions import adopt_settlement, places_chosen
from incidents.vocabulary.models import Place
from incidents.vocabulary.queries import place_view, place_views
from incidents.vocabulary.record import PlaceSaid
from tests.team import Team

ZHANAOZEN = "g:607610"


def edited(team: Team, place_id: int, said: PlaceSaid, *, version: int = 1) -> Place:
    with team.work() as work:
        return edit_place(work, place_id, version, said)


def refused(team: Team, place_id: int, said: PlaceSaid) -> dict[str, list[str]]:
    with pytest.raises(FieldErrors) as caught:
        edited(team, place_id, said)
    return caught.value.errors


def test_an_edit_is_a_revision_and_an_entry_in_the_log(team: Team) -> None:
    town = team.place("Janaozen", aliases=("Zhanaozen", "Novy Uzen"))
    said = PlaceSaid("Zhanaozen", "KZ", aliases=("Janaozen", "Жаңаөзен"), lat=43.34, lon=52.86)
    assert edited(team, town, said).version == 2
    with team.reading() as session:
        view = place_view(session, town)
        assert (view.name, view.aliases) == ("Zhanaozen", ("Janaozen", "Жаңаөзен"))
        assert (view.lat, view.lon) == (43.34, 52.86)
        revisions = session.exec(
            select(Revision.version, Revision.payload)
            .where(Revision.entity == "place", Revision.entity_id == town)
            .order_by(Revision.version)
        ).all()
        assert [version for version, _ in revisions] == [1, 2]
        assert '"name":"Janaozen"' in revisions[0][1]
        assert '"name":"Zhanaozen"' in revisions[1][1]
        last = session.exec(select(AuditEntry).order_by(col(AuditEntry.sequence).desc())).first()
        assert last is not None
        assert (last.action, last.entity_id, last.payload) == ("edit_place", town, "{}")


def test_saving_what_is_stored_already_is_no_new_version(team: Team) -> None:
    town = team.place("Janaozen", aliases=("Zhanaozen",))
    assert edited(team, town, PlaceSaid(" Janaozen ", "KZ", aliases=("Zhanaozen", ""))).version == 1


def test_a_save_over_somebody_else_s_is_refused(team: Team) -> None:
    town = team.place("Janaozen")
    edited(team, town, PlaceSaid("Zhanaozen", "KZ"))
    with pytest.raises(Stale) as caught:
        edited(team, town, PlaceSaid("Novy Uzen", "KZ"))
    assert caught.value.current_version == 2


def test_a_place_does_not_lie_in_itself_nor_below_itself(team: Team) -> None:
    town = team.place("Janaozen")
    station = team.place("Station", parent=town)
    floor = team.place("Fourth floor", parent=station)
    for parent in (town, station, floor):
        errors = refused(team, town, PlaceSaid("Janaozen", "KZ", parent=parent))
        assert "can’t lie in itself" in errors["parent"][0]
    assert edited(team, floor, PlaceSaid("Fourth floor", "KZ", parent=town)).parent_id == town


def test_a_place_with_others_below_it_stays_in_its_country(team: Team) -> None:
    town = team.place("Janaozen")
    team.place("Station", parent=town)
    errors = refused(team, town, PlaceSaid("Janaozen", "UZ"))
    assert errors == {"country": ["Other places lie below it, in Kazakhstan. Move them first."]}


def test_a_name_that_stands_there_already_is_refused(team: Team) -> None:
    team.place("Aktau")
    town = team.place("Janaozen")
    assert "already a place" in refused(team, town, PlaceSaid("AKTAU", "KZ"))["name"][0]


def test_only_who_records_edits_places_that_are_there(team: Team) -> None:
    town = team.place("Janaozen")
    for viewer in (team.reader, team.admin):
        with team.work(viewer) as work, pytest.raises(NotAllowed):
            edit_place(work, town, 1, PlaceSaid("Zhanaozen", "KZ"))
    with pytest.raises(NotFound):
        edited(team, 999, PlaceSaid("Zhanaozen", "KZ"))


def test_a_settlement_is_taken_over_once(team: Team) -> None:
    with team.work() as work:
        first = places_chosen(work, "Zhanaozen, Kazakhstan", ZHANAOZEN)
        again = places_chosen(work, "zhanaozen", ZHANAOZEN)
    assert [view.id for view in first] == [view.id for view in again]
    with team.reading() as session:
        place = session.get(Place, first[0].id)
        assert place is not None
        assert (place.name, place.country, place.gazetteer_id) == ("Zhanaozen", "KZ", "607610")
        assert (place.lat, place.lon, place.precision) == (43.34116, 52.86192, "settlement")
        view = place_views(session, [first[0].id])[first[0].id]
        assert "Жаңаөзен" in view.aliases
        assert len(view.aliases) <= 8


@pytest.mark.parametrize(
    "said",
    [
        {"aliases": ("Zhanaozen",), "lat": 43.3378, "lon": 52.8553},
        {"aliases": ("ZHANAOZEN",)},
        {"name": "Zhanaozen", "gazetteer_id": "607610", "lat": 1.0, "lon": 2.0},
    ],
)
def test_the_team_s_own_place_is_that_settlement(team: Team, said: dict[str, Any]) -> None:
    town = team.place(**{"name": "Janaozen", **said})
    with team.work() as work:
        assert [view.id for view in places_chosen(work, "Zhanaozen", ZHANAOZEN)] == [town]


def test_a_namesake_elsewhere_is_another_place(team: Team) -> None:
    """Two Aktaus of Kazakhstan, a thousand kilometres apart."""
    first = team.place("Aktau", lat=43.66, lon=51.17, region="Mangystau")
    with team.work() as work:
        second = places_chosen(work, "Aktau", "g:1526269")
    assert len(second) == 1
    assert second[0].id != first


def test_a_settlement_lies_below_the_team_s_place_of_its_region(team: Team) -> None:
    state = team.place(
        "Missouri", country="US", region="Missouri", region_code="US-MO", precision="region"
    )
    with team.work() as work:
        settlement = work.gazetteer.find("Springfield", "US")[0]
        place = place_view(work.session, adopt_settlement(work, settlement))
    assert (place.parent_id, place.region_code) == (state, "US-MO")
    assert place.path == "Springfield, Missouri, United States"


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("Aktau", ZHANAOZEN),
        ("Aktau", "1"),
        ("Aktau", "g:0"),
        ("Aktau", "g:"),
        ("Aktau", "999"),
        ("Aktau", "' or 1=1"),
    ],
)
def test_what_was_chosen_counts_only_while_the_text_says_so(
    team: Team, text: str, chosen: str
) -> None:
    team.place("Janaozen")
    aktau = team.place("Aktau")
    with team.work() as work:
        assert [view.id for view in places_chosen(work, text, chosen)] == [aktau]


def test_of_two_places_of_one_name_the_chosen_one_is_meant(team: Team) -> None:
    town, other = team.place("Janaozen"), team.place("Aktau")
    stations = [team.place("Police station", parent=parent) for parent in (town, other)]
    with team.work() as work:
        assert len(places_chosen(work, "Police station")) == 2
        chosen = places_chosen(work, "police station", str(stations[1]))
        assert [view.id for view in chosen] == stations[1:]


def test_an_installation_without_a_gazetteer_finds_its_own_places(team: Team) -> None:
    from incidents.gazetteer import NO_GAZETTEER

    town = team.place("Zhanaozen")
    with team.work() as work:
        without = replace(work, gazetteer=NO_GAZETTEER)
        assert [view.id for view in places_chosen(without, "Zhanaozen", ZHANAOZEN)] == [town]
