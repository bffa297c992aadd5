"""Pages of incidents: the listing, one incident, its form, its exports."""

from incidents.incident.routes import (
    events,
    export,
    form,
    found_read,
    listing,
    page,
    parties,
    party_edit,
    party_merge,
    party_new,
    suggest,
    understood,
    unsaved,
    views,
)
from incidents.incident.routes.blueprint import bp

__all__ = [
    "bp",
    "events",
    "export",
    "form",
    "found_read",
    "listing",
    "page",
    "parties",
    "party_edit",
    "party_merge",
    "party_new",
    "suggest",
    "understood",
    "unsaved",
    "views",
]
