"""Downloads from the page, and the log that people read."""

from collections.abc import Callable

import pytest
from sqlmodel import select

from incidents.incident.actions import PartySaid, add_party
from incidents.incident.columns import TABLES
from incidents.incident.models import Export
from tests.conftest import Browser, Demo
from tests.incident.exported import read

SignIn = Callable[..., Browser]
ADDRESSES = [
    "/incidents.csv",
    *(f"/incidents/{name}.csv" for name in TABLES if name != "incidents"),
]

# The bytes of both engines are compared elsewhere.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def logged(demo: Demo) -> list[Export]:
    with demo.database.reading() as session:
        return list(session.exec(select(Export)).all())


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_table_downloads_with_the_listings_query(
    demo: Demo, sign_in: SignIn, address: str
) -> None:
    response = sign_in("researcher").get(f"{address}?type=detention&sort=title&columns=full&raw=1")
    assert response.status_code == 200
    assert response.content_type == "text/csv; charset=utf-8"
    name = address.rpartition("/")[2]
    assert response.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert response.headers["Cache-Control"] == "no-store"
    assert read(response.data)
    (export,) = logged(demo)
    assert (export.state, export.query) == ("finished", "type=detention")


def test_the_browser_gets_a_report_with_whole_links(demo: Demo, sign_in: SignIn) -> None:
    rows = read(sign_in("reviewer").get("/incidents.csv").data)
    assert len(rows) == 15
    assert rows[0]["Link"] == f"http://localhost/incidents/{demo.references['JZ-01']}"


def test_a_reader_gets_the_public_profile_and_no_other(demo: Demo, sign_in: SignIn) -> None:
    reader = sign_in("reader")
    response = reader.get("/incidents.csv")
    assert "incidents-public.csv" in response.headers["Content-Disposition"]
    assert demo.references["JZ-17"] not in response.text
    assert reader.get("/incidents.csv?profile=internal").status_code == 403


def test_a_wrong_parameter_is_said_and_nothing_is_logged(demo: Demo, sign_in: SignIn) -> None:
    response = sign_in("researcher").get("/incidents.csv?typ=detention")
    assert response.status_code == 422
    assert "typ" in response.text
    assert logged(demo) == []


def test_asking_for_the_head_is_a_download_nobody_took(demo: Demo, sign_in: SignIn) -> None:
    assert sign_in("researcher").client.head("/incidents.csv").status_code == 200
    assert [(export.state, export.rows) for export in logged(demo)] == [("aborted", 0)]


def test_a_download_broken_off_is_logged_as_aborted(demo: Demo, sign_in: SignIn) -> None:
    response = sign_in("researcher").client.get("/incidents.csv", buffered=False)
    response.close()
    assert [export.state for export in logged(demo)] == ["aborted"]


def test_past_exports_show_file_rows_and_hash(demo: Demo, sign_in: SignIn) -> None:
    mine = sign_in("researcher")
    mine.get("/incidents.csv?type=detention&profile=public").get_data()
    (export,) = logged(demo)
    assert export.sha256 is not None
    listed = mine.get("/exports").text
    assert "incidents-public.csv" in listed
    assert export.sha256[:12] in listed
    page = mine.get(f"/exports/{export.id}").text
    assert export.sha256 in page
    assert "type=detention" in page
    assert "0 incidents of this filter that you may see and the public may not" in page


def test_anothers_export_is_not_found_and_an_administrators_list_has_all(
    demo: Demo, sign_in: SignIn
) -> None:
    sign_in("researcher").get("/incidents.csv").get_data()
    (export,) = logged(demo)
    other = sign_in("researcher")
    assert other.get(f"/exports/{export.id}").status_code == 404
    assert "incidents.csv" not in other.get("/exports").text
    assert "No exports" in other.get("/exports").text
    admin = sign_in("admin")
    assert "incidents.csv" in admin.get("/exports").text
    assert "Withheld" not in admin.get(f"/exports/{export.id}").text


def test_a_name_in_the_filter_is_not_kept_in_the_log(demo: Demo, sign_in: SignIn) -> None:
    """The same rows can be asked for again, by the party's id."""
    with demo.database.writing() as session:
        work = demo.services.work(session, demo.people["researcher"])
        said = PartySaid(kind="individual", label="a guard", privacy="label", name="Bolat Omarov")
        party = add_party(work, said)
        session.commit()
    assert sign_in("researcher").get("/incidents.csv?party=Bolat+Omarov").status_code == 200
    (export,) = logged(demo)
    assert export.query == f"party={party.id}"
