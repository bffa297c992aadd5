"""Error pages: each says in a sentence what is so and what to do, and nothing about the inside.

Owns the program's one broad net. A failure gets a number that stands on the page and in the log.
"""

import secrets
import traceback
from http import HTTPStatus
from pathlib import Path

import flask
import structlog
from flask import Flask
from flask_wtf.csrf import CSRFError, validate_csrf
from werkzeug.exceptions import HTTPException, InternalServerError, Unauthorized
from werkzeug.wrappers import Response
from wtforms.validators import ValidationError

from incidents.archive import ArchiveError
from incidents.errors import FieldErrors, IncidentsError, NotAllowed, NotFound, Stale, WrongState

# A long article; more than that is not shown to somebody who is not signed in.
_KEPT_BYTES = 2_000_000
_log = structlog.get_logger(__name__)

# Code → heading, sentence. A domain error or an abort with words brings its own sentence.
PAGES = {
    400: ("That could not be read", "Go back, check what was sent, and send it again."),
    401: ("You are signed out", "Sign in again to go on."),
    403: (
        "Not yours to open",
        "Your roles do not include this page. An administrator can add one.",
    ),
    404: ("Not found", "There is nothing at this address, or it is not yours to see."),
    405: ("That can’t be done here", "Go back and use the buttons on the page."),
    409: ("Something has changed", "Go back, load the page again, and look at what is there now."),
    410: ("This is gone", "What stood at this address is no longer there."),
    413: ("That is too large", "Send a smaller file, or the text alone."),
    415: ("That kind of file is not taken", "Send it as another kind."),
    422: ("Something is missing or wrong", "Go back and mend it."),
    429: ("Too many attempts", "Wait a little, then try again."),
    500: ("Something broke here", "It is not your doing, and it has been noted."),
    503: ("Busy just now", "Wait a moment, then try again."),
}
_STALE_FORM = (
    "The page had been open since before you last signed in or out, or this browser keeps no"
    " cookies. Nothing was changed. Go back, load the page again, and send it once more."
)
_DOMAIN: dict[type[IncidentsError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Stale: 409,
    WrongState: 409,
    FieldErrors: 422,
}


def show_errors(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(IncidentsError, _domain_error)
    app.register_error_handler(InternalServerError, _failure)
    if not app.debug:
        # Flask's own entry holds the error's message, and that may hold a name or a quote;
        # it is a method, and no setting turns it off.
        app.log_exception = lambda exc_info: None  # type: ignore[method-assign]


def error_page(code: int, sentence: str | None = None, **more: object) -> tuple[str, int]:
    """A page saying what is so, for routes that have words of their own for it."""
    heading, usual = PAGES.get(code) or (HTTPStatus(code).phrase, "Go back and try again.")
    page = flask.render_template(
        "error.html",
        **{"code": code, "heading": heading, "sentence": sentence or usual, "number": None, **more},
    )
    return page, code


def _http_error(error: HTTPException) -> Response | tuple[str, int]:
    if error.code is None or error.code < 400:  # a redirect to the canonical address
        return error.get_response()
    described = error.description if error.description != type(error).description else None
    if isinstance(error, Unauthorized):
        return _signed_out()
    return error_page(error.code, described)


def _stale_form(_error: CSRFError) -> tuple[str, int]:
    return error_page(400, _STALE_FORM, heading="That page was out of date")


def _signed_out() -> tuple[str, int]:
    """With what was typed, ready to be sent again; only for a form of this browser's own."""
    request = flask.request
    if request.method != "POST" or (request.content_length or 0) > _KEPT_BYTES:
        return error_page(401)
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return error_page(401, "Sign in again to go on. Nothing was saved.")
    page = flask.render_template(
        "signed_out.html",
        address=request.full_path if request.query_string else request.path,
        kept=[(name, value) for name, value in request.form.items(multi=True) if value],
        files=[file.filename for file in request.files.values() if file.filename],
    )
    return page, 401


def _domain_error(error: IncidentsError) -> tuple[str, int]:
    code = next((code for kind, code in _DOMAIN.items() if isinstance(error, kind)), None)
    if code is None:
        return (
            _failure(error) if isinstance(error, ArchiveError) else error_page(400, error.message)
        )
    return error_page(code, error.message or None)


def _failure(error: Exception) -> tuple[str, int]:
    """Flask hands every exception nobody caught to this."""
    number = secrets.token_hex(4)
    cause = getattr(error, "original_exception", None) or error
    _log.error(
        "request failed",
        number=number,
        endpoint=flask.request.endpoint,
        method=flask.request.method,
        error=type(cause).__name__,
        # Frames without messages: those may hold a name or a quote;
        # it is a method, and no setting turns it off.
        frames=[
            f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(cause.__traceback__)
        ],
    )
    return error_page(500, number=number)
