"""Builders of what tests need first, through the app's own actions wherever there is one."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event

from incidents import passwords
from incidents.account.actions import add_account, make_link, set_password
from incidents.account.actions.signing_in import sign_in
from incidents.db import Database
from incidents.services import Services
from incidents.viewer import OPERATOR, Role, Viewer

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Person:
    """An account, and the viewer it is."""

    id: int
    viewer: Viewer


def account(
    services: Services, name: str | None = None, *roles: Role, protected_grant: bool = False
) -> Person:
    """A researcher unless told otherwise."""
    name = name or f"person {next(_numbers)}"
    roles = roles or (Role.RESEARCHER,)
    with services.database.writing() as session:
        work = services.work(session, OPERATOR)
        made = add_account(work, name, roles, protected_grant=protected_grant)
        session.commit()
    assert made.id is not None
    viewer = Viewer(made.id, made.name, frozenset(roles), protected_grant=protected_grant)
    return Person(made.id, viewer)


def with_password(services: Services, person: Person, password: str) -> None:
    with services.database.writing() as session:
        work = services.work(session, person.viewer)
        set_password(work, passwords.hashed(password), replaces=None, token=None)
        session.commit()


def one_time_link(services: Services, person: Person, *, hours: int = 48) -> str:
    """The path to go to."""
    with services.database.writing() as session:
        token = make_link(services.work(session, OPERATOR), person.id, hours=hours)
        session.commit()
    return f"/sign-in/{token}"


def signed_in_token(services: Services, person: Person) -> str:
    """The token of a new session of theirs."""
    with services.database.writing() as session:
        token = sign_in(
            services.work(session, person.viewer),
            person.id,
            days=services.config.session_days,
            user_agent="a test",
            replaces=None,
        )
        session.commit()
    return token


@contextmanager
def selects(database: Database) -> Iterator[list[str]]:
    """The SELECTs sent while the block runs."""
    found: list[str] = []

    def note(*arguments: Any) -> None:
        if arguments[2].lstrip().startswith(("SELECT", "WITH")):
            found.append(arguments[2])

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
