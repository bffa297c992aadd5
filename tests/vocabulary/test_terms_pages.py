"""The vocabulary pages: terms added, reworded, retired and brought back, and what records keep."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from incidents.errors import FieldErrors, NotAllowed
from incidents.viewer import Viewer
from incidents.vocabulary.actions import add_term, edit_term, restore_term, retire_term
from incidents.vocabulary.models import TermRow
from incidents.vocabulary.queries import words_mark
from incidents.vocabulary.record import TermSaid
from tests.conftest import Browser
from tests.factories import Person
from tests.incident.desk import Desk
from tests.team import Team
from tests.web.filled import form_of

HOME = "/settings/vocabularies"
GUARDED = TermSaid("guarded", "Under guard", "Watched at home, not in a cell.", "“at her door”")


def _row(team: Team, name: str, code: str) -> TermRow | None:
    with team.reading() as session:
        return session.exec(
            select(TermRow).where(TermRow.vocabulary == name, TermRow.code == code)
        ).one_or_none()


def _add(team: Team, name: str = "custody_status", said: TermSaid = GUARDED) -> None:
    with team.work(team.admin) as work:
        add_term(work, name, said)


def _retire(team: Team, code: str, name: str = "custody_status") -> None:
    with team.work(team.admin) as work:
        retire_term(work, name, code)


@pytest.fixture
def desk(team: Team, sign_in: Callable[..., Browser]) -> Desk:
    assert team.author.account_id is not None
    return Desk(team, sign_in(person=Person(team.author.account_id, team.author)))


@pytest.fixture
def admin(team: Team, sign_in: Callable[..., Browser]) -> Browser:
    return sign_in("admin")


def test_a_term_is_added_and_offered(team: Team, admin: Browser, desk: Desk) -> None:
    response = admin.post(
        f"{HOME}/custody_status",
        {"label": "Under guard", "definition": "Watched at home.", "code": "", "example": ""},
    )
    assert response.status_code == 303
    row = _row(team, "custody_status", "under_guard")
    assert row is not None
    assert (row.shipped, row.label) == (False, "Under guard")
    assert "under_guard" in desk.new().choices["details-custody_status"]
    assert "Watched at home." in desk.browser.get(desk.address()).text


@pytest.mark.parametrize(
    ("said", "path"),
    [
        (TermSaid("guarded", "", "Watched."), "label"),
        (TermSaid("guarded", "HELD", "Watched."), "label"),
        (TermSaid("guarded", "Guarded", ""), "definition"),
        (TermSaid("held", "Guarded", "Watched."), "code"),
        (TermSaid("none", "Guarded", "Watched."), "code"),
        (TermSaid("Под стражей", "Под стражей", "Watched."), "code"),
        (TermSaid("guarded", "G" * 81, "Watched."), "label"),
    ],
)
def test_a_term_that_is_none_is_refused_beside_its_field(
    team: Team, said: TermSaid, path: str
) -> None:
    with pytest.raises(FieldErrors) as refused:
        _add(team, said=said)
    assert list(refused.value.errors) == [path]


def test_errors_stand_on_the_page_with_what_was_typed(admin: Browser) -> None:
    response = admin.post(f"{HOME}/custody_status", {"label": "Held", "example": "kept words"})
    assert response.status_code == 422
    assert "There is a term called “Held” here already." in response.text
    assert "kept words" in response.text


def test_only_terms_added_here_are_reworded(team: Team, admin: Browser) -> None:
    _add(team)
    form = {"guarded-label": "Guarded at home", "guarded-definition": "Watched."}
    opened = form_of(admin.get(f"{HOME}/custody_status").text, "guarded-label")
    form["guarded-read"] = opened["guarded-read"]
    assert admin.post(f"{HOME}/custody_status/guarded", form).status_code == 303
    row = _row(team, "custody_status", "guarded")
    assert row is not None
    assert row.label == "Guarded at home"
    shipped = {"held-label": "Kept", "held-definition": "Kept."}
    page = admin.post(f"{HOME}/custody_status/held", shipped, follow_redirects=True)
    assert "The words of this term come with the program." in page.text
    with pytest.raises(NotAllowed), team.work(team.admin) as work:
        edit_term(work, "custody_status", TermSaid("held", "Kept", "Kept."), "")


def test_a_term_two_administrators_reword_at_once_is_asked_about(
    team: Team, admin: Browser
) -> None:
    _add(team)
    address = f"{HOME}/custody_status/guarded"
    form = form_of(admin.get(f"{HOME}/custody_status").text, "guarded-label")
    form.fill(**{"guarded-definition": "Mine."})
    first = _row(team, "custody_status", "guarded")
    assert first is not None
    with team.work(team.admin) as work:
        theirs = TermSaid("guarded", "Theirs", "Their words.", "Their example.")
        edit_term(work, "custody_status", theirs, words_mark(first))

    stale = admin.post(address, form.data())

    assert stale.status_code == 409
    assert "It is “Theirs” now: Their words. For example: Their example." in stale.text
    again = form_of(stale.text, "guarded-label")
    assert again["guarded-definition"] == "Mine."
    assert getattr(_row(team, "custody_status", "guarded"), "label", "") == "Theirs"
    wrong = admin.post(address, form.fill(**{"guarded-definition": ""}).data())
    assert wrong.status_code == 422
    assert admin.post(address, again.data()).status_code == 303
    assert getattr(_row(team, "custody_status", "guarded"), "definition", "") == "Mine."


@pytest.mark.parametrize("name", ["type", "role", "stance", "relation", "status", "measure"])
def test_what_the_program_relies_on_stays(team: Team, admin: Browser, name: str) -> None:
    assert "The program relies on each of these terms" in admin.get(f"{HOME}/{name}").text
    with pytest.raises(NotAllowed):
        _add(team, name)
    with pytest.raises(NotAllowed):
        _retire(team, "supports", name)


@pytest.mark.parametrize("who", ["reader", "author", "reviewer"])
def test_only_administrators_change_terms(team: Team, who: str) -> None:
    actor: Viewer = getattr(team, who)
    with pytest.raises(NotAllowed), team.work(actor) as work:
        add_term(work, "custody_status", GUARDED)


def test_the_last_term_in_use_stays(team: Team) -> None:
    _retire(team, "done", "autopsy")
    with pytest.raises(NotAllowed):
        _retire(team, "refused", "autopsy")
    with team.work(team.admin) as work:
        restore_term(work, "autopsy", "done")
    _retire(team, "refused", "autopsy")


def test_a_retired_term_stays_on_old_records_and_is_offered_for_no_new_one(
    team: Team, desk: Desk
) -> None:
    _add(team)
    reference = desk.saved(desk.new().fill(details__custody_status="guarded"))
    other = desk.saved(desk.new())
    _retire(team, "guarded")

    field = "details-custody_status"
    assert "Under guard" in desk.browser.get(f"/incidents/{reference}").text
    assert "guarded" not in desk.new().choices[field]
    assert "guarded" not in desk.edit(other).choices[field]
    form = desk.edit(reference)
    assert form[field] == "guarded"
    assert "Under guard (retired)" in desk.browser.get(f"/incidents/{reference}/edit").text
    desk.saved(form.fill(title="Still guarded"), f"/incidents/{reference}/edit")
    record = team.stored(reference)
    assert (record.title, record.details["custody_status"]) == ("Still guarded", "guarded")


def test_a_retired_term_taken_off_a_record_is_gone_from_it(team: Team, desk: Desk) -> None:
    _add(team)
    reference = desk.saved(desk.new().fill(details__custody_status="guarded"))
    _retire(team, "guarded")
    held = desk.edit(reference)
    address = f"/incidents/{reference}/edit"
    desk.saved(desk.edit(reference).fill(details__custody_status="held"), address)
    held.fill(version=desk.edit(reference)["version"])
    assert desk.send(held, address).status_code == 422


def test_an_added_term_is_named_wherever_records_are(team: Team, desk: Desk) -> None:
    _add(team)
    _add(team, "source_kind", TermSaid("leaflet", "Leaflet", "Handed out in the street."))
    reference = desk.saved(desk.new().fill(details__custody_status="guarded"))
    listing = desk.browser.get("/incidents?detail.custody_status=guarded&status=draft").text
    assert reference in listing
    assert "under guard" in listing
    made = team.source_row("Words of it.", kind="leaflet", title="A leaflet")
    for address in ("/sources", f"/sources/{made.reference}", "/"):
        assert "Leaflet" in desk.browser.get(address).text, address


def test_two_administrators_at_once_leave_one_term_in_use(team: Team) -> None:
    start, refused = threading.Barrier(2), []

    def retire(code: str) -> None:
        start.wait(10)
        try:
            _retire(team, code, "autopsy")
        except NotAllowed:
            refused.append(code)

    threads: list[Any] = [
        threading.Thread(target=retire, args=(one,)) for one in ("done", "refused")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(refused) == 1
