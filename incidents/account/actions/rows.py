"""What the verbs beside it share: one account's row, its name, and the ending of open sessions."""

from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from incidents.account.models import Account, SignInSession
from incidents.errors import FieldErrors, NotFound
from incidents.folding import fold
from incidents.work import Work

NAME_LENGTH = 80


def account_row(work: Work, account_id: int) -> Account:
    account = work.session.get(Account, account_id)
    if account is None:
        raise NotFound("There is no such account.")
    return account


def check_name(work: Work, name: str, errors: FieldErrors, *, own: int | None = None) -> None:
    """Add to `errors` what keeps this name from being an account's; `own` may be called so already.

    The log's head is locked by then: of two who take one name at once the second is told.
    """
    if not name or not fold(name):
        errors.add("name", "Enter the name this person signs in with.")
    elif len(name) > NAME_LENGTH:
        errors.add("name", f"Use at most {NAME_LENGTH} characters.")
    else:
        taken = select(Account.id).where(Account.name_folded == fold(name))
        if work.session.exec(taken).first() not in (None, own):
            errors.add(
                "name", "There is an account with this name, or one very like it. Choose another."
            )


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
