"""The record: its checks with the path of every fault, its JSON, its differences, its redaction."""

import json
from typing import Any

import pytest
from hypothesis import given, settings

from incidents.errors import FieldErrors
from incidents.incident.record import (
    Change,
    CitationSaid,
    FigureSaid,
    InvolvementSaid,
    Quote,
    Record,
    RelationSaid,
    When,
    check,
    differences,
    from_json,
    redacted,
    to_json,
)
from incidents.incident.record.check import TEXT_LENGTH, TITLE_LENGTH
from incidents.incident.record.figures import beyond_their_whole
from incidents.incident.types import TYPES, every_detail
from tests.incident.records import complete_records, shipped

CITED = CitationSaid(source=1)
DETENTION = Record(
    type="detention",
    title="A man detained",
    date=When(edtf="2011-12-16"),
    place=1,
    citations=(CITED,),
)


def faults(record: Record, *, complete: bool = True) -> dict[str, list[str]]:
    """Path → messages, {} when nothing is wrong."""
    try:
        check(record, shipped(), complete=complete)
    except FieldErrors as errors:
        return errors.errors
    return {}


def changed(**given: Any) -> Record:
    return DETENTION.model_copy(update=given)


def of(kind: str, **details: Any) -> Record:
    return changed(type=kind, details=details)


def counting(*figures: FigureSaid, **given: Any) -> Record:
    return changed(figures=figures, **given)


def figure(**given: Any) -> FigureSaid:
    return FigureSaid(**{"measure": "detained", "citation": 0, **given})


def test_complete_record_has_no_fault() -> None:
    assert faults(DETENTION) == {}


@pytest.mark.parametrize(
    ("record", "path"),
    [
        (changed(type="riot"), "type"),
        (changed(date=When(edtf="16/12/2011")), "date"),
        (changed(date=When(edtf="2011-13-41")), "date"),
        (changed(date=When(edtf="2011-12-16", not_known=True)), "date"),
        (changed(date=When(edtf="2011-12-16", precision="exact")), "date.precision"),
        (changed(date=When(edtf="2011-12-16", basis="guessed")), "date.basis"),
        (changed(place_precision="planet"), "place_precision"),
        (changed(publication="secret"), "publication"),
        (changed(title="x" * (TITLE_LENGTH + 1)), "title"),
        (changed(summary="x" * (TEXT_LENGTH + 1)), "summary"),
        (changed(notes="a\x00b"), "notes"),
        (changed(summary="half \ud83d of a sign"), "summary"),
        (changed(date=When(edtf="2011-12-16", verbatim="\x00")), "date.verbatim"),
        (of("shortage", goods=["food"], items=["bread", "\x00"]), "details.items.1"),
        (changed(citations=()), "citations"),
    ],
)
def test_fault_is_named_by_its_path(record: Record, path: str) -> None:
    assert list(faults(record, complete=False)) == [path]


@pytest.mark.parametrize(
    ("kind", "name", "value", "path"),
    [
        ("detention", "colour", "red", "details.colour"),
        ("killing", "facility", "prison", "details.facility"),
        ("detention", "facility", 7, "details.facility"),
        ("detention", "facility", "  ", "details.facility"),
        ("detention", "form", "kidnap", "details.form"),
        ("detention", "form", ["arrest"], "details.form"),
        ("detention", "released", "soon", "details.released"),
        ("use_of_force", "means", "firearm", "details.means"),
        ("use_of_force", "means", [], "details.means"),
        ("use_of_force", "means", ["firearm", "catapult"], "details.means.1"),
        ("use_of_force", "means", [7], "details.means.0"),
        ("shortage", "items", ["bread", " "], "details.items.1"),
        ("shortage", "duration", "P", "details.duration"),
        ("shortage", "duration", "PT", "details.duration"),
        ("shortage", "duration", "four days", "details.duration"),
        ("shortage", "duration", "P1D2W", "details.duration"),
        ("shortage", "duration", "P٤D", "details.duration"),
        ("shortage", "prices", [{"amount": 300}], "details.prices.0"),
        ("shortage", "prices", [{"item": "eggs", "amount": "300"}], "details.prices.0"),
        ("shortage", "prices", [{"item": "eggs", "amount": -1}], "details.prices.0"),
        ("shortage", "prices", [{"item": "eggs", "amount": True}], "details.prices.0"),
        ("shortage", "prices", [{"item": "eggs", "amount": float("nan")}], "details.prices.0"),
        ("shortage", "prices", [{"item": "eggs", "currency": "tenge"}], "details.prices.0"),
        ("shortage", "prices", [{"item": "eggs", "seller": "shop"}], "details.prices.0"),
        ("shortage", "prices", ["eggs 300"], "details.prices.0"),
        ("shortage", "prices", [{"item": ["eggs"]}], "details.prices.0"),
        ("witness_statement", "said", [{"stance": "denies"}], "details.said.0"),
        ("witness_statement", "said", [{"text": "no", "stance": "sings"}], "details.said.0"),
        ("witness_statement", "said", [{"text": "no", "stance": ["denies"]}], "details.said.0"),
        ("witness_statement", "said", [{"text": 7}], "details.said.0"),
        ("witness_statement", "said", [{"text": "no", "to": "police"}], "details.said.0"),
    ],
)
def test_detail_of_the_wrong_shape_is_named(kind: str, name: str, value: Any, path: str) -> None:
    found = faults(of(kind, **{name: value}), complete=False)

    assert list(found) == [path]


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("detention", "released", "2011-12-18~"),
        ("shortage", "duration", "P4D"),
        ("shortage", "duration", "PT36H"),
        ("shortage", "duration", "P1Y2M3DT4H5M6S"),
        ("shortage", "prices", [{"item": "eggs", "amount": 0, "currency": "KZT", "per": "each"}]),
        ("shortage", "prices", [{"item": "bread"}]),
        ("witness_statement", "said", [{"text": "not involved"}]),
        ("witness_statement", "said", [{"stance": "denies", "text": "not involved"}]),
    ],
)
def test_detail_of_the_right_shape_passes(kind: str, name: str, value: Any) -> None:
    assert faults(of(kind, **{name: value}), complete=False) == {}


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"stance": "agrees"}, "citations.0.stance"),
        ({"utterance": "sung"}, "citations.0.utterance"),
        ({"basis": "rumour"}, "citations.0.basis"),
        ({"credibility": 0}, "citations.0.credibility"),
        ({"credibility": 7}, "citations.0.credibility"),
        ({"fields": ("details.weapon",)}, "citations.0.fields"),
        ({"fields": ("figures.killed",)}, "citations.0.fields"),
        ({"fields": ("citations",)}, "citations.0.fields"),
        ({"quote": Quote(exact=" ")}, "citations.0.quote"),
    ],
)
def test_fault_of_a_citation_is_named(given: dict[str, Any], path: str) -> None:
    record = changed(citations=(CITED.model_copy(update=given),))

    assert list(faults(record)) == [path]


@pytest.mark.parametrize("field", ["date", "place", "details.facility", "figures.detained"])
def test_citation_may_support_any_field_of_its_record(field: str) -> None:
    record = counting(figure(best=1), citations=(CitationSaid(source=1, fields=(field,)),))

    assert faults(record) == {}


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"measure": "wounded"}, "figures.0.measure"),
        ({"qualifier": "circa"}, "figures.0.qualifier"),
        ({"sex": "m"}, "figures.0.sex"),
        ({"low": 3, "best": 2}, "figures.0"),
        ({"best": 5, "high": 4}, "figures.0"),
        ({"low": 30, "high": 20}, "figures.0"),
        ({"best": -1}, "figures.0"),
        ({"best": 2_000_000_001}, "figures.0"),
        ({"age_min": 40, "age_max": 30}, "figures.0.age_min"),
        ({"age_max": 151}, "figures.0.age_min"),
        ({"age_min": -1}, "figures.0.age_min"),
        ({"citation": 1}, "figures.0.citation"),
        ({"citation": -1}, "figures.0.citation"),
        ({"parent": 0}, "figures.0.parent"),
    ],
)
def test_fault_of_a_figure_is_named(given: dict[str, Any], path: str) -> None:
    assert list(faults(counting(figure(**given)))) == [path]


def test_range_without_best_passes() -> None:
    assert faults(counting(figure(low=20, high=30, qualifier="range"))) == {}


def test_two_figures_of_a_measure_are_not_both_in_totals() -> None:
    twice = (figure(best=20, in_totals=True), figure(best=22, in_totals=True))

    assert list(faults(counting(*twice))) == ["figures.1.in_totals"]
    chosen = figure(best=20, in_totals=True, totals_reason="counted by name")
    assert faults(counting(chosen, figure(best=22))) == {}


def test_which_of_two_differing_figures_is_in_totals_is_chosen_with_a_reason() -> None:
    one, other = figure(best=20), figure(best=22)
    chosen = figure(best=20, in_totals=True)

    assert faults(counting(one, other)) == {
        "figures.0.in_totals": ["Choose which of these figures of detained is used in totals."]
    }
    assert faults(counting(one, figure(best=22, in_totals=True))) == {
        "figures.1.totals_reason": [
            "Say why this figure is used in totals: another one of detained differs."
        ]
    }
    assert faults(counting(chosen, figure(best=20))) == {}
    assert faults(counting(chosen, other), complete=False) == {}
    statement = counting(one, other, type="official_statement", details={"position": ["denies"]})
    assert faults(statement) == {}


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        (((5, "female", None), (9, "male", None)), None),
        (((5, "female", None), (16, "male", None), (3, None, 17)), " by sex come to 21"),
        (((20, "female", None), (12, None, 17)), None),
        (((12, None, 17), (9, None, 99)), " by age come to 21"),
        (((21, None, None),), "The parts come to 21"),
    ],
)
def test_parts_beyond_their_whole_are_warned_about(
    parts: tuple[tuple[int, str | None, int | None], ...], told: str | None
) -> None:
    whole = figure(low=18, best=19, high=20)
    broken = [figure(best=n, sex=sex, age_max=age, parent=0) for n, sex, age in parts]

    said = beyond_their_whole([whole, *broken])

    assert said == {} if told is None else told in said[0]
    assert faults(counting(whole, *broken), complete=False) == {}


def test_breakdown_beside_its_whole_is_not_counted_twice() -> None:
    parts = (figure(best=20, in_totals=True), figure(best=5, parent=0, in_totals=True))

    assert faults(counting(*parts)) == {}


@pytest.mark.parametrize("kind", ["witness_statement", "official_statement"])
def test_statement_is_never_in_totals(kind: str) -> None:
    record = counting(figure(best=1, in_totals=True), type=kind, details={"position": ["denies"]})

    assert faults(record, complete=False)["figures.0.in_totals"] == [
        "A statement never enters totals."
    ]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"involvements": (InvolvementSaid(party=1, role="thief"),)}, "involvements.0.role"),
        (
            {"involvements": (InvolvementSaid(party=1, role="victim", attribution="rumour"),)},
            "involvements.0.attribution",
        ),
        (
            {
                "involvements": (
                    InvolvementSaid(
                        party=1, role="victim", relationship="friend_of", relationship_to=2
                    ),
                )
            },
            "involvements.0.relationship",
        ),
        (
            {"involvements": (InvolvementSaid(party=1, role="victim", relationship="child_of"),)},
            "involvements.0",
        ),
        (
            {"involvements": (InvolvementSaid(party=1, role="victim", relationship_to=2),)},
            "involvements.0",
        ),
        ({"relations": (RelationSaid(type="near", to=2),)}, "relations.0.type"),
        (
            {"relations": (RelationSaid(type="about", to=2, asserted_by="press"),)},
            "relations.0.asserted_by",
        ),
    ],
)
def test_fault_of_people_and_relations_is_named(given: dict[str, Any], path: str) -> None:
    assert list(faults(changed(**given))) == [path]


def test_draft_needs_a_type_and_a_source_only() -> None:
    draft = Record(type="shortage", citations=(CITED,))

    assert faults(draft, complete=False) == {}


def test_submitting_names_everything_that_is_missing_at_once() -> None:
    draft = Record(
        type="shortage",
        citations=(CITED,),
        figures=(FigureSaid(measure="affected"),),
    )

    assert list(faults(draft)) == [
        "title",
        "date",
        "place",
        "details.goods",
        "figures.0.citation",
    ]


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_each_type_asks_for_what_its_declaration_requires(kind: str) -> None:
    required = [f"details.{detail.name}" for detail in TYPES[kind].required]

    assert list(faults(changed(type=kind))) == required


def test_required_details_are_those_of_the_domain() -> None:
    required = {(one.code, detail.name) for one, detail in every_detail() if detail.required}

    assert required == {("shortage", "goods"), ("official_statement", "position")}


def test_date_that_is_not_known_is_complete() -> None:
    assert faults(changed(date=When(not_known=True))) == {}


def test_every_fault_is_told_at_once() -> None:
    record = changed(
        date=When(edtf="yesterday"),
        details={"form": "kidnap"},
        citations=(CitationSaid(source=1, stance="agrees"),),
        figures=(figure(low=3, high=2),),
        involvements=(InvolvementSaid(party=1, role="thief"),),
        publication="secret",
    )

    assert list(faults(record)) == [
        "date",
        "details.form",
        "citations.0.stance",
        "figures.0",
        "involvements.0.role",
        "publication",
    ]


@given(complete_records())
def test_any_complete_record_passes_and_survives_json(record: Record) -> None:
    stored = to_json(record)

    check(from_json(stored), shipped(), complete=True)
    assert from_json(stored) == record
    assert to_json(from_json(stored)) == stored


def test_json_leaves_out_what_nobody_says_and_sorts_its_keys() -> None:
    stored = to_json(changed(summary=None, title="Жаңаөзен"))

    assert "null" not in stored
    assert "Жаңаөзен" in stored
    keys = list(json.loads(stored))
    assert keys == sorted(keys)


def test_key_nobody_declared_is_refused_on_reading() -> None:
    with pytest.raises(ValueError, match="mood"):
        from_json('{"type":"detention","mood":"grim"}')


def test_differences_name_paths_with_both_values() -> None:
    after = changed(
        title="Two men detained",
        date=When(edtf="2011-12-17"),
        details={"facility": "police station"},
        citations=(CITED, CitationSaid(source=2)),
        notes="Look again.",
    )

    found = {change.path: (change.before, change.after) for change in differences(DETENTION, after)}

    assert found.pop("citations.1")[0] is None
    assert found == {
        "title": ("A man detained", "Two men detained"),
        "date.edtf": ("2011-12-16", "2011-12-17"),
        "details.facility": (None, "police station"),
        "notes": (None, "Look again."),
    }


def test_what_was_taken_out_is_a_difference_too() -> None:
    before = changed(notes="Look again.", citations=(CITED, CitationSaid(source=2)))

    taken = [change.path for change in differences(before, DETENTION)]

    assert taken == ["notes", "citations.1"]


@settings(max_examples=30)
@given(complete_records())
def test_record_does_not_differ_from_itself(record: Record) -> None:
    assert differences(record, record) == ()
    assert all(isinstance(change, Change) for change in differences(None, record))


WITNESS = Record(
    type="witness_statement",
    title="A detainee speaks",
    date=When(edtf="2011-12-18", verbatim="that night"),
    place=1,
    place_verbatim="in the cell",
    notes="He is still inside.",
    details={"capacity": "detainee", "said": [{"text": "they beat me"}]},
    citations=(
        CitationSaid(source=1, speaker=6, quote=Quote(exact="they beat me"), snapshot=3, note="n"),
        CitationSaid(source=2, quote=Quote(exact="smuggled out")),
        CitationSaid(source=1, speaker=7, quote=Quote(exact="we saw them")),
    ),
    figures=(
        FigureSaid(measure="detained", best=1, verbatim="one man", citation=2, totals_reason="r"),
        FigureSaid(measure="injured", best=1, citation=1),
    ),
    involvements=(InvolvementSaid(party=6, role="witness", note="talks at night"),),
    relations=(RelationSaid(type="about", to=9, note="same night"),),
)


def test_redaction_leaves_out_protected_words_and_keeps_the_fact() -> None:
    seen = redacted(WITNESS, withheld={0}, protected_sources={2})

    assert (seen.title, seen.date.edtf, seen.place) == ("A detainee speaks", "2011-12-18", 1)
    assert seen.details == {"capacity": "detainee"}
    assert [(c.source, c.speaker, c.quote and c.quote.exact) for c in seen.citations] == [
        (1, 6, None),
        (1, 7, "we saw them"),
    ]
    assert [figure.citation for figure in seen.figures] == [1, None]
    left = to_json(seen)
    for hidden in ("that night", "in the cell", "inside", "beat", "smuggled", "talks", "one man"):
        assert hidden not in left


@settings(max_examples=30)
@given(complete_records())
def test_redaction_twice_takes_nothing_more(record: Record) -> None:
    once = redacted(record, withheld={0, 1}, protected_sources={1})

    assert redacted(once, withheld=(), protected_sources={1}) == once
    assert all(citation.source != 1 for citation in once.citations)
    if once.citations:
        check(once, shipped(), complete=False)
