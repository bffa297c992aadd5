"""One-time links: looking uses nothing up, using works once, and a used one says little."""

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select
from werkzeug.test import TestResponse

from incidents.account.actions import disable
from incidents.account.models import Account, OneTimeLink
from incidents.audit.models import AuditEntry
from incidents.services import Services
from incidents.viewer import OPERATOR
from tests.conftest import StandingClock, form_token
from tests.factories import Person, account, one_time_link, with_password

PASSWORD = "lettuce copper violin"


def use(client: FlaskClient, address: str) -> TestResponse:
    return client.post(address, data={"csrf_token": form_token(client)})


def link_for(app: Flask, name: str = "Mira Holt") -> tuple[Services, Person, str]:
    services: Services = app.extensions["incidents"]
    person = account(services, name)
    return services, person, one_time_link(services, person)


def test_looking_says_whose_it_is_and_uses_nothing_up(app: Flask, client: FlaskClient) -> None:
    _, _, address = link_for(app)
    for _ in range(3):
        page = client.get(address)
        assert page.status_code == 200
        assert "Mira Holt" in page.text
        assert "autofocus" in page.text
    assert client.head(address).status_code == 200
    assert use(client, address).status_code == 303


def test_using_it_signs_in_once_and_suggests_a_password(app: Flask, client: FlaskClient) -> None:
    services, _, address = link_for(app)
    response = client.post(address, data={"csrf_token": form_token(client)}, follow_redirects=True)
    assert response.request.path == "/account"
    assert "Choose a password" in response.text
    with services.database.reading() as session:
        entries = session.exec(select(AuditEntry.action).order_by(AuditEntry.sequence)).all()
    assert entries[-2:] == ["use_link", "sign_in"]


def test_a_second_use_is_gone(app: Flask, client: FlaskClient) -> None:
    _, _, address = link_for(app)
    use(client, address)
    other = app.test_client()
    for response in (other.get(address), use(other, address)):
        assert response.status_code == 410
        assert "Ask an administrator" in response.text
        assert "Mira Holt" not in response.text


def test_an_expired_an_unknown_and_a_disabled_one_look_the_same(
    app: Flask, client: FlaskClient, clock: StandingClock
) -> None:
    services, _, expired = link_for(app)
    clock.move(hours=49)
    _, gone, disabled = link_for(app, "gone")
    with services.database.writing() as session:
        disable(services.work(session, OPERATOR), gone.id)
        session.commit()
    pages = {
        (response.status_code, response.text)
        for response in map(client.get, (expired, "/sign-in/unknown", disabled))
    }
    assert {status for status, _ in pages} == {410}
    assert len(pages) == 1


def test_a_new_link_ends_the_ones_before(app: Flask, client: FlaskClient) -> None:
    services, person, first = link_for(app)
    second = one_time_link(services, person)
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200


def test_using_it_forgets_the_password_and_ends_other_sessions(
    app: Flask, client: FlaskClient
) -> None:
    services, person, address = link_for(app)
    with_password(services, person, PASSWORD)
    other = app.test_client()
    data = {"name": "Mira Holt", "password": PASSWORD, "csrf_token": form_token(other)}
    assert other.post("/sign-in", data=data).status_code == 303
    use(client, address)
    assert other.get("/account").status_code == 303
    with services.database.reading() as session:
        assert session.exec(select(Account.password_hash)).all() == [None]


def test_only_its_hash_is_kept(app: Flask) -> None:
    services, _, address = link_for(app)
    with services.database.reading() as session:
        [kept] = session.exec(select(OneTimeLink.token_hash)).all()
    assert kept not in address
    assert len(kept) == 64


def test_it_needs_the_form_token(app: Flask, client: FlaskClient) -> None:
    _, _, address = link_for(app)
    assert client.post(address).status_code == 400
    assert client.get(address).status_code == 200
