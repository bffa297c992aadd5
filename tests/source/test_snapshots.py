"""Copies of a source: nothing is stored twice, no quote is lost, the newest is shown first."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from incidents.audit.models import AuditEntry
from incidents.db import Database
from incidents.errors import NotAllowed, NotFound
from incidents.source.actions import add_snapshot, key_for_copies, prepare
from incidents.source.models import Snapshot, Source, SourceKey
from incidents.source.queries import source_page
from incidents.source.queries.changes import changes
from incidents.source.queries.pieces import LEFT_OUT
from incidents.source.queries.views import SourcePage
from incidents.source.record import Content, pasted
from incidents.viewer import Viewer
from tests.conftest import Browser
from tests.incident.rows import AIGUL, BAKYT, READER
from tests.source.conftest import NOW, TEXT, Room
from tests.source.test_room import numbers, shown, statements
from tests.source.test_web import chosen, enter, rows, team, text_of

__all__ = ["enter", "team"]
SignIn = Callable[[Viewer], Browser]
NEWER = "Police opened fire on a crowd.\n\nA woman said: her husband was beaten.\n"


def copied(
    room: Room, source: Source, content: str | Content, *, by: Viewer = AIGUL, days: int = 1
) -> tuple[Snapshot, bool]:
    work = replace(room.by(by), now=NOW + timedelta(days=days))
    given = pasted(content) if isinstance(content, str) else content
    key = key_for_copies(work, source.reference)
    prepared = prepare(given, limit_mb=1, protected=source.protected, key=key)
    work.archive.put(prepared.stored)
    return add_snapshot(work, source.reference, prepared)


def page(room: Room, viewer: Viewer, source: Source, **asked: int) -> SourcePage:
    return source_page(room.work.session, viewer, room.work.keyring, source.reference, **asked)


def test_another_copy_is_kept_and_shown_first(room: Room) -> None:
    source = room.add(TEXT)
    version = source.version
    snapshot, is_new = copied(room, source, NEWER, by=BAKYT)
    assert is_new
    found = page(room, AIGUL, source)
    assert [one.number for one in found.snapshots] == [2, 1]
    assert (found.reading.shown or found.snapshots[1]).sha256 == snapshot.sha256
    assert shown(room, AIGUL, source) == NEWER.strip()
    assert source.version == version
    entry = room.work.session.exec(
        select(AuditEntry).where(AuditEntry.action == "add_snapshot")
    ).one()
    assert json.loads(entry.payload) == {
        "reference": source.reference,
        "snapshot": snapshot.sha256,
    }


@pytest.mark.parametrize("protected", [False, True])
def test_the_same_bytes_add_nothing(room: Room, protected: bool) -> None:
    source = room.add(TEXT, protected=protected)
    first, is_new = copied(room, source, TEXT)
    assert (first.id, is_new) == (page(room, AIGUL, source).snapshots[0].id, False)
    copied(room, source, NEWER)
    assert copied(room, source, NEWER)[1] is False
    # Back to what it was before: that copy is there.
    assert copied(room, source, TEXT)[0].id == first.id
    assert len(room.work.session.exec(select(Snapshot)).all()) == 2


def test_a_protected_source_s_copies_are_sealed_under_its_key(room: Room) -> None:
    source = room.add(TEXT, protected=True)
    snapshot, _ = copied(room, source, NEWER)
    assert (snapshot.text, snapshot.text_sha256, snapshot.file_name) == (None, None, None)
    assert b"husband" not in room.work.archive.get(snapshot.sha256)
    assert len(room.work.session.exec(select(SourceKey)).all()) == 1
    assert shown(room, AIGUL, source) == NEWER.strip()
    with pytest.raises(NotFound):
        copied(room, source, "Third.", by=BAKYT)


def test_the_first_copy_of_a_protected_source_brings_its_key(room: Room) -> None:
    source = room.add(protected=True)
    copied(room, source, TEXT)
    copied(room, source, NEWER)
    assert shown(room, AIGUL, source) == NEWER.strip()


def test_an_erased_source_takes_no_copy_again(room: Room) -> None:
    source = room.add(TEXT, protected=True)
    key = room.work.session.exec(select(SourceKey)).one()
    key.wrapped, key.destroyed_at = None, NOW
    room.work.session.add(key)
    room.work.session.flush()
    with pytest.raises(NotFound, match="erased"):
        copied(room, source, TEXT)


def test_a_reader_adds_no_copy(room: Room) -> None:
    source = room.add(TEXT)
    room.log(source)
    with pytest.raises(NotAllowed):
        copied(room, source, NEWER, by=READER)


def test_quotes_are_tinted_in_the_newest_copy_where_they_stand_now(room: Room) -> None:
    source = room.add("He was beaten. " + TEXT)
    room.log(source, "Police opened fire", type="use_of_force")
    room.log(source, "her husband was beaten")
    # Other marks and spaces, another place.
    copied(room, source, "Corrected. A woman said “her  husband was\nbeaten” again.")
    assert numbers(room, AIGUL, source) == [2]
    tinted = [
        piece.text
        for paragraph in page(room, AIGUL, source).paragraphs
        for piece in paragraph.pieces
        if piece.type
    ]
    assert tinted == ["her  husband was\nbeaten"]


def test_words_that_stand_twice_are_found_by_what_stands_around_them(room: Room) -> None:
    source = room.add("First he fell. Then she fell. They cried.")
    room.rows.cite(
        room.log(source, status="draft"),
        source.id or 0,
        1,
        snapshot_id=page(room, AIGUL, source).snapshots[0].id,
        quote="fell",
        quote_prefix="First he fell. Then she ",
        quote_suffix=". They cried.",
        quote_start=24,
        quote_end=28,
    )
    copied(room, source, "New: first he fell. Then she fell. They cried.")
    pieces = page(room, AIGUL, source).paragraphs[0].pieces
    assert pieces[0].text == "New: first he fell. Then she "


def test_quotes_that_no_longer_occur_are_told_with_what_comes_nearest(room: Room) -> None:
    source = room.add(TEXT)
    room.log(source, "Police", type="use_of_force")
    room.log(source, "A woman said her husband was beaten.", title="Man beaten")
    copied(room, source, "Police deny it.\n\nA woman said that her husband was hurt.")
    reading = page(room, AIGUL, source).reading
    assert reading.quotes == 2
    (lost,) = reading.lost
    assert (lost.number, lost.title, lost.copy) == (2, "Man beaten", 1)
    assert lost.words == "A woman said her husband was beaten."
    assert lost.nearest == "A woman said that her husband was"
    assert ("new", "that ") in lost.change
    assert [one.here for one in page(room, AIGUL, source).incidents] == [1, 0]
    assert page(room, AIGUL, source, copy=1).reading.lost == ()
    assert page(room, READER, source).reading.lost == ()


def test_a_quote_of_a_newer_copy_is_looked_up_in_the_older_one_too(room: Room) -> None:
    source = room.add(TEXT)
    copied(room, source, NEWER)
    room.log(source, "opened fire")
    room.log(source, "on a crowd")
    older = page(room, AIGUL, source, copy=1)
    assert [one.here for one in older.incidents] == [1, 0]
    assert [one.copy for one in older.reading.lost] == [2]


def test_an_older_copy_is_for_who_sees_the_whole_text(room: Room) -> None:
    source = room.add(TEXT)
    room.log(source, "Police")
    copied(room, source, NEWER)
    for asked in ({"copy": 1}, {"copy": 2}, {"against": 1}):
        with pytest.raises(NotFound):
            page(room, READER, source, **asked)
    for number in (0, 3, 999_999):
        with pytest.raises(NotFound):
            page(room, AIGUL, source, copy=number)
    assert page(room, AIGUL, source, copy=1).paragraphs[0].pieces[-1].text == " opened fire."


@pytest.mark.parametrize(
    "newer",
    [
        "Corrected. Her neighbour: “her husband  was beaten”.",
        "Corrected.\nA woman said that her husband was badly beaten.",
    ],
)
def test_a_protected_person_s_words_are_left_out_of_every_copy(room: Room, newer: str) -> None:
    source = room.add(TEXT)
    room.log(source, "Police")
    speaker = room.rows.party("a woman", privacy="protected")
    room.log(source, "her husband was beaten", speaker=speaker)
    copied(room, source, newer)
    text = shown(room, READER, source)
    assert "husband" not in text
    assert text.startswith("Corrected.") and LEFT_OUT in text
    assert "husband" in shown(room, AIGUL, source)


def test_statements_do_not_grow_with_quotes_or_copies(room: Room) -> None:
    source = room.add(TEXT, protected=True)

    def grow(text: str) -> None:
        for words in ("Police", "husband"):
            room.log(source, words)
        copied(room, source, text, days=len(text))

    grow("Police came and her husband went.")
    few = statements(room, lambda: page(room, AIGUL, source, copy=2, against=1))
    for turn in range(3):
        grow(f"Police came {'again ' * (turn + 2)} and her husband went.")
    assert statements(room, lambda: page(room, AIGUL, source, copy=2, against=1)) == few <= 10


# ---- what changed ----


def told(before: str, after: str) -> list[object]:
    return [line.left_out or line.parts for line in changes(before, after).lines]


def test_a_change_is_told_word_by_word_with_a_line_either_side() -> None:
    before = "One.\n\nTwo.\n\nHe was beaten.\n\nFour.\n\nFive."
    after = "One.\n\nTwo.\n\nHe was hurt.\n\nFour.\n\nFive."
    assert told(before, after) == [
        1,
        (("same", "Two."),),
        (("same", "He was "), ("gone", "beaten"), ("new", "hurt"), ("same", ".")),
        (("same", "Four."),),
        1,
    ]
    found = changes(before, after)
    assert (found.gone, found.added, found.none) == (1, 1, False)


def test_lines_come_and_go() -> None:
    assert told("One.\n\nTwo.", "Two.\n\nThree.") == [
        (("gone", "One."),),
        (("same", "Two."),),
        (("new", "Three."),),
    ]


def test_blank_lines_and_line_ends_are_no_change() -> None:
    assert changes("One.\r\n\r\n\r\nTwo.", "One.\n Two. \n").none
    assert changes("", "").none


def test_one_long_line_is_compared_by_its_sentences() -> None:
    sentences = [f"Sentence number {number} says something." for number in range(3000)]
    other = [*sentences[:1500], "A new one.", *sentences[1500:]]
    found = changes(" ".join(sentences), " ".join(other))
    assert (found.gone, found.added) == (0, 3)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a b c " * 60_000, "c b a " * 60_000),
        ("a\n" * 100_000, "b\n" * 100_000),
        ("\n".join(f"w{n} x" for n in range(40_000)), "\n".join(f"w{n} y" for n in range(40_000))),
    ],
)
def test_texts_that_differ_throughout_are_told_as_a_whole(before: str, after: str) -> None:
    found = changes(before, after)
    assert (found.gone, found.added) == (len(before.split()), len(after.split()))
    assert len(found.lines) <= 1_000


# ---- the pages ----


def test_a_source_without_text_says_so_and_takes_one(enter: SignIn, team: Room) -> None:
    reference = team.add().reference
    browser = enter(AIGUL)
    room = browser.get(f"/sources/{reference}")
    assert "There is no text of this source" in room.text
    assert f'href="/sources/{reference}/snapshots/new"' in room.text
    form = browser.get(f"/sources/{reference}/snapshots/new")
    assert "nothing can be quoted from this source" in form.text
    response = browser.post(f"/sources/{reference}/snapshots/new", {"text": TEXT})
    assert (response.status_code, response.location) == (303, f"/sources/{reference}")
    assert "her husband was beaten" in browser.get(response.location).text


def test_a_file_is_taken_as_a_copy(enter: SignIn, team: Room, database: Database) -> None:
    reference = team.add(TEXT).reference
    browser = enter(AIGUL)
    sent = {"file": chosen(NEWER.encode(), "newer.txt")}
    assert browser.post(f"/sources/{reference}/snapshots/new", sent).status_code == 303
    assert [one.method for one in rows(database, Snapshot)] == ["pasted", "uploaded"]


def test_the_same_text_twice_says_that_nothing_was_added(
    enter: SignIn, team: Room, database: Database
) -> None:
    reference = team.add(TEXT).reference
    browser = enter(AIGUL)
    response = browser.post(f"/sources/{reference}/snapshots/new", {"text": TEXT})
    assert "nothing was added" in browser.get(response.location).text
    assert len(rows(database, Snapshot)) == 1


def test_no_text_is_an_error_beside_the_field(enter: SignIn, team: Room) -> None:
    reference = team.add(TEXT).reference
    response = enter(AIGUL).post(f"/sources/{reference}/snapshots/new", {"text": " "})
    assert response.status_code == 422
    assert "Paste the text, or choose a file." in response.text


def test_the_room_leads_to_older_copies_and_what_changed(enter: SignIn, team: Room) -> None:
    source = team.add(TEXT)
    team.log(source, "Police opened fire.")
    copied(team, source, NEWER)
    reference = source.reference
    browser = enter(BAKYT)
    newest = browser.get(f"/sources/{reference}")
    said = text_of(newest)
    assert "The newest of 2 copies" in said
    assert "1 of 1 quote does not occur in this copy" in said
    assert f'href="/sources/{reference}?copy=1"' in newest.text
    older = text_of(browser.get(f"/sources/{reference}?copy=1"))
    assert "Copy 1 of 2, not the newest" in older
    changed = browser.get(f"/sources/{reference}?copy=2&against=1")
    assert "What changed from copy 1 to copy 2" in changed.text
    assert "<ins>" in changed.text and " on a crowd" in changed.text
    for wrong in ("copy=9", "copy=x", "copy=-1", "copy=1&against=7", "copy=%C2%B2"):
        assert browser.get(f"/sources/{reference}?{wrong}").status_code == 404
    reader = enter(READER)
    plain = reader.get(f"/sources/{reference}")
    assert "copies" not in text_of(plain)
    assert reader.get(f"/sources/{reference}?copy=1").status_code == 404


def test_hostile_words_in_a_copy_do_nothing(enter: SignIn, team: Room) -> None:
    source = team.add("<b>One</b> and more words of it.")
    team.log(source, "<b>One</b> and more words of it.")
    copied(team, source, "<i>One</i> and more words of it.<script>alert(1)</script>")
    reference = source.reference
    browser = enter(AIGUL)
    for query in ("", "?copy=2&against=1"):
        text = browser.get(f"/sources/{reference}{query}").text
        assert "<b>One" not in text and "<script>alert" not in text and "<i>One" not in text
