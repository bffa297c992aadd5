"""Fetches a page as the content of a source, before any transaction. Knows no database.

Owns when a page that came is none, or most likely not the one that was meant.
"""

import re
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from incidents.extraction_kinds import HTML, MAIL, MHTML, PDF, PLAIN, called, kind_of
from incidents.fetch import Fetcher, Progress
from incidents.fetch_failures import FetchFailed
from incidents.fetched import Fetched
from incidents.source.record import Content
from incidents.warc import warc_of

_READABLE = frozenset({HTML, MHTML, MAIL, PDF, PLAIN})
# A page with less has its words elsewhere: behind a wall, a question, or a script.
_FEW_WORDS, _FEW_SIGNS = 25, 200
# As https://schema.org/isAccessibleForFree is written into pages behind a paywall.
_NOT_FREE = re.compile(rb"[\"']isAccessibleForFree[\"']\s*:\s*[\"']?false", re.IGNORECASE)
_TEASER_SIGNS = 1500
_CONSENT_HOSTS = ("consent.", "guce.", "myprivacy.")


def fetched_content(fetcher: Fetcher, url: str, progress: Progress | None = None) -> Content:
    """A page and how it was fetched, its text not read yet. FetchFailed."""
    fetched = fetcher.fetch(url, progress)
    if not fetched.body.strip():
        raise FetchFailed("empty")
    kind = kind_of(fetched.body)
    if kind not in _READABLE:
        told = called(fetched.body)
        raise FetchFailed("not_a_page", kind=f" ({told})" if told else "")
    return Content(
        fetched.body,
        "fetched",
        _file_name(fetched),
        fetched=fetched.facts(),
        warc=warc_of(fetched),
        charset=fetched.charset,
    )


def suspect(content: Content) -> FetchFailed | None:
    """What is to be said of a page that was fetched and read, if its words seem to be elsewhere."""
    assert content.fetched is not None
    host = urlsplit(content.fetched.final_url).hostname or ""
    if host.startswith(_CONSENT_HOSTS):
        return FetchFailed("nearly_empty")
    if kind_of(content.body) != HTML:
        return None
    text = content.extracted.text if content.extracted else ""
    if len(text) < _FEW_SIGNS and len(text.split()) < _FEW_WORDS:
        return FetchFailed("nearly_empty")
    if len(text) < _TEASER_SIGNS and _NOT_FREE.search(content.body):
        return FetchFailed("only_beginning")
    return None


def _file_name(fetched: Fetched) -> str | None:
    """The address's last part, where it has an ending."""
    path = PurePosixPath(unquote(urlsplit(fetched.url).path))
    return path.name if path.suffix else None
