"""Pages being fetched, or fetched and not saved yet: one's own alone, for a week.

What was asked for lies sealed under a key of its own, which the main key wraps, as everything that
is typed and not saved.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from incidents.crypto import WRAPPED_BYTES, Keyring
from incidents.errors import NotFound
from incidents.fetch_failures import told
from incidents.incident.rights import visible_source
from incidents.source.models import Capture, Source
from incidents.unsaved_files import KEPT_DAYS
from incidents.viewer import Viewer

KEPT_FOR = timedelta(days=KEPT_DAYS)
# Who fetches gives signs of life more often than this; without one, nobody is at it any more.
SILENT = timedelta(seconds=45)
RUNNING = ("waiting", "connecting", "receiving", "reading")
_TABLE = "capture"


@dataclass(frozen=True)
class Asked:
    """What is fetched, and what was typed beside the address, as it would have been posted.

    `host` is where it is asked for now; `said` is what kept the page away, in words; `file_token`
    is that of the unsaved file it became.
    """

    url: str
    fields: tuple[tuple[str, str], ...] = ()
    host: str = ""
    said: str = ""
    file_token: str = ""


@dataclass(frozen=True)
class CaptureView:
    """`source` is the reference of the source that gets another copy, "" for a new one."""

    id: int
    token: str
    asked: Asked
    source: str
    state: str
    received_bytes: int
    failure: str | None
    attempt: int
    started_at: datetime
    seen_at: datetime
    # The process that fetched it gave no sign of life for too long.
    stopped: bool

    @property
    def running(self) -> bool:
        return self.state in RUNNING and not self.stopped

    @property
    def ready(self) -> bool:
        """There is a page to look at, whatever is to be said of it."""
        return bool(self.asked.file_token)

    @property
    def host(self) -> str:
        return self.asked.host or urlsplit(self.asked.url).hostname or ""

    @property
    def words(self) -> str:
        """What is going on, or what came of it."""
        if self.stopped:
            return told("stopped")
        if self.state == "failed":
            return self.asked.said
        return {
            "waiting": "Waiting for other pages to come in first …",
            "connecting": f"Connecting to {self.host} …",
            "receiving": f"{_size(self.received_bytes)} received from {self.host} …",
            "reading": "Reading the text …",
            "done": "The page is here. Check what it says of itself, and save it.",
        }[self.state]


def _size(count: int) -> str:
    if count < 1000:
        return f"{count} bytes"
    return f"{count // 1000} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def sealed_asked(keyring: Keyring, token: str, asked: Asked) -> bytes:
    """A new key each time, wrapped before what it seals."""
    key = keyring.new_key()
    text = json.dumps(asdict(asked), ensure_ascii=False)
    sealed = keyring.seal(key, text, table=_TABLE, row_id=token, version=1)
    return keyring.wrap(key, _TABLE, token) + sealed


def opened_asked(keyring: Keyring, row: Capture) -> Asked:
    key = keyring.unwrap(row.sealed[:WRAPPED_BYTES], _TABLE, row.token)
    text = keyring.unseal(
        key, row.sealed[WRAPPED_BYTES:], table=_TABLE, row_id=row.token, version=1
    )
    said: dict[str, Any] = json.loads(text)
    return Asked(**{**said, "fields": tuple((name, value) for name, value in said["fields"])})


@dataclass(frozen=True)
class Patience:
    """Now, and how long a capture may be silent before it counts as stopped."""

    now: datetime
    silent: timedelta


def capture_by_token(
    session: Session, viewer: Viewer, keyring: Keyring, token: str, patience: Patience
) -> CaptureView:
    """NotFound when it is another's, over, or of a source this viewer may not see any more."""
    found = _views(session, viewer, keyring, patience, [col(Capture.token) == token])
    if not found:
        raise NotFound("This page is not being fetched any more: it is saved by now, or let go of.")
    return found[0]


def captures_of(
    session: Session, viewer: Viewer, keyring: Keyring, patience: Patience
) -> Sequence[CaptureView]:
    """One's own, the last one first; without the fields typed beside the address. One statement."""
    found = _views(session, viewer, keyring, patience, [])
    return [replace(one, asked=replace(one.asked, fields=())) for one in found]


def _views(
    session: Session,
    viewer: Viewer,
    keyring: Keyring,
    patience: Patience,
    which: Iterable[ColumnElement[bool]],
) -> list[CaptureView]:
    if viewer.account_id is None or not viewer.may_record:
        return []
    may_see = or_(col(Capture.source_id).is_(None), col(Source.id).is_not(None))
    rows = session.exec(
        select(Capture, Source)
        .outerjoin(Source, (col(Source.id) == col(Capture.source_id)) & visible_source(viewer))
        .where(
            col(Capture.account_id) == viewer.account_id,
            col(Capture.started_at) > patience.now - KEPT_FOR,
            may_see,
            *which,
        )
        .order_by(col(Capture.started_at).desc(), col(Capture.id).desc())
    )
    return [_view(row, source, opened_asked(keyring, row), patience) for row, source in rows]


def _view(row: Capture, source: Source | None, asked: Asked, patience: Patience) -> CaptureView:
    silent = row.state in RUNNING and patience.now - row.seen_at > patience.silent
    return CaptureView(
        id=row.id or 0,
        token=row.token,
        asked=asked,
        source=source.reference if source is not None else "",
        state=row.state,
        received_bytes=row.received_bytes,
        failure="stopped" if silent else row.failure,
        attempt=row.attempt,
        started_at=row.started_at,
        seen_at=row.seen_at,
        stopped=silent,
    )
