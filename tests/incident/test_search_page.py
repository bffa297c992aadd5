"""The listing's page searched by words, as somebody sees it."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest
from sqlmodel import select

from incidents.incident.models import Incident
from incidents.incident.queries.texts import texts_of
from incidents.search_words import words
from tests.conftest import Browser, Demo
from tests.factories import Person


@pytest.fixture
def researcher(demo: Demo, sign_in: Callable[..., Browser]) -> Browser:
    viewer = demo.people["researcher"]
    return sign_in(person=Person(viewer.account_id or 0, viewer))


@pytest.fixture
def reader(demo: Demo, sign_in: Callable[..., Browser]) -> Browser:
    return sign_in("reader")


def shown(browser: Browser, q: str, more: str = "") -> Any:
    return browser.get(f"/incidents?q={quote(q)}{more}")


@pytest.mark.parametrize(
    ("q", "said"),
    [
        ("-police", "without “police”"),
        ("detained -police", "with the word “detained” but without “police”"),
        ("–police detained", "with the word “detained” but without “police”"),
        ("detained -“in town”", "with the word “detained” but without “in town”"),
        ('"fired first" men -police -"in town"', "but without “police” or “in town”"),
    ],
)
def test_what_is_left_out_is_said(researcher: Browser, q: str, said: str) -> None:
    assert said in shown(researcher, q).text.replace("&#34;", '"')


def test_hits_are_listed_counted_and_said(researcher: Browser) -> None:
    page = shown(researcher, '"no bread or milk"').text
    assert "with the words “no bread or milk”" in page
    assert '<mark class="hit">No bread or milk</mark> for four days' in page
    assert page.count('class="t"') == 1


def test_words_are_marked_where_they_stand(researcher: Browser) -> None:
    page = shown(researcher, "жанаозен", "&sort=relevance").text
    assert '<mark class="hit">Жанаозен</mark>' in page


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("?q=%25", "There is no word in it."),
        ("?q=%22", "A quotation mark is open."),
        (f"?q={'x' * 5000}", "5,000 characters long"),
        ("?q=%22bread&sort=relevance", "A quotation mark is open."),
        ("?sort=relevance", "sorts by words to find"),
        ("?q=-bread&sort=relevance", "sorts by words to find"),
        ("?q=bread&sort=-relevance", "There is no order"),
        ("?q=bread&sort=relevance&after=-date~1~2", "This is no page of this listing."),
    ],
)
def test_what_cannot_be_searched_is_said_beside(
    researcher: Browser, address: str, told: str
) -> None:
    answer = researcher.get(f"/incidents{address}")
    assert answer.status_code == 200
    assert told in answer.text


def test_who_empties_the_words_sees_the_usual_order(researcher: Browser) -> None:
    answer = researcher.get("/incidents?q=&sort=relevance")
    assert (answer.status_code, answer.location) == (303, "/incidents")


def test_what_is_typed_is_shown_as_text(researcher: Browser) -> None:
    page = shown(researcher, "<script>alert(1)</script> is bad").text
    assert "<script>alert" not in page
    assert "with the words “&lt;script&gt;alert(1)&lt;/script&gt; is bad”" in page


def test_a_reader_learns_nothing_of_what_is_withheld(researcher: Browser, reader: Browser) -> None:
    """Words of a protected man of the demo, and a word that stands nowhere, look the same."""
    withheld, nowhere = '"mobile phone company"', '"xyzzy phone company"'
    assert 'class="t"' in shown(researcher, withheld).text
    for q in (withheld, nowhere):
        assert 'class="t"' not in shown(reader, q).text
    for q in ("{}", "-{}", "police {}", "police -{}"):
        counts = numbers_in(shown(reader, q.format(withheld)).text)
        assert counts == numbers_in(shown(reader, q.format(nowhere)).text)
        assert len(counts) > 10


def numbers_in(page: str) -> list[str]:
    """How many there are, beside each choice, and without each filter."""
    return re.findall(r'(?:<span class="k">|role="status"><b>|</a> there \w+ )(\d+)', page)


def test_an_export_holds_the_hits_alone(researcher: Browser) -> None:
    answer = researcher.get("/incidents.csv?q=bread&status=any")
    assert answer.status_code == 200
    rows = answer.text.strip().splitlines()
    assert len(rows) == 2 and "No bread or milk" in rows[1]


@pytest.mark.parametrize("role", ["researcher", "reader"])
def test_nothing_is_found_by_what_its_page_does_not_show(
    demo: Demo, sign_in: Callable[..., Browser], role: str
) -> None:
    """But for a place's other spellings: those stand on the place's own page."""
    browser = sign_in(role)
    with demo.database.reading() as session:
        rows = session.exec(select(Incident).where(Incident.publication == "open")).all()
        known = [row for row in rows if role == "researcher" or row.status == "approved"]
        texts = texts_of(session, browser.viewer, [row.id or 0 for row in known])
    assert len(known) > 10
    for row in known:
        page = words_of(browser.get(f"/incidents/{row.reference}").text)
        for one in texts[row.id or 0].others:
            if one.field not in ("Place", "Source"):
                assert words_of(one.words) in page, (row.reference, one)


def words_of(text: str) -> str:
    return " ".join(word.text for word in words(unescape(re.sub(r"<[^>]*>", " ", text))))
