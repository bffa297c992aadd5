"""What a page says of itself in its head: names, language, address. The date and the author are
trafilatura's affair. Proposed to somebody, never taken for granted.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from incidents.extracted import one_line
from incidents.extraction_titles import Names, headline

_LONGEST_ADDRESS = 2000
_LONGEST_LINKED = 500_000
_MOST_LINKED = 20
_MOST_HEADINGS = 20
_ARTICLE = re.compile(r"Article|BlogPosting|Report|LiveBlog")
_SAVED_FROM = re.compile(r"saved from url=\(\d+\)\s*(https?://\S+)|\burl:\s*(https?://\S+)", re.I)
_TAG = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|[0-9]{3}))?(?:[-_.].*)?", re.I)


class PageHead:
    """Reads one parsed page; `source` is its text, for the comments that saving it left.

    `url` is what the page says itself; without that, its site is told by the `address` it is from.
    """

    def __init__(self, tree: HtmlElement, source: str, address: str | None = None) -> None:
        self._tree = tree
        self._source = source
        self._linked = list(_linked_data(tree))
        self.url = self._url()
        self._site = urlsplit(self.url or address or "").hostname or ""

    def title(self) -> str | None:
        told = (
            self._meta("og:title"),
            self._meta("twitter:title"),
            *(one_line(item.get("headline")) for item in self._linked),
        )
        sites = (self.publisher(), self._meta("application-name"), *self._host_names())
        return headline(
            Names(
                told=[name for name in told if name],
                title=next((one_line(_text(one)) for one in self._tree.iter("title")), None),
                headings=list(self._headings()),
                sites=[site for site in sites if site],
            )
        )

    def publisher(self) -> str | None:
        named = self._meta("og:site_name") or next(filter(None, self._publishers()), None)
        if named and not named.startswith(("http:", "https:", "@")):
            return named
        return self._site.removeprefix("www.") or None

    def language(self) -> str | None:
        """What the page says it is in, as BCP 47 without a region."""
        for said in (
            self._tree.get("lang"),
            self._tree.get("{http://www.w3.org/XML/1998/namespace}lang")
            or self._tree.get("xml:lang"),
            self._meta("content-language"),
            self._meta("og:locale"),
        ):
            match = _TAG.fullmatch((said or "").strip())
            if match:
                script = f"-{match[2].title()}" if match[2] else ""
                return match[1].lower() + script
        return None

    def _url(self) -> str | None:
        saved = _SAVED_FROM.search(self._source, 0, 20_000)
        saved_from = _address(saved[1] or saved[2]) if saved else None
        for link in self._tree.iterfind(".//link[@href]"):
            if "canonical" in (link.get("rel") or "").lower().split():
                found = _address(link.get("href"))
                # The front page stands there on sites that were put up in a hurry.
                if found and (urlsplit(found).path.strip("/") or not saved_from):
                    return found
        return _address(self._meta("og:url")) or saved_from

    def _meta(self, name: str) -> str | None:
        for meta in self._tree.iter("meta"):
            said = meta.get("property") or meta.get("name") or meta.get("http-equiv") or ""
            if said.lower() == name:
                content = one_line(meta.get("content"))
                if content:
                    return content
        return None

    def _headings(self) -> Iterator[str]:
        for number, one in enumerate(self._tree.iter("h1")):
            text = one_line(_text(one))
            if number >= _MOST_HEADINGS:
                return
            if text:
                yield text

    def _publishers(self) -> Iterator[str | None]:
        for item in self._linked:
            publisher = item.get("publisher")
            if isinstance(publisher, dict):
                yield one_line(publisher.get("name"), 300)

    def _host_names(self) -> Sequence[str]:
        """The host, and the part of it people call the site by."""
        host = self._site.removeprefix("www.")
        parts = [part for part in host.split(".")[:-1] if len(part) > 3]
        return [host, *parts] if host else []


def _address(said: str | None) -> str | None:
    said = (said or "").strip()
    if len(said) > _LONGEST_ADDRESS or not said.isprintable():
        return None
    try:
        parts = urlsplit(said)
        host = parts.hostname
    except ValueError:
        return None
    return said if parts.scheme in ("http", "https") and host and "." in host else None


def _text(element: HtmlElement) -> str:
    return " ".join(element.itertext())


def _linked_data(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """The articles in a page's JSON-LD."""
    for number, script in enumerate(tree.iterfind(".//script[@type='application/ld+json']")):
        text = script.text or ""
        if number >= _MOST_LINKED or len(text) > _LONGEST_LINKED:
            return
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            continue
        yield from _articles(said)


def _articles(said: Any) -> Iterator[dict[str, Any]]:
    if isinstance(said, dict):
        said = said["@graph"] if isinstance(said.get("@graph"), list) else [said]
    for item in said if isinstance(said, list) else ():
        if isinstance(item, dict) and _ARTICLE.search(str(item.get("@type"))):
            yield item
