"""The headline of a page, among what it calls itself in its head and what stands above its text.

Owns the choice and the cutting off of the site's name; refuses to know how a page is parsed.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_BETWEEN = re.compile(r"\s+[|\-–—·•»«:~/]+\s+|\s*[|｜»]\s*|(?<=[\u3040-\u9fff])[-_–—]+(?=\S)")
# The share of its words a heading has in common with what the head says.
_ALIKE = 0.34
_LONGEST_SITE = 6


@dataclass(frozen=True)
class Names:
    """What a page is called: by its head for other sites, by its <title>, by its headings, and
    what its site is called, the host among it."""

    told: Sequence[str]
    title: str | None
    headings: Sequence[str]
    sites: Sequence[str]


def headline(names: Names) -> str | None:
    """None when the page calls itself nothing."""
    sites = {_bare(site) for site in names.sites if _bare(site)}
    said = [name for name in (*names.told, names.title or "") if name]
    headings = [text for text in names.headings if not _is_site(text, sites)]
    whole = [text for text in headings if any(_begins(text, name) for name in said)]
    if whole:
        return _without_site(max(whole, key=len), sites)
    alike = [(likeness, text) for text in headings if (likeness := _alike(text, said)) >= _ALIKE]
    if alike:
        return max(alike, key=lambda pair: pair[0])[1]
    for name in names.told:
        if not _is_site(name, sites):
            return _without_site(name, sites)
    title = _without_site(names.title, sites, unnamed=True) if names.title else None
    if headings and (title is None or _is_site(title, sites)):
        return headings[0]
    return title


def _bare(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _words(text: str) -> set[str]:
    found = re.findall(r"\w+", text.casefold())
    # Without spaces between words, pairs of signs stand for them.
    return (
        {word[at : at + 2] for word in found for at in range(len(word))}
        if len(found) < 3
        else set(found)
    )


def _is_site(text: str, sites: Iterable[str]) -> bool:
    bare = _bare(text)
    if not bare:
        return True
    return any(
        bare == site
        or (len(bare) > 2 and bare in site)
        or (
            len(site) > 2
            and site in bare
            and len(text.split()) <= _LONGEST_SITE
            and len(bare) < 2.5 * len(site) + 8
        )
        for site in sites
    )


def _begins(heading: str, name: str) -> bool:
    """The heading is the name, or the name without something at either end."""
    if len(heading) > 8 and name.startswith(heading) and _BETWEEN.match(name, len(heading)):
        return True
    inner, outer = _bare(heading), _bare(name)
    return bool(inner) and inner in outer and len(inner) * 5 >= len(outer) * 2


def _alike(heading: str, said: Iterable[str]) -> float:
    words = _words(heading)
    if len(heading) < 8 or not words:
        return 0.0
    return max(
        (len(words & _words(name)) / len(words | _words(name)) for name in said), default=0.0
    )


def _without_site(name: str, sites: set[str], *, unnamed: bool = False) -> str:
    """Cut off at either end what the site calls itself; `unnamed`: what looks like that, too."""
    while True:
        breaks = list(_BETWEEN.finditer(name))
        if not breaks:
            return name
        first, last = breaks[0], breaks[-1]
        if _is_site(name[last.end() :], sites):
            name = name[: last.start()]
        elif _is_site(name[: first.start()], sites):
            name = name[first.end() :]
        elif unnamed and _is_tail(name[: last.start()], name[last.end() :], last[0]):
            name = name[: last.start()]
        else:
            return name


def _is_tail(before: str, after: str, sign: str) -> bool:
    """A few words after a bar, or fewer after a dash, behind a longer name."""
    most = 2 if sign.strip() in "-–—:" else 4
    return (
        len(after.split()) <= most and len(before) >= 2 * len(after) and len(before.encode()) > 20
    )
