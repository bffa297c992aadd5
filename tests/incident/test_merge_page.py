"""Two people edit one incident: what each changed, and that what was chosen is what is saved."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from incidents.incident.actions import edit_incident
from incidents.incident.actions.events import add_event
from incidents.incident.models import Party, UnsavedForm
from incidents.incident.queries.sealed import opened_record
from incidents.incident.queries.two_saves import sides_of
from incidents.incident.record import CitationSaid, Record, RelationSaid, When, to_json
from incidents.incident.record.parts import part_of, parts_of, resting_on, with_part
from incidents.three_way import changed_by, chosen, differs
from tests.conftest import Browser
from tests.factories import Person, selects
from tests.incident.desk import MARKER, Desk, count
from tests.incident.whole import full_record
from tests.team import Team
from tests.web.filled import FilledForm, form_of

SIDES = ("base", "theirs", "mine")


class Writer(Desk):
    """The author, over no place but those of the record at hand."""

    def __init__(self, team: Team, browser: Any) -> None:
        self.team, self.browser = team, browser


@pytest.fixture
def desk(team: Team, sign_in: Callable[..., Browser]) -> Desk:
    return Writer(team, sign_in(person=Person(team.author.account_id or 0, team.author)))


def edited(team: Team, reference: str, record: Record, version: int = 1) -> None:
    """By the colleague, while the author writes."""
    with team.work(team.colleague) as work:
        edit_incident(work, reference, version, record)


def sent(desk: Desk, reference: str, form: FilledForm, **pressed: str) -> Any:
    return desk.send(form, f"/incidents/{reference}/edit", **pressed)


def merge_of(response: Any) -> FilledForm:
    return form_of(response.get_data(as_text=True), "merge_version")


def choose(form: FilledForm, choices: Mapping[str, str]) -> FilledForm:
    return form.fill(**{f"merge.{path}": side for path, side in choices.items()})


def typed_of(form: FilledForm) -> list[tuple[str, str]]:
    return sorted(
        (name, value.replace("\r\n", "\n")) for name, value in form.fields if name != "csrf_token"
    )


def rows(form: FilledForm) -> dict[str, str]:
    """Every part that is asked about, and the side that is ticked."""
    names = {name for name in form.names() if name.startswith("merge.")}
    return {name.removeprefix("merge."): form[name] for name in names}


def changed_everywhere(team: Team, record: Record) -> Record:
    """Another value in every part; the quotes change places, and the figures follow them."""
    with team.work() as work:
        event = add_event(work, "Their event").id
    swapped = tuple(reversed(record.citations))
    figures = tuple(one.model_copy(update={"citation": 1, "unit": "men"}) for one in record.figures)
    return record.model_copy(
        update={
            "title": "Theirs",
            "summary": "Their summary",
            "date": When(edtf="2011-12-17", precision="day", basis="stated"),
            "place": team.place("Aktobe"),
            "place_precision": "site",
            "subject_place": team.place("Almaty"),
            "details": {
                "form": "arrest",
                "facility": "their station",
                "custody_status": "released",
                "released": "2012-01",
            },
            "notes": "Their notes",
            "publication": "open",
            "event": event,
            "citations": swapped,
            "figures": figures,
            "involvements": (
                record.involvements[0].model_copy(update={"role": "affected", "note": "theirs"}),
            ),
            "relations": (record.relations[0].model_copy(update={"note": "theirs"}),),
        }
    )


def typed_everywhere(form: FilledForm) -> FilledForm:
    return form.fill(
        title="Mine",
        summary="My summary",
        date="16 Dec 2011",
        date_precision="",
        date_verbatim="on Friday",
        place="Zhetybay",
        subject_place="Zhetybay",
        details__form="house_arrest",
        details__facility="my station",
        details__custody_status="charged",
        details__released="2011",
        notes="My notes\nin two lines",
        publication="sealed",
        event="My event",
        citations__0__note="mine",
        figures__0__how_many="about 30",
        involvements__0__note="mine",
        relations__0__note="mine",
    )


@pytest.fixture
def twins(desk: Desk, team: Team) -> tuple[str, str]:
    """One record twice: one is changed by two people, the other by the author alone."""
    team.place("Zhetybay")
    record = full_record(team)
    return team.recorded(record), team.recorded(record)


def expected(sides: Mapping[str, Record], choices: Mapping[str, str]) -> Record:
    record = sides["base"]
    for path, side in choices.items():
        record = with_part(record, path, sides[side])
    figures = resting_on(
        record.figures,
        sides[choices["figures"]].citations,
        sides[choices["citations"]].citations,
    )
    return record.model_copy(update={"figures": figures})


@pytest.mark.parametrize("shift", [0, 1, 2, *SIDES])
def test_what_was_chosen_is_what_is_saved(
    desk: Desk, team: Team, twins: tuple[str, str], shift: int | str
) -> None:
    reference, twin = twins
    form = typed_everywhere(desk.edit(reference))
    theirs = changed_everywhere(team, team.stored(reference))
    edited(team, reference, theirs)
    desk.saved(typed_everywhere(desk.edit(twin)), f"/incidents/{twin}/edit")
    sides = {"base": team.stored(reference, 1), "theirs": theirs, "mine": team.stored(twin, 2)}
    asked = [path for path in parts_of("detention") if differs_in(sides, path)]
    assert set(asked) >= {"citations", "date", "place", "figures", "details.form", "event", "notes"}
    choices = {
        path: shift if isinstance(shift, str) else SIDES[(number + shift) % 3]
        for number, path in enumerate(asked)
    }

    page = sent(desk, reference, form)
    assert page.status_code == 409
    merge = merge_of(page)
    assert rows(merge) == dict.fromkeys(asked, "")
    saved = sent(desk, reference, choose(merge, choices), then="save")

    assert saved.status_code == 303
    assert team.row(reference).version == (2 if shift == "theirs" else 3)
    assert to_json(team.stored(reference)) == to_json(expected(sides, choices))


def differs_in(sides: Mapping[str, Record], path: str) -> bool:
    return differs(part_of(sides["theirs"], path), part_of(sides["mine"], path))


def test_only_what_differs_is_asked_and_who_alone_changed_it_is_ticked(
    desk: Desk, team: Team
) -> None:
    reference = team.recorded(full_record(team))
    form = desk.edit(reference).fill(
        summary="Mine", title="Both say this", notes="Mine", details__facility="mine"
    )
    record = team.stored(reference)
    edited(
        team,
        reference,
        record.model_copy(
            update={
                "title": "Both say this",
                "notes": "Theirs",
                "details": {**record.details, "form": "arrest"},
            }
        ),
    )

    page = sent(desk, reference, form)

    merge = merge_of(page)
    assert rows(merge) == {
        "summary": "mine",
        "notes": "",
        "details.facility": "mine",
        "details.form": "theirs",
    }
    body = page.get_data(as_text=True)
    assert "colleague" in body and "Both say this" not in body.split("merge-rows")[1]


def test_what_both_changed_must_be_chosen(desk: Desk, team: Team) -> None:
    reference = team.recorded()
    form = desk.edit(reference).fill(title="Mine", summary="Mine")
    edited(team, reference, team.stored(reference).model_copy(update={"title": "Theirs"}))
    merge = merge_of(sent(desk, reference, form))

    refused = sent(desk, reference, merge, then="save")

    assert refused.status_code == 422
    again = merge_of(refused)
    assert again.errors["merge-title"]
    assert rows(again) == {"title": "", "summary": "mine"}
    assert team.row(reference).title == "Theirs"
    sent(desk, reference, choose(again, {"title": "mine"}), then="save")
    assert (team.row(reference).title, team.row(reference).summary) == ("Mine", "Mine")


def test_a_third_save_in_between_asks_again_about_what_it_changed_alone(
    desk: Desk, team: Team
) -> None:
    reference = team.recorded()
    form = desk.edit(reference).fill(title="Mine", summary="Mine", notes="Mine")
    stored = team.stored(reference)
    edited(team, reference, stored.model_copy(update={"title": "Theirs", "summary": "Theirs"}))
    merge = merge_of(sent(desk, reference, form))
    choose(merge, {"title": "mine", "summary": "base"})
    edited(team, reference, team.stored(reference).model_copy(update={"title": "Third"}), 2)

    again = sent(desk, reference, merge, then="save")

    assert again.status_code == 409
    assert rows(merge_of(again)) == {"title": "", "summary": "base", "notes": "mine"}
    assert "Third" in again.get_data(as_text=True)
    done = sent(desk, reference, choose(merge_of(again), {"title": "theirs"}), then="save")
    assert done.status_code == 303
    stored = team.stored(reference)
    assert (stored.title, stored.summary, stored.notes) == ("Third", None, "Mine")


def test_what_can_not_be_read_is_mended_in_the_form_first(desk: Desk, team: Team) -> None:
    reference = team.recorded()
    form = desk.edit(reference).fill(title="Mine", date="in the sprin")
    edited(team, reference, team.stored(reference).model_copy(update={"title": "Theirs"}))

    refused = sent(desk, reference, form)

    assert refused.status_code == 422
    shown = form_of(refused.get_data(as_text=True), MARKER)
    assert (shown["date"], shown["title"], shown["version"]) == ("in the sprin", "Mine", "1")
    assert sent(desk, reference, shown.fill(date="2011-12-16")).status_code == 409


def test_back_to_the_form_everything_typed_is_there(desk: Desk, team: Team) -> None:
    reference = team.recorded()
    form = desk.edit(reference).fill(title="Mine", notes="one\n\ntwo", figures__0__how_many="3")
    edited(team, reference, team.stored(reference).model_copy(update={"title": "Theirs"}))
    merge = merge_of(sent(desk, reference, form))

    shown = form_of(sent(desk, reference, merge, merge_back="1").get_data(as_text=True), MARKER)

    assert typed_of(shown) == typed_of(form)


def test_who_is_only_on_the_other_side_is_never_made(desk: Desk, team: Team) -> None:
    reference = team.recorded(full_record(team))
    form = desk.edit(reference).fill(involvements__0__party="a man nobody knows")
    record = team.stored(reference)
    changed = record.involvements[0].model_copy(update={"note": "theirs"})
    edited(team, reference, record.model_copy(update={"involvements": (changed,)}))
    merge = merge_of(sent(desk, reference, form))
    before = count(team, Party)

    sent(desk, reference, choose(merge, {"involvements": "theirs"}), then="save")

    assert team.stored(reference).involvements == (changed,)
    assert count(team, Party) == before


def test_figures_without_the_quote_they_rest_on_are_refused(desk: Desk, team: Team) -> None:
    reference = team.recorded(full_record(team))
    form = desk.edit(reference).fill(figures__0__how_many="about 30", citations__0__note="mine")
    record = team.stored(reference)
    others = (record.citations[1],)
    figures = tuple(one.model_copy(update={"citation": 0}) for one in record.figures)
    edited(team, reference, record.model_copy(update={"citations": others, "figures": figures}))
    merge = merge_of(sent(desk, reference, form))

    refused = sent(
        desk, reference, choose(merge, {"citations": "theirs", "figures": "mine"}), then="save"
    )

    assert refused.status_code == 422
    again = merge_of(refused)
    assert "same side" in again.errors["merge-figures"]
    assert rows(again)["figures"] == "mine"
    done = sent(desk, reference, choose(again, {"citations": "mine"}), then="save")
    assert done.status_code == 303
    assert team.stored(reference).figures[0].best == 30


def test_a_relation_one_may_not_see_is_not_shown_and_stays(desk: Desk, team: Team) -> None:
    hidden = team.recorded(by=team.colleague, title="Hidden")
    reference = team.recorded()
    form = desk.edit(reference).fill(title="Mine")
    about = RelationSaid(type="about", to=team.id(hidden), note="secret")
    edited(
        team,
        reference,
        team.stored(reference).model_copy(update={"title": "Theirs", "relations": (about,)}),
    )
    team.sealed(hidden, by=team.colleague)

    page = sent(desk, reference, form)

    assert rows(merge_of(page)) == {"title": ""}
    assert "secret" not in page.get_data(as_text=True) and hidden not in page.get_data(as_text=True)
    sent(desk, reference, choose(merge_of(page), {"title": "mine"}), then="save")
    assert team.stored(reference).relations == (about,)
    assert team.stored(reference).title == "Mine"


def test_a_quote_of_a_protected_source_is_compared_by_its_words(desk: Desk, team: Team) -> None:
    source = team.source(protected=True, kind="testimony")
    reference = team.recorded(citations=(team.quoting("about 20 of them", source=source),))
    form = desk.edit(reference).fill(title="Mine")
    edited(team, reference, team.stored(reference).model_copy(update={"notes": "Theirs"}))

    merge = merge_of(sent(desk, reference, form))

    assert rows(merge) == {"title": "mine", "notes": "theirs"}
    sent(desk, reference, merge, then="save")
    with team.reading() as session:
        keyring = team.services.keyring
        now, before = (
            opened_record(session, keyring, team.stored(reference, version)) for version in (3, 1)
        )
    assert now.citations == before.citations and now.citations[0].quote


def test_both_made_the_same_of_it_and_nothing_is_asked(desk: Desk, team: Team) -> None:
    reference = team.recorded()
    form = desk.edit(reference).fill(title="The same")
    edited(team, reference, team.stored(reference).model_copy(update={"title": "The same"}))

    assert sent(desk, reference, form).status_code == 303
    assert team.row(reference).version == 2


def test_the_button_that_was_pressed_is_what_is_done(desk: Desk, team: Team) -> None:
    reference = team.recorded()
    form = desk.edit(reference).fill(notes="Mine")
    edited(team, reference, team.stored(reference).model_copy(update={"title": "Theirs"}))

    merge = merge_of(sent(desk, reference, form, then="submit"))
    sent(desk, reference, merge, then="submit")

    row = team.row(reference)
    assert (row.status, row.title, row.notes) == ("submitted", "Theirs", "Mine")


def test_what_was_kept_stays_until_the_choice_is_saved(desk: Desk, team: Team) -> None:
    reference = team.recorded()
    form = desk.edit(reference).fill(title="Mine")
    desk.browser.client.post("/unsaved", data=form.data())
    edited(team, reference, team.stored(reference).model_copy(update={"title": "Theirs"}))

    merge = merge_of(sent(desk, reference, form))
    assert count(team, UnsavedForm) == 1
    sent(desk, reference, choose(merge, {"title": "mine"}), then="save")

    assert count(team, UnsavedForm) == 0


@pytest.mark.parametrize("side", SIDES)
def test_a_correction_edited_in_two_places_is_merged_too(
    desk: Desk, team: Team, sign_in: Callable[..., Browser], side: str
) -> None:
    reference = team.recorded(status="approved")
    address = f"/incidents/{reference}/correct"

    def opened(browser: Any) -> FilledForm:
        return form_of(browser.get(address).get_data(as_text=True), MARKER)

    desk.send(opened(desk.browser).fill(title="Begun", reason="Why"), address)
    other = sign_in(person=Person(team.colleague.account_id or 0, team.colleague))
    form = opened(desk.browser).fill(title="Mine", reason="Why")
    changed = opened(other).fill(title="Theirs", reason="Why")
    assert other.client.post(address, data=changed.data(then="save")).status_code == 303

    page = desk.send(form, address)
    assert page.status_code == 409
    done = desk.send(choose(merge_of(page), {"title": side}), address, then="save")

    assert done.status_code == 303
    titles = {"base": "Begun", "theirs": "Theirs", "mine": "Mine"}
    assert opened(desk.browser)["title"] == titles[side]


def test_a_tampered_version_is_answered(desk: Desk, team: Team) -> None:
    reference = team.recorded()
    form = desk.edit(reference).fill(title="Mine", version="77")
    merge = merge_of(sent(desk, reference, form))

    assert rows(merge) == {"title": "mine"}
    merge.fill(merge_version="x", **{"merge.title": "nonsense"})
    again = sent(desk, reference, merge, then="save")
    assert again.status_code == 409
    assert sent(desk, reference, merge_of(again), then="save").status_code == 303


def test_who_changed_what() -> None:
    assert changed_by(1, 1, 2) == "mine"
    assert changed_by(1, 2, 1) == "theirs"
    assert changed_by(1, 2, 3) == ""
    assert not differs(2, 2)
    assert chosen({"a": "base", "b": "x", "d": "mine"}, {"a": "mine", "b": "", "c": "theirs"}) == {
        "a": "base",
        "b": "",
        "c": "theirs",
    }


def test_no_part_of_a_record_is_left_out() -> None:
    empty = Record(type="detention")
    full = Record(
        type="detention",
        title="a",
        summary="b",
        date=When(edtf="2011", ongoing_when_reported=True),
        place=1,
        place_precision="site",
        place_verbatim="c",
        subject_place=2,
        details={"form": "arrest"},
        notes="d",
        event=3,
        publication="sealed",
        figures=(),
        citations=(CitationSaid(source=1),),
        relations=(RelationSaid(type="about", to=1),),
    )
    made = empty
    for path in parts_of("detention"):
        made = with_part(made, path, full)
    assert made == full


def test_two_saves_are_read_by_one_statement(team: Team) -> None:
    reference = team.recorded()
    edited(team, reference, team.stored(reference).model_copy(update={"title": "Theirs"}))
    place, keyring = ("incident", team.id(reference)), team.services.keyring

    with team.reading() as session, selects(team.services.database) as found:
        sides = sides_of(session, team.author, keyring, place, 1, 2)

    assert len(found) == 1
    assert (sides.base.title, sides.theirs.title) == ("Somebody detained", "Theirs")
    assert (sides.version, sides.who) == (2, "colleague")
