"""The page of a new party: recorded before any incident names it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, select

from incidents.incident.actions import PartySaid, add_party, reveal_name
from incidents.incident.models import Party
from tests.conftest import Browser
from tests.team import Team
from tests.web.filled import FilledForm, form_of


@pytest.fixture
def browser(team: Team, sign_in: Callable[..., Browser], person_of: Callable[..., Any]) -> Browser:
    return sign_in(person=person_of(team.author))


def blank(browser: Browser) -> FilledForm:
    return form_of(browser.get("/parties/new").text, "parent_id")


def sent(browser: Browser, form: FilledForm) -> Any:
    return browser.client.post("/parties/new", data=form.data(then="save"))


def all_parties(session: Session) -> list[Party]:
    return list(session.exec(select(Party)).all())


def test_new_party_is_recorded_with_all_it_says_and_leads_to_its_page(
    team: Team, browser: Browser
) -> None:
    with team.work() as work:
        above = add_party(work, PartySaid("organisation", privacy="public", name="Ministry")).id
    form = blank(browser).fill(
        kind="organisation",
        privacy="public",
        name="OMON",
        aliases="ОМОН\nRiot police",
        sort="state_police",
        parent="ministry",
        note="Seen in masks.",
    )

    answer = sent(browser, form)

    with team.work() as work:
        made = next(one for one in all_parties(work.session) if one.id != above)
        assert made.id is not None
        assert reveal_name(work, made.id) == ("OMON", ("ОМОН", "Riot police"))
    assert answer.status_code == 303
    assert answer.location.endswith(f"/parties/{made.id}")
    assert (made.label, made.kind, made.privacy) == ("OMON", "organisation", "public")
    assert (made.sort, made.parent_id, made.note) == ("state_police", above, "Seen in masks.")


def test_new_party_is_protected_unless_somebody_says_otherwise(
    team: Team, browser: Browser
) -> None:
    sent(browser, blank(browser).fill(label="wife of detained man", name="Aizhan Bekova"))

    with team.reading() as session:
        [made] = all_parties(session)
    assert (made.kind, made.privacy) == ("individual", "protected")


def test_a_public_name_is_recorded_once(team: Team, browser: Browser) -> None:
    for _ in range(2):
        answer = sent(browser, blank(browser).fill(privacy="public", name="Kalmuhambet Kasymov"))

    assert answer.status_code == 422
    assert "is a party already" in form_of(answer.text, "parent_id").errors["label"]
    with team.reading() as session:
        assert len(all_parties(session)) == 1


def test_two_protected_people_may_bear_one_label(team: Team, browser: Browser) -> None:
    for _ in range(2):
        assert sent(browser, blank(browser).fill(label="detained man")).status_code == 303

    with team.reading() as session:
        assert len(all_parties(session)) == 2


def test_every_error_stands_beside_its_field_and_nothing_typed_is_lost(
    team: Team, browser: Browser
) -> None:
    typed = {
        "label": "Aizhan Bekova’s husband",
        "name": "Aizhan Bekova",
        "aliases": "Айжан",
        "age": "old",
        "parent": "nobody known",
        "note": "Met in May.",
    }

    answer = sent(browser, blank(browser).fill(**typed))

    shown = form_of(answer.text, "parent_id")
    assert answer.status_code == 422
    assert {"label", "age", "parent"} <= set(shown.errors)
    assert {name: shown[name] for name in typed} == typed
    with team.reading() as session:
        assert all_parties(session) == []
