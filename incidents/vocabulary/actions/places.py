"""Writes places: a new one, one of the gazetteer’s, and what is said of one that is there.

Refuses to touch what is found by a place's names: that is the incidents' affair.
"""

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from incidents.audit.actions import keep_revision, lock, log
from incidents.db import canonical_json
from incidents.errors import FieldErrors, NotAllowed, NotFound, Stale
from incidents.folding import fold
from incidents.gazetteer import Settlement
from incidents.vocabulary.models import Place, PlaceAlias
from incidents.vocabulary.queries import place_of_settlement, term_codes
from incidents.vocabulary.record import PlaceSaid
from incidents.vocabulary.types import countries, country_name
from incidents.work import Work

LONGEST_NAME = 200
_REGION_CODE = re.compile(r"([A-Z]{2})-[A-Z0-9]{1,3}")


def add_place(work: Work, said: PlaceSaid) -> Place:
    """Add a place nobody has added yet; NotAllowed to who may not record.

    FieldErrors by the names of `PlaceSaid`. A new place has nothing below it, so its parent can't
    close a circle.
    """
    said = _checked(work, said, None)
    place = Place(name="", name_folded="", country="", created_at=work.now)
    _store(work, place, said)
    _keep(work, place, said)
    log(work, "add_place", "place", place.id)
    return place


def save_place(work: Work, place_id: int, read_version: int, said: PlaceSaid) -> Place:
    """Say something else of a place, for `incident.actions.edit_place`, which makes it found.

    Stale when somebody saved it since `read_version`. FieldErrors also for a parent that lies
    below it, and for another country than that of what lies below. What nobody changed is not
    saved.
    """
    lock(work)
    place = work.session.get(Place, place_id, populate_existing=True)
    if place is None:
        raise NotFound("There is no such place.")
    said = _checked(work, said, place)
    if place.version != read_version:
        raise Stale("Somebody saved this place in between.", current_version=place.version)
    aliases = _aliases(work, place_id)
    if said == said_of(place, aliases):
        return place
    place.version += 1
    _store(work, place, said)
    work.session.exec(delete(PlaceAlias).where(col(PlaceAlias.place_id) == place_id))
    _keep(work, place, said)
    log(work, "edit_place", "place", place_id)
    return place


def place_as_typed(work: Work, place_id: int, said: PlaceSaid) -> PlaceSaid:
    """What would be stored of it; writes nothing. FieldErrors as `save_place`."""
    return _checked(work, said, work.session.get_one(Place, place_id))


def place_named_so(work: Work, said: PlaceSaid) -> int | None:
    """The id of the place that keeps this one from being added: of its name, in the same place."""
    said = _tidied(work, said)
    found = work.session.exec(
        select(Place.id).where(
            Place.name_folded == fold(said.name),
            Place.country == said.country,
            col(Place.parent_id).is_not_distinct_from(said.parent),
            col(Place.region).is_not_distinct_from(said.region),
        )
    )
    return found.first()


def adopt_settlement(work: Work, settlement: Settlement) -> int:
    """The id of the team's place that is this settlement of the gazetteer, added if there is none.

    It lies below the team's place of its region where the region's code says which that is.
    """
    known = place_of_settlement(work.session, settlement)
    if known is not None:
        return known
    said = PlaceSaid(
        name=settlement.name,
        country=settlement.country,
        parent=_region_of(work, settlement),
        aliases=settlement.aliases,
        region=settlement.region,
        region_code=settlement.region_code,
        lat=settlement.lat,
        lon=settlement.lon,
        precision="settlement",
        gazetteer_id=settlement.id,
    )
    try:
        place = add_place(work, said)
    except FieldErrors:
        # Another of that name stands there already, or somebody adopted it at this moment.
        known = place_of_settlement(work.session, settlement)
        if known is None:
            raise
        return known
    assert place.id is not None
    return place.id


def said_of(place: Place, aliases: Sequence[str]) -> PlaceSaid:
    """What is stored, as somebody says it."""
    return PlaceSaid(
        name=place.name,
        country=place.country,
        parent=place.parent_id,
        aliases=tuple(aliases),
        region=place.region,
        region_code=place.region_code,
        lat=place.lat,
        lon=place.lon,
        precision=place.precision,
        gazetteer_id=place.gazetteer_id,
    )


def _checked(work: Work, said: PlaceSaid, place: Place | None) -> PlaceSaid:
    """Tidied; `place` is the one that is edited. FieldErrors names every fault."""
    if not work.actor.may_record:
        raise NotAllowed("Only researchers and reviewers add and edit places.")
    said = _tidied(work, said)
    parent = _parent_of(work, said)
    errors = FieldErrors()
    for path, message in _faults(said, parent, term_codes(work.session)["place_precision"]):
        errors.add(path, message)
    if place is not None:
        for path, message in _faults_of_tree(work, place, said):
            errors.add(path, message)
    if errors:
        raise errors
    return said


def _tidied(work: Work, said: PlaceSaid) -> PlaceSaid:
    """Trimmed; in its parent's country where none is said."""
    said = _trimmed(said)
    parent = _parent_of(work, said)
    return replace(said, country=parent.country) if parent and not said.country else said


def _parent_of(work: Work, said: PlaceSaid) -> Place | None:
    return work.session.get(Place, said.parent) if said.parent is not None else None


def _faults_of_tree(work: Work, place: Place, said: PlaceSaid) -> Iterator[tuple[str, str]]:
    """Asked about a place that others may lie below."""
    assert place.id is not None
    above = said.parent
    seen: set[int] = set()
    while above is not None and above not in seen:
        if above == place.id:
            yield "parent", f"“{place.name}” can’t lie in itself, nor in what lies below it."
            break
        seen.add(above)
        step = work.session.get(Place, above)
        above = step.parent_id if step is not None else None
    if said.country != place.country:
        below = select(Place.id).where(Place.parent_id == place.id).limit(1)
        if work.session.exec(below).first() is not None:
            yield (
                "country",
                f"Other places lie below it, in {country_name(place.country)}. Move them first.",
            )


def _aliases(work: Work, place_id: int) -> Sequence[str]:
    return work.session.exec(
        select(PlaceAlias.name)
        .where(PlaceAlias.place_id == place_id)
        .order_by(col(PlaceAlias.position))
    ).all()


def _region_of(work: Work, settlement: Settlement) -> int | None:
    if settlement.region_code is None:
        return None
    found = work.session.exec(
        select(Place.id).where(
            Place.country == settlement.country,
            Place.region_code == settlement.region_code,
            Place.precision == "region",
        )
    ).all()
    return found[0] if len(found) == 1 else None


def _keep(work: Work, place: Place, said: PlaceSaid) -> None:
    assert place.id is not None
    for position, alias in enumerate(said.aliases):
        work.session.add(
            PlaceAlias(place_id=place.id, position=position, name=alias, name_folded=fold(alias))
        )
    keep_revision(work, "place", place.id, place.version, canonical_json(asdict(said)))


def _trimmed(said: PlaceSaid) -> PlaceSaid:
    aliases = dict.fromkeys(" ".join(alias.split()) for alias in said.aliases)
    name = " ".join(said.name.split())
    return replace(
        said,
        name=name,
        country=said.country.strip().upper(),
        aliases=tuple(alias for alias in aliases if alias not in ("", name)),
        region=" ".join((said.region or "").split()) or None,
        region_code=(said.region_code or "").strip().upper() or None,
        gazetteer_id=(said.gazetteer_id or "").strip() or None,
    )


def _faults(
    said: PlaceSaid, parent: Place | None, precisions: frozenset[str]
) -> Iterator[tuple[str, str]]:
    yield from _faults_of_names(said)
    if said.parent is not None and parent is None:
        yield "parent", "Choose the place it lies in from the list, or leave it empty."
    if not said.country:
        yield "country", "Choose the country."
    elif said.country not in countries():
        yield "country", f"“{said.country}” is no country’s code. Choose the country from the list."
    elif parent is not None and parent.country != said.country:
        yield (
            "country",
            f"“{parent.name}” lies in {country_name(parent.country)},"
            f" not in {country_name(said.country)}. One of them must change.",
        )
    if said.region_code is not None:
        match = _REGION_CODE.fullmatch(said.region_code)
        if match is None or match[1] != said.country:
            yield "region_code", f"Write the region’s code as “{said.country or 'KZ'}-47”."
    if said.precision is not None and said.precision not in precisions:
        yield "precision", "Choose from the list what the point stands for."
    yield from _faults_of_point(said)


def _faults_of_names(said: PlaceSaid) -> Iterator[tuple[str, str]]:
    if not fold(said.name):
        yield "name", "Give the place a name."
    for path, text in (
        ("name", said.name),
        ("region", said.region or ""),
        ("gazetteer_id", said.gazetteer_id or ""),
        *(("aliases", alias) for alias in said.aliases),
    ):
        if len(text) > LONGEST_NAME:
            yield path, f"Use at most {LONGEST_NAME} characters; these are {len(text)}."
        if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
            yield path, "There is a character in it that no text may hold. Type the words again."


def _faults_of_point(said: PlaceSaid) -> Iterator[tuple[str, str]]:
    for path, degrees, most in (("lat", said.lat, 90), ("lon", said.lon, 180)):
        if degrees is not None and not (math.isfinite(degrees) and abs(degrees) <= most):
            yield path, f"Give degrees between −{most} and {most}."
    if (said.lat is None) != (said.lon is None):
        missing, other = ("lat", "longitude") if said.lat is None else ("lon", "latitude")
        yield missing, f"Give this too, or leave the {other} empty."


def _store(work: Work, place: Place, said: PlaceSaid) -> None:
    try:
        # Two people may add it at once: the unique index decides, and only this is undone.
        with work.session.begin_nested():
            place.name, place.name_folded = said.name, fold(said.name)
            place.country, place.parent_id = said.country, said.parent
            place.region, place.region_code = said.region, said.region_code
            place.lat, place.lon = said.lat, said.lon
            place.precision, place.gazetteer_id = said.precision, said.gazetteer_id
            work.session.add(place)
    except IntegrityError:
        message = f"There is already a place named “{said.name}” here. Choose it from the list."
        raise FieldErrors({"name": message}) from None
