"""Turns what somebody typed into a record: places, parties and events found by name, or made.

Errors carry the paths of the entry's own fields, so that each stands beside what was typed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import tuple_
from sqlmodel import col, select

from incidents import dates, edtf, quantity
from incidents.audit import actions as audit
from incidents.dates_beside import Beside, read_beside
from incidents.dates_counted import PUBLISHED, Counted
from incidents.errors import FieldErrors
from incidents.folding import UNSTORABLE, has_unstorable
from incidents.incident.actions.entry_parties import EntryParties
from incidents.incident.actions.entry_places import place_meant
from incidents.incident.actions.events import add_event
from incidents.incident.actions.prepare import check_quotes
from incidents.incident.queries.lookup import ids_by_reference
from incidents.incident.record import (
    CitationSaid,
    CountedSaid,
    FigureSaid,
    Quote,
    Record,
    RelationSaid,
    When,
)
from incidents.incident.record.check import check_details, texts
from incidents.incident.record.coded import with_held
from incidents.incident.record.entry import CitationTyped, Entry, FigureTyped
from incidents.incident.rights import visible_source
from incidents.incident.types import TYPES, IncidentType, Kind
from incidents.source.models import Source
from incidents.source.queries import parsed_reference
from incidents.vocabulary.queries import term_codes
from incidents.work import Work

_AS_TYPED = ("type", "title", "publication")
_NULL_WHEN_BLANK = ("summary", "place_precision", "place_verbatim", "notes")


def record_from_entry(work: Work, entry: Entry, base: Record | None = None) -> Record:
    """The record an entry means. What a form does not show is kept from `base`. Raises FieldErrors.

    Makes places, parties and an event where the entry names new ones: in the caller's transaction,
    so nothing is left behind when the incident itself is refused.
    """
    _check_storable(entry)
    # The same form sent twice at once: the second must meet what the first one made.
    audit.lock(work)
    errors, declared = FieldErrors(), TYPES[entry.type]
    named = _sources(work, entry, errors)
    sources = [source.id or 0 if source else 0 for source in named]
    reader = _DateReader(work, named[0] if named else None, errors)
    read: dict[str, Any] = {
        "date": _when(reader, entry, base),
        "figures": _figures(entry, declared, errors),
        "place": place_meant(work, entry, "place", errors),
        "subject_place": place_meant(work, entry, "subject_place", errors),
        "relations": _relations(work, entry, errors),
        "details": _details(reader, entry, declared),
    }
    parties = EntryParties(work, entry, set(sources), base, errors)
    if errors:
        unread = Record(type=entry.type, details=read["details"])
        codes = with_held(term_codes(work.session), base)
        check_details(unread, declared, codes, errors)
        check_quotes(work, _quoted(entry, sources), errors)
        raise errors
    parties.made()
    citations = [
        _citation(one, source, parties.speaker(index), old)
        for index, (one, source, old) in enumerate(
            zip(entry.citations, sources, _olds(entry, base), strict=True)
        )
    ]
    involvements = parties.involvements()
    parties.settle()
    said: dict[str, Any] = {name: getattr(entry, name) for name in _AS_TYPED}
    blank: dict[str, Any] = {name: getattr(entry, name) or None for name in _NULL_WHEN_BLANK}
    event = add_event(work, entry.event).id if entry.event.strip() else None
    people = {"citations": tuple(citations), "involvements": involvements}
    return (base or Record(type=entry.type)).model_copy(
        update={**said, **blank, **read, **people, "event": event}
    )


def _check_storable(entry: Entry) -> None:
    """Before any of it reaches a database, which would not take it."""
    unstorable = [path for path, text in texts("", asdict(entry)) if has_unstorable(text)]
    if unstorable:
        raise FieldErrors(dict.fromkeys(unstorable, UNSTORABLE))


def _quoted(entry: Entry, sources: Iterable[int]) -> list[CitationSaid]:
    """The citations as far as their quotes can be looked up."""
    return [
        CitationSaid(source=source, quote=Quote(exact=typed.quote))
        if source and typed.quote.strip()
        else CitationSaid(source=source)
        for typed, source in zip(entry.citations, sources, strict=True)
    ]


def _olds(entry: Entry, base: Record | None) -> list[CitationSaid | None]:
    """For each citation typed the one with its words, wherever it stood, else the one in its place:
    a row taken away must not move the others' quotes to another copy.
    """
    left = dict(enumerate(base.citations if base else ()))
    found: dict[int, CitationSaid] = {}
    for index, typed in enumerate(entry.citations):
        places = (index, *left) if typed.quote else ()
        same = next((one for one in places if _quotes(left.get(one), typed.quote)), None)
        if same is not None:
            found[index] = left.pop(same)
    return [found.get(index) or left.get(index) for index in range(len(entry.citations))]


def _quotes(said: CitationSaid | None, words: str) -> bool:
    return said is not None and said.quote is not None and said.quote.exact == words


def _sources(work: Work, entry: Entry, errors: FieldErrors) -> list[Source | None]:
    """The source each citation names; None with an error where it names none."""
    named = [parsed_reference(citation.source) for citation in entry.citations]
    rows = work.session.exec(
        select(Source).where(
            visible_source(work.actor),
            tuple_(col(Source.ref_year), col(Source.ref_number)).in_([one for one in named if one]),
        )
    ).all()
    known = {(row.ref_year, row.ref_number): row for row in rows}
    for index, reference in enumerate(named):
        if reference not in known:
            errors.add(f"citations.{index}.source", "Choose the source these words stand in.")
    return [known.get(reference) if reference else None for reference in named]


class _DateReader:
    """Reads one entry's dates as people type them, each error beside its own."""

    def __init__(self, work: Work, source: Source | None, errors: FieldErrors) -> None:
        published = (source.published_edtf or "") if source else None
        self._beside = Beside(work.actor.day_first, published)
        self._today, self._errors = work.now.date(), errors
        self.source = source.id if source else None

    def read(self, path: str, text: str) -> dates.Reading | None:
        """None with an error where it is no date, or one that is still to come."""
        try:
            reading = read_beside(text, self._beside)
        except edtf.DateError as error:
            self._errors.add(path, str(error))
            return None
        if dates.in_future(reading.edtf, self._today):
            self._errors.add(path, dates.still_to_come(reading.edtf))
            return None
        return reading


def _details(reader: _DateReader, entry: Entry, declared: IncidentType) -> dict[str, Any]:
    """The details with their dates read as people type them."""
    read = dict(entry.details)
    for detail in declared.details:
        text = entry.details.get(detail.name)
        if detail.kind is Kind.EDTF and isinstance(text, str) and text:
            reading = reader.read(f"details.{detail.name}", text)
            if reading is None:
                del read[detail.name]
            else:
                read[detail.name] = reading.edtf
    return read


def _when(reader: _DateReader, entry: Entry, base: Record | None) -> When:
    text = entry.date.strip()
    reading = reader.read("date", text) if text else None
    canonical = reading.edtf if reading else None
    basis = entry.date_basis or (_basis(reading) if reading else None)
    precision = entry.date_precision or None
    if base and canonical != base.date.edtf and precision == base.date.precision:
        # Of the date that stood there before: the new one says its own.
        precision = None
    return When(
        edtf=canonical,
        not_known=entry.date_not_known,
        precision=precision,
        basis=basis,
        verbatim=entry.date_verbatim or None,
        ongoing_when_reported={"yes": True, "no": False}.get(entry.ongoing_when_reported),
        counted=_counted(reading.counted, reader.source) if reading and reading.counted else None,
    )


def _basis(reading: dates.Reading) -> str | None:
    """How the date is known, where its wording says so."""
    if reading.counted is not None and reading.counted.anchored == PUBLISHED:
        return "inferred_from_source"
    return "year_inferred" if reading.assumed_year else None


def _counted(counted: Counted, source: int | None) -> CountedSaid:
    return CountedSaid(**asdict(counted), source=source if counted.anchored == PUBLISHED else None)


def _figures(entry: Entry, declared: IncidentType, errors: FieldErrors) -> tuple[FigureSaid, ...]:
    figures = []
    for index, typed in enumerate(entry.figures):
        if typed.how_many.strip() or typed.verbatim.strip():
            try:
                figures.append(_figure(typed, declared))
            except quantity.QuantityError as error:
                errors.add(f"figures.{index}.how_many", str(error))
    return tuple(_of_its_whole(figure, figures) for figure in figures)


def _of_its_whole(figure: FigureSaid, figures: Sequence[FigureSaid]) -> FigureSaid:
    """A part counts what its whole does, and is never added."""
    if figure.parent is None or figure.parent >= len(figures):
        return figure
    measure = figures[figure.parent].measure
    return figure.model_copy(update={"measure": measure, "in_totals": False})


def _figure(typed: FigureTyped, declared: IncidentType) -> FigureSaid:
    read = quantity.read(typed.how_many)
    qualifier = read.qualifier if typed.how_many.strip() else "unspecified"
    measure = typed.measure or declared.measure
    return FigureSaid.model_validate(
        {
            "measure": measure,
            "low": read.low,
            "best": read.best,
            "high": read.high,
            "qualifier": qualifier,
            "verbatim": typed.verbatim.strip() or None,
            "unit": typed.unit.strip() or None,
            "sex": typed.sex or None,
            "age_min": typed.age_min,
            "age_max": typed.age_max,
            "in_totals": typed.in_totals and not declared.statement,
            "totals_reason": typed.totals_reason.strip() or None,
            "citation": (typed.citation - 1) if typed.citation else 0,
            "parent": (typed.parent - 1) if typed.parent else None,
        }
    )


def _citation(
    typed: CitationTyped, source: int, speaker: int | None, old: CitationSaid | None
) -> CitationSaid:
    """What the form doesn't show of a citation stays while its source and words do."""
    quote = None
    if typed.quote.strip():
        at = _place(typed.at)
        quote = Quote(exact=typed.quote, start=at)
        if old is not None and old.quote is not None and old.source == source:
            same = old.quote.exact == typed.quote and at in (None, old.quote.start)
            quote = old.quote if same else quote
    # A form offers fields in an order of its own.
    same_fields = old is not None and set(old.fields) == set(typed.supports)
    return CitationSaid(
        source=source,
        snapshot=old.snapshot if old and old.source == source and quote else None,
        quote=quote,
        stance=typed.stance,
        fields=old.fields if old and same_fields else typed.supports,
        speaker=speaker,
        utterance=typed.utterance or None,
        translated={"yes": True, "no": False}.get(typed.translated),
        basis=typed.basis or None,
        credibility=_grade(typed.credibility),
        note=typed.note.strip() or None,
    )


def _place(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _grade(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 4 else None


def _relations(work: Work, entry: Entry, errors: FieldErrors) -> tuple[RelationSaid, ...]:
    made = []
    named = [typed.to for typed in entry.relations if typed.to.strip()]
    known = ids_by_reference(work.session, work.actor, named)
    for index, typed in enumerate(entry.relations):
        if not typed.to.strip():
            continue
        other = known.get(typed.to)
        if other is None:
            errors.add(f"relations.{index}.to", f"There is no incident {typed.to.strip()}.")
            continue
        note = typed.note.strip() or None
        made.append(
            RelationSaid(type=typed.type, to=other, asserted_by=typed.asserted_by, note=note)
        )
    return tuple(made)
