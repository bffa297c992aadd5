"""CSV: a reader of the standard gets back the cells, a spreadsheet gets no formula."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.csvio import BOM, GUARDED, Cell, rows_to_csv

# csv.reader takes a NUL for a fault, and forms refuse it.
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
AWKWARD = st.text(st.sampled_from([*sorted(GUARDED), '"', ",", ";", " ", "a", "ж", "0"]))


def written(rows: Sequence[Sequence[Cell]], *, safe: bool) -> bytes:
    return b"".join(rows_to_csv(rows, safe=safe))


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


@given(
    rows=st.lists(st.lists(TEXTS | AWKWARD, min_size=1, max_size=5), max_size=5), safe=st.booleans()
)
def test_any_text_comes_back(rows: list[list[str]], safe: bool) -> None:
    cells = read(written(rows, safe=safe))
    if safe:
        cells = [[cell[1:] if cell.startswith("'") else cell for cell in row] for row in cells]
    assert cells == rows


@given(text=TEXTS | AWKWARD)
def test_no_safe_text_begins_like_a_formula(text: str) -> None:
    ((cell,),) = read(written([[text]], safe=True))
    assert cell[:1] not in GUARDED - {"'"}


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+7", "-5", "@x", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", "'quoted"],
)
def test_a_text_like_a_formula_gets_an_apostrophe_in_the_safe_form_only(text: str) -> None:
    assert read(written([[text]], safe=True)) == [["'" + text]]
    assert read(written([[text]], safe=False)) == [[text]]


@pytest.mark.parametrize("safe", [True, False])
@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (None, ""),
        ("", ""),
        (0, "0"),
        (-5, "-5"),
        (10**20, "100000000000000000000"),
        (-0.5, "-0.5"),
        (0.1, "0.1"),
        (Decimal("-1.50"), "-1.50"),
        (Decimal("1E+3"), "1000"),
        (True, "true"),
        (False, "false"),
        (date(2011, 12, 16), "2011-12-16"),
        (datetime(2011, 12, 16, 5, 30, tzinfo=UTC), "2011-12-16T05:30:00+00:00"),
    ],
)
def test_each_kind_of_cell_has_one_form(cell: Cell, expected: str, safe: bool) -> None:
    assert read(written([[cell, "x"]], safe=safe)) == [[expected, "x"]]


def test_the_safe_form_is_for_spreadsheets_and_the_raw_one_for_programs() -> None:
    rows: list[list[Cell]] = [["title", "note"], ["Жанаозен", 'he said "no", twice']]
    assert written(rows, safe=True) == BOM + (
        'title,note\r\nЖанаозен,"he said ""no"", twice"\r\n'.encode()
    )
    assert written(rows, safe=False) == ('title,note\nЖанаозен,"he said ""no"", twice"\n'.encode())


def test_a_row_of_one_blank_cell_stays_a_row() -> None:
    assert read(written([["a"], [None], ["b"]], safe=False)) == [["a"], [""], ["b"]]


def test_rows_are_taken_as_chunks_are_asked_for() -> None:
    taken = 0

    def rows() -> Iterator[list[Cell]]:
        nonlocal taken
        for number in range(10_000):
            taken += 1
            yield [number, "text"]

    chunks = rows_to_csv(rows(), safe=False)
    first = next(chunks)
    assert taken < 1_000
    content = first + b"".join(chunks)
    assert [int(row[0]) for row in read(content)] == list(range(10_000))


class Colour(StrEnum):
    RED = "=red"


def test_an_enumeration_s_member_is_its_text() -> None:
    assert read(written([[Colour.RED]], safe=True)) == [["'=red"]]


def test_what_is_no_cell_is_refused() -> None:
    with pytest.raises(TypeError, match="type list"):
        # The wrong type on purpose.
        written([[["a"]]], safe=True)  # type: ignore[list-item]


def test_no_rows_make_an_empty_file() -> None:
    assert written([], safe=True) == BOM
    assert written([], safe=False) == b""
