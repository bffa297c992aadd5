"""One source, once: what stands at the same address or has the same words is said before saving."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import col, select, update

from incidents.addresses import address_hash, canonical
from incidents.errors import FieldErrors
from incidents.incident.models import Incident
from incidents.services import Services
from incidents.source.actions import prepare, recompute_addresses
from incidents.source.models import Source, SourceAddress
from incidents.source.queries import KnownSource, known_sources
from incidents.source.record import Confirmed, Content, pasted
from incidents.viewer import Viewer
from tests.conftest import Browser
from tests.incident.rows import AIGUL, BAKYT, READER
from tests.source.conftest import TEXT, Room
from tests.source.test_room import statements
from tests.source.test_web import enter, rows, sent, team, text_of

__all__ = ["enter", "team"]
URL = "https://iwpr.net/global-voices/police-round-men"
ARCHIVED = f"https://web.archive.org/web/20111223101112/{URL}"
SignIn = Callable[[Viewer], Browser]


def known(room: Room, viewer: Viewer, *urls: str, **content: Any) -> tuple[KnownSource, ...]:
    hashes = {address_hash(canonical(url)) for url in urls}
    return known_sources(room.work.session, viewer, hashes, **content)


def asked(response: Any) -> Any:
    return json.loads(response.text)


@pytest.mark.parametrize(
    "address",
    [
        "http://www.iwpr.net/global-voices/police-round-men?utm_source=x#top",
        "https://m.iwpr.net/global-voices/police-round-men/amp",
        ARCHIVED,
    ],
)
def test_an_address_leads_to_its_source(room: Room, address: str) -> None:
    source = room.add(TEXT, url=URL)
    (one,) = known(room, BAKYT, address)
    assert (one.reference, one.ways) == (source.reference, ("address",))


def test_a_known_source_says_who_added_it_and_what_is_logged_from_it(room: Room) -> None:
    source = room.add(TEXT, url=URL, publisher="IWPR", published="2011-12-22")
    (one,) = known(room, BAKYT, URL)
    assert one.told == "Added by Aigul on 22 Nov 2026. Nothing is logged from it yet."
    assert one.facts == "News article, IWPR, 22 Dec 2011"
    room.log(source, "Police", created_by=1)
    room.log(source, "fire", created_by=2, status="draft")
    (one,) = known(room, BAKYT, URL)
    assert (one.incidents, one.loggers) == (2, ("Aigul", "Bakyt"))
    assert "2 incidents are logged from it, by Aigul and Bakyt, the last on" in one.told


def test_text_and_bytes_lead_to_their_source(room: Room) -> None:
    source = room.add(TEXT)
    same = prepare(pasted(TEXT), limit_mb=1)
    other = prepare(Content(b"\xef\xbb\xbf" + TEXT.encode(), "uploaded", "a.txt"), limit_mb=1)
    ways = [
        one.ways
        for content in (same, other)
        for one in known(room, AIGUL, sha256=content.sha256, text_sha256=content.text_sha256)
        if one.reference == source.reference
    ]
    assert ways == [("bytes",), ("text",)]


def test_nothing_is_said_of_what_the_viewer_may_not_see(room: Room) -> None:
    protected = room.add(TEXT, url=URL, protected=True)
    plain = room.add("Other words.", url=f"{URL}/2")
    room.log(plain, status="draft")
    assert known(room, BAKYT, URL) == ()
    assert [one.reference for one in known(room, AIGUL, URL)] == [protected.reference]
    assert known(room, READER, f"{URL}/2") == ()
    incident = room.log(plain, title="Sealed one")
    room.work.session.exec(
        update(Incident)
        .where(col(Incident.id) == incident)
        .values(publication="sealed", version=Incident.version + 1)
    )
    (one,) = known(room, BAKYT, f"{URL}/2")
    assert one.incidents == 1


def test_known_sources_cost_the_same_for_many(room: Room) -> None:
    def look() -> object:
        return known(room, BAKYT, URL)

    room.log(room.add(TEXT, url=URL), "Police")
    few = statements(room, look)
    for _ in range(4):
        again = room.add(url=URL, confirmed=Confirmed(same_address=True))
        room.log(again)
        room.log(again)
    assert len(known(room, BAKYT, URL)) == 5
    assert statements(room, look) == few <= 6


def test_an_archive_s_address_is_not_the_source_s(room: Room) -> None:
    with pytest.raises(FieldErrors) as caught:
        room.add(url=ARCHIVED)
    assert URL in caught.value.errors["url"][0]
    source = room.add(url=URL, archive_url=ARCHIVED, alternate_urls=(f"{URL}/amp", ARCHIVED))
    stored = room.work.session.exec(
        select(SourceAddress.url).where(SourceAddress.source_id == source.id)
    ).all()
    # An alternate that is the main one says nothing; an archive's says where a copy is.
    assert stored == [ARCHIVED]


def test_stored_addresses_are_brought_up_to_the_rules(room: Room) -> None:
    source = room.add(url="https://m.iwpr.net/x/amp", alternate_urls=("https://www.iwpr.net/y",))
    room.add(url="https://kept.org/")
    session = room.work.session
    digest = address_hash("https://m.iwpr.net/x/amp")
    before = (source.version, source.updated_at)
    session.exec(
        update(Source)
        .where(col(Source.id) == source.id)
        .values(url_canonical="https://m.iwpr.net/x/amp", url_hash=digest)
    )
    session.exec(update(SourceAddress).values(url_hash=address_hash("https://www.iwpr.net/y")))
    assert recompute_addresses(room.work) == 2
    session.expire_all()
    assert (source.url, source.url_canonical) == ("https://m.iwpr.net/x/amp", "https://iwpr.net/x")
    assert [one.reference for one in known(room, AIGUL, "https://iwpr.net/y")] == [source.reference]
    assert (source.version, source.updated_at) == before
    assert recompute_addresses(room.work) == 0


def test_what_the_rules_refuse_now_stays_as_it_is_stored(room: Room) -> None:
    source = room.add(url=URL)
    broken = "https://web.archive.org/web/2011/" * 9 + URL
    room.work.session.exec(update(Source).values(url=broken))
    assert recompute_addresses(room.work) == 0
    room.work.session.expire_all()
    assert source.url_canonical == URL


def test_the_form_says_it_with_a_link_and_three_ways_on(enter: SignIn, team: Room) -> None:
    first = team.add(TEXT, url=URL)
    team.log(first, "Police")
    reference = first.reference
    browser = enter(BAKYT)
    response = browser.post("/sources/new", sent(text="Other words.", url=f"{URL}?fbclid=1"))
    assert response.status_code == 422
    said = text_of(response)
    assert "It has the same address. Added by Aigul on" in said
    assert f'href="/sources/{reference}"' in response.text
    assert f'formaction="/sources/{reference}/snapshots/new"' in response.text
    assert "It is another source at the same address" in said
    assert "Other words." in response.text
    again = sent(text="Other words.", url=URL, same_address_ok="y")
    assert browser.post("/sources/new", again).status_code == 303


def test_what_was_answered_is_not_asked_again(enter: SignIn, team: Room) -> None:
    team.add(TEXT, url=URL)
    browser = enter(BAKYT)
    response = browser.post("/sources/new", sent(title="", text="x", url=URL, same_address_ok="y"))
    assert response.status_code == 422
    assert "same address" not in text_of(response)
    assert 'name="same_address_ok" value="y"' in response.text


def test_the_form_takes_the_text_over_as_a_new_copy(
    enter: SignIn, team: Room, services: Services
) -> None:
    reference = team.add(TEXT, url=URL).reference
    browser = enter(BAKYT)
    typed = sent(text="Other words.", url=URL)
    response = browser.post(f"/sources/{reference}/snapshots/new", typed)
    assert response.location == f"/sources/{reference}"
    assert len(rows(services.database, Source)) == 1
    assert "Other words." in browser.get(response.location).text


def test_the_desk_s_box_says_it_at_once(enter: SignIn, team: Room) -> None:
    team.add(TEXT, url=URL)
    browser = enter(BAKYT)
    assert "Added by Aigul" in text_of(browser.post("/sources/new", {"text": URL}))
    assert "Added by Aigul" in text_of(browser.post("/sources/new", {"text": TEXT}))


def test_the_form_parts_an_archive_s_address_and_shows_it(
    enter: SignIn, services: Services
) -> None:
    browser = enter(AIGUL)
    response = browser.post("/sources/new", sent(url=ARCHIVED))
    assert response.status_code == 422
    assert f'name="url" type="text" value="{URL}"' in response.text
    assert f'value="{ARCHIVED}"' in response.text
    assert "That was the address of a copy in a web archive." in text_of(response)
    assert rows(services.database, Source) == []
    kept = browser.post("/sources/new", sent(url=URL, archive_url=ARCHIVED))
    assert kept.status_code == 303


def test_a_script_may_ask_while_an_address_is_typed(enter: SignIn, team: Room) -> None:
    first = team.add(TEXT, url=URL)
    hidden = team.add("Secret.", url=f"{URL}/secret", protected=True)
    browser = enter(BAKYT)
    answer = asked(browser.get(f"/sources/same?url={ARCHIVED}"))
    assert answer["page"] == URL
    (one,) = answer["sources"]
    assert (one["reference"], one["url"]) == (first.reference, f"/sources/{first.reference}")
    assert one["told"].startswith("Added by Aigul on ")
    nothing = {"sources": [], "page": None}
    assert asked(browser.get(f"/sources/same?url={URL}&but={first.reference}")) == nothing
    assert asked(browser.get(f"/sources/same?url={URL}/secret")) == nothing
    assert asked(browser.get("/sources/same?url=half+an+address")) == nothing
    assert asked(browser.get("/sources/same")) == nothing
    assert asked(enter(AIGUL).get(f"/sources/same?url={URL}/secret"))["sources"][0][
        "reference"
    ] == (hidden.reference)


def test_sources_are_suggested_by_reference_and_words(enter: SignIn, team: Room) -> None:
    first = team.add(TEXT, title="Police round up men", publisher="IWPR", published="2011-12-22")
    team.add("Secret.", title="Police secret", protected=True)
    team.log(first, "Police")
    browser = enter(BAKYT)
    (one,) = asked(browser.get("/sources/suggest?q=police"))
    assert (one["value"], one["label"]) == (first.reference, "Police round up men")
    assert one["detail"] == f"{first.reference} · IWPR · 22 Dec 2011 · 1 incident"
    assert asked(browser.get(f"/sources/suggest?q={first.reference.lower()}")) == [one]
    assert asked(browser.get("/sources/suggest?q=nowhere")) == []
    assert asked(browser.get("/sources/suggest?q=" + "x" * 600)) == []
    assert [one["label"] for one in asked(browser.get("/sources/suggest"))] == [
        "Police round up men"
    ]
