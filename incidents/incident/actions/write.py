"""Writes records: the incident's row, its children, the revision and the audit entry, in one
transaction.
"""

import base64
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert
from sqlmodel import col, select, update

from incidents import edtf
from incidents.audit import actions as audit
from incidents.db import FAR_PAST, table_of
from incidents.errors import FieldErrors, NotAllowed, Stale, WrongState
from incidents.folding import sort_key
from incidents.incident.actions.computed import recompute
from incidents.incident.actions.prepare import prepared, with_hidden_relations
from incidents.incident.actions.search import quoting_beside, reindex
from incidents.incident.models import (
    Citation,
    CitationField,
    Figure,
    Incident,
    IncidentAccess,
    IncidentDetail,
    Involvement,
    Relation,
)
from incidents.incident.queries.lookup import incident_by_reference, stored_record
from incidents.incident.queries.sealed import says_the_same
from incidents.incident.record import Record, to_json, to_text
from incidents.incident.types import SYMMETRIC_RELATIONS, TYPES
from incidents.vocabulary.models import Place
from incidents.work import Work

LONG_SPAN = timedelta(days=31)


def record_incident(
    work: Work, record: Record, *, form_token: str | None = None, reason: str | None = None
) -> Incident:
    """A new draft. The same form token by the same actor gives the incident it made before."""
    if not work.actor.may_record:
        raise NotAllowed("Only researchers and reviewers record incidents.")
    audit.lock(work)
    if form_token is not None:
        made = work.session.exec(
            select(Incident).where(
                Incident.created_by == work.actor_id, Incident.form_token == form_token
            )
        ).one_or_none()
        if made is not None:
            return made
    ready = prepared(work, record)
    year = work.now.year
    incident = Incident(
        ref_year=year,
        ref_number=audit.next_reference(work, "incident", year),
        type=ready.type,
        sort_date=FAR_PAST,
        created_by=work.actor_id,
        created_at=work.now,
        updated_at=work.now,
        form_token=form_token,
    )
    work.session.add(incident)
    work.session.flush()
    _write(work, incident, ready, incident.version)
    _keep(work, incident, ready, reason, "record")
    return incident


def edit_incident(
    work: Work, reference: str, version: int, record: Record, reason: str | None = None
) -> Incident:
    """A draft's new version.

    Submitted ones are frozen; an approved one takes a correction instead.
    """
    incident = incident_by_reference(work.session, work.actor, reference)
    if not work.actor.may_record:
        raise NotAllowed("Only researchers and reviewers edit incidents.")
    if incident.status != "draft":
        raise WrongState(f"{reference} is {incident.status} and can’t be edited.")
    before = stored_record(work.session, incident)
    kept = with_hidden_relations(work, before, record)
    hidden = set(kept.relations) - set(record.relations)
    ready = prepared(work, kept, trusted=hidden, before=before)
    replace_record(work, incident, version, ready, reason)
    return incident


def replace_record(
    work: Work,
    incident: Incident,
    version: int,
    ready: Record,
    reason: str | None,
    *,
    by_rule: bool = False,
) -> None:
    """Write a prepared record over the incident's. Stale when somebody saved since `version`.

    `by_rule`: it follows from what the actor did elsewhere, so that a seal names nobody new.
    """
    audit.lock(work)
    stored = stored_record(work.session, incident)
    if incident.version == version and says_the_same(work.session, work.keyring, ready, stored):
        return
    taken = work.session.exec(
        update(Incident)
        .where(col(Incident.id) == incident.id, col(Incident.version) == version)
        .values(updated_at=work.now)
    )
    if taken.rowcount != 1:
        work.session.refresh(incident)
        raise Stale(
            f"{incident.reference} was saved by someone else in between.",
            current_version=incident.version,
        )
    before, beside = _neighbours(work, incident), quoting_beside(work.session, [incident.id])
    _clear(work, incident)
    _write(work, incident, ready, version + 1, by_rule=by_rule)
    recompute(work.session, before)
    _keep(work, incident, ready, reason, "edit", beside=beside)


def _keep(
    work: Work,
    incident: Incident,
    ready: Record,
    reason: str | None,
    action: str,
    *,
    beside: Collection[int] = (),
) -> None:
    """`beside`: those whose documents told what the record held before."""
    assert incident.id is not None
    audit.keep_revision(work, "incident", incident.id, incident.version, to_json(ready), reason)
    audit.log(
        work,
        action,
        "incident",
        incident.id,
        {"reference": incident.reference, "version": incident.version},
    )
    recompute(work.session, [incident.id])
    now_beside = quoting_beside(work.session, [incident.id])
    reindex(work.session, {incident.id, *beside} | now_beside)


def _neighbours(work: Work, incident: Incident) -> set[int]:
    rows = work.session.exec(
        select(Relation.to_id).where(
            Relation.from_id == incident.id, Relation.type == "contradicts"
        )
    ).all()
    return set(rows)


def _clear(work: Work, incident: Incident) -> None:
    own = select(Citation.id).where(Citation.incident_id == incident.id)
    work.session.exec(delete(CitationField).where(col(CitationField.citation_id).in_(own)))
    for model in (Figure, Citation, Involvement, IncidentDetail):
        work.session.exec(delete(model).where(col(model.incident_id) == incident.id))
    work.session.exec(delete(Relation).where(col(Relation.from_id) == incident.id))


def _write(
    work: Work, incident: Incident, record: Record, version: int, *, by_rule: bool = False
) -> None:
    """Children first: the row's own update is what the completeness triggers watch."""
    assert incident.id is not None
    citations = _write_citations(work, incident.id, record)
    _write_figures(work, incident.id, record, citations)
    _write_rest(work, incident.id, record)
    _write_relations(work, incident, record)
    for name, value in _columns(work, record).items():
        setattr(incident, name, value)
    incident.version = version
    incident.updated_at = work.now
    work.session.add(incident)
    if record.publication == "sealed" and not by_rule:
        name_on_seal(work, incident, {incident.created_by, work.actor_id})
    work.session.flush()


def _columns(work: Work, record: Record) -> dict[str, Any]:
    span = edtf.bounds(record.date.edtf) if record.date.edtf else None
    place = work.session.get(Place, record.place) if record.place is not None else None
    return {
        "type": record.type,
        "title": record.title,
        "summary": record.summary,
        "date_edtf": record.date.edtf,
        "date_not_known": record.date.not_known,
        "date_precision": record.date.precision,
        "date_basis": record.date.basis,
        "date_verbatim": record.date.verbatim,
        "date_counted": to_text(record.date.counted) if record.date.counted else None,
        "ongoing_when_reported": record.date.ongoing_when_reported,
        "date_earliest": span.earliest if span else None,
        "date_latest": span.latest if span else None,
        "long_span": span is not None and span.latest - span.earliest > LONG_SPAN,
        "place_id": record.place,
        "place_precision": record.place_precision,
        "place_verbatim": record.place_verbatim,
        "subject_place_id": record.subject_place,
        "country": place.country if place else None,
        "details": record.details,
        "notes": record.notes,
        "event_id": record.event,
        "publication": record.publication,
        "sort_date": span.earliest if span else FAR_PAST,
        "sort_title": sort_key(record.title),
    }


def _write_citations(work: Work, incident_id: int, record: Record) -> list[int]:
    """The new rows' ids, in the record's order."""
    ids = []
    for position, said in enumerate(record.citations):
        quote = said.quote
        clear = quote is not None and not quote.sealed
        row = Citation(
            incident_id=incident_id,
            position=position,
            source_id=said.source,
            snapshot_id=said.snapshot,
            quote=quote.exact if quote and clear else None,
            quote_prefix=quote.prefix if quote and clear else None,
            quote_suffix=quote.suffix if quote and clear else None,
            quote_start=quote.start if quote else None,
            quote_end=quote.end if quote else None,
            quote_sealed=base64.b64decode(quote.sealed) if quote and quote.sealed else None,
            stance=said.stance,
            speaker_id=said.speaker,
            utterance=said.utterance,
            translated=said.translated,
            basis=said.basis,
            credibility=said.credibility,
            note=said.note,
        )
        work.session.add(row)
        work.session.flush()
        assert row.id is not None
        ids.append(row.id)
    fields = [
        {"citation_id": ids[index], "field": field, "position": position}
        for index, said in enumerate(record.citations)
        for position, field in enumerate(said.fields)
    ]
    if fields:
        work.session.connection().execute(insert(table_of(CitationField)), fields)
    return ids


def _write_figures(work: Work, incident_id: int, record: Record, citations: list[int]) -> None:
    ids: list[int] = []
    for position, said in enumerate(record.figures):
        values = said.model_dump(exclude={"citation", "parent"})
        row = Figure(
            incident_id=incident_id,
            position=position,
            citation_id=citations[said.citation] if said.citation is not None else None,
            parent_id=ids[said.parent] if said.parent is not None else None,
            **values,
        )
        work.session.add(row)
        work.session.flush()
        assert row.id is not None
        ids.append(row.id)


def _write_rest(work: Work, incident_id: int, record: Record) -> None:
    involvements = [
        {
            "incident_id": incident_id,
            "position": position,
            "party_id": said.party,
            "role": said.role,
            "attribution": said.attribution,
            "relationship": said.relationship,
            "relationship_to_id": said.relationship_to,
            "note": said.note,
        }
        for position, said in enumerate(record.involvements)
    ]
    details = [
        {"field": detail.name, "value": value, "incident_id": incident_id}
        for detail in TYPES[record.type].details
        if detail.filterable
        for value in dict.fromkeys(_as_list(record.details.get(detail.name)))
    ]
    connection = work.session.connection()
    if involvements:
        connection.execute(insert(table_of(Involvement)), involvements)
    if details:
        connection.execute(insert(table_of(IncidentDetail)), details)


def _as_list(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]


def _write_relations(work: Work, incident: Incident, record: Record) -> None:
    """Symmetric ones are stored once: a pair the other end already says is refused by name."""
    errors = FieldErrors()
    for position, said in enumerate(record.relations):
        assert incident.id is not None
        pair = None
        if said.type in SYMMETRIC_RELATIONS:
            low, high = sorted((incident.id, said.to))
            pair = f"{said.type}:{low}:{high}"
            if work.session.exec(select(Relation.id).where(Relation.pair_key == pair)).first():
                errors.add(f"relations.{position}", "The other incident already says this.")
                continue
        if said.to == incident.id:
            errors.add(f"relations.{position}", "An incident has no relation to itself.")
            continue
        work.session.add(
            Relation(
                from_id=incident.id,
                position=position,
                type=said.type,
                to_id=said.to,
                asserted_by=said.asserted_by,
                note=said.note,
                pair_key=pair,
            )
        )
        work.session.flush()
    if errors:
        raise errors


def name_on_seal(work: Work, incident: Incident, accounts: set[int | None]) -> None:
    """Let these accounts see the sealed incident, besides those named before."""
    assert incident.id is not None
    named = set(
        work.session.exec(
            select(IncidentAccess.account_id).where(IncidentAccess.incident_id == incident.id)
        ).all()
    )
    for account_id in sorted({one for one in accounts if one is not None} - named):
        work.session.add(IncidentAccess(incident_id=incident.id, account_id=account_id))
