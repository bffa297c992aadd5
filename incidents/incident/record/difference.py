"""Compares two records field by field, for history, reviews and merges.

Values stay raw codes and ids.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from incidents.incident.record.value import Record


@dataclass(frozen=True)
class Change:
    """One field path with its value before and after; None = nobody says."""

    path: str
    before: Any
    after: Any


def differences(before: Record | None, after: Record) -> tuple[Change, ...]:
    """Changed paths in the record's own order; children are compared whole, by position."""
    old = _flat(before) if before else {}
    new = _flat(after)
    paths = [*new, *(path for path in old if path not in new)]
    return tuple(
        Change(path, old.get(path), new.get(path))
        for path in paths
        if old.get(path) != new.get(path)
    )


def _flat(record: Record) -> Mapping[str, Any]:
    """Path → value, without what nobody says; details and the date by their parts."""
    values: dict[str, Any] = {}
    for name, value in record.model_dump(mode="json", exclude_none=True).items():
        if name in {"date", "details"}:
            values |= {
                f"{name}.{part}": inner for part, inner in value.items() if inner is not False
            }
        elif isinstance(value, list):
            values |= {f"{name}.{index}": inner for index, inner in enumerate(value)}
        elif value != "":
            values[name] = value
    return values
