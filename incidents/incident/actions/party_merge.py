"""Merges parties that turned out to be one, and takes such a merge back.

Nothing of either is rewritten: one row points to the other and is resolved wherever it is read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from incidents.audit import actions as audit
from incidents.errors import FieldErrors, NotAllowed, Stale, WrongState
from incidents.incident.actions.computed import recompute
from incidents.incident.actions.parties import set_privacy
from incidents.incident.actions.party_names import PRIVACIES, keep_revision, party_in_hand
from incidents.incident.actions.search import reindex_parties
from incidents.incident.models import Citation, Party
from incidents.incident.queries.lookup import whole_parties
from incidents.work import Work


@dataclass(frozen=True)
class MergeAsked:
    """Which party becomes which, and the versions both were read at.

    `protect`: the one that stays is protected first as far as the other is.
    """

    party: int
    version: int
    into: int
    into_version: int
    reason: str = ""
    protect: bool = False


def merge_parties(work: Work, asked: MergeAsked) -> Party:
    """The party that stands for both now. What each said, and every reference to it, is kept.

    FieldErrors at `into` when the two may not become one; Stale when either was saved, or merged,
    since.
    """
    audit.lock(work)
    party, into = party_in_hand(work, asked.party), party_in_hand(work, asked.into)
    _check_right(work, (party, into))
    if party.id == into.id:
        raise FieldErrors({"into": "A party can’t be merged with itself."})
    _check_current(party, asked.version)
    _check_current(into, asked.into_version)
    members = whole_parties(work.session, [asked.party])[asked.party]
    if asked.protect and into.privacy == "label":
        set_privacy(work, into, max(party.privacy, into.privacy, key=PRIVACIES.index))
    for fault in merge_faults(members, into):
        raise FieldErrors({"into": fault})
    party.merged_into_id = into.id
    _keep(work, party, "merge_party", asked.reason.strip() or None)
    audit.log(work, "take_in", "party", into.id, {"party": party.id, "version": party.version})
    _recompute(work, members)
    return into


def undo_merge(work: Work, party_id: int, version: int) -> Party:
    """The party stands for itself again, with all that was merged into it before.

    WrongState when it was not merged; Stale when it was saved since.
    """
    audit.lock(work)
    party = party_in_hand(work, party_id)
    into = work.session.get(Party, party.merged_into_id) if party.merged_into_id else None
    if into is None:
        raise WrongState("This party is not merged into another.")
    _check_right(work, (party, into))
    if party.version != version:
        raise Stale(
            "This party was saved by someone else in between.", current_version=party.version
        )
    party.merged_into_id = None
    _keep(work, party, "undo_merge", None)
    audit.log(work, "give_back", "party", into.id, {"party": party.id, "version": party.version})
    _recompute(work, whole_parties(work.session, [party_id])[party_id])
    return party


def may_merge(work: Work, parties: Iterable[Party]) -> bool:
    """Reviewers may, and who recorded all of them."""
    mine = work.actor_id is not None and all(one.created_by == work.actor_id for one in parties)
    return work.actor.may_review or (work.actor.may_record and mine)


def merge_faults(members: Sequence[Party], into: Party) -> Iterable[str]:
    """Why a party, with those merged into it, may not become another."""
    strictest = max((one.privacy for one in members), key=PRIVACIES.index)
    if PRIVACIES.index(strictest) > PRIVACIES.index(into.privacy):
        yield (
            f"“{members[0].label}” is better protected than “{into.label}”: merge them the other"
            f" way round, or protect “{into.label}” first."
        )
    named = any(one.name_sealed is not None or one.privacy == "public" for one in members)
    if into.erased_at is not None and named:
        yield (
            f"The name of “{into.label}” was erased, and merging would bring one back. Merge them"
            " the other way round, or erase the other name first."
        )


def _check_right(work: Work, parties: Sequence[Party]) -> None:
    if not may_merge(work, parties):
        raise NotAllowed("Reviewers merge parties, and researchers those they recorded themselves.")


def _check_current(party: Party, version: int) -> None:
    if party.merged_into_id is not None:
        raise Stale(
            f"“{party.label}” was merged into another party in between.",
            current_version=party.version,
        )
    if party.version != version:
        raise Stale(
            f"“{party.label}” was saved by someone else in between.", current_version=party.version
        )


def _keep(work: Work, party: Party, action: str, reason: str | None) -> None:
    party.version += 1
    work.session.add(party)
    work.session.flush()
    keep_revision(work, party, action, reason)


def _recompute(work: Work, members: Sequence[Party]) -> None:
    """Two who speak for an incident may be one now, or two again."""
    spoken = select(Citation.incident_id).where(
        col(Citation.speaker_id).in_([one.id for one in members])
    )
    recompute(work.session, work.session.exec(spoken.distinct()).all())
    reindex_parties(work.session, [members[0].id or 0])
