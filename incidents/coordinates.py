"""Owns how a point is written: degrees as people paste them, and as pages say them.

Refuses to guess: what can be read two ways is asked about. Knows no map and no place.
"""

import re
from dataclasses import dataclass

from incidents.errors import IncidentsError

EXAMPLE = "43.3378, 52.8553 or 43°20′N 52°51′E"
# A ten-thousandth of a degree is eleven metres; more digits claim more than anybody knows.
DECIMALS = 5
_LONGEST = 100
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("−‐‑‒–—﹣－", "-"),
        **dict.fromkeys("º˚", "°"),
        **dict.fromkeys("′‘’ʹʼ´`", "'"),
        **dict.fromkeys("″“”„ʺ", '"'),
        "\u00a0": " ",
        "\u202f": " ",
    }
)
_RUSSIAN = re.compile(r"([сСюЮвВзЗ])\.?\s*[шШдД]\.?")
_LETTERS = {"С": "N", "Ю": "S", "В": "E", "З": "W"}
_NUMBER = r"[0-9]{1,3}(?:[.,][0-9]{1,15})?"
_ONE = (
    r"(?P<before{n}>[NSEW])?\s*(?P<sign{n}>[-+])?(?P<degrees{n}>" + _NUMBER + r")\s*"
    r"(?:°\s*(?:(?P<minutes{n}>" + _NUMBER + r")\s*'\s*"
    r"(?:(?P<seconds{n}>" + _NUMBER + r")\s*\"\s*)?)?)?(?(before{n})|(?P<after{n}>[NSEW])?)"
)
_PAIR = re.compile(
    _ONE.replace("{n}", "1")
    + r"(?P<between>\s*[,;/]\s*|\s+|(?<=[NSEW]))"
    + _ONE.replace("{n}", "2")
)


class CoordinateError(IncidentsError):
    """This is no point; the message says how to write one."""


@dataclass(frozen=True)
class Point:
    """Degrees, WGS 84: north and east are positive."""

    lat: float
    lon: float

    def __str__(self) -> str:
        """As a field shows it, and `read` reads it again: "43.3378, 52.8553"."""
        return f"{_plain(self.lat)}, {_plain(self.lon)}"

    @property
    def words(self) -> str:
        """For a sentence: "43.3378° N, 52.8553° E"."""
        north, east = ("N" if self.lat >= 0 else "S"), ("E" if self.lon >= 0 else "W")
        return f"{_plain(abs(self.lat))}° {north}, {_plain(abs(self.lon))}° {east}"


def read(text: str) -> Point:
    """Latitude, then longitude, unless letters say otherwise; decimal commas are read too.

    CoordinateError where it is none, or could be read two ways.
    """
    match = _PAIR.fullmatch(_tidied(text))
    if match is None:
        raise CoordinateError(f"Write the point as {EXAMPLE}.")
    if match["between"] == "," and "." not in match[0] and match[0].count(",") == 1:
        raise CoordinateError(
            "This may be one number with a decimal comma. Put a blank after the latitude’s comma."
        )
    values = [_degrees(match, number) for number in ("1", "2")]
    letters = [match[f"before{number}"] or match[f"after{number}"] for number in ("1", "2")]
    lat, lon = _in_order(values, letters)
    for degrees, most, name in ((lat, 90, "latitude"), (lon, 180, "longitude")):
        if abs(degrees) > most:
            raise CoordinateError(
                f"A {name} lies between −{most} and {most}; this is {_plain(degrees)}."
                " The latitude comes first."
            )
    return Point(round(lat, DECIMALS), round(lon, DECIMALS))


def _tidied(text: str) -> str:
    text = text[:_LONGEST].translate(_SIGNS).replace("''", '"').strip().strip("()[]")
    text = _RUSSIAN.sub(lambda found: _LETTERS[found[1].upper()], text)
    return text.upper().removeprefix("GEO:")


def _degrees(match: re.Match[str], number: str) -> float:
    parts = [match[f"{name}{number}"] for name in ("degrees", "minutes", "seconds")]
    degrees, minutes, seconds = (float(part.replace(",", ".")) if part else 0.0 for part in parts)
    before, after = match[f"before{number}"], match[f"after{number}"]
    sign = match[f"sign{number}"]
    if sign and (before or after):
        raise CoordinateError("Write each side once: a letter, or a sign, and not both.")
    if minutes >= 60 or seconds >= 60:
        raise CoordinateError("Minutes and seconds go up to 59.")
    value = degrees + minutes / 60 + seconds / 3600
    return -value if sign == "-" or (before or after) in ("S", "W") else value


def _in_order(values: list[float], letters: list[str | None]) -> tuple[float, float]:
    first, second = values
    axes = ["lat" if letter in ("N", "S") else "lon" if letter else None for letter in letters]
    if axes in (["lat", "lon"], [None, None]):
        return first, second
    if axes == ["lon", "lat"]:
        return second, first
    raise CoordinateError(f"Give both a latitude and a longitude, as {EXAMPLE}.")


def _plain(degrees: float) -> str:
    return f"{round(degrees, DECIMALS):.{DECIMALS}f}".rstrip("0").rstrip(".")
