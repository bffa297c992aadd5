"""Refuses to build a wheel without what `make assets` builds: its pages would lack it."""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BuiltAssets(BuildHookInterface):  # type: ignore[type-arg]
    """Hatchling asks it before every wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        # The environment that builds them needs an editable install first.
        if version == "editable":
            return
        package = Path(self.root) / "incidents"
        missing = runpy.run_path(str(package / "built.py"))["not_built"](package)
        if missing:
            raise RuntimeError(f"not built: {', '.join(missing)}; run make assets first")
