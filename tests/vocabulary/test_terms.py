"""Terms: the package's words reach the database, a team's own stay."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from incidents.archive import Archive
from incidents.audit.models import AuditEntry
from incidents.crypto import Keyring
from incidents.db import Database
from incidents.viewer import OPERATOR
from incidents.vocabulary.actions import sync_terms
from incidents.vocabulary.models import TermRow
from incidents.vocabulary.queries import choices, term_codes
from incidents.vocabulary.types import codes, countries, country_name, vocabularies
from incidents.work import Work

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def work(database: Database, tmp_path: Path) -> Iterator[Work]:
    with database.writing() as session:
        yield Work(session, OPERATOR, NOW, Keyring(bytes(32)), Archive(tmp_path / "archive"))


def term(work: Work, vocabulary: str, code: str) -> TermRow:
    row = work.session.get(TermRow, (vocabulary, code))
    assert row is not None
    return row


def own_term(**fields: object) -> TermRow:
    words = {"label": "L", "definition": "D", "example": "", "position": 99, "shipped": False}
    return TermRow(**{"vocabulary": "source_kind", "code": "leaflet", **words, **fields})


def test_every_term_of_the_package_is_there_once(work: Work) -> None:
    sync_terms(work)
    expected = {
        (name, code) for name, vocabulary in vocabularies().items() for code in vocabulary.terms
    }
    rows = work.session.exec(select(TermRow)).all()
    assert {(row.vocabulary, row.code) for row in rows} == expected
    assert all(row.shipped and row.retired_at is None for row in rows)


def test_a_second_time_changes_and_logs_nothing(work: Work) -> None:
    sync_terms(work)
    sync_terms(work)
    assert len(work.session.exec(select(AuditEntry)).all()) == 1


def test_shipped_words_follow_the_package_and_a_team_s_own_stay(work: Work) -> None:
    sync_terms(work)
    term(work, "source_kind", "video").label = "Film"
    work.session.add(own_term())
    sync_terms(work)
    assert term(work, "source_kind", "video").label == "Video"
    assert term(work, "source_kind", "leaflet").label == "L"
    last = work.session.exec(select(AuditEntry).order_by(AuditEntry.sequence.desc())).first()
    assert last is not None
    assert last.payload == '{"added":[],"changed":["source_kind.video"],"retired":[]}'


def test_what_the_package_dropped_is_retired_not_deleted(work: Work) -> None:
    sync_terms(work)
    work.session.add(own_term(shipped=True))
    sync_terms(work)
    assert term(work, "source_kind", "leaflet").retired_at == NOW
    sync_terms(replace(work, now=NOW + timedelta(days=1)))
    assert term(work, "source_kind", "leaflet").retired_at == NOW


def test_what_a_team_retired_stays_retired(work: Work) -> None:
    sync_terms(work)
    term(work, "source_kind", "video").retired_at = NOW
    sync_terms(work)
    assert "video" not in term_codes(work.session)["source_kind"]
    assert "video" in term_codes(work.session, retired=True)["source_kind"]
    assert "video" not in [one.code for one in choices(work.session, "source_kind")["source_kind"]]


def test_choices_come_in_the_declared_order_with_their_extra_words(work: Work) -> None:
    sync_terms(work)
    work.session.add(own_term())
    found = choices(work.session, "source_kind", "relation")
    assert [one.code for one in found["source_kind"]] == [*codes("source_kind"), "leaflet"]
    assert {one.code: one for one in found["relation"]} == vocabularies()["relation"].terms


def test_an_empty_table_has_no_codes(work: Work) -> None:
    assert not any(term_codes(work.session).values())
    assert choices(work.session, "source_kind") == {"source_kind": []}


def test_countries_have_codes_and_names() -> None:
    assert len(countries()) == 250
    assert country_name("KZ") == "Kazakhstan"
    assert country_name("??") == "??"
    assert all(len(code) == 2 and code.isupper() for code in countries())
    assert list(countries()) == sorted(countries())
