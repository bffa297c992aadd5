"""Default deny: one function before every request lets in a few public endpoints, and otherwise
only a signed-in account one of whose roles the route names. Owns the cookies' settings too."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

import flask
import structlog
from flask import Flask
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import BadRequest, Forbidden, Unauthorized
from werkzeug.wrappers import Response

from incidents.account.actions.signing_in import SEEN_EVERY, refresh_seen
from incidents.account.queries import SignedIn
from incidents.config import Settings
from incidents.web.request import (
    READING_METHODS,
    close_session,
    load_user,
    roles_allowed,
    services,
    signed_in,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PUBLIC = (
    *("static", "account.sign_in", "account.one_time_link"),
    *("account.who", "account.sign_in_again"),
)
# A form waits as long as its session lives, so its token has no clock of its own.
_NEVER = None
_log = structlog.get_logger(__name__)


def cookie_name(settings: Settings, name: str) -> str:
    """Browsers accept `__Host-` only over TLS, for this host alone, for the whole of it."""
    return f"__Host-{name}" if settings.behind_tls else name


class HeadAsGet:
    """Answers HEAD as GET without its body: a view that asks "is it GET?" would take it for POST,
    past the form token, which HEAD does not carry."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "HEAD":
            return self._app(environ, start_response)
        body = self._app({**environ, "REQUEST_METHOD": "GET"}, start_response)
        if hasattr(body, "close"):
            body.close()
        return []


def protect(app: Flask, settings: Settings) -> None:
    """Close the app: guard, form tokens, sign-in, cookies."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME=cookie_name(settings, "incidents"),
        SESSION_COOKIE_SECURE=settings.behind_tls,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        WTF_CSRF_TIME_LIMIT=_NEVER,
        # It compares the Referer, which our pages tell browsers not to send.
        WTF_CSRF_SSL_STRICT=False,
        # Not used, and not to be left open by a default.
        REMEMBER_COOKIE_SECURE=settings.behind_tls,
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_DURATION=timedelta(0),
    )
    # Flask's own way to wrap an app, which its types call a method.
    app.wsgi_app = HeadAsGet(app.wsgi_app)  # type: ignore[method-assign]
    app.before_request(_guard)
    app.teardown_request(close_session)
    CSRFProtect(app)
    manager = LoginManager()
    # The session's row in the database is what ends it, not a change of network.
    manager.session_protection = None
    manager.user_loader(load_user)
    manager.init_app(app, add_context_processor=False)


def _guard() -> Response | None:
    request = flask.request
    if request.method not in READING_METHODS and request.headers.get(
        "Sec-Fetch-Site", "same-origin"
    ) in {"cross-site", "same-site"}:
        raise BadRequest("This was sent from another site. Open the page here and send it again.")
    if request.endpoint in PUBLIC:
        return None
    account = signed_in()
    if account is None:
        return _ask_to_sign_in()
    _note_seen(account)
    # No endpoint: an address or a method nobody serves, which the dispatcher answers.
    if request.endpoint and not roles_allowed(request.endpoint) & account.viewer.roles:
        raise Forbidden
    return None


def _ask_to_sign_in() -> Response:
    """The same for every address, existing or not: a stranger learns nothing of what is here."""
    request = flask.request
    if request.method not in {"GET", "HEAD"}:
        raise Unauthorized
    wanted = request.full_path if request.query_string else request.path
    going_on = None if wanted == "/" else wanted
    return flask.redirect(flask.url_for("account.sign_in", next=going_on), 303)


def _note_seen(account: SignedIn) -> None:
    app = services()
    now = app.clock()
    if now - account.seen_at < SEEN_EVERY:
        return
    try:
        with app.database.writing() as writing:
            refresh_seen(writing, account.session_id, now)
            writing.commit()
    except OperationalError as error:
        # A long import holds the lock: reading goes on, the next request notes it.
        _log.warning("session not refreshed", error=type(error).__name__)
