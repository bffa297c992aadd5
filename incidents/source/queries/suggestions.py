"""Offers sources while somebody types a reference or words of a title."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from incidents import edtf
from incidents.db import table_of
from incidents.incident.rights import visible_source
from incidents.source.filters import SourceFilter
from incidents.source.models import Source
from incidents.source.queries.listing import incident_counts
from incidents.source.queries.lookup import parsed_reference
from incidents.viewer import Viewer

LIMIT = 10
_SOURCE = table_of(Source).c


@dataclass(frozen=True)
class SourceSuggestion:
    """`published` in short words; `incidents` counts those this viewer may see."""

    reference: str
    title: str
    publisher: str | None
    published: str | None
    incidents: int


def sources_suggested(
    session: Session, viewer: Viewer, wanted: SourceFilter
) -> tuple[SourceSuggestion, ...]:
    """The newest sources this viewer may see that match, at most ten; two statements.

    A whole reference is met by itself; nothing typed is met by all.
    """
    parsed = parsed_reference(wanted.q)
    conditions: list[Any] = [visible_source(viewer)]
    if parsed is not None:
        conditions += [_SOURCE.ref_year == parsed[0], _SOURCE.ref_number == parsed[1]]
    else:
        conditions += wanted.conditions(viewer)
    rows = session.exec(
        select(Source)
        .where(*conditions)
        .order_by(_SOURCE.ref_year.desc(), _SOURCE.ref_number.desc())
        .limit(LIMIT)
    ).all()
    counts = incident_counts(session, viewer, [row.id for row in rows if row.id is not None])
    return tuple(
        SourceSuggestion(
            row.reference,
            row.title,
            row.publisher,
            edtf.in_short(row.published_edtf) if row.published_edtf else None,
            counts.get(row.id or 0, 0),
        )
        for row in rows
    )
