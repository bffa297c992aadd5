"""A researcher at the incident form, for the tests of the form."""

from collections.abc import Callable
from typing import Any

import pytest

from incidents.viewer import Viewer
from tests.factories import Person
from tests.incident.desk import Desk
from tests.team import Team


@pytest.fixture
def desk(team: Team, sign_in: Callable[..., Any]) -> Desk:
    assert team.author.account_id is not None
    return Desk(team, sign_in(person=Person(team.author.account_id, team.author)))


@pytest.fixture
def person_of() -> Callable[[Viewer], Person]:
    """One of a team as somebody to sign in."""

    def person(viewer: Viewer) -> Person:
        assert viewer.account_id is not None
        return Person(viewer.account_id, viewer)

    return person
