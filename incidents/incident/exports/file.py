"""An export as a file of this machine: whole or not there at all."""

from collections.abc import Callable
from pathlib import Path

from incidents.incident.exports.log import LoggedExport

Told = Callable[[int], None]


def write_file(export: LoggedExport, path: Path, told: Told) -> None:
    """Write the bytes beside `path`, then put them in its place; `told` hears the rows so far.

    What is no plain file (a pipe, /dev/null) is written to as it is. OSError if it can't be.
    """
    if path.exists() and not path.is_file():
        _write(export, path, told)
        return
    part = path.with_name(f"{path.name}.part")
    try:
        _write(export, part, told)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _write(export: LoggedExport, path: Path, told: Told) -> None:
    with path.open("wb") as file:
        for chunk in export:
            file.write(chunk)
            told(export.rows)
