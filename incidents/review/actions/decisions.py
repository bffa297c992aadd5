"""One reviewer's decision on one version: each writes its review row and moves the status once."""

from incidents.audit import actions as audit
from incidents.errors import FieldErrors, NotAllowed, NotFound, WrongState
from incidents.incident.actions import deciding, move
from incidents.incident.models import Incident
from incidents.incident.queries.lookup import incident_by_reference
from incidents.review.models import Review
from incidents.vocabulary.types import codes
from incidents.work import Work


def approve(work: Work, reference: str, version: int, reason: str | None = None) -> Incident:
    """Readers, totals and exports have it from now on."""
    return _decide(work, reference, version, "approve", reason)


def return_to_author(work: Work, reference: str, version: int, reason: str) -> Incident:
    """Back to a draft, with words for the author."""
    return _decide(work, reference, version, "return", reason)


def retract(work: Work, reference: str, version: int, reason: str) -> Incident:
    """An approved incident becomes a tombstone with its reason."""
    return _decide(work, reference, version, "retract", reason)


def reject(
    work: Work,
    reference: str,
    version: int,
    rejection: str,
    reason: str,
    duplicate_of: str | None = None,
) -> Incident:
    """FieldErrors when the kind of rejection is missing, or the incident it duplicates."""
    if rejection not in codes("rejection"):
        raise FieldErrors({"rejection": "Say why: a duplicate, out of scope, or unsupported."})
    original = None
    if rejection == "duplicate":
        original = _original(work, reference, (duplicate_of or "").strip())
    return _decide(
        work,
        reference,
        version,
        "reject",
        reason,
        rejection=rejection,
        duplicate_of_id=original.id if original else None,
    )


def assess(
    work: Work, reference: str, assessment: str | None, reason: str | None = None
) -> Incident:
    """How far the record is to be believed.

    Beside the record: no edit, and possible on a frozen one.
    """
    incident = incident_by_reference(work.session, work.actor, reference)
    audit.lock(work)
    work.session.refresh(incident)
    deciding(work, incident)
    if incident.status not in ("submitted", "approved"):
        raise WrongState(
            f"{reference} is {incident.status}: only submitted and approved ones are assessed."
        )
    if assessment is not None and assessment not in codes("assessment"):
        raise FieldErrors({"assessment": f"“{assessment}” is not one of the choices."})
    if assessment == incident.assessment:
        return incident
    before, incident.assessment = incident.assessment, assessment
    incident.updated_at = work.now
    work.session.add(incident)
    _keep(work, incident, "assess", reason)
    audit.log(
        work,
        "assess",
        "incident",
        incident.id,
        {"reference": reference, "before": before, "after": assessment},
    )
    return incident


def _original(work: Work, reference: str, duplicate_of: str) -> Incident:
    if not duplicate_of:
        raise FieldErrors({"duplicate_of": "Name the incident it duplicates, as INC-2026-00042."})
    try:
        original = incident_by_reference(work.session, work.actor, duplicate_of)
    except NotFound as unknown:
        raise FieldErrors({"duplicate_of": unknown.message}) from None
    if original is incident_by_reference(work.session, work.actor, reference):
        raise FieldErrors({"duplicate_of": "An incident can’t duplicate itself."})
    return original


def _decide(
    work: Work,
    reference: str,
    version: int,
    decision: str,
    reason: str | None,
    rejection: str | None = None,
    duplicate_of_id: int | None = None,
) -> Incident:
    incident = incident_by_reference(work.session, work.actor, reference)
    move(work, incident, decision, version, reason)
    review = _keep(work, incident, decision, reason, rejection)
    review.duplicate_of_id = duplicate_of_id
    return incident


def _keep(
    work: Work, incident: Incident, decision: str, reason: str | None, rejection: str | None = None
) -> Review:
    if work.actor_id is None or incident.id is None:
        raise NotAllowed("A decision needs a reviewer’s account.")
    review = Review(
        incident_id=incident.id,
        version=incident.version,
        decision=decision,
        reason=(reason or "").strip() or None,
        rejection=rejection,
        reviewer_id=work.actor_id,
        decided_at=work.now,
    )
    work.session.add(review)
    return review
