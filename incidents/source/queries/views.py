"""What the reading room shows, frozen. Knows no database; templates read these and nothing else."""

from dataclasses import dataclass
from datetime import datetime

from incidents.source.queries.changes import Changes
from incidents.source.queries.pieces import Cover, Paragraph


@dataclass(frozen=True)
class Link:
    """An address as typed; `href` is None when a page must not make a link of it."""

    text: str
    href: str | None


@dataclass(frozen=True)
class SnapshotLine:
    """A stored copy; `number` counts from the oldest. Who brought it and its file's name are for
    internal viewers.
    """

    id: int
    number: int
    sha256: str
    size_bytes: int
    media_type: str
    method_label: str
    taken_at: datetime
    taken_by: str | None
    file_name: str | None
    # Where it was fetched, and over how many redirects; also for internal viewers.
    fetched_from: str | None = None
    redirects: int = 0
    # Whether its WARC file is kept.
    archived: bool = False


@dataclass(frozen=True)
class LoggedLine:
    """An incident logged from the source; `number` is the one that stands in the text.

    `quotes` are taken from any copy, as many as `here` stand in the one that is shown.
    """

    number: int
    reference: str
    title: str
    type: str
    statement: bool
    status: str
    quotes: int
    here: int


@dataclass(frozen=True)
class LostQuote:
    """A quote that doesn't occur in the copy that is shown, and the words there that come nearest.

    `nearest` is "" when nothing comes near, `change` leads from the quote to it: ("same" | "gone" |
    "new", words). `copy` is the number of the one it was taken from.
    """

    number: int
    reference: str
    title: str
    type: str
    words: str
    nearest: str
    change: tuple[tuple[str, str], ...]
    copy: int


@dataclass(frozen=True)
class Reading:
    """Which copy is shown. None of the copies is, where there are none.

    `lost` are quotes of it, as far as this viewer is told; `changes` lead from `against` to it.
    """

    shown: SnapshotLine | None
    quotes: int
    lost: tuple[LostQuote, ...]
    against: SnapshotLine | None = None
    changes: Changes | None = None


@dataclass(frozen=True)
class CopyLine:
    """Another source of the same origin group."""

    reference: str
    title: str
    is_origin: bool


@dataclass(frozen=True)
class NearLine:
    """A source of another story whose text is nearly the same, and how much of it."""

    reference: str
    title: str
    told: str


@dataclass(frozen=True)
class SourcePage:
    """All of the reading room. None = nobody says, or not for this viewer."""

    id: int
    reference: str
    version: int
    title: str
    kind: str
    kind_label: str
    publisher: str | None
    author: str | None
    address: Link | None
    archived: Link | None
    other_addresses: tuple[Link, ...]
    language: str | None
    right_to_left: bool
    published: str | None
    published_edtf: str | None
    published_basis_label: str | None
    accessed_at: datetime | None
    reliability: str | None
    reliability_label: str | None
    reliability_reason: str | None
    protected: bool
    closed: bool
    closed_reason: str | None
    added_at: datetime
    added_by: str | None
    copies: tuple[CopyLine, ...]
    # For who may say that they are one story.
    near: tuple[NearLine, ...]
    # Newest first; the text below is that of `reading.shown`.
    snapshots: tuple[SnapshotLine, ...]
    reading: Reading
    paragraphs: tuple[Paragraph, ...]
    cover: Cover
    erased: bool
    # Whether the original may be downloaded: never by who sees a redacted text.
    downloads: bool
    # By reference; numbered from 1.
    incidents: tuple[LoggedLine, ...]

    @property
    def url(self) -> str:
        """Of this page."""
        return f"/sources/{self.reference}"

    @property
    def facts(self) -> tuple[str, ...]:
        """The line under the title, in the order it is read."""
        how = f" ({self.published_basis_label.lower()})" if self.published_basis_label else ""
        return tuple(
            fact
            for fact in (
                self.author,
                self.publisher,
                f"Published {self.published}{how}" if self.published else None,
                f"Reliability {self.reliability}" if self.reliability else None,
            )
            if fact
        )


@dataclass(frozen=True)
class SnapshotFile:
    """The bytes as they came, for a download."""

    content: bytes
    media_type: str
    name: str
