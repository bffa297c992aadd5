"""The columns of the listing's table, in their order: what can be chosen, and what is shown else.

Owns how a choice is written in an address. A file's columns are another list.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from incidents.errors import FieldErrors
from incidents.viewer import Viewer


@dataclass(frozen=True)
class ListingColumn:
    """`order` is the way of sorting its head offers. `internal`: unknown to redacted viewers."""

    name: str
    label: str
    usual: bool = False
    order: str = ""
    internal: bool = False


# The title leads to the incident, so it is always there.
TITLE = ListingColumn("title", "Title", usual=True, order="title")
LISTING_COLUMNS: tuple[ListingColumn, ...] = (
    ListingColumn("reference", "Reference", usual=True, order="reference"),
    ListingColumn("type", "Type", usual=True),
    TITLE,
    ListingColumn("date", "Date", usual=True, order="date"),
    ListingColumn("place", "Place", usual=True),
    ListingColumn("country", "Country"),
    ListingColumn("figure", "Figure", usual=True),
    ListingColumn("parties", "Parties"),
    ListingColumn("event", "Event"),
    ListingColumn("status", "Status", usual=True),
    ListingColumn("sourcing", "Sourcing"),
    ListingColumn("assessment", "Assessment"),
    ListingColumn("sources", "Sources"),
    ListingColumn("author", "Author", internal=True),
    ListingColumn("logged", "Logged"),
    ListingColumn("updated", "Updated", order="updated"),
)


def columns_for(viewer: Viewer) -> tuple[ListingColumn, ...]:
    """Those this viewer may choose from."""
    return tuple(one for one in LISTING_COLUMNS if viewer.internal or not one.internal)


def columns_asked(texts: Iterable[str], viewer: Viewer) -> tuple[ListingColumn, ...]:
    """From an address: names with commas between them or one by one, in any order.

    Nothing asked for gives the viewer's own choice, else the usual ones. FieldErrors at `columns`
    for a name that is none.
    """
    names = _names(texts)
    known = [one.name for one in columns_for(viewer)]
    wrong = next((name for name in names if name not in known), None)
    if wrong is not None:
        raise FieldErrors({"columns": _unknown(wrong, known)})
    return _chosen(names or _names([viewer.columns]), viewer)


def usual_columns(viewer: Viewer) -> tuple[ListingColumn, ...]:
    """What stands when nobody has chosen."""
    return _chosen((), viewer)


def in_address(columns: Iterable[ListingColumn]) -> str:
    """As `columns_asked` reads it."""
    return ",".join(one.name for one in columns)


def _chosen(names: Sequence[str], viewer: Viewer) -> tuple[ListingColumn, ...]:
    return tuple(
        one
        for one in columns_for(viewer)
        if one is TITLE or (one.name in names if names else one.usual)
    )


def _names(texts: Iterable[str]) -> list[str]:
    parts = (part.strip() for text in texts for part in text.split(","))
    return [part for part in parts if part]


def _unknown(name: str, known: Iterable[str]) -> str:
    shown = "".join(sign if sign.isprintable() else " " for sign in name[:60])
    return f"There is no column “{shown}”. Choose from {', '.join(known)}."
