"""The listing's page: what it says of a filter, of an empty one, of one it can't read."""

import html
import re
from collections.abc import Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import col, select

from incidents.db import Database
from incidents.incident.filters import PARAMETERS
from incidents.vocabulary.models import Place
from tests.incident.rows import Rows, load_janaozen, rows_in


@pytest.fixture
def browse(database: Database, sign_in: Any) -> "Browse":
    with rows_in(database) as rows:
        load_janaozen(rows)
    return Browse({role: sign_in(role).client for role in ("researcher", "reader")})


class Browse:
    """Opens the listing as somebody and reads what it says."""

    def __init__(self, clients: Mapping[str, FlaskClient]) -> None:
        self.clients = clients

    def source(self, query: str = "", role: str = "researcher") -> str:
        response = self.clients[role].get(f"/incidents?{query}")
        assert response.status_code == 200
        return response.get_data(as_text=True)

    def words(self, query: str = "", role: str = "researcher") -> str:
        """The page's words without its tags, on one line."""
        main = self.source(query, role).partition("<main")[2]
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main)).split())


def references(page: str) -> list[str]:
    return re.findall(r'class="ref">(INC-\d{4}-\d{5})<', page)


def links(page: str) -> dict[str, str]:
    """Each link's words → where it leads."""
    found = re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', page, re.DOTALL)
    return {
        " ".join(html.unescape(re.sub(r"<[^>]*>", " ", words)).split()): html.unescape(target)
        for target, words in found
    }


def test_page_says_its_filter_and_the_exact_count(browse: Browse) -> None:
    said = browse.words("type=detention&place=Janaozen&from=2011-12-16&to=2011-12-17")
    assert (
        "2 incidents where type is detention, place is Janaozen (and below),"
        " dated 16 to 17 December 2011 (may have happened), newest first." in said
    )


def test_totals_stand_under_the_table_with_their_arithmetic(browse: Browse) -> None:
    said = browse.words("status=any")
    assert "about 21 detained; about 20 if INC-2026-00006 is among INC-2026-00010" in said
    assert "How these were counted" in said


def test_export_says_what_it_gives(browse: Browse) -> None:
    assert "Export the 15 approved of these 17" in browse.words()
    assert "Export these 2" in browse.words("type=detention")
    assert "Export this one" in browse.words("assessment=doubtful&status=any")
    assert "Export all 1, none approved" in browse.words("assessment=doubtful")
    page = browse.source("type=detention&type=killing")
    assert 'action="/incidents.csv"' in page
    assert 'formaction="/incidents/citations.csv"' in page
    assert '<input type="hidden" name="type" value="killing">' in page


def test_pills_and_orders_lead_to_the_same_filter_without_and_turned(browse: Browse) -> None:
    page = browse.source("type=detention&party=OMON&role=alleged_perpetrator&sort=title")
    assert links(page)["Remove Type detention"] == (
        "/incidents?party=OMON&role=alleged_perpetrator&sort=title"
    )
    assert links(page)["Remove Party OMON as alleged perpetrator"] == (
        "/incidents?type=detention&sort=title"
    )
    assert links(page)["Date"] == "/incidents?type=detention&party=OMON&role=alleged_perpetrator"
    assert links(page)["Title ↑ , ascending; turn round"].endswith("sort=-title")


def test_empty_listing_names_what_to_loosen(browse: Browse) -> None:
    said = browse.words("place=Aktau&type=detention")
    assert "0 incidents where type is detention, place is Aktau (and below)." in said
    assert "No incident matches both filters" in said
    assert "Without “Place: Aktau (and below)” there are 2." in said
    assert "Without “Type" not in said


def test_what_cannot_be_read_is_said_and_nothing_is_listed(browse: Browse) -> None:
    query = "type=detention&place=Nowhere&colour=red&from=2012&to=2011&sort=size&after=x&view=globe"
    said = browse.words(query)
    assert "Nothing is listed" in said
    for words in (
        "There is no filter called “colour”",
        "No place is called “Nowhere”",
        "“To” (2011-12-31) is before “From” (2012-01-01)",
        "There is no order “size”",
        "There is no view “globe”",
    ):
        assert words in said
    page = browse.source(query)
    assert references(page) == []
    assert 'value="Nowhere"' in page
    assert 'value="detention" checked' in page
    assert "Export" not in said


def test_form_sends_its_empty_boxes_and_the_address_stays_short(browse: Browse) -> None:
    sent = "type=detention&place=&from=16+Dec+2011&to=&dates=overlap&party=&sort=title"
    response = browse.clients["researcher"].get(f"/incidents?{sent}")
    assert response.status_code == 303
    assert response.location == "/incidents?type=detention&from=2011-12-16&sort=title"


def test_rail_offers_the_details_of_the_types_asked_for(browse: Browse) -> None:
    assert "Custody status" not in browse.words()
    assert "Custody status" in browse.words("type=detention")
    assert 'name="detail.cause"' in browse.source("detail.cause=gunshot")


def test_reader_gets_the_redacted_listing_and_its_filters(browse: Browse) -> None:
    page, said = browse.source("", "reader"), browse.words("", "reader")
    assert len(references(page)) == 14
    assert "INC-2026-00017" not in page
    assert "Export these 14" in said
    for name in ("status", "author", "reviewer", "publication", "profile"):
        assert f'name="{name}"' not in page
    assert "There is no filter called “author”" in browse.words("author=Aigul", "reader")


def test_pages_of_a_long_listing_follow_each_other(browse: Browse, database: Database) -> None:
    with database.writing() as session:
        rows = Rows.__new__(Rows)
        rows.session, rows.numbers = session, 100
        town, source = rows.place("Aktobe"), rows.source()
        for number in range(101, 161):
            rows.incident(number, place=town, source=source)
        session.commit()
    first = browse.source("place=Aktobe&sort=reference")
    assert references(first) == [f"INC-2026-{number:05d}" for number in range(101, 151)]
    onwards = links(first)["Next"].partition("?")[2]
    second = browse.source(onwards)
    assert references(second) == [f"INC-2026-{number:05d}" for number in range(151, 161)]
    assert "Next" not in links(second)
    assert references(browse.source(links(second)["Previous"].partition("?")[2])) == references(
        first
    )


def test_rail_offers_what_nobody_stated_wherever_it_can_be_asked(browse: Browse) -> None:
    page = browse.source("type=detention")
    for parameter in PARAMETERS.values():
        box = f'name="{parameter.name}"\\s+value="none"'
        if f'name="{parameter.name}"' in page:
            assert bool(re.search(box, page)) == parameter.missing, parameter.name
    ticked = browse.source("place=none&from=none&party=none&status=any")
    for name in ("place", "from", "party"):
        assert re.search(f'name="{name}"\\s+value="none" checked', ticked)
        assert not re.search(f'id="filter-{name}"\\s+name="{name}"\\s+value="none"', ticked)
    assert "0 incidents where" in browse.words("place=none&from=none&party=none")


def test_years_lead_to_their_days_and_countries_are_ticked(browse: Browse) -> None:
    page = browse.source("type=detention&sort=title&columns=title,date")
    year = links(page)["2011 2"]
    assert year == (
        "/incidents?type=detention&from=2011-01-01&to=2011-12-31&sort=title&columns=title,date"
    )
    there = browse.source(year.partition("?")[2])
    assert len(re.findall(r'href="[^"]*" aria-current="true"><span>2011</span>', there)) == 1
    assert re.search(r'name="country"\s+value="KZ">\s*<span>Kazakhstan</span>', page)
    assert re.search(r'name="country"\s+value="KG" checked', browse.source("country=Kyrgyzstan"))


def test_an_id_says_beside_its_box_what_it_stands_for(browse: Browse, database: Database) -> None:
    with database.reading() as session:
        place = session.scalars(select(col(Place.id)).where(col(Place.name) == "Janaozen")).one()
    page = browse.source(f"place={place}")
    assert re.search(r'class="said"><bdi>Janaozen</bdi>', page)
    assert 'class="said"' not in browse.source("place=Janaozen")
