"""Finds one source, and the texts quotes are looked up in."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, tuple_
from sqlmodel import Session, col, select

from incidents.crypto import Keyring
from incidents.errors import NotFound
from incidents.incident.rights import visible_source
from incidents.source.models import Snapshot, Source, SourceAddress, SourceKey
from incidents.source.queries.sealed import opened_text
from incidents.source.record import SourceSaid
from incidents.viewer import Viewer

_REFERENCE = re.compile(r"SRC-(\d{4})-(\d{5,9})", re.IGNORECASE | re.ASCII)


def parsed_reference(reference: str) -> tuple[int, int] | None:
    """(year, number) of `SRC-2026-00007`, or None when it is no such reference."""
    match = _REFERENCE.fullmatch(reference.strip())
    return (int(match[1]), int(match[2])) if match else None


def source_by_reference(session: Session, viewer: Viewer, reference: str) -> Source:
    """NotFound when there is none, or this viewer may not know of it: the two sound the same."""
    parsed = parsed_reference(reference)
    found = (
        parsed
        and session.exec(
            select(Source).where(
                Source.ref_year == parsed[0],
                Source.ref_number == parsed[1],
                visible_source(viewer),
            )
        ).one_or_none()
    )
    if not found:
        raise NotFound("There is no such source.")
    return found


def ids_by_reference(
    session: Session, viewer: Viewer, references: Iterable[str]
) -> Mapping[str, int]:
    """Reference as given → id, of those there are and this viewer may know of; one statement."""
    parsed = {text: parsed_reference(text) for text in references}
    return ids_referenced(session, Source, visible_source(viewer), parsed)


def ids_referenced(
    session: Session,
    model: Any,
    may_see: ColumnElement[bool],
    parsed: Mapping[str, tuple[int, int] | None],
) -> Mapping[str, int]:
    """The ids of a model's rows by their references, each given as its year and number."""
    wanted = {one for one in parsed.values() if one is not None}
    if not wanted:
        return {}
    rows = session.exec(
        select(model.ref_year, model.ref_number, model.id).where(
            tuple_(model.ref_year, model.ref_number).in_(sorted(wanted)), may_see
        )
    )
    ids = {(year, number): row_id for year, number, row_id in rows}
    return {text: ids[one] for text, one in parsed.items() if one is not None and one in ids}


def said_of(session: Session, viewer: Viewer, source: Source) -> SourceSaid:
    """What is said about a source now; its origin only if this viewer may see that one."""
    alternates = session.exec(
        select(SourceAddress.url)
        .where(SourceAddress.source_id == source.id)
        .order_by(col(SourceAddress.position))
    ).all()
    return SourceSaid(
        title=source.title,
        kind=source.kind,
        publisher=source.publisher,
        author=source.author,
        url=source.url,
        archive_url=source.archive_url,
        alternate_urls=tuple(alternates),
        language=source.language,
        published=source.published_edtf,
        published_basis=source.published_basis,
        accessed_at=source.accessed_at,
        reliability=source.reliability,
        reliability_reason=source.reliability_reason,
        origin=_reference_of(session, viewer, source.origin_id),
        protected=source.protected,
    )


def said_then(session: Session, viewer: Viewer, payload: Mapping[str, Any]) -> SourceSaid:
    """The same of a revision's payload."""
    kept = {name: value for name, value in payload.items() if name in SourceSaid.__annotations__}
    accessed_at = payload["accessed_at"]
    return SourceSaid(
        **{
            **kept,
            "alternate_urls": tuple(payload["alternate_urls"]),
            "accessed_at": datetime.fromisoformat(accessed_at) if accessed_at else None,
            "origin": _reference_of(session, viewer, payload["origin_id"]),
        }
    )


def _reference_of(session: Session, viewer: Viewer, source_id: int | None) -> str | None:
    if source_id is None:
        return None
    found = session.exec(
        select(Source).where(Source.id == source_id, visible_source(viewer))
    ).one_or_none()
    return found.reference if found else None


def facts_of(session: Session, viewer: Viewer, source: Source) -> dict[str, Any]:
    """All that is said about a source and its snapshots, ready for JSON; never its text."""
    said = asdict(said_of(session, viewer, source))
    if source.accessed_at is not None:
        said["accessed_at"] = source.accessed_at.isoformat()
    snapshots = session.exec(
        select(Snapshot)
        .where(Snapshot.source_id == source.id)
        .order_by(col(Snapshot.taken_at).desc(), col(Snapshot.id).desc())
    )
    return {
        "reference": source.reference,
        **said,
        "closed_reason": source.closed_reason,
        "version": source.version,
        "added_at": source.created_at.isoformat(),
        "snapshots": [
            {
                "sha256": row.sha256,
                "size_bytes": row.size_bytes,
                "media_type": row.media_type,
                "file_name": row.file_name,
                "taken_at": row.taken_at.isoformat(),
                "method": row.method,
                "tool_versions": row.tool_versions,
                **(_fetched(row) if row.method == "fetched" else {}),
            }
            for row in snapshots
        ],
    }


def _fetched(row: Snapshot) -> dict[str, Any]:
    began, ended = row.fetch_started_at, row.fetch_finished_at
    return {
        "final_url": row.final_url,
        "redirects": row.redirects,
        "status_code": row.status_code,
        "headers": row.headers,
        "fetch_started_at": began.isoformat() if began else None,
        "fetch_finished_at": ended.isoformat() if ended else None,
        "warc_sha256": row.warc_sha256,
        "warc_size_bytes": row.warc_size_bytes,
    }


def texts_for_quotes(
    session: Session, viewer: Viewer, keyring: Keyring, source_ids: Collection[int]
) -> Mapping[int, list[tuple[int, str]]]:
    """Source id → (snapshot id, its text), newest first, in two statements however many.

    Only sources this viewer may see; erased and empty texts are left out.
    """
    rows = session.exec(
        select(Snapshot)
        .join(Source, col(Source.id) == col(Snapshot.source_id))
        .where(col(Snapshot.source_id).in_(set(source_ids)), visible_source(viewer))
        .order_by(col(Snapshot.taken_at).desc(), col(Snapshot.id).desc())
    ).all()
    keys = _keys(session, keyring, {row.source_id for row in rows if row.text_sealed})
    found: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for row in rows:
        text = row.text
        if row.text_sealed is not None and row.source_id in keys:
            text = opened_text(keys[row.source_id], row.text_sealed, row.sha256)
        if text and row.id is not None:
            found[row.source_id].append((row.id, text))
    return dict(found)


def _keys(session: Session, keyring: Keyring, source_ids: set[int]) -> Mapping[int, bytes]:
    if not source_ids:
        return {}
    rows = session.exec(select(SourceKey).where(col(SourceKey.source_id).in_(source_ids)))
    return {
        row.source_id: keyring.unwrap(row.wrapped, "source_key", row.source_id)
        for row in rows
        if row.wrapped is not None
    }
