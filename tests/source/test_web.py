"""The pages of sources, as people use them."""

import io
import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from incidents.account.models import AccountRole
from incidents.archive import Archive
from incidents.db import Database
from incidents.services import Services
from incidents.source.models import Snapshot, Source
from incidents.viewer import Viewer
from incidents.vocabulary.actions import sync_terms
from tests.conftest import Browser
from tests.factories import Person
from tests.incident.rows import AIGUL, BAKYT, READER
from tests.source.conftest import TEXT, Room
from tests.source.test_content import ARTICLE, ARTICLE_SHA256
from tests.web.filled import form_of

SignIn = Callable[[Viewer], Browser]
URL = "https://iwpr.net/global-voices/police-round-men"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>{{ 7 * 7 }}"


@pytest.fixture
def team(services: Services) -> Iterator[Room]:
    """Accounts with their roles, and whoever needs rows; commit before a browser looks."""
    with services.database.writing() as session:
        work = services.work(session, AIGUL)
        sync_terms(work)
        room = Room(work)
        for viewer in (AIGUL, BAKYT, READER):
            for role in viewer.roles:
                session.add(AccountRole(account_id=viewer.account_id, role=role))
        session.commit()
        yield room


@pytest.fixture
def enter(team: Room, sign_in: Callable[..., Browser]) -> SignIn:
    def browser(viewer: Viewer) -> Browser:
        assert viewer.account_id is not None
        # The database is one writer's at a time.
        team.work.session.commit()
        return sign_in(person=Person(viewer.account_id, viewer))

    return browser


@pytest.fixture
def researcher(enter: SignIn) -> Browser:
    return enter(AIGUL)


def sent(**more: Any) -> dict[str, Any]:
    return {"title": "Police round up men", "kind": "news_article", "form_token": "t1", **more}


def chosen(body: bytes, name: str = "article.md") -> tuple[io.BytesIO, str]:
    return io.BytesIO(body), name


def rows(database: Database, model: Any) -> list[Any]:
    with database.reading() as session:
        return list(session.exec(select(model)).all())


def text_of(response: Any) -> str:
    """What a page says, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


def test_a_pasted_text_opens_in_the_reading_room(
    researcher: Browser, database: Database, archive: Archive
) -> None:
    response = researcher.post("/sources/new", sent(text=TEXT.replace("\n", "\r\n"), url=URL))
    assert (response.status_code, response.location) == (303, "/sources/SRC-2026-00001")
    page = researcher.get(response.location)
    assert "SRC-2026-00001 is kept." in page.text
    assert "A woman said her husband was beaten." in page.text
    (snapshot,) = rows(database, Snapshot)
    assert snapshot.text == TEXT
    assert archive.get(snapshot.sha256) == TEXT.encode()


def test_an_uploaded_file_keeps_its_bytes(
    researcher: Browser, database: Database, archive: Archive
) -> None:
    response = researcher.post("/sources/new", sent(file=chosen(ARTICLE)))
    assert response.status_code == 303
    (snapshot,) = rows(database, Snapshot)
    assert (snapshot.sha256, snapshot.file_name) == (ARTICLE_SHA256, "article.md")
    assert archive.get(ARTICLE_SHA256) == ARTICLE
    download = researcher.get(f"/sources/SRC-2026-00001/snapshots/{ARTICLE_SHA256}")
    assert download.data == ARTICLE
    assert download.headers["Content-Disposition"] == "attachment; filename=article.md"
    assert download.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert download.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in download.headers["Content-Security-Policy"]


def test_a_source_without_text_can_be_added(researcher: Browser) -> None:
    response = researcher.post("/sources/new", sent(kind="photograph"))
    assert "There is no text of this source" in researcher.get(response.location).text


def test_an_error_keeps_everything_that_was_typed(
    researcher: Browser, database: Database, archive: Archive
) -> None:
    typed = {
        "text": "The pasted words.",
        "publisher": "IWPR",
        "author": "Janar",
        "url": "iwpr.net/x",
        "alternate_urls": "https://a.org/\r\nhttps://b.org/",
        "archive_url": "https://c.org/",
        "language": "en",
        "published": "2011-12",
        "accessed_at": "2026-11-20",
        "reliability_reason": "At the scene.",
        "origin": "SRC-2026-00099",
    }
    chosen_too = {"published_basis": "year_inferred", "reliability": "B", "protected": "y"}
    response = researcher.post("/sources/new", sent(title="", **typed, **chosen_too))
    assert response.status_code == 422
    for words in (*typed.values(), "t1"):
        assert words.split("\r\n")[0] in unescape(response.text)
    for code in ("news_article", "year_inferred", "B"):
        assert f'selected value="{code}"' in response.text
    assert re.search(r'<input[^>]*checked[^>]*name="protected"', response.text)
    said = text_of(response)
    for message in ("Give the source a title.", "beginning with https://", "no such source"):
        assert message in said
    assert rows(database, Source) == []
    assert not archive.folder.exists() or not list(archive.folder.glob("??/*"))


def test_a_chosen_file_s_text_outlives_an_error(researcher: Browser, database: Database) -> None:
    response = researcher.post("/sources/new", sent(kind="", file=chosen(TEXT.encode())))
    assert response.status_code == 422
    assert "A woman said her husband was beaten." in response.text
    assert "There is no need to choose it again" in text_of(response)
    again = form_of(response.text, "title").fill(kind="news_article")
    assert researcher.post("/sources/new", again.data()).status_code == 303
    (snapshot,) = rows(database, Snapshot)
    assert snapshot.method == "uploaded"


def test_another_text_beside_a_file_is_not_lost(researcher: Browser) -> None:
    response = researcher.post("/sources/new", sent(text="My own.", file=chosen(TEXT.encode())))
    assert response.status_code == 422
    assert "The box holds another text" in response.text
    assert "My own." in response.text


@pytest.mark.parametrize(
    ("body", "name", "words"),
    [
        (b"\x89PNG\r\n\x1a\n", "a.txt", "This is a picture (PNG)"),
        (b"", "a.txt", "no text in it"),
        (b"<p>", "a.html", "No text was found in the page"),
        (b"a\0b", "a.txt", "NUL"),
    ],
)
def test_a_file_that_is_no_text_is_refused_beside_its_field(
    researcher: Browser, body: bytes, name: str, words: str
) -> None:
    response = researcher.post("/sources/new", sent(file=chosen(body, name)))
    assert response.status_code == 422
    assert words in response.text
    assert 'aria-describedby="file-help file-error"' in response.text


def test_a_double_click_leads_to_one_source(researcher: Browser, database: Database) -> None:
    first = researcher.post("/sources/new", sent(text=TEXT, url=URL))
    second = researcher.post("/sources/new", sent(text=TEXT, url=URL))
    assert second.location == first.location == "/sources/SRC-2026-00001"
    assert len(rows(database, Source)) == len(rows(database, Snapshot)) == 1


def test_what_is_asked_about_can_be_confirmed(researcher: Browser) -> None:
    researcher.post("/sources/new", sent(text=TEXT, url=URL))
    again = sent(text=TEXT, url=f"{URL}#x", kind="photograph", form_token="t2")
    response = researcher.post("/sources/new", again)
    assert response.status_code == 422
    for name in ("same_address_ok", "same_text_ok"):
        assert f'name="{name}"' in response.text
    said = text_of(response)
    assert "SRC-2026-00001, “Police round up men”, stands at this address already" in said
    confirmed = researcher.post(
        "/sources/new", {**again, "same_address_ok": "y", "same_text_ok": "y"}
    )
    assert confirmed.location == "/sources/SRC-2026-00002"


def test_the_desk_s_box_opens_the_form_with_what_was_pasted(researcher: Browser) -> None:
    response = researcher.post("/sources/new", {"text": "\n# Police round up men \n\nWe spent"})
    assert response.status_code == 200
    assert 'value="Police round up men"' in response.text
    assert "We spent" in response.text
    assert 'class="msg"' not in response.text
    address = researcher.post("/sources/new", {"text": f" {URL} "}, follow_redirects=True)
    assert f'value="{URL}"' in address.text
    assert "its name was not found" in address.text


@pytest.mark.parametrize(
    "field", ["title", "text", "url", "form_token", "kind", "language", "reliability", "origin"]
)
def test_what_can_not_be_stored_is_refused(researcher: Browser, field: str) -> None:
    assert researcher.post("/sources/new", sent(**{field: "a\0b"})).status_code == 422


def test_hostile_words_are_shown_and_do_nothing(researcher: Browser) -> None:
    hostile = sent(
        title=HOSTILE,
        text=HOSTILE,
        publisher=HOSTILE,
        author=HOSTILE,
        reliability="F",
        reliability_reason=HOSTILE,
    )
    location = researcher.post("/sources/new", hostile).location
    researcher.post(f"{location}/close", {"reason": HOSTILE})
    for address in (location, f"{location}/edit", "/sources", "/sources?q=%3Cscript%3E"):
        page = researcher.get(address)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img" not in page.text
        assert "49" not in text_of(page)
    assert HOSTILE in text_of(researcher.get(location))


def test_an_address_that_is_no_web_address_is_no_link(team: Room, enter: SignIn) -> None:
    source = team.add(TEXT)
    source.archive_url = "javascript:alert(1)"
    page = enter(AIGUL).get(f"/sources/{source.reference}")
    assert 'href="javascript' not in page.text
    assert "javascript:alert(1)" in page.text


def test_a_protected_source_is_its_finder_s(enter: SignIn, database: Database) -> None:
    finder = enter(AIGUL)
    location = finder.post(
        "/sources/new", sent(text="Qorqyt hit me.", kind="testimony", protected="y")
    ).location
    assert "Qorqyt hit me." in finder.get(location).text
    (snapshot,) = rows(database, Snapshot)
    assert (snapshot.text, snapshot.file_name) == (None, None)
    download = finder.get(f"{location}/snapshots/{snapshot.sha256}")
    assert download.data == b"Qorqyt hit me."
    for viewer in (BAKYT, READER):
        other = enter(viewer)
        for address in (location, f"{location}/snapshots/{snapshot.sha256}"):
            assert other.get(address).status_code == 404
        assert "SRC-2026-00001" not in other.get("/sources").text


def test_a_reader_sees_a_cited_source_without_protected_words(team: Room, enter: SignIn) -> None:
    cited, hidden = team.add(TEXT, title="Cited"), team.add(title="Hidden")
    team.log(cited, "Police opened fire.", type="use_of_force", title="Police open fire")
    speaker = team.rows.party("wife of detained man", privacy="protected")
    team.log(cited, "her husband was beaten", speaker=speaker, title="Man beaten")
    team.log(hidden, status="draft")
    reader = enter(READER)
    listed = reader.get("/sources").text
    assert ("Cited" in listed, "Hidden" in listed) == (True, False)
    page = reader.get(f"/sources/{cited.reference}")
    assert "[words of a protected person left out]" in page.text
    assert "husband" not in page.text
    assert "data-start" not in page.text
    for words in ("New incident", "Close this source", "Download", "/edit"):
        assert words not in page.text
    assert reader.get(f"/sources/{hidden.reference}").status_code == 404
    missing = reader.get("/sources/SRC-2026-00099")
    assert missing.status_code == 404
    assert text_of(missing) == text_of(reader.get(f"/sources/{hidden.reference}"))


def test_the_room_shows_quotes_numbers_and_ways_to_log(team: Room, enter: SignIn) -> None:
    source = team.add(TEXT)
    team.log(source, "Police opened fire.", type="use_of_force", title="Police open fire")
    page = enter(AIGUL).get(f"/sources/{source.reference}")
    assert (
        '<mark class="t-use_of_force" id="INC-2026-00001">Police opened fire.</mark>' in page.text
    )
    assert 'href="/incidents/INC-2026-00001"' in page.text
    assert f'href="/incidents/new?source={source.reference}&amp;type=detention"' in page.text
    assert "19 of 55 characters cited, 35 %" in text_of(page)
    assert 'style="' not in page.text


def test_metadata_is_edited_and_a_conflict_shows_both(team: Room, enter: SignIn) -> None:
    source = team.add(TEXT, url=URL, published="2011-12", published_basis="stated")
    address = f"/sources/{source.reference}/edit"
    browser = enter(AIGUL)
    form = browser.get(address)
    assert 'value="2011-12"' in form.text
    saved = browser.post(address, sent(version="1", title="Men rounded up", url=URL))
    assert (saved.status_code, saved.location) == (303, f"/sources/{source.reference}")
    stale = browser.post(address, sent(version="1", title="Mine", url=URL))
    assert stale.status_code == 409
    said = text_of(stale)
    assert "saved this at" in said and "What you started from Police round up men" in said
    assert "Men rounded up" in said and "Yours Mine" in said
    merge = form_of(stale.text, "merge_version").fill(**{"merge.title": "mine"})
    assert browser.client.post(address, data=merge.data()).status_code == 303
    wrong = browser.post(address, sent(version="3", title="", kind="leaflet"))
    assert wrong.status_code == 422
    assert "Choose the kind" in wrong.text
    assert browser.get("/sources/SRC-2026-00099/edit").status_code == 404


def test_a_source_is_closed_and_reopened(team: Room, enter: SignIn) -> None:
    source = team.add(TEXT)
    address = f"/sources/{source.reference}"
    browser = enter(BAKYT)
    refused = browser.post(f"{address}/close", {"reason": " "})
    assert refused.status_code == 422
    assert "Say why nothing is to be logged from it." in refused.text
    assert browser.post(f"{address}/close", {"reason": "An opinion."}).status_code == 303
    assert "An opinion." in browser.get(address).text
    assert browser.post(f"{address}/close", {"reason": "Again."}).status_code == 303
    assert "is closed already" in browser.get(address).text
    assert browser.post(f"{address}/reopen").status_code == 303
    assert "An opinion." not in browser.get(address).text
    assert browser.post("/sources/SRC-2026-00099/close", {"reason": "x"}).status_code == 404


def test_the_listing_s_whole_state_is_in_its_address(team: Room, enter: SignIn) -> None:
    for number in range(52):
        team.add(title=f"Source {number}", kind="video")
    browser = enter(AIGUL)
    first = browser.get("/sources?kind=video")
    assert "52 sources" in text_of(first)
    following = re.search(r'rel="next"\s+href="([^"]+)"', first.text)
    assert following is not None
    last = browser.get(unescape(following[1]))
    assert "kind=video" in following[1]
    assert ("Source 0" in last.text, "Source 2<" in last.text) == (True, False)
    oldest = browser.get("/sources?sort=added")
    assert "52 sources , oldest first" in text_of(oldest)
    assert "sort=added&amp;after=" in oldest.text
    assert browser.get("/sources?sort=colour").status_code == 422
    cleaned = browser.get("/sources?q=&kind=video&logged=")
    assert cleaned.location == "/sources?kind=video"
    assert browser.get("/sources?kind=leaflet").status_code == 422
    assert "Sources can’t be filtered by “colour”." in browser.get("/sources?colour=red").text
    assert "No source matches" in browser.get("/sources?q=nothing").text


def test_pages_take_the_same_number_of_statements(team: Room, enter: SignIn, app: Any) -> None:
    source = team.add(TEXT)

    def grow() -> None:
        for _ in range(3):
            team.log(source, "Police", title=json.dumps("x"))
            team.log(team.add(title="Another"))

    def counted(viewer: Viewer, address: str) -> int:
        browser = enter(viewer)
        seen: list[str] = []
        engine = app.extensions["incidents"].database.engine

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            assert browser.get(address).status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    asked = [
        (viewer, address)
        for viewer in (AIGUL, READER)
        for address in ("/sources", f"/sources/{source.reference}")
    ]
    grow()
    # Of a first visit it is written down who is there.
    for one in asked:
        counted(*one)
    few = [counted(*one) for one in asked]
    grow()
    assert [counted(*one) for one in asked] == few
