"""What the words quoted in an incident's form suggest for its fields, and the press that takes one.

A suggestion is a line beside its field. It is never saved: only what stands in a field is, and none
is filled without a press. What is found in words is `found_dates` and its like; here it meets the
form.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from incidents import edtf
from incidents.found_ages import found_ages
from incidents.found_counts import FoundCount, found_counts
from incidents.found_dates import FoundDate, found_dates
from incidents.found_prices import FoundPrice, found_prices
from incidents.found_words import ReadText, excerpt
from incidents.incident.queries.named_in_words import parties_in_words, places_in_words
from incidents.incident.queries.suggested_parties import sources_called
from incidents.incident.routes.beside import beside_source, by_role
from incidents.incident.routes.found_around import labels_in, place_before
from incidents.quantity import in_words
from incidents.vocabulary.types import vocabulary
from incidents.web import services, session, viewer

# More than this stands beside no field.
_MOST_OF_ONE = 3
_LONGEST_QUOTE = 20_000
# Counted of the scene rather than of whom the incident befell.
_OF_THE_SCENE = ("security_personnel", "property_items")
_UNITS = {"D": "day", "W": "week", "M": "month", "Y": "year", "H": "hour"}
MAIN, BOUND, IF_BLANK = "main", "bound", "blank"


@dataclass(frozen=True)
class Fill:
    """`how`: main and bound are written over, others only where nothing was typed."""

    name: str
    value: str
    how: str = MAIN


@dataclass(frozen=True)
class Offer:
    """One line beside a field. `place` is where it stands; `words` what it was found in, "" where
    it comes from no words.
    """

    place: str
    shown: str
    fills: tuple[Fill, ...]
    words: str = ""
    meaning: str = ""

    @property
    def key(self) -> str:
        """What its button sends."""
        return f"{self.place}={self.shown}"

    @property
    def field(self) -> str:
        return self.fills[0].name

    @property
    def filled(self) -> list[list[str]]:
        """For the page's script: name, value and how."""
        return [[one.name, one.value, one.how] for one in self.fills]

    @property
    def taken_along(self) -> bool:
        """Whether “use all” takes it: what nobody's words say is chosen on its own."""
        return bool(self.words)


@dataclass(frozen=True)
class Found:
    """By the place they stand at; `used` are the names of fields a press has just filled."""

    offers: Mapping[str, tuple[Offer, ...]]
    used: frozenset[str] = frozenset()
    # How many empty fields “use all” would fill.
    empty: int = 0

    def at(self, place: str) -> tuple[Offer, ...]:
        return self.offers.get(place, ())


@dataclass(frozen=True)
class _Quoted:
    """One quote of the form, read once; `number` counts from 1, as the page does."""

    number: int
    text: str
    read: ReadText


def found_in(form: Any, used: frozenset[str] = frozenset()) -> Found:
    """What stands beside the form's fields now: nothing that stands in them already."""
    fields = _fields(form)
    made: dict[str, list[Offer]] = {}
    for offer in _offers(form):
        known = made.setdefault(offer.place, [])
        is_there = _value(fields.get(offer.field)) == offer.fills[0].value
        is_new = offer.field in fields and offer.key not in {one.key for one in known}
        if is_new and not is_there and len(known) < _MOST_OF_ONE:
            known.append(offer)
    offers = {place: tuple(several) for place, several in made.items() if several}
    empty = sum(1 for one in _first_of_empty(offers, fields))
    return Found(offers, used, empty)


def found_used(form: Any) -> bool:
    """Fill what the pressed button suggests, or all that is empty; False when none was pressed."""
    asked = request.form.get("use_found")
    if not asked:
        return False
    fields = _fields(form)
    found = found_in(form).offers
    if asked == "all":
        chosen = list(_first_of_empty(found, fields))
    else:
        chosen = [one for several in found.values() for one in several if one.key == asked]
    for offer in chosen[:1] if asked != "all" else chosen:
        others = [one for one in found[offer.place] if one is not offer]
        for fill in offer.fills:
            _filled(fields.get(fill.name), fill, others)
    return True


def used_names(form: Any) -> frozenset[str]:
    """Names of fields that hold what a press just filled, so that a fold over them opens."""
    asked = request.form.get("use_found", "")
    place = asked.partition("=")[0]
    return frozenset(name for name in _fields(form) if place and name.startswith(place))


def _offers(form: Any) -> Iterator[Offer]:
    first = form.citations[0].source.data or ""
    published = beside_source(first).published or ""
    quoted = list(_quoted(form))
    for one in quoted:
        yield from _dates(form, one, found_dates(one.read, published))
    yield from _published(form, published)
    for one in quoted:
        yield from _counted(form, one)
        yield from _prices(form, one, found_prices(one.read))
        yield from _places(one)
        yield from _people(form, one)
    if quoted:
        yield from _around(form, quoted[0])


def _quoted(form: Any) -> Iterator[_Quoted]:
    """The quotes, as many of their words as one quote may have."""
    left = _LONGEST_QUOTE
    for number, row in enumerate(form.citations, 1):
        text = (row.quote.data or "").strip()[:left]
        left -= len(text)
        if text:
            yield _Quoted(number, text, ReadText(text))


def _dates(form: Any, quoted: _Quoted, found: tuple[FoundDate, ...]) -> Iterator[Offer]:
    # A day that is named comes before one that is worked out.
    for one in sorted(found, key=lambda each: each.basis == "inferred_from_source"):
        words = excerpt(quoted.text, one.start, one.end)
        if one.edtf:
            fills = [Fill("date", one.typed), Fill("date_verbatim", _line(one.words), IF_BLANK)]
            if one.duration:
                fills.append(Fill("date_basis", one.basis or "", IF_BLANK))
            yield Offer("date", edtf.in_short(one.edtf), tuple(fills), words, _meaning(one))
        if one.duration and form.declared.detail("duration"):
            letter, number = one.duration[-1], "".join(filter(str.isdigit, one.duration))
            told = f"{number} {_UNITS[letter]}{'s' if number != '1' else ''}"
            name = "details-duration"
            yield Offer(name, told, (Fill(name, told),), words)


def _meaning(found: FoundDate) -> str:
    """What its date rests on, without the date itself, which stands before it."""
    words = edtf.in_words(found.edtf or "")
    rest = found.said[len(words) :].lstrip(",: ")
    return re.sub(r" \(.*\)$", "", rest)


def _published(form: Any, published: str) -> Iterator[Offer]:
    """The day of publication, one press away; its correction moves the date with it."""
    if published and not (form.date.data or "").strip():
        fills = (Fill("date", "the day it was published"),)
        yield Offer("date", edtf.in_short(published), fills, meaning="when it was published")


def _counted(form: Any, quoted: _Quoted) -> Iterator[Offer]:
    if not form.figures.entries:
        return
    row = form.figures[0].form
    name = form.figures[0].name
    found = found_counts(quoted.read)
    for one in sorted(found, key=lambda each: _fit(form, each)):
        words = excerpt(quoted.text, one.start, one.end)
        fits = _fit(form, one)
        if fits > 2:
            continue
        fills = [
            Fill(f"{name}-how_many", one.typed),
            Fill(f"{name}-verbatim", _line(one.words), IF_BLANK),
            Fill(f"{name}-citation", str(quoted.number), BOUND),
        ]
        shown = in_words(one.low, one.best, one.high, one.qualifier)
        if one.measure in _OF_THE_SCENE and one.measure != row.measure.data:
            fills.append(Fill(f"{name}-measure", one.measure, BOUND))
            shown += f" {vocabulary('measure').label(one.measure).lower()}"
        if one.sex:
            fills.append(Fill(f"{name}-sex", one.sex, IF_BLANK))
        yield Offer(name, shown, tuple(fills), words)
    for ages in found_ages(quoted.read):
        low, high = ages.age_min, ages.age_max
        fills = [Fill(f"{name}-age_min", str(low)), Fill(f"{name}-age_max", str(high), BOUND)]
        shown = f"aged {low}" if low == high else f"aged {low} to {high}"
        words = excerpt(quoted.text, ages.start, ages.end)
        yield Offer(f"{name}-age", shown, tuple(fills), words)


def _fit(form: Any, count: FoundCount) -> int:
    """0 for what the incident counts, 3 for what it does not."""
    wanted = form.figures[0].form.measure.data or form.declared.measure
    if count.measure == wanted and not count.of_one_person:
        return 0
    if count.measure in _OF_THE_SCENE:
        return 1 if form.declared.measure in ("affected", count.measure) else 3
    if count.of_one_person:
        return 2
    is_open = count.measure is None or wanted == "affected"
    return 1 if is_open or {count.measure, wanted} <= {"injured", "ill_treated"} else 3


def _prices(form: Any, quoted: _Quoted, found: tuple[FoundPrice, ...]) -> Iterator[Offer]:
    if form.declared.detail("prices") is None:
        return
    rows = form.details.form["prices"]
    row = next((one for one in rows if not any((part.data or "") for part in one)), rows[0])
    for one in found:
        said = {
            "amount": f"{one.amount:g}" if isinstance(one.amount, float) else str(one.amount),
            "item": one.item,
            "currency": one.currency,
            "per": one.per,
        }
        fills = tuple(
            Fill(f"{row.name}-{part}", value, MAIN if part == "amount" else BOUND)
            for part, value in said.items()
            if value
        )
        shown = f"{one.item}: {said['amount']} {one.currency} {one.per}".strip(": ")
        words = excerpt(quoted.text, one.start, one.end)
        yield Offer("details-prices", shown, fills, words)


def _places(quoted: _Quoted) -> Iterator[Offer]:
    for one in places_in_words(session(), viewer(), quoted.read):
        fills = (Fill("place", one.place.path), Fill("place_id", str(one.place.id), BOUND))
        said = Fill("place_verbatim", _line(quoted.text[one.start : one.end]), IF_BLANK)
        words = excerpt(quoted.text, one.start, one.end)
        yield Offer("place", one.place.path, (*fills, said), words)


def _people(form: Any, quoted: _Quoted) -> Iterator[Offer]:
    """An organisation by whom, an individual or a group to whom; each where a row is free."""
    sources = sources_called(session(), [row.source.data or "" for row in form.citations])
    named = parties_in_words(session(), viewer(), services().keyring, quoted.read, sources)
    rows = by_role(form)
    there = {row.party.data for row in form.involvements}
    for one in named:
        side = "by_whom" if one.party.kind == "organisation" and rows["by_whom"] else "who"
        free = [row for row in rows[side] if not (row.party.data or "").strip()]
        if not free or one.party.label in there:
            continue
        row = free[0].name
        fills = (
            Fill(f"{row}-party", one.party.label),
            Fill(f"{row}-party_id", str(one.party.id), BOUND),
        )
        words = excerpt(quoted.text, one.start, one.end)
        yield Offer(row, one.party.label, fills, words, one.party.detail)


def _around(form: Any, quoted: _Quoted) -> Iterator[Offer]:
    """What the first quote does not name itself: none of it is taken along with the rest."""
    if not (form.place.data or "").strip():
        place = place_before(form.citations[0].source.data or "", quoted.text)
        if place is not None:
            fills = (Fill("place", place.path), Fill("place_id", str(place.id), BOUND))
            yield Offer("place", place.path, fills, meaning="named last before these words")
    free = [row.name for row in by_role(form)["who"] if not (row.party.data or "").strip()]
    for label in labels_in(quoted.read, form.declared.code) if free else ():
        yield Offer(free[0], label, (Fill(f"{free[0]}-party", label),), meaning="as a label")


def _line(words: str) -> str:
    return " ".join(words.split())[:300]


def _first_of_empty(
    offers: Mapping[str, tuple[Offer, ...]], fields: Mapping[str, Any]
) -> Iterator[Offer]:
    """For each field in which nothing stands the first suggestion that words speak for."""
    for several in offers.values():
        first = next((one for one in several if one.taken_along), None)
        if first is not None and not _value(fields.get(first.field)):
            yield first


def _fields(form: Any) -> dict[str, Any]:
    """Every field of the form by the name it is posted under."""
    found: dict[str, Any] = {}
    waiting = list(form)
    while waiting:
        field = waiting.pop()
        if field.type == "FieldList":
            waiting.extend(field.entries)
        elif field.type == "FormField":
            waiting.extend(field.form)
        else:
            found[field.name] = field
    return found


def _value(field: Any) -> str:
    value = field.data if field is not None else None
    return "" if value is None else str(value).strip()


def _filled(field: Any, fill: Fill, others: list[Offer]) -> None:
    """What was typed stays, unless it is the very field that was asked for, or came from another
    suggestion there.
    """
    if field is None:
        return
    offered = {one.value for other in others for one in other.fills if one.name == fill.name}
    if fill.how == IF_BLANK and _value(field) and _value(field) not in offered:
        return
    field.data = int(fill.value) if field.type == "IntegerField" else fill.value
    # A number shows what was posted rather than what it holds.
    field.raw_data = None
    field.errors = ()
