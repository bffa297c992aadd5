"""Brings a database to the newest migration.

Owns nothing but the call: the steps stand in migrations/.
"""

from enum import Enum
from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from incidents.db import Database


class Standing(Enum):
    """Where a database stands among this release's migrations."""

    EMPTY = "empty"
    BEHIND = "behind"
    CURRENT = "current"
    # At a step this release does not know: a newer one made it.
    AHEAD = "ahead"


def upgrade(url: str, revision: str = "head") -> None:
    """Create or migrate; nothing happens when it is up to date."""
    command.upgrade(_config(url), revision)


def downgrade(url: str, revision: str) -> None:
    command.downgrade(_config(url), revision)


def is_current(database: Database) -> bool:
    """Whether the database stands at the newest migration."""
    return standing(database) is Standing.CURRENT


def standing(database: Database) -> Standing:
    steps = ScriptDirectory.from_config(_config(""))
    with database.engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        return Standing.EMPTY
    if revision == steps.get_current_head():
        return Standing.CURRENT
    known = {step.revision for step in steps.walk_revisions()}
    return Standing.BEHIND if revision in known else Standing.AHEAD


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("incidents") / "migrations"))
    config.attributes["url"] = url
    return config
