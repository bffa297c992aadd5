"""Addresses: one page has one canonical form, and nothing dangerous has any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.addresses import AddressError, address_hash, canonical, is_linkable

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
