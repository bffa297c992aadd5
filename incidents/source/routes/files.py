"""A copy given in a form, as a file or as the page that was fetched: read once, and kept sealed
until the form is saved, as a browser forgets a file with the first answer."""

import json
from dataclasses import asdict, dataclass, replace

from incidents.errors import FieldErrors
from incidents.extracted import Extracted
from incidents.extraction import media_type_of
from incidents.fetched import Facts
from incidents.services import Services
from incidents.source.actions import read, shown_name
from incidents.source.forms import ChosenFile, CopyFields
from incidents.source.record import Content, pasted
from incidents.unsaved_files import UnsavedFiles
from incidents.web import services, viewer

_GONE = "The file is no longer kept here. Choose it again."
_GONE_PAGE = "The page is no longer kept here. Fetch it again."
_BOTH = "The box holds another text than this file. Empty the box, or leave the file out."
_BOTH_FETCHED = "The box holds another text than this page. Empty the box, or leave the page out."
_NO_NAME = "a file without a name"
_KINDS = {
    "text/html": "a web page",
    "multipart/related": "a web page in one file (MHTML)",
    "message/rfc822": "an e-mail",
    "application/pdf": "a PDF",
    "text/plain": "plain text",
    "text/markdown": "Markdown",
}


@dataclass(frozen=True)
class Given:
    """What a form brought: a file, a text or nothing, and what is wrong with it."""

    content: Content | None
    errors: FieldErrors
    # A file that came with this very request.
    is_new: bool = False

    @property
    def is_nothing(self) -> bool:
        return self.content is None and not self.errors and not self.is_new


def given(form: CopyFields) -> Given:
    """The file chosen now, the one that came before, or the text; `form.chosen` is set to show it.

    Raises nothing, so that it can be asked first: whatever else is wrong, the file is kept.
    """
    form.chosen = None
    new = form.new_file()
    if new is not None:
        forget_file(form)
        content, errors = _taken(form, new)
    elif form.leave_out.data:
        forget_file(form)
        content, errors = None, FieldErrors()
    else:
        content, errors = _kept(form)
    text = form.text.data or ""
    if content is None:
        own = pasted(text) if text.strip() and not errors else None
        return Given(own, errors, is_new=new is not None)
    if form.without_text.data:
        content, errors = replace(content, extracted=None, without_text=True), FieldErrors()
    if text.strip() and not (content.extracted and _same(text, content.extracted)):
        errors.add("file", _BOTH_FETCHED if content.fetched else _BOTH)
    return Given(content, errors, is_new=new is not None)


def fetched_before(form: CopyFields) -> Given:
    """The page that was fetched for this form, whether or not it is to be left out again."""
    content, errors = _kept(form)
    if errors and content is None:
        errors = FieldErrors({"file": _GONE_PAGE})
    return Given(content, errors)


def content_of(form: CopyFields) -> Content | None:
    """The same for a form that asks for nothing but the copy. FieldErrors on `file`."""
    brought = given(form)
    if brought.errors:
        raise brought.errors
    return brought.content


def forget_file(form: CopyFields) -> None:
    """After the form was saved, or when the file is left out."""
    if form.file_token.data:
        drop_file(services(), _owner(), form.file_token.data)
        form.file_token.data = ""


def show_file(form: CopyFields) -> None:
    """For a page that shows the form without having asked for the file."""
    if form.chosen is None and form.file_token.data:
        _kept(form)


def keep_file(app: Services, owner: int, content: Content, errors: FieldErrors) -> str:
    """Sealed with what was read out of it, or why nothing was; the token it is found by."""
    header = {
        "name": content.file_name,
        "extracted": asdict(content.extracted) if content.extracted else None,
        "fault": errors.errors.get("file", []),
        "fetched": content.fetched.to_json() if content.fetched else None,
        "size": len(content.body),
    }
    stored = json.dumps(header).encode() + b"\n" + content.body + content.warc
    return _folder(app).keep(owner, stored)


def drop_file(app: Services, owner: int, token: str) -> None:
    _folder(app).drop(owner, token)


def _taken(form: CopyFields, content: Content) -> tuple[Content | None, FieldErrors]:
    """Read, and kept for the next time even if it can't be."""
    limit_mb = services().config.upload_limit_mb
    try:
        read(replace(content, without_text=True), limit_mb=limit_mb)
    except FieldErrors as too_large:
        return None, too_large
    errors = FieldErrors()
    try:
        content = read(content, limit_mb=limit_mb)
    except FieldErrors as faults:
        errors = faults
    form.file_token.data = keep_file(services(), _owner(), content, errors)
    form.chosen = _shown(content)
    return content, errors


def _kept(form: CopyFields) -> tuple[Content | None, FieldErrors]:
    if not form.file_token.data:
        return None, FieldErrors()
    stored = _folder(services()).get(_owner(), form.file_token.data)
    if stored is None:
        form.file_token.data = ""
        return None, FieldErrors({"file": _GONE})
    header, _, held = stored.partition(b"\n")
    said = json.loads(header)
    found = Extracted.from_json(json.dumps(said["extracted"])) if said["extracted"] else None
    # What an earlier release kept has no WARC file behind it, and does not say how large it is.
    size = said.get("size", len(held))
    fetched = Facts.from_json(said["fetched"]) if said.get("fetched") else None
    content = Content(
        held[:size],
        "fetched" if fetched else "uploaded",
        said["name"],
        extracted=found,
        fetched=fetched,
        warc=held[size:],
    )
    form.chosen = _shown(content)
    return content, FieldErrors({"file": said["fault"]} if said["fault"] else None)


def _shown(content: Content) -> ChosenFile:
    media_type = media_type_of(content.body, content.file_name)
    name = content.fetched.final_url if content.fetched else shown_name(content.file_name or "")
    return ChosenFile(
        name=name or _NO_NAME,
        kind="a picture" if media_type.startswith("image/") else _KINDS.get(media_type, "a file"),
        size_bytes=len(content.body),
        extracted=content.extracted,
        fetched=content.fetched,
    )


def _same(text: str, found: Extracted) -> bool:
    return pasted(text).body.decode() == found.text


def _folder(app: Services) -> UnsavedFiles:
    return UnsavedFiles(app.archive.folder / "unsaved", app.keyring)


def _owner() -> int:
    account_id = viewer().account_id
    assert account_id is not None
    return account_id
