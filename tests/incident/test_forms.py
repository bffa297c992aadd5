"""The incident's form through a browser: what is typed arrives, or comes back with its faults."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, select

from incidents.audit.models import Revision
from incidents.incident.models import Party
from incidents.incident.types import TYPES, Detail, Kind
from tests.incident.desk import Desk, again, count, errors

# Every type.


def typed_details(kind: str) -> Iterator[tuple[str, str | list[str], Any]]:
    """A field's name, what is typed in it, and the detail it becomes."""
    for detail in TYPES[kind].details:
        yield from _typed(detail)


def _typed(detail: Detail) -> Iterator[tuple[str, str | list[str], Any]]:
    name = f"details-{detail.name}"
    match detail.kind:
        case Kind.CHOICE:
            yield name, detail.codes[-1], detail.codes[-1]
        case Kind.CHOICES:
            yield name, list(detail.codes[:2]), list(detail.codes[:2])
        case Kind.TEXTS:
            yield name, "first\n\n  second one \n", ["first", "second one"]
        case Kind.EDTF:
            yield name, "2011-12-18~", "2011-12-18~"
        case Kind.DURATION:
            yield name, "four days", "P4D"
        case Kind.SAID:
            said = [{"stance": detail.codes[0], "text": "not me\nnever"}, {"text": "nor him"}]
            yield f"{name}-0-stance", detail.codes[0], said
            yield f"{name}-0-text", "not me\nnever", said
            yield f"{name}-1-text", "nor him", said
        case Kind.PRICES:
            prices = [
                {"item": "eggs", "amount": 300, "currency": "KZT", "per": "each"},
                {"item": "flour", "amount": 1200.5},
            ]
            for part, value in {"item": "eggs", "amount": "300", "currency": "kzt"}.items():
                yield f"{name}-0-{part}", value, prices
            yield f"{name}-0-per", "each", prices
            yield f"{name}-1-item", "flour", prices
            yield f"{name}-1-amount", "1,200.50", prices
        case _:
            yield name, f" words of {detail.name} ", f"words of {detail.name}"


def test_every_detail_of_every_type_arrives_and_types_back(desk: Desk) -> None:
    for kind, declared in TYPES.items():
        form = desk.new(kind)
        for detail in declared.details:
            if detail.kind in (Kind.SAID, Kind.PRICES):
                response = desk.send(form, desk.address(kind), add_row=f"details-{detail.name}")
                assert response.status_code == 200, kind
                form = again(response)
        form.fill(citations__0__quote="There were about 20 of them.", date="2011-12-16")
        form.fill(place="Janaozen", summary="One line.\n\nAnother.", notes="A\nB")
        expected = {}
        for name, value, stored in typed_details(kind):
            form.fill(**{name: value})
            expected[name.split("-")[1]] = stored

        reference = desk.saved(form, desk.address(kind), then="submit")

        record = desk.team.stored(reference)
        assert (record.type, record.details) == (kind, expected)
        assert (record.summary, record.notes) == ("One line.\n\nAnother.", "A\nB")
        assert desk.team.row(reference).status == "submitted"
        desk.team.step(reference, "withdraw")
        desk.saved(desk.edit(reference), f"/incidents/{reference}/edit")
        assert desk.team.row(reference).version == 1, kind


EVERYTHING: dict[str, Any] = {
    "title": "Men detained",
    "date": "2011-12-18~/2011-12-19~",
    "date_precision": "few_days",
    "date_basis": "inferred_from_source",
    "date_verbatim": "that weekend",
    "ongoing_when_reported": "no",
    "place": "Central square",
    "place_country": "KZ",
    "place_within": "Janaozen",
    "place_precision": "site",
    "place_verbatim": "on the square",
    "subject_place": "Janaozen",
    "event": "Janaozen, December 2011",
    "publication": "internal",
    "citations__0__quote": '"he was beaten up", she said.',
    "citations__0__speaker": "woman by the road",
    "citations__0__basis": "relative_of_victim",
    "citations__0__utterance": "direct_quote",
    "citations__0__translated": "yes",
    "citations__0__credibility": "3",
    "citations__0__supports": ["date", "title", "details.facility", "figures.detained"],
    "citations__0__note": "She wept.",
    "citations__1__stance": "context",
    "figures__0__how_many": "about 20",
    "figures__0__verbatim": "about 20 of them",
    "figures__0__unit": "person",
    "figures__0__totals_reason": "the only count",
    "figures__1__how_many": "5",
    "figures__1__sex": "female",
    "figures__1__age_min": "30",
    "figures__1__age_max": "40",
    "figures__1__parent": "1",
    "figures__1__citation": "2",
    "involvements__0__party": "detained husband",
    "involvements__1__party": "OMON",
    "involvements__1__attribution": "alleged_by_relative",
    "involvements__2__party": "woman by the road",
    "involvements__2__role": "witness",
    "involvements__2__relationship": "spouse_of",
    "involvements__2__relationship_to": "detained husband",
    "involvements__2__note": "came up to us",
    "relations__0__type": "contradicts",
    "relations__0__asserted_by": "source",
    "relations__0__note": "the same night",
}


def test_everything_else_arrives_and_types_back(desk: Desk) -> None:
    other = desk.team.recorded()
    photograph = desk.team.source_row(None, kind="photograph").reference
    form = desk.new()
    for rows in ("citations", "figures", "involvements"):
        form = again(desk.send(form, add_row=rows))
    form.fill(citations__1__source=photograph, relations__0__to=other, **EVERYTHING)
    form.fill(citations__1__whole=["y"])

    reference = desk.saved(form)

    record = desk.team.stored(reference)
    assert [one.quote and one.quote.exact for one in record.citations] == [
        "“he was beaten up”,\nshe said.",
        None,
    ]
    assert record.citations[0].translated is True
    assert [(one.best, one.parent, one.citation) for one in record.figures] == [
        (20, None, 0),
        (5, 0, 1),
    ]
    husband, _, wife = record.involvements
    assert record.citations[0].speaker == wife.party
    assert wife.relationship_to == husband.party
    assert record.date.ongoing_when_reported is False
    assert [one.note for one in record.relations] == ["the same night"]
    assert count(desk.team, Party) == 3

    desk.saved(desk.edit(reference), f"/incidents/{reference}/edit")
    assert desk.team.row(reference).version == 1
    assert count(desk.team, Party) == 3


def test_unchanged_correction_of_the_coded_article_changes_nothing(
    demo: Any, sign_in: Callable[..., Any]
) -> None:
    browser = sign_in("researcher")
    waiting = {"JZ-02", "JZ-08", "JZ-12"}
    with demo.database.reading() as session:
        before = _rows(session)
    for key in sorted(set(demo.references) - waiting):
        address = f"/incidents/{demo.references[key]}/correct"
        form = again(browser.get(address)).fill(reason="Nothing, really.")
        response = browser.client.post(address, data=form.data(then="submit"))
        assert response.status_code == 422, key
        assert "Nothing is changed yet" in errors(response).get("reason", ""), key
    address = f"/incidents/{demo.references['JZ-12']}/edit"
    response = browser.client.post(address, data=again(browser.get(address)).data(then="save"))
    assert response.status_code == 303
    with demo.database.reading() as session:
        assert _rows(session) == before


def _rows(session: Session) -> list[int]:
    return [
        session.exec(select(func.count()).select_from(model)).one() for model in (Revision, Party)
    ]
