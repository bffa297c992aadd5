"""The listing's columns: chosen in the address, kept for oneself, loaded only where shown."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from incidents.db import Database
from incidents.errors import FieldErrors
from incidents.incident.columns.listing import LISTING_COLUMNS, columns_asked, in_address
from incidents.incident.filters import IncidentFilter
from incidents.incident.queries.listing import ORDERS, page_of_incidents
from incidents.incident.queries.listing_columns import Beside, beside_rows
from incidents.paging import PageAsked
from incidents.viewer import Viewer
from tests.factories import selects
from tests.incident.rows import AIGUL, BAKYT, READER, Rows, load_janaozen, rows_in
from tests.incident.test_listing_page import Browse

USUAL = ["Reference", "Type", "Title", "Date ↓", "Place", "Figure", "Status"]
EVERY = ",".join(one.name for one in LISTING_COLUMNS)


@pytest.fixture
def browse(database: Database, sign_in: Any) -> Browse:
    with rows_in(database) as rows:
        load_janaozen(rows)
    clients: Any = {role: sign_in(role) for role in ("researcher", "reader")}
    return Browse(clients)


@pytest.fixture
def rows(database: Database) -> Iterator[Rows]:
    with rows_in(database) as rows:
        yield rows


def heads(page: str) -> list[str]:
    found = re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", head).split()) for head in found]


def test_usual_columns_stand_where_nobody_chose(browse: Browse) -> None:
    assert heads(browse.source()) == USUAL
    assert heads(browse.source("", "reader")) == USUAL


def test_chosen_columns_stand_in_the_table_s_order_and_stay_in_its_links(browse: Browse) -> None:
    page = browse.source("type=detention&columns=type,title,updated&sort=title")
    assert heads(page) == ["Type", "Title ↑", "Updated"]
    links = re.findall(r'href="(/incidents\?[^"]*)"', page)
    leading = [one for one in links if "columns=" in one]
    assert leading and all("columns=type,title,updated" in one for one in leading)
    assert '<input type="hidden" name="columns" value="type,title,updated">' in page


def test_boxes_become_one_short_address(browse: Browse) -> None:
    client = browse.clients["researcher"]
    sent = "columns=title&columns=updated&columns=type&columns=type&sort=-title"
    response = client.get(f"/incidents?{sent}")
    assert response.status_code == 303
    assert response.location == "/incidents?sort=-title&columns=type,title,updated"
    assert client.get("/incidents?columns=").location == "/incidents"
    assert heads(browse.source("columns=title")) == ["Title"]


@pytest.mark.parametrize(
    "columns", ["colour", "type,colour", "<script>", "%00", "report", "full", "a" * 5000]
)
def test_unknown_column_is_said_and_nothing_is_listed(browse: Browse, columns: str) -> None:
    said = browse.words(f"columns={columns}")
    assert "There is no column “" in said
    assert "Nothing is listed" in said
    assert "<script>" not in browse.source(f"columns={columns}")


def test_author_is_no_column_of_readers(browse: Browse) -> None:
    assert "There is no column “author”" in browse.words("columns=title,author", "reader")
    assert 'value="author"' not in browse.source("", "reader")
    assert heads(browse.source("columns=title,author")) == ["Title", "Author"]


def test_every_column_has_a_cell_in_every_row(browse: Browse) -> None:
    page = browse.source(f"columns={EVERY}")
    body = page.partition("<tbody")[2].partition("</tbody>")[0]
    assert len(heads(page)) == len(LISTING_COLUMNS)
    # The figure's cell is two: number and measure.
    counted = [row.count("<td") for row in body.split("</tr>")[:-1]]
    assert set(counted) == {len(LISTING_COLUMNS) + 1}
    assert f'<td colspan="{len(LISTING_COLUMNS) + 1}">' in page


def test_cells_say_parties_event_and_sources(browse: Browse) -> None:
    said = browse.words("columns=title,parties,event,sources&type=killing")
    assert "December 2011" in said
    assert "Parties" in said


def test_own_columns_are_kept_until_they_are_given_up(browse: Browse) -> None:
    browser: Any = browse.clients["researcher"]
    address = "/incidents?type=detention&columns=title,updated"
    assert "Always show me" in browser.get(address).get_data(as_text=True)
    kept = browser.post(
        "/incidents/columns",
        {"columns": "title,updated", "query": "type=detention&columns=title,updated&_scheme=x"},
    )
    assert (kept.status_code, kept.location) == (303, "/incidents?type=detention&_scheme=x")
    assert heads(browse.source()) == ["Title", "Updated"]
    assert heads(browse.source("", "reader")) == USUAL
    assert heads(browse.source("columns=title")) == ["Title"]
    browser.post("/incidents/columns", {"query": ""})
    assert heads(browse.source()) == USUAL


def test_keeping_an_unknown_column_keeps_nothing(browse: Browse) -> None:
    browser: Any = browse.clients["researcher"]
    assert browser.post("/incidents/columns", {"columns": "colour"}).status_code == 422
    assert heads(browse.source()) == USUAL


def test_own_columns_a_viewer_may_see_no_more_are_left_out() -> None:
    reader = Viewer(3, "Reader", READER.roles, columns="author,date,gone")
    assert in_address(columns_asked([], reader)) == "title,date"


def test_order_and_repeats_make_no_other_choice() -> None:
    one = columns_asked(["updated,type", "type", " title "], AIGUL)
    assert in_address(one) == "type,title,updated"
    assert columns_asked([in_address(one)], AIGUL) == one
    with pytest.raises(FieldErrors) as refused:
        columns_asked(["x\n" + "y" * 900], AIGUL)
    assert "\n" not in refused.value.errors["columns"][0]


def test_parties_are_the_current_ones_by_label(rows: Rows) -> None:
    made = rows.incident(1, place=rows.place("Aktau"), source=rows.source(), status="draft")
    root = rows.party("OMON", "Special police", kind="organisation")
    twin = rows.party("Omon police", merged_into_id=root)
    hidden = rows.party("a woman", "Aigul S.", privacy="protected")
    for position, party in enumerate((twin, root, hidden)):
        rows.involve(made, party, "present", position)
    rows.move(made, "approved")
    for viewer in (AIGUL, READER):
        page = page_of_incidents(rows.session, IncidentFilter(), viewer, PageAsked(ORDERS["-date"]))
        told = beside_rows(rows.session, viewer, page.rows, {"parties"})
        assert told[made].parties == ("OMON", "a woman")


def test_author_is_told_to_internal_viewers_alone(rows: Rows) -> None:
    made = rows.incident(
        1, place=rows.place("Aktau"), source=rows.source(), event_id=rows.event("Strike")
    )
    rows.move(made, "approved")
    found = {
        viewer.name: beside_rows(
            rows.session,
            viewer,
            page_of_incidents(
                rows.session, IncidentFilter(), viewer, PageAsked(ORDERS["-date"])
            ).rows,
            {"author", "event"},
        )[made]
        for viewer in (BAKYT, READER)
    }
    assert found == {"Bakyt": Beside("Strike", "Aigul"), "Reader": Beside("Strike", "")}


def test_nothing_is_loaded_for_columns_not_shown(rows: Rows, database: Database) -> None:
    rows.incident(1, place=rows.place("Aktau"), source=rows.source())
    page = page_of_incidents(rows.session, IncidentFilter(), AIGUL, PageAsked(ORDERS["-date"]))
    with selects(database) as sent:
        assert beside_rows(rows.session, AIGUL, page.rows, {"title", "date"}) == {
            page.rows[0].id: Beside()
        }
    assert sent == []
