"""The sentences an export says: figures, dates, who says so, footnotes.

Every word of them comes from the record; what nobody says is left out, never filled in.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from incidents import edtf, quantity
from incidents.dates_counted import in_sentence
from incidents.db import FAR_FUTURE, FAR_PAST
from incidents.incident.columns.column import Context
from incidents.incident.queries.export_rows import (
    CitationRow,
    FigureFacts,
    IncidentFacts,
    IncidentRow,
    SourceFacts,
)
from incidents.incident.record import CountedSaid
from incidents.incident.types import TYPES
from incidents.vocabulary.queries import PlaceView
from incidents.vocabulary.types import vocabulary

# Whom it happened to, and who committed it as somebody says.
_TO_WHOM = ("victim", "affected")
_BY_WHOM = "alleged_perpetrator"


@lru_cache(maxsize=4096)
def _in_words(text: str) -> str:
    """Few dates stand in many rows."""
    return edtf.in_words(text)


def counted(stored: str | None) -> str | None:
    """How a date was counted from another one, as stored with its incident."""
    if stored is None:
        return None
    return in_sentence(CountedSaid.model_validate_json(stored).counted)


def date_in_words(facts: IncidentFacts) -> str | None:
    if facts.date_edtf is not None:
        return _in_words(facts.date_edtf)
    return "not known" if facts.date_not_known else None


def bound(day: date | None) -> date | None:
    """A bound as a cell: an open end is blank, the EDTF beside it says that it is open."""
    return None if day in (FAR_PAST, FAR_FUTURE) else day


def figures_in_words(row: IncidentRow) -> tuple[str, ...]:
    """Every figure that is no breakdown: "about 20 detained", "20–30 security personnel"."""
    return tuple(figure_in_words(one) for one in row.figures if one.parent_id is None)


def figure_in_words(figure: FigureFacts) -> str:
    term = vocabulary("measure").terms.get(figure.measure)
    noun = term.extra["noun"] if term else figure.measure
    unit = f" ({figure.unit})" if figure.unit else ""
    count = quantity.in_words(figure.low, figure.best, figure.high, figure.qualifier)
    if figure.low is figure.best is figure.high is None:
        return f"{noun}{unit}: {count}"
    return f"{count} {noun}{unit}"


def labels_of(row: IncidentRow, *roles: str) -> tuple[str, ...]:
    """Labels of the parties in these roles, once each, in the record's order."""
    named = (one.party.label for one in row.involvements if one.role in roles)
    return tuple(dict.fromkeys(named))


def who(row: IncidentRow) -> tuple[str, ...]:
    """Whom it happened to, or who speaks in a statement."""
    declared = TYPES.get(row.facts.type)
    return labels_of(row, *_TO_WHOM, *((declared.role,) if declared else ()))


def by_whom(row: IncidentRow, context: Context) -> tuple[str, ...]:
    """The alleged perpetrators, each with how they come to be named."""
    return tuple(
        f"{one.party.label} ({context.label('attribution', one.attribution).lower()})"
        if one.attribution
        else one.party.label
        for one in row.involvements
        if one.role == _BY_WHOM
    )


def attributions(row: IncidentRow) -> tuple[str, ...]:
    """One per alleged perpetrator, in the same order; "" where nobody says."""
    return tuple(one.attribution or "" for one in row.involvements if one.role == _BY_WHOM)


def who_says_so(row: IncidentRow, context: Context) -> tuple[str, ...]:
    """The speakers of the supporting citations, or the source where no speaker is recorded."""
    return tuple(dict.fromkeys(_said_by(said, context) for said in row.supporting))


def _said_by(said: CitationRow, context: Context) -> str:
    source = said.source
    name = said.speaker.label if said.speaker else source.publisher or source.author or source.title
    if said.basis is None:
        return name
    return f"{name} ({context.label('citation_basis', said.basis).lower()})"


def quotes(row: IncidentRow) -> tuple[str, ...]:
    """The words of the supporting citations, as stored, once each."""
    return tuple(dict.fromkeys(said.quote for said in row.supporting if said.quote))


def independent_sources(row: IncidentRow) -> int:
    """Copies of one story count once (domain.md, origin group)."""
    return len({said.source.origin for said in row.supporting})


def footnote(source: SourceFacts) -> str:
    """Author, “Title”, publisher, date, address (accessed date)."""
    parts = [source.author, f"“{source.title}”", source.publisher]
    if source.published_edtf:
        parts.append(_in_words(source.published_edtf))
    parts.append(source.url)
    said = ", ".join(part for part in parts if part)
    if source.accessed_at is None:
        return said
    return f"{said} (accessed {_in_words(source.accessed_at.date().isoformat())})"


def citation_sentence(row: IncidentRow) -> str:
    """The incident as a footnote: what, where, when, by which sources, which version."""
    when = [row.place.path if row.place else None, date_in_words(row.facts)]
    about = ", ".join(part for part in when if part)
    title = row.facts.title or row.facts.reference
    what = f"{title} ({about})" if about else title
    sources = "; ".join(footnote(source) for source in row.sources)
    version = f"{row.facts.reference}, version {row.facts.version}."
    return f"{what}. {sources}. {version}" if sources else f"{what}. {version}"


def link(reference: str, context: Context) -> str:
    return f"{context.base_url}/incidents/{reference}"


def places(place: PlaceView | None) -> str | None:
    """The place with its path: "Aktau, Mangystau, Kazakhstan"."""
    return place.path if place else None


def price_in_words(price: Mapping[str, Any]) -> str:
    """As "eggs 300 KZT each"; parts nobody says are left out."""
    parts = (price.get(name) for name in ("item", "amount", "currency", "per"))
    return " ".join(_plain(part) for part in parts if part not in (None, ""))


def said_in_words(said: Mapping[str, Any]) -> str:
    """As "denies: no one gave the order"."""
    return ": ".join(str(said[name]) for name in ("stance", "text") if said.get(name))


def _plain(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def texts(values: Iterable[Any] | None) -> tuple[str, ...]:
    return tuple(str(value) for value in values or ())
