"""Notes who has a source open, and how far it was read. Changes nothing of the source itself, so it
is neither a revision nor an entry of the log.
"""

from sqlalchemy import bindparam, text
from sqlmodel import select

from incidents.db import LARGEST_ROW, Instant
from incidents.source.models import Snapshot, SourceReading
from incidents.source.queries.lookup import source_by_reference
from incidents.source.queries.reading import PRESENT
from incidents.work import Work

# Two windows of one account, or two accounts, may come at once: the row is made by one statement.
_MADE = text(
    "INSERT INTO source_reading (source_id, account_id, opened_at, seen_at)"
    " VALUES (:source, :account, :now, :now) ON CONFLICT (source_id, account_id) DO NOTHING"
).bindparams(bindparam("now", type_=Instant))


def note_open(work: Work, source_id: int) -> None:
    """This account has the source before it. A caller who may see the source asks."""
    _seen(work, _row(work, source_id))


def note_read(
    work: Work, reference: str, *, copy: int | None = None, furthest: int = 0, done: bool = False
) -> SourceReading:
    """How far: the paragraph that begins at `furthest` in the copy of this id; `done` is the end.

    It never goes back, but for another copy: what was read of that is not known yet. NotFound when
    this actor may know of no such source.
    """
    source = source_by_reference(work.session, work.actor, reference)
    row = _row(work, source.id or 0)
    snapshot = work.session.get(Snapshot, copy) if copy is not None else None
    if snapshot is not None and snapshot.source_id == source.id:
        if row.snapshot_id != snapshot.id:
            row.snapshot_id, row.furthest = snapshot.id, None
        row.furthest = max(row.furthest or 0, min(max(furthest, 0), LARGEST_ROW))
    if done:
        row.read_at = row.read_at or work.now
    _seen(work, row)
    return row


def _seen(work: Work, row: SourceReading) -> None:
    if work.now - row.seen_at > PRESENT:
        row.opened_at = work.now
    row.seen_at = max(row.seen_at, work.now)


def _row(work: Work, source_id: int) -> SourceReading:
    """This actor's own, made if there is none yet, and held until the transaction ends."""
    key = {"source": source_id, "account": work.actor_id}
    work.session.connection().execute(_MADE, {**key, "now": work.now})
    return work.session.exec(
        select(SourceReading)
        .where(SourceReading.source_id == source_id, SourceReading.account_id == work.actor_id)
        .with_for_update()
    ).one()
