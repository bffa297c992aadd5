"""A web of one server on loopback: it answers byte for byte what it is told, and keeps what it was
asked.

Nobody's real pages are in it, and nothing is asked of anybody else's.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Talk = Callable[[socket.socket], None]


def answer(
    body: bytes = b"", media_type: str = "text/html", *, status: str = "200 OK", **headers: str
) -> bytes:
    """A whole answer; `Set_Cookie="a=1"` is a header."""
    told = {"Content-Type": media_type, "Content-Length": str(len(body))} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items() if value)
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def leads_to(address: str, status: str = "302 Found", body: bytes = b"") -> bytes:
    return answer(body, status=status, Location=address)


class Web:
    """`says["/a"]` is the answer to that path: bytes, or whoever talks over the connection."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.says: dict[str, bytes | Talk] = {}
        # Every request as it came, oldest first.
        self.asked: list[bytes] = []
        self._tls = tls
        self.over = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def pair(self) -> str:
        """For `fetch_allow`."""
        return f"127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        return [one.split(b" ")[1].decode() for one in self.asked]

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http{'s' if self._tls else ''}://{host}:{self.port}{path}"

    def hang(self, _connection: socket.socket) -> None:
        """Answers nothing until the test is over."""
        self.over.wait(60)

    def close(self) -> None:
        self.over.set()
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port)).close()
        self._thread.join(10)
        self._listening.close()

    def _serve(self) -> None:
        while True:
            connection, _ = self._listening.accept()
            if self.over.is_set():
                connection.close()
                return
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        # Who asked may go at any moment.
        with suppress(OSError), connection:
            connection.settimeout(30)
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                request = b""
                while b"\r\n\r\n" not in request:
                    piece = connection.recv(65_536)
                    if not piece:
                        return
                    request += piece
                self.asked.append(request)
                said = self.says.get(self.paths[-1], answer(status="404 Not Found"))
                if callable(said):
                    said(connection)
                else:
                    connection.sendall(said)


@contextmanager
def web_of(tls: ssl.SSLContext | None = None) -> Iterator[Web]:
    web = Web(tls)
    try:
        yield web
    finally:
        web.close()
