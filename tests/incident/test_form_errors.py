"""What is wrong in a form stands beside its field, and nothing that was typed is lost."""

from collections.abc import Callable

from sqlmodel import col, select

from incidents.audit.models import Revision
from incidents.incident.models import Incident, Party
from incidents.incident.record import CitationSaid
from tests.conftest import Browser, Demo
from tests.incident.desk import Desk, again, count, errors
from tests.web.filled import FilledForm

# Of the page, not of the record: what keeps words that are not saved yet, which source is read.
OF_THE_PAGE = {"kept_form", "kept_token", "kept_from", "reading"}


def test_refused_form_keeps_everything_and_says_what_is_wrong_beside_it(desk: Desk) -> None:
    form = desk.new("shortage")
    for name in sorted(form.names() - {"form_token", "version", "csrf_token"} - OF_THE_PAGE):
        if name in form.choices:
            form.fill(**{name: form.choices[name][-1]})
        elif name in form.offered and name not in ("citations-0-supports", "details-goods"):
            form.fill(**{name: form.offered[name][-1:]})
        elif name in ("citations-0-supports", "details-goods"):
            form.fill(**{name: form.offered[name][:2]})
        else:
            form.fill(**{name: f"typed <{name}>"})
    form.fill(summary="typed\n<summary>\nover lines", involvements__0__protected=None)

    response = desk.send(form, desk.address("shortage"), then="submit")

    assert response.status_code == 422
    shown = again(response)
    for name in sorted(form.names() - {"csrf_token"}):
        assert sorted(shown.values(name)) == sorted(form.values(name)), name
    assert set(shown.errors) == {
        "citations-0-source",
        "date",
        "details-duration",
        "details-prices-0-item",
        "figures-0-age_max",
        "figures-0-age_min",
        "figures-0-citation",
        "figures-0-how_many",
        "figures-0-parent",
        "place_within",
        "relations-0-to",
        "subject_place",
    }
    assert all(shown.errors.values())
    assert count(desk.team, Incident) == 0
    assert count(desk.team, Party) == 0


def test_submitting_shows_everything_missing_and_saves_nothing(desk: Desk) -> None:
    response = desk.send(desk.new("shortage"), desk.address("shortage"), then="submit")

    assert response.status_code == 422
    assert set(errors(response)) == {"date", "place", "details-goods"}
    assert count(desk.team, Incident) == 0

    desk.saved(desk.new("shortage"), desk.address("shortage"))
    assert count(desk.team, Incident) == 1


def test_changed_word_shows_the_nearest_passage_beside_the_quote(desk: Desk) -> None:
    form = desk.new().fill(citations__0__quote="There were about 30 of them.")

    told = errors(desk.send(form))

    assert list(told) == ["citations-0-quote"]
    assert "There were about 20 of them." in told["citations-0-quote"]


def test_error_below_an_empty_row_stands_at_its_own_row(desk: Desk) -> None:
    form = desk.new()
    for rows in ("figures", "figures", "relations", "involvements"):
        form = again(desk.send(form, add_row=rows))
    form.fill(
        figures__1__how_many="20",
        figures__1__age_min="40",
        figures__1__age_max="30",
        figures__2__how_many="a lot of men",
        involvements__2__party="a man",
        involvements__2__relationship="spouse_of",
        relations__1__to="INC-1999-00001",
    )
    assert set(errors(desk.send(form))) == {"figures-2-how_many", "relations-1-to"}

    form.fill(figures__2__how_many="5", relations__1__to="")
    assert set(errors(desk.send(form))) == {"figures-1-age_min", "involvements-2-party"}


def test_part_of_a_figure_counts_the_rows_of_the_page(desk: Desk) -> None:
    form = desk.new()
    for _ in range(2):
        form = again(desk.send(form, add_row="figures"))
    form.fill(figures__1__how_many="20", figures__2__how_many="5")
    for parent in ("1", "3", "9"):
        form.fill(figures__2__parent=parent)
        assert set(errors(desk.send(form))) == {"figures-2-parent"}, parent

    record = desk.team.stored(desk.saved(form.fill(figures__2__parent="2")))

    assert [(one.best, one.parent) for one in record.figures] == [(20, None), (5, 0)]


def test_what_a_quote_cannot_support_is_told_beside_it(desk: Desk) -> None:
    form = desk.new().fill(citations__0__supports=["figures.killed"])

    assert set(errors(desk.send(form))) == {"citations-0-supports"}


def test_form_without_its_token_is_refused(desk: Desk) -> None:
    form = desk.new()
    form.fields = [field for field in form.fields if field[0] != "csrf_token"]

    assert desk.send(form).status_code == 400
    assert count(desk.team, Incident) == 0


def test_code_nobody_offered_is_refused_beside_its_field(desk: Desk) -> None:
    form = desk.new().fill(
        details__custody_status="vanished",
        figures__0__how_many="3",
        figures__0__measure="goats",
        publication="secret",
        citations__0__supports=["nothing"],
        involvements__0__party="a man",
        involvements__0__kind="goat",
    )

    response = desk.send(form)

    assert response.status_code == 422
    assert {"details-custody_status", "figures-0-measure", "publication"} <= set(errors(response))
    assert "involvements-0-kind" in errors(response)
    assert count(desk.team, Incident) == 0


def test_nul_is_refused_in_every_field(desk: Desk) -> None:
    blank = desk.new("shortage").fill(date="2011-12-16", place="Janaozen")
    for name in sorted(blank.names() - {"csrf_token"}):
        form = FilledForm(list(blank.fields), offered=blank.offered, choices=blank.choices)
        response = desk.send(form.fill(**{name: "a\x00b"}), desk.address("shortage"))
        # A box is ticked or not, whatever a browser sends for a tick.
        is_box = name.endswith(("protected", "in_totals", "date_not_known"))
        unread = is_box or name in OF_THE_PAGE
        assert response.status_code in ((303, 422) if unread else (422,)), name
    with desk.team.reading() as session:
        payloads = session.exec(select(Revision.payload)).all()
    assert not any("\\u0000" in payload or "\x00" in payload for payload in payloads)


def test_half_a_character_is_no_crash(desk: Desk) -> None:
    form = desk.new()
    body = "&".join(f"{name}={value}" for name, value in form.fields if name != "title")
    for half in ("%ED%A0%BD", "%FF%FE", "%C3"):
        response = desk.browser.client.post(
            desk.address(),
            data=f"{body}&title=a{half}b&then=save",
            content_type="application/x-www-form-urlencoded",
        )
        assert response.status_code in (303, 422)


# Rows.


def test_rows_are_added_and_removed_and_everything_stays(desk: Desk) -> None:
    form = desk.new("shortage").fill(title="Kept", citations__0__quote="not looked up yet")
    form.fill(details__prices__0__item="eggs", details__goods=["water"])
    for rows in ("citations", "figures", "involvements", "relations", "details-prices"):
        response = desk.send(form, desk.address("shortage"), add_row=rows)
        assert response.status_code == 200
        form = again(response)
    last = {"citations": 1, "figures": 1, "involvements": 2, "relations": 1, "details-prices": 1}
    assert all(any(n.startswith(f"{r}-{i}-") for n in form.names()) for r, i in last.items())
    assert form["citations-1-source"] == desk.source
    form.fill(involvements__0__party="first", involvements__1__party="second")
    form.fill(involvements__2__party="third", involvements__2__protected=None)
    form.fill(details__prices__1__item="flour")

    form = again(desk.send(form, desk.address("shortage"), remove_row="involvements-0"))
    form = again(desk.send(form, desk.address("shortage"), remove_row="details-prices-0"))

    assert (form["involvements-0-party"], form["involvements-1-party"]) == ("second", "third")
    assert form.values("involvements-1-protected") == []
    assert "involvements-2-party" not in form.names()
    assert form["details-prices-0-item"] == "flour"
    assert (form["title"], form["citations-0-quote"]) == ("Kept", "not looked up yet")
    assert form.values("details-goods") == ["water"]
    assert count(desk.team, Incident) == 0


def test_button_nobody_offered_changes_nothing(desk: Desk) -> None:
    form = desk.new().fill(title="Kept")
    for pressed in (
        {"add_row": "nothing"},
        {"add_row": "title"},
        {"add_row": "\x00"},
        {"remove_row": "citations-0"},
        {"remove_row": "citations-9"},
        {"remove_row": "citations-x"},
        {"remove_row": "citations-²"},
        {"remove_row": "title-0"},
    ):
        response = desk.send(form, **pressed)
        assert response.status_code == 200, pressed
        assert _typed_in(again(response)) == _typed_in(form), pressed


def _typed_in(form: FilledForm) -> list[tuple[str, str]]:
    return sorted(field for field in form.fields if field[0] != "csrf_token")


# Twice, stale, hostile.


def test_form_sent_twice_makes_one_incident(desk: Desk) -> None:
    form = desk.new().fill(title="Once", place="New town", place_country="KZ")
    form.fill(involvements__0__party="a man")

    first = desk.saved(form, then="save")
    second = desk.saved(form, then="save")

    assert first == second
    assert count(desk.team, Incident) == 1
    assert count(desk.team, Party) == 1


def test_hostile_words_are_words_on_every_page(desk: Desk) -> None:
    hostile = "<b id=hostile>\"'{{7*7}}"
    form = desk.new("witness_statement")
    for name in ("title", "summary", "notes", "date_verbatim", "place_verbatim", "event"):
        form.fill(**{name: hostile + name})
    form.fill(
        date="2011-12-16",
        place=hostile + "place",
        place_country="KZ",
        citations__0__speaker=hostile + "speaker",
        citations__0__note=hostile + "note",
        involvements__0__party=hostile + "party",
        details__capacity=hostile + "capacity",
        details__said__0__text=hostile + "said",
        figures__0__how_many=hostile,
    )
    refused = desk.send(form, desk.address("witness_statement"))
    assert refused.status_code == 422
    reference = desk.saved(form.fill(figures__0__how_many=""), desk.address("witness_statement"))

    pages = [refused]
    for address in (reference, f"{reference}/edit", f"{reference}/history", "new?source="):
        address = address.replace("new?source=", f"new?source={desk.source}&type=detention")
        pages.append(desk.browser.get(f"/incidents/{address}"))
    pages.append(desk.browser.get("/incidents?status=any"))
    for page in pages:
        body = page.get_data(as_text=True)
        assert "&lt;b id=hostile&gt;" in body, page.request.path
        assert "<b id=hostile>" not in body, page.request.path
        assert "{{7*7}}" in body, page.request.path


def test_next_incident_of_a_source_carries_what_they_share(desk: Desk) -> None:
    form = desk.new().fill(
        date="2011-12-16", place="Janaozen", event="December", involvements__0__party="a man"
    )
    response = desk.send(form, then="again")
    assert response.status_code == 303

    following = again(desk.browser.get(response.location))

    assert (following["date"], following["event"]) == ("2011-12-16", "December")
    assert following["place"].startswith("Janaozen")
    assert following["involvements-0-party"] == "a man"
    assert following["citations-0-quote"] == ""
    assert following["form_token"] != form["form_token"]


def test_empty_figure_of_an_edit_counts_what_its_type_counts(desk: Desk) -> None:
    reference = desk.team.recorded(citations=(CitationSaid(source=1),))

    form = desk.edit(reference)

    assert (form["figures-0-measure"], form["figures-0-citation"]) == ("detained", "1")
    desk.saved(form.fill(figures__0__how_many="5"), f"/incidents/{reference}/edit")
    with desk.team.reading() as session:
        last = session.exec(
            select(Revision.payload)
            .where(Revision.entity == "incident")
            .order_by(col(Revision.version).desc())
        ).first()
    assert last is not None
    assert '"measure":"detained"' in last


def test_a_wrong_quote_is_named_together_with_what_cannot_be_read(
    demo: Demo, sign_in: Callable[..., Browser]
) -> None:
    """One round of errors, not two."""
    browser = sign_in("researcher")
    address = "/incidents/new?source=SRC-2026-00001&type=detention"
    sent = {
        "citations-0-source": "SRC-2026-00001",
        "citations-0-quote": "Then the police opened the door.",
        "date": "in the spring",
        "figures-0-how_many": "half of them",
        "figures-0-measure": "detained",
        "involvements-0-role": "victim",
        "then": "submit",
    }
    answer = browser.post(address, sent)
    assert answer.status_code == 422
    for told in ("not in the snapshot", "in the spring", "is a share, not a count"):
        assert told in answer.text


def test_a_further_quote_left_empty_is_asked_about_or_no_row(desk: Desk) -> None:
    other = desk.team.source_row().reference
    form = again(desk.send(desk.new(), add_row="citations"))
    form = again(desk.send(form, add_row="citations"))
    form.fill(citations__1__note="Of a photograph", citations__2__quote="There were about 20")
    form.fill(figures__0__how_many="20", figures__0__citation="3")

    asked = desk.send(form)
    assert asked.status_code == 422
    assert "Paste the words, or tick" in errors(asked)["citations-1-quote"]
    for said in ({"note": "", "source": other}, {"note": "", "stance": "contradicts"}):
        typed = {f"citations__1__{name}": value for name, value in said.items()}
        assert "citations-1-quote" in errors(desk.send(again(asked).fill(**typed)))

    dropped = desk.team.stored(desk.saved(again(asked).fill(citations__1__note="")))
    assert [bool(one.quote) for one in dropped.citations] == [False, True]
    assert dropped.figures[0].citation == 1

    form = again(desk.send(desk.new(), add_row="citations"))
    kept = desk.saved(form.fill(citations__1__source=other, citations__1__whole=["y"]))
    assert [one.quote for one in desk.team.stored(kept).citations] == [None, None]
    reopened = desk.edit(kept)
    assert reopened["citations-1-whole"] == "y"
    desk.saved(reopened.fill(title="Again"), f"/incidents/{kept}/edit")
    assert len(desk.team.stored(kept).citations) == 2


def test_a_figure_that_rests_on_a_quote_left_empty_says_so(desk: Desk) -> None:
    form = again(desk.send(desk.new(), add_row="citations"))
    form.fill(figures__0__how_many="20", figures__0__citation="2")

    refused = desk.send(form)

    assert refused.status_code == 422
    assert set(errors(refused)) == {"figures-0-citation"}
