"""A fetched page as a WARC 1.1 file, compressed record by record: each request and its answer as
they went over the wire, and what fetched them.

Owns that form. Set-Cookie is left out of it: it is of who asked. Refuses to know where it is kept.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import WARCWriter

from incidents.fetched import NOT_KEPT, Fetched, Hop

_FORMAT = "WARC File Format 1.1"
_SPECIFICATION = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
_HEAD_ENDS = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True)
class Answer:
    """One answer in a WARC file, as an index names it. `at` is as the record has it, in UTC."""

    url: str
    at: str
    status: int
    media_type: str
    digest: str
    offset: int
    length: int

    @property
    def timestamp(self) -> str:
        """Fourteen digits."""
        return "".join(sign for sign in self.at if sign.isdigit())[:14]


def warc_of(fetched: Fetched) -> bytes:
    """The same answers give other bytes each time: records have ids of their own."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    info = {
        "software": ", ".join(f"{name} {number}" for name, number in fetched.tool_versions.items()),
        "format": _FORMAT,
        "conformsTo": _SPECIFICATION,
        "isPartOf": "Set-Cookie is left out of the answers.",
    }
    opening = writer.create_warcinfo_record("", info)
    opening.rec_headers.replace_header("WARC-Date", _date(fetched.started_at))
    writer.write_record(opening)
    for hop in fetched.hops:
        response, request = _records(writer, hop)
        for record in (response, request):
            writer.write_record(record)
    writer.write_record(_told(writer, fetched, response))
    return out.getvalue()


def answers_in(warc: bytes) -> Iterator[Answer]:
    """The answers of one file, in its order."""
    iterator = ArchiveIterator(BytesIO(warc))
    for record in iterator:
        if record.rec_type != "response":
            continue
        headers = record.rec_headers
        media_type = (record.http_headers.get_header("Content-Type") or "").partition(";")[0]
        status = int(record.http_headers.get_statuscode())
        offset, length = iterator.get_record_offset(), iterator.get_record_length()
        yield Answer(
            url=headers.get_header("WARC-Target-URI"),
            at=headers.get_header("WARC-Date"),
            status=status,
            media_type=media_type.strip().lower() or "unk",
            digest=headers.get_header("WARC-Payload-Digest") or "",
            offset=offset,
            length=length,
        )


def sort_key(url: str) -> str:
    """The address as indexes of archives are sorted: `org,example)/path?a=1`."""
    parts = urlsplit(url.lower())
    host = re.sub(r"^www[0-9]*\.", "", parts.hostname or "")
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    turned = host if ":" in host else ",".join(reversed(host.split(".")))
    asked = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)), safe="/:,")
    return f"{turned}{port}){parts.path or '/'}{'?' + asked if asked else ''}"


def _told(writer: WARCWriter, fetched: Fetched, response: Any) -> Any:
    """How the last answer was come to: from which address, over how many redirects, how fast."""
    took = fetched.finished_at - fetched.started_at
    fields = [f"fetchTimeMs: {took // timedelta(milliseconds=1)}"]
    if len(fetched.hops) > 1:
        fields += [f"via: {fetched.hops[-2].url}", f"hopsFromSeed: {'R' * (len(fetched.hops) - 1)}"]
    body = "".join(f"{field}\r\n" for field in fields).encode()
    return writer.create_warc_record(
        fetched.url,
        "metadata",
        payload=BytesIO(body),
        length=len(body),
        warc_headers_dict={
            "WARC-Date": _date(fetched.finished_at),
            "WARC-Refers-To": response.rec_headers.get_header("WARC-Record-ID"),
        },
    )


def _records(writer: WARCWriter, hop: Hop) -> tuple[Any, Any]:
    """The answer and its request."""
    about = {"WARC-Date": _date(hop.asked_at), "WARC-IP-Address": hop.ip}
    told = {**about, **({"WARC-Truncated": "length"} if hop.truncated else {})}
    head, body = _parted(hop.response)
    response = writer.create_warc_record(
        hop.url,
        "response",
        payload=BytesIO(body),
        length=len(body),
        http_headers=_Head(_without_cookies(head)),
        warc_headers_dict=told,
    )
    concurrent = {"WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID")}
    request = writer.create_warc_record(
        hop.url,
        "request",
        payload=BytesIO(),
        length=0,
        http_headers=_Head(hop.request),
        warc_headers_dict={**about, **concurrent},
    )
    return response, request


class _Head:
    """The head of a message as it came. warcio's own would write it anew, and fails where a site
    puts other letters than ASCII into its first line."""

    def __init__(self, raw: bytes) -> None:
        self.headers_buff = raw

    def compute_headers_buffer(self, _header_filter: object) -> None:
        """It is what it is."""


def _parted(response: bytes) -> tuple[bytes, bytes]:
    """Head and body; what says “100 Continue” and the like comes before the answer and is none."""
    head = b""
    while not head or head.startswith((b"HTTP/1.1 1", b"HTTP/1.0 1")):
        end = _HEAD_ENDS.search(response)
        assert end is not None, "an answer that was read has a head"
        head, response = response[: end.end()], response[end.end() :]
    return head, response


def _without_cookies(head: bytes) -> bytes:
    kept, leaving = [], False
    for line in head.splitlines(keepends=True):
        # A line that begins with a blank goes on with the one before.
        if line[:1] not in (b" ", b"\t"):
            leaving = line.partition(b":")[0].strip().lower().decode("latin-1") in NOT_KEPT
        if not leaving:
            kept.append(line)
    return b"".join(kept)


def _date(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
