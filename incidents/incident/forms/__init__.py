"""The incident's form, generated from its type's declaration. Checks shapes, never touches the
database.

Choices are passed in; names, dates and counts stay as typed: `record.entry.Entry` carries them on.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectField,
    StringField,
)
from wtforms.validators import Optional

from incidents.errors import FieldErrors
from incidents.incident.forms.details import (
    Choices,
    details_form,
    details_shown,
    details_typed,
)
from incidents.incident.forms.rows import (
    LONG,
    TEXT,
    YES_NO,
    CitationRow,
    FigureRow,
    InvolvementRow,
    LinesField,
    RelationRow,
    rows_said,
)
from incidents.incident.record.entry import (
    CitationTyped,
    Entry,
    FigureTyped,
    InvolvementTyped,
    RelationTyped,
)
from incidents.incident.record.newcomer import protected_by_default
from incidents.incident.types import IncidentType
from incidents.vocabulary.forms import SelectChoice, options, storable

_DATE_HELP = "16 Dec 2011, Dec 2011, about 18 Dec 2011, between 16 and 19 Dec 2011, or EDTF."
_PLAIN = (
    *("title", "summary", "date", "date_precision", "date_basis", "date_verbatim"),
    *("ongoing_when_reported", "place", "place_country", "place_within", "place_precision"),
    *("place_verbatim", "subject_place", "event", "notes", "publication"),
    *("place_id", "place_within_id", "subject_place_id"),
)
_NO_WORDS = "Paste the words, or tick that the source is cited as a whole."
AS_POSTED = object()
AS_PROPOSED = SelectChoice(value="", label="As role and number propose")
# Where the form calls a part of the record by another name.
_FIELD_OF = {"fields": "supports"}
_VOCABULARIES = {
    "date_precision": "date_precision",
    "date_basis": "date_basis",
    "place_precision": "place_precision",
}


class IncidentForm(FlaskForm):
    """Everything but the details, which `incident_form` adds for one type."""

    class Meta:
        # A half-typed form outlives an hour; the end of the session is what bounds it.
        csrf_time_limit = None

    form_token = HiddenField(validators=[storable])
    version = HiddenField(validators=[storable])
    title = StringField("Title", validators=TEXT)
    summary = LinesField("Summary", validators=LONG)
    date = StringField("When", validators=TEXT, description=_DATE_HELP)
    date_not_known = BooleanField("The date is not known")
    date_precision = SelectField("How exact it is", validators=[Optional()])
    date_basis = SelectField("How the date is known", validators=[Optional()])
    date_verbatim = StringField("Date, as written", validators=TEXT)
    ongoing_when_reported = SelectField(
        "Ongoing when reported", choices=YES_NO, validators=[Optional()]
    )
    place = StringField("Where", validators=TEXT)
    place_id = HiddenField(validators=TEXT)
    place_country = SelectField("Country of the new place", validators=[Optional()])
    place_within = StringField("The new place lies in", validators=TEXT)
    place_within_id = HiddenField(validators=TEXT)
    place_precision = SelectField("How precise the place is", validators=[Optional()])
    place_verbatim = StringField("Place, as written", validators=TEXT)
    subject_place = StringField("Place it is about, when that is elsewhere", validators=TEXT)
    subject_place_id = HiddenField(validators=TEXT)
    event = StringField("Event", validators=TEXT)
    notes = LinesField("Notes", validators=LONG)
    publication = SelectField("Who may read it", default="open")
    reason = LinesField("Why", validators=LONG)
    citations = FieldList(FormField(CitationRow), min_entries=1, max_entries=50)
    figures = FieldList(FormField(FigureRow), min_entries=1, max_entries=30)
    involvements = FieldList(FormField(InvolvementRow), min_entries=1, max_entries=50)
    relations = FieldList(FormField(RelationRow), min_entries=1, max_entries=50)

    declared: IncidentType
    # The terms its fields offer, by vocabulary.
    offered: Choices

    @property
    def read_version(self) -> int:
        """The version this form was opened on; 0 when somebody tampered with it."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def entry(self) -> Entry:
        """What was typed, without the rows that say nothing."""
        form: Any = self
        plain: dict[str, Any] = {name: form[name].data or "" for name in _PLAIN}
        return Entry(
            type=self.declared.code,
            date_not_known=bool(self.date_not_known.data),
            citations=_said(CitationTyped, form.citations),
            figures=_figures(form.figures, form.citations),
            involvements=_said(InvolvementTyped, form.involvements),
            relations=_said(RelationTyped, form.relations),
            details=details_typed(form.details.form, self.declared),
            **plain,
        )

    def validate(self, extra_validators: Any = None) -> bool:
        valid: bool = super().validate(extra_validators)
        self._protect()
        return self._ask_for_quotes() and valid

    def _ask_for_quotes(self) -> bool:
        """Whether each further citation has its words, or says that it has none."""
        rows: list[Any] = [self.citations[index].form for index in rows_said(self.citations)[1:]]
        asked = [row for row in rows if not (row.quote.data or "").strip() and not row.whole.data]
        for row in asked:
            row.quote.errors = [*row.quote.errors, _NO_WORDS]
        return not asked

    def _protect(self) -> None:
        """Tick the box of whom a blank row did not protect and what was typed since does: a
        witness, a child, somebody in custody.
        """
        entry = self.entry()
        for typed, index in zip(entry.involvements, rows_said(self.involvements), strict=True):
            row: Any = self.involvements[index].form
            if row.untouched.data and protected_by_default(entry, typed):
                row.protected.data, row.untouched.data = True, ""

    def show(self, errors: FieldErrors) -> None:
        """Put each error beside its field; what has no field stands above the form."""
        for path, messages in errors.errors.items():
            field = _at(self, path)
            if field is None:
                self.form_errors.extend(messages)
            else:
                told = [message for message in messages if message not in field.errors]
                field.errors = [*field.errors, *told]


def incident_form(
    declared: IncidentType,
    choices: Choices,
    countries: Iterable[tuple[str, str]],
    entry: Entry,
    typed: Any,
) -> IncidentForm:
    """The form of one type, filled with `typed`: fields, or what the request posted; where that is
    None or nothing was posted, with `entry`.
    """
    details = FormField(details_form(declared, choices))
    kind: Any = type("TypedIncidentForm", (IncidentForm,), {"details": details})
    posted = {} if typed is AS_POSTED else {"formdata": typed}
    form: Any = kind(data=_shown(declared, entry), **posted)
    form.declared, form.offered = declared, choices
    form.place_country.choices = [
        SelectChoice(value=code, label=name)
        for code, name in [("", "Choose a country"), *countries]
    ]
    for name, vocabulary in _VOCABULARIES.items():
        form[name].choices = options(choices[vocabulary])
    form.publication.choices = options(choices["publication"], blank=False)
    fill_rows(form, declared, choices)
    result: IncidentForm = form
    return result


def blank_entry(declared: IncidentType, source: str, quote: str = "", **said: Any) -> Entry:
    """What a new incident's form starts with: its source and quote, a figure, who, and by whom."""
    protected = declared.role != "official_speaker"
    figure = FigureTyped(measure=declared.measure, citation=1, in_totals=not declared.statement)
    people = [InvolvementTyped(role=declared.role, protected=protected)]
    if not declared.statement:
        people.append(InvolvementTyped(role="alleged_perpetrator", protected=False))
    about = (RelationTyped(type="about"),) if declared.statement else ()
    given = {"figures": (figure,), "involvements": tuple(people), "relations": about}
    return Entry(declared.code, (CitationTyped(source, quote),), **{**given, **said})


def fill_rows(form: Any, declared: IncidentType, choices: Choices) -> None:
    """Give the repeated rows their choices; again after a row was added."""
    supports = _supports(declared, choices)
    for row in form.citations:
        row.form.basis.choices = options(choices["citation_basis"])
        row.form.stance.choices = options(choices["stance"], blank=False)
        row.form.utterance.choices = options(choices["utterance"])
        row.form.credibility.choices = options(choices["credibility"])
        row.form.supports.choices = supports
    for row in form.figures:
        row.form.measure.choices = options(choices["measure"], blank=False)
        row.form.sex.choices = options(choices["sex"])
    for row in form.involvements:
        row.form.role.choices = options(choices["role"], blank=False)
        row.form.kind.choices = [AS_PROPOSED, *options(choices["party_kind"], blank=False)]
        row.form.attribution.choices = options(choices["attribution"])
        row.form.relationship.choices = options(choices["relationship"])
    for row in form.relations:
        row.form.type.choices = options(choices["relation"], blank=False)
        row.form.asserted_by.choices = options(choices["asserted_by"], blank=False)


def _supports(declared: IncidentType, choices: Choices) -> list[Any]:
    fixed = [("date", "When"), ("place", "Where"), ("involvements", "Who")]
    fixed += [("title", "Title"), ("summary", "Summary"), ("subject_place", "Place it is about")]
    own = [(f"details.{detail.name}", detail.label) for detail in declared.details]
    counted = [
        (f"figures.{term.code}", f"How many: {term.label.lower()}") for term in choices["measure"]
    ]
    return [SelectChoice(value=path, label=label) for path, label in [*fixed, *own, *counted]]


def _shown(declared: IncidentType, entry: Entry) -> dict[str, Any]:
    shown = {name: getattr(entry, name) for name in (*_PLAIN, "date_not_known")}
    empty = blank_entry(declared, "")
    for name in ("citations", "figures", "involvements", "relations"):
        rows = getattr(entry, name) or getattr(empty, name)
        shown[name] = [dict(row.__dict__) for row in rows]
    for row in shown["citations"][1:]:
        row["whole"] = not row["quote"]
    for row in shown["involvements"]:
        row["untouched"] = "" if row["party"] or row["protected"] else "1"
    return {**shown, "details": details_shown(declared, entry.details)}


def _row(kind: Any, form: Any) -> Any:
    """One row's fields as its frozen twin: both have the same names."""
    values = {}
    for field in form:
        if field.short_name not in kind.__dataclass_fields__:
            continue
        value = field.data
        if isinstance(value, list):
            value = tuple(value)
        elif value is None and field.type != "IntegerField":
            value = ""
        values[field.short_name] = value
    return kind(**values)


def _said(kind: Any, rows: Any) -> Any:
    return tuple(_row(kind, rows[index].form) for index in rows_said(rows))


def _figures(rows: Any, citations: Any) -> tuple[FigureTyped, ...]:
    """A part names its whole, and a figure its quote, by the page's row."""
    typed: tuple[FigureTyped, ...] = _said(FigureTyped, rows)
    return tuple(
        replace(one, parent=_place(one.parent, rows), citation=_place(one.citation, citations))
        for one in typed
    )


def _place(number: int | None, rows: Any) -> int | None:
    """Of a page's row among those that say something; where it says nothing, none there is."""
    said = rows_said(rows)
    if not number:
        return number
    return said.index(number - 1) + 1 if number - 1 in said else len(said) + 1


def _at(form: Any, path: str) -> Any:
    """The field an error path means; a row's own error stands at the row's first field."""
    current: Any = form
    for part in path.split("."):
        if isinstance(current, FieldList):
            said = rows_said(current)
            is_row = part.isdigit() and int(part) < len(said)
            current = current.entries[said[int(part)]] if is_row else None
        elif isinstance(current, FormField):
            current = current.form._fields.get(_FIELD_OF.get(part, part), current)
        elif isinstance(current, Form):
            current = current._fields.get(part)
        if current is None:
            return None
    while isinstance(current, FormField):
        current = next(iter(current.form))
    return current
