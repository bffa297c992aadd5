"""Every exportable column, one ordered list per table: what is not listed here cannot leak.

Files, codebook and import mapping derive from it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from incidents.incident.columns.citations import CITATIONS
from incidents.incident.columns.codebook import app_version, codebook_version
from incidents.incident.columns.column import Audience, Column, ColumnSet, Context, Type, cells
from incidents.incident.columns.incidents import FULL
from incidents.incident.columns.links import RELATIONS, SOURCES
from incidents.incident.columns.people import FIGURES, PARTIES
from incidents.incident.columns.report import REPORT

__all__ = [
    "TABLES",
    "Audience",
    "Column",
    "ColumnSet",
    "Context",
    "Type",
    "app_version",
    "cells",
    "codebook_version",
    "columns_of",
]

TABLES: Mapping[str, tuple[Column[Any], ...]] = MappingProxyType(
    {
        "incidents": (*FULL, *REPORT),
        "citations": CITATIONS,
        "parties": PARTIES,
        "figures": FIGURES,
        "relations": RELATIONS,
        "sources": SOURCES,
    }
)


def columns_of(table: str, chosen: ColumnSet, *, internal: bool) -> tuple[Column[Any], ...]:
    """The columns of one set in order, without those that are for the internal profile only."""
    return tuple(
        column
        for column in TABLES[table]
        if chosen in column.sets and (internal or column.audience is Audience.ALL)
    )
