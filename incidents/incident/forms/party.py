"""Forms of a party and of an event: what was typed, as typed. They never touch the database."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from incidents.errors import FieldErrors
from incidents.incident.actions import PartySaid
from incidents.incident.forms.rows import AGE, LONG, TEXT, LinesField
from incidents.vocabulary.forms import options, storable
from incidents.vocabulary.types import Term

VOCABULARIES = ("party_kind", "privacy", "sex", "party_sort")
_REASON: list[Any] = [
    Optional(),
    Length(max=5000, message="At most 5,000 characters fit here."),
    storable,
]


class VersionedForm(FlaskForm):
    """A form opened on one version of a thing; each error goes beside its field."""

    class Meta:
        # The end of the session is what bounds a half-typed form.
        csrf_time_limit = None

    version = HiddenField(validators=[storable])

    @property
    def read_version(self) -> int:
        """0, which no row has, when somebody tampered with it."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def show(self, errors: FieldErrors) -> None:
        for path, messages in errors.errors.items():
            if path in self:
                # What the form itself found is the same fault in its own words.
                self[path].errors = self[path].errors or messages
            else:
                self.form_errors.extend(messages)


class PartyForm(VersionedForm):
    """`name_shown`: name and aliases stand in it; else they stay as they are."""

    name_shown = HiddenField(validators=[storable])
    kind = SelectField("Kind", validate_choice=False, validators=[storable])
    label = StringField(
        "Label",
        validators=TEXT,
        description="What everybody sees. Words that say who this is without naming them; of a"
        " public party, its name.",
    )
    privacy = SelectField("Privacy", validate_choice=False, validators=[storable])
    name = StringField("Name", validators=TEXT, description="Kept sealed.")
    aliases = LinesField("Other names", validators=LONG, description="One to a line; kept sealed.")
    sex = SelectField("Sex", validate_choice=False, validators=TEXT)
    age = IntegerField("Age", validators=AGE, description="In years, as a source states it.")
    occupation = StringField("Occupation", validators=TEXT)
    sort = SelectField("Sort", validate_choice=False, validators=TEXT)
    parent = StringField("Belongs to", validators=TEXT, description="A party by its label.")
    parent_id = HiddenField(validators=[storable])
    note = LinesField("Note", validators=LONG, description="Internal: readers never see it.")

    def offer(self, choices: Mapping[str, Sequence[Term]]) -> None:
        self.kind.choices = options(choices["party_kind"], blank=False)
        self.privacy.choices = options(choices["privacy"], blank=False)
        self.sex.choices = options(choices["sex"])
        self.sort.choices = options(choices["party_sort"])

    def said(self, parent: int | None) -> PartySaid:
        named = bool(self.name_shown.data)
        return PartySaid(
            kind=self.kind.data or "",
            label=self.label.data or "",
            privacy=self.privacy.data or "",
            name=self.name.data or None if named else None,
            aliases=tuple((self.aliases.data or "").splitlines()) if named else (),
            sex=self.sex.data or None,
            age=self.age.data,
            occupation=self.occupation.data or None,
            note=self.note.data or None,
            sort=self.sort.data or None,
            parent=parent,
            keeps_name=not named,
        )


class EraseForm(FlaskForm):
    """The reason for erasing a name, and of a public party the label that takes its place."""

    reason = LinesField("Why", validators=_REASON)
    label = StringField(
        "Its label from now on",
        validators=TEXT,
        description="The label of a public party is its name. Words that do not name it.",
    )
    sure = BooleanField(
        "Erase the name for good", validators=[InputRequired("Tick this to erase the name.")]
    )


class MergeForm(FlaskForm):
    """Which party becomes which, the versions they were read at, and why."""

    into = HiddenField(validators=[storable])
    version = HiddenField(validators=[storable])
    into_version = HiddenField(validators=[storable])
    reason = LinesField("Why they are one", validators=_REASON)

    def number(self, name: str) -> int:
        """Of a hidden field; 0, which no row has, when somebody tampered with it."""
        text = self[name].data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class EventForm(VersionedForm):
    title = StringField("Title", validators=TEXT)
    summary = LinesField("Summary", validators=LONG)
