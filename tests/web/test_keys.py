"""Keys: declared once, given out by the pages, none for who has switched them off."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import incidents
from incidents.incident.types import TYPES
from incidents.viewer import Role
from incidents.web.keys import KEYS, every_key
from tests.conftest import Browser
from tests.team import Team

# What stands in a page does not depend on the engine.
one_engine = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TEMPLATES = Path(incidents.__file__).parent / "templates"
ROLES = {Role.READER: "reader", Role.RESEARCHER: "author", Role.REVIEWER: "reviewer"}


def given(page: str) -> set[str]:
    return set(re.findall(r'data-key(?:-\w+)?="([^"]+)"', page)) - {"a.qn", "tr a.t"}


def listed(page: str) -> set[str]:
    """The keys a page's dialog lists, as they are declared."""
    dialog = page.partition('<dialog id="keys"')[2].partition("</dialog>")[0]
    found = set()
    for line in re.findall(r"<dt>(.*?)</dt>", dialog):
        moments = line.split("then")
        caps = ["+".join(re.findall(r"<kbd>(.*?)</kbd>", moment)).lower() for moment in moments]
        found.add(" ".join(caps).replace("esc", "escape"))
    return found


def test_every_key_declared_is_given_out_by_a_template() -> None:
    """That a template gives out none else is known: it would not be found."""
    text = "".join(path.read_text("utf-8") for path in TEMPLATES.rglob("*.html"))
    named = {"type " if name.startswith("type ") else name for name in KEYS}
    assert {name for name in named if not re.search(f"[\"']{re.escape(name)}[\"']", text)} == set()


def test_no_two_keys_of_one_page_are_the_same() -> None:
    """What a page has of its own may take the place of one that is everywhere, and only that."""
    places: dict[tuple[str, str], str] = {}
    for name, one in KEYS.items():
        assert places.setdefault((one.where, one.keys), name) == name
    assert {f"type {code}" for code in TYPES} <= set(KEYS)


@one_engine
@pytest.mark.parametrize(
    "address",
    ["/", "/incidents", "/sources", "/sources/new", "/account", "/keys", "room", "form", "choose"],
)
def test_help_lists_what_the_page_has_and_nothing_else(
    team: Team, sign_in: Callable[..., Browser], address: str
) -> None:
    team.recorded(team.record(citations=(team.quoting("Police opened fire"),)))
    browser = sign_in("researcher", "reviewer")
    source = team.source_row().reference
    address = {
        "room": "/sources/SRC-2026-00001",
        "form": f"/incidents/new?source={source}&type=detention",
        "choose": f"/incidents/new?source={source}",
    }.get(address, address)
    page = browser.get(address).text
    native = {one.keys for one in KEYS.values() if one.how == "native"}
    assert given(page) >= {"/", "?", "n", "g d", "g s", "g i", "g r"}
    assert listed(page) - native == given(page)


@one_engine
def test_a_room_s_own_key_comes_before_the_bar_s(
    team: Team, sign_in: Callable[..., Browser]
) -> None:
    source = team.source_row().reference
    page = sign_in("researcher").get(f"/sources/{source}").text
    dialog = page.partition('<dialog id="keys"')[2]
    assert "Choose its type" in dialog
    assert ">New source<" not in dialog


@one_engine
def test_each_reads_of_the_keys_they_have(team: Team) -> None:
    for role, name in ROLES.items():
        viewer = getattr(team, name)
        said = {one.does for _, keys in every_key(viewer) for one in keys}
        assert ("New source" in said) == (role is not Role.READER)
        assert ("Review" in said) == (role is Role.REVIEWER)
        assert "Search incidents" in said


@one_engine
def test_a_page_without_a_script_lists_them(sign_in: Callable[..., Browser]) -> None:
    page = sign_in("researcher").get("/keys").text
    assert '<a href="/keys" data-key="?" aria-keyshortcuts="?">' in page
    assert page.count("<kbd>G</kbd>") >= 3
    assert "<h2>Reading a source</h2>" in page


@one_engine
def test_the_box_in_the_bar_keeps_the_words_of_the_listing_alone(
    sign_in: Callable[..., Browser],
) -> None:
    browser = sign_in("researcher")
    hostile = '"><script>alert(1)</script>'
    page = browser.get("/incidents", query_string={"q": f"bread {hostile}"}).text
    assert page.count('value="bread &#34;&gt;&lt;script&gt;') >= 2
    assert hostile not in page
    assert 'value="bread"' not in browser.get("/sources?q=bread").text.partition("</header>")[0]


@one_engine
def test_switched_off_a_page_has_none(sign_in: Callable[..., Browser]) -> None:
    browser = sign_in("researcher")
    assert "data-key=" in browser.get("/").text
    answer = browser.post("/account/keys", {})
    assert (answer.status_code, answer.location) == (303, "/account")
    for address in ("/", "/incidents", "/sources/new", "/account", "/keys"):
        page = browser.get(address).text
        assert not re.search(r"data-key|aria-keyshortcuts|<dialog|<kbd aria-hidden", page), address
    assert "You have switched them off" in browser.get("/keys").text
    browser.post("/account/keys", {"shortcuts": "y"})
    assert 'data-key="?"' in browser.get("/").text


@one_engine
def test_the_switch_is_logged_once(team: Team, sign_in: Callable[..., Browser]) -> None:
    browser = sign_in("researcher")
    for _ in range(2):
        browser.post("/account/keys", {})
    log = sign_in("admin").get("/settings/audit").text
    assert log.count("set shortcuts") == 1
