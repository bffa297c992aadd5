"""Writes the vocabularies: shipped terms into the database, and places."""

from incidents.vocabulary.actions.chosen import place_added, places_chosen
from incidents.vocabulary.actions.places import (
    LONGEST_NAME,
    add_place,
    adopt_settlement,
    place_as_typed,
    said_of,
    save_place,
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
    "edit_term",
    "place_added",
    "place_as_typed",
    "places_chosen",
    "restore_term",
    "retire_term",
    "said_of",
    "save_place",
    "sync_terms",
]
