"""From an address to a source: fetched over loopback, looked at, saved, or said why not."""

import gzip
import json
import re
import socket
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlmodel import col, select
from warcio.archiveiterator import ArchiveIterator

from incidents.app import create_app
from incidents.archive import Archive
from incidents.config import Settings
from incidents.db import Database
from incidents.services import Services
from incidents.source.actions.captures import MOST_RUNNING, begin_capture
from incidents.source.models import Capture, Snapshot, Source
from incidents.source.queries.captures import Asked
from incidents.vocabulary.actions import sync_terms
from incidents.web.background import signs_of_life
from tests.conftest import Browser, StandingClock, browser_of
from tests.factories import Person
from tests.incident.rows import AIGUL
from tests.infrastructure.pages import PARAGRAPHS, page, pdf
from tests.sites import Web, answer, leads_to
from tests.web.filled import FilledForm, form_of

NEW = "/sources/new"
HEAD = (
    "<meta property='og:site_name' content='The Observer'>"
    "<meta name='author' content='Jan Novák'>"
    "<meta property='article:published_time' content='2012-02-04T08:00:00Z'>"
)
PAGE = page(head=HEAD).encode()
RUSSIAN = "Полиция открыла огонь по толпе на главной площади города в пятницу, сообщили очевидцы."
OTHERS = (
    "По словам очевидцев, задержаны около двадцати человек, их родным не говорят, где они.",
    "Прокурор области подтвердил, что стрельба была, и сказал, что начато расследование.",
)


@pytest.fixture
def settings(settings: Settings, web: Web) -> Settings:
    """One port of this machine may be reached, and nobody waits long."""
    return settings.model_copy(update={"fetch_allow": (web.pair,), "fetch_seconds": 5.0})


@pytest.fixture
def researcher(sign_in: Callable[..., Browser], services: Services) -> Browser:
    with services.database.writing() as session:
        sync_terms(services.work(session, AIGUL))
        session.commit()
    return sign_in("researcher")


def from_the_desk(browser: Browser, address: str) -> Any:
    return browser.post(NEW, {"text": address}, content_type="multipart/form-data")


def followed(browser: Browser, response: Any) -> Any:
    """The page at the end of the redirects."""
    while response.status_code == 303:
        response = browser.get(response.location)
    return response


def fetch(browser: Browser, address: str) -> tuple[Any, FilledForm]:
    response = followed(browser, from_the_desk(browser, address))
    assert response.status_code == 200
    return response, form_of(response.text, "title")


def save(browser: Browser, form: FilledForm, **typed: str) -> Any:
    data: dict[str, Any] = form.fill(**typed).data().to_dict()
    data.pop("file", None)
    return browser.post(NEW, data)


def snapshots(database: Database) -> list[Snapshot]:
    with database.reading() as session:
        return list(session.exec(select(Snapshot).order_by(col(Snapshot.id))).all())


def sources(database: Database) -> list[Source]:
    with database.reading() as session:
        return list(session.exec(select(Source).order_by(col(Source.id))).all())


def captures(database: Database) -> list[Capture]:
    with database.reading() as session:
        return list(session.exec(select(Capture).order_by(col(Capture.id))).all())


def unsaved(services: Services) -> list[bytes]:
    folder = services.archive.folder / "unsaved"
    return [file.read_bytes() for file in folder.glob("*")] if folder.exists() else []


def stored_files(services: Services) -> set[bytes]:
    return {file.read_bytes() for file in services.archive.folder.glob("??/*/*")}


def test_an_address_becomes_a_source_with_all_that_proves_it(
    researcher: Browser, web: Web, database: Database, archive: Archive, services: Services
) -> None:
    web.says["/short"] = leads_to("/2012/square?utm_source=x")
    web.says["/2012/square?utm_source=x"] = answer(
        gzip.compress(PAGE), Content_Encoding="gzip", Set_Cookie="who=you", ETag='"7"'
    )
    response, form = fetch(researcher, web.url("/short"))
    proposed = {
        "title": "Police open fire in square",
        "publisher": "The Observer",
        "author": "Jan Novák",
        "language": "en",
        "published": "2012-02-04",
        "kind": "news_article",
        "accessed_at": "2026-11-22",
        "url": web.url("/2012/square?utm_source=x"),
        "alternate_urls": web.url("/short"),
    }
    assert {name: form[name] for name in proposed} == proposed
    assert "Proposed from the page: check it." in response.text
    assert PARAGRAPHS[0] in response.text
    assert "over 1 redirect" in response.text
    assert sources(database) == [] and stored_files(services) == set()
    saved = save(researcher, form)
    assert saved.status_code == 303
    (row,) = snapshots(database)
    assert (row.method, row.media_type, row.status_code) == ("fetched", "text/html", 200)
    assert row.final_url == proposed["url"]
    assert row.redirects == [[302, web.url("/short")]]
    assert ["ETag", '"7"'] in row.headers
    assert "who=you" not in json.dumps(row.headers)
    assert row.fetch_started_at == row.fetch_finished_at == services.clock()
    assert {"httpcore", "h11", "incidents", "trafilatura", "lxml"} <= set(row.tool_versions)
    assert archive.get(row.sha256) == PAGE
    assert row.warc_sha256 is not None
    warc = archive.get(row.warc_sha256)
    assert len(warc) == row.warc_size_bytes
    kinds = [one.rec_type for one in ArchiveIterator(BytesIO(warc))]
    assert kinds == ["warcinfo", *["response", "request"] * 2, "metadata"]
    assert (captures(database), unsaved(services)) == ([], [])
    assert PARAGRAPHS[1] in researcher.get(saved.location).text


def test_nothing_of_it_lies_in_clear_before_it_is_saved(
    researcher: Browser, web: Web, database: Database, services: Services
) -> None:
    web.says["/secret-story"] = answer(PAGE)
    fetch(researcher, web.url("/secret-story"))
    (row,) = captures(database)
    assert row.state == "done"
    assert b"secret-story" not in row.sealed
    (file,) = unsaved(services)
    assert b"Police" not in file and b"secret-story" not in file


def test_the_desk_finds_it_again_and_lets_go_of_it(
    researcher: Browser, sign_in: Callable[..., Browser], web: Web, services: Services
) -> None:
    web.says["/a"] = answer(PAGE)
    fetch(researcher, web.url("/a"))
    desk = researcher.get("/").text
    assert web.url("/a") in desk and "The page is here." in desk
    address = re.search(r'href="(/sources/captures/[\w-]+)"', desk)
    assert address is not None
    form = form_of(followed(researcher, researcher.get(address[1])).text, "title")
    assert form["title"] == "Police open fire in square"
    # Nobody else's.
    other = sign_in("researcher", "reviewer")
    assert web.url("/a") not in other.get("/").text
    for path in ("", "/state"):
        assert other.get(f"{address[1]}{path}").status_code == 404
    assert other.post(f"{address[1]}/again").status_code == 404
    other.post(f"{address[1]}/discard")
    assert len(unsaved(services)) == 1
    assert other.get(f"{NEW}?capture={address[1].rpartition('/')[2]}").status_code == 404
    assert researcher.post(f"{address[1]}/discard").location == "/"
    assert unsaved(services) == []
    assert researcher.get(address[1]).status_code == 404


def test_a_week_later_it_is_over(
    researcher: Browser, sign_in: Callable[..., Browser], web: Web, clock: StandingClock
) -> None:
    web.says["/a"] = answer(PAGE)
    location = from_the_desk(researcher, web.url("/a")).location
    clock.move(days=8)
    again = sign_in(person=researcher.person)
    assert again.get(location).status_code == 404
    assert web.url("/a") not in again.get("/").text


# ---- what can't be had ----


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (answer(status="404 Not Found"), "no such page (404)"),
        (answer(b"secret words", status="403 Forbidden"), "refused to send the page (403)"),
        (answer(status="503 Busy"), "a fault of its own (503)"),
        (answer(b"\x89PNG\r\n\x1a\n" + b"0" * 99, "image/png"), "no page and no document"),
        (answer(b"\x89PNG\r\n\x1a\n" + b"0" * 99, "text/html"), "a picture (PNG)"),
        (leads_to("http://127.0.0.1:9/"), "not a public web address"),
        (leads_to("/a"), "five redirects"),
        (answer(b" \r\n "), "an empty page"),
        (b"nonsense\r\n\r\n", "made no sense"),
    ],
)
def test_a_failure_is_said_and_leaves_a_form_that_can_be_saved(
    researcher: Browser, web: Web, database: Database, said: bytes, words: str
) -> None:
    web.says["/a"] = said
    response, form = fetch(researcher, web.url("/a"))
    assert words in response.text
    assert "paste the text" in response.text
    assert "secret words" not in response.text and "127.0.0.1:9" not in response.text
    assert (form["url"], form["title"]) == (web.url("/a"), "")
    refused = save(researcher, form)
    assert refused.status_code == 422
    form = form_of(refused.text, "title")
    saved = save(researcher, form, title="Seen by a friend", kind="news_article")
    assert saved.status_code == 303
    (source,) = sources(database)
    assert (source.url, snapshots(database), captures(database)) == (web.url("/a"), [], [])


def test_pasted_text_takes_the_page_s_place(
    researcher: Browser, web: Web, database: Database
) -> None:
    web.says["/a"] = answer(status="403 Forbidden")
    _, form = fetch(researcher, web.url("/a"))
    save(researcher, form, title="x", kind="news_article", text="Police opened fire.")
    assert [row.method for row in snapshots(database)] == ["pasted"]


@pytest.mark.parametrize(
    "address",
    [
        "http://2130706433/",
        "http://[::ffff:127.0.0.1]/",
        "http://0x7f.0.0.1/",
        "http://127.1/",
        "http://127.0.0.1:9/",
        "http://169.254.169.254/latest/meta-data/",
    ],
)
def test_what_is_inside_is_refused_in_the_same_words(
    researcher: Browser, web: Web, address: str
) -> None:
    response, form = fetch(researcher, address)
    assert "This is not a public web address, so it is not fetched." in response.text
    assert (form["url"], form["title"]) == (address, "")


def test_what_can_not_be_stored_is_not_fetched_for(
    researcher: Browser, web: Web, database: Database
) -> None:
    for name in ("title", "publisher", "text"):
        typed = {"url": web.url("/a"), "title": "", name: "a\0b"}
        response = researcher.post("/sources/captures", typed)
        assert (response.status_code, captures(database)) == (422, []), name


@pytest.mark.parametrize(
    ("address", "words"),
    [("http://user:word@example.org/", "name and password"), ("https://", "whole address")],
)
def test_what_is_no_address_stays_on_its_form(
    researcher: Browser, database: Database, address: str, words: str
) -> None:
    response = from_the_desk(researcher, address)
    assert response.status_code == 422
    assert words in response.text
    assert form_of(response.text, "title")["url"] == address
    assert captures(database) == []


def test_a_hang_is_given_up_in_time(
    researcher: Browser, app: Flask, web: Web, settings: Settings
) -> None:
    web.says["/a"] = web.hang
    short = create_app(settings.model_copy(update={"fetch_seconds": 0.3})).extensions["incidents"]
    app.extensions["incidents"] = replace(app.extensions["incidents"], fetcher=short.fetcher)
    response, form = fetch(researcher, web.url("/a"))
    assert "did not answer in time" in response.text
    assert form["url"] == web.url("/a")


def test_an_endless_body_is_cut(
    researcher: Browser, app: Flask, web: Web, settings: Settings
) -> None:
    def endless(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"all work and no play " * 5000)

    web.says["/a"] = endless
    small = create_app(settings.model_copy(update={"upload_limit_mb": 1})).extensions["incidents"]
    app.extensions["incidents"] = replace(app.extensions["incidents"], fetcher=small.fetcher)
    assert "larger than the 1 MB" in fetch(researcher, web.url("/a"))[0].text


def test_a_page_that_is_nearly_empty_is_left_out_unless_somebody_wants_it(
    researcher: Browser, web: Web, database: Database
) -> None:
    short = page(["Subscribe to read on."], title="Police open fire in square", head=HEAD)
    web.says["/a"] = answer(short.encode())
    response, form = fetch(researcher, web.url("/a"))
    assert "a paywall or a consent page is suspected" in response.text
    assert (form["title"], form["leave_out"]) == ("Police open fire in square", "y")
    save(researcher, form, text="The whole story, from the paper.")
    assert [row.method for row in snapshots(database)] == ["pasted"]
    web.says["/b"] = answer(page(["Curfew lifted."], title="Curfew", head=HEAD).encode())
    _, form = fetch(researcher, web.url("/b"))
    data = form.data().to_dict()
    del data["leave_out"]
    assert researcher.post(NEW, data).status_code == 303
    assert [row.method for row in snapshots(database)] == ["pasted", "fetched"]


def test_a_page_that_is_not_free_to_read_may_be_a_beginning(researcher: Browser, web: Web) -> None:
    said = '<script type="application/ld+json">{"isAccessibleForFree": "False"}</script>'
    web.says["/a"] = answer(page(head=HEAD + said).encode())
    long = [f"On day {day}. {words}" for day in range(1, 7) for words in PARAGRAPHS]
    web.says["/b"] = answer(page(long, head=HEAD + said).encode())
    response, form = fetch(researcher, web.url("/a"))
    assert "it may be only the beginning" in response.text
    assert form["leave_out"] == "y"
    response, form = fetch(researcher, web.url("/b"))
    assert "only the beginning" not in response.text
    assert form["leave_out"] == ""


def test_a_page_that_is_no_longer_kept_can_be_fetched_again(
    researcher: Browser, web: Web, services: Services
) -> None:
    web.says["/a"] = answer(PAGE)
    location = from_the_desk(researcher, web.url("/a")).location
    for file in (services.archive.folder / "unsaved").glob("*"):
        file.unlink()
    response = followed(researcher, researcher.get(location))
    assert "The page is no longer kept here. Fetch it again." in response.text
    data = form_of(response.text, "title").data().to_dict()
    data.pop("file", None)
    again = followed(researcher, researcher.post("/sources/captures", data))
    assert form_of(again.text, "title")["title"] == "Police open fire in square"


# ---- what it is written in ----


@pytest.mark.parametrize(
    ("codec", "media_type"),
    [
        ("windows-1251", "text/html; charset=windows-1251"),
        ("windows-1251", "text/html; charset=iso-8859-1"),
        ("windows-1251", "text/html"),
        ("utf-8", "text/html; charset=iso-8859-1"),
        ("koi8-r", "text/html; charset=KOI8-R"),
    ],
)
def test_a_page_is_read_in_its_own_charset(
    researcher: Browser, web: Web, database: Database, codec: str, media_type: str
) -> None:
    html = page([RUSSIAN, *OTHERS], title="Огонь на площади", lang="ru")
    web.says["/a"] = answer(html.encode(codec), media_type)
    _, form = fetch(researcher, web.url("/a"))
    assert (form["title"], form["language"]) == ("Огонь на площади", "ru")
    save(researcher, form)
    (row,) = snapshots(database)
    assert row.text is not None and RUSSIAN in row.text


def test_plain_text_and_a_pdf_come_too(
    researcher: Browser, web: Web, database: Database, archive: Archive
) -> None:
    web.says["/a.txt"] = answer(RUSSIAN.encode("windows-1251"), "text/plain; charset=windows-1251")
    document = pdf(["Police opened fire.", "Three were killed."])
    web.says["/b.pdf"] = answer(document, "application/pdf")
    for path in ("/a.txt", "/b.pdf"):
        _, form = fetch(researcher, web.url(path))
        assert save(researcher, form, title="A paper", kind="news_article").status_code == 303
    text, paper = snapshots(database)
    assert (text.media_type, text.text) == ("text/plain", RUSSIAN)
    assert paper.media_type == "application/pdf"
    assert "Three were killed." in (paper.text or "")
    assert archive.get(paper.sha256) == document
    assert paper.file_name == "b.pdf"


def test_a_site_and_a_day_are_told_by_the_address(researcher: Browser, web: Web) -> None:
    web.says["/2011/12/16/square"] = answer(page().encode())
    _, form = fetch(researcher, web.url("/2011/12/16/square"))
    assert (form["publisher"], form["published"]) == ("127.0.0.1", "2011-12-16")


# ---- one source, once ----


def test_a_known_address_is_told_before_anything_is_fetched(
    researcher: Browser, web: Web, database: Database
) -> None:
    web.says["/a"] = answer(PAGE)
    _, form = fetch(researcher, web.url("/a"))
    save(researcher, form)
    web.asked.clear()
    response = from_the_desk(researcher, web.url("/a?utm_source=x"))
    assert response.status_code == 200
    assert "SRC-2026-00001" in response.text and "Fetch it all the same" in response.text
    assert (web.asked, captures(database)) == ([], [])
    form = form_of(response.text, "title")
    data = form.data().to_dict()
    data.pop("file", None)
    web.says["/a?utm_source=x"] = answer(page(["Another text of it."] * 9).encode())
    again = followed(researcher, researcher.post("/sources/captures", data))
    form = form_of(again.text, "title")
    assert form["url"] == web.url("/a?utm_source=x")
    assert save(researcher, form).status_code == 422


def test_what_the_page_calls_itself_is_looked_up_too(
    researcher: Browser, web: Web, database: Database
) -> None:
    """The same article by another address, which only its own head tells of."""
    web.says["/a"] = answer(PAGE)
    _, form = fetch(researcher, web.url("/a"))
    save(researcher, form)
    link = f"<link rel='canonical' href='{web.url('/a')}'>"
    web.says["/story?id=7"] = answer(page(["Other words of it."] * 9, head=link).encode())
    response, form = fetch(researcher, web.url("/story?id=7"))
    assert "SRC-2026-00001" in response.text
    assert form["alternate_urls"] == web.url("/a")
    refused = save(researcher, form)
    assert refused.status_code == 422
    assert "stands at this address already" in refused.text or "SRC-2026-00001" in refused.text
    assert save(researcher, form, same_address_ok="y").status_code == 303


# ---- the form and what is typed ----


def test_an_address_alone_on_the_form_is_fetched(researcher: Browser, web: Web) -> None:
    web.says["/a"] = answer(PAGE)
    form = form_of(researcher.get(NEW).text, "title")
    response = save(researcher, form, url=web.url("/a"))
    assert response.location.startswith("/sources/captures/")
    form = form_of(followed(researcher, response).text, "title")
    assert form["title"] == "Police open fire in square"


def test_an_address_with_a_title_is_a_source_without_a_copy(
    researcher: Browser, web: Web, database: Database
) -> None:
    form = form_of(researcher.get(NEW).text, "title")
    save(researcher, form, url=web.url("/a"), title="Told on the radio", kind="news_article")
    assert (len(sources(database)), web.asked) == (1, [])


def test_what_was_typed_beside_the_address_stays(researcher: Browser, web: Web) -> None:
    web.says["/a"] = answer(PAGE)
    form = form_of(researcher.get(NEW).text, "title")
    typed = {"title": "Mine", "language": "kk", "reliability": "B", "url": web.url("/a")}
    data = form.fill(**typed).data().to_dict()
    data.pop("file", None)
    form = form_of(followed(researcher, researcher.post("/sources/captures", data)).text, "title")
    assert {name: form[name] for name in typed} == typed
    assert form["publisher"] == "The Observer"


def test_a_copy_in_a_web_archive_is_fetched_and_told_apart(
    researcher: Browser, web: Web, app: Flask, database: Database
) -> None:
    """What is asked for is the archive's copy; the source keeps its own address."""
    asked = from_the_desk(researcher, "https://web.archive.org/web/2012/https://iwpr.net/a")
    form = form_of(followed(researcher, asked).text, "title")
    assert form["url"] == "https://iwpr.net/a"
    assert form["archive_url"] == "https://web.archive.org/web/2012/https://iwpr.net/a"


def test_a_protected_source_keeps_no_address_and_no_word_in_clear(
    researcher: Browser, web: Web, database: Database, archive: Archive, services: Services
) -> None:
    secret = "Qorqyt says that he was beaten in the cellar of the station. " * 3
    web.says["/qorqyt"] = answer(page([secret]).encode(), X_Qorqyt="yes")
    form = form_of(researcher.get(NEW).text, "title")
    data = form.fill(url=web.url("/qorqyt"), protected="y").data().to_dict()
    data.pop("file", None)
    form = form_of(followed(researcher, researcher.post(NEW, data)).text, "title")
    assert (form["protected"], form["title"]) == ("y", "")
    saved = save(researcher, form, title="A testimony", kind="testimony", url="")
    assert saved.status_code == 303
    (row,) = snapshots(database)
    assert (row.final_url, row.headers, row.redirects, row.text) == (None, None, [], None)
    assert all(b"qorqyt" not in stored.lower() for stored in stored_files(services))
    pages = _wacz(researcher, saved.location)
    assert web.url("/qorqyt") in pages["pages/pages.jsonl"].decode()
    # Another copy of it is sealed under the same key.
    web.says["/qorqyt"] = answer(page([secret, "He says more now."]).encode())
    edit = form_of(researcher.get(f"{saved.location}/edit").text, "title")
    edited = edit.fill(url=web.url("/qorqyt")).data()
    assert researcher.post(f"{saved.location}/edit", edited).status_code == 303
    response = followed(researcher, researcher.post(f"{saved.location}/captures"))
    data = form_of(response.text, "text").data().to_dict()
    data.pop("file", None)
    assert researcher.post(f"{saved.location}/snapshots/new", data).status_code == 303
    assert all(b"qorqyt" not in stored.lower() for stored in stored_files(services))
    assert "He says more now." in researcher.get(saved.location).text
    assert len(_wacz(researcher, saved.location)) == len(pages) + 1


# ---- another copy ----


def test_a_source_is_fetched_again_and_what_changed_is_shown(
    researcher: Browser, web: Web, database: Database
) -> None:
    web.says["/a"] = answer(PAGE)
    saved = save(researcher, fetch(researcher, web.url("/a"))[1])
    changed = page([*PARAGRAPHS[:2], "The prosecutor denies it."], head=HEAD)
    web.says["/a"] = answer(changed.encode())
    asked = researcher.get(f"{saved.location}/snapshots/new").text
    assert "Fetch it again from its address" in asked
    response = followed(researcher, researcher.post(f"{saved.location}/captures"))
    form = form_of(response.text, "text")
    assert form["file_token"] and "Fetched" in response.text
    data = form.data().to_dict()
    data.pop("file", None)
    kept = researcher.post(f"{saved.location}/snapshots/new", data)
    assert kept.location == saved.location
    first, second = snapshots(database)
    assert (second.method, second.warc_sha256 != first.warc_sha256) == ("fetched", True)
    assert captures(database) == []
    compared = researcher.get(f"{saved.location}?copy=2&against=1").text
    assert "denies it" in compared
    pages = _wacz(researcher, saved.location)
    assert len([name for name in pages if name.startswith("archive/")]) == 2


def test_the_same_bytes_are_not_kept_twice(
    researcher: Browser, web: Web, database: Database, services: Services
) -> None:
    web.says["/a"] = answer(PAGE)
    saved = save(researcher, fetch(researcher, web.url("/a"))[1])
    response = followed(researcher, researcher.post(f"{saved.location}/captures"))
    data = form_of(response.text, "text").data().to_dict()
    data.pop("file", None)
    said = followed(researcher, researcher.post(f"{saved.location}/snapshots/new", data)).text
    assert "exactly these bytes" in said
    assert len(snapshots(database)) == 1
    assert (captures(database), unsaved(services)) == ([], [])


def test_a_source_without_an_address_is_not_fetched(researcher: Browser) -> None:
    form = form_of(researcher.get(NEW).text, "title")
    saved = save(researcher, form, title="Told on the radio", kind="news_article")
    page_of_copy = researcher.get(f"{saved.location}/snapshots/new").text
    assert "from its address" not in page_of_copy
    said = followed(researcher, researcher.post(f"{saved.location}/captures")).text
    assert "This source has no address" in said


def test_who_may_not_see_a_source_fetches_no_copy_of_it(
    researcher: Browser, sign_in: Callable[..., Browser], web: Web
) -> None:
    form = form_of(researcher.get(NEW).text, "title")
    typed = {"title": "A testimony", "kind": "testimony", "protected": "y", "url": web.url("/a")}
    saved = save(researcher, form, **typed)
    other = sign_in("researcher", "reviewer")
    assert other.post(f"{saved.location}/captures").status_code == 404
    assert other.get(f"{saved.location}/snapshots.wacz").status_code == 404


def test_the_archive_file_is_for_who_sees_the_whole_text(
    researcher: Browser, sign_in: Callable[..., Browser], web: Web
) -> None:
    web.says["/a"] = answer(PAGE)
    saved = save(researcher, fetch(researcher, web.url("/a"))[1])
    response = researcher.get(f"{saved.location}/snapshots.wacz")
    assert response.headers["Content-Type"] == "application/wacz"
    assert response.headers["Content-Disposition"] == "attachment; filename=SRC-2026-00001.wacz"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.data == researcher.get(f"{saved.location}/snapshots.wacz").data
    assert sign_in("reader").get(f"{saved.location}/snapshots.wacz").status_code == 404
    form = form_of(researcher.get(NEW).text, "title")
    other = save(researcher, form, title="x", kind="news_article", text="Pasted.")
    assert researcher.get(f"{other.location}/snapshots.wacz").status_code == 404


def _wacz(browser: Browser, location: str) -> dict[str, bytes]:
    response = browser.get(f"{location}/snapshots.wacz")
    assert response.status_code == 200
    with zipfile.ZipFile(BytesIO(response.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# ---- while it goes on ----


@pytest.fixture
def later(app: Flask) -> Iterator[list[Callable[[], None]]]:
    """The jobs that were begun, and not run yet."""
    jobs: list[Callable[[], None]] = []
    app.extensions["incidents"] = replace(app.extensions["incidents"], start=jobs.append)
    yield jobs


def test_each_step_is_said_without_a_script(
    researcher: Browser, web: Web, later: list[Callable[[], None]], app: Flask
) -> None:
    seen: list[tuple[str, str]] = []
    location = from_the_desk(researcher, web.url("/a")).location

    def look(connection: socket.socket) -> None:
        said = researcher.get(f"{location}/state").json
        seen.append((said["state"], said["words"]))
        connection.sendall(answer(PAGE))

    web.says["/a"] = look
    waiting = researcher.get(location)
    assert waiting.status_code == 200
    assert "Waiting for other pages" in waiting.text
    assert '<meta http-equiv="refresh"' in waiting.text
    assert web.url("/a") in waiting.text
    (job,) = later
    job()
    assert seen == [("connecting", "Connecting to 127.0.0.1 …")]
    over = researcher.get(f"{location}/state").json
    assert over["next"] == location
    assert researcher.get(location).location.startswith("/sources/new?capture=")


def test_a_job_that_died_says_so_and_is_tried_again(
    researcher: Browser,
    web: Web,
    later: list[Callable[[], None]],
    clock: StandingClock,
    services: Services,
    database: Database,
) -> None:
    web.says["/a"] = answer(PAGE)
    location = from_the_desk(researcher, web.url("/a")).location
    clock.move(seconds=30)
    assert "Waiting" in researcher.get(location).text
    clock.move(seconds=30)
    stopped = researcher.get(location)
    assert "Fetching was interrupted" in stopped.text and "Try again" in stopped.text
    assert "Fetching was interrupted" in researcher.get("/").text
    without = researcher.get(f"{NEW}?capture={location.rpartition('/')[2]}")
    assert "Fetching was interrupted" in without.text
    assert researcher.post(f"{location}/again").location == location
    first, second = later
    second()
    # The one that was thought dead comes back: it changes nothing, and leaves nothing.
    first()
    assert [row.state for row in captures(database)] == ["done"]
    assert len(unsaved(services)) == 1
    assert form_of(followed(researcher, researcher.get(location)).text, "title")["title"]


def test_who_takes_long_says_that_it_is_there(
    researcher: Browser,
    web: Web,
    later: list[Callable[[], None]],
    clock: StandingClock,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("incidents.source.routes.capturing._SIGN_EVERY_S", 0.001)
    location = from_the_desk(researcher, web.url("/a")).location

    def late(connection: socket.socket) -> None:
        clock.move(minutes=5)
        while captures(database)[0].seen_at < clock():
            """Until it gave a sign."""
        assert "Connecting" in researcher.get(location).text
        connection.sendall(answer(PAGE))

    web.says["/a"] = late
    (job,) = later
    job()
    assert captures(database)[0].state == "done"


def test_a_busy_database_ends_no_signs_of_life(capsys: pytest.CaptureFixture[str]) -> None:
    signs: list[str] = []
    enough = threading.Event()

    def sign() -> bool:
        signs.append("sign")
        if len(signs) == 1:
            raise RuntimeError("secret words")
        enough.set()
        return False

    with signs_of_life("capture", 0.001, sign):
        enough.wait()
    assert signs == ["sign", "sign"]
    assert "secret words" not in "".join(capsys.readouterr())


def test_what_was_let_go_of_leaves_nothing(
    researcher: Browser, web: Web, later: list[Callable[[], None]], services: Services
) -> None:
    web.says["/a"] = answer(PAGE)
    location = from_the_desk(researcher, web.url("/a")).location
    assert researcher.post(f"{location}/discard").location == "/"
    (job,) = later
    job()
    assert unsaved(services) == []
    assert web.asked == []


def test_a_fault_of_ours_is_said_and_logged_without_a_word_of_it(
    researcher: Browser,
    web: Web,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(*_arguments: Any, **_more: Any) -> Any:
        raise RuntimeError("secret words")

    monkeypatch.setattr("incidents.source.actions.fetching.warc_of", broken)
    web.says["/a"] = answer(PAGE)
    response, _ = fetch(researcher, web.url("/a"))
    assert "Fetching was interrupted" in response.text
    assert "secret words" not in "".join(capsys.readouterr())


def test_nobody_fetches_a_hundred_at_once(
    researcher: Browser, web: Web, later: list[Callable[[], None]]
) -> None:
    for number in range(MOST_RUNNING):
        assert from_the_desk(researcher, web.url(f"/{number}")).status_code == 303
    refused = from_the_desk(researcher, web.url("/more"))
    assert refused.status_code == 422
    assert "Wait until one of them is here" in refused.text
    assert form_of(refused.text, "title")["url"] == web.url("/more")


def test_the_work_of_it_is_the_asker_s_own(services: Services, researcher: Browser) -> None:
    with services.database.writing() as session:
        work = services.work(session, researcher.viewer)
        ticket = begin_capture(work, Asked("https://example.org/a"))
        session.commit()
    assert ticket.attempt == 1
    assert "example.org" in researcher.get("/").text


def test_a_browser_of_another_sign_in_still_finds_it(
    app: Flask, researcher: Browser, web: Web
) -> None:
    web.says["/a"] = answer(PAGE)
    fetch(researcher, web.url("/a"))
    person = Person(researcher.person.id, researcher.viewer)
    assert web.url("/a") in browser_of(app, person).get("/").text
