"""0008: what stands beside a fetched copy comes and goes; the copy stays as it was."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from incidents import migrate
from incidents.db import Database
from incidents.services import Services
from incidents.source.models import Capture, Snapshot, Source
from tests.factories import account
from tests.migrations.schema import triggers
from tests.migrations.test_migrations import expected_triggers, services_at_head

__all__ = ["services_at_head"]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_a_fetched_copy_stays_when_its_facts_go(services_at_head: Services, empty_url: str) -> None:
    database = Database(empty_url)
    person = account(services_at_head, "Aigul")
    with database.writing() as session:
        source = Source(
            ref_year=2026, ref_number=1, title="A report", kind="news_article",
            created_at=NOW, updated_at=NOW,
        )  # fmt: skip
        session.add(source)
        session.flush()
        assert source.id is not None
        session.add(
            Snapshot(
                source_id=source.id,
                sha256="a" * 64,
                size_bytes=1,
                media_type="text/html",
                taken_at=NOW,
                method="fetched",
                fetch_started_at=NOW,
                fetch_finished_at=NOW,
                warc_sha256="b" * 64,
                warc_size_bytes=2,
            )
        )
        session.add(
            Capture(
                token="t",
                account_id=person.id,
                sealed=b"x",
                state="waiting",
                started_at=NOW,
                seen_at=NOW,
            )
        )
        session.commit()
    database.dispose()
    migrate.downgrade(empty_url, "0007")
    migrate.upgrade(empty_url)
    with database.engine.connect() as connection:
        rows = connection.execute(text("SELECT sha256, method, warc_sha256 FROM snapshot")).all()
        assert [tuple(row) for row in rows] == [("a" * 64, "fetched", None)]
        assert connection.execute(text("SELECT count(*) FROM capture")).scalar() == 0
        with pytest.raises(DBAPIError):
            connection.execute(text("UPDATE snapshot SET warc_sha256 = 'c'"))
    assert triggers(database) == expected_triggers(database)
    database.dispose()
