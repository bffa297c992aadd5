"""The record: an incident with all its children as one frozen value, its checks and its
differences.
"""

from incidents.incident.record.check import Vocabularies, check
from incidents.incident.record.difference import Change, differences
from incidents.incident.record.redaction import redacted, shown_details
from incidents.incident.record.value import (
    CitationSaid,
    CountedSaid,
    FigureSaid,
    InvolvementSaid,
    Quote,
    Record,
    RelationSaid,
    When,
    from_json,
    to_json,
    to_text,
)

__all__ = [
    "Change",
    "CitationSaid",
    "CountedSaid",
    "FigureSaid",
    "InvolvementSaid",
    "Quote",
    "Record",
    "RelationSaid",
    "Vocabularies",
    "When",
    "check",
    "differences",
    "from_json",
    "redacted",
    "shown_details",
    "to_json",
    "to_text",
]
