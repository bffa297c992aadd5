"""The parties an entry names: chosen, met before in its sources, or new ones.

Asks whom is meant where words alone mean several. Errors carry the entry's own paths.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlmodel import col, select

from incidents.db import LARGEST_ROW
from incidents.errors import FieldErrors
from incidents.folding import fold
from incidents.incident.actions.parties import PartySaid, add_party, set_privacy
from incidents.incident.models import Incident, Party
from incidents.incident.queries.lookup import current_parties, whole_parties
from incidents.incident.queries.suggested_parties import known_parties, parties_meant
from incidents.incident.record import InvolvementSaid, Record
from incidents.incident.record.entry import NEW, Entry
from incidents.incident.record.newcomer import ADULT, at_risk, kind_meant, privacy_meant
from incidents.incident.rights import names_party
from incidents.work import Work


@dataclass(frozen=True)
class _Named:
    """One field that names a party; `kept` is whom the record had there."""

    path: str
    label: str
    chosen: str = ""
    kept: int | None = None
    # What it says of a new party; no privacy where no box asks for it.
    kind: str = ""
    privacy: str = ""
    at_risk: bool = False

    @property
    def words(self) -> str:
        return fold(self.label)


class EntryParties:
    """Everybody one entry names: the same words in it are the same party, unless one is chosen.

    `settle` comes last.
    """

    def __init__(
        self, work: Work, entry: Entry, sources: set[int], base: Record | None, errors: FieldErrors
    ) -> None:
        """Adds an error where somebody must say which of several is meant."""
        self._work, self._entry, self._base = work, entry, base
        self._named = [one for one in _namings(entry, base) if one.words]
        self._ids: dict[str, int | None] = {}
        self._own = _own(work, base)
        self._find(sources, errors)

    def made(self) -> None:
        """Record the new ones. What rows say of a party counts before what a citation does."""
        added: dict[str, int] = {}
        for one in self._named:
            if self._ids[one.path] is None:
                if one.words not in added:
                    party = add_party(self._work, self._newcomer(one))
                    assert party.id is not None
                    added[one.words] = party.id
                    self._own.add(party.id)
                self._ids[one.path] = added[one.words]

    def speaker(self, index: int) -> int | None:
        return self._ids.get(f"citations.{index}.speaker")

    def involvements(self) -> tuple[InvolvementSaid, ...]:
        """A row without a party says nothing."""
        made: list[InvolvementSaid] = []
        for index, typed in enumerate(self._entry.involvements):
            party = self._ids.get(f"involvements.{index}.party")
            if party is not None:
                made.append(
                    InvolvementSaid(
                        party=party,
                        role=typed.role,
                        attribution=typed.attribution or None,
                        relationship=typed.relationship or None,
                        relationship_to=self._ids.get(f"involvements.{index}.relationship_to"),
                        note=typed.note.strip() or None,
                    )
                )
        return tuple(made)

    def settle(self) -> None:
        """Protect whom any row protects, and stop protecting whom none does.

        Of a party known before only a risk is settled: it is protected, never the reverse.
        FieldErrors when words of a protected person would show before anybody reviewed it.
        """
        rows: defaultdict[int, list[_Named]] = defaultdict(list)
        for one in self._named:
            party_id = self._ids[one.path]
            if one.privacy and party_id is not None:
                rows[party_id].append(one)
        for party_id, said in rows.items():
            party = self._work.session.get_one(Party, party_id)
            protected = any(one.privacy == "protected" for one in said)
            if party.privacy == "public":
                continue
            if party_id in self._own:
                self._settle_own(party, protected=protected)
            elif protected and (_is_child(party) or _is_at_risk(party, said)):
                set_privacy(self._work, party, "protected")

    def _settle_own(self, party: Party, *, protected: bool) -> None:
        if party.privacy == "protected" and not protected and self._beyond_drafts(party.id or 0):
            told = f"“{party.label}” is protected in more than drafts, and stays protected."
            raise FieldErrors({"parties": told})
        set_privacy(self._work, party, "protected" if protected else "label")

    def _beyond_drafts(self, party_id: int) -> bool:
        """Privacy is of no version: what readers see of approved incidents would change at once."""
        whole = whole_parties(self._work.session, [party_id])[party_id]
        resting = select(Incident.id).where(
            col(Incident.status) != "draft", names_party([one.id for one in whole])
        )
        return self._work.session.exec(resting.limit(1)).first() is not None

    def _find(self, sources: set[int], errors: FieldErrors) -> None:
        """Whom each field means; None = somebody new."""
        certain = self._certain()
        by_words: defaultdict[str, set[int | None]] = defaultdict(set)
        for one in self._named:
            if one.path in certain:
                by_words[one.words].add(certain[one.path])
        open_words = {one.words for one in self._named if one.path not in certain} - set(by_words)
        session, actor = self._work.session, self._work.actor
        for words, meant in parties_meant(session, actor, open_words, sources).items():
            by_words[words] = {party.id for party in meant}
        asked: set[str] = set()
        for one in self._named:
            among = by_words[one.words]
            if one.path not in certain and len(among) > 1 and one.words not in asked:
                asked.add(one.words)
                errors.add(one.path, several_called(one.label))
            self._ids[one.path] = certain.get(one.path, next(iter(among), None))

    def _certain(self) -> Mapping[str, int | None]:
        """Path → whom somebody chose there, or the record has there; None = somebody new."""
        found: dict[str, int | None] = {}
        session, actor = self._work.session, self._work.actor
        ids = {one.path: _id(one.chosen) for one in self._named}
        known = known_parties(session, actor, {one for one in ids.values() if one is not None})
        kept = {one.kept for one in self._named if one.kept is not None}
        held = current_parties(session, kept)
        for one in self._named:
            chosen, old = known.get(ids[one.path] or 0), held.get(one.kept or 0)
            if one.chosen == NEW:
                found[one.path] = None
            elif chosen is not None and fold(chosen.label) == one.words:
                found[one.path] = chosen.id
            elif old is not None and fold(old.label) == one.words:
                found[one.path] = old.id
        return found

    def _newcomer(self, first: _Named) -> PartySaid:
        same = [
            one
            for one in self._named
            if one.words == first.words and self._ids[one.path] is None and one.privacy
        ]
        rows = [one for one in same if one.path.startswith("involvements")] or same
        privacies = {one.privacy for one in same}
        order = ("protected", "public", "label")
        privacy = next((one for one in order if one in privacies), "protected")
        kind = next((one.kind for one in rows if one.kind), "individual")
        return PartySaid(kind=kind, label=first.label, privacy=privacy)


def several_called(label: str) -> str:
    return f"Several parties are called “{label.strip()}”. Choose which one is meant."


def _namings(entry: Entry, base: Record | None) -> Iterator[_Named]:
    """Citations first, as on the page; an unchanged label keeps whom it stood for."""
    cited = base.citations if base else ()
    for index, citation in enumerate(entry.citations):
        yield _Named(
            path=f"citations.{index}.speaker",
            label=citation.speaker,
            chosen=citation.speaker_id,
            kept=cited[index].speaker if index < len(cited) else None,
            kind="individual",
            privacy="protected" if citation.speaker_protected else "label",
            at_risk=at_risk(entry, "witness"),
        )
    old = base.involvements if base else ()
    for index, row in enumerate(entry.involvements):
        kept = old[index] if index < len(old) else None
        if row.party.strip():
            yield _Named(
                path=f"involvements.{index}.party",
                label=row.party,
                chosen=row.party_id,
                kept=kept.party if kept else None,
                kind=kind_meant(entry, row),
                privacy=privacy_meant(entry, row),
                at_risk=at_risk(entry, row.role),
            )
            yield _Named(
                path=f"involvements.{index}.relationship_to",
                label=row.relationship_to,
                chosen=row.relationship_to_id,
                kept=kept.relationship_to if kept else None,
            )


def _own(work: Work, base: Record | None) -> set[int]:
    """The parties the record speaks of already, by a field that has a box to protect them."""
    if base is None:
        return set()
    speakers = {one.speaker for one in base.citations if one.speaker is not None}
    ids = speakers | {one.party for one in base.involvements}
    return {party.id for party in current_parties(work.session, ids).values() if party.id}


def _id(text: str) -> int | None:
    digits = text.isascii() and text.isdecimal() and len(text) <= 19
    return int(text) if digits and int(text) <= LARGEST_ROW else None


def _is_at_risk(party: Party, said: Iterable[_Named]) -> bool:
    return party.kind == "individual" and any(one.at_risk for one in said)


def _is_child(party: Party) -> bool:
    return party.age is not None and party.age < ADULT
