"""One party as its page shows it: what its viewer may know, its incidents, its relations."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from incidents.account.models import Account
from incidents.crypto import Keyring
from incidents.errors import FieldErrors, NotFound
from incidents.folding import fold
from incidents.incident.filters import IncidentFilter
from incidents.incident.filters.asked import Found
from incidents.incident.models import Citation, Incident, Involvement, Party
from incidents.incident.queries.listing import ORDERS, IncidentRow, page_of_incidents
from incidents.incident.queries.lookup import (
    current_parties,
    parents_told,
    shown_members,
    whole_parties,
)
from incidents.incident.queries.party_history import PartySave, history_of_party
from incidents.incident.queries.sealed import party_names
from incidents.incident.queries.totals import MeasureTotal, totals
from incidents.incident.rights import shown_party, shown_whole_party, visible
from incidents.paging import PageAsked
from incidents.source.models import Source
from incidents.viewer import Viewer

MOST = 50


@dataclass(frozen=True)
class PartyLink:
    """Another party by its label; `linked`: this viewer may open its page."""

    id: int
    label: str
    linked: bool


@dataclass(frozen=True)
class Spoken:
    """An incident with words of the party."""

    reference: str
    title: str
    type: str


@dataclass(frozen=True)
class Related:
    """`outwards`: the party is that to the other; else the other is that to it."""

    other: PartyLink
    relationship: str
    outwards: bool
    references: tuple[str, ...]


@dataclass(frozen=True)
class TakenIn:
    """A party merged into this one, directly or through another."""

    id: int
    version: int
    label: str
    through: str
    may_undo: bool


@dataclass(frozen=True)
class PartyPage:
    """None and "" = nobody says, or not for this viewer."""

    id: int
    version: int
    label: str
    kind: str
    privacy: str
    sex: str | None
    age: int | None
    occupation: str
    sort: str | None
    note: str
    aliases: tuple[str, ...]
    parent: PartyLink | None
    below: tuple[PartyLink, ...]
    # Whether there is a name to show, here or in one merged into it; internal viewers alone know.
    named: bool
    erased_at: datetime | None
    created_at: datetime
    author: str
    incidents: tuple[IncidentRow, ...]
    incident_count: int
    # Reference → codes of the roles it has there.
    roles: Mapping[str, tuple[str, ...]]
    totals: Sequence[MeasureTotal]
    spoken: tuple[Spoken, ...]
    related: tuple[Related, ...]
    taken_in: tuple[TakenIn, ...]
    history: tuple[PartySave, ...]
    may_edit: bool
    may_erase: bool
    may_merge: bool

    @property
    def protected(self) -> bool:
        return self.privacy == "protected"


def standing_party(session: Session, viewer: Viewer, party_id: int) -> Party:
    """The party of that id, or what it was merged into. NotFound where the viewer may know of
    neither.
    """
    party = current_parties(session, [party_id]).get(party_id)
    ids = {party_id, party.id} if party is not None else {party_id}
    shown = session.exec(
        select(Party.id).where(col(Party.id).in_(ids), shown_whole_party(viewer))
    ).all()
    # The id of one that only hidden incidents bear must not lead to what it became.
    if party is None or set(shown) != ids:
        raise NotFound("There is no such party.")
    return party


def party_page(session: Session, viewer: Viewer, keyring: Keyring, party: Party) -> PartyPage:
    """Of a `standing_party`; a constant number of statements."""
    assert party.id is not None
    whole = whole_parties(session, [party.id])[party.id]
    asked = incidents_of(party, whole)
    page = page_of_incidents(session, asked, viewer, PageAsked(ORDERS["-date"], size=MOST))
    linked = _linked(session, viewer, party, whole)
    told = viewer.internal or party.privacy == "public"
    shown = shown_members(session, viewer, whole)
    mine = viewer.account_id is not None and party.created_by == viewer.account_id
    return PartyPage(
        id=party.id,
        version=party.version,
        label=party.label,
        kind=party.kind,
        privacy=party.privacy,
        sex=party.sex,
        age=party.age if told else None,
        occupation=(party.occupation or "") if told else "",
        sort=party.sort,
        note=(party.note or "") if viewer.internal else "",
        aliases=_aliases(session, viewer, keyring, shown),
        parent=linked.parent,
        below=linked.below,
        named=viewer.internal and _has_name(shown),
        erased_at=party.erased_at if viewer.internal or viewer.may_administer else None,
        created_at=party.created_at,
        author=_author(session, party) if viewer.internal else "",
        incidents=page.rows,
        incident_count=page.count,
        roles=_roles(session, whole, [row.reference for row in page.rows]),
        totals=totals(session, asked, viewer) if page.count else (),
        spoken=_spoken(session, viewer, whole),
        related=_related(session, viewer, party, whole),
        taken_in=_taken_in(session, viewer, whole) if viewer.internal else (),
        history=history_of_party(session, viewer, keyring, whole) if viewer.internal else (),
        may_edit=viewer.may_record,
        may_erase=_may_erase(viewer, whole),
        may_merge=viewer.may_review or (viewer.may_record and mine),
    )


def _has_name(whole: Sequence[Party]) -> bool:
    """One that the label does not say already."""
    return whole[0].privacy != "public" and any(one.name_sealed is not None for one in whole)


def _may_erase(viewer: Viewer, whole: Sequence[Party]) -> bool:
    left = any(one.erased_at is None for one in whole)
    return left and (viewer.may_review or viewer.may_administer)


def incidents_of(party: Party, whole: Sequence[Party]) -> IncidentFilter:
    """The listing's own filter for the incidents this party, as one, has a role in."""
    text = str(party.id)
    found = Found(tuple(one.id or 0 for one in whole), party.label)
    return IncidentFilter((("party", (text,)),)).with_found({("party", text): found})


def _aliases(
    session: Session, viewer: Viewer, keyring: Keyring, whole: Sequence[Party]
) -> tuple[str, ...]:
    """Of a public party, to those inside; every other name is shown on asking only.

    A statement for each that was merged into it.
    """
    if not viewer.internal or whole[0].privacy != "public":
        return ()
    found = [one.label for one in whole[1:] if one.erased_at is None]
    for one in whole:
        if one.erased_at is None:
            found += party_names(session, keyring, one)[1]
    return tuple(alias for alias in dict.fromkeys(found) if alias != whole[0].label)


def _author(session: Session, party: Party) -> str:
    name = session.exec(select(Account.name).where(Account.id == party.created_by)).first()
    return name or "the operator"


@dataclass(frozen=True)
class _Linked:
    parent: PartyLink | None
    below: tuple[PartyLink, ...]


def _linked(session: Session, viewer: Viewer, party: Party, whole: Sequence[Party]) -> _Linked:
    ids = {one.id for one in whole}
    rows = session.exec(
        select(Party.id)
        .where(col(Party.parent_id).in_(ids), col(Party.merged_into_id).is_(None))
        .order_by(col(Party.label_folded))
        .limit(MOST)
    ).all()
    below = [one for one in rows if one is not None and one not in ids]
    above = parents_told(session, viewer, [party.parent_id])
    links = links_to(session, viewer, [*below, *above])
    parent = links.get(party.parent_id or 0)
    return _Linked(
        parent=parent if parent and parent.id not in ids else None,
        below=tuple(links[one] for one in below if one in links and links[one].linked),
    )


def links_to(session: Session, viewer: Viewer, ids: Sequence[int]) -> Mapping[int, PartyLink]:
    """Asked-for id → the party that stands for it now; two statements."""
    current = current_parties(session, ids)
    known = session.exec(
        select(Party.id).where(
            col(Party.id).in_({party.id for party in current.values()}), shown_whole_party(viewer)
        )
    ).all()
    return {
        asked: PartyLink(party.id or 0, party.label, party.id in known)
        for asked, party in current.items()
    }


def _roles(
    session: Session, whole: Sequence[Party], references: Sequence[str]
) -> Mapping[str, tuple[str, ...]]:
    """Of incidents this viewer sees; each role once, in the record's order."""
    rows = session.execute(
        columns(col(Incident.ref_year), col(Incident.ref_number), col(Involvement.role))
        .join(Involvement, col(Involvement.incident_id) == col(Incident.id))
        .where(col(Involvement.party_id).in_([one.id for one in whole]))
        .order_by(col(Involvement.incident_id), col(Involvement.position))
    )
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    shown = set(references)
    for year, number, role in rows:
        reference = f"INC-{year}-{number:05d}"
        if reference in shown:
            found[reference][role] = None
    return {reference: tuple(roles) for reference, roles in found.items()}


def _spoken(session: Session, viewer: Viewer, whole: Sequence[Party]) -> tuple[Spoken, ...]:
    """Newest first."""
    said = select(Citation.incident_id).where(
        col(Citation.speaker_id).in_([one.id for one in whole])
    )
    if not viewer.internal:
        said = said.join(Source, col(Source.id) == col(Citation.source_id)).where(
            ~col(Source.protected)
        )
    rows = session.exec(
        select(Incident)
        .where(col(Incident.id).in_(said), visible(viewer))
        .order_by(col(Incident.sort_date).desc(), col(Incident.id).desc())
        .limit(MOST)
    ).all()
    return tuple(Spoken(row.reference, row.title, row.type) for row in rows)


def _related(
    session: Session, viewer: Viewer, party: Party, whole: Sequence[Party]
) -> tuple[Related, ...]:
    """From both ends. Redacted viewers read those between public parties alone."""
    ids = {one.id for one in whole}
    rows = session.execute(
        columns(
            col(Involvement.party_id),
            col(Involvement.relationship),
            col(Involvement.relationship_to_id),
            col(Incident.ref_year),
            col(Incident.ref_number),
        )
        .join(Incident, col(Incident.id) == col(Involvement.incident_id))
        .where(
            visible(viewer),
            col(Involvement.relationship).is_not(None),
            or_(col(Involvement.party_id).in_(ids), col(Involvement.relationship_to_id).in_(ids)),
            col(Involvement.relationship_to_id).is_not(None),
        )
        .order_by(col(Incident.ref_year), col(Incident.ref_number))
        .limit(4 * MOST)
    ).all()
    others = [row[2] if row[0] in ids else row[0] for row in rows]
    current = current_parties(session, others)
    links = links_to(session, viewer, others)
    found: defaultdict[tuple[int, str, bool], dict[str, None]] = defaultdict(dict)
    for row, other in zip(rows, others, strict=True):
        told = viewer.internal or {party.privacy, current[other].privacy} == {"public"}
        if told and links[other].id not in ids:
            key = (other, row[1], row[0] in ids)
            found[key][f"INC-{row[3]}-{row[4]:05d}"] = None
    return tuple(
        Related(links[other], relationship, outwards, tuple(references))
        for (other, relationship, outwards), references in found.items()
    )


def _taken_in(session: Session, viewer: Viewer, whole: Sequence[Party]) -> tuple[TakenIn, ...]:
    """Those whose own incidents this viewer may see; the others are nobody here."""
    ids = [one.id for one in whole[1:]]
    if not ids:
        return ()
    known = session.exec(select(Party.id).where(col(Party.id).in_(ids), shown_party(viewer))).all()
    by_id = {one.id: one for one in whole}
    lines = []
    for one in whole[1:]:
        if one.id not in known or one.id is None:
            continue
        into = by_id[one.merged_into_id]
        mine = viewer.account_id is not None and (
            {one.created_by, into.created_by} == {viewer.account_id}
        )
        through = into.label if into.id != whole[0].id and into.id in known else ""
        lines.append(TakenIn(one.id, one.version, one.label, through, viewer.may_review or mine))
    return tuple(lines)


def incident_counts(session: Session, viewer: Viewer, ids: Sequence[int]) -> Mapping[int, int]:
    """Party → the incidents this viewer sees it has a role in, or one merged into it has."""
    wholes = whole_parties(session, ids)
    standing = {one.id: whole for whole, members in wholes.items() for one in members}
    rows = session.execute(
        columns(col(Involvement.party_id), col(Involvement.incident_id))
        .join(Incident, col(Incident.id) == col(Involvement.incident_id))
        .where(col(Involvement.party_id).in_(standing), visible(viewer))
        .distinct()
    ).all()
    found: defaultdict[int, set[int]] = defaultdict(set)
    for party_id, incident_id in rows:
        found[standing[party_id]].add(incident_id)
    return {party_id: len(incidents) for party_id, incidents in found.items()}


def party_meant(session: Session, viewer: Viewer, text: str, chosen: str) -> int | None:
    """Whom a label stands for that was typed, or chosen with its number; None for no words.

    FieldErrors at `parent` where it is nobody this viewer knows, or several.
    """
    words = fold(text)
    if not words:
        return None
    numbers = [int(one) for one in (chosen, text.strip().removeprefix("#")) if _is_number(one)]
    links = links_to(session, viewer, numbers)
    for number in numbers:
        link = links.get(number)
        if link and link.linked and (str(number) != chosen or fold(link.label) == words):
            return link.id
    found = session.exec(
        select(Party.id)
        .where(
            Party.label_folded == words,
            col(Party.merged_into_id).is_(None),
            shown_whole_party(viewer),
        )
        .order_by(col(Party.id))
        .limit(MOST)
    ).all()
    if not found:
        raise FieldErrors({"parent": f"No party is called “{text.strip()}”. Choose one offered."})
    if len(found) > 1:
        told = ", ".join(str(one) for one in found[:5])
        raise FieldErrors(
            {"parent": f"Several parties are called so. Write the number of one instead: {told}."}
        )
    return found[0]


def incidents_of_both(
    session: Session, viewer: Viewer, one: Sequence[Party], other: Sequence[Party]
) -> tuple[str, ...]:
    """References of the incidents in which both have a role: there they may be two people."""
    statement = select(Incident).where(visible(viewer))
    for whole in (one, other):
        involved = select(Involvement.incident_id).where(
            col(Involvement.party_id).in_([party.id for party in whole])
        )
        statement = statement.where(col(Incident.id).in_(involved))
    rows = session.exec(
        statement.order_by(col(Incident.ref_year), col(Incident.ref_number)).limit(MOST)
    ).all()
    return tuple(row.reference for row in rows)


def _is_number(text: str) -> bool:
    digits = text.strip().removeprefix("#")
    return digits.isascii() and digits.isdecimal() and len(digits) < 10
