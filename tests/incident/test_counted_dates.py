"""Dates counted from others: kept with how they were counted, and counted anew by their anchor."""

from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from incidents.audit.queries import revisions_of
from incidents.errors import FieldErrors
from incidents.incident.actions import edit_source, record_incident
from incidents.incident.record import CitationSaid, CountedSaid, Record, When, redacted
from incidents.incident.record.difference import differences
from incidents.source.queries import said_of, source_by_reference
from incidents.viewer import Viewer
from tests.factories import Person
from tests.incident.desk import Desk, again, errors
from tests.incident.tables import record_of_rows
from tests.team import Team


@pytest.fixture
def reading(team: Team, sign_in: Callable[..., Any]) -> Desk:
    """The author's browser over a source published on 16 December 2011."""
    assert team.author.account_id is not None
    desk = Desk(team, sign_in(person=Person(team.author.account_id, team.author)))
    desk.source = team.source_row(published="2011-12-16").reference
    return desk


def saved(desk: Desk, date: str, **typed: str) -> str:
    return desk.saved(desk.new().fill(date=date, **typed))


def corrected(team: Team, reference: str, published: str | None, by: Viewer | None = None) -> None:
    """Somebody corrects when the source was published."""
    with team.work(by) as work:
        source = source_by_reference(work.session, work.actor, reference)
        said = said_of(work.session, work.actor, source)
        edit_source(work, reference, source.version, replace(said, published=published))


def page(desk: Desk, address: str) -> str:
    response = desk.browser.get(address)
    assert response.status_code == 200
    return unescape(response.get_data(as_text=True))


def test_a_stated_anchor_is_kept_with_the_day_it_comes_to(reading: Desk) -> None:
    reference = saved(reading, "four days before 16 Dec 2011")
    when = reading.team.stored(reference).date
    assert (when.edtf, when.precision, when.basis) == ("2011-12-12", "day", None)
    assert when.counted == CountedSaid(
        amount=4, unit="day", side="before", anchor="2011-12-16", anchored="stated"
    )
    with reading.team.reading() as session:
        assert record_of_rows(session, reading.team.row(reference).id or 0).date == when
    shown = page(reading, f"/incidents/{reference}")
    assert "12 December 2011" in shown
    assert "Four days before 16 December 2011" in shown


def test_the_form_shows_how_it_was_counted_and_saving_it_changes_nothing(reading: Desk) -> None:
    reference = saved(reading, "4 days before 16.12.2011")
    form = reading.edit(reference)
    assert form["date"] == "four days before 16 Dec 2011"
    version = reading.team.row(reference).version
    reading.saved(form, f"/incidents/{reference}/edit")
    assert reading.team.row(reference).version == version


def test_correcting_a_stated_anchor_counts_anew(reading: Desk) -> None:
    reference = saved(reading, "four days before 16 Dec 2011")
    form = reading.edit(reference).fill(date="four days before 17 Dec 2011")
    reading.saved(form, f"/incidents/{reference}/edit")
    assert reading.team.stored(reference).date.edtf == "2011-12-13"
    with reading.team.reading() as session:
        both = revisions_of(session, "incident", reading.team.row(reference).id or 0)
    assert len(both) == 2
    shown = page(reading, f"/incidents/{reference}/history")
    assert "How the date was counted" in shown
    assert "four days before 17 December 2011" in shown


def test_typing_a_day_forgets_how_it_was_counted(reading: Desk) -> None:
    reference = saved(reading, "yesterday")
    form = reading.edit(reference).fill(date="15 Dec 2011")
    reading.saved(form, f"/incidents/{reference}/edit")
    when = reading.team.stored(reference).date
    assert (when.edtf, when.counted) == ("2011-12-15", None)


@pytest.mark.parametrize(
    ("typed", "edtf", "again_shown"),
    [
        ("yesterday", "2011-12-15", "the day before it was published"),
        ("three days ago", "2011-12-13", "three days before it was published"),
        ("on Monday", "2011-12-12", "the Monday before it was published"),
        ("вчера", "2011-12-15", "the day before it was published"),
    ],
)
def test_what_is_told_from_the_publication_is_counted_from_it(
    reading: Desk, typed: str, edtf: str, again_shown: str
) -> None:
    reference = saved(reading, typed)
    when = reading.team.stored(reference).date
    assert (when.edtf, when.basis) == (edtf, "inferred_from_source")
    assert when.counted is not None and when.counted.source is not None
    assert reading.edit(reference)["date"] == again_shown


def test_without_a_publication_date_it_is_told(reading: Desk) -> None:
    reading.source = reading.team.source_row().reference
    refused = reading.send(reading.new().fill(date="yesterday", title="kept"))
    assert "its source was published, and that is not known" in errors(refused)["date"]
    assert again(refused)["title"] == "kept"
    assert again(refused)["date"] == "yesterday"


def test_the_echo_tells_the_day_and_how(reading: Desk) -> None:
    answer = reading.browser.get(
        f"/dates/read?text=four+days+before+16+Dec+2011&source={reading.source}"
    ).get_json()
    assert answer == {"said": "12 December 2011: four days before 16 December 2011"}


def test_a_corrected_publication_counts_drafts_anew(reading: Desk) -> None:
    team = reading.team
    reference = saved(reading, "yesterday")
    stated = saved(reading, "four days before 16 Dec 2011")
    title = team.row(reference).title
    assert title.endswith("15 Dec 2011")

    corrected(team, reading.source, "2011-12-20", by=team.colleague)

    row = team.row(reference)
    assert (row.version, row.date_edtf, row.sort_date.isoformat()) == (
        *(2, "2011-12-19"),
        "2011-12-19",
    )
    assert row.title.endswith("19 Dec 2011")
    when = team.stored(reference).date
    assert when.counted is not None and when.counted.anchor == "2011-12-20"
    assert when.precision == "day"
    assert team.row(stated).version == 1
    history = page(reading, f"/incidents/{reference}/history")
    assert f"The publication date of {reading.source}" in history
    assert "colleague" in history


def test_a_publication_known_less_closely_gives_a_date_known_less_closely(reading: Desk) -> None:
    reference = saved(reading, "yesterday")
    corrected(reading.team, reading.source, "2011-12")
    when = reading.team.stored(reference).date
    assert (when.edtf, when.precision) == ("[2011-11-30..2011-12-30]", "month")


def test_what_was_submitted_stays_and_says_that_its_anchor_moved(reading: Desk) -> None:
    team = reading.team
    place = team.place("Aktau")
    source = source_id(team, reading.source)
    counted = CountedSaid(
        amount=1,
        unit="day",
        side="before",
        anchor="2011-12-16",
        anchored="published",
        source=source,
    )
    record = team.record(source=source, place=place, date=When(edtf="2011-12-15", counted=counted))
    approved = team.recorded(record, status="approved")
    submitted = team.recorded(record, status="submitted")

    corrected(team, reading.source, "2011-12-20", by=team.colleague)

    for reference in (approved, submitted):
        assert team.row(reference).date_edtf == "2011-12-15"
        shown = page(reading, f"/incidents/{reference}")
        assert "Counted from a publication date that has changed since: it is 20 December" in shown
    assert f"/incidents/{approved}/correct#date" in page(reading, f"/incidents/{approved}")
    # The correction's form counts from what is known now.
    form = again(reading.browser.get(f"/incidents/{approved}/correct"))
    assert form["date"] == "the day before it was published"
    assert "19 December 2011" in page(reading, f"/incidents/{approved}/correct")


def test_a_publication_taken_away_leaves_the_draft_and_says_so(reading: Desk) -> None:
    reference = saved(reading, "yesterday")
    corrected(reading.team, reading.source, None)
    assert reading.team.row(reference).date_edtf == "2011-12-15"
    assert "none is given now" in page(reading, f"/incidents/{reference}")


def test_counting_a_sealed_draft_anew_names_nobody_new(reading: Desk) -> None:
    team = reading.team
    reference = saved(reading, "yesterday", publication="sealed")
    corrected(team, reading.source, "2011-12-20", by=team.colleague)
    assert team.row(reference).date_edtf == "2011-12-19"
    with team.reading() as session:
        named = session.connection().execute(text("SELECT account_id FROM incident_access")).all()
    assert named == [(team.author.account_id,)]


def source_id(team: Team, reference: str) -> int:
    with team.reading() as session:
        return source_by_reference(session, team.author, reference).id or 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 5},
        {"amount": -1},
        {"amount": 100_000},
        {"unit": "fortnight"},
        {"side": "beside"},
        {"anchored": "guessed"},
        {"anchor": "yesterday"},
    ],
)
def test_a_date_that_was_not_counted_so_is_refused(team: Team, wrong: dict[str, Any]) -> None:
    said = {"amount": 4, "unit": "day", "side": "before", "anchor": "2011-12-16"}
    counted = CountedSaid(**{**said, "anchored": "stated", **wrong})
    record = team.record(date=When(edtf="2011-12-12", counted=counted))
    with pytest.raises(FieldErrors) as refused, team.work() as work:
        record_incident(work, record)
    assert "date" in refused.value.errors


def test_how_a_submitted_date_was_counted_is_frozen(team: Team) -> None:
    reference = team.recorded(status="submitted")
    with pytest.raises(DatabaseError), team.work() as work:
        work.session.connection().execute(
            text("UPDATE incident SET date_counted = '{}' WHERE id = :id"),
            {"id": team.row(reference).id},
        )


def test_a_protected_source_tells_no_redacted_view_when_it_is_of() -> None:
    counted = CountedSaid(
        amount=1, unit="day", side="before", anchor="2011-12-16", anchored="published", source=7
    )
    record = Record(
        type="detention",
        date=When(edtf="2011-12-15", counted=counted),
        citations=(CitationSaid(source=7),),
    )
    assert redacted(record, withheld=(), protected_sources=(7,)).date.counted is None
    assert redacted(record, withheld=(), protected_sources=()).date.counted == counted
    moved = record.model_copy(
        update={"date": When(edtf="2011-12-14", counted=counted.model_copy(update={"amount": 2}))}
    )
    assert [one.path for one in differences(record, moved)] == ["date.edtf", "date.counted"]


def test_the_export_says_how_a_date_was_counted_to_those_inside(reading: Desk) -> None:
    saved(reading, "four days before 16 Dec 2011")
    address = "/incidents.csv?status=any&columns=full&profile={}"
    inside = reading.browser.get(address.format("internal")).get_data(as_text=True)
    assert "date_counted" in inside.splitlines()[0]
    assert "four days before 16 December 2011" in inside
    public = reading.browser.get(address.format("public")).get_data(as_text=True)
    assert "date_counted" not in public
