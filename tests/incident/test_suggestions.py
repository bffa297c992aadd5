"""What is offered while one types: whom, in which words, and to whom nothing is given away."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from incidents.incident.actions import add_event
from incidents.incident.models import Party
from incidents.incident.queries.suggested_parties import (
    PartyOffered,
    known_parties,
    parties_meant,
    parties_offered,
)
from incidents.incident.record import CitationSaid, InvolvementSaid, When
from incidents.viewer import Role, Viewer
from tests.conftest import Browser
from tests.factories import Person, selects
from tests.team import Team


def offered(team: Team, text: str, *sources: str, by: Viewer | None = None) -> list[PartyOffered]:
    with team.reading() as session:
        keyring = team.services.keyring
        return parties_offered(session, by or team.author, keyring, text, sources)


def ids(team: Team, text: str, *sources: str, by: Viewer | None = None) -> list[int]:
    return [one.id for one in offered(team, text, *sources, by=by)]


def seen(team: Team, party: int, role: str = "victim", **given: Any) -> str:
    """The reference of a new incident the party has a part in."""
    return team.recorded(
        team.record(involvements=(InvolvementSaid(party=party, role=role),), **given)
    )


def merged(team: Team, party: int, into: int) -> None:
    with team.work() as work:
        work.session.exec(update(Party).where(col(Party.id) == party).values(merged_into_id=into))


# Which words find a party.


@pytest.mark.parametrize(
    "typed",
    ["wife", "WIFE of det", "det", "man wif", "Wife of  detained man", "mán", "sister"],
)
def test_party_is_found_by_the_beginnings_of_its_words(team: Team, typed: str) -> None:
    wife = team.party("wife (or sister) of detained man")
    team.party("somebody else")

    assert ids(team, typed) == [wife]


@pytest.mark.parametrize("typed", ["ife", "wife x", "%", "_", "w%e", "\\", "man's"])
def test_other_words_find_nobody(team: Team, typed: str) -> None:
    team.party("wife of detained man")

    assert ids(team, typed) == []


def test_words_that_are_not_set_apart_are_found_within(team: Team) -> None:
    party = team.party("被拘留者的妻子")

    assert ids(team, "妻子") == [party]


def test_the_one_so_called_comes_first_then_those_of_the_source(team: Team) -> None:
    source = team.source_row()
    longer = team.party("man of the square")
    here = team.party("old man by the road")
    seen(team, here, source=source.id)
    exact = team.party("man")

    assert ids(team, "man", source.reference) == [exact, here, longer]


def test_without_words_the_latest_of_the_source_are_offered(team: Team) -> None:
    source = team.source_row()
    first, second, speaker = (team.party(f"party {number}") for number in range(3))
    related = InvolvementSaid(
        party=first, role="witness", relationship="spouse_of", relationship_to=second
    )
    said = CitationSaid(source=source.id or 0, speaker=speaker)
    team.recorded(team.record(citations=(said,), involvements=(related,)))
    seen(team, team.party("of another article"))

    assert ids(team, "", source.reference) == [speaker, second, first]
    assert ids(team, "") == ids(team, "", "SRC-2026-09999", "no reference") == []


def test_no_more_than_ten_are_offered(team: Team) -> None:
    for number in range(12):
        team.party(f"man {number}")

    assert len(offered(team, "man")) == 10


# What tells them apart.


def test_line_says_part_place_and_latest_incident(team: Team) -> None:
    town = team.place("Janaozen")
    man = team.party("a man")
    seen(team, man, place=town, date=When(edtf="2011-12-16"))
    latest = seen(team, man, place=town, date=When(edtf="2011-12-17"))
    seen(team, man, role="witness", place=team.place("Aktau"), date=When(edtf="2010"))

    assert offered(team, "a man")[0].detail == f"detained · Janaozen · {latest}, 17 Dec 2011"


@pytest.mark.parametrize(
    ("kind", "type_", "role", "words"),
    [
        ("individual", "killing", "victim", "killed"),
        ("group", "injury", "victim", "group · injured"),
        ("individual", "detention", "witness", "witness"),
        (
            "organisation",
            "use_of_force",
            "alleged_perpetrator",
            "organisation · alleged perpetrator",
        ),
    ],
)
def test_line_says_what_the_party_is_there(
    team: Team, kind: str, type_: str, role: str, words: str
) -> None:
    party = team.party("somebody", kind=kind)
    involved = (InvolvementSaid(party=party, role=role),)
    team.recorded(team.record(type_, involvements=involved))

    (one,) = offered(team, "somebody")

    assert one.detail.startswith(f"{words} · Settlement")


def test_who_only_speaks_and_who_is_in_no_incident_says_so(team: Team) -> None:
    team.party("quiet one")
    speaker = team.party("speaker")
    team.recorded(team.record(citations=(CitationSaid(source=team.source(), speaker=speaker),)))

    assert offered(team, "quiet")[0].detail == "individual · in no incident yet"
    assert offered(team, "speaker")[0].detail.startswith("speaks in it · ")


# Who may know whom.


def test_party_of_any_incident_one_sees_is_offered_to_colleagues(team: Team) -> None:
    man = team.party("a man")

    assert ids(team, "a man", by=team.colleague) == []
    seen(team, man)
    assert ids(team, "a man", by=team.colleague) == [man]


@pytest.mark.parametrize("privacy", ["protected", "label", "public"])
def test_party_of_a_sealed_incident_is_not_there_for_others(team: Team, privacy: str) -> None:
    source = team.source_row()
    man = team.party(
        "informant", privacy=privacy, name="informant" if privacy == "public" else None
    )
    team.sealed(seen(team, man, source=source.id))

    for by in (team.colleague, team.reviewer):
        assert ids(team, "informant", source.reference, by=by) == []
        assert ids(team, "", source.reference, by=by) == []
        with team.reading() as session:
            assert not known_parties(session, by, [man])
            meant = parties_meant(session, by, ["informant"], [source.id or 0])["informant"]
            assert all(not one.known for one in meant)
    assert ids(team, "informant", source.reference) == [man]


def test_sealed_incident_does_not_show_in_the_line_of_a_party(team: Team) -> None:
    man = team.party("a man")
    shown = seen(team, man, date=When(edtf="2011-12-16"))
    team.sealed(seen(team, man, date=When(edtf="2012-01-01"), place=team.place("Secret place")))

    (one,) = offered(team, "a man", by=team.colleague)

    assert shown in one.detail
    assert "Secret place" not in one.detail


# Names.


NAMED = {"label": "wife of detained man", "name": "Айжан Бекова", "aliases": ("Aizhan Bekova",)}


def test_whole_name_finds_a_protected_party_for_those_who_may_read_it(team: Team) -> None:
    wife = team.party(**NAMED)
    seen(team, wife)
    granted = team.person("granted", Role.REVIEWER, protected_grant=True)
    only_granted = team.person("researcher with the grant", Role.RESEARCHER, protected_grant=True)

    for by in (team.author, granted):
        for typed in ("Айжан Бекова", " айжан  БЕКОВА", "aizhan bekova"):
            (one,) = offered(team, typed, by=by)
            assert (one.id, one.label) == (wife, "wife of detained man")
            assert "Бекова" not in repr(one)
            assert "Bekova" not in repr(one)
    for by in (team.colleague, team.reviewer, only_granted):
        assert ids(team, "Айжан Бекова", by=by) == [], by.name
    for typed in ("Айжан", "Бекова", "aizhan beko"):
        assert ids(team, typed) == [], typed


def test_who_recorded_an_incident_of_hers_finds_her_by_name(team: Team) -> None:
    wife = team.party(**NAMED)
    seen(team, wife)
    involved = (InvolvementSaid(party=wife, role="witness"),)
    team.recorded(team.record(involvements=involved), by=team.colleague)

    assert ids(team, "Айжан Бекова", by=team.colleague) == [wife]


def test_name_of_a_party_shown_by_its_label_finds_it_for_internal_eyes(team: Team) -> None:
    wife = team.party(**NAMED, privacy="label")
    seen(team, wife)

    assert ids(team, "aizhan bekova", by=team.colleague) == [wife]


def test_name_of_a_sealed_incidents_party_finds_nobody_even_with_the_grant(team: Team) -> None:
    wife = team.party(**NAMED, privacy="label")
    team.sealed(seen(team, wife))
    granted = team.person("granted", Role.REVIEWER, protected_grant=True)

    for by in (team.colleague, granted):
        assert ids(team, "aizhan bekova", by=by) == []


def test_name_of_one_merged_into_a_protected_party_does_not_lead_to_it(team: Team) -> None:
    shown, kept = team.party(**NAMED, privacy="label"), team.party("protected witness")
    for party in (shown, kept):
        seen(team, party)
    merged(team, shown, kept)

    assert ids(team, "aizhan bekova") == [kept]
    assert ids(team, "aizhan bekova", by=team.colleague) == []


# Merged parties.


def test_merged_party_is_offered_once_as_what_it_became(team: Team) -> None:
    old, middle, new = (team.party(label) for label in ("man one", "man two", "man three"))
    for number, party in enumerate((old, middle)):
        seen(team, party, date=When(edtf=f"2011-12-1{number}"))
    latest = seen(team, old, date=When(edtf="2011-12-20"))
    merged(team, old, middle)
    merged(team, middle, new)

    for typed in ("man", "man one", "man two", "three"):
        (one,) = offered(team, typed, by=team.colleague)
        assert (one.id, one.label) == (new, "man three"), typed
        assert latest in one.detail
    with team.reading() as session:
        assert {one.id for one in known_parties(session, team.colleague, [old, new]).values()} == {
            new
        }


def test_label_only_a_sealed_incident_knows_does_not_lead_to_what_it_became(team: Team) -> None:
    hidden, shown = team.party("informant"), team.party("old man")
    team.sealed(seen(team, hidden))
    seen(team, shown)
    merged(team, hidden, shown)

    assert ids(team, "informant", by=team.colleague) == []
    assert ids(team, "old man", by=team.colleague) == [shown]


# Statements.


def test_number_of_statements_does_not_grow(team: Team) -> None:
    source = team.source_row()
    counts = []
    for _ in range(2):
        for _ in range(4):
            seen(team, team.party("man of the square"), source=source.id)
        with team.reading() as session, selects(team.services.database) as sent:
            parties_offered(session, team.author, team.services.keyring, "man", [source.reference])
            parties_meant(session, team.author, ["man of the square"], [source.id or 0])
        counts.append(len(sent))

    assert counts[0] == counts[1] == 7


# The addresses.


@pytest.fixture
def browser(team: Team, sign_in: Callable[..., Browser]) -> Browser:
    return sign_in(person=Person(team.author.account_id or 0, team.author))


def asked(browser: Browser, address: str, **query: Any) -> list[dict[str, Any]]:
    answer = browser.get(address, query_string=query)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return list(answer.get_json())


def said(items: list[dict[str, Any]]) -> str:
    return next(str(one["label"]) for one in items if one["kind"] == "said")


def test_typed_words_say_whom_they_mean(team: Team, browser: Browser) -> None:
    source = team.source_row()
    man = team.party("detained man")
    seen(team, man, source=source.id)
    query = {"type": "detention", "role": "victim", "protected": "1"}

    here = asked(browser, "/parties/suggest", q="detained man", source=source.reference, **query)
    elsewhere = asked(browser, "/parties/suggest", q="detained man", **query)

    assert [(one["kind"], one["id"]) for one in here] == [
        ("individual", man),
        ("new", "new"),
        ("said", None),
    ]
    assert said(here) == here[0]["echo"] == "Known: detained man (protected)"
    assert said(elsewhere) == "New: will be recorded as an individual, protected."
    team.party("detained man")
    both = asked(browser, "/parties/suggest", q="detained man", source=source.reference, **query)
    assert len([one for one in both if one["kind"] == "individual"]) == 2


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"role": "victim", "protected": "1"}, "an individual, protected"),
        ({"role": "victim", "protected": "0"}, "an individual, shown by this label"),
        ({"role": "victim", "protected": "1", "count": "about 20"}, "a group, protected"),
        ({"role": "victim", "kind": "group", "protected": "1"}, "a group, protected"),
        ({"role": "alleged_perpetrator", "protected": "0"}, "an organisation, public"),
        (
            {"role": "alleged_perpetrator", "kind": "individual", "protected": "0"},
            "an individual, shown by this label",
        ),
        ({"role": "official_speaker", "protected": "0"}, "an individual, public"),
        ({"role": "nonsense", "kind": "nonsense", "type": "nonsense"}, "an individual, protected"),
    ],
)
def test_new_party_is_told_as_it_will_be_recorded(
    browser: Browser, query: dict[str, str], words: str
) -> None:
    items = asked(browser, "/parties/suggest", q="somebody", **{"type": "detention", **query})

    assert said(items) == f"New: will be recorded as {words}."


def test_events_one_may_know_are_offered_with_their_latest_incident(
    team: Team, browser: Browser
) -> None:
    with team.work(team.colleague) as work:
        shown = add_event(work, "Janaozen, December 2011").id
        hidden = add_event(work, "Janaozen, the secret part").id
        add_event(work, "Janaozen, of nobody yet")
    with team.work() as work:
        mine = add_event(work, "Janaozen, mine").id
    latest = team.recorded(event=shown, date=When(edtf="2011-12-17"))
    team.recorded(event=shown, date=When(edtf="2011-12-16"))
    team.sealed(team.recorded(event=hidden, by=team.colleague), by=team.colleague)
    team.sealed(team.recorded(event=shown, by=team.colleague), by=team.colleague)

    items = asked(browser, "/events/suggest", q="janaozen")

    assert [(one["id"], one["detail"]) for one in items if one["kind"] == "event"] == [
        (mine, "no incident yet"),
        (shown, f"2 incidents · latest {latest}, 17 Dec 2011"),
    ]
    assert said(items) == "New: an event of this title will be recorded."
    exact = asked(browser, "/events/suggest", q="janaozen, MINE")
    assert [one["kind"] for one in exact] == ["event"]


def test_incidents_are_found_by_reference_number_and_title(team: Team, browser: Browser) -> None:
    source = team.source_row()
    town = team.place("Janaozen")
    men = team.recorded(title="About 20 men detained", place=town, source=source.id)
    other = team.recorded(title="Shooting at the rail line")
    team.sealed(team.recorded(title="Men nobody may know of", by=team.colleague), by=team.colleague)

    def found(text: str) -> list[str]:
        items = asked(browser, "/incidents/suggest", q=text, source=source.reference)
        return [one["value"] for one in items]

    for typed in (men, men.lower(), str(int(men[-5:])), "men det", "20 men"):
        assert found(typed) == [men], typed
    assert found("inc-2026-") == [men, other]
    assert found("") == [men]
    assert found("men nobody") == found("100%") == []
    (one,) = asked(browser, "/incidents/suggest", q=men)
    assert (one["label"], one["detail"]) == (
        "About 20 men detained",
        f"{men} · Detention · Janaozen · 16 Dec 2011 · draft",
    )


@pytest.mark.parametrize("address", ["/parties/suggest", "/events/suggest", "/incidents/suggest"])
def test_whatever_is_typed_is_answered(team: Team, browser: Browser, address: str) -> None:
    for typed in ("\x00", "x" * 5000, "%_\\'\"", "−1", "９", "INC-2026-999999999"):
        asked(browser, address, q=typed, source=["SRC-2026-00001"] * 80)
