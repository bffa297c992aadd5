"""Writes the vocabularies: shipped terms into the database, and places."""

from incidents.vocabulary.actions.chosen import places_chosen
from incidents.vocabulary.actions.places import (
    LONGEST_NAME,
    add_place,
    adopt_settlement,
    edit_place,
    said_of,
)
from incidents.vocabulary.actions.terms import (
    add_term,
    edit_term,
    restore_term,
    retire_term,
    sync_terms,
)

__all__ = [
    "LONGEST_NAME",
    "add_place",
    "add_term",
    "adopt_settlement",
    "edit_place",
    "edit_term",
    "places_chosen",
    "restore_term",
    "retire_term",
    "said_of",
    "sync_terms",
]
