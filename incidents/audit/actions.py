"""Writes the log and the revisions, in the transaction of the action that calls.

Owns the chain: one head row is locked, then sequence and time are taken, so time follows commit
order.
"""

import threading
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from sqlalchemy import text
from sqlmodel import select

from incidents.archive import Archive
from incidents.audit.models import AuditEntry, AuditHead, Revision
from incidents.audit.queries import entry_hash
from incidents.db import canonical_json
from incidents.work import Work

HEAD_NOTE = "audit-head"
_one_at_a_time = threading.Lock()


def lock(work: Work) -> None:
    """Take the log's head now: whoever writes waits until this transaction ends.

    For actions that must look before they write (a form token, a version, an editor).
    """
    work.session.exec(
        select(AuditHead).with_for_update().execution_options(populate_existing=True)
    ).one()


def log(
    work: Work,
    action: str,
    entity: str,
    entity_id: int | None,
    payload: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Append one entry. `payload` must hold no name, no quote and no protected value in clear."""
    work.session.flush()
    head = work.session.exec(
        select(AuditHead).with_for_update().execution_options(populate_existing=True)
    ).one()
    recorded_at = max(work.now, head.recorded_at).astimezone(UTC)
    entry = AuditEntry(
        sequence=head.sequence + 1,
        recorded_at=recorded_at,
        actor_id=work.actor_id,
        action=action,
        entity=entity,
        entity_id=entity_id,
        payload=canonical_json(dict(payload or {})),
        previous_hash=head.hash,
        hash="",
    )
    entry.hash = entry_hash(entry)
    work.session.add(entry)
    head.sequence, head.hash, head.recorded_at = entry.sequence, entry.hash, recorded_at
    work.session.add(head)
    work.session.flush()
    return entry


def keep_revision(
    work: Work, entity: str, entity_id: int, version: int, payload: str, reason: str | None = None
) -> Revision:
    """Store the whole of a thing as it now stands. `payload` is canonical JSON."""
    revision = Revision(
        entity=entity,
        entity_id=entity_id,
        version=version,
        recorded_at=work.now,
        actor_id=work.actor_id,
        reason=reason,
        payload=payload,
    )
    work.session.add(revision)
    return revision


def keep_head(archive: Archive, note: str) -> None:
    """Copy the log's head out of the database, after the commit; of two at once the later stays."""
    with _one_at_a_time:
        kept = archive.read_note(HEAD_NOTE)
        if kept is None or _sequence(kept) < _sequence(note):
            archive.write_note(HEAD_NOTE, note)


def next_reference(work: Work, kind: str, year: int, count: int = 1) -> int:
    """The first number of a block of `count`; a number rolled back is given out again, a used one
    never.
    """
    last = work.session.connection().execute(
        text(
            "INSERT INTO reference_counter (kind, year, last) VALUES (:kind, :year, :count)"
            " ON CONFLICT (kind, year) DO UPDATE SET last = reference_counter.last + :count"
            " RETURNING last"
        ),
        {"kind": kind, "year": year, "count": count},
    )
    return int(last.scalar_one()) - count + 1


def _sequence(note: str) -> int:
    sequence = note.partition(" ")[0]
    return int(sequence) if sequence.isdecimal() else 0
