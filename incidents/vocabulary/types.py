"""The controlled vocabularies and the countries as the package ships them.

Owns how `terms.toml` and `countries.toml` are read. Terms a team adds or retires live in the
database (`vocabulary.models`).
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True)
class Term:
    """One value of a vocabulary; `extra` holds words a vocabulary adds (a relation's inverse)."""

    code: str
    label: str
    definition: str
    example: str
    extra: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    # By the team: it stays on what was coded with it, and is not offered for anything new.
    retired: bool = False


@dataclass(frozen=True)
class Vocabulary:
    """Terms by code, in their declared order. A closed one can't be extended: code relies on it."""

    name: str
    closed: bool
    terms: Mapping[str, Term]

    def label(self, code: str) -> str:
        """The term's label; a code the package doesn't know is its own label."""
        term = self.terms.get(code)
        return term.label if term else code


@cache
def vocabularies() -> Mapping[str, Vocabulary]:
    """Every vocabulary of the package by name, in the file's order."""
    raw = _shipped("terms.toml")
    return MappingProxyType({name: _vocabulary(name, body) for name, body in raw.items()})


def vocabulary(name: str) -> Vocabulary:
    return vocabularies()[name]


def codes(name: str) -> tuple[str, ...]:
    """The package's codes of one vocabulary, in order."""
    return tuple(vocabulary(name).terms)


@cache
def countries() -> Mapping[str, str]:
    """ISO 3166-1 alpha-2 code → short English name, by code."""
    return MappingProxyType(dict(_shipped("countries.toml")))


def country_name(code: str) -> str:
    """A code the package doesn't know is its own name."""
    return countries().get(code, code)


def _shipped(name: str) -> Mapping[str, Any]:
    return tomllib.loads(files("incidents.vocabulary").joinpath(name).read_text("utf-8"))


def _vocabulary(name: str, body: Mapping[str, object]) -> Vocabulary:
    raw_terms = body["terms"]
    assert isinstance(raw_terms, dict)
    terms = {code: _term(code, raw) for code, raw in raw_terms.items()}
    return Vocabulary(name, bool(body["closed"]), MappingProxyType(terms))


def _term(code: str, raw: Mapping[str, str]) -> Term:
    own = {"label", "definition", "example"}
    extra = {key: value for key, value in raw.items() if key not in own}
    return Term(code, raw["label"], raw["definition"], raw["example"], MappingProxyType(extra))
