"""A file chosen in a form: read once, and kept sealed until the form is saved, as a browser forgets
it with the first answer."""

import json
from dataclasses import asdict, dataclass, replace

from incidents.errors import FieldErrors
from incidents.extracted import Extracted
from incidents.extraction import media_type_of
from incidents.source.actions import read, shown_name
from incidents.source.forms import ChosenFile, CopyFields
from incidents.source.record import Content, pasted
from incidents.unsaved_files import UnsavedFiles
from incidents.web import services, viewer

_GONE = "The file is no longer kept here. Choose it again."
_BOTH = "The box holds another text than this file. Empty the box, or leave the file out."
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


def given(form: CopyFields) -> Given:
    """The file chosen now, the one chosen before, or the text; `form.chosen` is set to show it.

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
        errors.add("file", _BOTH)
    return Given(content, errors, is_new=new is not None)


def content_of(form: CopyFields) -> Content | None:
    """The same for a form that asks for nothing but the copy. FieldErrors on `file`."""
    brought = given(form)
    if brought.errors:
        raise brought.errors
    return brought.content


def forget_file(form: CopyFields) -> None:
    """After the form was saved, or when the file is left out."""
    if form.file_token.data:
        _folder().drop(_owner(), form.file_token.data)
        form.file_token.data = ""


def show_file(form: CopyFields) -> None:
    """For a page that shows the form without having asked for the file."""
    if form.chosen is None and form.file_token.data:
        _kept(form)


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
    header = {
        "name": content.file_name,
        "extracted": asdict(content.extracted) if content.extracted else None,
        "fault": errors.errors.get("file", []),
    }
    stored = json.dumps(header).encode() + b"\n" + content.body
    form.file_token.data = _folder().keep(_owner(), stored)
    form.chosen = _shown(content)
    return content, errors


def _kept(form: CopyFields) -> tuple[Content | None, FieldErrors]:
    if not form.file_token.data:
        return None, FieldErrors()
    stored = _folder().get(_owner(), form.file_token.data)
    if stored is None:
        form.file_token.data = ""
        return None, FieldErrors({"file": _GONE})
    header, _, body = stored.partition(b"\n")
    said = json.loads(header)
    found = Extracted.from_json(json.dumps(said["extracted"])) if said["extracted"] else None
    content = Content(body, "uploaded", said["name"], extracted=found)
    form.chosen = _shown(content)
    return content, FieldErrors({"file": said["fault"]} if said["fault"] else None)


def _shown(content: Content) -> ChosenFile:
    media_type = media_type_of(content.body, content.file_name)
    return ChosenFile(
        name=shown_name(content.file_name or "") or _NO_NAME,
        kind="a picture" if media_type.startswith("image/") else _KINDS.get(media_type, "a file"),
        size_bytes=len(content.body),
        extracted=content.extracted,
    )


def _same(text: str, found: Extracted) -> bool:
    return pasted(text).body.decode() == found.text


def _folder() -> UnsavedFiles:
    return UnsavedFiles(services().archive.folder / "unsaved", services().keyring)


def _owner() -> int:
    account_id = viewer().account_id
    assert account_id is not None
    return account_id
