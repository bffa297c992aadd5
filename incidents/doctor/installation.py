"""One installation as it is found: opened as far as it opens, read only, nothing made.

What does not open is told by one check; the others, which would need it, say that they could not
look.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from incidents import migrate
from incidents.archive import Archive
from incidents.config import ConfigError, Settings, look_at_settings
from incidents.crypto import Keyring
from incidents.db import Database
from incidents.errors import IncidentsError
from incidents.migrate import Standing


class Wrong(IncidentsError):
    """Something to mend; the message says what it is and, after a colon or semicolon, how."""


class Unseen(IncidentsError):
    """A check could not look; the message says why."""


class Installation:
    """Settings, keys, database and archive of `incidents` started in `folder`."""

    def __init__(
        self,
        file: Path | None,
        environ: Mapping[str, str],
        folder: Path,
        now: datetime,
        *,
        every_copy: bool = False,
    ) -> None:
        self.file, self.environ, self.folder = file, environ, folder
        self.now, self.every_copy = now, every_copy

    @cached_property
    def _looked_at(self) -> tuple[Settings | None, ConfigError | None]:
        try:
            return look_at_settings(self.file, self.environ, self.folder)
        except ConfigError as error:
            return None, error

    @property
    def settings(self) -> Settings:
        settings = self._looked_at[0]
        if settings is None:
            raise Unseen("the settings can’t be read")
        return settings

    @property
    def settings_fault(self) -> ConfigError | None:
        settings, fault = self._looked_at
        return fault if settings is None else None

    @property
    def keys_fault(self) -> ConfigError | None:
        settings, fault = self._looked_at
        if settings is None:
            raise Unseen("the settings can’t be read")
        return fault

    @property
    def keyring(self) -> Keyring:
        if self.keys_fault is not None:
            raise Unseen("the keys can’t be read")
        return Keyring.from_base64(self.settings.name_key)

    @property
    def archive(self) -> Archive:
        return Archive(self.settings.archive)

    @property
    def database(self) -> Database:
        """Connected to once already, and readable as a database."""
        if self.database_fault is not None:
            raise Unseen("the database can’t be read")
        return self._database

    @property
    def database_fault(self) -> str | None:
        """Why it can't be read, in the engine's words; None if it can."""
        return None if isinstance(self._opened, Standing) else self._opened

    @property
    def standing(self) -> Standing:
        if not isinstance(self._opened, Standing):
            raise Unseen("the database can’t be read")
        return self._opened

    @cached_property
    def _opened(self) -> Standing | str:
        """Where the database stands, or why that can't be read."""
        file = self.settings.sqlite_file
        if file is not None and not file.exists():
            return f"{file}: there is no such file"
        if file is not None and not file.stat().st_size:
            return f"{file}: is empty"
        try:
            return migrate.standing(self._database)
        except DBAPIError as error:
            reason = str(error.orig).strip().splitlines() or ["does not answer"]
            return f"{file or self._database.url.host or 'PostgreSQL'}: {reason[0]}"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session over the tables of this release."""
        if self.standing is not Standing.CURRENT:
            raise Unseen("the database is not of this release")
        with self.database.reading() as session:
            yield session

    def close(self) -> None:
        if "_database" in self.__dict__:
            self._database.dispose()

    @cached_property
    def _database(self) -> Database:
        return Database(self.settings.database_url, only_reads=True)


def may_write(path: Path) -> bool:
    """Whether this process may; for what is not there yet, in the nearest folder that is."""
    while not path.exists():
        path = path.parent
    return os.access(path, os.W_OK)
