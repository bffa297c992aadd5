"""Owns bytes kept under their SHA-256 in a folder, written so that a name never holds other bytes,
and small named notes beside them. Refuses to know what the bytes are or who may read them."""

import os
import re
import tempfile
from hashlib import sha256
from pathlib import Path

from incidents.errors import IncidentsError

_SHA256 = re.compile(r"[0-9a-f]{64}")
_NOTE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


class ArchiveError(IncidentsError):
    """What was asked for is missing or damaged, or its name can't be one of the archive's."""


class Archive:
    """A folder only its owner can read; made when something is first put into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __repr__(self) -> str:
        return f"Archive({str(self.folder)!r})"

    def put(self, content: bytes) -> str:
        """Store the bytes durably and return their SHA-256; a damaged copy is mended by it.

        Any number of writers may put the same bytes at once.
        """
        digest = sha256(content).hexdigest()
        path = self.path(digest)
        if not _holds(path, digest):
            self._write(path, content)
        return digest

    def get(self, digest: str) -> bytes:
        """ArchiveError if there are no such bytes, or if they are no longer the same."""
        try:
            content = self.path(digest).read_bytes()
        except FileNotFoundError:
            raise ArchiveError(f"The archive has no file {digest}.") from None
        if sha256(content).hexdigest() != digest:
            raise ArchiveError(f"The archive's file {digest} is damaged: its bytes have changed.")
        return content

    def has(self, digest: str) -> bool:
        """Whether there is such a file; says nothing of its bytes."""
        return self.path(digest).is_file()

    def path(self, digest: str) -> Path:
        if not _SHA256.fullmatch(digest):
            raise ArchiveError("A file in the archive is named by 64 lower-case hex digits.")
        return self.folder / digest[:2] / digest[2:4] / digest

    def write_note(self, name: str, text: str) -> None:
        """Replace the note in one step: a reader sees the old text or the new, whole."""
        self._write(self._note_path(name), text.encode())

    def read_note(self, name: str) -> str | None:
        """None if there is no such note."""
        try:
            return self._note_path(name).read_bytes().decode()
        except FileNotFoundError:
            return None

    def _note_path(self, name: str) -> Path:
        if not _NOTE_NAME.fullmatch(name):
            raise ArchiveError("A note's name is lower-case letters, digits and hyphens.")
        return self.folder / "notes" / name

    def _write(self, path: Path, content: bytes) -> None:
        incoming = self.folder / "incoming"
        for folder in (incoming, path.parent):
            _make_folder(folder)
        descriptor, name = tempfile.mkstemp(dir=incoming)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)


def _holds(path: Path, digest: str) -> bool:
    try:
        return sha256(path.read_bytes()).hexdigest() == digest
    except FileNotFoundError:
        return False


def _make_folder(folder: Path) -> None:
    """Make it and the folders above it, 0700 each, every new name durable in its parent."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
