"""Which codebook a record was exported under: the program's version and a hash of its codes.

The hash changes when a type, a detail or a shipped term does, and with nothing else.
"""

import hashlib
from functools import cache
from importlib.metadata import version

from incidents.db import canonical_json
from incidents.incident.types import TYPES
from incidents.vocabulary.types import vocabularies

_DIGITS = 12


def app_version() -> str:
    return version("incidents")


@cache
def codebook_version() -> str:
    """As "0.1.0+3f2a9c01b7de"."""
    declared = {
        code: [
            [one.name, one.label, one.kind.value, one.vocabulary, one.required]
            for one in type_.details
        ]
        for code, type_ in TYPES.items()
    }
    terms = {
        name: {code: [term.label, term.definition] for code, term in known.terms.items()}
        for name, known in vocabularies().items()
    }
    text = canonical_json({"types": declared, "terms": terms})
    return f"{app_version()}+{hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]}"
