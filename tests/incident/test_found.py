"""What quoted words suggest on the form: shown, taken by a press, never saved by itself."""

import json
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from incidents.incident.actions import PartySaid, add_party, restrict
from incidents.incident.queries.named_in_words import parties_in_words, places_in_words
from incidents.incident.record import CitationSaid, InvolvementSaid
from incidents.incident.routes.looks_like import said_types
from incidents.viewer import Viewer
from tests.factories import Person
from tests.incident.desk import Desk, again
from tests.infrastructure.article import ARTICLE
from tests.team import Team

HUSBAND = "her husband was detained by the OMON on December 16."
TWENTY = "There were about 20 of them aged 30 to 40."
BREAD = "complaining that they’d had no bread or milk for four days"
EGGS = "Eggs now cost 300 tenge, about two US dollars, each."


@pytest.fixture
def article(team: Team, sign_in: Callable[..., Any]) -> Desk:
    """The author's browser over the article, published on one of four days."""
    assert team.author.account_id is not None
    desk = Desk(team, sign_in(person=Person(team.author.account_id, team.author)))
    desk.source = team.source_row(ARTICLE, published="[2011-12-19..2011-12-22]").reference
    return desk


def quoting(desk: Desk, words: str, kind: str = "detention", **typed: str) -> Any:
    """The form with these words, after a round trip that adds a row."""
    form = desk.new(kind).fill(citations__0__quote=words, **typed)
    return desk.send(form, desk.address(kind), add_row="relations")


def shown(response: Any) -> list[str]:
    """What each button of the page takes over."""
    return [value for name, value in again(response).buttons if name == "use_found"]


def used(desk: Desk, response: Any, key: str, kind: str = "detention") -> Any:
    assert key in shown(response), shown(response)
    return desk.send(again(response), desk.address(kind), use_found=key)


def test_each_field_has_its_suggestion_with_the_words_it_came_from(article: Desk) -> None:
    page = quoting(article, HUSBAND)
    assert {"date=16 Dec 2011", "date=19–22 Dec 2011", "figures-0=1"} <= set(shown(page))
    text = unescape(page.get_data(as_text=True))
    assert "the year of the source" in text
    assert "her husband was detained by the OMON on December 16</q>" in text
    assert "when it was published" in text


def test_a_form_without_a_quote_offers_the_day_of_publication_alone(article: Desk) -> None:
    page = quoting(article, "")
    assert shown(page) == ["date=19–22 Dec 2011"]
    assert shown(quoting(article, "", date="16 Dec 2011")) == []


def test_a_press_fills_the_field_and_nothing_typed_is_lost(article: Desk) -> None:
    page = quoting(article, HUSBAND, title="My own title", notes="mine")
    form = again(used(article, page, "date=16 Dec 2011"))
    assert (form["date"], form["date_verbatim"]) == ("December 16", "December 16")
    assert (form["title"], form["notes"]) == ("My own title", "mine")
    assert form["figures-0-how_many"] == ""
    record = article.team.stored(article.saved(form))
    assert (record.date.edtf, record.date.basis) == ("2011-12-16", "year_inferred")
    assert record.date.verbatim == "December 16"


def test_what_is_not_pressed_is_not_saved(article: Desk) -> None:
    record = article.team.stored(article.saved(again(quoting(article, TWENTY))))
    assert record.date.edtf is None
    assert record.figures == ()
    assert record.place is None


def test_about_20_is_best_20_and_nothing_else(article: Desk) -> None:
    form = again(used(article, quoting(article, TWENTY), "figures-0=about 20"))
    form = again(article.send(form, use_found="figures-0-age=aged 30 to 40"))
    (figure,) = article.team.stored(article.saved(form)).figures
    assert (figure.low, figure.best, figure.high) == (None, 20, None)
    assert (figure.qualifier, figure.verbatim) == ("approximately", "about 20")
    assert (figure.age_min, figure.age_max) == (30, 40)


def test_20_or_30_is_a_range_of_who_stood_there(article: Desk) -> None:
    words = "There are 20 or 30 heavily equipped OMON police in every residential district"
    page = quoting(article, words, "restriction")
    key = next(one for one in shown(page) if one.startswith("figures-0=20–30"))
    form = again(used(article, page, key, "restriction"))
    reference = article.saved(form, article.address("restriction"))
    (figure,) = article.team.stored(reference).figures
    assert (figure.low, figure.best, figure.high) == (20, None, 30)
    assert figure.measure == "security_personnel"


def test_of_a_detention_no_other_number_is_suggested(article: Desk) -> None:
    words = "There are 20 or 30 heavily equipped OMON police in every residential district"
    assert not [one for one in shown(quoting(article, words)) if one.startswith("figures")]
    half = quoting(article, "Half of them had been beaten up.", "injury")
    assert not [one for one in shown(half) if one.startswith("figures")]


def test_a_duration_and_a_price_go_to_their_own_fields(article: Desk) -> None:
    page = quoting(article, BREAD, "shortage")
    assert "details-duration=4 days" in shown(page)
    form = again(used(article, page, "details-duration=4 days", "shortage"))
    form.fill(citations__0__quote=EGGS, details__goods=["food"])
    page = article.send(form, article.address("shortage"), add_row="relations")
    key = "details-prices=eggs: 300 KZT each"
    form = again(used(article, page, key, "shortage"))
    details = article.team.stored(article.saved(form, article.address("shortage"))).details
    assert details["duration"] == "P4D"
    assert details["prices"] == [{"item": "eggs", "amount": 300, "currency": "KZT", "per": "each"}]


def test_all_fills_what_is_empty_and_leaves_what_is_typed(article: Desk) -> None:
    page = quoting(article, f"{HUSBAND}", date="17 Dec 2011")
    form = again(used(article, page, "all") if "all" in shown(page) else page)
    form = again(article.send(form, use_found="all"))
    assert form["date"] == "17 Dec 2011"
    assert form["figures-0-how_many"] == "1"


def test_all_never_takes_the_day_of_publication(article: Desk) -> None:
    form = again(article.send(again(quoting(article, TWENTY)), use_found="all"))
    assert form["date"] == ""
    assert form["figures-0-how_many"] == "about 20"


def test_the_day_of_publication_is_one_press_away(article: Desk) -> None:
    form = again(used(article, quoting(article, TWENTY), "date=19–22 Dec 2011"))
    assert form["date"] == "the day it was published"
    record = article.team.stored(article.saved(form))
    assert (record.date.edtf, record.date.basis) == (
        "[2011-12-19..2011-12-22]",
        "inferred_from_source",
    )


def test_what_stands_in_a_field_is_not_suggested_for_it(article: Desk) -> None:
    page = used(article, quoting(article, TWENTY), "figures-0=about 20")
    assert "figures-0=about 20" not in shown(page)


@pytest.mark.parametrize("key", ["date=1 Jan 1900", "=", "nonsense", "figures-0=25", "notes=x"])
def test_what_was_not_suggested_fills_nothing(article: Desk, key: str) -> None:
    response = article.send(again(quoting(article, TWENTY)), use_found=key)
    assert response.status_code == 200
    form = again(response)
    assert (form["date"], form["figures-0-how_many"], form["notes"]) == ("", "", "")


def test_the_lines_are_read_anew_for_words_as_they_are_typed(article: Desk) -> None:
    form = article.new().fill(citations__0__quote=TWENTY)
    response = article.browser.client.post("/incidents/found?type=detention", data=form.data())
    assert response.status_code == 200
    assert "about 20" in response.get_data(as_text=True)
    assert response.get_data(as_text=True).count("<html") == 0
    fills = response.get_data(as_text=True).partition('data-fills="')[2].partition('"')[0]
    names = [name for name, _, _ in json.loads(unescape(fills))]
    assert names


def test_the_lines_of_no_type_are_not_there(article: Desk) -> None:
    data = article.new().data()
    assert article.browser.client.post("/incidents/found?type=x", data=data).status_code == 404


def test_a_selection_looks_like_a_type(article: Desk) -> None:
    answer = article.browser.post("/incidents/found/types", {"quote": HUSBAND}).get_json()
    assert answer["types"][0]["said"] == "detention – “was detained by the OMON”"
    assert article.browser.post("/incidents/found/types", {"quote": "Hm"}).get_json() == {
        "types": []
    }
    assert said_types("") == []


def test_the_page_that_asks_for_the_type_says_what_the_words_look_like(article: Desk) -> None:
    page = article.browser.post(f"/incidents/new?source={article.source}", {"quote": HUSBAND})
    assert "Looks like: <bdi>detention – “was detained by the OMON”" in page.get_data(as_text=True)
    page = article.browser.post(f"/incidents/new?source={article.source}", {"quote": "in Janaozen"})
    assert "Looks like" not in page.get_data(as_text=True)


def places(team: Team, text: str, by: Viewer | None = None) -> list[str]:
    with team.reading() as session:
        return [one.place.name for one in places_in_words(session, by or team.author, text)]


def parties(team: Team, text: str, *sources: int, by: Viewer | None = None) -> list[str]:
    with team.reading() as session:
        found = parties_in_words(
            session, by or team.author, team.services.keyring, text, list(sources)
        )
        assert all(text[one.start : one.end] for one in found)
        return [one.party.label for one in found]


def test_places_are_found_in_any_spelling(team: Team) -> None:
    team.place("Janaozen", aliases=("Жанаозен", "Novy Uzen"))
    team.place("Aktau")
    assert places(team, "We spent two days in Janaozen, then Aktau.") == ["Janaozen", "Aktau"]
    assert places(team, "Janaozen’s police") == ["Janaozen"]
    assert places(team, "столкновения в Жанаозене") == ["Janaozen"]
    assert places(team, "in Novy Uzen") == ["Janaozen"]
    assert places(team, "nowhere at all") == []


def test_the_longer_name_is_meant(team: Team) -> None:
    parent = team.place("Almaty")
    team.place("Almaty Arena", parent=parent)
    assert places(team, "in the Almaty Arena") == ["Almaty Arena"]


def test_a_place_only_hidden_incidents_stand_at_is_not_told(team: Team) -> None:
    hidden = team.place("Secretville")
    reference = team.recorded(team.record(place=hidden))
    with team.work() as work:
        restrict(work, reference, team.row(reference).version, "sealed")
    assert places(team, "in Secretville") == ["Secretville"]
    assert places(team, "in Secretville", by=team.colleague) == []


def taking_part(team: Team, party: int, source: int, **more: Any) -> str:
    record = team.record(
        citations=(CitationSaid(source=source),),
        involvements=(InvolvementSaid(party=party, role="victim"),),
        **more,
    )
    return team.recorded(record)


def test_parties_are_found_by_label_those_of_the_source_first(team: Team) -> None:
    source, other = team.source(), team.source()
    omon = team.party("OMON", kind="organisation", privacy="public", name="OMON", by=team.colleague)
    minister = team.party("Kalmuhambet Kasymov", privacy="public", by=team.colleague)
    taking_part(team, omon, other)
    taking_part(team, minister, source)
    text = "The OMON came. Kasymov said so."
    assert parties(team, text, source) == ["Kalmuhambet Kasymov", "OMON"]
    # A surname alone means somebody only in the articles that name them.
    assert parties(team, text, other) == ["OMON"]
    assert parties(team, "omon", source) == []


def test_a_public_name_in_another_script_is_found(team: Team) -> None:
    with team.work() as work:
        said = PartySaid(
            kind="individual",
            label="Kalmuhambet Kasymov",
            name="Kalmuhambet Kasymov",
            aliases=("Калмуханбет Касымов",),
            privacy="public",
        )
        party = add_party(work, said).id or 0
    taking_part(team, party, team.source())
    assert parties(team, "Калмуханбет Касымов заявил") == ["Kalmuhambet Kasymov"]


@pytest.mark.parametrize("privacy", ["protected", "label"])
def test_a_name_that_is_not_public_is_never_found(team: Team, privacy: str) -> None:
    source = team.source()
    party = team.party("detained man", name="Aman Serikov", privacy=privacy)
    taking_part(team, party, source)
    assert parties(team, "Aman Serikov was taken", source) == []
    assert parties(team, "The detained man spoke", source) == ["detained man"]
    # A label of another article means somebody else.
    assert parties(team, "The detained man spoke", team.source()) == []


def test_who_is_known_goes_to_the_side_they_were_on(article: Desk) -> None:
    team = article.team
    omon = team.party("OMON", kind="organisation", privacy="public")
    taking_part(team, omon, team.source())
    page = quoting(article, HUSBAND)
    key = next(one for one in shown(page) if one.endswith("=OMON"))
    form = again(used(article, page, key))
    record = team.stored(article.saved(form))
    assert [(one.party, one.role) for one in record.involvements] == [(omon, "alleged_perpetrator")]
