"""Saved views: one's own, and those others share; of what they ask, only their owner's names."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlmodel import Session, col

from incidents.account.models import Account
from incidents.errors import NotFound
from incidents.incident.filters import PARAMETERS, IncidentFilter, with_values
from incidents.incident.filters.asked import NONE, Value
from incidents.incident.models import Party, SavedView
from incidents.viewer import Viewer

# Names of these are kept as ids: they may be told to nobody who does not know them already.
_BY_ID = frozenset({"place", "event", "source", "party", "account"})

GONE = "There is no such view. Its owner may have deleted it, or shares it no more."


@dataclass(frozen=True)
class ViewLine:
    """`query` is a listing's query string. `owner` is a name; `mine`: the viewer's own."""

    id: int
    name: str
    query: str
    shared: bool
    mine: bool
    owner: str
    version: int
    updated_at: datetime


def saved_views(session: Session, viewer: Viewer) -> list[ViewLine]:
    """One's own by name, then those others share; one statement."""
    mine = col(SavedView.owner_id) == viewer.account_id
    statement = _known(viewer).order_by(mine.desc(), col(SavedView.name_folded), col(SavedView.id))
    return [_line(row, viewer) for row in session.execute(statement)]


def saved_view(session: Session, viewer: Viewer, view_id: int) -> ViewLine:
    """NotFound when there is none, or it is another's own."""
    row = session.execute(_known(viewer).where(col(SavedView.id) == view_id)).one_or_none()
    if row is None:
        raise NotFound(GONE)
    return _line(row, viewer)


def by_ids(session: Session, asked: IncidentFilter) -> IncidentFilter:
    """The same filter with what it names by id, so that it tells no name and outlives a new one.

    A merged party is kept as what it became.
    """
    for name, values in asked.asked:
        if PARAMETERS[name].look_up in _BY_ID:
            keys: Iterable[object] = asked.keys(name)
            if PARAMETERS[name].look_up == "party":
                keys = _standing(session, asked.keys(name))
            ids: tuple[Value, ...] = tuple(sorted(str(key) for key in keys))
            asked = with_values(asked, name, (*ids, NONE) if NONE in values else ids)
    return asked


def _standing(session: Session, ids: Iterable[int | str]) -> Iterable[int]:
    """Of these parties, those that stand for themselves; all of them when none does."""
    known = [int(one) for one in ids]
    standing = session.scalars(
        select(col(Party.id)).where(col(Party.id).in_(known), col(Party.merged_into_id).is_(None))
    ).all()
    return [one for one in standing if one is not None] or known


def _known(viewer: Viewer) -> Select[*tuple[Any, ...]]:
    return (
        select(SavedView, col(Account.name))
        .join(Account, col(Account.id) == col(SavedView.owner_id))
        .where(or_(col(SavedView.owner_id) == viewer.account_id, col(SavedView.shared)))
    )


def _line(row: tuple[SavedView, str], viewer: Viewer) -> ViewLine:
    view, owner = row
    assert view.id is not None
    mine = view.owner_id == viewer.account_id
    return ViewLine(
        view.id, view.name, view.query, view.shared, mine, owner, view.version, view.updated_at
    )
