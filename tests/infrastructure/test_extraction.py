"""Files of every kind give their text and what they say of themselves, or a sentence that helps."""

import json
import resource
import zlib
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from incidents import extraction, extraction_process
from incidents.edtf import canonical
from incidents.extracted import LONGEST_TEXT, Extracted, ExtractionError, cleaned
from incidents.extraction import extract, media_type_of
from incidents.extraction_html import read_page
from incidents.extraction_languages import language_of
from incidents.folding import has_unstorable
from tests.infrastructure.pages import ASIDE, PARAGRAPHS, mhtml, page, pdf
from tests.infrastructure.test_extraction_charset import TEXTS

ARTICLE = "\n\n".join(PARAGRAPHS)


def refusal(body: bytes) -> str:
    with pytest.raises(ExtractionError) as caught:
        extract(body)
    return caught.value.message


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (page().encode(), "text/html"),
        (b"<!-- saved from url=(0019)https://a.org/x --><HTML><BODY>x", "text/html"),
        ("<html>я</html>".encode("utf-16"), "text/html"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', "text/html"),
        (pdf(["x"]), "application/pdf"),
        (b"\n\n%PDF-1.4", "application/pdf"),
        (mhtml(b"<p>x", "utf-8"), "multipart/related"),
        (b"Received: by a\nFrom: a@b.org\nSubject: x\n\nWords", "message/rfc822"),
        (b"From: a@b.org\nSubject: notes I typed\n\nWords", "text/plain"),
        (b"1 < 2 and <b>bold</b>", "text/plain"),
        (b"PK\x03\x04rest", "application/zip"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"", "text/plain"),
    ],
)
def test_a_file_s_kind_is_told_by_its_bytes(body: bytes, media_type: str) -> None:
    for name in (None, "a.pdf", "a.exe", "a.html"):
        assert media_type_of(body, name) == media_type


def test_a_page_gives_its_article_and_what_it_says_of_itself() -> None:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "Police open fire in square",
        "author": {"@type": "Person", "name": "Jan Novák"},
        "datePublished": "2012-02-04T08:00:00Z",
    }
    head = (
        "<meta property='og:site_name' content='The Observer'>"
        "<meta property='og:title' content='Police open fire in square - The Observer'>"
        "<link rel='canonical' href='https://observer.example.org/2012/02/04/square'>"
        f"<script type='application/ld+json'>{json.dumps(data)}</script>"
    )
    found = extract(page(head=head, title="Police open fire in square | The Observer").encode())
    assert found.text.endswith(ARTICLE)
    assert "recipes" not in found.text
    assert (found.title, found.author, found.publisher) == (
        "Police open fire in square",
        "Jan Novák",
        "The Observer",
    )
    assert (found.published, found.language) == ("2012-02-04", "en")
    assert found.url == "https://observer.example.org/2012/02/04/square"
    assert found.media_type == "text/html"
    assert found.warnings == ()
    assert found == extract(
        page(head=head, title="Police open fire in square | The Observer").encode()
    )


def test_the_same_bytes_give_the_same_text_in_another_process() -> None:
    body = page().encode()
    assert extract(body) == extract(body) == read_page(body)


@pytest.mark.parametrize(
    ("language", "charset", "said"),
    [
        ("pl", "cp1250", "iso-8859-1"),
        ("cs", "cp1250", "windows-1250"),
        ("ru", "cp1251", "iso-8859-1"),
        ("ru", "koi8-r", ""),
        ("ar", "cp1256", "windows-1256"),
        ("th", "cp874", "tis-620"),
        ("my", "utf-8", "iso-8859-1"),
        ("zh", "gb18030", "gb2312"),
        ("zh-Hant", "big5", "big5"),
        ("ja", "shift_jis", "utf-8"),
    ],
)
def test_pages_in_any_charset_come_out_as_text(language: str, charset: str, said: str) -> None:
    words = [TEXTS[language]] * 3
    html = page(words, title=TEXTS[language][:30], head=f"<meta charset='{said}'>", lang="")
    found = read_page(html.encode(charset))
    assert TEXTS[language] in found.text
    assert found.title == TEXTS[language][:30].strip()


@pytest.mark.parametrize(
    ("title", "head", "heading", "expected"),
    [
        (
            "Police round up men after unrest - BBC News",
            "",
            "BBC",
            "Police round up men after unrest",
        ),
        (
            "Men rounded up after unrest | Reuters",
            "",
            "Men rounded up after unrest",
            "Men rounded up after unrest",
        ),
        (
            "Site | Men rounded up",
            "<meta property='og:site_name' content='Site'>",
            "Site",
            "Men rounded up",
        ),
        (
            "Men rounded up",
            "<meta property='og:title' content='You won’t believe who was detained'>",
            "Police round up men after unrest",
            "You won’t believe who was detained",
        ),
        (
            "Police rounded up men, unrest goes on",
            "<meta property='og:title' content='Police round up men'>",
            "Police round up men after unrest",
            "Police round up men after unrest",
        ),
        ("北京警方拘留二十人_新华网", "", "新闻", "北京警方拘留二十人"),
    ],
)
def test_the_title_is_the_headline_without_the_site(
    title: str, head: str, heading: str | None, expected: str
) -> None:
    html = page(title=title, head=head, heading=heading)
    assert read_page(html.encode()).title == expected


@pytest.mark.parametrize(
    ("said", "language", "expected"),
    [
        ("en-GB", "de", "en"),
        ("en", "ru", "ru"),
        ("kk-Cyrl", "kk", "kk-Cyrl"),
        ("", "uk", "uk"),
        ("", "my", "my"),
        ("", "ja", "ja"),
        ("", "fr", None),
        ("fa_IR", "ar", "fa"),
    ],
)
def test_a_language_is_what_the_page_says_unless_its_letters_differ(
    said: str, language: str, expected: str | None
) -> None:
    assert read_page(page([TEXTS[language]] * 3, lang=said).encode()).language == expected


def test_a_script_alone_tells_few_languages() -> None:
    assert language_of(TEXTS["ko"], None) == "ko"
    assert language_of("Words", None) is None


@pytest.mark.parametrize("url", ["javascript:alert(1)", "/x", "https://[", "https://a.org/\u202e"])
def test_an_address_that_is_none_is_not_proposed(url: str) -> None:
    head = f"<link rel='canonical' href='{url}'>"
    assert read_page(page(head=head).encode()).url is None


def test_an_address_is_found_where_saving_left_it() -> None:
    saved = "<!-- saved from url=(0030)https://example.org/2012/square -->\n" + page()
    assert read_page(saved.encode()).url == "https://example.org/2012/square"


def test_lists_and_tables_keep_their_lines() -> None:
    rows = "".join(
        f"<tr><td>{name}</td><td>{n}</td></tr>" for name, n in (("Dead", 3), ("Hurt", 9))
    )
    inside = (
        f"{PARAGRAPHS[0]}</p><ul><li>one man</li><li>two women</li></ul><table>{rows}</table><p>"
    )
    html = page(PARAGRAPHS).replace(PARAGRAPHS[0], inside)
    text = read_page(html.encode()).text
    assert "- one man\n- two women" in text
    assert "Dead | 3\nHurt | 9" in text


def test_scripts_controls_and_turned_words_stay_out() -> None:
    words = [*PARAGRAPHS, "He said \u202eeht drow\u202c\x00\x07 and <b>left</b>."]
    html = page(words).replace("</h1>", "</h1><script>alert(1)</script><style>p{}</style>")
    found = read_page(html.encode())
    assert "alert" not in found.text
    assert "\u202e" not in found.text
    assert not has_unstorable(found.text)
    assert any("direction of writing" in warning for warning in found.warnings)


HOSTILE = {
    "no words": (b"<html><body></body></html>", "No text was found"),
    "elements in one another": (b"<html><body>" + b"<div>" * 100_000 + b"x", "No text was found"),
    "too long": (b"<html><p>" + b"Police opened fire. " * 700_000, "too large to read"),
    "a bomb": (pdf(["x"], content=zlib.compress(b"\0" * 90_000_000)), "This PDF can’t be read"),
    "no drawing": (pdf([""]), "it may be a scan"),
    "cut off": (pdf(PARAGRAPHS)[:200], "This PDF can’t be read"),
    "a Word document": (b"PK\x03\x04" + b"x" * 99, "a Word document or a spreadsheet"),
    "no end of headers": (
        b"MIME-Version: 1.0\nFrom: a@b.org\n" + b"X-A: b\n" * 200_000,
        "a megabyte of headers",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_a_sentence(name: str) -> None:
    body, words = HOSTILE[name]
    assert words in refusal(body)


def test_parts_within_parts_end_somewhere() -> None:
    inner = b"x"
    for depth in range(200):
        boundary = f"b{depth}".encode()
        inner = b"Content-Type: multipart/mixed; boundary=%b\n\n--%b\n%b\n--%b--\n" % (
            boundary,
            boundary,
            inner,
            boundary,
        )
    assert "nested too deeply" in refusal(b"MIME-Version: 1.0\nFrom: a@b.org\n" + inner)


def test_entities_are_not_expanded() -> None:
    entities = "".join(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};&a{n - 1};">' for n in range(1, 30))
    bomb = f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a0 "lol">{entities}]>'
    found = extract((bomb + page([*PARAGRAPHS, "&a29;"])).encode())
    assert found.text.endswith("&a29;")


def test_pictures_inside_a_page_do_not_count() -> None:
    picture = "<img src='data:image/png;base64," + "QUJD" * 4_000_000 + "'>"
    found = extract(page().replace("</h1>", f"</h1>{picture}").encode())
    assert found.text.endswith(ARTICLE)


def test_a_process_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "_WALL_S", 0.01)
    assert "was stopped" in refusal(page().encode())


@pytest.mark.parametrize(
    ("code", "words"), [(-24, "was stopped"), (4, "more memory"), (1, "damaged"), (-9, "stopped")]
)
def test_however_the_process_ends_there_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    ended = type("Ended", (), {"returncode": code, "stdout": b""})
    monkeypatch.setattr(extraction.subprocess, "run", lambda *_args, **_more: ended)
    assert words in refusal(page().encode())


def test_the_process_asks_for_no_wider_bounds_than_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only root may ask for wider ones: everywhere else each file would count as damaged."""
    narrow, asked = 10**9, {}
    mine = {resource.RLIMIT_AS: (narrow, narrow)}
    monkeypatch.setattr(resource, "getrlimit", lambda which: mine.get(which, (-1, -1)))
    monkeypatch.setattr(resource, "setrlimit", asked.__setitem__)
    monkeypatch.setattr("os.nice", lambda _by: 0)
    monkeypatch.setattr("sys.setrecursionlimit", lambda _deepest: None)
    extraction_process._bound()
    assert asked[resource.RLIMIT_AS] == (narrow, narrow)
    assert asked[resource.RLIMIT_CPU] == (20, 21)


def test_the_process_gets_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INCIDENTS_NAME_KEY", "secret")
    run: Callable[..., object] = extraction.subprocess.run
    seen: dict[str, str] = {}

    def watched(*arguments: object, **more: object) -> object:
        assert isinstance(more["env"], dict)
        seen.update(more["env"])
        return run(*arguments, **more)

    monkeypatch.setattr(extraction.subprocess, "run", watched)
    extract(page().encode())
    assert not [name for name in seen if name.startswith("INCIDENTS")]


def test_plain_text_is_its_own() -> None:
    found = extract("  \u202eодин\r\n\r\n<два>\t".encode(), file_name="NOTES.MD")
    assert found == Extracted("text/markdown", "  \u202eодин\n\n<два>\t")


def test_plain_text_of_another_charset_says_what_it_was_read_as() -> None:
    found = extract(TEXTS["ru"].encode("cp1251"))
    assert found.text == TEXTS["ru"]
    assert "cp1251" in found.warnings[0]


def test_a_text_has_an_end() -> None:
    text, warnings = cleaned("x" * (LONGEST_TEXT + 1))
    assert len(text) == LONGEST_TEXT
    assert warnings
    assert extract(b"x" * (LONGEST_TEXT + 1)).warnings


_PIECES = """
<html> <p> </p> <table> <tr> <td> <li> <h1> <br> <title> <svg> <!-- --> <!DOCTYPE &#0; &#xD800;
<meta|property='og:title'|content=' '> <link|rel=canonical|href=' data:;base64, {"@type":"Article"
<script|type='application/ld+json'> </script> } [
"""
_MARKUP = st.lists(
    st.one_of(
        st.sampled_from([piece.replace("|", " ") for piece in _PIECES.split()]),
        st.sampled_from(["\0", "\u202e", ASIDE]),
        st.text(max_size=30),
    ),
    max_size=30,
)


@settings(max_examples=60)
@given(_MARKUP)
@example(
    ["<script type='application/ld+json'>", '{"@type":"Article","headline":{}}', "</script>", "x"]
)
@example(["<html xml:lang='\u202e'>", "<meta charset='\ud7ff'>", "word"])
def test_no_markup_breaks_the_reader(parts: list[str]) -> None:
    try:
        found = read_page("".join(parts).encode("utf-8", "replace"))
    except ExtractionError as error:
        assert error.message
        return
    assert not has_unstorable(found.to_json())
    assert found.text.strip()
    assert Extracted.from_json(found.to_json()) == found
    if found.published:
        assert canonical(found.published) == found.published


@settings(max_examples=40)
@given(st.binary(max_size=300))
def test_no_bytes_break_the_choice_of_a_reader(body: bytes) -> None:
    assert media_type_of(body)
