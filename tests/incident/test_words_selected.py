"""Words selected in the reading room open a new incident's form as its quote, in no address."""

import re
from collections.abc import Callable

import pytest

from incidents.incident.models import Incident, UnsavedForm
from tests.conftest import Browser
from tests.factories import Person
from tests.incident.desk import MARKER, Desk, again, count
from tests.team import TEXT, Team
from tests.web.filled import form_of

WORDS = "her husband was detained – “he was beaten up”"


@pytest.fixture
def desk(team: Team, sign_in: Callable[..., Browser]) -> Desk:
    return Desk(team, sign_in(person=Person(team.author.account_id or 0, team.author)))


def test_the_form_opens_with_them_and_saves_them(desk: Desk) -> None:
    answer = desk.browser.post(desk.address(), {"quote": WORDS})
    assert answer.status_code == 200
    form = form_of(answer.text, MARKER)
    assert form["citations-0-quote"] == WORDS
    assert form["citations-0-source"] == desk.source
    # As on a form that is opened without words.
    blank = desk.new()
    for name in ("involvements-0-protected", "figures-0-in_totals", "publication"):
        assert form.values(name) == blank.values(name)
    assert count(desk.team, Incident) == 0
    reference = desk.saved(form)
    [citation] = desk.team.stored(reference).citations
    assert citation.quote is not None
    assert citation.quote.exact == WORDS


def test_they_go_on_where_the_type_is_asked_for(desk: Desk) -> None:
    page = desk.browser.post(f"/incidents/new?source={desk.source}", {"quote": WORDS}).text
    assert "What happened?" in page
    assert WORDS in page.partition('name="quote"')[2].partition("</textarea>")[0]


def test_the_focus_goes_to_what_is_asked_next(desk: Desk) -> None:
    with_words = desk.browser.post(desk.address(), {"quote": WORDS}).text
    for page, name in ((with_words, "speaker"), (desk.browser.get(desk.address()).text, "quote")):
        [begun] = re.findall(r"<(?:input|textarea)[^>]* autofocus[^>]*>", page)
        assert f'name="citations-0-{name}"' in begun


@pytest.mark.parametrize("words", ["", "\0", "</textarea><script>alert(1)</script>", "x" * 50_000])
def test_whatever_is_sent_is_answered(desk: Desk, words: str) -> None:
    answer = desk.browser.post(desk.address(), {"quote": words})
    assert answer.status_code in (200, 422)
    assert "<script>alert" not in answer.text
    assert count(desk.team, Incident) == 0
    assert count(desk.team, UnsavedForm) == 0


def test_a_form_that_is_sent_is_not_taken_for_words(desk: Desk) -> None:
    form = desk.new()
    assert desk.send(form, then="save", quote=WORDS).status_code == 303


def test_they_are_looked_up_at_once_and_shown_as_the_source_has_them(desk: Desk) -> None:
    typed = 'her husband was detained - "he was beaten up"'
    form = again(desk.browser.post(desk.address(), {"quote": typed}))
    assert form["citations-0-quote"] == WORDS
    assert form["citations-0-at"] == str(TEXT.index(WORDS))


def test_words_that_are_not_there_come_back_with_what_is_nearest(desk: Desk) -> None:
    typed = "her husband was detained – “he was beaten badly”"
    answer = desk.browser.post(desk.address(), {"quote": typed})
    assert answer.status_code == 422
    form = again(answer)
    assert form["citations-0-quote"] == typed
    assert "The nearest are" in form.errors["citations-0-quote"]
    assert "Use the source’s words" in answer.text


def test_of_words_that_stand_there_twice_the_place_they_were_selected_at_is_kept(
    team: Team, desk: Desk
) -> None:
    text = "They were beaten.\n\nThe others were not. They were beaten.\n"
    source = team.source_row(text).reference
    again_at = text.rindex("They")
    address = f"/incidents/new?source={source}&type=injury"
    form = again(desk.browser.post(address, {"quote": "They were beaten.", "at": str(again_at)}))
    reference = desk.saved(form, address)
    [citation] = team.stored(reference).citations
    assert citation.quote is not None
    assert citation.quote.start == again_at
    # And when it is edited, what else is changed leaves it there.
    edit = f"/incidents/{reference}/edit"
    desk.saved(desk.edit(reference).fill(summary="Beaten."), edit)
    [citation] = team.stored(reference).citations
    assert citation.quote is not None
    assert citation.quote.start == again_at
    # Selected anew at the other place, they are those.
    desk.saved(desk.edit(reference).fill(citations__0__at="0"), edit)
    [citation] = team.stored(reference).citations
    assert citation.quote is not None
    assert citation.quote.start == 0


def test_the_box_in_the_room_asks_for_the_type_or_names_it(desk: Desk) -> None:
    room = form_of(desk.browser.get(f"/sources/{desk.source}").text, "quote")
    address = f"/incidents/new?source={desk.source}"
    filled = room.fill(quote=WORDS, type="killing").data()
    answer = desk.browser.client.post(address, data=filled)
    # The browser sends its words on.
    assert (answer.status_code, answer.location) == (307, f"{address}&type=killing")
    answer = desk.browser.client.post(answer.location, data=filled)
    assert again(answer)["citations-0-quote"] == WORDS
    page = desk.browser.client.post(address, data=room.fill(quote=WORDS, type="").data()).text
    assert "What happened?" in page
    # Each type is a button of the form that holds the words.
    asked = form_of(page, "quote")
    assert asked["quote"] == WORDS
    assert "type=killing" in page
    # Nothing pasted: the form opens empty, and nothing is refused.
    blank = desk.browser.client.post(
        f"{address}&type=killing", data=room.fill(quote="", type="killing").data()
    )
    assert blank.status_code == 200
    assert again(blank)["citations-0-quote"] == ""


def test_they_are_added_to_a_draft_as_one_more_quote(team: Team, desk: Desk) -> None:
    reference = team.recorded(
        team.record(citations=(team.quoting("Police opened fire", source=1),))
    )
    room = form_of(desk.browser.get(f"/sources/{desk.source}").text, "quote")
    filled = room.fill(quote=WORDS, to=reference).data(adds="1")
    answer = desk.browser.client.post(f"/incidents/new?source={desk.source}", data=filled)
    # The browser sends its words on.
    assert (answer.status_code, answer.location) == (307, f"/incidents/{reference}/edit")
    answer = desk.browser.client.post(answer.location, data=filled)
    assert answer.status_code == 200
    form = again(answer)
    assert [form[f"citations-{row}-quote"] for row in (0, 1)] == ["Police opened fire", WORDS]
    assert form["citations-1-source"] == desk.source
    desk.saved(form, f"/incidents/{reference}/edit")
    quotes = [one.quote.exact for one in team.stored(reference).citations if one.quote]
    assert quotes == ["Police opened fire", WORDS]


@pytest.mark.parametrize("to", ["", "../../account", "INC-1999-00001"])
def test_they_are_added_to_no_other_page(desk: Desk, to: str) -> None:
    room = form_of(desk.browser.get(f"/sources/{desk.source}").text, "quote")
    filled = room.fill(quote=WORDS).data(adds="1")
    filled.setlist("to", [to])
    answer = desk.browser.client.post(f"/incidents/new?source={desk.source}", data=filled)
    assert answer.status_code == 404


def test_to_one_that_cites_as_a_whole_they_are_its_quote(team: Team, desk: Desk) -> None:
    reference = team.recorded(team.record(source=1))
    form = again(desk.browser.post(f"/incidents/{reference}/edit", {"quote": WORDS}))
    assert form["citations-0-quote"] == WORDS
    assert form["citations-1-quote"] == ""


def test_to_an_approved_one_they_are_added_by_a_correction(team: Team, desk: Desk) -> None:
    quoting = team.quoting("Police opened fire", source=1)
    reference = team.recorded(team.record(citations=(quoting,)), status="approved")
    answer = desk.browser.post(f"/incidents/{reference}/edit", {"quote": WORDS})
    assert (answer.status_code, answer.location) == (307, f"/incidents/{reference}/correct")
    answer = desk.browser.post(answer.location, {"quote": WORDS})
    assert answer.status_code == 200
    assert f"Correct {reference}" in answer.text
    assert again(answer)["citations-1-quote"] == WORDS
    assert len(team.stored(reference).citations) == 1


def test_to_what_is_submitted_nothing_is_added(team: Team, desk: Desk) -> None:
    quoting = team.quoting("Police opened fire", source=1)
    reference = team.recorded(team.record(citations=(quoting,)), status="submitted")
    answer = desk.browser.post(f"/incidents/{reference}/edit", {"quote": WORDS})
    assert (answer.status_code, answer.location) == (303, f"/incidents/{reference}")
    room = desk.browser.get(f"/sources/{desk.source}").text
    assert 'name="to"' not in room


def test_a_quote_added_beside_the_text_keeps_what_was_typed(desk: Desk) -> None:
    form = desk.new().fill(
        citations__0__quote="Police opened fire", date="16 Dec 2011", summary="Somebody"
    )
    answer = desk.send(
        form,
        add_row="citations",
        words="about 20 of them",
        words_at="",
        words_for="figures.detained",
    )
    assert answer.status_code == 200
    added = again(answer)
    assert (added["date"], added["summary"]) == ("16 Dec 2011", "Somebody")
    assert added["citations-1-quote"] == "about 20 of them"
    assert added.values("citations-1-supports") == ["figures.detained"]
    assert added["citations-1-at"] == str(TEXT.index("about 20 of them"))
    # A field that this form does not have is none.
    answer = desk.send(form, add_row="citations", words="about 20", words_for="salaries")
    assert again(answer).values("citations-1-supports") == []


def test_each_field_says_which_quotes_it_rests_on(desk: Desk) -> None:
    form = desk.new().fill(date="16 Dec 2011", place="Janaozen")
    page = desk.send(form, add_row="citations").text
    assert marks(page, "date") == "no words quoted"
    assert marks(page, "involvements") == ""
    form = form.fill(citations__0__quote="Police opened fire")
    assert marks(desk.send(form, add_row="citations").text, "date") == "rests on quote 1"
    answer = desk.send(form, add_row="citations", words="on Friday", words_for="date")
    assert marks(answer.text, "date") == "rests on quote 2"
    assert marks(answer.text, "place") == "rests on quote 1"


def test_the_words_of_the_form_are_boxed_in_the_text(desk: Desk) -> None:
    page = desk.browser.post(desk.address(), {"quote": "about 20 of them"}).text
    [boxed] = re.findall(r'<mark class="t-detention now" id="words-here">(.*?)</mark>', page)
    assert boxed == "about 20 of them"


def marks(page: str, path: str) -> str:
    """What stands beside a field, in words."""
    found = re.search(rf'<span class="rests" data-rests="{path}">(.*?)</span>\s*<', page, re.S)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def test_one_more_from_the_same_words_shares_what_one_sentence_says(team: Team, desk: Desk) -> None:
    form = again(desk.browser.post(desk.address(), {"quote": WORDS})).fill(
        date="16 Dec 2011",
        place="Janaozen",
        figures__0__how_many="1",
        involvements__0__party="detained husband",
        involvements__1__party="OMON",
        citations__0__speaker="wife of detained man",
        citations__0__basis="relative_of_victim",
    )
    answer = desk.send(form, then="same")
    assert answer.status_code == 303, again(answer).errors
    first = re.findall(r"INC-\d{4}-\d{5}", answer.location)[0]
    choose = desk.browser.get(answer.location).text
    assert "From the same words as" in choose
    address = f"/incidents/new?source={desk.source}&type=ill_treatment&after={first}&same=1"
    assert address.replace("&", "&amp;") in choose
    same = again(desk.browser.get(address))
    assert same["citations-0-quote"] == WORDS
    assert same["citations-0-speaker"] == "wife of detained man"
    assert same["citations-0-basis"] == "relative_of_victim"
    assert same["figures-0-how_many"] == "1"
    assert same["figures-0-measure"] == "ill_treated"
    assert same["involvements-0-party"] == "detained husband"
    assert same["involvements-1-party"] == "OMON"
    assert (same["relations-0-type"], same["relations-0-to"]) == ("same_victim", first)
    second = desk.saved(same, address)
    one, other = team.stored(first), team.stored(second)
    assert one.citations[0].quote == other.citations[0].quote
    assert [row.party for row in one.involvements] == [row.party for row in other.involvements]


def test_what_somebody_said_in_the_same_words_is_about_the_other(team: Team, desk: Desk) -> None:
    first = team.recorded(team.record(citations=(team.quoting(WORDS, source=1),)))
    address = f"/incidents/new?source={desk.source}&type=witness_statement&after={first}&same=1"
    form = again(desk.browser.get(address))
    assert (form["relations-0-type"], form["relations-0-to"]) == ("about", first)


def test_the_next_one_of_other_words_keeps_who_speaks_and_not_the_words(desk: Desk) -> None:
    form = again(desk.browser.post(desk.address(), {"quote": WORDS})).fill(
        date="16 Dec 2011",
        date_verbatim="on Friday",
        date_basis="inferred_from_source",
        place="Janaozen",
        citations__0__speaker="wife of detained man",
        citations__0__basis="relative_of_victim",
    )
    answer = desk.send(form, then="again")
    following = again(desk.browser.get(answer.location))
    assert following["citations-0-quote"] == ""
    assert following["citations-0-speaker"] == "wife of detained man"
    assert following["citations-0-basis"] == "relative_of_victim"
    assert following["date_basis"] == "inferred_from_source"
    assert following["date_verbatim"] == ""


def test_after_saving_one_is_back_in_the_text_where_the_words_stand(desk: Desk) -> None:
    form = again(desk.browser.post(desk.address(), {"quote": WORDS}))
    answer = desk.send(form, then="save")
    reference = answer.location.partition("#")[2]
    assert answer.location == f"/sources/{desk.source}?after={reference}#{reference}"
    page = desk.browser.get(answer.location).text
    assert f'<mark class="t-detention" id="{reference}">' in page
    assert "Another from the same words as" in page
    assert f"type=injury&amp;after={reference}&amp;same=1" in page
    # Of one that this source does not know nothing is said.
    page = desk.browser.get(f"/sources/{desk.source}?after=INC-1999-00001").text
    assert "Another from the same words" not in page
