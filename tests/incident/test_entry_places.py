"""The places a form names: chosen from the list, or typed."""

from typing import Any

import pytest

from incidents.errors import FieldErrors
from incidents.incident.actions import record_from_entry
from incidents.incident.record.entry import CitationTyped, Entry
from incidents.vocabulary.queries import place_view
from tests.team import Team

ZHANAOZEN = "g:607610"


def meant(team: Team, **typed: Any) -> dict[str, str]:
    """The paths of the places the record of this entry names."""
    source = team.source_row().reference
    with team.work() as work:
        record = record_from_entry(
            work, Entry("official_statement", (CitationTyped(source),), **typed)
        )
        named = {"place": record.place, "subject_place": record.subject_place}
        return {
            name: place_view(work.session, place).path
            for name, place in named.items()
            if place is not None
        }


def test_a_settlement_chosen_from_the_gazetteer_is_the_team_s_from_then_on(team: Team) -> None:
    typed = {"place": "Zhanaozen, Kazakhstan", "place_id": ZHANAOZEN}
    path = {"place": "Zhanaozen, Kazakhstan"}
    assert meant(team, **typed) == path
    assert meant(team, place="Жаңаөзен") == path
    assert meant(team, subject_place="Zhanaozen", subject_place_id=ZHANAOZEN) == {
        "subject_place": "Zhanaozen, Kazakhstan"
    }


def test_a_new_place_may_lie_in_a_settlement_of_the_gazetteer(team: Team) -> None:
    typed = {"place": "Market", "place_within": "Zhanaozen", "place_within_id": ZHANAOZEN}
    assert meant(team, **typed) == {"place": "Market, Zhanaozen, Kazakhstan"}


def test_typed_over_what_was_chosen_is_what_was_typed(team: Team) -> None:
    assert meant(team, place="Aktau", place_id=ZHANAOZEN, place_country="KZ") == {
        "place": "Aktau, Kazakhstan"
    }


def test_a_new_place_typed_by_name_and_country_gets_no_point_by_itself(team: Team) -> None:
    source = team.source_row().reference
    with team.work() as work:
        typed = Entry("other", (CitationTyped(source),), place="Zhanaozen", place_country="KZ")
        place = record_from_entry(work, typed).place
        assert place is not None
        view = place_view(work.session, place)
    assert (view.lat, view.aliases) == (None, ())


def test_of_two_of_one_name_the_chosen_one_is_meant(team: Team) -> None:
    towns = [team.place("Janaozen"), team.place("Aktau")]
    stations = [team.place("Police station", parent=town) for town in towns]
    with pytest.raises(FieldErrors) as caught:
        meant(team, place="Police station")
    assert "Several places" in caught.value.errors["place"][0]
    assert meant(team, place="Police station", place_id=str(stations[1])) == {
        "place": "Police station, Aktau, Kazakhstan"
    }


def test_who_must_choose_a_place_reads_of_no_hidden_one(team: Team) -> None:
    secret = team.place("Station", parent=team.place("Xanadu"))
    team.sealed(team.recorded(place=secret), team.author)
    shown = [team.place("Station", parent=team.place(town)) for town in ("Aktau", "Atyrau")]
    source = team.source_row().reference
    entry = Entry("other", (CitationTyped(source),), place="Station")
    with pytest.raises(FieldErrors) as refused, team.work(team.colleague) as work:
        record_from_entry(work, entry)
    (told,) = refused.value.errors["place"]
    assert "Atyrau" in told
    assert "Xanadu" not in told
    team.recorded(place=shown[0])
    with team.work() as work, pytest.raises(FieldErrors, match="Xanadu"):
        record_from_entry(work, entry)


def test_a_hidden_place_s_name_is_answered_as_if_nobody_had_it(team: Team) -> None:
    secret = team.place("Xanadu house", aliases=("The villa",))
    team.sealed(team.recorded(place=secret), team.author)
    source = team.source_row().reference
    ways = (
        {"place": "Xanadu house"},
        {"place": "The villa"},
        {"place": "Xanadu house, Kazakhstan"},
    )
    for said in (*ways, {"place": "Xanadu house", "place_id": str(secret)}):
        with pytest.raises(FieldErrors) as refused, team.work(team.colleague) as work:
            record_from_entry(work, Entry("other", (CitationTyped(source),), **said))
        with pytest.raises(FieldErrors) as unknown, team.work(team.colleague) as work:
            nowhere = {**said, "place": said["place"].replace("Xanadu", "Nowhere")}
            nowhere["place"] = nowhere["place"].replace("The villa", "The vulla")
            record_from_entry(work, Entry("other", (CitationTyped(source),), **nowhere))
        told = str(unknown.value).replace("Nowhere", "Xanadu").replace("vulla", "villa")
        assert str(refused.value) == told
    # Added by its name and country, it is the one there is: there are not two, and nobody is told.
    with team.work(team.colleague) as work:
        entry = Entry("other", (CitationTyped(source),), place="Xanadu house", place_country="KZ")
        assert record_from_entry(work, entry).place == secret
    with team.work() as work:
        mine = Entry("other", (CitationTyped(source),), place="The villa")
        assert record_from_entry(work, mine).place == secret


def test_a_hidden_place_below_a_known_one_is_not_told_of(team: Team) -> None:
    town = team.place("Aktau")
    secret = team.place("Xanadu house", parent=town)
    team.recorded(place=town)
    team.sealed(team.recorded(place=secret), team.author)
    source = team.source_row().reference
    for country in ("", "KZ"):
        said = {"place": "Xanadu house", "place_within": "Aktau", "place_country": country}
        with team.work(team.colleague) as work:
            entry = Entry("other", (CitationTyped(source),), **said)
            assert record_from_entry(work, entry).place == secret


def test_a_place_above_one_that_is_known_is_meant_by_its_name(team: Team) -> None:
    town = team.place("Xanadu")
    team.recorded(place=team.place("Station", parent=town))
    team.sealed(team.recorded(place=town), team.author)
    source = team.source_row().reference
    with team.work(team.colleague) as work:
        entry = Entry("other", (CitationTyped(source),), place="Xanadu")
        assert record_from_entry(work, entry).place == town
