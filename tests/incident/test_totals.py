"""Totals: sums of bests, what may be counted twice, and what gives no number."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest
from sqlmodel import col, select, update

from incidents.db import Database
from incidents.incident.filters import IncidentFilter, where
from incidents.incident.models import Figure, Incident
from incidents.incident.queries.counts import counts_by
from incidents.incident.queries.names import filter_from_args
from incidents.incident.queries.totals import MeasureTotal, totals
from incidents.viewer import Viewer
from tests.incident.rows import AIGUL, BAKYT, KEYRING, READER, Rows, load_janaozen, rows_in


@pytest.fixture
def rows(database: Database) -> Iterator[Rows]:
    with rows_in(database) as rows:
        yield rows


def detained(rows: Rows, number: int, *figure: Any, **given: Any) -> int:
    """An incident with one figure: low, best, high, qualifier."""
    made = rows.incident(number, status="draft", **given)
    rows.figure(made, "detained", *figure)
    return made


def total(rows: Rows, query: str = "", viewer: Viewer = AIGUL) -> MeasureTotal:
    chosen = filter_from_args(rows.session, parse_qsl(query), viewer, KEYRING)
    (found,) = totals(rows.session, chosen, viewer)
    return found


def test_exact_bests_add_up_plainly(rows: Rows) -> None:
    detained(rows, 1, 1, 1, 1)
    detained(rows, 2, 1200, 1200, 1200)
    found = total(rows)
    assert (found.low, found.best, found.high) == (1201, 1201, 1201)
    assert (found.number_words, found.in_words) == ("1,201", "1,201 detained")


@pytest.mark.parametrize("qualifier", ["approximately", "at_least", "range", "unspecified", None])
def test_one_inexact_best_makes_the_sum_about(rows: Rows, qualifier: str | None) -> None:
    detained(rows, 1, 1, 1, 1)
    detained(rows, 2, None, 20, None, qualifier)
    assert total(rows).in_words == "about 21 detained"
    assert (total(rows).low, total(rows).high) == (None, None)


def test_a_best_pinned_by_equal_ends_is_exact_whatever_it_is_called(rows: Rows) -> None:
    detained(rows, 1, 3, 3, 3, None)
    assert total(rows).in_words == "3 detained"


def test_zero_is_a_number_and_a_blank_is_none(rows: Rows) -> None:
    detained(rows, 1, 0, 0, 0)
    detained(rows, 2, None, None, None, "unspecified")
    found = total(rows)
    assert (found.best, found.without_a_number) == (0, 1)
    assert found.in_words == "0 detained; 1 incident gives no number"


def test_without_any_number_there_is_no_sum(rows: Rows) -> None:
    detained(rows, 1, None, None, None, "unspecified")
    detained(rows, 2, None, None, None, None)
    found = total(rows)
    assert (found.best, found.best_if_overlapping, found.number_words) == (None, None, "no number")
    assert found.in_words == "2 incidents give no number of detained"


def test_a_range_is_never_averaged_nor_added(rows: Rows) -> None:
    detained(rows, 1, 20, None, 30, "range")
    detained(rows, 2, 5, 5, 5)
    found = total(rows)
    assert (found.low, found.best, found.high, found.without_a_best) == (25, 5, 35, 1)
    assert found.in_words == "5 detained; 1 incident gives only a range"


def test_groups_that_may_overlap_count_their_largest_once(rows: Rows) -> None:
    made = [
        detained(rows, number, best, best, best)
        for number, best in enumerate((1, 20, 3, 7, 7, 100), start=1)
    ]
    rows.relate(made[0], "possible_overlap", made[1])
    rows.relate(made[2], "possible_overlap", made[1])
    rows.relate(made[4], "same_victim", made[3])
    found = total(rows)
    assert (found.best, found.best_if_overlapping) == (138, 127)
    assert found.in_words == (
        "138 detained; 127 if INC-2026-00001 and INC-2026-00003 are among INC-2026-00002"
        " and INC-2026-00005 is among INC-2026-00004"
    )


def test_overlap_takes_its_about_with_it(rows: Rows) -> None:
    exact, about = detained(rows, 1, 20, 20, 20), detained(rows, 2, None, 5, None, "approximately")
    rows.relate(exact, "possible_overlap", about)
    assert total(rows).in_words == (
        "about 25 detained; 20 if INC-2026-00002 is among INC-2026-00001"
    )


def test_many_overlaps_are_counted_and_not_named(rows: Rows) -> None:
    for number in range(1, 9, 2):
        one, other = detained(rows, number, 1, 1, 1), detained(rows, number + 1, 2, 2, 2)
        rows.relate(one, "possible_overlap", other)
    assert total(rows).in_words == (
        "12 detained; 8 if the incidents in 4 possible overlaps are the same"
    )


def test_overlap_of_other_measures_or_with_no_number_ties_nothing(rows: Rows) -> None:
    one, other = detained(rows, 1, 5, 5, 5), rows.incident(2, status="draft")
    rows.figure(other, "injured", 5, 5, 5)
    blank = detained(rows, 3, None, None, None, "unspecified")
    rows.relate(one, "possible_overlap", other)
    rows.relate(one, "possible_overlap", blank)
    rows.relate(one, "contradicts", blank)
    found = {total.measure: total for total in totals(rows.session, _everything(rows), AIGUL)}
    assert [found[measure].overlaps for measure in ("injured", "detained")] == [(), ()]
    assert list(found) == ["injured", "detained"]


def test_breakdowns_and_what_is_not_in_totals_never_count(rows: Rows) -> None:
    made = detained(rows, 1, 20, 20, 20)
    whole = rows.figure(made, "injured", 9, 9, 9, in_totals=False, position=1)
    rows.figure(made, "detained", 8, 8, 8, position=2, parent_id=whole)
    assert total(rows).best == 20


def test_statements_never_count(rows: Rows) -> None:
    detained(rows, 1, 5, 5, 5, kind="official_statement")
    detained(rows, 2, 5, 5, 5, kind="witness_statement")
    assert totals(rows.session, _everything(rows), AIGUL) == []


def test_rejected_and_retracted_count_only_when_asked_for(rows: Rows) -> None:
    town, source = rows.place("Janaozen"), rows.source()
    for number, status in enumerate(("approved", "rejected", "retracted"), start=1):
        made = rows.incident(number, status="draft", place=town, source=source)
        citation = rows.cite(made, source, 1)
        rows.figure(made, "detained", 1, 1, 1, citation_id=citation)
        rows.move(made, status)
    assert total(rows).best == 1
    assert total(rows, "status=any").best == 1
    assert total(rows, "status=rejected&status=approved").best == 2


def test_totals_keep_to_the_filter_and_the_viewer(rows: Rows) -> None:
    town, source = rows.place("Janaozen"), rows.source()
    made = [
        detained(rows, number, best, best, best, place=town, publication=publication)
        for number, (best, publication) in enumerate(
            ((1, "open"), (20, "sealed"), (300, "internal")), start=1
        )
    ]
    for incident_id in made:
        citation = rows.cite(incident_id, source)
        rows.session.exec(
            update(Figure)
            .where(col(Figure.incident_id) == incident_id)
            .values(citation_id=citation)
        )
        rows.move(incident_id, "approved")
    rows.relate(made[0], "possible_overlap", made[1])
    rows.let_in(made[1], BAKYT)
    assert total(rows, viewer=AIGUL).in_words == "301 detained"
    assert total(rows, viewer=READER).in_words == "1 detained"
    assert total(rows, viewer=BAKYT).best_if_overlapping == 320
    assert total(rows, "place=Janaozen&publication=internal").best == 300


@pytest.mark.parametrize(
    "query",
    [
        "type=detention&status=any",
        "status=returned&status=approved",
        "sourcing=single_source&assessment=accepted&publication=open",
        "place=Janaozen&country=KZ&subject_place=none",
        "event=none&event=1&from=2011-12-16&to=2011-12-20",
        "party=OMON&party=none&role=alleged_perpetrator",
        "role=victim",
        "measure=detained&measure=none&at_most=30",
        "measure=detained&at_least=2",
        "relation=possible_overlap&relation=none",
        "source=SRC-2026-00001&publisher=none&publisher=radio azattyq",
        "author=Aigul&reviewer=none&updated_since=2026",
        "detail.custody_status=none&detail.custody_status=held",
    ],
)
def test_every_filter_sums_what_it_lists(rows: Rows, query: str) -> None:
    load_janaozen(rows)
    rows.session.flush()
    chosen = filter_from_args(rows.session, parse_qsl(query), AIGUL, KEYRING)
    figures = rows.session.exec(
        select(Figure.best).where(
            col(Figure.incident_id).in_(select(Incident.id).where(where(chosen, AIGUL))),
            Figure.measure == "detained",
        )
    ).all()
    found = {total.measure: total for total in totals(rows.session, chosen, AIGUL)}
    assert (found["detained"].best if "detained" in found else 0) == sum(figures)
    assert sum(counts_by(rows.session, chosen, AIGUL, "type").values()) >= len(figures)


def _everything(rows: Rows) -> IncidentFilter:
    return filter_from_args(rows.session, [], AIGUL, KEYRING)
