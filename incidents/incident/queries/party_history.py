"""A party's history: every save in words, and what was merged into it. A name is never told."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from incidents.account.models import Account
from incidents.audit.models import AuditEntry, Revision
from incidents.crypto import Keyring
from incidents.incident.models import Party, PartyKey
from incidents.incident.queries.lookup import current_parties, parents_told
from incidents.incident.queries.sealed import opened_label, opened_names
from incidents.incident.rights import shown_party
from incidents.viewer import Viewer
from incidents.vocabulary.types import vocabulary

_LABELS = {
    "label": "Label",
    "kind": "Kind",
    "privacy": "Privacy",
    "sex": "Sex",
    "age": "Age",
    "occupation": "Occupation",
    "sort": "Sort",
    "parent_id": "Belongs to",
    "note": "Note",
}
_CODED = {"kind": "party_kind", "privacy": "privacy", "sex": "sex", "sort": "party_sort"}
# What the log says of a party besides its saves.
_LOGGED = {"take_in": "merged into it", "give_back": "taken out of it again"}
_GONE = "erased with the name"


@dataclass(frozen=True)
class PartyChange:
    label: str
    before: str | None
    after: str | None
    words: bool = False


@dataclass(frozen=True)
class PartySave:
    """One save or merge. `of` is the label of a party merged into it, whose save it was."""

    what: str
    who: str
    at: datetime
    reason: str
    of: str
    changes: tuple[PartyChange, ...]


def history_of_party(
    session: Session, viewer: Viewer, keyring: Keyring, whole: Sequence[Party]
) -> tuple[PartySave, ...]:
    """Newest first; of those merged into it, only where this viewer may see their own incidents."""
    ids = [one.id for one in whole]
    shown = set(
        session.exec(select(Party.id).where(col(Party.id).in_(ids), shown_party(viewer))).all()
    ) | {whole[0].id}
    revisions = session.exec(
        select(Revision)
        .where(Revision.entity == "party", col(Revision.entity_id).in_(shown))
        .order_by(col(Revision.entity_id), col(Revision.version))
    ).all()
    names = dict(session.exec(select(Account.id, Account.name)).all())
    stored = _payloads(session, keyring, revisions)
    parents = parents_told(session, viewer, {one.get("parent_id") for one in stored})
    labels = {asked: party.label for asked, party in current_parties(session, parents).items()}
    of = {one.id: one.label for one in whole[1:]}
    saves = [
        PartySave(
            what=_what(revision, before, after),
            who=names.get(revision.actor_id, "the operator"),
            at=revision.recorded_at,
            reason=revision.reason or "",
            of=of.get(revision.entity_id, ""),
            changes=_changes(before, after, labels) if before else (),
        )
        for revision, before, after in _steps(revisions, stored)
    ]
    saves += _merges(session, viewer, whole[0], names)
    told = sorted(enumerate(saves), key=lambda pair: (pair[1].at, pair[0]), reverse=True)
    return tuple(save for _, save in told)


def party_then(session: Session, keyring: Keyring, party: Party, payload: Any) -> Any:
    """A revision’s payload by the names of the columns, `name` and `aliases` in clear; None once
    they are erased.
    """
    key = session.exec(select(PartyKey.wrapped).where(PartyKey.party_id == party.id)).one_or_none()
    if key is None:
        return None
    number, said = party.id or 0, {**dict.fromkeys(_LABELS), "name": None, "aliases": (), **payload}
    if "label_sealed" in said:
        said["label"] = opened_label(keyring, number, key, said["label_sealed"])
    if "name_sealed" in said:
        sealed = bytes.fromhex(said["name_sealed"])
        said["name"], said["aliases"] = opened_names(keyring, number, key, sealed)
    return said


def _payloads(
    session: Session, keyring: Keyring, revisions: Sequence[Revision]
) -> list[dict[str, Any]]:
    """As stored, a public party's label opened; None in its place once its key is destroyed."""
    ids = {one.entity_id for one in revisions}
    keys = dict(
        session.exec(
            select(PartyKey.party_id, PartyKey.wrapped).where(col(PartyKey.party_id).in_(ids))
        ).all()
    )
    stored = []
    for revision in revisions:
        payload = json.loads(revision.payload)
        if "label_sealed" in payload:
            sealed, key = payload.pop("label_sealed"), keys.get(revision.entity_id)
            payload["label"] = opened_label(keyring, revision.entity_id, key, sealed)
        stored.append(payload)
    return stored


def _steps(
    revisions: Sequence[Revision], stored: Sequence[dict[str, Any]]
) -> list[tuple[Revision, dict[str, Any] | None, dict[str, Any]]]:
    steps = []
    for index, revision in enumerate(revisions):
        follows = index and revisions[index - 1].entity_id == revision.entity_id
        steps.append((revision, stored[index - 1] if follows else None, stored[index]))
    return steps


def _what(revision: Revision, before: dict[str, Any] | None, after: dict[str, Any]) -> str:
    if before is None:
        return "Recorded"
    merged = before.get("merged_into_id"), after.get("merged_into_id")
    if merged[0] != merged[1]:
        return "Merged into another" if merged[1] else "Stands for itself again"
    if before.get("name_sealed") and not after.get("name_sealed") and revision.reason:
        return "Name erased"
    return f"Saved as version {revision.version}"


def _changes(
    before: Mapping[str, Any], after: Mapping[str, Any], parents: Mapping[int, str]
) -> tuple[PartyChange, ...]:
    changes = [
        PartyChange(label, _words(name, before, parents), _words(name, after, parents))
        for name, label in _LABELS.items()
        if before.get(name) != after.get(name)
    ]
    if before.get("name_sealed") != after.get("name_sealed"):
        told = "name changed" if before.get("name_sealed") else "name given"
        told = told if after.get("name_sealed") else "no name"
        changes.append(PartyChange("Name", None, told))
    return tuple(changes)


def _words(name: str, payload: Mapping[str, Any], parents: Mapping[int, str]) -> str | None:
    value = payload.get(name)
    if name == "label" and value is None:
        return _GONE
    if value is None:
        return None
    if name == "parent_id":
        return parents.get(value)
    return vocabulary(_CODED[name]).label(value) if name in _CODED else str(value)


def _merges(
    session: Session, viewer: Viewer, party: Party, names: Mapping[int | None, str]
) -> list[PartySave]:
    """What was merged into this very party, and taken out again: both stay told."""
    rows = session.exec(
        select(AuditEntry)
        .where(
            AuditEntry.entity == "party",
            AuditEntry.entity_id == party.id,
            col(AuditEntry.action).in_(_LOGGED),
        )
        .order_by(col(AuditEntry.sequence))
    ).all()
    told = [(row, json.loads(row.payload)["party"]) for row in rows]
    others = session.exec(
        select(Party).where(col(Party.id).in_({other for _, other in told}), shown_party(viewer))
    ).all()
    labels = {other.id: other.label for other in others}
    return [
        PartySave(
            what=f"“{labels[other]}” {_LOGGED[row.action]}",
            who=names.get(row.actor_id, "the operator"),
            at=row.recorded_at,
            reason="",
            of="",
            changes=(),
        )
        for row, other in told
        if other in labels
    ]
