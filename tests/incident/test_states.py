"""The life of an incident: who may move it where, on which version, and who may see less of it."""

import threading
from collections.abc import Callable

import pytest
from sqlmodel import col, select

from incidents.audit.models import AuditEntry
from incidents.audit.queries import problems
from incidents.errors import (
    FieldErrors,
    IncidentsError,
    NotAllowed,
    NotFound,
    Stale,
    WrongState,
)
from incidents.incident.actions import edit_incident, move, restrict
from incidents.incident.queries.lookup import incident_by_reference
from incidents.incident.states import STATUSES, TRANSITIONS, Mover
from incidents.review.actions import approve, assess, reject, retract, return_to_author
from incidents.review.models import Review
from incidents.viewer import OPERATOR, Role, Viewer
from tests.team import Team

ACTORS = (
    "author",
    "author who reviews",
    "editor",
    "editor who reviews",
    "researcher",
    "reviewer",
    "reader",
    "admin",
    "operator",
)
_RECORDERS = {*ACTORS} - {"reader", "admin"}
MAY = {
    "submit": _RECORDERS,
    "withdraw": {"author", "author who reviews"},
    "return": {"reviewer"},
    "approve": {"reviewer"},
    "reject": {"reviewer"},
    "reopen": _RECORDERS,
    # Its last edit was before the approval, which somebody else gave.
    "retract": {"reviewer", "editor who reviews"},
}


class Cast:
    """Everybody of the table; each asks about an incident of its own."""

    def __init__(self, team: Team) -> None:
        self.team = team
        both = (Role.RESEARCHER, Role.REVIEWER)
        self.people: dict[str, Viewer] = {
            "author": team.author,
            "author who reviews": team.person("author who reviews", *both),
            "editor": team.person("editor", Role.RESEARCHER),
            "editor who reviews": team.person("editor who reviews", *both),
            "researcher": team.colleague,
            "reviewer": team.second_reviewer,
            "reader": team.reader,
            "admin": team.admin,
            "operator": OPERATOR,
        }
        self.record = team.record()

    def incident(self, actor: str, status: str) -> str:
        """In this status; what the actor has done to it is what the actor is called after."""
        by = self.people[actor] if actor.startswith("author") else self.team.author
        reference = self.team.recorded(self.record, by=by)
        if actor.startswith("editor"):
            edited(self.team, reference, self.people[actor])
        self.team.move_to(reference, status, by=by)
        return reference


def edited(team: Team, reference: str, by: Viewer, title: str = "Read again") -> None:
    record = team.stored(reference).model_copy(update={"title": title})
    with team.work(by) as work:
        edit_incident(work, reference, team.row(reference).version, record)


def moved(team: Team, reference: str, name: str, by: Viewer) -> type[Exception] | None:
    """What the move was refused with, None when it went through."""
    try:
        team.step(reference, name, by=by, reason="Because.")
    except IncidentsError as refused:
        return type(refused)
    return None


@pytest.mark.parametrize("name", sorted(TRANSITIONS))
def test_each_transition_is_for_those_it_is_for(team: Team, name: str) -> None:
    cast, step = Cast(team), TRANSITIONS[name]
    allowed = set()
    for actor in ACTORS:
        reference = cast.incident(actor, step.before)
        refused = moved(team, reference, name, cast.people[actor])
        assert refused in (None, NotAllowed), actor
        after = team.row(reference).status
        assert after == (step.before if refused else step.after), actor
        if refused is None:
            allowed.add(actor)

    assert allowed == MAY[name]
    with team.reading() as session:
        assert list(problems(session)) == []


def test_status_is_the_one_the_transition_begins_at(team: Team) -> None:
    record = team.record()
    references = {status: team.recorded(record, status=status) for status in STATUSES}
    for step in TRANSITIONS.values():
        by = team.second_reviewer if step.mover is Mover.REVIEWER else team.author
        for status, reference in references.items():
            if status != step.before:
                assert moved(team, reference, step.name, by) is WrongState, (status, step.name)
                assert team.row(reference).status == status


@pytest.mark.parametrize("name", sorted(TRANSITIONS))
def test_move_is_of_the_version_that_was_read(team: Team, name: str) -> None:
    step = TRANSITIONS[name]
    by = team.second_reviewer if step.mover is Mover.REVIEWER else team.author
    reference = team.recorded()
    edited(team, reference, team.author)
    team.move_to(reference, step.before)

    with pytest.raises(Stale) as stale, team.work(by) as work:
        incident = incident_by_reference(work.session, by, reference)
        move(work, incident, name, 1, "Because.")

    assert stale.value.current_version == 2
    assert team.row(reference).status == step.before


@pytest.mark.parametrize("name", [step.name for step in TRANSITIONS.values() if step.reason])
def test_author_is_told_why(team: Team, name: str) -> None:
    reference = team.recorded(status=TRANSITIONS[name].before)

    with pytest.raises(FieldErrors) as refused:
        team.step(reference, name, by=team.second_reviewer, reason="  ")

    assert list(refused.value.errors) == ["reason"]


def test_every_move_stands_in_the_log_and_every_decision_in_a_review(team: Team) -> None:
    reference = team.recorded()
    for name, by in (
        ("submit", team.author),
        ("withdraw", team.author),
        ("submit", team.colleague),
    ):
        team.step(reference, name, by=by)
    with team.work(team.reviewer) as work:
        return_to_author(work, reference, 1, " Which town? ")
    team.step(reference, "submit")
    with team.work(team.reviewer) as work:
        approve(work, reference, 1)

    with team.reading() as session:
        actions = session.exec(
            select(AuditEntry.action)
            .where(AuditEntry.entity == "incident")
            .order_by(col(AuditEntry.sequence))
        ).all()
        reviews = session.exec(select(Review).order_by(col(Review.id))).all()
    assert actions == ["record", "submit", "withdraw", "submit", "return", "submit", "approve"]
    assert [(one.decision, one.reason, one.version) for one in reviews] == [
        ("return", "Which town?", 1),
        ("approve", None, 1),
    ]


def test_submitted_record_is_frozen_until_withdrawn(team: Team) -> None:
    reference = team.recorded(status="submitted")
    for by in (team.author, team.colleague, team.reviewer):
        with pytest.raises(WrongState):
            edited(team, reference, by)
    assert team.row(reference).version == 1

    team.step(reference, "withdraw")
    edited(team, reference, team.author)

    assert team.row(reference).version == 2


def test_two_decisions_at_once_make_one(team: Team) -> None:
    reference = team.recorded(status="submitted")
    raised: list[Exception] = []

    def decide(doing: Callable[[], object]) -> None:
        try:
            doing()
        except IncidentsError as error:
            raised.append(error)

    def approving() -> None:
        with team.work(team.reviewer) as work:
            approve(work, reference, 1)

    def rejecting() -> None:
        with team.work(team.second_reviewer) as work:
            reject(work, reference, 1, "unsupported", "No.")

    threads = [threading.Thread(target=decide, args=(one,)) for one in (approving, rejecting)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert [type(error) for error in raised] == [WrongState]
    with team.reading() as session:
        decided = session.exec(select(Review.decision)).one()
    assert team.row(reference).status == {"approve": "approved", "reject": "rejected"}[decided]


# Decisions.


def test_approval_is_of_one_version(team: Team) -> None:
    reference = team.recorded()
    edited(team, reference, team.author)
    team.move_to(reference, "approved")

    row = team.row(reference)
    assert (row.version, row.approved_version) == (2, 2)
    assert row.approved_at is not None


def test_duplicate_names_the_incident_it_repeats(team: Team) -> None:
    original, copy = team.recorded(status="submitted"), team.recorded(status="submitted")
    with team.work(team.reviewer) as work:
        reject(work, copy, 1, "duplicate", "Logged already.", original)

    with team.reading() as session:
        assert session.exec(select(Review.duplicate_of_id)).one() == team.id(original)


@pytest.mark.parametrize(
    ("rejection", "original", "path"),
    [
        ("boring", None, "rejection"),
        ("duplicate", None, "duplicate_of"),
        ("duplicate", "itself", "duplicate_of"),
        ("duplicate", "INC-1999-00001", "duplicate_of"),
    ],
)
def test_rejection_says_what_it_needs(
    team: Team, rejection: str, original: str | None, path: str
) -> None:
    reference = team.recorded(status="submitted")
    named = reference if original == "itself" else original

    with pytest.raises(FieldErrors) as refused, team.work(team.reviewer) as work:
        reject(work, reference, 1, rejection, "Because.", named)

    assert list(refused.value.errors) == [path]
    assert team.row(reference).status == "submitted"


def test_assessment_is_no_edit(team: Team) -> None:
    reference = team.recorded(status="submitted")
    with team.work(team.reviewer) as work:
        assess(work, reference, "doubtful", "One voice only.")
    assert (team.row(reference).assessment, team.row(reference).version) == ("doubtful", 1)

    with team.work(team.reviewer) as work:
        approve(work, reference, 1)
    assert team.row(reference).assessment == "doubtful"


def test_assessment_is_for_others_work_of_two_statuses(team: Team) -> None:
    for status in ("draft", "rejected", "retracted"):
        reference = team.recorded(status=status)
        with pytest.raises(WrongState), team.work(team.second_reviewer) as work:
            assess(work, reference, "accepted")
    mine = team.recorded(status="submitted", by=team.reviewer)
    with pytest.raises(NotAllowed), team.work(team.reviewer) as work:
        assess(work, mine, "accepted")
    with pytest.raises(NotFound), team.work(team.reader) as work:
        assess(work, mine, "accepted")


# Four eyes.


def approved_by(team: Team, reference: str, by: Viewer) -> bool:
    """Whether this viewer may approve it; nothing is left of the attempt."""
    with team.services.database.writing() as session:
        work = team.services.work(session, by)
        try:
            approve(work, reference, team.row(reference).version)
        except NotAllowed:
            return False
        return True


def test_author_does_not_approve_own_incident(team: Team) -> None:
    reference = team.recorded(status="submitted", by=team.reviewer)

    assert not approved_by(team, reference, team.reviewer)
    assert approved_by(team, reference, team.second_reviewer)


def test_editor_does_not_approve_and_a_third_person_does(team: Team) -> None:
    reference = team.recorded()
    edited(team, reference, team.reviewer)
    edited(team, reference, team.colleague, "And again")
    team.step(reference, "submit")

    assert not approved_by(team, reference, team.reviewer)
    assert approved_by(team, reference, team.second_reviewer)


def test_editor_before_a_return_or_a_rejection_is_an_editor_still(team: Team) -> None:
    reference = team.recorded()
    edited(team, reference, team.reviewer)
    team.step(reference, "submit")
    with team.work(team.second_reviewer) as work:
        reject(work, reference, 2, "unsupported", "No.")
    team.step(reference, "reopen", by=team.colleague)
    edited(team, reference, team.author, "Once more")
    team.step(reference, "submit")

    assert not approved_by(team, reference, team.reviewer)
    assert approved_by(team, reference, team.second_reviewer)


def test_who_submitted_for_somebody_may_approve(team: Team) -> None:
    reference = team.recorded()
    team.step(reference, "submit", by=team.reviewer)

    assert approved_by(team, reference, team.reviewer)


def test_who_restricted_a_submitted_record_has_edited_it(team: Team) -> None:
    reference = team.recorded(status="submitted")
    with team.work(team.reviewer) as work:
        restrict(work, reference, 1, "internal")

    assert not approved_by(team, reference, team.reviewer)
    assert approved_by(team, reference, team.second_reviewer)


def test_operator_decides_on_nothing(team: Team) -> None:
    reference = team.recorded(status="submitted")
    own = team.recorded(status="submitted", by=OPERATOR)

    for one in (reference, own):
        assert not approved_by(team, one, OPERATOR)
        assert approved_by(team, one, team.reviewer)


def test_approver_may_retract_later_and_the_author_may_not(team: Team) -> None:
    reference = team.recorded(status="approved", by=team.second_reviewer)
    with pytest.raises(NotAllowed), team.work(team.second_reviewer) as work:
        retract(work, reference, 1, "It did not happen.")
    with team.work(team.reviewer) as work:
        retract(work, reference, 1, "It did not happen.")

    assert team.row(reference).status == "retracted"
