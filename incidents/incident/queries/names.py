"""Finds what the names in a filter stand for: places, parties, events, sources, people, terms.

A name only hidden rows bear sounds like one that nothing bears.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import exists, or_, select
from sqlmodel import Session, col

from incidents.account.models import Account
from incidents.crypto import Keyring
from incidents.db import LARGEST_ROW
from incidents.errors import FieldErrors
from incidents.folding import fold
from incidents.incident.filters import LISTING, PARAMETERS, Found, IncidentFilter, where
from incidents.incident.filters.asked import NONE, Value
from incidents.incident.filters.clauses import DETAIL_VOCABULARIES
from incidents.incident.filters.words import lowered
from incidents.incident.models import Event, Incident, Party, PartyNameHash
from incidents.incident.queries.lookup import current_parties, whole_parties
from incidents.incident.rights import (
    names_event,
    names_party,
    not_only_hidden,
    shown_party,
    visible_source,
)
from incidents.source.models import Source
from incidents.viewer import Viewer
from incidents.vocabulary.models import TermRow
from incidents.vocabulary.queries import place_views, places_named
from incidents.vocabulary.types import vocabulary

_SOURCE_REFERENCE = re.compile(r"SRC-(\d{4})-(\d{5,9})", re.IGNORECASE | re.ASCII)
# A place stands in two columns: a reader may ask for either where one of them shows it.
_TWINS = {"place": ("place", "subject_place"), "subject_place": ("place", "subject_place")}
_NOT_FOUND = {
    "place": "No place is called “{}”. Check the spelling, or choose a place from the list.",
    "party": "No party is called “{}”. Write its whole name or label.",
    "event": "No event is called “{}”. Write its whole title.",
    "source": "There is no source “{}”. Write its reference, as SRC-2026-00007.",
    "publisher": "No source’s publisher is called “{}”. Write the whole name.",
    "account": "Nobody here is called “{}”. Write the name they sign in with.",
    "term": "“{}” is not one of the choices.",
}


@dataclass(frozen=True)
class _Search:
    session: Session
    viewer: Viewer
    keyring: Keyring


def filter_from_args(
    session: Session,
    args: Iterable[tuple[str, str]],
    viewer: Viewer,
    keyring: Keyring,
    *,
    also: Collection[str] = LISTING,
) -> IncidentFilter:
    """A filter ready for use, from a query string's pairs. FieldErrors says all that is wrong."""
    asked, errors = IncidentFilter.read(args, viewer, also=also)
    return _looked_up(_Search(session, viewer, keyring), asked, errors)


def with_names(
    session: Session, asked: IncidentFilter, viewer: Viewer, keyring: Keyring
) -> IncidentFilter:
    """The filter with its names looked up; a few statements for each name.

    FieldErrors by parameter for a name that stands for nothing this viewer may know of.
    """
    return _looked_up(_Search(session, viewer, keyring), asked, FieldErrors())


def _looked_up(search: _Search, asked: IncidentFilter, errors: FieldErrors) -> IncidentFilter:
    found: dict[tuple[str, Value], Found] = {}
    for name, values in asked.asked:
        look_up = PARAMETERS[name].look_up
        for value in values if look_up else ():
            if value == NONE:
                continue
            thing = _LOOK_UPS[look_up](search, name, str(value))
            if thing is None or not _shown(search, name, value, thing):
                errors.add(name, _NOT_FOUND[look_up].format(value))
            else:
                found[name, value] = thing
    if errors:
        raise errors
    return asked.with_found(found)


def _shown(search: _Search, name: str, value: Value, thing: Found) -> bool:
    """Whether this viewer sees an incident that bears the name.

    Internal ones may also name what no incident bears, and every place, source and account.
    """
    look_up = PARAMETERS[name].look_up
    if look_up == "term":
        return True
    if search.viewer.internal:
        bears = {"party": names_party, "event": names_event}.get(look_up)
        if bears is None:
            return True
        known = not_only_hidden(bears(thing.keys), search.viewer)
        return bool(search.session.scalar(select(known)))
    bearing = [
        where(IncidentFilter(((twin, (value,)),)).with_found({(twin, value): thing}), search.viewer)
        for twin in _TWINS.get(name, (name,))
    ]
    return bool(
        search.session.scalar(select(exists(select(col(Incident.id)).where(or_(*bearing)))))
    )


def _place(search: _Search, _name: str, text: str) -> Found | None:
    number = _id(text)
    views = (
        list(place_views(search.session, [number]).values())
        if number is not None
        else places_named(search.session, text)
    )
    if not views:
        return None
    label = views[0].name if len(views) == 1 else f"{views[0].name} ({len(views)} places)"
    return Found(tuple(view.id for view in views), label)


def _event(search: _Search, _name: str, text: str) -> Found | None:
    number = _id(text)
    which = col(Event.id) == number if number is not None else col(Event.title_folded) == fold(text)
    row = search.session.execute(select(col(Event.id), col(Event.title)).where(which)).first()
    return Found((row[0],), row[1]) if row else None


def _source(search: _Search, _name: str, text: str) -> Found | None:
    number, reference = _id(text), _SOURCE_REFERENCE.fullmatch(text)
    if number is not None:
        which = col(Source.id) == number
    elif reference:
        which = (col(Source.ref_year) == int(reference[1])) & (
            col(Source.ref_number) == int(reference[2])
        )
    else:
        which = col(Source.title) == text
    rows = search.session.execute(
        select(col(Source.id), col(Source.ref_year), col(Source.ref_number))
        .where(which, visible_source(search.viewer))
        .order_by(col(Source.id))
    ).all()
    if not rows:
        return None
    return Found(
        tuple(row.id for row in rows),
        " or ".join(f"SRC-{row.ref_year}-{row.ref_number:05d}" for row in rows),
    )


def _publisher(search: _Search, _name: str, text: str) -> Found | None:
    """Every spelling that folds to the same."""
    folded = fold(text)
    publishers = search.session.scalars(
        select(col(Source.publisher)).where(visible_source(search.viewer)).distinct()
    )
    same = sorted(name for name in publishers if name is not None and fold(name) == folded)
    return Found(tuple(same), same[0]) if same else None


def _party(search: _Search, _name: str, text: str) -> Found | None:
    """By label, by the keyed hash of a name or alias the viewer may know of, or by id.

    A merged party stands for what it became, and for all that was merged into that.
    """
    number = _id(text)
    matching = [number] if number is not None else _called(search, fold(text))
    current = current_parties(search.session, matching)
    wholes = whole_parties(search.session, {party.id or 0 for party in current.values()})
    roots = {party.id: party.label for party in current.values()}
    ids = sorted({one.id or 0 for whole in wholes.values() for one in whole})
    labels = [roots[party_id] for party_id in sorted(wholes) if party_id in roots]
    return Found(tuple(ids), " or ".join(labels)) if ids else None


def _called(search: _Search, folded: str) -> Collection[int]:
    """The parties of this label, and those a name's keyed hash leads to: a protected name never
    does.

    By its own words a merged party is found where its own incidents show it, and where what it
    became may be named to this viewer as well.
    """
    named = select(col(PartyNameHash.party_id)).where(
        col(PartyNameHash.hash) == search.keyring.keyed_hash(folded, "party name")
    )
    may_be_named = ("public", "label") if search.viewer.internal else ("public",)
    rows = search.session.execute(
        select(
            Party,
            (col(Party.label_folded) == folded).label("labelled"),
            shown_party(search.viewer).label("shown"),
        ).where(or_(col(Party.label_folded) == folded, col(Party.id).in_(named)))
    ).all()
    current = current_parties(search.session, [row[0].id for row in rows])
    found = []
    for party, labelled, shown in rows:
        became = current.get(party.id)
        open_names = {party.privacy, became.privacy if became else ""} <= set(may_be_named)
        if party.merged_into_id is None:
            is_found = labelled or open_names
        else:
            is_found = shown and (open_names or (labelled and search.viewer.internal))
        if is_found:
            found.append(party.id)
    return found


def _account(search: _Search, _name: str, text: str) -> Found | None:
    number = _id(text)
    which = (
        col(Account.id) == number if number is not None else col(Account.name_folded) == fold(text)
    )
    row = search.session.execute(select(col(Account.id), col(Account.name)).where(which)).first()
    return Found((row[0],), row[1]) if row else None


def _term(search: _Search, name: str, text: str) -> Found | None:
    """A code of the package, or one the team added, retired or not."""
    names = DETAIL_VOCABULARIES[name]
    for vocabulary_name in sorted(names):
        if text in vocabulary(vocabulary_name).terms:
            return Found((text,), lowered(vocabulary(vocabulary_name).label(text)))
    label = search.session.scalar(
        select(col(TermRow.label)).where(
            col(TermRow.vocabulary).in_(names), col(TermRow.code) == text
        )
    )
    return Found((text,), lowered(label)) if label else None


def _id(text: str) -> int | None:
    """An id when it is all digits; one too large for any row stays a name nothing bears."""
    digits = text.isascii() and text.isdecimal() and len(text) <= 10
    return int(text) if digits and int(text) <= LARGEST_ROW else None


_LOOK_UPS: dict[str, Callable[[_Search, str, str], Found | None]] = {
    "place": _place,
    "event": _event,
    "source": _source,
    "publisher": _publisher,
    "party": _party,
    "account": _account,
    "term": _term,
}
