"""The records of a fetched page, and the file in which they are handed on."""

import json
import zipfile
import zlib
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from incidents.fetch import Bounds, Fetcher
from incidents.fetch_address import Allowed
from incidents.wacz import ArchivedPage, wacz_of
from incidents.warc import answers_in, sort_key, warc_of
from tests.sites import Web, answer, leads_to

NOW = datetime(2026, 11, 22, 12, 0, 1, 500_000, tzinfo=UTC)
PAGE = b"<html><title>Shots</title><p>Police opened fire."
CHUNKS = f"{len(PAGE):x}\r\n".encode() + PAGE + b"\r\n0\r\n\r\n"
CHUNKED = (
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
    b"Set-Cookie: who=you\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS
)


def fetched(web: Web) -> bytes:
    web.says["/a"] = answer(status="301 Moved", Location="/b", Set_Cookie="who=you")
    web.says["/b"] = CHUNKED
    got = Fetcher(lambda: NOW, Bounds(), Allowed([web.pair])).fetch(web.url("/a"))
    assert got.body == PAGE
    return warc_of(got)


def records(warc: bytes) -> list[tuple[Any, bytes]]:
    return [
        (record, record.content_stream().read())
        for record in ArchiveIterator(BytesIO(warc), check_digests="raise")
    ]


def test_each_request_and_answer_is_a_record(web: Web) -> None:
    found = records(fetched(web))
    kinds = [record.rec_type for record, _ in found]
    assert kinds == ["warcinfo", *["response", "request"] * 2, "metadata"]
    urls = [record.rec_headers.get_header("WARC-Target-URI") for record, _ in found]
    assert urls == [None, *[web.url("/a")] * 2, *[web.url("/b")] * 3]
    response, body = found[3]
    assert body == PAGE
    assert response.http_headers.get_header("Transfer-Encoding") == "chunked"
    assert response.rec_headers.get_header("WARC-IP-Address") == "127.0.0.1"
    assert response.rec_headers.get_header("WARC-Date") == "2026-11-22T12:00:01.500000Z"
    asked = found[4][0].rec_headers
    assert asked.get_header("WARC-Concurrent-To") == response.rec_headers.get_header(
        "WARC-Record-ID"
    )
    assert b"httpcore" in found[0][1]
    assert found[5][1].decode().split("\r\n") == [
        "fetchTimeMs: 0",
        f"via: {web.url('/a')}",
        "hopsFromSeed: R",
        "",
    ]


def test_the_bytes_are_those_of_the_wire_without_cookies(web: Web) -> None:
    plain = b"".join(_unpacked(fetched(web)))
    assert web.asked[1] in plain
    assert CHUNKS in plain
    assert b"100 Continue" not in plain
    assert b"who=you" not in plain


def _unpacked(warc: bytes) -> list[bytes]:
    found = []
    while warc:
        opened = zlib.decompressobj(zlib.MAX_WBITS | 16)
        found.append(opened.decompress(warc))
        warc = opened.unused_data
    return found


def test_an_answer_that_was_not_waited_for_says_so(web: Web) -> None:
    web.says["/a"] = leads_to("/b", body=b"x" * 500_000)
    web.says["/b"] = answer(PAGE)
    got = Fetcher(lambda: NOW, Bounds(), Allowed([web.pair])).fetch(web.url("/a"))
    first = records(warc_of(got))[1][0]
    assert first.rec_headers.get_header("WARC-Truncated") == "length"


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200\r\n",
        b"HTTP/1.0 200 OK\n",
        "HTTP/1.1 200 Всё\r\nX-Город: Жаңаөзен\r\n".encode().replace("X-Город".encode(), b"X-City"),
        b"HTTP/1.1 200 OK\r\nX-Folded: a\r\n  b\r\n",
        b"HTTP/1.1 200 OK\r\nX-Latin: caf\xe9\r\nX-Empty:\r\n",
    ],
)
def test_odd_heads_are_kept_and_read(web: Web, head: bytes) -> None:
    web.says["/a"] = head + b"Content-Type: text/html\r\n\r\n" + PAGE
    got = Fetcher(lambda: NOW, Bounds(), Allowed([web.pair])).fetch(web.url("/a"))
    (found,) = answers_in(warc_of(got))
    assert (found.status, found.media_type) == (200, "text/html")
    assert records(warc_of(got))[1][1] == PAGE


def test_answers_are_found_where_the_index_says(web: Web) -> None:
    warc = fetched(web)
    found = list(answers_in(warc))
    assert [(one.status, one.media_type) for one in found] == [
        (301, "text/html"),
        (200, "text/html"),
    ]
    for one in found:
        (record, *_rest) = records(warc[one.offset : one.offset + one.length])
        assert record[0].rec_headers.get_header("WARC-Target-URI") == one.url
        assert one.timestamp == "20261122120001"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.Example.org/A?b=2&a=1", "org,example)/a?a=1&b=2"),
        ("http://news.example.org:8080", "org,example,news:8080)/"),
        ("https://www2.example.org/x/?", "org,example)/x/"),
    ],
)
def test_addresses_are_sorted_as_archives_do(url: str, key: str) -> None:
    assert sort_key(url) == key


def test_a_wacz_holds_what_players_look_for(web: Web) -> None:
    warc = fetched(web)
    pages = [ArchivedPage(web.url("/b"), "Выстрелы", NOW, warc)]
    made = wacz_of(pages, "SRC-2026-00001")
    assert made == wacz_of(pages, "SRC-2026-00001")
    with zipfile.ZipFile(BytesIO(made)) as archive:
        assert archive.testzip() is None
        assert {one.compress_type for one in archive.infolist()} == {zipfile.ZIP_STORED}
        files = {name: archive.read(name) for name in archive.namelist()}
    name = f"archive/{sha256(warc).hexdigest()}.warc.gz"
    own = {"datapackage.json", "datapackage-digest.json"}
    assert files.keys() == own | {name, "indexes/index.cdx", "pages/pages.jsonl"}
    package = json.loads(files["datapackage.json"])
    assert (package["profile"], package["wacz_version"]) == ("data-package", "1.1.1")
    assert {one["path"]: one["hash"] for one in package["resources"]} == {
        path: f"sha256:{sha256(content).hexdigest()}"
        for path, content in files.items()
        if path not in own
    }
    digest = json.loads(files["datapackage-digest.json"])
    assert digest["hash"] == f"sha256:{sha256(files['datapackage.json']).hexdigest()}"
    head, page = map(json.loads, files["pages/pages.jsonl"].decode().splitlines())
    assert head["format"] == "json-pages-1.0"
    assert (page["url"], page["title"], page["ts"]) == (
        web.url("/b"),
        "Выстрелы",
        "2026-11-22T12:00:01Z",
    )
    lines = files["indexes/index.cdx"].decode().splitlines()
    assert lines == sorted(lines) and len(lines) == 2
    said = json.loads(lines[1].split(" ", 2)[2])
    offset, length = int(said["offset"]), int(said["length"])
    assert f"archive/{said['filename']}" == name
    assert records(warc[offset : offset + length])[0][1] == PAGE


def test_a_program_that_checks_archives_finds_no_fault(web: Web, tmp_path: Any) -> None:
    file = tmp_path / "a.warc.gz"
    file.write_bytes(fetched(web))
    assert _faults(str(file)) == 0


def _faults(file: str) -> int:
    class Asked:
        inputs = (file,)
        verbose = False

    checker = Checker(Asked)
    checker.process_all()
    return int(checker.exit_value or 0)
