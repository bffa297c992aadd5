"""How long the gazetteer takes, beside the plainest SELECT of the same process and file.

Run it with `python -m tests.bench.gazetteer`; it prints the table that stands in README.md.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from statistics import median
from time import process_time

from incidents import gazetteer
from incidents.gazetteer import SHIPPED, Gazetteer, key

ASKED = (
    ("Zhanaozen", "KZ"),
    ("Janaozen", "KZ"),
    ("Жаңаөзен", "KZ"),
    ("jana ozen", "KZ"),
    ("Zhanaozen", None),
    ("sa", None),
    ("Harkov", "UA"),
    ("Sprngfield", "US"),
)
TIMES = 30


def main() -> None:
    known = Gazetteer(SHIPPED)
    # What a process pays once, whatever is asked first: the classes of signs that folding needs.
    key("Жаңаөзен")
    print("| asked | country | first, ms | then, ms | raw prefix SELECT, ms | ratio |")
    print("|---|---|---|---|---|---|")
    with closing(sqlite3.connect(f"{SHIPPED.as_uri()}?mode=ro&immutable=1", uri=True)) as raw:
        for text, country in ASKED:
            gazetteer._names_in.cache_clear()
            first = taken(lambda text=text, country=country: known.find(text, country))
            then = usual(lambda text=text, country=country: known.find(text, country))
            plain = usual(lambda text=text: prefix(raw, key(text)))
            print(
                f"| {text} | {country or '–'} | {first:.2f} | {then:.2f} | {plain:.3f}"
                f" | {then / plain:.0f} × |"
            )
        near = usual(lambda: known.near(43.34, 52.86, span=1.5))
        box = usual(
            lambda: raw.execute(
                "SELECT name FROM place WHERE lat BETWEEN 41.84 AND 44.84 LIMIT 40"
            ).fetchall()
        )
        print(f"| (near 43.34, 52.86) | – | | {near:.2f} | {box:.3f} | {near / box:.0f} × |")


def prefix(raw: sqlite3.Connection, folded: str) -> list[tuple[object, ...]]:
    return raw.execute(
        "SELECT place FROM name WHERE key >= ? AND key < ? LIMIT 10",
        (folded, folded + "\U0010ffff"),
    ).fetchall()


def taken(act: Callable[[], object]) -> float:
    """Milliseconds of processor time: other programs on the machine do not count."""
    began = process_time()
    act()
    return (process_time() - began) * 1000


def usual(act: Callable[[], object]) -> float:
    return median(taken(act) for _ in range(TIMES))


if __name__ == "__main__":
    main()
