"""Counts drafts' dates anew when the publication they were counted from is corrected.

Owns nothing of a draft but its date. What was submitted or approved stays as somebody read it: its
page says that the publication date has changed since.
"""

from contextlib import suppress

from sqlmodel import col, select

from incidents import edtf
from incidents.dates import in_future
from incidents.dates_counted import PUBLISHED
from incidents.incident.actions.write import replace_record
from incidents.incident.models import Citation, Incident
from incidents.incident.queries.lookup import stored_record
from incidents.incident.record import Record
from incidents.source.models import Source
from incidents.work import Work


def recount_drafts(work: Work, source: Source) -> None:
    """Every draft whose date was counted from this source's publication, whoever may see it.

    A date that would be still to come, or none, stays as it is.
    """
    if not source.published_edtf:
        return
    cited = select(col(Citation.incident_id)).where(col(Citation.source_id) == source.id)
    drafts = work.session.exec(
        select(Incident)
        .where(
            Incident.status == "draft",
            col(Incident.date_counted).is_not(None),
            col(Incident.id).in_(cited),
        )
        .order_by(col(Incident.id))
    ).all()
    reason = f"The publication date of {source.reference}, which its date is counted from, changed."
    for draft in drafts:
        record = stored_record(work.session, draft)
        with suppress(edtf.DateError):
            anew = _counted_anew(record, source.id or 0, source.published_edtf)
            if anew is not None and not in_future(anew.date.edtf or "", work.now.date()):
                replace_record(work, draft, draft.version, anew, reason, by_rule=True)


def _counted_anew(record: Record, source: int, published: str) -> Record | None:
    """None where it is counted from something else, or from this already. Raises DateError."""
    when = record.date
    said = when.counted
    if said is None or (said.anchored, said.source) != (PUBLISHED, source) or not when.edtf:
        return None
    moved = said.model_copy(update={"anchor": published})
    date = moved.counted.edtf
    if said == moved:
        return None
    precision = when.precision
    if precision == edtf.precision(when.edtf):
        precision = edtf.precision(date)
    title = record.title
    old = edtf.in_short(when.edtf)
    if title.endswith(f", {old}"):
        # As it was proposed.
        title = title.removesuffix(old) + edtf.in_short(date)
    changed = when.model_copy(update={"edtf": date, "precision": precision, "counted": moved})
    return record.model_copy(update={"date": changed, "title": title})
