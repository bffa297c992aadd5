"""Content: bytes are kept as they came, and text is what quotes are found in."""

from hashlib import sha256
from importlib.resources import files

import pytest

from incidents.errors import FieldErrors
from incidents.source.actions import Prepared, prepare
from incidents.source.record import Content, pasted

ARTICLE = files("incidents.demo").joinpath("data/article.md").read_bytes()
ARTICLE_SHA256 = "975fd543add076d48bf5225526cc01cea1f2deeafd47875571b2e9cedf55bd50"


def uploaded(body: bytes, name: str = "article.txt") -> Prepared:
    return prepare(Content(body, "uploaded", name), limit_mb=1)


def refusal(body: bytes, name: str = "article.txt") -> str:
    with pytest.raises(FieldErrors) as caught:
        uploaded(body, name)
    assert list(caught.value.errors) == ["file"]
    return caught.value.errors["file"][0]


def test_the_janaozen_article_is_the_one_that_was_coded() -> None:
    for prepared in (
        uploaded(ARTICLE, "article.md"),
        prepare(pasted(ARTICLE.decode()), limit_mb=1),
    ):
        assert prepared.sha256 == sha256(prepared.stored).hexdigest() == ARTICLE_SHA256
        assert prepared.text is not None
        assert len(prepared.text) == 3715


def test_crlf_becomes_lf_in_the_text_and_stays_in_the_bytes() -> None:
    prepared = uploaded(b"one\r\n\r\ntwo\rthree\n")
    assert prepared.text == "one\n\ntwo\rthree\n"
    assert prepared.stored == b"one\r\n\r\ntwo\rthree\n"


def test_what_a_browser_sends_of_a_pasted_text_is_the_text() -> None:
    assert prepare(pasted("one\r\ntwo"), limit_mb=1).stored == b"one\ntwo"


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    prepared = uploaded(b"\xef\xbb\xbf\xd0\x96")
    assert prepared.text == "Ж"
    assert prepared.stored == b"\xef\xbb\xbf\xd0\x96"


def test_nothing_else_is_touched() -> None:
    text = "  \u00a0a\u200b\u0301 “quoted”\t\u2028…\n\n\n"
    assert uploaded(text.encode()).text == text


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"%PDF-1.7\n\xe2\xe3\xcf\xd3", "This PDF can’t be read"),
        (b"PK\x03\x04", "a Word document or a spreadsheet"),
        (b"<html><body></body></html>", "No text was found in the page"),
        (b"From: a@b.org\nMessage-ID: <1>\nSubject: x\n\n", "no text in this e-mail"),
        (bytes(range(1, 32)) * 9, "no kind of file that can be read"),
        (b"one\0two", "NUL"),
        (b"", "no text"),
        (b"\xef\xbb\xbf \r\n ", "no text"),
        (b"x" * 1_000_001, "at most 1 MB"),
    ],
)
def test_what_is_no_text_is_refused_in_a_sentence(body: bytes, words: str) -> None:
    assert words in refusal(body)


@pytest.mark.parametrize("name", ["page.html", "photo.jpg", "noending", "a.txt.exe", ""])
def test_a_name_does_not_tell_what_a_file_is(name: str) -> None:
    assert (uploaded(b"text", name).media_type, uploaded(b"text", name).text) == (
        "text/plain",
        "text",
    )


def test_a_file_can_be_kept_without_its_text() -> None:
    content = Content(b"\x89PNG\r\n\x1a\n", "uploaded", "square.png", without_text=True)
    prepared = prepare(content, limit_mb=1)
    assert (prepared.media_type, prepared.text, prepared.text_sha256) == ("image/png", None, None)
    assert prepared.stored == content.body


def test_a_page_s_text_is_kept_with_the_programs_that_made_it() -> None:
    page = "<html><body><article><h1>Police</h1><p>Police opened fire.</p></article></body></html>"
    prepared = uploaded(page.encode(), "page.html")
    assert (prepared.media_type, prepared.text) == ("text/html", "Police\n\nPolice opened fire.")
    assert prepared.tool_versions is not None
    assert set(prepared.tool_versions) == {"htmldate", "lxml", "trafilatura"}
    assert uploaded(b"text").tool_versions is None


def test_a_file_s_name_is_kept_without_its_folders() -> None:
    prepared = uploaded(b"text", "../../etc/ARTICLE.MD")
    assert (prepared.file_name, prepared.media_type) == ("ARTICLE.MD", "text/markdown")


def test_an_empty_box_is_refused_by_its_own_field() -> None:
    with pytest.raises(FieldErrors) as caught:
        prepare(pasted(" "), limit_mb=1)
    assert list(caught.value.errors) == ["text"]


def test_protected_content_is_sealed_before_it_is_stored() -> None:
    content = Content(b"My name is Aibek.", "uploaded", "aibek.txt")
    prepared = prepare(content, limit_mb=1, protected=True)
    assert prepared.key is not None
    assert prepared.sealed_text is not None
    assert b"Aibek" not in prepared.stored + prepared.sealed_text
    assert (prepared.text, prepared.text_sha256, prepared.file_name) == (None, None, None)
    assert prepared.sha256 == sha256(prepared.stored).hexdigest()
    assert "key" not in repr(prepared)
