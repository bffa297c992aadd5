"""Addresses of copies: the page that an archive, a cache, an AMP or a mobile address is a copy of.

Owns the rules, each with what it may get wrong; `addresses` applies them. A rule that does not
meet two addresses costs a question less; one that meets two pages costs a question more, since
nobody's source is ever merged by its address alone. Refuses to look anything up: a short code, as
archive.ph/AbCdE, holds no address and stays.
"""

import re
from urllib.parse import parse_qsl, urlsplit

# The Wayback Machine, /web/20111216103000id_/https://…: also without an instant, its calendar (*),
# and addresses without a scheme. No risk: what follows is the page’s own address, whole.
_WAYBACK_HOSTS = frozenset({"web.archive.org", "archive.org", "wayback.archive.org"})
_WAYBACK = re.compile(
    r"/web/(?:(?:\d{1,14}\*?|\*)(?:[a-z]{2}_)?/|(?=https?:/))(?P<page>[^/].*)",
    re.DOTALL | re.IGNORECASE,
)
# Collections of Archive-It, /2323/20111216/https://….
_ARCHIVE_IT_HOSTS = frozenset({"wayback.archive-it.org"})
_ARCHIVE_IT = re.compile(r"/\w{1,20}/\d{1,14}(?:[a-z]{2}_)?/(?P<page>[^/].*)", re.DOTALL)
# archive.today by any of its names: /2011.12.16-103000/https://…, /newest/https://….
_TODAY_HOSTS = frozenset(
    f"archive.{ending}" for ending in ("today", "ph", "is", "li", "vn", "md", "fo")
)
_TODAY = re.compile(r"/(?:[\d.-]{4,20}|newest|oldest)/(?P<page>[^/].*)", re.DOTALL)
_ARCHIVES = (
    (_WAYBACK_HOSTS, _WAYBACK),
    (_ARCHIVE_IT_HOSTS, _ARCHIVE_IT),
    (_TODAY_HOSTS, _TODAY),
)
# Google’s cache, gone since 2024 but still in notes: ?q=cache:CODE:iwpr.net/x+words+searched.
_CACHE_HOSTS = re.compile(r"webcache\.googleusercontent\.com|(?:www\.)?google\.[a-z.]{2,6}")
_CACHED = re.compile(r"cache:(?:[\w-]{6,20}:(?!//))?(?P<page>\S+)")
# AMP’s viewers: google.com/amp/s/iwpr.net/x, cdn.ampproject.org/c/s/iwpr.net/x; s = https.
_VIEWER_HOSTS = re.compile(r"(?:www\.)?google\.[a-z.]{2,6}")
_VIEWER = re.compile(r"/amp/(?P<s>s/)?(?P<page>[^/].*)", re.DOTALL)
_AMP_CDN = re.compile(r"(?:[a-z0-9-]+\.)?cdn\.ampproject\.org")
_AMP_CDN_PATH = re.compile(r"/[cv]/(?P<s>s/)?(?P<page>[^/].*)", re.DOTALL)

# What is left must look like a host, else the words were something else (/web/about, /amp/stories).
_SCHEME = re.compile(r"(?P<scheme>https?):/{1,2}(?=[^/])", re.IGNORECASE)
_HOST_FIRST = re.compile(
    r"[^/?#:@\s]+\.[^/?#:@\s.\d][^/?#:@\s.]+\.?(?::\d+)?(?:[/?#].*)?", re.DOTALL
)

# m.example.org is example.org; so are mobile., amp. and www. The risk is a site that shows another
# page at each; none was met, and it would only be asked about.
_TWINS = frozenset({"www", "m", "mobile", "amp"})
# en.m.wikipedia.org: only Wikimedia is known to put it second.
_WIKIMEDIA = frozenset(
    f"{name}.org"
    for name in (
        *("wikipedia", "wikimedia", "wikinews", "wikisource", "wikiquote", "wikidata"),
        *("wikivoyage", "wiktionary", "wikibooks", "wikiversity", "mediawiki"),
    )
)
# Where these stand before a country’s two letters, the site’s own name comes before them: a host
# that would lose it (www.gov.uk, m.co.uk) stays.
_BEFORE_A_COUNTRY = frozenset({"ac", "co", "com", "edu", "gob", "gov", "mil", "net", "org"})

# /amp at the end, or first of several segments (aljazeera.com/amp/news/…). The risk: a section on
# amplifiers beside the same path without it. /amp alone stays: it may well be a page of its own.
_AMP_PATH_LAST = re.compile(r"(?<=.)(?:(?<=/)amp/?|/amp)\Z", re.IGNORECASE)
_AMP_PATH_FIRST = re.compile(r"\A/amp(?=/[^/])", re.IGNORECASE)
_AMP_FILE = re.compile(r"\.amp(?=\.html?\Z)", re.IGNORECASE)
# ?amp, ?amp=1, ?outputType=amp; ?amp=5 may be a page’s own number and stays.
_AMP_YES = frozenset({"", "1", "true", "yes"})
_AMP_OUTPUT = frozenset({"outputtype", "output"})


def page_in_archive(address: str) -> str | None:
    """The address that a web archive's own address holds; None when it is no archive's.

    A cache or viewer is no archive: what it shows is gone or changes with the page.
    """
    host, path = _split(address)
    for hosts, pattern in _ARCHIVES:
        found = pattern.fullmatch(path) if host in hosts else None
        if found is not None:
            return _whole(found["page"], "http")
    return None


def page_copied(address: str) -> str | None:
    """The address that an archive's, a cache's or a viewer's address holds; None without one."""
    archived = page_in_archive(address)
    if archived is not None:
        return archived
    host, path = _split(address)
    if _CACHE_HOSTS.fullmatch(host) and "cache:" in path:
        asked = dict(parse_qsl(urlsplit(address).query)).get("q", "")
        cached = _CACHED.match(asked.strip())
        return _whole(cached["page"], "http") if cached else None
    for hosts, pattern in ((_VIEWER_HOSTS, _VIEWER), (_AMP_CDN, _AMP_CDN_PATH)):
        found = pattern.fullmatch(path) if hosts.fullmatch(host) else None
        if found is not None:
            return _whole(found["page"], "https" if found["s"] else "http")
    return None


def desktop_host(host: str) -> str:
    """The host, in lower case, without what makes it the twin of another."""
    while True:
        first, _, rest = host.partition(".")
        labels = rest.split(".")
        if first in _TWINS and _names_a_site(labels):
            host = rest
        elif labels[0] == "m" and ".".join(labels[1:]) in _WIKIMEDIA:
            host = f"{first}.{'.'.join(labels[1:])}"
        else:
            return host


def path_without_amp(path: str) -> str:
    while True:
        shorter = _AMP_FILE.sub("", _AMP_PATH_FIRST.sub("", path))
        if shorter.strip("/").lower() != "amp":
            shorter = _AMP_PATH_LAST.sub("", shorter)
        if shorter == path:
            return path
        path = shorter


def is_amp_parameter(name: str, value: str) -> bool:
    """Whether it asks for the AMP copy of a page; both as they read, unescaped."""
    name, value = name.lower(), value.lower()
    return (name == "amp" and value in _AMP_YES) or (name in _AMP_OUTPUT and value == "amp")


def _split(address: str) -> tuple[str, str]:
    """The host, and all that comes after it: an archive keeps a page's query and fragment there."""
    try:
        parts = urlsplit(address.strip())
        host = desktop_host((parts.hostname or "").removesuffix("."))
    except ValueError:
        return "", ""
    after = address.strip().partition("://")[2]
    place = min((at for at in map(after.find, "/?#") if at >= 0), default=len(after))
    return host, after[place:]


def _whole(page: str, scheme: str) -> str | None:
    found = _SCHEME.match(page)
    if found is not None:
        return f"{found['scheme'].lower()}://{page[found.end() :]}"
    return f"{scheme}://{page}" if _HOST_FIRST.fullmatch(page) else None


def _names_a_site(labels: list[str]) -> bool:
    if len(labels) < 2 or not all(labels) or labels[-1].isdigit():
        return False
    of_country = len(labels) == 2 and len(labels[1]) == 2
    return not (of_country and labels[0] in _BEFORE_A_COUNTRY)
