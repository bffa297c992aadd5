"""Whatever is done, the search documents are those a rebuild from nothing would make."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import text

from incidents.db import Database
from incidents.incident.actions import (
    MergeAsked,
    PartySaid,
    edit_event,
    edit_incident,
    edit_party,
    edit_place,
    edit_source,
    erase_party,
    mend_search,
    merge_parties,
    reindex,
    set_privacy,
    undo_merge,
)
from incidents.incident.actions.events import add_event
from incidents.incident.models import Event, Party
from incidents.incident.queries.search import TRIGGERS, SearchState, search_state
from incidents.incident.record import CitationSaid, InvolvementSaid
from incidents.review.actions import approve_correction
from incidents.search_words import MOST_WORDS, encoded
from incidents.source.models import Source
from incidents.source.queries import said_of
from incidents.vocabulary.models import Place
from incidents.vocabulary.record import PlaceSaid
from tests.conftest import Demo
from tests.factories import selects
from tests.incident.rows import Rows
from tests.incident.searching import documents, rebuilt, titles
from tests.team import Team

# PostgreSQL generates its column, and clears what was changed by its own vacuum.
ONLY_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass
class Told:
    """Three incidents that share a place, a source, a witness and an event."""

    team: Team
    town: int = field(init=False)
    site: int = field(init=False)
    source: Source = field(init=False)
    witness: int = field(init=False)
    victim: int = field(init=False)
    event: int = field(init=False)
    first: str = field(init=False)
    second: str = field(init=False)

    def __post_init__(self) -> None:
        team = self.team
        self.town = team.place("Janaozen")
        self.site = team.place("Market square", parent=self.town)
        self.source = team.source_row(publisher="Respublika", author="A. Writer")
        self.witness = team.party("woman by the road", privacy="label", name="Айжан Бекова")
        self.victim = team.party("Askar Tulegenov", privacy="public", name="Askar Tulegenov")
        with team.work() as work:
            self.event = add_event(work, "A bad Friday").id or 0
        beaten = team.quoting("“he was beaten up”", source=self.source.id, speaker=self.witness)
        record = team.record(
            title="A man is beaten",
            place=self.site,
            event=self.event,
            citations=(beaten,),
            involvements=(InvolvementSaid(party=self.victim, role="victim"),),
        )
        self.first = team.recorded(record, status="approved")
        again = team.quoting("beaten up", source=self.source.id)
        self.second = team.recorded(team.record(title="Shots", citations=(again,)))
        team.recorded(title="Elsewhere")

    def found(self, q: str, *, redacted: bool = False) -> list[str]:
        return titles(self.team, q, self.team.reader if redacted else None)


def edited_place(told: Told) -> None:
    with told.team.work() as work:
        edit_place(work, told.town, 1, PlaceSaid("Zhanaozen", "KZ", aliases=("Жаңаөзен",)))
    assert told.found("жаңаөзен") == told.found("zhanaozen") == ["A man is beaten"]
    assert told.found("janaozen") == []


def moved_place(told: Told) -> None:
    aktau = told.team.place("Aktau")
    with told.team.work() as work:
        edit_place(work, told.site, 1, PlaceSaid("Market square", "KZ", parent=aktau))
    assert (told.found("aktau"), told.found("janaozen")) == (["A man is beaten"], [])


def edited_source(told: Told) -> None:
    with told.team.work() as work:
        source = work.session.get_one(Source, told.source.id)
        said = said_of(work.session, work.actor, source)
        changed = said.__class__(**{**vars(said), "publisher": "Golos"})
        edit_source(work, source.reference, source.version, changed)
    assert (told.found("golos"), told.found("respublika")) == (["A man is beaten", "Shots"], [])


def renamed_event(told: Told) -> None:
    with told.team.work() as work:
        edit_event(work, told.event, work.session.get_one(Event, told.event).version, "Strike", "")
    assert (told.found("strike"), told.found("friday")) == (["A man is beaten"], [])


def edited_party(told: Told) -> None:
    with told.team.work() as work:
        said = PartySaid("individual", "Beaten man", "protected", name="Askar Tulegenov")
        edit_party(work, told.victim, 1, said)
    assert (told.found('"beaten man"'), told.found("askar")) == (["A man is beaten"], [])


def protected_witness(told: Told) -> None:
    assert told.found('"beaten up"', redacted=True) == ["A man is beaten"]
    told.team.move_to(told.second, "approved")
    assert told.found('"beaten up"', redacted=True) == ["A man is beaten", "Shots"]
    with told.team.work() as work:
        set_privacy(work, work.session.get_one(Party, told.witness), "protected")
    assert told.found('"beaten up"', redacted=True) == []
    assert told.found('"beaten up"') == ["A man is beaten", "Shots"]


def speaker_comes_and_goes(told: Told) -> None:
    """Who speaks in one incident is what another may quote."""
    told.team.move_to(told.second, "approved")
    hidden = told.team.party("a child", privacy="protected")
    stored = told.team.stored(told.second)
    for speaker, redacted in ((hidden, []), (None, ["A man is beaten", "Shots"])):
        said = (stored.citations[0].model_copy(update={"speaker": speaker}),)
        correction = told.team.corrected(told.second, citations=said, by=told.team.colleague)
        with told.team.work(told.team.second_reviewer) as work:
            approve_correction(work, correction, 1)
        assert told.found('"beaten up"', redacted=True) == redacted
        assert rebuilt_by(told) == 0


def merged_and_parted(told: Told) -> None:
    other = told.team.party("nurse on duty", privacy="protected")
    with told.team.work(told.team.reviewer) as work:
        merge_parties(work, MergeAsked(told.witness, 1, other, 1))
    assert told.found('"nurse on duty"') == ["A man is beaten"]
    assert rebuilt_by(told) == 0
    with told.team.work(told.team.reviewer) as work:
        undo_merge(work, told.witness, 2)
    assert told.found('"nurse on duty"') == []


def erased_party(told: Told) -> None:
    with told.team.work(told.team.reviewer) as work:
        erase_party(work, told.victim, "He asked for it.", label="beaten worker")
    assert (told.found('"beaten worker"'), told.found("tulegenov")) == (["A man is beaten"], [])


def edited_draft(told: Told) -> None:
    with told.team.work() as work:
        record = told.team.stored(told.second).model_copy(
            update={
                "title": "Gunfire",
                "summary": "Windows broke.",
                "citations": (CitationSaid(source=told.source.id or 0),),
            }
        )
        edit_incident(work, told.second, 1, record)
    assert told.found("gunfire windows") == ["Gunfire"]
    assert (told.found("shots"), told.found('"beaten up"')) == ([], ["A man is beaten"])


def corrected_and_sealed(told: Told) -> None:
    correction = told.team.corrected(told.first, summary="By a crowd.", by=told.team.colleague)
    assert told.found("crowd") == []
    with told.team.work(told.team.second_reviewer) as work:
        approve_correction(work, correction, 1)
    assert told.found("crowd") == told.found("crowd", redacted=True) == ["A man is beaten"]
    told.team.sealed(told.first)
    assert (told.found("crowd"), told.found("crowd", redacted=True)) == (["A man is beaten"], [])


def rebuilt_by(told: Told) -> int:
    with told.team.work() as work:
        return rebuilt(work.session)


@pytest.mark.parametrize(
    "act",
    [
        edited_place,
        moved_place,
        edited_source,
        renamed_event,
        edited_party,
        protected_witness,
        speaker_comes_and_goes,
        merged_and_parted,
        erased_party,
        edited_draft,
        corrected_and_sealed,
    ],
)
def test_documents_follow_what_is_done(team: Team, act: Callable[[Told], None]) -> None:
    told = Told(team)
    act(told)
    assert rebuilt_by(told) == 0


def test_the_demo_is_found_as_a_rebuild_would_have_it(demo: Demo) -> None:
    with demo.database.writing() as session:
        assert search_state(session) == SearchState((), 0)
        assert rebuilt(session) == 0


def test_what_is_not_saved_is_not_found(team: Team) -> None:
    told = Told(team)
    with pytest.raises(RuntimeError), team.work() as work:
        edit_event(work, told.event, work.session.get_one(Event, told.event).version, "Strike", "")
        raise RuntimeError("the connection went")
    assert (told.found("strike"), told.found("friday")) == ([], ["A man is beaten"])


def test_what_says_the_same_writes_no_document(team: Team) -> None:
    told = Told(team)
    with team.work() as work, selects(team.services.database) as sent:
        edit_place(work, told.town, 1, PlaceSaid("Janaozen", "KZ", lat=43.3, lon=52.8))
        named = PartySaid("individual", "Askar Tulegenov", "public", name="Askar Tulegenov", age=30)
        edit_party(work, told.victim, 1, named)
        edit_event(work, told.event, 1, "A bad Friday", "In December.")
    assert not any("search_document" in statement for statement in sent)


def test_reindexing_takes_the_same_statements_for_twice_the_incidents(database: Database) -> None:
    with database.writing() as session:
        rows = Rows(session)
        speaker = rows.party("woman", privacy="protected")

        def sent_for(first: int) -> int:
            made = []
            for number in range(first, first * 2):
                place = rows.place(f"Site {number}", parent_id=rows.place(f"Town {number}"))
                one = rows.incident(number, place=place, status="draft")
                rows.cite(one, rows.source(), speaker_id=speaker)
                rows.involve(one, rows.party(f"Party {number}"), "victim")
                made.append(one)
            with selects(database) as sent:
                assert reindex(session, made) == first * 2
            return len(sent)

        assert sent_for(10) == sent_for(20) == 18


# ---- made anew where something is missing ----


def test_missing_and_old_documents_are_made_at_the_start(team: Team) -> None:
    told = Told(team)
    with team.work() as work:
        before = documents(work.session)
        connection = work.session.connection()
        connection.execute(text("DELETE FROM search_document WHERE incident_id = 1"))
        connection.execute(
            text("UPDATE search_document SET version = 0, text = 'b' WHERE incident_id = 2")
        )
    assert told.found("beaten") == []
    with team.work() as work:
        assert search_state(work.session) == SearchState((), 2)
        assert mend_search(work) == 2
        assert documents(work.session) == before
        assert search_state(work.session) == SearchState((), 0)
        assert mend_search(work) == 0
    assert told.found("beaten") == ["A man is beaten", "Shots"]


@ONLY_SQLITE
def test_triggers_that_went_are_put_back_and_the_index_made_anew(team: Team) -> None:
    stored = "SELECT name, sql FROM sqlite_master WHERE name LIKE 'search_document_%ed'"
    with team.work() as work:
        connection = work.session.connection()
        before = sorted(connection.execute(text(stored)).all())
        assert [name for name, _ in before] == sorted(TRIGGERS)
        for name in TRIGGERS:
            connection.execute(text(f"DROP TRIGGER {name}"))
    told = Told(team)
    assert told.found("beaten") == []
    with team.work() as work:
        assert search_state(work.session) == SearchState(tuple(sorted(TRIGGERS)), 0)
        assert mend_search(work) == 0
        assert sorted(work.session.connection().execute(text(stored)).all()) == before
    assert told.found("beaten") == ["A man is beaten", "Shots"]


# ---- what an engine can hold, and what it forgets ----


def test_no_text_is_too_long_to_be_saved(team: Team) -> None:
    words = " ".join(f"{number:04}" + "я" * 70 for number in range(250))
    many = " ".join(f"w{number}" for number in range(3_000))
    same = "bread " * 3_000
    record = team.record(
        "shortage",
        title="Long",
        summary=words,
        notes=same,
        details={"goods": ["food"], "items": [f"{many} {part}" for part in range(8)]},
    )
    team.recorded(record)
    assert titles(team, "w2999") == titles(team, "0000яя*") == ["Long"]
    with team.reading() as session:
        longest = max(len(stored.split()) for _, _, stored in documents(session).values())
    assert longest <= MOST_WORDS


@ONLY_SQLITE
def test_a_public_name_that_is_hidden_or_erased_stays_in_no_index(
    team: Team, tmp_path: Path
) -> None:
    database = team.services.database
    told = Told(team)
    other = team.party("Yerlan Omarov", privacy="public", name="Yerlan Omarov")
    team.recorded(
        team.record(involvements=(InvolvementSaid(party=other, role="victim"),)),
    )
    assert len(held(database, tmp_path, "tulegenov")) == len(held(database, tmp_path, "omarov")) > 0
    erased_party(told)
    with team.work() as work:
        said = PartySaid("individual", "welder", "label", name="Yerlan Omarov")
        edit_party(work, other, 1, said)
    assert held(database, tmp_path, "tulegenov") == held(database, tmp_path, "omarov") == []


def held(database: Database, folder: Path, word: str) -> list[str]:
    """The files that hold a word as documents and the index write it."""
    with database.engine.connect() as connection:
        connection.commit()
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    stored = encoded(word)[2:].encode()
    return [file.name for file in folder.rglob("*.sqlite3*") if stored in file.read_bytes()]


def test_places_are_told_by_every_name_above_them(team: Team) -> None:
    told = Told(team)
    with team.work() as work:
        place = work.session.get_one(Place, told.town)
        edit_place(work, told.town, place.version, PlaceSaid("Janaozen", "KZ", region="Mangystau"))
    assert told.found("mangystau kazakhstan market") == ["A man is beaten"]
