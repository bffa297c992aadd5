"""Strategies for records that may be submitted, of every type and with any of its details."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from hypothesis import strategies as st

from incidents.dates_counted import ANCHORS, SIDES
from incidents.folding import has_unstorable
from incidents.incident.record import (
    CitationSaid,
    CountedSaid,
    FigureSaid,
    InvolvementSaid,
    Quote,
    Record,
    RelationSaid,
    Vocabularies,
    When,
)
from incidents.incident.record.check import field_paths
from incidents.incident.types import TYPES, Detail, IncidentType, Kind
from incidents.vocabulary.types import codes, vocabularies

DATES = ("2011-12-16", "2011-12", "2011", "2011-12-18~/2011-12-19~", "[2011-12-16..2011-12-19]")


@cache
def shipped() -> Vocabularies:
    """The codes the package ships, by vocabulary."""
    return {name: frozenset(codes(name)) for name in vocabularies()}


@cache
def fixture() -> dict[str, Any]:
    """The coded article, as the package ships it for the demo."""
    body: dict[str, Any] = json.loads(
        files("incidents.demo").joinpath("data/incidents.json").read_text("utf-8")
    )
    return body


def words(longest: int = 30) -> st.SearchStrategy[str]:
    """Text somebody may have typed: not blank, storable, trimmed as an action trims it."""
    text = st.text(min_size=1, max_size=longest).map(str.strip)
    return text.filter(lambda typed: bool(typed) and not has_unstorable(typed))


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def code(vocabulary: str) -> st.SearchStrategy[str]:
    return st.sampled_from(codes(vocabulary))


def detail(declared: Detail) -> st.SearchStrategy[Any]:
    """Values a detail of this kind may hold."""
    amount = maybe(st.integers(0, 10**12) | st.sampled_from([0.5, 12.25]))
    match declared.kind:
        case Kind.CHOICE:
            return code(declared.vocabulary)
        case Kind.CHOICES:
            return st.lists(code(declared.vocabulary), min_size=1, max_size=3, unique=True)
        case Kind.TEXTS:
            return st.lists(words(), min_size=1, max_size=3)
        case Kind.EDTF:
            return st.sampled_from(DATES)
        case Kind.DURATION:
            return st.sampled_from(["P4D", "P2W", "PT36H", "P1Y2M3DT4H5M6S"])
        case Kind.SAID:
            said = st.fixed_dictionaries(
                {"text": words()}, optional={"stance": code(declared.vocabulary)}
            )
            return st.lists(said, min_size=1, max_size=3)
        case Kind.PRICES:
            price = st.fixed_dictionaries(
                {"item": words()},
                optional={
                    "amount": amount.filter(lambda given: given is not None),
                    "currency": st.sampled_from(["KZT", "USD"]),
                    "per": words(),
                },
            )
            return st.lists(price, min_size=1, max_size=3)
        case _:
            return words()


def details(declared: IncidentType) -> st.SearchStrategy[dict[str, Any]]:
    required = {one.name: detail(one) for one in declared.details if one.required}
    optional = {one.name: detail(one) for one in declared.details if not one.required}
    return st.fixed_dictionaries(required, optional=optional)


@st.composite
def figures(draw: st.DrawFn, declared: IncidentType, citations: int) -> tuple[FigureSaid, ...]:
    made: list[FigureSaid] = []
    counted: set[str] = set()
    for index in range(draw(st.integers(0, 3))):
        low, best, high = sorted(draw(st.lists(st.integers(0, 99), min_size=3, max_size=3)))
        young, old = sorted(draw(st.lists(st.integers(0, 150), min_size=2, max_size=2)))
        measure = draw(code("measure"))
        parent = draw(maybe(st.integers(0, index - 1))) if index else None
        # Of several of one measure the first is in totals: one of them has to be.
        in_totals = parent is None and not declared.statement and measure not in counted
        counted |= {measure} if in_totals else set()
        given = draw(st.tuples(*(st.booleans() for _ in range(5))))
        made.append(
            FigureSaid(
                measure=measure,
                low=low if given[0] else None,
                best=best if given[1] else None,
                high=high if given[2] else None,
                unit=draw(maybe(words())),
                qualifier=draw(maybe(code("qualifier"))),
                verbatim=draw(maybe(words())),
                sex=draw(maybe(code("sex"))),
                age_min=young if given[3] else None,
                age_max=old if given[4] else None,
                in_totals=in_totals,
                totals_reason=draw(words() if in_totals else maybe(words())),
                citation=draw(st.integers(0, citations - 1)),
                parent=parent,
            )
        )
    return tuple(made)


def _citation(paths: list[str]) -> st.SearchStrategy[CitationSaid]:
    quote = st.builds(
        Quote, exact=words(), prefix=st.text(max_size=5), suffix=st.text(max_size=5)
    ).filter(lambda said: not has_unstorable(said.prefix + said.suffix))
    return st.builds(
        CitationSaid,
        source=st.integers(1, 9),
        quote=maybe(quote),
        stance=code("stance"),
        fields=st.lists(st.sampled_from(paths), max_size=3, unique=True).map(tuple),
        speaker=maybe(st.integers(1, 9)),
        utterance=maybe(code("utterance")),
        translated=maybe(st.booleans()),
        basis=maybe(code("citation_basis")),
        credibility=maybe(st.integers(1, 6)),
        note=maybe(words()),
    )


def _involvement() -> st.SearchStrategy[InvolvementSaid]:
    alone = st.builds(
        InvolvementSaid,
        party=st.integers(1, 9),
        role=code("role"),
        attribution=maybe(code("attribution")),
        note=maybe(words()),
    )
    related = st.tuples(alone, code("relationship"), st.integers(1, 9)).map(
        lambda said: said[0].model_copy(
            update={"relationship": said[1], "relationship_to": said[2]}
        )
    )
    return alone | related


def _when() -> st.SearchStrategy[When]:
    known = st.builds(
        When,
        edtf=st.sampled_from(DATES),
        precision=maybe(code("date_precision")),
        basis=maybe(code("date_basis")),
        verbatim=maybe(words()),
        ongoing_when_reported=maybe(st.booleans()),
    )
    counted = st.builds(
        CountedSaid,
        amount=st.integers(1, 400),
        unit=st.sampled_from(("day", "week", "month")),
        side=st.sampled_from(SIDES),
        anchor=st.sampled_from(("2011-12-16", "2011-12", "2011-12-16~")),
        anchored=st.sampled_from(ANCHORS),
    ).map(lambda said: When(edtf=said.counted.edtf, counted=said))
    return known | counted | st.just(When(not_known=True, precision="unknown"))


@st.composite
def complete_records(draw: st.DrawFn) -> Record:
    """Any record that `check(…, complete=True)` lets pass; its ids mean nothing."""
    declared = TYPES[draw(st.sampled_from(sorted(TYPES)))]
    paths = sorted(field_paths(declared))
    citations = tuple(draw(st.lists(_citation(paths), min_size=1, max_size=3)))
    relation = st.builds(
        RelationSaid,
        type=code("relation"),
        to=st.integers(1, 9),
        asserted_by=code("asserted_by"),
        note=maybe(words()),
    )
    return Record(
        type=declared.code,
        title=draw(words()),
        summary=draw(maybe(words())),
        date=draw(_when()),
        place=draw(st.integers(1, 9)),
        place_precision=draw(maybe(code("place_precision"))),
        place_verbatim=draw(maybe(words())),
        subject_place=draw(maybe(st.integers(1, 9))),
        details=draw(details(declared)),
        notes=draw(maybe(words())),
        event=draw(maybe(st.integers(1, 9))),
        publication=draw(code("publication")),
        figures=draw(figures(declared, len(citations))),
        citations=citations,
        involvements=tuple(draw(st.lists(_involvement(), max_size=3))),
        relations=tuple(draw(st.lists(relation, max_size=3))),
    )
