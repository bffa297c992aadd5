"""The sealed names of parties: written, read as the log says, destroyed; and the revisions that
hold them as ciphertext.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, or_
from sqlmodel import col, select

from incidents.audit import actions as audit
from incidents.db import canonical_json
from incidents.errors import FieldErrors, NotAllowed, NotFound, WrongState
from incidents.folding import fold, has_unstorable
from incidents.incident.actions.search import forget_words, reindex_parties
from incidents.incident.models import (
    Citation,
    Incident,
    Involvement,
    Party,
    PartyKey,
    PartyNameHash,
)
from incidents.incident.queries.lookup import current_parties, shown_members, whole_parties
from incidents.incident.queries.sealed import party_names
from incidents.incident.rights import shown_whole_party
from incidents.work import Work

NAME_PURPOSE = "party name"
# From the one everybody may name to the one nobody may.
PRIVACIES = ("public", "label", "protected")
LONGEST_LABEL = 300
_KEY_VERSION = 1
_REVISED = (
    *("kind", "label", "privacy", "sex", "age", "occupation", "note", "sort"),
    *("parent_id", "merged_into_id"),
)
Names = tuple[str | None, tuple[str, ...]]


@dataclass(frozen=True)
class Revealed:
    """The name of one party; of those merged into it each has its own."""

    label: str
    name: str | None
    aliases: tuple[str, ...]


def party_in_hand(work: Work, party_id: int) -> Party:
    """The party itself, merged or not, as it stands now.

    NotFound also where every incident it is part of is hidden from this actor.
    """
    party = work.session.exec(
        select(Party)
        .where(Party.id == party_id, shown_whole_party(work.actor))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if party is None or not work.actor.internal:
        raise NotFound("There is no such party.")
    return party


def write_names(work: Work, party: Party, name: str | None, aliases: Sequence[str]) -> None:
    """Seal them under the party's key, with a hash of each to look it up by.

    The same names keep their ciphertext: a revision then tells when they changed.
    """
    assert party.id is not None
    if (name, tuple(aliases)) == stored_names(work, party):
        return
    work.session.exec(delete(PartyNameHash).where(col(PartyNameHash.party_id) == party.id))
    names = [one for one in (name, *aliases) if one and one.strip()]
    clear = json.dumps({"name": name, "aliases": list(aliases)}, ensure_ascii=False)
    party.name_sealed = _sealed(work, party.id, clear) if names else None
    for digest in {work.keyring.keyed_hash(fold(one), NAME_PURPOSE) for one in names}:
        work.session.add(PartyNameHash(party_id=party.id, hash=digest))


def stored_names(work: Work, party: Party) -> Names:
    """In clear, for the rules that look at them; (None, ()) also once they are erased."""
    if party.erased_at is not None:
        return None, ()
    return party_names(work.session, work.keyring, party)


def may_read_name(work: Work, party: Party) -> bool:
    """Of a protected one: who recorded it, or a reviewer with the grant."""
    if privacy_of_whole(work, party) != "protected":
        return work.actor.internal
    return _involved(work, party.id or 0) or (work.actor.may_review and work.actor.protected_grant)


def privacy_of_whole(work: Work, party: Party) -> str:
    """The party's own, or that of what it became where that is better protected."""
    privacies = [party.privacy]
    if party.merged_into_id is not None:
        current = current_parties(work.session, [party.id or 0])
        privacies += [one.privacy for one in current.values()]
    return max(privacies, key=PRIVACIES.index)


def reveal_name(work: Work, party_id: int) -> Names:
    """(name, aliases) of a party, for who may read it; reading a protected one is logged."""
    party = party_in_hand(work, party_id)
    if not may_read_name(work, party):
        raise NotAllowed("This name is kept from everyone who did not record it.")
    if privacy_of_whole(work, party) == "protected":
        audit.log(work, "read_name", "party", party_id)
    return party_names(work.session, work.keyring, party)


def reveal_names(work: Work, party_id: int) -> tuple[Revealed, ...]:
    """The names of a party and of those merged into it that this actor may read, each reading
    logged.

    Merging widens nobody's right: each name is read by who might have read it before. NotAllowed
    when that is none of them; () when nobody says a name.
    """
    party = party_in_hand(work, party_id)
    whole = whole_parties(work.session, [party_id])[party_id]
    named = [
        one
        for one in shown_members(work.session, work.actor, whole)
        if one.name_sealed is not None and one.erased_at is None
    ]
    readable = [one for one in named if may_read_name(work, one)]
    if named and not readable:
        raise NotAllowed("This name is kept from everyone who did not record it.")
    if party.erased_at is not None and not named:
        raise NotFound("This name was erased.")
    return tuple(Revealed(one.label, *reveal_name(work, one.id or 0)) for one in readable)


def erase_party(work: Work, party_id: int, reason: str, *, label: str = "") -> Party:
    """Destroy the keys of a party's names and of those merged into it: rows and revisions alike
    become unreadable.

    A tombstone stays, under its label. A public party's label is its name: `label` takes its
    place. FieldErrors at `reason` or `label`.
    """
    if not (work.actor.may_review or work.actor.may_administer):
        raise NotAllowed("Only reviewers and administrators erase a name.")
    audit.lock(work)
    current = current_parties(work.session, [party_id]).get(party_id)
    if current is None or current.id is None:
        raise NotFound("There is no such party.")
    if work.actor.internal:
        party_in_hand(work, current.id)
    members = whole_parties(work.session, [current.id])[current.id]
    standing = [one for one in members if one.erased_at is None]
    if not standing:
        raise WrongState("This name was erased already.")
    label = " ".join(label.split()) if current.privacy == "public" else current.label
    errors = FieldErrors()
    if not reason.strip():
        errors.add("reason", "Say why the name is erased.")
    if current.privacy == "public":
        _check_label(work, standing, label, errors)
    if errors:
        raise errors
    for party in standing:
        _erase(work, party, reason.strip(), label)
    reindex_parties(work.session, [current.id])
    forget_words(work.session)
    return current


def keep_revision(work: Work, party: Party, action: str, reason: str | None = None) -> None:
    """A revision of the whole party. Its name is ciphertext, and so is a public one's label: both
    die with its key.
    """
    assert party.id is not None
    kept = party.model_dump(mode="python", include=set(_REVISED))
    if party.privacy == "public" and _key(work, party.id) is not None:
        kept["label_sealed"] = _sealed(work, party.id, kept.pop("label")).hex()
    kept["name_sealed"] = party.name_sealed.hex() if party.name_sealed else None
    payload = canonical_json({name: value for name, value in kept.items() if value is not None})
    audit.keep_revision(work, "party", party.id, party.version, payload, reason)
    audit.log(work, action, "party", party.id, {"version": party.version})


def label_faults(label: str, privacy: str, names: Iterable[str | None]) -> Iterable[str]:
    """What is wrong with a label; any but a public one must not hold the name."""
    folded = fold(label)
    if not folded:
        yield "Give a label: words that say who this is without naming them."
    elif len(label) > LONGEST_LABEL or has_unstorable(label):
        yield "At most 300 ordinary characters fit here."
    held = [fold(name) for name in names if name]
    if privacy != "public" and any(name and name in folded for name in held):
        yield "The label is what everyone sees: it must not hold the name."


def _check_label(work: Work, parties: Iterable[Party], label: str, errors: FieldErrors) -> None:
    names: list[str | None] = []
    for party in parties:
        name, aliases = stored_names(work, party)
        names += [name, *aliases, party.label if party.privacy == "public" else None]
    if not label:
        told = "The label of a public party is its name: give one that does not name them."
        errors.add("label", told)
        return
    for fault in label_faults(label, "label", names):
        errors.add("label", fault)


def _erase(work: Work, party: Party, reason: str, label: str) -> None:
    stored = _key_row(work, party.id or 0)
    if stored is not None:
        stored.wrapped, stored.destroyed_at = None, work.now
        work.session.add(stored)
    party.name_sealed, party.erased_at = None, work.now
    if party.privacy == "public":
        party.privacy, party.label, party.label_folded = "label", label, fold(label)
    party.version += 1
    work.session.add(party)
    work.session.exec(delete(PartyNameHash).where(col(PartyNameHash.party_id) == party.id))
    work.session.flush()
    keep_revision(work, party, "erase_party", reason)


def _involved(work: Work, party_id: int) -> bool:
    """Whether the actor recorded the party, or an incident it is part of or speaks in."""
    mine = select(Incident.id).where(Incident.created_by == work.actor_id)
    involved = select(Involvement.party_id).where(col(Involvement.incident_id).in_(mine))
    spoke = select(Citation.speaker_id).where(col(Citation.incident_id).in_(mine))
    recorded = select(Party.id).where(
        Party.id == party_id,
        or_(
            col(Party.created_by) == work.actor_id,
            col(Party.id).in_(involved),
            col(Party.id).in_(spoke),
        ),
    )
    return work.actor_id is not None and work.session.exec(recorded).first() is not None


def _sealed(work: Work, party_id: int, clear: str) -> bytes:
    key = _key(work, party_id)
    assert key is not None
    return work.keyring.seal(key, clear, table="party", row_id=party_id, version=_KEY_VERSION)


def _key(work: Work, party_id: int) -> bytes | None:
    """None once it is destroyed."""
    stored = _key_row(work, party_id)
    if stored is None or stored.wrapped is None:
        return None
    return work.keyring.unwrap(stored.wrapped, "party_key", party_id)


def _key_row(work: Work, party_id: int) -> PartyKey | None:
    return work.session.exec(select(PartyKey).where(PartyKey.party_id == party_id)).one_or_none()
