"""Owns the present moment, handed to whatever needs it, so that a test can hold it still.
Refuses naive times: every instant in this program is aware and in UTC."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the present moment as an aware instant in UTC."""

    def __call__(self) -> datetime: ...


def utc_now() -> datetime:
    return datetime.now(UTC)
