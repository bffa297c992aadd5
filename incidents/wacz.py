"""The fetched copies of a source as one WACZ 1.1.1 file, which programs replay as the pages they
were: https://specs.webrecorder.net/wacz/1.1.1/.

Owns that form. The same copies give the same bytes. Refuses to know who may have them.
"""

import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from io import BytesIO
from typing import Any

from incidents.warc import answers_in, sort_key

MEDIA_TYPE = "application/wacz"
# A ZIP knows no zone; the moments stand inside.
_WRITTEN = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class ArchivedPage:
    """One copy: where it was found in the end, and its WARC file."""

    url: str
    title: str
    fetched_at: datetime
    warc: bytes


def wacz_of(pages: Sequence[ArchivedPage], title: str) -> bytes:
    """`pages` oldest first, at least one. Their WARC files are named by their SHA-256."""
    named = [(f"{sha256(page.warc).hexdigest()}.warc.gz", page) for page in pages]
    files = {
        **{f"archive/{name}": page.warc for name, page in named},
        "indexes/index.cdx": _index((name, page.warc) for name, page in named),
        "pages/pages.jsonl": _lines(
            [{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}, *map(_page, pages)]
        ),
    }
    package = _json(_package(files, pages, title))
    digest = {"path": "datapackage.json", "hash": _hash(package)}
    return _zipped({**files, "datapackage.json": package, "datapackage-digest.json": _json(digest)})


def _package(files: dict[str, bytes], pages: Sequence[ArchivedPage], title: str) -> dict[str, Any]:
    return {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": title,
        "software": f"incidents {version('incidents')}",
        # Of the last copy: made anew, the file is the same.
        "created": _instant(pages[-1].fetched_at),
        "mainPageUrl": pages[-1].url,
        "mainPageDate": _instant(pages[-1].fetched_at),
        "resources": [
            {
                "name": path.rpartition("/")[2],
                "path": path,
                "hash": _hash(content),
                "bytes": len(content),
            }
            for path, content in files.items()
        ],
    }


def _page(page: ArchivedPage) -> dict[str, str]:
    return {
        "id": sha256(page.warc).hexdigest()[:16],
        "url": page.url,
        "ts": _instant(page.fetched_at),
        "title": page.title,
    }


def _index(warcs: Iterable[tuple[str, bytes]]) -> bytes:
    """CDXJ: a line for each answer, sorted by its address turned round and its moment."""
    lines = []
    for name, warc in warcs:
        for answer in answers_in(warc):
            said = {
                "url": answer.url,
                "mime": answer.media_type,
                "status": str(answer.status),
                "digest": answer.digest,
                "length": str(answer.length),
                "offset": str(answer.offset),
                "filename": name,
            }
            lines.append(f"{sort_key(answer.url)} {answer.timestamp} {json.dumps(said)}\n")
    return "".join(sorted(lines)).encode()


def _zipped(files: dict[str, bytes]) -> bytes:
    """Nothing is compressed: players read parts of the file where they lie."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path, _WRITTEN)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


def _lines(values: Iterable[dict[str, str]]) -> bytes:
    return "".join(f"{json.dumps(value, ensure_ascii=False)}\n" for value in values).encode()


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"


def _hash(content: bytes) -> str:
    return f"sha256:{sha256(content).hexdigest()}"


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
