"""Reads the log: its verification, and a thing's revisions."""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select as select_columns
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from incidents.account.models import Account
from incidents.audit.models import AuditEntry, AuditHead, Revision
from incidents.db import canonical_json

GENESIS = "0" * 64
BATCH = 1000
# Digits of a number every engine can compare.
_LONGEST = 18


@dataclass(frozen=True)
class EntryLine:
    """One entry as an administrator reads it."""

    sequence: int
    recorded_at: datetime
    # None = a command run by the operator, or nobody signed in.
    actor: str | None
    action: str
    entity: str
    entity_id: int | None


def problems(session: Session) -> Iterator[str]:
    """One sentence per place where the chain doesn't hold, in order; nothing when it does."""
    previous: str | None = GENESIS
    expected, last = 1, None
    for sequence, entry in _entries(session):
        if sequence < expected:
            yield f"Entry {sequence} stands before the first one."
            continue
        if sequence > expected:
            few = sequence == expected + 1
            gap = f"Entry {expected} is" if few else f"Entries {expected} to {sequence - 1} are"
            yield f"{gap} missing: entry {sequence} follows {expected - 1}."
        if entry is None:
            yield f"Entry {sequence} was changed after it was written: it can't be read."
            previous, expected, last = None, sequence + 1, None
            continue
        if previous is not None and entry.previous_hash != previous:
            yield f"Entry {sequence} does not follow the entry before it."
        if entry.hash != _hash_or_none(entry):
            yield f"Entry {sequence} was changed after it was written."
        previous, expected, last = entry.hash, sequence + 1, entry
    yield from _problems_of_head(session, expected - 1, previous, last)


def _problems_of_head(
    session: Session, ends: int, last_hash: str | None, last: AuditEntry | None
) -> Iterator[str]:
    """The head is what the next entry follows, so it must be the last one, its time too."""
    try:
        head = session.exec(select(AuditHead)).one_or_none()
    except ValueError:
        yield "The head of the log can't be read."
        return
    if head is None:
        yield "The head of the log is missing."
    elif head.sequence != ends:
        yield f"The log ends at entry {ends}, its head says {head.sequence}."
    elif last_hash is not None and head.hash != last_hash:
        yield f"The head of the log has another hash than entry {ends}."
    elif last is not None and head.recorded_at != last.recorded_at:
        yield f"The head of the log has another time than entry {ends}."


def last_recorded_at(session: Session) -> datetime:
    """When the log's last entry was written; when the database was made, before the first."""
    return session.exec(select(AuditHead.recorded_at)).one()


def head_note(session: Session) -> str:
    """`sequence hash` of the log's last entry, as the archive's note keeps it."""
    head = session.exec(select(AuditHead)).one()
    return f"{head.sequence} {head.hash}"


def problems_of_note(session: Session, note: str | None) -> Iterator[str]:
    """One sentence if the log is not the one whose head was noted; it may have grown since."""
    if note is None:
        return
    sequence, _, noted_hash = note.strip().partition(" ")
    if not (sequence.isdecimal() and len(sequence) <= _LONGEST):
        yield "The note of the log's head in the archive can't be read."
        return
    noted = int(sequence)
    if noted == 0:
        return
    entry = session.exec(select(AuditEntry.hash).where(AuditEntry.sequence == noted)).one_or_none()
    if entry is None:
        yield f"The archive notes {noted} entries; the log's end was cut off."
    elif entry != noted_hash:
        yield f"Entry {noted} is not the one the archive noted."


def entries_before(session: Session, sequence: int | None, limit: int) -> list[EntryLine]:
    """Newest first, of those before `sequence` (None = from the newest)."""
    statement = (
        select_columns(
            col(AuditEntry.sequence),
            col(AuditEntry.recorded_at),
            col(Account.name),
            col(AuditEntry.action),
            col(AuditEntry.entity),
            col(AuditEntry.entity_id),
        )
        .outerjoin(Account, col(Account.id) == col(AuditEntry.actor_id))
        .order_by(col(AuditEntry.sequence).desc())
        .limit(limit)
    )
    if sequence is not None:
        statement = statement.where(col(AuditEntry.sequence) < sequence)
    return [EntryLine(*row) for row in session.execute(statement)]


@dataclass(frozen=True)
class Save:
    """One version of a thing: its revision's canonical JSON, and who saved it."""

    payload: str
    who: str
    at: datetime


def saves_of(
    session: Session, entity: str, entity_id: int, versions: Collection[int]
) -> Mapping[int, Save]:
    """By version, those of these there are."""
    rows = session.exec(
        select(Revision, Account.name)
        .outerjoin(Account, col(Account.id) == col(Revision.actor_id))
        .where(
            Revision.entity == entity,
            Revision.entity_id == entity_id,
            col(Revision.version).in_(versions),
        )
    ).all()
    return {
        one.version: Save(one.payload, name or "the operator", one.recorded_at)
        for one, name in rows
    }


def revisions_of(session: Session, entity: str, entity_id: int) -> Sequence[Revision]:
    """Oldest first; empty when there are none."""
    return session.exec(
        select(Revision)
        .where(Revision.entity == entity, Revision.entity_id == entity_id)
        .order_by(col(Revision.version))
    ).all()


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256 over canonical JSON of the entry's fields, the previous hash among them."""
    body = canonical_json(
        [
            entry.sequence,
            entry.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
            entry.actor_id,
            entry.action,
            entry.entity,
            entry.entity_id,
            entry.payload,
            entry.previous_hash,
        ]
    )
    return hashlib.sha256(body.encode()).hexdigest()


def _hash_or_none(entry: AuditEntry) -> str | None:
    """None for values no entry is written with: bytes, say, where a text was."""
    try:
        return entry_hash(entry)
    except (TypeError, ValueError):
        return None


def _entries(session: Session) -> Iterator[tuple[int, AuditEntry | None]]:
    """By sequence; None for a row that can't be read, as an SQLite file lets anybody leave one."""
    after: int | None = None
    while numbers := _numbers_after(session, after):
        try:
            found = session.exec(
                select(AuditEntry).where(col(AuditEntry.sequence).between(numbers[0], numbers[-1]))
            ).all()
            entries = {entry.sequence: entry for entry in found}
        except (ValueError, OperationalError):
            entries = {number: entry for number in numbers if (entry := _entry(session, number))}
        yield from ((number, entries.get(number)) for number in numbers)
        after = numbers[-1]
        session.expunge_all()


def _numbers_after(session: Session, after: int | None) -> Sequence[int]:
    statement = select(AuditEntry.sequence).order_by(col(AuditEntry.sequence)).limit(BATCH)
    if after is not None:
        statement = statement.where(col(AuditEntry.sequence) > after)
    return session.exec(statement).all()


def _entry(session: Session, sequence: int) -> AuditEntry | None:
    try:
        return session.exec(select(AuditEntry).where(AuditEntry.sequence == sequence)).one()
    except (ValueError, OperationalError):
        return None
