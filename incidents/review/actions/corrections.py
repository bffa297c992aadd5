"""Corrections: a whole record proposed beside an approved incident, until it is approved in its
place.
"""

from sqlmodel import col, select, update

from incidents.audit import actions as audit
from incidents.audit.queries import saves_of
from incidents.errors import FieldErrors, NotAllowed, Stale, WrongState
from incidents.incident.actions import (
    prepared,
    recompute,
    replace_record,
    with_hidden_relations,
)
from incidents.incident.models import Incident
from incidents.incident.queries.lookup import incident_by_reference, stored_record
from incidents.incident.queries.sealed import opened_record, says_the_same
from incidents.incident.record import Record, from_json, to_json
from incidents.review.models import Correction, Review
from incidents.review.queries import (
    correction_with_incident,
    editors_of_correction,
    open_correction,
)
from incidents.work import Work


def propose_correction(
    work: Work,
    reference: str,
    base_version: int,
    record: Record,
    reason: str,
    *,
    form_token: str | None = None,
) -> Correction:
    """A draft correction of an approved incident; one may be open at a time.

    The same form token by the same actor gives the one it made before; WrongState where it says
    something else by now.
    """
    incident = incident_by_reference(work.session, work.actor, reference)
    if not work.actor.may_record or work.actor_id is None:
        raise NotAllowed("Only researchers and reviewers propose corrections.")
    audit.lock(work)
    work.session.refresh(incident)
    made = _made_by(work, form_token)
    if made is not None:
        _refuse_other_words(work, made, record, reason)
        return made
    _check_open_to_correction(work, incident)
    _check_base(incident, base_version)
    assert incident.id is not None
    correction = Correction(
        incident_id=incident.id,
        base_version=base_version,
        record=_changed(work, incident, record),
        reason=_reason(reason),
        author_id=work.actor_id,
        created_at=work.now,
        updated_at=work.now,
        form_token=form_token,
    )
    work.session.add(correction)
    work.session.flush()
    _keep(work, correction, incident, "propose_correction")
    return correction


def _made_by(work: Work, form_token: str | None) -> Correction | None:
    """What this form made already, when it was sent twice."""
    if form_token is None:
        return None
    return work.session.exec(
        select(Correction).where(
            Correction.author_id == work.actor_id, Correction.form_token == form_token
        )
    ).one_or_none()


def _refuse_other_words(work: Work, made: Correction, record: Record, reason: str) -> None:
    """Sent twice, it is one correction; words typed since must not be dropped silently."""
    first = saves_of(work.session, "correction", made.id or 0, (1,))[1]
    said = from_json(first.payload)
    kept = with_hidden_relations(work, said, record)
    hidden = set(kept.relations) - set(record.relations)
    ready = prepared(work, kept, trusted=hidden, before=said)
    same = says_the_same(work.session, work.keyring, ready, said)
    # The reason is kept as it stands now.
    if not same or (made.version == 1 and reason.strip() != made.reason):
        raise WrongState(
            "This form was saved as a correction already, with other words. Write yours into that"
            " correction."
        )


def _check_open_to_correction(work: Work, incident: Incident) -> None:
    reference = incident.reference
    if incident.status != "approved":
        raise WrongState(
            f"{reference} is {incident.status}: only approved incidents are corrected."
        )
    assert incident.id is not None
    if open_correction(work.session, incident.id) is not None:
        raise WrongState(f"A correction of {reference} is already open. Edit that one.")


def edit_correction(
    work: Work, correction_id: int, version: int, record: Record, reason: str
) -> Correction:
    """A draft correction's next version."""
    correction, incident = correction_with_incident(work.session, work.actor, correction_id)
    if not work.actor.may_record:
        raise NotAllowed("Only researchers and reviewers edit corrections.")
    correction.record = _changed(work, incident, record, from_json(correction.record))
    correction.reason = _reason(reason)
    _take(work, correction, "draft", "draft", version)
    correction.version = version + 1
    work.session.add(correction)
    _keep(work, correction, incident, "edit_correction")
    return correction


def submit_correction(work: Work, correction_id: int, version: int) -> Correction:
    correction, incident = correction_with_incident(work.session, work.actor, correction_id)
    if not work.actor.may_record:
        raise NotAllowed("Only researchers and reviewers submit corrections.")
    _take(work, correction, "draft", "submitted", version)
    _log(work, correction, incident, "submit_correction")
    return correction


def withdraw_correction(work: Work, correction_id: int, version: int) -> Correction:
    """Its author takes it back for good; a stale one any reviewer, so that it blocks nobody."""
    correction, incident = correction_with_incident(work.session, work.actor, correction_id)
    stale = correction.base_version != incident.version
    if correction.author_id != work.actor_id and not (stale and work.actor.may_review):
        raise NotAllowed("Only its author can withdraw a correction.")
    _take(work, correction, correction.status, "withdrawn", version)
    _log(work, correction, incident, "withdraw_correction")
    return correction


def approve_correction(work: Work, correction_id: int, version: int) -> Incident:
    """The proposed record takes the incident's place.

    Stale when the incident moved on meanwhile.
    """
    correction, incident = _to_decide(work, correction_id)
    _check_base(incident, correction.base_version)
    record = opened_record(work.session, work.keyring, from_json(correction.record))
    ready = prepared(work, record, complete=True, trusted=record.relations, before=record)
    _take(work, correction, "submitted", "approved", version)
    replace_record(work, incident, incident.version, ready, correction.reason)
    incident.approved_version, incident.approved_at = incident.version, work.now
    work.session.add(incident)
    recompute(work.session, [incident.id])
    _decided(work, correction, incident, "approve", None)
    return incident


def return_correction(work: Work, correction_id: int, version: int, reason: str) -> Correction:
    """Back to its author, with words."""
    correction, incident = _to_decide(work, correction_id)
    _take(work, correction, "submitted", "draft", version)
    _decided(work, correction, incident, "return", _reason(reason))
    return correction


def reject_correction(work: Work, correction_id: int, version: int, reason: str) -> Correction:
    """For good; the incident stays as approved."""
    correction, incident = _to_decide(work, correction_id)
    _take(work, correction, "submitted", "rejected", version)
    _decided(work, correction, incident, "reject", _reason(reason), rejection="unsupported")
    return correction


def _to_decide(work: Work, correction_id: int) -> tuple[Correction, Incident]:
    """domain.md rule 9: neither its author or editors nor the incident's author decide on it."""
    correction, incident = correction_with_incident(work.session, work.actor, correction_id)
    if not work.actor.may_review or work.actor_id is None:
        raise NotAllowed("Only reviewers decide on corrections.")
    audit.lock(work)
    work.session.refresh(correction)
    work.session.refresh(incident)
    if work.actor_id in editors_of_correction(work.session, correction):
        raise NotAllowed("You wrote this correction: another reviewer decides on it.")
    if incident.created_by == work.actor_id:
        raise NotAllowed("You recorded this incident: another reviewer decides on its corrections.")
    return correction, incident


def _check_base(incident: Incident, base_version: int) -> None:
    if incident.version != base_version or incident.status != "approved":
        raise Stale(
            f"{incident.reference} has changed since this correction was begun.",
            current_version=incident.version,
        )


def _changed(work: Work, incident: Incident, record: Record, proposed: Record | None = None) -> str:
    stored = stored_record(work.session, incident)
    kept = with_hidden_relations(work, proposed or stored, record)
    hidden = set(kept.relations) - set(record.relations)
    ready = prepared(work, kept, complete=True, trusted=hidden, before=proposed or stored)
    if says_the_same(work.session, work.keyring, ready, stored):
        raise FieldErrors({"reason": "Nothing is changed yet: a correction changes the record."})
    return to_json(ready)


def _reason(reason: str) -> str:
    if not reason.strip():
        raise FieldErrors({"reason": "Say why."})
    return reason.strip()


def _take(work: Work, correction: Correction, before: str, after: str, version: int) -> None:
    """Move its status once, for the version that was read."""
    if before not in ("draft", "submitted") or correction.status != before:
        raise WrongState(f"This correction is {correction.status}.")
    moved = work.session.exec(
        update(Correction)
        .where(
            col(Correction.id) == correction.id,
            col(Correction.version) == version,
            col(Correction.status) == before,
        )
        .values(status=after, updated_at=work.now)
    )
    if moved.rowcount != 1:
        raise Stale("This correction was saved again since.", current_version=correction.version)
    correction.status, correction.updated_at = after, work.now


def _keep(work: Work, correction: Correction, incident: Incident, action: str) -> None:
    assert correction.id is not None
    audit.keep_revision(
        work, "correction", correction.id, correction.version, correction.record, correction.reason
    )
    _log(work, correction, incident, action)


def _log(work: Work, correction: Correction, incident: Incident, action: str) -> None:
    audit.log(
        work,
        action,
        "correction",
        correction.id,
        {"reference": incident.reference, "version": correction.version},
    )


def _decided(
    work: Work,
    correction: Correction,
    incident: Incident,
    decision: str,
    reason: str | None,
    rejection: str | None = None,
) -> None:
    assert incident.id is not None and work.actor_id is not None
    work.session.add(
        Review(
            incident_id=incident.id,
            correction_id=correction.id,
            version=correction.version,
            decision=decision,
            reason=reason,
            rejection=rejection,
            reviewer_id=work.actor_id,
            decided_at=work.now,
        )
    )
    work.session.flush()
    _log(work, correction, incident, f"{decision}_correction")
