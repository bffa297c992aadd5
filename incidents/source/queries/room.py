"""The reading room: a source with its text, tinted by the incidents this viewer may see.

Owns what a redacted view leaves out of the text: every passage that is a protected party's words,
whichever incident quotes it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from incidents import edtf
from incidents.account.models import Account
from incidents.addresses import is_linkable
from incidents.archive import Archive
from incidents.crypto import Keyring
from incidents.errors import NotFound
from incidents.incident.models import Citation, Incident, Party
from incidents.incident.rights import visible, visible_source
from incidents.incident.types import STATEMENTS, TYPES
from incidents.source.models import Snapshot, Source, SourceAddress
from incidents.source.queries.listing import kind_labels
from incidents.source.queries.lookup import source_by_reference
from incidents.source.queries.pieces import Numbered, Quoted, cover, occurrences, paragraphs
from incidents.source.queries.sealed import snapshot_bytes, snapshot_text
from incidents.source.queries.views import (
    CopyLine,
    Link,
    LoggedLine,
    SnapshotFile,
    SnapshotLine,
    SourcePage,
)
from incidents.viewer import Viewer
from incidents.vocabulary.types import vocabulary

_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


def source_page(
    session: Session,
    viewer: Viewer,
    keyring: Keyring,
    reference: str,
    *,
    open_incident: str = "",
) -> SourcePage:
    """NotFound as `source_by_reference` says it. The same number of statements for any source.

    `open_incident` is the reference of the one whose words are boxed.
    """
    source = source_by_reference(session, viewer, reference)
    snapshots = _snapshots(session, source)
    text, erased = _text(session, keyring, snapshots)
    latest = snapshots[0].id if snapshots else None
    citations = _citations(session, viewer, source)
    withheld = _withheld(session, source, text, latest) if not viewer.internal else _Withheld()
    logged = _logged(citations, withheld.citations)
    shown = paragraphs(
        text,
        _quoted(citations, logged, latest, withheld.citations, open_incident),
        withheld.spans,
        offsets=viewer.internal,
    )
    names = _names(session, source, snapshots) if viewer.internal else {}
    return SourcePage(
        **_metadata(session, viewer, source),
        added_by=names.get(source.created_by),
        copies=_copies(session, viewer, source),
        snapshots=tuple(_snapshot_line(row, names, viewer) for row in snapshots),
        paragraphs=shown,
        cover=cover(shown),
        erased=erased,
        downloads=viewer.internal and bool(snapshots) and not erased,
        incidents=tuple(logged.values()),
    )


def snapshot_file(
    session: Session,
    viewer: Viewer,
    keyring: Keyring,
    archive: Archive,
    reference: str,
    sha256: str,
) -> SnapshotFile:
    """NotFound to who sees a redacted text: the original holds what was left out of it."""
    source = source_by_reference(session, viewer, reference)
    found = session.exec(
        select(Snapshot).where(Snapshot.source_id == source.id, Snapshot.sha256 == sha256)
    ).first()
    if found is None or not viewer.internal:
        raise NotFound("There is no such snapshot.")
    content = snapshot_bytes(session, keyring, archive, found)
    ending = ".md" if found.media_type == "text/markdown" else ".txt"
    return SnapshotFile(content, found.media_type, found.file_name or f"{source.reference}{ending}")


@dataclass(frozen=True)
class _Withheld:
    spans: tuple[tuple[int, int], ...] = ()
    citations: frozenset[int] = frozenset()


def _snapshots(session: Session, source: Source) -> Sequence[Snapshot]:
    return session.exec(
        select(Snapshot)
        .where(Snapshot.source_id == source.id)
        .order_by(col(Snapshot.taken_at).desc(), col(Snapshot.id).desc())
    ).all()


def _text(session: Session, keyring: Keyring, snapshots: Sequence[Snapshot]) -> tuple[str, bool]:
    """The latest snapshot's text, and whether it was erased."""
    if not snapshots:
        return "", False
    try:
        return snapshot_text(session, keyring, snapshots[0]), False
    except NotFound:
        return "", True


def _citations(session: Session, viewer: Viewer, source: Source) -> Sequence[Any]:
    """Of the incidents this viewer may see, by the incident's reference, then in their order."""
    return (
        session.connection()
        .execute(
            columns(
                col(Citation.id),
                col(Citation.snapshot_id),
                col(Citation.quote_start),
                col(Citation.quote_end),
                col(Incident.ref_year),
                col(Incident.ref_number),
                col(Incident.title),
                col(Incident.type),
                col(Incident.status),
            )
            .join(Incident, col(Incident.id) == col(Citation.incident_id))
            .where(col(Citation.source_id) == source.id, visible(viewer))
            .order_by(col(Incident.ref_year), col(Incident.ref_number), col(Citation.position))
        )
        .all()
    )


def _logged(citations: Sequence[Any], left_out: frozenset[int]) -> Mapping[str, LoggedLine]:
    """By reference, in its order; a quote that is left out of the text is not counted either."""
    by_reference: dict[str, list[Any]] = {}
    for row in citations:
        reference = f"INC-{row.ref_year}-{row.ref_number:05d}"
        by_reference.setdefault(reference, []).append(row)
    return {
        reference: LoggedLine(
            number=number,
            reference=reference,
            title=rows[0].title or f"Untitled {TYPES[rows[0].type].label.lower()}",
            type=rows[0].type,
            statement=rows[0].type in STATEMENTS,
            status=rows[0].status,
            quotes=sum(row.quote_start is not None and row.id not in left_out for row in rows),
        )
        for number, (reference, rows) in enumerate(by_reference.items(), 1)
    }


def _quoted(
    citations: Sequence[Any],
    logged: Mapping[str, LoggedLine],
    latest: int | None,
    left_out: frozenset[int],
    open_incident: str,
) -> list[Quoted]:
    """Quotes pinned to the text that is shown; those of an older snapshot have other offsets."""
    found = []
    for row in citations:
        if row.quote_start is None or row.snapshot_id != latest or row.id in left_out:
            continue
        line = logged[f"INC-{row.ref_year}-{row.ref_number:05d}"]
        numbered = Numbered(
            line.number,
            line.type,
            f"/incidents/{line.reference}",
            line.title,
            line.reference,
            statement=line.statement,
            open=line.reference == open_incident,
        )
        found.append(Quoted(row.quote_start, row.quote_end, numbered))
    return found


def _withheld(session: Session, source: Source, text: str, latest: int | None) -> _Withheld:
    """Words of protected parties that any incident quotes from this source, wherever they stand."""
    speakers: Any = columns(col(Party.id).label("root"), col(Party.id).label("id")).where(
        col(Party.id).in_(
            columns(col(Citation.speaker_id)).where(col(Citation.source_id) == source.id)
        )
    )
    named = speakers.cte(recursive=True)
    chain = named.union(
        columns(named.c.root, col(Party.merged_into_id))
        .join(named, col(Party.id) == named.c.id)
        .where(col(Party.merged_into_id).is_not(None))
    )
    protected = (
        columns(chain.c.root)
        .join(Party, col(Party.id) == chain.c.id)
        .where(col(Party.privacy) == "protected")
    )
    rows = session.exec(
        select(Citation).where(
            Citation.source_id == source.id, col(Citation.speaker_id).in_(protected)
        )
    ).all()
    spans = {
        (row.quote_start, row.quote_end)
        for row in rows
        if row.snapshot_id == latest and row.quote_start is not None and row.quote_end is not None
    }
    for row in rows:
        # The same words may stand in the text again, or were pinned to an older snapshot.
        spans |= set(occurrences(text, row.quote or ""))
    ids = frozenset(row.id for row in rows if row.id is not None)
    return _Withheld(tuple(sorted(spans)), ids)


def _names(
    session: Session, source: Source, snapshots: Iterable[Snapshot]
) -> Mapping[int | None, str]:
    ids = {source.created_by, *(row.taken_by for row in snapshots)} - {None}
    rows = session.exec(select(Account.id, Account.name).where(col(Account.id).in_(ids)))
    return {None: "operator", **dict(rows.all())}


def _snapshot_line(row: Snapshot, names: Mapping[int | None, str], viewer: Viewer) -> SnapshotLine:
    return SnapshotLine(
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        media_type=row.media_type,
        method_label=vocabulary("snapshot_method").label(row.method),
        taken_at=row.taken_at,
        taken_by=names.get(row.taken_by),
        file_name=row.file_name if viewer.internal else None,
    )


def _copies(session: Session, viewer: Viewer, source: Source) -> tuple[CopyLine, ...]:
    root = source.origin_id or source.id
    rows = session.exec(
        select(Source)
        .where(
            or_(col(Source.id) == root, col(Source.origin_id) == root),
            col(Source.id) != source.id,
            visible_source(viewer),
        )
        .order_by(col(Source.id))
    )
    return tuple(CopyLine(row.reference, row.title, row.id == root) for row in rows)


def _metadata(session: Session, viewer: Viewer, source: Source) -> dict[str, Any]:
    alternates = session.exec(
        select(SourceAddress.url)
        .where(SourceAddress.source_id == source.id)
        .order_by(col(SourceAddress.position))
    ).all()
    published, basis, grade = (source.published_edtf, source.published_basis, source.reliability)
    language = (source.language or "").partition("-")[0]
    return {
        "reference": source.reference,
        "version": source.version,
        "title": source.title,
        "kind": source.kind,
        "kind_label": kind_labels(session).get(source.kind, source.kind),
        "publisher": source.publisher,
        "author": source.author,
        "address": _link(source.url),
        "archived": _link(source.archive_url),
        "other_addresses": tuple(
            Link(url, url if is_linkable(url) else None) for url in alternates
        ),
        "language": source.language,
        "right_to_left": language in _RIGHT_TO_LEFT,
        "published": edtf.in_short(published) if published else None,
        "published_edtf": published,
        "published_basis_label": vocabulary("date_basis").label(basis) if basis else None,
        "accessed_at": source.accessed_at,
        "reliability": grade,
        "reliability_label": vocabulary("reliability").label(grade) if grade else None,
        "reliability_reason": source.reliability_reason if viewer.internal else None,
        "protected": source.protected,
        "closed": source.closed_reason is not None,
        "closed_reason": source.closed_reason if viewer.internal else None,
        "added_at": source.created_at,
    }


def _link(url: str | None) -> Link | None:
    return Link(url, url if is_linkable(url) else None) if url else None
