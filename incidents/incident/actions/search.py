"""Keeps what incidents are found by: two documents each, made anew whenever what they say changes.

Called by every action that changes it, in its transaction. Computed, never said: no version,
revision or entry in the log tells of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, text, update
from sqlmodel import Session

from incidents.audit import actions as audit
from incidents.db import table_of
from incidents.incident.models import Citation, Incident, Involvement, Party, SearchDocument
from incidents.incident.queries.lookup import whole_parties
from incidents.incident.queries.search import (
    DOCUMENT_VERSION,
    TRIGGERS,
    triggers_missing,
    without_documents,
)
from incidents.incident.queries.texts import Texts, texts_of
from incidents.search_words import document
from incidents.viewer import OPERATOR, Viewer
from incidents.vocabulary.models import Place
from incidents.work import Work

AT_ONCE = 200
_AUDIENCES: Mapping[str, Viewer] = {"internal": OPERATOR, "redacted": OPERATOR.publicly()}
_DOCUMENT = table_of(SearchDocument)
_CITATION = table_of(Citation)
_INCIDENT = table_of(Incident).c
_INVOLVEMENT = table_of(Involvement).c
_PARTY = table_of(Party).c
_PLACE = table_of(Place).c


@dataclass(frozen=True)
class _Made:
    title: str
    text: str


def reindex(session: Session, ids: Iterable[int | None]) -> int:
    """Make the documents of these incidents anew; how many differ from what stood there.

    A constant number of statements for every 200 incidents.
    """
    session.flush()
    wanted = iter(sorted({incident_id for incident_id in ids if incident_id is not None}))
    changed = 0
    while batch := list(islice(wanted, AT_ONCE)):
        changed += _reindex(session, batch)
    return changed


def reindex_parties(session: Session, ids: Iterable[int]) -> None:
    """Whoever names one of these parties, or one that was merged into it; and whoever quotes
    what they spoke in, for what is protected of it is nobody's to quote.
    """
    session.flush()
    members = [one.id for whole in whole_parties(session, ids).values() for one in whole]
    execute = session.connection().execute
    involved = select(_INVOLVEMENT.incident_id).where(
        or_(_INVOLVEMENT.party_id.in_(members), _INVOLVEMENT.relationship_to_id.in_(members))
    )
    spoken = select(_CITATION.c.source_id).where(_CITATION.c.speaker_id.in_(members))
    quoting = select(_CITATION.c.incident_id).where(_CITATION.c.source_id.in_(spoken))
    reindex(session, {row[0] for row in execute(involved.union(quoting))})


def reindex_place(session: Session, place_id: int) -> None:
    """Every incident that happened in the place, or below it, or is about it."""
    session.flush()
    here = select(_PLACE.id).where(_PLACE.id == place_id).cte(recursive=True)
    below = here.union(select(_PLACE.id).join(here, _PLACE.parent_id == here.c.id))
    places = select(below.c.id)
    incidents = select(_INCIDENT.id).where(
        or_(_INCIDENT.place_id.in_(places), _INCIDENT.subject_place_id.in_(places))
    )
    reindex(session, session.connection().execute(incidents).scalars())


def reindex_event(session: Session, event_id: int) -> None:
    incidents = select(_INCIDENT.id).where(_INCIDENT.event_id == event_id)
    reindex(session, session.connection().execute(incidents).scalars())


def reindex_source(session: Session, source_id: int) -> None:
    """Every incident that cites it."""
    citing = select(_CITATION.c.incident_id).where(_CITATION.c.source_id == source_id)
    reindex(session, session.connection().execute(citing).scalars())


def quoting_beside(session: Session, ids: Iterable[int | None]) -> set[int]:
    """Incidents that quote a source in which one of these holds a protected party's words.

    What they quote may be, or may have been, those words.
    """
    session.flush()
    other = _CITATION.alias("other")
    statement = (
        select(other.c.incident_id)
        .join_from(_CITATION, other, other.c.source_id == _CITATION.c.source_id)
        .join(table_of(Party), _PARTY.id == _CITATION.c.speaker_id)
        .where(
            _CITATION.c.incident_id.in_([one for one in ids if one is not None]),
            or_(_PARTY.privacy == "protected", _PARTY.merged_into_id.is_not(None)),
        )
    )
    return set(session.connection().execute(statement).scalars())


def forget_words(session: Session) -> None:
    """Let no index keep words that stand in no document any more.

    SQLite's keeps them until it merges its parts: now it merges them all.
    """
    if session.connection().dialect.name == "sqlite":
        session.flush()
        session.connection().execute(
            text("INSERT INTO search_document_fts (search_document_fts) VALUES ('optimize')")
        )


def mend_search(work: Work) -> int:
    """Put back what keeps the index, and make documents that are missing or of another version.

    How many incidents had none; two statements when nothing is missing.
    """
    missing = triggers_missing(work.session)
    connection = work.session.connection()
    for name in missing:
        connection.execute(text(TRIGGERS[name]))
    if missing:
        # It may have missed something meanwhile.
        connection.execute(
            text("INSERT INTO search_document_fts (search_document_fts) VALUES ('rebuild')")
        )
    ids = connection.execute(without_documents()).scalars().all()
    if ids:
        # While another server runs: nobody changes what these say, or makes them too, meanwhile.
        audit.lock(work)
        ids = connection.execute(without_documents()).scalars().all()
    reindex(work.session, ids)
    return len(ids)


def _reindex(session: Session, ids: list[int]) -> int:
    connection = session.connection()
    statement = select(_DOCUMENT).where(_DOCUMENT.c.incident_id.in_(ids))
    stored = {(row.incident_id, row.audience): row for row in connection.execute(statement)}
    added: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for key, made in _documents(session, ids):
        row = stored.get(key)
        values = {"version": DOCUMENT_VERSION, "title": made.title, "text": made.text}
        if row is None:
            added.append({"incident_id": key[0], "audience": key[1], **values})
        elif (row.version, row.title, row.text) != tuple(values.values()):
            changed.append({"of": row.id, **values})
    if added:
        connection.execute(insert(_DOCUMENT), added)
    if changed:
        connection.execute(update(_DOCUMENT).where(_DOCUMENT.c.id == bindparam("of")), changed)
    return len(added) + len(changed)


def _documents(session: Session, ids: list[int]) -> Iterator[tuple[tuple[int, str], _Made]]:
    for audience, viewer in _AUDIENCES.items():
        for incident_id, texts in texts_of(session, viewer, ids).items():
            yield (incident_id, audience), _made(texts)


def _made(texts: Texts) -> _Made:
    title = document([texts.title])
    return _Made(title, document((one.words for one in texts.others), before=title.split()))
