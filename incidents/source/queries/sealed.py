"""Opens and closes what a protected source keeps as ciphertext: its bytes and its text.

Each protected source has a key of its own, wrapped by the main one; destroying it erases them.
"""

import base64
import json

from sqlmodel import Session, select

from incidents.archive import Archive
from incidents.crypto import Keyring
from incidents.errors import NotFound
from incidents.source.models import Snapshot, SourceKey

_VERSION = 1
_ERASED = "The words of this source were erased."
# The source's own key binds the bytes to it: no row has an id yet when they are sealed.
_BYTES = ("snapshot bytes", "")
_TEXT = "snapshot text"
_QUOTE = "citation"


def source_key(session: Session, keyring: Keyring, source_id: int) -> bytes | None:
    """None when the source isn't protected, or once its key was destroyed."""
    stored = session.exec(select(SourceKey).where(SourceKey.source_id == source_id)).one_or_none()
    if stored is None or stored.wrapped is None:
        return None
    return keyring.unwrap(stored.wrapped, "source_key", source_id)


def wrapped_key(keyring: Keyring, key: bytes, source_id: int) -> bytes:
    return keyring.wrap(key, "source_key", source_id)


def snapshot_bytes(
    session: Session, keyring: Keyring, archive: Archive, snapshot: Snapshot
) -> bytes:
    """The bytes as they came. NotFound once they were erased; ArchiveError when damaged."""
    key = source_key(session, keyring, snapshot.source_id)
    if key is None and snapshot.text_sealed is not None:
        raise NotFound(_ERASED)
    stored = archive.get(snapshot.sha256)
    if key is None:
        return stored
    return opened_bytes(key, stored)


def opened_bytes(key: bytes, stored: bytes) -> bytes:
    table, row_id = _BYTES
    return base64.b64decode(
        Keyring.unseal(key, stored, table=table, row_id=row_id, version=_VERSION)
    )


def sealed_bytes(key: bytes, body: bytes) -> bytes:
    table, row_id = _BYTES
    clear = base64.b64encode(body).decode()
    return Keyring.seal(key, clear, table=table, row_id=row_id, version=_VERSION)


def sealed_text(key: bytes, text: str, digest: str) -> bytes:
    """`digest` is the SHA-256 of the sealed bytes beside it: it stands for the snapshot."""
    return Keyring.seal(key, text, table=_TEXT, row_id=digest, version=_VERSION)


def opened_text(key: bytes, sealed: bytes, digest: str) -> str:
    return Keyring.unseal(key, sealed, table=_TEXT, row_id=digest, version=_VERSION)


def sealed_words(key: bytes, words: tuple[str, str, str], source_id: int) -> bytes:
    """A quote's exact words, prefix and suffix."""
    clear = json.dumps(words, ensure_ascii=False)
    return Keyring.seal(key, clear, table=_QUOTE, row_id=source_id, version=_VERSION)


def opened_words(key: bytes, sealed: bytes, source_id: int) -> tuple[str, str, str]:
    """A quote's exact words, prefix and suffix."""
    clear = Keyring.unseal(key, sealed, table=_QUOTE, row_id=source_id, version=_VERSION)
    exact, prefix, suffix = json.loads(clear)
    return exact, prefix, suffix
