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
from incidents.extraction_kinds import ending
from incidents.incident.models import Citation, Incident
from incidents.incident.rights import visible, visible_source
from incidents.incident.types import STATEMENTS, TYPES
from incidents.passages import SearchedText, difference
from incidents.source.models import Snapshot, Source, SourceAddress
from incidents.source.queries.changes import changes
from incidents.source.queries.copies import copy_asked, snapshots_of
from incidents.source.queries.listing import kind_labels
from incidents.source.queries.lookup import source_by_reference
from incidents.source.queries.near import near_copies
from incidents.source.queries.pieces import Numbered, OpenForm, Quoted, cover, paragraphs
from incidents.source.queries.placed import (
    MOST_NEAREST,
    Placed,
    Withheld,
    nearest_words,
    placed,
    quote_words,
    with_typed,
    withheld,
)
from incidents.source.queries.sealed import opened_text, snapshot_bytes, source_key
from incidents.source.queries.views import (
    CopyLine,
    Link,
    LoggedLine,
    LostQuote,
    NearLine,
    Reading,
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
    open_form: OpenForm | None = None,
    copy: int | None = None,
    against: int | None = None,
) -> SourcePage:
    """NotFound as `source_by_reference` says it. The same number of statements for any source.

    The words of `open_form` are boxed, as typed, in place of what is stored of that incident.
    `copy` is the number of the copy to show, the newest without it, and `against` of one it is
    compared with: both are for who sees the whole text, NotFound for everybody else. A publisher
    may have had its reasons.
    """
    source = source_by_reference(session, viewer, reference)
    _check_copies(viewer, copy, against)
    opened = _opened(session, keyring, source, copy)
    citations = _citations(session, viewer, source)
    hidden = _hidden(session, viewer, source, opened)
    told = [row for row in citations if row.id not in hidden.citations]
    places = placed(opened.searched, told, opened.shown_id, opened.key)
    logged = _logged(citations, hidden.citations, places)
    shown = paragraphs(
        opened.searched.text,
        with_typed(_quoted(citations, logged, places), opened.searched, open_form, len(logged)),
        hidden.spans,
        offsets=viewer.internal,
    )
    names = _names(session, source, opened.snapshots) if viewer.internal else {}
    lines = _snapshot_lines(opened.snapshots, names, viewer)
    lost = _lost(opened, places, logged, lines) if viewer.internal else ()
    return SourcePage(
        **_metadata(session, viewer, source),
        added_by=names.get(source.created_by),
        copies=_copies(session, viewer, source),
        near=_near(session, viewer, source) if viewer.may_record else (),
        snapshots=lines,
        reading=_reading(opened, places, lost, lines, against),
        paragraphs=shown,
        cover=cover(shown),
        erased=opened.erased,
        downloads=viewer.internal and bool(lines) and not opened.erased,
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
    name = found.file_name or f"{source.reference}{ending(found.media_type)}"
    return SnapshotFile(content, found.media_type, name)


@dataclass(frozen=True)
class _Opened:
    """The copies of a source, newest first, and the text of the one that is shown."""

    snapshots: Sequence[Snapshot]
    at: int
    key: bytes | None
    searched: SearchedText
    erased: bool

    @property
    def shown_id(self) -> int | None:
        return self.snapshots[self.at].id if self.snapshots else None


def _opened(session: Session, keyring: Keyring, source: Source, copy: int | None) -> _Opened:
    snapshots = snapshots_of(session, source)
    at = copy_asked(snapshots, copy)
    key = source_key(session, keyring, source.id or 0) if source.protected else None
    text, erased = _text(snapshots, at, key)
    return _Opened(snapshots, at, key, SearchedText(text), erased)


def _check_copies(viewer: Viewer, copy: int | None, against: int | None) -> None:
    if not viewer.internal and (copy is not None or against is not None):
        raise NotFound("There is no such copy of this source.")


def _hidden(session: Session, viewer: Viewer, source: Source, opened: _Opened) -> Withheld:
    if viewer.internal:
        return Withheld()
    return withheld(session, source, opened.searched, opened.shown_id)


def _reading(
    opened: _Opened,
    places: Placed,
    lost: tuple[LostQuote, ...],
    lines: Sequence[SnapshotLine],
    against: int | None,
) -> Reading:
    shown = lines[opened.at] if lines else None
    if against is None:
        return Reading(shown, places.quotes, lost)
    at = copy_asked(opened.snapshots, against)
    before = _text(opened.snapshots, at, opened.key)[0]
    return Reading(shown, places.quotes, lost, lines[at], changes(before, opened.searched.text))


def _text(snapshots: Sequence[Snapshot], at: int, key: bytes | None) -> tuple[str, bool]:
    """The text of one copy, and whether it was erased."""
    if not snapshots:
        return "", False
    snapshot = snapshots[at]
    if snapshot.text_sealed is None:
        return snapshot.text or "", False
    if key is None:
        return "", True
    return opened_text(key, snapshot.text_sealed, snapshot.sha256), False


def _citations(session: Session, viewer: Viewer, source: Source) -> Sequence[Any]:
    """Of the incidents this viewer may see, by the incident's reference, then in their order."""
    return (
        session.connection()
        .execute(
            columns(
                col(Citation.id),
                col(Citation.source_id),
                col(Citation.snapshot_id),
                col(Citation.quote),
                col(Citation.quote_prefix),
                col(Citation.quote_suffix),
                col(Citation.quote_sealed),
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


def _logged(
    citations: Sequence[Any], left_out: frozenset[int], places: Placed
) -> Mapping[str, LoggedLine]:
    """By reference, in its order; a quote that is left out of the text is not counted either."""
    by_reference: dict[str, list[Any]] = {}
    for row in citations:
        by_reference.setdefault(_reference(row), []).append(row)
    return {
        reference: LoggedLine(
            number=number,
            reference=reference,
            title=rows[0].title or f"Untitled {TYPES[rows[0].type].label.lower()}",
            type=rows[0].type,
            statement=rows[0].type in STATEMENTS,
            status=rows[0].status,
            quotes=sum(row.quote_start is not None and row.id not in left_out for row in rows),
            here=sum(row.id in places.spans for row in rows),
        )
        for number, (reference, rows) in enumerate(by_reference.items(), 1)
    }


def _reference(row: Any) -> str:
    return f"INC-{row.ref_year}-{row.ref_number:05d}"


def _quoted(
    citations: Sequence[Any],
    logged: Mapping[str, LoggedLine],
    places: Placed,
) -> list[Quoted]:
    """The quotes that stand in the text, in their incidents' order."""
    found = []
    for row in citations:
        if row.id not in places.spans:
            continue
        line = logged[_reference(row)]
        numbered = Numbered(
            line.number,
            line.type,
            f"/incidents/{line.reference}",
            line.title,
            line.reference,
            statement=line.statement,
        )
        found.append(Quoted(*places.spans[row.id], numbered))
    return found


def _lost(
    opened: _Opened,
    places: Placed,
    logged: Mapping[str, LoggedLine],
    lines: Sequence[SnapshotLine],
) -> tuple[LostQuote, ...]:
    """In their incidents' order; what comes nearest is looked for only so often."""
    found = []
    for index, row in enumerate(places.lost):
        line = logged[_reference(row)]
        words = quote_words(row, opened.key)[0]
        near = nearest_words(opened.searched, words) if index < MOST_NEAREST else ""
        found.append(
            LostQuote(
                number=line.number,
                reference=line.reference,
                title=line.title,
                type=line.type,
                words=words,
                nearest=near,
                change=tuple(difference(words, near)) if near else (),
                copy=next((one.number for one in lines if one.id == row.snapshot_id), 0),
            )
        )
    return tuple(found)


def _names(
    session: Session, source: Source, snapshots: Iterable[Snapshot]
) -> Mapping[int | None, str]:
    ids = {source.created_by, *(row.taken_by for row in snapshots)} - {None}
    rows = session.exec(select(Account.id, Account.name).where(col(Account.id).in_(ids)))
    return {None: "operator", **dict(rows.all())}


def _snapshot_lines(
    snapshots: Sequence[Snapshot], names: Mapping[int | None, str], viewer: Viewer
) -> tuple[SnapshotLine, ...]:
    """Newest first; numbered from the oldest."""
    return tuple(
        SnapshotLine(
            id=row.id or 0,
            number=len(snapshots) - at,
            sha256=row.sha256,
            size_bytes=row.size_bytes,
            media_type=row.media_type,
            method_label=vocabulary("snapshot_method").label(row.method),
            taken_at=row.taken_at,
            taken_by=names.get(row.taken_by),
            file_name=row.file_name if viewer.internal else None,
            fetched_from=row.final_url if viewer.internal else None,
            redirects=len(row.redirects or ()),
            archived=row.warc_sha256 is not None,
        )
        for at, row in enumerate(snapshots)
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


def _near(session: Session, viewer: Viewer, source: Source) -> tuple[NearLine, ...]:
    return tuple(
        NearLine(near.source.reference, near.source.title, near.told)
        for near in near_copies(session, viewer, source)
    )


def _metadata(session: Session, viewer: Viewer, source: Source) -> dict[str, Any]:
    alternates = session.exec(
        select(SourceAddress.url)
        .where(SourceAddress.source_id == source.id)
        .order_by(col(SourceAddress.position))
    ).all()
    published, basis, grade = (source.published_edtf, source.published_basis, source.reliability)
    language = (source.language or "").partition("-")[0]
    return {
        "id": source.id or 0,
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
