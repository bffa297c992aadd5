"""Tables of the second pair of eyes: decisions, and corrections beside approved incidents."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from incidents.db import Instant


class Review(SQLModel, table=True):
    """One reviewer's decision on one version of a record. Append-only."""

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint(
            "decision IN ('approve', 'return', 'reject', 'retract', 'assess')", name="decision"
        ),
        CheckConstraint(
            "decision NOT IN ('return', 'reject', 'retract') OR reason IS NOT NULL", name="reason"
        ),
        CheckConstraint("(decision = 'reject') = (rejection IS NOT NULL)", name="rejection"),
    )

    id: int | None = Field(default=None, primary_key=True)
    incident_id: int = Field(foreign_key="incident.id", index=True)
    # NULL = a decision on the incident itself.
    correction_id: int | None = Field(default=None, foreign_key="correction.id", index=True)
    # The version of the incident's or the correction's record that was read.
    version: int
    decision: str
    reason: str | None = Field(default=None, sa_type=Text)
    # Why it was rejected: duplicate, out_of_scope, unsupported.
    rejection: str | None = None
    duplicate_of_id: int | None = Field(default=None, foreign_key="incident.id")
    reviewer_id: int = Field(foreign_key="account.id", index=True)
    decided_at: datetime = Field(sa_type=Instant)


class Correction(SQLModel, table=True):
    """A proposed new record of an approved incident, kept beside it until approved in its place."""

    __tablename__ = "correction"
    __table_args__ = (
        CheckConstraint(
            "status IN ('draft', 'submitted', 'approved', 'withdrawn', 'rejected')", name="status"
        ),
        UniqueConstraint("author_id", "form_token"),
        Index(
            "uq_correction_open",
            "incident_id",
            unique=True,
            sqlite_where=text("status IN ('draft', 'submitted')"),
            postgresql_where=text("status IN ('draft', 'submitted')"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    incident_id: int = Field(foreign_key="incident.id", index=True)
    # The incident's version it was written against.
    base_version: int
    # The whole proposed record, canonical JSON.
    record: str = Field(sa_type=Text)
    # Why, in the author's words.
    reason: str = Field(sa_type=Text)
    status: str = Field(default="draft", index=True)
    version: int = 1
    author_id: int = Field(foreign_key="account.id", index=True)
    created_at: datetime = Field(sa_type=Instant)
    updated_at: datetime = Field(sa_type=Instant)
    form_token: str | None = None
