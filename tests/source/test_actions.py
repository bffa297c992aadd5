"""Adding, editing and closing sources."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from incidents.archive import Archive, ArchiveError
from incidents.audit.models import AuditEntry
from incidents.audit.queries import revisions_of
from incidents.crypto import Keyring
from incidents.db import Database
from incidents.errors import FieldErrors, NotAllowed, NotFound, Stale, WrongState
from incidents.incident.actions import edit_source
from incidents.source.actions import (
    add_source,
    close_source,
    prepare,
    reopen_source,
)
from incidents.source.models import Snapshot, Source, SourceKey
from incidents.source.queries import said_of, snapshot_bytes, texts_for_quotes
from incidents.source.record import Confirmed, SourceSaid, pasted
from incidents.viewer import OPERATOR, Role, Viewer
from tests.incident.rows import AIGUL, BAKYT, READER
from tests.source.conftest import NOW, TEXT, Room

URL = "https://iwpr.net/global-voices/police-round-men"
SECRET = "Qorqyt hit me in the boiler-room."


def refused(act: Callable[[], object]) -> dict[str, list[str]]:
    with pytest.raises(FieldErrors) as caught:
        act()
    return caught.value.errors


def snapshot_of(room: Room, source: Source) -> Snapshot:
    return room.work.session.exec(select(Snapshot).where(Snapshot.source_id == source.id)).one()


def test_a_source_with_all_its_metadata(room: Room) -> None:
    source = room.add(
        TEXT,
        title="  Police  round up men ",
        publisher="IWPR",
        author="Janar Kasymbekova",
        url=f" {URL}?utm_source=x#top ",
        alternate_urls=("http://iwpr.net/report-news/police", f"{URL}/"),
        archive_url="https://web.archive.org/web/2011/" + URL,
        language="EN-gb",
        published="[2011-12-19 .. 2011-12-22]",
        published_basis="inferred_elsewhere",
        accessed_at=NOW,
        reliability="B",
        reliability_reason="Named author at the scene.",
    )
    assert source.reference == "SRC-2026-00001"
    assert source.title == "Police round up men"
    assert (source.url, source.url_canonical) == (f"{URL}?utm_source=x#top", URL)
    assert source.language == "en-GB"
    assert source.published_edtf == "[2011-12-19..2011-12-22]"
    assert str(source.published_latest) == "2011-12-22"
    said = said_of(room.work.session, AIGUL, source)
    assert said.alternate_urls == ("http://iwpr.net/report-news/police", f"{URL}/")
    snapshot = snapshot_of(room, source)
    assert room.work.archive.get(snapshot.sha256) == TEXT.encode()
    assert (snapshot.text, snapshot.method, snapshot.taken_by) == (TEXT, "pasted", 1)
    (revision,) = revisions_of(room.work.session, "source", source.id or 0)
    kept = json.loads(revision.payload)
    assert (kept["title"], kept["url"], kept["closed_reason"]) == (source.title, source.url, None)
    last = room.work.session.exec(select(AuditEntry).order_by(AuditEntry.sequence.desc())).first()
    assert last is not None
    assert (last.action, last.entity, last.entity_id) == ("add", "source", source.id)


def test_a_title_and_a_kind_are_enough(room: Room) -> None:
    source = room.add()
    assert (source.publisher, source.url, source.published_edtf) == (None, None, None)
    assert texts_for_quotes(room.work.session, AIGUL, room.work.keyring, [source.id or 0]) == {}


@pytest.mark.parametrize(
    ("said", "path", "words"),
    [
        ({"title": " "}, "title", "Give the source a title."),
        ({"title": "x" * 501}, "title", "at most 500"),
        ({"title": "a\0b"}, "title", "can’t be stored"),
        ({"author": "a\ud800b"}, "author", "can’t be stored"),
        ({"kind": "leaflet"}, "kind", "Choose the kind"),
        ({"url": "javascript:alert(1)"}, "url", "beginning with https://"),
        ({"archive_url": "iwpr.net"}, "archive_url", "beginning with https://"),
        ({"url": URL, "alternate_urls": ("nonsense",)}, "alternate_urls", "“nonsense”"),
        ({"alternate_urls": (URL,)}, "url", "main address"),
        ({"language": "English"}, "language", "as its code"),
        ({"published": "last week"}, "published", ""),
        ({"published_basis": "stated"}, "published", "Give the date"),
        ({"published": "2011", "published_basis": "guessed"}, "published_basis", "Choose how"),
        ({"accessed_at": NOW + timedelta(days=3)}, "accessed_at", "in the future"),
        ({"reliability": "G"}, "reliability", "from A to F"),
        ({"reliability_reason": "because"}, "reliability", "Choose the grade"),
        ({"origin": "SRC-2026-00099"}, "origin", "There is no such source"),
        ({"origin": "the other one"}, "origin", "There is no such source"),
        ({"protected": True, "author": "Aibek"}, "author", "stored in clear"),
    ],
)
def test_what_is_wrong_is_said_by_its_field(
    room: Room, said: dict[str, object], path: str, words: str
) -> None:
    errors = refused(lambda: room.add(**said))
    assert list(errors) == [path]
    assert words in errors[path][0]


def test_every_fault_is_said_at_once(room: Room) -> None:
    errors = refused(lambda: room.add(title="", kind="", url="x", origin="y", language="?"))
    assert set(errors) == {"title", "kind", "url", "origin", "language"}


def test_a_double_click_makes_one_source(room: Room) -> None:
    first = room.add(TEXT, form_token="t1")
    assert room.add(TEXT, form_token="t1").id == first.id
    assert room.add("Other text.", form_token="t1", by=BAKYT).id != first.id
    assert len(room.work.session.exec(select(Snapshot)).all()) == 2


def test_what_stands_at_the_same_address_is_asked_about(room: Room) -> None:
    room.add(url=URL)
    errors = refused(
        lambda: room.add(url="http://IWPR.net/global-voices/police-round-men?fbclid=1")
    )
    assert list(errors) == ["same_address_ok"]
    assert "SRC-2026-00001" in errors["same_address_ok"][0]
    by_alternate = refused(lambda: room.add(url="https://other.org/", alternate_urls=(URL,)))
    assert "SRC-2026-00001" in by_alternate["same_address_ok"][0]
    room.add(url=URL, confirmed=Confirmed(same_address=True))


def test_another_address_of_a_source_is_known_too(room: Room) -> None:
    room.add(url="https://other.org/", alternate_urls=(URL,))
    assert "SRC-2026-00001" in refused(lambda: room.add(url=URL))["same_address_ok"][0]


def test_another_kind_at_the_same_address_is_asked_about(room: Room) -> None:
    room.add(url=URL)
    errors = refused(lambda: room.add(url=URL, kind="photograph"))
    assert list(errors) == ["same_address_ok"]
    assert "(news article)" in errors["same_address_ok"][0]
    room.add(url=URL, kind="photograph", confirmed=Confirmed(same_address=True))


def test_an_address_does_not_tell_of_a_hidden_source(room: Room) -> None:
    room.add(url=URL, protected=True)
    room.add(url=URL, by=BAKYT)


def test_the_same_text_is_asked_about(room: Room) -> None:
    room.add(TEXT)
    errors = refused(lambda: room.add(TEXT.replace("\n", "\r\n")))
    assert list(errors) == ["same_text_ok"]
    assert "SRC-2026-00001" in errors["same_text_ok"][0]
    room.add(TEXT, origin="SRC-2026-00001", confirmed=Confirmed(same_text=True))


def test_origin_groups_are_one_level_deep(room: Room) -> None:
    wire = room.add()
    copy = room.add(origin=wire.reference)
    assert room.add(origin=copy.reference.lower()).origin_id == copy.origin_id == wire.id


def test_readers_and_admins_add_and_change_nothing(room: Room) -> None:
    source = room.add()
    room.log(source)
    admin = Viewer(3, "Reader", frozenset({Role.READER, Role.ADMIN}))
    for act in (
        lambda: room.add(by=admin),
        lambda: edit_source(room.by(admin), source.reference, 1, SourceSaid("x", "other")),
        lambda: close_source(room.by(admin), source.reference, "because"),
        lambda: reopen_source(room.by(READER), source.reference),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_snapshot_rests_on_bytes_the_archive_holds(room: Room) -> None:
    prepared = prepare(pasted(TEXT), limit_mb=1)
    with pytest.raises(ArchiveError):
        add_source(room.work, SourceSaid("Title", "other"), prepared)


def test_an_edit_makes_a_version_and_a_revision(room: Room) -> None:
    source = room.add(TEXT, url=URL)
    said = said_of(room.work.session, AIGUL, source)
    edited = edit_source(
        room.by(BAKYT),
        source.reference,
        1,
        replace(said, title="Men rounded up", alternate_urls=("https://other.org/",)),
    )
    assert (edited.title, edited.version) == ("Men rounded up", 2)
    revisions = revisions_of(room.work.session, "source", source.id or 0)
    assert [(revision.version, revision.actor_id) for revision in revisions] == [(1, 1), (2, 2)]
    unchanged = said_of(room.work.session, AIGUL, edited)
    assert edit_source(room.work, source.reference, 2, unchanged).version == 2
    with pytest.raises(Stale) as caught:
        edit_source(room.work, source.reference, 1, said)
    assert caught.value.current_version == 2


def test_an_edit_is_checked_like_an_addition(room: Room) -> None:
    room.add(url=URL)
    source = room.add(url="https://other.org/")
    said = SourceSaid(source.title, "news_article", url=URL)
    errors = refused(lambda: edit_source(room.work, source.reference, 1, said))
    assert list(errors) == ["same_address_ok"]
    errors = refused(lambda: edit_source(room.work, source.reference, 1, SourceSaid("", "x")))
    assert set(errors) == {"title", "kind"}


def test_a_cited_source_stays_in_its_origin_group(room: Room) -> None:
    wire, source = room.add(), room.add()
    said = SourceSaid(source.title, source.kind, origin=wire.reference)
    room.log(source)
    errors = refused(lambda: edit_source(room.work, source.reference, 1, said))
    assert list(errors) == ["origin"]
    errors = refused(
        lambda: edit_source(room.work, source.reference, 1, replace(said, origin=source.reference))
    )
    assert errors["origin"] == ["This source is the origin of that one."]


def test_a_hidden_origin_outlives_an_edit(room: Room) -> None:
    wire = room.add(protected=True)
    copy = room.add(origin=wire.reference)
    assert said_of(room.work.session, BAKYT, copy).origin is None
    said = replace(said_of(room.work.session, BAKYT, copy), title="Another title")
    assert edit_source(room.by(BAKYT), copy.reference, 1, said).origin_id == wire.id


def test_protection_is_not_changed_by_an_edit(room: Room) -> None:
    source = room.add(TEXT)
    said = replace(said_of(room.work.session, AIGUL, source), title="T", protected=True)
    assert not edit_source(room.work, source.reference, 1, said).protected


def test_a_source_is_closed_with_a_reason_and_reopened(room: Room) -> None:
    source = room.add()
    assert "reason" in refused(lambda: close_source(room.work, source.reference, " "))
    closed = close_source(room.work, source.reference, " An opinion piece. ")
    assert (closed.closed_reason, closed.version) == ("An opinion piece.", 2)
    with pytest.raises(WrongState):
        close_source(room.work, source.reference, "again")
    assert reopen_source(room.work, source.reference).closed_reason is None
    with pytest.raises(WrongState):
        reopen_source(room.work, source.reference)
    revisions = revisions_of(room.work.session, "source", source.id or 0)
    assert [revision.reason for revision in revisions] == [None, "An opinion piece.", None]


def test_a_protected_source_opens_with_its_key_only(room: Room) -> None:
    source = room.add(SECRET, protected=True)
    session, work = room.work.session, room.work
    snapshot = snapshot_of(room, source)
    assert snapshot_bytes(session, work.keyring, work.archive, snapshot) == SECRET.encode()
    texts = texts_for_quotes(session, AIGUL, work.keyring, [source.id or 0])
    assert texts == {source.id: [(snapshot.id, SECRET)]}
    assert texts_for_quotes(session, BAKYT, work.keyring, [source.id or 0]) == {}
    assert texts_for_quotes(session, OPERATOR, work.keyring, [source.id or 0]) == {}
    key = session.exec(select(SourceKey)).one()
    key.wrapped, key.destroyed_at = None, NOW
    session.flush()
    with pytest.raises(NotFound, match="erased"):
        snapshot_bytes(session, work.keyring, work.archive, snapshot)
    assert texts_for_quotes(session, AIGUL, work.keyring, [source.id or 0]) == {}
    assert room.page(AIGUL, source).erased


def test_no_clear_word_of_a_protected_source_is_on_the_disk(
    room: Room, database: Database, archive: Archive, tmp_path: Path
) -> None:
    room.add(SECRET, protected=True)
    room.add(TEXT)
    room.work.session.commit()
    if not database.is_sqlite:
        (text,) = room.work.session.exec(select(Snapshot.text).where(Snapshot.text != "")).all()
        assert text == TEXT
        return
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert TEXT[:19].encode() in stored
    for word in ("Qorqyt", "boiler-room"):
        assert word.encode() not in stored


def test_texts_come_newest_first_in_a_constant_number_of_statements(room: Room) -> None:
    source = room.add("The first text.")
    later = Snapshot(
        source_id=source.id,
        sha256="0" * 64,
        size_bytes=1,
        media_type="text/plain",
        taken_at=NOW + timedelta(days=1),
        method="pasted",
        text="The second text.",
    )
    room.work.session.add(later)
    texts = texts_for_quotes(room.work.session, AIGUL, Keyring(bytes(32)), [source.id or 0])
    assert [text for _, text in texts[source.id or 0]] == ["The second text.", "The first text."]


def test_a_source_has_so_many_other_addresses(room: Room) -> None:
    many = tuple(f"https://a.example/{number}" for number in range(21))
    source = room.add(url=URL, alternate_urls=many[:20])
    assert len(said_of(room.work.session, AIGUL, source).alternate_urls) == 20

    errors = refused(lambda: room.add(url="https://b.example/", alternate_urls=many))

    assert list(errors) == ["alternate_urls"]
    assert errors["alternate_urls"][0].startswith("These are 21 addresses; at most 20 are kept.")
