"""Dates on the form: the order asked once, the year of the source, what each mistake is told."""

from urllib.parse import urlencode

import pytest

from incidents.account.models import Account
from incidents.source.queries import source_by_reference
from tests.incident.desk import Desk, again, errors


def _echo(page: str, field: str) -> str:
    _, _, rest = page.partition(f'id="{field}-echo"')
    return rest.partition("<span>")[2].partition("</span>")[0]


def _page(desk: Desk, **typed: str) -> str:
    form = desk.new().fill(**typed)
    page: str = desk.send(form, add_row="citations").get_data(as_text=True)
    return page


def _published(desk: Desk, edtf: str | None) -> None:
    with desk.team.work() as work:
        source_by_reference(work.session, work.actor, desk.source).published_edtf = edtf


def test_the_order_is_asked_once_and_everything_typed_stays(desk: Desk) -> None:
    form = desk.new().fill(date="04.05.2012", title="Held", details__released="06.07.2012")
    refused = desk.send(form)
    assert "can be 4 May or 5 April 2012" in errors(refused)["date"]
    form = again(refused)
    assert {("date_order", "day_first"), ("date_order", "month_first")} <= set(form.buttons)

    answered = desk.send(form, date_order="day_first")

    page = answered.get_data(as_text=True)
    form = again(answered)
    assert (form["date"], form["title"]) == ("04.05.2012", "Held")
    assert _echo(page, "date") == "4 May 2012. Read day first, as you answered once."
    assert "date_order" not in {name for name, _ in form.buttons}
    record = desk.team.stored(desk.saved(form))
    assert (record.date.edtf, record.details["released"]) == ("2012-05-04", "2012-07-06")
    assert desk.team.stored(desk.saved(desk.new().fill(date="01.02.2012"))).date.edtf == (
        "2012-02-01"
    )


def test_the_answer_is_the_accounts_own_and_can_be_changed(desk: Desk) -> None:
    desk.send(desk.new().fill(date="04.05.2012"), date_order="month_first")
    assert desk.browser.post("/account/dates", {"date_order": "day_first"}).status_code == 303
    assert "4 May 2012" in _echo(_page(desk, date="04.05.2012"), "date")
    assert desk.browser.post("/account/dates", {"date_order": "sideways"}).status_code == 422
    assert desk.browser.post("/account/dates", {"date_order": ""}).status_code == 303
    with desk.team.reading() as session:
        assert session.get_one(Account, desk.browser.viewer.account_id).date_order is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("29 February 2023", "29 February 2023 does not exist: 2023 was not a leap year."),
        ("31.04.2012", "April has 30 days, so 31 April 2012 does not exist."),
        ("in the spring", "A season differs from place to place"),
        ("24 Dec 2026", "24 December 2026 is still to come. Check the year"),
        ("19 to 16 Dec 2011", "The end, 16 December 2011, is before the start, 19 December 2011."),
        ("16.12.11", "Type the year with four digits, as in 2011."),
        ("yesterday", "is counted from the day its source was published, and that is not known"),
    ],
)
def test_every_mistake_gets_a_sentence_beside_its_field(
    desk: Desk, text: str, sentence: str
) -> None:
    form = desk.new().fill(date=text, details__released=text)
    told = errors(desk.send(form))
    assert sentence in told["date"]
    assert sentence in told["details-released"]


def test_a_digit_left_open_is_a_date(desk: Desk) -> None:
    assert _echo(_page(desk, date="2011-12-1X"), "date") == (
        "Between 10 and 19 December 2011. No day is claimed."
    )


def test_the_year_comes_from_the_source_and_its_basis_is_proposed(desk: Desk) -> None:
    _published(desk, "2011-12-20~")
    assert _echo(_page(desk, date="16 December"), "date") == (
        "16 December 2011, the year of the source (published about 20 December 2011)"
    )
    record = desk.team.stored(desk.saved(desk.new().fill(date="16 December")))
    assert (record.date.edtf, record.date.basis) == ("2011-12-16", "year_inferred")
    chosen = desk.new().fill(date="16 December", date_basis="inferred_elsewhere")
    assert desk.team.stored(desk.saved(chosen)).date.basis == "inferred_elsewhere"


def test_without_a_date_of_the_source_the_year_is_asked_for(desk: Desk) -> None:
    _published(desk, None)
    told = errors(desk.send(desk.new().fill(date="16 December")))["date"]
    assert told == (
        "Add the year to “16 December”: its source has no date of publication to take it from."
    )


def test_what_is_typed_is_read_while_one_types(desk: Desk) -> None:
    _published(desk, "2011-12-20")

    def read(kind: str, text: str, source: str = desk.source) -> dict[str, str]:
        query = urlencode({"text": text, "source": source})
        answer: dict[str, str] = desk.browser.get(f"/{kind}/read?{query}").json
        return answer

    assert read("dates", "16 December")["said"].startswith("16 December 2011, the year of the")
    assert read("dates", "29 Feb 2023") == {
        "problem": "29 February 2023 does not exist: 2023 was not a leap year."
    }
    assert "still to come" in read("dates", "24 Dec 2026")["problem"]
    assert read("dates", "") == {"problem": ""}
    assert read("dates", "16\x00 Dec") == {"problem": ""}
    assert read("quantities", "20 or 30") == {"said": "20–30"}
    assert "problem" in read("quantities", "a lot of men")
    assert "Add the year" in read("dates", "16 December", "SRC-1999-00001")["problem"]
