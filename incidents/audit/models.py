"""Tables of what happened to the data: the chained log, whole revisions, reference counters."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from incidents.db import Instant


class AuditEntry(SQLModel, table=True):
    """One action. Append-only: triggers refuse UPDATE, DELETE, REPLACE and TRUNCATE."""

    __tablename__ = "audit_entry"

    # 1, 2, 3 … without gaps, in commit order: taken while the head row is locked.
    sequence: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    recorded_at: datetime = Field(sa_type=Instant)
    # The account that acted; NULL = a command run by the operator.
    actor_id: int | None = Field(default=None, index=True)
    action: str
    entity: str
    entity_id: int | None = None
    # Canonical JSON. Protected values stand here only as keyed hashes.
    payload: str = Field(sa_type=Text)
    previous_hash: str
    # SHA-256 over the previous hash and every field above, hex.
    hash: str = Field(unique=True)


class AuditHead(SQLModel, table=True):
    """The one row every action locks: the last entry's sequence, hash and instant."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    sequence: int
    hash: str
    recorded_at: datetime = Field(sa_type=Instant)


class Revision(SQLModel, table=True):
    """The whole of a thing after one save. Append-only, never expires."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("entity", "entity_id", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    # "incident", "correction", "party", "source", "place", "event".
    entity: str
    entity_id: int
    # The version this save made, from 1.
    version: int
    recorded_at: datetime = Field(sa_type=Instant)
    # NULL = the operator.
    actor_id: int | None = Field(default=None, index=True)
    # Why, in the actor's words; NULL = not said.
    reason: str | None = Field(default=None, sa_type=Text)
    # Canonical JSON; names of parties are ciphertext in it.
    payload: str = Field(sa_type=Text)


class ReferenceCounter(SQLModel, table=True):
    """The last number given out per kind and year. Numbers are never reused."""

    __tablename__ = "reference_counter"

    kind: str = Field(primary_key=True)
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last: int
