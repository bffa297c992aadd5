"""Two sources that are one story corroborate nothing: an incident’s sourcing follows at once."""

from collections.abc import Iterator

import pytest
from sqlmodel import col, select

from incidents.audit.models import AuditEntry, Revision
from incidents.incident.actions import make_one_story, make_own_story, recompute
from incidents.incident.models import Incident
from incidents.services import Services
from incidents.source.models import Source
from tests.incident.exported import Article, exported, read
from tests.source.conftest import Room, room

__all__ = ["room"]


@pytest.fixture
def cited(room: Room) -> Iterator[tuple[Room, Source, Source, int]]:
    """An approved incident that two sources support."""
    one, other = room.add("Police opened fire."), room.add("They opened fire.")
    incident = room.log(one, "Police", status="draft")
    assert other.id is not None
    room.rows.cite(incident, other.id, position=1)
    room.rows.move(incident, "approved")
    recompute(room.work.session, [incident])
    yield room, one, other, incident


def sourcing(room: Room, incident: int) -> tuple[str, str]:
    row = room.work.session.exec(select(Incident).where(Incident.id == incident)).one()
    return row.sourcing, row.sourcing_redacted


def test_one_story_turns_corroborated_into_single_source_for_both_audiences(
    cited: tuple[Room, Source, Source, int],
) -> None:
    room, one, other, incident = cited
    assert sourcing(room, incident) == ("corroborated", "corroborated")
    make_one_story(room.work, other.reference, one.reference)
    assert sourcing(room, incident) == ("single_source", "single_source")
    assert other.origin_id == one.id
    make_own_story(room.work, other.reference)
    assert sourcing(room, incident) == ("corroborated", "corroborated")


def test_the_approved_record_stays_as_it_was_approved(
    cited: tuple[Room, Source, Source, int],
) -> None:
    room, one, other, incident = cited
    session = room.work.session
    before = session.exec(select(Incident).where(Incident.id == incident)).one().model_dump()
    revisions = len(session.exec(select(Revision).where(Revision.entity == "incident")).all())
    make_one_story(room.work, other.reference, one.reference)
    after = session.exec(select(Incident).where(Incident.id == incident)).one().model_dump()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"sourcing", "sourcing_redacted"}
    kept = session.exec(select(Revision).where(Revision.entity == "incident")).all()
    assert len(kept) == revisions


def test_the_change_is_in_the_log_with_a_version_of_the_source(
    cited: tuple[Room, Source, Source, int],
) -> None:
    room, one, other, _ = cited
    make_one_story(room.work, other.reference, one.reference)
    last = room.work.session.exec(
        select(AuditEntry).order_by(col(AuditEntry.sequence).desc())
    ).first()
    assert last is not None
    assert (last.action, last.entity, last.entity_id) == ("edit", "source", other.id)
    assert (one.version, other.version) == (1, 2)


@pytest.mark.parametrize("profile", ["internal", "public"])
def test_an_export_says_the_same(
    cited: tuple[Room, Source, Source, int], services: Services, profile: str
) -> None:
    room, one, other, _ = cited
    article = Article(services, {}, {})
    told = []
    for _ in range(2):
        room.work.session.commit()
        (row,) = read(exported(article, "incidents", profile=profile))
        told.append((row["sourcing"], row["independent_sources_n"]))
        if one.origin_id is None and other.origin_id is None:
            make_one_story(room.work, other.reference, one.reference)
    assert told == [("corroborated", "2"), ("single_source", "1")]
