"""Reads sources: one by its reference, pages of them, the reading room, texts to quote from."""

from incidents.source.queries.listing import (
    NEWEST_FIRST,
    ORDERS,
    SourceLine,
    kind_labels,
    page_of_sources,
)
from incidents.source.queries.lookup import (
    facts_of,
    parsed_reference,
    said_of,
    source_by_reference,
    texts_for_quotes,
)
from incidents.source.queries.room import snapshot_file, source_page
from incidents.source.queries.sealed import snapshot_bytes, snapshot_text, source_key
from incidents.source.queries.views import SourcePage

__all__ = [
    "NEWEST_FIRST",
    "ORDERS",
    "SourceLine",
    "SourcePage",
    "facts_of",
    "kind_labels",
    "page_of_sources",
    "parsed_reference",
    "said_of",
    "snapshot_bytes",
    "snapshot_file",
    "snapshot_text",
    "source_by_reference",
    "source_key",
    "source_page",
    "texts_for_quotes",
]
