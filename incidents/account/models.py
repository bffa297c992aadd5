"""Tables of the people who sign in, their roles, sessions and one-time links."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Text, true
from sqlmodel import Field, SQLModel

from incidents.db import Instant


class Account(SQLModel, table=True):
    """A person who signs in. Disabled, never deleted: their name stands in the history."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("date_order IN ('day_first', 'month_first')", name="date_order"),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str
    name_folded: str = Field(unique=True)
    # Argon2id; NULL = none set yet, only a one-time link opens the account.
    password_hash: str | None = None
    # A reviewer's right to read protected names; every reading is logged.
    protected_grant: bool = False
    # How this person writes 04.05.2012; NULL = not asked yet.
    date_order: str | None = None
    # The columns their listing shows, as its address says them; NULL = the usual ones.
    listing_columns: str | None = None
    # Keys on pages: false for who has switched them off.
    shortcuts: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    created_at: datetime = Field(sa_type=Instant)
    # NULL = may sign in.
    disabled_at: datetime | None = Field(default=None, sa_type=Instant)


class AccountRole(SQLModel, table=True):
    __tablename__ = "account_role"
    __table_args__ = (
        CheckConstraint("role IN ('reader', 'researcher', 'reviewer', 'admin')", name="role"),
    )

    account_id: int = Field(foreign_key="account.id", primary_key=True)
    role: str = Field(primary_key=True)


class OneTimeLink(SQLModel, table=True):
    """A link that signs in once. Only the token's hash is kept."""

    __tablename__ = "one_time_link"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    # NULL = not used yet.
    used_at: datetime | None = Field(default=None, sa_type=Instant)


class SignInSession(SQLModel, table=True):
    """One browser that is signed in. Only the token's hash is kept."""

    __tablename__ = "sign_in_session"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    created_at: datetime = Field(sa_type=Instant)
    # Refreshed at most once a minute.
    seen_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    # NULL = not ended by anyone.
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    # As the browser calls itself, cut to 200; for the list of one's own sessions.
    user_agent: str | None = Field(default=None, sa_type=Text)


class SignInFailure(SQLModel, table=True):
    """A failed attempt, by keyed hashes of name and address. Old rows are swept."""

    __tablename__ = "sign_in_failure"

    id: int | None = Field(default=None, primary_key=True)
    account_hash: str = Field(index=True)
    address_hash: str = Field(index=True)
    failed_at: datetime = Field(sa_type=Instant, index=True)
