"""Pages of sources: the list, a new one, the reading room, its metadata, its original."""

from incidents.source.routes import (
    captures,
    change,
    create,
    readers,
    reading,
    same,
    snapshots,
    story,
)
from incidents.source.routes.blueprint import bp

__all__ = [
    "bp",
    "captures",
    "change",
    "create",
    "readers",
    "reading",
    "same",
    "snapshots",
    "story",
]
