"""An incident's history: every save field by field, every move of its status, newest first."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from incidents.account.models import Account
from incidents.audit.models import AuditEntry
from incidents.audit.queries import revisions_of
from incidents.crypto import Keyring
from incidents.errors import NotFound
from incidents.incident.models import Incident
from incidents.incident.queries.lookup import incident_by_reference
from incidents.incident.queries.sealed import opened_record
from incidents.incident.queries.words import Words, words_for
from incidents.incident.record import Change, Record, differences, from_json
from incidents.review.models import Review
from incidents.viewer import Viewer

# Moves the log tells; decisions come from their review rows, which hold the reasons.
_MOVES = {
    "submit": "Submitted for review",
    "withdraw": "Withdrawn by its author",
    "reopen": "Reopened",
    "assess": "Assessed",
    "restrict": "Restricted",
}
_DECISIONS = {
    "approve": "Approved",
    "return": "Returned to the author",
    "reject": "Rejected",
    "retract": "Retracted",
}
_SOURCE_WORDS = {"date.verbatim", "place_verbatim"}


@dataclass(frozen=True)
class ChangeLine:
    """One field before and after, in words; None = not stated."""

    label: str
    before: str | None
    after: str | None
    words: bool


@dataclass(frozen=True)
class HistoryEntry:
    """A save (with its changes) or a move of the status."""

    what: str
    who: str
    at: datetime
    reason: str
    version: int | None
    changes: tuple[ChangeLine, ...]


def history_of(
    session: Session, viewer: Viewer, keyring: Keyring, reference: str
) -> tuple[Incident, tuple[HistoryEntry, ...]]:
    """NotFound for redacted viewers too: drafts and notes stand in it."""
    incident = incident_by_reference(session, viewer, reference)
    if not viewer.internal:
        raise NotFound(f"There is no incident {reference}.")
    assert incident.id is not None
    revisions = revisions_of(session, "incident", incident.id)
    records = [opened_record(session, keyring, from_json(one.payload)) for one in revisions]
    words = words_for(session, viewer, records)
    names = _names(session)
    entries = []
    for index, (revision, record) in enumerate(zip(revisions, records, strict=True)):
        before = records[index - 1] if index else None
        entries.append(
            HistoryEntry(
                "Recorded" if before is None else f"Saved as version {revision.version}",
                names.get(revision.actor_id, "the operator"),
                revision.recorded_at,
                revision.reason or "",
                revision.version,
                change_lines(before, record, words),
            )
        )
    entries += _moves(session, incident.id, words, names)
    entries += _decisions(session, incident.id, names)
    # Within one moment a save comes before a move, a move before a decision: as they were added.
    told = sorted(enumerate(entries), key=lambda pair: (pair[1].at, pair[0]), reverse=True)
    return incident, tuple(entry for _, entry in told)


def change_lines(before: Record | None, after: Record, words: Words) -> tuple[ChangeLine, ...]:
    """Two records compared, in words. What a viewer may not see has no words and is left out."""
    lines = (_line(change, before or after, after, words) for change in differences(before, after))
    return tuple(line for line in lines if line.before or line.after)


def _line(change: Change, old: Record, new: Record, words: Words) -> ChangeLine:
    return ChangeLine(
        words.label(change.path, new.type),
        words.value(change.path, change.before, old.type) or None,
        words.value(change.path, change.after, new.type) or None,
        change.path in _SOURCE_WORDS,
    )


def _moves(
    session: Session, incident_id: int, words: Words, names: dict[int | None, str]
) -> list[HistoryEntry]:
    rows = session.exec(
        select(AuditEntry)
        .where(
            AuditEntry.entity == "incident",
            AuditEntry.entity_id == incident_id,
            col(AuditEntry.action).in_(_MOVES),
        )
        .order_by(col(AuditEntry.sequence))
    ).all()
    entries = []
    for row in rows:
        payload = json.loads(row.payload)
        assessed = words.term("assessment", payload.get("after"))
        entries.append(
            HistoryEntry(
                _MOVES[row.action] + (f": {assessed.lower()}" if assessed else ""),
                names.get(row.actor_id, "the operator"),
                row.recorded_at,
                "",
                None,
                (),
            )
        )
    return entries


def _decisions(
    session: Session, incident_id: int, names: dict[int | None, str]
) -> list[HistoryEntry]:
    rows = session.exec(
        select(Review).where(
            Review.incident_id == incident_id, col(Review.decision).in_(_DECISIONS)
        )
    ).all()
    return [
        HistoryEntry(
            _DECISIONS[row.decision] + (" (a correction)" if row.correction_id else ""),
            names.get(row.reviewer_id, ""),
            row.decided_at,
            row.reason or "",
            None,
            (),
        )
        for row in rows
    ]


def _names(session: Session) -> dict[int | None, str]:
    return dict(session.exec(select(Account.id, Account.name)).all())
