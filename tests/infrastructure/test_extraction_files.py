"""E-mails, pages in one file and PDFs, as programs save them."""

from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.extracted import ExtractionError
from incidents.extraction import extract
from incidents.extraction_mail import read_archive, read_mail
from incidents.extraction_pdf import read_pdf
from incidents.folding import has_unstorable
from tests.infrastructure.pages import PARAGRAPHS, mhtml, page, pdf
from tests.infrastructure.test_extraction_charset import TEXTS


def mail(text: str = "\n\n".join(PARAGRAPHS), **headers: str) -> EmailMessage:
    message = EmailMessage()
    said = {
        "From": "Jan Novák <jan@example.org>",
        "To": "desk@example.org",
        "Date": "Fri, 16 Dec 2011 23:30:00 +0600",
        "Subject": "Что было на площади",
        **headers,
    }
    for name, value in said.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def test_an_e_mail_gives_its_words_and_its_headers() -> None:
    found = extract(bytes(mail()))
    assert found.text == "\n\n".join(PARAGRAPHS)
    assert (found.media_type, found.title) == ("message/rfc822", "Что было на площади")
    assert (found.author, found.published) == ("Jan Novák", "2011-12-16")


def test_the_page_of_an_e_mail_is_read_when_its_plain_part_says_nothing() -> None:
    message = mail("Your reader can’t show this.")
    message.add_alternative(page(), subtype="html")
    found = read_mail(bytes(message))
    assert found.text.endswith(PARAGRAPHS[-1])
    assert found.title == "Что было на площади"


def test_the_plain_part_is_preferred_when_it_says_something() -> None:
    message = mail()
    message.add_alternative(page([*PARAGRAPHS, "Only in the page."]), subtype="html")
    assert "Only in the page." not in read_mail(bytes(message)).text


def test_what_is_attached_is_named_and_not_read() -> None:
    message = mail()
    message.add_attachment(
        b"%PDF" * 100, maintype="application", subtype="pdf", filename="a\u202eb.pdf"
    )
    message.add_attachment("Secret words", filename="notes.txt")
    found = read_mail(bytes(message))
    assert "Secret words" not in found.text
    assert found.warnings == ("Attached to it and not read: ab.pdf (0 KB), notes.txt (0 KB).",)


@pytest.mark.parametrize(
    ("language", "charset", "said"),
    [("ru", "koi8-r", "koi8-r"), ("ru", "cp1251", "us-ascii"), ("zh", "gb18030", "gb2312")],
)
def test_an_e_mail_s_words_are_read_in_its_charset(language: str, charset: str, said: str) -> None:
    head = (
        f"From: a@example.org\nMIME-Version: 1.0\nContent-Type: text/plain; charset={said}\n"
        "Content-Transfer-Encoding: 8bit\nSubject: "
    )
    body = (
        head.encode() + TEXTS[language].encode(charset) + b"\n\n" + TEXTS[language].encode(charset)
    )
    found = read_mail(body)
    assert (found.title, found.text) == (TEXTS[language], TEXTS[language])


def test_an_e_mail_without_a_date_or_a_sender_is_read() -> None:
    found = read_mail(bytes(mail(From="", Date="soon", Subject="")))
    assert (found.author, found.published) == (None, None)


def test_an_e_mail_of_attachments_alone_has_no_text() -> None:
    message = EmailMessage()
    message["From"], message["Message-ID"] = "a@example.org", "<1>"
    message.add_attachment(b"x", maintype="image", subtype="png", filename="square.png")
    with pytest.raises(ExtractionError, match="no text in this e-mail"):
        extract(bytes(message))


@pytest.mark.parametrize(
    ("language", "charset"), [("cs", "cp1250"), ("ar", "cp1256"), ("my", "utf-8")]
)
def test_a_page_in_one_file_is_read_in_its_charset(language: str, charset: str) -> None:
    html = page([TEXTS[language]] * 3, title=TEXTS[language], lang="").replace("’", "'")
    found = extract(mhtml(html.encode(charset), charset))
    assert TEXTS[language] in found.text
    assert (found.media_type, found.title) == ("multipart/related", TEXTS[language])
    assert found.url == "https://example.org/a?id=7"


def test_an_archive_s_address_is_a_web_address() -> None:
    for url in ("javascript:alert(1)", "file:///etc/passwd", "cid:1"):
        assert read_archive(mhtml(page().encode(), "utf-8", url=url)).url is None


def test_a_pdf_gives_its_pages_and_its_properties() -> None:
    body = pdf(
        ["Police opened fire.", "Three people were kil-", "led."],
        ["The prosecutor confirmed it."],
        info="/Title(A report)/Author(Jan Novak)/CreationDate(D:20120204120000Z)",
    )
    found = extract(body)
    assert found.text == (
        "Police opened fire.\nThree people were kil-\nled.\n\nThe prosecutor confirmed it."
    )
    assert (found.title, found.author, found.published) == ("A report", "Jan Novak", "2012-02-04")
    assert (found.media_type, found.language) == ("application/pdf", "en")
    assert set(found.tool_versions) == {"pypdf"}


def test_a_title_that_a_program_made_up_is_none() -> None:
    body = pdf(["Police opened fire."], info="/Title(Microsoft Word - final2.docx)")
    assert read_pdf(body).title == "Police opened fire."


def test_pages_without_text_are_counted() -> None:
    found = read_pdf(pdf(["Police opened fire."], [], []))
    assert found.warnings == ("2 of its 3 pages hold no text: they may be scans or pictures.",)


def test_a_locked_pdf_says_so() -> None:
    import io

    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(["Police opened fire."]))))
    writer.encrypt("secret", algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)
    with pytest.raises(ExtractionError, match="locked with a password"):
        read_pdf(locked.getvalue())


_MAIL_PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [b"From: ", b"Subject: ", b"=?utf-8?q?", b"?=", b"\n", b"\n\n", b"Date: ", b"--b\n"]
        ),
        st.sampled_from(
            [
                b"Content-Type: multipart/related; boundary=b; start=x\n",
                b"Content-Type: text/html; charset=",
                b"Content-Type: text/plain; charset*0*=x''%zz\n",
                b"Content-Disposition: attachment; filename*=utf-7''+AAA-\n",
                b"Content-Transfer-Encoding: base64\n",
            ]
        ),
        st.binary(max_size=30),
    ),
    max_size=25,
)


@settings(max_examples=150)
@given(_MAIL_PIECES)
def test_no_bytes_break_the_reader_of_e_mails(pieces: list[bytes]) -> None:
    for read in (read_mail, read_archive):
        try:
            found = read(b"MIME-Version: 1.0\n" + b"".join(pieces))
        except ExtractionError as error:
            assert error.message
        else:
            assert not has_unstorable(found.to_json())


@settings(max_examples=100)
@given(st.integers(0, 900), st.binary(max_size=12), st.integers(0, 20))
def test_no_bytes_break_the_reader_of_pdfs(at: int, put: bytes, over: int) -> None:
    whole = pdf(["Police opened fire."], ["Again."], info="/Title(A)/CreationDate(D:2012)")
    try:
        found = read_pdf(whole[:at] + put + whole[at + over :])
    except ExtractionError as error:
        assert error.message
    else:
        assert not has_unstorable(found.to_json())
