"""Fetches one page beside its request: over the network and through extraction first, then kept
sealed like a chosen file. Each step is noted for whoever waits, in a transaction of its own.

Owns the order of steps, and how many are fetched at once.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from incidents.errors import FieldErrors
from incidents.fetch_failures import FetchFailed
from incidents.services import Services
from incidents.source.actions import fetched_content, read, suspect
from incidents.source.actions.captures import Ticket, end_capture, note_alive, note_progress
from incidents.source.queries.captures import SILENT, Patience
from incidents.source.record import Content
from incidents.source.routes.files import drop_file, keep_file
from incidents.viewer import Viewer
from incidents.web.background import in_background, signs_of_life
from incidents.work import Work

_AT_ONCE = 4
# Between two notes of how much has come.
_NOTED_EVERY_S = 0.5
# However long a page takes, and while it waits for its turn: the process says that it is there.
_SIGN_EVERY_S = 10.0
_turn = threading.BoundedSemaphore(_AT_ONCE)


class _NobodyWaits(Exception):
    """Whoever asked has let go of it, or tries it anew."""


def patience(app: Services) -> Patience:
    """How long a capture may be silent before its process is taken for gone."""
    return Patience(app.clock(), SILENT)


def capture_in_background(app: Services, who: Viewer, ticket: Ticket) -> None:
    """After the ticket's row is committed."""
    in_background(app, "capture", lambda: _Capture(app, who, ticket).run())


@dataclass(frozen=True)
class _Capture:
    """One attempt."""

    app: Services
    who: Viewer
    ticket: Ticket

    def run(self) -> None:
        try:
            with signs_of_life("capture", _SIGN_EVERY_S, self._alive), _turn:
                self._run()
        except _NobodyWaits:
            return
        except BaseException:
            self._end(failed=FetchFailed("stopped"))
            raise

    def _run(self) -> None:
        try:
            content = fetched_content(self.app.fetcher, self.ticket.url, _Noting(self).came)
        except FetchFailed as failed:
            self._end(failed=failed)
            return
        assert content.fetched is not None
        host = urlsplit(content.fetched.final_url).hostname or ""
        self.note("reading", host, len(content.body))
        errors = FieldErrors()
        try:
            content = read(content, limit_mb=self.app.config.upload_limit_mb)
        except FieldErrors as faults:
            errors = faults
        self._keep(content, errors)

    def _keep(self, content: Content, errors: FieldErrors) -> None:
        owner = self.who.account_id
        assert owner is not None
        token = keep_file(self.app, owner, replace(content, charset=None), errors)
        if not self._end(file_token=token, failed=suspect(content)):
            drop_file(self.app, owner, token)

    def _alive(self) -> bool:
        with self._writing() as work:
            return note_alive(work, self.ticket)

    def note(self, state: str, host: str, received_bytes: int) -> None:
        """_NobodyWaits when it is to be given up."""
        with self._writing() as work:
            if not note_progress(work, self.ticket, state, host, received_bytes):
                raise _NobodyWaits

    def _end(self, file_token: str = "", failed: FetchFailed | None = None) -> bool:
        with self._writing() as work:
            return end_capture(work, self.ticket, file_token=file_token, failed=failed)

    @contextmanager
    def _writing(self) -> Iterator[Work]:
        with self.app.database.writing() as session:
            yield self.app.work(session, self.who)
            session.commit()


class _Noting:
    """Notes each new host and step at once, and how much has come from time to time."""

    def __init__(self, capture: _Capture) -> None:
        self._capture = capture
        self._noted = ("", "")
        self._noted_at = 0.0

    def came(self, host: str, received_bytes: int) -> None:
        now = time.monotonic()
        step = ("receiving" if received_bytes else "connecting", host)
        if step == self._noted and now - self._noted_at < _NOTED_EVERY_S:
            return
        self._noted, self._noted_at = step, now
        self._capture.note(*step, received_bytes)
