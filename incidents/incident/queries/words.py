"""Says records in words: codes become labels, ids become the labels and references a viewer may
read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from incidents import edtf, quantity
from incidents.dates_counted import in_sentence
from incidents.incident.models import Event, Incident
from incidents.incident.queries.lookup import current_parties
from incidents.incident.record import CountedSaid, Record
from incidents.incident.rights import visible, visible_source
from incidents.incident.types import TYPES, Detail, Kind
from incidents.source.models import Source
from incidents.viewer import Viewer
from incidents.vocabulary.models import TermRow
from incidents.vocabulary.queries import PlaceView, place_views
from incidents.vocabulary.types import vocabularies

LABELS: Mapping[str, str] = {
    "title": "Title",
    "summary": "Summary",
    "date": "When",
    "date.edtf": "When",
    "date.not_known": "Date not known",
    "date.precision": "Date precision",
    "date.basis": "How the date is known",
    "date.verbatim": "Date, as written",
    "date.counted": "How the date was counted",
    "date.ongoing_when_reported": "Ongoing when reported",
    "place": "Where",
    "place_precision": "Place precision",
    "place_verbatim": "Place, as written",
    "subject_place": "Place it is about",
    "notes": "Notes",
    "event": "Event",
    "publication": "Who may read it",
    "involvements": "Parties",
    "type": "Type",
}
_CHILDREN = {
    "figures": "Figure",
    "citations": "Citation",
    "involvements": "Party",
    "relations": "Relation",
}
_CODED = {
    "type": "type",
    "date.precision": "date_precision",
    "date.basis": "date_basis",
    "place_precision": "place_precision",
    "publication": "publication",
}


@dataclass(frozen=True)
class SourceLine:
    """What a citation shows of its source."""

    id: int
    reference: str
    title: str
    url: str | None
    publisher: str | None
    language: str | None
    protected: bool
    # EDTF; None = nobody says.
    published: str | None = None


@dataclass(frozen=True)
class PartyLine:
    """A party by what everyone sees of it."""

    id: int
    label: str
    kind: str
    privacy: str

    @property
    def protected(self) -> bool:
        return self.privacy == "protected"


@dataclass(frozen=True)
class Words:
    """Everything the records at hand point to, looked up once."""

    terms: Mapping[tuple[str, str], str]
    places: Mapping[int, PlaceView]
    parties: Mapping[int, PartyLine]
    sources: Mapping[int, SourceLine]
    incidents: Mapping[int, str]
    events: Mapping[int, str]

    def term(self, vocabulary: str, code: str | None) -> str:
        """The label of a code, "" when nobody says."""
        if not code:
            return ""
        return self.terms.get((vocabulary, code), code)

    def party(self, party_id: int | None) -> str:
        line = self.parties.get(party_id or 0)
        return line.label if line else ""

    def label(self, path: str, type_code: str) -> str:
        """What a field path is called, as "Held where" or "Citation 2"."""
        head, _, rest = path.partition(".")
        if head == "details":
            detail = TYPES[type_code].detail(rest.split(".")[0])
            return detail.label if detail else rest
        if head == "figures" and not rest.isdigit():
            return f"{self.term('measure', rest)} (figure)"
        if head in _CHILDREN and rest.isdigit():
            return f"{_CHILDREN[head]} {int(rest) + 1}"
        return LABELS.get(path, path)

    def value(self, path: str, raw: Any, type_code: str) -> str:
        """One raw value of a record in words; "" when nobody says."""
        if raw is None:
            return ""
        head, _, rest = path.partition(".")
        if head == "details":
            detail = TYPES[type_code].detail(rest)
            return self.detail(detail, raw) if detail else str(raw)
        if head in _CHILDREN and isinstance(raw, dict):
            said: str = getattr(self, f"_{head}")(raw)
            return said
        if path in _CODED:
            return self.term(_CODED[path], raw)
        if path in ("place", "subject_place"):
            place = self.places.get(raw)
            return place.path if place else ""
        if path == "event":
            return self.events.get(raw, "")
        if path == "date.edtf":
            return edtf.in_words(raw)
        if path == "date.counted":
            return in_sentence(CountedSaid.model_validate(raw).counted)
        return {True: "Yes", False: "No"}.get(raw, str(raw)) if isinstance(raw, bool) else str(raw)

    def detail(self, detail: Detail, raw: Any) -> str:
        """A detail's value; several are joined by commas, what was said by semicolons."""
        match detail.kind:
            case Kind.CHOICE:
                return self.term(detail.vocabulary, raw)
            case Kind.CHOICES:
                return ", ".join(self.term(detail.vocabulary, code) for code in raw)
            case Kind.TEXTS:
                return ", ".join(raw)
            case Kind.EDTF:
                return edtf.in_words(raw)
            case Kind.DURATION:
                return duration_in_words(raw)
            case Kind.SAID:
                return "; ".join(self._said(detail, one) for one in raw)
            case Kind.PRICES:
                return "; ".join(price_in_words(one) for one in raw)
            case _:
                return str(raw)

    def _said(self, detail: Detail, one: Mapping[str, Any]) -> str:
        stance = self.term(detail.vocabulary, one.get("stance"))
        return f"{stance}: {one['text']}" if stance else str(one["text"])

    def _figures(self, raw: Mapping[str, Any]) -> str:
        words = quantity.in_words(
            raw.get("low"), raw.get("best"), raw.get("high"), raw.get("qualifier")
        )
        parts = [f"{self.term('measure', raw['measure'])}: {words}"]
        if raw.get("verbatim"):
            parts.append(f"“{raw['verbatim']}”")
        if raw.get("in_totals"):
            parts.append("in totals")
        return ", ".join(parts)

    def _citations(self, raw: Mapping[str, Any]) -> str:
        source = self.sources.get(raw["source"])
        parts = [source.title if source else "A source"]
        quote = raw.get("quote") or {}
        if quote.get("exact"):
            parts.append(f"“{quote['exact']}”")
        parts.append(self.term("stance", raw.get("stance")).lower())
        parts += [self.party(raw.get("speaker")), self.term("citation_basis", raw.get("basis"))]
        return ", ".join(part for part in parts if part)

    def _involvements(self, raw: Mapping[str, Any]) -> str:
        parts = [self.party(raw["party"]), self.term("role", raw["role"]).lower()]
        parts.append(self.term("attribution", raw.get("attribution")).lower())
        return ", ".join(part for part in parts if part)

    def _relations(self, raw: Mapping[str, Any]) -> str:
        reference = self.incidents.get(raw["to"])
        return f"{self.term('relation', raw['type'])} {reference}" if reference else ""


def words_for(session: Session, viewer: Viewer, records: Iterable[Record]) -> Words:
    """The words for these records; what the viewer may not know is not among them.

    A constant number of statements.
    """
    all_records = list(records)
    citations = [one for record in all_records for one in record.citations]
    involvements = [one for record in all_records for one in record.involvements]
    party_ids = {one.speaker for one in citations} | {one.party for one in involvements}
    party_ids |= {one.relationship_to for one in involvements}
    place_ids = {record.place for record in all_records}
    place_ids |= {record.subject_place for record in all_records}
    targets = {one.to for record in all_records for one in record.relations}
    return Words(
        terms=_terms(session),
        places=place_views(session, _given(place_ids)),
        parties=party_lines(session, _given(party_ids)),
        sources=_sources(session, viewer, {one.source for one in citations}),
        incidents=_references(session, viewer, targets),
        events=_events(session, _given({record.event for record in all_records})),
    )


def party_lines(session: Session, ids: set[int]) -> dict[int, PartyLine]:
    """Asked-for id → the line of the party that stands for it now."""
    return {
        asked: PartyLine(party.id or 0, party.label, party.kind, party.privacy)
        for asked, party in (current_parties(session, ids) if ids else {}).items()
    }


def duration_in_words(value: str) -> str:
    """`P4D` → "4 days"."""
    units = dict(zip("YMWD", ("year", "month", "week", "day"), strict=True))
    time_units = dict(zip("HMS", ("hour", "minute", "second"), strict=True))
    parts, number, names = [], "", units
    for sign in value.removeprefix("P"):
        if sign == "T":
            names = time_units
        elif sign.isdigit():
            number += sign
        else:
            parts.append(f"{number} {names[sign]}{'' if number == '1' else 's'}")
            number = ""
    return ", ".join(parts)


def price_in_words(price: Mapping[str, Any]) -> str:
    """`eggs 300 KZT each`."""
    amount = price.get("amount")
    shown = "" if amount is None else f"{amount:,}"
    parts = [price.get("item"), shown, price.get("currency"), price.get("per")]
    return " ".join(str(part) for part in parts if part)


def _given(ids: set[int | None]) -> set[int]:
    return {one for one in ids if one is not None}


def _terms(session: Session) -> Mapping[tuple[str, str], str]:
    rows = session.exec(select(TermRow.vocabulary, TermRow.code, TermRow.label)).all()
    shipped = {
        (name, term.code): term.label
        for name, vocabulary in vocabularies().items()
        for term in vocabulary.terms.values()
    }
    return shipped | {(name, code): label for name, code, label in rows}


def _sources(session: Session, viewer: Viewer, ids: set[int]) -> Mapping[int, SourceLine]:
    rows = session.exec(select(Source).where(col(Source.id).in_(ids), visible_source(viewer))).all()
    return {
        row.id or 0: SourceLine(
            row.id or 0,
            row.reference,
            row.title,
            row.url,
            row.publisher,
            row.language,
            row.protected,
            row.published_edtf,
        )
        for row in rows
    }


def _references(session: Session, viewer: Viewer, ids: set[int]) -> Mapping[int, str]:
    rows = session.exec(select(Incident).where(col(Incident.id).in_(ids), visible(viewer))).all()
    return {row.id or 0: row.reference for row in rows}


def _events(session: Session, ids: set[int]) -> Mapping[int, str]:
    rows = session.exec(select(Event.id, Event.title).where(col(Event.id).in_(ids))).all()
    return {event_id or 0: title for event_id, title in rows}
