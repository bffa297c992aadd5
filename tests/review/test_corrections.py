"""Corrections: an approved incident stays as it is until somebody else approves another record."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import col, select

from incidents.audit.models import Revision
from incidents.audit.queries import problems
from incidents.errors import FieldErrors, NotAllowed, NotFound, Stale, WrongState
from incidents.incident.actions import restrict
from incidents.incident.queries.sealed import opened_record
from incidents.incident.record import FigureSaid, Record, from_json
from incidents.review.actions import (
    approve_correction,
    edit_correction,
    propose_correction,
    reject_correction,
    retract,
    return_correction,
    submit_correction,
    withdraw_correction,
)
from incidents.review.models import Correction, Review
from incidents.viewer import OPERATOR, Viewer
from tests.team import Team

WHY = "It says so in the text."


def correction(team: Team, correction_id: int) -> Correction:
    with team.reading() as session:
        return session.get_one(Correction, correction_id)


def proposed(
    team: Team, reference: str, *, by: Viewer | None = None, base: int | None = None, **changed: Any
) -> int:
    """A draft correction's id."""
    record = team.stored(reference).model_copy(update=changed)
    version = team.row(reference).version if base is None else base
    with team.work(by) as work:
        return propose_correction(work, reference, version, record, WHY).id or 0


def approved(team: Team, correction_id: int, by: Viewer) -> type[Exception] | None:
    """What approving was refused with; nothing is left of the attempt either way."""
    with team.services.database.writing() as session:
        work = team.services.work(session, by)
        try:
            approve_correction(work, correction_id, correction(team, correction_id).version)
        except (NotAllowed, NotFound) as refused:
            return type(refused)
        return None


def test_approved_incident_stays_as_approved_until_the_correction_is(
    team: Team, sign_in: Callable[..., Any]
) -> None:
    place = team.place("Aktau")
    record = team.record(
        title="One man detained",
        summary="As first read.",
        figures=(FigureSaid(measure="detained", best=1, in_totals=True, citation=0),),
    )
    reference = team.recorded(record, status="approved")
    reader = sign_in("reader")
    before = seen(reader, reference)
    correction_id = team.corrected(
        reference,
        title="Seven men detained",
        summary="As read again.",
        place=place,
        figures=(FigureSaid(measure="detained", best=7, in_totals=True, citation=0),),
    )

    assert seen(reader, reference) == before
    assert before[1]["title"] == "One man detained"
    row = team.row(reference)
    assert (row.title, row.version, row.approved_version) == ("One man detained", 1, 1)

    with team.work(team.reviewer) as work:
        approve_correction(work, correction_id, 1)

    listing, exported = seen(reader, reference)
    assert "Seven men detained" in listing
    assert (exported["title"], exported["summary"]) == ("Seven men detained", "As read again.")
    assert reader.get("/incidents?place=Aktau").get_data(as_text=True).count(reference)
    row = team.row(reference)
    assert (row.status, row.version, row.approved_version) == ("approved", 2, 2)


def seen(reader: Any, reference: str) -> tuple[str, dict[str, str]]:
    """The listing's words and the export's row of an incident, as somebody has them."""
    listing = reader.get("/incidents")
    page = reader.get(f"/incidents/{reference}")
    exported = reader.get("/incidents.csv?columns=full&profile=public")
    assert (listing.status_code, page.status_code, exported.status_code) == (200, 200, 200)
    rows = csv.DictReader(io.StringIO(exported.get_data().decode("utf-8-sig")))
    (row,) = [row for row in rows if reference in row.values()]
    main = listing.get_data(as_text=True).split("<main", 1)[1] + page.get_data(as_text=True)
    # A form's token says the second it was made in.
    return re.sub(r'name="csrf_token" value="[^"]*"', "", main.split("</main>", 1)[0]), row


def test_approval_keeps_a_revision_a_review_and_the_chain(team: Team) -> None:
    reference = team.recorded(status="approved")
    correction_id = team.corrected(reference, title="Again", by=team.colleague)
    with team.work(team.reviewer) as work:
        approve_correction(work, correction_id, 1)

    with team.reading() as session:
        revision = session.exec(
            select(Revision).where(Revision.entity == "incident", Revision.version == 2)
        ).one()
        review = session.exec(select(Review).where(col(Review.correction_id).is_not(None))).one()
        assert list(problems(session)) == []
    assert (from_json(revision.payload).title, revision.reason) == ("Again", WHY)
    assert (review.decision, review.reviewer_id) == ("approve", team.reviewer.account_id)
    assert team.stored(reference, 1).title == "Somebody detained"
    assert correction(team, correction_id).status == "approved"


def test_one_correction_is_open_at_a_time(team: Team) -> None:
    reference = team.recorded(status="approved")
    first = team.corrected(reference, title="Again")

    with pytest.raises(WrongState):
        proposed(team, reference, by=team.colleague, title="And again")

    with team.work() as work:
        withdraw_correction(work, first, 1)
    assert proposed(team, reference, by=team.colleague, title="And again") != first


def test_form_sent_twice_proposes_once(team: Team) -> None:
    reference = team.recorded(status="approved")
    record = team.stored(reference).model_copy(update={"title": "Again"})
    made = set()
    for _ in range(2):
        with team.work() as work:
            made.add(propose_correction(work, reference, 1, record, WHY, form_token="t").id)

    assert len(made) == 1
    for changed in ({"title": "Other words"}, {"summary": "More"}):
        other = record.model_copy(update=changed)
        with pytest.raises(WrongState, match="with other words"), team.work() as work:
            propose_correction(work, reference, 1, other, WHY, form_token="t")
    with pytest.raises(WrongState, match="with other words"), team.work() as work:
        propose_correction(work, reference, 1, record, "Another reason", form_token="t")


@pytest.mark.parametrize("protected", [False, True])
def test_correction_that_changes_nothing_is_refused(team: Team, protected: bool) -> None:
    kind = "testimony" if protected else "news_article"
    source = team.source(protected=protected, kind=kind)
    reference = team.recorded(
        citations=(team.quoting("about 20 of them", source=source),), status="approved"
    )
    with pytest.raises(FieldErrors) as refused, team.work() as work:
        record = opened_record(work.session, work.keyring, team.stored(reference))
        propose_correction(work, reference, 1, record, WHY)

    assert list(refused.value.errors) == ["reason"]


def test_correction_says_why(team: Team) -> None:
    reference = team.recorded(status="approved")
    record = team.stored(reference).model_copy(update={"title": "Again"})

    with pytest.raises(FieldErrors) as refused, team.work() as work:
        propose_correction(work, reference, 1, record, " ")

    assert list(refused.value.errors) == ["reason"]


def test_correction_is_complete_and_its_quotes_stand_in_the_text(team: Team) -> None:
    reference = team.recorded(status="approved")
    citation = team.quoting("nobody said this anywhere")
    for changed, path in (
        ({"place": None}, "place"),
        ({"citations": (citation,)}, "citations.0.quote"),
    ):
        with pytest.raises(FieldErrors) as refused:
            proposed(team, reference, **changed)
        assert list(refused.value.errors) == [path]


@pytest.mark.parametrize("status", ["draft", "submitted", "rejected", "retracted"])
def test_only_approved_incidents_are_corrected(team: Team, status: str) -> None:
    reference = team.recorded(status=status)

    with pytest.raises(WrongState):
        proposed(team, reference, title="Again")


def test_correction_of_a_stale_version_is_refused(team: Team) -> None:
    reference = team.recorded(status="approved")
    with team.work() as work:
        restrict(work, reference, 1, "internal")

    with pytest.raises(Stale):
        proposed(team, reference, base=1, title="Again")


def test_correction_is_not_approved_once_the_incident_moved_on(team: Team) -> None:
    reference = team.recorded(status="approved")
    correction_id = team.corrected(reference, title="Again", by=team.colleague)
    with team.work() as work:
        restrict(work, reference, 1, "internal")

    with pytest.raises(Stale) as stale, team.work(team.reviewer) as work:
        approve_correction(work, correction_id, 1)

    assert stale.value.current_version == 2
    assert team.row(reference).title == "Somebody detained"
    assert team.row(reference).publication == "internal"


def test_correction_of_a_retracted_incident_is_not_approved(team: Team) -> None:
    reference = team.recorded(status="approved")
    correction_id = team.corrected(reference, title="Again")
    with team.work(team.reviewer) as work:
        retract(work, reference, 1, "It did not happen.")

    with pytest.raises(Stale), team.work(team.reviewer) as work:
        approve_correction(work, correction_id, 1)

    assert team.row(reference).status == "retracted"


def test_author_withdraws_a_correction_and_nobody_else(team: Team) -> None:
    reference = team.recorded(status="approved")
    correction_id = team.corrected(reference, title="Again")
    for by in (team.colleague, team.reviewer, OPERATOR):
        with pytest.raises(NotAllowed), team.work(by) as work:
            withdraw_correction(work, correction_id, 1)

    with team.work() as work:
        withdraw_correction(work, correction_id, 1)

    assert correction(team, correction_id).status == "withdrawn"
    assert team.row(reference).version == 1
    with pytest.raises(WrongState), team.work() as work:
        withdraw_correction(work, correction_id, 1)


def test_returned_correction_is_a_draft_with_words_and_comes_back(team: Team) -> None:
    reference = team.recorded(status="approved")
    correction_id = team.corrected(reference, title="Again")
    with team.work(team.reviewer) as work:
        return_correction(work, correction_id, 1, " Which town? ")
    assert correction(team, correction_id).status == "draft"
    with team.reading() as session:
        decided = session.exec(select(Review).where(Review.decision == "return")).one()
    assert (decided.reason, decided.correction_id) == ("Which town?", correction_id)

    with team.work() as work:
        changed = team.stored(reference).model_copy(update={"title": "Once more"})
        edit_correction(work, correction_id, 1, changed, WHY)
        submit_correction(work, correction_id, 2)
    with team.work(team.reviewer) as work:
        approve_correction(work, correction_id, 2)

    assert team.row(reference).title == "Once more"


def test_rejected_correction_is_over(team: Team) -> None:
    reference = team.recorded(status="approved")
    correction_id = team.corrected(reference, title="Again")
    with pytest.raises(FieldErrors), team.work(team.reviewer) as work:
        reject_correction(work, correction_id, 1, " ")
    with team.work(team.reviewer) as work:
        reject_correction(work, correction_id, 1, "The text says one.")

    assert correction(team, correction_id).status == "rejected"
    assert team.row(reference).title == "Somebody detained"
    for again in (submit_correction, withdraw_correction):
        with pytest.raises(WrongState), team.work() as work:
            again(work, correction_id, 1)


def test_decision_is_of_the_version_that_was_read(team: Team) -> None:
    reference = team.recorded(status="approved")
    correction_id = proposed(team, reference, title="Again")
    with team.work() as work:
        changed = team.stored(reference).model_copy(update={"title": "Once more"})
        edit_correction(work, correction_id, 1, changed, WHY)
        submit_correction(work, correction_id, 2)

    for decide in (approve_correction, return_correction, reject_correction):
        words = () if decide is approve_correction else ("Because.",)
        with pytest.raises(Stale), team.work(team.reviewer) as work:
            decide(work, correction_id, 1, *words)
    assert correction(team, correction_id).status == "submitted"


def test_stale_edit_of_a_correction_changes_nothing(team: Team) -> None:
    reference = team.recorded(status="approved")
    correction_id = proposed(team, reference, title="Again")

    def edit(title: str, version: int) -> None:
        with team.work() as work:
            changed = team.stored(reference).model_copy(update={"title": title})
            edit_correction(work, correction_id, version, changed, WHY)

    edit("Once more", 1)
    with pytest.raises(Stale):
        edit("Mine", 1)

    kept = correction(team, correction_id)
    assert (from_json(kept.record).title, kept.version) == ("Once more", 2)


def test_draft_correction_is_not_decided_on(team: Team) -> None:
    correction_id = proposed(team, team.recorded(status="approved"), title="Again")

    with pytest.raises(WrongState), team.work(team.reviewer) as work:
        approve_correction(work, correction_id, 1)


def test_four_eyes_of_a_correction(team: Team) -> None:
    """Neither who wrote or edited it nor who recorded the incident approves it."""
    reference = team.recorded(status="approved")
    by_reviewer = proposed(team, reference, by=team.reviewer, title="Again")
    with team.work(team.reviewer) as work:
        submit_correction(work, by_reviewer, 1)
    assert approved(team, by_reviewer, team.reviewer) is NotAllowed
    assert approved(team, by_reviewer, team.second_reviewer) is None

    with team.work(team.second_reviewer) as work:
        return_correction(work, by_reviewer, 1, "More.")
    with team.work(team.second_reviewer) as work:
        more = team.stored(reference).model_copy(update={"title": "More"})
        edit_correction(work, by_reviewer, 1, more, WHY)
        submit_correction(work, by_reviewer, 2)
    assert approved(team, by_reviewer, team.second_reviewer) is NotAllowed

    for by in (team.author, team.colleague, OPERATOR):
        assert approved(team, by_reviewer, by) is NotAllowed
    for by in (team.reader, team.admin):
        assert approved(team, by_reviewer, by) is NotFound


def test_author_of_the_incident_does_not_approve_its_correction(team: Team) -> None:
    reference = team.recorded(by=team.second_reviewer, status="approved")
    correction_id = team.corrected(reference, by=team.colleague, title="Again")

    assert approved(team, correction_id, team.second_reviewer) is NotAllowed
    assert approved(team, correction_id, team.reviewer) is None


def hidden_beside_shown(team: Team) -> tuple[str, Record, str]:
    """An approved incident related to a sealed one and another; what others see of its record."""
    hidden, shown = team.recorded(), team.recorded()
    relations = (team.related("about", hidden), team.related("about", shown))
    reference = team.recorded(relations=relations, status="approved")
    team.sealed(hidden)
    return reference, team.stored(reference).model_copy(update={"relations": relations[1:]}), hidden


def test_hidden_relation_survives_a_correction_by_who_never_saw_it(team: Team) -> None:
    reference, seen_by_others, _ = hidden_beside_shown(team)
    before = team.stored(reference).relations
    with pytest.raises(FieldErrors), team.work(team.colleague) as work:
        propose_correction(work, reference, 1, seen_by_others, WHY)

    with team.work(team.colleague) as work:
        changed = seen_by_others.model_copy(update={"title": "Again"})
        made = propose_correction(work, reference, 1, changed, WHY)
        submit_correction(work, made.id or 0, 1)
    with team.work(team.reviewer) as work:
        approve_correction(work, made.id or 0, 1)

    assert team.row(reference).title == "Again"
    assert team.stored(reference).relations == before


def test_hidden_relation_a_correction_adds_survives_another_hand(team: Team) -> None:
    hidden = team.recorded()
    reference = team.recorded(status="approved")
    relation = team.related("about", hidden)
    team.sealed(hidden)
    correction_id = proposed(team, reference, relations=(relation,))

    with team.work(team.colleague) as work:
        changed = team.stored(reference).model_copy(update={"title": "Again", "relations": ()})
        edit_correction(work, correction_id, 1, changed, WHY)

    kept = from_json(correction(team, correction_id).record)
    assert (kept.title, kept.relations) == ("Again", (relation,))


def test_correction_of_a_sealed_incident_is_for_those_it_names(team: Team) -> None:
    reference = team.recorded(status="approved")
    team.sealed(reference, team.reviewer)
    correction_id = team.corrected(reference, title="Again")

    assert approved(team, correction_id, team.second_reviewer) is NotFound
    with pytest.raises(NotFound), team.work(team.colleague) as work:
        submit_correction(work, correction_id, 1)
    assert approved(team, correction_id, team.reviewer) is None


def test_correction_recomputes_both_ends_of_a_contradiction(team: Team) -> None:
    one, other = team.recorded(status="approved"), team.recorded(status="approved")
    correction_id = team.corrected(one, relations=(team.related("contradicts", other),))
    assert team.row(other).sourcing == "single_source"

    with team.work(team.reviewer) as work:
        approve_correction(work, correction_id, 1)

    for reference in (one, other):
        row = team.row(reference)
        assert (row.sourcing, row.sourcing_redacted) == ("contested", "contested")
