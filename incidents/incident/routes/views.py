"""Saved views of the listing, and the columns one always wants there."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from incidents.account.actions import set_listing_columns
from incidents.db import LARGEST_ROW
from incidents.errors import FieldErrors, Stale
from incidents.incident.actions.views import (
    NameTaken,
    ViewSaid,
    change_view,
    delete_view,
    replace_view,
    save_view,
)
from incidents.incident.columns.listing import columns_asked, in_address
from incidents.incident.queries.saved_views import ViewLine, saved_view, saved_views
from incidents.incident.routes.blueprint import bp
from incidents.incident.routes.listing import LABELS, read_listing
from incidents.web import EVERYBODY, allow, commit, session, version_read, viewer, work

Answer = Response | str | tuple[str, int]
LONGEST_READ = 20_000


@dataclass(frozen=True)
class Typed:
    """A form that was refused: of the view `id`, or of a new one. `taken` is the view of the same
    name, and its version: what is shown can be put in its place.
    """

    name: str
    shared: bool
    query: str = ""
    id: int | None = None
    taken: int | None = None
    version: int = 0
    errors: tuple[str, ...] = ()


@bp.get("/incidents/views")
@allow(*EVERYBODY)
def views() -> Answer:
    return _page()


@bp.post("/incidents/views")
@allow(*EVERYBODY)
def keep_view() -> Answer:
    """A new view of what was shown; with `replaces`, in place of one's own of that number."""
    name, shared = request.form.get("name", ""), "shared" in request.form
    query = request.form.get("query", "")
    typed = Typed(name, shared, query)
    replaces = _replaces()
    try:
        said = _said(name, shared=shared, query=query)
        if replaces is None:
            view = save_view(work(), said)
        else:
            view = replace_view(work(), replaces, version_read(), said)
    except NameTaken as taken:
        errors = tuple(taken.errors["name"])
        again = Typed(name, shared, query, None, taken.view_id, taken.version, errors)
        return _page(again), 422
    except FieldErrors as refused:
        return _refused(typed, refused)
    except Stale as stale:
        return _page(Typed(name, shared, query, errors=(stale.message,))), 409
    told, kept_id = view.name, view.id
    commit()
    flash(f"“{told}” is saved.")
    return redirect(url_for("incident.open_view", view_id=kept_id), 303)


@bp.get("/incidents/views/<int:view_id>")
@allow(*EVERYBODY)
def open_view(view_id: int) -> Response:
    """To the listing as it was saved; another's that asks for what one may not know says so."""
    view = saved_view(session(), viewer(), view_id)
    args = parse_qsl(view.query, keep_blank_values=True)
    if not view.mine:
        errors = FieldErrors()
        read_listing(session(), viewer(), args, errors)
        if errors:
            # By name alone: the messages say again what its owner typed.
            what = ", ".join(LABELS.get(name, "an unknown filter") for name in errors.errors)
            flash(f"“{view.name}” asks for what you may not see: {what}.", "warn")
            return redirect(url_for("incident.views"), 303)
    return redirect(f"{url_for('incident.index')}?{view.query}", 303)


@bp.post("/incidents/views/<int:view_id>")
@allow(*EVERYBODY)
def save_name(view_id: int) -> Answer:
    """Another name for it, shared or not."""
    name, shared = request.form.get("name", ""), "shared" in request.form
    typed = Typed(name, shared, id=view_id)
    try:
        view = change_view(work(), view_id, version_read(), name, shared=shared)
    except FieldErrors as refused:
        return _refused(typed, refused)
    except Stale as stale:
        return _page(Typed(name, shared, id=view_id, errors=(stale.message,))), 409
    told = view.name
    commit()
    flash(f"“{told}” is saved.")
    return redirect(url_for("incident.views"), 303)


@bp.post("/incidents/views/<int:view_id>/delete")
@allow(*EVERYBODY)
def remove_view(view_id: int) -> Answer:
    told = delete_view(work(), view_id)
    commit()
    flash(f"“{told}” is deleted.")
    return redirect(url_for("incident.views"), 303)


@bp.post("/incidents/columns")
@allow(*EVERYBODY)
def keep_columns() -> Answer:
    """One's own for every listing from now on; none: the usual ones again."""
    given = request.form.getlist("columns")
    pairs = _pairs(request.form.get("query", ""))
    chosen = columns_asked(given, viewer()) if any(text.strip(", ") for text in given) else ()
    set_listing_columns(work(), in_address(chosen))
    commit()
    flash("These are your columns now." if chosen else "Your columns are the usual ones again.")
    rest = [(name, text) for name, text in pairs if name != "columns"]
    address = url_for("incident.index")
    return redirect(f"{address}?{urlencode(rest)}" if rest else address, 303)


def _replaces() -> int | None:
    """One's own view that is to show this; 0, which no view has, where it says no number."""
    if "replaces" not in request.form:
        return None
    said = request.form.get("replaces", type=int) or 0
    return said if 0 < said <= LARGEST_ROW else 0


def _said(name: str, *, shared: bool, query: str) -> ViewSaid:
    """FieldErrors at `query` for what no listing shows to the actor."""
    errors = FieldErrors()
    asked, _, shown = read_listing(session(), viewer(), _pairs(query), errors)
    if errors:
        raise FieldErrors({"query": [text for told in errors.errors.values() for text in told]})
    return ViewSaid(name, shared, asked, tuple(shown.whole_look))


def _pairs(query: str) -> list[tuple[str, str]]:
    if len(query) > LONGEST_READ:
        raise FieldErrors({"query": "This filter is too long to be kept. Ask for fewer things."})
    return parse_qsl(query, keep_blank_values=True)


def _refused(typed: Typed, refused: FieldErrors) -> Answer:
    errors = tuple(message for told in refused.errors.values() for message in told)
    return _page(Typed(typed.name, typed.shared, typed.query, typed.id, errors=errors)), 422


def _page(typed: Typed | None = None) -> str:
    lines = saved_views(session(), viewer())
    return render_template(
        "incident/views.html",
        own=[_line(line, typed) for line in lines if line.mine],
        others=[line for line in lines if not line.mine],
        new=typed if typed is not None and typed.id is None else None,
    )


def _line(line: ViewLine, typed: Typed | None) -> tuple[ViewLine, Typed]:
    """With what was typed for it, if that was refused."""
    if typed is not None and typed.id == line.id:
        return line, typed
    return line, Typed(line.name, line.shared, id=line.id)
