"""Owns the offline gazetteer: a read-only file of settlements, looked up by any spelling.

Refuses to write it (`assets/gazetteer.py` does, once) and to know of the team's own places. Without
the file there is a gazetteer that finds nothing. Data: GeoNames, CC BY 4.0.
"""

import re
import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import structlog
from rapidfuzz import fuzz, process

from incidents.folding import fold, has_unstorable

SHIPPED = Path(__file__).with_name("gazetteer.sqlite")
# Longer ones are whole sentences, and likeness is the square of the length.
LONGEST_ASKED = 100
LEAST_FOR_LIKENESS = 4
LEAST_LIKENESS = 75
_LAST_CHARACTER = "\U0010ffff"
_BETWEEN_WORDS = re.compile(r"[\s'\"\-.,()/·=`’]+")
_COLUMNS = (
    "place.id, place.name, place.aliases, place.country, region.name, region.code,"
    " place.lat, place.lon, place.population, chief.name"
)
_JOINS = (
    " FROM place LEFT JOIN place AS chief ON chief.id = place.chief"
    " LEFT JOIN region ON region.country = place.country AND region.admin1 = place.admin1"
)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Settlement:
    """One settlement as GeoNames has it."""

    # GeoNames' own, as text: it never changes and is a place's `gazetteer_id`.
    id: str
    name: str
    # Other spellings worth keeping: in the country's own scripts and in Latin, at most 8.
    aliases: tuple[str, ...]
    # ISO 3166-1 alpha-2.
    country: str
    # None where the data has no name, or no ISO 3166-2 code one can be sure of: most countries.
    region: str | None
    region_code: str | None
    # Degrees, WGS 84.
    lat: float
    lon: float
    # 0 = not known.
    population: int
    # The largest settlement of the same region; None when that is this one.
    chief: str | None


def key(text: str) -> str:
    """The text as names are looked up: folded, and without what stands between words; "" for what
    no file could hold.
    """
    if has_unstorable(text):
        return ""
    return _BETWEEN_WORDS.sub("", fold(text[: LONGEST_ASKED * 2]))[:LONGEST_ASKED]


class Gazetteer:
    """Settlements by spelling, by id and by where they are. Opens nothing until it is asked."""

    def __init__(self, file: Path | None) -> None:
        self._file = file

    @cached_property
    def file(self) -> Path | None:
        """None where it was not built, which is logged once."""
        if self._file is not None and not self._file.is_file():
            _log.warning("no gazetteer: make builds it", file=self._file.name)
            return None
        return self._file

    def find(
        self, text: str, country: str | None = None, limit: int = 10, *, alike: bool = True
    ) -> list[Settlement]:
        """So called first, then those whose name begins so, then (inside a known country, unless
        not `alike`) those called nearly so; each by population. Empty for an empty text.
        """
        wanted = key(text)
        if self.file is None or not wanted or limit < 1:
            return []
        with closing(_opened(self.file)) as connection:
            ids = _called(connection, wanted, country, limit)
            if len(ids) < limit:
                ids += _beginning(connection, wanted, country, limit + len(ids))
            ids = list(dict.fromkeys(ids))
            enough = len(ids) >= limit or len(wanted) < LEAST_FOR_LIKENESS
            if country and alike and not enough:
                ids += _resembling(connection, str(self.file), wanted, country, limit)
            return _settlements(connection, list(dict.fromkeys(ids))[:limit])

    def named(self, text: str, country: str, limit: int = 10) -> list[Settlement]:
        """Those of that country so called, and no others, by population."""
        wanted = key(text)
        if self.file is None or not wanted:
            return []
        with closing(_opened(self.file)) as connection:
            return _settlements(connection, _called(connection, wanted, country, limit))

    def by_id(self, settlement_id: str) -> Settlement | None:
        if self.file is None or not (settlement_id.isascii() and settlement_id.isdecimal()):
            return None
        if len(settlement_id) > 12:
            return None
        with closing(_opened(self.file)) as connection:
            found = _settlements(connection, [int(settlement_id)])
        return found[0] if found else None

    def near(self, lat: float, lon: float, *, span: float, limit: int = 40) -> list[Settlement]:
        """The largest within `span` degrees of latitude north and south, and twice that to either
        side; across the date line too.
        """
        if self.file is None:
            return []
        statement = (
            f"SELECT {_COLUMNS} {_JOINS} WHERE place.id IN (SELECT id FROM place"
            " WHERE lat BETWEEN :south AND :north AND (lon BETWEEN :west AND :east"
            " OR lon + 360 BETWEEN :west AND :east OR lon - 360 BETWEEN :west AND :east)"
            " ORDER BY population DESC, id LIMIT :limit)"
            " ORDER BY place.population DESC, place.id"
        )
        box = {
            "south": lat - span,
            "north": lat + span,
            "west": lon - 2 * span,
            "east": lon + 2 * span,
            "limit": limit,
        }
        with closing(_opened(self.file)) as connection:
            return [_settlement(row) for row in connection.execute(statement, box)]


NO_GAZETTEER = Gazetteer(None)


def _opened(file: Path) -> sqlite3.Connection:
    """Of one's own, because a connection belongs to a thread; a tenth of a millisecond."""
    return sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)


def _called(
    connection: sqlite3.Connection, wanted: str, country: str | None, limit: int
) -> list[int]:
    inside, given = _inside(country)
    rows = connection.execute(
        f"SELECT place FROM name WHERE key = ?{inside} ORDER BY weight DESC, place LIMIT ?",
        (wanted, *given, limit),
    )
    return [place for (place,) in rows]


def _beginning(
    connection: sqlite3.Connection, wanted: str, country: str | None, limit: int
) -> list[int]:
    inside, given = _inside(country)
    rows = connection.execute(
        f"SELECT place FROM name WHERE key > ? AND key < ?{inside}"
        " GROUP BY place ORDER BY max(weight) DESC, place LIMIT ?",
        (wanted, wanted + _LAST_CHARACTER, *given, limit),
    )
    return [place for (place,) in rows]


def _inside(country: str | None) -> tuple[str, tuple[str, ...]]:
    return (" AND country = ?", (country,)) if country else ("", ())


def _resembling(
    connection: sqlite3.Connection, file: str, wanted: str, country: str, limit: int
) -> list[int]:
    """The likest first. Only as much of a name counts as was typed, and one sign more, so that
    the beginning of a misspelt name finds it too.
    """
    keys, places = _names_in(file, country)
    length = len(wanted) + 1
    found: Iterable[tuple[str, float, int]] = process.extract(
        wanted,
        [one[:length] for one in keys],
        scorer=fuzz.ratio,
        score_cutoff=LEAST_LIKENESS,
        limit=limit * 8,
    )
    scores: dict[int, float] = {}
    for _, score, index in found:
        whole = fuzz.ratio(wanted, keys[index])
        # The whole name says more than its beginning, which many share.
        likeness = score + whole / 2
        scores[places[index]] = max(scores.get(places[index], 0.0), likeness)
    populations = _populations(connection, scores)
    return sorted(scores, key=lambda place: (-scores[place], -populations[place], place))


@lru_cache(maxsize=4)
def _names_in(file: str, country: str) -> tuple[Sequence[str], Sequence[int]]:
    """Every name of a country with the place it is of; a few countries are kept in memory."""
    with closing(_opened(Path(file))) as connection:
        row = connection.execute("SELECT names FROM country WHERE code = ?", (country,)).fetchone()
    if row is None:
        return (), ()
    pairs = [line.split("\t") for line in zlib.decompress(row[0]).decode().splitlines()]
    return [name for name, _ in pairs], [int(place) for _, place in pairs]


def _populations(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, int]:
    wanted = list(ids)
    marks = ",".join("?" * len(wanted))
    rows = connection.execute(f"SELECT id, population FROM place WHERE id IN ({marks})", wanted)
    return dict(rows.fetchall())


def _settlements(connection: sqlite3.Connection, ids: Sequence[int]) -> list[Settlement]:
    """In the order of `ids`, those that are there."""
    marks = ",".join("?" * len(ids))
    rows = connection.execute(f"SELECT {_COLUMNS} {_JOINS} WHERE place.id IN ({marks})", list(ids))
    found = {row[0]: _settlement(row) for row in rows}
    return [found[place] for place in ids if place in found]


def _settlement(row: Sequence[Any]) -> Settlement:
    number, name, aliases, country, region, region_code, lat, lon, population, chief = row
    return Settlement(
        id=str(number),
        name=name,
        aliases=tuple(aliases.split("\n")) if aliases else (),
        country=country,
        region=region,
        region_code=region_code,
        lat=lat,
        lon=lon,
        population=population,
        chief=chief,
    )
