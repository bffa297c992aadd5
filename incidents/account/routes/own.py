"""One's own account: name, password, how one writes dates, and the browsers that are signed in."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from incidents import passwords
from incidents.account import queries
from incidents.account.actions import (
    attempts,
    change_name,
    set_date_order,
    set_shortcuts,
    signing_in,
)
from incidents.account.forms import DatesForm, KeysForm, NameForm, PasswordForm, text_of
from incidents.account.routes.blueprint import Page, bp
from incidents.account.routes.proof import begun, proved, retry_after
from incidents.browsers import browser_name
from incidents.errors import FieldErrors
from incidents.web import (
    EVERYBODY,
    allow,
    commit,
    cookie_token,
    remember_device,
    services,
    signed_in,
    viewer,
    work,
)

_NOT_YOURS = "This is not your password. Type it again."


@bp.route("/account", methods=["GET"])
@allow(*EVERYBODY)
def index() -> str:
    return _page()


@bp.route("/account", methods=["POST"])
@allow(*EVERYBODY)
def change_password() -> Page:
    form = _form()
    if not form.validate():
        return _page(password=form), 422
    try:
        replaced = _password_replaced(form)
    except (attempts.SlowedDown, passwords.Busy) as error:
        return _refused(error, "password", form)
    if replaced is None:
        form.old.errors = [_NOT_YOURS]
        return _page(password=form), 422
    new_hash = passwords.hashed(text_of(form.new))
    signing_in.set_password(work(), new_hash, replaces=replaced.password_hash, token=cookie_token())
    commit()
    flash("Your password is set. Your other browsers are signed out.")
    return redirect(url_for("account.index"), 303)


@bp.post("/account/name")
@allow(*EVERYBODY)
def rename() -> Page:
    """Asks for the password and counts every try: nobody lists the accounts by names refused."""
    form, asking = NameForm(), viewer()
    if not form.validate():
        return _page(name=form), 422
    try:
        attempt = begun(asking.name, f"own {asking.account_id}")
        proof = proved(attempt, asking.name, text_of(form.password))
    except (attempts.SlowedDown, passwords.Busy) as error:
        return _refused(error, "name", form)
    if proof is None:
        form.password.errors = [_NOT_YOURS]
        return _page(name=form), 422
    try:
        change_name(work(), text_of(form.name))
    except FieldErrors as errors:
        form.name.errors = errors.errors["name"]
        return _page(name=form), 422
    commit()
    flash("Your name is changed. Sign in with it from now on.")
    response = redirect(url_for("account.index"), 303)
    remember_device(response, attempts.name_key(services().keyring, text_of(form.name)))
    return response


@bp.post("/account/dates")
@allow(*EVERYBODY)
def change_dates() -> Page:
    form = DatesForm()
    if not form.validate():
        return _page(dates=form), 422
    set_date_order(work(), form.date_order.data or None)
    commit()
    flash("The order of your dates is kept.")
    return redirect(url_for("account.index"), 303)


@bp.post("/account/keys")
@allow(*EVERYBODY)
def change_keys() -> Response:
    on = bool(KeysForm().shortcuts.data)
    set_shortcuts(work(), on=on)
    commit()
    flash(f"Keyboard shortcuts are {'on' if on else 'off'}.")
    return redirect(url_for("account.index"), 303)


@bp.post("/account/sessions/<int:session_id>/end")
@allow(*EVERYBODY)
def end_session(session_id: int) -> Response:
    signing_in.end_session(work(), session_id)
    commit()
    flash("That browser is signed out.")
    return redirect(url_for("account.index"), 303)


def _refused(error: attempts.SlowedDown | passwords.Busy, which: str, form: FlaskForm) -> Page:
    """Too many tries, or too many at once: said above the form they stand in."""
    form.form_errors.append(error.message)
    page = _page(**{which: form})
    if isinstance(error, attempts.SlowedDown):
        return page, 429, retry_after(error.wait)
    return page, 503, {"Retry-After": "5"}


def _form() -> PasswordForm:
    account = signed_in()
    assert account is not None
    return PasswordForm(account.viewer.name, has_password=account.has_password)


def _page(**posted: Any) -> str:
    """The forms as they stand, but the one that was posted as it was typed."""
    app, account = services(), signed_in()
    assert account is not None
    asking = account.viewer
    assert asking.account_id is not None
    order = {None: "", True: "day_first", False: "month_first"}[asking.day_first]
    forms = {
        "password": PasswordForm(asking.name, has_password=account.has_password, formdata=None),
        "name": NameForm(formdata=None, data={"name": asking.name}),
        "dates": DatesForm(formdata=None, data={"date_order": order}),
        "shortcuts": KeysForm(formdata=None, data={"shortcuts": asking.shortcuts}),
        **posted,
    }
    with app.database.reading() as reading:
        browsers = queries.sessions_of(
            reading, asking.account_id, app.clock(), idle_minutes=app.config.session_idle_minutes
        )
    return render_template(
        "account/index.html",
        forms=forms,
        account=account,
        browsers=[(one, browser_name(one.user_agent)) for one in browsers],
    )


def _password_replaced(form: PasswordForm) -> queries.Credentials | None:
    """What the account has now; None if it has a password and `old` is not it."""
    asking = viewer()
    assert asking.account_id is not None
    if form.has_password:
        attempt = begun(asking.name, f"own {asking.account_id}")
        return proved(attempt, asking.name, text_of(form.old))
    with services().database.reading() as reading:
        found = queries.credentials_of(reading, asking.account_id)
    return found if found.password_hash is None else None
