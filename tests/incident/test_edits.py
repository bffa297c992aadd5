"""Drafts and their versions: what may be missing, what an edit keeps, what is not overwritten."""

import pytest
from sqlmodel import select

from incidents.audit.models import Revision
from incidents.audit.queries import problems
from incidents.errors import FieldErrors, NotFound, Stale, WrongState
from incidents.incident.actions import (
    edit_incident,
)
from incidents.incident.queries.sealed import opened_record
from incidents.incident.record import (
    CitationSaid,
    FigureSaid,
    Record,
    from_json,
    to_json,
)
from incidents.viewer import OPERATOR
from tests.incident.tables import record_of_rows
from tests.incident.whole import both, counts, full_record
from tests.team import Team


def test_draft_may_lack_everything_but_its_type_and_source(team: Team) -> None:
    citation = CitationSaid(source=team.source(None))

    row = team.row(team.recorded(Record(type="shortage", citations=(citation,))))

    assert (row.status, row.place_id, row.date_edtf, row.country) == ("draft", None, None, None)


def test_draft_without_a_source_is_refused(team: Team) -> None:
    with pytest.raises(FieldErrors, match="citations"):
        team.recorded(Record(type="shortage"))


def test_submitting_says_everything_that_is_missing_at_once(team: Team) -> None:
    draft = Record(
        type="shortage",
        citations=(CitationSaid(source=team.source(None)),),
        figures=(FigureSaid(measure="affected"),),
    )
    reference = team.recorded(draft)

    with pytest.raises(FieldErrors) as refused:
        team.step(reference, "submit")

    assert list(refused.value.errors) == ["date", "place", "details.goods", "figures.0.citation"]
    assert team.row(reference).status == "draft"


def test_edit_makes_a_new_version_with_a_revision(team: Team) -> None:
    reference = team.recorded(full_record(team))
    changed = team.stored(reference).model_copy(
        update={"title": "Twenty men detained", "involvements": (), "details": {"form": "arrest"}}
    )

    with team.work(team.colleague) as work:
        edit_incident(work, reference, 1, changed, "Read again")

    assert team.row(reference).version == 2
    with team.reading() as session:
        assert to_json(record_of_rows(session, team.id(reference))) == to_json(changed)
        last = session.exec(
            select(Revision).where(Revision.entity == "incident", Revision.version == 2)
        ).one()
        assert (last.reason, last.actor_id) == ("Read again", team.colleague.account_id)
        assert list(problems(session)) == []
    assert team.stored(reference, 1).title == "Somebody detained"


def test_edit_of_a_stale_version_changes_nothing(team: Team) -> None:
    reference = team.recorded()
    record = team.stored(reference)
    with team.work(team.colleague) as work:
        edit_incident(work, reference, 1, record.model_copy(update={"title": "Theirs"}))
    before = counts(team)

    with pytest.raises(Stale) as stale, team.work() as work:
        edit_incident(work, reference, 1, record.model_copy(update={"title": "Mine"}))

    assert stale.value.current_version == 2
    assert counts(team) == before
    assert team.row(reference).title == "Theirs"


def test_two_edits_at_once_do_not_overwrite_each_other(team: Team) -> None:
    reference = team.recorded()
    record = team.stored(reference)

    def edit(title: str) -> None:
        with team.work() as work:
            edit_incident(work, reference, 1, record.model_copy(update={"title": title}))

    raised = both(lambda: edit("One"), lambda: edit("Two"))

    assert [type(error) for error in raised] == [Stale]
    assert team.row(reference).version == 2


@pytest.mark.parametrize("protected", [False, True])
def test_edit_that_changes_nothing_makes_no_revision(team: Team, protected: bool) -> None:
    kind = "testimony" if protected else "news_article"
    source = team.source(protected=protected, kind=kind)
    reference = team.recorded(citations=(team.quoting("about 20 of them", source=source),))
    before = counts(team)

    with team.work() as work:
        record = opened_record(work.session, work.keyring, team.stored(reference))
        edit_incident(work, reference, 1, record)

    assert team.row(reference).version == 1
    assert counts(team) == before


@pytest.mark.parametrize("status", ["submitted", "approved", "rejected", "retracted"])
def test_only_a_draft_is_edited(team: Team, status: str) -> None:
    reference = team.recorded(status=status)
    changed = team.stored(reference).model_copy(update={"title": "Another"})

    with pytest.raises(WrongState), team.work() as work:
        edit_incident(work, reference, 1, changed)

    assert team.row(reference).title == "Somebody detained"


def test_edit_of_what_one_may_not_see_sounds_like_what_is_not_there(team: Team) -> None:
    reference = team.recorded()
    record = team.stored(reference)
    team.sealed(reference)

    for actor in (team.colleague, team.reader, OPERATOR):
        with pytest.raises(NotFound), team.work(actor) as work:
            edit_incident(work, reference, 2, record)


def test_every_revision_is_a_record_that_can_be_read(team: Team) -> None:
    reference = team.recorded(full_record(team))
    with team.work() as work:
        changed = replace_title(team.stored(reference), "Again")
        edit_incident(work, reference, 1, changed)

    with team.reading() as session:
        payloads = session.exec(
            select(Revision.payload).where(
                Revision.entity == "incident", Revision.entity_id == team.id(reference)
            )
        ).all()
    assert [to_json(from_json(payload)) for payload in payloads] == list(payloads)


def replace_title(record: Record, title: str) -> Record:
    return record.model_copy(update={"title": title})
