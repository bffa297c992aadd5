"""What a listing shows, as its address says it: filter, order, columns; and the ways to others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from flask import url_for

from incidents.incident.columns.listing import ListingColumn, in_address
from incidents.incident.queries.listing import DEFAULT_ORDER, ORDERS

Args = Sequence[tuple[str, str]]

_SAID = {
    "date": "oldest first",
    "-date": "newest first",
    "updated": "longest unchanged first",
    "-updated": "last changed first",
    "reference": "by reference",
    "-reference": "by reference, highest first",
    "title": "by title",
    "-title": "by title, from the end",
    "relevance": "best match first",
}
# The way a press on an order goes first.
_FIRST = {"date": "-date", "updated": "-updated", "reference": "reference", "title": "title"}


@dataclass(frozen=True)
class SortLink:
    """`current`: "" or what says that it is in use, by aria-sort's words where it `turns` round."""

    name: str
    label: str
    url: str
    current: str
    said: str
    turns: bool = True


@dataclass(frozen=True)
class Shown:
    """`args` are the filter's; `chosen` says whether the address names the columns itself."""

    args: Args
    sort: str
    columns: tuple[ListingColumn, ...]
    chosen: bool = False

    @property
    def said_order(self) -> str:
        return _SAID[self.sort]

    @property
    def look(self) -> Args:
        """Order and columns, without what goes without saying."""
        sort = [("sort", self.sort)] if self.sort != DEFAULT_ORDER else []
        return [*sort, *([("columns", in_address(self.columns))] if self.chosen else [])]

    @property
    def whole_look(self) -> Args:
        """Order and columns, the same whoever looks: what a view keeps."""
        return replace(self, chosen=True).look

    @property
    def query(self) -> str:
        return urlencode([*self.args, *self.look])

    @property
    def column_names(self) -> frozenset[str]:
        return frozenset(one.name for one in self.columns)

    def url(self, after: str | None = None) -> str:
        pairs = [*self.args, *self.look, *([("after", after)] if after else [])]
        # A comma is read by people too.
        query = urlencode(pairs, safe=",")
        return f"{url_for('incident.index')}?{query}" if pairs else url_for("incident.index")

    def asking(self, args: Iterable[tuple[str, str]]) -> Self:
        """Another filter, looked at in the same way."""
        args = list(args)
        by_words = any(name == "q" for name, _ in args)
        sort = DEFAULT_ORDER if self.sort == "relevance" and not by_words else self.sort
        return replace(self, args=args, sort=sort)

    def sorts(self) -> list[SortLink]:
        links = [self._turning(name, first) for name, first in _FIRST.items()]
        if any(name == "q" for name, _ in self.args):
            links.append(self._best_match())
        return links

    def _turning(self, name: str, first: str) -> SortLink:
        in_use = self.sort.lstrip("-") == name
        down = self.sort.startswith("-")
        target = (name if down else f"-{name}") if in_use else first
        ways = ("descending" if down else "ascending") if in_use else ""
        url = replace(self, sort=target).url()
        return SortLink(name, ORDERS[name].label, url, ways, _SAID[target])

    def _best_match(self) -> SortLink:
        current = "best match first" if self.sort == "relevance" else ""
        url = replace(self, sort="relevance").url()
        label = ORDERS["relevance"].label
        return SortLink("relevance", label, url, current, _SAID["relevance"], turns=False)
