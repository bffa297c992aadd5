"""The desk: what is mine to do, what waits for me, and nothing that is not mine to know."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from incidents.db import Database
from incidents.demo.imports import PEOPLE
from incidents.desk.queries import Desk, desk_of, readers_desk_of
from incidents.incident.models import Incident
from incidents.review.models import Correction, Review
from incidents.source.models import Source
from incidents.viewer import Role, Viewer
from tests.conftest import NOW, Browser, Demo
from tests.factories import Person, account, selects
from tests.incident.rows import AIGUL, BAKYT, Rows, rows_in


def desk(demo: Demo, viewer: Viewer) -> Desk:
    with demo.database.reading() as session:
        return desk_of(session, viewer)


def test_what_was_returned_lies_there_with_the_reviewer_s_words(demo: Demo) -> None:
    found = desk(demo, demo.people["researcher"])
    [line] = found.returned.lines
    assert line.reference == "INC-2026-00012"
    assert line.remark is not None
    assert line.remark.reviewer == "reviewer"
    assert line.remark.words.startswith("“People” and “the women we spoke to”")
    assert found.drafts.count == 0
    assert found.awaiting is None


def test_what_others_submitted_waits_for_a_reviewer_corrections_too(demo: Demo) -> None:
    waiting = desk(demo, demo.people["reviewer"]).awaiting
    assert waiting is not None
    assert waiting.count == 2
    assert {(line.reference, line.correction) for line in waiting.lines} == {
        ("INC-2026-00002", True),
        ("INC-2026-00008", False),
    }


def proposed(rows: Rows, number: int, *, returned: bool) -> None:
    """A correction by Aigul, begun so many minutes after the first."""
    place, source = rows.place(f"Town {number}"), rows.source()
    incident_id = rows.incident(number, place=place, source=source, status="approved")
    at = NOW + timedelta(minutes=number)
    correction = Correction(
        incident_id=incident_id,
        base_version=1,
        record="{}",
        reason="It says so.",
        author_id=AIGUL.account_id or 0,
        created_at=at,
        updated_at=at,
    )
    rows.session.add(correction)
    rows.session.flush()
    if returned:
        rows.session.add(
            Review(
                incident_id=incident_id,
                correction_id=correction.id,
                version=1,
                decision="return",
                reason="Look again.",
                reviewer_id=BAKYT.account_id or 0,
                decided_at=at,
            )
        )


def test_corrections_past_those_shown_are_counted(database: Database) -> None:
    with rows_in(database) as rows:
        for number in range(1, 24):
            proposed(rows, number, returned=number % 2 == 1)
    with database.reading() as session:
        found = desk_of(session, AIGUL)
    assert (found.returned.count, found.drafts.count) == (12, 11)
    assert [pile.lines[0].reference for pile in (found.returned, found.drafts)] == [
        "INC-2026-00023",
        "INC-2026-00022",
    ]
    assert len(found.returned.lines) == len(found.drafts.lines) == 10


def test_one_s_own_submissions_do_not_wait_for_oneself(demo: Demo) -> None:
    both = replace(demo.people["researcher"], roles=frozenset({Role.RESEARCHER, Role.REVIEWER}))
    waiting = desk(demo, both).awaiting
    assert waiting is not None
    assert waiting.count == 0


def test_a_draft_says_what_it_needs(demo: Demo) -> None:
    me = demo.people["researcher"]
    with demo.database.writing() as session:
        session.add(
            Incident(
                ref_year=2026,
                ref_number=99,
                type="shortage",
                sort_date=NOW.date(),
                created_by=me.account_id,
                created_at=NOW,
                updated_at=NOW,
            )
        )
        session.commit()
    [line] = desk(demo, me).drafts.lines
    assert line.title == ""
    assert line.missing == ("title", "place", "date", "goods")


def test_a_source_nobody_cites_is_unlogged_until_it_is_closed(demo: Demo) -> None:
    me = demo.people["researcher"]
    assert desk(demo, me).unlogged.count == 0
    with demo.database.writing() as session:
        source = Source(
            ref_year=2026,
            ref_number=99,
            title="Curfew extended",
            kind="news_article",
            published_edtf="2011-12-14",
            published_earliest=date(2011, 12, 14),
            published_latest=date(2011, 12, 14),
            created_at=NOW,
            updated_at=NOW,
        )
        session.add(source)
        session.commit()
        source_id = source.id
    [line] = desk(demo, me).unlogged.lines
    assert (line.reference, line.kind) == ("SRC-2026-00099", "News article")
    assert line.published == "14 Dec 2011"
    with demo.database.writing() as session:
        closed = update(Source).where(col(Source.id) == source_id).values(closed_reason="no")
        session.execute(closed)
        session.commit()
    assert desk(demo, me).unlogged.count == 0


def test_a_sealed_submission_waits_for_nobody_it_does_not_name(demo: Demo) -> None:
    reviewer = demo.people["reviewer"]
    with demo.database.writing() as session:
        session.execute(
            update(Incident)
            .where(col(Incident.status) == "submitted")
            .values(publication="sealed", version=Incident.version + 1)
        )
        session.commit()
    waiting = desk(demo, reviewer).awaiting
    assert waiting is not None
    assert [line.correction for line in waiting.lines] == [True]
    assert waiting.count == 1


def test_a_reader_sees_what_was_approved_last_and_nothing_else(demo: Demo) -> None:
    reader = account(demo.services, "somebody", Role.READER)
    with demo.database.reading() as session:
        approved = readers_desk_of(session, reader.viewer).approved
    # Fifteen are approved, one of them for internal use.
    assert approved.count == 14
    assert len(approved.lines) == 10
    assert "INC-2026-00008" not in {line.reference for line in approved.lines}


@pytest.mark.parametrize("name", PEOPLE)
def test_the_page_shows_it(demo: Demo, sign_in: Callable[..., Browser], name: str) -> None:
    viewer = demo.people[name]
    page = sign_in(person=Person(viewer.account_id or 0, viewer)).get("/").text
    expected = {
        "researcher": "Returned to you",
        "reviewer": "Waiting for your review",
        "admin": "Approved last",
    }
    assert expected[name] in page
    assert ("Add a source" in page) == (name != "admin")


def test_reviewing_starts_with_what_has_waited_longest(
    demo: Demo, sign_in: Callable[..., Browser]
) -> None:
    viewer = demo.people["reviewer"]
    browser = sign_in(person=Person(viewer.account_id or 0, viewer))
    waiting = desk(demo, viewer).awaiting
    assert waiting is not None
    oldest = f"/incidents/{waiting.lines[0].reference}"
    start = browser.get("/").text.partition("Start reviewing")[0].rpartition("<a ")[2]
    assert f'href="{oldest}"' in start
    assert browser.get(oldest).status_code == 200


def test_the_number_of_statements_does_not_grow(demo: Demo) -> None:
    reviewer = demo.people["reviewer"]
    with selects(demo.database) as counted:
        desk(demo, reviewer)
        before = len(counted)
        with demo.database.writing() as session:
            for number in range(100, 130):
                session.add(
                    Source(
                        ref_year=2026,
                        ref_number=number,
                        title="One more",
                        kind="news_article",
                        created_at=NOW,
                        updated_at=NOW,
                    )
                )
            session.commit()
        counted.clear()
        assert desk(demo, reviewer).unlogged.count == 30
        assert len(counted) == before
