"""What several figures of one measure, and the parts of one, have to say about each other."""

from collections.abc import Iterator, Mapping, Sequence

from incidents import quantity
from incidents.errors import FieldErrors
from incidents.incident.record.value import FigureSaid
from incidents.incident.types import IncidentType
from incidents.vocabulary.types import vocabulary


def check_chosen(
    figures: Sequence[FigureSaid], declared: IncidentType, errors: FieldErrors
) -> None:
    """Where several whole figures of one measure differ, one is in totals, with its reason."""
    if declared.statement:
        return
    by_measure: dict[str, list[int]] = {}
    for index, figure in enumerate(figures):
        if figure.parent is None:
            by_measure.setdefault(figure.measure, []).append(index)
    for measure, indexes in by_measure.items():
        if len({_numbers(figures[index]) for index in indexes}) < 2:
            continue
        name = vocabulary("measure").label(measure).lower()
        chosen = [index for index in indexes if figures[index].in_totals]
        if not chosen:
            told = f"Choose which of these figures of {name} is used in totals."
            errors.add(f"figures.{indexes[0]}.in_totals", told)
        # More than one is told for a draft already.
        elif len(chosen) == 1 and not (figures[chosen[0]].totals_reason or "").strip():
            told = f"Say why this figure is used in totals: another one of {name} differs."
            errors.add(f"figures.{chosen[0]}.totals_reason", told)


def beyond_their_whole(figures: Sequence[FigureSaid]) -> Mapping[int, str]:
    """Index of a whole figure → a sentence where its parts come to more than it can be.

    A breakdown by sex and one by age are each of the whole: they are summed apart. A warning and no
    error: a source may say so.
    """
    told = {}
    for index, whole in enumerate(figures):
        most = whole.high if whole.high is not None else whole.best
        if whole.parent is not None or most is None:
            continue
        for kind, total in _sums(figures, index):
            if total > most:
                words = quantity.in_words(whole.low, whole.best, whole.high, whole.qualifier)
                told[index] = f"The parts{kind} come to {total:,}, more than the whole: {words}."
                break
    return told


def _sums(figures: Sequence[FigureSaid], whole: int) -> Iterator[tuple[str, int]]:
    """For each way it is broken down, how it is said and the least its parts come to."""
    sums: dict[tuple[bool, bool], int] = {}
    for figure in figures:
        least = next(
            (n for n in (figure.best, figure.low, figure.high) if n is not None),
            None,
        )
        if figure.parent != whole or least is None:
            continue
        by_age = figure.age_min is not None or figure.age_max is not None
        by = (figure.sex is not None, by_age)
        sums[by] = sums.get(by, 0) + least
    said = {(True, False): " by sex", (False, True): " by age", (True, True): " by sex and age"}
    for by, total in sums.items():
        yield said.get(by, ""), total


def _numbers(figure: FigureSaid) -> tuple[int | None, int | None, int | None]:
    return figure.low, figure.best, figure.high
