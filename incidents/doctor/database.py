"""Of the database: whether it can be asked, is whole, is of this release, and who may sign in."""

import os
import pwd
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.exc import DBAPIError

from incidents.account.queries import administrators
from incidents.audit.actions import HEAD_NOTE
from incidents.audit.queries import head_note, last_recorded_at, problems, problems_of_note
from incidents.database_checks import (
    broken_references,
    encoding,
    faults_of_file,
    is_copy,
    tables_refused,
    triggers,
)
from incidents.doctor.installation import Installation, Unseen, Wrong, may_write
from incidents.incident.queries.sealed import keys_kept
from incidents.incident.queries.search import search_state
from incidents.migrate import Standing
from incidents.vocabulary.queries import terms_behind

# Of a log and a machine's clock: two machines are seldom closer.
TOLERANCE = timedelta(minutes=2)
_APPEND_ONLY = ("audit_entry", "revision", "review", "snapshot")
RULES = {
    "sqlite": (
        *(
            f"{table}_no_{verb}"
            for table in _APPEND_ONLY
            for verb in ("delete", "replace", "update")
        ),
        *("incident_born_draft", "incident_complete", "incident_frozen", "incident_no_delete"),
        *("incident_frozen_date", "incident_no_replace", "incident_reference"),
    ),
    "postgresql": (
        *(
            f"{table}_no_{verb}"
            for table in _APPEND_ONLY
            for verb in ("delete", "truncate", "update")
        ),
        *("incident_born_draft", "incident_complete", "incident_frozen_date", "incident_no_delete"),
    ),
}
_NO_DATABASE = "put a copy back, or run: incidents init"


def database(of: Installation) -> str:
    if of.database_fault is not None:
        fresh = of.settings.sqlite_file is not None
        mend = _NO_DATABASE if fresh else "start the server, or mend database_url"
        raise Wrong(f"{of.database_fault}; {mend}")
    if of.database.is_sqlite:
        return f"{of.settings.sqlite_file} can be read."
    with of.database.reading() as session:
        used = encoding(session.connection())
    if used != "UTF8":
        raise Wrong(
            f"PostgreSQL keeps this database’s texts as {used}: make one with ENCODING 'UTF8'"
        )
    return "PostgreSQL answers, and keeps texts as UTF8."


def release(of: Installation) -> str:
    match of.standing:
        case Standing.EMPTY:
            raise Wrong("The database is empty; run: incidents init")
        case Standing.BEHIND:
            raise Wrong("The database is of an older release; back it up and run: incidents init")
        case Standing.AHEAD:
            raise Wrong(
                "The database is of a newer release than this program: install that release"
            )
        case Standing.CURRENT:
            return "The database is of this release."


def writable(of: Installation) -> str:
    file = of.settings.sqlite_file
    if file is None:
        return _writable_server(of)
    if not file.exists():
        raise Unseen("the database is not there")
    if os.geteuid() == 0 and file.stat().st_uid != 0:
        owner = pwd.getpwuid(file.stat().st_uid).pw_name
        raise Unseen(f"root may write anything; ask as {owner}, whose the database is")
    # SQLite writes two more files beside its own.
    beside = (file.with_name(f"{file.name}{end}") for end in ("-wal", "-shm"))
    for path in (file, file.parent, *(path for path in beside if path.exists())):
        if not may_write(path):
            raise Wrong(f"{path} can’t be written: give it to the account the server runs as")
    return "The database and its folder can be written."


def _writable_server(of: Installation) -> str:
    with of.database.reading() as session:
        copy, refused = is_copy(session.connection()), tables_refused(session.connection())
    if copy:
        raise Wrong("PostgreSQL is a copy that takes no writes: name the server it follows")
    if refused:
        raise Wrong(
            f"{of.database.url.username} may not read and write {_few(refused)}: grant it, or make "
            "it the owner"
        )
    return "Every table can be read and written."


def soundness(of: Installation) -> str | None:
    if not of.database.is_sqlite:
        return None
    with of.database.reading() as session:
        try:
            faults = faults_of_file(session.connection())
        except DBAPIError as error:
            faults = [str(error.orig)]
        if faults:
            raise Wrong(f"The database is damaged ({_few(faults)}): put the last backup back")
        broken = broken_references(session.connection())
    if broken:
        raise Wrong(
            f"Rows of {_few(broken)} point to rows that are not there, so another program wrote "
            "here: put the last backup back"
        )
    return "The file is whole, and every row it points to is there."


def rules(of: Installation) -> str:
    """The triggers: without them history could be rewritten."""
    with of.reading() as session:
        there = triggers(session.connection())
    expected = RULES["sqlite" if of.database.is_sqlite else "postgresql"]
    missing = [name for name in expected if name not in there]
    if missing:
        raise Wrong(
            f"{_few(missing)} is missing, by which the database refuses wrong changes: put the "
            "last backup back"
        )
    return "The database refuses changed history and incomplete records."


def search(of: Installation) -> str:
    with of.reading() as session:
        state = search_state(session)
    if state.triggers_missing or state.documents_missing:
        raise Wrong("Some incidents can’t be found by their words; run: incidents init")
    return "Every incident can be found by its words."


def vocabularies(of: Installation) -> str:
    with of.reading() as session:
        behind = terms_behind(session)
    if behind:
        raise Wrong(f"{_few(behind)} is not as this release has it; run: incidents init")
    return "The vocabularies are this release’s."


def name_key(of: Installation) -> str:
    keyring = of.keyring
    with of.reading() as session:
        kept, closed = keys_kept(session, keyring)
    if closed:
        raise Wrong(
            f"The name key does not open {closed} of {kept} names: put back the keys this database "
            "was made with"
        )
    return f"The name key opens all {kept}." if kept else "None is kept yet."


def sign_in(of: Installation) -> str:
    with of.reading() as session:
        number = administrators(session, of.now)
    if not number:
        raise Wrong("No administrator can sign in; run: incidents user add NAME --role admin")
    return f"{number} administrator{'s' if number > 1 else ''} can sign in."


def log(of: Installation) -> str:
    with of.reading() as session:
        note = of.archive.read_note(HEAD_NOTE)
        found = [*problems(session), *problems_of_note(session, note)]
        if found:
            raise Wrong(
                f"{found[0].removesuffix('.')}{_more(found)}: find out who changed it (incidents "
                "audit verify tells all) and compare with a backup"
            )
        entries = int(head_note(session).partition(" ")[0])
    if note is None and entries:
        raise Wrong(
            f"The archive holds no note of the log’s {entries} entries, so a cut end would not "
            "show: put back the archive that belongs to this database"
        )
    return f"Its {entries} entries hold, up to the one the archive notes."


def clock(of: Installation) -> str:
    with of.reading() as session:
        last = last_recorded_at(session)
    if last > of.now + TOLERANCE:
        raise Wrong(
            f"It is {of.now:%Y-%m-%d %H:%M} UTC here and the log’s last entry is of "
            f"{last:%Y-%m-%d %H:%M}: set the machine’s clock"
        )
    return f"It is {of.now:%Y-%m-%d %H:%M} UTC, after the log’s last entry."


def _few(names: Sequence[str]) -> str:
    return f"{names[0]}{_more(names)}"


def _more(names: Sequence[str]) -> str:
    return f" and {len(names) - 1} more" if len(names) > 1 else ""
