"""Pages of sources: the list, a new one, the reading room, its metadata, its original."""

from incidents.source.routes import change, create, reading, same, snapshots
from incidents.source.routes.blueprint import bp

__all__ = ["bp", "change", "create", "reading", "same", "snapshots"]
