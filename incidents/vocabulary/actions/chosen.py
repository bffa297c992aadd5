"""Which place somebody means: by what was chosen from the list, or by what stands in the field."""

from collections.abc import Iterable

from sqlmodel import col, select

from incidents.folding import fold
from incidents.gazetteer import Settlement
from incidents.vocabulary.actions.places import adopt_settlement
from incidents.vocabulary.models import Place
from incidents.vocabulary.queries import (
    GAZETTEER_PREFIX,
    PlaceView,
    known_place,
    place_view,
    place_views,
    places_meant,
    settlement_path,
)
from incidents.work import Work


def places_chosen(work: Work, text: str, chosen: str = "") -> list[PlaceView]:
    """The places this text means: none, one, or several of one name.

    `chosen` is a place's id, or "g:" and a settlement's, which becomes a place of the team's. It
    counts while the text still says its name or its path: a field may be typed over without it.
    """
    if chosen.startswith(GAZETTEER_PREFIX):
        settlement = work.gazetteer.by_id(chosen.removeprefix(GAZETTEER_PREFIX))
        if settlement is not None and _says(text, _names_of(settlement)):
            return [place_view(work.session, adopt_settlement(work, settlement))]
    elif chosen.isascii() and chosen.isdecimal() and len(chosen) < 10:
        view = place_views(work.session, [int(chosen)]).get(int(chosen))
        if view is not None and _says(text, (view.name, view.path, *view.aliases)):
            return [view]
    return _shown_first(work, places_meant(work.session, text))


def _shown_first(work: Work, found: list[PlaceView]) -> list[PlaceView]:
    """The words mean a place that only hidden incidents know where they mean no other: whoever is
    asked to choose must not read of it.
    """
    if len(found) < 2:
        return found
    ids = [view.id for view in found]
    known = set(
        work.session.exec(select(Place.id).where(col(Place.id).in_(ids), known_place(work.actor)))
    )
    return [view for view in found if view.id in known] or found[:1]


def _names_of(settlement: Settlement) -> tuple[str, ...]:
    return settlement.name, settlement_path(settlement), *settlement.aliases


def _says(text: str, names: Iterable[str]) -> bool:
    return fold(text) in map(fold, names)
