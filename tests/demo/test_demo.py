"""The demo: one article coded by hand, as it lies in the database after it was loaded."""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from incidents.account.queries import viewer_by_name
from incidents.audit.models import Revision
from incidents.audit.queries import problems
from incidents.config import Settings
from incidents.demo.imports import PEOPLE, load
from incidents.errors import WrongState
from incidents.incident.models import (
    Citation,
    Figure,
    Incident,
    Involvement,
    Party,
    PartyNameHash,
    Relation,
)
from incidents.incident.record import from_json
from incidents.review.models import Correction, Review
from incidents.services import Services, open_services
from incidents.source.models import Snapshot, Source
from incidents.viewer import Viewer
from incidents.vocabulary.models import Place
from tests.conftest import StandingClock
from tests.incident.records import fixture
from tests.postgres import Postgres

SAID = fixture()
EXPECTED, DEMO = SAID["expected"], SAID["demo"]


@dataclass(frozen=True)
class Coded:
    """The rows of the loaded article, looked at and never changed; ids are the fixture's own."""

    services: Services
    session: Session
    references: dict[str, str]

    def incidents(self) -> dict[str, Incident]:
        rows = {row.reference: row for row in self.session.exec(select(Incident)).all()}
        return {code: rows[reference] for code, reference in self.references.items()}

    def of(self, model: Any, code: str) -> list[Any]:
        incident_id = self.incidents()[code].id
        return list(
            self.session.exec(
                select(model).where(model.incident_id == incident_id).order_by(model.position)
            ).all()
        )

    def party(self, code: str) -> Party:
        label = next(entry["label"] for entry in SAID["parties"] if entry["id"] == code)
        return self.session.exec(select(Party).where(Party.label == label)).one()

    def person(self, name: str) -> Viewer:
        viewer = viewer_by_name(self.session, name)
        assert viewer is not None
        return viewer


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("demo")
    if request.param == "sqlite":
        file = folder / "incidents.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}", folder
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    with postgres.database(request.getfixturevalue("postgresql_template")) as made:
        yield made, folder


@pytest.fixture(scope="module")
def coded(url: tuple[str, Path]) -> Iterator[Coded]:
    settings = Settings(
        database_url=url[0],
        archive=url[1] / "archive",
        secret_key="only for the tests: " + "x" * 32,
        name_key="AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    )
    services = open_services(settings, StandingClock())
    references = dict(load(services))
    with services.database.reading() as session:
        yield Coded(services, session, references)
    services.database.dispose()


def test_every_incident_has_the_status_the_demo_gives_it(coded: Coded) -> None:
    statuses = {code: row.status for code, row in coded.incidents().items()}

    assert len(DEMO["approved"]) == 15
    assert statuses == {
        **dict.fromkeys(DEMO["approved"], "approved"),
        **dict.fromkeys(DEMO["submitted"], "submitted"),
        **dict.fromkeys(DEMO["returned"], "draft"),
    }
    assert list(DEMO["submitted"]) == ["JZ-08"]
    assert list(DEMO["returned"]) == ["JZ-12"]


def test_returned_incident_came_back_with_its_reason(coded: Coded) -> None:
    incident = coded.incidents()["JZ-12"]
    review = coded.session.exec(
        select(Review).where(Review.incident_id == incident.id, Review.decision == "return")
    ).one()

    assert review.reason == DEMO["returned"]["JZ-12"]
    assert review.reviewer_id == coded.person("reviewer").account_id


def test_correction_waits_beside_the_incident_as_approved(coded: Coded) -> None:
    incident = coded.incidents()["JZ-02"]
    correction = coded.session.exec(select(Correction)).one()
    said = DEMO["correction"]["JZ-02"]

    assert (correction.incident_id, correction.status) == (incident.id, "submitted")
    assert correction.reason == said["reason"]
    assert from_json(correction.record).summary == said["summary"] != incident.summary
    assert (incident.status, incident.approved_version) == ("approved", incident.version)


def test_article_gives_as_many_incidents_and_citations_as_expected(coded: Coded) -> None:
    incidents = list(coded.incidents().values())
    citations = coded.session.exec(select(Citation)).all()
    quotes = [row.quote for row in citations if row.quote is not None]

    assert len(incidents) == EXPECTED["incidents"] == 17
    assert len(citations) == EXPECTED["citations"] == 46
    assert len(quotes) == EXPECTED["citations_with_quote"] == 36
    assert len(set(quotes)) == EXPECTED["distinct_quotes"] == 22
    assert Counter(row.type for row in incidents) == EXPECTED["by_type"]


def test_references_count_up_in_the_articles_order(coded: Coded) -> None:
    assert list(coded.references.values()) == [f"INC-2026-{n:05d}" for n in range(1, 18)]


def test_everything_was_done_by_people_and_the_log_holds(coded: Coded) -> None:
    researcher, reviewer = coded.person("researcher"), coded.person("reviewer")
    authors = {row.created_by for row in coded.incidents().values()}
    reviewers = set(coded.session.exec(select(Review.reviewer_id)).all())

    assert authors == {researcher.account_id}
    assert reviewers == {reviewer.account_id}
    assert {name: coded.person(name).roles for name in PEOPLE} == {
        name: frozenset(roles) for name, roles in PEOPLE.items()
    }
    assert list(problems(coded.session)) == []


def test_every_offset_fits_the_text(coded: Coded) -> None:
    texts = dict(coded.session.exec(select(Snapshot.id, Snapshot.text)).all())
    for row in coded.session.exec(select(Citation).where(col(Citation.quote).is_not(None))):
        text = texts[row.snapshot_id]
        assert text is not None
        assert text[row.quote_start : row.quote_end] == row.quote
        assert text[: row.quote_start].endswith(row.quote_prefix or "")
        assert text[row.quote_end or 0 :].startswith(row.quote_suffix or "")
    coded_offsets = {
        (code, index): (one["start"], one["end"])
        for code, entry in ((entry["id"], entry) for entry in SAID["incidents"])
        for index, one in enumerate(entry["citations"])
        if "start" in one
    }
    stored = {
        (code, row.position): (row.quote_start, row.quote_end)
        for code in coded.references
        for row in coded.of(Citation, code)
        if row.quote is not None
    }
    assert stored == coded_offsets


def test_article_is_stored_as_received(coded: Coded) -> None:
    snapshot = coded.session.exec(select(Snapshot)).one()

    assert snapshot.sha256 == SAID["sources"][0]["sha256"]
    assert len(snapshot.text or "") == 3715
    assert (snapshot.text or "").startswith("\n\nPolice Round Up Men")


def test_sources_of_one_page_are_of_one_origin(coded: Coded) -> None:
    rows = {row.title: row for row in coded.session.exec(select(Source)).all()}
    first, photograph, *others = [rows[entry["title"]] for entry in SAID["sources"]]

    assert photograph.origin_id == first.id
    assert [row.origin_id for row in (first, *others)] == [None, None, None]


def test_contradiction_contests_what_each_viewer_knows_of(coded: Coded) -> None:
    contested = {code for code, row in coded.incidents().items() if row.sourcing == "contested"}
    publicly = {
        code for code, row in coded.incidents().items() if row.sourcing_redacted == "contested"
    }

    assert [sorted(contested)] == EXPECTED["contradictions"]
    # JZ-17 is internal: of the two only its own page could tell of the other.
    assert publicly == {"JZ-17"}


def test_assessment_is_the_fixtures(coded: Coded) -> None:
    assert {code: row.assessment for code, row in coded.incidents().items()} == {
        entry["id"]: entry["assessment"] for entry in SAID["incidents"]
    }


# What it must not do: `expected.must_not`, in its order.


def test_nothing_happens_in_aktau(coded: Coded) -> None:
    places = {row.id: row for row in coded.session.exec(select(Place)).all()}
    aktau = next(row for row in places.values() if row.name == "Aktau")
    for row in coded.incidents().values():
        chain, place = set(), places[row.place_id]
        while place is not None:
            chain.add(place.id)
            place = places.get(place.parent_id)
        assert aktau.id not in chain

    about = [code for code, row in coded.incidents().items() if row.subject_place_id == aktau.id]
    assert about == EXPECTED["filters"]["subject_place=Aktau"]


def test_oil_workers_are_perpetrators_of_nothing(coded: Coded) -> None:
    workers = coded.party("A04")
    roles = coded.session.exec(
        select(Involvement.role).where(Involvement.party_id == workers.id)
    ).all()

    assert "alleged_perpetrator" not in roles


def test_twenty_to_thirty_is_no_number_and_in_no_total(coded: Coded) -> None:
    (omon,) = [row for row in coded.of(Figure, "JZ-05") if row.measure == "security_personnel"]
    assert (omon.low, omon.best, omon.high, omon.qualifier) == (20, None, 30, "range")

    figures = coded.session.exec(select(Figure)).all()
    assert not [row for row in figures if 25 in (row.low, row.best, row.high)]
    counted = {row.measure for row in figures if row.in_totals}
    assert not counted & set(EXPECTED["no_total_for"])


def test_no_zero_stands_for_what_is_not_stated(coded: Coded) -> None:
    for row in coded.session.exec(select(Figure)):
        assert 0 not in (row.low, row.best, row.high, row.age_min, row.age_max)
    stated = {
        entry["id"]: [(f["low"], f["best"], f["high"]) for f in entry["figures"]]
        for entry in SAID["incidents"]
    }
    assert stated == {
        code: [(row.low, row.best, row.high) for row in coded.of(Figure, code)]
        for code in coded.references
    }


def test_nobody_is_named_who_is_not_named(coded: Coded) -> None:
    for code in ("JZ-02", "JZ-07", "JZ-08", "JZ-09", "JZ-11"):
        roles = {row.role for row in coded.of(Involvement, code)}
        assert "alleged_perpetrator" not in roles, code


def test_husband_is_not_taken_for_one_of_the_twenty(coded: Coded) -> None:
    husband, twenty = coded.party("P05"), coded.party("G07")
    assert husband.id != twenty.id
    assert (husband.merged_into_id, twenty.merged_into_id) == (None, None)
    assert husband.id not in {row.party_id for row in coded.of(Involvement, "JZ-10")}

    incidents = coded.incidents()
    overlap = coded.session.exec(
        select(Relation).where(
            Relation.from_id == incidents["JZ-06"].id, Relation.to_id == incidents["JZ-10"].id
        )
    ).one()
    assert overlap.type == "possible_overlap"


def test_man_who_was_spoken_to_is_not_counted_besides_the_twenty(coded: Coded) -> None:
    counted = [row.best for row in coded.of(Figure, "JZ-10") if row.in_totals]

    assert counted == [20]
    assert coded.of(Figure, "JZ-17") == []
    assert coded.party("P06").id in {row.party_id for row in coded.of(Involvement, "JZ-10")}


def test_editors_words_are_nobodys_speech(coded: Coded) -> None:
    for row in coded.session.exec(select(Citation).where(col(Citation.quote).is_not(None))):
        assert "[" not in (row.quote or "") or row.utterance != "direct_quote"
    for row in coded.incidents().values():
        assert not any("[" in said["text"] for said in row.details.get("said", ()))


def test_mood_is_no_incident(coded: Coded) -> None:
    for row in coded.session.exec(select(Citation).where(col(Citation.quote).is_not(None))):
        assert "very angry" not in (row.quote or "")
        assert "tensions have fallen" not in (row.quote or "")


def test_one_test_stands_for_each_thing_it_must_not_do() -> None:
    assert len(EXPECTED["must_not"]) == 9


# Names, and loading again.


def test_only_public_parties_have_names(coded: Coded) -> None:
    for row in coded.session.exec(select(Party)):
        hashes = coded.session.exec(
            select(PartyNameHash).where(PartyNameHash.party_id == row.id)
        ).all()
        assert bool(row.name_sealed) == bool(hashes) == (row.privacy == "public"), row.label


def test_loading_again_is_refused_and_changes_nothing(coded: Coded) -> None:
    with coded.services.database.reading() as session:
        before = len(session.exec(select(Revision.id)).all())

    with pytest.raises(WrongState):
        load(coded.services)

    with coded.services.database.reading() as session:
        assert len(session.exec(select(Revision.id)).all()) == before
        assert list(problems(session)) == []
