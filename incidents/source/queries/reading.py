"""Who has a source open now, and how far it was read: for the team alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from incidents.account.models import Account
from incidents.source.models import SourceReading
from incidents.viewer import Viewer

# Whoever was seen within it is taken to be there yet.
PRESENT = timedelta(minutes=15)
# A page opened again at once is no news.
_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True)
class ReaderLine:
    """One of the team, at a source. `since` is when the sitting began, None when they are gone."""

    name: str
    since: datetime | None
    read_at: datetime | None


@dataclass(frozen=True)
class Readers:
    """`furthest` is where the furthest paragraph this viewer came to begins in the copy of the id
    `snapshot_id`; `noted` says whether their being here was written down just now.
    """

    here: tuple[ReaderLine, ...] = ()
    finished: tuple[ReaderLine, ...] = ()
    own: ReaderLine | None = None
    snapshot_id: int | None = None
    furthest: int | None = None
    noted: bool = False


def readers_of(session: Session, viewer: Viewer, source_id: int, now: datetime) -> Readers:
    """Of a source this viewer may see; nobody's for who is not of the team. One statement.

    Others who are here come in the order they came, who has read it to the end by when.
    """
    if not viewer.internal:
        return Readers()
    rows = session.exec(
        select(SourceReading, Account.name)
        .join(Account, col(Account.id) == col(SourceReading.account_id))
        .where(SourceReading.source_id == source_id)
        .order_by(col(SourceReading.opened_at), col(SourceReading.account_id))
    ).all()
    lines = [(row, _line(row, name, now)) for row, name in rows]
    others = [line for row, line in lines if row.account_id != viewer.account_id]
    own = next((row for row, _ in rows if row.account_id == viewer.account_id), None)
    return Readers(
        here=tuple(line for line in others if line.since is not None),
        finished=_finished(line for _, line in lines),
        own=next((line for row, line in lines if row is own), None),
        snapshot_id=own.snapshot_id if own else None,
        furthest=own.furthest if own else None,
        noted=own is not None and now - own.seen_at < _AGAIN,
    )


def _line(row: SourceReading, name: str, now: datetime) -> ReaderLine:
    here = now - row.seen_at <= PRESENT
    return ReaderLine(name, row.opened_at if here else None, row.read_at)


def _finished(lines: Iterable[ReaderLine]) -> tuple[ReaderLine, ...]:
    found = [line for line in lines if line.read_at is not None]
    return tuple(sorted(found, key=lambda line: line.read_at or datetime.max))
