"""Checks a password against its account, slowed down for who guesses.

No transaction is open while it is checked: that takes a tenth of a second.
"""

from datetime import timedelta

from flask import request

from incidents import passwords
from incidents.account import queries
from incidents.account.actions import attempts
from incidents.account.routes.blueprint import NOBODY
from incidents.web import save, services


def begun(name: str, device: str | None) -> attempts.Attempt:
    """Noted as failed until `proved`. SlowedDown if too many came before it."""
    app = services()
    attempt = attempts.attempt_of(app.keyring, name, request.remote_addr or "", device)
    with app.database.writing() as writing:
        attempts.begin(app.work(writing, NOBODY), attempt)
        writing.commit()
    return attempt


def proved(attempt: attempts.Attempt, name: str, password: str) -> queries.Credentials | None:
    """The account, if this is its password. Busy if too many are being checked."""
    app = services()
    with app.database.reading() as reading:
        found = queries.credentials_by_name(reading, name)
    if passwords.matches(found.password_hash if found else None, password):
        return found
    with app.database.writing() as writing:
        attempts.fail(app.work(writing, NOBODY), attempt)
        save(app, writing)
    return None


def retry_after(wait: timedelta) -> dict[str, str]:
    return {"Retry-After": str(int(wait.total_seconds()) + 1)}
