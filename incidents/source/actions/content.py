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
from incidents.fetched import Facts
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
    # The programs that fetched it and made the text; None: it is the bytes' own.
    tool_versions: Mapping[str, str] | None = None
    # What is kept in clear of how it was fetched; of a protected source no address and no header.
    fetched: Facts | None = None
    # As the archive keeps it; None: nothing was fetched. Its size in clear.
    warc: bytes | None = None
    warc_size_bytes: int | None = None
    # Where else the same source would stand; see `Content.also_at`.
    also_at: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[bytes, ...]:
        """All that the archive must hold before the row is written."""
        return (self.stored,) if self.warc is None else (self.stored, self.warc)

    @property
    def warc_sha256(self) -> str | None:
        return sha256(self.warc).hexdigest() if self.warc is not None else None


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
        tool_versions=_tool_versions(content),
        fetched=content.fetched,
        warc=content.warc if content.fetched else None,
        warc_size_bytes=len(content.warc) if content.fetched else None,
        also_at=content.also_at,
    )


def read(content: Content, *, limit_mb: int) -> Content:
    """With what was extracted, unless it is to be kept without its text. FieldErrors as above."""
    path = "text" if content.method == "pasted" else "file"
    if len(content.body) > limit_mb * BYTES_PER_MB:
        given = len(content.body) / BYTES_PER_MB
        raise FieldErrors({path: f"This is {given:.1f} MB; at most {limit_mb} MB are taken."})
    if content.without_text:
        return replace(content, extracted=None)
    if content.extracted is not None:
        return content
    try:
        found = _pasted(content) if content.method == "pasted" else _file(content)
    except ExtractionError as error:
        raise FieldErrors({path: error.message}) from None
    return replace(content, extracted=found)


def shown_name(text: str) -> str | None:
    """The file's own name, without what neither a database nor a line of text holds."""
    signs = (sign for sign in PurePath(text).name if sign.isprintable() or sign in _JOINERS)
    return "".join(signs)[:LONGEST_FILE_NAME] or None


def _file(content: Content) -> Extracted:
    return extract(
        content.body,
        file_name=content.file_name,
        charset=content.charset,
        address=content.fetched.final_url if content.fetched else None,
    )


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
        tool_versions=_tool_versions(content),
        fetched=_without_addresses(content.fetched),
        warc=sealed_bytes(key, content.warc) if content.fetched else None,
        warc_size_bytes=len(content.warc) if content.fetched else None,
        also_at=content.also_at,
    )


def _tool_versions(content: Content) -> Mapping[str, str] | None:
    fetching = content.fetched.tool_versions if content.fetched else {}
    reading = content.extracted.tool_versions if content.extracted else {}
    return {**fetching, **reading} or None


def _without_addresses(fetched: Facts | None) -> Facts | None:
    """They stand in the WARC file, which is sealed."""
    return replace(fetched, asked="", final_url="", redirects=(), headers=()) if fetched else None
