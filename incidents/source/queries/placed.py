"""Places the quotes of a source in one of its copies, whichever copy they were taken from.

Owns what is left out of a text for who reads it redacted. Pure but for the one read of who is
protected.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from incidents.incident.models import Citation, Party
from incidents.incident.types import STATEMENTS
from incidents.passages import SearchedText
from incidents.source.models import Source
from incidents.source.queries.pieces import Numbered, OpenForm, Quoted
from incidents.source.queries.sealed import opened_words

# The anchor of the words that the open form quotes.
HERE = "words-here"
# Looking for what comes nearest costs milliseconds in a long text.
MOST_NEAREST = 25


@dataclass(frozen=True)
class Placed:
    """Citation id → where its quote stands in the text; `lost` are the rows whose quote doesn't."""

    spans: Mapping[int, tuple[int, int]]
    lost: tuple[Any, ...] = ()

    @property
    def quotes(self) -> int:
        return len(self.spans) + len(self.lost)


@dataclass(frozen=True)
class Withheld:
    """Spans of the text, and the ids of the citations whose words they are."""

    spans: tuple[tuple[int, int], ...] = ()
    citations: frozenset[int] = frozenset()


def placed(
    searched: SearchedText, rows: Sequence[Any], copy: int | None, key: bytes | None
) -> Placed:
    """`rows` are citations with their quotes, `copy` is the snapshot whose text is searched.

    A quote taken from another copy is looked up by its words and what stood around them. `key`
    opens those of a protected source; without it they are in clear, or erased and nowhere.
    """
    spans: dict[int, tuple[int, int]] = {}
    lost = []
    for row in rows:
        if row.quote_start is None:
            continue
        if row.snapshot_id == copy:
            spans[row.id] = (row.quote_start, row.quote_end)
            continue
        exact, prefix, suffix = quote_words(row, key)
        found = searched.find(exact, row.quote_start, prefix, suffix) if exact else None
        if found is not None:
            spans[row.id] = (found.start, found.end)
        elif exact:
            lost.append(row)
    return Placed(spans, tuple(lost))


def with_typed(
    stored: Sequence[Quoted], searched: SearchedText, form: OpenForm | None, logged: int
) -> list[Quoted]:
    """Quotes as they stand while a form is open: its incident's are those that are typed into it,
    as far as they stand in the text. A new one is numbered after the `logged`.
    """
    if form is None:
        return list(stored)
    left = [one for one in stored if one.incident.reference != form.reference]
    own = next((one for one in stored if one.incident.reference == form.reference), None)
    incident = Numbered(
        own.incident.number if own else logged + 1,
        form.type,
        "#the-form",
        "the form beside this text",
        HERE,
        statement=form.type in STATEMENTS,
        open=True,
    )
    found = [searched.find(words, near) for words, near in form.words if words.strip()]
    return left + [Quoted(one.start, one.end, incident) for one in found if one is not None]


def quote_words(row: Any, key: bytes | None) -> tuple[str, str, str]:
    """Exact words, prefix and suffix; "" each once they were erased."""
    if row.quote_sealed is None:
        return row.quote or "", row.quote_prefix or "", row.quote_suffix or ""
    if key is None:
        return "", "", ""
    return opened_words(key, row.quote_sealed, row.source_id)


def nearest_words(searched: SearchedText, exact: str) -> str:
    """What comes nearest to words that don't occur, "" when nothing does."""
    near = searched.nearest(exact, limit=1)
    return near[0].exact if near else ""


def withheld(
    session: Session, source: Source, searched: SearchedText, copy: int | None
) -> Withheld:
    """Words of protected parties that any incident quotes from this source, wherever they stand."""
    rows = session.exec(
        select(Citation).where(
            Citation.source_id == source.id, col(Citation.speaker_id).in_(_protected(source))
        )
    ).all()
    spans: set[tuple[int, int]] = set()
    for row in rows:
        # The same words may stand in the text again, or were taken from another copy.
        again = searched.places(row.quote or "")
        spans |= set(again)
        if row.quote_start is None or row.quote_end is None:
            continue
        if row.snapshot_id == copy:
            spans.add((row.quote_start, row.quote_end))
        elif not again:
            spans |= _reworded(searched, row.quote or "")
    ids = frozenset(row.id for row in rows if row.id is not None)
    return Withheld(tuple(sorted(spans)), ids)


def _reworded(searched: SearchedText, quote: str) -> set[tuple[int, int]]:
    """The whole line that comes nearest: how much of it they still say, nobody can tell."""
    found = set()
    for near in searched.nearest(quote, limit=1):
        start = searched.text.rfind("\n", 0, near.start) + 1
        end = searched.text.find("\n", near.end)
        found.add((start, len(searched.text) if end < 0 else end))
    return found


def _protected(source: Source) -> Any:
    """Who speaks in it and is protected, or was merged into somebody who is."""
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
    return (
        columns(chain.c.root)
        .join(Party, col(Party.id) == chain.c.id)
        .where(col(Party.privacy) == "protected")
    )
