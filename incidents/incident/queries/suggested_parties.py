"""Parties offered while one types, and whom words typed without choosing may mean.

A merged party stands for what it became and is offered once. What tells parties apart comes from
incidents this viewer may see; a party that only others' sealed incidents know is not there.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from incidents import edtf
from incidents.crypto import Keyring
from incidents.folding import fold, has_unstorable
from incidents.incident.models import Citation, Incident, Involvement, Party, PartyNameHash
from incidents.incident.queries.lookup import current_parties
from incidents.incident.rights import known_party, readable_name, visible
from incidents.incident.types import TYPES
from incidents.source.models import Source
from incidents.source.queries import parsed_reference
from incidents.viewer import Viewer
from incidents.vocabulary.models import Place
from incidents.vocabulary.types import vocabulary

LIMIT = 10
# More than are shown: several may have been merged into one.
_CANDIDATES = 4 * LIMIT
_SPEAKER, _RELATED = "speaker", "related"
# Thai to Burmese, Khmer, kana and Han: words of these are not set apart by spaces.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True)
class PartyOffered:
    """`detail` tells it from another of that label: "detained · Janaozen · INC-2026-00006, …"."""

    id: int
    label: str
    kind: str
    privacy: str
    detail: str
    # False = only incidents hidden from the viewer speak of it: nothing is to be said of it.
    known: bool = True


@dataclass(frozen=True)
class _Latest:
    role: str
    type: str
    reference: str
    date: str | None
    place: str | None


def parties_offered(
    session: Session,
    viewer: Viewer,
    keyring: Keyring,
    text: str,
    sources: Collection[str],
    *,
    limit: int = LIMIT,
) -> list[PartyOffered]:
    """By the words of the label or a whole name; with no text the latest of these sources.

    A protected name leads to its party only those who may read it. Best match first.
    """
    folded = fold(text)
    here = _of_sources(viewer, sources)
    if not folded:
        found = _candidates(session, viewer, here, [col(Party.id).desc()])
        return _offered(session, viewer, found)[:limit]
    order = [
        (col(Party.label_folded) == folded).desc(),
        here.desc(),
        col(Party.label_folded).startswith(folded, autoescape=True).desc(),
        col(Party.id).desc(),
    ]
    named = _named(session, viewer, keyring, folded)
    found = _candidates(session, viewer, _has_words(folded), order)
    return _offered(session, viewer, [*named, *found])[:limit]


def parties_meant(
    session: Session, viewer: Viewer, labels: Collection[str], sources: Collection[int]
) -> Mapping[str, tuple[PartyOffered, ...]]:
    """Folded label → the parties these words alone may mean, oldest first, as they are now.

    Public ones, and those of the sources in hand: “a detained man” of another article is somebody
    else. A public one that only hidden incidents know comes last: the words still mean it.
    """
    wanted = {fold(label) for label in labels if not has_unstorable(label)} - {""}
    if not wanted:
        return {}
    cited = col(Citation.source_id).in_(sources)
    rows = session.execute(
        select(col(Party.id), col(Party.label_folded))
        .where(
            col(Party.label_folded).in_(wanted),
            or_(
                and_(col(Party.privacy) == "public", col(Party.merged_into_id).is_(None)),
                _in_incidents(viewer, cited),
            ),
        )
        .order_by(col(Party.id))
    ).all()
    current = current_parties(session, [party_id for party_id, _ in rows if party_id is not None])
    known = {one.id: one for one in _described(session, viewer, current.values())}
    found: dict[str, dict[int, PartyOffered]] = {label: {} for label in wanted}
    hidden: dict[str, dict[int, PartyOffered]] = {label: {} for label in wanted}
    for asked, label in rows:
        party = current.get(asked or 0)
        if party is not None and party.id is not None:
            if party.id in known:
                found[label][party.id] = known[party.id]
            else:
                hidden[label][party.id] = replace(_line(party, None), known=False)
    return {
        label: tuple(found[label].values()) or tuple(hidden[label].values())[:1] for label in wanted
    }


def sources_called(session: Session, references: Collection[str]) -> set[int]:
    """The ids of the sources of these references; to look among visible incidents only."""
    return set(session.scalars(_sources(references)).all())


def known_parties(
    session: Session, viewer: Viewer, ids: Collection[int]
) -> Mapping[int, PartyOffered]:
    """Asked-for id → the party that stands for it now, where this viewer may know of it."""
    current = current_parties(session, ids) if ids else {}
    known = {one.id: one for one in _described(session, viewer, current.values())}
    return {
        asked: known[party.id]
        for asked, party in current.items()
        if party.id is not None and party.id in known
    }


def _candidates(
    session: Session, viewer: Viewer, which: ColumnElement[bool], order: Sequence[Any]
) -> list[int]:
    """Ids of parties the viewer may know, or that others, maybe known, were merged into."""
    other = aliased(Party)
    merged = exists(select(col(other.id)).where(col(other.merged_into_id) == col(Party.id)))
    ids = session.scalars(
        select(col(Party.id))
        .where(which, or_(known_party(viewer), and_(merged, col(Party.merged_into_id).is_(None))))
        .order_by(*order)
        .limit(_CANDIDATES)
    ).all()
    return [party_id for party_id in ids if party_id is not None]


def _named(session: Session, viewer: Viewer, keyring: Keyring, folded: str) -> list[int]:
    """The parties whose whole name or alias this is, where the viewer may read that name.

    Of one that was merged, also the name of what it became: who finds it learns of the two.
    """
    hashed = select(col(PartyNameHash.party_id)).where(
        col(PartyNameHash.hash) == keyring.keyed_hash(folded, "party name")
    )
    ids = _candidates(
        session, viewer, and_(col(Party.id).in_(hashed), readable_name(viewer)), [col(Party.id)]
    )
    if not ids:
        return []
    current = current_parties(session, ids)
    readable = session.scalars(
        select(col(Party.id)).where(
            col(Party.id).in_([party.id for party in current.values()]), readable_name(viewer)
        )
    ).all()
    return [asked for asked, party in current.items() if party.id in readable]


def _of_sources(viewer: Viewer, references: Collection[str]) -> ColumnElement[bool]:
    return _in_incidents(viewer, col(Citation.source_id).in_(_sources(references)))


def _sources(references: Collection[str]) -> Select[Any]:
    parsed = [one for one in map(parsed_reference, references) if one]
    named = [
        and_(col(Source.ref_year) == year, col(Source.ref_number) == number)
        for year, number in parsed
    ]
    return select(col(Source.id)).where(or_(false(), *named))


def _in_incidents(viewer: Viewer, cited: ColumnElement[bool]) -> ColumnElement[bool]:
    """Over `Party`: it has a part in an incident the viewer sees that has such a citation."""
    incidents = (
        select(col(Citation.incident_id))
        .join(Incident, col(Incident.id) == col(Citation.incident_id))
        .where(cited, visible(viewer))
    )
    within = col(Involvement.incident_id).in_(incidents)
    involved = select(col(Involvement.party_id)).where(within)
    related = select(col(Involvement.relationship_to_id)).where(
        within, col(Involvement.relationship_to_id).is_not(None)
    )
    spoken = select(col(Citation.speaker_id)).where(
        col(Citation.incident_id).in_(incidents), col(Citation.speaker_id).is_not(None)
    )
    return or_(*(col(Party.id).in_(one) for one in (involved, related, spoken)))


def _has_words(folded: str) -> ColumnElement[bool]:
    """Over `Party`: every word typed begins a word of the label."""
    return has_words(col(Party.label_folded), folded)


def has_words(column: Any, folded: str) -> ColumnElement[bool]:
    """Every word of the folded text begins a word of the folded column."""
    spaced: Any = literal(" ").concat(column)
    for sign in "-(\"'/":
        spaced = func.replace(spaced, sign, " ")
    tests = []
    for word in re.split(r"[\s\-(\"'/]+", folded):
        if _UNSPACED.search(word):
            tests.append(column.contains(word, autoescape=True))
        elif word:
            tests.append(spaced.contains(f" {word}", autoescape=True))
    return and_(true(), *tests) if tests else column.startswith(folded, autoescape=True)


def _offered(session: Session, viewer: Viewer, ids: Sequence[int]) -> list[PartyOffered]:
    """Each once, in the order of `ids`; those the viewer may not know are left out."""
    current = current_parties(session, ids) if ids else {}
    described = {one.id: one for one in _described(session, viewer, current.values())}
    standing = dict.fromkeys(current[asked].id for asked in ids if asked in current)
    return [described[party_id] for party_id in standing if party_id in described]


def _described(session: Session, viewer: Viewer, parties: Collection[Party]) -> list[PartyOffered]:
    latest = _latest(session, viewer, {party.id for party in parties if party.id is not None})
    mine = viewer.account_id
    return [
        _line(party, latest.get(party.id or 0))
        for party in parties
        if party.id in latest or (mine is not None and party.created_by == mine)
    ]


def _line(party: Party, latest: _Latest | None) -> PartyOffered:
    kind = vocabulary("party_kind").label(party.kind).lower()
    words = [kind] if party.kind != "individual" or latest is None else []
    if latest is None:
        words.append("in no incident yet")
    else:
        when = edtf.in_short(latest.date) if latest.date else ""
        words += [
            _part(latest),
            latest.place or "",
            ", ".join(filter(None, [latest.reference, when])),
        ]
    detail = " · ".join(word for word in words if word)
    assert party.id is not None
    return PartyOffered(party.id, party.label, party.kind, party.privacy, detail)


def _part(latest: _Latest) -> str:
    """What it is in that incident: "detained" says more than "victim of a detention"."""
    if latest.role in (_SPEAKER, _RELATED):
        return {_SPEAKER: "speaks in it", _RELATED: "named in it"}[latest.role]
    declared = TYPES.get(latest.type)
    if declared is not None and latest.role == declared.role == "victim":
        return vocabulary("measure").label(declared.measure).lower()
    return vocabulary("role").label(latest.role).lower()


def _latest(session: Session, viewer: Viewer, ids: Collection[int]) -> Mapping[int, _Latest]:
    """Party → the latest incident the viewer sees that it, or one merged into it, is part of.

    One statement.
    """
    if not ids:
        return {}
    parts = _parts(ids)
    within = func.row_number().over(
        partition_by=parts.c.current,
        order_by=(
            col(Incident.sort_date).desc(),
            col(Incident.id).desc(),
            parts.c.way,
            parts.c.position,
        ),
    )
    ranked = (
        select(
            parts.c.current,
            parts.c.role,
            col(Incident.type),
            col(Incident.ref_year),
            col(Incident.ref_number),
            col(Incident.date_edtf),
            col(Place.name).label("place"),
            within.label("rank"),
        )
        .join(Incident, col(Incident.id) == parts.c.incident_id)
        .outerjoin(Place, col(Place.id) == col(Incident.place_id))
        .where(visible(viewer))
        .subquery()
    )
    rows = session.execute(select(ranked).where(ranked.c.rank == 1)).all()
    return {
        row.current: _Latest(
            row.role, row.type, f"INC-{row.ref_year}-{row.ref_number:05d}", row.date_edtf, row.place
        )
        for row in rows
    }


def _parts(ids: Collection[int]) -> Any:
    """(current, incident_id, role, position, way) of these parties and all merged into them."""
    own: Any = select(col(Party.id).label("current"), col(Party.id).label("member"))
    family = own.where(col(Party.id).in_(sorted(ids))).cte("family", recursive=True)
    other = aliased(Party)
    # UNION, not UNION ALL: a ring of merged parties ends.
    family = family.union(
        select(family.c.current, col(other.id)).join(
            family, col(other.merged_into_id) == family.c.member
        )
    )
    member = family.c.member
    ways: list[tuple[Any, Any, Any]] = [
        (Involvement, col(Involvement.party_id), col(Involvement.role)),
        (Citation, col(Citation.speaker_id), literal(_SPEAKER)),
        (Involvement, col(Involvement.relationship_to_id), literal(_RELATED)),
    ]
    return union_all(
        *(
            select(
                family.c.current.label("current"),
                model.incident_id.label("incident_id"),
                role.label("role"),
                model.position.label("position"),
                literal(number).label("way"),
            ).join(model, key == member)
            for number, (model, key, role) in enumerate(ways)
        )
    ).subquery("parts")
