"""Verbs over sources: prepare their bytes, check, add, edit, close and reopen them."""

from incidents.source.actions.content import Prepared, decoded, prepare
from incidents.source.actions.write import (
    add_source,
    check_source,
    close_source,
    edit_source,
    reopen_source,
)

__all__ = [
    "Prepared",
    "add_source",
    "check_source",
    "close_source",
    "decoded",
    "edit_source",
    "prepare",
    "reopen_source",
]
