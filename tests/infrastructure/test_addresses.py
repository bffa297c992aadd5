"""Addresses: one page has one canonical form, and nothing dangerous has any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.addresses import (
    AddressError,
    address_hash,
    canonical,
    host_and_port,
    is_linkable,
    same_address,
    same_site,
)
from incidents.addresses_copies import page_in_archive

PAGE = "https://iwpr.net/global-voices/police-round-men"


@pytest.mark.parametrize(
    "address",
    [
        PAGE,
        f"  {PAGE}\n",
        "HTTP://IWPR.net:80/global-voices/police-round-men",
        "https://iwpr.net.:443/global-voices/police-round-men#comments",
        f"{PAGE}?utm_source=x&UTM_Medium=y&fbclid=1",
        f"{PAGE}?",
        "https://iwpr.net/a/../global-voices/./police-round-men",
        "https://iwpr.net/global%2Dvoices/police-round-men",
        "https://www.iwpr.net/global-voices/police-round-men",
        "https://m.iwpr.net/global-voices/police-round-men",
        "https://mobile.iwpr.net./global-voices/police-round-men",
        "https://amp.iwpr.net/global-voices/police-round-men",
        f"{PAGE}/amp",
        "https://iwpr.net/amp/global-voices/police-round-men",
        f"{PAGE}?amp",
        f"{PAGE}?AMP=1",
        f"{PAGE}?outputType=amp&amp_js_v=0.1",
    ],
)
def test_spellings_of_one_address_meet(address: str) -> None:
    assert canonical(address) == PAGE


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://example.org", "https://example.org/"),
        ("https://example.org/?b=2&a=1&a=", "https://example.org/?b=2&a=1&a="),
        ("https://example.org:8443/", "https://example.org:8443/"),
        ("https://example.org/A/", "https://example.org/A/"),
        ("https://example.org/%d0%90", "https://example.org/%D0%90"),
        ("https://example.org/А?q=я", "https://example.org/%D0%90?q=%D1%8F"),
        ("https://пример.рф/", "https://xn--e1afmkfd.xn--p1ai/"),
        ("https://example.org/#!/post/7", "https://example.org/#!/post/7"),
        ("https://[2001:DB8::0:1]/x", "https://[2001:db8::1]/x"),
        ("https://example.org/a%2Fb", "https://example.org/a%2Fb"),
        ("https://example.org/a//b", "https://example.org/a//b"),
        ("https://example.org/?id=5&pk_campaign=z", "https://example.org/?id=5"),
        ("https://example.org/amp", "https://example.org/amp"),
        ("https://example.org/amp/", "https://example.org/amp/"),
        ("https://example.org/x/amp/", "https://example.org/x/"),
        ("https://example.org/x/amplifiers", "https://example.org/x/amplifiers"),
        ("https://example.org/x/amp/y", "https://example.org/x/amp/y"),
        ("https://example.org/x?amp=5", "https://example.org/x?amp=5"),
        ("https://example.org/x.amp.html", "https://example.org/x.html"),
        ("https://m.com/", "https://m.com/"),
        ("https://m.co.uk/", "https://m.co.uk/"),
        ("https://www.gov.uk/x", "https://www.gov.uk/x"),
        ("https://www.mvd.gov.kz/x", "https://mvd.gov.kz/x"),
        ("https://m.vk.com/x", "https://vk.com/x"),
        ("https://en.m.wikipedia.org/wiki/Zhanaozen", "https://en.wikipedia.org/wiki/Zhanaozen"),
        ("https://en.m.example.org/", "https://en.m.example.org/"),
        ("https://m.10.0.0.1/", "https://m.10.0.0.1/"),
        ("https://archive.ph/AbCdE", "https://archive.ph/AbCdE"),
        ("https://archive.org/details/janaozen", "https://archive.org/details/janaozen"),
        ("https://web.archive.org/web/about", "https://web.archive.org/web/about"),
        (
            "https://web.archive.org/web/2011/http://[zz]/",
            "https://web.archive.org/web/2011/http://[zz]/",
        ),
        ("https://www.google.com/search?q=cache", "https://google.com/search?q=cache"),
    ],
)
def test_what_may_name_another_page_stays(address: str, expected: str) -> None:
    assert canonical(address) == expected


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "Write the whole address"),
        ("iwpr.net/x", "Write the whole address"),
        ("javascript:alert(1)", "Write the whole address"),
        ("data:text/html,x", "Write the whole address"),
        ("ftp://example.org/", "Write the whole address"),
        ("//example.org/", "Write the whole address"),
        ("https:///x", "Write the whole address"),
        ("https://", "Write the whole address"),
        ("https://me:secret@example.org/", "name and password"),
        ("https://a b.org/", "space"),
        ("https://example.org/\n<script>", "space"),
        ("https://example.org\\@evil.org/", "backslash"),
        ("https://exa<mple.org/", "no host’s name"),
        ("https://.org/", "no host’s name"),
        ("https://a..b/", "no host’s name"),
        ("https://[::1/", "no web address"),
        ("https://[zz]/", "no"),
        ("https://example.org:99999/", "port"),
        ("https://" + "ы" * 300 + ".рф/", "no host’s name"),
        ("https://example.org/\ud800", "no web address"),
    ],
)
def test_what_is_no_web_address_is_refused(address: str, words: str) -> None:
    with pytest.raises(AddressError, match=words):
        canonical(address)
    assert not is_linkable(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://web.archive.org/web/20111216103000/{}",
        "http://web.archive.org/web/20111216103000id_/{}",
        "https://web.archive.org/web/20111216103000im_/{}#top",
        "https://web.archive.org/web/*/{}",
        "https://web.archive.org/web/{}",
        "https://wayback.archive-it.org/2323/20111216103000/{}",
        "https://archive.ph/20111216103000/{}",
        "https://archive.today/2011.12.16-103000/{}",
        "http://archive.is/newest/{}",
        "https://archive.li/oldest/{}",
    ],
)
def test_an_archive_s_copy_is_the_page_it_keeps(address: str) -> None:
    for page in (PAGE, PAGE.replace("https://", "http:/"), PAGE.removeprefix("https://")):
        if "web/{}" in address and page.startswith("iwpr"):
            continue
        assert canonical(address.format(page)) == PAGE
        kept = page_in_archive(address.format(page))
        assert kept is not None and canonical(kept) == PAGE


def test_a_copied_page_keeps_its_own_query() -> None:
    inner = "https://example.org/?id=5&utm_source=x"
    assert canonical(f"https://web.archive.org/web/2011/{inner}") == "https://example.org/?id=5"
    assert page_in_archive(f"https://web.archive.org/web/2011/{inner}") == inner


@pytest.mark.parametrize(
    "address",
    [
        "http://webcache.googleusercontent.com/search?q=cache:AbCdEfGhIjKl:{}+police+men&hl=en",
        "https://webcache.googleusercontent.com/search?q=cache:https://{}",
        "https://www.google.com/amp/s/www.{}/amp",
        "https://www.google.co.uk/amp/{}?usqp=x",
        "https://www-iwpr-net.cdn.ampproject.org/c/s/www.{}?amp_js_v=0.1",
        "https://cdn.ampproject.org/v/s/{}",
    ],
)
def test_a_cache_or_viewer_shows_the_page_and_is_no_archive(address: str) -> None:
    wrapped = address.format(PAGE.removeprefix("https://"))
    assert canonical(wrapped) == PAGE
    assert page_in_archive(wrapped) is None


def test_copies_of_copies_are_unwrapped_so_far() -> None:
    archive = "https://web.archive.org/web/2011/"
    assert canonical(archive * 4 + PAGE) == PAGE
    assert canonical(f"{archive}https://archive.ph/2012/https://m.iwpr.net/x/amp") == (
        "https://iwpr.net/x"
    )
    with pytest.raises(AddressError, match="the page’s own"):
        canonical(archive * 20_000 + PAGE)


_WRAPPERS = st.lists(
    st.sampled_from(
        [
            "https://web.archive.org/web/2011/",
            "http://m.web.archive.org/web/",
            "https://archive.ph/newest/",
            "https://www.google.com/amp/s/",
            "https://a.cdn.ampproject.org/c/",
            "https://webcache.googleusercontent.com/search?q=cache:",
            *("m.", "amp.", "www.", "en.m.wikipedia.org/", "/amp", "/amp/", "amp/", ".amp.html"),
            *("?amp", "&amp=1", "#x", "%61mp", "example.org", "co.uk", "http://", "/", ":"),
        ]
    ),
    max_size=8,
)


@given(_WRAPPERS)
def test_a_canonical_address_is_no_copy_s(parts: list[str]) -> None:
    try:
        once = canonical("https://" + "".join(parts))
    except AddressError:
        return
    assert canonical(once) == once


@given(st.text(st.characters(codec="utf-8")))
def test_a_canonical_address_comes_back_unchanged(text: str) -> None:
    for address in (text, f"https://example.org/{text}", f"https://{text}.org/?{text}"):
        try:
            once = canonical(address)
        except AddressError:
            continue
        assert canonical(once) == once
        assert once.isascii()


def test_long_addresses_have_short_hashes() -> None:
    assert len(address_hash(canonical("https://example.org/" + "x" * 100_000))) == 64
    assert not is_linkable(None)


@pytest.mark.parametrize(
    ("one", "other", "page", "site"),
    [
        ("http://www.example.org/a", "https://m.example.org/a?utm_source=x#b", True, True),
        ("https://example.org/a", "https://example.org/b", False, True),
        ("https://example.org/a", "https://example.net/a", False, False),
        ("https://example.org/a", "", False, False),
        ("nonsense", "nonsense", False, False),
    ],
)
def test_two_addresses_are_of_one_page_or_of_one_site(
    one: str, other: str, page: bool, site: bool
) -> None:
    assert (same_address(one, other), same_site(one, other)) == (page, site)


def test_a_host_is_told_as_it_is_asked_for() -> None:
    assert host_and_port(" https://WWW.Пример.рф./a ") == ("www.xn--e1afmkfd.xn--p1ai", None)
    assert host_and_port("http://[::FFFF:127.0.0.1]:8080/") == ("[::ffff:7f00:1]", 8080)
    with pytest.raises(AddressError):
        host_and_port("https://user:word@example.org/")
