"""Counts beside the choices of a filter: each is exactly what choosing it gives."""

import random
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

import pytest
from flask import Flask

from incidents.db import Database
from incidents.incident.filters import IncidentFilter, with_values
from incidents.incident.filters.asked import NONE
from incidents.incident.queries.counts import counts_by, counts_by_year
from incidents.incident.queries.listing import count_of_incidents
from incidents.incident.queries.names import filter_from_args
from incidents.incident.states import STATUSES
from incidents.incident.types import TYPES
from incidents.viewer import Viewer
from incidents.vocabulary.types import countries
from tests.factories import selects
from tests.incident.rows import AIGUL, BAKYT, KEYRING, READER, Rows, load_janaozen, rows_in

# Open, crossing years, longer than a month, uncertain by a year, not known.
DATES = (
    "2011-12-16",
    "2011-12-30/2012-01-02",
    "2010-06/2012-03",
    "2011~",
    "2012-05/..",
    "2011-12",
    None,
)
CHOICES = {
    "type": ["detention", "killing", "shortage"],
    "status": ["draft", "submitted", "approved", "returned", "any"],
    "country": ["KZ", "KG", "none"],
    "from": ["2011-12", "2012"],
    "to": ["2012", "2012-01-01"],
    "dates": ["within", "overlap"],
    "sourcing": ["single_source", "contested"],
    "event": ["none"],
}


@pytest.fixture
def rows(database: Database) -> Iterator[Rows]:
    with rows_in(database) as rows:
        load_janaozen(rows)
        places = [rows.place("Aktobe"), rows.place("Osh", country="KG"), None]
        chance = random.Random(7)
        source = rows.source()
        for number in range(100, 148):
            made = rows.incident(
                number,
                kind=chance.choice(["detention", "killing", "official_statement"]),
                when=DATES[number % len(DATES)],
                place=places[number % 3],
                source=source,
                status="draft",
                publication=chance.choice(["open", "open", "internal", "sealed"]),
            )
            rows.figure(made, "killed", None, 1, None)
            if number % 5 == 0:
                rows.let_in(made, AIGUL)
            if number % 7 == 0:
                rows.let_in(made, READER)
            if number % 11 == 0:
                rows.move(made, "draft")
                rows.decide(made, "return")
        rows.session.flush()
        yield rows


def random_query(chance: random.Random, viewer: Viewer) -> list[tuple[str, str]]:
    names = [name for name in CHOICES if viewer.internal or name not in ("status",)]
    return [
        (name, chance.choice(CHOICES[name]))
        for name in chance.sample(names, chance.randrange(0, 4))
    ]


def number_with(rows: Rows, viewer: Viewer, asked: IncidentFilter, **given: Any) -> int:
    for name, values in given.items():
        asked = with_values(asked, name.rstrip("_"), values)
    return count_of_incidents(rows.session, asked, viewer)


@pytest.mark.parametrize("viewer", [AIGUL, BAKYT, READER], ids=lambda one: one.name)
def test_every_count_is_what_choosing_gives(rows: Rows, viewer: Viewer) -> None:
    chance = random.Random(3)
    for _ in range(25):
        asked = filter_from_args(rows.session, random_query(chance, viewer), viewer, KEYRING)
        by_type = counts_by(rows.session, asked, viewer, "type")
        for code in TYPES:
            assert by_type.get(code, 0) == number_with(rows, viewer, asked, type=(code,)), asked
        by_country = counts_by(rows.session, asked, viewer, "country")
        assert set(by_country) <= {*countries(), NONE}
        for code in (*by_country, "KZ", "KG", "UZ", NONE):
            assert by_country.get(code, 0) == number_with(rows, viewer, asked, country=(code,))
        if viewer.internal:
            by_status = counts_by(rows.session, asked, viewer, "status")
            for code in (*STATUSES, "returned"):
                assert by_status.get(code, 0) == number_with(rows, viewer, asked, status=(code,))


@pytest.mark.parametrize("viewer", [AIGUL, BAKYT, READER], ids=lambda one: one.name)
def test_every_year_is_what_its_days_give(rows: Rows, viewer: Viewer) -> None:
    chance = random.Random(5)
    for _ in range(15):
        asked = filter_from_args(rows.session, random_query(chance, viewer), viewer, KEYRING)
        found = counts_by_year(rows.session, asked, viewer)
        assert list(found.years) == sorted(found.years, reverse=True)
        for year in range(2009, 2014):
            days = {"from_": (date(year, 1, 1),), "to": (date(year, 12, 31),)}
            number = number_with(rows, viewer, asked, **days)
            if year in found.years:
                assert found.years[year] == number > 0
        undated = with_values(asked.without(("from", "to", "dates")), "from", (NONE,))
        assert found.undated == count_of_incidents(rows.session, undated, viewer)


def test_years_are_those_in_which_a_date_begins_or_ends(rows: Rows) -> None:
    found = counts_by_year(rows.session, IncidentFilter(), BAKYT)
    # 2011~ reaches a year to either side; an open end is no year.
    assert set(found.years) == {2010, 2011, 2012}
    within = filter_from_args(rows.session, [("dates", "within")], BAKYT, KEYRING)
    certain = counts_by_year(rows.session, within, BAKYT)
    assert certain.years[2011] < found.years[2011]


def test_counts_take_one_statement_each_and_one_for_what_was_returned(
    rows: Rows, database: Database
) -> None:
    asked = filter_from_args(rows.session, parse_qsl("type=detention"), AIGUL, KEYRING)
    with selects(database) as sent:
        for name in ("type", "status", "country"):
            counts_by(rows.session, asked, AIGUL, name)
        counts_by_year(rows.session, asked, AIGUL)
    assert len(sent) == 5


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", ["country", "status", "type", "year"])
def test_plain_counts_read_an_index_alone(database: Database, name: str) -> None:
    with database.reading() as session, selects(database) as sent:
        if name == "year":
            counts_by_year(session, IncidentFilter(), AIGUL)
        else:
            counts_by(session, IncidentFilter(), AIGUL, name)
        bound = ["sealed", "sealed", 1] + [""] * (sent[-1].count("?") - 3)
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sent[-1]}", tuple(bound))
        index = "date" if name == "year" else name
        assert any(f"COVERING INDEX ix_incident_count_{index}" in row[3] for row in plan)


@pytest.mark.parametrize("query", ["", "columns=title,parties,event,sources,author,updated"])
def test_page_takes_the_same_statements_for_twice_the_rows(
    app: Flask, database: Database, sign_in: Any, query: str
) -> None:
    browser = sign_in("researcher")

    def add(first: int) -> None:
        with database.writing() as session:
            rows = Rows.__new__(Rows)
            rows.session, rows.numbers = session, first
            for number in range(first, first + 10):
                country = ("KZ", "KG", "UZ")[number % 3]
                place = rows.place(f"Town {number}", country=country)
                made = rows.incident(
                    number,
                    place=place,
                    source=rows.source(),
                    status="draft",
                    when=f"{2000 + number}",
                    event_id=rows.event(f"Event {number}"),
                    created_by=browser.person.id,
                )
                rows.involve(made, rows.party(f"Party {number}"), "victim")
                rows.figure(made, "detained", None, number, None)
            session.commit()

    def statements() -> int:
        with selects(app.extensions["incidents"].database) as sent:
            assert browser.get(f"/incidents?{query}").status_code == 200
        return len(sent)

    add(1)
    once = statements()
    add(11)
    assert statements() == once
    assert once == (20 if query else 16)
