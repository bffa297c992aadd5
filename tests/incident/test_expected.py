"""What the coded article promises: every filter, total and contradiction of its `expected`."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest
from sqlmodel import Session

from incidents.incident.filters import IncidentFilter
from incidents.incident.queries.counts import counts_by
from incidents.incident.queries.listing import ORDERS, page_of_incidents
from incidents.incident.queries.names import filter_from_args
from incidents.incident.queries.totals import totals
from incidents.paging import PageAsked
from tests.incident.rows import janaozen

EXPECTED = janaozen()["expected"]


@pytest.fixture
def session(demo: Any) -> Iterator[Session]:
    with demo.database.reading() as session:
        yield session


def asked(session: Session, demo: Any, query: str) -> IncidentFilter:
    args = parse_qsl(f"{query}&{EXPECTED['over']}")
    return filter_from_args(session, args, demo.people["researcher"], demo.keyring)


def listed(session: Session, demo: Any, query: str) -> list[str]:
    wanted = PageAsked(ORDERS["reference"], size=100)
    found = page_of_incidents(
        session, asked(session, demo, query), demo.people["researcher"], wanted
    )
    codes = {reference: code for code, reference in demo.references.items()}
    assert found.count == len(found.rows)
    return [codes[row.reference] for row in found.rows]


def test_filters_list_what_the_article_expects(session: Session, demo: Any) -> None:
    expected = EXPECTED["filters"]
    assert {query: sorted(listed(session, demo, query)) for query in expected} == expected


def test_each_type_counts_what_the_article_expects(session: Session, demo: Any) -> None:
    everything = asked(session, demo, "")
    counts = counts_by(session, everything, demo.people["researcher"], "type")
    assert counts == EXPECTED["by_type"]
    assert sum(counts.values()) == EXPECTED["incidents"]


def test_totals_are_what_the_article_expects(session: Session, demo: Any) -> None:
    found = totals(session, asked(session, demo, ""), demo.people["researcher"])
    counted = {total.measure: total for total in found}
    assert set(counted) == set(EXPECTED["totals"])
    assert not set(counted) & set(EXPECTED["no_total_for"])
    for measure, expected in EXPECTED["totals"].items():
        for name, value in expected.items():
            if name != "in_words":
                assert (measure, name, getattr(counted[measure], name)) == (measure, name, value)
                continue
            for code, reference in demo.references.items():
                value = value.replace(f"{{{code}}}", reference)
            assert value in (counted[measure].in_words, counted[measure].number_words)
