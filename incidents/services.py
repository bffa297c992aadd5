"""Owns what one installation is made of while it runs: settings, database, keys, archive, clock.
Refuses to be global: the app and every command open their own and hand it on."""

from dataclasses import dataclass

from sqlmodel import Session

from incidents.archive import Archive
from incidents.clock import Clock, utc_now
from incidents.config import Settings
from incidents.crypto import Keyring
from incidents.db import Database
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
    )
