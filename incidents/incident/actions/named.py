"""Says something else of a place or a source that incidents are found by.

What they write of their own stands in their features; here it reaches the search documents.
"""

from incidents.audit import actions as audit
from incidents.incident.actions.recount import recount_drafts
from incidents.incident.actions.search import reindex_place, reindex_source
from incidents.source import actions as sources
from incidents.source.models import Source
from incidents.source.queries import source_by_reference
from incidents.source.record import Confirmed, SourceSaid
from incidents.vocabulary import actions as vocabulary
from incidents.vocabulary.models import Place
from incidents.vocabulary.queries import spellings
from incidents.vocabulary.record import PlaceSaid
from incidents.work import Work

_NOT_CONFIRMED = Confirmed()


def edit_place(work: Work, place_id: int, read_version: int, said: PlaceSaid) -> Place:
    """As `vocabulary.actions.save_place`; incidents in the place and below are found by its new
    names.
    """
    audit.lock(work)
    before = spellings(work.session, [place_id])
    place = vocabulary.save_place(work, place_id, read_version, said)
    if spellings(work.session, [place_id]) != before:
        reindex_place(work.session, place_id)
    return place


def edit_source(
    work: Work,
    reference: str,
    version: int,
    said: SourceSaid,
    *,
    confirmed: Confirmed = _NOT_CONFIRMED,
) -> Source:
    """As `source.actions.save_source`; incidents that cite it are found by what it says now, and
    drafts whose date is counted from its publication are counted anew.
    """
    published = source_by_reference(work.session, work.actor, reference).published_edtf
    source = sources.save_source(work, reference, version, said, confirmed=confirmed)
    assert source.id is not None
    if source.version != version:
        reindex_source(work.session, source.id)
    if source.published_edtf != published:
        recount_drafts(work, source)
    return source
