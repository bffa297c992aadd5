"""Whom an entry means: chosen, met before, or new; asked where words alone mean several; and who is
protected unless somebody says otherwise.
"""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from incidents.errors import FieldErrors
from incidents.incident.actions import record_from_entry
from incidents.incident.models import Party
from incidents.incident.record import CitationSaid, InvolvementSaid, Record
from incidents.incident.record.entry import (
    NEW,
    CitationTyped,
    Entry,
    FigureTyped,
    InvolvementTyped,
)
from incidents.incident.record.newcomer import kind_meant, protected_by_default
from incidents.source.models import Source
from incidents.viewer import Viewer
from tests.conftest import Browser
from tests.factories import Person, selects
from tests.incident.desk import Desk, again, errors
from tests.team import Team


def entry(source: Source, *rows: InvolvementTyped, **given: Any) -> Entry:
    citation = CitationTyped(source.reference, **given.pop("citation", {}))
    return Entry(
        **{"type": "detention", "date": "2011-12-16", **given},
        citations=(citation,),
        involvements=rows,
    )


def read(team: Team, said: Entry, base: Record | None = None, by: Viewer | None = None) -> Record:
    with team.work(by) as work:
        return record_from_entry(work, said, base)


def row(label: str, chosen: int | str = "", role: str = "victim", **more: Any) -> InvolvementTyped:
    return InvolvementTyped(label, role, party_id=str(chosen), **more)


def parties_of(record: Record) -> list[int]:
    return [one.party for one in record.involvements]


def seen(team: Team, party: int, source: Source, by: Viewer | None = None) -> str:
    involved = (InvolvementSaid(party=party, role="victim"),)
    return team.recorded(team.record(source=source.id, involvements=involved), by=by)


def party(team: Team, party_id: int) -> Party:
    with team.reading() as session:
        return session.get_one(Party, party_id)


@pytest.fixture
def source(team: Team) -> Source:
    return team.source_row()


@pytest.fixture
def two(team: Team, source: Source) -> list[int]:
    """Two men of the same label and the same article."""
    men = [team.party("detained man") for _ in range(2)]
    for man in men:
        seen(team, man, source)
    return men


# Choosing.


def test_chosen_party_is_exactly_that_one_in_every_field(
    team: Team, source: Source, two: list[int]
) -> None:
    first, second = two
    said = entry(
        source,
        row("Detained  MAN", second),
        row(
            "wife",
            role="witness",
            relationship="spouse_of",
            relationship_to="detained man",
            relationship_to_id=str(first),
        ),
        citation={"speaker": "detained man", "speaker_id": str(first)},
    )
    record = read(team, said)

    assert record.citations[0].speaker == first
    assert record.involvements[0].party == second
    assert record.involvements[1].relationship_to == first


def test_party_of_another_article_is_meant_when_chosen_and_only_then(team: Team) -> None:
    man = team.party("detained man")
    seen(team, man, team.source_row())
    other = team.source_row("Another paper.")

    assert parties_of(read(team, entry(other, row("detained man", man)))) == [man]
    assert parties_of(read(team, entry(other, row("detained man")))) != [man]


def test_id_counts_only_while_the_text_is_its_label(team: Team, source: Source) -> None:
    man = team.party("detained man")
    seen(team, man, source)

    (made,) = parties_of(read(team, entry(source, row("somebody else", man))))

    assert made != man
    assert party(team, made).label == "somebody else"


@pytest.mark.parametrize("chosen", ["999999", "-1", "9" * 30, "٣", "x", "1 OR 1"])
def test_id_of_nobody_is_as_none(team: Team, source: Source, chosen: str) -> None:
    man = team.party("detained man")
    seen(team, man, source)

    assert parties_of(read(team, entry(source, row("detained man", chosen)))) == [man]


def test_id_of_a_party_one_may_not_know_is_as_none(team: Team) -> None:
    hidden = team.party("informant")
    team.sealed(seen(team, hidden, team.source_row()))
    other = team.source_row("Another paper.")

    (made,) = parties_of(read(team, entry(other, row("informant", hidden)), by=team.colleague))

    assert made != hidden


def test_id_of_a_merged_party_is_that_of_what_it_became(team: Team, source: Source) -> None:
    old, new = team.party("detained man"), team.party("husband")
    for one in (old, new):
        seen(team, one, source)
    with team.work() as work:
        work.session.exec(update(Party).where(col(Party.id) == old).values(merged_into_id=new))

    assert parties_of(read(team, entry(source, row("husband", old)))) == [new]
    assert parties_of(read(team, entry(source, row("detained man")))) == [new]


def test_words_alone_mean_the_one_that_is_chosen_elsewhere_in_the_entry(
    team: Team, source: Source, two: list[int]
) -> None:
    said = entry(source, row("detained man", two[1]), citation={"speaker": "detained man"})

    assert read(team, said).citations[0].speaker == two[1]


def test_somebody_new_may_bear_a_known_label_and_is_one_in_the_entry(
    team: Team, source: Source, two: list[int]
) -> None:
    said = entry(
        source,
        row("detained man", NEW),
        citation={"speaker": "detained man", "speaker_id": NEW},
    )
    record = read(team, said)

    (made,) = parties_of(record)
    assert made not in two
    assert record.citations[0].speaker == made


def test_unchanged_rows_of_one_label_keep_whom_they_stood_for(
    team: Team, source: Source, two: list[int]
) -> None:
    base = read(team, entry(source, row("detained man", two[0]), row("detained man", two[1])))

    rows = (row("detained man", role="witness"), row("detained man"))
    assert parties_of(read(team, entry(source, *rows), base)) == two


# Asking.


def refused(team: Team, said: Entry) -> dict[str, list[str]]:
    with pytest.raises(FieldErrors) as told:
        read(team, said)
    return told.value.errors


def test_words_that_mean_several_are_asked_about_once(
    team: Team, source: Source, two: list[int]
) -> None:
    rows = (row("detained man"), row("OMON", role="alleged_perpetrator"), row("Detained man"))

    told = refused(team, entry(source, *rows))

    assert told == {
        "involvements.0.party": [
            "Several parties are called “detained man”. Choose which one is meant."
        ]
    }


def test_asking_comes_with_the_other_errors(team: Team, source: Source, two: list[int]) -> None:
    said = entry(source, citation={"speaker": "detained man"}, date="in the spring")

    assert sorted(refused(team, said)) == ["citations.0.speaker", "date"]


def test_public_parties_only_sealed_incidents_know_are_not_asked_about(
    team: Team, source: Source
) -> None:
    shown = team.party("OMON", privacy="public")
    seen(team, shown, source)
    hidden = team.party("OMON", privacy="public", by=team.colleague)
    team.sealed(seen(team, hidden, team.source_row("x"), by=team.colleague), by=team.colleague)

    assert parties_of(read(team, entry(source, row("OMON")))) == [shown]


def test_asking_costs_the_same_however_many_rows_there_are(
    team: Team, source: Source, two: list[int]
) -> None:
    counts = []
    for many in (2, 8):
        rows = [row(f"somebody {number % 2}", two[number % 2]) for number in range(many)]
        with selects(team.services.database) as sent, pytest.raises(FieldErrors):
            read(team, entry(source, *rows, row("detained man"), date="never"))
        counts.append(len(sent))

    assert counts[0] == counts[1]


# New ones.


def test_kind_is_as_chosen_or_as_role_and_number_propose(team: Team, source: Source) -> None:
    rows = (
        row("a man", kind="individual"),
        row("men"),
        row("OMON", role="alleged_perpetrator", protected=False),
        row("an officer", role="alleged_perpetrator", protected=False, kind="individual"),
        row("a crowd", role="alleged_perpetrator", protected=False, kind="group"),
    )
    record = read(team, entry(source, *rows, figures=(FigureTyped("3"),)))

    made = [party(team, one) for one in parties_of(record)]
    assert [(one.label, one.kind, one.privacy) for one in made] == [
        ("a man", "individual", "protected"),
        ("men", "group", "protected"),
        ("OMON", "organisation", "public"),
        ("an officer", "individual", "label"),
        ("a crowd", "group", "public"),
    ]


def test_row_of_a_new_party_says_more_than_its_citation(team: Team, source: Source) -> None:
    said = entry(
        source,
        row("the ministry", role="issuing_body", protected=False),
        citation={"speaker": "the ministry", "speaker_protected": False},
    )
    (made,) = parties_of(read(team, said))

    assert (party(team, made).kind, party(team, made).privacy) == ("organisation", "public")


def test_new_party_any_field_protects_is_protected(team: Team, source: Source) -> None:
    said = entry(
        source,
        row("the minister", role="official_speaker", protected=False),
        citation={"speaker": "the minister"},
    )
    (made,) = parties_of(read(team, said))

    assert party(team, made).privacy == "protected"


# Who is protected.


DEFAULTS: list[tuple[dict[str, Any], dict[str, Any], bool]] = [
    ({}, {"role": "victim"}, True),
    ({}, {"role": "witness"}, True),
    ({}, {"role": "alleged_perpetrator"}, False),
    ({}, {"role": "alleged_perpetrator", "kind": "individual"}, False),
    ({}, {"role": "victim", "kind": "organisation"}, False),
    ({"type": "official_statement"}, {"role": "official_speaker"}, False),
    ({"type": "official_statement"}, {"role": "witness"}, True),
    ({"type": "shortage"}, {"role": "affected"}, True),
    (
        {"type": "ill_treatment", "details": {"in_custody": "yes"}},
        {"role": "victim"},
        True,
    ),
    (
        {"figures": (FigureTyped("3", age_max=17),)},
        {"role": "alleged_perpetrator", "kind": "individual"},
        True,
    ),
    (
        {"figures": (FigureTyped("3", age_min=16, age_max=30),)},
        {"role": "alleged_perpetrator", "kind": "group"},
        True,
    ),
    (
        {"figures": (FigureTyped("3", age_min=18),)},
        {"role": "alleged_perpetrator", "kind": "individual"},
        False,
    ),
    ({"figures": (FigureTyped("3", age_max=17),)}, {"role": "alleged_perpetrator"}, False),
]


@pytest.mark.parametrize(("given", "typed", "protected"), DEFAULTS)
def test_box_is_ticked_by_default_for_whom_it_should(
    given: dict[str, Any], typed: dict[str, Any], protected: bool
) -> None:
    said = Entry(**{"type": "detention", "citations": (), **given})

    assert protected_by_default(said, InvolvementTyped("x", **typed)) is protected


def test_one_nobody_counts_is_an_individual() -> None:
    for words, kind in {
        "": "individual",
        "1": "individual",
        "several": "group",
        "?": "individual",
    }.items():
        said = Entry("detention", (), figures=(FigureTyped(words),))
        assert kind_meant(said, InvolvementTyped("x", "victim")) == kind, words


RAISED: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("detention", {}, {"role": "victim"}, "protected"),
    ("disappearance", {}, {"role": "victim"}, "protected"),
    ("shortage", {}, {"role": "witness"}, "protected"),
    ("ill_treatment", {"in_custody": "at_arrest"}, {"role": "victim"}, "protected"),
    ("ill_treatment", {"in_custody": "no"}, {"role": "victim"}, "label"),
    ("ill_treatment", {}, {"role": "victim"}, "label"),
    ("killing", {"context": "in_custody"}, {"role": "victim"}, "protected"),
    ("killing", {"context": "demonstration"}, {"role": "victim"}, "label"),
    ("shortage", {"goods": ["food"]}, {"role": "affected"}, "label"),
    ("detention", {}, {"role": "victim", "protected": False}, "label"),
]


@pytest.mark.parametrize(("type_", "details", "typed", "privacy"), RAISED)
def test_known_person_at_risk_is_protected_when_the_box_is_ticked(
    team: Team,
    source: Source,
    type_: str,
    details: dict[str, Any],
    typed: dict[str, Any],
    privacy: str,
) -> None:
    woman = team.party("a woman", privacy="label")
    seen(team, woman, source)

    read(team, entry(source, InvolvementTyped("a woman", **typed), type=type_, details=details))

    assert party(team, woman).privacy == privacy


@pytest.mark.parametrize(
    ("described", "privacy"),
    [
        ({"kind": "group"}, "label"),
        ({"kind": "individual", "age": 17}, "protected"),
        ({"kind": "individual", "age": 18}, "label"),
    ],
)
def test_known_child_is_protected_and_a_known_group_is_left(
    team: Team, source: Source, described: dict[str, Any], privacy: str
) -> None:
    known = team.party("somebody", privacy="label", **described)
    seen(team, known, source)

    read(team, entry(source, row("somebody", role="affected"), type="shortage"))

    assert party(team, known).privacy == privacy


def test_unticked_box_never_stops_protecting_somebody_of_another_incident(
    team: Team, source: Source
) -> None:
    man = team.party("a man")
    seen(team, man, source)
    public = team.party("the minister", privacy="public")

    read(
        team,
        entry(source, row("a man", protected=False), row("the minister", public, role="witness")),
    )

    assert party(team, man).privacy == "protected"
    assert party(team, public).privacy == "public"


# The form.


@pytest.fixture
def desk(team: Team, sign_in: Callable[..., Browser]) -> Desk:
    return Desk(team, sign_in(person=Person(team.author.account_id or 0, team.author)))


def of_label(team: Team, label: str) -> list[Party]:
    with team.reading() as session:
        return list(session.exec(select(Party).where(Party.label == label).order_by(col(Party.id))))


def two_of_one_label(desk: Desk) -> list[int]:
    for chosen in ("", "new"):
        form = desk.new().fill(involvements__0__party="detained man")
        desk.saved(form.fill(involvements__0__party_id=chosen))
    return [one.id or 0 for one in of_label(desk.team, "detained man")]


def test_form_asks_which_one_and_takes_the_answer(desk: Desk) -> None:
    first, second = two_of_one_label(desk)
    form = desk.new().fill(involvements__0__party="detained man", summary="Kept.")

    response = desk.send(form)

    body = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "Several parties are called" in errors(response)["involvements-0-party"]
    form = again(response)
    assert form.offered["involvements-0-party_id"] == [str(first), str(second), "new"]
    assert form["summary"] == "Kept."
    assert body.count("INC-2026-0000") >= 2
    reference = desk.saved(form.fill(involvements__0__party_id=str(second)))
    assert parties_of(desk.team.stored(reference)) == [second]

    form = again(desk.send(desk.new().fill(involvements__0__party="detained man")))
    desk.saved(form.fill(involvements__0__party_id="new"))
    assert len(of_label(desk.team, "detained man")) == 3


def test_form_asks_about_a_speaker_too(desk: Desk) -> None:
    first, _ = two_of_one_label(desk)
    form = desk.new("witness_statement").fill(citations__0__speaker="detained man")
    address = desk.address("witness_statement")

    form = again(desk.send(form, address))
    reference = desk.saved(form.fill(citations__0__speaker_id=str(first)), address)

    assert desk.team.stored(reference).citations[0].speaker == first


def test_edited_record_keeps_each_of_two_so_called(desk: Desk) -> None:
    first, second = two_of_one_label(desk)
    form = again(desk.send(desk.new(), add_row="involvements"))
    form.fill(involvements__0__party="detained man", involvements__0__party_id=str(first))
    form.fill(involvements__2__party="detained man", involvements__2__party_id=str(second))
    reference = desk.saved(form)

    edited = desk.edit(reference)
    desk.saved(edited, f"/incidents/{reference}/edit")

    assert parties_of(desk.team.stored(reference)) == [first, second]
    assert desk.team.row(reference).version == 1
    edited = again(desk.send(edited, f"/incidents/{reference}/edit", remove_row="involvements-0"))
    desk.saved(edited, f"/incidents/{reference}/edit")
    assert parties_of(desk.team.stored(reference)) == [second]


def test_form_says_whom_it_understood(desk: Desk) -> None:
    desk.saved(desk.new().fill(involvements__0__party="detained man"))
    form = desk.new().fill(
        involvements__0__party="Detained man",
        involvements__1__party="OMON",
        citations__0__speaker="a neighbour",
    )

    body = desk.send(form, add_row="citations").get_data(as_text=True)

    assert "Known: detained man (protected)" in body
    assert "New: will be recorded as an organisation, public." in body
    assert "New: will be recorded as an individual, protected." in body


def test_box_nobody_touched_follows_the_role(desk: Desk) -> None:
    """The row of an official speaker is not protected; made a witness’s, it is."""
    address = desk.address("official_statement")
    form = desk.new("official_statement")
    assert form["involvements-0-protected"] == ""
    form.fill(involvements__0__party="a nurse", involvements__0__role="witness")
    reference = desk.saved(form, address)

    assert [one.privacy for one in of_label(desk.team, "a nurse")] == ["protected"]

    form = desk.edit(reference).fill(involvements__0__protected=None)
    desk.saved(form, f"/incidents/{reference}/edit")
    assert [one.privacy for one in of_label(desk.team, "a nurse")] == ["label"]


def test_child_among_those_who_did_it_is_protected_unless_unticked(desk: Desk) -> None:
    form = desk.new().fill(
        involvements__1__party="a boy",
        involvements__1__kind="individual",
        figures__0__how_many="1",
        figures__0__age_max="15",
    )
    form.fill(date="in the spring")

    form = again(desk.send(form))

    assert form["involvements-1-protected"] == "y", "what will be done is shown"
    desk.saved(form.fill(date="", involvements__1__protected=None))
    assert [one.privacy for one in of_label(desk.team, "a boy")] == ["label"]


def test_speaker_is_known_again(team: Team, source: Source) -> None:
    woman = team.party("a woman", privacy="label")
    said = CitationSaid(source=source.id or 0, speaker=woman)
    team.recorded(team.record(citations=(said,)))

    record = read(team, entry(source, citation={"speaker": "A woman"}))

    assert record.citations[0].speaker == woman
    assert party(team, woman).privacy == "protected", "who bears witness is"
