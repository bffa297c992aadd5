"""What kind of file some bytes are, by the bytes themselves: a name says nothing.

Owns the signs each kind is known by; refuses to read any further.
"""

import re

HTML = "text/html"
MHTML = "multipart/related"
MAIL = "message/rfc822"
PDF = "application/pdf"
PLAIN = "text/plain"
MARKDOWN = "text/markdown"
UNKNOWN = "application/octet-stream"

# How many bytes tell the kind.
_HEAD = 8192
_ENDINGS = {
    HTML: ".html",
    MHTML: ".mhtml",
    MAIL: ".eml",
    PDF: ".pdf",
    PLAIN: ".txt",
    MARKDOWN: ".md",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "application/zip": ".zip",
    "application/rtf": ".rtf",
    "video/mp4": ".mp4",
}
# Each with what people call it.
_SIGNS: tuple[tuple[bytes, int, str, str], ...] = (
    (b"\xff\xd8\xff", 0, "image/jpeg", "a picture (JPEG)"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png", "a picture (PNG)"),
    (b"GIF8", 0, "image/gif", "a picture (GIF)"),
    (b"WEBP", 8, "image/webp", "a picture (WebP)"),
    (b"ftyp", 4, "video/mp4", "a video or a picture of a phone"),
    (b"PK\x03\x04", 0, "application/zip", "a ZIP file, a Word document or a spreadsheet"),
    (b"PK\x05\x06", 0, "application/zip", "an empty ZIP file"),
    (b"\xd0\xcf\x11\xe0", 0, UNKNOWN, "an old Office document"),
    (b"{\\rtf", 0, "application/rtf", "an RTF document"),
    (b"bplist00", 0, UNKNOWN, "a web archive of Safari"),
    (b"\x1f\x8b", 0, UNKNOWN, "a compressed file"),
    (b"BZh", 0, UNKNOWN, "a compressed file"),
    (b"\xfd7zXZ\0", 0, UNKNOWN, "a compressed file"),
    (b"7z\xbc\xaf", 0, UNKNOWN, "a compressed file"),
    (b"Rar!", 0, UNKNOWN, "a compressed file"),
    (b"OggS", 0, UNKNOWN, "a sound or a video"),
    (b"ID3", 0, UNKNOWN, "a sound"),
    (b"\x1aE\xdf\xa3", 0, UNKNOWN, "a video"),
    (b"\x7fELF", 0, UNKNOWN, "a program"),
    (b"SQLite format 3\0", 0, UNKNOWN, "a database"),
)
# https://mimesniff.spec.whatwg.org/, without comments, and with what pages also begin with.
_TAG = re.compile(
    rb"<(?:!doctype\s+html|html|head|script|iframe|h[1-6]|div|font|table|a|style|title|b|body|br|p"
    rb"|meta|link|article|main|section|header|span|img|ul|ol|base|noscript|center)[\s/>]",
    re.IGNORECASE,
)
_BEFORE_TAGS = re.compile(rb"(?:\s+|<!--.*?-->|<\?xml[^>]*>|<!doctype[^>]*>)*", re.DOTALL | re.I)
_HEADER = re.compile(rb"([A-Za-z][A-Za-z0-9-]{0,60})[ \t]*:")
_MAIL_HEADERS = frozenset(
    b"from to cc date subject received message-id mime-version content-type return-path"
    b" delivered-to reply-to sender x-mailer dkim-signature snapshot-content-location"
    b" content-transfer-encoding user-agent in-reply-to references".split()
)
# One of them is enough beside another; somebody's notes may begin with From and Subject.
_SURELY_MAIL = frozenset(
    b"received message-id mime-version return-path delivered-to x-mailer".split()
)


def kind_of(body: bytes) -> str:
    """The media type: one of those named here, or that of something without a text."""
    head = body[:_HEAD]
    if b"%PDF-" in head[:1024]:
        return PDF
    for sign, at, media_type, _words in _SIGNS:
        if head[at : at + len(sign)] == sign:
            return media_type
    mail = _mail(head)
    if mail:
        return mail
    plain = _narrow(head)
    begun = _BEFORE_TAGS.match(plain)
    if _TAG.match(plain, begun.end() if begun else 0) or re.search(rb"<html[\s>]", plain, re.I):
        return HTML
    return PLAIN


def called(body: bytes) -> str | None:
    """What people call a kind of file that has no text to read; None for the others."""
    for sign, at, _media_type, words in _SIGNS:
        if body[at : at + len(sign)] == sign:
            return words
    return None


def ending(media_type: str) -> str:
    """Of a file's name, with its dot."""
    return _ENDINGS.get(media_type, ".bin")


def _narrow(head: bytes) -> bytes:
    """Without a byte order mark, and UTF-16 with one byte to a sign."""
    if head.startswith(b"\xef\xbb\xbf"):
        return head[3:]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or head[1:2] == b"\0" or head[:1] == b"\0":
        return head.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").replace(b"\0", b"")
    return head


def _mail(head: bytes) -> str | None:
    """MAIL or MHTML when it begins with the headers of one."""
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    names: list[bytes] = []
    lines = head.splitlines()
    if lines and lines[0].startswith((b"From ", b">From ")):
        del lines[0]
    for line in lines:
        if line[:1] in (b" ", b"\t"):
            continue
        header = _HEADER.match(line)
        if header is None:
            break
        names.append(header[1].lower())
    known = set(names) & _MAIL_HEADERS
    if len(known) < (2 if known & _SURELY_MAIL else 4):
        return None
    related = re.search(rb"^content-type:\s*multipart/related", head, re.I | re.M)
    return MHTML if related and b"text/html" in head.lower() else MAIL
