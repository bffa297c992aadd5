"""One incident as its page shows it: facts with the citations they rest on, figures, parties,
relations.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import or_
from sqlmodel import Session, col, select

from incidents import edtf, quantity
from incidents.account.models import Account
from incidents.crypto import Keyring
from incidents.dates_counted import in_sentence
from incidents.incident.models import Incident, IncidentAccess, Relation
from incidents.incident.queries.compared import comparisons
from incidents.incident.queries.export_people import parties_shown
from incidents.incident.queries.lookup import (
    editors_since_approval,
    incident_by_reference,
    stored_record,
)
from incidents.incident.queries.protected import protected_passages, touches
from incidents.incident.queries.repeats import Told, once_each
from incidents.incident.queries.sealed import opened_record
from incidents.incident.queries.views import (
    Check,
    CitationLine,
    DecisionLine,
    Fact,
    FigureLine,
    IncidentHead,
    IncidentPage,
    InvolvementLine,
    RelationLine,
)
from incidents.incident.queries.words import Words, words_for
from incidents.incident.record import InvolvementSaid, Record, When, redacted
from incidents.incident.record.figures import beyond_their_whole
from incidents.incident.rights import visible
from incidents.incident.states import Mover, Transition, transitions_from
from incidents.incident.types import TYPES
from incidents.review.models import Review
from incidents.source.queries import copy_numbers
from incidents.viewer import Viewer
from incidents.vocabulary.types import vocabulary


def incident_page(
    session: Session, viewer: Viewer, keyring: Keyring, reference: str
) -> IncidentPage:
    """NotFound when there is none or the viewer may not know of it.

    A constant number of statements.
    """
    incident = incident_by_reference(session, viewer, reference)
    stored = opened_record(session, keyring, stored_record(session, incident))
    words = words_for(session, viewer, [stored])
    record, withheld = _for(session, viewer, stored, words)
    decisions = _decisions(session, incident) if viewer.internal else ()
    facts = facts_of(record, words)
    figures = _figures(record, words)
    transitions, may_decide = _ways_on(session, viewer, incident)
    return IncidentPage(
        **vars(_head(incident)),
        status=_shown_status(incident, decisions),
        sourcing=incident.sourcing if viewer.internal else incident.sourcing_redacted,
        author=_author(session, incident) if viewer.internal else "",
        facts=facts,
        unstated=_unstated(record),
        figures=figures,
        comparisons=comparisons(record, words),
        citations=_citations(record, words, withheld, _copies(session, viewer, record)),
        parties=_involvements(viewer, record, words),
        parties_marks=marks_of(record, "involvements"),
        relations=_relations(session, viewer, incident, words),
        event=words.events.get(record.event or 0, ""),
        notes=record.notes or "",
        decisions=decisions,
        returned=_returned(incident, decisions),
        transitions=transitions,
        may_decide=may_decide,
        may_edit=viewer.may_record and incident.status == "draft",
        may_correct=viewer.may_record and incident.status == "approved",
        may_restrict=_may_restrict(viewer, incident),
        named=_named(session, incident),
        redacted=not viewer.internal,
        duplicate_of=_duplicate_of(session, viewer, incident) if viewer.internal else "",
        protected=any(party.protected for party in words.parties.values()),
        checks=_checks(record, facts, figures) if viewer.may_review else (),
        sentence=_sentence(incident, record, facts, words) if incident.status == "approved" else "",
    )


def _may_restrict(viewer: Viewer, incident: Incident) -> bool:
    own = incident.created_by is not None and incident.created_by == viewer.account_id
    return incident.publication != "sealed" and (own or viewer.may_review)


def _head(incident: Incident) -> IncidentHead:
    return IncidentHead(
        reference=incident.reference,
        id=incident.id or 0,
        type=incident.type,
        title=incident.title,
        summary=incident.summary or "",
        version=incident.version,
        publication=incident.publication,
        assessment=incident.assessment,
        event_id=incident.event_id,
        created_at=incident.created_at,
        submitted_at=incident.submitted_at,
        approved_at=incident.approved_at,
        updated_at=incident.updated_at,
    )


def facts_of(record: Record, words: Words) -> tuple[Fact, ...]:
    """What is said, in the order of the type's declaration; blank values are left to `unstated`."""
    facts = [_date_fact(record, words), _place_fact(record, words)]
    if record.subject_place is not None:
        about = words.value("subject_place", record.subject_place, record.type)
        facts.append(_fact(record, "subject_place", "About", about))
    for detail in TYPES[record.type].details:
        if detail.name in record.details:
            value = words.detail(detail, record.details[detail.name])
            facts.append(_fact(record, f"details.{detail.name}", detail.label, value))
    return tuple(fact for fact in facts if fact.value)


def _for(session: Session, viewer: Viewer, record: Record, words: Words) -> tuple[Record, set[int]]:
    """The record this viewer reads, and the positions of citations whose words are withheld."""
    if viewer.internal:
        return record, set()
    hidden = {one.source for one in record.citations if one.source not in words.sources}
    withheld = _withheld(session, viewer, record)
    left = redacted(record, withheld=withheld, protected_sources=hidden)
    kept = [i for i, one in enumerate(record.citations) if one.source not in hidden]
    return left, {new for new, old in enumerate(kept) if old in withheld}


def _withheld(session: Session, viewer: Viewer, record: Record) -> set[int]:
    """Positions of citations with a protected party's words, quoted here or by another incident."""
    passages = protected_passages(session, viewer, {one.source for one in record.citations})
    speakers = parties_shown(session, viewer, {one.speaker for one in record.citations})
    found = set()
    for index, one in enumerate(record.citations):
        quote, speaker = one.quote, speakers.get(one.speaker or 0)
        if quote is None or quote.start is None or quote.end is None:
            continue
        own = speaker is not None and speaker.protected_words
        span = (quote.start, quote.end)
        if own or touches(passages, one.source, one.snapshot, span, quote.exact):
            found.add(index)
    return found


def _fact(record: Record, path: str, label: str, value: str, **more: str) -> Fact:
    return Fact(path, label, value, marks_of(record, path), **more)


def marks_of(record: Record, path: str) -> tuple[int, ...]:
    """Numbers of the quotes that support a field; those for the whole incident where none names
    it.
    """
    head = path.split(".")[0]
    named = [
        number
        for number, citation in enumerate(record.citations, 1)
        if path in citation.fields or (head in {"date", "place"} and head in citation.fields)
    ]
    if named:
        return tuple(named)
    return tuple(
        number
        for number, citation in enumerate(record.citations, 1)
        if not citation.fields and citation.quote is not None and citation.stance == "supports"
    )


def _date_fact(record: Record, words: Words) -> Fact:
    when = record.date
    value = edtf.in_words(when.edtf) if when.edtf else ("Not known" if when.not_known else "")
    more = [words.term("date_basis", when.basis)]
    if when.ongoing_when_reported:
        more.append("ongoing when reported")
    told = ", ".join(part for part in more if part)
    value = value[:1].upper() + value[1:]
    counted = in_sentence(when.counted.counted) if when.counted and when.edtf else ""
    said = {"verbatim": when.verbatim or "", "more": told, "counted": counted}
    return _fact(record, "date", "When", value, **said, moved=_moved(when, words))


def _moved(when: When, words: Words) -> str:
    """What the source says of its publication now, where the date was counted from another; "" for
    who may not see the source.
    """
    counted = when.counted
    source = words.sources.get(counted.source or 0) if counted else None
    if counted is None or source is None or source.published == counted.anchor:
        return ""
    now = (
        f"it is {edtf.in_words(source.published)} now" if source.published else "none is given now"
    )
    return f"Counted from a publication date that has changed since: {now}."


def _place_fact(record: Record, words: Words) -> Fact:
    value = words.value("place", record.place, record.type)
    more = words.term("place_precision", record.place_precision)
    return _fact(record, "place", "Where", value, verbatim=record.place_verbatim or "", more=more)


def _unstated(record: Record) -> tuple[str, ...]:
    blank = [d.label for d in TYPES[record.type].details if d.name not in record.details]
    return tuple(blank)


def _figures(record: Record, words: Words) -> tuple[FigureLine, ...]:
    lines = []
    for figure in record.figures:
        ages = [str(age) for age in (figure.age_min, figure.age_max) if age is not None]
        who = [words.term("sex", figure.sex), "–".join(dict.fromkeys(ages))]
        rests_on = (figure.citation + 1,) if figure.citation is not None else ()
        lines.append(
            FigureLine(
                measure=words.term("measure", figure.measure),
                low=figure.low,
                best=figure.best,
                high=figure.high,
                words=quantity.in_words(figure.low, figure.best, figure.high, figure.qualifier),
                qualifier=words.term("qualifier", figure.qualifier),
                verbatim=figure.verbatim or "",
                unit=(figure.unit or "").replace("_", " "),
                who=", ".join(part for part in who if part),
                in_totals=figure.in_totals,
                totals_reason=figure.totals_reason or "",
                marks=rests_on,
                part=figure.parent is not None,
            )
        )
    return tuple(lines)


def _copies(session: Session, viewer: Viewer, record: Record) -> Mapping[int, tuple[int, int]]:
    """Snapshot id → its number among its source's copies, and how many; for who may see them."""
    quoted = {one.source for one in record.citations if one.quote is not None}
    if not viewer.internal:
        return {}
    return copy_numbers(session, quoted)


def _citations(
    record: Record,
    words: Words,
    withheld: set[int],
    copies: Mapping[int, tuple[int, int]],
) -> tuple[CitationLine, ...]:
    found = []
    for index, citation in enumerate(record.citations):
        if citation.source in words.sources:
            line = _citation(record, words, index, withheld=index in withheld)
            number, count = copies.get(citation.snapshot or 0, (1, 1))
            copy = number if number != count else None
            found.append(replace(line, copy=copy, copies=count))
    return tuple(found)


def _citation(record: Record, words: Words, index: int, *, withheld: bool) -> CitationLine:
    citation = record.citations[index]
    quote = citation.quote
    grade = str(citation.credibility) if citation.credibility else None
    return CitationLine(
        number=index + 1,
        source=words.sources[citation.source],
        quote=quote.exact if quote else "",
        withheld=withheld,
        start=quote.start if quote else None,
        end=quote.end if quote else None,
        stance=citation.stance,
        stance_label=words.term("stance", citation.stance),
        speaker=words.party(citation.speaker),
        translated=bool(citation.translated),
        utterance=words.term("utterance", citation.utterance),
        basis=words.term("citation_basis", citation.basis),
        credibility=words.term("credibility", grade),
        fields=tuple(words.label(path, record.type) for path in citation.fields),
        note=citation.note or "",
    )


def _involvements(viewer: Viewer, record: Record, words: Words) -> tuple[InvolvementLine, ...]:
    lines = [(one.party, _involvement(viewer, one, words)) for one in record.involvements]
    return tuple(line for _, line in once_each(lines, _told))


def _told(named: tuple[int, InvolvementLine]) -> Told:
    party_id, line = named
    rest = (line.attribution, line.relationship, line.note)
    return Told(party_id, line.party_id, line.role, rest)


def _involvement(viewer: Viewer, one: InvolvementSaid, words: Words) -> InvolvementLine:
    related = ""
    ends = [words.parties.get(end or 0) for end in (one.party, one.relationship_to)]
    # Whose wife she is can say who she is; to oneself, since a merge, one is nothing.
    told = viewer.internal or all(end and end.privacy == "public" for end in ends)
    if one.relationship and one.relationship_to and told and ends[0] != ends[1]:
        related = (
            f"{words.term('relationship', one.relationship)} {words.party(one.relationship_to)}"
        )
    return InvolvementLine(
        party_id=words.parties[one.party].id,
        label=words.parties[one.party].label,
        protected=words.parties[one.party].protected,
        role=words.term("role", one.role),
        attribution=words.term("attribution", one.attribution),
        relationship=related,
        note=one.note or "",
    )


def _relations(
    session: Session, viewer: Viewer, incident: Incident, words: Words
) -> tuple[RelationLine, ...]:
    """From both ends, only to what the viewer may see; by type, then the other's reference."""
    other = or_(
        (col(Relation.from_id) == incident.id) & (col(Incident.id) == col(Relation.to_id)),
        (col(Relation.to_id) == incident.id) & (col(Incident.id) == col(Relation.from_id)),
    )
    rows = session.exec(
        select(Relation, Incident)
        .join(Incident, other)
        .where(visible(viewer))
        .order_by(col(Relation.type), col(Incident.ref_year), col(Incident.ref_number))
    ).all()
    terms = vocabulary("relation").terms
    return tuple(
        RelationLine(
            reference=end.reference,
            type=end.type,
            title=end.title,
            status=end.status,
            words=words.term("relation", relation.type)
            if relation.from_id == incident.id
            else terms[relation.type].extra.get("inverse", relation.type),
            asserted_by=words.term("asserted_by", relation.asserted_by),
            note=(relation.note or "") if viewer.internal else "",
        )
        for relation, end in rows
    )


def _decisions(session: Session, incident: Incident) -> tuple[DecisionLine, ...]:
    rows = session.exec(
        select(Review, Account.name)
        .join(Account, col(Account.id) == col(Review.reviewer_id))
        .where(Review.incident_id == incident.id)
        .order_by(col(Review.id).desc())
    ).all()
    return tuple(
        DecisionLine(
            review.decision,
            review.reason or "",
            name,
            review.decided_at,
            review.version,
            review.correction_id is not None,
        )
        for review, name in rows
    )


def _last_move(decisions: Sequence[DecisionLine]) -> DecisionLine | None:
    moves = (one for one in decisions if one.decision != "assess" and not one.of_correction)
    return next(moves, None)


def _shown_status(incident: Incident, decisions: Sequence[DecisionLine]) -> str:
    """A draft whose last decision was to return it reads "returned"."""
    last = _last_move(decisions)
    if incident.status == "draft" and last is not None and last.decision == "return":
        return "returned"
    return incident.status


def _returned(incident: Incident, decisions: Sequence[DecisionLine]) -> str:
    last = _last_move(decisions)
    shown = incident.status in ("draft", "rejected", "retracted")
    return last.reason if shown and last is not None else ""


def _ways_on(
    session: Session, viewer: Viewer, incident: Incident
) -> tuple[tuple[Transition, ...], bool]:
    """The transitions this viewer may follow, and whether they may decide at all."""
    editors = editors_since_approval(session, incident) | {incident.created_by}
    may_decide = viewer.may_review and viewer.account_id not in editors
    own = incident.created_by == viewer.account_id and viewer.account_id is not None
    may = {Mover.REVIEWER: may_decide, Mover.RESEARCHER: viewer.may_record, Mover.AUTHOR: own}
    return tuple(step for step in transitions_from(incident.status) if may[step.mover]), may_decide


def _author(session: Session, incident: Incident) -> str:
    name = session.exec(select(Account.name).where(Account.id == incident.created_by)).first()
    return name or "the operator"


def _named(session: Session, incident: Incident) -> tuple[str, ...]:
    if incident.publication != "sealed":
        return ()
    names = session.exec(
        select(Account.name)
        .join(IncidentAccess, col(IncidentAccess.account_id) == col(Account.id))
        .where(IncidentAccess.incident_id == incident.id)
        .order_by(col(Account.name))
    ).all()
    return tuple(names)


def _duplicate_of(session: Session, viewer: Viewer, incident: Incident) -> str:
    if incident.status != "rejected":
        return ""
    original = session.exec(
        select(Incident)
        .join(Review, col(Review.duplicate_of_id) == col(Incident.id))
        .where(Review.incident_id == incident.id, visible(viewer))
        .order_by(col(Review.id).desc())
    ).first()
    return original.reference if original else ""


def _checks(
    record: Record, facts: Sequence[Fact], figures: Sequence[FigureLine]
) -> tuple[Check, ...]:
    """What a reviewer would have to look for: values without words, figures without verbatim."""
    found = [
        Check(False, f"“{fact.label}” has no words behind it", fact.path)
        for fact in facts
        if not fact.supported
    ]
    found += [
        Check(False, f"The figure “{figure.measure}: {figure.words}” quotes no words")
        for figure in figures
        # One person is what a quote about one says; nobody writes the number.
        if not figure.verbatim and figure.words != "1"
    ]
    found += [Check(False, told) for told in beyond_their_whole(record.figures).values()]
    quotes = sum(1 for citation in record.citations if citation.quote is not None)
    if quotes:
        told = "The quote stands" if quotes == 1 else f"All {quotes} quotes stand"
        found.insert(0, Check(True, f"{told} in the stored copy, word for word"))
    else:
        found.insert(0, Check(False, "No words are quoted: it rests on its source as a whole"))
    return tuple(found)


def _sentence(incident: Incident, record: Record, facts: Sequence[Fact], words: Words) -> str:
    """Title, place and date with the sources as a footnote: ready to paste into a report."""
    said = {fact.path: fact.value for fact in facts}
    date = said.get("date", "")
    parts = [incident.title, said.get("place", ""), date[:1].lower() + date[1:]]
    if record.date.edtf and edtf.in_short(record.date.edtf) in incident.title:
        # A title as it is proposed says place and date already.
        parts = parts[:1]
    notes = [
        ", ".join(part for part in (line.publisher, f"“{line.title}”", line.url) if part)
        for line in words.sources.values()
    ]
    return (
        f"{', '.join(part for part in parts if part)} ({'; '.join([incident.reference, *notes])})."
    )
