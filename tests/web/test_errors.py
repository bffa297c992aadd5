"""Error pages: a sentence, a code, and nothing of the inside."""

from collections.abc import Callable

import pytest
from flask import Flask, abort, request
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from incidents.archive import ArchiveError
from incidents.errors import FieldErrors, IncidentsError, NotAllowed, NotFound, Stale, WrongState
from incidents.viewer import Role
from incidents.web import allow
from tests.conftest import Browser

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SECRET = "Aigul Sadykova was beaten"


def raising(app: Flask, error: Exception) -> str:
    @allow(Role.RESEARCHER)
    def view() -> str:
        raise error

    app.add_url_rule("/raising", "raising", view)
    return "/raising"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotFound("There is no such source."), 404),
        (NotAllowed("Another reviewer decides on it."), 403),
        (Stale("It was saved by someone else.", current_version=3), 409),
        (WrongState("It is approved already."), 409),
        (FieldErrors({"title": "Enter a title."}), 422),
        (IncidentsError("That can’t be done."), 400),
    ],
)
def test_what_an_action_refuses_becomes_a_page_with_its_sentence(
    app: Flask, sign_in: Callable[..., Browser], error: IncidentsError, code: int
) -> None:
    response = sign_in("researcher").get(raising(app, error))
    assert response.status_code == code
    assert error.message in response.text


@pytest.mark.parametrize("error", [RuntimeError(SECRET), ArchiveError(SECRET)])
def test_a_failure_shows_a_number_that_the_log_has_too_and_no_words(
    app: Flask, sign_in: Callable[..., Browser], error: Exception
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    browser = sign_in("researcher")
    with capture_logs() as logs:
        response = browser.get(raising(app, error))
    assert response.status_code == 500
    assert SECRET not in response.text
    assert "Traceback" not in response.text
    [event] = logs
    assert event["number"] in response.text
    assert event["error"] == type(error).__name__
    assert any("view" in frame for frame in event["frames"])
    assert SECRET not in str(event)


def test_the_failure_page_needs_no_database(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no database")

    monkeypatch.setattr(app.extensions["incidents"].database, "reading", broken)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "some token"
    response = client.get("/")
    assert response.status_code == 500
    assert "Something broke here" in response.text


def test_an_old_form_is_refused_calmly(sign_in: Callable[..., Browser]) -> None:
    response = sign_in("researcher").client.post("/account", data={"csrf_token": "old"})
    assert response.status_code == 400
    assert "Nothing was changed" in response.text


def test_a_form_sent_from_another_site_is_refused(sign_in: Callable[..., Browser]) -> None:
    response = sign_in("researcher").post("/account", headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 400
    assert "another site" in response.text


@pytest.mark.parametrize("code", [400, 404, 405, 409, 410, 413, 415, 418, 429, 503])
def test_every_code_has_a_page(app: Flask, sign_in: Callable[..., Browser], code: int) -> None:
    @allow(Role.RESEARCHER)
    def view() -> str:
        abort(code)

    app.add_url_rule("/aborting", "aborting", view)
    response = sign_in("researcher").get("/aborting")
    assert response.status_code == code
    assert "<h1>" in response.text


def test_a_body_that_is_too_large_gets_its_page(
    app: Flask, sign_in: Callable[..., Browser]
) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    response = sign_in("researcher").post("/account", {"new": "x" * 2000})
    assert response.status_code == 413
    assert "too large" in response.text


def test_an_address_nobody_serves_is_not_found_for_who_is_signed_in(
    sign_in: Callable[..., Browser],
) -> None:
    response = sign_in("researcher").get("/no-such-page")
    assert response.status_code == 404
    assert "not yours to see" in response.text


def test_a_write_by_nobody_says_that_one_is_signed_out(client: FlaskClient) -> None:
    response = client.post("/account")
    assert response.status_code == 401
    assert "signed out" in response.text


def test_head_reads_as_get_does_and_carries_no_body(
    app: Flask, sign_in: Callable[..., Browser]
) -> None:
    seen: list[str] = []

    @allow(Role.RESEARCHER)
    def view() -> str:
        seen.append(request.method)
        return "a body"

    app.add_url_rule("/both", "both", view, methods=["GET", "POST"])
    response = sign_in("researcher").client.head("/both")
    assert (response.status_code, response.data, seen) == (200, b"", ["GET"])
    assert response.headers["Content-Length"] == "6"
