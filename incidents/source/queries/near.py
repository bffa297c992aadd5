"""Finds texts that are nearly the same: by bands of their sketches, then by the words themselves.

Owns how near counts as near enough to be told. Neither a protected source nor one this viewer may
not see is ever found, and whether two are one story is nobody's to say but the team's.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from incidents.incident.rights import visible_source
from incidents.near_texts import NEAR_PERCENT, SKETCH_VERSION, bands, percent_within, shingled
from incidents.source.models import Snapshot, SnapshotBand, SnapshotSketch, Source
from incidents.viewer import Viewer

MOST_FOUND = 5
# Copies whose words are compared: those that share most bands.
_MOST_COMPARED = 10


@dataclass(frozen=True)
class NearText:
    """A source with a copy that is nearly the same text.

    `percent` of the words asked about stand in it; `back`, of its words in them.
    """

    source: Source
    percent: int
    back: int

    @property
    def told(self) -> str:
        if self.back > self.percent:
            return f"{self.back} % of its words stand in this text."
        return f"{self.percent} % of these words stand in it."


def near_texts(
    session: Session, viewer: Viewer, text: str, apart_from: Collection[int] = ()
) -> Sequence[NearText]:
    """Sources with nearly this text, nearest first, at most five; two statements.

    `apart_from` are ids of sources that are not looked for. None is near a text of few words.
    """
    wanted = bands(shingled(text))
    if not wanted:
        return ()
    met = _met(session, viewer, col(SnapshotBand.band).in_(wanted), apart_from)
    return _compared(session, text, met)


def near_copies(session: Session, viewer: Viewer, source: Source) -> Sequence[NearText]:
    """Sources of another story with nearly the text of this one's newest copy; one statement when
    there is none, else three.
    """
    root = source.origin_id or source.id
    newest = columns(func.max(col(Snapshot.id))).where(col(Snapshot.source_id) == source.id)
    own = columns(col(SnapshotBand.band)).where(
        col(SnapshotBand.snapshot_id) == newest.scalar_subquery()
    )
    another = or_(
        col(Source.origin_id) != root, (col(Source.origin_id).is_(None)) & (col(Source.id) != root)
    )
    met = _met(session, viewer, col(SnapshotBand.band).in_(own) & another, [source.id or 0])
    if not met:
        return ()
    text = session.exec(
        select(Snapshot.text).where(col(Snapshot.id) == newest.scalar_subquery())
    ).one()
    return _compared(session, text or "", met)


def without_sketches(session: Session) -> Sequence[int]:
    """Ids of the snapshots whose text has no sketch of this version."""
    rows = session.exec(
        select(Snapshot.id)
        .outerjoin(SnapshotSketch, col(SnapshotSketch.snapshot_id) == col(Snapshot.id))
        .where(
            col(Snapshot.text).is_not(None),
            func.coalesce(col(SnapshotSketch.version), 0) != SKETCH_VERSION,
        )
        .order_by(col(Snapshot.id))
    )
    return [one for one in rows if one is not None]


def _met(
    session: Session, viewer: Viewer, which: Any, apart_from: Collection[int]
) -> Sequence[int]:
    """Ids of the snapshots that share most of these bands."""
    statement = (
        columns(col(SnapshotBand.snapshot_id))
        .join(Snapshot, col(Snapshot.id) == col(SnapshotBand.snapshot_id))
        .join(Source, col(Source.id) == col(Snapshot.source_id))
        .where(
            which,
            ~col(Source.protected),
            col(Source.id).not_in(apart_from),
            visible_source(viewer),
        )
        .group_by(col(SnapshotBand.snapshot_id))
        .order_by(func.count().desc(), col(SnapshotBand.snapshot_id))
        .limit(_MOST_COMPARED)
    )
    return list(session.connection().execute(statement).scalars())


def _compared(session: Session, text: str, snapshots: Iterable[int]) -> Sequence[NearText]:
    """Of each source the nearest copy, as far as it is near."""
    asked = shingled(text)
    rows = session.exec(
        select(Source, Snapshot.text)
        .join(Snapshot, col(Snapshot.source_id) == col(Source.id))
        .where(col(Snapshot.id).in_(list(snapshots)))
        .order_by(col(Snapshot.id))
    )
    found: dict[int | None, NearText] = {}
    for source, words in rows:
        other = shingled(words or "")
        near = NearText(source, percent_within(asked, other), percent_within(other, asked))
        before = found.get(source.id)
        if before is None or _share(near) > _share(before):
            found[source.id] = near
    nearest = sorted(found.values(), key=_share, reverse=True)
    return [one for one in nearest if _share(one) >= NEAR_PERCENT][:MOST_FOUND]


def _share(near: NearText) -> int:
    return max(near.percent, near.back)
