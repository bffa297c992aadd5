"""Many made-up incidents, fast and repeatable: `generate(session, rows, seed)`.

Rows go in by Core in blocks: drafts, their children, then the status, as the triggers ask.
"""

import hashlib
import random
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlmodel import Session, SQLModel

from incidents.account.models import Account
from incidents.audit.models import ReferenceCounter
from incidents.db import table_of
from incidents.folding import fold, sort_key
from incidents.incident.models import (
    Citation,
    CitationField,
    Event,
    Figure,
    Incident,
    IncidentDetail,
    Involvement,
    Party,
    Relation,
)
from incidents.incident.types import TYPES, Detail, Kind
from incidents.source.models import Snapshot, Source
from incidents.vocabulary.models import Place

YEAR = 2026
NOW = datetime(2026, 1, 1, tzinfo=UTC)
BLOCK = 2000
# Of every 100 incidents.
STATUSES = ("approved",) * 80 + ("submitted",) * 10 + ("draft",) * 6 + ("rejected",) * 4
PUBLICATIONS = ("open",) * 95 + ("internal",) * 5
_COUNTRIES = ("KZ", "KG", "UZ", "RU", "TR", "IN", "MX", "NG")
_WORDS = ("police", "night", "river", "market", "Жаңаөзен", "محطة", "station", "north", "strike")
_Row = dict[str, Any]


def generate(session: Session, rows: int, seed: int = 1, *, few: int | None = None) -> None:
    """Add `rows` incidents with places, parties, sources, citations, figures, relations; commits.

    The same seed gives the same rows in an empty database. About one source to three incidents, and
    one place and party to twenty; the first `few` of them are in half of all incidents.
    """
    made = _Made(session, random.Random(seed), few)
    made.surroundings(rows, max(5, rows // 20))
    for first in range(1, rows + 1, BLOCK):
        made.incidents(range(first, min(first + BLOCK, rows + 1)))
        session.commit()
        if first == 1:
            # What the triggers ask was planned for empty tables; the end's is for whoever reads.
            made.analyze()
    made.counters()
    made.analyze()


class _Made:
    """What was inserted so far: the next free id of each table, and ids to point at."""

    def __init__(self, session: Session, chance: random.Random, few: int | None) -> None:
        self.session, self.chance, self.few = session, chance, few
        self.base: dict[str, int] = {}
        self.first_number = self._next(Incident, "ref_number")
        self.first_source = self._next(Source, "ref_number")

    def surroundings(self, rows: int, many: int) -> None:
        sources = max(1, rows // 3)
        self.accounts = self._add(Account, [_account(number) for number in self._new(Account, 3)])
        self.events = self._add(Event, [_event(number) for number in self._new(Event, 5)])
        self.places = self._add(Place, [self._place(number) for number in self._new(Place, many)])
        self.parties = self._add(Party, [self._party(number) for number in self._new(Party, many)])
        self.sources = self._add(Source, [self._source(number) for number in range(sources)])
        self.snapshots = self._add(Snapshot, [_snapshot(id_) for id_ in self.sources])

    def incidents(self, numbers: Iterable[int]) -> None:
        drafts = [self._incident(number) for number in numbers]
        statuses = [draft.pop("becomes") for draft in drafts]
        ids = self._add(Incident, drafts)
        self._children(list(zip(ids, drafts, strict=True)))
        table = table_of(Incident)
        for status in sorted(set(statuses) - {"draft"}):
            moved = [id_ for id_, own in zip(ids, statuses, strict=True) if own == status]
            values: _Row = {"status": status, "submitted_at": NOW}
            if status == "approved":
                values |= {"approved_version": 1, "approved_at": NOW}
            self._run(update(table).where(table.c.id.in_(moved)).values(**values))

    def counters(self) -> None:
        """So that the next row recorded gets an id and a number of its own."""
        table = table_of(ReferenceCounter)
        for kind, model in (("incident", Incident), ("source", Source)):
            last = self._next(model, "ref_number") - 1
            self._run(table.delete().where(table.c.kind == kind, table.c.year == YEAR))
            self._run(insert(table).values(kind=kind, year=YEAR, last=last))
        if self.session.get_bind().dialect.name == "postgresql":
            for name, following in self.base.items():
                sequence = func.pg_get_serial_sequence(name, "id")
                self._run(select(func.setval(sequence, following, False)))

    def analyze(self) -> None:
        """As a server does by itself, sooner or later."""
        self.session.connection().exec_driver_sql("ANALYZE")
        self.session.commit()

    def _children(self, incidents: list[tuple[int, _Row]]) -> None:
        children: dict[type[SQLModel], list[_Row]] = {
            model: [] for model in (Citation, Figure, Involvement, Relation, IncidentDetail)
        }
        citation_id, fields = self._next(Citation), []
        for incident_id, draft in incidents:
            cited = self._citations(incident_id, draft["ref_number"])
            children[Citation] += cited
            fields.append({"citation_id": citation_id, "field": "date", "position": 0})
            children[Figure] += self._figures(incident_id, draft["type"], citation_id)
            children[Involvement] += self._involvements(incident_id)
            children[Relation] += self._relations(incident_id, incidents[0][0])
            children[IncidentDetail] += _mirrored(incident_id, draft)
            citation_id += len(cited)
        for model, rows in children.items():
            self._add(model, rows)
        self._add(CitationField, fields)

    def _incident(self, number: int) -> _Row:
        chance = self.chance
        declared = chance.choice(tuple(TYPES.values()))
        place = chance.choice(self._named(self.places, number))
        day = date(2005, 1, 1) + timedelta(days=chance.randrange(7600))
        title = f"{declared.label} {' '.join(chance.sample(_WORDS, 3))} {number}"
        details = {
            one.name: _detail(chance, one) for one in declared.details if chance.random() < 0.5
        }
        details |= {one.name: _detail(chance, one) for one in declared.required}
        return {
            "ref_year": YEAR,
            "ref_number": self.first_number + number - 1,
            "type": declared.code,
            "title": title,
            "sort_title": sort_key(title),
            "summary": f"What happened, in a sentence or two, numbered {number}.",
            "date_edtf": day.isoformat(),
            "date_not_known": False,
            "date_precision": "day",
            "date_basis": "stated",
            "date_earliest": day,
            "date_latest": day,
            "sort_date": day,
            "long_span": False,
            "place_id": place,
            "place_precision": "settlement",
            "country": self.countries[place],
            "details": details,
            "event_id": chance.choice(self.events) if number % 4 == 0 else None,
            "assessment": "accepted" if number % 2 else None,
            "publication": chance.choice(PUBLICATIONS),
            "status": "draft",
            "becomes": chance.choice(STATUSES),
            "version": 1,
            "sourcing": "single_source",
            "sourcing_redacted": "single_source",
            "created_by": self.accounts[0],
            "created_at": NOW + timedelta(seconds=number),
            "updated_at": NOW + timedelta(seconds=number),
        }

    def _citations(self, incident_id: int, number: int) -> list[_Row]:
        """One quoted, and one without words from the next source."""
        place = number % len(self.sources)
        start = number % 50
        quoted = {
            "snapshot_id": self.snapshots[place],
            "quote": f"words {number} of the source",
            "quote_start": start,
            "quote_end": start + 20,
            "speaker_id": self.chance.choice(self._named(self.parties, incident_id)),
            "utterance": "reported_speech",
            "basis": "first_hand_eyewitness",
            "credibility": 1 + number % 6,
        }
        other = self.sources[(place + 1) % len(self.sources)]
        return [
            self._citation(incident_id, 0, self.sources[place], "supports") | quoted,
            self._citation(incident_id, 1, other, "context"),
        ]

    def _citation(self, incident_id: int, position: int, source: int, stance: str) -> _Row:
        blank = dict.fromkeys(
            ("snapshot_id", "quote", "quote_start", "quote_end", "speaker_id", "utterance", "basis")
        )
        return {
            **blank,
            "credibility": None,
            "incident_id": incident_id,
            "position": position,
            "source_id": source,
            "stance": stance,
        }

    def _figures(self, incident_id: int, type_: str, citation_id: int) -> list[_Row]:
        declared = TYPES[type_]
        if declared.statement:
            return []
        best = self.chance.choice((0, 1, 2, 20, None))
        return [
            {
                "incident_id": incident_id,
                "position": 0,
                "measure": declared.measure,
                "best": best,
                "qualifier": "unspecified" if best is None else "approximately",
                "in_totals": True,
                "citation_id": citation_id,
            }
        ]

    def _involvements(self, incident_id: int) -> list[_Row]:
        victim, other = self.chance.sample(self._named(self.parties, incident_id), 2)
        rows = (("victim", victim, None), ("alleged_perpetrator", other, "stated_by_source"))
        return [
            {
                "incident_id": incident_id,
                "position": position,
                "party_id": party,
                "role": role,
                "attribution": attribution,
            }
            for position, (role, party, attribution) in enumerate(rows)
        ]

    def _relations(self, incident_id: int, first: int) -> list[_Row]:
        if incident_id == first or self.chance.random() > 0.2:
            return []
        type_ = self.chance.choice(("contradicts", "possible_overlap"))
        return [
            {
                "from_id": incident_id,
                "position": 0,
                "type": type_,
                "to_id": incident_id - 1,
                "asserted_by": "coder",
                "pair_key": f"{type_}:{incident_id - 1}:{incident_id}",
            }
        ]

    def _place(self, number: int) -> _Row:
        name = f"Place {number}"
        return {
            "name": name,
            "name_folded": fold(name),
            "country": _COUNTRIES[number % len(_COUNTRIES)],
            "region": f"Region {number % 40}",
            "lat": self.chance.randrange(-90_000, 90_000) / 1000,
            "lon": self.chance.randrange(-180_000, 180_000) / 1000,
            "precision": "settlement",
            "created_at": NOW,
        }

    def _party(self, number: int) -> _Row:
        label = f"party {number}"
        return {
            "kind": "group" if number % 3 else "individual",
            "label": label,
            "label_folded": fold(label),
            "privacy": ("public", "label", "protected")[number % 3],
            "version": 1,
            "created_at": NOW,
        }

    def _source(self, number: int) -> _Row:
        return {
            "ref_year": YEAR,
            "ref_number": self.first_source + number,
            "title": f"Article {number}: {' '.join(self.chance.sample(_WORDS, 4))}",
            "kind": "news_article",
            "publisher": f"Publisher {number % 50}",
            "author": f"Author {number % 200}",
            "url": (url := f"https://example.org/articles/{number}"),
            "url_canonical": url,
            "url_hash": _sha256(url),
            "language": "en",
            "published_edtf": "2012-01-05",
            "reliability": "B",
            "protected": False,
            "version": 1,
            "created_at": NOW,
            "updated_at": NOW,
        }

    def _named(self, ids: list[int], number: int) -> list[int]:
        """Whom an incident may name."""
        return ids[: self.few] if self.few and number % 2 else ids

    def _add(self, model: type[SQLModel], rows: list[_Row]) -> list[int]:
        """Insert with ids of our own, so that children know them without asking back."""
        if not rows:
            return []
        table = table_of(model)
        if "id" not in table.c:
            self._run(insert(table), rows)
            return []
        first = self._next(model)
        ids = list(range(first, first + len(rows)))
        self._run(insert(table), [{**row, "id": id_} for id_, row in zip(ids, rows, strict=True)])
        self.base[table.name] = first + len(rows)
        if model is Place:
            self.countries = {id_: row["country"] for id_, row in zip(ids, rows, strict=True)}
        return ids

    def _new(self, model: type[SQLModel], rows: int) -> range:
        """Numbers no earlier run has used."""
        first = self._next(model)
        return range(first, first + rows)

    def _next(self, model: type[SQLModel], column: str = "id") -> int:
        table = table_of(model)
        if column == "id" and table.name in self.base:
            return self.base[table.name]
        last = self.session.connection().execute(select(func.max(table.c[column]))).scalar_one()
        return int(last or 0) + 1

    def _run(self, statement: Any, rows: list[_Row] | None = None) -> None:
        self.session.connection().execute(statement, rows)


def _mirrored(incident_id: int, draft: Mapping[str, Any]) -> list[_Row]:
    rows = []
    for detail in TYPES[draft["type"]].details:
        value = draft["details"].get(detail.name)
        if value is not None and detail.filterable:
            values = value if isinstance(value, list) else [value]
            rows += [
                {"field": detail.name, "value": one, "incident_id": incident_id} for one in values
            ]
    return rows


def _detail(chance: random.Random, detail: Detail) -> Any:
    match detail.kind:
        case Kind.CHOICE:
            return chance.choice(detail.codes)
        case Kind.CHOICES:
            return sorted(chance.sample(detail.codes, 2))
        case Kind.TEXTS:
            return list(chance.sample(_WORDS, 2))
        case Kind.EDTF:
            return "2011-12"
        case Kind.DURATION:
            return "P4D"
        case Kind.SAID:
            return [{"stance": "asserts", "text": f"{chance.choice(_WORDS)} was closed"}]
        case Kind.PRICES:
            return [{"item": "eggs", "amount": 300, "currency": "KZT", "per": "each"}]
        case _:
            return " ".join(chance.sample(_WORDS, 2))


def _account(number: int) -> _Row:
    name = f"Made up {number}"
    return {"name": name, "name_folded": fold(name), "protected_grant": False, "created_at": NOW}


def _event(number: int) -> _Row:
    title = f"Event {number}"
    return {"title": title, "title_folded": fold(title), "version": 1, "created_at": NOW}


def _snapshot(source_id: int) -> _Row:
    text = f"The text of source {source_id}. " * 20
    return {
        "source_id": source_id,
        "sha256": _sha256(text),
        "size_bytes": len(text),
        "media_type": "text/plain",
        "taken_at": NOW,
        "method": "pasted",
        "text": text,
        "text_sha256": _sha256(text),
    }


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
