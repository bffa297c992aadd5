"""One unit of work: the transaction, who acts, when, and with which keys and archive.

Built by routes and commands, handed to actions. Opens nothing, commits nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from incidents.archive import Archive
from incidents.crypto import Keyring
from incidents.gazetteer import NO_GAZETTEER, Gazetteer
from incidents.viewer import Viewer


@dataclass(frozen=True)
class Work:
    session: Session
    actor: Viewer
    now: datetime
    keyring: Keyring
    archive: Archive
    gazetteer: Gazetteer = NO_GAZETTEER

    @property
    def actor_id(self) -> int | None:
        return self.actor.account_id
