"""Reads sources: one by its reference, pages of them, the reading room, texts to quote from."""

from incidents.source.queries.archived import archived_pages
from incidents.source.queries.copies import (
    SourceToRead,
    copies_kept,
    copy_numbers,
    same_copy,
    sources_to_read,
)
from incidents.source.queries.listing import (
    NEWEST_FIRST,
    ORDERS,
    SourceLine,
    kind_labels,
    page_of_sources,
)
from incidents.source.queries.lookup import (
    facts_of,
    ids_by_reference,
    parsed_reference,
    said_of,
    said_then,
    source_by_reference,
    texts_for_quotes,
)
from incidents.source.queries.near import NearText, near_copies, near_texts
from incidents.source.queries.pieces import OpenForm, reached
from incidents.source.queries.reading import Readers, readers_of
from incidents.source.queries.room import snapshot_file, source_page
from incidents.source.queries.same import KnownSource, known_sources
from incidents.source.queries.sealed import (
    opened_words,
    sealed_words,
    snapshot_bytes,
    source_key,
)
from incidents.source.queries.suggestions import SourceSuggestion, sources_suggested
from incidents.source.queries.views import SourcePage

__all__ = [
    "NEWEST_FIRST",
    "ORDERS",
    "KnownSource",
    "NearText",
    "OpenForm",
    "Readers",
    "SourceLine",
    "SourcePage",
    "SourceSuggestion",
    "SourceToRead",
    "archived_pages",
    "copies_kept",
    "copy_numbers",
    "facts_of",
    "ids_by_reference",
    "kind_labels",
    "known_sources",
    "near_copies",
    "near_texts",
    "opened_words",
    "page_of_sources",
    "parsed_reference",
    "reached",
    "readers_of",
    "said_of",
    "said_then",
    "same_copy",
    "sealed_words",
    "snapshot_bytes",
    "snapshot_file",
    "source_by_reference",
    "source_key",
    "source_page",
    "sources_suggested",
    "sources_to_read",
    "texts_for_quotes",
]
