"""The rows the verbs beside it share: one account, and the ending of open sessions."""

from typing import Any

from sqlalchemy import update
from sqlmodel import col

from incidents.account.models import Account, SignInSession
from incidents.errors import NotFound
from incidents.work import Work


def account_row(work: Work, account_id: int) -> Account:
    account = work.session.get(Account, account_id)
    if account is None:
        raise NotFound("There is no such account.")
    return account


def end(work: Work, *which: Any) -> list[int]:
    """End those of them that are open. The accounts whose open sessions ended, one each."""
    return list(
        work.session.execute(
            update(SignInSession)
            .where(*which, col(SignInSession.ended_at).is_(None))
            .values(ended_at=work.now)
            .returning(col(SignInSession.account_id))
        ).scalars()
    )
