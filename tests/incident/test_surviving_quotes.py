"""Quotes outlive a new copy of their source: on pages, in exports, through edits; and several
sources, or one without any text, stand behind one incident.
"""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from incidents.incident.queries.page import incident_page
from incidents.incident.queries.views import IncidentPage
from incidents.incident.record import CitationSaid, FigureSaid, Record
from incidents.source.actions import add_snapshot, prepare
from incidents.source.record import pasted
from incidents.viewer import Viewer
from tests.factories import Person
from tests.incident.desk import Desk, again, errors
from tests.team import TEXT, Team

NEWER = "The article was corrected.\n\nPolice opened fire on Friday.\n"
LOST = "There were about 20 of them."


def copied(team: Team, reference: str, text: str = NEWER) -> None:
    prepared = prepare(pasted(text), limit_mb=1)
    team.services.archive.put(prepared.stored)
    with team.work() as work:
        add_snapshot(work, reference, prepared)


def page_of(team: Team, viewer: Viewer, reference: str) -> IncidentPage:
    with team.reading() as session:
        return incident_page(session, viewer, team.services.keyring, reference)


def cited(team: Team, *words: str, source: int) -> str:
    return team.recorded(citations=tuple(team.quoting(one, source=source) for one in words))


def test_the_page_shows_the_quote_and_leads_to_its_copy(team: Team) -> None:
    source = team.source_row()
    reference = cited(team, LOST, source=source.id or 0)
    before = team.stored(reference)
    copied(team, source.reference)
    assert team.stored(reference) == before
    (line,) = page_of(team, team.author, reference).citations
    assert (line.quote, line.copy, line.copies) == (LOST, 1, 2)
    newer = cited(team, "The article was corrected.", source=source.id or 0)
    assert page_of(team, team.author, newer).citations[0].copy is None


def test_the_page_s_link_names_the_copy(desk: Desk) -> None:
    team = desk.team
    source = team.source_row()
    reference = cited(team, LOST, source=source.id or 0)
    copied(team, source.reference)
    text = unescape(desk.browser.get(f"/incidents/{reference}").text)
    assert f'href="/sources/{source.reference}?copy=1#{reference}"' in text
    assert "From copy 1 of 2" in text


def test_exports_stay_as_they_are(desk: Desk) -> None:
    source = desk.team.source_row()
    cited(desk.team, LOST, source=source.id or 0)
    address = "/incidents/citations.csv?status=any"
    before = desk.browser.get(address).data
    assert LOST.encode() in before
    copied(desk.team, source.reference)
    assert desk.browser.get(address).data == before


def test_an_incident_is_edited_while_its_quote_stands_only_in_an_older_copy(desk: Desk) -> None:
    team = desk.team
    source = team.source_row()
    reference = cited(team, "Police opened fire on Friday.", LOST, source=source.id or 0)
    before = team.stored(reference).citations
    copied(team, source.reference)
    form = desk.edit(reference).fill(title="Twenty men detained")
    desk.saved(form, f"/incidents/{reference}/edit")
    assert team.stored(reference).title == "Twenty men detained"
    assert team.stored(reference).citations == before


def test_a_row_taken_away_leaves_the_other_quotes_where_they_were(desk: Desk) -> None:
    team = desk.team
    source = team.source_row()
    words = (LOST, "Police opened fire on Friday.")
    reference = cited(team, *words, source=source.id or 0)
    kept = team.stored(reference).citations[1]
    copied(team, source.reference)
    address = f"/incidents/{reference}/edit"
    form = again(desk.send(desk.edit(reference), address, remove_row="citations-0"))
    desk.saved(form, address)
    # The words stand in the newer copy too: they stay pinned to the one they were taken from.
    assert team.stored(reference).citations == (kept,)


def test_new_words_may_be_taken_from_any_copy(team: Team) -> None:
    source = team.source_row()
    first = cited(team, LOST, source=source.id or 0)
    copied(team, source.reference)
    older = cited(team, "about 20 of them", source=source.id or 0)
    newer = cited(team, "Police opened fire on Friday.", source=source.id or 0)
    snapshots = [team.stored(one).citations[0].snapshot for one in (first, older, newer)]
    assert snapshots[0] == snapshots[1] != snapshots[2]


def test_a_protected_person_s_words_are_withheld_from_another_copy_too(
    team: Team, sign_in: Callable[..., Any]
) -> None:
    source = team.source_row()
    speaker = team.party("wife of detained man", privacy="protected")
    spoken = team.quoting("he was beaten up", source=source.id, speaker=speaker)
    team.recorded(citations=(spoken,))
    copied(team, source.reference, "Corrected. A woman said: ‘he was  beaten up’.\n\nNobody ran.")
    words = ("A woman said: ‘he was  beaten up’.", "Nobody ran.")
    shown = team.recorded(
        status="approved",
        citations=tuple(team.quoting(one, source=source.id) for one in words),
    )
    lines = page_of(team, team.reader, shown).citations
    assert [(line.quote, line.withheld) for line in lines] == [("", True), ("Nobody ran.", False)]
    assert [line.quote for line in page_of(team, team.author, shown).citations] == list(words)
    assert team.reader.account_id is not None
    browser = sign_in(person=Person(team.reader.account_id, team.reader))
    exported = browser.get("/incidents/citations.csv").text
    assert "Nobody ran." in exported and "beaten up" not in exported


def test_an_incident_is_logged_from_a_source_without_text(desk: Desk) -> None:
    source = desk.team.source_row(None)
    desk.source = source.reference
    form = desk.new()
    assert "citations-0-quote" not in form.names()
    page = desk.browser.get(desk.address()).text
    assert "Nothing can be quoted from" in page
    assert f'href="/sources/{source.reference}/snapshots/new"' in page
    reference = desk.saved(form)
    (citation,) = desk.team.stored(reference).citations
    assert (citation.source, citation.quote) == (source.id, None)
    assert "citations-0-quote" not in desk.edit(reference).names()


def test_words_typed_of_a_source_without_text_stay_with_their_error(desk: Desk) -> None:
    source = desk.team.source_row(None)
    form = desk.new()
    form.fill(**{"citations-0-source": source.reference, "citations-0-quote": "Police"})
    response = desk.send(form)
    assert response.status_code == 422
    assert "no stored text" in errors(response)["citations-0-quote"]
    assert again(response)["citations-0-quote"] == "Police"


def test_one_incident_rests_on_several_sources(desk: Desk) -> None:
    other = desk.team.source_row("Another paper: about 30 men were taken.\n", title="Another paper")
    form = again(desk.send(desk.new(), add_row="citations"))
    form.fill(
        **{
            "citations-0-quote": "about 20",
            "citations-1-source": other.reference.lower(),
            "citations-1-quote": "about 30 men were taken",
        }
    )
    response = desk.send(form, read="citations-1-source")
    assert response.status_code == 200
    page = response.get_data(as_text=True)
    # Its quote is boxed in it.
    assert "Another paper: <mark" in page
    assert f'name="read" value="{desk.source}"' in page
    form = again(response)
    assert form["citations-0-quote"] == "about 20"
    # It stays beside the form until another is asked for.
    still = desk.send(form, add_row="figures").get_data(as_text=True)
    assert "Another paper: <mark" in still
    back = desk.send(form, read=desk.source).get_data(as_text=True)
    assert "Another paper: " not in back
    reference = desk.saved(form)
    assert [one.source for one in desk.team.stored(reference).citations][1] == other.id


def test_a_source_that_may_not_be_seen_is_not_read_beside_the_form(desk: Desk) -> None:
    team = desk.team
    hidden = team.source_row("Secret words.", by=team.colleague, protected=True, kind="testimony")
    form = desk.new().fill(**{"citations-0-source": hidden.reference})
    for asked in (hidden.reference, "citations-0-source"):
        page = desk.send(form, read=asked).get_data(as_text=True)
        assert "Secret words." not in page and hidden.title not in page


def test_figures_of_one_measure_stand_side_by_side(team: Team) -> None:
    first, second = team.source(publisher="IWPR"), team.source("About 30 men.", publisher="Azattyq")
    speaker = team.party("a woman", privacy="label")
    reference = team.recorded(
        citations=(
            team.quoting("about 20", source=first, speaker=speaker),
            CitationSaid(source=second),
        ),
        figures=(
            FigureSaid(
                measure="detained",
                best=20,
                qualifier="approximately",
                citation=0,
                in_totals=True,
                totals_reason="She saw them.",
            ),
            FigureSaid(measure="detained", low=30, qualifier="at_least", citation=1),
            FigureSaid(measure="injured", best=2, qualifier="exact", citation=1, in_totals=True),
        ),
    )
    (compared,) = page_of(team, team.author, reference).comparisons
    assert (compared.measure, compared.agree) == ("Detained", False)
    assert [(row.low, row.best, row.mark, row.in_totals) for row in compared.rows] == [
        (None, 20, 1, True),
        (30, None, 2, False),
    ]
    assert [(row.speaker, row.reason) for row in compared.rows] == [
        ("a woman", "She saw them."),
        ("", ""),
    ]
    assert [row.source.publisher for row in compared.rows if row.source] == ["IWPR", "Azattyq"]


def _figures(*said: dict[str, Any]) -> tuple[FigureSaid, ...]:
    return tuple(FigureSaid(measure="detained", qualifier="exact", **one) for one in said)


@pytest.mark.parametrize(
    "figures",
    [
        _figures({"best": 20, "citation": 0}, {"best": 21, "citation": 0}),
        _figures({"best": 20, "citation": 0}, {"best": 5, "citation": 1, "parent": 0}),
        _figures(
            {"best": 20, "sex": "male", "citation": 0}, {"best": 5, "sex": "female", "citation": 1}
        ),
    ],
)
def test_what_is_no_contradiction_is_not_compared(
    team: Team, figures: tuple[FigureSaid, ...]
) -> None:
    sources = (team.source(), team.source("Other."))
    citations = tuple(CitationSaid(source=one) for one in sources)
    reference = team.recorded(citations=citations, figures=figures)
    assert page_of(team, team.author, reference).comparisons == ()


def test_quote_marks_lead_to_the_words(desk: Desk) -> None:
    team = desk.team
    record: Record = team.record(citations=(team.quoting("about 20", fields=("date",)),))
    reference = team.recorded(record)
    text = desk.browser.get(f"/incidents/{reference}").text
    assert 'href="#c1"' in text and 'id="c1"' in text
    assert TEXT not in text
