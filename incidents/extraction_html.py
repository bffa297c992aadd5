"""The main text of a saved page, and what the page says of itself.

Owns the parsing of HTML and the form of the text: paragraphs, a blank line between them.
"""

import re
from importlib.metadata import version

from lxml.etree import ParserError, _Element
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura import bare_extraction, extract_metadata, html2txt

from incidents.edtf import DateError, canonical
from incidents.extracted import Extracted, ExtractionError, cleaned, one_line
from incidents.extraction_charset import declared_in_page, decoded
from incidents.extraction_kinds import HTML
from incidents.extraction_languages import language_of
from incidents.extraction_metadata import PageHead

# Beyond this a page is a book, or made to break a parser; pictures inside it don't count.
_MOST_SIGNS = 12_000_000
_TOO_LONG = "The page is too large to read. Paste its text, or keep the file without its text."
_NO_TEXT = "No text was found in the page. Paste its text, or keep the file without its text."
_WHOLE = "The article could not be told apart from the rest of the page: the text is all of it."
_GUESSED = (
    "It does not say, or not truly, in which charset it is; it was read as {}. Check its text."
)
_LOST = "{} signs could not be read; � stands for each."
# Pictures and fonts written into a page, many times the size of its words.
_INLINED = re.compile(r"data:[\w.+/-]{0,80}(?:;[\w=-]{0,40}){0,3},[\w+/=%.~-]{200,}")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_DECLARATION = re.compile(r"\s*<\?xml[^>]*>")
_BLOCKS = frozenset(("p", "head", "quote", "list", "table", "div", "code", "body"))
# Those after one another stand together.
_LINES = frozenset(("item", "row"))
_DATES = {"original_date": True, "extensive_search": False, "outputformat": "%Y-%m-%d"}


def read_page(body: bytes, charset: str | None = None, address: str | None = None) -> Extracted:
    """`charset`: what HTTP or a mail says it is in. `address`: where it was fetched from.
    ExtractionError when there is no text."""
    read = decoded(body, (charset, declared_in_page(body)))
    source = _INLINED.sub("", _CONTROLS.sub(" ", read.text.replace("\r\n", "\n")))
    if len(source) > _MOST_SIGNS:
        raise ExtractionError(_TOO_LONG)
    tree = _tree(source)
    text, warnings = _text(tree, source)
    text, left_out = cleaned(text)
    if not text.strip():
        raise ExtractionError(_NO_TEXT)
    if read.guessed:
        warnings.append(_GUESSED.format(read.charset))
    if read.lost:
        warnings.append(_LOST.format(read.lost))
    head = PageHead(tree, source, address)
    author, published = _said_of_it(source, head.url or address)
    return Extracted(
        media_type=HTML,
        text=text,
        title=head.title(),
        author=author,
        publisher=one_line(head.publisher(), 300),
        published=published,
        language=language_of(text, head.language()),
        url=head.url,
        tool_versions={name: version(name) for name in ("trafilatura", "htmldate", "lxml")},
        warnings=(*warnings, *left_out),
    )


def _tree(source: str) -> HtmlElement:
    parser = HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False, recover=True
    )
    clear = _DECLARATION.sub("", source, count=1).encode("utf-8", "replace")
    try:
        return document_fromstring(clear, parser=parser)
    except (ParserError, ValueError, TypeError):
        raise ExtractionError(_NO_TEXT) from None


def _text(tree: HtmlElement, source: str) -> tuple[str, list[str]]:
    """The article's text, or all of the page's, and a sentence when it is that."""
    # Fewer words that are not the article's, on the pages of tests/bench/README.md.
    found = bare_extraction(tree, favor_precision=True, include_comments=False)
    body = getattr(found, "body", None)
    text = _paragraphs(body) if body is not None else ""
    if text.strip():
        return text, []
    lines = (" ".join(line.split()) for line in html2txt(_tree(source)).split("\n"))
    return "\n\n".join(filter(None, lines)), [_WHOLE]


def _said_of_it(source: str, url: str | None) -> tuple[str | None, str | None]:
    """Author and day of publication; neither when the page's own data breaks who reads it."""
    try:
        said = extract_metadata(_tree(source), url, dict(_DATES))
        return one_line(said.author, 300), canonical(said.date) if said.date else None
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, DateError):
        return None, None


def _paragraphs(body: _Element) -> str:
    """Blocks as paragraphs; the lines of a list or a table stand together."""
    text, before = "", ""
    for kind, line in _Lines().of(body):
        between = "\n" if kind and kind == before else "\n\n"
        text, before = f"{text}{between}{line}" if text else line, kind
    return text


class _Lines:
    """The blocks of an article, in order: what kind of line each is, and its words."""

    def __init__(self) -> None:
        self._found: list[tuple[str, str]] = []
        self._words: list[str] = []
        self._kind = ""

    def of(self, body: _Element) -> list[tuple[str, str]]:
        self._walk(body)
        self._end()
        return self._found

    def _walk(self, element: _Element) -> None:
        tag = str(element.tag)
        if tag == "lb":
            self._words.append("\n")
            return
        block, line = tag in _BLOCKS, tag in _LINES
        if block or line:
            self._end()
        if line:
            self._kind = tag
        self._words.append(" ".join((element.text or "").split("\n")))
        for child in element:
            self._walk(child)
            self._words.append(" ".join((child.tail or "").split("\n")))
        if tag == "cell":
            self._words.append(" | ")
        if block or line:
            self._end()
        if line:
            self._kind = ""

    def _end(self) -> None:
        for part in re.split(r"\n[ \t]*\n", "".join(self._words)):
            lines = (" ".join(line.split()).removesuffix(" |") for line in part.split("\n"))
            words = "\n".join(filter(None, lines))
            if words:
                self._found.append((self._kind, f"- {words}" if self._kind == "item" else words))
        self._words.clear()
