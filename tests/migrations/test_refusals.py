"""What the database refuses whoever asks: a record half done, a deleted or renumbered incident."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from incidents.db import Database
from incidents.incident.models import Citation, Figure, Incident, IncidentDetail
from incidents.source.models import Source
from incidents.vocabulary.models import Place
from tests.conftest import Demo

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WITH = frozenset({"title", "place", "date", "citation", "figure", "detail"})


def draft(session: Session, type_code: str = "detention", have: frozenset[str] = WITH) -> int:
    """A draft with everything submitting needs, or what is left of it."""
    place = Place(name="Aktau", name_folded="aktau", country="KZ", created_at=NOW)
    source = Source(
        ref_year=2026, ref_number=1, title="A report", kind="news_article",
        created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    session.add_all([place, source])
    session.flush()
    day = date(2011, 12, 16) if "date" in have else None
    incident = Incident(
        ref_year=2026, ref_number=1, type=type_code,
        title="A man is detained" if "title" in have else "",
        date_edtf="2011-12-16" if day else None, date_earliest=day, date_latest=day,
        sort_date=day or date.min, place_id=place.id if "place" in have else None,
        details={}, created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    session.add(incident)
    session.flush()
    assert incident.id is not None and source.id is not None
    citation = None
    if "citation" in have:
        citation = Citation(
            incident_id=incident.id, position=0, source_id=source.id, stance="supports"
        )
        session.add(citation)
        session.flush()
    rests_on = citation.id if citation and "figure" in have else None
    session.add(
        Figure(
            incident_id=incident.id, position=0, measure="detained", best=1, citation_id=rests_on
        )
    )
    required = {"shortage": ("goods", "food"), "official_statement": ("position", "denies")}
    if "detail" in have and type_code in required:
        field, value = required[type_code]
        session.add(IncidentDetail(field=field, value=value, incident_id=incident.id))
    session.flush()
    return incident.id


def submit(session: Session, incident_id: int) -> None:
    session.connection().execute(
        text("UPDATE incident SET status = 'submitted' WHERE id = :id"), {"id": incident_id}
    )


@pytest.mark.parametrize("type_code", ["detention", "shortage", "official_statement"])
def test_a_complete_draft_is_submitted(database: Database, type_code: str) -> None:
    with database.writing() as session:
        submit(session, draft(session, type_code))
        session.commit()


@pytest.mark.parametrize("missing", sorted(WITH - {"detail"}))
def test_what_is_not_complete_stays_a_draft(database: Database, missing: str) -> None:
    with database.writing() as session:
        incident_id = draft(session, have=WITH - {missing})
        with pytest.raises(DBAPIError, match=r"not complete|complete"):
            submit(session, incident_id)


@pytest.mark.parametrize("type_code", ["shortage", "official_statement"])
def test_a_required_detail_is_asked_for(database: Database, type_code: str) -> None:
    with database.writing() as session:
        incident_id = draft(session, type_code, WITH - {"detail"})
        with pytest.raises(DBAPIError, match="not complete"):
            submit(session, incident_id)


def test_a_date_that_is_not_known_is_enough(database: Database) -> None:
    with database.writing() as session:
        incident_id = draft(session, have=WITH - {"date"})
        session.connection().execute(text("UPDATE incident SET date_not_known = true"))
        submit(session, incident_id)


@pytest.mark.parametrize("status", ["submitted", "approved", "rejected", "retracted"])
def test_an_incident_is_born_a_draft(database: Database, status: str) -> None:
    with database.writing() as session:
        draft(session)
        copied = (
            "ref_year, type, title, date_edtf, date_not_known, date_earliest, date_latest,"
            " long_span, place_id, details, publication, version, sourcing, sourcing_redacted,"
            " sort_date, sort_title, created_at, updated_at"
        )
        with pytest.raises(DBAPIError, match="begins as a draft"):
            session.connection().execute(
                text(
                    f"INSERT INTO incident (ref_number, status, approved_version, {copied})"
                    f" SELECT 2, '{status}', 1, {copied} FROM incident"
                )
            )


@pytest.mark.parametrize("status", ["draft", "approved"])
@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE incident SET ref_number = 999 WHERE {}", "a reference never changes"),
        ("UPDATE incident SET ref_year = 1999 WHERE {}", "a reference never changes"),
        ("DELETE FROM incident WHERE {}", "never deleted"),
    ],
)
def test_a_reference_never_changes_and_no_incident_goes(
    demo: Demo, status: str, statement: str, told: str
) -> None:
    one = f"id = (SELECT min(id) FROM incident WHERE status = '{status}')"
    with demo.database.writing() as session, pytest.raises(DBAPIError, match=told):
        session.connection().execute(text(statement.format(one)))


def test_an_approved_incident_can_not_lose_what_it_rests_on_at_its_next_change(demo: Demo) -> None:
    """Children go and come within a save; the incident's own change is when it must be whole."""
    with demo.database.writing() as session:
        connection = session.connection()
        one = connection.scalar(text("SELECT min(id) FROM incident WHERE status = 'approved'"))
        connection.execute(text("UPDATE figure SET citation_id = NULL"))
        for statement in (
            "DELETE FROM citation_field WHERE citation_id IN"
            " (SELECT id FROM citation WHERE incident_id = :id)",
            "DELETE FROM citation WHERE incident_id = :id",
        ):
            connection.execute(text(statement), {"id": one})
        with pytest.raises(DBAPIError, match="not complete"):
            connection.execute(
                text("UPDATE incident SET version = version + 1 WHERE id = :id"), {"id": one}
            )


@pytest.mark.parametrize(
    "change",
    ["title = 'Another'", "details = '{}'", "publication = 'internal'", "notes = NULL"],
)
def test_a_frozen_record_changes_with_its_version_only(demo: Demo, change: str) -> None:
    one = "id = (SELECT min(id) FROM incident WHERE status = 'approved' AND notes IS NOT NULL)"
    with demo.database.writing() as session, pytest.raises(DBAPIError, match="frozen"):
        session.connection().execute(text(f"UPDATE incident SET {change} WHERE {one}"))
    with demo.database.writing() as session:
        statement = f"UPDATE incident SET {change}, version = version + 1 WHERE {one}"
        assert session.connection().execute(text(statement)).rowcount == 1


def test_an_approved_status_needs_its_version(database: Database) -> None:
    with database.writing() as session:
        incident_id = draft(session)
        submit(session, incident_id)
        with pytest.raises(DBAPIError, match="approved"):
            session.connection().execute(text("UPDATE incident SET status = 'approved'"))
