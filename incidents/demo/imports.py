"""Loads the Janaozen article and its incidents through the app's own actions, as people would.

A researcher logs, a reviewer decides, an administrator has made their accounts. Owns no data:
`data/` holds the article and its coding.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from sqlmodel import select

from incidents.account.actions import add_account
from incidents.account.models import Account
from incidents.audit.actions import keep_head
from incidents.audit.queries import head_note
from incidents.errors import WrongState
from incidents.incident.actions import (
    PartySaid,
    add_event,
    add_party,
    edit_incident,
    move,
    record_incident,
)
from incidents.incident.models import Incident
from incidents.incident.queries.lookup import stored_record
from incidents.incident.record import (
    CitationSaid,
    FigureSaid,
    InvolvementSaid,
    Quote,
    Record,
    RelationSaid,
    When,
)
from incidents.review.actions import (
    approve,
    assess,
    propose_correction,
    return_to_author,
    submit_correction,
)
from incidents.services import Services
from incidents.source.actions import Prepared, add_source, prepare
from incidents.source.record import Confirmed, Content, SourceSaid
from incidents.viewer import OPERATOR, Role, Viewer
from incidents.vocabulary.actions import add_place, sync_terms
from incidents.vocabulary.record import PlaceSaid
from incidents.work import Work

PEOPLE = {
    "researcher": (Role.RESEARCHER,),
    "reviewer": (Role.REVIEWER,),
    "admin": (Role.ADMIN,),
}


@dataclass
class _Known:
    """The fixture's identifiers → the rows made for them."""

    sources: dict[str, int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    parties: dict[str, int] = field(default_factory=dict)
    events: dict[str, int] = field(default_factory=dict)
    incidents: dict[str, Incident] = field(default_factory=dict)


def load(services: Services) -> Mapping[str, str]:
    """Fixture id (`JZ-01`) → reference. WrongState when the database already holds incidents."""
    data = json.loads(files("incidents.demo").joinpath("data/incidents.json").read_text("utf-8"))
    article = files("incidents.demo").joinpath("data/article.md").read_bytes()
    limit_mb = services.config.upload_limit_mb
    prepared = prepare(Content(article, "uploaded", "article.md"), limit_mb=limit_mb)
    services.archive.put(prepared.stored)
    with services.database.writing() as session:
        if session.exec(select(Incident.id)).first() is not None:
            raise WrongState("This database already holds incidents: the demo is for an empty one.")
        operator = services.work(session, OPERATOR)
        sync_terms(operator)
        people = {name: _person(operator, name, roles) for name, roles in PEOPLE.items()}
        known = _Known()
        work = services.work(session, people["researcher"])
        _sources(work, data["sources"], prepared, known)
        _places(work, data["places"], known)
        _parties(work, data["parties"], known)
        _incidents(work, data, known)
        _decide(services.work(session, people["reviewer"]), data, known)
        _correct(work, data["demo"]["correction"], known)
        note = head_note(session)
        session.commit()
    keep_head(services.archive, note)
    return {key: incident.reference for key, incident in known.incidents.items()}


def _person(work: Work, name: str, roles: tuple[Role, ...]) -> Viewer:
    """The account of that name, made when there is none."""
    found = work.session.exec(select(Account.id).where(Account.name == name)).one_or_none()
    return Viewer(found or add_account(work, name, roles).id, name, frozenset(roles))


def _sources(work: Work, entries: list[Any], prepared: Prepared, known: _Known) -> None:
    references: dict[str, str] = {}
    for entry in entries:
        said = SourceSaid(
            title=entry["title"],
            kind=entry["kind"],
            publisher=entry.get("publisher"),
            author=entry.get("author"),
            url=entry.get("url"),
            alternate_urls=tuple(entry.get("alternate_urls", ())),
            language=entry.get("language"),
            published=entry.get("published_edtf"),
            published_basis=entry.get("published_basis"),
            reliability=entry.get("reliability"),
            reliability_reason=entry.get("reliability_reason"),
            origin=references.get(entry.get("origin_group", "")),
        )
        content = prepared if entry.get("snapshot") else None
        # The photograph stands on the article's page: another kind, another source.
        source = add_source(work, said, content, confirmed=Confirmed(same_address=True))
        assert source.id is not None
        known.sources[entry["id"]] = source.id
        references[entry["id"]] = source.reference


def _places(work: Work, entries: list[Any], known: _Known) -> None:
    for entry in entries:
        said = PlaceSaid(
            name=entry["name"],
            country=entry["country"],
            aliases=tuple(entry.get("aliases", ())),
            region=entry.get("region"),
            region_code=entry.get("region_code"),
            lat=entry.get("lat"),
            lon=entry.get("lon"),
            precision=entry.get("precision"),
            parent=known.places.get(entry.get("parent", "")),
        )
        place = add_place(work, said)
        assert place.id is not None
        known.places[entry["id"]] = place.id


def _parties(work: Work, entries: list[Any], known: _Known) -> None:
    waiting = list(entries)
    while waiting:
        entry = waiting.pop(0)
        parent = entry.get("parent")
        if parent is not None and parent not in known.parties:
            waiting.append(entry)
            continue
        own = ("kind", "label", "privacy", "name", "sex", "occupation", "note", "sort")
        said = PartySaid(
            **{key: entry[key] for key in own if key in entry},
            aliases=tuple(entry.get("aliases", ())),
            parent=known.parties[parent] if parent else None,
        )
        party = add_party(work, said)
        assert party.id is not None
        known.parties[entry["id"]] = party.id


def _incidents(work: Work, data: Mapping[str, Any], known: _Known) -> None:
    """Recorded first, related afterwards: a relation needs both its ends."""
    event = add_event(work, data["event"]["title"])
    assert event.id is not None
    known.events[data["event"]["id"]] = event.id
    for entry in data["incidents"]:
        known.incidents[entry["id"]] = record_incident(work, record_of(entry, known))
    for entry in data["incidents"]:
        incident = known.incidents[entry["id"]]
        if entry["relations"]:
            record = stored_record(work.session, incident)
            relations = tuple(_relation(one, known) for one in entry["relations"])
            edit_incident(
                work,
                incident.reference,
                incident.version,
                record.model_copy(update={"relations": relations}),
                "Related to the other incidents of this source",
            )
        move(work, incident, "submit", incident.version)


def record_of(entry: Mapping[str, Any], known: _Known) -> Record:
    """One incident of the fixture as a record, without its relations."""
    date = entry["date"]
    return Record(
        type=entry["type"],
        title=entry["title"],
        summary=entry["summary"],
        date=When(
            edtf=date["edtf"],
            precision=date["precision"],
            basis=date["basis"],
            verbatim=date.get("verbatim"),
            ongoing_when_reported=date.get("ongoing_when_reported"),
        ),
        place=known.places[entry["place"]],
        place_precision=entry["place_precision"],
        place_verbatim=entry.get("place_verbatim"),
        subject_place=known.places.get(entry.get("subject_place", "")),
        details=entry["details"],
        notes=entry.get("notes"),
        event=known.events[entry["event"]],
        publication=entry["publication"],
        figures=tuple(FigureSaid(**figure) for figure in entry["figures"]),
        citations=tuple(_citation(one, known) for one in entry["citations"]),
        involvements=tuple(_involvement(one, known) for one in entry["involvements"]),
    )


def _citation(entry: Mapping[str, Any], known: _Known) -> CitationSaid:
    quote = None
    if "quote" in entry:
        place = {key: entry[key] for key in ("prefix", "suffix", "start", "end") if key in entry}
        quote = Quote(exact=entry["quote"], **place)
    own = ("stance", "utterance", "translated", "basis", "credibility", "note")
    return CitationSaid(
        source=known.sources[entry["source"]],
        quote=quote,
        fields=tuple(entry.get("fields", ())),
        speaker=known.parties.get(entry.get("speaker", "")),
        **{key: entry[key] for key in own if key in entry},
    )


def _involvement(entry: Mapping[str, Any], known: _Known) -> InvolvementSaid:
    own = ("role", "attribution", "relationship", "note")
    return InvolvementSaid(
        party=known.parties[entry["party"]],
        relationship_to=known.parties.get(entry.get("relationship_to", "")),
        **{key: entry[key] for key in own if key in entry},
    )


def _relation(entry: Mapping[str, Any], known: _Known) -> RelationSaid:
    to = known.incidents[entry["to"]].id
    assert to is not None
    return RelationSaid(
        type=entry["type"], to=to, asserted_by=entry["asserted_by"], note=entry.get("note")
    )


def _decide(work: Work, data: Mapping[str, Any], known: _Known) -> None:
    for entry in data["incidents"]:
        incident = known.incidents[entry["id"]]
        assess(work, incident.reference, entry["assessment"])
        if entry["id"] in data["demo"]["approved"]:
            approve(work, incident.reference, incident.version)
        elif entry["id"] in data["demo"]["returned"]:
            reason = data["demo"]["returned"][entry["id"]]
            return_to_author(work, incident.reference, incident.version, reason)


def _correct(work: Work, corrections: Mapping[str, Any], known: _Known) -> None:
    for key, said in corrections.items():
        incident = known.incidents[key]
        changed = {name: value for name, value in said.items() if name != "reason"}
        record = stored_record(work.session, incident).model_copy(update=changed)
        correction = propose_correction(
            work, incident.reference, incident.version, record, said["reason"]
        )
        assert correction.id is not None
        submit_correction(work, correction.id, correction.version)
