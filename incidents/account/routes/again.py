"""Signing in again without leaving the page one is typing on, asked by its script.

The same rules as at the door: `signing_in` checks, slows down and says no in the same words.
"""

from flask import jsonify, request
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from incidents import passwords
from incidents.account.actions import attempts
from incidents.account.forms import SignInForm, text_of
from incidents.account.routes.blueprint import bp
from incidents.account.routes.proof import retry_after
from incidents.account.routes.signing_in import NO_MATCH, session_by_password
from incidents.folding import fold
from incidents.web import remember_device, services, sign_in_browser, signed_in

Answer = Response | tuple[Response, int] | tuple[Response, int, dict[str, str]]


@bp.get("/sign-in/again")
def who() -> Response:
    """Whose browser this is now, and its form token; nothing of anybody else's."""
    account = signed_in()
    return _token(account.viewer.name if account else None)


@bp.post("/sign-in/again")
def sign_in_again() -> Answer:
    """`page_of` is the account the page was made for: no other one takes over what is on it."""
    form, page_of = SignInForm(), request.form.get("page_of", "")
    if not form.validate():
        return _refused(next(iter(form.errors.values()))[0], 422)
    name = text_of(form.name)
    if fold(name) != fold(page_of):
        return _refused(f"What is typed on this page is {page_of}’s: sign in as {page_of}.", 422)
    try:
        opened = session_by_password(name, text_of(form.password))
    except attempts.SlowedDown as error:
        return _refused(error.message, 429, retry_after(error.wait))
    except passwords.Busy as error:
        return _refused(error.message, 503, {"Retry-After": "5"})
    if opened is None:
        return _refused(NO_MATCH, 422)
    sign_in_browser(opened)
    response = _token(name)
    remember_device(response, attempts.name_key(services().keyring, name))
    return response


def _token(account: str | None) -> Response:
    return jsonify(account=account, csrf_token=generate_csrf())


def _refused(told: str, code: int, headers: dict[str, str] | None = None) -> Answer:
    return jsonify(error=told), code, headers or {}
