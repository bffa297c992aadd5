"""Signing in and out, one's own account, and for administrators everybody's."""

from incidents.account.routes import administer, again, own, signing_in
from incidents.account.routes.blueprint import bp

__all__ = ["administer", "again", "bp", "own", "signing_in"]
