"""Sealing: what is sealed opens with its key, in its place, and nowhere else."""

import base64
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.crypto import KEY_BYTES, Keyring, SealError, key_from_base64

MAIN_KEY = bytes(range(32))
NAME = "Рахат Токтарова"


@pytest.fixture
def keyring() -> Keyring:
    return Keyring(MAIN_KEY)


def sealed_name(key: bytes) -> bytes:
    return Keyring.seal(key, NAME, table="party", row_id=7, version=1)


@given(text=st.text(st.characters(codec="utf-8")), row_id=st.integers(1, 2**63 - 1))
def test_a_sealed_text_opens_to_itself(text: str, row_id: int) -> None:
    key = Keyring.new_key()
    sealed = Keyring.seal(key, text, table="party", row_id=row_id, version=2)
    assert Keyring.unseal(key, sealed, table="party", row_id=row_id, version=2) == text


def test_sealing_twice_never_gives_the_same_bytes() -> None:
    key = Keyring.new_key()
    assert len({sealed_name(key) for _ in range(100)}) == 100


def test_the_clear_text_is_not_in_the_sealed_one() -> None:
    assert NAME.encode() not in sealed_name(Keyring.new_key())


@pytest.mark.parametrize(
    ("table", "row_id", "version"), [("source", 7, 1), ("party", 8, 1), ("party", 7, 2)]
)
def test_a_value_moved_to_another_place_does_not_open(
    table: str, row_id: int, version: int
) -> None:
    key = Keyring.new_key()
    sealed = sealed_name(key)
    with pytest.raises(SealError):
        Keyring.unseal(key, sealed, table=table, row_id=row_id, version=version)


def test_another_key_does_not_open_it() -> None:
    sealed = sealed_name(Keyring.new_key())
    with pytest.raises(SealError):
        Keyring.unseal(Keyring.new_key(), sealed, table="party", row_id=7, version=1)


def test_no_byte_can_be_changed_or_lost() -> None:
    key = Keyring.new_key()
    sealed = sealed_name(key)
    changed = [
        sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in range(len(sealed))
    ]
    for wrong in [*changed, sealed[:-1], sealed[:28], b""]:
        with pytest.raises(SealError):
            Keyring.unseal(key, wrong, table="party", row_id=7, version=1)


def test_a_row_s_key_is_unwrapped_only_by_its_main_key_and_for_its_row(keyring: Keyring) -> None:
    key = Keyring.new_key()
    wrapped = keyring.wrap(key, "party", 7)
    assert keyring.unwrap(wrapped, "party", 7) == key
    assert key not in wrapped
    attempts: list[Callable[[], bytes]] = [
        lambda: keyring.unwrap(wrapped, "party", 8),
        lambda: keyring.unwrap(wrapped, "source", 7),
        lambda: Keyring(bytes(32)).unwrap(wrapped, "party", 7),
    ]
    for attempt in attempts:
        with pytest.raises(SealError):
            attempt()


def test_a_wrapped_key_is_no_sealed_text(keyring: Keyring) -> None:
    wrapped = keyring.wrap(Keyring.new_key(), "party", 7)
    with pytest.raises(SealError):
        Keyring.unseal(MAIN_KEY, wrapped, table="party", row_id=7, version=0)


def test_a_keyed_hash_depends_on_text_purpose_and_main_key(keyring: Keyring) -> None:
    hashes = {
        keyring.keyed_hash("aibek", "party name"),
        keyring.keyed_hash("aibek", "audit"),
        keyring.keyed_hash("aibeк", "party name"),
        Keyring(bytes(32)).keyed_hash("aibek", "party name"),
    }
    assert len(hashes) == 4
    assert keyring.keyed_hash("aibek", "audit") == Keyring(MAIN_KEY).keyed_hash("aibek", "audit")


def test_stored_values_still_open() -> None:
    """Values of the first release: what changes them makes every stored name unreadable."""
    keyring = Keyring(MAIN_KEY)
    wrapped = base64.b64decode(WRAPPED)
    key = keyring.unwrap(wrapped, "party", 7)
    assert key == bytes(range(32, 64))
    opened = Keyring.unseal(key, base64.b64decode(SEALED), table="party", row_id=7, version=1)
    assert opened == NAME
    assert keyring.keyed_hash("aibek", "party name") == HASHED
    assert keyring.fingerprint() == FINGERPRINT


def test_nothing_secret_shows() -> None:
    keyring = Keyring(MAIN_KEY)
    assert repr(keyring) == str(keyring) == "Keyring(…)"
    key = Keyring.new_key()
    with pytest.raises(SealError) as error:
        Keyring.seal(key, NAME + "\ud800", table="party", row_id=7, version=1)
    assert NAME not in str(error.value)
    assert error.value.__suppress_context__


@pytest.mark.parametrize("text", ["", "short", "change-me", base64.b64encode(bytes(31)).decode()])
def test_a_text_that_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(SealError):
        Keyring.from_base64(text)


def test_both_alphabets_of_base64_are_read() -> None:
    key = b"\xfb\xff" * (KEY_BYTES // 2)
    assert key_from_base64(base64.b64encode(key).decode() + "\n") == key
    assert key_from_base64(base64.urlsafe_b64encode(key).decode()) == key


WRAPPED = "AVJXRHUu+lj5ydcADbovJjUNfRCpcRnWJQS7ArRg1f1/AxNqRIALsnTNy2FcK+E5fW4fu7OLZU3hX7M1VA=="
SEALED = "Aa5u8KXDzTKTdjLjikJowdMRCeCQ1Z06mtdFagXEINsbXI6TMSjwWzZIeYnxT75Q84pbZJzbCp+gNA=="
HASHED = "cde48fe3381b2a666ddba1d181b8042d39a8e3cdd4b4826959a1cbbccb750f81"
FINGERPRINT = "27e72af20da2d539"
