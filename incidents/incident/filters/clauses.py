"""The one table of what a listing can be filtered by: name → label → reader → predicate → words.

What is not in it is no filter. Page, export, views and API all read this table.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType

from sqlmodel import col

from incidents.incident.filters import predicates, reading, words
from incidents.incident.filters.asked import Asked
from incidents.incident.filters.predicates import Predicate
from incidents.incident.filters.reading import Reader
from incidents.incident.models import Incident
from incidents.incident.types import TYPES, every_detail
from incidents.viewer import Viewer

Check = Callable[[Asked], Iterator[tuple[str, str]]]


@dataclass(frozen=True)
class Parameter:
    """One parameter of an address.

    `missing`: takes `none`. `look_up`: what it names. `vocabulary`: where its choices stand.
    `usual`: what goes without saying, and is not kept. `free`: any word is itself, `none` too.
    """

    name: str
    label: str
    read: Reader
    several: bool = True
    missing: bool = False
    look_up: str = ""
    vocabulary: str = ""
    usual: str = ""
    free: bool = False


@dataclass(frozen=True)
class Clause:
    """Parameters that make one condition, said in one phrase and dropped together.

    `internal` ones touch what a redacted view doesn't show, and don't exist for its viewers.
    `fact`: what it says of itself goes on from "where", as "type is detention" does.
    """

    label: str
    parameters: tuple[Parameter, ...]
    predicate: Predicate
    words: Callable[[Asked], str]
    say: Callable[[Asked], str] | None = None
    fact: bool = False
    internal: bool = False
    check: Check | None = None

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(parameter.name for parameter in self.parameters)

    @property
    def says_a_fact(self) -> bool:
        return self.fact or self.say is None

    def sentence(self, asked: Asked) -> str:
        """Its part of the sentence above a listing: "type is detention" unless it says its own."""
        return (
            self.say(asked) if self.say else f"{words.lowered(self.label)} is {self.words(asked)}"
        )


def _choice(name: str, label: str, *, missing: bool = False) -> Parameter:
    """Codes of the closed vocabulary that bears the parameter's name."""
    return Parameter(name, label, reading.code_of(name), missing=missing, vocabulary=name)


def _column(name: str, label: str, *, missing: bool = False, internal: bool = False) -> Clause:
    """A coded column of the incident itself, whose vocabulary bears its name."""
    return Clause(
        label,
        (_choice(name, label, missing=missing),),
        predicates.of_column(name, col(getattr(Incident, name))),
        words.coded(name, name),
        internal=internal,
    )


def _named(
    name: str,
    label: str,
    look_up: str,
    predicate: Predicate,
    *,
    missing: str = "",
    internal: bool = False,
) -> Clause:
    """Things given by name, reference or id; `missing` says `none`, "" = never missing."""
    parameter = Parameter(name, label, reading.name, missing=bool(missing), look_up=look_up)
    return Clause(
        label, (parameter,), predicate, words.named(name, none=missing), internal=internal
    )


def _place(name: str, label: str, column: str) -> Clause:
    return Clause(
        label,
        (Parameter(name, label, reading.name, missing=True, look_up="place"),),
        predicates.in_place(name, col(getattr(Incident, column))),
        words.named(name, none="not given", after=" (and below)"),
    )


def _details() -> Iterator[Clause]:
    """One for each name: types that share a detail's name share its filter."""
    types: dict[str, list[str]] = {}
    labels: dict[str, str] = {}
    for declared, detail in every_detail():
        if detail.filterable:
            types.setdefault(detail.name, []).append(declared.code)
            labels.setdefault(detail.name, detail.label)
    for detail_name, having in types.items():
        name, label = f"detail.{detail_name}", labels[detail_name]
        yield Clause(
            label,
            (Parameter(name, label, reading.any_code, missing=True, look_up="term"),),
            predicates.detailed(name, detail_name, having),
            words.named(name, none="not given"),
        )


def _check_dates(asked: Asked) -> Iterator[tuple[str, str]]:
    start, end = asked.one("from", date), asked.one("to", date)
    if asked.missing("from") and end is not None:
        yield "to", "“from=none” asks for incidents without a date: leave “To” out."
    if start and end and start > end:
        yield "to", f"“To” ({end}) is before “From” ({start}). One of them must change."


def _check_logged(asked: Asked) -> Iterator[tuple[str, str]]:
    start, end = asked.one("logged_from", date), asked.one("logged_to", date)
    if start and end and start > end:
        said = f"“Logged to” ({end}) is before “Logged from” ({start}). One of them must change."
        yield "logged_to", said


def _check_counts(asked: Asked) -> Iterator[tuple[str, str]]:
    least, most = asked.one("at_least", int), asked.one("at_most", int)
    measures = asked.given("measure", str)
    for name, bound in (("at_least", least), ("at_most", most)):
        if bound is not None and not measures:
            yield name, "Say of what: choose a measure."
    if least is not None and most is not None and least > most:
        yield (
            "at_most",
            f"“At most” ({most}) is under “At least” ({least}). One of them must change.",
        )


CLAUSES: tuple[Clause, ...] = (
    Clause(
        "Words",
        (Parameter("q", "Words", reading.words, several=False, free=True),),
        predicates.saying,
        words.searched,
        say=words.saying,
    ),
    _column("type", "Type"),
    Clause(
        "Status",
        (Parameter("status", "Status", reading.status, vocabulary="status"),),
        predicates.status,
        words.statuses,
    ),
    Clause(
        "Sourcing",
        (_choice("sourcing", "Sourcing"),),
        predicates.sourcing,
        words.coded("sourcing", "sourcing"),
    ),
    _column("assessment", "Assessment", missing=True),
    _column("publication", "Publication", internal=True),
    Clause(
        "Country",
        (Parameter("country", "Country", reading.country, missing=True),),
        predicates.of_column("country", col(Incident.country)),
        words.countries,
    ),
    _place("place", "Place", "place_id"),
    _place("subject_place", "Place it is about", "subject_place_id"),
    _named(
        "event",
        "Event",
        "event",
        predicates.of_found("event", col(Incident.event_id)),
        missing="not given",
    ),
    Clause(
        "Date",
        (
            Parameter("from", "From", reading.first_day, several=False, missing=True),
            Parameter("to", "To", reading.last_day, several=False),
            Parameter(
                "dates",
                "Dates",
                reading.one_of(("overlap", "within")),
                several=False,
                usual="overlap",
            ),
        ),
        predicates.dated,
        words.dates,
        say=words.dated,
        check=_check_dates,
    ),
    Clause(
        "Party",
        (
            Parameter("party", "Party", reading.name, missing=True, look_up="party"),
            _choice("role", "Role"),
        ),
        predicates.involved,
        words.parties,
        say=words.involved,
        fact=True,
    ),
    Clause(
        "Figure",
        (
            _choice("measure", "Measure", missing=True),
            Parameter("at_least", "At least", reading.count, several=False),
            Parameter("at_most", "At most", reading.count, several=False),
        ),
        predicates.counted,
        words.counts,
        say=lambda asked: f"with {words.counts(asked)}",
        check=_check_counts,
    ),
    Clause(
        "Relation",
        (_choice("relation", "Relation", missing=True),),
        predicates.related,
        words.coded("relation", "relation", none="none"),
        say=words.related,
    ),
    _named("source", "Source", "source", predicates.cited),
    _named("publisher", "Publisher", "publisher", predicates.published_by, missing="not given"),
    _named(
        "author",
        "Author",
        "account",
        predicates.of_found("author", col(Incident.created_by)),
        missing="the operator",
        internal=True,
    ),
    _named("reviewer", "Reviewer", "account", predicates.reviewed, missing="nobody", internal=True),
    Clause(
        "Logged",
        (
            Parameter("logged_from", "Logged from", reading.first_day, several=False),
            Parameter("logged_to", "Logged to", reading.last_day, several=False),
        ),
        predicates.logged,
        words.logged,
        say=lambda asked: f"logged {words.logged(asked)}",
        check=_check_logged,
    ),
    Clause(
        "Updated",
        (Parameter("updated_since", "Updated since", reading.instant, several=False),),
        predicates.updated,
        words.since,
        say=lambda asked: f"updated {words.since(asked)}",
    ),
    *_details(),
)
PARAMETERS: Mapping[str, Parameter] = MappingProxyType(
    {parameter.name: parameter for clause in CLAUSES for parameter in clause.parameters}
)
DETAIL_VOCABULARIES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        f"detail.{name}": frozenset(
            declared.vocabulary
            for kind in TYPES.values()
            for declared in kind.details
            if declared.name == name
        )
        for name in {detail.name for _, detail in every_detail() if detail.filterable}
    }
)


def clauses_for(viewer: Viewer) -> tuple[Clause, ...]:
    return tuple(clause for clause in CLAUSES if viewer.internal or not clause.internal)
