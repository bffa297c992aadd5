"""The archive: what it is given it gives back, or it says that it can't."""

import stat
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from incidents.archive import Archive, ArchiveError


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "var" / "archive")


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("content", [b"", b"Janaozen, 16 December 2011", bytes(range(256)) * 4000])
def test_what_is_put_in_comes_back_under_its_hash(archive: Archive, content: bytes) -> None:
    digest = archive.put(content)
    assert digest == sha256(content).hexdigest()
    assert archive.has(digest)
    assert archive.get(digest) == content


def test_only_the_owner_can_read_it(archive: Archive) -> None:
    archive.put(b"testimony")
    archive.write_note("audit-head", "1 abc")
    for path in [archive.folder, *archive.folder.rglob("*")]:
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path


def test_the_same_bytes_are_kept_once(archive: Archive) -> None:
    with ThreadPoolExecutor(8) as writers:
        digests = set(writers.map(archive.put, [b"one wire story" * 1000] * 40))
    assert len(digests) == 1
    assert files_in(archive.folder) == [archive.path(digests.pop())]


def test_missing_bytes_are_named(archive: Archive) -> None:
    digest = "0" * 64
    assert not archive.has(digest)
    with pytest.raises(ArchiveError, match=digest):
        archive.get(digest)


def test_changed_bytes_are_refused_and_mended_by_the_right_ones(archive: Archive) -> None:
    digest = archive.put(b"the police denied it")
    archive.path(digest).write_bytes(b"the police confirmed it")
    with pytest.raises(ArchiveError, match="damaged"):
        archive.get(digest)
    archive.put(b"the police denied it")
    assert archive.get(digest) == b"the police denied it"


@pytest.mark.parametrize("name", ["", "../keys.toml", "ab", "G" * 64, "A" * 64, "0" * 63 + "\n"])
def test_a_name_that_is_no_hash_reaches_no_file(archive: Archive, name: str) -> None:
    for look in (archive.get, archive.has, archive.path):
        with pytest.raises(ArchiveError):
            look(name)


def test_a_note_is_replaced_whole(archive: Archive) -> None:
    assert archive.read_note("audit-head") is None
    archive.write_note("audit-head", "1 aaa\r\n")
    archive.write_note("audit-head", "2 Жаңаөзен\n")
    assert archive.read_note("audit-head") == "2 Жаңаөзен\n"


@pytest.mark.parametrize("name", ["", "../head", "Head", "-x", "a/b", ".hidden"])
def test_a_note_stays_in_its_folder(archive: Archive, name: str) -> None:
    with pytest.raises(ArchiveError):
        archive.write_note(name, "text")


def test_a_write_that_fails_leaves_nothing_behind(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(_self: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full_disk)
    with pytest.raises(OSError, match="No space"):
        archive.put(b"a photograph")
    assert files_in(archive.folder) == []
