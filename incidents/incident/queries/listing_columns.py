"""What only some columns of the listing show: parties, event, author; loaded for those chosen.

One statement for each kind, two for parties, however many rows a page has.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from incidents.account.models import Account
from incidents.incident.models import Event, Incident
from incidents.incident.queries.export_people import Batch, involvement_rows, parties_shown
from incidents.incident.queries.listing import IncidentRow
from incidents.viewer import Viewer


@dataclass(frozen=True)
class Beside:
    """Of one row; "" and () = nobody says, or no column shows it."""

    event: str = ""
    # "" = the operator.
    author: str = ""
    # Labels, each once, in the record's order.
    parties: tuple[str, ...] = ()


def beside_rows(
    session: Session, viewer: Viewer, rows: Sequence[IncidentRow], wanted: Collection[str]
) -> Mapping[int, Beside]:
    """Incident id → what the columns named in `wanted` need of it.

    Who may see the row may see its event and its parties' labels; authors are internal, and empty
    for anybody else.
    """
    ids = [row.id for row in rows]
    events = _events(session, ids) if "event" in wanted and ids else {}
    authors = _authors(session, ids) if "author" in wanted and ids and viewer.internal else {}
    parties = _parties(session, viewer, rows) if "parties" in wanted and ids else {}
    return {
        id_: Beside(events.get(id_, ""), authors.get(id_, ""), tuple(parties.get(id_, ())))
        for id_ in ids
    }


def _events(session: Session, ids: Collection[int]) -> Mapping[int, str]:
    statement = (
        select(col(Incident.id), col(Event.title))
        .join(Event, col(Event.id) == col(Incident.event_id))
        .where(col(Incident.id).in_(ids))
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def _authors(session: Session, ids: Collection[int]) -> Mapping[int, str]:
    statement = (
        select(col(Incident.id), col(Account.name))
        .join(Account, col(Account.id) == col(Incident.created_by))
        .where(col(Incident.id).in_(ids))
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def _parties(
    session: Session, viewer: Viewer, rows: Sequence[IncidentRow]
) -> Mapping[int, Collection[str]]:
    batch = Batch(session, viewer, {row.id: row.reference for row in rows})
    involved = involvement_rows(batch)
    shown = parties_shown(session, viewer, (one.party_id for one in involved))
    found: dict[int, dict[int, str]] = {}
    for one in involved:
        party = shown[one.party_id]
        found.setdefault(one.incident_id, {})[party.id] = party.label
    return {incident_id: list(labels.values()) for incident_id, labels in found.items()}
