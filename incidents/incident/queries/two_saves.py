"""The two saves a stale form stands between, and their parts in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from incidents.audit.queries import saves_of
from incidents.crypto import Keyring
from incidents.incident.models import Incident
from incidents.incident.queries.sealed import opened_record
from incidents.incident.queries.words import LABELS, Words
from incidents.incident.record import Record, from_json
from incidents.incident.rights import visible
from incidents.incident.types import TYPES
from incidents.viewer import Viewer

_PART_LABELS = {
    "citations": "Quotes",
    "figures": "How many",
    "involvements": "Who, and by whom",
    "relations": "Relations",
}
# What a child says beside its first words: field → what it is called.
_BESIDE = {
    "citations": {
        "utterance": "how it is said",
        "translated": "translated",
        "credibility": "credibility",
        "fields": "about",
        "note": "note",
    },
    "figures": {
        "unit": "unit",
        "sex": "sex",
        "age_min": "youngest",
        "age_max": "oldest",
        "citation": "rests on quote",
        "parent": "part of figure",
        "totals_reason": "why in totals",
    },
    "involvements": {
        "relationship": "relationship",
        "relationship_to": "to",
        "note": "note",
    },
    "relations": {"asserted_by": "says", "note": "note"},
}
_COUNTED = ("citation", "parent")


@dataclass(frozen=True)
class Sides:
    """What a form was opened on, and what stands there now; quotes in clear, without relations to
    what this viewer may not see.
    """

    base: Record
    theirs: Record
    # Of what stands there now.
    version: int
    who: str
    saved_at: datetime


def sides_of(
    session: Session,
    viewer: Viewer,
    keyring: Keyring,
    thing: tuple[str, int],
    read: int,
    current: int,
) -> Sides:
    """Of an incident or a correction one may see, by its kind and id. A version that never was is
    taken for the present one.
    """
    entity, entity_id = thing
    saves = saves_of(session, entity, entity_id, (read, current))
    now = saves[current]
    records = [from_json(one.payload) for one in (saves.get(read, now), now)]
    shown = _shown_relations(session, viewer, records)
    base, theirs = (
        opened_record(session, keyring, record).model_copy(
            update={"relations": tuple(one for one in record.relations if one.to in shown)}
        )
        for record in records
    )
    return Sides(base, theirs, current, now.who, now.at)


def _shown_relations(session: Session, viewer: Viewer, records: Iterable[Record]) -> set[int]:
    targets = {one.to for record in records for one in record.relations}
    if not targets:
        return set()
    asked = select(Incident.id).where(col(Incident.id).in_(targets), visible(viewer))
    return {found for found in session.exec(asked) if found is not None}


def part_label(path: str, type_code: str) -> str:
    head, _, detail = path.partition(".")
    declared = TYPES[type_code].detail(detail) if detail else None
    return declared.label if declared else _PART_LABELS.get(head, LABELS.get(head, head))


def part_lines(record: Record, path: str, words: Words) -> tuple[str, ...]:
    """One part in words, a line each; nothing when nobody says."""
    if path in _PART_LABELS:
        children = record.model_dump(mode="json", exclude_none=True)[path]
        return tuple(_child(path, one, record.type, words) for one in children)
    if path == "date":
        return _date(record, words)
    if path == "place":
        said = {"": "place", "precision: ": "place_precision", "as written: ": "place_verbatim"}
        lines = {
            before: words.value(name, getattr(record, name), record.type)
            for before, name in said.items()
        }
        return tuple(before + line for before, line in lines.items() if line)
    head, _, detail = path.partition(".")
    raw = record.details.get(detail) if detail else getattr(record, head)
    line = words.value(path, raw, record.type) if raw not in (None, "") else ""
    return (line,) if line else ()


def _date(record: Record, words: Words) -> tuple[str, ...]:
    when = record.date.model_dump(mode="json", exclude_none=True)
    lines = []
    for name, raw in when.items():
        if raw is False and name == "not_known":
            continue
        line = words.value(f"date.{name}", raw, record.type)
        label = "" if name == "edtf" else f"{LABELS[f'date.{name}']}: "
        lines.append(label + line)
    return tuple(lines)


def _child(path: str, raw: Mapping[str, Any], type_code: str, words: Words) -> str:
    if path == "citations" and raw["source"] not in words.sources:
        raw = {name: value for name, value in raw.items() if name not in ("quote", "note")}
    parts = [words.value(f"{path}.0", raw, type_code)]
    for name, label in _BESIDE[path].items():
        value = raw.get(name)
        if value in (None, (), []):
            continue
        if name in _COUNTED:
            said = str(int(value) + 1)
        elif name == "relationship_to":
            said = words.party(value)
        elif isinstance(value, list | tuple):
            said = ", ".join(words.label(one, type_code) for one in value)
        elif isinstance(value, bool):
            said = "yes" if value else "no"
        else:
            said = words.term(name, str(value))
        parts.append(f"{label}: {said}")
    return "; ".join(part for part in parts if part)
