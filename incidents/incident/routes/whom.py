"""Beside a field that names a party: whom its words mean, and the choice where that is several."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from incidents.folding import fold
from incidents.incident.forms.rows import rows_said
from incidents.incident.queries.suggested_parties import (
    PartyOffered,
    known_parties,
    parties_meant,
    sources_called,
)
from incidents.incident.record.entry import NEW, Entry, InvolvementTyped
from incidents.incident.record.newcomer import at_risk, kind_meant, privacy_meant
from incidents.web import session, viewer

SEVERAL = "Several are called so: choose which one is meant."
# Whoever speaks, or is somebody's relative: no role of their own in the incident.
SPEAKER = InvolvementTyped(role="witness", kind="individual")
_KINDS = {"individual": "an individual", "group": "a group", "organisation": "an organisation"}
_PRIVACIES = {"protected": "protected", "label": "shown by this label", "public": "public"}


@dataclass(frozen=True)
class Whom:
    """By field id: what is said under it, and those to choose from where that is asked."""

    echoes: Mapping[str, str]
    asked: Mapping[str, tuple[PartyOffered, ...]]


def whom(form: Any) -> Whom:
    """Nothing is looked up while no party is named; then a constant number of statements."""
    named = [one for one in _named(form) if (one[0].data or "").strip()]
    if not named:
        return Whom({}, {})
    entry: Entry = form.entry()
    chosen = {id_of.data for _, id_of, _ in named if (id_of.data or "").isdecimal()}
    known = known_parties(session(), viewer(), {int(one) for one in chosen if len(one) < 10})
    sources = sources_called(session(), [row.source.data or "" for row in form.citations])
    meant = parties_meant(session(), viewer(), [one.data for one, _, _ in named], sources)
    echoes: dict[str, str] = {}
    asked: dict[str, tuple[PartyOffered, ...]] = {}
    for field, id_of, typed in named:
        words = fold(field.data)
        one = known.get(int(id_of.data)) if id_of.data in chosen and len(id_of.data) < 10 else None
        among = {each.id: each for each in meant.get(words, ()) if each.known}
        among |= {each.id: each for each in known.values() if fold(each.label) == words}
        if field.errors:
            if len(among) > 1:
                asked[field.id] = tuple(among.values())
        elif one is not None and fold(one.label) == words:
            echoes[field.id] = words_of(one, entry, typed)
        elif len(among) == 1 and id_of.data != NEW:
            echoes[field.id] = words_of(next(iter(among.values())), entry, typed)
        elif not among or id_of.data == NEW:
            echoes[field.id] = words_of(None, entry, typed)
    return Whom(echoes, asked)


def words_of(party: PartyOffered | None, entry: Entry, typed: InvolvementTyped) -> str:
    """Whom a field means; None = nobody recorded yet."""
    if party is None:
        privacy = _PRIVACIES[privacy_meant(entry, typed)]
        # A kind nobody offered is an error beside its own field.
        kind = _KINDS.get(kind_meant(entry, typed), "somebody new")
        return f"New: will be recorded as {kind}, {privacy}."
    shown = {"label": "not protected"}.get(party.privacy, party.privacy)
    if typed.protected and is_raised(party, entry, typed):
        shown = "will be protected"
    return f"Known: {party.label} ({shown})"


def is_raised(party: PartyOffered, entry: Entry, typed: InvolvementTyped) -> bool:
    """Whether a ticked box protects a party known before."""
    return party.privacy == "label" and party.kind == "individual" and at_risk(entry, typed.role)


def _named(form: Any) -> Iterator[tuple[Any, Any, InvolvementTyped]]:
    """(field, field of the id, what is said of the party there), in the page's order."""
    for row in form.citations:
        protected = bool(row.speaker_protected.data)
        said = InvolvementTyped(role="witness", kind="individual", protected=protected)
        yield row.speaker, row.speaker_id, said
    typed = form.entry().involvements
    for index, one in zip(rows_said(form.involvements), typed, strict=True):
        row = form.involvements[index]
        yield row.party, row.party_id, one
        yield row.relationship_to, row.relationship_to_id, SPEAKER
