"""The filter of a listing, shared by page, export, view, map and API."""

from incidents.incident.filters.asked import Asked, Found
from incidents.incident.filters.clauses import CLAUSES, PARAMETERS, Clause, Parameter, clauses_for
from incidents.incident.filters.filter import (
    LISTING,
    IncidentFilter,
    Pill,
    conditions,
    for_export,
    in_words,
    pills,
    where,
    with_value,
    with_values,
    without_names,
)
from incidents.incident.filters.predicates import returned, within

__all__ = [
    "CLAUSES",
    "LISTING",
    "PARAMETERS",
    "Asked",
    "Clause",
    "Found",
    "IncidentFilter",
    "Parameter",
    "Pill",
    "clauses_for",
    "conditions",
    "for_export",
    "in_words",
    "pills",
    "returned",
    "where",
    "with_value",
    "with_values",
    "within",
    "without_names",
]
