"""The small forms of a reviewer: a reason, a grade, who may read it.

The app's own token guards them.
"""

from collections.abc import Iterable
from typing import Any

from wtforms import Form, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from incidents.incident.forms.rows import LONG, TEXT
from incidents.vocabulary.forms import SelectChoice, options, storable
from incidents.vocabulary.types import Term

_REASON: list[Any] = [
    InputRequired("Give the reason: the author reads it."),
    Length(max=5000, message="At most 5,000 characters fit here."),
    storable,
]


class ReasonForm(Form):
    reason = TextAreaField("Reason", validators=_REASON)


class RejectForm(Form):
    rejection = SelectField("Why")
    duplicate_of = StringField("Duplicate of", validators=TEXT, description="As INC-2026-00042.")
    reason = TextAreaField("Reason", validators=_REASON)


class AssessForm(Form):
    assessment = RadioField("How far it is to be believed", validators=[Optional()])
    reason = TextAreaField("Why", validators=LONG)


class RestrictForm(Form):
    publication = SelectField("Who may read it")
    accounts = StringField(
        "Seal it to",
        validators=TEXT,
        description="Only for a seal: names of accounts, with commas between. Its author and you"
        " are named at once.",
    )


def decision_form(
    name: str, posted: Any, terms: Iterable[Term], current: str | None = None
) -> Form:
    """The form of one act, its fields prefixed with the act's name: several stand on one page."""
    listed = list(terms)
    if name == "reject":
        reject = RejectForm(posted, prefix=name)
        reject.rejection.choices = options(listed, blank=False)
        return reject
    if name == "assess":
        assess = AssessForm(posted, prefix=name, assessment=current or "")
        none = SelectChoice(value="", label="Not assessed")
        assess.assessment.choices = [*options(listed, blank=False), none]
        return assess
    if name == "restrict":
        restrict = RestrictForm(posted, prefix=name)
        narrower = {"open": ("internal", "sealed"), "internal": ("sealed",)}.get(current or "", ())
        terms = [term for term in listed if term.code in narrower]
        restrict.publication.choices = options(terms, blank=False)
        return restrict
    return ReasonForm(posted, prefix=name)
