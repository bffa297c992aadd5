"""Which form it is whose words are not saved yet. Knows no field of it."""

import re
from dataclasses import dataclass

from incidents.incident.types import TYPES

_SOURCE, _INCIDENT = r"SRC-\d{4}-\d{5,9}", r"INC-\d{4}-\d{5,9}"
_FORMS = {
    "incident new": re.compile(rf"({_SOURCE}) ([a-z_]{{1,40}})", re.ASCII),
    "incident edit": re.compile(rf"({_INCIDENT})", re.ASCII),
    "incident correct": re.compile(rf"({_INCIDENT})", re.ASCII),
    "source new": re.compile(""),
    "source edit": re.compile(rf"({_SOURCE})", re.ASCII),
}


@dataclass(frozen=True)
class FormName:
    """`incident new SRC-2026-00007 detention`, `incident edit INC-2026-00042`, `source new`."""

    what: str
    # Of the source or the incident it is about; "" for a new source.
    reference: str = ""
    # Of a new incident.
    type: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.reference, self.type) if part)

    @classmethod
    def read(cls, text: str) -> "FormName | None":
        """None for what is no form of ours."""
        for what, rest in _FORMS.items():
            found = rest.fullmatch(text.removeprefix(what).strip())
            if text.startswith(what) and found:
                named = cls(what, *found.groups())
                return named if not named.type or named.type in TYPES else None
        return None
