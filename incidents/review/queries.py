"""Reads decisions and corrections, for who may see the incident they are about."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func
from sqlmodel import Session, col, select

from incidents.account.models import Account
from incidents.audit.models import Revision
from incidents.crypto import Keyring
from incidents.errors import NotFound
from incidents.incident.models import Incident
from incidents.incident.queries.history import ChangeLine, change_lines
from incidents.incident.queries.lookup import stored_record
from incidents.incident.queries.sealed import opened_record
from incidents.incident.queries.words import words_for
from incidents.incident.record import from_json
from incidents.incident.rights import visible
from incidents.review.models import Correction, Review
from incidents.viewer import Viewer

OPEN = ("draft", "submitted")


@dataclass(frozen=True)
class CorrectionLine:
    """A correction as the incident's page shows it, with what this viewer may do to it."""

    id: int
    status: str
    version: int
    author: str
    at: datetime
    reason: str
    stale: bool
    changes: tuple[ChangeLine, ...]
    may_edit: bool
    may_withdraw: bool
    may_decide: bool


def open_correction(session: Session, incident_id: int) -> Correction | None:
    """The one correction of an incident that is still a draft or submitted."""
    return session.exec(
        select(Correction).where(
            Correction.incident_id == incident_id, col(Correction.status).in_(OPEN)
        )
    ).one_or_none()


def correction_with_incident(
    session: Session, viewer: Viewer, correction_id: int
) -> tuple[Correction, Incident]:
    """NotFound for readers, and where the incident is not this viewer's to know."""
    found = session.exec(
        select(Correction, Incident)
        .join(Incident, col(Incident.id) == col(Correction.incident_id))
        .where(Correction.id == correction_id, visible(viewer))
    ).one_or_none()
    if found is None or not viewer.internal:
        raise NotFound("There is no such correction.")
    return found


def editors_of_correction(session: Session, correction: Correction) -> frozenset[int | None]:
    actors = session.exec(
        select(Revision.actor_id)
        .where(Revision.entity == "correction", Revision.entity_id == correction.id)
        .distinct()
    ).all()
    return frozenset(actors) | {correction.author_id}


def for_review_by(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """Over incidents: submitted, and neither recorded nor edited by this reviewer since it was last
    approved.
    """
    edited = exists(
        select(Revision.id).where(
            Revision.entity == "incident",
            Revision.entity_id == col(Incident.id),
            Revision.actor_id == viewer.account_id,
            col(Revision.version) > func.coalesce(col(Incident.approved_version), 0),
        )
    )
    return (
        col(Incident.status) == "submitted",
        col(Incident.created_by).is_distinct_from(viewer.account_id),
        ~edited,
    )


def not_written_by(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """Over corrections and their incidents."""
    return (
        col(Correction.author_id) != viewer.account_id,
        col(Incident.created_by).is_distinct_from(viewer.account_id),
    )


def next_for_review(session: Session, viewer: Viewer) -> tuple[str, int]:
    """The reference of what has waited longest for this reviewer, and how many wait; ("", 0) when
    nothing does. As the desk counts them, incidents and corrections.
    """
    incidents = select(Incident, Incident.updated_at).where(visible(viewer), *for_review_by(viewer))
    corrections = (
        select(Incident, Correction.updated_at)
        .join(Correction, col(Correction.incident_id) == col(Incident.id))
        .where(visible(viewer), Correction.status == "submitted", *not_written_by(viewer))
    )
    found = [
        (since, incident.id or 0, incident)
        for asked, column in (
            (incidents, col(Incident.updated_at)),
            (corrections, col(Correction.updated_at)),
        )
        for incident, since in session.exec(asked.order_by(column, col(Incident.id)).limit(1))
    ]
    count = sum(
        session.exec(select(func.count()).select_from(asked.subquery())).one()
        for asked in (incidents, corrections)
    )
    return (min(found)[2].reference, count) if found else ("", 0)


def returned_with(session: Session, incident: Incident) -> str:
    """The reviewer's words a draft came back with; "" when its last move was another."""
    if incident.status != "draft":
        return ""
    last = session.exec(
        select(Review)
        .where(Review.incident_id == incident.id, Review.decision != "assess")
        .order_by(col(Review.id).desc())
    ).first()
    return last.reason or "" if last is not None and last.decision == "return" else ""


def correction_line(
    session: Session, viewer: Viewer, keyring: Keyring, incident_id: int
) -> CorrectionLine | None:
    """The open correction of an incident the viewer sees, or None; redacted viewers get none."""
    correction = open_correction(session, incident_id) if viewer.internal else None
    if correction is None or correction.id is None:
        return None
    incident = session.get_one(Incident, incident_id)
    before = opened_record(session, keyring, stored_record(session, incident))
    after = opened_record(session, keyring, from_json(correction.record))
    author = session.exec(select(Account.name).where(Account.id == correction.author_id)).one()
    own = viewer.account_id == correction.author_id
    kept_out = editors_of_correction(session, correction) | {incident.created_by}
    return CorrectionLine(
        id=correction.id,
        status=correction.status,
        version=correction.version,
        author=author,
        at=correction.updated_at,
        reason=correction.reason,
        stale=correction.base_version != incident.version,
        changes=change_lines(before, after, words_for(session, viewer, [before, after])),
        may_edit=viewer.may_record and correction.status == "draft",
        may_withdraw=own or (viewer.may_review and correction.base_version != incident.version),
        may_decide=viewer.may_review and viewer.account_id not in kept_out,
    )
