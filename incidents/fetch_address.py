"""Where a web address leads, and whether that may be reached: pure, before anything is opened.

Owns which networks are nobody's to fetch from. Refuses to resolve a name or open a connection.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
)
from urllib.parse import quote, urljoin, urlsplit

from incidents.addresses import AddressError, host_and_port
from incidents.fetch_failures import FetchFailed

Ip = IPv4Address | IPv6Address

PORTS = {"http": 80, "https": 443}
_LONGEST = 8_000
# https://www.iana.org/assignments/iana-ipv4-special-registry, multicast, what is reserved, and the
# one metadata host that has an address among public ones (Azure's).
_IPV4_REFUSED = tuple(
    IPv4Network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24"),
        *("192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15"),
        *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        *("168.63.129.16/32",),
    )
)
# What is given out to anybody at all; mapped and translated addresses (::ffff:0:0/96, 64:ff9b::/96)
# lie outside.
_IPV6_GIVEN_OUT = IPv6Network("2000::/3")
# Teredo among 2001::/23, 6to4, what is for documents, and what holds an address of another kind.
_IPV6_REFUSED = tuple(
    IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "2620:4f:8000::/48")
)
# What a path or a query may hold as it is; % because escapes are kept.
_PLAIN = "/%:@!$&'()*+,;=?-._~[]"


@dataclass(frozen=True)
class Destination:
    """`url` without its fragment, in ASCII; `host` in lower-case ASCII, without brackets."""

    url: str
    scheme: str
    host: str
    port: int


class Allowed:
    """The host:port pairs that may be reached although they are not public, or not on 80 or 443."""

    def __init__(self, pairs: Iterable[str] = ()) -> None:
        self._pairs = frozenset(_pair(*pair.rsplit(":", 1)) for pair in pairs)
        self.ports = frozenset(port for _, port in self._pairs)

    def has(self, host: str, port: int) -> bool:
        return _pair(host, str(port)) in self._pairs


def destination(address: str) -> Destination:
    """FetchFailed when it is no http or https address, or has a name and password in it."""
    text = address.strip()
    if len(text) > _LONGEST:
        raise FetchFailed("not_an_address")
    try:
        host, port = host_and_port(text)
    except AddressError as error:
        raise FetchFailed("not_an_address", error.message) from None
    parts = urlsplit(text)
    scheme = parts.scheme.lower()
    asked = f"?{quote(parts.query, safe=_PLAIN)}" if parts.query else ""
    path = quote(parts.path, safe=_PLAIN) or "/"
    shown = host if port in (None, PORTS[scheme]) else f"{host}:{port}"
    return Destination(
        url=f"{scheme}://{shown}{path}{asked}",
        scheme=scheme,
        host=host.strip("[]"),
        port=port or PORTS[scheme],
    )


def led_to(before: Destination, location: str) -> Destination:
    """Where a redirect leads. FetchFailed `led_astray` when that is no address of the web."""
    # As browsers do: blanks around it go, others are escaped; a host of other letters is a name.
    location = re.sub(r"[\t\r\n]", "", location.strip())
    location = re.sub(r"[\x00-\x20\x7f\\]", lambda sign: quote(sign[0]), location)
    try:
        return destination(urljoin(before.url, location))
    except (FetchFailed, ValueError):
        raise FetchFailed("led_astray") from None


def check_port(where: Destination, allowed: Allowed) -> None:
    """Before its name is asked for. FetchFailed `refused`."""
    if where.port not in PORTS.values() and where.port not in allowed.ports:
        raise FetchFailed("refused")


def check_public(where: Destination, found: Iterable[Ip], allowed: Allowed) -> None:
    """FetchFailed `refused` unless each address its name stands for is public, or allowed.

    One that is not refuses all: a name must not lead inside at its second try.
    """
    if allowed.has(where.host, where.port):
        return
    for ip in found:
        usual = is_public(ip) and where.port in PORTS.values()
        if not usual and not allowed.has(str(ip), where.port):
            raise FetchFailed("refused")


def is_public(ip: Ip) -> bool:
    """Whether anybody may be there: no private, local, shared, reserved or translated address."""
    if isinstance(ip, IPv4Address):
        return not any(ip in network for network in _IPV4_REFUSED)
    if ip.scope_id is not None or ip not in _IPV6_GIVEN_OUT:
        return False
    return not any(ip in network for network in _IPV6_REFUSED)


def _pair(host: str, port: str) -> tuple[str, int]:
    bare = host.strip("[]").lower().removesuffix(".")
    with suppress(ValueError):
        bare = str(ip_address(bare))
    return bare, int(port)
