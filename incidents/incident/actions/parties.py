"""Adds and changes parties, and finds whom words mean. Their names are `party_names`' affair."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from incidents.audit import actions as audit
from incidents.errors import FieldErrors, NotAllowed, NotFound, Stale, WrongState
from incidents.folding import fold, has_unstorable
from incidents.incident.actions.party_names import (
    PRIVACIES,
    keep_revision,
    label_faults,
    may_read_name,
    party_in_hand,
    stored_names,
    write_names,
)
from incidents.incident.actions.search import forget_words, reindex_parties
from incidents.incident.models import Party, PartyKey
from incidents.incident.queries.lookup import current_parties, whole_parties
from incidents.vocabulary.queries import term_codes
from incidents.work import Work


@dataclass(frozen=True)
class PartySaid:
    """A party as somebody describes it; a public one's label is its name.

    With `keeps_name` name and aliases stay as they are, whatever they are.
    """

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
    keeps_name: bool = False


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
    keep_revision(work, party, "add_party")
    return party


def edit_party(work: Work, party_id: int, version: int, said: PartySaid) -> Party:
    """The party's next version.

    Stale when it was saved since; an erased one can't be named again. Who may not read a protected
    name neither changes it nor lifts its protection.
    """
    if not work.actor.may_record:
        raise NotAllowed("Only researchers and reviewers record parties.")
    audit.lock(work)
    party = party_in_hand(work, party_id)
    if party.version != version:
        raise Stale(
            "This party was saved by someone else in between.", current_version=party.version
        )
    if party.merged_into_id is not None:
        raise WrongState("This party was merged into another: edit that one.")
    if party.erased_at is not None and (said.name or said.aliases):
        raise FieldErrors({"name": "This party’s name was erased and can’t be given again."})
    said = _checked(work, said, party)
    before = (party.label, party.privacy)
    party.version += 1
    _write(work, party, said)
    keep_revision(work, party, "edit_party")
    if (party.label, party.privacy) != before:
        reindex_parties(work.session, [party_id])
        if before[1] == "public":
            forget_words(work.session)
    return party


def party_as_typed(work: Work, party_id: int, said: PartySaid) -> PartySaid:
    """What would be stored of it; writes nothing. FieldErrors as `edit_party`."""
    return _checked(work, said, party_in_hand(work, party_id))


def set_privacy(work: Work, party: Party, privacy: str) -> None:
    """Protect a party shown by its label, or stop protecting it; nothing else about it changes.

    FieldErrors at `parties` where that is not this actor's to lift.
    """
    if party.privacy == privacy:
        return
    for fault in _privacy_faults(work, party, privacy):
        raise FieldErrors({"parties": f"“{party.label}”: {fault}"})
    party.privacy = privacy
    party.version += 1
    work.session.add(party)
    work.session.flush()
    keep_revision(work, party, "set_privacy")
    reindex_parties(work.session, [party.id or 0])


def _checked(work: Work, said: PartySaid, before: Party | None = None) -> PartySaid:
    if not work.actor.may_record:
        raise NotAllowed("Only researchers and reviewers record parties.")
    errors = FieldErrors()
    said = _tidied(said)
    names: list[str | None] = [said.name, *said.aliases]
    if before is not None:
        for fault in _privacy_faults(work, before, said.privacy):
            errors.add("privacy", fault)
        readable = may_read_name(work, before)
        if said.keeps_name and readable:
            # Who may not read it gets no answer about it either: it would tell a guess.
            name, aliases = stored_names(work, before)
            names = [name, *aliases]
        if not said.keeps_name and before.name_sealed is not None and not readable:
            errors.add("name", "Only those who may read this name can change it.")
    if said.privacy == "public":
        said = _named_by_label(said, names[0], errors)
    for fault in (
        label_faults(said.label, said.privacy, names) if "label" not in errors.errors else ()
    ):
        errors.add("label", fault)
    _check_values(work, said, errors)
    for fault in _parent_faults(work, said.parent, before):
        errors.add("parent", fault)
    if errors:
        raise errors
    return said


def _tidied(said: PartySaid) -> PartySaid:
    aliases = dict.fromkeys(" ".join(alias.split()) for alias in said.aliases)
    return replace(
        said,
        label=" ".join(said.label.split()),
        name=" ".join((said.name or "").split()) or None,
        aliases=tuple(alias for alias in aliases if alias),
        occupation=(said.occupation or "").strip() or None,
        note=(said.note or "").strip() or None,
    )


def _named_by_label(said: PartySaid, name: str | None, errors: FieldErrors) -> PartySaid:
    if name and said.label and fold(name) != fold(said.label):
        errors.add("label", "A public party is shown by its name: leave the label empty.")
    return replace(said, label=said.label or name or "")


def _check_values(work: Work, said: PartySaid, errors: FieldErrors) -> None:
    for path, value in (
        ("name", said.name or ""),
        ("aliases", " ".join(said.aliases)),
        ("occupation", said.occupation or ""),
    ):
        if len(value) > 300 or has_unstorable(value):
            errors.add(path, "At most 300 ordinary characters fit here.")
    if has_unstorable(said.note or "") or len(said.note or "") > 20_000:
        errors.add("note", "At most 20,000 ordinary characters fit here.")
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


def _parent_faults(work: Work, parent: int | None, party: Party | None) -> Iterable[str]:
    """A party lies under one that is known, and not under itself."""
    if parent is None or (party is not None and party.parent_id == parent):
        return
    try:
        party_in_hand(work, parent)
    except NotFound:
        yield "There is no such party."
        return
    passed: set[int | None] = set()
    above: int | None = parent
    while party is not None and above is not None and above not in passed:
        passed.add(above)
        current = current_parties(work.session, [above]).get(above)
        if current is not None and current.id == party.id:
            yield "A party can’t belong to itself, nor to one that belongs to it."
            return
        above = current.parent_id if current is not None else None


def _privacy_faults(work: Work, party: Party, privacy: str) -> Iterable[str]:
    """Why a party’s protection can’t be lifted: by whom, or because of whom it has taken in."""
    if privacy not in PRIVACIES or PRIVACIES.index(privacy) >= PRIVACIES.index(party.privacy):
        return
    if party.name_sealed is not None and not may_read_name(work, party):
        yield "Only those who may read the name can show this party to more people."
    for one in whole_parties(work.session, [party.id or 0]).get(party.id or 0, ())[1:]:
        if PRIVACIES.index(one.privacy) > PRIVACIES.index(privacy):
            yield "A party merged into it is better protected: undo that merge first."
            return


def _write(work: Work, party: Party, said: PartySaid) -> None:
    party.kind, party.label, party.label_folded = said.kind, said.label, fold(said.label)
    party.privacy, party.sex, party.age = said.privacy, said.sex, said.age
    party.occupation, party.note = said.occupation, said.note
    party.sort, party.parent_id = said.sort, said.parent
    if not said.keeps_name:
        write_names(work, party, said.name, said.aliases)
    work.session.add(party)
    work.session.flush()
