"""What is offered while one types: parties, events and incidents. Keeps nothing, and logs nothing.

The answer is a list of {value, id, label, detail, kind}; the one of kind “said” is no offer but
what the words mean as they stand.
"""

from typing import Any

from flask import jsonify, request
from werkzeug.wrappers import Response

from incidents import edtf
from incidents.folding import fold, has_unstorable
from incidents.incident.queries.suggested import events_offered, incidents_offered
from incidents.incident.queries.suggested_parties import (
    PartyOffered,
    parties_meant,
    parties_offered,
    sources_called,
)
from incidents.incident.record.entry import NEW, Entry, FigureTyped, InvolvementTyped
from incidents.incident.record.newcomer import CUSTODY, protected_by_default
from incidents.incident.routes.blueprint import bp
from incidents.incident.routes.page import RECORDERS
from incidents.incident.routes.whom import SEVERAL, is_raised, words_of
from incidents.incident.types import TYPES
from incidents.vocabulary.types import vocabulary
from incidents.web import allow, services, session, viewer

_LONGEST_TEXT = 300
_MOST_SOURCES = 50
Item = dict[str, Any]


@bp.get("/parties/suggest")
@allow(*RECORDERS)
def suggest_parties() -> Response:
    """`source` are the incident's sources; type, role, kind, count, custody and protected say what
    the row says, for a new one.
    """
    text, sources = _typed(), _sources()
    entry = _entry(text)
    offered = parties_offered(session(), viewer(), services().keyring, text, sources)
    items = [_party(one, entry) for one in offered]
    if text:
        if any(fold(one.label) == fold(text) for one in offered):
            items.append(_newcomer(text, entry))
        items.append(_said(text, entry, sources))
    return jsonify(items)


@bp.get("/events/suggest")
@allow(*RECORDERS)
def suggest_events() -> Response:
    text = _typed()
    offered = events_offered(session(), viewer(), text)
    items: list[Item] = []
    for one in offered:
        many = f"{one.incidents} incident{'' if one.incidents == 1 else 's'}"
        last = [f"latest {one.reference}", edtf.in_short(one.date) if one.date else ""]
        detail = [many, ", ".join(filter(None, last))] if one.incidents else ["no incident yet"]
        items.append(_item(one.title, one.id, one.title, detail, "event"))
    if text and all(fold(one.title) != fold(text) for one in offered):
        items.append(_item(text, None, "New: an event of this title will be recorded.", [], "said"))
    return jsonify(items)


@bp.get("/incidents/suggest")
@allow(*RECORDERS)
def suggest_incidents() -> Response:
    items: list[Item] = []
    for one in incidents_offered(session(), viewer(), _typed(), _sources()):
        kind = vocabulary("type").label(one.type)
        when = edtf.in_short(one.date) if one.date else ""
        status = vocabulary("status").label(one.status).lower() if one.status != "approved" else ""
        detail = [one.reference, kind if one.title else "", one.place or "", when, status]
        item = _item(one.reference, one.reference, one.title or kind, detail, "incident")
        items.append({**item, "echo": " · ".join(filter(None, [one.title or kind, when]))})
    return jsonify(items)


def _typed() -> str:
    text = request.args.get("q", "").strip()[:_LONGEST_TEXT]
    return "" if has_unstorable(text) else text


def _sources() -> list[str]:
    return request.args.getlist("source")[:_MOST_SOURCES]


def _item(value: str, key: object, label: str, detail: list[str], kind: str) -> Item:
    said = " · ".join(part for part in detail if part)
    return {"value": value, "id": key, "label": label, "detail": said, "kind": kind}


def _entry(text: str) -> Entry:
    """As far as the row that names the party says it."""
    asked = request.args
    declared = TYPES.get(asked.get("type", ""), TYPES["other"]).code
    kinds = vocabulary("party_kind").terms
    row = InvolvementTyped(
        party=text,
        role=asked.get("role", ""),
        kind=asked.get("kind", "") if asked.get("kind", "") in kinds else "",
        protected=asked.get("protected") != "0",
    )
    custody = CUSTODY.get(declared)
    return Entry(
        type=declared,
        citations=(),
        figures=(FigureTyped(how_many=asked.get("count", "")[:_LONGEST_TEXT]),),
        involvements=(row,),
        details={custody[0]: asked.get("custody", "")} if custody else {},
    )


def _party(one: PartyOffered, entry: Entry) -> Item:
    (row,) = entry.involvements
    item = _item(one.label, one.id, one.label, [one.detail], one.kind)
    protect = one.privacy == "protected" or is_raised(one, entry, row)
    said = words_of(one, entry, row)
    return {**item, "privacy": one.privacy, "protect": protect, "echo": said}


def _newcomer(text: str, entry: Entry) -> Item:
    (row,) = entry.involvements
    said = words_of(None, entry, row)
    detail = said.removeprefix("New: will be ").removesuffix(".")
    item = _item(text, NEW, "Somebody new", [detail], NEW)
    return {**item, "protect": protected_by_default(entry, row), "echo": said}


def _said(text: str, entry: Entry, sources: list[str]) -> Item:
    """Whom the words mean while nobody is chosen."""
    (row,) = entry.involvements
    found = parties_meant(session(), viewer(), [text], sources_called(session(), sources))
    meant = [one for one in found.get(fold(text), ()) if one.known]
    if len(meant) > 1:
        return _item(text, None, SEVERAL, [], "said")
    item = _item(text, None, words_of(meant[0] if meant else None, entry, row), [], "said")
    if meant:
        return {**_party(meant[0], entry), **item, "id": None}
    return {**item, "protect": protected_by_default(entry, row)}
