"""One's own account: the password, and the browsers that are signed in."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from incidents import passwords
from incidents.account import queries
from incidents.account.actions import attempts, signing_in
from incidents.account.forms import PasswordForm, text_of
from incidents.account.routes.blueprint import Page, bp
from incidents.account.routes.proof import begun, proved, retry_after
from incidents.web import EVERYBODY, allow, commit, cookie_token, services, signed_in, viewer, work


@bp.route("/account", methods=["GET"])
@allow(*EVERYBODY)
def index() -> str:
    return _page(_form())


@bp.route("/account", methods=["POST"])
@allow(*EVERYBODY)
def change_password() -> Page:
    form = _form()
    if not form.validate():
        return _page(form), 422
    try:
        replaced = _password_replaced(form)
    except attempts.SlowedDown as error:
        form.form_errors.append(error.message)
        return _page(form), 429, retry_after(error.wait)
    except passwords.Busy as error:
        form.form_errors.append(error.message)
        return _page(form), 503, {"Retry-After": "5"}
    if replaced is None:
        form.old.errors = ["This is not your password. Type it again."]
        return _page(form), 422
    new_hash = passwords.hashed(text_of(form.new))
    signing_in.set_password(work(), new_hash, replaces=replaced.password_hash, token=cookie_token())
    commit()
    flash("Your password is set. Your other browsers are signed out.")
    return redirect(url_for("account.index"), 303)


@bp.post("/account/sessions/<int:session_id>/end")
@allow(*EVERYBODY)
def end_session(session_id: int) -> Response:
    signing_in.end_session(work(), session_id)
    commit()
    flash("That browser is signed out.")
    return redirect(url_for("account.index"), 303)


def _form() -> PasswordForm:
    account = signed_in()
    assert account is not None
    return PasswordForm(account.viewer.name, has_password=account.has_password)


def _page(form: PasswordForm) -> str:
    app, account = services(), signed_in()
    assert account is not None
    assert account.viewer.account_id is not None
    with app.database.reading() as reading:
        browsers = queries.sessions_of(
            reading,
            account.viewer.account_id,
            app.clock(),
            idle_minutes=app.config.session_idle_minutes,
        )
    return render_template("account/index.html", form=form, account=account, browsers=browsers)


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
