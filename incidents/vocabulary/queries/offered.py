"""Places offered while one types: those last used, the team's own, and the gazetteer's.

A settlement the team has already is offered as the team's place. What only incidents stand at that
the viewer may not see is not offered.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from incidents.coordinates import Point
from incidents.folding import fold
from incidents.gazetteer import Gazetteer, Settlement, key
from incidents.viewer import Viewer
from incidents.vocabulary.models import Place, PlaceAlias
from incidents.vocabulary.queries.places import (
    PlaceView,
    path_of,
    place_views,
    places_matching,
    places_named,
    recent_places,
)
from incidents.vocabulary.queries.tree import known_place
from incidents.vocabulary.types import country_name

LIMIT = 10
GAZETTEER_PREFIX = "g:"
# One sign says too little, unless it is one of a script whose words are short.
_LEAST_FOR_GAZETTEER = 2
_FEW = 4
# A quarter of a degree, some 25 km: two settlements of one name are farther apart.
_SAME_SPOT = 0.25


@dataclass(frozen=True)
class PlaceOffered:
    """One line of the list, and `value`, which goes into the field."""

    value: str
    # A place's id, or "g:" and a settlement's. "" = it only says what was understood.
    id: str
    label: str
    detail: str
    # recent, place, gazetteer; said = no choice, but words about what is typed.
    kind: str
    echo: str = ""
    lat: float | None = None
    lon: float | None = None


def settlement_path(settlement: Settlement) -> str:
    return path_of([settlement.name], settlement.region, country_name(settlement.country))


def settlement_words(settlement: Settlement) -> str:
    """ "Zhanaozen, Kazakhstan, 43.34116, 52.86192 (population 103,598; same region as Aktau)"."""
    point = Point(settlement.lat, settlement.lon)
    more = _more(settlement)
    return f"{settlement_path(settlement)}, {point}" + (f" ({more})" if more else "")


def place_of_settlement(session: Session, settlement: Settlement) -> int | None:
    """The team's place that is this settlement: adopted from it, or so called at the same spot."""
    return _adopted(session, [settlement]).get(settlement.id)


def gazetteer_proposes(gazetteer: Gazetteer, text: str, country: str) -> str:
    """The one settlement of that country so called, in words; "" where that is none or several."""
    proposed = gazetteer.named(text, country) if country else []
    if len(proposed) != 1:
        return ""
    return f"In the gazetteer: {settlement_words(proposed[0])}."


def places_offered(
    session: Session, viewer: Viewer, gazetteer: Gazetteer, text: str, country: str = ""
) -> list[PlaceOffered]:
    """Those last used for an empty text. The country is that of the places last used where none is
    given. The last one may be of kind `said`.
    """
    recent = recent_places(session, viewer)
    if not fold(text):
        return [_place(view, "recent") for view in _known(session, viewer, recent)]
    used = [view for view in recent if _begins(view, text)]
    views = {view.id: view for view in [*used, *places_matching(session, text)]}
    settlements = _settlements(gazetteer, text, country, _usual(recent))
    adopted = _adopted(session, settlements)
    views.update(place_views(session, [one for one in adopted.values() if one not in views]))
    known = _known(session, viewer, views.values())
    last = {view.id for view in used}
    offered = [_place(view, "recent" if view.id in last else "place") for view in known][:LIMIT]
    # One whose place is hidden is offered as if nobody had it: its absence would tell.
    shown = {view.id for view in known}
    offered += [_settlement(one) for one in settlements if adopted.get(one.id) not in shown]
    return [*offered[: LIMIT + _FEW], *_said(session, viewer, gazetteer, text, country)]


def _usual(recent: Iterable[PlaceView]) -> str:
    """The country most of the places last used lie in."""
    most = Counter(view.country for view in recent).most_common(1)
    return most[0][0] if most else ""


def _settlements(gazetteer: Gazetteer, text: str, country: str, usual: str) -> list[Settlement]:
    wanted = key(text)
    if len(wanted) < _LEAST_FOR_GAZETTEER and wanted.isascii():
        return []
    if country:
        return gazetteer.find(text, country, LIMIT)
    # The usual country's own first, then the world's, then what resembles it in the usual country.
    found = gazetteer.find(text, usual, LIMIT // 2, alike=False) if usual else []
    found += gazetteer.find(text, None, LIMIT)
    if usual and len(found) < LIMIT:
        found += gazetteer.find(text, usual, LIMIT // 2)
    return list({one.id: one for one in found}.values())[:LIMIT]


def _adopted(session: Session, settlements: Sequence[Settlement]) -> dict[str, int]:
    """Settlement's id → the team's place, by two statements however many."""
    if not settlements:
        return {}
    ids = [one.id for one in settlements]
    rows = session.exec(
        select(Place.gazetteer_id, Place.id).where(col(Place.gazetteer_id).in_(ids))
    )
    found = {gazetteer_id: place for gazetteer_id, place in rows if gazetteer_id and place}
    names = {fold(one.name) for one in settlements}
    alike = session.exec(
        select(Place, PlaceAlias.name_folded)
        .outerjoin(PlaceAlias, col(PlaceAlias.place_id) == col(Place.id))
        .where(
            col(Place.gazetteer_id).is_(None),
            col(Place.country).in_({one.country for one in settlements}),
            col(Place.name_folded).in_(names) | col(PlaceAlias.name_folded).in_(names),
        )
        .order_by(col(Place.id))
    ).all()
    for place, alias in alike:
        for one in settlements:
            if one.id not in found and _is_it(place, alias, one):
                found[one.id] = place.id or 0
    return found


def _is_it(place: Place, alias: str | None, settlement: Settlement) -> bool:
    if place.country != settlement.country:
        return False
    if fold(settlement.name) not in (place.name_folded, alias):
        return False
    if place.lat is None or place.lon is None:
        return place.parent_id is None and settlement.region in (None, place.region)
    return (
        abs(place.lat - settlement.lat) < _SAME_SPOT
        and abs(place.lon - settlement.lon) < _SAME_SPOT
    )


def _known(session: Session, viewer: Viewer, views: Collection[PlaceView]) -> list[PlaceView]:
    if not views:
        return []
    ids = [view.id for view in views]
    known = set(session.exec(select(Place.id).where(col(Place.id).in_(ids), known_place(viewer))))
    return [view for view in views if view.id in known]


def _begins(view: PlaceView, text: str) -> bool:
    folded, wanted = fold(text), key(text)
    return fold(view.path).startswith(folded) or any(
        key(name).startswith(wanted) for name in (view.name, *view.aliases)
    )


def _place(view: PlaceView, kind: str) -> PlaceOffered:
    around = view.path.removeprefix(view.name).removeprefix(", ")
    return PlaceOffered(
        value=view.path,
        id=str(view.id),
        label=view.name,
        detail=around,
        kind=kind,
        echo=view.path,
        lat=view.lat,
        lon=view.lon,
    )


def _settlement(one: Settlement) -> PlaceOffered:
    path = settlement_path(one)
    around = path.removeprefix(one.name).removeprefix(", ")
    return PlaceOffered(
        value=path,
        id=f"{GAZETTEER_PREFIX}{one.id}",
        label=one.name,
        # The credit its licence asks for, which also tells it from the team's own places.
        detail=" · ".join(part for part in (around, _more(one), "GeoNames") if part),
        kind="gazetteer",
        echo=f"From the gazetteer: {settlement_words(one)}. Saving adds it to the team’s places.",
        lat=one.lat,
        lon=one.lon,
    )


def _more(one: Settlement) -> str:
    """What tells it from another of its name."""
    people = f"population {one.population:,}" if one.population else ""
    near = f"same region as {one.chief}" if one.chief and not one.region else ""
    return "; ".join(part for part in (people, near) if part)


def _said(
    session: Session, viewer: Viewer, gazetteer: Gazetteer, text: str, country: str
) -> list[PlaceOffered]:
    """What the words typed mean when nothing is chosen; nothing where they may mean several."""
    named = _known(session, viewer, places_named(session, text))
    if len(named) == 1:
        return [PlaceOffered("", "", named[0].path, "", "said")]
    words = "" if named else gazetteer_proposes(gazetteer, text, country)
    return (
        [PlaceOffered("", "", f"{words} Choose it to take its point.", "", "said")] if words else []
    )
