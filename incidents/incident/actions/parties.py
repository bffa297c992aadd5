"""Adds, changes and erases parties and their sealed names; adds events."""

import json
from dataclasses import dataclass

from sqlalchemy import delete, or_
from sqlmodel import col, select

from incidents.audit import actions as audit
from incidents.db import canonical_json
from incidents.errors import FieldErrors, NotAllowed, NotFound, Stale
from incidents.folding import fold, has_unstorable
from incidents.incident.models import (
    Citation,
    Event,
    Incident,
    Involvement,
    Party,
    PartyKey,
    PartyNameHash,
)
from incidents.incident.queries.sealed import party_names
from incidents.incident.rights import visible
from incidents.vocabulary.queries import term_codes
from incidents.work import Work

NAME_PURPOSE = "party name"
_KEY_VERSION = 1


@dataclass(frozen=True)
class PartySaid:
    """A party as somebody describes it; a public one's label is its name."""

    kind: str
    label: str = ""
    privacy: str = "protected"
    name: str | None = None
    aliases: tuple[str, ...] = ()
    sex: str | None = None
    age: int | None = None
    occupation: str | None = None
    note: str | None = None
    sort: str | None = None
    parent: int | None = None


def add_party(work: Work, said: PartySaid) -> Party:
    """FieldErrors at `kind`, `label`, `name`, `privacy`, `sex`, `sort`, `age` or `parent`."""
    said = _checked(work, said)
    party = Party(
        kind=said.kind,
        label=said.label,
        label_folded=fold(said.label),
        privacy=said.privacy,
        created_by=work.actor_id,
        created_at=work.now,
    )
    work.session.add(party)
    work.session.flush()
    assert party.id is not None
    key = work.keyring.new_key()
    work.session.add(
        PartyKey(party_id=party.id, wrapped=work.keyring.wrap(key, "party_key", party.id))
    )
    work.session.flush()
    _write(work, party, said)
    _keep(work, party, "add_party")
    return party


def edit_party(work: Work, party_id: int, version: int, said: PartySaid) -> Party:
    """The party's next version.

    Stale when it was saved since; an erased one can't be named again.
    """
    party = _party(work, party_id)
    if party.version != version:
        raise Stale(
            "This party was saved by someone else in between.", current_version=party.version
        )
    if party.erased_at is not None and (said.name or said.aliases):
        raise FieldErrors({"name": "This party’s name was erased and can’t be given again."})
    said = _checked(work, said)
    party.version += 1
    _write(work, party, said)
    _keep(work, party, "edit_party")
    return party


def set_privacy(work: Work, party: Party, privacy: str) -> None:
    """Protect a party shown by its label, or stop protecting it; nothing else about it changes."""
    if party.privacy == privacy:
        return
    party.privacy = privacy
    party.version += 1
    work.session.add(party)
    work.session.flush()
    _keep(work, party, "set_privacy")


def erase_party(work: Work, party_id: int, reason: str) -> Party:
    """Destroy the key of a party's name: rows and revisions alike become unreadable.

    A tombstone stays.
    """
    if not (work.actor.may_review or work.actor.may_administer):
        raise NotAllowed("Only reviewers and administrators erase a name.")
    if not reason.strip():
        raise FieldErrors({"reason": "Say why the name is erased."})
    party = work.session.get(Party, party_id)
    if party is None:
        raise NotFound("There is no such party.")
    stored = work.session.exec(select(PartyKey).where(PartyKey.party_id == party_id)).one()
    stored.wrapped, stored.destroyed_at = None, work.now
    party.name_sealed, party.erased_at = None, work.now
    party.version += 1
    work.session.add_all([stored, party])
    work.session.exec(delete(PartyNameHash).where(col(PartyNameHash.party_id) == party_id))
    _keep(work, party, "erase_party", reason.strip())
    return party


def reveal_name(work: Work, party_id: int) -> tuple[str | None, tuple[str, ...]]:
    """(name, aliases) of a party, for who may read it; reading a protected one is logged."""
    party = _party(work, party_id)
    if party.privacy == "protected":
        if not (
            _involved(work, party_id) or (work.actor.may_review and work.actor.protected_grant)
        ):
            raise NotAllowed("This name is kept from everyone who did not record it.")
        audit.log(work, "read_name", "party", party_id)
    elif party.privacy == "label" and not work.actor.internal:
        raise NotAllowed("This party is known by its label.")
    return party_names(work.session, work.keyring, party)


def party_called(work: Work, label: str, said: PartySaid, source_ids: set[int]) -> Party:
    """The party these words mean in these sources, or a new one as `said`."""
    return party_met(work, label, source_ids) or add_party(work, said)


def party_met(work: Work, label: str, source_ids: set[int]) -> Party | None:
    """The party these words mean in these sources, if they mean one that is known.

    The same words mean the same party only for public ones, and within the sources in hand: “a
    detained man” of another article is somebody else.
    """
    here = (
        select(Involvement.party_id)
        .join(Citation, col(Citation.incident_id) == col(Involvement.incident_id))
        .join(Incident, col(Incident.id) == col(Involvement.incident_id))
        .where(col(Citation.source_id).in_(source_ids), visible(work.actor))
    )
    spoken = (
        select(Citation.speaker_id)
        .join(Incident, col(Incident.id) == col(Citation.incident_id))
        .where(col(Citation.source_id).in_(source_ids), visible(work.actor))
    )
    return work.session.exec(
        select(Party)
        .where(
            Party.label_folded == fold(label),
            col(Party.merged_into_id).is_(None),
            or_(
                col(Party.privacy) == "public",
                col(Party.id).in_(here),
                col(Party.id).in_(spoken),
            ),
        )
        .order_by(col(Party.id))
    ).first()


def add_event(work: Work, title: str) -> Event:
    """The event of that title, made when there is none."""
    title = " ".join(title.split())
    if not title or len(title) > 300 or has_unstorable(title):
        raise FieldErrors({"event": "Give the event a title of at most 300 characters."})
    found = work.session.exec(select(Event).where(Event.title_folded == fold(title))).one_or_none()
    if found is not None:
        return found
    event = Event(
        title=title, title_folded=fold(title), created_by=work.actor_id, created_at=work.now
    )
    work.session.add(event)
    work.session.flush()
    assert event.id is not None
    audit.keep_revision(work, "event", event.id, 1, canonical_json({"title": title}))
    audit.log(work, "add_event", "event", event.id)
    return event


def _party(work: Work, party_id: int) -> Party:
    """NotFound also where every incident it is part of is hidden from this actor."""
    involved = select(Incident.id).where(
        or_(
            col(Incident.id).in_(
                select(Involvement.incident_id).where(Involvement.party_id == party_id)
            ),
            col(Incident.id).in_(
                select(Citation.incident_id).where(Citation.speaker_id == party_id)
            ),
        )
    )
    party = work.session.get(Party, party_id) if work.actor.internal else None
    hidden = (
        work.session.exec(involved.where(~visible(work.actor))).first() is not None
        and work.session.exec(involved.where(visible(work.actor))).first() is None
    )
    if party is None or (hidden and party.created_by != work.actor_id):
        raise NotFound("There is no such party.")
    return party


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


def _checked(work: Work, said: PartySaid) -> PartySaid:
    if not work.actor.may_record:
        raise NotAllowed("Only researchers and reviewers record parties.")
    name = " ".join((said.name or "").split()) or None
    label = " ".join(said.label.split())
    errors = FieldErrors()
    if said.privacy == "public":
        if name and label and fold(name) != fold(label):
            errors.add("label", "A public party is shown by its name: leave the label empty.")
        label = label or name or ""
    if not label:
        errors.add("label", "Give a label: words that say who this is without naming them.")
    names = [fold(one) for one in (name or "", *said.aliases)]
    if said.privacy != "public" and any(one and one in fold(label) for one in names):
        errors.add("label", "The label is what everyone sees: it must not hold the name.")
    for path, value in (
        ("label", label),
        ("name", name or ""),
        ("aliases", " ".join(said.aliases)),
    ):
        if len(value) > 300 or has_unstorable(value):
            errors.add(path, "At most 300 ordinary characters fit here.")
    codes = term_codes(work.session)
    for path, vocabulary in (
        ("kind", "party_kind"),
        ("privacy", "privacy"),
        ("sex", "sex"),
        ("sort", "party_sort"),
    ):
        value = getattr(said, path)
        if value is not None and value not in codes[vocabulary]:
            errors.add(path, f"“{value}” is not one of the choices.")
    if said.age is not None and not 0 <= said.age <= 150:
        errors.add("age", "An age is between 0 and 150.")
    if said.parent is not None and work.session.get(Party, said.parent) is None:
        errors.add("parent", "There is no such party.")
    if errors:
        raise errors
    return PartySaid(**{**said.__dict__, "name": name, "label": label})


def _write(work: Work, party: Party, said: PartySaid) -> None:
    assert party.id is not None
    party.kind, party.label, party.label_folded = said.kind, said.label, fold(said.label)
    party.privacy, party.sex, party.age = said.privacy, said.sex, said.age
    party.occupation, party.note = said.occupation, said.note
    party.sort, party.parent_id = said.sort, said.parent
    work.session.exec(delete(PartyNameHash).where(col(PartyNameHash.party_id) == party.id))
    names = [name for name in (said.name, *said.aliases) if name and name.strip()]
    party.name_sealed = _sealed(work, party.id, said) if names else None
    for digest in {work.keyring.keyed_hash(fold(name), NAME_PURPOSE) for name in names}:
        work.session.add(PartyNameHash(party_id=party.id, hash=digest))
    work.session.add(party)
    work.session.flush()


def _sealed(work: Work, party_id: int, said: PartySaid) -> bytes:
    stored = work.session.exec(select(PartyKey).where(PartyKey.party_id == party_id)).one()
    assert stored.wrapped is not None
    key = work.keyring.unwrap(stored.wrapped, "party_key", party_id)
    clear = json.dumps({"name": said.name, "aliases": list(said.aliases)}, ensure_ascii=False)
    return work.keyring.seal(key, clear, table="party", row_id=party_id, version=_KEY_VERSION)


def _keep(work: Work, party: Party, action: str, reason: str | None = None) -> None:
    """A revision of the whole party: its name as ciphertext, which dies with its key."""
    assert party.id is not None
    kept = party.model_dump(
        mode="python",
        include={
            "kind",
            "label",
            "privacy",
            "sex",
            "age",
            "occupation",
            "note",
            "sort",
            "parent_id",
            "merged_into_id",
        },
    )
    kept["name_sealed"] = party.name_sealed.hex() if party.name_sealed else None
    payload = canonical_json({name: value for name, value in kept.items() if value is not None})
    audit.keep_revision(work, "party", party.id, party.version, payload, reason)
    audit.log(work, action, "party", party.id, {"version": party.version})
