"""The life of an incident as one table of transitions.

`incident.actions.move` is what follows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Mover(StrEnum):
    """Who may: the author, anyone who records, or a reviewer of others' work."""

    AUTHOR = "author"
    RESEARCHER = "researcher"
    REVIEWER = "reviewer"


@dataclass(frozen=True)
class Transition:
    """One way from a status to another."""

    name: str
    before: str
    after: str
    mover: Mover
    reason: bool = False
    label: str = ""


TRANSITIONS: Mapping[str, Transition] = MappingProxyType(
    {
        move.name: move
        for move in (
            Transition("submit", "draft", "submitted", Mover.RESEARCHER, label="Submit for review"),
            Transition("withdraw", "submitted", "draft", Mover.AUTHOR, label="Withdraw"),
            Transition("return", "submitted", "draft", Mover.REVIEWER, True, "Return"),
            Transition("approve", "submitted", "approved", Mover.REVIEWER, label="Approve"),
            Transition("reject", "submitted", "rejected", Mover.REVIEWER, True, "Reject"),
            Transition("reopen", "rejected", "draft", Mover.RESEARCHER, label="Reopen"),
            Transition("retract", "approved", "retracted", Mover.REVIEWER, True, "Retract"),
        )
    }
)
STATUSES = ("draft", "submitted", "approved", "rejected", "retracted")


def transitions_from(status: str) -> tuple[Transition, ...]:
    """Every way out of a status, in the table's order; () from a tombstone."""
    return tuple(move for move in TRANSITIONS.values() if move.before == status)
