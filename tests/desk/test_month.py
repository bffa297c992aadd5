"""The month's charts count what their viewer may see, and no other number than the listing."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from incidents.db import Database
from incidents.desk.queries import Month, month_of
from incidents.incident.filters import IncidentFilter
from incidents.incident.models import Incident, IncidentAccess
from incidents.incident.queries.listing import count_of_incidents
from incidents.viewer import Role, Viewer
from tests.conftest import NOW, Browser, Demo
from tests.factories import Person, account, selects

FIRST = datetime(2026, 11, 1, tzinfo=UTC)


def month(database: Database, viewer: Viewer, now: datetime = NOW) -> Month:
    with database.reading() as session:
        return month_of(session, viewer, now)


def change(demo: Demo, number: int, **values: object) -> None:
    with demo.database.writing() as session:
        session.execute(update(Incident).where(col(Incident.id) == number).values(**values))
        session.commit()


@pytest.fixture
def spread(demo: Demo) -> list[Incident]:
    """The demo's incidents over five weeks, at both edges of the month too; some are sealed."""
    with demo.database.reading() as session:
        ids = list(session.exec(select(Incident.id).order_by(col(Incident.id))))
    moments = [FIRST, FIRST - timedelta(microseconds=1), FIRST + timedelta(hours=23, minutes=59)]
    moments += [NOW - timedelta(hours=41 * past) for past in range(len(ids) - len(moments))]
    for number, moment in zip(ids, moments, strict=True):
        change(demo, number or 0, created_at=moment)
    for number in ids[4:9:2]:
        change(demo, number or 0, publication="sealed", version=Incident.version + 1)
    with demo.database.writing() as session:
        named = IncidentAccess(
            incident_id=ids[4] or 0, account_id=demo.people["researcher"].account_id or 0
        )
        session.add(named)
        session.commit()
        return list(session.exec(select(Incident)))


def expected(demo: Demo, viewer: Viewer, rows: list[Incident]) -> list[Incident]:
    with demo.database.reading() as session:
        named = session.exec(
            select(IncidentAccess.incident_id).where(IncidentAccess.account_id == viewer.account_id)
        ).all()
    return [
        row
        for row in rows
        if row.created_at >= FIRST
        and (row.id in named if row.publication == "sealed" else True)
        and (
            viewer.internal or (row.status == "approved" and row.publication in ("open", "sealed"))
        )
    ]


@pytest.mark.parametrize("name", ["researcher", "reviewer", "admin", "reader"])
def test_its_numbers_are_those_of_the_rows(demo: Demo, spread: list[Incident], name: str) -> None:
    viewer = demo.people.get(name) or account(demo.services, name, Role.READER).viewer
    found, rows = month(demo.database, viewer), expected(demo, viewer, spread)
    assert 0 < len(rows) < len(spread)
    assert found.count == len(rows)
    assert {one.day.day: one.count for one in found.days if one.count} == Counter(
        row.created_at.day for row in rows
    )
    assert {bar.code: bar.count for bar in found.types} == Counter(row.type for row in rows)
    assert {bar.code: bar.count for bar in found.statuses} == Counter(row.status for row in rows)
    assert [one.day.day for one in found.days] == list(range(1, 23))
    assert [bar.count for bar in found.types] == sorted(
        (bar.count for bar in found.types), reverse=True
    )


@pytest.mark.parametrize("name", ["researcher", "admin"])
def test_each_bar_opens_as_many_as_it_counts(demo: Demo, spread: list[Incident], name: str) -> None:
    viewer = demo.people[name]
    found = month(demo.database, viewer)
    span = [("logged_from", "2026-11-01"), ("logged_to", "2026-11-22")]
    asked = [(span, found.count)]
    asked += [([("type", bar.code), *span], bar.count) for bar in found.types]
    asked += [([("status", bar.code), *span], bar.count) for bar in found.statuses]
    for one in found.days:
        day = one.day.isoformat()
        asked.append(([("logged_from", day), ("logged_to", day)], one.count))
    with demo.database.reading() as session:
        for args, count in asked:
            wanted = IncidentFilter.from_args(args, viewer)
            assert count_of_incidents(session, wanted, viewer) == count, args


def test_the_first_day_of_a_month_is_a_month(demo: Demo) -> None:
    change(demo, 1, created_at=FIRST)
    found = month(demo.database, demo.people["researcher"], FIRST + timedelta(seconds=5))
    assert (found.count, len(found.days), found.length, found.name) == (1, 1, 30, "November")
    assert found.days[0].count == 1


def test_a_month_is_one_of_utc(demo: Demo) -> None:
    late = datetime.fromisoformat("2026-10-31T23:30:00-05:00")
    assert month(demo.database, demo.people["researcher"], late).first.month == 11


def test_bars_are_as_long_as_their_numbers(demo: Demo, spread: list[Incident]) -> None:
    found = month(demo.database, demo.people["researcher"])
    most = found.types[0].count
    assert found.types[0].length == 100
    for bar in found.types:
        assert bar.length == pytest.approx(100 * bar.count / most, abs=0.5)
    heights = {one.count: one.height for one in found.days}
    assert heights[0] == 2
    assert max(heights.values()) == heights[found.busiest.count] == 56


def test_a_month_without_any_says_so(demo: Demo, sign_in: Callable[..., Browser]) -> None:
    with demo.database.writing() as session:
        session.execute(update(Incident).values(created_at=FIRST - timedelta(days=1)))
        session.commit()
    viewer = demo.people["researcher"]
    assert month(demo.database, viewer).types == ()
    page = sign_in(person=Person(viewer.account_id or 0, viewer)).get("/").text
    assert "Nothing is logged in November yet" in page
    assert "By type" not in page


def test_a_page_tells_its_numbers_in_words(demo: Demo, sign_in: Callable[..., Browser]) -> None:
    viewer = demo.people["researcher"]
    page = sign_in(person=Person(viewer.account_id or 0, viewer)).get("/").text
    count = month(demo.database, viewer).count
    assert f"{count} incidents</a>, most on 22 November: {count}." in page
    address = "/incidents?logged_from=2026-11-01&amp;logged_to=2026-11-22"
    assert f'href="{address}&amp;status=approved"' in page
    assert f'href="{address}&amp;type=shortage"' in page


def test_the_page_asks_as_much_of_twice_as_many(
    demo: Demo, sign_in: Callable[..., Browser]
) -> None:
    for name in ("reviewer", "admin"):
        viewer = demo.people[name]
        browser = sign_in(person=Person(viewer.account_id or 0, viewer))
        browser.get("/")
        database: Database = browser.client.application.extensions["incidents"].database
        with selects(database) as counted:
            browser.get("/")
            before = len(counted)
            _as_many_again(demo)
            counted.clear()
            browser.get("/")
            assert len(counted) == before


def _as_many_again(demo: Demo) -> None:
    with demo.database.writing() as session:
        rows = list(session.exec(select(Incident)))
        for row in rows:
            session.add(
                Incident(
                    ref_year=2026,
                    ref_number=row.ref_number + 1000 * len(rows),
                    type=row.type,
                    sort_date=row.sort_date,
                    created_by=row.created_by,
                    created_at=NOW - timedelta(days=row.ref_number % 20),
                    updated_at=NOW,
                )
            )
        session.commit()
