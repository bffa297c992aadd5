"""Reads a record back from the tables, column by column: no revision is looked at."""

import json
from typing import Any

from sqlmodel import Session, col, select

from incidents.incident.models import (
    Citation,
    CitationField,
    Figure,
    Incident,
    Involvement,
    Relation,
)
from incidents.incident.record import (
    CitationSaid,
    FigureSaid,
    InvolvementSaid,
    Quote,
    Record,
    RelationSaid,
    When,
)


def record_of_rows(session: Session, incident_id: int) -> Record:
    """The tables read back, column by column: no revision is looked at."""
    row = session.get_one(Incident, incident_id)
    citations = _rows(session, Citation, incident_id)
    figures = _rows(session, Figure, incident_id)
    places = {citation.id: index for index, citation in enumerate(citations)}
    wholes = {figure.id: index for index, figure in enumerate(figures)}
    return Record(
        type=row.type,
        title=row.title,
        summary=row.summary,
        date=When(
            edtf=row.date_edtf,
            not_known=row.date_not_known,
            precision=row.date_precision,
            basis=row.date_basis,
            verbatim=row.date_verbatim,
            ongoing_when_reported=row.ongoing_when_reported,
            counted=json.loads(row.date_counted) if row.date_counted else None,
        ),
        place=row.place_id,
        place_precision=row.place_precision,
        place_verbatim=row.place_verbatim,
        subject_place=row.subject_place_id,
        details=row.details,
        notes=row.notes,
        event=row.event_id,
        publication=row.publication,
        citations=tuple(_citation(session, one) for one in citations),
        figures=tuple(_figure(one, places, wholes) for one in figures),
        involvements=tuple(_involvement(one) for one in _rows(session, Involvement, incident_id)),
        relations=_relations(session, incident_id),
    )


def _figure(
    row: Figure, places: dict[int | None, int], wholes: dict[int | None, int]
) -> FigureSaid:
    own = {"id", "incident_id", "position", "citation_id", "parent_id"}
    return FigureSaid(
        **row.model_dump(exclude=own),
        citation=places.get(row.citation_id),
        parent=wholes.get(row.parent_id),
    )


def _involvement(row: Involvement) -> InvolvementSaid:
    return InvolvementSaid(
        party=row.party_id,
        role=row.role,
        attribution=row.attribution,
        relationship=row.relationship,
        relationship_to=row.relationship_to_id,
        note=row.note,
    )


def _relations(session: Session, incident_id: int) -> tuple[RelationSaid, ...]:
    rows = session.exec(
        select(Relation).where(Relation.from_id == incident_id).order_by(col(Relation.position))
    )
    return tuple(
        RelationSaid(type=one.type, to=one.to_id, asserted_by=one.asserted_by, note=one.note)
        for one in rows
    )


def _rows(session: Session, model: Any, incident_id: int) -> list[Any]:
    return list(
        session.exec(
            select(model).where(model.incident_id == incident_id).order_by(model.position)
        ).all()
    )


def _citation(session: Session, row: Citation) -> CitationSaid:
    quote = None
    if row.quote is not None:
        quote = Quote(
            exact=row.quote,
            prefix=row.quote_prefix or "",
            suffix=row.quote_suffix or "",
            start=row.quote_start,
            end=row.quote_end,
        )
    fields = session.exec(
        select(CitationField.field)
        .where(CitationField.citation_id == row.id)
        .order_by(col(CitationField.position))
    ).all()
    return CitationSaid(
        source=row.source_id,
        snapshot=row.snapshot_id,
        quote=quote,
        stance=row.stance,
        fields=tuple(fields),
        speaker=row.speaker_id,
        utterance=row.utterance,
        translated=row.translated,
        basis=row.basis,
        credibility=row.credibility,
        note=row.note,
    )
