"""Pages of incidents: the listing, one incident, its form, its exports."""

from incidents.incident.routes import export, form, listing, page
from incidents.incident.routes.blueprint import bp

__all__ = ["bp", "export", "form", "listing", "page"]
