"""What administrators do with accounts: add, give roles, disable, invite. Each verb is logged.

Owns the rule that somebody who can administer always stays.
"""

import secrets
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import col, select

from incidents.account.actions.rows import account_row, check_name, end
from incidents.account.models import Account, AccountRole, OneTimeLink, SignInSession
from incidents.account.queries import in_order, token_hash
from incidents.audit.actions import lock, log
from incidents.errors import FieldErrors, NotAllowed
from incidents.folding import fold
from incidents.viewer import Role
from incidents.work import Work


def add_account(
    work: Work, name: str, roles: Collection[Role], *, protected_grant: bool = False
) -> Account:
    """FieldErrors if the name is taken or not one, or there is no role."""
    _may_administer(work)
    lock(work)
    name = " ".join(name.split())
    errors = FieldErrors()
    check_name(work, name, errors)
    if not roles:
        errors.add("roles", "Choose at least one role.")
    if errors:
        raise errors
    account = Account(
        name=name,
        name_folded=fold(name),
        protected_grant=protected_grant,
        created_at=work.now,
    )
    work.session.add(account)
    work.session.flush()
    assert account.id is not None
    work.session.add_all(AccountRole(account_id=account.id, role=role) for role in set(roles))
    log(work, "add_account", "account", account.id, _roles_payload(roles, protected_grant))
    return account


def change_roles(
    work: Work, account_id: int, roles: Collection[Role], *, protected_grant: bool
) -> None:
    """NotAllowed if nobody could administer afterwards."""
    _may_administer(work)
    lock(work)
    account = account_row(work, account_id)
    if not roles:
        raise FieldErrors({"roles": "Choose at least one role, or disable the account."})
    if Role.ADMIN not in roles:
        _someone_else_administers(work, account_id)
    work.session.execute(delete(AccountRole).where(col(AccountRole.account_id) == account_id))
    work.session.add_all(AccountRole(account_id=account_id, role=role) for role in set(roles))
    account.protected_grant = protected_grant
    work.session.add(account)
    log(work, "change_roles", "account", account_id, _roles_payload(roles, protected_grant))


def disable(work: Work, account_id: int) -> None:
    """No more signing in; open sessions end. NotAllowed if nobody could administer afterwards."""
    _may_administer(work)
    lock(work)
    account = account_row(work, account_id)
    _someone_else_administers(work, account_id)
    if account.disabled_at is None:
        account.disabled_at = work.now
        work.session.add(account)
        end(work, col(SignInSession.account_id) == account_id)
        log(work, "disable", "account", account_id)


def enable(work: Work, account_id: int) -> None:
    _may_administer(work)
    lock(work)
    account = account_row(work, account_id)
    if account.disabled_at is not None:
        account.disabled_at = None
        work.session.add(account)
        log(work, "enable", "account", account_id)


def make_link(work: Work, account_id: int, *, hours: int) -> str:
    """A one-time link's token; earlier links of the account that were not used end."""
    _may_administer(work)
    account = account_row(work, account_id)
    if account.disabled_at is not None:
        raise NotAllowed("This account is disabled. Enable it first.")
    work.session.execute(
        update(OneTimeLink)
        .where(
            col(OneTimeLink.account_id) == account_id,
            col(OneTimeLink.used_at).is_(None),
            col(OneTimeLink.expires_at) > work.now,
        )
        .values(expires_at=work.now)
    )
    token = secrets.token_urlsafe(32)
    work.session.add(
        OneTimeLink(
            token_hash=token_hash(token),
            account_id=account_id,
            created_at=work.now,
            expires_at=work.now + timedelta(hours=hours),
        )
    )
    log(work, "make_link", "account", account_id)
    return token


def end_sessions(work: Work, account_id: int) -> int:
    """All of an account's, by an administrator; the number ended."""
    _may_administer(work)
    account_row(work, account_id)
    ended = len(end(work, col(SignInSession.account_id) == account_id))
    log(work, "end_sessions", "account", account_id, {"ended": ended})
    return ended


def _may_administer(work: Work) -> None:
    if not work.actor.may_administer:
        raise NotAllowed("Only an administrator may do this.")


def _someone_else_administers(work: Work, account_id: int) -> None:
    """Unless this account is no administrator itself, another one who may sign in must stay."""
    admins = work.session.exec(
        select(Account.id)
        .join(AccountRole, col(AccountRole.account_id) == col(Account.id))
        .where(AccountRole.role == Role.ADMIN, col(Account.disabled_at).is_(None))
    ).all()
    if set(admins) == {account_id}:
        raise NotAllowed("This is the last administrator. Make another one first.")


def _roles_payload(roles: Collection[Role], protected_grant: bool) -> Mapping[str, Any]:
    return {"roles": list(in_order(set(roles))), "protected_grant": protected_grant}
