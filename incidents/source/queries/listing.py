"""Pages of sources, newest first, with how many incidents this viewer sees logged from each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from incidents import edtf, paging
from incidents.db import table_of
from incidents.incident.models import Citation, Incident
from incidents.incident.rights import visible, visible_source
from incidents.paging import Order, Page, PageAsked
from incidents.source.filters import SourceFilter
from incidents.source.models import Source
from incidents.viewer import Viewer
from incidents.vocabulary.queries import choices

_SOURCE = table_of(Source).c
ORDERS = paging.orders(Order("added", "Added", (_SOURCE.ref_year, _SOURCE.ref_number)))
NEWEST_FIRST = "-added"


@dataclass(frozen=True)
class SourceLine:
    """A source in a list. `incidents` counts those this viewer may see."""

    reference: str
    title: str
    kind: str
    kind_label: str
    publisher: str | None
    # In short words, and EDTF; None = nobody says.
    published: str | None
    published_edtf: str | None
    language: str | None
    added_at: datetime
    incidents: int
    closed: bool
    protected: bool


def kind_labels(session: Session) -> Mapping[str, str]:
    """Code → label of every kind of source, retired ones too, in their order."""
    terms = choices(session, "source_kind", retired=True)["source_kind"]
    return {term.code: term.label for term in terms}


def page_of_sources(
    session: Session,
    viewer: Viewer,
    asked: PageAsked,
    wanted: SourceFilter,
    kinds: Mapping[str, str],
) -> Page[SourceLine]:
    """`kinds` are `kind_labels`. Three statements."""
    conditions = (visible_source(viewer), *wanted.conditions(viewer))
    # The paged statement is still one of whole sources, which its type no longer says.
    statement: Any = paging.paged(select(Source).where(*conditions), asked)
    found: Sequence[Source] = session.exec(statement).all()
    rows, more, before = paging.cut(found, asked)
    count = session.exec(select(func.count()).select_from(Source).where(*conditions)).one()
    counts = incident_counts(session, viewer, [row.id for row in rows if row.id is not None])
    tokens = [
        paging.token(asked.order, (rows[at].ref_year, rows[at].ref_number), backwards=at == 0)
        if rows
        else None
        for at in (0, -1)
    ]
    return Page(
        rows=tuple(_line(row, kinds, counts.get(row.id or 0, 0)) for row in rows),
        count=count,
        next=tokens[1] if more else None,
        previous=tokens[0] if before else None,
    )


def incident_counts(
    session: Session, viewer: Viewer, source_ids: Collection[int]
) -> Mapping[int, int]:
    """Source id → incidents logged from it that this viewer may see; none are left out."""
    if not source_ids:
        return {}
    counted = session.exec(
        select(Citation.source_id, func.count(func.distinct(Citation.incident_id)))
        .join(Incident, col(Incident.id) == col(Citation.incident_id))
        .where(col(Citation.source_id).in_(source_ids), visible(viewer))
        .group_by(col(Citation.source_id))
    )
    return dict(counted.all())


def _line(source: Source, kinds: Mapping[str, str], incidents: int) -> SourceLine:
    published = source.published_edtf
    return SourceLine(
        reference=source.reference,
        title=source.title,
        kind=source.kind,
        kind_label=kinds.get(source.kind, source.kind),
        publisher=source.publisher,
        published=edtf.in_short(published) if published else None,
        published_edtf=published,
        language=source.language,
        added_at=source.created_at,
        incidents=incidents,
        closed=source.closed_reason is not None,
        protected=source.protected,
    )
