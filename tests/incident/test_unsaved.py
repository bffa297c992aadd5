"""What is typed and not saved: kept sealed, offered to its author alone, gone once it is saved."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func
from sqlmodel import select

from incidents.audit.models import AuditEntry, Revision
from incidents.errors import NotFound
from incidents.incident.actions.unsaved import LONGEST, MOST, TooMuch, discard_form, keep_form
from incidents.incident.models import Incident, UnsavedForm
from incidents.incident.queries.unsaved import unsaved_fields, unsaved_of, unsaved_of_form
from incidents.incident.record.unsaved import FormName
from incidents.source.models import Source
from incidents.viewer import Role
from tests.conftest import Browser, StandingClock
from tests.factories import Person, account, selects
from tests.incident.desk import MARKER, Desk, count
from tests.team import Team
from tests.web.filled import FilledForm, form_of

MARK = "zhanaozen-marker-бесценно"


@pytest.fixture
def desk(team: Team, sign_in: Callable[..., Browser]) -> Desk:
    return Desk(team, sign_in(person=Person(team.author.account_id or 0, team.author)))


def keep(desk: Desk, form: FilledForm) -> Any:
    return desk.browser.client.post("/unsaved", data=form.data())


def offered(body: str) -> list[str]:
    """The addresses of "Go on with it", in the page's order."""
    return [one.replace("&amp;", "&") for one in re.findall(r'href="([^"]*kept=\d+)"', body)]


def page(desk: Desk, address: str) -> str:
    response = desk.browser.get(address)
    assert response.status_code == 200
    return str(response.get_data(as_text=True))


def typed_of(form: FilledForm) -> list[tuple[str, str]]:
    tokens = ("csrf_token", "kept_token", "kept_from", "form_token")
    return sorted(pair for pair in form.fields if pair[0] not in tokens)


def half_typed(desk: Desk) -> FilledForm:
    """With an added row, a box unticked that is ticked at first, and words nothing can read."""
    form = desk.new().fill(citations__0__quote=f"{MARK}\nand so on  ", date="in the sprin")
    form = form_of(
        desk.send(form, add_row="figures").get_data(as_text=True),
        MARKER,
    )
    return form.fill(
        figures__1__how_many="at least 3",
        involvements__0__protected=None,
        citations__0__supports=["date", "place"],
    )


def test_what_was_typed_comes_back_to_the_letter(desk: Desk) -> None:
    form = half_typed(desk)
    assert keep(desk, form).status_code == 200

    [address] = offered(page(desk, desk.address()))
    again = form_of(page(desk, address), MARKER)

    assert typed_of(again) == typed_of(form)
    assert again["form_token"] != form["form_token"]


def test_keeping_again_replaces_what_was_kept_of_the_same_form(desk: Desk, team: Team) -> None:
    form = desk.new().fill(title="One")
    keep(desk, form)
    keep(desk, form.fill(title="One and two"))

    assert count(team, UnsavedForm) == 1
    [address] = offered(page(desk, desk.address()))
    assert form_of(page(desk, address), MARKER)["title"] == "One and two"


def test_two_openings_are_two_and_both_are_offered_the_last_one_first(
    desk: Desk, clock: StandingClock
) -> None:
    keep(desk, desk.new().fill(title="First tab"))
    clock.move(minutes=1)
    keep(desk, desk.new().fill(title="Second tab"))

    found = [
        form_of(page(desk, one), MARKER)["title"] for one in offered(page(desk, desk.address()))
    ]

    assert found == ["Second tab", "First tab"]


def test_gone_on_with_in_two_places_nothing_of_either_is_lost(desk: Desk) -> None:
    keep(desk, desk.new().fill(title="Begun"))
    [address] = offered(page(desk, desk.address()))
    here, there = (form_of(page(desk, address), MARKER) for _ in range(2))

    keep(desk, here.fill(title="Gone on with here"))
    keep(desk, there.fill(title="Gone on with there"))

    found = {
        form_of(page(desk, one), MARKER)["title"] for one in offered(page(desk, desk.address()))
    }
    assert found == {"Gone on with here", "Gone on with there"}


def test_saving_forgets_what_was_kept_of_it_and_nothing_else(desk: Desk, team: Team) -> None:
    other = desk.new().fill(title="Another form")
    keep(desk, other)
    form = desk.new().fill(title="Saved in the end")
    keep(desk, form)
    assert desk.send(form.fill(date="in the sprin")).status_code == 422
    assert count(team, UnsavedForm) == 2

    desk.saved(form.fill(date="2011-12-16"))

    [address] = offered(page(desk, desk.address()))
    assert form_of(page(desk, address), MARKER)["title"] == "Another form"


def test_saving_what_was_gone_on_with_forgets_what_it_went_on_from(desk: Desk, team: Team) -> None:
    keep(desk, desk.new().fill(title="Begun"))
    [address] = offered(page(desk, desk.address()))

    desk.saved(form_of(page(desk, address), MARKER))

    assert count(team, UnsavedForm) == 0


def test_what_was_written_elsewhere_since_outlives_the_saving(desk: Desk) -> None:
    first = desk.new().fill(title="Begun")
    keep(desk, first)
    [address] = offered(page(desk, desk.address()))
    gone_on = form_of(page(desk, address), MARKER)
    keep(desk, first.fill(title="And written on in the old tab"))

    desk.saved(gone_on)

    [left] = offered(page(desk, desk.address()))
    assert form_of(page(desk, left), MARKER)["title"] == "And written on in the old tab"


def test_an_edit_goes_on_from_the_version_it_was_opened_on(desk: Desk, team: Team) -> None:
    reference = desk.saved(desk.new())
    form = desk.edit(reference).fill(title="Mine")
    keep(desk, form)
    desk.saved(desk.edit(reference).fill(title="Theirs"), f"/incidents/{reference}/edit")

    [address] = offered(page(desk, f"/incidents/{reference}/edit"))
    again = form_of(page(desk, address), MARKER)

    assert (again["version"], again["title"]) == ("1", "Mine")
    assert desk.send(again, f"/incidents/{reference}/edit").status_code == 409


def test_a_correction_is_kept_too(desk: Desk, team: Team) -> None:
    reference = team.recorded(status="approved")
    address = f"/incidents/{reference}/correct"
    form = form_of(page(desk, address), MARKER).fill(reason="It says so", title="Corrected")
    keep(desk, form)

    [kept] = offered(page(desk, address))
    again = form_of(page(desk, kept), MARKER)

    assert typed_of(again) == typed_of(form)
    assert desk.send(again, address).status_code == 303
    assert offered(page(desk, address)) == []


@pytest.mark.parametrize("what", ["new", "edit"])
def test_a_source_is_kept_too(desk: Desk, team: Team, what: str) -> None:
    address = "/sources/new" if what == "new" else f"/sources/{desk.source}/edit"
    form = form_of(page(desk, address), "publisher").fill(publisher=MARK, title="A title")
    keep(desk, form)

    [kept] = offered(page(desk, address))
    again = form_of(page(desk, kept), "publisher")

    assert typed_of(again) == typed_of(form)
    again.fill(kind="news_article")
    assert desk.browser.client.post(address, data=again.data()).status_code == 303
    assert count(team, UnsavedForm) == 0


def test_nobody_else_is_offered_it(desk: Desk, team: Team, sign_in: Callable[..., Browser]) -> None:
    keep(desk, desk.new().fill(title=MARK))
    [address] = offered(page(desk, desk.address()))
    colleague = sign_in("researcher", "reviewer", "admin")

    assert offered(colleague.get(desk.address()).get_data(as_text=True)) == []
    assert "Not saved yet" not in colleague.get("/").get_data(as_text=True)
    assert colleague.get(address).status_code == 404
    number = address.rsplit("=", 1)[1]
    assert colleague.post(f"/unsaved/{number}/discard").status_code == 404
    assert count(team, UnsavedForm) == 1


def test_another_form_does_not_take_it(desk: Desk) -> None:
    keep(desk, desk.new().fill(title=MARK))
    number = offered(page(desk, desk.address()))[0].rsplit("=", 1)[1]

    for address in (desk.address("injury"), "/sources/new?x=1"):
        assert desk.browser.get(f"{address}&kept={number}").status_code == 404
    for wrong in ("x", "-1", "99999999999", "٣"):
        assert desk.browser.get(f"{desk.address()}&kept={wrong}").status_code == 404


def test_what_one_may_not_see_any_more_is_not_offered_and_comes_back_with_the_right(
    desk: Desk, team: Team, sign_in: Callable[..., Browser]
) -> None:
    reference = team.recorded()
    colleague = sign_in(person=Person(team.colleague.account_id or 0, team.colleague))
    address = f"/incidents/{reference}/edit"
    form = form_of(colleague.get(address).get_data(as_text=True), MARKER).fill(title=MARK)
    colleague.client.post("/unsaved", data=form.data())
    [kept] = offered(colleague.get(address).get_data(as_text=True))
    team.sealed(reference)

    assert "Not saved yet" not in colleague.get("/").get_data(as_text=True)
    assert colleague.get(kept).status_code == 404
    # What goes on being typed into the open page is kept all the same, and says nothing.
    assert colleague.client.post("/unsaved", data=form.data()).status_code == 200

    with team.work() as work:
        from incidents.incident.actions.write import name_on_seal

        row = work.session.exec(select(Incident)).one()
        name_on_seal(work, row, {team.colleague.account_id})
    assert form_of(colleague.get(kept).get_data(as_text=True), MARKER)["title"] == MARK


def test_the_desk_lists_forms_without_a_word_of_what_was_typed(desk: Desk) -> None:
    keep(desk, desk.new().fill(title=MARK, citations__0__quote=MARK))
    reference = desk.saved(desk.new().fill(title="Twenty men"))
    keep(desk, desk.edit(reference).fill(title=MARK))

    body = page(desk, "/")

    assert "Not saved yet" in body
    assert "New detention" in body and desk.source in body and reference in body
    assert MARK not in body
    assert len(offered(body)) == 2


def test_discarding_it_leaves_nothing(desk: Desk, team: Team) -> None:
    keep(desk, desk.new().fill(title=MARK))
    number = offered(page(desk, desk.address()))[0].rsplit("=", 1)[1]

    response = desk.browser.post(f"/unsaved/{number}/discard", {"next": desk.address()})

    assert (response.status_code, response.location) == (303, desk.address())
    assert count(team, UnsavedForm) == 0
    assert desk.browser.post(f"/unsaved/{number}/discard").status_code == 404


def test_after_thirty_days_it_is_over_and_swept(
    desk: Desk, team: Team, clock: StandingClock
) -> None:
    form = FormName.read("source new")
    assert form is not None
    with team.work() as work:
        keep_form(work, form, "a" * 20, [("title", "old")])
    clock.now += timedelta(days=30)

    with team.work() as work:
        assert unsaved_of(work.session, team.author, work.now) == ()
        keep_form(work, form, "b" * 20, [("title", "new")])

    assert count(team, UnsavedForm) == 1


def test_nothing_typed_lies_in_clear_on_the_disk(desk: Desk, team: Team, tmp_path: Path) -> None:
    keep(desk, desk.new().fill(title=MARK, citations__0__quote=MARK))

    with team.reading() as session:
        [row] = session.exec(select(UnsavedForm)).all()
    assert MARK.encode() not in row.sealed
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert [file for file in files if MARK.encode() in file.read_bytes()] == []
    if team.services.database.is_sqlite:
        assert any(row.sealed in file.read_bytes() for file in files)


def test_sealed_words_open_for_no_other_form_or_account(desk: Desk, team: Team) -> None:
    keep(desk, desk.new().fill(title=MARK))
    with team.work() as work:
        row = work.session.exec(select(UnsavedForm)).one()
        row.account_id = team.colleague.account_id or 0
        work.session.add(row)

    with team.reading() as session, pytest.raises(Exception, match="doesn't open"):
        name = FormName.read(row.form)
        assert name is not None
        unsaved_fields(
            session, team.colleague, team.services.keyring, row.id or 0, name, row.saved_at
        )


def test_it_is_apart_from_the_log_and_the_revisions(desk: Desk, team: Team) -> None:
    form = desk.new()
    before = count(team, AuditEntry), count(team, Revision)

    keep(desk, form.fill(title=MARK))
    number = offered(page(desk, desk.address()))[0].rsplit("=", 1)[1]
    desk.browser.post(f"/unsaved/{number}/discard")

    assert (count(team, AuditEntry), count(team, Revision)) == before


def test_what_is_too_long_or_too_much_is_said_in_words(desk: Desk, team: Team) -> None:
    form = desk.new()
    form.fields.append(("notes", "x" * LONGEST))
    refused = keep(desk, form)
    assert refused.status_code == 413
    assert "too long" in refused.get_json()["error"]

    name = FormName("source new")
    with team.work() as work:
        for number in range(MOST):
            keep_form(work, name, f"{number:020}", [("title", "x")])
        with pytest.raises(TooMuch, match="Discard some"):
            keep_form(work, name, "z" * 20, [("title", "one more")])
        keep_form(work, name, f"{1:020}", [("title", "an old one still grows")])


@pytest.mark.parametrize(
    "wrong",
    [
        {"kept_form": "incident edit"},
        {"kept_form": "incident new SRC-2026-00001 nonsense"},
        {"kept_form": "password"},
        {"kept_token": ""},
        {"kept_token": "x" * 65},
        {"kept_token": "a b c d e f g h i j"},
        {"figures-٣-how_many": "3"},
    ],
)
def test_what_no_form_of_ours_sends_is_refused(
    desk: Desk, team: Team, wrong: dict[str, str]
) -> None:
    sent = {"kept_form": "source new", "kept_token": "a" * 20, "title": "x", **wrong}
    assert desk.browser.post("/unsaved", sent).status_code == 400
    assert count(team, UnsavedForm) == 0


def test_a_reader_keeps_nothing(desk: Desk, sign_in: Callable[..., Browser]) -> None:
    sent = {"kept_form": "source new", "kept_token": "a" * 20}
    assert sign_in("reader").post("/unsaved", sent).status_code == 403


@pytest.mark.parametrize("forms", [1, 30])
def test_the_statements_do_not_grow_with_what_is_kept(team: Team, forms: int) -> None:
    name = FormName("incident edit", team.recorded())
    with team.work() as work:
        for number in range(forms):
            keep_form(work, name, f"{number:020}", [("title", "x")])
    with team.work() as work, selects(team.services.database) as found:
        keep_form(work, name, "z" * 20, [("title", "x")])
    assert len(found) == 1
    with team.reading() as session, selects(team.services.database) as found:
        now = team.services.clock()
        assert len(unsaved_of(session, team.author, now)) == forms + 1
    assert len(found) == 2
    with team.reading() as session, selects(team.services.database) as found:
        assert len(unsaved_of_form(session, team.author, name, now)) == forms + 1
    assert len(found) == 1


def test_only_ones_own_is_discarded(team: Team) -> None:
    with team.work() as work:
        keep_form(work, FormName("source new"), "a" * 20, [])
        number = work.session.exec(select(UnsavedForm.id)).one()
    with pytest.raises(NotFound), team.work(team.colleague) as work:
        discard_form(work, number or 0)


def test_a_form_sent_twice_with_other_words_says_so_and_loses_none(
    desk: Desk, team: Team, clock: StandingClock
) -> None:
    form = desk.new().fill(title="Once")
    reference = desk.saved(form)
    clock.move(minutes=1)

    assert desk.saved(form) == reference
    refused = desk.send(form.fill(title="Twice"))

    assert refused.status_code == 409
    body = refused.get_data(as_text=True)
    assert reference in body
    assert form_of(body, MARKER)["title"] == "Twice"
    with team.reading() as session:
        assert session.exec(select(func.count()).select_from(Incident)).one() == 1


def test_a_draft_submitted_meanwhile_keeps_what_was_typed(desk: Desk, team: Team) -> None:
    reference = team.recorded()
    form = desk.edit(reference).fill(title=MARK)
    team.step(reference, "submit")

    refused = desk.send(form, f"/incidents/{reference}/edit")

    assert refused.status_code == 409
    assert form_of(refused.get_data(as_text=True), MARKER)["title"] == MARK


def test_a_draft_approved_meanwhile_keeps_what_was_typed(desk: Desk, team: Team) -> None:
    """On the page that was sent, and where it is gone on with."""
    reference = team.recorded()
    address = f"/incidents/{reference}/edit"
    form = desk.edit(reference).fill(summary=MARK)
    assert keep(desk, form).status_code == 200
    team.move_to(reference, "approved")

    answer = desk.send(form, address)
    assert answer.status_code == 409
    assert form_of(answer.get_data(as_text=True), MARKER).values("summary") == [MARK]
    [left] = offered(page(desk, "/"))
    assert form_of(page(desk, left), MARKER).values("summary") == [MARK]
    assert desk.browser.get(address).headers["Location"].endswith(f"/incidents/{reference}/correct")


def test_signing_in_again_on_the_page(team: Team, app: Any) -> None:
    from tests.factories import with_password

    person = account(team.services, "mira", Role.RESEARCHER)
    with_password(team.services, person, "a long enough password")
    client = app.test_client()
    said = client.get("/sign-in/again").get_json()
    assert said["account"] is None

    def ask(**more: str) -> Any:
        sent = {"csrf_token": said["csrf_token"], "page_of": "mira", "name": "mira"}
        return client.post("/sign-in/again", data={**sent, **more})

    assert ask(password="wrong").get_json()["error"].startswith("This name and password")
    other = ask(name="author", password="a long enough password")
    assert (other.status_code, "mira" in other.get_json()["error"]) == (422, True)
    again = ask(password="a long enough password")
    assert again.status_code == 200
    assert client.get("/sign-in/again").get_json()["account"] == "mira"
    sent = {"kept_form": "source new", "kept_token": "a" * 20}
    token = again.get_json()["csrf_token"]
    assert client.post("/unsaved", data={**sent, "csrf_token": token}).status_code == 200


def test_signing_in_again_is_slowed_down_as_at_the_door(team: Team, app: Any) -> None:
    account(team.services, "mira", Role.RESEARCHER)
    client = app.test_client()
    token = client.get("/sign-in/again").get_json()["csrf_token"]
    sent = {"csrf_token": token, "page_of": "mira", "name": "mira", "password": "wrong"}

    codes = [client.post("/sign-in/again", data=sent).status_code for _ in range(6)]

    assert codes == [422] * 5 + [429]


def test_a_source_that_is_gone_from_sight_takes_its_title_along(desk: Desk, team: Team) -> None:
    secret = team.source_row(by=team.colleague, protected=True, kind="testimony", title="Hidden")
    name = FormName("incident new", secret.reference, "injury")
    with team.work() as work:
        keep_form(work, name, "a" * 20, [("title", "x")])
        assert unsaved_of(work.session, team.author, work.now) == ()
        assert work.session.exec(select(Source.title).where(Source.id == secret.id)).one()
    assert "Hidden" not in page(desk, "/")
