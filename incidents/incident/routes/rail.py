"""The rail of filters beside a listing: what can be asked, with what was asked already in it.

Built from the table of filters, so a new filter needs no line here. Shows what was typed as typed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from incidents.incident.filters import Clause, Parameter, clauses_for
from incidents.incident.filters.asked import ANY, NONE
from incidents.incident.filters.clauses import DETAIL_VOCABULARIES
from incidents.incident.types import TYPES
from incidents.viewer import Viewer
from incidents.vocabulary.queries import choices
from incidents.vocabulary.types import Term, vocabulary

Texts = Mapping[str, Sequence[str]]

_HELP = {
    "place": "With everything below it.",
    "subject_place": "What a statement is about.",
    "country": "KZ, or its name.",
    "from": "16 Dec 2011, 2011-12 or 2011.",
    "party": "A whole name or label.",
    "event": "Its whole title.",
    "source": "SRC-2026-00007",
    "publisher": "The whole name.",
    "updated_since": "16 Nov 2026",
}
# Which clauses stand together, by their first parameter; any other stands in the last group.
_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Type", ("type",)),
    ("Status", ("status",)),
    ("Date", ("from",)),
    ("Place", ("place", "subject_place", "country")),
    ("Details", ("detail",)),
    ("Party and role", ("party",)),
    ("Figures", ("measure",)),
    ("Sourcing and assessment", ("sourcing", "assessment")),
    ("Source", ("source", "publisher")),
    ("Event and relations", ("event", "relation")),
    ("People and dates of work", ()),
)
_OPEN = frozenset({"Type", "Status", "Date", "Place"})


@dataclass(frozen=True)
class Choice:
    """One box. `count` None = not counted."""

    value: str
    label: str
    checked: bool
    count: int | None = None


@dataclass(frozen=True)
class RailField:
    """Boxes or radios when it has choices, else one text box for each value."""

    name: str
    label: str
    values: tuple[str, ...]
    choices: tuple[Choice, ...] = ()
    one: bool = False
    numeric: bool = False
    help: str = ""
    errors: tuple[str, ...] = ()


@dataclass(frozen=True)
class RailGroup:
    label: str
    open: bool
    fields: tuple[RailField, ...]
    # How many of its parameters are in use.
    used: int


def rail(
    session: Session,
    viewer: Viewer,
    texts: Texts,
    errors: Mapping[str, Sequence[str]],
    counts: Mapping[str, Mapping[str, int]],
) -> list[RailGroup]:
    """In groups; details stand in it for the types asked for. At most one statement."""
    shown = [clause for clause in clauses_for(viewer) if _is_shown(clause, viewer, texts)]
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
        grouped[_group_of(clause)] += _fields(clause, texts, errors, counts, terms)
    return [_group(label, fields) for label, fields in grouped.items() if fields]


def _group_of(clause: Clause) -> str:
    first = clause.names[0].partition(".")[0]
    return next((label for label, names in _GROUPS if first in names), _GROUPS[-1][0])


def _group(label: str, fields: Sequence[RailField]) -> RailGroup:
    used = sum(bool(field.values) for field in fields if field.name != "dates")
    return RailGroup(label, bool(used) or label in _OPEN, tuple(fields), used)


def _is_shown(clause: Clause, viewer: Viewer, texts: Texts) -> bool:
    if clause.names == ("status",):
        return viewer.internal
    detail = clause.names[0].removeprefix("detail.")
    if detail == clause.names[0] or texts.get(clause.names[0]):
        return True
    return any(
        TYPES[code].detail(detail) is not None for code in texts.get("type", ()) if code in TYPES
    )


def _fields(
    clause: Clause,
    texts: Texts,
    errors: Mapping[str, Sequence[str]],
    counts: Mapping[str, Mapping[str, int]],
    terms: Mapping[str, Sequence[Term]],
) -> list[RailField]:
    return [
        _field(
            parameter,
            tuple(texts.get(parameter.name, ())),
            tuple(errors.get(parameter.name, ())),
            counts.get(parameter.name),
            terms,
        )
        for parameter in clause.parameters
    ]


def _field(
    parameter: Parameter,
    values: tuple[str, ...],
    errors: tuple[str, ...],
    counts: Mapping[str, int] | None,
    terms: Mapping[str, Sequence[Term]],
) -> RailField:
    if parameter.name == "dates":
        pairs: Iterable[tuple[str, str]] = (
            ("overlap", "May have happened then"),
            ("within", "Certainly within"),
        )
        values = values or ("overlap",)
    else:
        pairs = _pairs(parameter, terms)
    return RailField(
        name=parameter.name,
        label=parameter.label,
        values=values,
        choices=tuple(
            Choice(code, label, code in values, _count(code, counts)) for code, label in pairs
        ),
        one=not parameter.several,
        numeric=parameter.name in ("at_least", "at_most"),
        help=_HELP.get(parameter.name, ""),
        errors=errors,
    )


def _count(code: str, counts: Mapping[str, int] | None) -> int | None:
    return None if counts is None or code in (ANY, NONE) else counts.get(code, 0)


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
    if pairs and parameter.missing:
        pairs.append((NONE, "Not given"))
    return pairs
