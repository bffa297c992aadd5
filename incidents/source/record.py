"""A source as somebody says it, and the bytes that came with it. Knows no database.

None means that nobody says; "" never stands for it once an action has tidied what was said.
"""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from incidents.db import canonical_json
from incidents.extracted import Extracted

LONGEST_PROPOSED_TITLE = 120


@dataclass(frozen=True)
class SourceSaid:
    """What is typed by hand about a source. `origin` is another source's reference."""

    title: str
    # A `source_kind` code.
    kind: str
    publisher: str | None = None
    author: str | None = None
    url: str | None = None
    archive_url: str | None = None
    alternate_urls: tuple[str, ...] = ()
    # BCP 47, as "en" or "kk-Cyrl".
    language: str | None = None
    # EDTF, with a `date_basis` code.
    published: str | None = None
    published_basis: str | None = None
    accessed_at: datetime | None = None
    # A to F.
    reliability: str | None = None
    reliability_reason: str | None = None
    origin: str | None = None
    protected: bool = False


@dataclass(frozen=True)
class Confirmed:
    """What was asked about and answered: it is another source all the same.

    `same_text` is of the same words and of the same bytes.
    """

    same_address: bool = False
    same_text: bool = False


@dataclass(frozen=True)
class Content:
    """Bytes as they came; `method` is uploaded or pasted."""

    body: bytes
    method: str
    file_name: str | None = None
    # What was read out of them; None = not read yet, or not to be.
    extracted: Extracted | None = None
    without_text: bool = False


def pasted(text: str) -> Content:
    """Text from a box on a page. Its CRLFs are the browser's doing, so its bytes have LF."""
    return Content(text.replace("\r\n", "\n").encode(), "pasted")


def proposed_title(text: str) -> str:
    """The text's first line with words in it, without Markdown's #; "" when there is none."""
    lines = (" ".join(line.split()).lstrip("# ") for line in text.split("\n"))
    return next(filter(None, lines), "")[:LONGEST_PROPOSED_TITLE]


def said_by_file(content: Content, kind: str) -> SourceSaid:
    """What a file says of itself, for somebody to check; nothing of it is known to be true."""
    found = content.extracted
    if found is None:
        return SourceSaid(content.file_name or "", kind)
    return SourceSaid(
        title=found.title or proposed_title(found.text),
        kind=kind,
        publisher=found.publisher,
        author=found.author,
        url=found.url,
        language=found.language,
        published=found.published,
        published_basis="stated" if found.published else None,
    )


def to_json(said: SourceSaid, *, origin_id: int | None, closed_reason: str | None) -> str:
    """Canonical JSON of the metadata as a revision keeps it: the origin by its id."""
    body = asdict(said)
    del body["origin"]
    if said.accessed_at is not None:
        body["accessed_at"] = said.accessed_at.astimezone(UTC).isoformat()
    return canonical_json({**body, "origin_id": origin_id, "closed_reason": closed_reason})
