"""Fetching over a real loopback server: what it gives, what it refuses, and that nothing leaks."""

import gzip
import socket
import ssl
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest

from incidents.fetch import Bounds, Fetcher, Resolver
from incidents.fetch_address import Allowed
from incidents.fetch_decoding import unpacked
from incidents.fetch_failures import FetchFailed
from tests.infrastructure.certificates import Authority
from tests.sites import Web, answer, leads_to, web_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PAGE = "<html><body><p>Полиция открыла огонь.</p></body></html>"
SECRET = b"the keys of the kingdom"


def nobody(host: str, _port: int) -> Sequence[str]:
    raise socket.gaierror(f"no {host}")


def fetcher(
    *allowed: str,
    seconds: float = 20,
    resolve: Resolver = nobody,
    tls: ssl.SSLContext | None = None,
) -> Fetcher:
    bounds = Bounds(seconds, 1_000_000)
    return Fetcher(lambda: NOW, bounds, Allowed(allowed), resolve=resolve, tls=tls)


@pytest.fixture
def inside() -> Iterator[Web]:
    """Another server of this machine, which nobody may reach."""
    with web_of() as web:
        web.says["/"] = answer(SECRET)
        yield web


def failure(ask: Callable[[], object]) -> FetchFailed:
    with pytest.raises(FetchFailed) as raised:
        ask()
    return raised.value


def test_a_page_comes_with_all_that_led_to_it(web: Web) -> None:
    web.says["/a"] = leads_to("/b?x=1#part", "301 Moved Permanently", b"Go on.")
    web.says["/b?x=1"] = answer(
        PAGE.encode(), "text/html; charset=UTF-8", Set_Cookie="who=you", ETag='"7"'
    )
    got = fetcher(web.pair).fetch(web.url("/a#top"))
    assert got.body == PAGE.encode()
    assert (got.media_type, got.charset, got.url) == ("text/html", "UTF-8", web.url("/b?x=1"))
    facts = got.facts()
    assert facts.redirects == ((301, web.url("/a")),)
    assert (facts.status, facts.started_at, facts.finished_at) == (200, NOW, NOW)
    assert ("ETag", '"7"') in facts.headers
    assert not [name for name, _ in facts.headers if name.lower() == "set-cookie"]
    assert set(facts.tool_versions) == {"h11", "httpcore", "incidents"}
    first, last = got.hops
    assert first.response.endswith(b"Go on.") and not first.truncated
    assert (last.ip, last.request) == ("127.0.0.1", web.asked[1])
    assert last.response == web.says["/b?x=1"]


def test_nothing_tells_who_asks(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    web.says["/a"] = leads_to("/b")
    web.says["/a"] = answer(status="302 Found", Location="/b", Set_Cookie="who=you")
    web.says["/b"] = answer(b"<p>x")
    fetcher(web.pair).fetch(web.url("/a"))
    for asked in web.asked:
        lines = asked.decode().lower()
        assert "cookie" not in lines and "refer" not in lines and "authorization" not in lines
        assert "user-agent: mozilla/5.0 (compatible; incidents/" in lines
        assert f"host: 127.0.0.1:{web.port}" in lines


def test_five_redirects_are_followed_and_no_sixth(web: Web) -> None:
    for number in range(6):
        web.says[f"/{number}"] = leads_to(f"/{number + 1}")
    web.says["/6"] = answer(b"<p>here")
    assert len(fetcher(web.pair).fetch(web.url("/1")).hops) == 6
    web.asked.clear()
    assert failure(lambda: fetcher(web.pair).fetch(web.url("/0"))).code == "too_many_redirects"
    assert web.paths == [f"/{number}" for number in range(6)]


def test_a_redirect_to_a_host_of_other_letters_is_followed(web: Web) -> None:
    web.says["/"] = leads_to(f"http://пример.рф:{web.port}/дом и сад")
    asked: list[str] = []

    def resolve(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"]

    web.says["/%D0%B4%D0%BE%D0%BC%20%D0%B8%20%D1%81%D0%B0%D0%B4"] = answer(b"<p>here")
    assert fetcher(web.pair, resolve=resolve).fetch(web.url("/")).body == b"<p>here"
    assert asked == ["xn--e1afmkfd.xn--p1ai"]


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://2130706433:{port}/",
        "//127.0.0.1:{port}/",
        "http://127.0.0.1/",
        "http://[::ffff:127.0.0.1]/",
        "http://a:b@127.0.0.1:{port}/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://[",
        "http://nowhere.example/",
    ],
)
def test_a_redirect_leads_nowhere_inside(web: Web, inside: Web, location: str) -> None:
    web.says["/a"] = leads_to(location.format(port=inside.port))

    def resolve(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"] if host in ("localhost", "2130706433") else nobody(host, port)

    failed = failure(lambda: fetcher(web.pair, resolve=resolve).fetch(web.url("/a")))
    assert (failed.code, inside.asked) == ("led_astray", [])
    assert not {"127", "localhost", str(inside.port), "passwd"} & set(failed.message.split())
    assert failed.message == failure(lambda: _led_astray()).message


def _led_astray() -> None:
    raise FetchFailed("led_astray")


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "0x7f.0.0.1", "0x7f000001", "2130706433", "0177.0.0.1"),
        *("[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::]", "0.0.0.0", "0"),
        *("10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254"),
        *("[64:ff9b::7f00:1]", "[64:ff9b:1::a00:1]", "[2002:7f00:1::1]", "[fd00:ec2::254]"),
        *("[fe80::1]", "[2001:0:53aa:64c:0:fbff:80ff:fffe]", "224.0.0.1", "240.0.0.1"),
        *("255.255.255.255", "[ff02::1]", "192.0.2.1", "198.18.0.1", "168.63.129.16"),
        *("localhost", "inside.example", "both.example", "metadata.example", "[2001:db8::1]"),
    ],
)
def test_what_is_not_public_is_refused_in_the_same_words(host: str) -> None:
    names = {
        "localhost": ["127.0.0.1", "::1"],
        "inside.example": ["10.1.2.3"],
        # One public address does not make the other one public.
        "both.example": ["93.184.216.34", "127.0.0.1"],
        "metadata.example": ["169.254.169.254"],
    }

    def resolve(asked: str, port: int) -> Sequence[str]:
        if asked in names:
            return names[asked]
        # Numbers in whatever notation: no name is looked up for them.
        found = socket.getaddrinfo(asked, port, type=socket.SOCK_STREAM, flags=_NUMERIC)
        return [str(address[0]) for *_, address in found]

    failed = failure(lambda: fetcher(resolve=resolve).fetch(f"http://{host}/"))
    assert (failed.code, failed.message) == (
        "refused",
        "This is not a public web address, so it is not fetched.",
    )


_NUMERIC = socket.AI_NUMERICHOST


@pytest.mark.parametrize("port", [22, 25, 5432, 6379, 8000, 8080])
def test_other_ports_are_refused_before_any_name_is_asked_for(port: int) -> None:
    def resolve(host: str, port: int) -> Sequence[str]:
        raise AssertionError("asked for a name")

    failed = failure(lambda: fetcher(resolve=resolve).fetch(f"http://example.org:{port}/"))
    assert failed.code == "refused"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://user:secret@example.org/", "name and password"),
        ("http://user@example.org/", "name and password"),
        ("ftp://example.org/", "beginning with https://"),
        ("example.org", "beginning with https://"),
        ("http:///x", "beginning with https://"),
        ("http://exa mple.org/", "space"),
        ("http://example.org\\@127.0.0.1/", "backslash"),
        ("http://example.org:99999/", "port"),
        (f"http://example.org/{'a' * 9000}", "web address"),
    ],
)
def test_what_is_no_address_is_said(address: str, words: str) -> None:
    failed = failure(lambda: fetcher().fetch(address))
    assert failed.code == "not_an_address"
    assert words in failed.message


def test_a_name_is_resolved_once_and_the_connection_goes_there(web: Web, inside: Web) -> None:
    """DNS rebinding: the second answer of the resolver would lead inside."""
    asked = []

    def resolve(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.99"]

    web.says["/"] = answer(b"<p>outside")
    got = fetcher(f"news.example:{web.port}", resolve=resolve).fetch(web.url(host="news.example"))
    assert (asked, got.hops[0].ip) == (["news.example"], "127.0.0.1")
    assert f"Host: news.example:{web.port}".encode() in web.asked[0]


def test_a_name_that_turns_inwards_is_refused_at_the_redirect(web: Web, inside: Web) -> None:
    """Public first, private at the next hop: each is checked anew."""
    answers = iter((["127.0.0.1"], ["10.0.0.7"]))
    web.says["/"] = leads_to(f"http://turning.example:{web.port}/again")
    failed = failure(
        lambda: fetcher(web.pair, resolve=lambda _host, _port: next(answers)).fetch(
            web.url(host="turning.example")
        )
    )
    assert (failed.code, web.paths) == ("led_astray", ["/"])


def test_an_allowed_pair_allows_that_port_alone(web: Web, inside: Web) -> None:
    web.says["/"] = answer(b"<p>intranet")
    assert fetcher(web.pair).fetch(web.url()).body == b"<p>intranet"
    assert failure(lambda: fetcher(web.pair).fetch(inside.url())).code == "refused"
    assert inside.asked == []


def test_a_second_address_is_tried_where_the_first_takes_no_connection(web: Web) -> None:
    web.says["/"] = answer(b"<p>here")
    allowed = f"news.example:{web.port}"
    asking = fetcher(allowed, resolve=lambda *_: ["::1", "127.0.0.1"])
    got = asking.fetch(web.url(host="news.example"))
    assert got.hops[0].ip == "127.0.0.1"


# ---- what is sent, and how much of it ----


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body, wbits=-15)),
        ("br", brotli.compress),
        ("identity", bytes),
        ("deflate, gzip", lambda body: gzip.compress(zlib.compress(body))),
    ],
)
def test_a_packed_page_is_unpacked(web: Web, encoding: str, pack: Callable[[bytes], bytes]) -> None:
    body = PAGE.encode() * 2000
    web.says["/"] = answer(pack(body), Content_Encoding=encoding)
    got = fetcher(web.pair).fetch(web.url())
    assert got.body == body
    assert got.hops[0].response.endswith(pack(body))


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress)],
)
def test_a_bomb_stops_at_the_bound(web: Web, encoding: str, pack: Callable[[bytes], bytes]) -> None:
    web.says["/"] = answer(pack(b"0" * 30_000_000), Content_Encoding=encoding)
    failed = failure(lambda: fetcher(web.pair).fetch(web.url()))
    assert failed.code == "too_large"
    assert "1 MB" in failed.message


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "gzip, gzip, gzip"])
def test_what_can_not_be_unpacked_is_broken(web: Web, encoding: str) -> None:
    web.says["/"] = answer(b"\x1f\x8b no such thing", Content_Encoding=encoding)
    assert failure(lambda: fetcher(web.pair).fetch(web.url())).code == "broken_off"


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 65_700, 131_100])
def test_the_last_words_come_out_without_a_frame_too(size: int) -> None:
    body = (PAGE.encode() * 2000)[:size]
    assert unpacked(zlib.compress(body, 9, wbits=-15), ["deflate"], 1_000_000) == body


def test_members_are_put_together_and_what_lies_behind_them_is_left_out() -> None:
    members = [b"<p>one</p>", b"", b"word " * 40_000, b"<p>end</p>"]
    packed = b"".join(map(gzip.compress, members)) + b"\0" * 10
    assert unpacked(packed, ["gzip"], 1_000_000) == b"".join(members)


def test_millions_of_empty_members_are_a_trick() -> None:
    packed = gzip.compress(b"") * 2_000_000
    failed = failure(lambda: unpacked(packed, ["gzip"], 1_000_000))
    assert failed.code == "broken_off"


def test_chunks_are_put_together(web: Web) -> None:
    web.says["/"] = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<p>ab\r\n2\r\ncd\r\n0\r\n\r\n"
    )
    assert fetcher(web.pair).fetch(web.url()).body == b"<p>abcd"


def test_a_body_without_a_length_ends_with_the_connection(web: Web) -> None:
    web.says["/"] = b"HTTP/1.0 200 OK\r\n\r\n<p>to the end"
    assert fetcher(web.pair).fetch(web.url()).body == b"<p>to the end"


@pytest.mark.parametrize(
    ("head", "piece", "code"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", b"all work and no play ", "too_large"),
        (b"HTTP/1.1 200 OK\r\n", b"X-More: and more\r\n", "broken_off"),
    ],
    ids=["body", "head"],
)
def test_what_never_ends_is_cut(web: Web, head: bytes, piece: bytes, code: str) -> None:
    def endless(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(piece * 1000)

    web.says["/"] = endless
    assert failure(lambda: fetcher(web.pair).fetch(web.url())).code == code


def test_what_says_it_is_too_large_is_not_waited_for(web: Web) -> None:
    web.says["/"] = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"
    assert failure(lambda: fetcher(web.pair).fetch(web.url())).code == "too_large"


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<p>"])
def test_a_hang_ends_with_the_time(web: Web, begun: bytes) -> None:
    def hang(connection: socket.socket) -> None:
        connection.sendall(begun)
        web.hang(connection)

    web.says["/"] = hang
    assert failure(lambda: fetcher(web.pair, seconds=0.3).fetch(web.url())).code == "no_answer"


def test_a_body_that_drips_ends_with_the_time(web: Web) -> None:
    """Each step is quick; it is their sum that is bounded."""

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not web.over.wait(0.02):
            connection.sendall(b".")

    web.says["/"] = drip
    assert failure(lambda: fetcher(web.pair, seconds=0.3).fetch(web.url())).code == "no_answer"


def test_a_resolver_that_hangs_ends_with_the_time(web: Web) -> None:
    def resolve(_host: str, _port: int) -> Sequence[str]:
        web.over.wait(60)
        return []

    failed = failure(lambda: fetcher(seconds=0.2, resolve=resolve).fetch("http://example.org/"))
    assert failed.code == "no_answer"


def test_a_name_nobody_has_is_said() -> None:
    assert failure(lambda: fetcher().fetch("http://nowhere.example/")).code == "no_such_name"


def test_nobody_there_is_said() -> None:
    with web_of() as gone:
        pass
    assert failure(lambda: fetcher(gone.pair).fetch(gone.url())).code == "no_connection"


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<p>half",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_an_answer_that_makes_no_sense_is_said(web: Web, said: bytes) -> None:
    web.says["/"] = said
    failed = failure(lambda: fetcher(web.pair).fetch(web.url()))
    assert failed.code == "broken_off"
    assert "SSH" not in failed.message


@pytest.mark.parametrize(
    ("status", "code"),
    [
        *(("401 Unauthorized", "blocked"), ("403 Forbidden", "blocked")),
        *(("429 Too Many Requests", "blocked"), ("451 Unavailable", "blocked")),
        *(("404 Not Found", "not_there"), ("410 Gone", "not_there")),
        *(("500 Oh", "server_error"), ("503 Busy", "server_error")),
        *(("204 No Content", "odd_answer"), ("304 Not Modified", "odd_answer")),
        ("302 Found", "odd_answer"),
    ],
)
def test_what_a_status_means_is_said(web: Web, status: str, code: str) -> None:
    body = b"" if status[:3] in ("204", "304") else SECRET
    web.says["/"] = answer(body, status=status)
    failed = failure(lambda: fetcher(web.pair).fetch(web.url()))
    assert failed.code == code
    assert status[:3] in failed.message
    assert SECRET.decode() not in failed.message


@pytest.mark.parametrize("media_type", ["image/jpeg", "video/mp4", "audio/mpeg", "Image/PNG; a=b"])
def test_a_picture_is_no_page(web: Web, media_type: str) -> None:
    web.says["/"] = answer(b"\xff\xd8\xff", media_type)
    failed = failure(lambda: fetcher(web.pair).fetch(web.url()))
    assert failed.code == "not_a_page"
    assert media_type.lower().split(";")[0] in failed.message


def test_progress_names_the_host_and_counts(web: Web) -> None:
    told: list[tuple[str, int]] = []
    web.says["/"] = answer(b"<p>" + b"x" * 100_000)
    got = fetcher(web.pair).fetch(web.url(), lambda host, count: told.append((host, count)))
    assert told[0] == ("127.0.0.1", 0)
    assert told[-1] == ("127.0.0.1", len(got.hops[0].response))
    assert [count for _, count in told] == sorted(count for _, count in told)


def test_names_and_paths_of_any_script_are_asked_for_in_ascii(web: Web) -> None:
    web.says["/%D0%B0%20b?q=%D1%8F"] = answer(b"<p>x")
    web.says["/"] = answer(status="301 Moved", Location=web.url("/а b?q=я#я"))
    got = fetcher(web.pair).fetch(web.url())
    assert got.url == web.url("/%D0%B0%20b?q=%D1%8F")


# ---- TLS ----


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    folder: Path = tmp_path_factory.mktemp("authority")
    return Authority(folder)


def test_tls_proves_the_name_though_the_connection_goes_to_a_number(authority: Authority) -> None:
    with web_of(authority.server("news.example")) as web:
        web.says["/"] = answer(b"<p>safe")
        allowed = (f"news.example:{web.port}", f"other.example:{web.port}")
        asking = fetcher(*allowed, resolve=lambda *_: ["127.0.0.1"], tls=authority.client())
        assert asking.fetch(web.url(host="news.example")).body == b"<p>safe"
        assert web.asked[0].startswith(b"GET / HTTP/1.1\r\nHost: news.example:")
        failed = failure(lambda: asking.fetch(web.url(host="other.example")))
        assert (failed.code, len(web.asked)) == ("not_trusted", 1)


def test_a_certificate_of_nobody_known_is_not_trusted(authority: Authority) -> None:
    with web_of(authority.server("news.example")) as web:
        asking = fetcher(f"news.example:{web.port}", resolve=lambda *_: ["127.0.0.1"])
        assert failure(lambda: asking.fetch(web.url(host="news.example"))).code == "not_trusted"
        assert web.asked == []
