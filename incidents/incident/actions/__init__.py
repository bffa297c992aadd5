"""Verbs over incidents: write a record, move its status, seal it; add, name, merge and erase
parties.
"""

from incidents.incident.actions.computed import recompute
from incidents.incident.actions.entry import record_from_entry
from incidents.incident.actions.events import add_event, edit_event
from incidents.incident.actions.named import edit_place, edit_source
from incidents.incident.actions.parties import (
    PartySaid,
    add_party,
    edit_party,
    party_as_typed,
    set_privacy,
)
from incidents.incident.actions.party_merge import MergeAsked, merge_parties, undo_merge
from incidents.incident.actions.party_names import (
    Revealed,
    erase_party,
    reveal_name,
    reveal_names,
)
from incidents.incident.actions.prepare import check_quotes, prepared, with_hidden_relations
from incidents.incident.actions.search import mend_search, reindex
from incidents.incident.actions.state import deciding, move, restrict
from incidents.incident.actions.stories import make_one_story, make_own_story
from incidents.incident.actions.write import edit_incident, record_incident, replace_record

__all__ = [
    "MergeAsked",
    "PartySaid",
    "Revealed",
    "add_event",
    "add_party",
    "check_quotes",
    "deciding",
    "edit_event",
    "edit_incident",
    "edit_party",
    "edit_place",
    "edit_source",
    "erase_party",
    "make_one_story",
    "make_own_story",
    "mend_search",
    "merge_parties",
    "move",
    "party_as_typed",
    "prepared",
    "recompute",
    "record_from_entry",
    "record_incident",
    "reindex",
    "replace_record",
    "restrict",
    "reveal_name",
    "reveal_names",
    "set_privacy",
    "undo_merge",
    "with_hidden_relations",
]
