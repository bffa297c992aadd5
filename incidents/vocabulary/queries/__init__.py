"""Reads terms and places: what a form offers, and a place's whole path in words."""

from incidents.vocabulary.queries.offered import (
    GAZETTEER_PREFIX,
    PlaceOffered,
    gazetteer_proposes,
    place_of_settlement,
    places_offered,
    settlement_path,
    settlement_words,
)
from incidents.vocabulary.queries.places import (
    PlaceView,
    all_places,
    place_view,
    place_views,
    places_matching,
    places_meant,
    places_named,
    recent_places,
)
from incidents.vocabulary.queries.spellings import spellings
from incidents.vocabulary.queries.terms import (
    choices,
    labels_of,
    term_codes,
    term_rows,
    terms_behind,
    words_mark,
)
from incidents.vocabulary.queries.tree import (
    CountryNode,
    PlaceNode,
    PlacePage,
    known_place,
    place_page,
    places_found,
    places_shown,
    places_tree,
)

__all__ = [
    "GAZETTEER_PREFIX",
    "CountryNode",
    "PlaceNode",
    "PlaceOffered",
    "PlacePage",
    "PlaceView",
    "all_places",
    "choices",
    "gazetteer_proposes",
    "known_place",
    "labels_of",
    "place_of_settlement",
    "place_page",
    "place_view",
    "place_views",
    "places_found",
    "places_matching",
    "places_meant",
    "places_named",
    "places_offered",
    "places_shown",
    "places_tree",
    "recent_places",
    "settlement_path",
    "settlement_words",
    "spellings",
    "term_codes",
    "term_rows",
    "terms_behind",
    "words_mark",
]
