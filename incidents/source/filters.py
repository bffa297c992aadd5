"""Which sources a listing shows: read from its address, said back in words, turned into conditions.

Refuses what it doesn't know: an unknown parameter is an error, never ignored.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlmodel import col

from incidents.addresses import AddressError, address_hash, canonical
from incidents.errors import FieldErrors
from incidents.folding import has_unstorable
from incidents.incident.models import Citation, Incident
from incidents.incident.rights import visible
from incidents.source.models import Source, SourceAddress
from incidents.viewer import Viewer

LONGEST_Q = 500
LOGGED: Mapping[str, str] = {
    "no": "nobody has logged yet",
    "yes": "something is logged from",
    "closed": "that are closed",
}
_PAGING = frozenset({"after", "sort"})


@dataclass(frozen=True)
class SourceFilter:
    """`q` finds in title and publisher, or a whole address; `logged` is a key of LOGGED."""

    q: str = ""
    kind: tuple[str, ...] = ()
    logged: str = ""

    @classmethod
    def from_args(
        cls, args: Mapping[str, Sequence[str]], kinds: Mapping[str, str]
    ) -> "SourceFilter":
        """`kinds` maps codes to labels. FieldErrors names each parameter that can't be followed."""
        errors = FieldErrors()
        for name in sorted(set(args) - {"q", "kind", "logged"} - _PAGING):
            errors.add(name, f"Sources can’t be filtered by “{name}”.")
        said = cls(
            q=" ".join(_last(args, "q").split()),
            kind=tuple(dict.fromkeys(code for code in args.get("kind", ()) if code)),
            logged=_last(args, "logged"),
        )
        for code in said.kind:
            if code not in kinds:
                errors.add("kind", f"There is no kind of source “{code}”.")
        if said.logged not in ("", *LOGGED):
            errors.add("logged", f"“{said.logged}” is none of {', '.join(LOGGED)}.")
        if len(said.q) > LONGEST_Q or has_unstorable(said.q):
            errors.add("q", f"Search for at most {LONGEST_Q} characters.")
        if errors:
            raise errors
        return said

    def to_args(self) -> dict[str, list[str]]:
        """What `from_args` reads; nothing for what is not asked."""
        every = {"q": [self.q], "kind": list(self.kind), "logged": [self.logged]}
        return {name: values for name, values in every.items() if any(values)}

    def words(self, kinds: Mapping[str, str]) -> str:
        """ "Sources nobody has logged yet; kind is News article or Video; with “oil” in them"."""
        parts = [f"Sources {LOGGED[self.logged]}"] if self.logged else ["Sources"]
        if self.kind:
            parts.append(f"kind is {' or '.join(kinds.get(code, code) for code in self.kind)}")
        if self.q:
            parts.append(f"with “{self.q}” in title, publisher or address")
        return "; ".join(parts) if any((self.q, self.kind, self.logged)) else "All sources"

    def conditions(self, viewer: Viewer) -> Iterator[ColumnElement[bool]]:
        """Over `Source`; what this viewer may not see counts as not logged."""
        if self.kind:
            yield col(Source.kind).in_(self.kind)
        if self.logged == "closed":
            yield col(Source.closed_reason).is_not(None)
        elif self.logged:
            yield _cited(viewer) if self.logged == "yes" else ~_cited(viewer)
        if self.logged == "no":
            yield col(Source.closed_reason).is_(None)
        if self.q:
            yield _holds(self.q)


def _last(args: Mapping[str, Sequence[str]], name: str) -> str:
    return args[name][-1].strip() if args.get(name) else ""


def _cited(viewer: Viewer) -> ColumnElement[bool]:
    return exists(
        select(col(Citation.id))
        .join(Incident, col(Incident.id) == col(Citation.incident_id))
        .where(col(Citation.source_id) == col(Source.id), visible(viewer))
    )


def _holds(q: str) -> ColumnElement[bool]:
    try:
        same = address_hash(canonical(q))
    except AddressError:
        return and_(*(_holds_word(word) for word in q.split()))
    other = exists(
        select(col(SourceAddress.source_id)).where(
            col(SourceAddress.source_id) == col(Source.id), col(SourceAddress.url_hash) == same
        )
    )
    return or_(col(Source.url_hash) == same, other)


def _holds_word(word: str) -> ColumnElement[bool]:
    # SQLite's own case folding knows ASCII only, so the usual spellings are asked for one by one.
    spellings = dict.fromkeys((word, word.lower(), word.upper(), word.capitalize()))
    return or_(
        *(
            column.icontains(spelling, autoescape=True)
            for column in (col(Source.title), col(Source.publisher))
            for spelling in spellings
        )
    )
