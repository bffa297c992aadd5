"""Places: a tree with spellings, and words that say where."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, func
from sqlmodel import select

from incidents.account.models import Account
from incidents.archive import Archive
from incidents.audit.models import AuditEntry, Revision
from incidents.crypto import Keyring
from incidents.db import Database
from incidents.errors import FieldErrors, NotAllowed, NotFound
from incidents.incident.models import Incident, IncidentAccess
from incidents.viewer import Role, Viewer
from incidents.vocabulary import queries
from incidents.vocabulary.actions import add_place, sync_terms
from incidents.vocabulary.models import Place
from incidents.vocabulary.record import PlaceSaid
from incidents.work import Work

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
JANAOZEN = PlaceSaid(
    "Janaozen",
    "KZ",
    aliases=("Zhanaozen", "Жаңаөзен"),
    region="Mangystau",
    region_code="KZ-47",
    lat=43.3378,
    lon=52.8553,
    precision="settlement",
)


@pytest.fixture
def work(database: Database, tmp_path: Path) -> Iterator[Work]:
    with database.writing() as session:
        session.add(Account(id=1, name="Aigul", name_folded="aigul", created_at=NOW))
        session.flush()
        actor = Viewer(1, "Aigul", frozenset({Role.RESEARCHER}))
        work = Work(session, actor, NOW, Keyring(bytes(32)), Archive(tmp_path / "archive"))
        sync_terms(work)
        yield work


def added(work: Work, said: PlaceSaid) -> int:
    place_id = add_place(work, said).id
    assert place_id is not None
    return place_id


def refused(work: Work, said: PlaceSaid) -> dict[str, list[str]]:
    with pytest.raises(FieldErrors) as caught:
        add_place(work, said)
    return caught.value.errors


def incident_at(work: Work, place_id: int, minutes: int, **fields: object) -> Incident:
    incident = Incident(
        ref_year=2026,
        ref_number=minutes,
        type="other",
        sort_date=date.min,
        place_id=place_id,
        created_by=1,
        created_at=NOW,
        updated_at=NOW + timedelta(minutes=minutes),
    )
    for name, value in fields.items():
        setattr(incident, name, value)
    work.session.add(incident)
    work.session.flush()
    return incident


def statements(work: Work, act: Callable[[], object]) -> int:
    work.session.flush()
    seen: list[str] = []
    connection = work.session.connection()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(connection, "before_cursor_execute", note)
    return len(seen)


def test_a_place_says_its_whole_path(work: Work) -> None:
    town = added(work, JANAOZEN)
    station = added(work, PlaceSaid("Town police station, Janaozen", "KZ", town))
    corridor = added(work, PlaceSaid("Fourth floor", parent=station))
    views = queries.place_views(work.session, [corridor, station, town])
    assert [view.path for view in views.values()] == [
        "Fourth floor, Town police station, Janaozen, Mangystau, Kazakhstan",
        "Town police station, Janaozen, Mangystau, Kazakhstan",
        "Janaozen, Mangystau, Kazakhstan",
    ]
    assert views[corridor].country == "KZ"
    assert views[corridor].region_code == "KZ-47"
    assert views[town].aliases == ("Zhanaozen", "Жаңаөзен")


def test_a_place_and_its_region_of_one_name_are_said_once(work: Work) -> None:
    place_id = added(work, PlaceSaid("Almaty", "KZ", region="Almaty"))
    assert queries.place_view(work.session, place_id).path == "Almaty, Kazakhstan"


def test_what_was_said_is_kept_and_logged(work: Work) -> None:
    place_id = added(
        work, replace(JANAOZEN, name="  Janaozen ", aliases=("Zhanaozen", "", "Janaozen"))
    )
    revision = work.session.exec(select(Revision)).one()
    assert (revision.entity, revision.entity_id, revision.version) == ("place", place_id, 1)
    assert '"aliases":["Zhanaozen"]' in revision.payload
    assert '"name":"Janaozen"' in revision.payload
    entries = work.session.exec(select(AuditEntry)).all()
    assert [(entry.action, entry.entity_id) for entry in entries] == [
        ("sync_terms", None),
        ("add_place", place_id),
    ]


@pytest.mark.parametrize(
    ("said", "path", "words"),
    [
        (PlaceSaid(" ", "KZ"), "name", "Give the place a name."),
        (PlaceSaid("x" * 201, "KZ"), "name", "at most 200"),
        (PlaceSaid("Jana\0ozen", "KZ"), "name", "no text may hold"),
        (PlaceSaid("Jana\ud800ozen", "KZ"), "name", "no text may hold"),
        (PlaceSaid("Janaozen"), "country", "Choose the country."),
        (PlaceSaid("Janaozen", "XX"), "country", "“XX” is no country’s code"),
        (PlaceSaid("Janaozen", "KZ", parent=999), "parent", "Choose the place it lies in"),
        (PlaceSaid("Janaozen", "KZ", lat=90.1, lon=0.0), "lat", "between −90 and 90"),
        (PlaceSaid("Janaozen", "KZ", lat=float("nan"), lon=0.0), "lat", "between −90 and 90"),
        (PlaceSaid("Janaozen", "KZ", lat=0.0, lon=-181.0), "lon", "between −180 and 180"),
        (PlaceSaid("Janaozen", "KZ", lat=0.0), "lon", "leave the latitude empty"),
        (PlaceSaid("Janaozen", "KZ", region_code="RU-47"), "region_code", "“KZ-47”"),
        (PlaceSaid("Janaozen", "KZ", precision="town"), "precision", "Choose from the list"),
    ],
)
def test_what_is_wrong_is_said_by_its_field(
    work: Work, said: PlaceSaid, path: str, words: str
) -> None:
    errors = refused(work, said)
    assert list(errors) == [path]
    assert words in errors[path][0]


def test_a_place_lies_in_its_parent_s_country(work: Work) -> None:
    town = added(work, JANAOZEN)
    errors = refused(work, PlaceSaid("Police station", "RU", town))
    assert errors["country"] == [
        "“Janaozen” lies in Kazakhstan, not in Russia. One of them must change."
    ]


def test_the_same_name_at_the_same_spot_is_one_place(work: Work) -> None:
    town = added(work, JANAOZEN)
    assert "already" in refused(work, replace(JANAOZEN, name="JANAOZEN"))["name"][0]
    # The transaction goes on, and the name may be used elsewhere.
    added(work, replace(JANAOZEN, parent=town))
    assert work.session.exec(select(func.count()).select_from(Place)).one() == 2


def test_readers_and_admins_add_no_places(work: Work) -> None:
    actor = Viewer(1, "Aigul", frozenset({Role.READER, Role.ADMIN}))
    with pytest.raises(NotAllowed):
        add_place(replace(work, actor=actor), JANAOZEN)


def test_matching_finds_exact_names_first_in_any_script(work: Work) -> None:
    market = added(work, PlaceSaid("Janaozen market", "KZ"))
    town = added(work, JANAOZEN)
    added(work, PlaceSaid("Aktau", "KZ"))
    for text in ("janaozen", " JANAOZEN "):
        assert [view.id for view in queries.places_matching(work.session, text)] == [town, market]
    for text in ("Жаңаөзен", "жаңа", "zhana", "Janaozen, Mangystau, Kazakhstan"):
        assert [view.id for view in queries.places_matching(work.session, text)] == [town]
    for text in ("", "  ", "%", "ozen", "Janaozen, Russia"):
        assert queries.places_matching(work.session, text) == []


def test_a_whole_path_names_one_place(work: Work) -> None:
    town = added(work, JANAOZEN)
    station = added(work, PlaceSaid("Town police station, Janaozen", parent=town))
    elsewhere = added(work, PlaceSaid("Town police station, Janaozen", "KZ"))
    found = queries.places_named
    path = "Town police station, Janaozen, Mangystau, Kazakhstan"
    assert [view.id for view in found(work.session, path)] == [station]
    both = found(work.session, "Town police station, Janaozen")
    assert [view.id for view in both] == [station, elsewhere]
    assert found(work.session, "Town police") == []


def test_recent_places_are_one_s_own_latest_first(work: Work) -> None:
    work.session.add(Account(id=2, name="Bolat", name_folded="bolat", created_at=NOW))
    town, station, other, secret = (
        added(work, PlaceSaid(name, "KZ")) for name in ("Janaozen", "Station", "Aktau", "Secret")
    )
    incident_at(work, town, 1)
    incident_at(work, station, 2)
    incident_at(work, town, 3)
    incident_at(work, other, 4, created_by=2)
    sealed = incident_at(work, secret, 5, publication="sealed")
    recent = queries.recent_places
    assert [view.id for view in recent(work.session, work.actor)] == [town, station]
    assert sealed.id is not None
    work.session.add(IncidentAccess(incident_id=sealed.id, account_id=1))
    assert [view.id for view in recent(work.session, work.actor, limit=2)] == [secret, town]


def test_statements_do_not_grow_with_places(work: Work) -> None:
    ids = [added(work, JANAOZEN)]
    for depth in range(8):
        ids.append(added(work, PlaceSaid(f"Place {depth}", parent=ids[-1])))
    few = statements(work, lambda: queries.place_views(work.session, ids[:4]))
    many = statements(work, lambda: queries.place_views(work.session, ids))
    assert few == many == 2
    assert statements(work, lambda: queries.all_places(work.session)) == 3
    assert [view.id for view in queries.all_places(work.session)] == ids


def test_no_such_place_is_not_found(work: Work) -> None:
    with pytest.raises(NotFound):
        queries.place_view(work.session, 1)
    assert queries.place_views(work.session, [1]) == queries.place_views(work.session, []) == {}
