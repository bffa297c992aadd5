"""Rewrites the stylesheet's block of type colours from their declaration.

Run it as `python -m tests.generate_css` after a colour has changed.
"""

from pathlib import Path

import incidents
from incidents.incident.types import TYPES

SHEET = Path(incidents.__file__).parent / "static" / "incidents.css"
BEGIN = (
    "/* types: generated from incidents/incident/types.py by `python -m tests.generate_css` */\n"
    "/* --t the tint behind words, --ti the ink for glyph, rule and label */\n"
)
END = "/* end types */\n"


def type_rules() -> str:
    """One rule a type, in declared order."""
    return "".join(
        f".t-{code} {{ --t: light-dark({colours.tint}, {colours.dark_tint});"
        f" --ti: light-dark({colours.ink}, {colours.dark_ink}); }}\n"
        for code, colours in ((code, declared.colours) for code, declared in TYPES.items())
    )


def with_types(sheet: str) -> str:
    """The sheet with its block as the declaration gives it. ValueError when there is none."""
    before, _, rest = sheet.partition("/* types:")
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError("The sheet has no block of types.")
    return f"{before}{BEGIN}{type_rules()}{END}{after}"


if __name__ == "__main__":
    SHEET.write_text(with_types(SHEET.read_text("utf-8")), "utf-8")
