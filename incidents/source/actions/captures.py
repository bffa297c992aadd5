"""Keeps account of pages being fetched: begun, how far, what came of it. Never a source, a revision
or an entry of the log; saving the form makes those.
"""

import secrets
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, func
from sqlmodel import col, select

from incidents.errors import FieldErrors, NotAllowed, NotFound
from incidents.fetch_address import destination
from incidents.fetch_failures import FetchFailed
from incidents.source.models import Capture
from incidents.source.queries.captures import (
    KEPT_FOR,
    RUNNING,
    SILENT,
    Asked,
    opened_asked,
    sealed_asked,
)
from incidents.source.queries.lookup import source_by_reference
from incidents.unsaved_files import MOST_FILES
from incidents.work import Work

# Of one account, at once and in all, as many as files of it are kept: the oldest go first.
MOST_RUNNING = 5
MOST_KEPT = MOST_FILES
_TOO_MANY = (
    f"{MOST_RUNNING} pages are being fetched for you already. Wait until one of them is here."
)


@dataclass(frozen=True)
class Ticket:
    """What a process takes along that fetches: which row it writes to, in which attempt."""

    capture_id: int
    attempt: int
    token: str
    url: str


def begin_capture(work: Work, asked: Asked, reference: str = "") -> Ticket:
    """`reference`: of the source that gets another copy. FieldErrors on `url`."""
    owner = _owner(work)
    try:
        destination(asked.url)
    except FetchFailed as failed:
        raise FieldErrors({"url": failed.message}) from None
    source_id = source_by_reference(work.session, work.actor, reference).id if reference else None
    _sweep(work)
    _check_running(work)
    token = secrets.token_urlsafe(18)
    row = Capture(
        token=token,
        account_id=owner,
        source_id=source_id,
        sealed=sealed_asked(work.keyring, token, replace(asked, url=asked.url.strip())),
        state="waiting",
        started_at=work.now,
        seen_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    return Ticket(row.id or 0, row.attempt, token, asked.url.strip())


def again(work: Work, token: str) -> Ticket:
    """The same once more; who still fetches it writes to no row any more."""
    row = _own(work, token)
    _check_running(work, besides=row.id)
    asked = replace(opened_asked(work.keyring, row), host="", said="", file_token="")
    row.sealed = sealed_asked(work.keyring, token, asked)
    row.state, row.failure, row.received_bytes = "waiting", None, 0
    row.attempt, row.started_at, row.seen_at = row.attempt + 1, work.now, work.now
    work.session.add(row)
    work.session.flush()
    return Ticket(row.id or 0, row.attempt, token, asked.url)


def note_progress(work: Work, ticket: Ticket, state: str, host: str, received_bytes: int) -> bool:
    """False when nobody waits for it any more."""
    row = _ticket(work, ticket)
    if row is None:
        return False
    asked = opened_asked(work.keyring, row)
    if asked.host != host:
        row.sealed = sealed_asked(work.keyring, row.token, replace(asked, host=host))
    row.state, row.received_bytes, row.seen_at = state, received_bytes, work.now
    work.session.add(row)
    return True


def note_alive(work: Work, ticket: Ticket) -> bool:
    """The process that fetches it is there. False when nobody waits for it any more, or it is over
    by now."""
    row = _ticket(work, ticket)
    if row is None or row.state not in RUNNING:
        return False
    row.seen_at = work.now
    work.session.add(row)
    return True


def end_capture(
    work: Work, ticket: Ticket, *, file_token: str = "", failed: FetchFailed | None = None
) -> bool:
    """What came of it. False when nobody waits for it any more: its file is to go."""
    row = _ticket(work, ticket)
    if row is None:
        return False
    said = failed.message if failed else ""
    asked = replace(opened_asked(work.keyring, row), said=said, file_token=file_token)
    row.sealed = sealed_asked(work.keyring, row.token, asked)
    row.state, row.failure = ("failed", failed.code) if failed else ("done", None)
    row.seen_at = work.now
    work.session.add(row)
    return True


def forget_capture(work: Work, token: str) -> str:
    """It is saved, or let go of. Gives the token of its unsaved file; "" without one, and for what
    is another's or gone: that is nobody's fault."""
    row = work.session.exec(
        select(Capture)
        .where(Capture.token == token, Capture.account_id == work.actor_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        return ""
    work.session.delete(row)
    work.session.flush()
    return opened_asked(work.keyring, row).file_token


def _owner(work: Work) -> int:
    if not work.actor.may_record or work.actor_id is None:
        raise NotAllowed("Only researchers and reviewers add sources.")
    return work.actor_id


def _own(work: Work, token: str) -> Capture:
    owner = _owner(work)
    row = work.session.exec(
        select(Capture).where(Capture.token == token, Capture.account_id == owner).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound("This page is not being fetched any more: it is saved by now, or let go of.")
    return row


def _ticket(work: Work, ticket: Ticket) -> Capture | None:
    return work.session.exec(
        select(Capture)
        .where(
            Capture.id == ticket.capture_id,
            Capture.attempt == ticket.attempt,
            Capture.token == ticket.token,
        )
        .with_for_update()
    ).one_or_none()


def _check_running(work: Work, besides: int | None = None) -> None:
    running: Any = (
        select(func.count())
        .select_from(Capture)
        .where(
            col(Capture.account_id) == work.actor_id,
            col(Capture.state).in_(RUNNING),
            col(Capture.seen_at) > work.now - SILENT,
            col(Capture.id) != (besides or 0),
        )
    )
    if work.session.exec(running).one() >= MOST_RUNNING:
        raise FieldErrors({"url": _TOO_MANY})


def _sweep(work: Work) -> None:
    """What is too old of anybody, and too much of one's own."""
    work.session.execute(delete(Capture).where(col(Capture.started_at) <= work.now - KEPT_FOR))
    kept = (
        select(Capture.id)
        .where(Capture.account_id == work.actor_id)
        .order_by(col(Capture.started_at).desc(), col(Capture.id).desc())
        .offset(MOST_KEPT - 1)
    )
    too_many = work.session.exec(kept).all()
    work.session.execute(delete(Capture).where(col(Capture.id).in_(too_many)))
