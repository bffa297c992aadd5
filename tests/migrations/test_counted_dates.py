"""0009: how a date was counted comes and goes; the incident and its guards stay as they were."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from incidents import migrate
from incidents.incident.record import CountedSaid, When
from incidents.services import Services
from tests.migrations.schema import rows, triggers
from tests.migrations.test_migrations import expected_triggers, services_at_head
from tests.team import Team

__all__ = ["services_at_head"]
COUNTED = CountedSaid(amount=4, unit="day", side="before", anchor="2011-12-16", anchored="stated")


def test_it_comes_and_goes_and_nothing_else_does(
    services_at_head: Services, empty_url: str
) -> None:
    team, database = Team(services_at_head), services_at_head.database
    date = When(edtf="2011-12-12", counted=COUNTED)
    reference = team.recorded(team.record(date=date), status="submitted")
    before = rows(database)
    assert team.row(reference).date_counted
    with pytest.raises(DBAPIError), database.writing() as session:
        session.connection().execute(text("UPDATE incident SET date_counted = NULL"))

    database.dispose()
    migrate.downgrade(empty_url, "0008")
    assert "incident_frozen_date" not in triggers(database)
    database.dispose()
    migrate.upgrade(empty_url)

    after = rows(database)
    for name in ("revision", "citation", "audit_entry", "incident_detail"):
        assert after[name] == before[name], name
    assert len(after["incident"]) == len(before["incident"]) == 1
    assert triggers(database) == expected_triggers(database)
    assert team.row(reference).date_counted is None
    assert team.row(reference).date_edtf == "2011-12-12"
    # Its revision says it yet.
    assert team.stored(reference).date.counted == COUNTED
