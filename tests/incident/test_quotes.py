"""Quotes are pinned to exact words of a snapshot, or refused with what comes nearest."""

import pytest
from sqlmodel import select

from incidents.audit.models import Revision
from incidents.errors import FieldErrors
from incidents.incident.actions import (
    edit_incident,
)
from incidents.incident.models import (
    Citation,
)
from incidents.incident.queries.sealed import opened_record
from incidents.incident.record import (
    CitationSaid,
    Quote,
)
from incidents.source.models import Snapshot
from tests.team import TEXT, Team


def quoted(team: Team, reference: str, index: int = 0) -> Quote:
    quote = team.stored(reference).citations[index].quote
    assert quote is not None
    return quote


def test_quote_is_pinned_where_it_stands(team: Team) -> None:
    reference = team.recorded(citations=(team.quoting("There were about 20 of them."),))

    quote = quoted(team, reference)
    with team.reading() as session:
        text = session.exec(select(Snapshot.text)).one()
    assert text is not None
    assert text[quote.start : quote.end] == quote.exact == "There were about 20 of them."
    assert (quote.prefix, quote.suffix) == (text[: quote.start or 0][-32:], "\n")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (
            'her husband was detained - "he was beaten up",',
            "her husband was detained – “he was beaten up”,",
        ),
        ("“he was beaten up”, she said.", "“he was beaten up”,\nshe said."),
        ("  There   were\tabout 20 ", "There were about 20"),
    ],
)
def test_folded_quote_is_stored_exactly_as_the_source_has_it(
    team: Team, typed: str, stored: str
) -> None:
    reference = team.recorded(citations=(team.quoting(typed),))

    assert quoted(team, reference).exact == stored


def test_one_changed_word_is_refused_with_the_nearest_passage(team: Team) -> None:
    first = team.quoting("Police opened fire on Friday.")
    second = team.quoting("There were about 30 of them.", source=first.source)

    with pytest.raises(FieldErrors) as refused:
        team.recorded(citations=(first, second))

    assert list(refused.value.errors) == ["citations.1.quote"]
    assert "“There were about 20 of them.”" in refused.value.errors["citations.1.quote"][0]


def test_quote_from_a_source_without_text_is_refused(team: Team) -> None:
    with pytest.raises(FieldErrors) as refused:
        team.recorded(citations=(team.quoting("anything", source=team.source(None)),))

    assert refused.value.errors == {
        "citations.0.quote": ["This source has no stored text to quote from."]
    }


def test_forged_offsets_are_replaced_by_where_the_words_stand(team: Team) -> None:
    quote = Quote(exact="about 20", start=0, end=8, prefix="forged", suffix="forged")
    citation = CitationSaid(source=team.source(), quote=quote)

    stored = quoted(team, team.recorded(citations=(citation,)))

    assert TEXT[stored.start : stored.end] == "about 20"
    assert "forged" not in stored.prefix + stored.suffix


def test_quote_is_kept_on_an_edit(team: Team) -> None:
    text = "They fired. Nobody ran. They fired. All ran."
    source = team.source(text)
    second = CitationSaid(
        source=source, quote=Quote(exact="They fired.", prefix="Nobody ran. ", suffix=" All ran.")
    )
    reference = team.recorded(citations=(second,))
    before = team.stored(reference)
    assert quoted(team, reference).start == text.rindex("They fired.")

    with team.work() as work:
        edit_incident(work, reference, 1, before.model_copy(update={"title": "Shots"}))

    assert team.stored(reference).citations == before.citations


def test_quote_of_a_protected_source_is_ciphertext_in_row_and_revision(team: Team) -> None:
    source = team.source(protected=True, kind="testimony")
    reference = team.recorded(citations=(team.quoting("about 20 of them", source=source),))

    with team.reading() as session:
        row = session.exec(select(Citation)).one()
        payload = session.exec(select(Revision.payload).where(Revision.entity == "incident")).one()
        opened = opened_record(session, team.services.keyring, team.stored(reference))
    assert (row.quote, row.quote_prefix, row.quote_suffix) == (None, None, None)
    assert row.quote_sealed is not None
    assert "about 20" not in payload
    assert opened.citations[0].quote is not None
    assert opened.citations[0].quote.exact == "about 20 of them"
