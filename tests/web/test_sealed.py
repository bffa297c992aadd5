"""What is sealed exists for the accounts it names only: no page, count, relation or row tells."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from incidents.incident.actions import restrict
from incidents.incident.queries.lookup import incident_by_reference
from tests.conftest import Browser, Demo
from tests.factories import Person

Browsing = Callable[..., Browser]


@pytest.fixture
def sealed(demo: Demo) -> str:
    """The husband's detention, sealed by its author: its own, its author's and nobody else's."""
    reference = demo.references["JZ-06"]
    with demo.database.writing() as session:
        work = demo.services.work(session, demo.people["researcher"])
        incident = incident_by_reference(session, work.actor, reference)
        restrict(work, reference, incident.version, "sealed")
        session.commit()
    return reference


def pages(demo: Demo) -> list[str]:
    """Where its reference or its title could stand."""
    other = demo.references["JZ-07"]
    return [
        "/",
        "/incidents",
        "/incidents?type=detention",
        "/incidents?relation=same_victim",
        f"/incidents/{other}",
        "/sources",
        "/sources/SRC-2026-00001",
        "/incidents.csv?columns=full",
        "/incidents/citations.csv?columns=full",
        "/incidents/relations.csv?columns=full",
        "/incidents/figures.csv?columns=full",
        "/incidents/parties.csv?columns=full",
    ]


@pytest.mark.parametrize("role", ["reader", "researcher", "reviewer", "admin"])
def test_nobody_else_learns_of_a_sealed_incident(
    app: Flask, demo: Demo, sealed: str, sign_in: Browsing, role: str
) -> None:
    browser = sign_in(role)
    unknown = "INC-2026-09999"
    answers = [browser.get(f"/incidents/{one}") for one in (sealed, unknown)]
    assert [answer.status_code for answer in answers] == [404, 404]
    told, untold = (
        answer.text.replace(one, "") for answer, one in zip(answers, (sealed, unknown), strict=True)
    )
    assert _without_nonces(told) == _without_nonces(untold)
    for address in pages(demo):
        answer = browser.get(address)
        assert answer.status_code == 200, address
        assert sealed not in answer.text, address
        assert "Man detained by OMON" not in answer.text, address


def test_the_named_author_still_sees_it(app: Flask, demo: Demo, sealed: str, sign_in: Any) -> None:
    author = demo.people["researcher"]
    browser = sign_in(person=Person(author.account_id or 0, author))
    assert browser.get(f"/incidents/{sealed}").status_code == 200
    assert sealed in browser.get("/incidents?type=detention").text
    assert sealed in browser.get("/incidents.csv?columns=full").text


def test_counts_do_not_tell(app: Flask, demo: Demo, sealed: str, sign_in: Browsing) -> None:
    browser = sign_in("researcher")
    assert "16 incidents" in _words(browser.get("/incidents").text)
    assert "16 incidents" in _words(browser.get("/sources/SRC-2026-00001").text)
    assert "about 20 detained" in _words(browser.get("/incidents?status=any").text)
    assert "21" not in _words(browser.get("/incidents?type=detention").text).split("Totals")[1]


def test_a_sealed_contradiction_contests_nobody_openly(
    app: Flask, demo: Demo, sign_in: Browsing
) -> None:
    reference = demo.references["JZ-17"]
    with demo.database.writing() as session:
        work = demo.services.work(session, demo.people["researcher"])
        incident = incident_by_reference(session, work.actor, reference)
        restrict(work, reference, incident.version, "sealed")
        session.commit()
    browser = sign_in("researcher")
    assert "Contested" not in browser.get(f"/incidents/{demo.references['JZ-16']}").text
    assert "No incident" in browser.get("/incidents?sourcing=contested").text


def _without_nonces(html: str) -> str:
    return re.sub(r'value="[^"]*"', "", html)


def _words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_forms_offer_nothing_of_what_is_sealed(app: Flask, demo: Demo, sign_in: Browsing) -> None:
    """A party, a place or an event that only a sealed incident speaks of."""
    reference = demo.references["JZ-02"]
    with demo.database.writing() as session:
        work = demo.services.work(session, demo.people["reviewer"])
        incident = incident_by_reference(session, work.actor, reference)
        restrict(work, reference, incident.version, "sealed")
        session.commit()
    form = "/incidents/new?source=SRC-2026-00001&type=detention"
    offered = sign_in("researcher").get(form).text
    assert "Hospital (not named)" not in offered
    assert '<option value="woman who died' not in offered
    assert "Town police station" in offered
    named = demo.people["researcher"]
    seen = sign_in(person=Person(named.account_id or 0, named)).get(form).text
    assert "Hospital (not named)" in seen
