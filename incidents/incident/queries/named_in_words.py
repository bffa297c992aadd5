"""Places and parties the team has that words of a source name: what a form offers beside them.

Looks up the words' own pieces, so nothing is read of who is not named there. A protected party is
found by its label alone, in the incidents of the same source; a hidden one never.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, union
from sqlmodel import Session, col

from incidents.crypto import Keyring
from incidents.folding import fold, has_unstorable
from incidents.found_words import ReadText, Token
from incidents.incident.models import Citation, Incident, Involvement, Party, PartyNameHash
from incidents.incident.queries.suggested_parties import PartyOffered, known_parties
from incidents.incident.rights import known_party, visible
from incidents.viewer import Viewer
from incidents.vocabulary.models import Place, PlaceAlias
from incidents.vocabulary.queries import PlaceView, known_place, place_views

# A name has at most so many words here; of a longer text the first words are looked through.
_LONGEST_NAME = 4
_MOST_WORDS = 600
_MOST_FOUND = 6
_LEAST_SIGNS = 3
# Russian declines names: “в Жанаозене” is Жанаозен, “в Астане” is Астана.
_ENDINGS = re.compile("(?:ом|ем|ой|ей|ами|ях|ах|ов|[аяеуюиыо])$")
_CYRILLIC = re.compile("[а-яәғқңөұүһі]")


@dataclass(frozen=True)
class PlaceNamed:
    """Offsets are code points of the words, end exclusive."""

    place: PlaceView
    start: int
    end: int


@dataclass(frozen=True)
class PartyNamed:
    party: PartyOffered
    start: int
    end: int


Pieces = dict[str, tuple[int, int]]


def places_in_words(session: Session, viewer: Viewer, text: str | ReadText) -> list[PlaceNamed]:
    """In the order in which they are named, each once, the longer name where two begin together.

    Two statements, and those of `place_views`.
    """
    source = text if isinstance(text, ReadText) else ReadText(text)
    pieces = _pieces(source)
    if not pieces:
        return []
    own: Any = select(col(Place.id), col(Place.name_folded).label("folded"))
    other: Any = select(col(Place.id), col(PlaceAlias.name_folded).label("folded")).join(
        PlaceAlias, col(PlaceAlias.place_id) == col(Place.id)
    )
    rows = session.execute(
        union(
            own.where(col(Place.name_folded).in_(pieces), known_place(viewer)),
            other.where(col(PlaceAlias.name_folded).in_(pieces), known_place(viewer)),
        )
    ).all()
    found = _apart(sorted((*pieces[row.folded], row.id) for row in rows))
    views = place_views(session, [place_id for *_, place_id in found][:_MOST_FOUND])
    return [
        PlaceNamed(views[place_id], *source.shadow.original(start, end))
        for start, end, place_id in found
        if place_id in views
    ]


def parties_in_words(
    session: Session,
    viewer: Viewer,
    keyring: Keyring,
    text: str | ReadText,
    sources: Collection[int],
) -> list[PartyNamed]:
    """Those of these sources' incidents first, then public ones, as they are named.

    By the label; public ones by any whole name too, and in their own source by the last word of it.
    """
    source = text if isinstance(text, ReadText) else ReadText(text)
    pieces = _pieces(source)
    if not pieces:
        return []
    by_name = _by_name(session, keyring, pieces)
    rows = _named_or_of_sources(session, viewer, pieces, by_name, sources)
    placed = [(*place, row.id) for row in rows if (place := _place_of(row, pieces, by_name))]
    of_source = {row.id for row in rows if row.here}
    found = _apart(sorted(placed))
    known = known_parties(session, viewer, [party_id for *_, party_id in found])
    given = [
        PartyNamed(known[party_id], *source.shadow.original(start, end))
        for start, end, party_id in sorted(found, key=lambda one: one[2] not in of_source)
        if party_id in known and known[party_id].known
    ]
    return list({one.party.id: one for one in reversed(given)}.values())[::-1][:_MOST_FOUND]


def _by_name(session: Session, keyring: Keyring, pieces: Pieces) -> Mapping[int, str]:
    """Parties one of whose whole names is a piece of the words, whoever may read it."""
    hashes = {keyring.keyed_hash(piece, "party name"): piece for piece in pieces}
    rows = session.execute(
        select(col(PartyNameHash.party_id), col(PartyNameHash.hash)).where(
            col(PartyNameHash.hash).in_(hashes)
        )
    )
    return {party: hashes[value] for party, value in rows}


def _named_or_of_sources(
    session: Session,
    viewer: Viewer,
    pieces: Pieces,
    by_name: Mapping[int, str],
    sources: Collection[int],
) -> Sequence[Any]:
    """Candidates: a name counts of public parties alone, a part of one of a source's own."""
    here = _of_sources(viewer, sources)
    is_public = col(Party.privacy) == "public"
    known = and_(is_public, known_party(viewer))
    return session.execute(
        select(col(Party.id), col(Party.label_folded), col(Party.privacy), here.label("here"))
        .where(
            or_(
                and_(col(Party.label_folded).in_(pieces), or_(known, here)),
                and_(col(Party.id).in_(by_name), known),
                and_(is_public, here),
            )
        )
        .order_by(col(Party.id))
        .limit(500)
    ).all()


def _place_of(row: Any, pieces: Pieces, by_name: Mapping[int, str]) -> tuple[int, int] | None:
    """Where the party stands in the words; None where only its source speaks of it."""
    label: str = row.label_folded
    if label in pieces:
        return pieces[label]
    if row.privacy == "public" and row.id in by_name:
        return pieces[by_name[row.id]]
    last = label.rpartition(" ")[2]
    return pieces.get(last) if " " in label and len(last) > _LEAST_SIGNS else None


def _of_sources(viewer: Viewer, sources: Collection[int]) -> ColumnElement[bool]:
    """Over `Party`: it has a part, or speaks, in an incident of these sources."""
    cited = (
        select(col(Citation.incident_id))
        .join(Incident, col(Incident.id) == col(Citation.incident_id))
        .where(col(Citation.source_id).in_(sorted(sources)), visible(viewer))
    )
    involved = select(col(Involvement.party_id)).where(col(Involvement.incident_id).in_(cited))
    spoken = select(col(Citation.speaker_id)).where(
        col(Citation.incident_id).in_(cited), col(Citation.speaker_id).is_not(None)
    )
    return or_(col(Party.id).in_(involved), col(Party.id).in_(spoken))


def _pieces(source: ReadText) -> Pieces:
    """Folded piece of one to four words → its first place in the shadow."""
    words = [token for token in source.tokens if token.kind != "sign"][:_MOST_WORDS]
    found: Pieces = {}
    for first in range(len(words)):
        for last in range(first, min(first + _LONGEST_NAME, len(words))):
            start, end = words[first].start, words[last].end
            if last > first and not _are_together(source, words[last - 1 : last + 1]):
                break
            if (
                not source.folded[start].isupper()
                and _has_case(source.folded[start])
                and last == first
            ):
                # A name begins with a capital; several words may be a description.
                continue
            for folded in _forms(fold(source.folded[start:end])):
                if len(folded) >= _LEAST_SIGNS and not has_unstorable(folded):
                    found.setdefault(folded, (start, end))
    return found


def _has_case(sign: str) -> bool:
    return sign.upper() != sign.lower()


def _are_together(source: ReadText, pair: Sequence[Token]) -> bool:
    between = source.folded[pair[0].end : pair[1].start]
    return between in (" ", "-", "")


def _forms(folded: str) -> Iterator[str]:
    """As it stands, and as it may be called when it is not declined."""
    yield folded
    if folded.endswith("'s"):
        yield folded[:-2]
    if _CYRILLIC.search(folded):
        stem = _ENDINGS.sub("", folded)
        if stem != folded and len(stem) > _LEAST_SIGNS:
            yield stem
            yield f"{stem}а"


def _apart(found: Sequence[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Without what stands within a longer name; of one thing the first place."""
    kept: list[tuple[int, int, int]] = []
    seen: set[int] = set()
    for start, end, one in sorted(found, key=lambda each: (each[0], -each[1])):
        inside = any(a <= start and end <= b and (a, b) != (start, end) for a, b, _ in kept)
        if not inside and one not in seen:
            seen.add(one)
            kept.append((start, end, one))
    return kept
