"""Says which sources tell one story: the group of one joins another's, or it leaves its own.

The incidents that rest on them are of `incident.actions.stories`, which is what routes call.
"""

from collections.abc import Sequence

from sqlalchemy import or_
from sqlmodel import col, select

from incidents.audit import actions as audit
from incidents.errors import NotAllowed, WrongState
from incidents.source.actions.write import keep_source, update_source
from incidents.source.models import Source
from incidents.source.queries.lookup import said_of, source_by_reference
from incidents.work import Work


def regroup_source(work: Work, reference: str, origin: str | None) -> Sequence[Source]:
    """Every source whose origin is another now; `origin` names any member of the group to join,
    None lets a copy be a story of its own again.

    WrongState when it is so already, or when others copy what is to leave. NotFound for what this
    person may not see.
    """
    if not work.actor.may_record:
        raise NotAllowed("Only researchers and reviewers say which sources tell one story.")
    audit.lock(work)
    source = source_by_reference(work.session, work.actor, reference)
    if origin is None:
        return [_left(work, source)]
    other = source_by_reference(work.session, work.actor, origin)
    root, joined = source.origin_id or source.id, other.origin_id or other.id
    if root == joined:
        raise WrongState(f"{source.reference} and {other.reference} are one story already.")
    members = work.session.exec(
        select(Source)
        .where(or_(col(Source.id) == root, col(Source.origin_id) == root))
        .order_by(col(Source.id))
    ).all()
    return [_of_origin(work, member, joined) for member in members]


def _left(work: Work, source: Source) -> Source:
    # A hidden origin is told in no other words than none.
    if said_of(work.session, work.actor, source).origin is None:
        raise WrongState(f"{source.reference} copies no other source.")
    return _of_origin(work, source, None)


def _of_origin(work: Work, source: Source, origin_id: int | None) -> Source:
    values = {"origin_id": origin_id, "updated_at": work.now}
    update_source(work, source, source.version, values)
    keep_source(work, source, said_of(work.session, work.actor, source), "edit")
    return source
