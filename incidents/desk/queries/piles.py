"""Reads what lies on one's desk: returned, drafts, waiting for review, sources nobody has logged.

The same number of statements however much there is. Everything is asked through `visible`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Executable, Row, Select, exists, func, null, or_, select
from sqlmodel import Session, col

from incidents import edtf
from incidents.account.models import Account
from incidents.incident.filters.predicates import returned
from incidents.incident.models import Citation, Incident
from incidents.incident.rights import visible, visible_source
from incidents.incident.types import TYPES
from incidents.review.models import Correction, Review
from incidents.review.queries import for_review_by, not_written_by
from incidents.source.models import Source
from incidents.viewer import Viewer
from incidents.vocabulary.queries import labels_of

SHOWN = 10
Line = TypeVar("Line")


@dataclass(frozen=True)
class Remark:
    reviewer: str
    words: str


@dataclass(frozen=True)
class IncidentLine:
    """One incident, or a correction of it; `missing` is what it needs to be submitted."""

    reference: str
    type: str
    # "" while nobody has given it one.
    title: str
    source: str
    author: str
    since: datetime
    missing: tuple[str, ...] = ()
    correction: bool = False
    remark: Remark | None = None


@dataclass(frozen=True)
class SourceLine:
    reference: str
    title: str
    kind: str
    language: str | None
    # "14 Dec 2011"; "" when nobody says.
    published: str
    added_at: datetime


@dataclass(frozen=True)
class Pile(Generic[Line]):
    """The first of them, and how many there are in all."""

    count: int
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Desk:
    returned: Pile[IncidentLine]
    drafts: Pile[IncidentLine]
    # Oldest first; None for who reviews nothing.
    awaiting: Pile[IncidentLine] | None
    unlogged: Pile[SourceLine]


@dataclass(frozen=True)
class ReadersDesk:
    """What who records nothing sees: the incidents approved last."""

    approved: Pile[IncidentLine]


def desk_of(session: Session, viewer: Viewer) -> Desk:
    """For who records or reviews."""
    mine = col(Incident.created_by) == viewer.account_id
    draft = col(Incident.status) == "draft"
    sent_back = _rows(session, _incidents(viewer, mine, returned()))
    drafts = _rows(session, _incidents(viewer, mine, draft, ~returned()))
    own = col(Correction.author_id) == viewer.account_id
    again = _rows(session, _corrections(viewer, "draft", own, _sent_back()))
    fresh = _rows(session, _corrections(viewer, "draft", own, ~_sent_back()))
    waiting: list[Row[Any]] = []
    corrections: list[Row[Any]] = []
    if viewer.may_review:
        waiting = _rows(session, _incidents(viewer, *for_review_by(viewer), newest=False))
        submitted = _corrections(viewer, "submitted", *not_written_by(viewer), newest=False)
        corrections = _rows(session, submitted)
    rows = [*sent_back, *again, *drafts, *fresh, *waiting, *corrections]
    words = _Words(session, viewer, rows)
    awaiting = words.pile(
        [*waiting, *corrections], _total_of(waiting) + _total_of(corrections), newest=False
    )
    return Desk(
        returned=words.pile([*sent_back, *again], _total_of(sent_back) + _total_of(again)),
        drafts=words.pile([*drafts, *fresh], _total_of(drafts) + _total_of(fresh)),
        awaiting=awaiting if viewer.may_review else None,
        unlogged=_unlogged(session, viewer),
    )


def readers_desk_of(session: Session, viewer: Viewer) -> ReadersDesk:
    """For who only reads."""
    rows = _rows(session, _incidents(viewer, col(Incident.status) == "approved"))
    return ReadersDesk(_Words(session, viewer, rows).pile(rows, _total_of(rows)))


_INCIDENT: tuple[Any, ...] = (
    col(Incident.id).label("incident_id"),
    col(Incident.ref_year),
    col(Incident.ref_number),
    col(Incident.type),
    col(Incident.title),
    col(Incident.place_id),
    col(Incident.date_edtf),
    col(Incident.date_not_known),
    col(Incident.details),
    col(Account.name).label("author"),
)


def _incidents(
    viewer: Viewer, *conditions: ColumnElement[bool], newest: bool = True
) -> Select[Any]:
    since = col(Incident.updated_at)
    return (
        select(*_INCIDENT, since.label("since"), null().label("correction_id"), _total())
        .outerjoin(Account, col(Account.id) == col(Incident.created_by))
        .where(visible(viewer), *conditions)
        .order_by(*((since.desc(), col(Incident.id).desc()) if newest else (since, Incident.id)))
        .limit(SHOWN)
    )


def _corrections(
    viewer: Viewer, status: str, *conditions: ColumnElement[bool], newest: bool = True
) -> Select[Any]:
    since, number = col(Correction.updated_at), col(Correction.id)
    return (
        select(*_INCIDENT, since.label("since"), number.label("correction_id"), _total())
        .join(Correction, col(Correction.incident_id) == col(Incident.id))
        .outerjoin(Account, col(Account.id) == col(Correction.author_id))
        .where(visible(viewer), col(Correction.status) == status, *conditions)
        .order_by(*((since.desc(), number.desc()) if newest else (since, number)))
        .limit(SHOWN)
    )


def _sent_back() -> ColumnElement[bool]:
    """Over `Correction`: a reviewer returned it."""
    return exists(
        select(col(Review.id)).where(
            col(Review.correction_id) == col(Correction.id), col(Review.decision) == "return"
        )
    )


def _unlogged(session: Session, viewer: Viewer) -> Pile[SourceLine]:
    """Open sources that no incident this viewer may see cites, oldest first."""
    cited = exists(
        select(col(Citation.id))
        .join(Incident, col(Incident.id) == col(Citation.incident_id))
        .where(col(Citation.source_id) == col(Source.id), visible(viewer))
    )
    rows = _rows(
        session,
        select(
            col(Source.ref_year),
            col(Source.ref_number),
            col(Source.title),
            col(Source.kind),
            col(Source.language),
            col(Source.published_edtf),
            col(Source.created_at),
            _total(),
        )
        .where(visible_source(viewer), col(Source.closed_reason).is_(None), ~cited)
        .order_by(col(Source.created_at), col(Source.id))
        .limit(SHOWN),
    )
    kinds = labels_of(session, "source_kind", [row.kind for row in rows])
    lines = tuple(
        SourceLine(
            reference=f"SRC-{row.ref_year}-{row.ref_number:05d}",
            title=row.title,
            kind=kinds[row.kind],
            language=row.language,
            published=edtf.in_short(row.published_edtf) if row.published_edtf else "",
            added_at=row.created_at,
        )
        for row in rows
    )
    return Pile(_total_of(rows), lines)


class _Words:
    """What is read once for all piles: the sources' titles and the reviewers' remarks."""

    def __init__(self, session: Session, viewer: Viewer, rows: Sequence[Row[Any]]) -> None:
        self._sources = _source_titles(session, viewer, {row.incident_id for row in rows})
        self._remarks = _remarks(session, rows)

    def pile(
        self, rows: Sequence[Row[Any]], count: int, *, newest: bool = True
    ) -> Pile[IncidentLine]:
        ordered = sorted(rows, key=lambda row: row.since, reverse=newest)
        return Pile(count, tuple(self._line(row) for row in ordered[:SHOWN]))

    def _line(self, row: Row[Any]) -> IncidentLine:
        return IncidentLine(
            reference=f"INC-{row.ref_year}-{row.ref_number:05d}",
            type=row.type,
            title=row.title,
            source=self._sources.get(row.incident_id, ""),
            author=row.author or "operator",
            since=row.since,
            missing=_missing(row),
            correction=row.correction_id is not None,
            remark=self._remarks.get((row.incident_id, row.correction_id)),
        )


def _source_titles(session: Session, viewer: Viewer, ids: set[int]) -> Mapping[int, str]:
    """Of each incident's first citation whose source this viewer may see."""
    rows = session.execute(
        select(col(Citation.incident_id), col(Source.title))
        .join(Source, col(Source.id) == col(Citation.source_id))
        .where(col(Citation.incident_id).in_(ids), visible_source(viewer))
        .order_by(col(Citation.incident_id), col(Citation.position).desc())
    )
    return {row.incident_id: row.title for row in rows}


def _remarks(session: Session, rows: Sequence[Row[Any]]) -> Mapping[tuple[int, int | None], Remark]:
    """By (incident, correction or None): the words of the last return."""
    found = session.execute(
        select(
            col(Review.incident_id),
            col(Review.correction_id),
            col(Account.name),
            col(Review.reason),
        )
        .join(Account, col(Account.id) == col(Review.reviewer_id))
        .where(
            col(Review.decision) == "return",
            or_(
                col(Review.incident_id).in_({row.incident_id for row in rows}),
                col(Review.correction_id).in_({row.correction_id for row in rows} - {None}),
            ),
        )
        .order_by(col(Review.id))
    )
    return {(row[0], row[1]): Remark(row[2], row[3] or "") for row in found}


def _missing(row: Row[Any]) -> tuple[str, ...]:
    """What it takes to submit, in words; the words it rests on are checked when it is submitted."""
    said = {
        "title": row.title,
        "place": row.place_id,
        "date": row.date_edtf or row.date_not_known,
        **{
            detail.label.lower(): (row.details or {}).get(detail.name)
            for detail in TYPES[row.type].details
            if detail.required
        },
    }
    return tuple(name for name, value in said.items() if not value)


def _rows(session: Session, statement: Executable) -> list[Row[Any]]:
    return list(session.execute(statement).all())


def _total() -> ColumnElement[int]:
    """How many there are without the limit, beside each row."""
    return func.count().over().label("total")


def _total_of(rows: Sequence[Row[Any]]) -> int:
    return rows[0].total if rows else 0
