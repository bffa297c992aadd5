"""Places offered while one types."""

from typing import Any

import pytest

from incidents.gazetteer import NO_GAZETTEER, Gazetteer
from incidents.incident.queries.suggestions import suggestions_for
from incidents.viewer import Viewer
from incidents.vocabulary.queries import PlaceOffered, places_offered
from tests.factories import selects
from tests.team import Team

SPELLINGS = ("Janaozen", "Zhanaozen", "Жаңаөзен", "jana ozen")


def offered(
    team: Team,
    text: str,
    country: str = "",
    *,
    by: Viewer | None = None,
    gazetteer: Gazetteer | None = None,
) -> list[PlaceOffered]:
    with team.reading() as session:
        known = gazetteer or team.services.gazetteer
        return places_offered(session, by or team.author, known, text, country)


def choices(team: Team, text: str, country: str = "", **more: Any) -> list[tuple[str, str]]:
    return [
        (one.kind, one.label) for one in offered(team, text, country, **more) if one.kind != "said"
    ]


def said(team: Team, text: str, country: str = "") -> list[str]:
    return [one.label for one in offered(team, text, country) if one.kind == "said"]


@pytest.mark.parametrize("text", SPELLINGS)
def test_any_spelling_finds_the_settlement_where_the_country_is_known(
    team: Team, text: str
) -> None:
    first = offered(team, text, "KZ")[0]
    assert (first.kind, first.id, first.value) == ("gazetteer", "g:607610", "Zhanaozen, Kazakhstan")
    assert "population" in first.detail
    assert first.detail.endswith("GeoNames")
    assert "43.34116, 52.86192" in first.echo


@pytest.mark.parametrize("text", SPELLINGS)
def test_the_country_is_that_of_the_places_used_last(team: Team, text: str) -> None:
    team.recorded(place=team.place("Aktau"))
    assert choices(team, text)[0] == ("gazetteer", "Zhanaozen")


@pytest.mark.parametrize("text", SPELLINGS)
def test_a_settlement_the_team_has_is_offered_as_the_team_s_place(team: Team, text: str) -> None:
    town = team.place("Janaozen", aliases=("Zhanaozen",), region="Mangystau")
    first = offered(team, text, "KZ")[0]
    assert (first.kind, first.id, first.value) == (
        "place",
        str(town),
        "Janaozen, Mangystau, Kazakhstan",
    )
    assert "Zhanaozen" not in [label for _, label in choices(team, text, "KZ")]


def test_places_used_last_come_first_and_alone_when_nothing_is_typed(team: Team) -> None:
    town, other = team.place("Janaozen"), team.place("Aktau")
    team.recorded(place=town)
    team.place("Janaozen market", parent=town)
    assert choices(team, "") == choices(team, "  ") == [("recent", "Janaozen")]
    assert choices(team, "jana")[:2] == [("recent", "Janaozen"), ("place", "Janaozen market")]
    assert other
    assert choices(team, "", by=team.colleague) == []


def test_what_is_typed_and_not_chosen_is_said_in_words(team: Team) -> None:
    team.place("Janaozen", region="Mangystau")
    assert said(team, "JANAOZEN") == ["Janaozen, Mangystau, Kazakhstan"]
    (words,) = said(team, "Shetpe", "KZ")
    assert words.startswith("In the gazetteer: Shetpe, Kazakhstan, 44.13922, 52.15305")
    # Three Aktaus, and a name nobody knows: nothing may be proposed.
    assert said(team, "Aktau", "KZ") == said(team, "Tezebay", "KZ") == said(team, "Shetpe") == []


def test_a_place_only_hidden_incidents_stand_at_is_not_offered(team: Team) -> None:
    secret = team.place("Xanadu house", country="KZ")
    reference = team.recorded(place=secret)
    team.sealed(reference, team.author)
    assert choices(team, "Xanadu h")[:1] == [("recent", "Xanadu house")]
    for text in ("Xanadu h", "xanadu house", "", "Xanadu house, Kazakhstan"):
        assert offered(team, text, by=team.colleague) == []
    # Another incident there, which all may see, and it is nobody's secret any more.
    team.recorded(place=secret)
    assert choices(team, "Xanadu h", by=team.colleague)[:1] == [("place", "Xanadu house")]


def test_a_settlement_whose_place_is_hidden_is_offered_as_the_gazetteer_s(team: Team) -> None:
    town = team.place("Shetpe", gazetteer_id="608324")
    team.sealed(team.recorded(place=town), team.author)
    assert choices(team, "Shetpe", "KZ", by=team.colleague) == [("gazetteer", "Shetpe")]
    assert choices(team, "Shetpe", "KZ") == [("recent", "Shetpe")]


def test_what_a_sealed_statement_is_about_is_hidden_too(team: Team) -> None:
    secret = team.place("Xanadu house", country="KZ")
    reference = team.recorded(subject_place=secret)
    team.sealed(reference, team.author)
    assert choices(team, "Xanadu h", by=team.colleague) == []


def test_without_a_gazetteer_there_are_the_team_s_places(team: Team) -> None:
    team.place("Shetpe market")
    assert choices(team, "Shetpe", "KZ", gazetteer=NO_GAZETTEER) == [("place", "Shetpe market")]


def test_statements_do_not_grow_with_what_is_found(team: Team) -> None:
    def asked() -> int:
        with selects(team.services.database) as statements:
            offered(team, "ak", "KZ")
        return len(statements)

    team.recorded(place=team.place("Aktau"))
    few = asked()
    for number in range(6):
        team.recorded(place=team.place(f"Akkol {number}", aliases=(f"Aqkol {number}",)))
    assert asked() == few


def test_the_form_s_own_list_hides_it_too(team: Team) -> None:
    secret = team.place("Xanadu house")
    team.sealed(team.recorded(subject_place=secret), team.author)
    for viewer, told in ((team.author, True), (team.colleague, False)):
        with team.reading() as session:
            places = suggestions_for(session, viewer, None).places
        assert ("Xanadu house, Kazakhstan" in places) == told
