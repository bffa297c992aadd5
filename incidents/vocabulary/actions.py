"""Writes the vocabularies: shipped terms into the database, and new places.

Refuses to delete: a term nobody may use any more is retired. Renaming a place touches search
documents, so that verb stands in `incident`.
"""

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, replace

from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from incidents.audit.actions import keep_revision, log
from incidents.db import canonical_json
from incidents.errors import FieldErrors, NotAllowed
from incidents.folding import fold
from incidents.vocabulary.models import Place, PlaceAlias, TermRow
from incidents.vocabulary.queries import term_codes
from incidents.vocabulary.record import PlaceSaid
from incidents.vocabulary.types import Term, countries, country_name, vocabularies
from incidents.work import Work

LONGEST_NAME = 200
_REGION_CODE = re.compile(r"([A-Z]{2})-[A-Z0-9]{1,3}")


def sync_terms(work: Work) -> None:
    """Make the table say what the package says, once per release; logged if anything changed.

    New terms are added, the words of shipped ones follow the package, and what the package no
    longer ships is retired. Terms a team added are theirs, and one it retired stays retired.
    """
    known = {(row.vocabulary, row.code): row for row in work.session.exec(select(TermRow))}
    changes: dict[str, list[str]] = {"added": [], "changed": [], "retired": []}
    shipped = set()
    for name, position, term in _shipped_terms():
        shipped.add((name, term.code))
        row = known.get((name, term.code))
        if row is None:
            work.session.add(_row(name, term, position))
            changes["added"].append(f"{name}.{term.code}")
        elif row.shipped and _follows(row, term, position):
            changes["changed"].append(f"{name}.{term.code}")
    for key, row in known.items():
        if row.shipped and row.retired_at is None and key not in shipped:
            row.retired_at = work.now
            changes["retired"].append(".".join(key))
    if any(changes.values()):
        log(work, "sync_terms", "term", None, {key: sorted(said) for key, said in changes.items()})


def add_place(work: Work, said: PlaceSaid) -> Place:
    """Add a place nobody has added yet; NotAllowed to who may not record.

    FieldErrors by the names of `PlaceSaid`. A new place has nothing below it, so its parent can't
    close a circle.
    """
    if not work.actor.may_record:
        raise NotAllowed("Only researchers and reviewers add places.")
    said = _trimmed(said)
    parent = work.session.get(Place, said.parent) if said.parent is not None else None
    if parent is not None and not said.country:
        said = replace(said, country=parent.country)
    errors = FieldErrors()
    for path, message in _faults(said, parent, term_codes(work.session)["place_precision"]):
        errors.add(path, message)
    if errors:
        raise errors
    place = _stored(work, said)
    assert place.id is not None
    for position, alias in enumerate(said.aliases):
        work.session.add(
            PlaceAlias(place_id=place.id, position=position, name=alias, name_folded=fold(alias))
        )
    keep_revision(work, "place", place.id, 1, canonical_json(asdict(said)))
    log(work, "add_place", "place", place.id)
    return place


def _shipped_terms() -> Iterator[tuple[str, int, Term]]:
    for name, vocabulary in vocabularies().items():
        for position, term in enumerate(vocabulary.terms.values()):
            yield name, position, term


def _row(name: str, term: Term, position: int) -> TermRow:
    return TermRow(
        vocabulary=name,
        code=term.code,
        label=term.label,
        definition=term.definition,
        example=term.example,
        position=position,
        shipped=True,
    )


def _follows(row: TermRow, term: Term, position: int) -> bool:
    """Give the row the package's words; whether that changed it."""
    before = (row.label, row.definition, row.example, row.position)
    row.label, row.definition, row.example = term.label, term.definition, term.example
    row.position = position
    return before != (row.label, row.definition, row.example, row.position)


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


def _stored(work: Work, said: PlaceSaid) -> Place:
    place = Place(
        name=said.name,
        name_folded=fold(said.name),
        country=said.country,
        region=said.region,
        region_code=said.region_code,
        lat=said.lat,
        lon=said.lon,
        precision=said.precision,
        parent_id=said.parent,
        gazetteer_id=said.gazetteer_id,
        created_at=work.now,
    )
    try:
        # Two people may add it at once: the unique index decides, and only this insert is undone.
        with work.session.begin_nested():
            work.session.add(place)
    except IntegrityError:
        message = f"There is already a place named “{said.name}” here. Choose it from the list."
        raise FieldErrors({"name": message}) from None
    return place
