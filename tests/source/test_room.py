"""The reading room and the listing: what each viewer sees, and what nobody learns from them."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import col, update

from incidents.errors import FieldErrors, NotFound
from incidents.incident.models import Incident
from incidents.paging import Page, page_asked
from incidents.source.actions import close_source
from incidents.source.filters import SourceFilter
from incidents.source.models import Snapshot, Source
from incidents.source.queries import (
    NEWEST_FIRST,
    ORDERS,
    SourceLine,
    kind_labels,
    page_of_sources,
    snapshot_file,
    source_by_reference,
)
from incidents.source.queries.pieces import LEFT_OUT
from incidents.viewer import OPERATOR, Viewer
from tests.incident.rows import AIGUL, BAKYT, READER
from tests.source.conftest import NOW, TEXT, Room


def listing(
    room: Room, viewer: Viewer = AIGUL, after: str = "", size: int = 50, **args: Sequence[str]
) -> Page[SourceLine]:
    kinds = kind_labels(room.work.session)
    asked = page_asked("", after, ORDERS, default=NEWEST_FIRST, size=size)
    wanted = SourceFilter.from_args(args, kinds)
    return page_of_sources(room.work.session, viewer, asked, wanted, kinds)


def titles(page: Page[SourceLine]) -> list[str]:
    return [row.title for row in page.rows]


def shown(room: Room, viewer: Viewer, source: Source) -> str:
    paragraphs = room.page(viewer, source).paragraphs
    return "\n\n".join("".join(part.text for part in one.pieces) for one in paragraphs)


def numbers(room: Room, viewer: Viewer, source: Source) -> list[int]:
    return [
        number.number
        for paragraph in room.page(viewer, source).paragraphs
        for piece in paragraph.pieces
        for number in piece.numbers
    ]


def statements(room: Room, act: Callable[[], object]) -> int:
    room.work.session.flush()
    room.work.session.expire_all()
    seen: list[str] = []
    connection = room.work.session.connection()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(connection, "before_cursor_execute", note)
    return len(seen)


def test_quotes_are_tinted_and_their_incidents_numbered(room: Room) -> None:
    source = room.add(TEXT)
    room.log(source, "opened fire", type="use_of_force", title="Police open fire")
    room.log(source, "Police opened fire.", type="official_statement", status="draft", title="")
    page = room.page(AIGUL, source)
    assert [(line.number, line.title, line.status) for line in page.incidents] == [
        (1, "Police open fire", "approved"),
        (2, "Untitled official statement", "draft"),
    ]
    first = page.paragraphs[0]
    told = [
        (piece.text, piece.type, [one.number for one in piece.numbers]) for piece in first.pieces
    ]
    assert told == [
        ("Police ", "official_statement", []),
        ("opened fire", "use_of_force", [1, 2]),
        (".", "official_statement", [2]),
    ]
    assert [(note.number, note.title) for note in first.notes] == [
        (1, "Police open fire"),
        (2, "Untitled official statement"),
    ]
    assert (page.cover.cited, page.cover.percent) == (19, 35)
    assert page.incidents[1].statement


def test_an_incident_that_cites_twice_has_one_number(room: Room) -> None:
    source = room.add(TEXT)
    incident = room.log(source, "Police", status="draft")
    room.rows.cite(incident, source.id or 0, 1)
    (line,) = room.page(AIGUL, source).incidents
    assert line.quotes == 1
    assert listing(room).rows[0].incidents == 1


def test_a_reader_sees_only_what_approved_incidents_cite(room: Room) -> None:
    hidden, cited = room.add("Hidden text."), room.add(TEXT)
    room.log(hidden, status="draft")
    sealed = room.log(hidden)
    room.work.session.exec(
        update(Incident)
        .where(col(Incident.id) == sealed)
        .values(publication="sealed", version=Incident.version + 1)
    )
    room.log(cited, "Police")
    room.log(cited, "fire", status="submitted")
    assert [row.reference for row in listing(room, READER).rows] == [cited.reference]
    assert (listing(room, READER).count, listing(room, READER).rows[0].incidents) == (1, 1)
    for reference in (hidden.reference, "SRC-2026-00099", "SRC-x", "'; --"):
        with pytest.raises(NotFound) as caught:
            source_by_reference(room.work.session, READER, reference)
        assert caught.value.message == "There is no such source."
    page = room.page(READER, cited)
    assert [line.number for line in page.incidents] == [1]
    assert numbers(room, READER, cited) == [1]
    assert [paragraph.start for paragraph in page.paragraphs] == [None, None]
    assert numbers(room, AIGUL, cited) == [1, 2]
    assert room.page(BAKYT, hidden).incidents[0].status == "draft"
    assert len(room.page(BAKYT, hidden).incidents) == 1
    assert listing(room, BAKYT).rows[1].incidents == 1


def test_a_reader_sees_no_internal_remarks(room: Room) -> None:
    source = room.add(TEXT, reliability="B", reliability_reason="She is a friend.")
    room.log(source)
    close_source(room.work, source.reference, "All of it is logged.")
    page = room.page(READER, source)
    assert (page.reliability, page.reliability_reason) == ("B", None)
    assert (page.closed, page.closed_reason) == (True, None)
    assert (page.added_by, page.snapshots[0].taken_by) == (None, None)
    internal = room.page(AIGUL, source)
    assert (internal.added_by, internal.closed_reason) == ("Aigul", "All of it is logged.")


@pytest.mark.parametrize("status", ["draft", "submitted", "approved"])
def test_a_reader_does_not_read_a_protected_person_s_words(room: Room, status: str) -> None:
    source = room.add(TEXT + "\nHe repeats: her husband was beaten.")
    room.log(source, "Police opened fire.", type="use_of_force")
    speaker = room.rows.party("wife of detained man", privacy="protected")
    room.log(source, "her husband was beaten", status=status, speaker=speaker)
    text = shown(room, READER, source)
    assert text == (f"Police opened fire.\n\nA woman said {LEFT_OUT}.\n\nHe repeats: {LEFT_OUT}.")
    assert numbers(room, READER, source) == [1]
    assert all(line.quotes == (line.number == 1) for line in room.page(READER, source).incidents)
    assert "her husband was beaten" in shown(room, AIGUL, source)
    assert room.page(READER, source).cover.total == len(text.replace("\n", ""))


def test_a_merged_speaker_stays_protected(room: Room) -> None:
    source = room.add(TEXT)
    room.log(source)
    protected = room.rows.party("a woman", privacy="protected")
    between = room.rows.party("a wife", privacy="label", merged_into_id=protected)
    speaker = room.rows.party("a neighbour", privacy="label", merged_into_id=between)
    room.log(source, "her husband was beaten", speaker=speaker)
    assert "husband" not in shown(room, READER, source)


def test_words_pinned_to_an_older_snapshot_are_left_out_of_the_new_one(room: Room) -> None:
    source = room.add(TEXT)
    room.log(source, "Police")
    speaker = room.rows.party("a woman", privacy="protected")
    room.log(source, "her husband was beaten", speaker=speaker)
    room.work.session.add(
        Snapshot(
            source_id=source.id,
            sha256="0" * 64,
            size_bytes=1,
            media_type="text/plain",
            taken_at=NOW + timedelta(days=1),
            method="pasted",
            text="Corrected. A woman said her husband was beaten.",
        )
    )
    assert shown(room, READER, source) == f"Corrected. A woman said {LEFT_OUT}."
    assert numbers(room, READER, source) == []
    assert numbers(room, AIGUL, source) == [2]


def test_a_protected_source_is_known_to_its_finder_and_who_works_with_it(room: Room) -> None:
    source = room.add(TEXT, protected=True)
    for viewer in (BAKYT, OPERATOR, READER):
        with pytest.raises(NotFound):
            room.page(viewer, source)
        assert listing(room, viewer).rows == ()
    room.log(source, "Police", status="approved")
    assert shown(room, BAKYT, source) == shown(room, AIGUL, source) == TEXT.strip()
    with pytest.raises(NotFound):
        room.page(READER, source)


def test_the_original_is_for_who_sees_the_whole_text(room: Room) -> None:
    source = room.add(TEXT, protected=True)
    room.log(source)
    public = room.add("Another text.")
    room.log(public)
    work, sha256 = room.work, room.page(AIGUL, source).snapshots[0].sha256

    def download(viewer: Viewer, reference: str, digest: str) -> bytes:
        return snapshot_file(
            work.session, viewer, work.keyring, work.archive, reference, digest
        ).content

    assert download(AIGUL, source.reference, sha256) == TEXT.encode()
    other = room.page(READER, public)
    assert not other.downloads
    for viewer, reference, digest in (
        (READER, public.reference, other.snapshots[0].sha256),
        (AIGUL, public.reference, sha256),
        (AIGUL, source.reference, "../../etc/passwd"),
    ):
        with pytest.raises(NotFound):
            download(viewer, reference, digest)


def test_copies_of_one_story_know_each_other(room: Room) -> None:
    wire = room.add(title="Wire")
    copy = room.add(title="Copy", origin=wire.reference)
    other = room.add(title="Other copy", origin=copy.reference)
    assert [(one.title, one.is_origin) for one in room.page(AIGUL, copy).copies] == [
        ("Wire", True),
        ("Other copy", False),
    ]
    room.log(other)
    assert room.page(READER, other).copies == ()


def test_only_web_addresses_become_links(room: Room) -> None:
    source = room.add(url="https://iwpr.net/x", alternate_urls=("http://iwpr.net/y",))
    page = room.page(AIGUL, source)
    assert page.address is not None
    assert page.address.href == "https://iwpr.net/x"
    room.work.session.exec(
        update(Source).where(col(Source.id) == source.id).values(archive_url="javascript:alert(1)")
    )
    room.work.session.expire_all()
    link = room.page(AIGUL, source).archived
    assert link is not None
    assert (link.text, link.href) == ("javascript:alert(1)", None)


def test_filters_of_the_listing(room: Room) -> None:
    room.add(title="Список задержанных", kind="ngo_report", publisher="Азаттык")
    room.add(title="Police 100% sure", url="https://iwpr.net/x")
    logged = room.add(title="Police round up", kind="video", url="https://iwpr.net/y")
    closed = room.add(title="An opinion")
    room.log(logged)
    close_source(room.work, closed.reference, "No facts in it.")
    everything = ["An opinion", "Police round up", "Police 100% sure", "Список задержанных"]
    assert titles(listing(room)) == everything
    assert titles(listing(room, logged=["no"])) == everything[2:]
    assert titles(listing(room, logged=["yes"])) == ["Police round up"]
    assert titles(listing(room, logged=["closed"])) == ["An opinion"]
    assert titles(listing(room, kind=["video", "ngo_report"])) == [everything[1], everything[3]]
    assert titles(listing(room, q=["POLICE"])) == everything[1:3]
    assert titles(listing(room, q=["police up"])) == ["Police round up"]
    assert titles(listing(room, q=["100%"])) == ["Police 100% sure"]
    assert titles(listing(room, q=["%"])) == ["Police 100% sure"]
    assert titles(listing(room, q=["список"])) == ["Список задержанных"]
    assert titles(listing(room, q=["азаттык"])) == ["Список задержанных"]
    assert titles(listing(room, q=["http://iwpr.net/y?utm_source=z"])) == ["Police round up"]
    assert titles(listing(room, q=["iwpr"])) == []


@pytest.mark.parametrize(
    ("args", "path"),
    [
        ({"colour": ["red"]}, "colour"),
        ({"kind": ["leaflet"]}, "kind"),
        ({"logged": ["maybe"]}, "logged"),
        ({"q": ["x" * 501]}, "q"),
        ({"q": ["\0"]}, "q"),
    ],
)
def test_a_parameter_that_can_not_be_followed_is_an_error(
    room: Room, args: dict[str, list[str]], path: str
) -> None:
    with pytest.raises(FieldErrors) as caught:
        listing(room, **args)
    assert list(caught.value.errors) == [path]


def test_a_filter_says_itself_in_words_and_in_its_address(room: Room) -> None:
    kinds = kind_labels(room.work.session)
    args = {"q": ["oil workers"], "kind": ["news_article", "video"], "logged": ["no"]}
    wanted = SourceFilter.from_args(args, kinds)
    assert wanted.to_args() == args
    assert wanted.words(kinds) == (
        "Sources nobody has logged yet; kind is News article or Video;"
        " with “oil workers” in title, publisher or address"
    )
    assert SourceFilter().words(kinds) == "All sources"
    assert SourceFilter().to_args() == {}


def test_pages_follow_each_other_both_ways(room: Room) -> None:
    for number in range(5):
        room.add(title=f"Source {number}")
    first = listing(room, size=2)
    assert (titles(first), first.count, first.previous) == (["Source 4", "Source 3"], 5, None)
    second = listing(room, size=2, after=first.next or "")
    assert titles(second) == ["Source 2", "Source 1"]
    third = listing(room, size=2, after=second.next or "")
    assert (titles(third), third.next) == (["Source 0"], None)
    assert titles(listing(room, size=2, after=second.previous or "")) == titles(first)
    with pytest.raises(FieldErrors):
        listing(room, after="nonsense")


def test_statements_do_not_grow_with_sources_or_incidents(room: Room) -> None:
    source = room.add(TEXT)

    def grow() -> None:
        for _ in range(3):
            room.log(source, "Police", speaker=room.rows.party("a woman", privacy="protected"))
            room.log(room.add())

    def counted(viewer: Viewer) -> tuple[int, int]:
        listed = statements(room, lambda: listing(room, viewer))
        return listed, statements(room, lambda: room.page(viewer, source))

    grow()
    few = [counted(viewer) for viewer in (AIGUL, READER)]
    grow()
    assert [counted(viewer) for viewer in (AIGUL, READER)] == few
    assert all(listed <= 4 and shown <= 9 for listed, shown in few)
