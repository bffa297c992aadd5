"""Reads accounts, their sessions and links. What it returns holds no hash but the one asked for."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from incidents.account.models import Account, AccountRole, OneTimeLink, SignInSession
from incidents.errors import NotFound
from incidents.folding import fold
from incidents.viewer import Role, Viewer

# How somebody wants to work: what a viewer brings along beside their rights.
_WAYS = (col(Account.date_order), col(Account.listing_columns), col(Account.shortcuts))


@dataclass(frozen=True)
class SignedIn:
    """The account behind a browser's session."""

    viewer: Viewer
    session_id: int
    seen_at: datetime
    has_password: bool


@dataclass(frozen=True)
class Credentials:
    account_id: int
    # NULL = none set.
    password_hash: str | None


@dataclass(frozen=True)
class BrowserSession:
    """One of an account's open sessions, as its owner sees it."""

    id: int
    created_at: datetime
    seen_at: datetime
    user_agent: str | None


@dataclass(frozen=True)
class AccountLine:
    """One account, as an administrator sees it. Roles in the order of `Role`."""

    id: int
    name: str
    roles: tuple[Role, ...]
    has_password: bool
    protected_grant: bool
    disabled: bool
    open_sessions: int
    seen_at: datetime | None


def token_hash(token: str) -> str:
    """Tokens are 256 bits at random, so a plain hash keeps them as well as a slow one."""
    return hashlib.sha256(token.encode()).hexdigest()


def signed_in_by_token(
    session: Session, token: str, now: datetime, *, idle_minutes: int
) -> SignedIn | None:
    """One statement. None if it is unknown, ended, idle too long, or its account is disabled."""
    rows = session.execute(
        select_columns(
            col(SignInSession.id),
            col(SignInSession.seen_at),
            col(Account.id),
            col(Account.name),
            col(Account.protected_grant),
            col(Account.password_hash).is_not(None).label("has_password"),
            *_WAYS,
            col(AccountRole.role),
        )
        .join(Account, col(Account.id) == col(SignInSession.account_id))
        .outerjoin(AccountRole, col(AccountRole.account_id) == col(Account.id))
        .where(
            col(SignInSession.token_hash) == token_hash(token),
            *_open(now, idle_minutes),
            col(Account.disabled_at).is_(None),
        )
    ).all()
    if not rows:
        return None
    session_id, seen_at, account_id, name, grant, *_ = rows[0]
    roles = frozenset(Role(row[-1]) for row in rows if row[-1] is not None)
    viewer = Viewer(account_id, name, roles, protected_grant=grant, **_ways(rows[0]))
    return SignedIn(viewer, session_id, seen_at, rows[0].has_password)


def viewer_by_name(session: Session, name: str) -> Viewer | None:
    """For commands that act as somebody. None if there is no such account, or it is disabled."""
    rows = session.execute(
        select_columns(
            col(Account.id),
            col(Account.name),
            col(Account.protected_grant),
            *_WAYS,
            col(AccountRole.role),
        )
        .outerjoin(AccountRole, col(AccountRole.account_id) == col(Account.id))
        .where(col(Account.name_folded) == fold(name), col(Account.disabled_at).is_(None))
    ).all()
    if not rows:
        return None
    roles = frozenset(Role(row[-1]) for row in rows if row[-1] is not None)
    account_id, account_name, grant, *_ = rows[0]
    return Viewer(account_id, account_name, roles, protected_grant=grant, **_ways(rows[0]))


def credentials_by_name(session: Session, name: str) -> Credentials | None:
    """None if there is no such account, or it is disabled."""
    row = session.execute(
        select_columns(col(Account.id), col(Account.password_hash)).where(
            col(Account.name_folded) == fold(name), col(Account.disabled_at).is_(None)
        )
    ).one_or_none()
    return Credentials(*row) if row else None


def account_id_by_name(session: Session, name: str) -> int:
    """NotFound if there is none; disabled accounts count."""
    found = session.exec(select(Account.id).where(col(Account.name_folded) == fold(name))).first()
    if found is None:
        raise NotFound(f"There is no account named {name}.")
    return found


def credentials_of(session: Session, account_id: int) -> Credentials:
    row = session.execute(
        select_columns(col(Account.id), col(Account.password_hash)).where(
            col(Account.id) == account_id
        )
    ).one()
    return Credentials(*row)


def name_behind_link(session: Session, token: str, now: datetime) -> str | None:
    """Whose link it is; None if it is unknown, used, expired, or its account disabled."""
    return session.exec(
        select(Account.name)
        .join(OneTimeLink, col(OneTimeLink.account_id) == col(Account.id))
        .where(
            OneTimeLink.token_hash == token_hash(token),
            col(OneTimeLink.used_at).is_(None),
            col(OneTimeLink.expires_at) > now,
            col(Account.disabled_at).is_(None),
        )
    ).one_or_none()


def sessions_of(
    session: Session, account_id: int, now: datetime, *, idle_minutes: int
) -> list[BrowserSession]:
    """Open ones only, the last used first."""
    rows = session.execute(
        select_columns(
            col(SignInSession.id),
            col(SignInSession.created_at),
            col(SignInSession.seen_at),
            col(SignInSession.user_agent),
        )
        .where(col(SignInSession.account_id) == account_id, *_open(now, idle_minutes))
        .order_by(col(SignInSession.seen_at).desc(), col(SignInSession.id).desc())
    ).all()
    return [BrowserSession(*row) for row in rows]


def accounts(session: Session, now: datetime, *, idle_minutes: int) -> list[AccountLine]:
    """All of them, by folded name, disabled ones too; two statements."""
    roles: dict[int, set[Role]] = {}
    for account_id, role in session.exec(select(AccountRole.account_id, AccountRole.role)):
        roles.setdefault(account_id, set()).add(Role(role))
    still_open = and_(*_open(now, idle_minutes))
    rows = session.execute(
        select_columns(
            col(Account.id),
            col(Account.name),
            col(Account.password_hash).is_not(None),
            col(Account.protected_grant),
            col(Account.disabled_at).is_not(None),
            func.count(case((still_open, 1))),
            func.max(col(SignInSession.seen_at)),
        )
        .outerjoin(SignInSession, col(SignInSession.account_id) == col(Account.id))
        .group_by(col(Account.id))
        .order_by(col(Account.name_folded), col(Account.id))
    ).all()
    return [
        AccountLine(row[0], row[1], in_order(roles.get(row[0], set())), *row[2:]) for row in rows
    ]


def administrators(session: Session, now: datetime) -> int:
    """How many can sign in: by a password, or by a one-time link that is still good."""
    link = select(OneTimeLink.id).where(
        col(OneTimeLink.account_id) == col(Account.id),
        col(OneTimeLink.used_at).is_(None),
        col(OneTimeLink.expires_at) > now,
    )
    able = or_(col(Account.password_hash).is_not(None), link.exists())
    return session.scalars(
        select_columns(func.count())
        .select_from(Account)
        .join(AccountRole, col(AccountRole.account_id) == col(Account.id))
        .where(col(AccountRole.role) == Role.ADMIN, col(Account.disabled_at).is_(None), able)
    ).one()


def account_by_id(
    session: Session, account_id: int, now: datetime, *, idle_minutes: int
) -> AccountLine:
    """NotFound if there is none."""
    found = [
        line for line in accounts(session, now, idle_minutes=idle_minutes) if line.id == account_id
    ]
    if not found:
        raise NotFound("There is no such account.")
    return found[0]


def _ways(row: Any) -> dict[str, Any]:
    """What a viewer has of `_WAYS`."""
    order = row.date_order
    return {
        "day_first": None if order is None else order == "day_first",
        "columns": row.listing_columns or "",
        "shortcuts": row.shortcuts,
    }


def in_order(roles: set[Role]) -> tuple[Role, ...]:
    return tuple(role for role in Role if role in roles)


def _open(now: datetime, idle_minutes: int) -> tuple[ColumnElement[bool], ...]:
    return (
        col(SignInSession.ended_at).is_(None),
        col(SignInSession.expires_at) > now,
        col(SignInSession.seen_at) > now - timedelta(minutes=idle_minutes),
    )
