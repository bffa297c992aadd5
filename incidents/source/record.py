"""A source as somebody says it, and the bytes that came with it. Knows no database.

None means that nobody says; "" never stands for it once an action has tidied what was said.
"""

from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

from incidents.addresses import page_archived, same_address, same_site
from incidents.db import canonical_json
from incidents.extracted import Extracted
from incidents.fetched import Facts

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

    `same_text` is of the same words and of the same bytes; `near_text`, of nearly the same words,
    which may also be said to tell the same story.
    """

    same_address: bool = False
    same_text: bool = False
    near_text: bool = False


@dataclass(frozen=True)
class Content:
    """Bytes as they came; `method` is uploaded, pasted or fetched."""

    body: bytes
    method: str
    file_name: str | None = None
    # What was read out of them; None = not read yet, or not to be.
    extracted: Extracted | None = None
    without_text: bool = False
    # Of what was fetched: how, its WARC file, and the charset HTTP declares.
    fetched: Facts | None = None
    warc: bytes = field(default=b"", repr=False)
    charset: str | None = None

    @property
    def also_at(self) -> tuple[str, ...]:
        """Where it was found, and where it says itself that it stands: by these, too, the same
        source may be here already."""
        own = self.extracted.url if self.extracted else None
        found = self.fetched.final_url if self.fetched else None
        # The front page stands in the head of pages that were put up in a hurry.
        if own and found and not _path(own) and _path(found):
            own = None
        return tuple(dict.fromkeys(url for url in (found, own) if url))


def _path(url: str) -> str:
    return urlsplit(url).path.strip("/")


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
    main, others, archived = found.url, tuple[str, ...](), None
    if content.fetched is not None:
        archived = page_archived(content.fetched.final_url) and content.fetched.final_url
        typed = page_archived(content.fetched.asked) or content.fetched.asked
        main, others = addresses_found(typed, content.fetched, found)
    return SourceSaid(
        title=found.title or proposed_title(found.text),
        kind=kind,
        publisher=found.publisher,
        author=found.author,
        url=main,
        alternate_urls=others,
        archive_url=archived,
        accessed_at=content.fetched.finished_at if content.fetched else None,
        language=found.language,
        published=found.published,
        published_basis="stated" if found.published else None,
    )


def addresses_found(
    typed: str, fetched: Facts, found: Extracted | None
) -> tuple[str, tuple[str, ...]]:
    """A fetched page's own address, and others of it: where it was found in the end is its own,
    unless that is an archive; what was asked for, and what it calls itself on the same site, are
    others where they differ."""
    archived = page_archived(fetched.final_url) is not None
    main = typed if archived or same_address(typed, fetched.final_url) else fetched.final_url
    own = found.url if found else None
    others: list[str] = []
    for one in (typed, own if own and same_site(own, main) else ""):
        if one and not any(same_address(one, other) for other in (main, *others)):
            others.append(one)
    return main, tuple(others)


def to_json(said: SourceSaid, *, origin_id: int | None, closed_reason: str | None) -> str:
    """Canonical JSON of the metadata as a revision keeps it: the origin by its id."""
    body = asdict(said)
    del body["origin"]
    if said.accessed_at is not None:
        body["accessed_at"] = said.accessed_at.astimezone(UTC).isoformat()
    return canonical_json({**body, "origin_id": origin_id, "closed_reason": closed_reason})
