"""Showing an incident to fewer people: at once, in any status, and naming those of a seal."""

import pytest
from sqlmodel import Session, select

from incidents.account.models import Account
from incidents.errors import (
    FieldErrors,
    NotAllowed,
    NotFound,
    Stale,
)
from incidents.incident.actions import edit_incident, record_incident, restrict
from incidents.incident.models import IncidentAccess
from incidents.incident.queries.lookup import incident_by_reference
from incidents.incident.states import STATUSES
from incidents.review.actions import approve
from incidents.viewer import OPERATOR, Viewer
from tests.team import Team


def edited(team: Team, reference: str, by: Viewer, title: str = "Read again") -> None:
    record = team.stored(reference).model_copy(update={"title": title})
    with team.work(by) as work:
        edit_incident(work, reference, team.row(reference).version, record)


def named(session: Session, incident_id: int) -> set[int]:
    return set(
        session.exec(
            select(IncidentAccess.account_id).where(IncidentAccess.incident_id == incident_id)
        ).all()
    )


def sees(team: Team, viewer: Viewer, reference: str) -> bool:
    with team.reading() as session:
        try:
            incident_by_reference(session, viewer, reference)
        except NotFound:
            return False
    return True


def test_incident_is_restricted_in_any_status_and_keeps_it(team: Team) -> None:
    record = team.record()
    for status in STATUSES:
        reference = team.recorded(record, status=status)
        for version, publication in ((1, "internal"), (2, "sealed")):
            with team.work() as work:
                restrict(work, reference, version, publication)
        row = team.row(reference)
        assert (row.status, row.publication, row.version) == (status, "sealed", 3)
        assert team.stored(reference).publication == "sealed"
        assert row.approved_version == {"approved": 3, "retracted": 1}.get(status)


def test_reader_loses_sight_of_what_is_restricted(team: Team) -> None:
    reference = team.recorded(status="approved")
    assert sees(team, team.reader, reference)

    with team.work() as work:
        restrict(work, reference, 1, "internal")

    assert not sees(team, team.reader, reference)
    assert sees(team, team.colleague, reference)


def test_sealing_names_author_and_sealer_at_once(team: Team) -> None:
    reference = team.recorded(status="approved")

    team.sealed(reference, team.second_reviewer, by=team.reviewer)

    with team.reading() as session:
        assert named(session, team.id(reference)) == {
            one.account_id for one in (team.author, team.reviewer, team.second_reviewer)
        }
    for viewer in (team.author, team.reviewer, team.second_reviewer):
        assert sees(team, viewer, reference)
    for viewer in (team.colleague, team.admin, team.reader, OPERATOR, team.author.publicly()):
        assert not sees(team, viewer, reference)


def test_incident_sealed_from_its_first_draft_is_its_authors_alone(team: Team) -> None:
    record = team.record(publication="sealed")
    with team.work() as work:
        reference = record_incident(work, record).reference

    assert [viewer.name for viewer in _everybody(team) if sees(team, viewer, reference)] == [
        "author"
    ]


def _everybody(team: Team) -> list[Viewer]:
    internal = [team.author, team.colleague, team.reviewer, team.second_reviewer]
    return [*internal, team.reader, team.admin, OPERATOR]


def test_reader_named_sees_a_sealed_incident_once_approved(team: Team) -> None:
    reference = team.recorded(status="submitted")
    team.sealed(reference, team.reader, team.reviewer)
    assert not sees(team, team.reader, reference)

    with team.work(team.reviewer) as work:
        approve(work, reference, 2)

    assert sees(team, team.reader, reference)


def test_more_accounts_are_named_without_a_new_version(team: Team) -> None:
    reference = team.recorded()
    team.sealed(reference)
    assert not sees(team, team.colleague, reference)

    team.sealed(reference, team.colleague)

    assert sees(team, team.colleague, reference)
    assert team.row(reference).version == 2


def test_only_author_and_reviewers_restrict(team: Team) -> None:
    reference = team.recorded()
    for by, refusal in (
        (team.colleague, NotAllowed),
        (OPERATOR, NotAllowed),
        (team.admin, NotFound),
        (team.reader, NotFound),
    ):
        with pytest.raises(refusal), team.work(by) as work:
            restrict(work, reference, 1, "internal")
    assert team.row(reference).publication == "open"


@pytest.mark.parametrize("publication", ["open", "internal", "secret"])
def test_restricting_never_opens_up(team: Team, publication: str) -> None:
    reference = team.recorded()
    team.sealed(reference)

    with pytest.raises(FieldErrors) as refused, team.work() as work:
        restrict(work, reference, 2, publication)

    assert list(refused.value.errors) == ["publication"]
    assert team.row(reference).publication == "sealed"


def test_unknown_or_disabled_account_is_not_named(team: Team) -> None:
    reference = team.recorded()
    with team.work() as work:
        gone = work.session.exec(select(Account).where(Account.name == "colleague")).one()
        gone.disabled_at = work.now
        work.session.add(gone)
    for name in ("nobody", "colleague"):
        with pytest.raises(FieldErrors) as refused, team.work() as work:
            restrict(work, reference, 1, "sealed", [name])
        assert list(refused.value.errors) == ["accounts"]
    assert team.row(reference).publication == "open"


def test_restricting_a_stale_version_is_refused(team: Team) -> None:
    reference = team.recorded()
    edited(team, reference, team.author)

    with pytest.raises(Stale), team.work() as work:
        restrict(work, reference, 1, "internal")


def test_draft_is_opened_up_again_by_an_edit(team: Team) -> None:
    reference = team.recorded()
    team.sealed(reference)
    record = team.stored(reference).model_copy(update={"publication": "open"})

    with team.work() as work:
        edit_incident(work, reference, 2, record)

    assert sees(team, team.colleague, reference)
