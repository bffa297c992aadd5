"""Which terms of the vocabularies a record holds: a retired one stays on what was coded with it."""

from collections.abc import Iterator, Mapping
from typing import Any

from incidents.incident.record.entry import Entry
from incidents.incident.record.value import Record
from incidents.incident.types import TYPES, Kind


def terms_held(said: Record | Entry) -> frozenset[tuple[str, str]]:
    """(vocabulary, code) of every term a team may retire; a form's entry names them as a record."""
    return frozenset((name, code) for name, code in _terms(said) if code)


def with_held(
    codes: Mapping[str, frozenset[str]], said: Record | None
) -> Mapping[str, frozenset[str]]:
    """The codes in use, and those that stand in `said` already."""
    held = terms_held(said) if said is not None else ()
    return {**codes, **{name: codes[name] | _of(held, name) for name, _ in held if name in codes}}


def _of(held: Any, name: str) -> frozenset[str]:
    return frozenset(code for vocabulary, code in held if vocabulary == name)


def _terms(said: Record | Entry) -> Iterator[tuple[str, str | None]]:
    for citation in said.citations:
        yield "citation_basis", citation.basis
    for figure in said.figures:
        yield "sex", figure.sex
    for involvement in said.involvements:
        yield "attribution", involvement.attribution
        yield "relationship", involvement.relationship
    declared = TYPES.get(said.type)
    for detail in declared.details if declared else ():
        if not detail.vocabulary:
            continue
        value = said.details.get(detail.name)
        for one in value if isinstance(value, list | tuple) else [value]:
            code = one.get("stance") if detail.kind is Kind.SAID and isinstance(one, dict) else one
            if isinstance(code, str):
                yield detail.vocabulary, code
