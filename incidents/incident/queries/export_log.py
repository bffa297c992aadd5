"""Reads the export log: what a viewer downloaded, for administrators what everyone did."""

import json
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select, true
from sqlmodel import Session, col

from incidents.account.models import Account
from incidents.audit.models import AuditEntry
from incidents.db import table_of
from incidents.errors import NotFound
from incidents.incident.models import Export
from incidents.viewer import Viewer

MOST_SHOWN = 200


@dataclass(frozen=True)
class ExportLine:
    """One download. `sha256` is of the bytes sent; None, as `rows`, until it ended."""

    id: int
    subject: str
    format: str
    profile: str
    columns: str
    spreadsheet_safe: bool
    query: str
    file_name: str
    app_version: str
    # None = a command run by the operator.
    actor: str | None
    started_at: datetime
    state: str
    finished_at: datetime | None
    rows: int | None
    sha256: str | None


@dataclass(frozen=True)
class ExportPage:
    """A download with what was left out of it; None = not counted, or not for this viewer."""

    line: ExportLine
    withheld_incidents: int | None
    withheld_quotes: int | None


def past_exports(session: Session, viewer: Viewer, limit: int = MOST_SHOWN) -> list[ExportLine]:
    """The latest, newest first: one's own, or everyone's for who administers."""
    statement = _lines().where(_readable(viewer)).order_by(col(Export.id).desc()).limit(limit)
    return [_line(row) for row in session.connection().execute(statement)]


def export_by_id(session: Session, viewer: Viewer, export_id: int) -> ExportPage:
    """NotFound when there is none, or it is another's: the two sound the same."""
    statement = _lines().where(_readable(viewer), col(Export.id) == export_id)
    row = session.connection().execute(statement).one_or_none()
    if row is None:
        raise NotFound("There is no such export.")
    ended = _payload(session, export_id) if viewer.internal else {}
    return ExportPage(_line(row), ended.get("withheld_incidents"), ended.get("withheld_quotes"))


def _readable(viewer: Viewer) -> ColumnElement[bool]:
    return true() if viewer.may_administer else col(Export.actor_id) == viewer.account_id


def _lines() -> Select[Any]:
    names = [field.name for field in fields(ExportLine) if field.name != "actor"]
    own = [table_of(Export).c[name] for name in names]
    who: ColumnElement[str] = col(Account.name).label("actor")
    return select(*own, who).outerjoin_from(
        Export, Account, col(Account.id) == col(Export.actor_id)
    )


def _line(row: Row[Any]) -> ExportLine:
    return ExportLine(**row._asdict())


def _payload(session: Session, export_id: int) -> dict[str, Any]:
    """What the audit log says of its end; {} while it runs."""
    statement = select(col(AuditEntry.payload)).where(
        col(AuditEntry.entity) == "export",
        col(AuditEntry.entity_id) == export_id,
        col(AuditEntry.action).in_(("finish_export", "abort_export")),
    )
    payload = session.connection().execute(statement).scalar_one_or_none()
    return dict(json.loads(payload)) if payload else {}
