"""What was read out of a file: its kind, its text, and what it says of itself.

Owns the value and its form between two processes; refuses to know how any kind of file is read.
"""

import json
import re
from dataclasses import asdict, dataclass, field
from typing import Any

from incidents.errors import IncidentsError

# Of one file's text, in characters: a novel has a million.
LONGEST_TEXT = 5_000_000
LONGEST_LINE = 2_000
# C0 but tab and line feed, C1 but NEL, and what no program may exchange.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
# They show words in another order than they are stored in.
_OVERRIDES = re.compile("[\u202d\u202e]")
_TURNED = "Characters that turn the direction of writing were left out."
_CUT = "Only its first 5 million characters were taken."


class ExtractionError(IncidentsError):
    """Its text can't be read; the message says why and what to do."""


@dataclass(frozen=True)
class Extracted:
    """`text` is what quotes are found in; the rest is proposed, for somebody to check.

    `published` is EDTF, `language` BCP 47, `url` an http(s) address or None.
    """

    media_type: str
    text: str
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    published: str | None = None
    language: str | None = None
    url: str | None = None
    # The programs that made the text, by name: the same versions make the same text.
    tool_versions: dict[str, str] = field(default_factory=dict)
    # Sentences for who chose the file.
    warnings: tuple[str, ...] = ()

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Extracted":
        said: dict[str, Any] = json.loads(text)
        return cls(**{**said, "warnings": tuple(said["warnings"])})


def cleaned(text: str) -> tuple[str, list[str]]:
    """A text as it may be stored and shown, and the sentences about what was left out of it."""
    warnings = []
    text = _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n"))
    if _OVERRIDES.search(text):
        text = _OVERRIDES.sub("", text)
        warnings.append(_TURNED)
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT]
        warnings.append(_CUT)
    return text, warnings


def one_line(text: object, most: int = LONGEST_LINE) -> str | None:
    """A title or a name: on one line, without invisible marks of direction; None when empty."""
    if not isinstance(text, str):
        return None
    text = _UNWANTED.sub(
        "", re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]", "", text[:9999])
    )
    return " ".join(text.split())[:most].strip() or None
