"""Totals in words with their arithmetic (domain.md, rules 4 and 5).

Sums are made by the database. Only figures tied to another by a relation are read one by one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, exists, func, or_, select
from sqlmodel import Session, col

from incidents.db import table_of
from incidents.incident.filters import IncidentFilter, where
from incidents.incident.models import Figure, Incident, Relation
from incidents.incident.types import STATEMENTS
from incidents.viewer import Viewer
from incidents.vocabulary.types import codes, vocabulary

# Neither is taken to have happened once: counted only when the filter names them.
DEAD = ("rejected", "retracted")
TYING = ("possible_overlap", "same_victim")
MOST_GROUPS_NAMED = 3
# Of one tie: two figures and their incidents. Made once: an alias copies every column of its table.
_TWO_FIGURES = (
    *(table_of(Figure).alias(name) for name in ("one", "other")),
    *(table_of(Incident).alias(name) for name in ("its", "others")),
)


@dataclass(frozen=True)
class Overlap:
    """Figures that may count the same people: the largest, and those that may be among it."""

    largest: str
    others: tuple[str, ...]
    # What a full overlap takes off the sum of bests.
    counted_twice: int

    @property
    def in_words(self) -> str:
        are = "is" if len(self.others) == 1 else "are"
        return f"{_listed(self.others)} {are} among {self.largest}"


@dataclass(frozen=True)
class MeasureTotal:
    """One measure over the incidents of a filter; None = no figure says, or not all do.

    `low` and `high` are sums only when every figure with a number states its own.
    """

    measure: str
    low: int | None
    best: int | None
    high: int | None
    # The sum when every possible overlap is a whole one; equals `best` when there is none.
    best_if_overlapping: int | None
    # Figures in totals that say "several", or nothing.
    without_a_number: int
    # Figures with a low or a high but no best: they enter no sum of bests.
    without_a_best: int
    figures: int
    # Whether a figure in the sum is less than exact, and whether one is left after the overlaps.
    about: bool
    about_if_overlapping: bool
    overlaps: tuple[Overlap, ...] = ()

    @property
    def noun(self) -> str:
        return vocabulary("measure").terms[self.measure].extra["noun"]

    @property
    def number_words(self) -> str:
        """The sum without its noun, as "about 10"; "no number" when there is none."""
        return "no number" if self.best is None else _number(self.best, about=self.about)

    @property
    def in_words(self) -> str:
        """As "about 21 detained; about 20 if INC-2026-00006 is among INC-2026-00010"."""
        parts = [f"{self.number_words} {self.noun}"] if self.best is not None else []
        if self.overlaps and self.best_if_overlapping is not None:
            fewer = _number(self.best_if_overlapping, about=self.about_if_overlapping)
            parts.append(f"{fewer} if {self._overlaps_in_words}")
        of_what = "" if parts else f" of {self.noun}"
        for number, what in (
            (self.without_a_best, "only a range"),
            (self.without_a_number, "no number"),
        ):
            if number:
                verb = "incident gives" if number == 1 else "incidents give"
                parts.append(f"{number:,} {verb} {what}{of_what}")
        return "; ".join(parts)

    @property
    def _overlaps_in_words(self) -> str:
        if len(self.overlaps) > MOST_GROUPS_NAMED:
            return f"the incidents in {len(self.overlaps):,} possible overlaps are the same"
        return _listed([overlap.in_words for overlap in self.overlaps])


def totals(session: Session, asked: IncidentFilter, viewer: Viewer) -> list[MeasureTotal]:
    """One for each measure that has a figure in totals, in the vocabulary's order: two statements.

    Statements never count, nor rejected and retracted incidents unless the filter names the status.
    """
    counted = _counted(asked, viewer)
    sums = {row.measure: row for row in session.execute(_sums(counted))}
    if not sums:
        return []
    ties = _ties(session, counted)
    order = [*codes("measure"), *sorted(set(sums) - set(codes("measure")))]
    return [_total(sums[measure], ties.get(measure, ())) for measure in order if measure in sums]


def _counted(asked: IncidentFilter, viewer: Viewer) -> ColumnElement[bool]:
    conditions = [where(asked, viewer), col(Incident.type).not_in(STATEMENTS)]
    if not any(code in asked.values("status") for code in DEAD):
        conditions.append(col(Incident.status).not_in(DEAD))
    return and_(*conditions)


def _sums(counted: ColumnElement[bool]) -> Any:
    low, best, high = col(Figure.low), col(Figure.best), col(Figure.high)
    blank = and_(low.is_(None), best.is_(None), high.is_(None))
    # Else SQLite walks the index of measures, and every figure from there, to group them.
    measure = func.coalesce(col(Figure.measure), "")
    return (
        select(
            measure.label("measure"),
            func.sum(low).label("low"),
            func.sum(best).label("best"),
            func.sum(high).label("high"),
            func.count(low).label("lows"),
            func.count(best).label("bests"),
            func.count(high).label("highs"),
            func.sum(case((blank, 1), else_=0)).label("blanks"),
            func.sum(case((_inexact(table_of(Figure).c), 1), else_=0)).label("inexact"),
            func.count().label("figures"),
        )
        .join(Incident, col(Incident.id) == col(Figure.incident_id))
        .where(col(Figure.in_totals), col(Figure.parent_id).is_(None), counted)
        .group_by(measure)
    )


def _inexact(figure: Any) -> ColumnElement[bool]:
    """A best that is not called exact and that no equal low and high pin down."""
    exact = or_(
        func.coalesce(figure.qualifier, "") == "exact",
        and_(
            func.coalesce(figure.low, -1) == figure.best,
            func.coalesce(figure.high, -1) == figure.best,
        ),
    )
    return and_(figure.best.is_not(None), ~exact)


def _ties(
    session: Session, counted: ColumnElement[bool]
) -> Mapping[str, Sequence[tuple["_Tied", "_Tied"]]]:
    """By measure, the pairs of figures with a best whose incidents are tied, both counted."""
    one, other, its, others = _TWO_FIGURES
    statement = (
        select(one.c.measure, *_columns(one.c, its.c, "one"), *_columns(other.c, others.c, "other"))
        .select_from(Relation)
        .join(one, one.c.incident_id == col(Relation.from_id))
        .join(
            other,
            and_(other.c.incident_id == col(Relation.to_id), other.c.measure == one.c.measure),
        )
        .join(its, its.c.id == col(Relation.from_id))
        .join(others, others.c.id == col(Relation.to_id))
        .where(
            col(Relation.type).in_(TYING),
            *(
                and_(figure.c.in_totals, figure.c.parent_id.is_(None), figure.c.best.is_not(None))
                for figure in (one, other)
            ),
            *(_is_counted(end, counted) for end in (Relation.from_id, Relation.to_id)),
        )
    )
    found: dict[str, list[tuple[_Tied, _Tied]]] = {}
    for row in session.execute(statement):
        pair = (_Tied(*row[1:6]), _Tied(*row[6:11]))
        found.setdefault(row[0], []).append(pair)
    return found


def _is_counted(end: int, counted: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(
        select(col(Incident.id)).where(col(Incident.id) == col(end), counted).correlate(Relation)
    )


@dataclass(frozen=True)
class _Tied:
    id: int
    year: int
    number: int
    best: int
    inexact: int

    @property
    def reference(self) -> str:
        return f"INC-{self.year}-{self.number:05d}"


def _columns(figure: Any, incident: Any, prefix: str) -> tuple[Any, ...]:
    return (
        incident.id.label(f"{prefix}_id"),
        incident.ref_year.label(f"{prefix}_year"),
        incident.ref_number.label(f"{prefix}_number"),
        figure.best.label(f"{prefix}_best"),
        case((_inexact(figure), 1), else_=0).label(f"{prefix}_inexact"),
    )


def _total(row: Row[Any], ties: Sequence[tuple[_Tied, _Tied]]) -> MeasureTotal:
    best = int(row.best) if row.bests else None
    numbered = row.figures - row.blanks
    groups = _groups(ties)
    overlaps = tuple(_overlap(group) for group in groups)
    twice = sum(overlap.counted_twice for overlap in overlaps)
    absorbed = sum(figure.inexact for group in groups for figure in group[1:])
    return MeasureTotal(
        measure=row.measure,
        low=int(row.low) if row.lows and row.lows == numbered else None,
        best=best,
        high=int(row.high) if row.highs and row.highs == numbered else None,
        best_if_overlapping=None if best is None else best - twice,
        without_a_number=int(row.blanks),
        without_a_best=numbered - row.bests,
        figures=row.figures,
        about=row.inexact > 0,
        about_if_overlapping=row.inexact > absorbed,
        overlaps=overlaps,
    )


def _groups(ties: Sequence[tuple[_Tied, _Tied]]) -> list[list[_Tied]]:
    """What is tied, directly or through others; each with its largest first, then by reference."""
    leader: dict[_Tied, _Tied] = {}

    def find(figure: _Tied) -> _Tied:
        leader.setdefault(figure, figure)
        while leader[figure] != figure:
            leader[figure] = leader[leader[figure]]
            figure = leader[figure]
        return figure

    for one, other in ties:
        leader[find(one)] = find(other)
    members: dict[_Tied, list[_Tied]] = {}
    for figure in leader:
        members.setdefault(find(figure), []).append(figure)
    groups = [
        sorted(group, key=lambda figure: (-figure.best, figure.year, figure.number))
        for group in members.values()
    ]
    return sorted(groups, key=lambda group: (group[0].year, group[0].number))


def _overlap(group: Sequence[_Tied]) -> Overlap:
    largest, *others = group
    return Overlap(
        largest=largest.reference,
        others=tuple(
            figure.reference for figure in sorted(others, key=lambda one: (one.year, one.number))
        ),
        counted_twice=sum(figure.best for figure in others),
    )


def _number(number: int, *, about: bool) -> str:
    return f"about {number:,}" if about else f"{number:,}"


def _listed(words: Sequence[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last
