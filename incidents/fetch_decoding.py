"""An answer's body as its Content-Encoding says, never larger than it may become.

Owns the bounds of unpacking: a few bytes can stand for gigabytes. Refuses encodings nobody asked
for but the three that pages come in.
"""

import zlib
from collections.abc import Sequence

import brotli

from incidents.fetch_failures import FetchFailed

# A page packed twice was met; more is a trick.
_MOST_LAYERS = 2
# Of one gzip body, each packed by itself; 50 MB in the blocks of bgzip are eight hundred.
_MOST_MEMBERS = 10_000
_PIECE = 65_536
ACCEPTED = "gzip, deflate, br"


def unpacked(body: bytes, encodings: Sequence[str], most_bytes: int) -> bytes:
    """`encodings` in the order they were applied. FetchFailed `too_large` or `broken_off`."""
    layers = [name for name in encodings if name not in ("", "identity")]
    if len(layers) > _MOST_LAYERS:
        raise FetchFailed("broken_off")
    for name in reversed(layers):
        if name in ("gzip", "x-gzip"):
            body = _gunzipped(body, most_bytes)
        elif name == "deflate":
            body = _inflated(body, most_bytes)
        elif name == "br":
            body = _unbrotlied(body, most_bytes)
        else:
            raise FetchFailed("broken_off")
    return body


def encodings_of(header: str) -> list[str]:
    return [name.strip().lower() for name in header.split(",")]


def _gunzipped(body: bytes, most_bytes: int) -> bytes:
    """Of several members, one after another; what is no member behind them is left out."""
    found = bytearray()
    at = members = 0
    while at < len(body) and (at == 0 or body.startswith(b"\x1f\x8b", at)):
        members += 1
        if members > _MOST_MEMBERS:
            raise FetchFailed("broken_off")
        opened = zlib.decompressobj(zlib.MAX_WBITS | 16)
        at = _drained(opened, body, at, found, most_bytes)
    return bytes(found)


def _inflated(body: bytes, most_bytes: int) -> bytes:
    """With zlib's frame, as the standard has it, or without, as some servers do."""
    framed = len(body) > 1 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    found = bytearray()
    window = zlib.MAX_WBITS if framed else -zlib.MAX_WBITS
    _drained(zlib.decompressobj(window), body, 0, found, most_bytes)
    return bytes(found)


def _drained(
    opened: "zlib._Decompress", body: bytes, at: int, found: bytearray, most_bytes: int
) -> int:
    """Where in `body` it ends. Given piece by piece: zlib copies what it has not read each time."""
    try:
        while at < len(body) and not opened.eof:
            piece = body[at : at + _PIECE]
            at += len(piece)
            while piece and not opened.eof:
                piece = _more(opened, piece, found, most_bytes)
        if not opened.eof:
            # Without a frame nothing is left to read while the last words still wait inside.
            _more(opened, b"", found, most_bytes)
    except zlib.error:
        raise FetchFailed("broken_off") from None
    if not opened.eof:
        raise FetchFailed("broken_off")
    return at - len(opened.unused_data)


def _more(opened: "zlib._Decompress", piece: bytes, found: bytearray, most_bytes: int) -> bytes:
    """What of the piece is not read yet."""
    found += opened.decompress(piece, _PIECE)
    if len(found) > most_bytes:
        raise FetchFailed("too_large", limit_mb=most_bytes // 1_000_000)
    return opened.unconsumed_tail


def _unbrotlied(body: bytes, most_bytes: int) -> bytes:
    opened, found = brotli.Decompressor(), bytearray()
    try:
        piece = opened.process(body, output_buffer_limit=_PIECE)
        while piece:
            found += piece
            if len(found) > most_bytes:
                raise FetchFailed("too_large", limit_mb=most_bytes // 1_000_000)
            piece = b"" if opened.is_finished() else opened.process(b"", output_buffer_limit=_PIECE)
    except brotli.error:
        raise FetchFailed("broken_off") from None
    if not opened.is_finished():
        raise FetchFailed("broken_off")
    return bytes(found)
