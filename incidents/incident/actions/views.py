"""Saves views of the listing, changes and deletes them. Each is its owner's alone to change.

Owns what is kept of a filter: ids where something was named. The log holds a keyed hash of it.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import func
from sqlmodel import select

from incidents.audit import actions as audit
from incidents.errors import FieldErrors, NotAllowed, NotFound, Stale
from incidents.folding import fold, has_unstorable
from incidents.incident.filters import IncidentFilter
from incidents.incident.filters.filter import MOST_VALUES
from incidents.incident.models import SavedView
from incidents.incident.queries.saved_views import GONE, by_ids
from incidents.work import Work

LONGEST_NAME = 100
LONGEST_QUERY = 8_000
MOST = 100


@dataclass(frozen=True)
class ViewSaid:
    """`asked` is looked up; `shown` is its order and columns, as pairs of an address."""

    name: str
    shared: bool
    asked: IncidentFilter
    shown: tuple[tuple[str, str], ...]


class NameTaken(FieldErrors):
    """The actor has a view of this name: `view_id`, in this `version`."""

    def __init__(self, view: SavedView) -> None:
        super().__init__({"name": f"You have a view “{view.name}” already."})
        self.view_id, self.version = view.id or 0, view.version


def save_view(work: Work, said: ViewSaid) -> SavedView:
    """A new one. FieldErrors at `name` or `query`; NameTaken where one's own bears the name."""
    assert work.actor_id is not None
    audit.lock(work)
    name = _name(work, said.name)
    kept = work.session.exec(
        select(func.count()).select_from(SavedView).where(SavedView.owner_id == work.actor_id)
    ).one()
    if kept >= MOST:
        raise FieldErrors({"name": f"You have {MOST} views. Delete one you don’t use first."})
    view = SavedView(
        owner_id=work.actor_id,
        name=name,
        name_folded=fold(name),
        query=_query(work, said),
        shared=said.shared,
        version=1,
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(view)
    work.session.flush()
    _log(work, "save_view", view)
    return view


def replace_view(work: Work, view_id: int, version: int, said: ViewSaid) -> SavedView:
    """What is shown now in place of what the view showed. Stale when it was saved since."""
    view = _own(work, view_id, version)
    name, query = _name(work, said.name, view), _query(work, said)
    view.name, view.name_folded, view.shared, view.query = name, fold(name), said.shared, query
    return _changed(work, "replace_view", view)


def change_view(work: Work, view_id: int, version: int, name: str, *, shared: bool) -> SavedView:
    """Another name, shared or not. FieldErrors at `name`; Stale when it was saved since."""
    view = _own(work, view_id, version)
    view.name = _name(work, name, view)
    view.name_folded, view.shared = fold(view.name), shared
    return _changed(work, "change_view", view)


def delete_view(work: Work, view_id: int) -> str:
    """Its name. Administrators delete what others share, too."""
    audit.lock(work)
    view = _known(work, view_id)
    if view.owner_id != work.actor_id and not work.actor.may_administer:
        raise NotAllowed("Only its owner or an administrator deletes a shared view.")
    _log(work, "delete_view", view)
    work.session.delete(view)
    work.session.flush()
    return view.name


def _known(work: Work, view_id: int) -> SavedView:
    """NotFound for another's that is not shared, as for none at all."""
    view = work.session.exec(
        select(SavedView).where(SavedView.id == view_id).execution_options(populate_existing=True)
    ).one_or_none()
    if view is None or not (view.shared or view.owner_id == work.actor_id):
        raise NotFound(GONE)
    return view


def _own(work: Work, view_id: int, version: int) -> SavedView:
    audit.lock(work)
    view = _known(work, view_id)
    if view.owner_id != work.actor_id:
        raise NotAllowed("Only its owner changes a view. Save one of your own from it.")
    if view.version != version:
        said = f"“{view.name}” was saved again in between. Look at it, then do it again."
        raise Stale(said, current_version=view.version)
    return view


def _name(work: Work, text: str, own: SavedView | None = None) -> str:
    if has_unstorable(text):
        raise FieldErrors({"name": "There is a character in it that no name holds. Type it again."})
    name = " ".join(text.split())
    if not fold(name):
        raise FieldErrors({"name": "Give the view a name."})
    if len(name) > LONGEST_NAME:
        said = f"That is {len(name)} characters long; {LONGEST_NAME} are the most."
        raise FieldErrors({"name": said})
    same = work.session.exec(
        select(SavedView).where(
            SavedView.owner_id == work.actor_id, SavedView.name_folded == fold(name)
        )
    ).one_or_none()
    if same is not None and same is not own:
        raise NameTaken(same)
    return name


def _query(work: Work, said: ViewSaid) -> str:
    asked = by_ids(work.session, said.asked)
    query = urlencode([*asked.to_args(), *said.shown])
    many = any(len(values) > MOST_VALUES for _, values in asked.asked)
    if many or len(query) > LONGEST_QUERY:
        raise FieldErrors({"query": "This filter is too long to be kept. Ask for fewer things."})
    return query


def _changed(work: Work, action: str, view: SavedView) -> SavedView:
    view.version += 1
    view.updated_at = work.now
    work.session.add(view)
    _log(work, action, view)
    return view


def _log(work: Work, action: str, view: SavedView) -> None:
    hashed = work.keyring.keyed_hash(view.query, "saved view")
    audit.log(work, action, "saved_view", view.id, {"shared": view.shared, "filter": hashed})
