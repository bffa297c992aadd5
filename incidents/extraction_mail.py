"""The words of a saved e-mail, and the page inside a web archive of one file (MHTML).

Owns the reading of headers and parts; attachments are named, never opened.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from importlib.metadata import version

from incidents.extracted import Extracted, ExtractionError, cleaned, one_line
from incidents.extraction_charset import decoded
from incidents.extraction_html import read_page
from incidents.extraction_kinds import MAIL, MHTML
from incidents.extraction_languages import language_of

_LONGEST_HEADER = 4000
_LONGEST_HEAD = 1_000_000
_MOST_PARTS = 1000
_DEEPEST = 30
_MOST_NAMED = 20
_ENOUGH = 20
_NO_TEXT = "There is no text in this e-mail. Keep the file without its text, or paste what it says."
_NO_PAGE = "There is no page in this web archive. Save it again as HTML, or paste its text."
_BROKEN = "Its headers or parts are broken, so that it can’t be read. Paste its text."
_TOO_DEEP = "Its parts are nested too deeply to be read. Paste its text."
_TOO_MUCH_HEAD = "It begins with more than a megabyte of headers: it is not an e-mail to be read."
_ATTACHED = "Attached to it and not read: {}."
_GUESSED = (
    "It does not say, or not truly, in which charset it is; it was read as {}. Check its text."
)


def read_mail(body: bytes) -> Extracted:
    """From, Date and Subject as author, day and title; the best of its parts as the text."""
    return _whole(_mail, body)


def read_archive(body: bytes) -> Extracted:
    """The main page of an MHTML file, with the address it was saved from."""
    return _whole(_archive, body)


def _whole(read: Callable[[Message], Extracted], body: bytes) -> Extracted:
    """What Python's own reader of e-mails raises over broken ones is said in a sentence."""
    try:
        return read(_parsed(body))
    except RecursionError:
        raise ExtractionError(_TOO_DEEP) from None
    except (ValueError, TypeError, LookupError, AttributeError, AssertionError):
        raise ExtractionError(_BROKEN) from None


def _mail(message: Message) -> Extracted:
    attached: list[str] = []
    plain: Message | None = None
    page: Message | None = None
    for part in _parts(message):
        kind = part.get_content_type()
        if part.get_filename() or part.get_content_disposition() == "attachment":
            attached.append(_attachment(part))
        elif kind == "text/plain" and plain is None:
            plain = part
        elif kind == "text/html" and page is None:
            page = part
    read = _read(plain, page)
    warnings = list(read.warnings)
    if attached:
        more = len(attached) - _MOST_NAMED
        named = [*attached[:_MOST_NAMED], *([f"{more} more"] if more > 0 else [])]
        warnings.append(_ATTACHED.format(", ".join(named)))
    name, address = parseaddr(_header(message, "From"))
    return replace(
        read,
        media_type=MAIL,
        title=one_line(_header(message, "Subject"), 500) or read.title,
        author=one_line(name, 300) or one_line(address, 300),
        publisher=None,
        published=_day(message),
        warnings=tuple(warnings),
    )


def _archive(message: Message) -> Extracted:
    root = (message.get_param("start") or "") if message.is_multipart() else ""
    pages = [part for part in _parts(message) if part.get_content_type() == "text/html"]
    if not pages:
        raise ExtractionError(_NO_PAGE)
    page = next((part for part in pages if root and part.get("Content-ID") == root), pages[0])
    read = read_page(_payload(page), page.get_content_charset())
    saved_from = (
        _header(message, "Snapshot-Content-Location") or _header(page, "Content-Location")
    ).strip()
    if not re.fullmatch(r"https?://\S{1,2000}", saved_from):
        saved_from = ""
    title = read.title or one_line(_header(message, "Subject"), 500)
    return replace(read, media_type=MHTML, title=title, url=read.url or saved_from or None)


def _parsed(body: bytes) -> Message:
    head = re.search(rb"\r?\n\r?\n", body)
    if (head.start() if head else len(body)) > _LONGEST_HEAD:
        raise ExtractionError(_TOO_MUCH_HEAD)
    return message_from_bytes(body)


def _parts(message: Message) -> Iterator[Message]:
    """Those without parts of their own, in order; an attached e-mail stays closed."""
    waiting = [(message, 0)]
    seen = 0
    while waiting:
        part, depth = waiting.pop()
        seen += 1
        if depth > _DEEPEST or seen > _MOST_PARTS:
            raise ExtractionError(_TOO_DEEP)
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting.extend((one, depth + 1) for one in reversed(inner) if not isinstance(one, str))
        else:
            yield part


def _payload(part: Message) -> bytes:
    """Of a part, as it was before it was encoded; of an e-mail within, nothing."""
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _read(plain: Message | None, page: Message | None) -> Extracted:
    """The plain part, unless it only says that the other one is there."""
    said = _plain(plain) if plain is not None else None
    if said is not None and (len(said.text.split()) >= _ENOUGH or page is None):
        return said
    if page is not None:
        try:
            return read_page(_payload(page), page.get_content_charset())
        except ExtractionError:
            pass
    if said is None:
        raise ExtractionError(_NO_TEXT)
    return said


def _plain(part: Message) -> Extracted | None:
    read = decoded(_payload(part), [part.get_content_charset()])
    text, warnings = cleaned(read.text)
    text = text.strip("\n")
    if not text.strip():
        return None
    if read.guessed:
        warnings.append(_GUESSED.format(read.charset))
    return Extracted(
        media_type=MAIL,
        text=text,
        language=language_of(text, None),
        tool_versions={"lxml": version("lxml")},
        warnings=tuple(warnings),
    )


def _header(message: Message, name: str) -> str:
    """ "" when it is absent; words in any charset, also in none."""
    try:
        # raw_items, as get() has replaced what is in no charset.
        held = (value for key, value in message.raw_items() if key.lower() == name.lower())
        pieces = decode_header(str(next(held, ""))[:_LONGEST_HEADER])
    except (ValueError, LookupError):
        return ""
    words = ""
    for piece, charset in pieces:
        coded = piece if isinstance(piece, bytes) else piece.encode("utf-8", "surrogateescape")
        words += decoded(coded, [charset]).text
    return words


def _day(message: Message) -> str | None:
    """Where it was written, as EDTF."""
    try:
        return f"{parsedate_to_datetime(_header(message, 'Date')):%Y-%m-%d}"
    except (ValueError, TypeError, OverflowError):
        return None


def _attachment(part: Message) -> str:
    name = one_line(part.get_filename() or "", 80) or "a file without a name"
    size = len(_payload(part))
    told = f"{size / 1_000_000:.1f} MB" if size > 100_000 else f"{size / 1000:.0f} KB"
    return f"{name} ({told})"
