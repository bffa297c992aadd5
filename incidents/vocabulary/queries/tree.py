"""The team's places as a tree, and one place with what lies around it, as a viewer may know them.

A place that only incidents this viewer may not see stand at is not there, unless one below it is:
that one's path says its name anyway.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, not_, or_, true
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from incidents.errors import NotFound
from incidents.folding import fold
from incidents.incident.models import Incident
from incidents.incident.rights import visible
from incidents.viewer import Viewer
from incidents.vocabulary.models import Place, PlaceAlias
from incidents.vocabulary.queries.places import PlaceView, place_view, place_views
from incidents.vocabulary.types import country_name

# So many fit on one page; a team with more begins with its countries.
MOST_ON_A_PAGE = 400
MOST_FOUND = 50


@dataclass(frozen=True)
class PlaceNode:
    """A place with what lies below it, by name; numbers are of incidents the viewer may see."""

    id: int
    name: str
    precision: str | None
    # Here, and with everything below.
    here: int
    total: int
    below: tuple["PlaceNode", ...]


@dataclass(frozen=True)
class RegionNode:
    # "" = none is given.
    name: str
    total: int
    places: tuple[PlaceNode, ...]


@dataclass(frozen=True)
class CountryNode:
    """`regions` are empty where only the countries were asked for."""

    code: str
    name: str
    places: int
    total: int
    regions: tuple[RegionNode, ...]


@dataclass(frozen=True)
class PlacePage:
    """One place; `above` from the country down, as (id, name)."""

    view: PlaceView
    version: int
    gazetteer_id: str | None
    # Of its own: the view's may be that of a place above.
    own_region: str | None
    own_region_code: str | None
    above: tuple[tuple[int, str], ...]
    node: PlaceNode


def known_place(viewer: Viewer) -> ColumnElement[bool]:
    """Over `Place`: who records knows all but what only hidden incidents stand at; others know
    those of incidents they may see.
    """
    seen = _stands(visible(viewer))
    return or_(seen, not_(_stands(true()))) if viewer.internal else seen


def places_tree(session: Session, viewer: Viewer, country: str = "") -> tuple[CountryNode, ...]:
    """By country's name, region and name; two statements. All of it, or only one country's places;
    of more places than a page holds, the countries alone.
    """
    rows = session.execute(_rows(viewer)).all()
    counts = _counts(session, viewer)
    shown = _shown(rows)
    nodes = _nodes([row for row in rows if row.id in shown], counts)
    roots: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    sizes: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        if row.id in shown:
            sizes[row.country] += 1
            if row.parent_id is None:
                roots[row.country].append(row)
    whole = len(shown) <= MOST_ON_A_PAGE
    found = [
        CountryNode(
            code=code,
            name=country_name(code),
            places=sizes[code],
            total=sum(nodes[row.id].total for row in listed),
            regions=_regions(listed, nodes) if code == country or (whole and not country) else (),
        )
        for code, listed in roots.items()
        if not country or code == country or not whole
    ]
    return tuple(sorted(found, key=lambda one: fold(one.name)))


def places_found(session: Session, viewer: Viewer, text: str) -> list[PlaceView]:
    """Those whose name or another spelling holds the text, by name, at most 50; none for ""."""
    folded = fold(text)
    if not folded:
        return []
    also = select(PlaceAlias.place_id).where(
        col(PlaceAlias.name_folded).contains(folded, autoescape=True)
    )
    ids = session.exec(
        select(Place.id)
        .where(
            or_(
                col(Place.name_folded).contains(folded, autoescape=True),
                col(Place.id).in_(also),
            ),
            known_place(viewer),
        )
        .order_by(col(Place.name_folded), col(Place.id))
        .limit(MOST_FOUND)
    )
    return list(place_views(session, [one for one in ids if one is not None]).values())


def place_page(session: Session, viewer: Viewer, place_id: int) -> PlacePage:
    """NotFound where there is none, or its existence is not this viewer's to know."""
    rows = session.execute(_rows(viewer, _below(place_id))).all()
    shown = _shown(rows)
    if place_id not in shown:
        raise NotFound("There is no such place.")
    counts = _counts(session, viewer, [row.id for row in rows])
    node = _nodes([row for row in rows if row.id in shown], counts)[place_id]
    view = place_view(session, place_id)
    own = next(row for row in rows if row.id == place_id)
    return PlacePage(
        view=view,
        version=own.version,
        gazetteer_id=own.gazetteer_id,
        own_region=own.region,
        own_region_code=own.region_code,
        above=_above(session, view),
        node=node,
    )


def places_shown(session: Session, viewer: Viewer, ids: Collection[int]) -> frozenset[int]:
    """Those of these places this viewer may know of: as their pages do, which stand in for each
    other's paths.
    """
    known = session.exec(select(Place.id).where(col(Place.id).in_(ids), known_place(viewer)))
    shown = {one for one in known if one is not None}
    for place_id in set(ids) - shown:
        if place_id in _shown(session.execute(_rows(viewer, _below(place_id))).all()):
            shown.add(place_id)
    return frozenset(shown)


def _stands(which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Over `Place`: an incident of these happened there, or is about it."""
    return or_(
        *(
            exists(select(col(Incident.id)).where(column == col(Place.id), which).correlate(Place))
            for column in (col(Incident.place_id), col(Incident.subject_place_id))
        )
    )


def _rows(viewer: Viewer, among: Any = None) -> Any:
    statement = columns(
        col(Place.id),
        col(Place.name),
        col(Place.name_folded),
        col(Place.country),
        col(Place.region),
        col(Place.region_code),
        col(Place.precision),
        col(Place.parent_id),
        col(Place.gazetteer_id),
        col(Place.version),
        known_place(viewer).label("known"),
    ).order_by(col(Place.name_folded), col(Place.id))
    return statement if among is None else statement.where(col(Place.id).in_(among))


def _below(place_id: int) -> Any:
    """Its id, and those of everything below it."""
    walk = select(col(Place.id)).where(col(Place.id) == place_id).cte(recursive=True)
    children = select(col(Place.id)).join(walk, col(Place.parent_id) == walk.c.id)
    return columns(walk.union(children).c.id)


def _counts(
    session: Session, viewer: Viewer, among: Collection[int] | None = None
) -> Mapping[int, int]:
    here = and_(col(Incident.place_id).is_not(None), visible(viewer))
    if among is not None:
        here = and_(here, col(Incident.place_id).in_(among))
    rows = session.execute(
        columns(col(Incident.place_id), func.count()).where(here).group_by(col(Incident.place_id))
    )
    return {row[0]: row[1] for row in rows}


def _shown(rows: Iterable[Row[Any]]) -> set[int]:
    """The known ones, and what lies above them."""
    listed = list(rows)
    parents = {row.id: row.parent_id for row in listed}
    shown: set[int] = set()
    for row in listed:
        step = row.id if row.known else None
        while step is not None and step not in shown:
            shown.add(step)
            step = parents.get(step)
    return shown & parents.keys()


def _nodes(rows: Sequence[Row[Any]], counts: Mapping[int, int]) -> Mapping[int, PlaceNode]:
    children: defaultdict[int | None, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        children[row.parent_id].append(row)
    nodes: dict[int, PlaceNode] = {}

    # From the leaves up, without recursion: a tree may be deeper than Python's stack.
    for row in _leaves_first(rows, children):
        below = tuple(nodes[child.id] for child in children[row.id])
        here = counts.get(row.id, 0)
        total = here + sum(node.total for node in below)
        nodes[row.id] = PlaceNode(row.id, row.name, row.precision, here, total, below)
    return nodes


def _leaves_first(
    rows: Sequence[Row[Any]], children: Mapping[int | None, Sequence[Row[Any]]]
) -> list[Row[Any]]:
    ids = {row.id for row in rows}
    waiting = [row for row in rows if row.parent_id not in ids]
    ordered = []
    while waiting:
        row = waiting.pop()
        ordered.append(row)
        waiting += children.get(row.id, ())
    return ordered[::-1]


def _regions(roots: Iterable[Row[Any]], nodes: Mapping[int, PlaceNode]) -> tuple[RegionNode, ...]:
    found: defaultdict[str, list[PlaceNode]] = defaultdict(list)
    for row in roots:
        found[row.region or ""].append(nodes[row.id])
    return tuple(
        RegionNode(name, sum(node.total for node in listed), tuple(listed))
        # Those without a region last.
        for name, listed in sorted(found.items(), key=lambda one: (not one[0], fold(one[0])))
    )


def _above(session: Session, view: PlaceView) -> tuple[tuple[int, str], ...]:
    if view.parent_id is None:
        return ()
    start = select(col(Place.id), col(Place.parent_id)).where(col(Place.id) == view.parent_id)
    walk = start.cte(recursive=True)
    walk = walk.union(
        select(col(Place.id), col(Place.parent_id)).join(walk, col(Place.id) == walk.c.parent_id)
    )
    rows = session.exec(
        select(Place.id, Place.name, Place.parent_id).where(col(Place.id).in_(columns(walk.c.id)))
    ).all()
    named = {place_id: (name, parent) for place_id, name, parent in rows}
    chain: list[tuple[int, str]] = []
    step: int | None = view.parent_id
    while step in named and all(step != seen for seen, _ in chain):
        name, parent = named[step]
        assert step is not None
        chain.append((step, name))
        step = parent
    return tuple(reversed(chain))
