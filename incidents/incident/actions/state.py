"""Moves an incident's status: the only place that does. Restricts who may see it."""

from collections.abc import Iterable

from sqlmodel import col, select, update

from incidents.account.models import Account
from incidents.audit import actions as audit
from incidents.errors import FieldErrors, NotAllowed, Stale, WrongState
from incidents.incident.actions.computed import recompute
from incidents.incident.actions.prepare import prepared
from incidents.incident.actions.write import name_on_seal, replace_record
from incidents.incident.models import Incident
from incidents.incident.queries.lookup import (
    editors_since_approval,
    incident_by_reference,
    stored_record,
)
from incidents.incident.queries.sealed import opened_record
from incidents.incident.states import TRANSITIONS, Mover, Transition
from incidents.work import Work

_OPENNESS = {"sealed": 0, "internal": 1, "open": 2}


def move(
    work: Work, incident: Incident, name: str, version: int, reason: str | None = None
) -> None:
    """Follow one transition of `states.TRANSITIONS` for the version the actor has read.

    NotAllowed when the actor may not; WrongState when the status has no such way out; Stale when
    the
    record was saved since; FieldErrors when what submitting needs is missing, or the reason.
    """
    audit.lock(work)
    work.session.refresh(incident)
    step = TRANSITIONS[name]
    _check_mover(work, incident, step)
    if incident.status != step.before:
        raise WrongState(
            f"{incident.reference} is {incident.status}: it can’t be {step.after} now."
        )
    if incident.version != version:
        raise Stale(
            f"{incident.reference} was saved again since you opened it. Read it once more.",
            current_version=incident.version,
        )
    if step.reason and not (reason or "").strip():
        raise FieldErrors({"reason": "Give the reason: the author reads it."})
    if name == "submit":
        record = opened_record(work.session, work.keyring, stored_record(work.session, incident))
        prepared(work, record, complete=True, trusted=record.relations, before=record)
    _take(work, incident, step)
    assert incident.id is not None
    audit.log(
        work,
        name,
        "incident",
        incident.id,
        {"reference": incident.reference, "version": version},
    )
    recompute(work.session, [incident.id])


def deciding(work: Work, incident: Incident) -> None:
    """NotAllowed unless the actor may decide on this incident: a reviewer who neither made nor
    edited it.
    """
    if not work.actor.may_review or work.actor_id is None:
        raise NotAllowed("Only reviewers decide on incidents.")
    if incident.created_by == work.actor_id:
        raise NotAllowed("You recorded this incident: another reviewer decides on it.")
    if work.actor_id in editors_since_approval(work.session, incident):
        raise NotAllowed("You edited this incident: another reviewer decides on it.")


def _check_mover(work: Work, incident: Incident, step: Transition) -> None:
    if step.mover is Mover.REVIEWER:
        deciding(work, incident)
    elif not work.actor.may_record:
        raise NotAllowed("Only researchers and reviewers do this.")
    elif step.mover is Mover.AUTHOR and incident.created_by != work.actor_id:
        raise NotAllowed("Only its author can withdraw a submission. A reviewer can return it.")


def _take(work: Work, incident: Incident, step: Transition) -> None:
    values: dict[str, object] = {"status": step.after, "updated_at": work.now}
    if step.name == "submit":
        values["submitted_at"] = work.now
    if step.name == "approve":
        values |= {"approved_version": incident.version, "approved_at": work.now}
    moved = work.session.exec(
        update(Incident)
        .where(
            col(Incident.id) == incident.id,
            col(Incident.version) == incident.version,
            col(Incident.status) == step.before,
        )
        .values(**values)
    )
    if moved.rowcount != 1:
        raise Stale(
            f"{incident.reference} was moved by someone else.", current_version=incident.version
        )
    work.session.refresh(incident)


def restrict(
    work: Work, reference: str, version: int, publication: str, accounts: Iterable[str] = ()
) -> Incident:
    """Show an incident to fewer people, at once and in any status; `accounts` are names for a seal.

    A danger can't wait for a correction. Opening it up again is an edit, and reviewed as one.
    """
    incident = incident_by_reference(work.session, work.actor, reference)
    if incident.created_by != work.actor_id and not work.actor.may_review:
        raise NotAllowed("Only its author or a reviewer can restrict an incident.")
    audit.lock(work)
    work.session.refresh(incident)
    if _OPENNESS.get(publication, 3) > _OPENNESS[incident.publication]:
        raise FieldErrors({"publication": "To open it up again, edit it, or propose a correction."})
    named = _accounts_named(work, accounts)
    if publication != incident.publication:
        was_approved = incident.status == "approved"
        record = stored_record(work.session, incident).model_copy(
            update={"publication": publication}
        )
        replace_record(work, incident, version, record, f"Restricted to {publication}")
        if was_approved:
            incident.approved_version = incident.version
            work.session.add(incident)
    if publication == "sealed":
        name_on_seal(work, incident, {*named, incident.created_by, work.actor_id})
    audit.log(
        work,
        "restrict",
        "incident",
        incident.id,
        {"reference": incident.reference, "publication": publication, "accounts": sorted(named)},
    )
    recompute(work.session, [incident.id])
    return incident


def _accounts_named(work: Work, names: Iterable[str]) -> set[int]:
    wanted = {" ".join(name.split()) for name in names if name.strip()}
    if not wanted:
        return set()
    rows = work.session.exec(
        select(Account.id, Account.name).where(
            col(Account.name).in_(wanted), col(Account.disabled_at).is_(None)
        )
    ).all()
    unknown = wanted - {name for _, name in rows}
    if unknown:
        raise FieldErrors({"accounts": f"There is no account called {', '.join(sorted(unknown))}."})
    return {account_id for account_id, _ in rows if account_id is not None}
