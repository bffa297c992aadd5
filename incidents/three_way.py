"""Two people's changes of one thing: which side changed what, and whose is chosen.

Owns the rule of a merge page. Knows no record, no form and no words.
"""

from collections.abc import Mapping

SIDES = ("base", "theirs", "mine")


def differs(theirs: object, mine: object) -> bool:
    """Whether there is anything to choose: what both made the same of it is settled."""
    return theirs != mine


def changed_by(base: object, theirs: object, mine: object) -> str:
    """The side that alone changed it; "" where both did, and nobody but a person can decide."""
    if mine == base:
        return "theirs"
    return "mine" if theirs == base else ""


def chosen(typed: Mapping[str, str], proposed: Mapping[str, str]) -> dict[str, str]:
    """Of each path the side that was chosen, else the one proposed; "" where none is."""
    return {
        path: typed[path] if typed.get(path) in SIDES else side for path, side in proposed.items()
    }
