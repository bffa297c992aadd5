"""Slows guessing down, by account and by address, and never says which accounts exist.

An attempt is noted before its password is checked, so that a thousand at once are no way round.
Names and addresses are kept as keyed hashes only. A browser that signed in before is counted by
itself: strangers' failures don't slow it down.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlmodel import col

from incidents.account.models import SignInFailure
from incidents.audit.actions import lock, log
from incidents.crypto import Keyring
from incidents.errors import IncidentsError
from incidents.folding import fold
from incidents.work import Work

WINDOW = timedelta(hours=1)
FREE_BY_ACCOUNT = 5
FREE_BY_ADDRESS = 20
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
_KEPT_FOR = timedelta(days=1)


class SlowedDown(IncidentsError):
    """Too many failures; `wait` is how long until the next attempt is looked at."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"Too many attempts. Try again in {in_words(wait)}.")
        self.wait = wait


@dataclass(frozen=True)
class Attempt:
    """Whom it counts against: hashes of the account's name and of where it comes from."""

    account: str
    address: str


def name_key(keyring: Keyring, name: str) -> str:
    """What stands for an account's name in the counts, in the log, and in a known browser."""
    return keyring.keyed_hash(fold(name), "sign-in name")


def attempt_of(keyring: Keyring, name: str, address: str, device: str | None) -> Attempt:
    """`device` is the known browser's own number, None for any other browser."""
    account = name_key(keyring, name)
    if device is None:
        return Attempt(account, keyring.keyed_hash(address, "sign-in address"))
    known = keyring.keyed_hash(f"{device} {account}", "sign-in device")
    return Attempt(known, known)


def begin(work: Work, attempt: Attempt) -> int:
    """Note the attempt as failed until it is proved; its id. SlowedDown if it comes too soon."""
    # Two at once must not both be the last free one.
    lock(work)
    _sweep(work)
    wait = max(
        _wait(work, col(SignInFailure.account_hash) == attempt.account, FREE_BY_ACCOUNT),
        _wait(work, col(SignInFailure.address_hash) == attempt.address, FREE_BY_ADDRESS),
    )
    if wait > timedelta(0):
        raise SlowedDown(wait)
    noted = SignInFailure(
        account_hash=attempt.account, address_hash=attempt.address, failed_at=work.now
    )
    work.session.add(noted)
    work.session.flush()
    assert noted.id is not None
    return noted.id


def fail(work: Work, attempt: Attempt) -> None:
    """Log a failure once its kind is being slowed down: rarer by itself, so no one can flood it."""
    by_account = _failures(work, col(SignInFailure.account_hash) == attempt.account)[0]
    if by_account >= FREE_BY_ACCOUNT:
        _log_failures(work, "account", attempt.account, by_account)
    by_address = _failures(work, col(SignInFailure.address_hash) == attempt.address)[0]
    if by_address >= FREE_BY_ADDRESS:
        _log_failures(work, "address", attempt.address, by_address)


def succeed(work: Work, attempt: Attempt) -> None:
    """Forget the account's failures; those of the address against other accounts stay."""
    work.session.execute(
        delete(SignInFailure).where(col(SignInFailure.account_hash) == attempt.account)
    )


def in_words(wait: timedelta) -> str:
    """Rounded up, so that who waits as long as it says is let in."""
    seconds = int(wait.total_seconds()) + (1 if wait.microseconds else 0)
    if seconds < 90:
        return "1 second" if seconds == 1 else f"{seconds} seconds"
    return f"{-(-seconds // 60)} minutes"


def _log_failures(work: Work, counted_by: str, keyed_hash: str, failures: int) -> None:
    payload = {"by": counted_by, "hash": keyed_hash, "failures": failures}
    log(work, "sign_in_failures", "account", None, payload)


def _wait(work: Work, of_kind: ColumnElement[bool], free: int) -> timedelta:
    failures, last = _failures(work, of_kind)
    if failures < free or last is None:
        return timedelta(0)
    # Capped before it is multiplied: 2 ** 1000 seconds is no timedelta.
    pause: timedelta = min(FIRST_WAIT * 2 ** min(failures - free, 10), LONGEST_WAIT)
    return pause - (work.now - last)


def _failures(work: Work, of_kind: ColumnElement[bool]) -> tuple[int, datetime | None]:
    row = work.session.execute(
        select(func.count(), func.max(SignInFailure.failed_at)).where(
            of_kind, col(SignInFailure.failed_at) > work.now - WINDOW
        )
    ).one()
    return row[0], row[1]


def _sweep(work: Work) -> None:
    work.session.execute(
        delete(SignInFailure).where(col(SignInFailure.failed_at) < work.now - _KEPT_FOR)
    )
