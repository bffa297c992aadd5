"""What every answer tells the browser, and what the cookies are."""

import gzip
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from incidents.app import create_app
from incidents.config import Settings
from tests.conftest import Browser, StandingClock, form_token
from tests.factories import account, with_password

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PASSWORD = "lettuce copper violin"


@pytest.fixture
def behind_tls(settings: Settings, clock: StandingClock) -> Iterator[Flask]:
    app = create_app(settings.model_copy(update={"behind_tls": True}), clock=clock)
    app.testing = True
    yield app
    app.extensions["incidents"].database.dispose()


def cookies(response: TestResponse) -> list[str]:
    return list(response.headers.getlist("Set-Cookie"))


def test_pages_may_load_nothing_from_elsewhere_and_run_nothing_inline(client: FlaskClient) -> None:
    policy = client.get("/sign-in").headers["Content-Security-Policy"]
    assert policy == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
        " font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none';"
        " base-uri 'none'"
    )


@pytest.mark.parametrize("address", ["/sign-in", "/", "/no-such-page", "/static/incidents.css"])
def test_every_answer_carries_the_headers(client: FlaskClient, address: str) -> None:
    with client.get(address) as response:
        headers = response.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers


def test_no_cache_keeps_a_page(sign_in: Callable[..., Browser]) -> None:
    browser = sign_in("researcher")
    for address in ("/", "/account", "/no-such-page"):
        assert browser.get(address).headers["Cache-Control"] == "no-store"


def test_a_file_named_by_its_content_is_kept_for_good(app: Flask, client: FlaskClient) -> None:
    with app.test_request_context():
        address = app.url_for("static", filename="incidents.css")
    with client.get(address) as named, client.get("/static/incidents.css") as plain:
        assert "immutable" in named.headers["Cache-Control"]
        assert "no-cache" in plain.headers["Cache-Control"]


def test_behind_tls_browsers_stay_there_and_cookies_with_them(behind_tls: Flask) -> None:
    person = account(behind_tls.extensions["incidents"], "mira")
    with_password(behind_tls.extensions["incidents"], person, PASSWORD)
    client = behind_tls.test_client()
    page = client.get("/sign-in", base_url="https://localhost")
    assert page.headers["Strict-Transport-Security"].startswith("max-age=63072000")
    with client.session_transaction(base_url="https://localhost") as cookie:
        assert cookie["csrf_token"]
    [cookie_set] = cookies(page)
    assert cookie_set.startswith("__Host-incidents=")
    for attribute in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert attribute in cookie_set
    assert "Domain" not in cookie_set


def test_on_loopback_the_cookies_are_plain_and_closed_to_scripts(
    app: Flask, client: FlaskClient
) -> None:
    person = account(app.extensions["incidents"], "mira")
    with_password(app.extensions["incidents"], person, PASSWORD)
    data = {"name": "mira", "password": PASSWORD, "csrf_token": form_token(client)}
    response = client.post("/sign-in", data=data)
    assert response.status_code == 303
    names = {cookie.partition("=")[0] for cookie in cookies(response)}
    assert names == {"incidents", "incidents-device"}
    assert all("HttpOnly" in one and "SameSite=Lax" in one for one in cookies(response))
    assert not any("Secure" in one for one in cookies(response))


def test_static_files_are_sent_compressed_to_who_takes_it(client: FlaskClient) -> None:
    takes = {"Accept-Encoding": "gzip, br"}
    plain = client.get("/static/incidents.css", buffered=True)
    packed = client.get("/static/incidents.css", headers=takes, buffered=True)

    assert plain.headers.get("Content-Encoding") is None
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) * 3 < len(plain.data)
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    again = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
    unchanged = client.get("/static/incidents.css", headers=again, buffered=True)
    assert unchanged.status_code == 304


def test_pages_are_not_compressed(client: FlaskClient) -> None:
    page = client.get("/sign-in", headers={"Accept-Encoding": "gzip"})
    assert page.headers.get("Content-Encoding") is None
