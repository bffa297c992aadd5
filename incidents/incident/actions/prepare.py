"""Makes a record ready to be written: tidied, its ids known to exist, its quotes pinned to
snapshots.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

from sqlalchemy import select as columns
from sqlmodel import SQLModel, col, select

from incidents import edtf, quantity
from incidents.db import table_of
from incidents.errors import FieldErrors
from incidents.incident.actions.resolved import party_ids, with_parties_resolved
from incidents.incident.models import Event, Incident
from incidents.incident.queries.lookup import current_parties
from incidents.incident.queries.sealed import sealed_quote
from incidents.incident.record import CitationSaid, Quote, Record, RelationSaid, check
from incidents.incident.record.check import fields_in_order
from incidents.incident.record.coded import with_held
from incidents.incident.rights import visible, visible_source
from incidents.incident.types import TYPES
from incidents.passages import find, nearest
from incidents.source.models import Source
from incidents.source.queries import texts_for_quotes
from incidents.vocabulary.models import Place
from incidents.vocabulary.queries import term_codes
from incidents.vocabulary.types import vocabulary
from incidents.work import Work


def prepared(
    work: Work,
    record: Record,
    *,
    complete: bool = False,
    trusted: Iterable[RelationSaid] = (),
    before: Record | None = None,
) -> Record:
    """The record as it will be stored. FieldErrors names every fault by its field path.

    `trusted` relations were checked when they were made; this actor may not see their other end.
    Retired terms that stood in the record `before` may stay, and so may parties merged since.
    """
    codes = with_held(term_codes(work.session), before)
    tidy = _titled(work, _tidied(record))
    errors = FieldErrors()
    for found in (
        _faults(lambda: check(tidy, codes, complete=complete)),
        _faults(lambda: _check_known(work, tidy, set(trusted))),
    ):
        for path, messages in found.items():
            for message in messages:
                errors.add(path, message)
    if errors:
        raise errors
    return _pinned(work, with_parties_resolved(work, tidy, before))


def with_hidden_relations(work: Work, before: Record, record: Record) -> Record:
    """Relations to what this actor may not see are kept, after the given ones: they were never
    offered.
    """
    current = before.relations
    targets = {relation.to for relation in current}
    if not targets:
        return record
    seen = set(
        work.session.exec(
            select(Incident.id).where(col(Incident.id).in_(targets), visible(work.actor))
        ).all()
    )
    hidden = tuple(
        relation
        for relation in current
        if relation.to not in seen and relation not in record.relations
    )
    if record.relations == tuple(relation for relation in current if relation not in hidden):
        return record.model_copy(update={"relations": current})
    return record.model_copy(update={"relations": record.relations + hidden})


def _faults(checking: Callable[[], object]) -> Mapping[str, list[str]]:
    try:
        checking()
    except FieldErrors as errors:
        return errors.errors
    return {}


def _tidied(record: Record) -> Record:
    """White space trimmed, blank made None, the date in canonical EDTF with its precision, what
    quotes support in one order.
    """
    when = record.date
    text = (when.edtf or "").strip() or None
    if text is not None:
        try:
            text = edtf.canonical(text)
            precision = when.precision or edtf.precision(text)
            when = when.model_copy(update={"edtf": text, "precision": precision})
        except edtf.DateError:
            when = when.model_copy(update={"edtf": text})
    elif when.not_known:
        when = when.model_copy(update={"edtf": None, "precision": "unknown"})
    return record.model_copy(
        update={
            "title": " ".join(record.title.split()),
            "summary": _blank(record.summary),
            "notes": _blank(record.notes),
            "place_verbatim": _blank(record.place_verbatim),
            "date": when.model_copy(update={"verbatim": _blank(when.verbatim)}),
            "details": {
                name: value for name, value in record.details.items() if value not in ("", [], None)
            },
            "citations": tuple(_in_order(one, record.type) for one in record.citations),
        }
    )


def _in_order(citation: CitationSaid, code: str) -> CitationSaid:
    if len(citation.fields) < 2 or code not in TYPES:
        return citation
    return citation.model_copy(update={"fields": fields_in_order(citation.fields, TYPES[code])})


def _blank(text: str | None) -> str | None:
    return (text or "").strip() or None


def _titled(work: Work, record: Record) -> Record:
    """Give an untitled record the title proposed from type, figure, place and date."""
    if record.title or record.type not in TYPES:
        return record
    parts = [TYPES[record.type].label]
    first = next((figure for figure in record.figures if figure.parent is None), None)
    if first is not None and first.measure in vocabulary("measure").terms:
        noun = vocabulary("measure").terms[first.measure].extra.get("noun", first.measure)
        words = quantity.in_words(first.low, first.best, first.high, first.qualifier)
        if any(number is not None for number in (first.low, first.best, first.high)):
            parts.append(f"{words} {noun}")
    place = work.session.get(Place, record.place) if record.place else None
    if place is not None:
        parts.append(place.name)
    if record.date.edtf is not None:
        with suppress(edtf.DateError):
            parts.append(edtf.in_short(record.date.edtf))
    return record.model_copy(update={"title": ", ".join(parts)})


def _check_known(work: Work, record: Record, trusted: set[RelationSaid]) -> None:
    """Every id must exist and be this actor's to see; what may not be seen sounds like what isn't
    there.
    """
    errors = FieldErrors()
    places = _existing(work, Place, [record.place, record.subject_place])
    for path, place_id in (("place", record.place), ("subject_place", record.subject_place)):
        if place_id is not None and place_id not in places:
            errors.add(path, "Choose a place that exists, or add it as a new one.")
    if record.event is not None and record.event not in _existing(work, Event, [record.event]):
        errors.add("event", "There is no such event.")
    sources = set(
        work.session.exec(
            select(Source.id).where(
                col(Source.id).in_({citation.source for citation in record.citations}),
                visible_source(work.actor),
            )
        ).all()
    )
    parties = current_parties(work.session, party_ids(record))
    for index, citation in enumerate(record.citations):
        if citation.source not in sources:
            errors.add(f"citations.{index}.source", "There is no such source.")
        if citation.speaker is not None and citation.speaker not in parties:
            errors.add(f"citations.{index}.speaker", "There is no such party.")
    for index, involvement in enumerate(record.involvements):
        if not {involvement.party, involvement.relationship_to or involvement.party} <= set(
            parties
        ):
            errors.add(f"involvements.{index}", "There is no such party.")
    _check_relations(work, record, trusted, errors)
    if errors:
        raise errors


def _check_relations(
    work: Work, record: Record, trusted: set[RelationSaid], errors: FieldErrors
) -> None:
    targets = {relation.to for relation in record.relations}
    known = set(
        work.session.exec(
            select(Incident.id).where(col(Incident.id).in_(targets), visible(work.actor))
        ).all()
    )
    seen: set[tuple[str, int]] = set()
    for index, relation in enumerate(record.relations):
        if relation.to not in known and relation not in trusted:
            errors.add(f"relations.{index}", "There is no such incident.")
        if (relation.type, relation.to) in seen:
            errors.add(f"relations.{index}", "This relation is given twice.")
        seen.add((relation.type, relation.to))


def _existing(work: Work, model: type[SQLModel], ids: Iterable[int | None]) -> set[int]:
    wanted = {row_id for row_id in ids if row_id is not None}
    if not wanted:
        return set()
    key = table_of(model).c.id
    found = work.session.connection().scalars(columns(key).where(key.in_(wanted)))
    return set(found)


def check_quotes(work: Work, citations: Iterable[CitationSaid], errors: FieldErrors) -> None:
    """Name the quotes that stand in no snapshot, beside whatever else is wrong with an entry."""
    unread = Record(type="other", citations=tuple(citations))
    for path, messages in _faults(lambda: _pinned(work, unread)).items():
        for message in messages:
            errors.add(path, message)


def _pinned(work: Work, record: Record) -> Record:
    """Each quote found in its source's newest snapshot that holds it, with its exact words and
    offsets.
    """
    errors = FieldErrors()
    quoted = {citation.source for citation in record.citations if citation.quote is not None}
    texts = texts_for_quotes(work.session, work.actor, work.keyring, quoted) if quoted else {}
    citations = []
    for index, citation in enumerate(record.citations):
        if citation.quote is not None and not citation.quote.sealed:
            try:
                citation = _pin(citation, citation.quote, texts.get(citation.source, []))
            except FieldErrors as refused:
                errors.add(f"citations.{index}.quote", refused.errors["quote"][0])
        citations.append(citation)
    if errors:
        raise errors
    sealed = [sealed_quote(work.session, work.keyring, citation) for citation in citations]
    return record.model_copy(update={"citations": tuple(sealed)})


def _pin(citation: CitationSaid, quote: Quote, texts: Iterable[tuple[int, str]]) -> CitationSaid:
    tried = list(texts)
    if not tried:
        raise FieldErrors({"quote": "This source has no stored text to quote from."})
    # A quote already pinned stays on its snapshot as long as the words stand there.
    tried.sort(key=lambda pair: pair[0] != citation.snapshot)
    for snapshot_id, text in tried:
        passage = find(text, quote.exact, quote.start, quote.prefix, quote.suffix)
        if passage is not None:
            pinned = Quote(
                exact=passage.exact,
                prefix=passage.prefix,
                suffix=passage.suffix,
                start=passage.start,
                end=passage.end,
            )
            return citation.model_copy(update={"quote": pinned, "snapshot": snapshot_id})
    near = nearest(tried[0][1], quote.exact, limit=1)
    told = "These words are not in the snapshot."
    if near:
        told += f" The nearest are: “{near[0].exact}”"
    raise FieldErrors({"quote": told})
