"""Relations between incidents, and the sourcing that is computed from them and from citations."""

from typing import Any

import pytest

from incidents.errors import FieldErrors
from incidents.incident.actions import (
    edit_incident,
    restrict,
)
from incidents.incident.record import (
    CitationSaid,
)
from incidents.incident.types import SYMMETRIC_RELATIONS
from tests.team import Team


def test_relation_to_what_one_may_not_see_sounds_like_what_is_not_there(team: Team) -> None:
    hidden = team.recorded()
    team.sealed(hidden)
    relation = team.related("about", hidden)

    with pytest.raises(FieldErrors) as refused:
        team.recorded(team.record(relations=(relation,)), by=team.colleague)

    assert refused.value.errors == {"relations.0": ["There is no such incident."]}


def test_hidden_relation_is_kept_by_who_never_saw_it(team: Team) -> None:
    hidden, shown = team.recorded(), team.recorded()
    relations = (team.related("about", hidden), team.related("about", shown))
    reference = team.recorded(relations=relations)
    team.sealed(hidden)
    seen = team.stored(reference).model_copy(
        update={"title": "Another", "relations": (relations[1],)}
    )

    with team.work(team.colleague) as work:
        edit_incident(work, reference, 1, seen)

    assert team.row(reference).version == 2
    assert set(team.stored(reference).relations) == set(relations)


def test_edit_around_a_hidden_relation_that_changes_nothing_makes_no_revision(team: Team) -> None:
    hidden, shown = team.recorded(), team.recorded()
    relations = (team.related("about", hidden), team.related("about", shown))
    reference = team.recorded(relations=relations)
    team.sealed(hidden)

    with team.work(team.colleague) as work:
        seen = team.stored(reference).model_copy(update={"relations": (relations[1],)})
        edit_incident(work, reference, 1, seen)

    assert team.row(reference).version == 1


def test_symmetric_relation_is_not_said_again_from_the_other_end(team: Team) -> None:
    one = team.recorded()
    for kind in sorted(SYMMETRIC_RELATIONS):
        other = team.recorded(relations=(team.related(kind, one),))
        again = team.stored(one).model_copy(update={"relations": (team.related(kind, other),)})

        with pytest.raises(FieldErrors) as refused, team.work() as work:
            edit_incident(work, one, 1, again)

        assert list(refused.value.errors) == ["relations.0"]
    assert team.row(one).version == 1


def test_directed_relation_may_be_said_from_both_ends(team: Team) -> None:
    one = team.recorded()
    other = team.recorded(relations=(team.related("causes", one),))
    again = team.stored(one).model_copy(update={"relations": (team.related("causes", other),)})

    with team.work() as work:
        edit_incident(work, one, 1, again)

    assert team.row(one).version == 2


def test_relation_to_itself_is_refused(team: Team) -> None:
    reference = team.recorded()
    record = team.stored(reference)
    for kind in ("about", "contradicts"):
        with pytest.raises(FieldErrors, match="relations.0"), team.work() as work:
            itself = record.model_copy(update={"relations": (team.related(kind, reference),)})
            edit_incident(work, reference, 1, itself)


def test_relation_given_twice_is_refused(team: Team) -> None:
    relation = team.related("about", team.recorded())

    with pytest.raises(FieldErrors, match="relations.1"):
        team.recorded(relations=(relation, relation))


def sourcing(team: Team, reference: str) -> tuple[str, str]:
    row = team.row(reference)
    return row.sourcing, row.sourcing_redacted


def supported(team: Team, *sources: int, **said: Any) -> tuple[CitationSaid, ...]:
    return tuple(CitationSaid(source=source, **said) for source in sources)


def test_one_source_is_a_single_source(team: Team) -> None:
    source = team.source()

    assert sourcing(team, team.recorded(citations=supported(team, source, source))) == (
        "single_source",
        "single_source",
    )


def test_two_origins_corroborate(team: Team) -> None:
    reference = team.recorded(citations=supported(team, team.source(), team.source(None)))

    assert sourcing(team, reference) == ("corroborated", "corroborated")


def test_copies_of_one_wire_story_do_not_corroborate(team: Team) -> None:
    first = team.source_row()
    copy = team.source(None, origin=first.reference)
    reference = team.recorded(citations=supported(team, first.id or 0, copy))

    assert sourcing(team, reference)[0] == "single_source"


def test_one_speaker_in_two_papers_does_not_corroborate(team: Team) -> None:
    sources = (team.source(), team.source(None))
    speaker = team.party("minister")
    alone = team.recorded(citations=supported(team, *sources, speaker=speaker))
    other = CitationSaid(source=sources[1], speaker=team.party("driver"))
    two = team.recorded(citations=(*supported(team, sources[0], speaker=speaker), other))

    assert sourcing(team, alone)[0] == "single_source"
    assert sourcing(team, two)[0] == "corroborated"


def test_context_does_not_corroborate_and_contradiction_contests(team: Team) -> None:
    one, other = team.source(), team.source(None)
    context = CitationSaid(source=other, stance="context")
    against = CitationSaid(source=other, stance="contradicts")

    first = team.recorded(citations=(*supported(team, one), context))
    second = team.recorded(citations=(*supported(team, one), against))

    assert sourcing(team, first)[0] == "single_source"
    assert sourcing(team, second)[0] == "contested"


def test_protected_source_counts_for_internal_viewers_only(team: Team) -> None:
    testimony = team.source(None, kind="testimony", protected=True)
    reference = team.recorded(citations=supported(team, team.source(), testimony))

    assert sourcing(team, reference) == ("corroborated", "single_source")


SEEN = {
    ("draft", "open"): ("contested", "single_source"),
    ("submitted", "open"): ("contested", "single_source"),
    ("approved", "open"): ("contested", "contested"),
    ("rejected", "open"): ("single_source", "single_source"),
    ("retracted", "open"): ("single_source", "single_source"),
    ("approved", "internal"): ("contested", "single_source"),
    ("draft", "sealed"): ("single_source", "single_source"),
    ("approved", "sealed"): ("single_source", "single_source"),
}


def test_contradiction_is_seen_as_far_as_its_other_end_is(team: Team) -> None:
    record, found = team.record(), {}
    for status, publication in SEEN:
        reference = team.recorded(record, status="approved")
        other = team.recorded(
            record.model_copy(
                update={
                    "relations": (team.related("contradicts", reference),),
                    "publication": publication,
                }
            )
        )
        if publication == "sealed":
            team.sealed(other, team.reviewer)
        team.move_to(other, status)
        found[status, publication] = sourcing(team, reference)

    assert found == SEEN


def test_contradiction_contests_both_ends_and_leaves_both(team: Team) -> None:
    reference = team.recorded(status="approved")
    other = team.recorded(
        team.record(relations=(team.related("contradicts", reference),)), status="approved"
    )
    assert sourcing(team, reference) == sourcing(team, other) == ("contested", "contested")

    with team.work(team.author) as work:
        restrict(work, other, 1, "internal")
    assert sourcing(team, reference) == ("contested", "single_source")
    assert sourcing(team, other) == ("contested", "contested")

    with team.work(team.author) as work:
        restrict(work, other, 2, "sealed")
    assert sourcing(team, reference) == ("single_source", "single_source")
    assert sourcing(team, other)[0] == "contested"


def test_edit_that_drops_a_contradiction_frees_the_other_end(team: Team) -> None:
    reference = team.recorded(status="approved")
    other = team.recorded(relations=(team.related("contradicts", reference),))
    assert sourcing(team, reference)[0] == "contested"

    with team.work() as work:
        edit_incident(work, other, 1, team.stored(other).model_copy(update={"relations": ()}))

    assert sourcing(team, reference)[0] == "single_source"
    assert sourcing(team, other)[0] == "single_source"
