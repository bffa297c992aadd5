"""Web addresses: whether one may be linked to, and the form by which two are known to be the same.

Owns the canonical form and our list of tracking parameters. Refuses to fetch or resolve; what was
typed is always kept beside the canonical form.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from ipaddress import IPv6Address
from urllib.parse import SplitResult, quote, unquote, unquote_plus, urlsplit

from incidents.addresses_copies import (
    desktop_host,
    is_amp_parameter,
    page_copied,
    page_in_archive,
    path_without_amp,
)
from incidents.errors import IncidentsError

# Say who shared or advertised a page, never which page it is. A name ending in _ is a beginning.
TRACKING = (
    "utm_",
    "mtm_",
    "pk_",
    "hsa_",
    "_hs",
    "_openstat",
    "amp_gsa",
    "amp_js_v",
    "amp_r",
    "amp_tf",
    "dclid",
    "fbclid",
    "gad_source",
    "gbraid",
    "gclid",
    "gclsrc",
    "igsh",
    "igshid",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "msclkid",
    "oly_anon_id",
    "oly_enc_id",
    "rb_clickid",
    "s_cid",
    "srsltid",
    "ttclid",
    "twclid",
    "usqp",
    "vero_id",
    "wbraid",
    "wickedid",
    "yclid",
    "ysclid",
)
_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"(?!.*\.\.)[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?")
_LONGEST_HOST = 253
_MOST_WRAPPED = 5
_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
# What a path or a query may hold as it is; % because escapes are kept.
_PLAIN = "/%:@!$&'()*+,;=?-._~[]"


class AddressError(IncidentsError):
    """The text is no web address that can be linked to; the message says what to do."""


def canonical(address: str) -> str:
    """The address as it is compared: two that differ only in what names no other page become one.

    Scheme https, host in lower-case ASCII (IDNA) without its last dot, no default port, no
    fragment but `#!…`, no dot segments, no tracking parameters; escapes only where needed; of an
    archive's, a cache's, an AMP or a mobile address the page it is a copy of, by the rules of
    `addresses_copies`. The order of parameters and a slash at the end stay: a site may mean
    something by them. AddressError unless it is a whole http or https address without a password.
    """
    text = address.strip()
    for _ in range(_MOST_WRAPPED):
        plain = _canonical(text)
        page = _page_copied(text, plain)
        if page is None:
            return plain
        text = page
    raise AddressError("Too many addresses are wrapped in this one. Give the page’s own.")


def address_hash(canonical_address: str) -> str:
    """64 hex digits to look a canonical address up by: a long one can't be indexed itself."""
    return sha256(canonical_address.encode()).hexdigest()


def same_address(one: str, other: str) -> bool:
    """Whether two texts are addresses of the same page."""
    return bool(one and other) and hashes_of([one]) == hashes_of([other]) != set()


def same_site(one: str, other: str) -> bool:
    """Whether two texts are addresses at one host, or at twins of one."""
    hosts = []
    for address in (one, other):
        with suppress(AddressError):
            hosts.append(desktop_host(host_and_port(address)[0]))
    return len(hosts) == 2 and hosts[0] == hosts[1]


def hashes_of(addresses: Iterable[str | None]) -> set[str]:
    """Of those that are addresses of the web; the others are left out."""
    found = set()
    for address in addresses:
        with suppress(AddressError):
            found.add(address_hash(canonical(address or "")))
    return found


def page_archived(address: str | None) -> str | None:
    """The address a web archive's address keeps a copy of; None where nothing could be linked to.

    A copy's copy leads to the page itself.
    """
    page = None
    for _ in range(_MOST_WRAPPED):
        further = page_in_archive(page or address or "")
        if further is None:
            break
        page = further
    return page if is_linkable(page) else None


def host_and_port(address: str) -> tuple[str, int | None]:
    """The host as `canonical` writes it, twins and copies left as they are, and the port if there
    is one. AddressError as `canonical`."""
    parts = _parts(address.strip())
    return _host(parts), _port(parts)


def is_linkable(address: str | None) -> bool:
    """Whether a page may make a link of it: http or https, whole, without a password."""
    if not address:
        return False
    try:
        canonical(address)
    except AddressError:
        return False
    return True


def _page_copied(text: str, plain: str) -> str | None:
    """As typed, else as tidied: its host may have been spelt otherwise."""
    for address in (text, plain):
        page = page_copied(address)
        try:
            if page is not None:
                _canonical(page)
                return page
        except AddressError:
            continue
    return None


def _canonical(text: str) -> str:
    parts = _parts(text)
    host = desktop_host(_host(parts))
    port = _port(parts)
    if port is not None and port != _PORTS[parts.scheme.lower()]:
        host = f"{host}:{port}"
    path = path_without_amp(_without_dots(_escaped(parts.path))) or "/"
    fragment = f"#{_escaped(parts.fragment)}" if parts.fragment.startswith("!") else ""
    return f"https://{host}{path}{_query(parts.query)}{fragment}"


def _parts(text: str) -> SplitResult:
    # urlsplit drops tabs and line breaks in silence, and browsers read a backslash as a slash.
    if any(ord(character) <= 32 or ord(character) == 127 for character in text):
        raise AddressError("There is a space in the address. Copy it again from the browser.")
    if "\\" in text:
        raise AddressError("There is a backslash in the address. Copy it again from the browser.")
    try:
        text.encode()
        parts = urlsplit(text)
    except ValueError:
        raise AddressError("This is no web address. Copy it again from the browser.") from None
    if parts.scheme.lower() not in _PORTS or not parts.netloc:
        raise AddressError("Write the whole address, beginning with https:// or http://.")
    if "@" in parts.netloc:
        raise AddressError("Leave the name and password out of the address.")
    return parts


def _host(parts: SplitResult) -> str:
    wrong = AddressError("The part after :// is no host’s name. Copy the address again.")
    host = (parts.hostname or "").removesuffix(".")
    if ":" in host:
        try:
            return f"[{IPv6Address(host)}]"
        except ValueError:
            raise wrong from None
    try:
        ascii_host = host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        raise wrong from None
    if len(ascii_host) > _LONGEST_HOST or not _HOST.fullmatch(ascii_host.lower()):
        raise wrong
    return ascii_host.lower()


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        raise AddressError("The port in the address is no number from 1 to 65535.") from None


def _query(query: str) -> str:
    kept = [part for part in query.split("&") if part and not _tracks(part)]
    return "?" + "&".join(_escaped(part) for part in kept) if kept else ""


def _tracks(part: str) -> bool:
    name, _, value = part.partition("=")
    name = unquote_plus(name).lower()
    return is_amp_parameter(name, unquote_plus(value)) or any(
        name.startswith(known) if known.endswith("_") or known == "_hs" else name == known
        for known in TRACKING
    )


def _escaped(text: str) -> str:
    """Escapes in upper case, none where a plain character does, one where it is needed."""
    return _ESCAPED.sub(_least_escaped, quote(text, safe=_PLAIN))


def _least_escaped(match: re.Match[str]) -> str:
    character = unquote(match[0])
    return character if _UNRESERVED.fullmatch(character) else match[0].upper()


def _without_dots(path: str) -> str:
    """RFC 3986, 5.2.4; empty segments stay."""
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments[1:]:
        if segment == "..":
            kept = kept[:-1]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "".join(f"/{segment}" for segment in kept)
