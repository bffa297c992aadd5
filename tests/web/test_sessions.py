"""Sessions: they end by idleness, by age and by hand, and one statement loads who asks."""

import html
import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from incidents.account.actions import change_roles, disable
from incidents.account.models import SignInSession
from incidents.account.queries import token_hash
from incidents.services import Services
from incidents.viewer import OPERATOR, Role
from incidents.web import safe_next
from tests.conftest import Browser, StandingClock, form_token
from tests.factories import account, one_time_link, selects, with_password

PASSWORD = "lettuce copper violin"


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def seen_at(services: Services, token: str) -> object:
    with services.database.reading() as session:
        return session.exec(
            select(SignInSession.seen_at).where(SignInSession.token_hash == token_hash(token))
        ).one()


def token_of(client: FlaskClient) -> str:
    with client.session_transaction() as cookie:
        return str(cookie["_user_id"])


def test_who_comes_back_within_the_hour_stays_signed_in(
    sign_in: Callable[..., Browser], clock: StandingClock
) -> None:
    client = sign_in("researcher").client
    for _ in range(5):
        clock.move(minutes=50)
        assert is_in(client)


def test_an_idle_hour_ends_a_session(sign_in: Callable[..., Browser], clock: StandingClock) -> None:
    client = sign_in("researcher").client
    clock.move(minutes=61)
    assert not is_in(client)


def test_a_day_ends_a_session_however_busy(
    sign_in: Callable[..., Browser], clock: StandingClock
) -> None:
    client = sign_in("researcher").client
    for _ in range(30):
        clock.move(minutes=47)
        assert is_in(client)
    clock.move(minutes=31)
    assert not is_in(client)


def test_the_last_sight_is_noted_once_a_minute(
    app: Flask, sign_in: Callable[..., Browser], clock: StandingClock
) -> None:
    services, client = app.extensions["incidents"], sign_in("researcher").client
    begun = clock.now
    clock.move(seconds=59)
    client.get("/account")
    assert seen_at(services, token_of(client)) == begun
    clock.move(seconds=2)
    client.get("/account")
    assert seen_at(services, token_of(client)) == clock.now


def test_one_statement_loads_session_account_and_roles(
    app: Flask, sign_in: Callable[..., Browser]
) -> None:
    client = sign_in("researcher", "reviewer", "admin").client
    with selects(app.extensions["incidents"].database) as statements:
        assert client.get("/no-such-page").status_code == 404
    assert len(statements) == 1


def test_changed_roles_hold_from_the_next_request(
    services: Services, sign_in: Callable[..., Browser]
) -> None:
    browser = sign_in("researcher")
    with services.database.writing() as session:
        work = services.work(session, OPERATOR)
        change_roles(work, browser.person.id, {Role.ADMIN}, protected_grant=False)
        session.commit()
    assert browser.get("/settings/accounts").status_code == 200


def test_a_disabled_account_is_out_at_once(
    services: Services, sign_in: Callable[..., Browser]
) -> None:
    browser = sign_in("researcher")
    with services.database.writing() as session:
        disable(services.work(session, OPERATOR), browser.person.id)
        session.commit()
    assert not is_in(browser.client)


def test_a_made_up_token_opens_nothing(client: FlaskClient) -> None:
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "guessed"
    assert not is_in(client)


def test_the_cookie_holds_another_token_after_every_sign_in(
    app: Flask, client: FlaskClient
) -> None:
    services = app.extensions["incidents"]
    person = account(services, "mira")
    tokens = set()
    for _ in range(2):
        address = one_time_link(services, person)
        _post(client, address)
        tokens.add(token_of(client))
    assert len(tokens) == 2


def test_signing_in_again_ends_this_browsers_session_before(
    app: Flask, client: FlaskClient
) -> None:
    services = app.extensions["incidents"]
    person = account(services, "mira")
    _post(client, one_time_link(services, person))
    before = token_of(client)
    _post(client, one_time_link(services, person))
    stolen = app.test_client()
    with stolen.session_transaction() as cookie:
        cookie["_user_id"] = before
    assert not is_in(stolen)


def test_the_form_token_changes_with_the_person(app: Flask, client: FlaskClient) -> None:
    services = app.extensions["incidents"]
    _post(client, one_time_link(services, account(services, "mira")))
    first = _raw_form_token(client)
    _post(client, one_time_link(services, account(services, "samuel")))
    assert _raw_form_token(client) != first


def test_a_form_that_waited_can_be_sent_after_the_same_person_signs_in_again(
    app: Flask, sign_in: Callable[..., Browser], clock: StandingClock
) -> None:
    browser = sign_in("researcher")
    services = app.extensions["incidents"]
    with_password(services, browser.person, PASSWORD)
    waiting = form_token(browser.client)
    clock.move(minutes=90)
    assert browser.post("/account").status_code == 401
    signed_in = browser.post("/sign-in", {"name": browser.viewer.name, "password": PASSWORD})
    assert signed_in.status_code == 303
    sent = browser.client.post("/account", data={"csrf_token": waiting})
    assert sent.status_code == 422


def test_what_was_typed_when_the_session_had_ended_can_be_sent_again(
    app: Flask, sign_in: Callable[..., Browser], clock: StandingClock
) -> None:
    person = account(app.extensions["incidents"], "mira")
    with_password(app.extensions["incidents"], person, PASSWORD)
    browser = sign_in(person=person)
    clock.move(minutes=90)
    typed = "\nFirst <line>,\n\nsecond “line”"
    page = browser.post("/account?then=this", {"old": PASSWORD, "new": typed})
    assert page.status_code == 401
    assert 'action="/account?then=this"' in page.text
    kept = dict(
        re.findall(r'<textarea name="(\w+)" hidden readonly>\n(.*?)</textarea>', page.text, re.S)
    )
    assert html.unescape(kept["new"]) == typed
    browser.post("/sign-in", {"name": "mira", "password": PASSWORD})
    sent = {name: html.unescape(value) for name, value in kept.items()}
    again = browser.client.post("/account?then=this", data=sent)
    assert "The two are not the same" in again.text


def test_a_form_of_another_site_is_not_kept(client: FlaskClient) -> None:
    page = client.post("/account", data={"new": "typed", "csrf_token": "made up"})
    assert page.status_code == 401
    assert "typed" not in page.text


def test_signing_out_ends_the_session_itself(app: Flask, sign_in: Callable[..., Browser]) -> None:
    browser = sign_in("researcher")
    copied = app.test_client()
    with copied.session_transaction() as cookie:
        cookie["_user_id"] = token_of(browser.client)
    assert browser.post("/sign-out").location == "/sign-in"
    assert not is_in(browser.client)
    assert not is_in(copied)


def test_another_account_s_sessions_are_not_touched(
    app: Flask, sign_in: Callable[..., Browser]
) -> None:
    mine, theirs = sign_in("researcher"), sign_in("researcher")
    services = app.extensions["incidents"]
    with services.database.reading() as session:
        their_id = session.exec(
            select(SignInSession.id).where(SignInSession.account_id == theirs.person.id)
        ).one()
    assert mine.post(f"/account/sessions/{their_id}/end").status_code == 404
    assert is_in(theirs.client)


def test_one_can_sign_another_browser_of_one_s_own_out(
    app: Flask, sign_in: Callable[..., Browser]
) -> None:
    here = sign_in("researcher")
    there = sign_in(person=here.person)
    services = app.extensions["incidents"]
    with services.database.reading() as session:
        there_id = session.exec(
            select(SignInSession.id).where(
                SignInSession.token_hash == token_hash(token_of(there.client))
            )
        ).one()
    assert "An unknown browser" in here.get("/account").text
    assert here.post(f"/account/sessions/{there_id}/end").status_code == 303
    assert not is_in(there.client)
    assert is_in(here.client)


def test_going_on_stays_here() -> None:
    assert safe_next("/incidents?type=killing") == "/incidents?type=killing"
    for elsewhere in (
        None,
        "",
        "incidents",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/%5C\\evil",
    ):
        assert safe_next(elsewhere) is None


def _post(client: FlaskClient, address: str) -> None:
    assert client.post(address, data={"csrf_token": form_token(client)}).status_code == 303


def _raw_form_token(client: FlaskClient) -> str | None:
    client.get("/account")
    with client.session_transaction() as cookie:
        return cookie.get("csrf_token")
