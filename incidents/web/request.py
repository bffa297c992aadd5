"""One request: its viewer, its transaction, its unit of work, and who may use a route.

The cookie carries the sign-in token and the form token, signed; everything else is in the database.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

import flask
import structlog
from flask_login import current_user, login_user, logout_user
from sqlmodel import Session
from werkzeug.exceptions import Unauthorized

from incidents.account.queries import SignedIn, signed_in_by_token
from incidents.audit.actions import HEAD_NOTE, keep_head
from incidents.audit.queries import head_note, problems_of_note
from incidents.db import LARGEST_ROW
from incidents.services import Services
from incidents.viewer import Role, Viewer
from incidents.work import Work

View = TypeVar("View", bound=Callable[..., Any])
EVERYBODY = tuple(Role)
READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_TOKEN = "_user_id"  # where Flask-Login keeps it
_allowed: dict[Callable[..., Any], frozenset[Role]] = {}
_log = structlog.get_logger(__name__)


def allow(*roles: Role) -> Callable[[View], View]:
    """Declare which roles may use a route. A route without it is closed to everybody."""

    def declare(view: View) -> View:
        assert view not in _allowed, f"{view.__qualname__} says twice who may use it"
        _allowed[view] = frozenset(roles)
        return view

    return declare


def roles_allowed(endpoint: str) -> frozenset[Role]:
    return _allowed.get(flask.current_app.view_functions[endpoint], frozenset())


def services() -> Services:
    opened = flask.current_app.extensions["incidents"]
    assert isinstance(opened, Services)
    return opened


@dataclass(frozen=True)
class BrowserUser:
    """What Flask-Login asks of a user; its id is the sign-in token, so ending the row signs out."""

    token: str
    account: SignedIn
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.token


def load_user(token: str) -> BrowserUser | None:
    """One statement in a transaction of its own, so that no request locks before it is let in."""
    app = services()
    with app.database.reading() as reading:
        account = signed_in_by_token(
            reading, token, app.clock(), idle_minutes=app.config.session_idle_minutes
        )
    return BrowserUser(token, account) if account else None


def signed_in() -> SignedIn | None:
    """None for an anonymous browser."""
    user = current_user._get_current_object()
    return user.account if isinstance(user, BrowserUser) else None


def viewer() -> Viewer:
    """Who is asking. 401 for an anonymous browser, which only public routes can meet."""
    account = signed_in()
    if account is None:
        raise Unauthorized
    return account.viewer


def read_viewer_again() -> None:
    """After the request changed its own account and committed: who is asking, as it stands now."""
    token = cookie_token()
    user = load_user(token) if token else None
    if user is None:
        raise Unauthorized
    flask.g._login_user = user


def viewer_if_known() -> Viewer | None:
    """For templates: never asks the database, so that an error page works without one."""
    user = flask.g.get("_login_user")
    return user.account.viewer if isinstance(user, BrowserUser) else None


def session(*, writes: bool | None = None) -> Session:
    """The request's session, opened when first asked for: writing for POST, reading for GET.

    A GET that is logged says `writes=True` before anything else asks. Closed after the request,
    rolled back unless `commit()` was called.
    """
    if writes is None:
        writes = flask.request.method not in READING_METHODS
    opened: Session | None = flask.g.get("session")
    if opened is None:
        opened = services().database.session(writes=writes)
        flask.g.session, flask.g.session_writes = opened, writes
    elif writes and not flask.g.session_writes:
        raise RuntimeError("a session that reads was opened before the one that writes")
    return opened


def version_read() -> int:
    """The version a posted button was pressed on; 0, which no record has, when it says none."""
    said = flask.request.form.get("version", type=int) or 0
    return said if 0 < said <= LARGEST_ROW else 0


def work() -> Work:
    return services().work(session(), viewer())


def commit() -> None:
    """Commit the request's work, then copy the log's head out of the database."""
    save(services(), session())


def save(opened: Services, writing: Session) -> None:
    """Commit, then copy the log's head into the archive: a cut tail of the log shows against it."""
    kept = opened.archive.read_note(HEAD_NOTE)
    doubts = list(problems_of_note(writing, kept))
    note = head_note(writing)
    writing.commit()
    if doubts:
        # A note that contradicts the log is the proof of it, and stays for `audit verify`.
        _log.error("audit log is not the one the archive noted")
        return
    try:
        keep_head(opened.archive, note)
    except OSError as error:
        # What was asked for is done and must not look as if it failed.
        _log.error("audit head not copied", error=type(error).__name__)


def close_session(_error: BaseException | None = None) -> None:
    opened: Session | None = flask.g.pop("session", None)
    if opened is not None:
        opened.close()


def sign_in_browser(token: str) -> None:
    """Give this browser a new signed-in cookie, after the session's row was committed.

    The form token changes with it, unless the same person comes back after an expired session:
    then a form that waited in another tab can still be sent.
    """
    user = load_user(token)
    if user is None:
        raise Unauthorized
    kept = flask.session.get("csrf_token") if _was_last(user) else None
    flask.session.clear()
    flask.g.pop("csrf_token", None)
    if kept:
        flask.session["csrf_token"] = kept
    login_user(user)
    flask.session["account"] = user.account.viewer.account_id


def sign_out_browser() -> None:
    logout_user()
    flask.session.clear()


def cookie_token() -> str | None:
    """The token this browser's cookie carries, be it good or ended."""
    return flask.session.get(_TOKEN)


def safe_next(target: str | None) -> str | None:
    """A path of this installation to go on to, or None: never another host, never a script."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if any(ord(character) < 33 or character == "\\" for character in target):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else target


def _was_last(user: BrowserUser) -> bool:
    return bool(flask.session.get("account") == user.account.viewer.account_id)
