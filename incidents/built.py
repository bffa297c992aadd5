"""Owns which files of the package `make assets` builds, and whether they are there.

Imports nothing of ours: the build of a wheel runs this file where nothing is installed yet.
"""

import re
from pathlib import Path

GAZETTEER = "gazetteer.sqlite"
_ASKED_FOR = re.compile(r"filename=['\"](built/[^'\"]+)['\"]")


def built(package: Path) -> list[str]:
    """Below the package's folder, in order: what its pages ask for, and the gazetteer."""
    pages = (package / "templates").rglob("*.html")
    asked = {name for page in pages for name in _ASKED_FOR.findall(page.read_text("utf-8"))}
    return [GAZETTEER, *(f"static/{name}" for name in sorted(asked))]


def not_built(package: Path) -> list[str]:
    """Which of them are missing or empty."""
    files = ((name, package / name) for name in built(package))
    return [name for name, file in files if not file.is_file() or not file.stat().st_size]
