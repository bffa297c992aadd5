"""Tables of sources, the addresses they were found at, and their snapshots."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    LargeBinary,
    Text,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

from incidents.db import Instant


class Source(SQLModel, table=True):
    """One published or received item."""

    __tablename__ = "source"
    __table_args__ = (
        UniqueConstraint("ref_year", "ref_number"),
        UniqueConstraint("created_by", "form_token"),
        CheckConstraint("(url IS NULL) = (url_hash IS NULL)", name="url"),
    )

    id: int | None = Field(default=None, primary_key=True)
    ref_year: int
    ref_number: int
    title: str
    kind: str = Field(index=True)
    publisher: str | None = Field(default=None, index=True)
    author: str | None = None
    # As given, of any length; NULL = not published at an address.
    url: str | None = Field(default=None, sa_type=Text)
    # The canonical form; not unique: a photograph may stand on an article's page.
    url_canonical: str | None = Field(default=None, sa_type=Text)
    # SHA-256 of the canonical form, hex: long addresses can't be indexed themselves.
    url_hash: str | None = Field(default=None, index=True)
    archive_url: str | None = Field(default=None, sa_type=Text)
    # BCP 47, as "en"; NULL = not said.
    language: str | None = None
    # EDTF; NULL = nobody says when it was published.
    published_edtf: str | None = None
    published_earliest: date | None = Field(default=None, index=True)
    published_latest: date | None = None
    # A `date_basis` code.
    published_basis: str | None = None
    accessed_at: datetime | None = Field(default=None, sa_type=Instant)
    # A to F; NULL = not graded.
    reliability: str | None = None
    reliability_reason: str | None = Field(default=None, sa_type=Text)
    # The source whose story this one copies; NULL = its own origin.
    origin_id: int | None = Field(default=None, foreign_key="source.id", index=True)
    # An unpublished testimony: bytes, text and quotes are ciphertext, and it is never indexed.
    protected: bool = False
    # Why nothing (more) is to be logged from it; NULL = open.
    closed_reason: str | None = Field(default=None, sa_type=Text)
    version: int = 1
    created_by: int | None = Field(default=None, foreign_key="account.id", index=True)
    created_at: datetime = Field(sa_type=Instant)
    updated_at: datetime = Field(sa_type=Instant)
    form_token: str | None = None

    @property
    def reference(self) -> str:
        return f"SRC-{self.ref_year}-{self.ref_number:05d}"


class SourceKey(SQLModel, table=True):
    """The key of one protected source, wrapped by the main key. Destroying it erases the source."""

    __tablename__ = "source_key"

    source_id: int = Field(foreign_key="source.id", primary_key=True)
    # NULL = destroyed.
    wrapped: bytes | None = Field(default=None, sa_type=LargeBinary)
    destroyed_at: datetime | None = Field(default=None, sa_type=Instant)


class SourceAddress(SQLModel, table=True):
    """Another address the same source stands at."""

    __tablename__ = "source_address"

    source_id: int = Field(foreign_key="source.id", primary_key=True)
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    url: str = Field(sa_type=Text)
    url_hash: str = Field(index=True)


class Snapshot(SQLModel, table=True):
    """A stored, hashed copy of a source at one moment. Append-only."""

    __tablename__ = "snapshot"
    __table_args__ = (
        CheckConstraint("text IS NULL OR text_sealed IS NULL", name="text_once"),
        CheckConstraint("method IN ('fetched', 'uploaded', 'pasted')", name="method"),
    )

    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id", index=True)
    # Of the bytes as received, hex: the archive's key (of the ciphertext when protected).
    sha256: str = Field(index=True)
    size_bytes: int
    media_type: str
    file_name: str | None = None
    taken_at: datetime = Field(sa_type=Instant)
    taken_by: int | None = Field(default=None, foreign_key="account.id")
    method: str
    final_url: str | None = Field(default=None, sa_type=Text)
    # [status, address] of each that led on, oldest first; NULL = not fetched.
    redirects: Any = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    status_code: int | None = None
    headers: Any = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    # The extracted text quotes are found in; NULL = none, or sealed.
    text: str | None = Field(default=None, sa_type=Text)
    text_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    text_sha256: str | None = None
    tool_versions: Any = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    # When it was asked for and when its last byte came; NULL = not fetched.
    fetch_started_at: datetime | None = Field(default=None, sa_type=Instant)
    fetch_finished_at: datetime | None = Field(default=None, sa_type=Instant)
    # Of its WARC file beside the bytes, as the archive names it; its size in clear.
    warc_sha256: str | None = None
    warc_size_bytes: int | None = None


class SnapshotSketch(SQLModel, table=True):
    """That a snapshot's text can be found by what it resembles, and by which rules. Never one of a
    protected source: a sketch tells of words.
    """

    __tablename__ = "snapshot_sketch"

    snapshot_id: int = Field(
        foreign_key="snapshot.id", primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    # `near_texts.SKETCH_VERSION` when its bands were made; it has none when its words are few.
    version: int


class SnapshotBand(SQLModel, table=True):
    """One band of a text's sketch: two texts that share one may be nearly the same."""

    __tablename__ = "snapshot_band"

    # A signed number of 64 bits; see `near_texts.bands`.
    band: int = Field(
        sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    snapshot_id: int = Field(
        foreign_key="snapshot.id",
        primary_key=True,
        sa_column_kwargs={"autoincrement": False},
        index=True,
    )


class Capture(SQLModel, table=True):
    """A page being fetched, or fetched and not saved yet: one account's own, for a week."""

    __tablename__ = "capture"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'connecting', 'receiving', 'reading', 'done', 'failed')",
            name="state",
        ),
        CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="failure"),
    )

    id: int | None = Field(default=None, primary_key=True)
    # By which its page is asked for.
    token: str = Field(unique=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    # The source that gets another copy; NULL = a new one.
    source_id: int | None = Field(default=None, foreign_key="source.id")
    # The address, and what was typed beside it: never in clear before it is saved.
    sealed: bytes = Field(sa_type=LargeBinary)
    state: str
    received_bytes: int = 0
    # A code of `fetch_failures`.
    failure: str | None = None
    # Counts the times it was tried: who tries it for an earlier one writes no more.
    attempt: int = 1
    started_at: datetime = Field(sa_type=Instant)
    # The last sign of life.
    seen_at: datetime = Field(sa_type=Instant)


class SourceReading(SQLModel, table=True):
    """How far one account has read a source, and when it last had it open. Told to nobody outside
    the team.
    """

    __tablename__ = "source_reading"
    __table_args__ = (CheckConstraint("furthest >= 0", name="furthest"),)

    source_id: int = Field(foreign_key="source.id", primary_key=True)
    account_id: int = Field(foreign_key="account.id", primary_key=True, index=True)
    # The copy that `furthest` counts in.
    snapshot_id: int | None = Field(default=None, foreign_key="snapshot.id")
    # Where the furthest paragraph that was on the screen begins, in code points; NULL = none was.
    furthest: int | None = None
    # When they came to its end, or said that they had read it; NULL = not yet.
    read_at: datetime | None = Field(default=None, sa_type=Instant)
    # When this sitting began: whoever is away for a quarter of an hour begins another.
    opened_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)
