"""The fetched copies of a source with their WARC files, opened."""

from sqlmodel import Session, col, select

from incidents.archive import Archive
from incidents.crypto import Keyring
from incidents.errors import NotFound
from incidents.source.models import Snapshot
from incidents.source.queries.lookup import source_by_reference
from incidents.source.queries.sealed import opened_bytes, source_key
from incidents.viewer import Viewer
from incidents.wacz import ArchivedPage
from incidents.warc import answers_in


def archived_pages(
    session: Session, viewer: Viewer, keyring: Keyring, archive: Archive, reference: str
) -> list[ArchivedPage]:
    """Oldest first, at least one. NotFound without any, and to who sees a redacted text: the page
    holds what was left out of it."""
    source = source_by_reference(session, viewer, reference)
    rows = session.exec(
        select(Snapshot)
        .where(Snapshot.source_id == source.id, col(Snapshot.warc_sha256).is_not(None))
        .order_by(col(Snapshot.taken_at), col(Snapshot.id))
    ).all()
    key = source_key(session, keyring, source.id or 0)
    erased = key is None and any(row.text_sealed is not None for row in rows)
    if not rows or not viewer.internal or erased:
        raise NotFound("There is no fetched copy of this source.")
    pages = []
    for row in rows:
        stored = archive.get(row.warc_sha256 or "")
        warc = opened_bytes(key, stored) if key is not None else stored
        # Of a protected source the address stands there alone.
        url = row.final_url or [answer.url for answer in answers_in(warc)][-1]
        pages.append(ArchivedPage(url, source.title, row.fetch_finished_at or row.taken_at, warc))
    return pages
