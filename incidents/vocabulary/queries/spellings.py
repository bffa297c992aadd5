"""Every name a place is known by: its own, and those of what it lies in."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from incidents.db import table_of
from incidents.vocabulary.models import Place, PlaceAlias
from incidents.vocabulary.types import country_name

_PLACE = table_of(Place).c
_ALIAS = table_of(PlaceAlias).c


def spellings(session: Session, ids: Collection[int]) -> Mapping[int, tuple[str, ...]]:
    """By id: names and aliases up the tree, each once, the nearest first, the country last.

    Two statements.
    """
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    own = select(_PLACE.id, _PLACE.parent_id).where(_PLACE.id.in_(wanted)).cte(recursive=True)
    above = select(_PLACE.id, _PLACE.parent_id).join(own, _PLACE.id == own.c.parent_id)
    # UNION, not UNION ALL: a ring ends.
    walk = own.union(above)
    known = select(walk.c.id)
    execute = session.connection().execute
    columns = (_PLACE.id, _PLACE.name, _PLACE.region, _PLACE.country, _PLACE.parent_id)
    places = {row.id: row for row in execute(select(*columns).where(_PLACE.id.in_(known)))}
    aliases: defaultdict[int, list[str]] = defaultdict(list)
    others = select(_ALIAS.place_id, _ALIAS.name).where(_ALIAS.place_id.in_(known))
    for place_id, name in execute(others.order_by(_ALIAS.place_id, _ALIAS.position)):
        aliases[place_id].append(name)
    return {
        place_id: _names(places[place_id], places, aliases)
        for place_id in wanted
        if place_id in places
    }


def _names(
    place: Any, places: Mapping[int, Any], aliases: Mapping[int, list[str]]
) -> tuple[str, ...]:
    names: dict[str, None] = {}
    passed: set[int] = set()
    step = place
    while step is not None and step.id not in passed:
        passed.add(step.id)
        names |= dict.fromkeys((step.name, *aliases.get(step.id, ())))
        if step.region:
            names[step.region] = None
        step = places.get(step.parent_id)
    names[country_name(place.country)] = None
    return tuple(names)
