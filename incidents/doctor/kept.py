"""Of the archive and the disk: whether every stored copy is there with its own bytes."""

import os
import shutil
import stat

from incidents.archive import ArchiveError
from incidents.doctor.installation import Installation, Unseen, Wrong, may_write
from incidents.source.queries import copies_kept

# Copies whose bytes are read, spread over all of them, unless all are asked for.
SAMPLE = 200
LEAST_FREE_BYTES = 1_000_000_000


def folder(of: Installation) -> str:
    kept = of.settings.archive
    if kept.exists() and not kept.is_dir():
        raise Wrong(f"{kept} is no folder: name another with archive")
    if os.geteuid() == 0 and kept.exists() and kept.stat().st_uid != 0:
        raise Unseen("root may write anything; ask as the account the server runs as")
    if not may_write(kept):
        raise Wrong(f"{kept} can’t be written: give it to the account the server runs as")
    if not kept.exists():
        return f"{kept} is made with the first source."
    if stat.S_IMODE(kept.stat().st_mode) & 0o077:
        raise Wrong(f"{kept} can be opened by others; run: chmod 700 {kept}")
    return f"{kept} is its owner’s alone and can be written."


def copies(of: Installation) -> str:
    with of.reading() as session:
        kept = copies_kept(session)
    # One in so many, so that early and late ones are among them.
    step = 1 if of.every_copy else -(-len(kept) // SAMPLE) or 1
    read = kept[::step]
    lost = [reference for digest, reference in kept if not of.archive.has(digest)]
    if lost:
        raise Wrong(f"The archive lacks {_told(lost)}: put them back from a backup")
    damaged = [reference for digest, reference in read if not _is_whole(of, digest)]
    if damaged:
        raise Wrong(f"The bytes have changed of {_told(damaged)}: put them back from a backup")
    if not kept:
        return "No copy of a source is kept yet."
    if len(read) < len(kept):
        return (
            f"All {len(kept)} are there; {len(read)} were read and are unchanged (--all reads all)."
        )
    return f"All {len(kept)} are there and unchanged."


def disk(of: Installation) -> str:
    free = {}
    for path in {of.settings.archive, of.settings.sqlite_file or of.settings.archive}:
        there = next(one for one in (path, *path.parents) if one.exists())
        free[there] = shutil.disk_usage(there).free
    folder, least = min(free.items(), key=lambda one: one[1])
    if least < LEAST_FREE_BYTES:
        raise Wrong(f"{least / 1e6:.0f} MB are free at {folder}: make room")
    return f"{least / 1e9:.0f} GB are free."


def _is_whole(of: Installation, digest: str) -> bool:
    try:
        of.archive.get(digest)
    except ArchiveError:
        return False
    return True


def _told(references: list[str]) -> str:
    each = list(dict.fromkeys(references))
    return "copies of " + ", ".join(each[:3]) + (f" and {len(each) - 3} more" if each[3:] else "")
