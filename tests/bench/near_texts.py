"""How long it takes to find a text's near copies among many, beside a raw probe of one index row.

Run it with `python -m tests.bench.near_texts`; it prints the tables that stand in README.md. Also
how near texts are to their copies and to others, which the threshold rests on.
"""

import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import process_time

from sqlalchemy import insert, text
from sqlmodel import Session

from incidents import migrate
from incidents.db import Database, table_of
from incidents.near_texts import BANDS, SKETCH_VERSION, bands, percent_within, shingled
from incidents.source.models import Snapshot, SnapshotBand, SnapshotSketch
from incidents.source.queries import near_texts
from incidents.viewer import Role, Viewer
from tests.bench.generate import generate
from tests.source.near import ARTICLE, COPIES, OTHERS

TEXTS = (2_000, 20_000, 200_000)
TIMES = 30
_RESEARCHER = Viewer(1, "one", frozenset({Role.RESEARCHER}))


def main() -> None:
    print("| text | copy | bands of 20 | % of the copy in the text | % of the text in the copy |")
    print("|---|---|---|---|---|")
    for language, how, one, other in _pairs():
        asked, met = shingled(one), shingled(other)
        same = len(set(bands(asked)) & set(bands(met)))
        row = (language, how, same, percent_within(met, asked), percent_within(asked, met))
        print("|", " | ".join(str(cell) for cell in row), "|")
    print("\n| texts | found, ms | raw probe, ms | ratio | without a copy, ms | file, MB more |")
    print("|---|---|---|---|---|---|")
    for many in TEXTS:
        with tempfile.TemporaryDirectory() as folder:
            print("|", " | ".join(_measured(Path(folder) / "near.sqlite3", many)), "|")
            sys.stdout.flush()
    sketch = usual(lambda: bands(shingled(ARTICLE)))
    print(f"\nA sketch of {len(ARTICLE.split())} words: {sketch:.1f} ms")


def _pairs() -> Iterator[tuple[str, str, str, str]]:
    for language, (one, edits) in COPIES.items():
        for how, edited in edits.items():
            yield language, how, one, edited
    for language, (one, other) in OTHERS.items():
        yield language, "*another story*", one, other


def _measured(file: Path, many: int) -> Iterator[str]:
    url = f"sqlite:///{file}"
    migrate.upgrade(url)
    database = Database(url)
    with database.writing() as session:
        # One source to three incidents: as many sources as are asked for, of a few incidents.
        generate(session, 300)
        before = file.stat().st_size
        _fill(session, many)
        size = file.stat().st_size - before
    edited = COPIES["English"][1]["all of these"]
    other = OTHERS["English"][1]
    with database.reading() as session:
        assert len(near_texts(session, _RESEARCHER, edited)) == 1
        found = usual(lambda: near_texts(session, _RESEARCHER, edited))
        nothing = usual(lambda: near_texts(session, _RESEARCHER, other))
        probe = text("SELECT snapshot_id FROM snapshot_band WHERE band = :band")
        connection = session.connection()
        band = bands(shingled(edited))[0]
        raw = usual(lambda: connection.execute(probe, {"band": band}).all())
    database.dispose()
    yield f"{many:,}"
    yield f"{found:.1f}"
    yield f"{raw:.2f}"
    yield f"{found / raw:.0f} ×"
    yield f"{nothing:.1f}"
    yield f"{size / 1_000_000:.0f}"


def _fill(session: Session, many: int) -> None:
    """As many texts as asked for: their bands by chance, as those of unlike texts are, and one copy
    of the article among them."""
    chance = random.Random(3)
    connection = session.connection()
    first = connection.execute(text("SELECT max(id) + 1 FROM snapshot")).scalar_one()
    row = dict(connection.execute(table_of(Snapshot).select().limit(1)).mappings().one())
    for start in range(first, first + many, 2_000):
        ids = range(start, min(start + 2_000, first + many))
        connection.execute(
            insert(table_of(Snapshot)),
            [{**row, "id": one, "text": ARTICLE if one == first else "x"} for one in ids],
        )
        marks = [{"snapshot_id": one, "version": SKETCH_VERSION} for one in ids]
        connection.execute(insert(table_of(SnapshotSketch)), marks)
        connection.execute(
            insert(table_of(SnapshotBand)),
            [
                {"snapshot_id": one, "band": band}
                for one in ids
                for band in (bands(shingled(ARTICLE)) if one == first else _by_chance(chance))
            ],
        )
    connection.exec_driver_sql("ANALYZE")
    session.commit()


def _by_chance(chance: random.Random) -> list[int]:
    return [chance.getrandbits(64) - (1 << 63) for _ in range(BANDS)]


def usual(what: Callable[[], object]) -> float:
    """The middle of some runs, in milliseconds of processor time."""
    taken = []
    for _ in range(TIMES):
        start = process_time()
        what()
        taken.append((process_time() - start) * 1000)
    return median(taken)


if __name__ == "__main__":
    main()
