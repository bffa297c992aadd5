"""Tables of words that are chosen, not typed: terms of vocabularies, and places in a tree."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlmodel import Field, SQLModel

from incidents.db import Binary, Instant


class TermRow(SQLModel, table=True):
    """One value of a vocabulary as this installation has it. Retired, never deleted."""

    __tablename__ = "term"

    vocabulary: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    label: str
    definition: str = Field(sa_type=Text)
    # "" = needs none.
    example: str = Field(sa_type=Text)
    position: int
    # False = added here, not shipped with the package.
    shipped: bool
    # NULL = in use.
    retired_at: datetime | None = Field(default=None, sa_type=Instant)


class Place(SQLModel, table=True):
    """A named location in a tree: country › region › settlement › site."""

    __tablename__ = "place"
    __table_args__ = (
        CheckConstraint("lat BETWEEN -90 AND 90", name="lat"),
        CheckConstraint("lon BETWEEN -180 AND 180", name="lon"),
        CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="point"),
        CheckConstraint("parent_id <> id", name="not_own_parent"),
        CheckConstraint("length(country) = 2", name="country"),
        Index(
            "uq_place_name",
            "country",
            text("coalesce(parent_id, 0)"),
            text("coalesce(region, '')"),
            "name_folded",
            unique=True,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str
    name_folded: str = Field(sa_type=Binary, index=True)
    # ISO 3166-1 alpha-2.
    country: str = Field(index=True)
    region: str | None = None
    # ISO 3166-2; NULL = not given.
    region_code: str | None = None
    # Degrees, WGS 84; both or neither.
    lat: float | None = None
    lon: float | None = None
    # What the point stands for: a `place_precision` code; NULL = not given.
    precision: str | None = None
    # NULL = directly below its country.
    parent_id: int | None = Field(default=None, foreign_key="place.id", index=True)
    gazetteer_id: str | None = Field(default=None, index=True)
    # Grows by one with every save; written by the database where nobody says it.
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    created_at: datetime = Field(sa_type=Instant)


class PlaceAlias(SQLModel, table=True):
    """Another spelling of a place, in any script."""

    __tablename__ = "place_alias"

    place_id: int = Field(foreign_key="place.id", primary_key=True)
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: str
    name_folded: str = Field(sa_type=Binary, index=True)
