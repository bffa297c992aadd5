"""Finds the passages of sources that are protected parties' words, whoever quotes them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlmodel import Session

from incidents.db import table_of
from incidents.incident.models import Citation, Party
from incidents.incident.queries.export_people import parties_shown
from incidents.shadow import shadow_of
from incidents.viewer import Viewer

_CITATION = table_of(Citation).c
_PARTY = table_of(Party).c
# Code points that two quotes of different copies share before one gives the other away: about
# three words, and fewer where words are not parted.
_RUN, _RUN_UNPARTED = 12, 6


@dataclass(frozen=True)
class Passages:
    """`spans`: snapshot → code points, end exclusive. `words`: source → (snapshot, the words)."""

    spans: Mapping[int, Sequence[tuple[int, int]]] = field(default_factory=dict)
    words: Mapping[int, Sequence[tuple[int | None, str]]] = field(default_factory=dict)


def protected_passages(session: Session, viewer: Viewer, source_ids: Collection[int]) -> Passages:
    """The passages quoted with a protected speaker in any incident; two statements.

    Another citation of the same words, without the speaker, must not give them away; nor does a
    protected party that was merged into another lose its protection.
    """
    statement = (
        select(
            *(_CITATION[name] for name in ("source_id", "snapshot_id", "quote", "speaker_id")),
            _CITATION.quote_start,
            _CITATION.quote_end,
        )
        .distinct()
        .join_from(table_of(Citation), table_of(Party), _PARTY.id == _CITATION.speaker_id)
        .where(
            _CITATION.source_id.in_(sorted(source_ids)),
            _CITATION.quote_start.is_not(None),
            or_(_PARTY.privacy == "protected", _PARTY.merged_into_id.is_not(None)),
        )
    )
    spoken = list(session.connection().execute(statement))
    speakers = parties_shown(session, viewer, {row.speaker_id for row in spoken})
    spans: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    words: defaultdict[int, list[tuple[int | None, str]]] = defaultdict(list)
    for row in spoken:
        if speakers[row.speaker_id].protected_words:
            spans[row.snapshot_id].append((row.quote_start, row.quote_end))
            words[row.source_id].append((row.snapshot_id, row.quote or ""))
    return Passages(spans, words)


def touches(
    passages: Passages, source_id: int, snapshot_id: int | None, span: tuple[int, int], quote: str
) -> bool:
    """Whether a quote shares words with a protected passage of its source.

    In the same copy by where they stand; in another by the words, as they may stand elsewhere.
    """
    start, end = span
    if any(
        start < last and first < end for first, last in passages.spans.get(snapshot_id or 0, ())
    ):
        return True
    return any(
        _share_words(words, quote)
        for other, words in passages.words.get(source_id, ())
        if other != snapshot_id
    )


def _share_words(one: str, other: str) -> bool:
    first, second = sorted((_letters(one), _letters(other)), key=len)
    if not first:
        return False
    run = min(len(first), _RUN if " " in one.strip() else _RUN_UNPARTED)
    return any(first[at : at + run] in second for at in range(len(first) - run + 1))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, shadow_of(text).text.casefold()))
