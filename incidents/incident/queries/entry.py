"""A record as its form shows it: the way back from `actions.entry`.

What the form leaves out stays in the record.
"""

from incidents import dates_relative, quantity
from incidents.incident.queries.words import Words
from incidents.incident.record import CitationSaid, FigureSaid, InvolvementSaid, Record, When
from incidents.incident.record.entry import (
    CitationTyped,
    Entry,
    FigureTyped,
    InvolvementTyped,
    RelationTyped,
)


def entry_of(record: Record, words: Words) -> Entry:
    """Typing it back unchanged gives the same record."""
    when = record.date
    return Entry(
        type=record.type,
        citations=tuple(_citation(one, words) for one in record.citations),
        title=record.title,
        summary=record.summary or "",
        date=_date(when),
        date_not_known=when.not_known,
        date_basis=when.basis or "",
        date_verbatim=when.verbatim or "",
        date_precision=when.precision or "",
        ongoing_when_reported=_yes_no(when.ongoing_when_reported),
        place=_place(record.place, words),
        place_precision=record.place_precision or "",
        place_verbatim=record.place_verbatim or "",
        subject_place=_place(record.subject_place, words),
        figures=tuple(_figure(one) for one in record.figures),
        involvements=tuple(_involvement(one, words) for one in record.involvements),
        relations=tuple(
            RelationTyped(one.type, words.incidents[one.to], one.asserted_by, one.note or "")
            for one in record.relations
            if one.to in words.incidents
        ),
        event=words.events.get(record.event or 0, ""),
        notes=record.notes or "",
        publication=record.publication,
        details=dict(record.details),
    )


def _date(when: When) -> str:
    """As it was counted, so that it is counted anew; else the date itself."""
    return dates_relative.written(when.counted.counted) if when.counted else when.edtf or ""


def _yes_no(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def _involvement(said: InvolvementSaid, words: Words) -> InvolvementTyped:
    return InvolvementTyped(
        party=words.party(said.party),
        party_id=_id(words, said.party),
        role=said.role,
        protected=words.parties[said.party].protected,
        attribution=said.attribution or "",
        relationship=said.relationship or "",
        relationship_to=words.party(said.relationship_to),
        relationship_to_id=_id(words, said.relationship_to),
        note=said.note or "",
    )


def _id(words: Words, party_id: int | None) -> str:
    """Of the party that stands for it now."""
    line = words.parties.get(party_id or 0)
    return str(line.id) if line else ""


def _place(place_id: int | None, words: Words) -> str:
    """Its path, which says which of two places of one name is meant."""
    place = words.places.get(place_id or 0)
    return place.path if place else ""


def _citation(said: CitationSaid, words: Words) -> CitationTyped:
    source = words.sources.get(said.source)
    speaker = words.parties.get(said.speaker or 0)
    return CitationTyped(
        source=source.reference if source else "",
        quote=said.quote.exact if said.quote else "",
        at=str(said.quote.start) if said.quote and said.quote.start is not None else "",
        stance=said.stance,
        speaker=speaker.label if speaker else "",
        speaker_id=_id(words, said.speaker),
        speaker_protected=speaker.protected if speaker else True,
        basis=said.basis or "",
        utterance=said.utterance or "",
        translated=_yes_no(said.translated),
        credibility=str(said.credibility or ""),
        supports=said.fields,
        note=said.note or "",
    )


def _figure(said: FigureSaid) -> FigureTyped:
    return FigureTyped(
        how_many=quantity.write(said.low, said.best, said.high, said.qualifier),
        measure=said.measure,
        verbatim=said.verbatim or "",
        unit=said.unit or "",
        sex=said.sex or "",
        age_min=said.age_min,
        age_max=said.age_max,
        in_totals=said.in_totals,
        totals_reason=said.totals_reason or "",
        parent=said.parent + 1 if said.parent is not None else None,
        citation=said.citation + 1 if said.citation is not None else None,
    )
