"""What a field of a place is answered with while one types. Keeps nothing, and logs nothing."""

from dataclasses import asdict
from math import isfinite

from flask import abort, jsonify, request
from werkzeug.wrappers import Response

from incidents.coordinates import CoordinateError, read
from incidents.folding import has_unstorable
from incidents.vocabulary.queries import places_offered
from incidents.vocabulary.routes.blueprint import RECORDERS, bp
from incidents.vocabulary.types import countries
from incidents.web import EVERYBODY, allow, services, session, viewer

_LONGEST_TEXT = 200
_NEIGHBOURS = 40
_WIDEST_SPAN = 10.0


@bp.get("/places/suggest")
@allow(*RECORDERS)
def suggest_places() -> Response:
    text, country = _typed("q"), _typed("country").upper()
    offered = places_offered(
        session(),
        viewer(),
        services().gazetteer,
        text,
        country if country in countries() else "",
    )
    return jsonify([asdict(one) for one in offered])


@bp.get("/places/near")
@allow(*EVERYBODY)
def near_places() -> Response:
    """Settlements around a point, the largest first, for a map to orient oneself by."""
    lat, lon = _number("lat", 90.0), _number("lon", 540.0)
    span = min(_number("span", 180.0, 1.0), _WIDEST_SPAN)
    found = services().gazetteer.near(lat, lon, span=max(span, 0.01), limit=_NEIGHBOURS)
    return jsonify([{"name": one.name, "lat": one.lat, "lon": one.lon} for one in found])


@bp.get("/places/read")
@allow(*RECORDERS)
def read_point() -> Response:
    """What a point somebody types is read as."""
    text = _typed("text")
    try:
        point = read(text)
    except CoordinateError as error:
        return jsonify(problem=error.message if text else "")
    return jsonify(said=point.words, lat=point.lat, lon=point.lon)


def _number(name: str, most: float, default: float | None = None) -> float:
    value = request.args.get(name, default, type=float)
    if value is None or not isfinite(value) or abs(value) > most:
        abort(400)
    return value


def _typed(name: str) -> str:
    text = request.args.get(name, "").strip()[:_LONGEST_TEXT]
    return "" if has_unstorable(text) else text
