"""Outgoing HTTP, guarded: the only place that asks anything of another machine's web server.

Owns the connection: the name is resolved once, every address it stands for is checked, and the
connection goes to one of exactly these, while TLS proves the name. Each redirect is checked anew.
No proxy of the environment, no cookie, no referrer. Refuses to know what a page is.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from ipaddress import ip_address
from typing import Any

import certifi
import httpcore

from incidents.clock import Clock
from incidents.fetch_address import (
    PORTS,
    Allowed,
    Destination,
    Ip,
    check_port,
    check_public,
    destination,
    led_to,
)
from incidents.fetch_decoding import ACCEPTED, encodings_of, unpacked
from incidents.fetch_failures import FetchFailed, code_of_status
from incidents.fetched import Fetched, Headers, Hop

MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CONNECT_S = 15.0
_SILENT_S = 25.0
# Of one name; the first may be down.
_MOST_TRIED = 4
# Beyond the body: heads, and what the transfer puts between its chunks.
_AROUND_BYTES = 1_000_000
# Of an answer that only leads on.
_LEADING_BYTES = 100_000
_NO_PAGE = ("image/", "video/", "audio/", "font/", "model/")
_ACCEPT = "text/html,application/xhtml+xml,application/pdf;q=0.9,text/plain;q=0.9,*/*;q=0.5"


# Told of each step: of which host, and how many bytes of its answer are here.
Progress = Callable[[str, int], None]

Resolver = Callable[[str, int], Sequence[str]]


def system_resolver(host: str, port: int) -> Sequence[str]:
    """The addresses a name stands for, as the system knows it. OSError when it knows none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True)
class Bounds:
    """Of one fetch as a whole, redirects included; bytes before and after unpacking."""

    seconds: float = 60
    most_bytes: int = 50_000_000


class Fetcher:
    """Fetches one page at a time, for as many threads as ask; keeps nothing between two."""

    def __init__(
        self,
        clock: Clock,
        bounds: Bounds,
        allowed: Allowed,
        *,
        resolve: Resolver = system_resolver,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._clock = clock
        self._bounds = bounds
        self._allowed = allowed
        self._resolve = resolve
        self._tls = tls

    def fetch(self, address: str, progress: Progress | None = None) -> Fetched:
        """FetchFailed for whatever keeps the page away, with its code and words."""
        started_at, deadline = self._clock(), time.monotonic() + self._bounds.seconds
        where, hops = destination(address), list[Hop]()
        while True:
            try:
                hop, body = self._asked(where, deadline, progress or _silent)
            except FetchFailed as failed:
                if hops and failed.code in ("refused", "no_such_name"):
                    # Where it leads, and what is found there, is not told.
                    raise FetchFailed("led_astray") from None
                raise
            hops.append(hop)
            if body is not None:
                break
            if len(hops) > MOST_REDIRECTS:
                raise FetchFailed("too_many_redirects")
            where = led_to(where, _header(hop.headers, "location"))
        return self._fetched(address, hops, body, started_at)

    def _fetched(self, asked: str, hops: list[Hop], body: bytes, started_at: Any) -> Fetched:
        media_type, charset = _content_type(_header(hops[-1].headers, "content-type"))
        encodings = encodings_of(_header(hops[-1].headers, "content-encoding"))
        return Fetched(
            asked=asked.strip(),
            body=unpacked(body, encodings, self._bounds.most_bytes),
            media_type=media_type,
            charset=charset,
            hops=tuple(hops),
            started_at=started_at,
            finished_at=self._clock(),
            tool_versions={name: version(name) for name in ("incidents", "httpcore", "h11")},
        )

    def _asked(
        self, where: Destination, deadline: float, progress: Progress
    ) -> tuple[Hop, bytes | None]:
        """One request; None for a body where the answer leads on."""
        wire = _Wire(where, deadline, self._bounds.most_bytes, progress)
        progress(where.host, 0)
        backend = _Pinned(where, self._addresses(where, wire), wire)
        asked_at = self._clock()
        origin = httpcore.Origin(where.scheme.encode(), where.host.encode(), where.port)
        tls = self._tls_context() if where.scheme == "https" else None
        with httpcore.HTTPConnection(origin, ssl_context=tls, network_backend=backend) as opened:
            try:
                response = opened.handle_request(_request(where, origin))
                headers = _headers(response.headers)
                body, whole = self._body(response, headers)
            except httpcore.TimeoutException:
                raise FetchFailed("no_answer") from None
            except httpcore.ConnectError:
                raise FetchFailed("no_connection") from None
            except (httpcore.NetworkError, httpcore.ProtocolError):
                raise FetchFailed("broken_off") from None
        hop = Hop(
            url=where.url,
            ip=str(backend.reached),
            status=response.status,
            headers=headers,
            asked_at=asked_at,
            request=bytes(wire.sent),
            response=bytes(wire.received),
            truncated=not whole,
        )
        return hop, body

    def _body(self, response: httpcore.Response, headers: Headers) -> tuple[bytes | None, bool]:
        """None where it leads on; and whether the answer was read to its end."""
        if response.status in _REDIRECTS and _header(headers, "location"):
            return None, _read(response, _LEADING_BYTES)[1]
        failed = code_of_status(response.status)
        if failed is not None:
            raise FetchFailed(failed, status=response.status)
        media_type = _content_type(_header(headers, "content-type"))[0] or ""
        if media_type.startswith(_NO_PAGE):
            raise FetchFailed("not_a_page", kind=f" ({media_type})")
        most = self._bounds.most_bytes
        told = _header(headers, "content-length")
        if told.isascii() and told.isdigit() and (len(told) > 15 or int(told) > most):
            raise FetchFailed("too_large", limit_mb=most // 1_000_000)
        found, whole = _read(response, most)
        if not whole:
            raise FetchFailed("too_large", limit_mb=most // 1_000_000)
        return found, True

    def _addresses(self, where: Destination, wire: "_Wire") -> Sequence[Ip]:
        """Asked for once, each checked: what is connected to is one of these and no other."""
        check_port(where, self._allowed)
        found = [ip_address(one) for one in self._resolved(where, wire)]
        if not found:
            raise FetchFailed("no_such_name")
        check_public(where, found, self._allowed)
        return found

    def _resolved(self, where: Destination, wire: "_Wire") -> Sequence[str]:
        try:
            return [str(ip_address(where.host))]
        except ValueError:
            pass
        # The system's own patience with a name is longer than ours, and can't be set.
        asking = _Asking(self._resolve, where)
        asking.start()
        asking.join(wire.left(_CONNECT_S))
        if asking.is_alive():
            raise FetchFailed("no_answer")
        if asking.found is None:
            raise FetchFailed("no_such_name")
        return asking.found

    def _tls_context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context(cafile=certifi.where())
        return self._tls


class _Asking(threading.Thread):
    """One question to the resolver; `found` stays None where it knows no such name."""

    def __init__(self, resolve: Resolver, where: Destination) -> None:
        super().__init__(daemon=True)
        self._resolve, self._where = resolve, where
        self.found: Sequence[str] | None = None

    def run(self) -> None:
        try:
            self.found = self._resolve(self._where.host, self._where.port)
        except (OSError, UnicodeError):
            self.found = None


class _Wire:
    """What goes over one connection, and how long and how much it may be."""

    def __init__(
        self, where: Destination, deadline: float, most_bytes: int, progress: Progress
    ) -> None:
        self._host, self._deadline, self._progress = where.host, deadline, progress
        self._most_bytes = most_bytes
        self.sent, self.received = bytearray(), bytearray()

    def left(self, most: float | None = None) -> float:
        """Seconds one step may take. FetchFailed `no_answer` when the time is up."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise FetchFailed("no_answer")
        return left if most is None else min(left, most)

    def came(self, piece: bytes) -> None:
        self.received += piece
        if len(self.received) > self._most_bytes + _AROUND_BYTES:
            raise FetchFailed("too_large", limit_mb=self._most_bytes // 1_000_000)
        self._progress(self._host, len(self.received))


class _Stream(httpcore.NetworkStream):
    """A connection whose every step ends in time; what goes over it is written down."""

    def __init__(self, inner: httpcore.NetworkStream, wire: _Wire) -> None:
        self._inner, self._wire = inner, wire

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        piece = self._inner.read(max_bytes, self._wire.left(_SILENT_S))
        self._wire.came(piece)
        return piece

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._wire.left(_SILENT_S))
        self._wire.sent += buffer

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        try:
            inner = self._inner.start_tls(ssl_context, server_hostname, self._wire.left(_CONNECT_S))
        except httpcore.ConnectError as error:
            trusted = not isinstance(error.__cause__, ssl.SSLError)
            raise FetchFailed("no_connection" if trusted else "not_trusted") from None
        return _Stream(inner, self._wire)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Pinned(httpcore.NetworkBackend):
    """Connects to the addresses it was given, whatever name it is asked for."""

    def __init__(self, where: Destination, found: Sequence[Ip], wire: _Wire) -> None:
        self._where, self._found, self._wire = where, found, wire
        self._backend = httpcore.SyncBackend()
        self.reached: Ip | None = None

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        if (host, port) != (self._where.host, self._where.port):
            raise FetchFailed("refused")
        failed: httpcore.NetworkError | httpcore.TimeoutException | None = None
        for ip in self._found[:_MOST_TRIED]:
            try:
                opened = self._backend.connect_tcp(str(ip), port, self._wire.left(_CONNECT_S))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
                continue
            self.reached = ip
            return _Stream(opened, self._wire)
        assert failed is not None
        raise failed


def _silent(_host: str, _received_bytes: int) -> None:
    """Nobody watches."""


def _request(where: Destination, origin: httpcore.Origin) -> httpcore.Request:
    host = f"[{where.host}]" if ":" in where.host else where.host
    if where.port != PORTS[where.scheme]:
        host = f"{host}:{where.port}"
    target = where.url.split("/", 3)[3]
    return httpcore.Request(
        "GET",
        httpcore.URL(
            scheme=origin.scheme, host=origin.host, port=origin.port, target=f"/{target}".encode()
        ),
        headers=[
            (b"Host", host.encode()),
            (b"User-Agent", f"Mozilla/5.0 (compatible; Incidents/{version('incidents')})".encode()),
            (b"Accept", _ACCEPT.encode()),
            (b"Accept-Encoding", ACCEPTED.encode()),
            (b"Connection", b"close"),
        ],
    )


def _read(response: httpcore.Response, most_bytes: int) -> tuple[bytes, bool]:
    """The body as it was sent, at most so much of it; and whether that is all."""
    found = bytearray()
    for piece in response.iter_stream():
        found += piece
        if len(found) > most_bytes:
            return bytes(found), False
    return bytes(found), True


def _headers(raw: Iterable[tuple[bytes, bytes]]) -> Headers:
    return tuple((_said(name), _said(value)) for name, value in raw)


def _said(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _header(headers: Headers, name: str) -> str:
    """The first of that name; "" without one."""
    return next((value.strip() for own, value in headers if own.lower() == name), "")


def _content_type(said: str) -> tuple[str | None, str | None]:
    """Media type and charset, each None where the header does not say it."""
    media_type, *parameters = said.split(";")
    for one in parameters:
        name, _, value = one.partition("=")
        if name.strip().lower() == "charset":
            return media_type.strip().lower() or None, value.strip().strip("\"'") or None
    return media_type.strip().lower() or None, None
