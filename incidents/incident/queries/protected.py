"""Finds the passages of sources that are protected parties' words, whoever quotes them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import or_, select
from sqlmodel import Session

from incidents.db import table_of
from incidents.incident.models import Citation, Party
from incidents.incident.queries.export_people import parties_shown
from incidents.viewer import Viewer

# Snapshot → spans in code points, end exclusive.
Passages = Mapping[int, Sequence[tuple[int, int]]]
_CITATION = table_of(Citation).c
_PARTY = table_of(Party).c


def protected_passages(session: Session, viewer: Viewer, source_ids: Collection[int]) -> Passages:
    """The spans quoted with a protected speaker in any incident; two statements.

    Another citation of the same words, without the speaker, must not give them away; nor does a
    protected party that was merged into another lose its protection.
    """
    statement = (
        select(
            _CITATION.snapshot_id, _CITATION.quote_start, _CITATION.quote_end, _CITATION.speaker_id
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
    found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in spoken:
        if speakers[row.speaker_id].protected_words:
            found[row.snapshot_id].append((row.quote_start, row.quote_end))
    return found


def touches(passages: Passages, snapshot_id: int | None, start: int, end: int) -> bool:
    """Whether a span shares words with a protected passage of its snapshot."""
    spans = passages.get(snapshot_id or 0, ())
    return any(start < other_end and other_start < end for other_start, other_end in spans)
