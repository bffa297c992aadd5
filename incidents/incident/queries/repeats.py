"""Leaves out what merging says twice: two rows of one incident that name one party in one role."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")


class Told(NamedTuple):
    """What one row says: whom it names, who that is now, in which role, and whatever else."""

    named: int
    current: int
    role: str
    rest: tuple[Any, ...]


def once_each(rows: Sequence[T], told: Callable[[T], Told]) -> list[T]:
    """The rows in their order, without those that add nothing to another of the same party and
    role.

    Only merging makes such rows: two that name the very same party are somebody's own doing.
    """
    said = [told(row) for row in rows]
    kept = list(range(len(rows)))
    for index in reversed(range(len(rows))):
        if any(_covers(said[other], said[index]) for other in kept if other != index):
            kept.remove(index)
    return [rows[index] for index in kept]


def _covers(one: Told, other: Told) -> bool:
    same = (one.current, one.role) == (other.current, other.role) and one.named != other.named
    return same and all(
        value in (None, "") or value == known
        for value, known in zip(other.rest, one.rest, strict=True)
    )
