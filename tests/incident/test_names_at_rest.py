"""What somebody finds who takes the database's files: no name of anybody who has a label."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session

from incidents.db import Database
from incidents.folding import fold
from incidents.incident.actions import (
    PartySaid,
    add_party,
    edit_incident,
    edit_party,
    erase_party,
    reveal_name,
    set_privacy,
)
from incidents.incident.models import Party
from incidents.incident.record import CitationSaid, InvolvementSaid
from tests.postgres import SHARED_FOLDER, _program
from tests.team import Team

PUBLIC = "Kalmuhambet Kasymov"
RENAMED = ("Айжан Бекова", "Aizhan Bekova", "Айжан Қалиқызы")
ERASED = ("Ерлан Тулегенов", "Yerlan Tulegenov", "Ерболат")
LATER = ("Сәуле Ахметова", "Saule Akhmetova")


def spellings(name: str) -> Iterator[bytes]:
    """The name and each of its words, in every case and every encoding a file may hold them in."""
    for part in {name, *name.split()}:
        for written in {part, fold(part), part.upper(), part.lower()}:
            for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                yield written.encode(encoding)
            yield written.encode().hex().encode()
            if not written.isascii():
                yield written.encode("ascii", "backslashreplace")
                yield written.encode("iso8859-5", "replace")


def named_renamed_erased(team: Team) -> None:
    """Three people live through everything a name can; one of them loses it."""
    with team.work() as work:
        minister = PartySaid("individual", privacy="public", name=PUBLIC)
        add_party(work, minister)
        wife = _named(RENAMED, "wife of detained man", "protected")
        wife_id = add_party(work, wife).id or 0
        husband = _named(ERASED, "detained husband", "label")
        husband_id = add_party(work, husband).id or 0
    record = team.record(
        citations=(CitationSaid(source=team.source(), speaker=wife_id),),
        involvements=(InvolvementSaid(party=husband_id, role="victim"),),
    )
    reference = team.recorded(record)
    with team.work() as work:
        edit_incident(work, reference, 1, record.model_copy(update={"title": "Again"}))
        later = _named(LATER, wife.label, "protected")
        edit_party(work, wife_id, 1, later)
        edit_party(work, wife_id, 2, replace(later, aliases=(), occupation="nurse"))
        edit_party(work, husband_id, 1, replace(husband, name=ERASED[1]))
        set_privacy(work, work.session.get_one(Party, husband_id), "protected")
        assert reveal_name(work, wife_id)[0] == LATER[0]
    team.move_to(reference, "approved")
    team.corrected(reference, title="Once more", by=team.colleague)
    with team.work(team.reviewer) as work:
        erase_party(work, husband_id, "He asked for it.")


def _named(names: tuple[str, ...], label: str, privacy: str) -> PartySaid:
    return PartySaid("individual", label, privacy, name=names[0], aliases=names[1:])


def stored(database: Database, folder: Path) -> Iterator[tuple[str, bytes]]:
    """Everything on disk, as it lies there and after the database has tidied up."""
    if database.is_sqlite:
        yield from _files(folder)
        database.dispose()
        with database.engine.connect() as connection:
            connection.commit()
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        yield from _files(folder)
        return
    url = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    dumped = subprocess.run([_program("pg_dump"), url], capture_output=True, check=True)
    yield "pg_dump", dumped.stdout
    if SHARED_FOLDER in os.environ:
        with Session(database.engine) as session:
            session.exec(text("CHECKPOINT"))
        yield from _files(Path(os.environ[SHARED_FOLDER]) / "data" / "base" / _oid(database))


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for file in folder.rglob("*"):
        if file.is_file():
            yield file.name, file.read_bytes()


def _oid(database: Database) -> str:
    with Session(database.engine) as session:
        row = session.exec(
            text("SELECT oid FROM pg_database WHERE datname = current_database()")
        ).one()
        return str(row[0])


@pytest.mark.unused_database
@pytest.mark.parametrize("reading", [False, True], ids=["at rest", "while somebody reads"])
def test_no_file_holds_a_name_of_who_has_a_label(team: Team, tmp_path: Path, reading: bool) -> None:
    database = team.services.database
    if reading:
        with database.reading() as session:
            session.exec(text("SELECT 1"))
            named_renamed_erased(team)
            files = list(stored_while_open(database, tmp_path))
    else:
        named_renamed_erased(team)
        files = list(stored(database, tmp_path))

    whole = b"\0".join(body for _, body in files)
    assert PUBLIC.encode() in whole, "the search finds what is there"
    for name in (*RENAMED, *ERASED, *LATER):
        for spelling in spellings(name):
            found = [file for file, body in files if spelling in body]
            assert found == [], (name, spelling)


def stored_while_open(database: Database, folder: Path) -> Iterator[tuple[str, bytes]]:
    """With a reader in the way the log of SQLite is not written back: it is read as it lies."""
    return _files(folder) if database.is_sqlite else stored(database, folder)
