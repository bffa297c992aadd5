"""Rows of incidents straight into the database, for tests of what reads them.

An incident is born a draft, gets its children, then its status: the triggers ask for that order.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

import incidents.demo
from incidents import edtf
from incidents.account.models import Account
from incidents.crypto import Keyring
from incidents.db import Database
from incidents.folding import fold, sort_key
from incidents.incident.actions.write import LONG_SPAN
from incidents.incident.models import (
    Citation,
    Event,
    Figure,
    Incident,
    IncidentAccess,
    IncidentDetail,
    Involvement,
    Party,
    PartyNameHash,
    Relation,
)
from incidents.incident.types import SYMMETRIC_RELATIONS, TYPES
from incidents.review.models import Review
from incidents.source.models import Source
from incidents.viewer import Role, Viewer
from incidents.vocabulary.models import Place, PlaceAlias

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEYRING = Keyring(bytes(32))
AIGUL = Viewer(1, "Aigul", frozenset({Role.RESEARCHER}))
BAKYT = Viewer(2, "Bakyt", frozenset({Role.REVIEWER}))
READER = Viewer(3, "Reader", frozenset({Role.READER}))
PUBLIC = AIGUL.publicly()


class Rows:
    """Builds rows in one session; every method gives the new row's id."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.numbers = 0
        for viewer in (AIGUL, BAKYT, READER):
            account = Account(name=viewer.name, name_folded=fold(viewer.name), created_at=NOW)
            # Numbered by the database, so that the app can add more of them.
            assert self._added(account) == viewer.account_id

    def place(self, name: str, *aliases: str, country: str = "KZ", **given: Any) -> int:
        place = Place(name=name, name_folded=fold(name), country=country, created_at=NOW, **given)
        place_id = self._added(place)
        for position, alias in enumerate(aliases):
            self.session.add(
                PlaceAlias(
                    place_id=place_id, position=position, name=alias, name_folded=fold(alias)
                )
            )
        return place_id

    def party(self, label: str, *names: str, privacy: str = "public", **given: Any) -> int:
        party_id = self._added(
            Party(
                kind=given.pop("kind", "individual"),
                label=label,
                label_folded=fold(label),
                privacy=privacy,
                created_at=NOW,
                **given,
            )
        )
        for name in names:
            hashed = KEYRING.keyed_hash(fold(name), "party name")
            self.session.add(PartyNameHash(party_id=party_id, hash=hashed))
        return party_id

    def event(self, title: str) -> int:
        return self._added(Event(title=title, title_folded=fold(title), created_at=NOW))

    def source(self, title: str = "An article", **given: Any) -> int:
        self.numbers += 1
        return self._added(
            Source(
                ref_year=2026,
                ref_number=self.numbers,
                title=title,
                kind=given.pop("kind", "news_article"),
                created_by=AIGUL.account_id,
                created_at=NOW,
                updated_at=NOW,
                **given,
            )
        )

    def incident(
        self,
        number: int,
        *,
        kind: str = "detention",
        status: str = "submitted",
        when: str | None = "2011-12-16",
        place: int | None = None,
        source: int | None = None,
        details: Mapping[str, Any] | None = None,
        **given: Any,
    ) -> int:
        span = edtf.bounds(when) if when else None
        title = given.pop("title", f"Incident {number}")
        place_row = self.session.get(Place, place) if place else None
        incident_id = self._added(
            Incident(
                ref_year=2026,
                ref_number=number,
                type=kind,
                title=title,
                date_edtf=when,
                date_not_known=when is None,
                date_earliest=span.earliest if span else None,
                date_latest=span.latest if span else None,
                long_span=bool(span) and span.latest - span.earliest > LONG_SPAN,
                sort_date=span.earliest if span else date.min,
                sort_title=sort_key(title),
                place_id=place,
                country=place_row.country if place_row else None,
                details=dict(details or {}),
                created_by=given.pop("created_by", AIGUL.account_id),
                created_at=NOW,
                updated_at=given.pop("updated_at", NOW + timedelta(minutes=number)),
                **given,
            )
        )
        if source is not None:
            self.cite(incident_id, source)
        for name, value in (details or {}).items():
            self._mirror(incident_id, kind, name, value)
        if status != "draft":
            self.move(incident_id, status)
        return incident_id

    def move(self, incident_id: int, status: str) -> None:
        moved: dict[str, Any] = {"status": status, "submitted_at": NOW}
        if status in ("approved", "retracted"):
            moved |= {"approved_version": 1, "approved_at": NOW}
        self.session.flush()
        self.session.exec(update(Incident).where(col(Incident.id) == incident_id).values(**moved))
        self.session.expire_all()

    def cite(self, incident_id: int, source: int, position: int = 0, **given: Any) -> int:
        return self._added(
            Citation(
                incident_id=incident_id,
                position=position,
                source_id=source,
                stance=given.pop("stance", "supports"),
                **given,
            )
        )

    def figure(
        self,
        incident_id: int,
        measure: str,
        low: int | None = None,
        best: int | None = None,
        high: int | None = None,
        qualifier: str | None = "exact",
        *,
        in_totals: bool = True,
        position: int = 0,
        **given: Any,
    ) -> int:
        return self._added(
            Figure(
                incident_id=incident_id,
                position=position,
                measure=measure,
                low=low,
                best=best,
                high=high,
                qualifier=qualifier,
                in_totals=in_totals,
                **given,
            )
        )

    def involve(self, incident_id: int, party: int, role: str, position: int = 0) -> int:
        return self._added(
            Involvement(incident_id=incident_id, position=position, party_id=party, role=role)
        )

    def relate(self, one: int, relation: str, other: int, position: int = 0) -> int:
        low, high = sorted((one, other))
        pair = f"{relation}:{low}:{high}" if relation in SYMMETRIC_RELATIONS else None
        return self._added(
            Relation(
                from_id=one,
                position=position,
                type=relation,
                to_id=other,
                asserted_by="coder",
                pair_key=pair,
            )
        )

    def decide(self, incident_id: int, decision: str, at: datetime = NOW) -> int:
        return self._added(
            Review(
                incident_id=incident_id,
                version=1,
                decision=decision,
                reason="The quote says something else.",
                reviewer_id=BAKYT.account_id or 0,
                decided_at=at,
            )
        )

    def let_in(self, incident_id: int, viewer: Viewer) -> None:
        assert viewer.account_id is not None
        self.session.add(IncidentAccess(incident_id=incident_id, account_id=viewer.account_id))
        self.session.flush()

    def _mirror(self, incident_id: int, kind: str, name: str, value: Any) -> None:
        detail = TYPES[kind].detail(name)
        assert detail is not None
        for one in value if isinstance(value, list) else [value]:
            if detail.filterable:
                self.session.add(IncidentDetail(field=name, value=one, incident_id=incident_id))
        self.session.flush()

    def _added(self, row: Any) -> int:
        self.session.add(row)
        self.session.flush()
        row_id: int = row.id
        return row_id


@cache
def janaozen() -> Mapping[str, Any]:
    """The coded article, as the package ships it."""
    folder = Path(incidents.demo.__file__).parent / "data"
    coded: Mapping[str, Any] = json.loads((folder / "incidents.json").read_text("utf-8"))
    return coded


def load_janaozen(rows: Rows) -> dict[str, str]:
    """Its incidents as rows, approved ones approved; JZ-01 → its reference."""
    coded = janaozen()
    ids: dict[str, int] = {}
    for place in coded["places"]:
        keys = ("region", "region_code", "lat", "lon", "precision")
        ids[place["id"]] = rows.place(
            place["name"],
            *place.get("aliases", ()),
            country=place["country"],
            parent_id=ids.get(place.get("parent")),
            **{key: place[key] for key in keys if key in place},
        )
    for party in coded["parties"]:
        ids[party["id"]] = rows.party(
            party["label"],
            *([party["name"]] if "name" in party else []),
            *party.get("aliases", ()),
            privacy=party["privacy"],
            kind=party["kind"],
        )
    for source in coded["sources"]:
        ids[source["id"]] = rows.source(
            source["title"], kind=source["kind"], publisher=source["publisher"]
        )
    ids[coded["event"]["id"]] = rows.event(coded["event"]["title"])
    for number, incident in enumerate(coded["incidents"], start=1):
        ids[incident["id"]] = _coded(rows, ids, number, incident)
    for incident in coded["incidents"]:
        for position, relation in enumerate(incident["relations"]):
            rows.relate(ids[incident["id"]], relation["type"], ids[relation["to"]], position)
    for incident in coded["incidents"]:
        state = "approved" if incident["id"] in coded["demo"]["approved"] else "submitted"
        rows.move(ids[incident["id"]], state)
    return {
        incident["id"]: f"INC-2026-{number:05d}"
        for number, incident in enumerate(coded["incidents"], start=1)
    }


def _coded(rows: Rows, ids: Mapping[str, int], number: int, said: Mapping[str, Any]) -> int:
    incident_id = rows.incident(
        number,
        kind=said["type"],
        status="draft",
        title=said["title"],
        when=said["date"]["edtf"],
        place=ids[said["place"]],
        subject_place_id=ids.get(said.get("subject_place")),
        details=said["details"],
        event_id=ids[said["event"]],
        publication=said["publication"],
        assessment=said["assessment"],
    )
    citations = [
        rows.cite(incident_id, ids[citation["source"]], position, stance=citation["stance"])
        for position, citation in enumerate(said["citations"])
    ]
    for position, figure in enumerate(said["figures"]):
        keys = ("measure", "low", "best", "high", "qualifier", "in_totals", "unit", "sex")
        rows.figure(
            incident_id,
            position=position,
            citation_id=citations[figure["citation"]],
            **{key: figure[key] for key in keys if key in figure},
        )
    for position, involvement in enumerate(said["involvements"]):
        rows.involve(incident_id, ids[involvement["party"]], involvement["role"], position)
    return incident_id


@contextmanager
def rows_in(database: Database) -> Iterator[Rows]:
    """Build, and it is committed."""
    with database.writing() as session:
        yield Rows(session)
        session.commit()
