"""Files chosen in a form that is not saved yet, each sealed in a folder until it is.

A browser forgets a chosen file with every answer. What is only then marked as protected must not
have lain anywhere in clear, so the bytes are sealed at once, for the account that sent them.
Refuses to know what is in them.
"""

import base64
import re
import secrets
import tempfile
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from incidents.crypto import Keyring, SealError

KEPT_DAYS = 7
# Of one account: the oldest go first.
MOST_FILES = 10
_TABLE = "unsaved file"
_VERSION = 1
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,40}")
_DAY_S = 86_400


class UnsavedFiles:
    """A folder of sealed files, made when the first is kept."""

    def __init__(self, folder: Path, keyring: Keyring) -> None:
        self._folder = folder
        self._keyring = keyring

    def keep(self, owner: int, content: bytes) -> str:
        """The token by which its owner finds it again; what is too old or too much goes."""
        token = secrets.token_urlsafe(18)
        path = self._path(owner, token)
        key = Keyring.new_key()
        wrapped = self._keyring.wrap(key, _TABLE, path.name)
        clear = base64.b64encode(content).decode()
        sealed = Keyring.seal(key, clear, table=_TABLE, row_id=path.name, version=_VERSION)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._sweep(owner)
        with tempfile.NamedTemporaryFile(dir=self._folder, prefix=".", delete=False) as file:
            file.write(len(wrapped).to_bytes(2, "big") + wrapped + sealed)
        Path(file.name).replace(path)
        return token

    def get(self, owner: int, token: str) -> bytes | None:
        """None when it is gone, or never was this account's."""
        if not _TOKEN.fullmatch(token):
            return None
        path = self._path(owner, token)
        try:
            stored = path.read_bytes()
            end = 2 + int.from_bytes(stored[:2], "big")
            key = self._keyring.unwrap(stored[2:end], _TABLE, path.name)
            clear = Keyring.unseal(
                key, stored[end:], table=_TABLE, row_id=path.name, version=_VERSION
            )
        except (FileNotFoundError, SealError):
            return None
        return base64.b64decode(clear)

    def drop(self, owner: int, token: str) -> None:
        if _TOKEN.fullmatch(token):
            self._path(owner, token).unlink(missing_ok=True)

    def _path(self, owner: int, token: str) -> Path:
        # The name is not the token: who reads the folder can't ask for the file.
        return self._folder / f"{owner}-{sha256(token.encode()).hexdigest()[:32]}"

    def _sweep(self, owner: int) -> None:
        before = time.time() - KEPT_DAYS * _DAY_S
        own: list[tuple[float, Path]] = []
        for path in self._folder.iterdir():
            # Another process may be sweeping, too.
            with suppress(FileNotFoundError):
                changed = path.stat().st_mtime
                if changed < before:
                    path.unlink()
                elif path.name.startswith(f"{owner}-"):
                    own.append((changed, path))
        for _, path in sorted(own)[: max(0, len(own) - MOST_FILES + 1)]:
            path.unlink(missing_ok=True)
