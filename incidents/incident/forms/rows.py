"""The repeated rows of the incident's form."""

from typing import Any

from wtforms import (
    BooleanField,
    Form,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, Optional

from incidents.vocabulary.forms import NOT_STATED, SelectChoice, storable

YES_NO = [
    NOT_STATED,
    SelectChoice(value="yes", label="Yes"),
    SelectChoice(value="no", label="No"),
]


class LinesField(TextAreaField):
    """A box of several lines: a browser ends each with CRLF, what is stored with LF."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        if isinstance(self.data, str):
            self.data = self.data.replace("\r\n", "\n")


TEXT: list[Any] = [
    Optional(),
    Length(max=300, message="At most 300 characters fit here."),
    storable,
]
LONG: list[Any] = [
    Optional(),
    Length(max=20_000, message="At most 20,000 characters fit here."),
    storable,
]
AGE: list[Any] = [Optional(), NumberRange(0, 150, "An age is between 0 and 150.")]
POSITION: list[Any] = [Optional(), NumberRange(1, 200, "Give its number, from 1.")]


class CitationRow(Form):
    source = StringField("Source", validators=TEXT, description="Its reference, as SRC-2026-00007.")
    quote = LinesField("Quote", validators=LONG)
    # Where in the text the words were selected, in code points: of several places the one meant.
    at = HiddenField(validators=[storable])
    speaker = StringField("Who says so", validators=TEXT)
    speaker_id = HiddenField(validators=[storable])
    speaker_protected = BooleanField("Protect who says so", default=True)
    basis = SelectField("How they know", validators=[Optional()])
    stance = SelectField("These words", default="supports")
    utterance = SelectField("How it is said", validators=[Optional()])
    translated = SelectField("Translated", choices=YES_NO, validators=[Optional()])
    credibility = SelectField("Credibility of what is said", validators=[Optional()])
    supports = SelectMultipleField("What it is about", validators=[Optional()])
    note = StringField("Note", validators=TEXT)
    # Asked of every further row, so that a quote forgotten is not taken for none.
    whole = BooleanField("The source is cited as a whole, without a quote")


class FigureRow(Form):
    measure = SelectField("Of whom")
    how_many = StringField("How many", validators=TEXT)
    verbatim = StringField("As written", validators=TEXT)
    unit = StringField("Unit", validators=TEXT)
    sex = SelectField("Sex", validators=[Optional()])
    age_min = IntegerField("Youngest", validators=AGE)
    age_max = IntegerField("Oldest", validators=AGE)
    citation = IntegerField("Rests on quote", validators=POSITION)
    parent = IntegerField("Part of figure", validators=POSITION)
    in_totals = BooleanField("Count it in totals", default=True)
    totals_reason = StringField("Why this figure is used in totals", validators=TEXT)


class InvolvementRow(Form):
    party = StringField("Party", validators=TEXT)
    party_id = HiddenField(validators=[storable])
    role = SelectField("Role")
    protected = BooleanField("Protect this person", default=True)
    # "1" while the box is as a blank row shows it, not ticked: then it is nobody's decision.
    untouched = HiddenField(validators=[storable])
    kind = SelectField("What a new one is", validators=[Optional()])
    attribution = SelectField("How it is known", validators=[Optional()])
    relationship = SelectField("Relationship", validators=[Optional()])
    relationship_to = StringField("To whom", validators=TEXT)
    relationship_to_id = HiddenField(validators=[storable])
    note = StringField("Note", validators=TEXT)


class RelationRow(Form):
    type = SelectField("This incident")
    to = StringField("Incident", validators=TEXT)
    asserted_by = SelectField("Who says so", default="coder")
    note = StringField("Note", validators=TEXT)


class SaidRow(Form):
    stance = SelectField("Stance", validators=[Optional()])
    text = LinesField("What was said", validators=LONG)


class PriceRow(Form):
    item = StringField("Item", validators=TEXT)
    amount = StringField("Amount", validators=TEXT)
    currency = StringField("Currency", validators=TEXT)
    per = StringField("Per", validators=TEXT)


# A row says something when one of these is filled; of the lists not named here, when any field is.
_SAYS = {
    "citations": (
        *("quote", "speaker", "basis", "utterance", "translated", "credibility", "supports"),
        *("note", "whole"),
    ),
    "figures": ("how_many", "verbatim"),
    "involvements": ("party",),
    "relations": ("to",),
}


def renumbered(rows: Any, data: list[Any]) -> None:
    """Fill a list anew, names and ids from 0, so that the next post reads every row."""
    while rows.entries:
        rows.pop_entry()
    rows.last_index = -1
    for row in data:
        rows.append_entry(row)


def rows_said(rows: Any) -> list[int]:
    """The positions of a list's rows that say something: an empty one is no row of the entry."""
    if rows.short_name == "citations":
        return [index for index, row in enumerate(rows) if not index or _cites(rows, row.form)]
    return [index for index, row in enumerate(rows) if _says(rows.short_name, row.form)]


def _cites(rows: Any, row: Any) -> bool:
    """A further quote begins with the first one's source, and supports: that alone says nothing."""
    source = (row.source.data or "").strip()
    other = source not in ("", (rows[0].form.source.data or "").strip())
    return other or row.stance.data not in (None, "supports") or _says("citations", row)


def _says(name: str, row: Any) -> bool:
    fields = [row[field] for field in _SAYS[name]] if name in _SAYS else list(row)
    return any(str(field.data or "").strip() for field in fields)
