"""Every key and code of the coded article is declared: types, record, vocabularies know them."""

from typing import Any

import pytest

from incidents.incident.record import (
    CitationSaid,
    FigureSaid,
    InvolvementSaid,
    Record,
    RelationSaid,
    When,
)
from incidents.incident.record.check import field_paths
from incidents.incident.types import TYPES, Kind
from incidents.vocabulary.types import codes
from tests.incident.records import fixture


def _declared(entry: dict[str, Any], model: type[Any], *own: str) -> None:
    """Every key of a fixture's entry is a field of the record, or one of the fixture's own."""
    assert set(entry) <= set(model.model_fields) | set(own), set(entry)


def test_every_key_of_the_coded_article_is_declared() -> None:
    for entry in fixture()["incidents"]:
        _declared(entry, Record, "id", "assessment")
        _declared(entry["date"], When, "earliest", "latest")
        for name, model, own in (
            ("figures", FigureSaid, ()),
            ("citations", CitationSaid, ("start", "end", "prefix", "suffix")),
            ("involvements", InvolvementSaid, ()),
            ("relations", RelationSaid, ()),
        ):
            for one in entry[name]:
                _declared(one, model, *own)
        assert {f"details.{name}" for name in entry["details"]} <= field_paths(TYPES[entry["type"]])


CODED = {
    "incidents": {
        "type": "type",
        "place_precision": "place_precision",
        "assessment": "assessment",
        "publication": "publication",
    },
    "date": {"precision": "date_precision", "basis": "date_basis"},
    "figures": {"measure": "measure", "qualifier": "qualifier", "sex": "sex"},
    "citations": {"stance": "stance", "utterance": "utterance", "basis": "citation_basis"},
    "involvements": {
        "role": "role",
        "attribution": "attribution",
        "relationship": "relationship",
    },
    "relations": {"type": "relation", "asserted_by": "asserted_by"},
    "parties": {"kind": "party_kind", "privacy": "privacy", "sex": "sex", "sort": "party_sort"},
    "sources": {
        "kind": "source_kind",
        "published_basis": "date_basis",
        "reliability": "reliability",
    },
    "places": {"precision": "place_precision"},
}


def _entries(name: str) -> list[dict[str, Any]]:
    data = fixture()
    if name in data:
        return list(data[name])
    if name == "date":
        return [entry["date"] for entry in data["incidents"]]
    return [one for entry in data["incidents"] for one in entry[name]]


@pytest.mark.parametrize("name", sorted(CODED))
def test_every_code_of_the_coded_article_is_shipped(name: str) -> None:
    seen = 0
    for entry in _entries(name):
        for key, vocabulary in CODED[name].items():
            if entry.get(key) is not None:
                assert entry[key] in codes(vocabulary), (name, key, entry[key])
                seen += 1
    assert seen


def test_every_detail_and_supported_field_of_the_coded_article_is_declared() -> None:
    for entry in fixture()["incidents"]:
        declared = TYPES[entry["type"]]
        for name, value in entry["details"].items():
            detail = declared.detail(name)
            assert detail is not None, name
            if detail.kind is Kind.CHOICE:
                assert value in detail.codes
            elif detail.kind is Kind.CHOICES:
                assert set(value) <= set(detail.codes)
            elif detail.kind is Kind.SAID:
                assert {one["stance"] for one in value} <= set(detail.codes)
        known = field_paths(declared) | {f"figures.{f['measure']}" for f in entry["figures"]}
        for citation in entry["citations"]:
            assert set(citation.get("fields", ())) <= known
