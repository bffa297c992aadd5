"""Verbs over incidents: write a record, move its status, seal it; add, rename and erase parties."""

from incidents.incident.actions.computed import recompute
from incidents.incident.actions.entry import record_from_entry
from incidents.incident.actions.parties import (
    PartySaid,
    add_event,
    add_party,
    edit_party,
    erase_party,
    party_called,
    reveal_name,
    set_privacy,
)
from incidents.incident.actions.prepare import prepared, with_hidden_relations
from incidents.incident.actions.state import deciding, move, restrict
from incidents.incident.actions.write import edit_incident, record_incident, replace_record

__all__ = [
    "PartySaid",
    "add_event",
    "add_party",
    "deciding",
    "edit_incident",
    "edit_party",
    "erase_party",
    "move",
    "party_called",
    "prepared",
    "recompute",
    "record_from_entry",
    "record_incident",
    "replace_record",
    "restrict",
    "reveal_name",
    "set_privacy",
    "with_hidden_relations",
]
