"""Forms of sources: what was typed, as typed. They check shapes and never touch the database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
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

from incidents.addresses import page_archived, same_address
from incidents.errors import FieldErrors
from incidents.extracted import Extracted
from incidents.fetched import Facts
from incidents.source.record import (
    Confirmed,
    Content,
    SourceSaid,
    addresses_found,
    proposed_title,
    said_by_file,
)
from incidents.vocabulary.forms import SelectChoice, options, storable
from incidents.vocabulary.types import Term

_DATE_HELP = "16 Dec 2011, Dec 2011, about 18 Dec 2011, or EDTF."
_PARTED = (
    "That was the address of a copy in a web archive. Here is the page’s own now, and the copy’s"
    " stands in {}. If that is right, save again."
)
_BEGINNING = 1500
_PROPOSED = "Proposed from the file: check it."
_PROPOSED_BY_PAGE = "Proposed from the page: check it."
# Without these there is nothing in a file but its text.
_PLAIN = ("text/plain", "text/markdown")

OWN_STORY = "own"

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

    def part_archive(self) -> bool:
        """Put the page's own address where an archive's was typed, and that one where it belongs:
        to be looked at, with a sentence beside it. Whether there was one.
        """
        typed = (self.url.data or "").strip()
        page = page_archived(typed)
        if page is None:
            return False
        self.url.data, told = page, "“Address in a web archive”"
        if (self.archive_url.data or "").strip() in ("", typed):
            self.archive_url.data = typed
        else:
            told = "“Other addresses of it”"
            self.alternate_urls.data = f"{self.alternate_urls.data or ''}\n{typed}".strip()
        self.url.errors = [*self.url.errors, _PARTED.format(told)]
        return True

    def show(self, errors: FieldErrors) -> None:
        """Put each error beside its field; what has no field stands above the form."""
        for path, messages in errors.errors.items():
            if path in self:
                self[path].errors = [*self[path].errors, *messages]
            else:
                self.form_errors.extend(messages)


@dataclass(frozen=True)
class ChosenFile:
    """What the page says of a file that was chosen before, and is kept until the form is saved."""

    name: str
    # "a web page", by its bytes.
    kind: str
    size_bytes: int
    # None = it can't be read.
    extracted: Extracted | None
    # How it was fetched; None = somebody chose it. Its name is then its address.
    fetched: Facts | None = None

    @property
    def beginning(self) -> str:
        """Of its text, to see at once whether it was read rightly."""
        return self.extracted.text[:_BEGINNING] if self.extracted else ""


class CopyFields:
    """A copy of a source as it is given: pasted text, or a file. See `source.routes.files`."""

    text = TextAreaField(
        "Text", validators=_TEXT, description="Paste it whole: quotes are looked up in it."
    )
    file = FileField(
        "File",
        description="A saved web page (HTML, MHTML), a PDF, an e-mail (.eml) or plain text,"
        " instead of pasted text.",
    )
    # By which a file that was chosen before is found again, and the page that was fetched.
    file_token = HiddenField(validators=[storable])
    capture = HiddenField(validators=[storable])
    leave_out = BooleanField("Leave this file out")
    without_text = BooleanField(
        "Keep the file without its text",
        description="Its bytes are kept, and nothing can be quoted from it until a copy with text"
        " is added.",
    )
    chosen: ChosenFile | None = None
    # Why the page did not come, and what helps, in words; "" where it did, or none was asked for.
    not_fetched = ""
    instead = ""

    def new_file(self) -> Content | None:
        """The file that came with this request."""
        upload = self.file.data
        if not isinstance(upload, FileStorage) or not upload.filename:
            return None
        return Content(upload.read(), "uploaded", upload.filename)


class NewSourceForm(CopyFields, SourceForm):
    """With the source's text, or a file of it."""

    form_token = HiddenField(validators=[storable])
    protected = BooleanField(
        "Protect this source",
        description="For an unpublished testimony: its words are encrypted, and only you and those"
        " who work with its incidents see it. The title is not: name nobody in it.",
    )
    same_text_ok = BooleanField("It is another source with the same text")
    # Of a text that is nearly another's: the reference of whose story it copies, or OWN_STORY.
    story = StringField("Whose story it is", validators=_TEXT)

    def confirmed(self) -> Confirmed:
        """Who says whose story it is has seen that the words are the same, or nearly."""
        same_text = bool(self.same_text_ok.data or (self.story.data or "").strip())
        return Confirmed(
            same_address=bool(self.same_address_ok.data),
            same_text=same_text,
            near_text=same_text or bool((self.origin.data or "").strip()),
        )

    def said(
        self, *, accessed_before: datetime | None = None, protected: bool = False
    ) -> SourceSaid:
        """Whose story it copies may be chosen from what was found, or typed."""
        said = super().said(accessed_before=accessed_before, protected=protected)
        story = (self.story.data or "").strip()
        return said if story in ("", OWN_STORY) else replace(said, origin=story)

    @property
    def is_address_alone(self) -> bool:
        """Nothing else says what the source is, and nobody has tried to fetch it yet."""
        others = (self.title, self.text, self.capture, self.file_token)
        return bool((self.url.data or "").strip()) and not any(
            (field.data or "").strip() for field in others
        )

    def propose(self) -> None:
        """Fill a form that came with a text or an address alone."""
        words = (self.text.data or "").split(None, 1)
        if len(words) == 1 and words[0].lower().startswith(("http://", "https://")):
            self.url.data, self.text.data = words[0], ""
        self.title.data = proposed_title(self.text.data or "")

    def propose_from_file(self) -> bool:
        """Fill what is empty with what a file chosen just now says of itself; False when it says
        nothing, or nothing that is not typed already."""
        found = self.chosen.extracted if self.chosen else None
        if self.chosen and self.chosen.fetched and not self.protected.data:
            self._place_addresses(self.chosen.fetched, found)
            read_on = self.chosen.fetched.finished_at.astimezone(UTC).date()
            self.accessed_at.data = self.accessed_at.data or read_on
        if found is None:
            return False
        nothing_yet = not (self.title.data or "").strip()
        for name, value in self._proposals(found).items():
            if not (self[name].data or "").strip():
                self[name].data = value
        return found.media_type not in _PLAIN or nothing_yet

    def _place_addresses(self, fetched: Facts, found: Extracted | None) -> None:
        """Those typed already stay."""
        main, others = addresses_found((self.url.data or "").strip(), fetched, found)
        known = [address for address in (self.alternate_urls.data or "").splitlines() if address]
        new = [one for one in others if not any(same_address(one, other) for other in known)]
        self.url.data = main
        self.alternate_urls.data = "\n".join([*known, *new])

    def mark_proposed(self) -> list[str]:
        """Say so beside each field that holds what the file says; their labels, in their order."""
        found = self.chosen.extracted if self.chosen else None
        proposals = self._proposals(found) if found else {}
        marked = [field for field in self if field.data and field.data == proposals.get(field.name)]
        for field in marked:
            said = _PROPOSED_BY_PAGE if self.chosen and self.chosen.fetched else _PROPOSED
            field.description = f"{said} {field.description}".strip()
        return [field.label.text for field in marked]

    def _proposals(self, found: Extracted) -> dict[str, str]:
        """Of a protected source nothing that names somebody: these fields are not encrypted."""
        said = said_by_file(Content(b"", "uploaded", extracted=found), "news_article")
        names = ["language", "published", "published_basis"]
        if not self.protected.data:
            names += ["title", "author", "publisher", "url"]
        if self.chosen and self.chosen.fetched and found.media_type == "text/html":
            names.append("kind")
        return {name: value for name in names if (value := getattr(said, name))}


class SnapshotForm(CopyFields, FlaskForm):
    """Another copy of a source that is there: its text, or a file of it."""

    show = SourceForm.show


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
