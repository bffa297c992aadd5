"""What somebody types becomes a record, and typing a record back changes nothing."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func
from sqlmodel import Session, col, select

from incidents.audit.models import AuditEntry, Revision
from incidents.errors import FieldErrors
from incidents.incident.actions import edit_incident, prepared, record_from_entry, record_incident
from incidents.incident.models import Event, Incident, Party
from incidents.incident.queries.entry import entry_of
from incidents.incident.queries.lookup import incident_by_reference, stored_record
from incidents.incident.queries.sealed import opened_record
from incidents.incident.queries.words import words_for
from incidents.incident.record import FigureSaid, Record, When, to_json
from incidents.incident.record.entry import (
    CitationTyped,
    Entry,
    FigureTyped,
    InvolvementTyped,
    RelationTyped,
)
from incidents.vocabulary.models import Place
from incidents.work import Work
from tests.team import Team


def rows(session: Session) -> dict[str, int]:
    models = (Party, Place, Event, Incident, Revision, AuditEntry)
    return {
        model.__name__: session.exec(select(func.count()).select_from(model)).one()
        for model in models
    }


def typed(work: Work, record: Record) -> Entry:
    return entry_of(record, words_for(work.session, work.actor, [record]))


def test_typing_the_coded_article_back_changes_nothing(demo: Any) -> None:
    with demo.database.writing() as session:
        work = demo.services.work(session, demo.people["researcher"])
        before = rows(session)
        for key, reference in demo.references.items():
            stored = stored_record(session, incident_by_reference(session, work.actor, reference))
            again = record_from_entry(work, typed(work, stored), stored)
            assert to_json(again) == to_json(stored), key
            ready = prepared(work, again, complete=True)
            assert to_json(ready) == to_json(stored), key
        assert rows(session) == before


def test_typing_the_coded_article_anew_gives_the_same_records(demo: Any) -> None:
    with demo.database.writing() as session:
        work = demo.services.work(session, demo.people["researcher"])
        before = rows(session)
        for key, reference in demo.references.items():
            stored = stored_record(session, incident_by_reference(session, work.actor, reference))
            anew = prepared(work, record_from_entry(work, typed(work, stored)), complete=True)
            assert to_json(anew) == to_json(stored), key
        assert rows(session) == before


def test_unchanged_entry_makes_no_revision(demo: Any) -> None:
    reference = demo.references["JZ-12"]
    with demo.database.writing() as session:
        work = demo.services.work(session, demo.people["researcher"])
        before = rows(session)
        incident = incident_by_reference(session, work.actor, reference)
        stored = stored_record(session, incident)
        again = record_from_entry(work, typed(work, stored), stored)
        edit_incident(work, reference, incident.version, again)
        assert rows(session) == before


def entry(team: Team, **given: Any) -> Entry:
    """A detention of a new source, unless citations are given."""
    if "citations" not in given:
        given["citations"] = (CitationTyped(team.source_row().reference),)
    return Entry(**{"type": "detention", "date": "2011-12-16", **given})


def read(team: Team, said: Entry, base: Record | None = None) -> Record:
    with team.work() as work:
        return record_from_entry(work, said, base)


def faults(team: Team, said: Entry) -> dict[str, list[str]]:
    with pytest.raises(FieldErrors) as refused, team.work() as work:
        record_incident(work, record_from_entry(work, said))
    return refused.value.errors


# Places.


def test_new_place_is_made_from_its_country_and_what_it_lies_in(team: Team) -> None:
    town = team.place("Janaozen", region="Mangystau")
    said = entry(team, place="Central square", place_within="Janaozen", place_precision="site")

    record = read(team, said)

    with team.reading() as session:
        place = session.get_one(Place, record.place)
    assert (place.name, place.country, place.parent_id, place.precision) == (
        "Central square",
        "KZ",
        town,
        "site",
    )


def test_new_place_serves_as_subject_place_too(team: Team) -> None:
    said = entry(team, place="Tengiz", place_country="KZ", subject_place="tengiz")

    record = read(team, said)

    assert record.place == record.subject_place is not None


def test_place_is_found_by_alias_and_by_its_whole_path(team: Team) -> None:
    town = team.place("Janaozen", aliases=("Жаңаөзен",), region="Mangystau")
    station = team.place("Town police station, Janaozen", parent=town)

    for words in ("janaozen", "Жаңаөзен", "Janaozen, Mangystau, Kazakhstan"):
        assert read(team, entry(team, place=words)).place == town, words
    for words in (
        "Town police station, Janaozen",
        "town police station, janaozen, Mangystau, Kazakhstan",
    ):
        assert read(team, entry(team, place=words)).place == station, words


def test_ambiguous_place_is_asked_about_with_its_paths(team: Team) -> None:
    for region in ("Mangystau", "Almaty"):
        parent = team.place(f"{region} district", region=region)
        team.place("Aktau", parent=parent)

    told = faults(team, entry(team, place="Aktau"))
    assert list(told) == ["place"]
    path = "Aktau, Almaty district, Almaty, Kazakhstan"
    assert path in told["place"][0]

    record = read(team, entry(team, place=path))
    with team.reading() as session:
        parent_id = session.get_one(Place, record.place).parent_id
        assert session.get_one(Place, parent_id).name == "Almaty district"


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"place": "Nowhere"}, "place"),
        ({"subject_place": "Nowhere", "place_country": "KZ"}, "subject_place"),
        ({"place": "Nowhere", "place_country": "XX"}, "place_country"),
        ({"place": "Nowhere", "place_within": "Elsewhere"}, "place_within"),
        ({"place": "Now\there\x07", "place_country": "KZ"}, "place"),
        ({"citations": (CitationTyped("SRC-2026-09999"),)}, "citations.0.source"),
        ({"citations": (CitationTyped("my notes"),)}, "citations.0.source"),
        ({"citations": (CitationTyped("SRC-२०२६-00001"),)}, "citations.0.source"),
        ({"figures": (FigureTyped("a lot of men"),)}, "figures.0.how_many"),
        ({"figures": (FigureTyped(), FigureTyped("30 to 20"))}, "figures.1.how_many"),
        ({"figures": (FigureTyped("9" * 12),)}, "figures.0.how_many"),
        ({"date": "the day after"}, "date"),
        ({"date": "2011-02-30"}, "date"),
        ({"relations": (RelationTyped("about", "INC-2026-09999"),)}, "relations.0.to"),
        ({"relations": (RelationTyped(), RelationTyped("about", "all"))}, "relations.1.to"),
        ({"event": "x" * 301}, "event"),
        ({"place": "\x00"}, "place"),
        ({"citations": (CitationTyped("SRC-2026-00001", speaker="\x00"),)}, "citations.0.speaker"),
        ({"involvements": (InvolvementTyped("half \ud83d", "victim"),)}, "involvements.0.party"),
        ({"details": {"facility": "\x00"}}, "details.facility"),
    ],
)
def test_what_cannot_be_read_names_its_field(team: Team, given: dict[str, Any], path: str) -> None:
    assert list(faults(team, entry(team, **given))) == [path]


def test_everything_that_cannot_be_read_is_named_at_once(team: Team) -> None:
    said = entry(
        team,
        citations=(CitationTyped("SRC-2026-09999"),),
        date="yesterday",
        place="Nowhere",
        subject_place="Nowhere else",
        figures=(FigureTyped("a lot of men"),),
        relations=(RelationTyped("about", "INC-2026-09999"),),
    )

    assert sorted(faults(team, said)) == [
        "citations.0.source",
        "date",
        "figures.0.how_many",
        "place",
        "relations.0.to",
        "subject_place",
    ]


def test_source_one_may_not_know_is_no_source(team: Team) -> None:
    hidden = team.source_row(None, kind="testimony", protected=True, by=team.colleague)

    assert list(faults(team, entry(team, citations=(CitationTyped(hidden.reference),)))) == [
        "citations.0.source"
    ]


# Figures.


@pytest.mark.parametrize(
    ("words", "numbers", "qualifier"),
    [
        ("about 20", (None, 20, None), "approximately"),
        ("20 or 30", (20, None, 30), "range"),
        ("at least 3", (3, None, None), "at_least"),
        ("several", (None, None, None), "unspecified"),
        ("0", (0, 0, 0), "exact"),
    ],
)
def test_how_many_is_read_as_it_is_said(
    team: Team, words: str, numbers: tuple[int | None, ...], qualifier: str
) -> None:
    (figure,) = read(team, entry(team, figures=(FigureTyped(words),))).figures

    assert (figure.low, figure.best, figure.high) == numbers
    assert (figure.measure, figure.qualifier, figure.citation) == ("detained", qualifier, 0)


def test_empty_rows_say_nothing(team: Team) -> None:
    said = entry(
        team,
        figures=(FigureTyped(), FigureTyped(measure="killed")),
        involvements=(InvolvementTyped(role="victim"),),
        relations=(RelationTyped("about"),),
    )
    record = read(team, said)

    assert (record.figures, record.involvements, record.relations) == ((), (), ())


def test_figure_of_no_qualifier_keeps_none(team: Team) -> None:
    stored = team.stored(
        team.recorded(figures=(FigureSaid(measure="detained", best=20, citation=0),))
    )
    with team.work() as work:
        again = record_from_entry(work, typed(work, stored), stored)

    assert again.figures == stored.figures


def test_statement_counts_nothing_in_totals(team: Team) -> None:
    said = entry(team, type="witness_statement", figures=(FigureTyped("20", in_totals=True),))

    assert not read(team, said).figures[0].in_totals


# People.


def test_one_label_twice_in_one_entry_is_one_party(team: Team) -> None:
    said = entry(
        team,
        citations=(
            CitationTyped(team.source_row().reference, speaker="wife of detained man"),
            CitationTyped(team.source_row(None).reference, speaker="Wife of  detained man"),
        ),
        involvements=(
            InvolvementTyped("detained husband", "victim"),
            InvolvementTyped(
                "wife of detained man",
                "witness",
                relationship="spouse_of",
                relationship_to="detained husband",
            ),
        ),
    )
    record = read(team, said)

    husband, wife = record.involvements
    assert [one.speaker for one in record.citations] == [wife.party, wife.party]
    assert wife.relationship_to == husband.party
    with team.reading() as session:
        assert session.exec(select(func.count()).select_from(Party)).one() == 2


def test_new_party_is_protected_unless_unticked(team: Team) -> None:
    record = read(
        team,
        entry(
            team,
            citations=(CitationTyped(team.source_row().reference, speaker="a neighbour"),),
            involvements=(
                InvolvementTyped("a man", "victim"),
                InvolvementTyped("a woman", "victim", protected=False),
                InvolvementTyped("OMON", "alleged_perpetrator", protected=False),
            ),
            figures=(FigureTyped("3"),),
        ),
    )

    with team.reading() as session:
        found = {
            party.label: (party.kind, party.privacy)
            for party in session.exec(select(Party).order_by(col(Party.id)))
        }
    assert len(record.involvements) == 3
    assert found == {
        "a neighbour": ("individual", "protected"),
        "a man": ("group", "protected"),
        "a woman": ("group", "label"),
        "OMON": ("organisation", "public"),
    }


def test_unticked_box_stops_protecting_and_changes_no_public_party(team: Team) -> None:
    said = entry(
        team,
        involvements=(
            InvolvementTyped("a man", "victim"),
            InvolvementTyped("OMON", "alleged_perpetrator", protected=False),
        ),
    )
    base = read(team, said)
    changed = tuple(replace(one, protected=not one.protected) for one in said.involvements)

    again = read(team, replace(said, involvements=changed), base)

    assert again.involvements == base.involvements
    with team.reading() as session:
        parties = session.exec(select(Party).order_by(col(Party.id))).all()
    assert [(party.privacy, party.version) for party in parties] == [("label", 2), ("public", 1)]


def test_removed_row_moves_nobody_into_anothers_place(team: Team) -> None:
    said = entry(
        team,
        involvements=(
            InvolvementTyped("a man", "victim"),
            InvolvementTyped("a woman", "witness", note="his wife"),
        ),
    )
    with team.work() as work:
        incident = record_incident(work, record_from_entry(work, said))
        base = stored_record(work.session, incident)

    again = read(team, replace(said, involvements=said.involvements[1:]), base)

    assert again.involvements == base.involvements[1:]


# What an entry leaves out.


def test_what_the_form_does_not_show_is_kept(team: Team) -> None:
    reference = team.recorded(
        citations=(team.quoting("about 20 of them", fields=("subject_place", "date", "title")),),
        figures=(FigureSaid(measure="detained", best=20, qualifier="approximately", citation=0),),
        date=When(edtf="2011-12-16", basis="stated"),
    )
    stored = team.stored(reference)
    with team.work() as work:
        again = record_from_entry(work, typed(work, stored), stored)

    assert to_json(again) == to_json(stored)


def test_quote_of_a_repeated_sentence_stays_where_it_was(team: Team) -> None:
    source = team.source_row("They fired. Nobody ran. They fired. All ran.")
    said = entry(team, citations=(CitationTyped(source.reference, quote="They fired."),))
    with team.work() as work:
        incident = record_incident(work, record_from_entry(work, said))
        stored = stored_record(work.session, incident)
        assert stored.citations[0].quote is not None
        moved = stored.citations[0].quote.model_copy(
            update={"prefix": "Nobody ran. ", "suffix": " All ran.", "start": 24, "end": 35}
        )
        elsewhere = stored.model_copy(
            update={"citations": (stored.citations[0].model_copy(update={"quote": moved}),)}
        )
        edit_incident(work, incident.reference, 1, elsewhere)
        base = stored_record(work.session, incident)
        again = prepared(work, record_from_entry(work, typed(work, base), base))

    assert again.citations[0].quote is not None
    assert again.citations[0].quote.start == 24


def test_entry_of_a_protected_source_types_back_its_words(team: Team) -> None:
    source = team.source(protected=True, kind="testimony")
    reference = team.recorded(citations=(team.quoting("about 20 of them", source=source),))
    with team.work() as work:
        base = opened_record(work.session, work.keyring, team.stored(reference))
        said = typed(work, base)
        assert said.citations[0].quote == "about 20 of them"
        edit_incident(work, reference, 1, record_from_entry(work, said, base))

    assert team.row(reference).version == 1
