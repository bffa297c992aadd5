"""Signing in by password: every failure says the same, and guessing slows down."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from incidents import passwords
from incidents.account.actions import disable
from incidents.account.models import SignInFailure
from incidents.audit.models import AuditEntry
from incidents.services import Services
from incidents.viewer import OPERATOR
from tests.conftest import StandingClock, form_token
from tests.factories import Person, account, with_password

PASSWORD = "lettuce copper violin"
NO_MATCH = "This name and password don’t match. Check both and try again."
_FORM_TOKEN = re.compile('name="csrf_token"[^>]*')


@pytest.fixture
def here(app: Flask) -> Services:
    services: Services = app.extensions["incidents"]
    return services


@pytest.fixture
def mira(here: Services) -> Person:
    person = account(here, "Mira Holt")
    with_password(here, person, PASSWORD)
    return person


def attempt(
    client: FlaskClient, name: str = "Mira Holt", password: str = PASSWORD, **more: Any
) -> Any:
    data = {"name": name, "password": password, "csrf_token": form_token(client)}
    return client.post("/sign-in", data=data, **more)


def fail(client: FlaskClient, times: int, name: str = "Mira Holt", address: str = "") -> Any:
    more = {"environ_base": {"REMOTE_ADDR": address}} if address else {}
    for _ in range(times):
        response = attempt(client, name, "not this one", **more)
    return response


def actions(services: Services) -> list[str]:
    with services.database.reading() as session:
        return list(session.exec(select(AuditEntry.action).order_by(AuditEntry.sequence)))


def test_name_and_password_sign_in(client: FlaskClient, mira: Person, here: Services) -> None:
    assert attempt(client).location == "/"
    assert client.get("/account").status_code == 200
    assert actions(here)[-1] == "sign_in"


def test_the_name_is_folded_and_the_password_is_not(client: FlaskClient, mira: Person) -> None:
    assert attempt(client, password=PASSWORD.upper()).status_code == 422
    assert attempt(client, name="  mira  HOLT ").status_code == 303


def test_signing_in_goes_on_to_where_one_was_going(client: FlaskClient, mira: Person) -> None:
    page = client.get("/settings/audit?after=7")
    assert page.location == "/sign-in?next=/settings/audit?after%3D7"
    assert 'action="/sign-in?next=' in client.get(page.location).text
    data = {"name": "Mira Holt", "password": PASSWORD, "csrf_token": form_token(client)}
    assert client.post(page.location, data=data).location == "/settings/audit?after=7"


def test_going_on_never_leads_elsewhere(client: FlaskClient, mira: Person) -> None:
    data = {"name": "Mira Holt", "password": PASSWORD, "csrf_token": form_token(client)}
    response = client.post("/sign-in?next=https://evil.example/", data=data)
    assert response.location == "/"


def test_wrong_password_unknown_name_no_password_and_disabled_say_the_same(
    client: FlaskClient, mira: Person, here: Services
) -> None:
    account(here, "invited only")
    gone = account(here, "gone")
    with_password(here, gone, PASSWORD)
    with here.database.writing() as session:
        disable(here.work(session, OPERATOR), gone.id)
        session.commit()
    pages = {
        _FORM_TOKEN.sub("", attempt(client, name, word).text.replace(name, "…"))
        for name, word in (
            ("Mira Holt", "not this one"),
            ("nobody", PASSWORD),
            ("invited only", PASSWORD),
            ("gone", PASSWORD),
        )
    }
    assert len(pages) == 1
    assert NO_MATCH in pages.pop()


def test_an_unknown_name_costs_the_same_work(
    client: FlaskClient, mira: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    real = passwords._hasher

    class Counting:
        hash = real.hash

        @staticmethod
        def verify(password_hash: str, password: str) -> bool:
            checked.append(password_hash.split("$")[3])
            return real.verify(password_hash, password)

    passwords._nobodys()
    monkeypatch.setattr(passwords, "_hasher", Counting())
    attempt(client, "nobody")
    attempt(client, "Mira Holt", "not this one")
    assert len(checked) == 2
    assert checked[0] == checked[1]


def test_no_transaction_is_open_while_a_password_is_checked(
    client: FlaskClient, mira: Person, here: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    real = passwords.matches

    def watched(password_hash: str | None, password: str) -> bool:
        seen.append(here.database.engine.pool.status())
        pool: Any = here.database.engine.pool
        assert pool.checkedout() == 0
        return real(password_hash, password)

    monkeypatch.setattr(passwords, "matches", watched)
    assert attempt(client).status_code == 303
    assert seen


def test_guessing_at_an_account_slows_down_and_says_how_long(
    client: FlaskClient, mira: Person, clock: StandingClock
) -> None:
    assert fail(client, 5).status_code == 422
    slowed = attempt(client)
    assert slowed.status_code == 429
    assert "Try again in 30 seconds." in slowed.text
    assert slowed.headers["Retry-After"] == "31"
    clock.move(seconds=30)
    assert attempt(client).status_code == 303


def test_each_further_failure_doubles_the_wait_up_to_a_quarter_of_an_hour(
    client: FlaskClient, mira: Person, clock: StandingClock
) -> None:
    fail(client, 5)
    for expected in ("30 seconds", "60 seconds", "2 minutes", "4 minutes", "8 minutes"):
        assert f"Try again in {expected}." in attempt(client).text
        clock.move(minutes=8)
        fail(client, 1)
    assert "Try again in 15 minutes." in attempt(client).text


def test_waiting_attempts_do_not_lengthen_the_wait(
    client: FlaskClient, mira: Person, clock: StandingClock
) -> None:
    fail(client, 5)
    clock.move(seconds=29)
    assert fail(client, 10).status_code == 429
    clock.move(seconds=1)
    assert attempt(client).status_code == 303


def test_an_address_that_tries_many_names_slows_down(
    client: FlaskClient, mira: Person, app: Flask
) -> None:
    for number in range(20):
        assert fail(client, 1, f"name {number}", "10.0.0.7").status_code == 422
    assert fail(client, 1, "another", "10.0.0.7").status_code == 429
    assert attempt(app.test_client()).status_code == 303


def test_a_name_slows_down_alike_whether_or_not_it_is_an_account(
    client: FlaskClient, mira: Person
) -> None:
    fail(client, 5, "nobody at all")
    assert fail(client, 1, "nobody at all").status_code == 429


def test_strangers_failures_do_not_slow_a_browser_that_signed_in_before(
    client: FlaskClient, mira: Person, app: Flask
) -> None:
    assert attempt(client).status_code == 303
    client.post("/sign-out", data={"csrf_token": form_token(client)})
    stranger = app.test_client()
    fail(stranger, 5)
    assert attempt(stranger).status_code == 429
    assert attempt(client).status_code == 303


def test_a_known_browser_that_guesses_is_slowed_down_by_itself(
    client: FlaskClient, mira: Person, app: Flask
) -> None:
    attempt(client)
    client.post("/sign-out", data={"csrf_token": form_token(client)})
    fail(client, 5)
    assert attempt(client).status_code == 429
    assert attempt(app.test_client()).status_code == 303


def test_a_known_browser_is_known_for_its_own_account_only(
    client: FlaskClient, mira: Person, here: Services, app: Flask
) -> None:
    attempt(client)
    client.post("/sign-out", data={"csrf_token": form_token(client)})
    with_password(here, account(here, "samuel"), PASSWORD)
    fail(app.test_client(), 5, "samuel")
    assert attempt(client, "samuel").status_code == 429


def test_a_made_up_device_cookie_helps_nobody(client: FlaskClient, mira: Person) -> None:
    fail(client, 5)
    client.set_cookie("incidents-device", "made.up.entirely")
    assert attempt(client).status_code == 429


def test_signing_in_forgets_the_failures_before(client: FlaskClient, mira: Person) -> None:
    fail(client, 4)
    assert attempt(client).status_code == 303
    client.delete_cookie("incidents-device")
    client.post("/sign-out", data={"csrf_token": form_token(client)})
    assert fail(client, 5).status_code == 422


def test_names_and_addresses_are_kept_and_logged_as_hashes_only(
    client: FlaskClient, mira: Person, here: Services
) -> None:
    fail(client, 6, address="10.0.0.7")
    with here.database.reading() as session:
        failure = session.exec(select(SignInFailure)).first()
        logged = session.exec(
            select(AuditEntry).where(AuditEntry.action == "sign_in_failures")
        ).all()
    assert failure is not None
    assert {len(failure.account_hash), len(failure.address_hash)} == {64}
    [entry] = logged
    assert '"failures":5' in entry.payload
    assert "Mira" not in entry.payload
    assert "10.0.0.7" not in entry.payload


def test_old_failures_are_swept(
    client: FlaskClient, mira: Person, here: Services, clock: StandingClock
) -> None:
    fail(client, 3)
    clock.move(hours=25)
    fail(client, 1)
    with here.database.reading() as session:
        assert len(session.exec(select(SignInFailure)).all()) == 1


def test_too_many_at_once_are_asked_to_wait(
    client: FlaskClient, mira: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "PATIENCE_S", 0.01)
    for _ in range(passwords.AT_ONCE):
        passwords._turns.acquire()
    try:
        response = attempt(client)
    finally:
        passwords._turns.release(passwords.AT_ONCE)
    assert response.status_code == 503
    assert "Try again in a few seconds." in response.text


@pytest.mark.parametrize(("name", "password"), [("", PASSWORD), ("Mira Holt", ""), ("a\x00b", "x")])
def test_what_is_missing_or_can_not_be_stored_is_said_by_its_field(
    client: FlaskClient, name: str, password: str
) -> None:
    response = attempt(client, name, password)
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.text


def test_the_password_is_never_shown_again(client: FlaskClient, mira: Person) -> None:
    assert "not this one" not in attempt(client, password="not this one").text


def test_who_is_signed_in_does_not_see_the_door(client: FlaskClient, mira: Person) -> None:
    attempt(client)
    assert client.get("/sign-in").location == "/"
