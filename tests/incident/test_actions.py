"""Writing incidents: rows, references, quotes, versions and what is computed; on both engines."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlmodel import col, select

from incidents.audit.queries import problems
from incidents.errors import FieldErrors, NotAllowed
from incidents.incident.actions import (
    move,
    record_from_entry,
    record_incident,
)
from incidents.incident.models import (
    IncidentDetail,
    Party,
)
from incidents.incident.queries.lookup import incident_by_reference, stored_record
from incidents.incident.record import (
    CitationSaid,
    FigureSaid,
    InvolvementSaid,
    Record,
    RelationSaid,
    When,
    to_json,
)
from incidents.incident.record.entry import CitationTyped, Entry, FigureTyped, InvolvementTyped
from incidents.incident.types import TYPES
from tests.incident.records import complete_records
from tests.incident.tables import record_of_rows
from tests.incident.whole import both, counts, full_record
from tests.team import Team


def test_rows_say_what_the_record_says(team: Team) -> None:
    record = full_record(team)

    reference = team.recorded(record)

    with team.reading() as session:
        rows = record_of_rows(session, team.id(reference))
    assert to_json(rows) == to_json(team.stored(reference))
    pinned = record.citations[0].model_copy(
        update={"snapshot": rows.citations[0].snapshot, "quote": rows.citations[0].quote}
    )
    assert rows == record.model_copy(update={"citations": (pinned, record.citations[1])})


def test_order_in_which_supported_fields_are_named_means_nothing(team: Team) -> None:
    source = team.source()
    said = ("details.custody_status", "details.form", "place", "date", "details.form")
    records = [
        team.record(citations=(team.quoting("about 20 of them", source=source, fields=fields),))
        for fields in (said, said[::-1])
    ]

    one, other = (team.stored(team.recorded(record)) for record in records)

    assert one.citations == other.citations
    assert one.citations[0].fields == ("date", "place", "details.form", "details.custody_status")


def test_rows_of_the_coded_article_say_what_its_records_say(demo: Any) -> None:
    with demo.database.reading() as session:
        for reference in demo.references.values():
            incident = incident_by_reference(session, demo.people["researcher"], reference)
            assert incident.id is not None
            rows = record_of_rows(session, incident.id)
            assert to_json(rows) == to_json(stored_record(session, incident)), reference


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(record=complete_records())
def test_rows_say_what_any_record_says(team: Team, record: Record) -> None:
    ready = team_made(team, record)
    with team.services.database.writing() as session:
        incident = record_incident(team.services.work(session, team.author), ready)
        assert incident.id is not None
        session.expire_all()
        rows = record_of_rows(session, incident.id)
        assert to_json(rows) == to_json(stored_record(session, incident))
        move(team.services.work(session, team.author), incident, "submit", 1)
        assert incident.status == "submitted"


def team_made(team: Team, record: Record) -> Record:
    """The record with ids that exist here, and without quotes: nothing is quoted of no text."""
    known = getattr(team, "known", None)
    if known is None:
        known = (team.source(None), team.place(), team.party(), team.id(team.recorded()))
        vars(team)["known"] = known
    source, place, party, other = known
    return record.model_copy(
        update={
            "place": place,
            "subject_place": None,
            "event": None,
            "citations": tuple(
                one.model_copy(
                    update={
                        "source": source,
                        "quote": None,
                        "speaker": party if one.speaker else None,
                        "fields": tuple(f for f in one.fields if not f.startswith("figures.")),
                    }
                )
                for one in record.citations
            ),
            "involvements": tuple(
                one.model_copy(
                    update={"party": party, "relationship_to": party if one.relationship else None}
                )
                for one in record.involvements
            ),
            "relations": tuple(
                one.model_copy(update={"to": other}) for one in record.relations[:1]
            ),
        }
    )


def test_filterable_details_are_mirrored_once_each(team: Team) -> None:
    reference = team.recorded(
        team.record("shortage", details={"goods": ["food", "water", "food"], "severity": "severe"})
    )

    with team.reading() as session:
        found = session.exec(
            select(IncidentDetail.field, IncidentDetail.value)
            .where(IncidentDetail.incident_id == team.id(reference))
            .order_by(col(IncidentDetail.field), col(IncidentDetail.value))
        ).all()
    assert found == [("goods", "food"), ("goods", "water"), ("severity", "severe")]


def test_bounds_and_sort_date_follow_the_date(team: Team) -> None:
    row = team.row(team.recorded(date=When(edtf="2011-12-18~/2011-12-19~")))
    unknown = team.row(team.recorded(date=When(not_known=True)))

    assert (str(row.date_earliest), str(row.date_latest)) == ("2011-12-17", "2011-12-20")
    assert row.sort_date == row.date_earliest
    assert not row.long_span
    assert (unknown.date_earliest, unknown.date_precision) == (None, "unknown")


def test_untitled_record_gets_a_title_from_what_it_says(team: Team) -> None:
    record = team.record(
        title="",
        place=team.place("Janaozen"),
        figures=(FigureSaid(measure="detained", best=20, qualifier="approximately", citation=0),),
    )

    assert team.row(team.recorded(record)).title == (
        f"{TYPES['detention'].label}, about 20 detained, Janaozen, 16 Dec 2011"
    )


# References and double clicks.


def test_references_count_up_within_the_year(team: Team) -> None:
    made = [team.recorded(), team.recorded(), team.recorded()]

    assert made == ["INC-2026-00001", "INC-2026-00002", "INC-2026-00003"]


def test_next_year_begins_again(team: Team, clock: Any) -> None:
    record = team.record()
    team.recorded(record)
    clock.move(days=60)

    assert team.recorded(record) == "INC-2027-00001"


def test_two_people_at_once_get_two_references(team: Team) -> None:
    record = team.record()
    made: list[str] = []

    def recorded(by: Any) -> None:
        for _ in range(5):
            made.append(team.recorded(record, by=by))

    raised = both(lambda: recorded(team.author), lambda: recorded(team.colleague))

    assert raised == []
    assert sorted(made) == [f"INC-2026-{number:05d}" for number in range(1, 11)]
    with team.reading() as session:
        assert list(problems(session)) == []


def test_refused_record_uses_up_no_reference(team: Team) -> None:
    team.recorded()
    with pytest.raises(FieldErrors):
        team.recorded(team.record(publication="secret"))

    assert team.recorded() == "INC-2026-00002"


def test_form_sent_twice_makes_one_incident(team: Team) -> None:
    record = team.record()
    made = []
    for _ in range(2):
        with team.work() as work:
            made.append(record_incident(work, record, form_token="once").reference)

    assert made[0] == made[1]
    assert counts(team)["Incident"] == 1


def test_form_sent_twice_at_once_makes_one_incident(team: Team) -> None:
    record = team.record()
    made: list[str] = []

    def send() -> None:
        with team.work() as work:
            made.append(record_incident(work, record, form_token="once").reference)

    assert both(send, send, send) == []
    assert len(made) == 3
    assert len(set(made)) == 1
    assert counts(team)["Incident"] == 1


def test_form_token_is_each_persons_own(team: Team) -> None:
    record = team.record()
    for actor in (team.author, team.colleague):
        with team.work(actor) as work:
            record_incident(work, record, form_token="same")

    assert counts(team)["Incident"] == 2


@pytest.mark.parametrize("name", ["reader", "admin"])
def test_who_may_not_record_writes_nothing(team: Team, name: str) -> None:
    record = team.record()
    before = counts(team)

    with pytest.raises(NotAllowed):
        team.recorded(record, by=getattr(team, name))

    assert counts(team) == before


def test_refused_entry_leaves_no_place_and_no_party_behind(team: Team) -> None:
    source = team.source_row()
    before = counts(team)
    entry = Entry(
        type="detention",
        citations=(CitationTyped(source.reference, quote="words that are nowhere in it"),),
        date="2011-12-16",
        place="A new settlement",
        place_country="KZ",
        involvements=(InvolvementTyped("a man nobody knows", "victim"),),
        figures=(FigureTyped("about 20"),),
        event="A new event",
    )

    with pytest.raises(FieldErrors, match="citations.0.quote"), team.work() as work:
        record = record_from_entry(work, entry)
        assert work.session.exec(select(Party)).one().label == "a man nobody knows"
        record_incident(work, record)

    assert counts(team) == before


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"place": 999}, "place"),
        ({"subject_place": 999}, "subject_place"),
        ({"event": 999}, "event"),
        ({"citations": (CitationSaid(source=999),)}, "citations.0.source"),
        ({"involvements": (InvolvementSaid(party=999, role="victim"),)}, "involvements.0"),
        ({"relations": (RelationSaid(type="about", to=999),)}, "relations.0"),
    ],
)
def test_what_does_not_exist_is_named(team: Team, given: dict[str, Any], path: str) -> None:
    with pytest.raises(FieldErrors) as refused:
        team.recorded(team.record(**given))

    assert list(refused.value.errors) == [path]


def test_speaker_who_does_not_exist_is_named(team: Team) -> None:
    citation = CitationSaid(source=team.source(), speaker=999)
    with pytest.raises(FieldErrors) as refused:
        team.recorded(team.record(citations=(citation,)))

    assert list(refused.value.errors) == ["citations.0.speaker"]
