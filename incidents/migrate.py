"""Brings a database to the newest migration.

Owns nothing but the call: the steps stand in migrations/.
"""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from incidents.db import Database


def upgrade(url: str, revision: str = "head") -> None:
    """Create or migrate; nothing happens when it is up to date."""
    command.upgrade(_config(url), revision)


def downgrade(url: str, revision: str) -> None:
    command.downgrade(_config(url), revision)


def is_current(database: Database) -> bool:
    """Whether the database stands at the newest migration."""
    head = ScriptDirectory.from_config(_config("")).get_current_head()
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("incidents") / "migrations"))
    config.attributes["url"] = url
    return config
