"""A copy of a story under another address is found by its words, and said before it is kept."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete
from sqlmodel import col, func, select

from incidents.errors import FieldErrors, WrongState
from incidents.incident.models import Incident
from incidents.near_texts import BANDS
from incidents.source.actions import mend_sketches, prepare, regroup_source
from incidents.source.actions.sketches import keep_sketches
from incidents.source.models import Snapshot, SnapshotBand, SnapshotSketch, Source
from incidents.source.queries import known_sources, near_copies, near_texts
from incidents.source.record import Confirmed, pasted
from incidents.viewer import Viewer
from tests.conftest import Browser
from tests.incident.rows import AIGUL, BAKYT, READER
from tests.source.conftest import Room
from tests.source.near import ARTICLE, COPIES, OTHER_ARTICLE
from tests.source.test_room import statements
from tests.source.test_web import enter, sent, team, text_of

__all__ = ["enter", "team"]
SignIn = Callable[[Viewer], Browser]
SEEN = Confirmed(near_text=True)
COPY = COPIES["English"][1]["all of these"]
EDITED = [
    pytest.param(text, edited, id=f"{language}: {how}")
    for language, (text, edits) in COPIES.items()
    for how, edited in edits.items()
]


def found(room: Room, text: str, viewer: Viewer = BAKYT) -> list[str]:
    return [one.source.reference for one in near_texts(room.work.session, viewer, text)]


def count(room: Room, model: type[SnapshotBand] | type[SnapshotSketch]) -> int:
    return room.work.session.exec(select(func.count()).select_from(model)).one()


def newest_origin(room: Room) -> int | None:
    """Of the source that was added last."""
    newest = col(Source.id).desc()
    return room.work.session.exec(select(Source.origin_id).order_by(newest)).first()


@pytest.mark.parametrize(("text", "edited"), EDITED)
def test_a_copy_of_the_story_is_found(room: Room, text: str, edited: str) -> None:
    room.add(OTHER_ARTICLE)
    source = room.add(text)
    assert found(room, edited) == [source.reference]


def test_another_story_of_the_same_days_is_not(room: Room) -> None:
    room.add(ARTICLE)
    room.add(OTHER_ARTICLE)
    assert found(room, "Only a few words of it: " + ARTICLE[:100]) == []


def test_nearly_the_same_text_is_asked_about_before_it_is_kept(room: Room) -> None:
    source = room.add(ARTICLE)
    with pytest.raises(FieldErrors) as caught:
        room.add(COPY)
    (told,) = caught.value.errors["story"]
    assert told.startswith(f"{source.reference}, “{source.title}”, has nearly this text.")
    assert room.add(COPY, confirmed=SEEN).origin_id is None
    assert room.add(COPY + " And more.", origin=source.reference).origin_id == source.id


def test_what_is_found_says_how_much_of_the_words_and_who_added_it(room: Room) -> None:
    source = room.add(ARTICLE)
    ready = prepare(pasted(COPY), limit_mb=1)
    (one,) = known_sources(
        room.work.session, BAKYT, (), ready.sha256, ready.text_sha256, text=ready.text
    )
    assert (one.reference, one.ways, one.shares) == (source.reference, ("near",), "")
    assert one.near == "98 % of these words stand in it."
    assert one.told.startswith("Added by Aigul on ")
    same = prepare(pasted(ARTICLE), limit_mb=1)
    (one,) = known_sources(
        room.work.session, BAKYT, (), same.sha256, same.text_sha256, text=same.text
    )
    assert (one.ways, one.near) == (("bytes",), "")


def test_a_protected_source_has_no_sketch_and_is_never_found(room: Room) -> None:
    room.add(ARTICLE, protected=True)
    assert count(room, SnapshotSketch) == count(room, SnapshotBand) == 0
    assert mend_sketches(room.work) == 0
    assert found(room, COPY, AIGUL) == []
    # Not even by a sketch that somebody made of it.
    snapshot = room.work.session.exec(select(Snapshot.id)).one()
    keep_sketches(room.work.session, [(snapshot or 0, ARTICLE)])
    assert found(room, COPY, AIGUL) == []


def test_only_what_the_viewer_may_see_is_found(room: Room) -> None:
    source = room.add(ARTICLE)
    incident = room.log(source, "Police", status="draft")
    assert found(room, COPY) == [source.reference]
    assert found(room, COPY, READER) == []
    room.rows.move(incident, "approved")
    assert found(room, COPY, READER) == [source.reference]


def test_a_short_text_has_no_bands_and_is_not_made_again(room: Room) -> None:
    room.add("Only a few words.")
    assert (count(room, SnapshotSketch), count(room, SnapshotBand)) == (1, 0)
    assert mend_sketches(room.work) == 0


def test_sketches_that_are_missing_or_of_another_version_are_made(room: Room) -> None:
    source = room.add(ARTICLE)
    other = room.add(OTHER_ARTICLE)
    session = room.work.session
    session.exec(delete(SnapshotBand))
    session.exec(delete(SnapshotSketch))
    assert found(room, COPY) == []
    assert mend_sketches(room.work) == 2
    assert found(room, COPY) == [source.reference]
    session.exec(select(SnapshotSketch)).all()[0].version = 0
    session.flush()
    assert mend_sketches(room.work) == 1
    assert mend_sketches(room.work) == 0
    assert count(room, SnapshotBand) == 2 * BANDS
    assert found(room, OTHER_ARTICLE) == [other.reference]


def test_looking_costs_the_same_for_many(room: Room) -> None:
    def look() -> object:
        return near_texts(room.work.session, BAKYT, COPY)

    assert statements(room, look) <= 2
    room.add(ARTICLE)
    few = statements(room, look)
    for number in range(8):
        room.add(f"{ARTICLE} {number}", confirmed=SEEN)
    assert len(found(room, COPY)) == 5
    assert statements(room, look) == few <= 2


def test_the_room_offers_to_make_it_one_story_until_it_is(room: Room) -> None:
    source = room.add(ARTICLE)
    copy = room.add(COPY, confirmed=SEEN)
    (near,) = room.page(BAKYT, copy).near
    assert (near.reference, near.told) == (source.reference, "98 % of these words stand in it.")
    assert [one.reference for one in room.page(BAKYT, source).near] == [copy.reference]
    room.log(source, "Police")
    assert room.page(READER, source).near == ()
    regroup_source(room.work, copy.reference, source.reference)
    assert room.page(BAKYT, copy).near == room.page(BAKYT, source).near == ()
    assert near_copies(room.work.session, BAKYT, copy) == ()


def test_groups_are_joined_whole_and_a_copy_may_leave(room: Room) -> None:
    first, second = room.add(ARTICLE), room.add(OTHER_ARTICLE)
    of_second = room.add("Its copy.", origin=second.reference)
    of_first = room.add("Another copy.", origin=first.reference)
    changed = regroup_source(room.work, of_second.reference, of_first.reference)
    assert [one.reference for one in changed] == [second.reference, of_second.reference]
    assert {one.origin_id for one in changed} == {first.id}
    with pytest.raises(WrongState):
        regroup_source(room.work, second.reference, of_second.reference)
    regroup_source(room.work, second.reference, None)
    assert (second.origin_id, of_second.origin_id, second.version) == (None, first.id, 3)
    with pytest.raises(WrongState):
        regroup_source(room.work, first.reference, None)


def test_the_form_asks_whose_story_it_is_and_keeps_the_answer(team: Room, enter: SignIn) -> None:
    reference, source_id = (source := team.add(ARTICLE)).reference, source.id
    browser = enter(AIGUL)
    fields = {"title": "Fear stalks oil town", "kind": "news_article", "text": COPY}
    refused = browser.post("/sources/new", sent(**fields))
    assert refused.status_code == 422
    page = text_of(refused)
    assert "A source has nearly this text" in page
    assert "98 % of these words stand in it." in page
    assert f"It copies the story of {reference}" in page
    kept = browser.post("/sources/new", sent(**{**fields, "story": reference}))
    assert kept.status_code == 303
    assert newest_origin(team) == source_id
    team.work.session.commit()
    own = browser.post(
        "/sources/new",
        sent(**{**fields, "text": f"{COPY} More.", "story": "own", "form_token": "t2"}),
    )
    assert own.status_code == 303
    assert newest_origin(team) is None


def test_one_press_in_the_room_makes_it_one_story_and_another_parts_it(
    team: Room, enter: SignIn
) -> None:
    source = team.add(ARTICLE)
    copy = team.add(COPY, confirmed=SEEN).reference
    incident = team.log(source, "Police")
    address = f"/sources/{source.reference}/story"
    browser = enter(BAKYT)
    assert "Nearly the same text" in text_of(browser.get(f"/sources/{copy}"))
    assert browser.post(address, {"of": copy}).status_code == 303
    page = text_of(browser.get(f"/sources/{copy}"))
    assert "Nearly the same text" not in page
    assert "Same story" in page
    again = browser.post(address, {"of": copy}, follow_redirects=True)
    assert "are one story already" in text_of(again)
    assert browser.post(address).status_code == 303
    assert "Nearly the same text" in text_of(browser.get(f"/sources/{copy}"))
    assert browser.post(address, {"of": "SRC-1999-00001"}).status_code == 404
    stored = team.work.session.exec(select(Incident).where(col(Incident.id) == incident)).one()
    assert stored.version == 1


def test_a_group_is_joined_whole_though_one_of_it_is_hidden(room: Room) -> None:
    hidden = room.add("A protected one.", by=BAKYT, protected=True)
    copy = room.add(ARTICLE, by=BAKYT, origin=hidden.reference)
    other = room.add(OTHER_ARTICLE)
    changed = regroup_source(room.by(AIGUL), copy.reference, other.reference)
    assert {one.reference: one.origin_id for one in changed} == {
        hidden.reference: other.id,
        copy.reference: other.id,
    }


def test_whose_origin_is_hidden_seems_to_copy_nobody(room: Room) -> None:
    hidden = room.add("A protected one.", by=BAKYT, protected=True)
    copy = room.add(ARTICLE, by=BAKYT, origin=hidden.reference)
    with pytest.raises(WrongState) as told:
        regroup_source(room.by(AIGUL), copy.reference, None)
    assert told.value.message == f"{copy.reference} copies no other source."
    assert copy.origin_id == hidden.id
