"""A type's details as form fields, and what was typed back into the shapes of `Kind`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wtforms import (
    FieldList,
    Form,
    FormField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import Optional

from incidents.incident.forms.rows import (
    LONG,
    TEXT,
    LinesField,
    PriceRow,
    SaidRow,
)
from incidents.incident.types import Detail, IncidentType, Kind
from incidents.vocabulary.forms import options
from incidents.vocabulary.types import Term

Choices = Mapping[str, Sequence[Term]]
_NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_UNITS = {"year": "Y", "month": "M", "week": "W", "day": "D"}
_DURATION = re.compile(r"(\d{1,4}|[a-z]+)\s+(year|month|week|day|hour)s?")


def details_form(declared: IncidentType, choices: Choices) -> type[Form]:
    """One field per declared detail, in the declared order, by its name."""
    fields = {detail.name: _field(detail, choices) for detail in declared.details}
    return type("DetailsForm", (Form,), fields)


def details_typed(form: Any, declared: IncidentType) -> dict[str, Any]:
    """Blank ones left out; a duration in words becomes ISO 8601, an amount a number."""
    typed = {detail.name: _typed(detail, form[detail.name]) for detail in declared.details}
    return {name: value for name, value in typed.items() if value not in ("", None, [])}


def details_shown(declared: IncidentType, values: Mapping[str, Any]) -> dict[str, Any]:
    """Stored values as the fields take them."""
    return {
        detail.name: "\n".join(values[detail.name])
        if detail.kind is Kind.TEXTS
        else values[detail.name]
        for detail in declared.details
        if detail.name in values
    }


def duration(text: str) -> str:
    """`four days` or `2 weeks` as ISO 8601; what is no such words comes back as it is."""
    words = _DURATION.fullmatch(text.strip().lower())
    if words is None:
        return text.strip()
    number = words[1] if words[1].isdigit() else None
    if number is None and words[1] in _NUMBERS:
        number = str(_NUMBERS.index(words[1]) + 1)
    if number is None:
        return text.strip()
    return f"PT{number}H" if words[2] == "hour" else f"P{number}{_UNITS[words[2]]}"


def _field(detail: Detail, choices: Choices) -> Any:
    terms = choices.get(detail.vocabulary, ())
    label, help_words = detail.label, detail.help
    if detail.required:
        help_words = f"{help_words} Needed to submit.".strip()
    optional: list[Any] = [] if detail.required else [Optional()]
    match detail.kind:
        case Kind.CHOICE:
            return SelectField(label, optional, choices=options(terms), description=help_words)
        case Kind.CHOICES:
            listed = options(terms, blank=False)
            return SelectMultipleField(label, optional, choices=listed, description=help_words)
        case Kind.TEXTS:
            return LinesField(label, LONG, description=help_words)
        case Kind.SAID:
            stance = SelectField("Stance", [Optional()], choices=options(terms))
            row = type("TypedSaidRow", (SaidRow,), {"stance": stance})
            return FieldList(FormField(row), label, min_entries=1, max_entries=50)
        case Kind.PRICES:
            return FieldList(FormField(PriceRow), label, min_entries=1, max_entries=50)
        case _:
            return StringField(label, TEXT, description=help_words)


def _typed(detail: Detail, field: Any) -> Any:
    match detail.kind:
        case Kind.CHOICES:
            return list(field.data or ())
        case Kind.TEXTS:
            return [line.strip() for line in (field.data or "").splitlines() if line.strip()]
        case Kind.DURATION:
            return duration(field.data or "")
        case Kind.SAID:
            rows = [_filled(row.data, ("stance", "text")) for row in field]
            return [row for row in rows if row]
        case Kind.PRICES:
            rows = [_price(row.data) for row in field]
            return [row for row in rows if row]
        case _:
            return (field.data or "").strip()


def _filled(data: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: data[name].strip() for name in names if (data.get(name) or "").strip()}


def _price(data: Mapping[str, Any]) -> dict[str, Any]:
    data = {name: str(value) if value is not None else "" for name, value in data.items()}
    price: dict[str, Any] = _filled(data, ("item", "amount", "currency", "per"))
    amount = re.sub(r"[\s,]", "", price.get("amount", ""))
    if re.fullmatch(r"\d{1,15}(\.\d{1,6})?", amount, re.ASCII):
        price["amount"] = float(amount) if "." in amount else int(amount)
    if "currency" in price:
        price["currency"] = price["currency"].upper()
    return price
