"""Pages of parties by label, merged ones once, with how many incidents this viewer sees of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, true
from sqlmodel import Session, col, select

from incidents import paging
from incidents.crypto import Keyring
from incidents.db import Binary, table_of
from incidents.folding import SORT_KEY_LENGTH, fold
from incidents.incident.models import Party, PartyNameHash
from incidents.incident.queries.party import incident_counts
from incidents.incident.queries.suggested_parties import known_parties
from incidents.incident.rights import shown_whole_party
from incidents.paging import Order, Page, PageAsked
from incidents.viewer import Viewer

_PARTY = table_of(Party).c
_LABEL: ColumnElement[str] = func.substr(_PARTY.label_folded, 1, SORT_KEY_LENGTH, type_=Binary())
ORDERS = paging.orders(Order("label", "Label", (_LABEL, _PARTY.id)))
BY_LABEL = "label"


@dataclass(frozen=True)
class PartyRow:
    """A party in a list. `detail` tells it from others of its label; "" for redacted viewers."""

    id: int
    label: str
    kind: str
    privacy: str
    sort: str | None
    incidents: int
    detail: str
    erased: bool

    @property
    def protected(self) -> bool:
        return self.privacy == "protected"


@dataclass(frozen=True)
class PartiesAsked:
    """Words of the label, and codes of a kind; "" = any."""

    q: str = ""
    kind: str = ""

    def to_args(self) -> Mapping[str, str]:
        return {name: value for name, value in vars(self).items() if value}


def page_of_parties(
    session: Session, viewer: Viewer, keyring: Keyring, asked: PageAsked, wanted: PartiesAsked
) -> Page[PartyRow]:
    """The same number of statements however many rows."""
    conditions = (
        col(Party.merged_into_id).is_(None),
        shown_whole_party(viewer),
        _called(viewer, keyring, wanted.q),
        col(Party.kind) == wanted.kind if wanted.kind else true(),
    )
    statement = paging.paged(select(Party, _LABEL).where(*conditions), asked)
    found = session.execute(statement).all()
    rows, more, before = paging.cut(found, asked)
    count = session.exec(select(func.count()).select_from(Party).where(*conditions)).one()
    tokens = [
        paging.token(asked.order, (rows[at][1], rows[at][0].id), backwards=at == 0)
        if rows
        else None
        for at in (0, -1)
    ]
    return Page(
        rows=party_rows(session, viewer, [row[0] for row in rows]),
        count=count,
        next=tokens[1] if more else None,
        previous=tokens[0] if before else None,
    )


def party_rows(session: Session, viewer: Viewer, parties: Sequence[Party]) -> tuple[PartyRow, ...]:
    ids = [party.id or 0 for party in parties]
    counts = incident_counts(session, viewer, ids)
    offered = known_parties(session, viewer, ids) if viewer.internal else {}
    return tuple(
        PartyRow(
            id=party.id or 0,
            label=party.label,
            kind=party.kind,
            privacy=party.privacy,
            sort=party.sort,
            incidents=counts.get(party.id or 0, 0),
            detail=offered[party.id or 0].detail if party.id in offered else "",
            erased=viewer.internal and party.erased_at is not None,
        )
        for party in parties
    )


def parties_like(
    session: Session, viewer: Viewer, keyring: Keyring, text: str, *, but: int, limit: int = 20
) -> tuple[PartyRow, ...]:
    """Those a party might be merged with: its very words first, then by label."""
    folded = fold(text)
    rows = session.exec(
        select(Party)
        .where(
            col(Party.merged_into_id).is_(None),
            shown_whole_party(viewer),
            col(Party.id) != but,
            _called(viewer, keyring, text),
        )
        .order_by(
            (col(Party.label_folded) == folded).desc(), col(Party.label_folded), col(Party.id)
        )
        .limit(limit)
    ).all()
    return party_rows(session, viewer, rows)


def _called(viewer: Viewer, keyring: Keyring, text: str) -> ColumnElement[bool]:
    """Every word in the label; or a whole name, of those who may be found by it."""
    folded = fold(text)
    if not folded:
        return true()
    words = [col(Party.label_folded).contains(word, autoescape=True) for word in folded.split()]
    labelled = words[0]
    for word in words[1:]:
        labelled &= word
    open_names = ("public", "label") if viewer.internal else ("public",)
    named = select(col(PartyNameHash.party_id)).where(
        col(PartyNameHash.hash) == keyring.keyed_hash(folded, "party name")
    )
    return or_(labelled, col(Party.privacy).in_(open_names) & col(Party.id).in_(named))
