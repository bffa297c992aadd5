"""A chosen file waits sealed, for its owner alone, and not for ever."""

import os
import time
from pathlib import Path

import pytest

from incidents.crypto import Keyring
from incidents.unsaved_files import KEPT_DAYS, MOST_FILES, UnsavedFiles

KEYRING = Keyring(bytes(range(32)))


@pytest.fixture
def kept(tmp_path: Path) -> UnsavedFiles:
    return UnsavedFiles(tmp_path / "unsaved", KEYRING)


def test_its_owner_gets_it_again_until_it_is_dropped(kept: UnsavedFiles) -> None:
    token = kept.keep(7, b"\0Aibek")
    assert kept.get(7, token) == b"\0Aibek"
    assert kept.get(8, token) is None
    kept.drop(8, token)
    assert kept.get(7, token) == b"\0Aibek"
    kept.drop(7, token)
    assert kept.get(7, token) is None
    kept.drop(7, token)


@pytest.mark.parametrize("token", ["", "../../keys.toml", "x" * 24, "a/b", "\0"])
def test_another_token_finds_nothing(kept: UnsavedFiles, token: str) -> None:
    kept.keep(7, b"x")
    assert kept.get(7, token) is None
    kept.drop(7, token)


def test_nothing_lies_in_clear(kept: UnsavedFiles, tmp_path: Path) -> None:
    token = kept.keep(7, b"Aibek saw it")
    (file,) = (tmp_path / "unsaved").iterdir()
    assert b"Aibek" not in file.read_bytes()
    assert token not in file.name
    assert file.stat().st_mode & 0o077 == 0
    assert (tmp_path / "unsaved").stat().st_mode & 0o077 == 0
    assert UnsavedFiles(tmp_path / "unsaved", Keyring(bytes(32))).get(7, token) is None


def test_a_changed_file_is_none(kept: UnsavedFiles, tmp_path: Path) -> None:
    token = kept.keep(7, b"x")
    (file,) = (tmp_path / "unsaved").iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    assert kept.get(7, token) is None
    file.write_bytes(b"")
    assert kept.get(7, token) is None


def test_what_is_old_goes_and_an_account_keeps_few(kept: UnsavedFiles, tmp_path: Path) -> None:
    first = kept.keep(8, b"old")
    (file,) = (tmp_path / "unsaved").iterdir()
    then = time.time() - (KEPT_DAYS + 1) * 86_400
    os.utime(file, (then, then))
    tokens = [kept.keep(7, str(number).encode()) for number in range(MOST_FILES + 2)]
    assert kept.get(8, first) is None
    assert kept.get(7, tokens[-1]) == str(MOST_FILES + 1).encode()
    assert len(list((tmp_path / "unsaved").iterdir())) == MOST_FILES
