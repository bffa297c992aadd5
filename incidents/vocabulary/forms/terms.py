"""The form of a term a team adds. What makes a good one is the action's to say."""

import re
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Optional

from incidents.errors import FieldErrors
from incidents.folding import fold
from incidents.vocabulary.forms import storable
from incidents.vocabulary.record import TermSaid

_TEXT: list[Any] = [Optional(), storable]


class TermForm(FlaskForm):
    # Which words it was opened on.
    read = HiddenField(validators=_TEXT)
    label = StringField("Label", validators=_TEXT, description="As pages and reports say it.")
    code = StringField(
        "Code",
        validators=_TEXT,
        description="In exports and addresses, for good. Left empty, it is made from the label.",
    )
    definition = TextAreaField(
        "Definition",
        validators=_TEXT,
        description="When it is chosen, and what to choose instead near its edge.",
    )
    example = TextAreaField("Example", validators=_TEXT)

    def said(self, code: str = "") -> TermSaid:
        """What was typed; `code` is that of a term there is already."""
        label = _words(self.label.data)
        return TermSaid(
            code=code or _words(self.code.data) or _code_of(label),
            label=label,
            definition=_words(self.definition.data),
            example=_words(self.example.data),
        )

    def show(self, errors: FieldErrors) -> None:
        """Put each error beside its field."""
        for path, messages in errors.errors.items():
            self[path].errors = [*self[path].errors, *messages]


def _words(text: str | None) -> str:
    return " ".join((text or "").split())


def _code_of(label: str) -> str:
    """Of Latin letters and digits; "" for a label in another script, whose code is to be typed."""
    return re.sub(r"[^a-z0-9]+", "_", fold(label).lower()).strip("_")[:40]
