"""Keeps what near-identical texts are found by: a sketch of every text that stands in clear.

Computed, never said: no version, revision or entry in the log tells of it. A protected source has
none, for a sketch tells of words; its text is sealed, so there is none here to make one of.
"""

from collections.abc import Iterable
from itertools import islice

from sqlalchemy import delete, insert
from sqlmodel import Session, col, select

from incidents.audit import actions as audit
from incidents.db import table_of
from incidents.near_texts import SKETCH_VERSION, bands, shingled
from incidents.source.models import Snapshot, SnapshotBand, SnapshotSketch
from incidents.source.queries.near import without_sketches
from incidents.work import Work

AT_ONCE = 200


def keep_sketches(session: Session, texts: Iterable[tuple[int, str]]) -> None:
    """Of these snapshots' texts, by snapshot id; what was there of them goes. Three statements."""
    made = {snapshot_id: bands(shingled(text)) for snapshot_id, text in texts}
    if not made:
        return
    session.flush()
    execute = session.connection().execute
    execute(delete(table_of(SnapshotBand)).where(col(SnapshotBand.snapshot_id).in_(made)))
    execute(delete(table_of(SnapshotSketch)).where(col(SnapshotSketch.snapshot_id).in_(made)))
    marks = [{"snapshot_id": one, "version": SKETCH_VERSION} for one in made]
    execute(insert(table_of(SnapshotSketch)), marks)
    rows = [{"band": band, "snapshot_id": one} for one, own in made.items() for band in set(own)]
    if rows:
        execute(insert(table_of(SnapshotBand)), rows)


def mend_sketches(work: Work) -> int:
    """Make the sketches that are missing or of another version; how many. One statement without."""
    ids = without_sketches(work.session)
    if ids:
        # While another server runs: nobody makes them too, meanwhile.
        audit.lock(work)
        ids = without_sketches(work.session)
    waiting = iter(ids)
    while batch := list(islice(waiting, AT_ONCE)):
        rows = work.session.exec(
            select(Snapshot.id, Snapshot.text).where(col(Snapshot.id).in_(batch))
        )
        keep_sketches(work.session, [(one or 0, text or "") for one, text in rows])
    return len(ids)
