"""Says what was asked for in words: the value part of a pill and of the sentence above a listing.

Nothing is escaped here and nothing is looked up: names were found before.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from incidents import edtf
from incidents.incident.filters.asked import ANY, NONE, Asked, Value, written
from incidents.search_query import as_typed
from incidents.vocabulary.types import country_name, vocabulary

Words = Callable[[Asked], str]


def lowered(label: str) -> str:
    """For the middle of a sentence: the first letter small."""
    return label[:1].lower() + label[1:]


def any_of(words: Iterable[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def coded(name: str, of_vocabulary: str, *, none: str = "not given") -> Words:
    def say(asked: Asked) -> str:
        return any_of(_term(value, of_vocabulary, none) for value in asked.values(name))

    return say


def named(name: str, *, none: str, after: str = "") -> Words:
    def say(asked: Asked) -> str:
        return any_of(
            none if value == NONE else f"{asked.label(name, value)}{after}"
            for value in asked.values(name)
        )

    return say


def searched(asked: Asked) -> str:
    return asked.one("q", str) or ""


def saying(asked: Asked) -> str:
    """Such as "with the words “no bread or milk”", "with the word “detained” but without
    “police”"."""
    wanted, unwanted = as_typed(searched(asked))
    without = f"without {any_of(map(_in_marks, unwanted))}" if unwanted else ""
    if not wanted:
        return without
    words = " ".join(wanted) if len(wanted) > 1 else wanted[0].strip('"')
    said = f"with the {'words' if ' ' in words else 'word'} “{words}”"
    return f"{said} but {without}" if without else said


def _in_marks(term: str) -> str:
    """A phrase bears no second pair of marks."""
    inner = term.strip('"')
    return f"“{inner}”"


def statuses(asked: Asked) -> str:
    extra = {ANY: "any", "returned": "returned"}
    return any_of(
        extra.get(str(value)) or _term(value, "status", "") for value in asked.values("status")
    )


def countries(asked: Asked) -> str:
    return any_of(
        "not given" if value == NONE else country_name(str(value))
        for value in asked.values("country")
    )


def dates(asked: Asked) -> str:
    """Such as "16 to 17 December 2011 (may have happened)"; "" without a day."""
    if asked.missing("from"):
        return "not known"
    start, end = asked.one("from", date), asked.one("to", date)
    if start is None and end is None:
        return ""
    said = _days(start, end)
    sure = "certainly within" if asked.one("dates", str) == "within" else "may have happened"
    return f"{said} ({sure})"


def dated(asked: Asked) -> str:
    return "without a known date" if asked.missing("from") else f"dated {dates(asked)}"


def parties(asked: Asked) -> str:
    roles = _roles(asked)
    return f"{_parties(asked)} as {roles}" if roles else _parties(asked)


def involved(asked: Asked) -> str:
    roles = _roles(asked)
    said = f"{_parties(asked)} is involved"
    return f"{said} as {roles}" if roles else said


def _parties(asked: Asked) -> str:
    named = [
        "nobody" if value == NONE else asked.label("party", value)
        for value in asked.values("party")
    ]
    return any_of(named or ["somebody"])


def _roles(asked: Asked) -> str:
    roles = [_term(role, "role", "") for role in asked.values("role")]
    return any_of(roles) if roles else ""


def counts(asked: Asked) -> str:
    measures = [
        "no figure" if code == NONE else vocabulary("measure").terms[str(code)].extra["noun"]
        for code in asked.values("measure")
    ]
    bounds = [
        f"at {word} {number:,}"
        for word, number in (
            ("least", asked.one("at_least", int)),
            ("most", asked.one("at_most", int)),
        )
        if number is not None
    ]
    said = any_of(measures) if measures else ""
    if bounds:
        return f"{' and '.join(bounds)} {said}"
    return said if measures == ["no figure"] else f"a figure of {said}"


def related(asked: Asked) -> str:
    if asked.values("relation") == (NONE,):
        return "without any relation"
    said = [
        "none" if code == NONE else f"“{_term(code, 'relation', '')}”"
        for code in asked.values("relation")
    ]
    return f"with the relation {any_of(said)}"


def logged(asked: Asked) -> str:
    """Such as "1 to 22 November 2026"."""
    return _days(asked.one("logged_from", date), asked.one("logged_to", date))


def since(asked: Asked) -> str:
    moment = asked.one("updated_since", datetime)
    assert moment is not None
    text = written(moment)
    if len(text) == 10:
        return f"since {edtf.in_words(text)}"
    return f"since {moment:%H:%M} UTC on {edtf.in_words(text[:10])}"


def _days(start: date | None, end: date | None) -> str:
    """Of two ends, one of which may be open."""
    ends = [day.isoformat() if day else ".." for day in (start, end)]
    return edtf.in_words(ends[0] if start == end else "/".join(ends))


def _term(value: Value, of_vocabulary: str, none: str) -> str:
    return none if value == NONE else lowered(vocabulary(of_vocabulary).label(str(value)))
