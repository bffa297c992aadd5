"""What the forms of every feature share: a check of texts, and a vocabulary's terms as choices."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from wtforms import Field

# Not in the published types of WTForms yet, and tuples are deprecated.
from wtforms.fields import SelectChoice as _SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import ValidationError

from incidents.folding import UNSTORABLE, has_unstorable
from incidents.vocabulary.types import Term

SelectChoice: Any = _SelectChoice


@dataclass
class TermChoice(_SelectChoice):
    """A term as an option; what it means stands beside the field (`fields.meaning`)."""

    definition: str = ""
    example: str = ""


NOT_STATED = SelectChoice(value="", label="Not stated")


def storable(_form: object, field: Field) -> None:
    """Refuse what neither database can hold, before anything else looks at it."""
    if isinstance(field.data, str) and has_unstorable(field.data):
        raise ValidationError(UNSTORABLE)


def options(terms: Iterable[Term], *, blank: bool = True) -> list[Any]:
    """The choices of a select; a blank one first unless something must be chosen."""
    listed = [
        TermChoice(
            value=term.code,
            label=f"{term.label} (retired)" if term.retired else term.label,
            definition=term.definition,
            example=term.example,
        )
        for term in terms
    ]
    return [NOT_STATED, *listed] if blank else listed
