"""Verbs over sources: prepare their bytes, check, add, edit, close and reopen them."""

from incidents.source.actions.captures import forget_capture
from incidents.source.actions.content import Prepared, prepare, read, shown_name
from incidents.source.actions.fetching import fetched_content, suspect
from incidents.source.actions.reading import note_open, note_read
from incidents.source.actions.recompute import recompute_addresses
from incidents.source.actions.regroup import regroup_source
from incidents.source.actions.sketches import mend_sketches
from incidents.source.actions.snapshot import add_snapshot, key_for_copies
from incidents.source.actions.write import (
    add_source,
    check_source,
    close_source,
    reopen_source,
    save_source,
    source_as_typed,
)

__all__ = [
    "Prepared",
    "add_snapshot",
    "add_source",
    "check_source",
    "close_source",
    "fetched_content",
    "forget_capture",
    "key_for_copies",
    "mend_sketches",
    "note_open",
    "note_read",
    "prepare",
    "read",
    "recompute_addresses",
    "regroup_source",
    "reopen_source",
    "save_source",
    "shown_name",
    "source_as_typed",
    "suspect",
]
