"""Reads the bytes of a source before any transaction: hashed, decoded, sealed where they must be.

The archive keeps the bytes as they came. The extracted text is their UTF-8 without a byte order
mark and with CRLF as LF; nothing else is touched. Knows no database.
"""

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import PurePath

from incidents.crypto import Keyring
from incidents.errors import FieldErrors
from incidents.source.queries.sealed import sealed_bytes, sealed_text
from incidents.source.record import Content

BYTES_PER_MB = 1_000_000
LONGEST_FILE_NAME = 200
# Part of the spelling in Persian and in Indic scripts.
_JOINERS = "\u200c\u200d"
# By the ending of the name; the type is never taken from the browser.
MEDIA_TYPES = {".txt": "text/plain", ".md": "text/markdown"}
_BOM = "\ufeff"


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
    text: str | None
    text_sha256: str | None
    sealed_text: bytes | None = None
    key: bytes | None = field(default=None, repr=False)


def prepare(content: Content, *, limit_mb: int, protected: bool = False) -> Prepared:
    """FieldErrors on `file` or `text`, by how it came, in a sentence that says what to do."""
    path = "file" if content.method == "uploaded" else "text"
    media_type = _media_type(content)
    if len(content.body) > limit_mb * BYTES_PER_MB:
        given = len(content.body) / BYTES_PER_MB
        raise FieldErrors({path: f"This is {given:.1f} MB; at most {limit_mb} MB are taken."})
    text = _text(content.body, path)
    name = _shown_name(content.file_name or "")
    if protected:
        return _sealed(content, media_type, text)
    return Prepared(
        stored=content.body,
        sha256=sha256(content.body).hexdigest(),
        size_bytes=len(content.body),
        media_type=media_type,
        file_name=name,
        method=content.method,
        text=text,
        text_sha256=sha256(text.encode()).hexdigest(),
    )


def _shown_name(text: str) -> str | None:
    """The file's own name, without what neither a database nor a line of text holds."""
    signs = (sign for sign in PurePath(text).name if sign.isprintable() or sign in _JOINERS)
    return "".join(signs)[:LONGEST_FILE_NAME] or None


def decoded(body: bytes) -> str | None:
    """The extracted text of such bytes; None when they are not UTF-8."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return text.removeprefix(_BOM).replace("\r\n", "\n")


def _media_type(content: Content) -> str:
    if content.method == "pasted":
        return "text/plain"
    media_type = MEDIA_TYPES.get(PurePath(content.file_name or "").suffix.lower())
    if media_type is None:
        raise FieldErrors(
            {"file": "Only .txt and .md files are taken yet. Paste the text of another kind."}
        )
    return media_type


def _text(body: bytes, path: str) -> str:
    text = decoded(body)
    if text is None:
        raise FieldErrors(
            {path: "The file is not UTF-8 text. Save it as UTF-8, or paste its text."}
        )
    if "\0" in text:
        raise FieldErrors({path: "There is a NUL character in it: it is not plain text."})
    if not text.strip():
        raise FieldErrors({path: "There is no text in it."})
    return text


def _sealed(content: Content, media_type: str, text: str) -> Prepared:
    key = Keyring.new_key()
    stored = sealed_bytes(key, content.body)
    digest = sha256(stored).hexdigest()
    return Prepared(
        stored=stored,
        sha256=digest,
        size_bytes=len(content.body),
        media_type=media_type,
        # A file is often named after who speaks in it.
        file_name=None,
        method=content.method,
        text=None,
        text_sha256=None,
        sealed_text=sealed_text(key, text, digest),
        key=key,
    )
