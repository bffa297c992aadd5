"""Which place somebody means: by what was chosen from the list, or by what stands in the field."""

from collections.abc import Iterable

from incidents.errors import FieldErrors
from incidents.folding import fold
from incidents.gazetteer import Settlement
from incidents.vocabulary.actions.places import add_place, adopt_settlement, place_named_so
from incidents.vocabulary.queries import (
    GAZETTEER_PREFIX,
    PlaceView,
    place_view,
    place_views,
    places_meant,
    places_shown,
    settlement_path,
)
from incidents.vocabulary.record import PlaceSaid
from incidents.work import Work


def places_chosen(work: Work, text: str, chosen: str = "") -> list[PlaceView]:
    """The places this text means: none, one, or several of one name; none that only incidents
    hidden from this actor know, as if nobody had added it.

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
            found = _known(work, [view])
            if found:
                return found
    return _known(work, places_meant(work.session, text))


def place_added(work: Work, said: PlaceSaid) -> int:
    """The id of a new place; of the one that is there already, where only incidents hidden from
    this actor know it: nobody is told, and there are not two. FieldErrors as `add_place`.
    """
    try:
        return add_place(work, said).id or 0
    except FieldErrors:
        same = place_named_so(work, said)
        if same is None or same in places_shown(work.session, work.actor, [same]):
            raise
        return same


def _known(work: Work, found: list[PlaceView]) -> list[PlaceView]:
    shown = places_shown(work.session, work.actor, [view.id for view in found])
    return [view for view in found if view.id in shown]


def _names_of(settlement: Settlement) -> tuple[str, ...]:
    return settlement.name, settlement_path(settlement), *settlement.aliases


def _says(text: str, names: Iterable[str]) -> bool:
    return fold(text) in map(fold, names)
