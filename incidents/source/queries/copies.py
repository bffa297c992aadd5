"""The copies of a source in their order, one by its number, and whether one has the same bytes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import exists, or_, tuple_
from sqlmodel import Session, col, select

from incidents.archive import Archive
from incidents.crypto import Keyring
from incidents.errors import NotFound
from incidents.incident.rights import visible_source
from incidents.source.models import Snapshot, Source, SourceKey
from incidents.source.queries.lookup import parsed_reference
from incidents.source.queries.sealed import opened_bytes, snapshot_bytes, source_key
from incidents.viewer import Viewer


def snapshots_of(session: Session, source: Source) -> Sequence[Snapshot]:
    """Newest first."""
    return session.exec(
        select(Snapshot)
        .where(Snapshot.source_id == source.id)
        .order_by(col(Snapshot.taken_at).desc(), col(Snapshot.id).desc())
    ).all()


def copies_kept(session: Session) -> list[tuple[str, str]]:
    """The SHA-256 of every copy of every source and of its WARC file, with its source's reference,
    oldest first; for who looks after the archive.
    """
    rows = session.exec(
        select(Snapshot.sha256, Snapshot.warc_sha256, Source.ref_year, Source.ref_number)
        .join(Source, col(Source.id) == col(Snapshot.source_id))
        .order_by(col(Snapshot.id))
    )
    return [
        (digest, f"SRC-{year}-{number:05d}")
        for *digests, year, number in rows
        for digest in digests
        if digest is not None
    ]


def copy_numbers(session: Session, source_ids: Collection[int]) -> Mapping[int, tuple[int, int]]:
    """Snapshot id → its number among its source's copies, and how many there are; one statement.

    They are counted from the oldest, so that a copy's number stays.
    """
    rows = session.exec(
        select(Snapshot.id, Snapshot.source_id)
        .where(col(Snapshot.source_id).in_(sorted(source_ids)))
        .order_by(col(Snapshot.taken_at), col(Snapshot.id))
    ).all()
    by_source: dict[int, list[int]] = {}
    for snapshot_id, source_id in rows:
        by_source.setdefault(source_id, []).append(snapshot_id or 0)
    return {
        snapshot_id: (number, len(own))
        for own in by_source.values()
        for number, snapshot_id in enumerate(own, 1)
    }


@dataclass(frozen=True)
class SourceToRead:
    """`has_text`: whether there are words to quote; an erased one has none."""

    reference: str
    title: str
    has_text: bool


def sources_to_read(
    session: Session, viewer: Viewer, references: Iterable[str]
) -> Mapping[str, SourceToRead]:
    """By reference, in the order they are named; what this viewer may not see is left out.

    One statement.
    """
    named = [parsed for one in references if (parsed := parsed_reference(one)) is not None]
    if not named:
        return {}
    erased = exists(
        select(SourceKey.source_id).where(
            SourceKey.source_id == Source.id, col(SourceKey.wrapped).is_(None)
        )
    )
    text = or_(col(Snapshot.text).is_not(None), col(Snapshot.text_sealed).is_not(None))
    has_text = exists(select(Snapshot.id).where(Snapshot.source_id == Source.id, text)) & ~erased
    rows = session.exec(
        select(Source, has_text).where(
            tuple_(col(Source.ref_year), col(Source.ref_number)).in_(set(named)),
            visible_source(viewer),
        )
    ).all()
    found = {(row.ref_year, row.ref_number): (row, bool(words)) for row, words in rows}
    return {
        found[one][0].reference: SourceToRead(
            found[one][0].reference, found[one][0].title, found[one][1]
        )
        for one in named
        if one in found
    }


def copy_asked(snapshots: Sequence[Snapshot], number: int | None) -> int:
    """The place among them, newest first, of the copy of this number; the newest without one."""
    if number is None:
        return 0
    if not 1 <= number <= len(snapshots):
        raise NotFound("There is no such copy of this source.")
    return len(snapshots) - number


def same_copy(
    session: Session, keyring: Keyring, archive: Archive, source: Source, stored: bytes
) -> Snapshot | None:
    """The copy with the same bytes; `stored` is what the archive would keep of them.

    Sealing the same bytes twice gives other ciphertext, so a protected source's are opened, as far
    as their sizes agree.
    """
    snapshots = snapshots_of(session, source)
    if not source.protected:
        digest = sha256(stored).hexdigest()
        return next((row for row in snapshots if row.sha256 == digest), None)
    key = source_key(session, keyring, source.id or 0)
    if key is None:
        return None
    body = opened_bytes(key, stored)
    for row in snapshots:
        if row.size_bytes == len(body) and snapshot_bytes(session, keyring, archive, row) == body:
            return row
    return None
