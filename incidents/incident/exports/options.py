"""What somebody asks of an export, checked once, for page and command alike.

Owns who gets which profile and what the file is called. Opens no database.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from incidents.errors import FieldErrors, NotAllowed
from incidents.incident.columns import TABLES, ColumnSet
from incidents.incident.filters import LISTING, IncidentFilter
from incidents.viewer import Viewer

# The export's own parameters, beside the listing's own.
PARAMETERS = frozenset({"profile", "columns", "raw"})
# The listing's place and look say nothing about a file, but stand in its address.
ALSO = LISTING | PARAMETERS
_SWITCH = {"1": True, "0": False, "": False}
E = TypeVar("E", bound=StrEnum)


class Profile(StrEnum):
    """Internal: as the viewer sees it. Public: as everyone may."""

    INTERNAL = "internal"
    PUBLIC = "public"


@dataclass(frozen=True)
class ExportOptions:
    """One download. `query` is the listing's query string, `base_url` where links begin."""

    subject: str
    profile: Profile
    columns: ColumnSet
    spreadsheet_safe: bool = True
    query: str = ""
    base_url: str = ""
    # Whether the filter itself names another status than approved.
    unapproved: bool = False

    @property
    def file_name(self) -> str:
        """Says when it holds more than approved incidents, or less than everything about them."""
        if self.profile is Profile.PUBLIC:
            return f"{self.subject}-public.csv"
        return f"{self.subject}-unapproved.csv" if self.unapproved else f"{self.subject}.csv"


def options_from_args(
    args: Iterable[tuple[str, str]], viewer: Viewer, subject: str, *, columns: ColumnSet
) -> ExportOptions:
    """From an address or a command; `columns` is what stands when nobody says.

    FieldErrors by parameter for a value that is none, or two where one stands; NotAllowed when a
    viewer of the redacted view asks for the internal profile.
    """
    errors = FieldErrors()
    given = _given(args, errors)
    usual = Profile.INTERNAL if viewer.internal else Profile.PUBLIC
    profile = _one_of(Profile, given["profile"], usual, "profile", errors)
    chosen = _one_of(ColumnSet, given["columns"], columns, "columns", errors)
    raw = _SWITCH.get(given["raw"])
    if raw is None:
        errors.add("raw", "“raw” is 1, or left out.")
    if subject not in TABLES:
        errors.add("table", f"There is no table “{subject}”. Choose from {', '.join(TABLES)}.")
    if errors:
        raise errors
    if profile is Profile.INTERNAL and not viewer.internal:
        raise NotAllowed("Your roles include the public profile of an export only.")
    return ExportOptions(subject, profile, chosen, spreadsheet_safe=not raw)


def eyes(viewer: Viewer, profile: Profile) -> Viewer:
    """Through whose eyes the rows are read, and the filter: a public one must not probe."""
    return viewer.publicly() if profile is Profile.PUBLIC else viewer


def names_another_status(asked: IncidentFilter) -> bool:
    """Whether the filter asks for more than approved incidents."""
    return "status" in asked and asked.values("status") != ("approved",)


def _given(args: Iterable[tuple[str, str]], errors: FieldErrors) -> dict[str, str]:
    given = dict.fromkeys(PARAMETERS, "")
    for name, text in args:
        if name not in PARAMETERS or not text:
            continue
        if given[name]:
            errors.add(name, f"“{name}” takes one value.")
        given[name] = text
    return given


def _one_of(kind: type[E], text: str, usual: E, name: str, errors: FieldErrors) -> E:
    if not text:
        return usual
    try:
        return kind(text)
    except ValueError:
        errors.add(name, f"“{name}” is {' or '.join(kind)}, not “{text[:60]}”.")
        return usual
