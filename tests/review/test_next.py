"""After a decision a reviewer is led to what has waited longest for them."""

from collections.abc import Callable
from typing import Any

import pytest

from incidents.review.queries import next_for_review
from incidents.viewer import Viewer
from tests.conftest import Browser
from tests.factories import Person
from tests.team import Team


@pytest.fixture
def reviewer(team: Team, sign_in: Callable[..., Browser]) -> Browser:
    return sign_in(person=Person(team.reviewer.account_id or 0, team.reviewer))


def decided(browser: Browser, address: str, **typed: Any) -> str:
    answer = browser.post(address, {"version": "1", **typed}, follow_redirects=True)
    assert answer.status_code == 200
    return str(answer.text)


def waiting(team: Team, viewer: Viewer) -> tuple[str, int]:
    with team.reading() as session:
        return next_for_review(session, viewer)


def test_each_decision_names_what_waits_longest(team: Team, reviewer: Browser) -> None:
    first, corrected = team.recorded(status="submitted"), team.recorded(status="approved")
    second, third = (team.recorded(status="submitted") for _ in range(2))
    correction = team.corrected(corrected, title="Again")
    team.recorded(status="submitted", by=team.reviewer)

    said = decided(reviewer, f"/incidents/{second}/approve")
    assert f'Next: <a href="/incidents/{first}">{first}</a>, 3 wait for your review.' in said
    said = decided(reviewer, f"/incidents/{first}/return", **{"return-reason": "Where?"})
    assert f'<a href="/incidents/{corrected}">{corrected}</a>, 2 wait for your review.' in said
    said = decided(reviewer, f"/corrections/{correction}/approve")
    assert f'<a href="/incidents/{third}">{third}</a>, 1 waits for your review.' in said
    refused = {"reject-rejection": "unsupported", "reject-reason": "No."}
    said = decided(reviewer, f"/incidents/{third}/reject", **refused)
    assert "Nothing more waits for your review." in said


def test_what_is_sealed_is_nobody_else_s_next(team: Team) -> None:
    sealed = team.recorded(status="submitted")
    team.sealed(sealed, team.author, team.second_reviewer)
    assert waiting(team, team.reviewer) == ("", 0)
    assert waiting(team, team.second_reviewer) == (sealed, 1)
