"""The text of a file of any kind, and what it says of itself: decides the kind, reads plain text
here, and has everything else read by a process of its own.

Owns the bounds of that process, so that no file takes the server down; refuses to keep anything.
"""

import os
import subprocess
import sys
from pathlib import PurePath
from threading import BoundedSemaphore

from incidents.extracted import LONGEST_TEXT, Extracted, ExtractionError
from incidents.extraction_charset import decoded
from incidents.extraction_kinds import HTML, MAIL, MARKDOWN, MHTML, PDF, PLAIN, called, kind_of
from incidents.extraction_process import CPU_S, REFUSED, TOO_LARGE

# As waiting for the machine counts here, more than the processor's own time.
_WALL_S = 2 * CPU_S
_AT_ONCE = 2
_QUEUE_S = 60
_BOM = "\ufeff"
_MARKDOWN_NAMES = frozenset((".md", ".markdown"))
_NOT_READ = (
    "This is {}: only pages (HTML, MHTML), PDF, e-mails and plain text are read."
    " Paste its text, or keep the file without its text."
)
_NO_KIND = "This is no kind of file that can be read: it is not text, a page, a PDF or an e-mail."
_EMPTY = "There is no text in it."
_NUL = "There is a NUL character in it: it is not plain text."
_GUESSED = "It is not in UTF-8; it was read as {}. Check its text."
_CUT = "Only its first 5 million characters were taken."
_TOO_LONG = (
    f"Reading it took more than {CPU_S} seconds and was stopped."
    " Paste its text, or keep the file without its text."
)
_TOO_MUCH = (
    "Reading it needs more memory than a file may have. Paste its text, or keep the file without"
    " its text."
)
_BROKEN = (
    "It can’t be read: it is damaged, or made in a way that no program expects. Paste its text, or"
    " keep the file without its text."
)
_BUSY = "Other files are being read just now. Send it again in a minute."

_turn = BoundedSemaphore(_AT_ONCE)


def extract(
    body: bytes,
    *,
    file_name: str | None = None,
    charset: str | None = None,
    address: str | None = None,
) -> Extracted:
    """ExtractionError with a sentence for who chose the file.

    charset: what whoever sent it declared. The name only tells Markdown from plain text. address:
    where it was fetched from; it tells of a page's site and day where the page does not.
    """
    kind = kind_of(body)
    if kind in (HTML, MHTML, MAIL, PDF):
        return _read_apart(kind, body, charset, address)
    if kind == PLAIN:
        return _plain(body, file_name, charset)
    raise ExtractionError(_NOT_READ.format(called(body) or "another kind of file"))


def media_type_of(body: bytes, file_name: str | None = None) -> str:
    """The kind alone, whether or not it can be read."""
    kind = kind_of(body)
    named = PurePath(file_name or "").suffix.lower()
    return MARKDOWN if kind == PLAIN and named in _MARKDOWN_NAMES else kind


def _plain(body: bytes, file_name: str | None, charset: str | None) -> Extracted:
    """Its own text: CRLF becomes LF, a byte order mark goes, nothing else is touched."""
    read = decoded(body, [charset])
    text = read.text.removeprefix(_BOM).replace("\r\n", "\n")
    if "\0" in text:
        raise ExtractionError(_NUL)
    if not text.strip():
        raise ExtractionError(_EMPTY)
    sample = text[:100_000]
    odd = sum(1 for sign in sample if sign == "\ufffd" or (sign < " " and sign not in "\t\n\v\f\r"))
    if odd * 50 > len(sample):
        raise ExtractionError(_NO_KIND)
    warnings = [_GUESSED.format(read.charset)] if read.guessed else []
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT]
        warnings.append(_CUT)
    return Extracted(media_type_of(body, file_name), text, warnings=tuple(warnings))


def _read_apart(kind: str, body: bytes, charset: str | None, address: str | None) -> Extracted:
    if not _turn.acquire(timeout=_QUEUE_S):
        raise ExtractionError(_BUSY)
    try:
        finished = subprocess.run(
            # -P: not from whatever folder the server happens to stand in.
            [sys.executable, "-P", "-m", "incidents.extraction_process", kind, charset or ""],
            # Not among the arguments: every account of the machine reads those.
            input=(address or "").encode() + b"\n" + body,
            stdout=subprocess.PIPE,
            # A traceback may quote the file.
            stderr=subprocess.DEVNULL,
            timeout=_WALL_S,
            env=_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ExtractionError(_TOO_LONG) from None
    finally:
        _turn.release()
    return _answer(finished.returncode, finished.stdout)


def _environment() -> dict[str, str]:
    """No keys; and nothing by which the same bytes would give another text elsewhere."""
    path = os.pathsep.join(filter(None, sys.path))
    return {"PYTHONPATH": path, "PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"}


def _answer(code: int, output: bytes) -> Extracted:
    if code == 0:
        return Extracted.from_json(output.decode())
    if code == REFUSED:
        raise ExtractionError(output.decode())
    if code == TOO_LARGE:
        raise ExtractionError(_TOO_MUCH)
    # Killed by the limit on its time, or by the system for its memory.
    raise ExtractionError(_TOO_LONG if code < 0 else _BROKEN) from None
