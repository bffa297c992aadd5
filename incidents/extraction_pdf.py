"""The text of a PDF, page by page, and what its properties say.

Owns the reading of PDFs; refuses to recognise letters in pictures, and to open what is locked.
"""

import io
import re
from datetime import datetime
from importlib.metadata import version

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from incidents.extracted import LONGEST_TEXT, Extracted, ExtractionError, cleaned, one_line
from incidents.extraction_kinds import PDF
from incidents.extraction_languages import language_of

_MOST_PAGES = 3000
_LOCKED = "This PDF is locked with a password. Save a copy without one, or paste its text."
_BROKEN = (
    "This PDF can’t be read: it is damaged or cut off. Save it again, paste its text, or keep the"
    " file without its text."
)
_SCAN = (
    "There is no text in it: it may be a scan. Paste or type its text, or keep the file without it."
)
_BARE_PAGES = "{} of its {} pages hold no text: they may be scans or pictures."
_BAD_PAGES = "{} of its {} pages could not be read."
_CUT = "Only its first {} pages were read."
# What programs put in for want of a title.
_NO_TITLE = re.compile(r"untitled\b|microsoft \w+ - |.*\.(?:docx?|pdf|indd|qxd|rtf|html?)$", re.I)
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:-[a-z0-9-]*)?", re.I)


def read_pdf(body: bytes) -> Extracted:
    """ExtractionError when it is locked, broken, or holds no text."""
    reader = _opened(body)
    pages, warnings = _pages(reader)
    text, left_out = cleaned("\n\n".join(filter(None, (page.strip() for page in pages))))
    if not text.strip():
        raise ExtractionError(_SCAN)
    title, author, published, language = _properties(reader)
    return Extracted(
        media_type=PDF,
        text=text,
        title=title or one_line(next(filter(str.strip, text.split("\n"))), 120),
        author=author,
        published=published,
        language=language_of(text, language),
        tool_versions={"pypdf": version("pypdf")},
        warnings=(*warnings, *left_out),
    )


# What pypdf raises over bytes that are no whole PDF, besides its own errors: tables that point at
# themselves, kinds it does not read, and its own assertions about a file. All mean the same here.
_FAULTS = (
    *(PyPdfError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, OSError),
    *(RecursionError, NotImplementedError, AssertionError),
)


def _opened(body: bytes) -> PdfReader:
    try:
        reader = PdfReader(io.BytesIO(body), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise ExtractionError(_LOCKED)
        len(reader.pages)
    except ExtractionError:
        raise
    except ImportError:
        # Its lock is of a kind that needs another library to open.
        raise ExtractionError(_LOCKED) from None
    except _FAULTS:
        raise ExtractionError(_BROKEN) from None
    return reader


def _pages(reader: PdfReader) -> tuple[list[str], list[str]]:
    """The pages' texts, "" for one without, and sentences about those."""
    number = min(len(reader.pages), _MOST_PAGES)
    texts: list[str] = []
    bad = length = 0
    for at in range(number):
        try:
            texts.append(reader.pages[at].extract_text())
        except (*_FAULTS, ImportError):
            # An ImportError is a picture's kind that needs a library of its own.
            bad += 1
            texts.append("")
        length += len(texts[-1])
        if length > LONGEST_TEXT:
            break
    if bad == number:
        raise ExtractionError(_BROKEN)
    bare = sum(1 for text in texts if not text.strip()) - bad
    told = [(_BARE_PAGES, bare), (_BAD_PAGES, bad)]
    warnings = [words.format(count, number) for words, count in told if count]
    if number < len(reader.pages):
        warnings.append(_CUT.format(number))
    return texts, warnings


def _properties(reader: PdfReader) -> tuple[str | None, str | None, str | None, str | None]:
    """Title, author, day of making, language."""
    try:
        said = reader.metadata
        title = one_line(said.title, 500) if said else None
        author = one_line(said.author, 300) if said else None
        made = said.creation_date if said else None
        tag = one_line(reader.root_object.get("/Lang"))
    except (*_FAULTS, RecursionError):
        return None, None, None, None
    language = _LANGUAGE.fullmatch(tag or "")
    return (
        None if title and _NO_TITLE.match(title) else title,
        author,
        f"{made:%Y-%m-%d}" if isinstance(made, datetime) and made.year > 1900 else None,
        language[1].lower() if language else None,
    )
