"""Pages of places: the tree, one place with its incidents, a new one, and what is said of one."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from incidents.coordinates import Point
from incidents.db import LARGEST_ROW
from incidents.errors import FieldErrors, NotFound
from incidents.folding import has_unstorable
from incidents.gazetteer import Settlement
from incidents.incident.actions import edit_place
from incidents.incident.filters import IncidentFilter
from incidents.incident.queries.listing import ORDERS, IncidentRow, page_of_incidents
from incidents.incident.queries.names import with_names
from incidents.paging import Page as PageOf
from incidents.paging import page_asked
from incidents.vocabulary.actions import add_place, place_as_typed, places_chosen
from incidents.vocabulary.forms.places import PlaceForm, shown
from incidents.vocabulary.models import Place
from incidents.vocabulary.queries import (
    PlacePage,
    PlaceView,
    choices,
    place_page,
    places_found,
    places_tree,
    settlement_words,
)
from incidents.vocabulary.record import PlaceSaid
from incidents.vocabulary.routes.blueprint import RECORDERS, Page, bp
from incidents.vocabulary.types import countries
from incidents.web import EVERYBODY, allow, commit, services, session, viewer, work
from incidents.web.two_saves import Edited, going_back, saved_or_merged

SHOWN_INCIDENTS = 25


@dataclass(frozen=True)
class Proposal:
    """A settlement of the gazetteer that may be this place."""

    id: str
    words: str


_PARTS = (
    *(("name",), ("aliases",), ("country",), ("parent", "parent_id")),
    *(("region", "region_code"), ("point", "precision"), ("gazetteer_id",)),
)


@bp.get("/places")
@allow(*EVERYBODY)
def places() -> str:
    asked, country = _text("q"), _text("country").upper()
    country = country if country in countries() else ""
    return render_template(
        "vocabulary/places.html",
        q=asked,
        country=country,
        found=places_found(session(), viewer(), asked) if asked else None,
        tree=() if asked else places_tree(session(), viewer(), country),
    )


@bp.get("/places/<int:place_id>")
@allow(*EVERYBODY)
def place(place_id: int) -> str:
    page = place_page(session(), viewer(), place_id)
    return render_template(
        "vocabulary/place.html",
        page=page,
        point=_point(page.view),
        incidents=_incidents(place_id),
        proposals=_proposals(page) if viewer().may_record else (),
    )


@bp.get("/places/new")
@allow(*RECORDERS)
def create_place() -> str:
    parent = request.args.get("parent", type=int)
    said = PlaceSaid(name="")
    if parent is not None:
        number = parent if 0 < parent <= LARGEST_ROW else 0
        above = place_page(session(), viewer(), number).view
        said = replace(said, country=above.country, parent=parent)
    return _form_page(PlaceForm(data=_fields(said)), None)


@bp.post("/places/new")
@allow(*RECORDERS)
def add_new_place() -> Page:
    form = PlaceForm()
    said = _said(form)
    if said is None:
        return _form_page(form, None), 422
    try:
        made = add_place(work(), said)
    except FieldErrors as errors:
        form.show(errors)
        return _form_page(form, None), 422
    commit()
    flash(f"“{made.name}” is added.")
    return redirect(url_for("vocabulary.place", place_id=made.id), 303)


@bp.get("/places/<int:place_id>/edit")
@allow(*RECORDERS)
def edit_place_form(place_id: int) -> str:
    page = place_page(session(), viewer(), place_id)
    said = _stored(page)
    taken = services().gazetteer.by_id(_text("gazetteer"))
    if taken is not None and taken.id in {one.id for one in _proposals(page)}:
        said = _with_settlement(said, taken)
    else:
        taken = None
    form = PlaceForm(data=_fields(said))
    form.version.data = str(page.version)
    return _form_page(form, page, taken=settlement_words(taken) if taken else "")


@bp.post("/places/<int:place_id>/edit")
@allow(*RECORDERS)
def save_place(place_id: int) -> Page:
    page = place_page(session(), viewer(), place_id)
    form = PlaceForm()
    if going_back():
        return _form_page(form, page)
    said = _said(form)
    if said is None:
        return _form_page(form, page), 422
    typed, parent_typed = said, (form.parent.data, form.parent_id.data)

    def write() -> Place:
        parent = typed.parent
        if (form.parent.data, form.parent_id.data) != parent_typed:
            # Another side's was chosen.
            parent = int(form.parent_id.data) if form.parent_id.data else None
        return edit_place(work(), place_id, form.read_version, form.said(parent))

    try:
        saved = saved_or_merged(form, lambda: _edited(form, place_id, typed), write)
    except FieldErrors as errors:
        form.show(errors)
        return _form_page(form, page), 422
    if isinstance(saved, tuple):
        return saved
    commit()
    flash(f"“{saved.name}” is saved.")
    return redirect(url_for("vocabulary.place", place_id=place_id), 303)


def _incidents(place_id: int) -> PageOf[IncidentRow] | None:
    """The latest there and below; None where this viewer may not even ask."""
    there = IncidentFilter.from_args([("place", str(place_id))], viewer())
    try:
        asked = with_names(session(), there, viewer(), services().keyring)
    except FieldErrors:
        return None
    order = page_asked("-date", "", ORDERS, default="-date", size=SHOWN_INCIDENTS)
    return page_of_incidents(session(), asked, viewer(), order)


def _said(form: PlaceForm) -> PlaceSaid | None:
    """What was typed, its parent found or adopted; None with errors in the form."""
    valid = form.validate()
    parent, errors = _parent(form)
    said = None
    try:
        said = form.said(parent)
    except FieldErrors as wrong:
        form.show(wrong)
    form.show(errors)
    return said if valid and not errors else None


def _parent(form: PlaceForm) -> tuple[int | None, FieldErrors]:
    text = (form.parent.data or "").strip()
    if not text or has_unstorable(text + (form.parent_id.data or "")):
        return None, FieldErrors()
    try:
        found = places_chosen(work(), text, form.parent_id.data or "")
    except FieldErrors as errors:
        return None, FieldErrors({"parent": [errors.message]})
    if len(found) == 1:
        return found[0].id, FieldErrors()
    if not found:
        unknown = f"No place is called “{text}” yet. Choose it from the list, or add it first."
        return None, FieldErrors({"parent": unknown})
    paths = "; ".join(view.path for view in found[:5])
    return None, FieldErrors(
        {"parent": f"Several places are called “{text}”. Type one of these in full: {paths}"}
    )


def _edited(form: PlaceForm, place_id: int, typed: PlaceSaid) -> Edited:
    page = place_page(session(), viewer(), place_id)
    form.offer(choices(session(), "place_precision", retired=True)["place_precision"])
    return Edited(
        entity="place",
        id=place_id,
        version=page.version,
        fields=_fields(_stored(page)),
        parts=_PARTS,
        then=_then,
        typed=lambda: _fields(place_as_typed(work(), place_id, typed)),
        heading=f"Edit {page.view.name}",
        listed=("Places", url_for("vocabulary.places")),
        save_label="Save place",
    )


def _then(payload: Any) -> Mapping[str, str] | None:
    """None where the place it lay in is not this viewer’s to know any more."""
    try:
        return _fields(PlaceSaid(**{**payload, "aliases": tuple(payload["aliases"])}))
    except NotFound:
        return None


def _fields(said: PlaceSaid) -> Mapping[str, str]:
    """The form's data. NotFound where the place it lies in is not this viewer’s to know."""
    above = place_page(session(), viewer(), said.parent).view.path if said.parent else ""
    return shown(said, above)


def _stored(page: PlacePage) -> PlaceSaid:
    view = page.view
    return PlaceSaid(
        name=view.name,
        country=view.country,
        parent=view.parent_id,
        aliases=view.aliases,
        region=page.own_region,
        region_code=page.own_region_code,
        lat=view.lat,
        lon=view.lon,
        precision=view.precision,
        gazetteer_id=page.gazetteer_id,
    )


def _with_settlement(said: PlaceSaid, taken: Settlement) -> PlaceSaid:
    """What nobody said is filled in from the gazetteer; what somebody said stays."""
    spellings = [taken.name, *taken.aliases]
    aliases = (
        *said.aliases,
        *(name for name in spellings if name not in (said.name, *said.aliases)),
    )
    has_point = said.lat is not None
    return replace(
        said,
        aliases=aliases,
        lat=said.lat if has_point else taken.lat,
        lon=said.lon if has_point else taken.lon,
        precision=said.precision or "settlement",
        region=said.region or taken.region,
        region_code=said.region_code or taken.region_code,
        gazetteer_id=taken.id,
    )


def _proposals(page: PlacePage) -> Iterable[Proposal]:
    """For a settlement without a point: those of its name and country in the gazetteer."""
    view = page.view
    if view.lat is not None or page.gazetteer_id or view.precision not in (None, "settlement"):
        return ()
    if view.parent_id is not None and view.precision is None:
        return ()
    gazetteer = services().gazetteer
    found = {
        one.id: one
        for name in (view.name, *view.aliases)
        for one in gazetteer.named(name, view.country, limit=3)
    }
    return tuple(Proposal(one.id, settlement_words(one)) for one in list(found.values())[:3])


def _form_page(form: PlaceForm, page: PlacePage | None, *, taken: str = "") -> str:
    form.offer(choices(session(), "place_precision", retired=page is not None)["place_precision"])
    point = None
    with suppress(FieldErrors):
        point = form.read_point()
    return render_template(
        "vocabulary/place_form.html",
        form=form,
        page=page,
        point=point,
        taken=taken,
    )


def _point(view: PlaceView) -> Point | None:
    return None if view.lat is None or view.lon is None else Point(view.lat, view.lon)


def _text(name: str) -> str:
    """A parameter of the query; what no database holds asks for nothing."""
    text = request.args.get(name, "").strip()[:200]
    return "" if has_unstorable(text) else text
