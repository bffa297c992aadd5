"""The parties an entry names by their labels: met before in its sources, or new ones."""

from typing import Any

from sqlmodel import col, select

from incidents import quantity
from incidents.errors import FieldErrors
from incidents.folding import fold
from incidents.incident.actions.parties import PartySaid, add_party, party_met, set_privacy
from incidents.incident.models import Incident, Party
from incidents.incident.queries.lookup import current_parties
from incidents.incident.record import InvolvementSaid, Record
from incidents.incident.record.entry import CitationTyped, Entry, InvolvementTyped
from incidents.incident.rights import names_party
from incidents.work import Work

# Roles that institutions and armed groups have: a new party there is no individual.
_INSTITUTIONS = frozenset({"alleged_perpetrator", "issuing_body", "responder"})


class EntryParties:
    """Everybody one entry names: the same words in it are the same party. `settle` comes last."""

    def __init__(self, work: Work, sources: set[int]) -> None:
        self._work, self._sources = work, sources
        self._met: dict[str, int] = {}
        # Party → whether any row protects it; for parties this entry may protect or not.
        self._protected: dict[int, bool] = {}

    def speaker(self, typed: CitationTyped, kept: int | None) -> int | None:
        if not typed.speaker.strip():
            return None
        privacy = "protected" if typed.speaker_protected else "label"
        said = PartySaid(kind="individual", label=typed.speaker, privacy=privacy)
        return self._party(said, kept)

    def involvements(self, entry: Entry, base: Record | None) -> tuple[InvolvementSaid, ...]:
        """A row without a party says nothing; an unchanged label keeps whom it stood for."""
        old = base.involvements if base else ()
        made: list[InvolvementSaid] = []
        for index, typed in enumerate(entry.involvements):
            if not typed.party.strip():
                continue
            kept = old[index] if index < len(old) else None
            made.append(
                InvolvementSaid(
                    party=self._party(_said(entry, typed), kept.party if kept else None),
                    role=typed.role,
                    attribution=typed.attribution or None,
                    relationship=typed.relationship or None,
                    relationship_to=self._related(typed, kept.relationship_to if kept else None),
                    note=typed.note.strip() or None,
                )
            )
        return tuple(made)

    def settle(self) -> None:
        """Protect whom any row protects, and stop protecting whom none does.

        FieldErrors when that would show a protected person’s words before anybody reviewed it.
        """
        for party_id, protected in self._protected.items():
            party = self._work.session.get_one(Party, party_id)
            if party.privacy == "public":
                continue
            if party.privacy == "protected" and not protected and self._beyond_drafts(party_id):
                told = f"“{party.label}” is protected in more than drafts, and stays protected."
                raise FieldErrors({"parties": told})
            set_privacy(self._work, party, "protected" if protected else "label")

    def _beyond_drafts(self, party_id: int) -> bool:
        """Privacy is of no version: what readers see of approved incidents would change at once."""
        resting = select(Incident.id).where(
            col(Incident.status) != "draft", names_party([party_id])
        )
        return self._work.session.exec(resting.limit(1)).first() is not None

    def _related(self, typed: InvolvementTyped, kept: int | None) -> int | None:
        if not typed.relationship_to.strip():
            return None
        said = PartySaid(kind="individual", label=typed.relationship_to)
        return self._party(said, kept, has_box=False)

    def _party(self, said: PartySaid, kept: int | None, *, has_box: bool = True) -> int:
        """The one that stood there, if it still says the same; or the one these words mean."""
        words = fold(said.label)
        party_id = self._kept(words, kept)
        is_ours = party_id is not None
        if party_id is None:
            party_id = self._met.get(words)
            is_ours = party_id in self._protected
        if party_id is None:
            found = party_met(self._work, said.label, self._sources)
            is_ours = found is None
            party_id = (found or add_party(self._work, said)).id
        assert party_id is not None
        self._met.setdefault(words, party_id)
        if is_ours and has_box:
            before = self._protected.get(party_id, False)
            self._protected[party_id] = before or said.privacy == "protected"
        return party_id

    def _kept(self, words: str, kept: int | None) -> int | None:
        old = current_parties(self._work.session, [kept]).get(kept) if kept is not None else None
        return old.id if old is not None and fold(old.label) == words else None


def _said(entry: Entry, typed: InvolvementTyped) -> PartySaid:
    """What a new party of this role is taken to be, until somebody says more."""
    institution = typed.role in _INSTITUTIONS
    public = not typed.protected and (institution or typed.role == "official_speaker")
    privacy = "protected" if typed.protected else "public" if public else "label"
    kind = "organisation" if institution else _kind(entry)
    return PartySaid(kind=kind, label=typed.party, privacy=privacy)


def _kind(entry: Entry) -> str:
    """One is an individual, more are a group; where nobody counts, one is assumed."""
    first = entry.figures[0].how_many if entry.figures else ""
    try:
        read = quantity.read(first)
    except quantity.QuantityError:
        return "individual"
    numbers: list[Any] = [
        number for number in (read.low, read.best, read.high) if number is not None
    ]
    several = read.qualifier == "unspecified" or any(number > 1 for number in numbers)
    return "group" if several else "individual"
