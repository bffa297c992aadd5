"""Puts the figures of one measure beside each other, as different citations give them."""

from incidents import quantity
from incidents.incident.queries.views import ComparedFigure, Comparison
from incidents.incident.queries.words import Words
from incidents.incident.record import FigureSaid, Record


def comparisons(record: Record, words: Words) -> tuple[Comparison, ...]:
    """In the order of the record; a measure that one citation alone gives is none.

    Parts of a figure are left out, and so are figures of others: five women and twenty men are no
    contradiction.
    """
    groups: dict[tuple[object, ...], list[FigureSaid]] = {}
    for figure in record.figures:
        if figure.parent is None:
            who = (figure.measure, figure.unit, figure.sex, figure.age_min, figure.age_max)
            groups.setdefault(who, []).append(figure)
    return tuple(
        Comparison(
            words.term("measure", figures[0].measure),
            tuple(_row(record, words, figure) for figure in figures),
        )
        for figures in groups.values()
        if len({figure.citation for figure in figures}) > 1
    )


def _row(record: Record, words: Words, figure: FigureSaid) -> ComparedFigure:
    rests_on = record.citations[figure.citation] if figure.citation is not None else None
    source = words.sources.get(rests_on.source) if rests_on else None
    return ComparedFigure(
        low=figure.low,
        best=figure.best,
        high=figure.high,
        words=quantity.in_words(figure.low, figure.best, figure.high, figure.qualifier),
        verbatim=figure.verbatim or "",
        source=source,
        speaker=words.party(rests_on.speaker) if rests_on else "",
        mark=figure.citation + 1 if figure.citation is not None and source else None,
        in_totals=figure.in_totals,
        reason=figure.totals_reason or "",
    )
