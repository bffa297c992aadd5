"""Imports every models.py once, so that the metadata is whole for migrations and tests."""

from incidents.account import models as account
from incidents.audit import models as audit
from incidents.db import metadata
from incidents.incident import models as incident
from incidents.review import models as review
from incidents.source import models as source
from incidents.vocabulary import models as vocabulary

__all__ = ["account", "audit", "incident", "metadata", "review", "source", "vocabulary"]
