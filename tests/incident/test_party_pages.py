"""Pages of parties: what each viewer may know, editing without reading a name, showing it, erasing
it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import col, select

from incidents.audit.models import AuditEntry, Revision
from incidents.errors import FieldErrors
from incidents.incident.actions import PartySaid, add_party, edit_party, reveal_name
from incidents.incident.models import Party, PartyNameHash
from incidents.incident.record import CitationSaid, FigureSaid, InvolvementSaid
from incidents.viewer import Viewer
from tests.conftest import Browser
from tests.factories import selects
from tests.team import Team
from tests.web.filled import FilledForm, form_of

Browsing = Callable[[Viewer], Browser]
NAME, ALIAS = "Aizhan Bekova", "Айжан"
HOSTILE = "<script>alert(1)</script> \" ' {{ 7*7 }} \u202eevil"


@pytest.fixture
def browse(sign_in: Callable[..., Browser], person_of: Callable[..., Any]) -> Browsing:
    return lambda viewer: sign_in(person=person_of(viewer))


def wife(team: Team, *, by: Viewer | None = None, **said: Any) -> int:
    given = {"name": NAME, "aliases": (ALIAS,), "age": 31, "occupation": "nurse", **said}
    with team.work(by) as work:
        said_of = PartySaid("individual", "wife of detained man", note="Met in May", **given)
        return add_party(work, said_of).id or 0


def involving(team: Team, *parties: int, role: str = "victim", **given: Any) -> str:
    rows = tuple(InvolvementSaid(party=one, role=role) for one in parties)
    figures = (FigureSaid(measure="detained", best=20, in_totals=True, citation=0),)
    record = team.record(involvements=rows, figures=figures)
    return team.recorded(record, **given)


def stored(team: Team, party_id: int) -> Party:
    with team.reading() as session:
        return session.get_one(Party, party_id)


def edit_form(browser: Browser, party_id: int) -> FilledForm:
    response = browser.get(f"/parties/{party_id}/edit")
    assert response.status_code == 200
    return form_of(response.text, "parent_id")


def sent(browser: Browser, party_id: int, form: FilledForm, **pressed: str) -> Any:
    pressed = pressed or {"then": "save"}
    return browser.client.post(f"/parties/{party_id}/edit", data=form.data(**pressed))


def readings(team: Team) -> list[int | None]:
    with team.reading() as session:
        statement = select(AuditEntry.actor_id).where(AuditEntry.action == "read_name")
        return list(session.exec(statement.order_by(col(AuditEntry.sequence))).all())


# The page.


def test_page_says_what_is_known_with_incidents_and_totals(team: Team, browse: Browsing) -> None:
    party = wife(team)
    first, second = involving(team, party), involving(team, party, status="approved")
    husband = team.party("husband")
    related = InvolvementSaid(
        party=party, role="witness", relationship="spouse_of", relationship_to=husband
    )
    team.recorded(team.record(involvements=(related,)))
    spoken = team.recorded(
        team.record(citations=(CitationSaid(source=team.source(), speaker=party),))
    )

    page = browse(team.colleague).get(f"/parties/{party}").text

    for words in ("wife of detained man", "nurse", "31 years", "Met in May", "Protected"):
        assert words in page, words
    assert "40 detained" in page
    assert "3 incidents" in page
    for reference in (first, second, spoken):
        assert reference in page
    assert "Spouse of" in page
    assert f'href="/parties/{husband}"' in page
    other = browse(team.colleague).get(f"/parties/{husband}").text
    assert "is spouse of this party" in other


def test_reader_sees_a_protected_party_by_its_label_alone(team: Team, browse: Browsing) -> None:
    party = wife(team)
    draft, approved = involving(team, party), involving(team, party, status="approved")

    page = browse(team.reader).get(f"/parties/{party}").text

    assert "wife of detained man" in page
    assert approved in page
    assert draft not in page
    assert "20 detained" in page
    for kept in (NAME, ALIAS, "nurse", "31 years", "Met in May", "History", "Show the name"):
        assert kept not in page, kept


def test_guessing_ids_tells_a_reader_nothing(team: Team, browse: Browsing) -> None:
    unborne, draft, related, sealed = (team.party(label) for label in ("a", "b", "c", "d"))
    speaker = team.party("speaker of a protected source")
    involving(team, draft)
    team.sealed(involving(team, sealed, status="approved"))
    row = InvolvementSaid(
        party=team.party("e"), role="victim", relationship="spouse_of", relationship_to=related
    )
    cited = (
        CitationSaid(source=team.source()),
        CitationSaid(source=team.source(protected=True), speaker=speaker),
    )
    team.recorded(team.record(involvements=(row,), citations=cited), status="approved")

    for viewer in (team.reader, team.admin):
        browser = browse(viewer)
        for party in (unborne, draft, related, sealed, speaker, 99999):
            assert browser.get(f"/parties/{party}").status_code == 404, party
        listed = browser.get("/parties").text
        assert "1 party" in listed
    assert browse(team.reviewer).get(f"/parties/{sealed}").status_code == 404
    assert browse(team.author).get(f"/parties/{sealed}").status_code == 200
    assert browse(team.colleague).get(f"/parties/{unborne}").status_code == 200


def test_hidden_party_is_not_edited_named_erased_or_listed(team: Team, browse: Browsing) -> None:
    party = wife(team)
    team.sealed(involving(team, party))
    browser = browse(team.reviewer)
    for address in ("edit", "merge"):
        assert browser.get(f"/parties/{party}/{address}").status_code == 404
    for address in ("edit", "name", "erase", "merge", "undo-merge"):
        data = {"reason": "x", "sure": "y"}
        assert browser.post(f"/parties/{party}/{address}", data).status_code == 404, address
    assert "wife of detained man" not in browser.get("/parties").text
    assert "wife of detained man" not in browser.get("/parties?q=wife").text


def test_whom_a_party_belongs_to_is_told_to_who_may_know_of_them(
    team: Team, browse: Browsing
) -> None:
    hidden, ministry = team.party("Secret unit 5"), team.party("Ministry")
    team.sealed(involving(team, hidden))
    with team.work() as work:
        said = PartySaid("organisation", privacy="public", name="Police", parent=hidden)
        police = add_party(work, said).id or 0
        above = PartySaid("organisation", privacy="public", name="Guard", parent=ministry)
        guard = add_party(work, above).id or 0
    involving(team, police, guard, role="alleged_perpetrator", status="approved")

    for viewer in (team.reader, team.colleague, team.reviewer):
        page = browse(viewer).get(f"/parties/{police}").text
        assert "Secret unit 5" not in page
        assert "Ministry" in browse(viewer).get(f"/parties/{guard}").text
        exported = browse(viewer).get("/incidents/parties.csv").text
        assert "Police" in exported and "Ministry" in exported
        assert "Secret unit 5" not in exported
    assert "Secret unit 5" in browse(team.author).get(f"/parties/{police}").text

    colleague = browse(team.colleague)
    form = edit_form(colleague, police)
    assert "Secret unit 5" not in str(form.data())
    form.fill(sort="state_police")
    assert sent(colleague, police, form).status_code == 303
    assert (stored(team, police).sort, stored(team, police).parent_id) == ("state_police", hidden)


def test_no_page_holds_a_sealed_name(team: Team, browse: Browsing) -> None:
    party, other = wife(team), team.party("another")
    reference = involving(team, party, status="approved")
    pages = [
        "/parties",
        f"/parties?q={NAME}",
        f"/parties/{party}",
        f"/parties/{party}/edit",
        f"/parties/{party}/merge",
        f"/parties/{party}/merge?into={other}",
        f"/parties/{other}/merge?into={party}",
        f"/incidents/{reference}",
        "/incidents/parties.csv?status=any",
    ]
    for viewer in (team.author, team.colleague, team.reviewer, team.reader, team.admin):
        browser = browse(viewer)
        for address in pages:
            body = browser.get(address).data.replace(f'value="{NAME}"'.encode(), b"")
            assert NAME.encode() not in body, (viewer.name, address)
            assert ALIAS.encode() not in body, (viewer.name, address)


def test_merging_begins_with_those_called_the_same_and_an_empty_search(
    team: Team, browse: Browsing
) -> None:
    party, twin, other = (team.party(label) for label in ("a guard", "a guard of Uzen", "a nurse"))
    browser = browse(team.author)

    page = browser.get(f"/parties/{party}/merge").text
    assert form_of(page, "q")["q"] == ""
    assert f"into={twin}" in page and f"into={other}" not in page
    assert f"into={other}" in browser.get(f"/parties/{party}/merge?q=nurse").text


def test_hostile_label_is_text_everywhere(team: Team, browse: Browsing) -> None:
    party = team.party(HOSTILE)
    reference = involving(team, party)
    other = team.party("another")
    browser = browse(team.reviewer)
    for address in (
        "/parties",
        f"/parties/{party}",
        f"/parties/{party}/edit",
        f"/parties/{party}/merge",
        f"/parties/{party}/merge?into={other}",
        f"/incidents/{reference}",
    ):
        page = browser.get(address).text
        assert "<script>alert" not in page, address
        assert "{{ 7*7 }}" in page, address


def test_page_costs_the_same_for_many_incidents(team: Team, browse: Browsing) -> None:
    few, many = team.party("few"), team.party("many")
    involving(team, few)
    for _ in range(4):
        involving(team, many)
    browser = browse(team.author)

    def cost(address: str) -> int:
        with selects(browser.client.application.extensions["incidents"].database) as sent_now:
            assert browser.get(address).status_code == 200
        return len(sent_now)

    assert cost(f"/parties/{few}") == cost(f"/parties/{many}")
    before = cost("/parties")
    for number in range(5):
        team.party(f"more {number}")
    assert cost("/parties") == before


# The list.


def test_list_finds_by_words_of_the_label_and_pages(team: Team, browse: Browsing) -> None:
    for number in range(55):
        team.party(f"detained man {number:02}")
    wife(team, privacy="label")
    browser = browse(team.colleague)

    first = browser.get("/parties").text
    assert "56 parties, 50 on this page" in first
    after = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = browser.get(after).text
    assert "wife of detained man" in second
    assert 'rel="prev"' in second
    assert "1 party" in browser.get("/parties?q=WIFE+man").text
    assert "wife of detained man" in browser.get(f"/parties?q={NAME}").text
    assert "No party matches" in browser.get("/parties?q=100%25").text
    assert browser.get("/parties?kind=nonsense&after=x~y").status_code == 303
    longest = browser.get("/parties", query_string={"q": "ﷺ" * 400})
    assert longest.status_code == 200


# Editing.


def test_who_may_not_read_the_name_edits_the_rest(team: Team, browse: Browsing) -> None:
    party = wife(team)
    sealed = stored(team, party).name_sealed
    browser = browse(team.colleague)
    form = edit_form(browser, party)
    assert "name" not in form.names()

    response = sent(browser, party, form.fill(occupation="doctor", label="wife of a detained man"))

    assert response.status_code == 303
    now = stored(team, party)
    assert (now.occupation, now.label, now.version) == ("doctor", "wife of a detained man", 2)
    assert now.name_sealed == sealed
    with team.work() as work:
        assert reveal_name(work, party) == (NAME, (ALIAS,))
    with team.reading() as session:
        assert len(session.exec(select(PartyNameHash)).all()) == 2
    assert readings(team) == [team.author.account_id]


def test_who_may_not_read_the_name_neither_changes_nor_opens_it(
    team: Team, browse: Browsing
) -> None:
    party = wife(team)
    browser = browse(team.colleague)
    form = edit_form(browser, party)
    for forged in ({"name_shown": "1", "name": "Somebody"}, {"name_shown": "1"}):
        data = dict(form.data(then="save").items()) | forged
        response = browser.client.post(f"/parties/{party}/edit", data=data)
        assert response.status_code == 422
        assert "Only those who may read this name" in response.text
    for privacy in ("label", "public"):
        refused = sent(browser, party, edit_form(browser, party).fill(privacy=privacy))
        assert refused.status_code == 422, privacy
    assert browser.post(f"/parties/{party}/name").status_code == 403
    assert sent(browser, party, edit_form(browser, party), show="name").status_code == 403
    # A guess in the label gets no answer.
    assert sent(browser, party, edit_form(browser, party).fill(label=NAME)).status_code == 303
    assert (stored(team, party).privacy, readings(team)) == ("protected", [])


def test_name_is_shown_to_change_it_and_the_log_tells(team: Team, browse: Browsing) -> None:
    party = wife(team)
    browser = browse(team.author)
    form = edit_form(browser, party).fill(occupation="doctor")

    shown = sent(browser, party, form, show="name")
    assert shown.status_code == 200
    assert readings(team) == [team.author.account_id]
    again = form_of(shown.text, "parent_id")
    fields = dict(again.fields)
    assert (fields["name"], fields["aliases"], fields["occupation"]) == (NAME, ALIAS, "doctor")

    again.fill(name="Saule Bekova", aliases="Сауле\nAizhan")
    assert sent(browser, party, again).status_code == 303
    with team.work() as work:
        assert reveal_name(work, party) == ("Saule Bekova", ("Сауле", "Aizhan"))
    history = browser.get(f"/parties/{party}").text
    assert "Name changed" in history
    assert "Saule" not in history


def test_every_fault_stands_beside_its_field(team: Team, browse: Browsing) -> None:
    party = wife(team, privacy="label")
    browser = browse(team.author)
    form = edit_form(browser, party).fill(
        label="", age="151", parent="nobody there", name="x" * 301
    )

    response = sent(browser, party, form)

    assert response.status_code == 422
    answered = form_of(response.text, "parent_id")
    assert set(answered.errors) >= {"label", "age", "parent", "name"}
    assert dict(answered.fields)["parent"] == "nobody there"


def test_stale_edit_shows_what_differs_and_keeps_what_was_typed(
    team: Team, browse: Browsing
) -> None:
    party = wife(team)
    browser = browse(team.author)
    form = edit_form(browser, party).fill(occupation="doctor")
    with team.work(team.colleague) as work:
        said = PartySaid("individual", "wife of detained man", occupation="driver", keeps_name=True)
        edit_party(work, party, 1, said)

    response = sent(browser, party, form)

    assert response.status_code == 409
    assert "driver" in response.text
    again = form_of(response.text, "merge_version")
    assert again["occupation"] == "doctor"
    assert stored(team, party).occupation == "driver"
    again.fill(**{"merge.occupation": "mine"})
    assert sent(browser, party, again).status_code == 303
    assert stored(team, party).occupation == "doctor"


def test_parent_is_named_by_label_or_number_and_never_in_a_ring(
    team: Team, browse: Browsing
) -> None:
    police = team.party("police", kind="organisation", privacy="label")
    riot = team.party("riot police", kind="organisation", privacy="label")
    browser = browse(team.author)
    assert sent(browser, riot, edit_form(browser, riot).fill(parent="Police")).status_code == 303
    assert stored(team, riot).parent_id == police
    assert "Belongs to" in browser.get(f"/parties/{riot}").text
    assert f'href="/parties/{riot}"' in browser.get(f"/parties/{police}").text

    for ring in (police, riot):
        refused = sent(browser, police, edit_form(browser, police).fill(parent=str(ring)))
        assert refused.status_code == 422, ring
    team.party("police", kind="organisation", privacy="label")
    refused = sent(browser, police, edit_form(browser, police).fill(parent="police"))
    assert "Several parties are called so" in refused.text
    kept = edit_form(browser, riot).fill(occupation="patrol")
    assert sent(browser, riot, kept).status_code == 303
    assert stored(team, riot).parent_id == police
    assert sent(browser, riot, edit_form(browser, riot).fill(parent="")).status_code == 303
    assert stored(team, riot).parent_id is None


# Showing and erasing a name.


def test_name_is_shown_once_and_the_log_tells(team: Team, browse: Browsing) -> None:
    party = wife(team)
    browser = browse(team.author)

    answer = browser.post(f"/parties/{party}/name")

    assert answer.status_code == 200
    assert NAME in answer.text
    assert ALIAS in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert NAME not in browser.get(f"/parties/{party}").text
    assert readings(team) == [team.author.account_id]


def test_erasing_asks_once_and_leaves_a_tombstone(team: Team, browse: Browsing) -> None:
    party = wife(team)
    browser = browse(team.reviewer)
    asked = browser.get(f"/parties/{party}").text
    assert "Erase the name of “wife of detained man” for good" in asked
    for data in ({"reason": "She asked"}, {"sure": "y"}, {"sure": "y", "reason": " "}):
        assert browser.post(f"/parties/{party}/erase", data).status_code == 422, data
    assert stored(team, party).erased_at is None

    done = browser.post(f"/parties/{party}/erase", {"reason": "She asked", "sure": "y"})

    assert done.status_code == 303
    page = browse(team.author).get(f"/parties/{party}").text
    assert "Name erased" in page
    assert "She asked" in page
    assert "Show the name" not in page
    author = browse(team.author)
    form = edit_form(author, party)
    assert "name" not in form.names()
    assert sent(author, party, form.fill(occupation="nurse")).status_code == 303


def test_public_party_needs_another_label_to_be_erased(team: Team, browse: Browsing) -> None:
    party = team.party("", name="Kalmuhambet Kasymov", privacy="public")
    involving(team, party, role="official_speaker", status="approved")
    browser = browse(team.admin)
    data = {"reason": "A court ordered it", "sure": "y"}
    assert browser.post(f"/parties/{party}/erase", data).status_code == 422
    named = {**data, "label": "Kalmuhambet Kasymov, minister"}
    assert browser.post(f"/parties/{party}/erase", named).status_code == 422
    done = browser.post(f"/parties/{party}/erase", {**data, "label": "an official"})
    assert done.status_code == 303

    for viewer in (team.reader, team.author, team.reviewer):
        page = browse(viewer).get(f"/parties/{party}").text
        assert "an official" in page
        assert "Kasymov" not in page
    with team.reading() as session:
        assert "Kasymov" not in " ".join(session.exec(select(Revision.payload)).all())


def test_label_without_a_letter_is_none(team: Team) -> None:
    for label in ("\u200b", "\u2060 \u200d"):
        with pytest.raises(FieldErrors, match="label"):
            team.party(label)
