"""What broke under hostile input and other people's eyes once, and must not again."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlmodel import col, select

from incidents.audit.queries import problems
from incidents.incident.actions import (
    PartySaid,
    add_event,
    add_party,
    edit_incident,
    record_incident,
)
from incidents.incident.models import Citation, Incident, Party
from incidents.incident.queries.lookup import incident_by_reference, stored_record
from incidents.incident.record import InvolvementSaid, RelationSaid
from incidents.review.actions import propose_correction, submit_correction
from incidents.review.models import Correction
from tests.conftest import Browser, Demo, form_token
from tests.factories import Person
from tests.web.filled import FilledForm, form_of

Browsing = Callable[..., Browser]
NEW = "/incidents/new?source=SRC-2026-00001&type=detention"
PAST_ANY_ROW = ("2147483648", "9223372036854775808", "9" * 40, "9" * 5000)


def signed_in_as(demo: Demo, sign_in: Browsing, name: str) -> Browser:
    viewer = demo.people[name]
    return sign_in(person=Person(viewer.account_id or 0, viewer))


def send(browser: Browser, address: str, form: FilledForm, **more: str) -> Any:
    data = form.data(then="save")
    for name, value in more.items():
        data[name] = value
    data["csrf_token"] = form_token(browser.client)
    return browser.client.post(address, data=data)


@pytest.mark.parametrize("number", PAST_ANY_ROW)
def test_a_number_no_row_can_have_is_not_there(
    app: Flask, demo: Demo, sign_in: Browsing, number: str
) -> None:
    admin, reviewer = (signed_in_as(demo, sign_in, name) for name in ("admin", "reviewer"))
    assert admin.get(f"/exports/{number}").status_code == 404
    assert admin.get(f"/settings/accounts/{number}").status_code == 404
    for address in (
        *(f"/settings/accounts/{number}{step}" for step in ("", "/disable", "/enable", "/link")),
        f"/account/sessions/{number}/end",
    ):
        assert admin.post(address, {"roles": "reader"}).status_code in (404, 405), address
    assert reviewer.post(f"/corrections/{number}/approve", {"version": "1"}).status_code == 404


@pytest.mark.parametrize("version", [*PAST_ANY_ROW, "-1", "two", "²"])
def test_a_version_nobody_read_decides_nothing(
    app: Flask, demo: Demo, sign_in: Browsing, version: str
) -> None:
    reviewer = signed_in_as(demo, sign_in, "reviewer")
    waiting, approved = demo.references["JZ-08"], demo.references["JZ-01"]
    with demo.database.reading() as session:
        correction = session.exec(select(Correction.id)).one()
    for address, more in (
        (f"/incidents/{waiting}/approve", {}),
        (f"/incidents/{waiting}/return", {"return-reason": "Why"}),
        (f"/incidents/{approved}/restrict", {"restrict-publication": "internal"}),
        (f"/corrections/{correction}/approve", {}),
        (f"/corrections/{correction}/return", {"correction-return-reason": "Why"}),
    ):
        assert reviewer.post(address, {"version": version, **more}).status_code == 409, address


@pytest.mark.parametrize(
    "field", ["citations-²-quote", f"citations-{'9' * 5000}-quote", "figures-٣-how_many"]
)
def test_rows_no_page_of_ours_has_are_refused(
    app: Flask, demo: Demo, sign_in: Browsing, field: str
) -> None:
    browser = signed_in_as(demo, sign_in, "researcher")
    form = form_of(browser.get(NEW).text, "form_token")
    assert send(browser, NEW, form, **{field: "1"}).status_code == 400


@pytest.mark.parametrize(
    "more", [{"citations-0-credibility": "9" * 5000}, {"remove_row": "citations-" + "9" * 5000}]
)
def test_a_number_too_long_to_be_one_is_no_failure(
    app: Flask, demo: Demo, sign_in: Browsing, more: dict[str, str]
) -> None:
    browser = signed_in_as(demo, sign_in, "researcher")
    form = form_of(browser.get(NEW).text, "form_token")
    assert send(browser, NEW, form, **more).status_code in (200, 422)


@pytest.mark.parametrize("address", ["/incidents/INC-٢٠٢٦-00001", "/sources/SRC-٢٠٢٦-00001"])
def test_a_reference_has_one_set_of_digits(
    app: Flask, demo: Demo, sign_in: Browsing, address: str
) -> None:
    assert sign_in("researcher").get(address).status_code == 404


def test_parties_and_events_of_what_is_sealed_are_nobody_elses(
    app: Flask, demo: Demo, sign_in: Browsing
) -> None:
    """By number, by name and as a suggestion."""
    with demo.database.writing() as session:
        work = demo.services.work(session, demo.people["reviewer"])
        event = add_event(work, "A hidden raid")
        party = add_party(work, PartySaid("organisation", "A hidden group", privacy="public"))
        witness = add_party(work, PartySaid("individual", "a hidden witness"))
        assert party.id is not None and witness.id is not None
        known = incident_by_reference(session, work.actor, demo.references["JZ-06"])
        people = [InvolvementSaid(party=one, role="present") for one in (party.id, witness.id)]
        record = stored_record(session, known).model_copy(
            update={
                "publication": "sealed",
                "event": event.id,
                "involvements": tuple(people),
                "relations": (),
            }
        )
        record_incident(work, record)
        session.commit()
    addresses = (
        *(f"/incidents?party={one}" for one in (party.id, witness.id, "A hidden group")),
        f"/incidents?event={event.id}",
        "/incidents?event=a hidden raid",
        NEW,
    )
    other, author = sign_in("researcher"), signed_in_as(demo, sign_in, "reviewer")
    hidden = ("A hidden raid", "A hidden group", "a hidden witness")
    for address in addresses:
        page = other.get(address).text
        asked_for = address.partition("=")[2]
        assert not [words for words in hidden if words in page and words != asked_for], address
        if address != NEW:
            assert " is called “" in page, address
        assert any(words in author.get(address).text for words in hidden), address


def test_who_opened_a_correction_at_the_same_time_does_not_write_over_it(
    app: Flask, demo: Demo, sign_in: Browsing
) -> None:
    with demo.database.reading() as session:
        incident = session.exec(
            select(Incident).where(Incident.status == "approved", Incident.version == 1)
        ).first()
    assert incident is not None
    address = f"/incidents/{incident.reference}/correct"
    one, other = sign_in("researcher"), sign_in("researcher")
    forms = [form_of(browser.get(address).text, "form_token") for browser in (one, other)]
    assert send(one, address, forms[0], title="By one", reason="One").status_code == 303
    late = send(other, address, forms[1], title="By the other", reason="Other")
    assert late.status_code == 422
    assert "already open" in late.text and "By the other" in late.text
    # The first one's second click makes nothing new.
    assert send(one, address, forms[0], title="By one", reason="One").status_code == 303
    with demo.database.reading() as session:
        made = session.exec(select(Correction).where(Correction.incident_id == incident.id)).one()
    assert (made.version, made.reason) == (1, "One")
    editing = form_of(other.get(address).text, "form_token")
    assert send(other, address, editing, title="By both", reason="Both").status_code == 303


def test_a_form_typed_before_a_correction_was_submitted_keeps_its_words(
    app: Flask, demo: Demo, sign_in: Browsing
) -> None:
    reference = demo.references["JZ-01"]
    address = f"/incidents/{reference}/correct"
    one, other = sign_in("researcher"), sign_in("researcher")
    forms = [form_of(browser.get(address).text, "form_token") for browser in (one, other)]
    for _twice in range(2):
        sent = send(one, address, forms[0], title="By one", reason="One", then="submit")
        assert sent.status_code == 303
    late = send(other, address, forms[1], title="By the other", reason="Other")
    assert late.status_code == 422 and "By the other" in late.text


def test_nobody_stops_protecting_a_person_by_a_draft(
    app: Flask, demo: Demo, sign_in: Browsing
) -> None:
    """What an approved incident shows changes by a second person's approval alone."""
    with demo.database.reading() as session:
        incident, citation, speaker = session.exec(
            select(Incident, Citation, Party)
            .join(Citation, col(Citation.incident_id) == col(Incident.id))
            .join(Party, col(Party.id) == col(Citation.speaker_id))
            .where(Party.privacy == "protected", Incident.status == "approved")
        ).first() or (None, None, None)
    assert incident is not None and citation is not None and speaker is not None
    browser, reader = signed_in_as(demo, sign_in, "researcher"), sign_in("reader")
    address = f"/incidents/{incident.reference}/correct"
    form = form_of(browser.get(address).text, "form_token")
    form.fields = [one for one in form.fields if not one[0].endswith("protected")]
    sent = send(browser, address, form, title="Another title", reason="Why not")
    assert sent.status_code == 422
    assert "stays protected" in sent.text
    assert (
        citation.quote and citation.quote not in reader.get(f"/incidents/{incident.reference}").text
    )
    with demo.database.reading() as session:
        assert session.get_one(Party, speaker.id).privacy == "protected"


@pytest.mark.parametrize("name", ["\x00.txt", "a\x1bb.txt", "\u202etxt.txt"])
def test_a_file_may_have_any_name(app: Flask, demo: Demo, sign_in: Browsing, name: str) -> None:
    browser = signed_in_as(demo, sign_in, "researcher")
    form = form_of(browser.get("/sources/new").text, "form_token")
    fields = {"title": "A note", "kind": "news_article", "form_token": form["form_token"]}
    fields["csrf_token"] = form_token(browser.client)
    upload = (BytesIO(f"Words of {name!r}".encode()), name)
    sent = browser.client.post("/sources/new", data={**fields, "file": upload})
    assert sent.status_code == 303
    page = browser.get(sent.location).text
    found = re.search(r"/sources/[^\"]+/snapshots/[0-9a-f]+", page)
    assert found is not None
    given = browser.get(found[0]).headers["Content-Disposition"]
    assert given.startswith("attachment") and given.isprintable()


def test_one_form_sent_twice_at_once_makes_one_of_everything(
    app: Flask, demo: Demo, sign_in: Browsing
) -> None:
    """The incident, and the party and the event it names for the first time."""
    browser = signed_in_as(demo, sign_in, "researcher")
    form = form_of(browser.get(NEW).text, "form_token")
    form.fill(title="At once", event="A new event", involvements__0__party="a man nobody met")
    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(lambda one: send(one, NEW, form), _clones(browser, 4)))
    assert {answer.status_code for answer in sent} == {303}
    assert len({answer.location for answer in sent}) == 1
    with demo.database.reading() as session:
        assert len(session.exec(select(Incident).where(Incident.title == "At once")).all()) == 1
        named = select(Party).where(Party.label == "a man nobody met")
        assert len(session.exec(named).all()) == 1
        assert not list(problems(session))


def _clones(browser: Browser, number: int) -> list[Browser]:
    """The same person's browser, several at once: a test client is for one thread."""
    with browser.client.session_transaction() as cookie:
        kept = dict(cookie)
    clones = [browser.client.application.test_client() for _ in range(number)]
    for clone in clones:
        with clone.session_transaction() as cookie:
            cookie.update(kept)
    return [Browser(clone, browser.person) for clone in clones]


def test_a_correction_that_cannot_be_approved_says_why(
    app: Flask, demo: Demo, sign_in: Browsing
) -> None:
    """Its relation was recorded from the other end while it waited."""
    author, reviewer = demo.people["researcher"], demo.people["reviewer"]
    one, other = demo.references["JZ-01"], demo.references["JZ-12"]
    with demo.database.writing() as session:
        work = demo.services.work(session, author)
        incident, partner = (
            incident_by_reference(session, author, reference) for reference in (one, other)
        )
        assert incident.id is not None and partner.id is not None
        says = RelationSaid(type="contradicts", to=partner.id)
        proposed = stored_record(session, incident)
        proposed = proposed.model_copy(update={"relations": (*proposed.relations, says)})
        correction = propose_correction(work, one, incident.version, proposed, "They differ")
        submit_correction(work, correction.id or 0, correction.version)
        back = RelationSaid(type="contradicts", to=incident.id)
        record = stored_record(session, partner)
        record = record.model_copy(update={"relations": (*record.relations, back)})
        edit_incident(work, other, partner.version, record)
        session.commit()
    browser = sign_in(person=Person(reviewer.account_id or 0, reviewer))
    sent = browser.post(f"/corrections/{correction.id}/approve", {"version": "1"})
    assert sent.status_code == 422
    assert "The other incident already says this." in sent.text


# Address → what it reads from its query.
ASKED = {
    "/incidents": (
        "q",
        "place",
        "party",
        "event",
        "source",
        "publisher",
        "author",
        "after",
        "from",
    ),
    "/incidents/new": ("source", "type", "after", "kept"),
    "/incidents/suggest": ("q", "source"),
    "/parties": ("q", "kind", "after"),
    "/parties/suggest": ("q", "source", "role", "kind", "protected"),
    "/parties/1/merge": ("q", "into"),
    "/events": ("q",),
    "/events/suggest": ("q",),
    "/places": ("q", "country"),
    "/places/new": ("parent", "gazetteer", "name"),
    "/places/1/edit": ("gazetteer",),
    "/places/suggest": ("q", "country"),
    "/places/read": ("text",),
    "/places/near": ("lat", "lon", "span"),
    "/sources": ("q", "kind", "publisher", "after"),
    "/sources/same": ("url", "kind"),
    "/sources/suggest": ("q",),
    "/sources/SRC-2026-00001": ("copy", "against"),
    "/dates/read": ("text", "source"),
    "/quantities/read": ("text",),
}


@pytest.mark.parametrize("address", ASKED)
def test_no_question_breaks_it(demo: Demo, sign_in: Browsing, address: str) -> None:
    """NUL above all, which PostgreSQL takes in no text."""
    browser = signed_in_as(demo, sign_in, "researcher")
    for name in ASKED[address]:
        for asked in ("a\x00b", "%", "9" * 30, "١٢", "NaN", "\u202e<b>", "x" * 3000):
            response = browser.get(address, query_string={name: asked})
            assert response.status_code < 500, (name, asked)
