"""Everybody's accounts, for administrators."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from incidents.account import queries
from incidents.account.actions import administer
from incidents.account.forms import AccountForm, RolesForm, text_of
from incidents.account.queries import AccountLine
from incidents.account.routes.blueprint import Page, bp
from incidents.errors import FieldErrors, NotAllowed
from incidents.viewer import Role
from incidents.web import allow, commit, services, session, viewer, work


@bp.get("/settings/accounts")
@allow(Role.ADMIN)
def accounts() -> str:
    return _accounts_page(AccountForm())


@bp.post("/settings/accounts")
@allow(Role.ADMIN)
def add() -> Page:
    form = AccountForm()
    if not form.validate():
        return _accounts_page(form), 422
    try:
        account = administer.add_account(
            work(), text_of(form.name), form.chosen, protected_grant=form.protected_grant.data
        )
    except FieldErrors as error:
        for path, messages in error.errors.items():
            form[path].errors = messages
        return _accounts_page(form), 422
    assert account.id is not None
    return _link_page(account.id)


@bp.get("/settings/accounts/<int:account_id>")
@allow(Role.ADMIN)
def edit(account_id: int) -> str:
    line = _line(account_id)
    form = RolesForm(data={"roles": line.roles, "protected_grant": line.protected_grant})
    return render_template("account/edit.html", account=line, form=form)


@bp.post("/settings/accounts/<int:account_id>")
@allow(Role.ADMIN)
def change_roles(account_id: int) -> Page:
    form = RolesForm()
    if not form.validate():
        return _edit_page(account_id, form), 422
    try:
        administer.change_roles(
            work(), account_id, form.chosen, protected_grant=form.protected_grant.data
        )
    except FieldErrors as error:
        form.roles.errors = error.errors["roles"]
        return _edit_page(account_id, form), 422
    except NotAllowed as error:
        form.roles.errors = [error.message]
        return _edit_page(account_id, form), 422
    commit()
    flash("The roles are changed.")
    if account_id == viewer().account_id and Role.ADMIN not in form.chosen:
        return redirect(url_for("desk.index"), 303)
    return redirect(url_for("account.edit", account_id=account_id), 303)


@bp.post("/settings/accounts/<int:account_id>/link")
@allow(Role.ADMIN)
def link(account_id: int) -> str:
    return _link_page(account_id)


@bp.post("/settings/accounts/<int:account_id>/end-sessions")
@allow(Role.ADMIN)
def end_sessions(account_id: int) -> Response:
    ended = administer.end_sessions(work(), account_id)
    commit()
    flash(f"Sessions ended: {ended}.")
    return redirect(url_for("account.edit", account_id=account_id), 303)


@bp.post("/settings/accounts/<int:account_id>/disable")
@allow(Role.ADMIN)
def disable(account_id: int) -> Response:
    try:
        administer.disable(work(), account_id)
    except NotAllowed as error:
        flash(error.message, "bad")
    else:
        commit()
        flash("The account is disabled and signed out. What it recorded stays.")
    return redirect(url_for("account.edit", account_id=account_id), 303)


@bp.post("/settings/accounts/<int:account_id>/enable")
@allow(Role.ADMIN)
def enable(account_id: int) -> Response:
    administer.enable(work(), account_id)
    commit()
    flash("The account is enabled.")
    return redirect(url_for("account.edit", account_id=account_id), 303)


def _accounts_page(form: AccountForm) -> str:
    app = services()
    lines = queries.accounts(session(), app.clock(), idle_minutes=app.config.session_idle_minutes)
    return render_template("account/accounts.html", form=form, accounts=lines)


def _edit_page(account_id: int, form: RolesForm) -> str:
    return render_template("account/edit.html", account=_line(account_id), form=form)


def _line(account_id: int) -> AccountLine:
    app = services()
    return queries.account_by_id(
        session(), account_id, app.clock(), idle_minutes=app.config.session_idle_minutes
    )


def _link_page(account_id: int) -> str:
    """Answered at once and not after a redirect: the link is shown here and kept nowhere."""
    hours = services().config.one_time_link_hours
    token = administer.make_link(work(), account_id, hours=hours)
    line = _line(account_id)
    commit()
    address = url_for("account.one_time_link", token=token, _external=True)
    return render_template("account/link.html", account=line, address=address, hours=hours)
