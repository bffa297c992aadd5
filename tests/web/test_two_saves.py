"""Two people edit one source, place, party or event: what was chosen is what is saved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from sqlmodel import select

from incidents.audit.models import AuditEntry
from incidents.incident.actions import PartySaid, edit_party, edit_place
from incidents.incident.actions.events import add_event
from incidents.incident.actions.party_merge import MergeAsked, merge_parties
from incidents.source.actions import close_source
from incidents.viewer import Viewer
from incidents.vocabulary.record import PlaceSaid
from tests.conftest import Browser
from tests.factories import Person
from tests.team import Team
from tests.web.filled import FilledForm, form_of

Browsing = Callable[[Viewer], Browser]
Typed = Mapping[str, str]
SIDES = ("base", "theirs", "mine")


@dataclass(frozen=True)
class Case:
    """One form: where it is, a field that only it has, its parts, and what two people type."""

    address: str
    marker: str
    parts: Mapping[str, tuple[str, ...]]
    theirs: Typed
    mine: Typed

    def typed_by(self, side: str, part: str) -> Typed:
        typed = {"theirs": self.theirs, "mine": self.mine}[side]
        return {name: typed[name] for name in self.parts[part] if name in typed}


def a_source(team: Team) -> Case:
    first, second = (team.source_row(None).reference for _ in range(2))
    source = team.source_row(
        None,
        **{"title": "Police round up men", "publisher": "A paper", "url": "https://a.example/1"},
    )
    fields = ("title", "kind", "publisher", "author", "url", "language", "accessed_at", "origin")
    return Case(
        f"/sources/{source.reference}/edit",
        "published_basis",
        {
            **{name: (name,) for name in (*fields, "alternate_urls", "archive_url")},
            "published": ("published", "published_basis"),
            "reliability": ("reliability", "reliability_reason"),
        },
        {
            "title": "Theirs",
            "kind": "ngo_report",
            "publisher": "Their paper",
            "author": "Their author",
            "url": "https://a.example/2",
            "language": "ru",
            "accessed_at": "2026-11-01",
            "origin": first,
            "alternate_urls": "https://b.example/2",
            "archive_url": "https://web.archive.org/web/2012/https://a.example/2",
            "published": "2011-12",
            "published_basis": "stated",
            "reliability": "B",
            "reliability_reason": "Their reason",
        },
        {
            "title": "Mine",
            "kind": "court_record",
            "publisher": "My paper",
            "author": "My author",
            "url": "https://a.example/3",
            "language": "kk",
            "accessed_at": "2026-11-02",
            "origin": second,
            "alternate_urls": "https://b.example/3\nhttps://c.example/3",
            "archive_url": "https://web.archive.org/web/2013/https://a.example/3",
            "published": "2011-12-18~",
            "published_basis": "year_inferred",
            "reliability": "C",
            "reliability_reason": "My reason\n\nin two parts",
        },
    )


def a_place(team: Team) -> Case:
    first, second = team.place("Aktobe"), team.place("Almaty")
    place = team.place("Janaozen", aliases=("Novy Uzen",))
    return Case(
        f"/places/{place}/edit",
        "region_code",
        {
            **{name: (name,) for name in ("name", "aliases", "gazetteer_id")},
            "parent": ("parent", "parent_id"),
            "region": ("region", "region_code"),
            "point": ("point", "precision"),
        },
        {
            "name": "Zhanaozen",
            "aliases": "Novy Uzen\nUzen",
            "gazetteer_id": "607610",
            "parent": "Aktobe, Kazakhstan",
            "parent_id": str(first),
            "region": "Mangystau",
            "region_code": "KZ-47",
            "point": "43.34116, 52.86192",
            "precision": "settlement",
        },
        {
            "name": "Zhana Uzen",
            "aliases": "Жаңаөзен",
            "gazetteer_id": "1526269",
            "parent": "Almaty, Kazakhstan",
            "parent_id": str(second),
            "region": "Mangghystau",
            "region_code": "KZ-43",
            "point": "43.3, 52.8",
            "precision": "site",
        },
    )


def a_party(team: Team) -> Case:
    police = team.party("police", kind="organisation", privacy="label")
    army = team.party("army", kind="organisation", privacy="label")
    party = team.party(privacy="label", name="Aizhan Bekova", aliases=("Aika",), age=31)
    fields = ("label", "kind", "privacy", "sex", "age", "occupation", "sort", "note")
    return Case(
        f"/parties/{party}/edit",
        "occupation",
        {
            **{name: (name,) for name in (*fields, "name", "aliases")},
            "parent": ("parent", "parent_id"),
        },
        {
            "label": "wife of detained man",
            "kind": "group",
            "privacy": "protected",
            "sex": "female",
            "age": "32",
            "occupation": "nurse",
            "sort": "media",
            "note": "Their note",
            "name": "Aizhan Bekovna",
            "aliases": "Aika\nAika B.",
            "parent": "police",
            "parent_id": str(police),
        },
        {
            "label": "a witness",
            "kind": "organisation",
            "sex": "other",
            "age": "33",
            "occupation": "doctor",
            "sort": "ngo",
            "note": "My note\n\nin two parts",
            "name": "Ajzhan Bekova",
            "aliases": "Айжан",
            "parent": "army",
            "parent_id": str(army),
        },
    )


def an_event(team: Team) -> Case:
    with team.work() as work:
        event = add_event(work, "Janaozen, December 2011").id
    return Case(
        f"/events/{event}/edit",
        "summary",
        {"title": ("title",), "summary": ("summary",)},
        {"title": "Zhanaozen", "summary": "Their summary"},
        {"title": "Janaozen", "summary": "My summary\nin two lines"},
    )


@pytest.fixture(params=[a_source, a_place, a_party, an_event])
def case(team: Team, request: pytest.FixtureRequest) -> Case:
    made: Case = request.param(team)
    return made


@pytest.fixture
def browse(sign_in: Callable[..., Browser]) -> Browsing:
    return lambda viewer: sign_in(person=Person(viewer.account_id or 0, viewer))


@pytest.fixture
def mine(team: Team, browse: Browsing) -> Browser:
    return browse(team.author)


@pytest.fixture
def theirs(team: Team, browse: Browsing) -> Browser:
    return browse(team.colleague)


def opened(browser: Browser, case: Case) -> FilledForm:
    return form_of(browser.get(case.address).text, case.marker)


def sent(browser: Browser, case: Case, form: FilledForm, **pressed: str) -> Any:
    return browser.client.post(case.address, data=form.data(**(pressed or {"then": "save"})))


def saved(browser: Browser, case: Case, typed: Typed) -> None:
    assert sent(browser, case, opened(browser, case).fill(**typed)).status_code == 303


def merge_of(response: Any) -> FilledForm:
    return form_of(response.text, "merge_version")


def rows(form: FilledForm) -> dict[str, str]:
    """Every part that is asked about, and the side that is ticked."""
    names = {name for name in form.names() if name.startswith("merge.")}
    return {name.removeprefix("merge."): form[name] for name in names}


def choose(form: FilledForm, choices: Mapping[str, str]) -> FilledForm:
    return form.fill(**{f"merge.{part}": side for part, side in choices.items()})


def words_of(form: FilledForm) -> dict[str, str]:
    """What was typed, as a browser sends it; not what a page sends along of its own."""
    own = ("csrf_token", "kept_", "merge")
    return {
        name: value.replace("\r\n", "\n") for name, value in form.fields if not name.startswith(own)
    }


@pytest.mark.parametrize("shift", [0, 1, 2])
def test_what_was_chosen_is_what_is_saved(
    case: Case, mine: Browser, theirs: Browser, shift: int
) -> None:
    form = opened(mine, case)
    sides = {"base": words_of(form)}
    saved(theirs, case, case.theirs)
    sides["theirs"] = {**sides["base"], **case.theirs}
    sides["mine"] = {**sides["base"], **case.mine}
    choices = {part: SIDES[(number + shift) % 3] for number, part in enumerate(case.parts)}

    page = sent(mine, case, form.fill(**case.mine))

    assert page.status_code == 409
    merge = merge_of(page)
    assert set(rows(merge)) == set(case.parts)
    answer = sent(mine, case, choose(merge, choices))
    assert answer.status_code == 303, rows(merge_of(answer))
    stored = words_of(opened(mine, case))
    if "name" in case.parts and "note" in case.parts and stored["privacy"] == "protected":
        # It stands in the form once somebody asks.
        stored = words_of(
            form_of(sent(mine, case, opened(mine, case), show="name").text, case.marker)
        )
    for part, side in choices.items():
        expected = {name: sides[side][name] for name in case.parts[part]}
        assert {name: stored[name] for name in case.parts[part]} == expected, (part, side)


def test_who_alone_changed_it_is_ticked_and_what_agrees_is_not_asked(
    case: Case, mine: Browser, theirs: Browser
) -> None:
    first, second = list(case.parts)[:2]
    form = opened(mine, case).fill(**case.typed_by("mine", first))
    saved(theirs, case, {**case.typed_by("theirs", first), **case.typed_by("theirs", second)})

    page = sent(mine, case, form)

    assert rows(merge_of(page)) == {first: "", second: "theirs"}
    assert "colleague" in page.text and "that one is chosen already" in page.text
    same = opened(mine, case)
    typed = case.typed_by("mine", first)
    saved(theirs, case, typed)
    agreed = sent(mine, case, same.fill(**typed))
    assert agreed.status_code == 303


def test_what_both_changed_must_be_chosen(case: Case, mine: Browser, theirs: Browser) -> None:
    first = next(iter(case.parts))
    form = opened(mine, case).fill(**case.typed_by("mine", first))
    saved(theirs, case, case.typed_by("theirs", first))
    merge = merge_of(sent(mine, case, form))

    refused = sent(mine, case, merge)

    assert refused.status_code == 422
    again = merge_of(refused)
    assert "choose one" in again.errors[f"merge-{first}"]
    assert opened(mine, case)[first] == case.theirs[first]
    assert sent(mine, case, choose(again, {first: "nobody"})).status_code == 422
    assert sent(mine, case, choose(again, {first: "mine"})).status_code == 303
    assert opened(mine, case)[first] == case.mine[first]


def test_a_third_save_in_between_asks_again_about_what_it_changed_alone(
    case: Case, mine: Browser, theirs: Browser
) -> None:
    first, second = list(case.parts)[:2]
    typed = {**case.typed_by("mine", first), **case.typed_by("mine", second)}
    form = opened(mine, case).fill(**typed)
    saved(theirs, case, {**case.typed_by("theirs", first), **case.typed_by("theirs", second)})
    merge = choose(merge_of(sent(mine, case, form)), {first: "mine", second: "base"})
    saved(theirs, case, {first: "Third of it"})

    again = sent(mine, case, merge)

    assert again.status_code == 409
    assert rows(merge_of(again)) == {first: "", second: "base"}
    assert "Third of it" in again.text and "saved it again" in again.text
    assert merge_of(again).errors == {}
    assert sent(mine, case, choose(merge_of(again), {first: "theirs"})).status_code == 303
    assert opened(mine, case)[first] == "Third of it"


def test_back_to_the_form_everything_typed_is_there(
    case: Case, mine: Browser, theirs: Browser
) -> None:
    form = opened(mine, case).fill(**case.mine)
    typed = words_of(form)
    saved(theirs, case, case.theirs)
    merge = merge_of(sent(mine, case, form))

    back = form_of(sent(mine, case, merge, merge_back="1").text, case.marker)

    assert words_of(back) == typed
    assert sent(mine, case, back).status_code == 409


def test_what_was_there_before_is_not_made_up(case: Case, mine: Browser, theirs: Browser) -> None:
    first, second = list(case.parts)[:2]
    form = opened(mine, case).fill(version="77", **case.typed_by("mine", first))
    saved(theirs, case, case.typed_by("theirs", second))

    page = sent(mine, case, form)

    assert rows(merge_of(page)) == {first: "", second: ""}
    assert "is not known" in page.text and "What you started from" not in page.text
    forged = merge_of(page)
    forged.fields += [(f"merge.{first}", "base"), (f"merge.{second}", "theirs")]
    refused = sent(mine, case, forged)
    assert refused.status_code == 422
    assert rows(merge_of(refused)) == {first: "", second: "theirs"}


def test_what_can_not_be_read_is_mended_in_the_form_first(
    team: Team, mine: Browser, theirs: Browser
) -> None:
    for case, wrong in (
        (a_source(team), {"published": "in the sprin"}),
        (a_place(team), {"region_code": "47"}),
        (a_party(team), {"parent": "nobody there", "parent_id": ""}),
    ):
        form = opened(mine, case).fill(**wrong)
        saved(theirs, case, case.theirs)
        refused = sent(mine, case, form)
        assert refused.status_code == 422
        assert form_of(refused.text, case.marker).errors.keys() == {next(iter(wrong))}


def test_a_source_closed_in_between_asks_nothing(team: Team, mine: Browser) -> None:
    case = a_source(team)
    form = opened(mine, case).fill(title="Mine")
    with team.work(team.colleague) as work:
        close_source(work, case.address.split("/")[2], "An opinion.")

    assert sent(mine, case, form).status_code == 303
    assert opened(mine, case)["title"] == "Mine"


def test_another_source_at_the_address_chosen_is_asked_about(
    team: Team, mine: Browser, theirs: Browser
) -> None:
    case = a_source(team)
    form = opened(mine, case).fill(title="Mine")
    saved(theirs, case, {"title": "Theirs", "url": "https://a.example/9"})
    other = team.source_row(None, url="https://a.example/1").reference
    choices = {"title": "mine", "url": "base"}

    asked = sent(mine, case, choose(merge_of(sent(mine, case, form)), choices))

    assert asked.status_code == 422
    assert other in asked.text
    merge = merge_of(asked)
    assert rows(merge) == choices
    assert sent(mine, case, merge.fill(same_address_ok=["y"])).status_code == 303
    assert opened(mine, case)["url"] == "https://a.example/1"


def test_two_sides_that_break_a_rule_together_say_so(
    team: Team, mine: Browser, theirs: Browser
) -> None:
    case = a_source(team)
    form = opened(mine, case).fill(alternate_urls="https://b.example/3")
    saved(theirs, case, {"url": ""})

    refused = sent(mine, case, merge_of(sent(mine, case, form)))

    assert refused.status_code == 422
    assert "main address" in merge_of(refused).errors["merge-url"]


def test_a_place_it_lay_in_that_is_hidden_now_is_not_told(
    team: Team, mine: Browser, theirs: Browser
) -> None:
    hidden, town = team.place("Hidden village"), team.place("Aktobe")
    place = team.place("Station", parent=hidden)
    address = f"/places/{place}/edit"
    case = Case(address, "region_code", {"name": ("name",)}, {}, {})
    form = opened(theirs, case).fill(name="My station")
    with team.work() as work:
        edit_place(work, place, 1, PlaceSaid("Their station", "KZ", parent=town))
    team.sealed(team.recorded(team.record(place=hidden)))

    page = sent(theirs, case, form.fill(parent="", parent_id=""))

    assert page.status_code == 409
    assert "is not known" in page.text and "Hidden" not in page.text


# A party's name.


def readings(team: Team) -> int:
    with team.reading() as session:
        return len(session.exec(select(AuditEntry).where(AuditEntry.action == "read_name")).all())


def stale_party(team: Team, browser: Browser, **said: Any) -> tuple[Case, FilledForm]:
    """A form with a name in it, opened before somebody saved the party so."""
    case = a_party(team)
    form = opened(browser, case).fill(label="a witness", name="Mine")
    number = int(case.address.split("/")[2])
    with team.work() as work:
        given = {"kind": "individual", "label": "detained man", "privacy": "label", **said}
        edit_party(work, number, 1, PartySaid(**given))
    return case, form


def test_the_log_tells_that_the_sides_of_a_protected_name_were_read(
    team: Team, mine: Browser
) -> None:
    case, form = stale_party(team, mine, privacy="protected", name="Theirs")
    before = readings(team)

    page = sent(mine, case, form)

    assert {"Theirs", "Mine", "Aizhan Bekova"} <= set(page.text.replace("<", ">").split(">"))
    assert readings(team) == before + 1


def test_who_may_not_read_the_name_any_more_is_not_shown_it(team: Team, theirs: Browser) -> None:
    case, form = stale_party(team, theirs, privacy="protected", name="Secret")

    page = sent(theirs, case, form)

    assert page.status_code == 422
    assert "Secret" not in page.text and "Aizhan" not in page.text
    assert "Only those who may read this name" in page.text
    again = form_of(page.text, case.marker)
    assert again["name_shown"] == ""
    merge = merge_of(sent(theirs, case, again))
    assert rows(merge) == {"label": "mine", "privacy": "theirs", "age": "theirs"}
    assert sent(theirs, case, merge).status_code == 303
    opened_again = opened(theirs, case)
    assert opened_again["label"] == "a witness" and "name" not in opened_again.names()


def test_what_is_typed_of_a_party_merged_in_between_is_kept(team: Team, mine: Browser) -> None:
    case = a_party(team)
    form = opened(mine, case).fill(note="Mine")
    number, other = int(case.address.split("/")[2]), team.party("the same man")
    with team.work() as work:
        merge_parties(work, MergeAsked(number, 1, other, 1))

    answer = sent(mine, case, form)

    assert answer.status_code == 409
    assert "merged into “the same man”" in answer.text
    assert form_of(answer.text, case.marker)["note"] == "Mine"
