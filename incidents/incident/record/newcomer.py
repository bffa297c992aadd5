"""What a party nobody recorded before is taken to be, until somebody says more: its kind, and
whether it is protected.
"""

from incidents import quantity
from incidents.incident.record.entry import Entry, InvolvementTyped

ADULT = 18
# Roles of an office: who stands in one is named for what the office did.
_OFFICES = frozenset({"alleged_perpetrator", "issuing_body", "official_speaker", "responder"})
# Roles that institutions and armed groups have: a new party there is no individual.
_INSTITUTIONS = frozenset({"alleged_perpetrator", "issuing_body", "responder"})
_HARMED = frozenset({"victim", "affected"})
# Which detail of a type puts the people in it in custody, and by which codes.
CUSTODY = {
    "ill_treatment": ("in_custody", {"at_arrest", "yes"}),
    "killing": ("context", {"in_custody"}),
    "witness_statement": ("circumstances", {"in_custody"}),
}


def kind_meant(entry: Entry, typed: InvolvementTyped) -> str:
    """As chosen; else an organisation where institutions stand, a group where several count."""
    if typed.kind:
        return typed.kind
    return "organisation" if typed.role in _INSTITUTIONS else _counted(entry)


def privacy_meant(entry: Entry, typed: InvolvementTyped) -> str:
    """Protected when ticked; an institution and who speaks for one are public when not."""
    if typed.protected:
        return "protected"
    institution = typed.role in _INSTITUTIONS and kind_meant(entry, typed) != "individual"
    return "public" if institution or typed.role == "official_speaker" else "label"


def protected_by_default(entry: Entry, typed: InvolvementTyped) -> bool:
    """Whether the box is ticked where nobody has touched it."""
    if kind_meant(entry, typed) == "organisation":
        return False
    return at_risk(entry, typed.role) or typed.role not in _OFFICES


def at_risk(entry: Entry, role: str) -> bool:
    """A witness, somebody in custody, or one among children, whoever they are."""
    custody = in_custody(entry) and role in _HARMED
    return role == "witness" or custody or counts_children(entry)


def in_custody(entry: Entry) -> bool:
    """Whether those it happened to were held, as type or details say."""
    if entry.type in ("detention", "disappearance"):
        return True
    name, codes = CUSTODY.get(entry.type, ("", set()))
    return entry.details.get(name) in codes


def counts_children(entry: Entry) -> bool:
    ages = [age for figure in entry.figures for age in (figure.age_min, figure.age_max)]
    return any(age is not None and age < ADULT for age in ages)


def _counted(entry: Entry) -> str:
    """One is an individual, more are a group; where nobody counts, one is assumed."""
    first = entry.figures[0].how_many if entry.figures else ""
    try:
        read = quantity.read(first)
    except quantity.QuantityError:
        return "individual"
    numbers = [number for number in (read.low, read.best, read.high) if number is not None]
    several = read.qualifier == "unspecified" or any(number > 1 for number in numbers)
    return "group" if several else "individual"
