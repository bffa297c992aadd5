"""The door: by password, by one-time link, and out again."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from incidents import passwords
from incidents.account import queries
from incidents.account.actions import attempts, signing_in
from incidents.account.forms import SignInForm, text_of
from incidents.account.routes.blueprint import NOBODY, Page, bp
from incidents.account.routes.proof import begun, proved, retry_after
from incidents.viewer import Viewer
from incidents.web import (
    EVERYBODY,
    allow,
    commit,
    cookie_token,
    device_of,
    error_page,
    remember_device,
    safe_next,
    services,
    session,
    sign_in_browser,
    sign_out_browser,
    signed_in,
    work,
)

NO_MATCH = "This name and password don’t match. Check both and try again."


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Page:
    going_to = safe_next(request.args.get("next"))
    form = SignInForm()
    if request.method != "POST":
        if signed_in():
            return redirect(going_to or url_for("desk.index"), 303)
        return _sign_in_page(form, going_to)
    if not form.validate():
        return _sign_in_page(form, going_to), 422
    try:
        opened = session_by_password(text_of(form.name), text_of(form.password))
    except attempts.SlowedDown as error:
        form.form_errors.append(error.message)
        return _sign_in_page(form, going_to), 429, retry_after(error.wait)
    except passwords.Busy as error:
        form.form_errors.append(error.message)
        return _sign_in_page(form, going_to), 503, {"Retry-After": "5"}
    if opened is None:
        form.password.errors = [NO_MATCH]
        return _sign_in_page(form, going_to), 422
    return _let_in(opened, text_of(form.name), going_to or url_for("desk.index"))


@bp.route("/sign-in/<token>", methods=["GET", "POST"])
def one_time_link(token: str) -> Page:
    """GET and HEAD only show it: a mail program that looks ahead must not use it up."""
    name = queries.name_behind_link(session(), token, services().clock())
    if name is None:
        return _link_is_gone()
    if request.method != "POST":
        return render_template("account/one_time_link.html", name=name)
    try:
        account_id = signing_in.use_link(services().work(session(), NOBODY), token)
    except signing_in.LinkGone:
        return _link_is_gone()
    opened = _opened(account_id, name)
    response = _let_in(opened, name, url_for("account.index"))
    flash("You are signed in. Choose a password now: the link has been used.", "info")
    return response


@bp.post("/sign-out")
@allow(*EVERYBODY)
def sign_out() -> Response:
    token = cookie_token()
    if token:
        signing_in.sign_out(work(), token)
        commit()
    sign_out_browser()
    flash("You are signed out.", "info")
    return redirect(url_for("account.sign_in"), 303)


def _sign_in_page(form: SignInForm, going_to: str | None) -> str:
    return render_template("account/sign_in.html", form=form, going_to=going_to)


def _link_is_gone() -> tuple[str, int]:
    return error_page(
        410,
        "It has been used, or its time is over. Ask an administrator for another one.",
        heading="This link no longer works",
    )


def session_by_password(name: str, password: str) -> str | None:
    """A new session's token, or None. SlowedDown and Busy as they come."""
    device = device_of(attempts.name_key(services().keyring, name))
    attempt = begun(name, device)
    found = proved(attempt, name, password)
    if found is None:
        return None
    attempts.succeed(services().work(session(), NOBODY), attempt)
    return _opened(found.account_id, name)


def _opened(account_id: int, name: str) -> str:
    """A new session's token, committed."""
    token = signing_in.sign_in(
        services().work(session(), Viewer(account_id, name, frozenset())),
        account_id,
        days=services().config.session_days,
        user_agent=request.user_agent.string,
        replaces=cookie_token(),
    )
    commit()
    return token


def _let_in(token: str, name: str, going_to: str) -> Response:
    sign_in_browser(token)
    response = redirect(going_to, 303)
    remember_device(response, attempts.name_key(services().keyring, name))
    return response
