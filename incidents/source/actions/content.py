"""Reads the bytes of a source before any transaction: hashed, read, sealed where they must be.

The archive keeps the bytes as they came. The extracted text of pasted words and of plain text is
their own, without a byte order mark and with CRLF as LF; `incidents.extraction` makes the others'.
Knows no database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import PurePath

from incidents.crypto import Keyring
from incidents.errors import FieldErrors
from incidents.extracted import Extracted, ExtractionError
from incidents.extraction import extract, media_type_of
from incidents.source.queries.sealed import sealed_bytes, sealed_text
from incidents.source.record import Content

BYTES_PER_MB = 1_000_000
LONGEST_FILE_NAME = 200
# Part of the spelling in Persian and in Indic scripts.
_JOINERS = "\u200c\u200d"
_PASTED = "text/plain"


@dataclass(frozen=True)
class Prepared:
    """Bytes for `Archive.put`, and what the snapshot's row will say of them.

    With `key` the source is protected: `stored` and `sealed_text` are ciphertext under it.
    """

    stored: bytes
    # Of `stored`, hex: the archive's name for it.
    sha256: str
    # Of the bytes as they came.
    size_bytes: int
    media_type: str
    file_name: str | None
    method: str
    # None: it has none that can be read, or it is sealed.
    text: str | None
    text_sha256: str | None
    sealed_text: bytes | None = None
    key: bytes | None = field(default=None, repr=False)
    # The programs that made the text; None: it is the bytes' own.
    tool_versions: Mapping[str, str] | None = None


def prepare(
    content: Content, *, limit_mb: int, protected: bool = False, key: bytes | None = None
) -> Prepared:
    """FieldErrors on `file` or `text`, by how it came, in a sentence that says what to do.

    `key` is that of a protected source that gets another copy; without it one is made.
    """
    content = read(content, limit_mb=limit_mb)
    found = content.extracted
    if protected:
        return _sealed(content, key or Keyring.new_key())
    text = found.text if found else None
    return Prepared(
        stored=content.body,
        sha256=sha256(content.body).hexdigest(),
        size_bytes=len(content.body),
        media_type=_media_type(content),
        file_name=shown_name(content.file_name or ""),
        method=content.method,
        text=text,
        text_sha256=sha256(text.encode()).hexdigest() if text is not None else None,
        tool_versions=(found.tool_versions or None) if found else None,
    )


def read(content: Content, *, limit_mb: int) -> Content:
    """With what was extracted, unless it is to be kept without its text. FieldErrors as above."""
    path = "file" if content.method == "uploaded" else "text"
    if len(content.body) > limit_mb * BYTES_PER_MB:
        given = len(content.body) / BYTES_PER_MB
        raise FieldErrors({path: f"This is {given:.1f} MB; at most {limit_mb} MB are taken."})
    if content.without_text:
        return replace(content, extracted=None)
    if content.extracted is not None:
        return content
    try:
        found = _pasted(content) if content.method == "pasted" else _uploaded(content)
    except ExtractionError as error:
        raise FieldErrors({path: error.message}) from None
    return replace(content, extracted=found)


def shown_name(text: str) -> str | None:
    """The file's own name, without what neither a database nor a line of text holds."""
    signs = (sign for sign in PurePath(text).name if sign.isprintable() or sign in _JOINERS)
    return "".join(signs)[:LONGEST_FILE_NAME] or None


def _uploaded(content: Content) -> Extracted:
    return extract(content.body, file_name=content.file_name)


def _pasted(content: Content) -> Extracted:
    text = content.body.decode()
    if "\0" in text:
        raise ExtractionError("There is a NUL character in it: it is not plain text.")
    if not text.strip():
        raise ExtractionError("There is no text in it.")
    return Extracted(_PASTED, text)


def _media_type(content: Content) -> str:
    if content.extracted is not None:
        return content.extracted.media_type
    return media_type_of(content.body, content.file_name)


def _sealed(content: Content, key: bytes) -> Prepared:
    stored = sealed_bytes(key, content.body)
    digest = sha256(stored).hexdigest()
    found = content.extracted
    return Prepared(
        stored=stored,
        sha256=digest,
        size_bytes=len(content.body),
        media_type=_media_type(content),
        # A file is often named after who speaks in it.
        file_name=None,
        method=content.method,
        text=None,
        text_sha256=None,
        # Sealed also when it is empty: by this one knows that the bytes are, too.
        sealed_text=sealed_text(key, found.text if found else "", digest),
        key=key,
        tool_versions=(found.tool_versions or None) if found else None,
    )
