"""Sessions and passwords of one's own, and the one-time link that begins them. Each verb is logged.

Passwords come in hashed: checking and hashing them takes a tenth of a second and happens before.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col

from incidents.account.actions.rows import account_row, end
from incidents.account.models import OneTimeLink, SignInSession
from incidents.account.queries import credentials_of, token_hash
from incidents.audit.actions import lock, log
from incidents.errors import IncidentsError, NotFound, WrongState
from incidents.work import Work

SEEN_EVERY = timedelta(minutes=1)
_USER_AGENT_LENGTH = 200


class LinkGone(IncidentsError):
    """A one-time link that is unknown, used or expired: which of them is not said."""


def sign_in(
    work: Work, account_id: int, *, days: int, user_agent: str | None, replaces: str | None
) -> str:
    """Open a session and return its token, which is kept nowhere but in the browser.

    replaces: the token this browser had, whose session ends.
    """
    if replaces:
        end(work, col(SignInSession.token_hash) == token_hash(replaces))
    token = secrets.token_urlsafe(32)
    opened = SignInSession(
        token_hash=token_hash(token),
        account_id=account_id,
        created_at=work.now,
        seen_at=work.now,
        expires_at=work.now + timedelta(days=days),
        user_agent=(user_agent or "")[:_USER_AGENT_LENGTH] or None,
    )
    work.session.add(opened)
    log(work, "sign_in", "account", account_id)
    return token


def sign_out(work: Work, token: str) -> None:
    """End the session behind a token; nothing if it has ended already."""
    ended = end(work, SignInSession.token_hash == token_hash(token))
    for account_id in ended:
        log(work, "sign_out", "account", account_id)


def refresh_seen(session: Session, session_id: int, now: datetime) -> None:
    session.execute(
        update(SignInSession)
        .where(col(SignInSession.id) == session_id, col(SignInSession.seen_at) < now)
        .values(seen_at=now)
    )


def end_session(work: Work, session_id: int) -> None:
    """One of the actor's own. NotFound if it is another's or has ended."""
    mine = col(SignInSession.account_id) == work.actor_id
    if not end(work, col(SignInSession.id) == session_id, mine):
        raise NotFound("This session has ended already.")
    log(work, "end_session", "account", work.actor_id)


def use_link(work: Work, token: str) -> int:
    """The account it opens, once. A password set before is forgotten and its sessions end.

    LinkGone if it is unknown, used or expired, or the account is disabled.
    """
    account_id = work.session.execute(
        update(OneTimeLink)
        .where(
            col(OneTimeLink.token_hash) == token_hash(token),
            col(OneTimeLink.used_at).is_(None),
            col(OneTimeLink.expires_at) > work.now,
        )
        .values(used_at=work.now)
        .returning(col(OneTimeLink.account_id))
    ).scalar_one_or_none()
    account = account_row(work, account_id) if account_id is not None else None
    if account is None or account.disabled_at is not None:
        raise LinkGone("This link has been used, or its time is over.")
    had_password = account.password_hash is not None
    if had_password:
        account.password_hash = None
        work.session.add(account)
        end(work, col(SignInSession.account_id) == account.id)
    log(work, "use_link", "account", account.id, {"password_forgotten": had_password})
    assert account.id is not None
    return account.id


def set_password(
    work: Work, password_hash: str, *, replaces: str | None, token: str | None
) -> None:
    """The actor's own. Their other sessions end. WrongState if it was changed in between."""
    assert work.actor_id is not None
    lock(work)
    if credentials_of(work.session, work.actor_id).password_hash != replaces:
        raise WrongState("The password was changed elsewhere in the meantime.")
    account = account_row(work, work.actor_id)
    account.password_hash = password_hash
    work.session.add(account)
    others = [col(SignInSession.account_id) == work.actor_id]
    if token:
        others.append(col(SignInSession.token_hash) != token_hash(token))
    ended = len(end(work, *others))
    log(work, "set_password", "account", work.actor_id, {"sessions_ended": ended})
