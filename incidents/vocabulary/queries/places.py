"""Reads places: by id, by what somebody typed, and with their whole path in words."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_
from sqlalchemy import select as columns
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from incidents.errors import NotFound
from incidents.folding import fold
from incidents.incident.models import Incident
from incidents.incident.rights import visible
from incidents.viewer import Viewer
from incidents.vocabulary.models import Place, PlaceAlias
from incidents.vocabulary.types import country_name

_LAST_CHARACTER = "\U0010ffff"
# Rows, no objects: every listing asks for fifty.
_ROWS = columns(
    col(Place.id),
    col(Place.name),
    col(Place.country),
    col(Place.region),
    col(Place.region_code),
    col(Place.lat),
    col(Place.lon),
    col(Place.precision),
    col(Place.parent_id),
)


@dataclass(frozen=True)
class PlaceView:
    """A place with its path in words: "Town police station, Janaozen, Mangystau, Kazakhstan"."""

    id: int
    name: str
    aliases: tuple[str, ...]
    country: str
    country_name: str
    # Its own, or that of the nearest place above it.
    region: str | None
    region_code: str | None
    # Degrees, WGS 84; both or neither.
    lat: float | None
    lon: float | None
    precision: str | None
    parent_id: int | None
    path: str


def place_view(session: Session, place_id: int) -> PlaceView:
    """NotFound when there is none."""
    view = place_views(session, [place_id]).get(place_id)
    if view is None:
        raise NotFound("There is no such place.")
    return view


def place_views(session: Session, ids: Collection[int]) -> Mapping[int, PlaceView]:
    """By id, in the order of `ids`, those that exist; two statements however many."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    own = select(col(Place.id), col(Place.parent_id)).where(col(Place.id).in_(wanted))
    lower = own.cte(recursive=True)
    above = select(col(Place.id), col(Place.parent_id)).join(
        lower, col(Place.id) == lower.c.parent_id
    )
    walk = lower.union(above)
    with_parents = session.execute(_ROWS.where(col(Place.id).in_(select(walk.c.id))))
    places = {row.id: row for row in with_parents}
    aliases = _aliases(session, col(PlaceAlias.place_id).in_(wanted))
    return {
        place_id: _view(places[place_id], places, aliases.get(place_id, ()))
        for place_id in wanted
        if place_id in places
    }


def places_matching(session: Session, text: str, *, limit: int = 20) -> list[PlaceView]:
    """Places so named first, then those whose name or alias begins so, by name; none for "".

    The text may be a whole path ("Janaozen, Mangystau, Kazakhstan"); case and accents don't count.
    """
    folded = fold(text)
    if not folded:
        return []
    exact = places_named(session, text)
    begins = _either_name(
        _begins(col(Place.name_folded), folded), _begins(col(PlaceAlias.name_folded), folded)
    )
    ids = session.exec(
        select(Place.id).where(begins).order_by(col(Place.name_folded), col(Place.id)).limit(limit)
    )
    seen = {place.id for place in exact}
    others = [place_id for place_id in ids if place_id is not None and place_id not in seen]
    return [*exact, *place_views(session, others).values()][:limit]


def places_named(session: Session, text: str) -> list[PlaceView]:
    """Places whose name, alias or whole path is this text, case and accents apart, oldest first."""
    folded = fold(text)
    if not folded:
        return []
    # A name may hold commas itself, so every beginning of the path may be one.
    beginnings = {fold(part) for part in accumulate(text.split(","), "{},{}".format)} - {""}
    named = _either_name(
        col(Place.name_folded).in_(beginnings), col(PlaceAlias.name_folded).in_(beginnings)
    )
    ids = session.exec(select(Place.id).where(named).order_by(col(Place.id)))
    views = place_views(session, [place_id for place_id in ids if place_id is not None])
    return [
        view
        for view in views.values()
        if folded in map(fold, (view.name, *view.aliases, view.path))
    ]


def places_meant(session: Session, text: str) -> list[PlaceView]:
    """By name or alias; by the whole path, as a list offers it, where several share a name."""
    by_name = places_named(session, text)
    if by_name:
        return by_name
    first = text.split(",")[0]
    return [place for place in places_named(session, first) if fold(place.path) == fold(text)]


def recent_places(session: Session, viewer: Viewer, *, limit: int = 8) -> list[PlaceView]:
    """The places of the incidents this account touched last, latest first."""
    if viewer.account_id is None:
        return []
    ids = session.exec(
        select(Incident.place_id)
        .where(
            col(Incident.created_by) == viewer.account_id,
            col(Incident.place_id).is_not(None),
            visible(viewer),
        )
        .group_by(col(Incident.place_id))
        .order_by(func.max(col(Incident.updated_at)).desc(), col(Incident.place_id))
        .limit(limit)
    )
    return list(
        place_views(session, [place_id for place_id in ids if place_id is not None]).values()
    )


def all_places(session: Session, *, limit: int = 1000) -> list[PlaceView]:
    """By name; for a list to type ahead from, so no more than `limit`."""
    ids = session.exec(
        select(Place.id).order_by(col(Place.name_folded), col(Place.id)).limit(limit)
    )
    return list(
        place_views(session, [place_id for place_id in ids if place_id is not None]).values()
    )


def _begins(column: Mapped[str], folded: str) -> ColumnElement[bool]:
    # A range, which an index answers; LIKE would need its own escapes and operator class.
    return and_(column >= folded, column < folded + _LAST_CHARACTER)


def _either_name(own: ColumnElement[bool], alias: ColumnElement[bool]) -> ColumnElement[bool]:
    return or_(own, col(Place.id).in_(select(PlaceAlias.place_id).where(alias)))


def _aliases(session: Session, which: ColumnElement[bool]) -> Mapping[int, Sequence[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    statement = (
        select(col(PlaceAlias.place_id), col(PlaceAlias.name))
        .where(which)
        .order_by(col(PlaceAlias.position))
    )
    for place_id, name in session.exec(statement):
        found[place_id].append(name)
    return found


def _view(place: Row[Any], places: Mapping[int, Row[Any]], aliases: Sequence[str]) -> PlaceView:
    chain = [place]
    while (parent := places.get(chain[-1].parent_id or 0)) is not None and parent not in chain:
        chain.append(parent)
    region = next((above.region for above in chain if above.region), None)
    region_code = next((above.region_code for above in chain if above.region_code), None)
    return PlaceView(
        id=place.id,
        name=place.name,
        aliases=tuple(aliases),
        country=place.country,
        country_name=country_name(place.country),
        region=region,
        region_code=region_code,
        lat=place.lat,
        lon=place.lon,
        precision=place.precision,
        parent_id=place.parent_id,
        path=path_of([above.name for above in chain], region, country_name(place.country)),
    )


def path_of(names: Sequence[str], region: str | None, country: str) -> str:
    """Leaves out what was just said: "Town police station, Janaozen" names its town already."""
    words: list[str] = []
    for name in (*names, region or "", country):
        said = ", ".join(words)
        if name and said != name and not said.endswith(f", {name}"):
            words.append(name)
    return ", ".join(words)
