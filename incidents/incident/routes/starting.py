"""What a new incident's form starts with: words of its source, and what it shares with the incident
logged just before it. Saves nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import request

from incidents.incident.forms import blank_entry
from incidents.incident.queries.entry import entry_of
from incidents.incident.queries.lookup import incident_by_reference, stored_record
from incidents.incident.queries.sealed import opened_record
from incidents.incident.queries.words import words_for
from incidents.incident.record.entry import CitationTyped, Entry, FigureTyped, RelationTyped
from incidents.incident.routes.words import Brought
from incidents.incident.types import TYPES, IncidentType
from incidents.web import services, session, viewer

_CARRIED = (
    *("place", "place_id", "place_precision", "place_verbatim"),
    *("date", "date_basis", "date_precision", "date_verbatim", "event", "publication"),
)
# With the next one's own words, these say nothing of it.
_OF_THE_WORDS = ("place_verbatim", "date_verbatim")


def starting_entry(declared: IncidentType, source: str, brought: Brought | None) -> Entry:
    """A blank entry with its words. After another incident (`?after=`) its date, place, event and
    people stand there too; `?same=1` makes it one more from the same words.
    """
    blank = blank_entry(declared, source)
    if brought is not None:
        blank = replace(blank, citations=(CitationTyped(source, brought.words, at=brought.at),))
    after = request.args.get("after")
    if not after:
        return blank
    previous = _entry(after)
    if request.args.get("same") and brought is None:
        return replace(blank, **_of_the_same_words(previous, blank, after))
    carried = _carried(previous)
    for name in _OF_THE_WORDS:
        del carried[name]
    return replace(blank, **carried, citations=_spoken_by(previous, blank))


def has_words(entry: Entry) -> bool:
    return any(citation.quote for citation in entry.citations)


def _entry(reference: str) -> Entry:
    incident = incident_by_reference(session(), viewer(), reference)
    record = opened_record(session(), services().keyring, stored_record(session(), incident))
    return entry_of(record, words_for(session(), viewer(), [record]))


def _carried(previous: Entry) -> dict[str, Any]:
    carried: dict[str, Any] = {name: getattr(previous, name) for name in _CARRIED}
    if previous.involvements:
        carried["involvements"] = tuple(replace(one, note="") for one in previous.involvements)
    return carried


def _spoken_by(previous: Entry, blank: Entry) -> tuple[CitationTyped, ...]:
    """Who speaks in a source mostly goes on speaking; the words are the new one's own."""
    (own,) = blank.citations
    of_source = [one for one in previous.citations if one.source == own.source]
    if not of_source:
        return (own,)
    last = of_source[0]
    spoken = replace(
        own,
        speaker=last.speaker,
        speaker_id=last.speaker_id,
        speaker_protected=last.speaker_protected,
        basis=last.basis,
        utterance=last.utterance,
        translated=last.translated,
    )
    return (spoken,)


def _of_the_same_words(previous: Entry, blank: Entry, reference: str) -> Mapping[str, Any]:
    """Two acts told by one sentence: the same people, the same number of them, another type. What
    each quote supports was said of the other incident's fields.
    """
    quoted = tuple(replace(one, supports=(), note="") for one in previous.citations)
    first = next((one for one in previous.figures if one.parent is None), None)
    own = blank.figures[0]
    figures = (own,) if first is None else (_counting_the_same(first, own),)
    relation = RelationTyped(type="same_victim", to=reference)
    if TYPES[previous.type].statement or TYPES[blank.type].statement:
        # What somebody said is about what happened; nobody suffers from it twice.
        relation = RelationTyped(type="about", to=reference)
        figures = (own,)
    given = {"citations": quoted, "figures": figures, "relations": (relation,)}
    return {**_carried(previous), **given}


def _counting_the_same(first: FigureTyped, own: FigureTyped) -> FigureTyped:
    told = ("how_many", "verbatim", "unit", "sex", "age_min", "age_max", "citation")
    return replace(own, **{name: getattr(first, name) for name in told})
