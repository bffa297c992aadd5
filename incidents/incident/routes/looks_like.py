"""What words selected in a source look like, as a page says it: a hint, never a choice."""

from incidents.found_types import likely_types
from incidents.incident.types import TYPES

_LONGEST_SELECTION = 5_000


def said_types(text: str) -> list[dict[str, str]]:
    """Type, label, the words that speak for it, and a line that says both."""
    return [
        {
            "type": one.type,
            "label": TYPES[one.type].label,
            "words": one.words,
            "said": f"{TYPES[one.type].label.lower()} – “{' '.join(one.words.split())}”",
        }
        for one in likely_types(text[:_LONGEST_SELECTION])
    ]
