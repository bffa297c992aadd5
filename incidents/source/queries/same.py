"""Finds sources that may be the same one: by address, by text."""

from collections.abc import Collection, Sequence

from sqlmodel import Session, col, select

from incidents.incident.rights import visible_source
from incidents.source.models import Snapshot, Source, SourceAddress
from incidents.viewer import Viewer


def sources_at(
    session: Session, viewer: Viewer, hashes: Collection[str]
) -> Sequence[tuple[Source, str]]:
    """Sources that stand at one of these canonical addresses' hashes, and at which, oldest first.

    What this viewer may not see is left out: an address must not tell of a protected source.
    """
    if not hashes:
        return []
    own = select(Source, Source.url_hash).where(
        col(Source.url_hash).in_(hashes), visible_source(viewer)
    )
    other = (
        select(Source, SourceAddress.url_hash)
        .join(SourceAddress, col(SourceAddress.source_id) == col(Source.id))
        .where(col(SourceAddress.url_hash).in_(hashes), visible_source(viewer))
    )
    rows = [*session.exec(own), *session.exec(other)]
    first = {source.id: (source, str(found)) for source, found in reversed(rows)}
    return sorted(first.values(), key=lambda pair: pair[0].id or 0)


def sources_with_text(session: Session, viewer: Viewer, text_sha256: str) -> Sequence[Source]:
    """Sources one of whose snapshots has exactly this text, oldest first."""
    same = select(Snapshot.source_id).where(Snapshot.text_sha256 == text_sha256)
    return session.exec(
        select(Source)
        .where(col(Source.id).in_(same), visible_source(viewer))
        .order_by(col(Source.id))
    ).all()
