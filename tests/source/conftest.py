"""Sources in a database of both kinds, with incidents that quote them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from incidents.archive import Archive
from incidents.crypto import Keyring
from incidents.db import Database
from incidents.source.actions import add_source, prepare
from incidents.source.models import Source
from incidents.source.queries import source_page, texts_for_quotes
from incidents.source.queries.views import SourcePage
from incidents.source.record import Content, SourceSaid, pasted
from incidents.viewer import Viewer
from incidents.vocabulary.actions import sync_terms
from incidents.work import Work
from tests.incident.rows import AIGUL, Rows

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TEXT = "Police opened fire.\n\nA woman said her husband was beaten.\n"


class Room:
    """A team at work on sources: what a test does to them, and what a viewer then sees."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.rows = Rows(work.session)
        self.place = self.rows.place("Janaozen")
        self.numbers = 0

    def by(self, actor: Viewer) -> Work:
        return replace(self.work, actor=actor)

    def add(self, text: str | Content | None = None, *, by: Viewer = AIGUL, **said: Any) -> Source:
        asked = {name: said.pop(name) for name in ("confirmed", "form_token") if name in said}
        source = SourceSaid(**{"title": "Police round up men", "kind": "news_article", **said})
        content = pasted(text) if isinstance(text, str) else text
        prepared = None
        if content is not None:
            prepared = prepare(content, limit_mb=50, protected=source.protected)
            self.work.archive.put(prepared.stored)
        return add_source(self.by(by), source, prepared, **asked)

    def log(
        self,
        source: Source,
        words: str = "",
        *,
        status: str = "approved",
        speaker: int | None = None,
        **given: Any,
    ) -> int:
        """An incident that cites the source, quoting these words of it; gives its id."""
        assert source.id is not None
        self.numbers += 1
        kind = given.pop("type", "detention")
        incident = self.rows.incident(
            self.numbers, kind=kind, status="draft", place=self.place, **given
        )
        self.rows.cite(incident, source.id, speaker_id=speaker, **self._pinned(source, words))
        if status != "draft":
            self.rows.move(incident, status)
        return incident

    def page(self, viewer: Viewer, source: Source) -> SourcePage:
        return source_page(self.work.session, viewer, self.work.keyring, source.reference)

    def _pinned(self, source: Source, words: str) -> dict[str, Any]:
        if not words:
            return {}
        assert source.id is not None
        texts = texts_for_quotes(self.work.session, AIGUL, self.work.keyring, [source.id])
        snapshot, text = texts[source.id][0]
        start = text.index(words)
        return {
            "snapshot_id": snapshot,
            "quote": words,
            "quote_start": start,
            "quote_end": start + len(words),
        }


@pytest.fixture
def room(database: Database, archive: Archive) -> Iterator[Room]:
    with database.writing() as session:
        work = Work(session, AIGUL, NOW, Keyring(bytes(range(32))), archive)
        sync_terms(work)
        yield Room(work)
