"""Forms of sources: what was typed, as typed. They check shapes and never touch the database."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional

from incidents.errors import FieldErrors
from incidents.folding import has_unstorable
from incidents.source.actions import decoded
from incidents.source.record import Confirmed, Content, SourceSaid, pasted, proposed_title
from incidents.vocabulary.forms import SelectChoice, options, storable
from incidents.vocabulary.types import Term

_DATE_HELP = (
    "A day as 2011-12-16, a month as 2011-12, a span as 2011-12-16/2011-12-19; ~ for about."
)
_FORGOTTEN = (
    "Browsers forget a chosen file, so its text now stands in the box."
    " Choose the file again to keep its exact bytes."
)
_BOTH = "The box holds another text than this file. Empty the box, or leave the file out."


_TEXT: list[Any] = [Optional(), storable]


class SourceForm(FlaskForm):
    """The metadata; choices are checked by the action, which knows the team's own terms."""

    title = StringField("Title", validators=[storable])
    kind = SelectField("Kind", validate_choice=False, validators=[storable])
    publisher = StringField("Publisher", validators=_TEXT)
    author = StringField("Author", validators=_TEXT)
    url = StringField("Web address", validators=_TEXT)
    alternate_urls = TextAreaField(
        "Other addresses of it", validators=_TEXT, description="One to a line."
    )
    archive_url = StringField(
        "Address in a web archive", validators=_TEXT, description="Of a copy, as web.archive.org."
    )
    language = StringField(
        "Language", validators=_TEXT, description="Its code: en, ru, kk, kk-Cyrl."
    )
    published = StringField("Published", validators=_TEXT, description=_DATE_HELP)
    published_basis = SelectField("How that date is known", validate_choice=False, validators=_TEXT)
    accessed_at = DateField("Read on", validators=[Optional()])
    reliability = SelectField("Reliability", validate_choice=False, validators=_TEXT)
    reliability_reason = TextAreaField("Reason for the grade", validators=_TEXT)
    origin = StringField(
        "Copies the story of",
        validators=_TEXT,
        description="The reference of the source it copies, as SRC-2026-00007.",
    )
    same_address_ok = BooleanField("It is another source at the same address")

    def offer(self, choices: Mapping[str, list[Term]]) -> None:
        """The choices, from the vocabularies `source_kind`, `date_basis` and `reliability`."""
        self.kind.choices = _choices("Choose the kind", choices["source_kind"])
        self.published_basis.choices = options(choices["date_basis"])
        self.reliability.choices = _choices("Not graded", choices["reliability"])

    def said(
        self, *, accessed_before: datetime | None = None, protected: bool = False
    ) -> SourceSaid:
        """What was typed. A day that stays as it was keeps its time."""
        return SourceSaid(
            title=self.title.data or "",
            kind=self.kind.data or "",
            publisher=self.publisher.data,
            author=self.author.data,
            url=self.url.data,
            archive_url=self.archive_url.data,
            alternate_urls=tuple((self.alternate_urls.data or "").splitlines()),
            language=self.language.data,
            published=self.published.data,
            published_basis=self.published_basis.data,
            accessed_at=_instant(self.accessed_at.data, accessed_before),
            reliability=self.reliability.data,
            reliability_reason=self.reliability_reason.data,
            origin=self.origin.data,
            protected=protected,
        )

    def show(self, errors: FieldErrors) -> None:
        """Put each error beside its field; what has no field stands above the form."""
        for path, messages in errors.errors.items():
            if path in self:
                self[path].errors = [*self[path].errors, *messages]
            else:
                self.form_errors.extend(messages)


class NewSourceForm(SourceForm):
    """With the source's text, or a file of it."""

    form_token = HiddenField(validators=[storable])
    text = TextAreaField(
        "Text", validators=_TEXT, description="Paste it whole: quotes are looked up in it."
    )
    file = FileField("File", description="A .txt or .md file in UTF-8, instead of pasted text.")
    protected = BooleanField(
        "Protect this source",
        description="For an unpublished testimony: its words are encrypted, and only you and those"
        " who work with its incidents see it. The title is not: name nobody in it.",
    )
    same_text_ok = BooleanField("It is another source with the same text")

    def content(self) -> Content | None:
        """The file if there is one, else the text. FieldErrors on `file` when they differ."""
        upload, text = self.file.data, self.text.data or ""
        if not isinstance(upload, FileStorage) or not upload.filename:
            return pasted(text) if text.strip() else None
        content = Content(upload.read(), "uploaded", upload.filename)
        if text.strip() and pasted(text).body.decode() != decoded(content.body):
            raise FieldErrors({"file": _BOTH})
        return content

    def keep_file(self, content: Content) -> None:
        """A browser can't be told to choose a file again: its text is kept in the box instead."""
        text = decoded(content.body)
        if text and not has_unstorable(text) and not (self.text.data or "").strip():
            self.text.data = text
            self.file.errors = [*self.file.errors, _FORGOTTEN]

    def confirmed(self) -> Confirmed:
        return Confirmed(
            same_address=bool(self.same_address_ok.data), same_text=bool(self.same_text_ok.data)
        )

    def propose(self) -> None:
        """Fill a form that came with a text or an address alone."""
        words = (self.text.data or "").split(None, 1)
        if len(words) == 1 and words[0].lower().startswith(("http://", "https://")):
            self.url.data, self.text.data = words[0], ""
        self.title.data = proposed_title(self.text.data or "")


class EditSourceForm(SourceForm):
    version = HiddenField(validators=[storable])

    @property
    def read_version(self) -> int:
        """The version this form was opened on; 0 when somebody tampered with it."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class ReasonForm(FlaskForm):
    reason = TextAreaField(
        "Why nothing (more) is to be logged from it",
        validators=[storable, Length(max=2000, message="Use at most 2,000 characters.")],
    )


def shown(said: SourceSaid) -> dict[str, Any]:
    """A form's fields for what is said now."""
    return {
        **{name: getattr(said, name) for name in said.__dataclass_fields__},
        "alternate_urls": "\n".join(said.alternate_urls),
        "accessed_at": said.accessed_at.astimezone(UTC).date() if said.accessed_at else None,
    }


def _choices(blank: str, terms: Iterable[Term]) -> list[Any]:
    return [SelectChoice(value="", label=blank), *options(terms, blank=False)]


def _instant(day: date | None, before: datetime | None) -> datetime | None:
    if day is None:
        return None
    if before is not None and before.astimezone(UTC).date() == day:
        return before
    return datetime.combine(day, time(), UTC)
