"""A file of any kind as a source: read, proposed, corrected, kept; chosen once."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from incidents.archive import Archive
from incidents.db import Database
from incidents.services import Services
from incidents.source.models import Snapshot, Source
from incidents.vocabulary.actions import sync_terms
from tests.conftest import Browser
from tests.incident.rows import AIGUL
from tests.infrastructure.pages import PARAGRAPHS, mhtml, page, pdf
from tests.web.filled import FilledForm, form_of

NEW = "/sources/new"
HEAD = (
    "<meta property='og:site_name' content='The Observer'>"
    "<meta name='author' content='Jan Novák'>"
    "<meta property='article:published_time' content='2012-02-04T08:00:00Z'>"
    "<link rel='canonical' href='https://observer.example.org/2012/square'>"
)
PAGE = page(head=HEAD).encode()
PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 100


@pytest.fixture
def researcher(sign_in: Callable[..., Browser], services: Services) -> Browser:
    with services.database.writing() as session:
        sync_terms(services.work(session, AIGUL))
        session.commit()
    return sign_in("researcher")


def choose(browser: Browser, body: bytes, name: str = "page.html", **more: Any) -> Any:
    """Choose a file on an empty form, and send it."""
    return send(browser, form_of(browser.get(NEW).text, "title"), (body, name), **more)


def send(
    browser: Browser, form: FilledForm, file: tuple[bytes, str] | None = None, **typed: Any
) -> Any:
    data: dict[str, Any] = form.fill(**typed).data().to_dict()
    del data["file"]
    if file is not None:
        data["file"] = (io.BytesIO(file[0]), file[1])
    return browser.post(NEW, data)


def sources(database: Database) -> list[Source]:
    with database.reading() as session:
        return list(session.exec(select(Source)).all())


def snapshot(database: Database) -> Snapshot:
    with database.reading() as session:
        return session.exec(select(Snapshot)).one()


def waiting(services: Services) -> list[bytes]:
    folder = services.archive.folder / "unsaved"
    return [file.read_bytes() for file in folder.glob("*")] if folder.exists() else []


def test_a_page_is_proposed_before_it_is_kept(researcher: Browser, database: Database) -> None:
    response = choose(researcher, PAGE)
    assert response.status_code == 200
    form = form_of(response.text, "title")
    proposed = {
        "title": "Police open fire in square",
        "publisher": "The Observer",
        "author": "Jan Novák",
        "url": "https://observer.example.org/2012/square",
        "language": "en",
        "published": "2012-02-04",
        "published_basis": "stated",
    }
    assert {name: form[name] for name in proposed} == proposed
    assert "Proposed from the file: title" in response.text
    assert response.text.count("Proposed from the file: check it.") == len(proposed)
    assert PARAGRAPHS[0] in response.text
    assert sources(database) == []


def test_what_was_corrected_is_kept_with_the_file_chosen_before(
    researcher: Browser, database: Database, archive: Archive, services: Services
) -> None:
    form = form_of(choose(researcher, PAGE).text, "title")
    response = send(researcher, form, kind="news_article", title="Shots in the square")
    assert response.status_code == 303
    (source,) = sources(database)
    assert (source.title, source.author) == ("Shots in the square", "Jan Novák")
    assert (source.published_edtf, source.language) == ("2012-02-04", "en")
    kept = snapshot(database)
    assert (kept.media_type, kept.file_name, kept.method) == ("text/html", "page.html", "uploaded")
    assert kept.text is not None
    assert kept.text.endswith("\n\n".join(PARAGRAPHS))
    assert set(kept.tool_versions) == {"htmldate", "lxml", "trafilatura"}
    assert archive.get(kept.sha256) == PAGE
    assert waiting(services) == []
    assert PARAGRAPHS[1] in researcher.get(response.location).text


@pytest.mark.parametrize(
    ("body", "media_type", "ending"),
    [
        (PAGE, "text/html", "html"),
        (mhtml(PAGE, "utf-8"), "multipart/related", "mhtml"),
        (pdf(["Police opened fire."]), "application/pdf", "pdf"),
        (b"From: a@example.org\nMessage-ID: <1>\nSubject: x\n\nWords", "message/rfc822", "eml"),
    ],
)
def test_an_original_is_downloaded_and_does_nothing(
    researcher: Browser, database: Database, body: bytes, media_type: str, ending: str
) -> None:
    form = form_of(choose(researcher, body, f"a.{ending}").text, "title")
    location = send(researcher, form, kind="news_article").location
    response = researcher.get(f"{location}/snapshots/{snapshot(database).sha256}")
    assert response.data == body
    assert response.headers["Content-Type"] == media_type
    assert response.headers["Content-Disposition"] == f"attachment; filename=a.{ending}"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_typed_title_is_not_written_over(researcher: Browser) -> None:
    form = form_of(choose(researcher, PAGE, title="Mine", language="kk").text, "title")
    assert (form["title"], form["language"], form["publisher"]) == ("Mine", "kk", "The Observer")


def test_an_error_forgets_neither_the_file_nor_what_is_proposed(
    researcher: Browser, database: Database
) -> None:
    form = form_of(choose(researcher, PAGE).text, "title")
    refused = send(researcher, form, title="", url="x")
    assert refused.status_code == 422
    assert "Proposed from the file: publisher, author" in refused.text
    form = form_of(refused.text, "title")
    again = send(researcher, form, title="Shots", url="", kind="news_article")
    assert again.status_code == 303
    assert snapshot(database).media_type == "text/html"


def test_what_is_protected_never_lay_in_clear(
    researcher: Browser, database: Database, services: Services
) -> None:
    secret = "Qorqyt says that he was beaten in the cellar of the station."
    html = page([secret, *PARAGRAPHS], title="Qorqyt speaks", head=HEAD).encode()
    response = choose(researcher, html, "qorqyt.html", protected="y")
    form = form_of(response.text, "title")
    assert (form["title"], form["author"], form["language"]) == ("", "", "en")
    assert [b"Qorqyt" in stored for stored in waiting(services)] == [False]
    sent = send(researcher, form, title="A testimony", kind="testimony")
    assert secret in researcher.get(sent.location).text
    kept = snapshot(database)
    assert (kept.text, kept.file_name, kept.text_sha256) == (None, None, None)
    stored = b"".join(
        file.read_bytes() for file in services.archive.folder.rglob("*") if file.is_file()
    )
    assert b"Qorqyt" not in stored
    download = researcher.get(f"{sent.location}/snapshots/{kept.sha256}")
    assert download.data == html


def test_a_file_that_can_not_be_read_can_be_kept_without_its_text(
    researcher: Browser, database: Database, archive: Archive
) -> None:
    refused = choose(researcher, PICTURE, "square.jpg")
    assert refused.status_code == 422
    form = form_of(refused.text, "title")
    assert "This is a picture (PNG)" in form.errors["file"]
    again = send(researcher, form, title="", without_text="y")
    assert again.status_code == 422
    form = form_of(again.text, "title")
    assert form["without_text"] == "y"
    kept = send(researcher, form, title="The square", kind="photograph")
    assert kept.status_code == 303
    row = snapshot(database)
    assert (row.media_type, row.text, row.text_sha256) == ("image/png", None, None)
    assert archive.get(row.sha256) == PICTURE
    assert researcher.get(kept.location).status_code == 200


def test_a_protected_file_is_sealed_without_its_text_too(
    researcher: Browser, database: Database, archive: Archive
) -> None:
    form = form_of(choose(researcher, PICTURE, "x.png").text, "title")
    typed = {"title": "x", "kind": "photograph", "without_text": "y", "protected": "y"}
    location = send(researcher, form, **typed).location
    row = snapshot(database)
    assert PICTURE not in archive.get(row.sha256)
    assert researcher.get(f"{location}/snapshots/{row.sha256}").data == PICTURE


def test_a_file_can_be_left_out_or_replaced(
    researcher: Browser, database: Database, services: Services
) -> None:
    form = form_of(choose(researcher, PAGE).text, "title")
    replaced = send(researcher, form, (pdf(["Another."]), "b.pdf"))
    form = form_of(replaced.text, "title")
    assert form["title"] == "Police open fire in square"
    assert len(waiting(services)) == 1
    sent = send(researcher, form, kind="news_article", leave_out="y")
    assert sent.status_code == 303
    assert waiting(services) == []
    with database.reading() as session:
        assert session.exec(select(Snapshot)).all() == []


def test_another_person_can_not_send_somebody_s_file(
    researcher: Browser, sign_in: Callable[..., Browser], database: Database
) -> None:
    form = form_of(choose(researcher, PAGE).text, "title")
    other = sign_in("researcher", "reviewer")
    theirs = form_of(other.get(NEW).text, "title")
    response = send(other, theirs, title="x", kind="news_article", file_token=form["file_token"])
    assert response.status_code == 422
    assert "no longer kept here" in response.text
    assert sources(database) == []


def test_a_double_click_leads_to_one_source(researcher: Browser, database: Database) -> None:
    form = form_of(choose(researcher, PAGE).text, "title")
    first, second = (send(researcher, form, kind="news_article") for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert len(sources(database)) == 1


def test_a_text_beside_a_file_is_not_lost(researcher: Browser, services: Services) -> None:
    refused = choose(researcher, PAGE, text="My own words.")
    assert refused.status_code == 422
    form = form_of(refused.text, "title")
    assert "another text than this file" in form.errors["file"]
    assert form["text"] == "My own words."
    assert len(waiting(services)) == 1


def test_hostile_words_of_a_file_are_shown_and_do_nothing(researcher: Browser) -> None:
    hostile = "<script>alert(1)</script>{{ 7 * 7 }}"
    head = "<meta property='og:site_name' content='&lt;script&gt;alert(2)&lt;/script&gt;'>"
    html = page([hostile, *PARAGRAPHS], title=hostile, head=head).encode()
    response = choose(researcher, html, "<b>alert(3).html")
    assert response.status_code == 200
    assert "<script>alert" not in response.text
    assert form_of(response.text, "title")["publisher"] == "<script>alert(2)</script>"


def test_a_copy_with_another_s_bytes_is_told_at_once(researcher: Browser) -> None:
    form = form_of(choose(researcher, PAGE).text, "title")
    assert send(researcher, form, kind="news_article").status_code == 303
    assert "SRC-2026-00001" in choose(researcher, PAGE).text


def from_the_desk(browser: Browser, **sent: Any) -> Any:
    """The desk's box knows of a text and a file, and of no title."""
    return browser.post(NEW, sent, content_type="multipart/form-data")


def test_the_desk_takes_a_file_and_the_form_goes_on_with_it(researcher: Browser) -> None:
    response = from_the_desk(researcher, text="", file=(io.BytesIO(PAGE), "page.html"))
    assert response.status_code == 200
    form = form_of(response.text, "title")
    assert form["title"] == form_of(choose(researcher, PAGE).text, "title")["title"] != ""
    assert form["file_token"]
    assert researcher.post(NEW, form.fill(kind="news_article").data()).status_code == 303


def test_the_desk_takes_an_address_and_the_page_saved_from_it(researcher: Browser) -> None:
    address = "https://example.org/news/1"
    response = from_the_desk(researcher, text=address, file=(io.BytesIO(PAGE), "page.html"))
    form = form_of(response.text, "title")
    assert (response.status_code, form["url"], form["text"]) == (200, address, "")
    assert form["file_token"]


def test_what_the_desk_s_file_lacks_is_said_and_nothing_is_lost(researcher: Browser) -> None:
    response = from_the_desk(researcher, text="", file=(io.BytesIO(PICTURE), "x.png"))
    form = form_of(response.text, "title")
    assert (response.status_code, "file" in form.errors) == (422, True)
    both = from_the_desk(researcher, text="Words of mine.", file=(io.BytesIO(PAGE), "page.html"))
    form = form_of(both.text, "title")
    assert (both.status_code, form["text"]) == (422, "Words of mine.")
    assert "The box holds another text" in form.errors["file"]
    assert form["file_token"]


def test_nothing_on_the_desk_opens_an_empty_form(researcher: Browser) -> None:
    response = from_the_desk(researcher, text="", file=(io.BytesIO(b""), ""))
    form = form_of(response.text, "title")
    assert (response.status_code, form["title"], form["text"]) == (200, "", "")
