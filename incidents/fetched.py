"""What came of fetching an address: the bytes, and every step that led to them.

Owns the values, and what of them stands beside a copy. Refuses to know how they were fetched.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Headers = tuple[tuple[str, str], ...]
# They tell who asked, never what was answered; no copy keeps them.
NOT_KEPT = frozenset({"set-cookie", "set-cookie2"})


@dataclass(frozen=True)
class Hop:
    """One request and its answer. `request` and `response` are the bytes as they went over the
    wire; `truncated`: the answer's end was not waited for."""

    url: str
    # The address the connection went to.
    ip: str
    status: int
    headers: Headers
    asked_at: datetime
    request: bytes = field(repr=False)
    response: bytes = field(repr=False)
    truncated: bool = False

    @property
    def kept_headers(self) -> Headers:
        return tuple(pair for pair in self.headers if pair[0].lower() not in NOT_KEPT)


@dataclass(frozen=True)
class Fetched:
    """`body` is decoded as the answer's Content-Encoding says; `charset` is what HTTP declares."""

    asked: str
    body: bytes = field(repr=False)
    media_type: str | None
    charset: str | None
    hops: tuple[Hop, ...]
    started_at: datetime
    finished_at: datetime
    # The programs that fetched it, by name.
    tool_versions: Mapping[str, str]

    @property
    def url(self) -> str:
        """Where the page was found in the end."""
        return self.hops[-1].url

    def facts(self) -> "Facts":
        return Facts(
            asked=self.asked,
            final_url=self.url,
            redirects=tuple((hop.status, hop.url) for hop in self.hops[:-1]),
            status=self.hops[-1].status,
            headers=self.hops[-1].kept_headers,
            started_at=self.started_at,
            finished_at=self.finished_at,
            tool_versions=dict(self.tool_versions),
        )


@dataclass(frozen=True)
class Facts:
    """What stands beside a fetched copy. `redirects` are the addresses passed, oldest first, each
    with the status that led on."""

    asked: str
    final_url: str
    redirects: tuple[tuple[int, str], ...]
    status: int
    headers: Headers
    started_at: datetime
    finished_at: datetime
    tool_versions: dict[str, str]

    def to_json(self) -> dict[str, Any]:
        return {
            **self.__dict__,
            "started_at": self.started_at.isoformat(),
            "finished_at": self.finished_at.isoformat(),
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Facts":
        return cls(
            **{
                **said,
                "redirects": tuple((status, url) for status, url in said["redirects"]),
                "headers": tuple((name, value) for name, value in said["headers"]),
                "started_at": datetime.fromisoformat(said["started_at"]),
                "finished_at": datetime.fromisoformat(said["finished_at"]),
            }
        )
