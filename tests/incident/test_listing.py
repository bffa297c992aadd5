"""The listing: pages that neither skip nor repeat, lines in words, the same few statements."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from sqlmodel import Session

from incidents.db import Database
from incidents.incident.filters import IncidentFilter
from incidents.incident.queries.counts import counts_by, counts_without
from incidents.incident.queries.listing import (
    ORDERS,
    IncidentRow,
    count_of_incidents,
    page_of_incidents,
)
from incidents.incident.queries.names import filter_from_args
from incidents.incident.queries.totals import totals
from incidents.paging import Page, PageAsked, page_asked
from incidents.viewer import Viewer
from tests.factories import selects
from tests.incident.rows import AIGUL, BAKYT, KEYRING, NOW, READER, Rows, rows_in

EVERYTHING = IncidentFilter()


@pytest.fixture
def rows(database: Database) -> Iterator[Rows]:
    with rows_in(database) as rows:
        yield rows


def asked(session: Session, query: str, viewer: Viewer = AIGUL) -> IncidentFilter:
    return filter_from_args(session, parse_qsl(query), viewer, KEYRING)


def page(
    session: Session, sort: str = "-date", after: str = "", size: int = 2, query: str = ""
) -> Page[IncidentRow]:
    wanted = page_asked(sort, after, ORDERS, default="-date", size=size)
    return page_of_incidents(session, asked(session, query), AIGUL, wanted)


def numbers(found: Page[IncidentRow]) -> list[int]:
    return [int(row.reference[-5:]) for row in found.rows]


def walked(session: Session, sort: str) -> list[list[int]]:
    pages = [page(session, sort)]
    while pages[-1].next:
        pages.append(page(session, sort, pages[-1].next))
    back = [pages[-1]]
    while back[-1].previous:
        back.append(page(session, sort, back[-1].previous))
    assert [numbers(one) for one in reversed(back)] == [numbers(one) for one in pages]
    return [numbers(one) for one in pages]


def line(session: Session, viewer: Viewer = AIGUL) -> IncidentRow:
    wanted = PageAsked(ORDERS["reference"])
    return page_of_incidents(session, EVERYTHING, viewer, wanted).rows[0]


@pytest.fixture
def five(rows: Rows) -> Rows:
    town, source = rows.place("Janaozen"), rows.source()
    days = ("2011-12-16", "2011-12-18", "2011-12-16", None, "2011-12-16")
    titles = ("b", "B", "А~1", "a", "ä")
    for number, (day, title) in enumerate(zip(days, titles, strict=True), start=1):
        rows.incident(
            number,
            when=day,
            title=title,
            place=town,
            source=source,
            updated_at=NOW - timedelta(hours=number),
        )
    return rows


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("-date", [[2, 5], [3, 1], [4]]),
        ("date", [[4, 1], [3, 5], [2]]),
        ("-updated", [[1, 2], [3, 4], [5]]),
        ("updated", [[5, 4], [3, 2], [1]]),
        ("reference", [[1, 2], [3, 4], [5]]),
        ("-reference", [[5, 4], [3, 2], [1]]),
        ("title", [[4, 5], [1, 2], [3]]),
        ("-title", [[3, 2], [1, 5], [4]]),
    ],
)
def test_pages_go_there_and_back_in_every_order(
    five: Rows, sort: str, expected: list[list[int]]
) -> None:
    assert walked(five.session, sort) == expected


def test_page_keeps_its_place_when_rows_come(five: Rows) -> None:
    first = page(five.session)
    five.incident(6, when="2011-12-20", status="draft")
    assert first.next
    assert numbers(page(five.session, after=first.next)) == [3, 1]


def test_count_is_of_the_whole_listing_and_exact(five: Rows) -> None:
    assert page(five.session).count == 5
    assert page(five.session, query="from=2011-12-16&to=2011-12-16").count == 3
    empty = page(five.session, query="type=killing")
    assert (empty.rows, empty.count, empty.next, empty.previous) == ((), 0, None, None)


def test_line_speaks_in_words(rows: Rows) -> None:
    region = rows.place("Mangystau region", region="Mangystau")
    town = rows.place("Janaozen", parent_id=region)
    made = rows.incident(
        1, when="2011-12-18~/2011-12-19~", place=town, source=rows.source(), status="draft"
    )
    rows.figure(made, "affected", None, 500, None)
    rows.figure(made, "detained", None, 20, None, "approximately", position=1)
    rows.cite(made, rows.source(), 1)
    said = line(rows.session)
    assert (said.reference, said.type, said.status) == ("INC-2026-00001", "detention", "draft")
    assert (said.date_short, said.date_words) == (
        "≈ 18–19 Dec 2011",
        "around 18 to 19 December 2011",
    )
    assert (said.place, said.place_line) == ("Janaozen", "Mangystau, Kazakhstan")
    assert (said.figure, said.measure, said.sources) == ("about 20", "detained", 2)


def test_line_leaves_blank_what_nobody_says(rows: Rows) -> None:
    made = rows.incident(1, status="draft", title="", when=None)
    rows.figure(made, "detained")
    said = line(rows.session)
    assert (said.title, said.place, said.place_line, said.sources) == ("", "", "", 0)
    assert (said.date_short, said.figure, said.measure) == ("not known", "", "detained")


def test_reader_counts_no_protected_source_and_reads_their_own_sourcing(rows: Rows) -> None:
    made = rows.incident(
        1,
        place=rows.place("Janaozen"),
        source=rows.source(),
        sourcing="corroborated",
        status="draft",
    )
    rows.cite(made, rows.source(protected=True), 1)
    rows.move(made, "approved")
    assert (line(rows.session).sources, line(rows.session).sourcing) == (2, "corroborated")
    theirs = line(rows.session, READER)
    assert (theirs.sources, theirs.sourcing) == (1, "single_source")


def test_choices_count_beside_the_rest_of_the_filter(rows: Rows) -> None:
    town, source = rows.place("Janaozen"), rows.source()
    for number, kind in enumerate(("detention", "detention", "killing"), start=1):
        rows.incident(number, kind=kind, place=town, source=source)
    rows.incident(4, kind="killing", place=town, source=source)
    rows.decide(4, "return")
    rows.move(4, "draft")
    rows.incident(5, kind="detention", status="draft", publication="sealed")
    one = asked(rows.session, "type=detention")
    assert counts_by(rows.session, one, AIGUL, "type") == {"detention": 2, "killing": 2}
    assert counts_by(rows.session, one, AIGUL, "status") == {"submitted": 2}
    assert counts_by(rows.session, EVERYTHING, BAKYT, "status") == {
        "submitted": 3,
        "returned": 1,
        "draft": 1,
    }


def test_empty_listing_says_what_each_filter_costs(rows: Rows, database: Database) -> None:
    town, source = rows.place("Janaozen"), rows.source()
    rows.incident(1, place=town, source=source)
    rows.incident(2, place=town, source=source)
    one = asked(rows.session, "type=detention&place=Janaozen&status=approved")
    assert count_of_incidents(rows.session, one, AIGUL) == 0
    assert counts_without(rows.session, one, AIGUL) == [("Status", "approved", 2)]
    with selects(database) as sent:
        counts_without(rows.session, one, AIGUL)
    assert len(sent) == 3


def test_page_and_totals_take_the_same_statements_for_twice_the_rows(
    rows: Rows, database: Database
) -> None:
    def build(first: int) -> None:
        for number in range(first, first + 10):
            place = rows.place(f"Site {number}", parent_id=rows.place(f"Town {number}"))
            made = rows.incident(number, place=place, source=rows.source(), status="draft")
            rows.figure(made, "detained", None, number, None)
            rows.involve(made, rows.party(f"Party {number}"), "victim")
            if number > 1:
                rows.relate(made, "possible_overlap", made - 1)

    def shown() -> int:
        rows.session.flush()
        with selects(database) as sent:
            one = asked(rows.session, "country=KZ")
            page_of_incidents(rows.session, one, AIGUL, PageAsked(ORDERS["-date"], size=100))
            totals(rows.session, one, AIGUL)
        return len(sent)

    build(1)
    once = shown()
    build(11)
    assert shown() == once == 8
