"""Checks a record against its type and the vocabularies: one set of rules for form, import and API.

Owns every rule that needs no database. Whether a quote stands in its snapshot is the action's to
see.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from incidents import edtf
from incidents.dates_counted import ANCHORS, MOST, SIDES, UNITS
from incidents.errors import FieldErrors
from incidents.folding import UNSTORABLE, has_unstorable
from incidents.incident.record.figures import check_chosen
from incidents.incident.record.value import CitationSaid, CountedSaid, FigureSaid, Record
from incidents.incident.types import PARTS, TYPES, Detail, IncidentType, Kind

# Codes in use by vocabulary: the package's and what the team added.
Vocabularies = Mapping[str, frozenset[str]]

TITLE_LENGTH = 300
TEXT_LENGTH = 20_000
_DURATION = re.compile(
    r"P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?", re.ASCII
)
_FIELD_PATHS = ("date", "place", "involvements", "title", "summary", "subject_place")
_CODED = {
    "date.precision": "date_precision",
    "date.basis": "date_basis",
    "place_precision": "place_precision",
    "publication": "publication",
    "measure": "measure",
    "qualifier": "qualifier",
    "sex": "sex",
    "stance": "stance",
    "utterance": "utterance",
    "basis": "citation_basis",
    "role": "role",
    "attribution": "attribution",
    "relationship": "relationship",
    "type": "relation",
    "asserted_by": "asserted_by",
}


def check(record: Record, vocabularies: Vocabularies, *, complete: bool) -> None:
    """Raise FieldErrors with every fault found; `complete` asks for what submitting needs.

    Source of the rules: docs/domain.md, "Fields" and "Rules that keep the data true".
    """
    errors = FieldErrors()
    declared = TYPES.get(record.type)
    if declared is None:
        raise FieldErrors({"type": "Choose one of the twelve types."})
    _check_texts(record, errors)
    _check_date(record, vocabularies, errors)
    check_details(record, declared, vocabularies, errors)
    _check_citations(record, declared, vocabularies, errors)
    _check_figures(record, declared, vocabularies, errors)
    _check_involvements(record, vocabularies, errors)
    for path, name in (("place_precision", "place_precision"), ("publication", "publication")):
        _check_code(getattr(record, path), name, path, vocabularies, errors)
    if complete:
        _check_complete(record, declared, errors)
    if errors:
        raise errors


def field_paths(declared: IncidentType) -> frozenset[str]:
    """Every path a citation of this type may support; figures are `figures.<measure>`."""
    return frozenset(_paths_in_order(declared))


def fields_in_order(fields: Iterable[str], declared: IncidentType) -> tuple[str, ...]:
    """Each once: the record's own, the details as declared, then figures and what is unknown.

    What a quote supports has no order of its own; two people who tick the same boxes say the same.
    """
    position = {path: index for index, path in enumerate(_paths_in_order(declared))}
    return tuple(sorted(set(fields), key=lambda path: (position.get(path, len(position)), path)))


def _paths_in_order(declared: IncidentType) -> tuple[str, ...]:
    return *_FIELD_PATHS, *(f"details.{detail.name}" for detail in declared.details)


def _check_texts(record: Record, errors: FieldErrors) -> None:
    for path, value in texts("", record.model_dump(mode="json")):
        if has_unstorable(value):
            errors.add(path, UNSTORABLE)
        limit = TITLE_LENGTH if path == "title" else TEXT_LENGTH
        if len(value) > limit:
            errors.add(path, f"This is {len(value):,} characters long; {limit:,} fit.")


def texts(path: str, value: Any) -> Iterator[tuple[str, str]]:
    """Every text in nested values with its path, as `citations.0.note`."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(f"{path}.{key}" if path else key, inner)
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from texts(f"{path}.{index}", inner)


def _check_code(
    value: str | None, vocabulary: str, path: str, vocabularies: Vocabularies, errors: FieldErrors
) -> None:
    if value is not None and value not in vocabularies[vocabulary]:
        errors.add(path, f"“{value}” is not one of the choices.")


def _check_date(record: Record, vocabularies: Vocabularies, errors: FieldErrors) -> None:
    when = record.date
    _check_code(when.precision, "date_precision", "date.precision", vocabularies, errors)
    _check_code(when.basis, "date_basis", "date.basis", vocabularies, errors)
    if when.edtf is None:
        return
    if when.not_known:
        errors.add("date", "Give a date, or say that it is not known; not both.")
    _check_edtf(when.edtf, "date", errors)
    if when.counted is not None:
        _check_counted(when.counted, when.edtf, errors)


def _check_counted(said: CountedSaid, stored: str, errors: FieldErrors) -> None:
    """What is stored must be what it comes to: else one of the two is wrong."""
    known = said.unit in UNITS and said.side in SIDES and said.anchored in ANCHORS
    if not known or not 0 <= said.amount <= MOST:
        errors.add("date", "Count a date as in “four days before 16 Dec 2011”.")
        return
    try:
        if said.counted.edtf != edtf.canonical(stored):
            errors.add("date", "This is not the day it was counted to. Type the date again.")
    except edtf.DateError as error:
        errors.add("date", str(error))


def _check_edtf(value: str, path: str, errors: FieldErrors) -> None:
    try:
        edtf.bounds(value)
    except edtf.DateError as error:
        errors.add(path, str(error))


def check_details(
    record: Record, declared: IncidentType, vocabularies: Vocabularies, errors: FieldErrors
) -> None:
    """Add the faults of the details alone, whatever else of the record can't be read yet."""
    for name, value in record.details.items():
        path = f"details.{name}"
        detail = declared.detail(name)
        if detail is None:
            errors.add(path, f"“{name}” is not a detail of {declared.label.lower()}.")
        else:
            _check_detail(detail, value, path, vocabularies, errors)


def _check_detail(
    detail: Detail, value: Any, path: str, vocabularies: Vocabularies, errors: FieldErrors
) -> None:
    if detail.kind in (Kind.TEXT, Kind.CHOICE, Kind.EDTF, Kind.DURATION):
        if not isinstance(value, str) or not value.strip():
            errors.add(path, "This must be words; leave it out when nobody says.")
        elif detail.kind is Kind.CHOICE:
            _check_code(value, detail.vocabulary, path, vocabularies, errors)
        elif detail.kind is Kind.EDTF:
            _check_edtf(value, path, errors)
        elif detail.kind is Kind.DURATION and not _DURATION.fullmatch(value):
            errors.add(path, "Type how long as “4 days”, “2 weeks”, “36 hours” or P4D.")
        return
    if not isinstance(value, list | tuple) or not value:
        errors.add(path, "This must be a list; leave it out when nobody says.")
        return
    for index, item in enumerate(value):
        _check_item(detail, item, f"{path}.{index}", vocabularies, errors)


def _check_item(
    detail: Detail, item: Any, path: str, vocabularies: Vocabularies, errors: FieldErrors
) -> None:
    if detail.kind in PARTS:
        if not isinstance(item, dict) or set(item) - set(PARTS[detail.kind]):
            errors.add(path, f"This takes {', '.join(PARTS[detail.kind])}.")
        elif any(
            not isinstance(part, str | None) for name, part in item.items() if name != "amount"
        ):
            errors.add(path, "Each part must be words; leave it out when nobody says.")
        elif detail.kind is Kind.SAID:
            _check_said(detail, item, path, vocabularies, errors)
        else:
            _check_price(item, path, errors)
    elif not isinstance(item, str) or not item.strip():
        errors.add(path, "This must be words.")
    elif detail.kind is Kind.CHOICES:
        _check_code(item, detail.vocabulary, path, vocabularies, errors)


def _check_said(
    detail: Detail,
    item: Mapping[str, Any],
    path: str,
    vocabularies: Vocabularies,
    errors: FieldErrors,
) -> None:
    if not str(item.get("text") or "").strip():
        errors.add(path, "Say what was said.")
    _check_code(item.get("stance"), detail.vocabulary, path, vocabularies, errors)


def _check_price(item: Mapping[str, Any], path: str, errors: FieldErrors) -> None:
    amount = item.get("amount")
    if not str(item.get("item") or "").strip():
        errors.add(path, "Say what the price is of.")
    if amount is not None and (
        isinstance(amount, bool) or not isinstance(amount, int | float) or not 0 <= amount < 1e15
    ):
        errors.add(path, "The amount must be a number.")
    if item.get("currency") and not re.fullmatch(r"[A-Z]{3}", str(item["currency"])):
        errors.add(path, "Type the currency as three letters, as KZT or USD.")


def _check_citations(
    record: Record, declared: IncidentType, vocabularies: Vocabularies, errors: FieldErrors
) -> None:
    if not record.citations:
        errors.add("citations", "Name the source this rests on.")
    known = field_paths(declared) | {f"figures.{figure.measure}" for figure in record.figures}
    for index, citation in enumerate(record.citations):
        path = f"citations.{index}"
        for name in ("stance", "utterance", "basis"):
            value = getattr(citation, name)
            _check_code(value, _CODED[name], f"{path}.{name}", vocabularies, errors)
        if citation.credibility is not None and not 1 <= citation.credibility <= 6:
            errors.add(f"{path}.credibility", "Credibility is a grade from 1 to 6.")
        for field in citation.fields:
            if field not in known:
                errors.add(f"{path}.fields", f"“{field}” is not a field of this record.")
        _check_quote(citation, path, errors)


def _check_quote(citation: CitationSaid, path: str, errors: FieldErrors) -> None:
    quote = citation.quote
    if quote is not None and not quote.sealed and not quote.exact.strip():
        errors.add(f"{path}.quote", "The quote is empty.")


def _check_figures(
    record: Record, declared: IncidentType, vocabularies: Vocabularies, errors: FieldErrors
) -> None:
    counted: set[str] = set()
    for index, figure in enumerate(record.figures):
        path = f"figures.{index}"
        for name in ("measure", "qualifier", "sex"):
            value = getattr(figure, name)
            _check_code(value, _CODED[name], f"{path}.{name}", vocabularies, errors)
        _check_numbers(figure, path, errors)
        if figure.citation is not None and not 0 <= figure.citation < len(record.citations):
            errors.add(f"{path}.citation", "The citation this rests on is not in the record.")
        if figure.parent is not None and not 0 <= figure.parent < index:
            errors.add(f"{path}.parent", "A breakdown must follow the figure it breaks down.")
        if figure.in_totals and figure.parent is None:
            if declared.statement:
                errors.add(f"{path}.in_totals", "A statement never enters totals.")
            if figure.measure in counted:
                errors.add(
                    f"{path}.in_totals",
                    "Only one figure of a measure can be in totals. Untick one of them.",
                )
            counted.add(figure.measure)


def _check_numbers(figure: FigureSaid, path: str, errors: FieldErrors) -> None:
    said = [("Low", figure.low), ("Best", figure.best), ("High", figure.high)]
    given = [(label, number) for label, number in said if number is not None]
    for label, number in given:
        if not 0 <= number <= 2_000_000_000:
            errors.add(path, f"“{label}” must be between 0 and 2,000,000,000.")
    for (low_label, low), (high_label, high) in pairwise(given):
        if low > high:
            errors.add(
                path,
                f"“{low_label}” is {low:,} but “{high_label}” is {high:,}."
                " One of them must change.",
            )
    ages = [age for age in (figure.age_min, figure.age_max) if age is not None]
    if ages != sorted(ages) or any(not 0 <= age <= 150 for age in ages):
        errors.add(f"{path}.age_min", "The ages must be between 0 and 150, the lower one first.")


def _check_involvements(record: Record, vocabularies: Vocabularies, errors: FieldErrors) -> None:
    for index, involvement in enumerate(record.involvements):
        path = f"involvements.{index}"
        for name in ("role", "attribution", "relationship"):
            value = getattr(involvement, name)
            _check_code(value, _CODED[name], f"{path}.{name}", vocabularies, errors)
        if (involvement.relationship is None) != (involvement.relationship_to is None):
            errors.add(path, "A relationship needs both what it is and to whom.")
    for index, relation in enumerate(record.relations):
        path = f"relations.{index}"
        _check_code(relation.type, "relation", f"{path}.type", vocabularies, errors)
        _check_code(
            relation.asserted_by, "asserted_by", f"{path}.asserted_by", vocabularies, errors
        )


def _check_complete(record: Record, declared: IncidentType, errors: FieldErrors) -> None:
    if not record.title.strip():
        errors.add("title", "Give it a title.")
    if record.date.edtf is None and not record.date.not_known:
        errors.add("date", "Give a date, or say that it is not known.")
    if record.place is None:
        errors.add("place", "Say where, as precisely as a source does; a country is enough.")
    for detail in declared.required:
        if detail.name not in record.details:
            errors.add(f"details.{detail.name}", f"“{detail.label}” is needed to submit this.")
    check_chosen(record.figures, declared, errors)
    for index, figure in enumerate(record.figures):
        if figure.citation is None:
            errors.add(f"figures.{index}.citation", "Say which citation this figure rests on.")
