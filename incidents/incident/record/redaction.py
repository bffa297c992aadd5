"""What is left of a record for a redacted view: a person is protected, not the fact."""

from collections.abc import Collection, Mapping
from typing import Any

from incidents.incident.record.value import CitationSaid, CountedSaid, FigureSaid, Record, When
from incidents.incident.types import TYPES, Kind


def redacted(
    record: Record, *, withheld: Collection[int], protected_sources: Collection[int]
) -> Record:
    """domain.md, "Who sees what": notes, `said`, verbatims and protected parties' words are left
    out.

    `withheld` are positions of the citations that hold such words. Citations of protected sources
    are left out whole; what rested on them rests on nothing.
    """
    kept = [
        index
        for index, citation in enumerate(record.citations)
        if citation.source not in protected_sources
    ]
    place = {old: new for new, old in enumerate(kept)}
    return record.model_copy(
        update={
            "notes": None,
            "place_verbatim": None,
            "date": record.date.model_copy(
                update={"verbatim": None, "counted": _counted(record.date, protected_sources)}
            ),
            "details": shown_details(record.type, record.details),
            "figures": tuple(_figure(figure, place) for figure in record.figures),
            "citations": tuple(
                _citation(record.citations[index], withheld=index in withheld) for index in kept
            ),
            "involvements": tuple(
                one.model_copy(update={"note": None}) for one in record.involvements
            ),
            "relations": tuple(one.model_copy(update={"note": None}) for one in record.relations),
        }
    )


def _counted(when: When, protected_sources: Collection[int]) -> CountedSaid | None:
    """How a date was counted, unless it tells when a protected source is of."""
    counted = when.counted
    return None if counted and counted.source in protected_sources else counted


def shown_details(type_code: str, details: Mapping[str, Any]) -> dict[str, Any]:
    """A type's details without what was said."""
    said = {detail.name for detail in TYPES[type_code].details if detail.kind is Kind.SAID}
    return {name: value for name, value in details.items() if name not in said}


def _figure(figure: FigureSaid, place: dict[int, int]) -> FigureSaid:
    rests_on = place.get(figure.citation) if figure.citation is not None else None
    return figure.model_copy(update={"verbatim": None, "totals_reason": None, "citation": rests_on})


def _citation(citation: CitationSaid, *, withheld: bool) -> CitationSaid:
    left = {"note": None, "quote": None, "snapshot": None} if withheld else {"note": None}
    return citation.model_copy(update=left)
