"""Adds copies to a source: append-only, and never the same bytes twice."""

from typing import Any

from sqlmodel import select

from incidents.audit import actions as audit
from incidents.errors import NotAllowed, NotFound
from incidents.source.actions.content import Prepared
from incidents.source.actions.sketches import keep_sketches
from incidents.source.models import Snapshot, Source, SourceKey
from incidents.source.queries.copies import same_copy, snapshots_of
from incidents.source.queries.lookup import source_by_reference
from incidents.source.queries.sealed import source_key, wrapped_key
from incidents.work import Work


def key_for_copies(work: Work, reference: str) -> bytes | None:
    """The key another copy must be sealed under; None where the source isn't protected yet copied.

    NotFound once the source's words were erased: they must not come back under a new key.
    """
    source = _to_copy(work, reference)
    key = source_key(work.session, work.keyring, source.id or 0)
    if key is None and source.protected and snapshots_of(work.session, source):
        raise NotFound("The words of this source were erased: no copy of them is taken again.")
    return key


def add_snapshot(work: Work, reference: str, content: Prepared) -> tuple[Snapshot, bool]:
    """Another copy of a source, whose bytes the archive must hold by now; and whether it is new.

    The same bytes again give the copy that is there: nothing is added, however often it is sent.
    """
    _to_copy(work, reference)
    audit.lock(work)
    source = _to_copy(work, reference)
    there = same_copy(work.session, work.keyring, work.archive, source, content.stored)
    if there is not None:
        return there, False
    taken = take(work, source, content)
    told = {"reference": source.reference, "snapshot": taken.sha256}
    audit.log(work, "add_snapshot", "source", source.id, told)
    return taken, True


def take(work: Work, source: Source, content: Prepared) -> Snapshot:
    """Write its snapshot's row. ArchiveError when the bytes were not put there first."""
    if source.protected != (content.key is not None):
        raise ValueError("content is prepared as protected exactly when its source is")
    work.archive.get(content.sha256)
    if content.warc_sha256 is not None:
        work.archive.get(content.warc_sha256)
    assert source.id is not None
    if content.key is not None:
        _keep_key(work, source.id, content.key)
    snapshot = Snapshot(
        source_id=source.id,
        sha256=content.sha256,
        size_bytes=content.size_bytes,
        media_type=content.media_type,
        file_name=content.file_name,
        taken_at=work.now,
        taken_by=work.actor_id,
        method=content.method,
        text=content.text,
        text_sealed=content.sealed_text,
        text_sha256=content.text_sha256,
        tool_versions=content.tool_versions,
        **_fetched(content),
    )
    work.session.add(snapshot)
    work.session.flush()
    if content.text is not None and not source.protected:
        keep_sketches(work.session, [(snapshot.id or 0, content.text)])
    return snapshot


def _fetched(content: Prepared) -> dict[str, Any]:
    said = content.fetched
    if said is None:
        return {}
    return {
        "final_url": said.final_url or None,
        "redirects": [[status, url] for status, url in said.redirects],
        "status_code": said.status,
        "headers": [list(pair) for pair in said.headers] or None,
        "fetch_started_at": said.started_at,
        "fetch_finished_at": said.finished_at,
        "warc_sha256": content.warc_sha256,
        "warc_size_bytes": content.warc_size_bytes,
    }


def _to_copy(work: Work, reference: str) -> Source:
    if not work.actor.may_record:
        raise NotAllowed("Only researchers and reviewers add copies of a source.")
    return source_by_reference(work.session, work.actor, reference)


def _keep_key(work: Work, source_id: int, key: bytes) -> None:
    """The first copy brings the source its key; every other is sealed under the same."""
    stored = work.session.exec(select(SourceKey.source_id).where(SourceKey.source_id == source_id))
    if stored.one_or_none() is None:
        wrapped = wrapped_key(work.keyring, key, source_id)
        work.session.add(SourceKey(source_id=source_id, wrapped=wrapped))
    elif source_key(work.session, work.keyring, source_id) != key:
        raise ValueError("another copy of a protected source is sealed under the source's own key")
