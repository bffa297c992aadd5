"""Finds sources that may be the same one, or tell the same story: by address, by text, by bytes, by
nearly the same text; and says who has them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from incidents import edtf
from incidents.account.models import Account
from incidents.incident.models import Citation, Incident
from incidents.incident.rights import visible, visible_source
from incidents.source.models import Snapshot, Source, SourceAddress
from incidents.source.queries.listing import kind_labels
from incidents.source.queries.near import near_texts
from incidents.viewer import Viewer

MOST_SHOWN = 5
_OPERATOR = "the operator"
_SHARED = {
    "address": "the same address",
    "text": "the same text",
    "bytes": "exactly the same content",
}


@dataclass(frozen=True)
class KnownSource:
    """A source that is there already, with who added it and what this viewer sees logged from it.

    `ways` are what the two share: address, text, bytes; near, when only most of the words are the
    same, of which `near` tells. `loggers` are the authors of the incidents.
    """

    reference: str
    title: str
    kind_label: str
    publisher: str | None
    published: str | None
    language: str | None
    protected: bool
    added_by: str
    added_at: datetime
    incidents: int
    loggers: tuple[str, ...]
    last_logged_at: datetime | None
    ways: tuple[str, ...]
    near: str = ""

    @property
    def url(self) -> str:
        return f"/sources/{self.reference}"

    @property
    def shares(self) -> str:
        """What it has in common with the one being added; "" where only words are near."""
        return " and ".join(_SHARED[way] for way in self.ways if way in _SHARED)

    @property
    def facts(self) -> str:
        """What it is: kind, publisher, date."""
        return ", ".join(part for part in (self.kind_label, self.publisher, self.published) if part)

    @property
    def told(self) -> str:
        """Who added it and when; what is logged from it, and by whom."""
        told = f"Added by {self.added_by} on {_day(self.added_at)}."
        if not self.incidents or self.last_logged_at is None:
            return f"{told} Nothing is logged from it yet."
        count = "1 incident is" if self.incidents == 1 else f"{self.incidents} incidents are"
        names = [*self.loggers[:3], *(["others"] if len(self.loggers) > 3 else [])]
        by = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
        when = f"on {_day(self.last_logged_at)}"
        last = when if self.incidents == 1 else f"the last {when}"
        return f"{told} {count} logged from it, by {by}, {last}."


@dataclass
class _Logged:
    incidents: int = 0
    loggers: tuple[int | None, ...] = ()
    last: datetime | None = None


def _day(moment: datetime) -> str:
    return edtf.in_short(moment.astimezone(UTC).date().isoformat())


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


def sources_with_content(
    session: Session, viewer: Viewer, sha256: str, text_sha256: str | None
) -> Sequence[tuple[Source, bool]]:
    """Sources one of whose snapshots has these bytes or exactly this text, oldest first.

    With each, whether the bytes are the same. A protected source's digests are of ciphertext: they
    meet no other's.
    """
    same_bytes = col(Snapshot.sha256) == sha256
    same = or_(same_bytes, col(Snapshot.text_sha256) == text_sha256) if text_sha256 else same_bytes
    rows = session.exec(
        select(Source, Snapshot.sha256)
        .join(Snapshot, col(Snapshot.source_id) == col(Source.id))
        .where(same, visible_source(viewer))
        .order_by(col(Source.id))
    ).all()
    found: dict[int | None, tuple[Source, bool]] = {}
    for source, digest in rows:
        before = source.id in found and found[source.id][1]
        found[source.id] = (source, before or digest == sha256)
    return list(found.values())


def known_sources(
    session: Session,
    viewer: Viewer,
    hashes: Collection[str],
    sha256: str | None = None,
    text_sha256: str | None = None,
    *,
    text: str | None = None,
) -> tuple[KnownSource, ...]:
    """The sources that share one of these, oldest first, at most five; eight statements.

    `text` is looked for among texts that are nearly the same.
    """
    ways: dict[int, list[str]] = {}
    sources: dict[int, Source] = {}
    for source, _ in sources_at(session, viewer, hashes):
        ways.setdefault(source.id or 0, []).append("address")
        sources[source.id or 0] = source
    met = sources_with_content(session, viewer, sha256, text_sha256) if sha256 else ()
    for source, same_bytes in met:
        ways.setdefault(source.id or 0, []).append("bytes" if same_bytes else "text")
        sources[source.id or 0] = source
    same = [one.id or 0 for one, _ in met]
    near = {one.source.id or 0: one for one in near_texts(session, viewer, text or "", same)}
    for source_id, one in near.items():
        ways.setdefault(source_id, []).append("near")
        sources[source_id] = one.source
    shown = sorted(sources)[:MOST_SHOWN]
    if not shown:
        return ()
    logged = _logged(session, viewer, shown)
    people = {sources[one].created_by for one in shown}
    people |= {author for one in logged.values() for author in one.loggers}
    names = _names(session, people)
    kinds = kind_labels(session)
    found = (
        _known(sources[one], kinds, names, logged.get(one, _Logged()), ways[one]) for one in shown
    )
    told = (near[one].told if one in near else "" for one in shown)
    return tuple(replace(one, near=words) for one, words in zip(found, told, strict=True))


def _known(
    source: Source,
    kinds: Mapping[str, str],
    names: Mapping[int | None, str],
    logged: _Logged,
    ways: Sequence[str],
) -> KnownSource:
    return KnownSource(
        reference=source.reference,
        title=source.title,
        kind_label=kinds.get(source.kind, source.kind),
        publisher=source.publisher,
        published=edtf.in_short(source.published_edtf) if source.published_edtf else None,
        language=source.language,
        protected=source.protected,
        added_by=names.get(source.created_by, _OPERATOR),
        added_at=source.created_at,
        incidents=logged.incidents,
        loggers=tuple(sorted({names.get(one, _OPERATOR) for one in logged.loggers})),
        last_logged_at=logged.last,
        ways=tuple(ways),
    )


def _logged(session: Session, viewer: Viewer, source_ids: Collection[int]) -> Mapping[int, _Logged]:
    """Source id → the incidents logged from it that this viewer may see."""
    statement: Any = (
        columns(
            col(Citation.source_id),
            col(Incident.created_by),
            func.count(func.distinct(col(Incident.id))),
            func.max(col(Incident.created_at)),
        )
        .join(Incident, col(Incident.id) == col(Citation.incident_id))
        .where(col(Citation.source_id).in_(source_ids), visible(viewer))
        .group_by(col(Citation.source_id), col(Incident.created_by))
    )
    found: dict[int, _Logged] = {}
    for source_id, author, count, last in session.connection().execute(statement):
        before = found.get(source_id, _Logged())
        found[source_id] = _Logged(
            before.incidents + count,
            (*before.loggers, author),
            max(last, before.last) if before.last else last,
        )
    return found


def _names(session: Session, ids: Collection[int | None]) -> Mapping[int | None, str]:
    known = {one for one in ids if one is not None}
    rows = session.exec(select(Account.id, Account.name).where(col(Account.id).in_(known)))
    return {None: _OPERATOR, **dict(rows.all())}
