"""A team at work in one database, for tests: sources with text, places, records, and their life.

Every call is one transaction through the app's own actions, as one request is; what raises leaves
nothing behind.
"""

import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from incidents.incident.actions import PartySaid, add_party, move, record_incident, restrict
from incidents.incident.models import Incident
from incidents.incident.queries.lookup import parsed_reference, stored_record
from incidents.incident.record import CitationSaid, Quote, Record, RelationSaid, When
from incidents.review.actions import (
    approve,
    propose_correction,
    reject,
    retract,
    submit_correction,
)
from incidents.services import Services
from incidents.source.actions import add_source, prepare
from incidents.source.models import Source
from incidents.source.record import Confirmed, Content, SourceSaid, pasted
from incidents.viewer import OPERATOR, Role, Viewer
from incidents.vocabulary.actions import add_place, sync_terms
from incidents.vocabulary.record import PlaceSaid
from incidents.work import Work
from tests.factories import account

TEXT = (
    "Police opened fire on Friday.\n\n"
    "A woman said that her husband was detained – “he was beaten up”,\n"
    "she said. There were about 20 of them.\n"
)
REQUIRED: Mapping[str, Mapping[str, Any]] = {
    "shortage": {"goods": ["food"]},
    "official_statement": {"position": ["denies"]},
}


@dataclass(frozen=True)
class People:
    """Two researchers, two reviewers, a reader and an admin."""

    author: Viewer
    colleague: Viewer
    reviewer: Viewer
    second_reviewer: Viewer
    reader: Viewer
    admin: Viewer


class Team:
    """The people, entered unless they are there already; the author is the first researcher."""

    def __init__(self, services: Services, people: People | None = None) -> None:
        self.services = services
        self._numbers = itertools.count(1)
        self.people = people or self._entered()
        self.author, self.colleague = self.people.author, self.people.colleague
        self.reviewer, self.second_reviewer = self.people.reviewer, self.people.second_reviewer
        self.reader, self.admin = self.people.reader, self.people.admin

    def _entered(self) -> People:
        with self.work(OPERATOR) as work:
            sync_terms(work)
        return People(
            author=self.person("author", Role.RESEARCHER),
            colleague=self.person("colleague", Role.RESEARCHER),
            reviewer=self.person("reviewer", Role.REVIEWER),
            second_reviewer=self.person("second reviewer", Role.REVIEWER),
            reader=self.person("reader", Role.READER),
            admin=self.person("admin", Role.ADMIN),
        )

    def person(self, name: str, *roles: Role, protected_grant: bool = False) -> Viewer:
        return account(self.services, name, *roles, protected_grant=protected_grant).viewer

    @contextmanager
    def work(self, actor: Viewer | None = None) -> Iterator[Work]:
        """One transaction of somebody's, the author's unless told; committed at its end."""
        with self.services.database.writing() as session:
            yield self.services.work(session, actor or self.author)
            session.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.services.database.reading() as session:
            yield session

    def source(self, text: str | None = TEXT, *, by: Viewer | None = None, **said: Any) -> int:
        """A source's id, with a snapshot of the text if there is any."""
        return self.source_row(text, by=by, **said).id or 0

    def source_row(
        self, text: str | None = TEXT, *, by: Viewer | None = None, **said: Any
    ) -> Source:
        number = next(self._numbers)
        source = SourceSaid(**{"title": f"Article {number}", "kind": "news_article", **said})
        content: Content | None = None if text is None else pasted(text)
        prepared = None
        if content is not None:
            prepared = prepare(content, limit_mb=5, protected=source.protected)
            self.services.archive.put(prepared.stored)
        with self.work(by) as work:
            return add_source(work, source, prepared, confirmed=Confirmed(same_text=True))

    def place(self, name: str = "Janaozen", *, country: str = "KZ", **said: Any) -> int:
        with self.work() as work:
            return add_place(work, PlaceSaid(name, country, **said)).id or 0

    def party(self, label: str = "detained man", *, by: Viewer | None = None, **said: Any) -> int:
        with self.work(by) as work:
            return (
                add_party(work, PartySaid(**{"kind": "individual", "label": label, **said})).id or 0
            )

    def record(self, kind: str = "detention", *, source: int | None = None, **given: Any) -> Record:
        """A record that may be submitted; makes its source and place unless they are given."""
        if "citations" not in given:
            given["citations"] = (CitationSaid(source=source or self.source()),)
        if "place" not in given:
            given["place"] = self.place(f"Settlement {next(self._numbers)}")
        given = {
            "title": "Somebody detained",
            "date": When(edtf="2011-12-16"),
            "details": dict(REQUIRED.get(kind, {})),
            **given,
        }
        return Record(type=kind, **given)

    def quoting(self, words: str, *, source: int | None = None, **said: Any) -> CitationSaid:
        return CitationSaid(source=source or self.source(), quote=Quote(exact=words), **said)

    def recorded(
        self,
        record: Record | None = None,
        *,
        status: str = "draft",
        by: Viewer | None = None,
        **given: Any,
    ) -> str:
        """An incident's reference: recorded by the author, moved to a status by who may."""
        with self.work(by) as work:
            reference = record_incident(work, record or self.record(**given)).reference
        self.move_to(reference, status, by=by)
        return reference

    def move_to(self, reference: str, status: str, *, by: Viewer | None = None) -> None:
        """From a draft on, by the shortest way; decisions are the first reviewer's."""
        if status != "draft":
            self.step(reference, "submit", by=by)
        version = self.row(reference).version
        if status == "rejected":
            with self.work(self.reviewer) as work:
                reject(work, reference, version, "unsupported", "No words.")
        if status in ("approved", "retracted"):
            with self.work(self.reviewer) as work:
                approve(work, reference, version)
        if status == "retracted":
            with self.work(self.second_reviewer) as work:
                retract(work, reference, version, "It did not happen.")

    def step(
        self, reference: str, name: str, *, by: Viewer | None = None, reason: str | None = None
    ) -> None:
        """One transition, for the version that is stored."""
        with self.work(by) as work:
            incident = _incident(work.session, reference)
            move(work, incident, name, incident.version, reason)

    def sealed(self, reference: str, *accounts: Viewer, by: Viewer | None = None) -> None:
        with self.work(by) as work:
            version = _incident(work.session, reference).version
            restrict(work, reference, version, "sealed", [account.name for account in accounts])

    def corrected(self, reference: str, *, by: Viewer | None = None, **changed: Any) -> int:
        """A submitted correction's id."""
        with self.work(by) as work:
            incident = _incident(work.session, reference)
            record = stored_record(work.session, incident).model_copy(update=changed)
            correction = propose_correction(
                work, reference, incident.version, record, "It says so in the text."
            )
            submit_correction(work, correction.id or 0, correction.version)
            return correction.id or 0

    def row(self, reference: str) -> Incident:
        """The incident's row as it stands now."""
        with self.reading() as session:
            return _incident(session, reference)

    def id(self, reference: str) -> int:
        return self.row(reference).id or 0

    def stored(self, reference: str, version: int | None = None) -> Record:
        with self.reading() as session:
            return stored_record(session, _incident(session, reference), version)

    def related(self, kind: str, reference: str) -> RelationSaid:
        return RelationSaid(type=kind, to=self.id(reference))


def _incident(session: Session, reference: str) -> Incident:
    year, number = parsed_reference(reference) or (0, 0)
    return session.exec(
        select(Incident).where(Incident.ref_year == year, Incident.ref_number == number)
    ).one()
