"""Owns what one installation is made of while it runs: settings, database, keys, archive, clock,
and what fetches pages. Refuses to be global: the app and every command open their own and hand it
on."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from incidents.archive import Archive
from incidents.clock import Clock, utc_now
from incidents.config import Settings
from incidents.crypto import Keyring
from incidents.db import Database
from incidents.fetch import Bounds, Fetcher
from incidents.fetch_address import Allowed
from incidents.gazetteer import SHIPPED, Gazetteer
from incidents.viewer import Viewer
from incidents.work import Work


@dataclass(frozen=True)
class Services:
    config: Settings
    database: Database
    keyring: Keyring
    archive: Archive
    clock: Clock
    gazetteer: Gazetteer
    fetcher: Fetcher
    # Begins a job that nobody waits for.
    start: Callable[[Callable[[], None]], None]

    def work(self, session: Session, actor: Viewer) -> Work:
        """One unit of work at this moment; the caller commits the session."""
        return Work(session, actor, self.clock(), self.keyring, self.archive, self.gazetteer)


def open_services(settings: Settings, clock: Clock = utc_now) -> Services:
    """Connects to nothing yet; the database and the archive are opened when first used."""
    return Services(
        config=settings,
        database=Database(settings.database_url),
        keyring=Keyring.from_base64(settings.name_key),
        archive=Archive(settings.archive),
        clock=clock,
        gazetteer=Gazetteer(SHIPPED),
        fetcher=Fetcher(
            clock,
            Bounds(settings.fetch_seconds, settings.upload_limit_mb * 1_000_000),
            Allowed(settings.fetch_allow),
        ),
        start=_in_a_thread,
    )


def _in_a_thread(job: Callable[[], None]) -> None:
    """It ends with the program: what is half done then says so where it is looked for."""
    threading.Thread(target=job, daemon=True).start()
