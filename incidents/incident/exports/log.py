"""The export log: every download is written down before its first byte and after its last.

Owns the only commits an export makes. Filter, time, rows and hash stand here, never in the file.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from sqlmodel import Session, col, update

from incidents.audit import actions as audit
from incidents.incident.columns import ColumnSet, app_version
from incidents.incident.exports.options import (
    ALSO,
    ExportOptions,
    eyes,
    names_another_status,
    options_from_args,
)
from incidents.incident.exports.stream import Tally, stream
from incidents.incident.filters import IncidentFilter, without_names
from incidents.incident.models import Export
from incidents.incident.queries.names import with_names
from incidents.services import Services
from incidents.viewer import Viewer
from incidents.work import Work

FORMAT = "csv"
# Commits, and notes the log's head outside the database.
Save = Callable[[Services, Session], None]


@dataclass(frozen=True)
class Wanted:
    """A download as an address or a command says it. `columns`: what stands when nobody says."""

    subject: str
    args: Sequence[tuple[str, str]]
    columns: ColumnSet
    base_url: str = ""


def begin(services: Services, work: Work, wanted: Wanted, save: Save) -> "LoggedExport":
    """Check what is wanted and write down that it begins; the caller commits, then takes bytes.

    FieldErrors by parameter; NotAllowed when the profile is not the actor's.
    """
    asked, options = asked_for(work, wanted)
    export = start_export(work, options)
    assert export.id is not None
    tally = Tally()
    chunks = stream(services.database, asked, work.actor, options, tally)
    ending = _Ending(services, work.actor, export.id, tally, save)
    return LoggedExport(options, chunks, ending)


def asked_for(work: Work, wanted: Wanted) -> tuple[IncidentFilter, ExportOptions]:
    """The filter, ready for use, and the options: both read through the profile's eyes."""
    options = options_from_args(wanted.args, work.actor, wanted.subject, columns=wanted.columns)
    seeing = eyes(work.actor, options.profile)
    asked = IncidentFilter.from_args(wanted.args, seeing, also=ALSO)
    asked = with_names(work.session, asked, seeing, work.keyring)
    options = replace(
        options,
        query=without_names(asked).query,
        base_url=wanted.base_url,
        unapproved=names_another_status(asked),
    )
    return asked, options


def start_export(work: Work, options: ExportOptions) -> Export:
    """Write down that a download begins. The caller commits before it sends a byte."""
    export = Export(
        subject=options.subject,
        format=FORMAT,
        profile=options.profile.value,
        columns=options.columns.value,
        spreadsheet_safe=options.spreadsheet_safe,
        query=options.query,
        file_name=options.file_name,
        app_version=app_version(),
        actor_id=work.actor_id,
        started_at=work.now,
    )
    work.session.add(export)
    work.session.flush()
    # The filter may hold a name: in the audit log only its keyed hash.
    filter_hash = work.keyring.keyed_hash(options.query, "export filter")
    payload = {
        "subject": options.subject,
        "format": FORMAT,
        "profile": options.profile.value,
        "columns": options.columns.value,
        "filter": filter_hash,
    }
    audit.log(work, "start_export", "export", export.id, payload)
    return export


@dataclass(frozen=True)
class _Ending:
    """What writes down how an export ended, in a transaction of its own."""

    services: Services
    viewer: Viewer
    export_id: int
    tally: Tally
    save: Save

    def write(self, state: str, sha256: str) -> None:
        with self.services.database.writing() as session:
            work = self.services.work(session, self.viewer)
            _end_export(work, self.export_id, state, sha256, self.tally)
            self.save(self.services, session)


class LoggedExport:
    """The bytes of a started export, whose end is logged: the last one was taken, or it is closed.

    Whoever takes them calls `close`, as every WSGI server does: an export nobody finished is
    logged as aborted, even one of which nobody took a byte.
    """

    def __init__(self, options: ExportOptions, chunks: Iterator[bytes], ending: _Ending) -> None:
        self.options = options
        self._chunks, self._ending = chunks, ending
        self._hash, self._ended = hashlib.sha256(), False

    @property
    def rows(self) -> int:
        """Made so far."""
        return self._ending.tally.rows

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        try:
            chunk = next(self._chunks)
        except StopIteration:
            self._end("finished")
            raise
        except BaseException:
            self.close()
            raise
        self._hash.update(chunk)
        return chunk

    def close(self) -> None:
        """End it where it is; nothing happens to one that ended."""
        # The reading snapshot first: the log's own transaction need not wait for it.
        closing = getattr(self._chunks, "close", None)
        if closing is not None:
            closing()
        self._end("aborted")

    def _end(self, state: str) -> None:
        if not self._ended:
            self._ending.write(state, self._hash.hexdigest())
            self._ended = True


def _end_export(work: Work, export_id: int, state: str, sha256: str, tally: Tally) -> None:
    whole = sha256 if state == "finished" else None
    work.session.exec(
        update(Export)
        .where(col(Export.id) == export_id, col(Export.state) == "started")
        .values(state=state, finished_at=work.now, rows=tally.rows, sha256=whole)
    )
    payload: dict[str, Any] = {
        "rows": tally.rows,
        "sha256": whole,
        "withheld_incidents": tally.withheld_incidents,
        "withheld_quotes": tally.withheld_quotes,
    }
    action = "finish_export" if state == "finished" else "abort_export"
    audit.log(work, action, "export", export_id, payload)
