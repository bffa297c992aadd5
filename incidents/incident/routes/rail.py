"""The rail of filters beside a listing: what can be asked, with what was asked already in it.

Built from the table of filters, so a new filter needs no line here. Shows what was typed as typed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlmodel import Session

from incidents.incident.filters import Clause, Parameter, clauses_for
from incidents.incident.filters.asked import ANY, NONE
from incidents.incident.filters.clauses import DETAIL_VOCABULARIES
from incidents.incident.types import TYPES
from incidents.viewer import Viewer
from incidents.vocabulary.queries import choices
from incidents.vocabulary.types import Term, country_name, vocabulary

_HELP = {
    "q": "Words, “a phrase”, -without, begin*",
    "place": "With everything below it.",
    "subject_place": "What a statement is about.",
    "country": "KZ, or its name.",
    "party": "A whole name or label.",
    "event": "Its whole title.",
    "source": "SRC-2026-00007",
    "publisher": "The whole name.",
    "updated_since": "16 Nov 2026",
}
# What `none` asks for, where "Not stated" would say it wrongly.
_MISSING = {
    "from": "No date",
    "party": "Nobody",
    "event": "No event",
    "measure": "No figure",
    "relation": "No relation",
    "author": "The operator",
    "reviewer": "Nobody yet",
}
# Which clauses stand together, by their first parameter; any other stands in the last group.
_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Words", ("q",)),
    ("Type", ("type",)),
    ("Status", ("status",)),
    ("Date", ("from",)),
    ("Place", ("country", "place", "subject_place")),
    ("Details", ("detail",)),
    ("Party and role", ("party",)),
    ("Figures", ("measure",)),
    ("Sourcing and assessment", ("sourcing", "assessment")),
    ("Source", ("source", "publisher")),
    ("Event and relations", ("event", "relation")),
    ("People and dates of work", ()),
)
_OPEN = frozenset({"Words", "Type", "Status", "Date", "Place"})
# Of choices that come with the data, so many are in sight.
AT_ONCE = 6


@dataclass(frozen=True)
class Choice:
    """One box. `count` None = not counted."""

    value: str
    label: str
    checked: bool
    count: int | None = None


@dataclass(frozen=True)
class YearLink:
    """What one year would give: pressing it asks for its days."""

    year: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True)
class RailField:
    """Boxes or radios when it has choices; a text box for each value, where one is `typed`.

    `said`: what a value stands for, where it does not say so itself. `more`: boxes and years one
    press away.
    """

    name: str
    label: str
    values: tuple[str, ...]
    typed: bool = True
    choices: tuple[Choice, ...] = ()
    more: tuple[Choice, ...] = ()
    missing: Choice | None = None
    years: tuple[YearLink, ...] = ()
    more_years: tuple[YearLink, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)
    one: bool = False
    numeric: bool = False
    help: str = ""
    errors: tuple[str, ...] = ()


@dataclass(frozen=True)
class RailGroup:
    """`used`: how many of its parameters are in use. `plain`: a box of its own, without a head."""

    label: str
    open: bool
    fields: tuple[RailField, ...]
    used: int
    plain: bool = False


@dataclass(frozen=True)
class Asking:
    """What was asked, parameter by parameter: texts, what is wrong, what else would be found.

    `said`: what names stand for. A parameter without counts is not counted.
    """

    texts: Mapping[str, Sequence[str]]
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    years: Sequence[YearLink] = ()
    said: Mapping[tuple[str, str], str] = field(default_factory=dict)


def rail(session: Session, viewer: Viewer, asking: Asking) -> list[RailGroup]:
    """In groups; details stand in it for the types asked for. At most one statement."""
    shown = [clause for clause in clauses_for(viewer) if _is_shown(clause, viewer, asking.texts)]
    names = sorted(
        {
            name
            for clause in shown
            for parameter in clause.names
            for name in DETAIL_VOCABULARIES.get(parameter, ())
        }
    )
    terms = choices(session, *names, retired=True) if names else {}
    grouped: dict[str, list[RailField]] = {label: [] for label, _ in _GROUPS}
    for clause in shown:
        fields = [_field(parameter, asking, terms) for parameter in clause.parameters]
        grouped[_group_of(clause)] += fields
    return [_group(label, fields) for label, fields in grouped.items() if fields]


def _group_of(clause: Clause) -> str:
    first = clause.names[0].partition(".")[0]
    return next((label for label, names in _GROUPS if first in names), _GROUPS[-1][0])


def _group(label: str, fields: Sequence[RailField]) -> RailGroup:
    used = sum(bool(field.values) for field in fields if field.name != "dates")
    wrong = any(field.errors for field in fields)
    is_open = bool(used) or wrong or label in _OPEN
    return RailGroup(label, is_open, tuple(fields), used, plain=label == "Words")


def _is_shown(clause: Clause, viewer: Viewer, texts: Mapping[str, Sequence[str]]) -> bool:
    if clause.names == ("status",):
        return viewer.internal
    detail = clause.names[0].removeprefix("detail.")
    if detail == clause.names[0] or texts.get(clause.names[0]):
        return True
    return any(
        TYPES[code].detail(detail) is not None for code in texts.get("type", ()) if code in TYPES
    )


def _field(parameter: Parameter, asking: Asking, terms: Mapping[str, Sequence[Term]]) -> RailField:
    name = parameter.name
    values = tuple(asking.texts.get(name, ()))
    base = RailField(
        name=name,
        label=parameter.label,
        values=values,
        help=_HELP.get(name, ""),
        errors=tuple(asking.errors.get(name, ())),
        missing=_missing(parameter, values, asking.counts.get(name)),
        numeric=name in ("at_least", "at_most"),
        said=_said(name, values, asking.said),
    )
    counts = asking.counts.get(name)
    if name == "country" and counts is not None:
        return _countries(base, counts)
    if name == "from":
        return _with_years(base, asking.years)
    if name == "dates":
        return _ways(base)
    pairs = _pairs(parameter, terms)
    if not pairs:
        return base
    boxes = tuple(Choice(code, said, code in values, _count(code, counts)) for code, said in pairs)
    return replace(base, typed=False, choices=boxes, one=not parameter.several)


def _ways(base: RailField) -> RailField:
    pairs = (("overlap", "May have happened then"), ("within", "Certainly within"))
    chosen = base.values or ("overlap",)
    boxes = tuple(Choice(code, label, code in chosen) for code, label in pairs)
    return replace(base, values=chosen, typed=False, choices=boxes, one=True)


def _countries(base: RailField, counts: Mapping[str, int]) -> RailField:
    """Those that occur, most first; those asked for are always in sight."""
    codes = {*counts, *base.values} - {NONE}
    by_count = sorted(codes, key=lambda code: (-counts.get(code, 0), country_name(code)))
    boxes = [
        Choice(code, country_name(code), code in base.values, counts.get(code, 0))
        for code in by_count
    ]
    shown = [box for index, box in enumerate(boxes) if index < AT_ONCE or box.checked]
    more = tuple(box for box in boxes if box not in shown)
    # What is ticked stands in no text box; another one can be typed.
    return replace(base, choices=tuple(shown), more=more)


def _with_years(base: RailField, years: Sequence[YearLink]) -> RailField:
    shown = [year for index, year in enumerate(years) if index < AT_ONCE or year.current]
    more = tuple(year for year in years if year not in shown)
    return replace(base, years=tuple(shown), more_years=more)


def _missing(
    parameter: Parameter, values: Sequence[str], counts: Mapping[str, int] | None
) -> Choice | None:
    """The box that asks for what nobody stated."""
    if not parameter.missing:
        return None
    count = None if counts is None else counts.get(NONE, 0)
    label = _MISSING.get(parameter.name, "Not stated")
    return Choice(NONE, label, NONE in values, count)


def _said(
    name: str, values: Iterable[str], known: Mapping[tuple[str, str], str]
) -> Mapping[str, str]:
    """Of values that are written otherwise than they are called: ids, references."""
    found = {value: known.get((name, value), "") for value in values}
    return {
        value: label
        for value, label in found.items()
        if label and label.casefold() != value.casefold()
    }


def _count(code: str, counts: Mapping[str, int] | None) -> int | None:
    return None if counts is None or code == ANY else counts.get(code, 0)


def _pairs(parameter: Parameter, terms: Mapping[str, Sequence[Term]]) -> list[tuple[str, str]]:
    """Code and label of each choice; () for what is typed."""
    if parameter.vocabulary:
        known = list(vocabulary(parameter.vocabulary).terms.values())
    else:
        known = [
            term
            for name in sorted(DETAIL_VOCABULARIES.get(parameter.name, ()))
            for term in terms[name]
        ]
    pairs = list({term.code: term.label for term in known}.items())
    if parameter.name == "status":
        pairs.insert(1, ("returned", "Returned"))
        pairs.append((ANY, "Any"))
    return pairs
