"""Owns the sealing of names and protected texts (AES-GCM) and the keyed hashes to look them up by.
Refuses to store, log or show a key or a clear text; where keys live is config's affair."""

import base64
import binascii
import hmac
import json
import secrets
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from incidents.errors import IncidentsError

KEY_BYTES = 32
FORMAT = b"\x01"
_NONCE_BYTES = 12
_TAG_BYTES = 16
# Of a key under the main one.
WRAPPED_BYTES = len(FORMAT) + _NONCE_BYTES + KEY_BYTES + _TAG_BYTES


class SealError(IncidentsError):
    """A key, a sealed value or its place is not what it must be; never says more than that."""


class Keyring:
    """The main key and what is derived from it: one key to wrap others, one per purpose to hash."""

    __slots__ = ("_hash_keys", "_main_key", "_wrapping_key")

    def __init__(self, main_key: bytes) -> None:
        _check_key(main_key)
        self._main_key = main_key
        self._wrapping_key = self._derived("wrap")
        self._hash_keys: dict[str, bytes] = {}

    @classmethod
    def from_base64(cls, text: str) -> "Keyring":
        return cls(key_from_base64(text))

    def __repr__(self) -> str:
        return "Keyring(…)"

    @staticmethod
    def new_key() -> bytes:
        return secrets.token_bytes(KEY_BYTES)

    def wrap(self, key: bytes, table: str, row_id: int | str) -> bytes:
        """Seal a row's own key under the main one; it opens for that table and row only."""
        _check_key(key)
        return _encrypted(self._wrapping_key, key, _place("wrap", table, row_id, 0))

    def unwrap(self, wrapped: bytes, table: str, row_id: int | str) -> bytes:
        """SealError if it was wrapped under another main key, for another row, or changed."""
        return _decrypted(self._wrapping_key, wrapped, _place("wrap", table, row_id, 0))

    @staticmethod
    def seal(key: bytes, text: str, *, table: str, row_id: int | str, version: int) -> bytes:
        """Encrypt under a row's own key; `version` counts that row's keys, from 1."""
        try:
            clear = text.encode()
        except UnicodeEncodeError:
            # The original error carries the text into every traceback.
            raise SealError("A text with half a character in it can't be sealed.") from None
        return _encrypted(key, clear, _place("seal", table, row_id, version))

    @staticmethod
    def unseal(key: bytes, sealed: bytes, *, table: str, row_id: int | str, version: int) -> str:
        """SealError if the key, the place or the version is another, or a byte has changed."""
        return _decrypted(key, sealed, _place("seal", table, row_id, version)).decode()

    def keyed_hash(self, text: str, purpose: str) -> str:
        """64 hex digits; the same text under another purpose or main key gives another hash.

        Fold the text first: this compares what it is given, code point by code point.
        """
        if purpose not in self._hash_keys:
            self._hash_keys[purpose] = self._derived("hash", purpose)
        return hmac.new(self._hash_keys[purpose], text.encode(), sha256).hexdigest()

    def fingerprint(self) -> str:
        """Sixteen hex digits that tell this main key from others and nothing about it."""
        return self._derived("fingerprint").hex()[:16]

    def _derived(self, *purpose: str) -> bytes:
        info = json.dumps(["incidents", 1, *purpose]).encode()
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(
            self._main_key
        )


def key_from_base64(text: str) -> bytes:
    """SealError unless it is the base64 (plain or URL-safe) of exactly 32 bytes."""
    try:
        key = base64.b64decode(text.strip().replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        raise SealError("The key is not base64.") from None
    _check_key(key)
    return key


def _check_key(key: bytes) -> None:
    if len(key) != KEY_BYTES:
        raise SealError(f"The key must be {KEY_BYTES} bytes, not {len(key)}.")


def _place(use: str, table: str, row_id: int | str, version: int) -> bytes:
    # JSON, not concatenation: ("party", "1", 12) and ("party", "11", 2) must not meet.
    return json.dumps(["incidents", use, table, str(row_id), version]).encode()


def _encrypted(key: bytes, clear: bytes, place: bytes) -> bytes:
    _check_key(key)
    # Random nonces are safe for 2^32 values under one key: each row has its own.
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return FORMAT + nonce + AESGCM(key).encrypt(nonce, clear, FORMAT + place)


def _decrypted(key: bytes, sealed: bytes, place: bytes) -> bytes:
    _check_key(key)
    if sealed[:1] != FORMAT or len(sealed) < 1 + _NONCE_BYTES + _TAG_BYTES:
        raise SealError("The value is not sealed in a form this version knows.")
    nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, FORMAT + place)
    except InvalidTag:
        raise SealError("The sealed value doesn't open: another key, place, or content.") from None
