"""A place or a term as somebody says it: what a form fills and an action checks.

Knows no database. None means that nobody says.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class PlaceSaid:
    """`country` is an ISO 3166-1 alpha-2 code, "" = the parent's; `parent` is a place's id."""

    name: str
    country: str = ""
    parent: int | None = None
    aliases: tuple[str, ...] = ()
    region: str | None = None
    # ISO 3166-2, as "KZ-47".
    region_code: str | None = None
    # Degrees, WGS 84; both or neither.
    lat: float | None = None
    lon: float | None = None
    # A `place_precision` code: what the point stands for.
    precision: str | None = None
    gazetteer_id: str | None = None


@dataclass(frozen=True)
class TermSaid:
    """One value of a vocabulary; `example` "" = needs none."""

    code: str
    label: str
    definition: str
    example: str = ""
