"""Small saved pages, archives and PDFs of our own writing, for tests of what is read from them."""

import base64
import quopri
import zlib
from collections.abc import Sequence
from html import escape

NAVIGATION = "<nav><ul><li><a href='/'>Home</a></li><li><a href='/world'>World</a></li></ul></nav>"
ASIDE = "<aside><h3>Most read</h3><ul><li><a href='/1'>Ten recipes for autumn</a></li></ul></aside>"
PARAGRAPHS = (
    "Police opened fire on a crowd in the main square on Friday, killing at least three people,"
    " witnesses and a hospital official said.",
    "About twenty men were detained in the hours that followed. Their families were not told where"
    " they are held, and lawyers were turned away from the station.",
    "The regional prosecutor confirmed that shots were fired and said that an inquiry had begun."
    " He would not say who gave the order.",
)


def page(
    paragraphs: Sequence[str] = PARAGRAPHS,
    *,
    title: str = "Police open fire in square",
    head: str = "",
    lang: str = "en",
    heading: str | None = None,
) -> str:
    """A news page as sites make them: its article among a menu and other people's headlines."""
    body = "".join(f"<p>{escape(words)}</p>\n" for words in paragraphs)
    top = f"<h1>{escape(heading or title)}</h1>"
    return (
        f"<!DOCTYPE html>\n<html lang='{lang}'><head><title>{escape(title)}</title>{head}</head>"
        f"<body>{NAVIGATION}<main><article>{top}{body}</article></main>"
        f"{ASIDE}<footer><p>All rights reserved.</p></footer></body></html>"
    )


def mhtml(html: bytes, charset: str, *, url: str = "https://example.org/a?id=7") -> bytes:
    """As Chromium saves a page in one file."""
    encoded = quopri.encodestring(html)
    head = (
        "From: <Saved by Blink>\r\n"
        f"Snapshot-Content-Location: {url}\r\n"
        "Subject: A page\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="--b"\r\n\r\n'
        f"----b\r\nContent-Type: text/html; charset={charset}\r\n"
        f"Content-Transfer-Encoding: quoted-printable\r\nContent-Location: {url}\r\n\r\n"
    )
    picture = base64.encodebytes(b"\x89PNG").decode()
    tail = (
        "\r\n----b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        f"{picture}\r\n----b--\r\n"
    )
    return head.encode() + encoded + tail.encode()


def pdf(*pages: Sequence[str], info: str = "", content: bytes | None = None) -> bytes:
    """Lines of ASCII on pages; `content` in place of the drawing of every page, deflated."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/Lang(en-GB)>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for number, lines in enumerate(pages):
        drawn = "BT /F1 12 Tf 50 700 Td 14 TL " + "".join(f"({line}) Tj T* " for line in lines)
        stream = zlib.compress(f"{drawn}ET".encode()) if content is None else content
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {5 + 2 * number} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>>>".encode(),
            f"<</Length {len(stream)}/Filter/FlateDecode>>stream\n".encode()
            + stream
            + b"\nendstream",
        ]
    objects.append(f"<<{info}>>".encode())
    body, offsets = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n".encode() + one + b"\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    trailer = f"<</Size {size}/Root 1 0 R/Info {len(objects)} 0 R>>"
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer{trailer}\nstartxref\n{len(body)}\n"
    return body + end.encode() + b"%%EOF"
