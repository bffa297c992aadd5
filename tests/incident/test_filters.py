"""The filter: from an address and back, in words, and over rows as each viewer may see them."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import Session, col

from incidents.db import Database
from incidents.errors import FieldErrors
from incidents.incident.filters import (
    CLAUSES,
    PARAMETERS,
    IncidentFilter,
    Parameter,
    for_export,
    in_words,
    pills,
    where,
    with_value,
)
from incidents.incident.models import Incident
from incidents.incident.queries.names import filter_from_args
from incidents.viewer import OPERATOR, Viewer
from incidents.vocabulary.types import codes
from tests.incident.rows import AIGUL, BAKYT, KEYRING, NOW, PUBLIC, READER, Rows, rows_in


def read(query: str, viewer: Viewer = AIGUL) -> IncidentFilter:
    return IncidentFilter.from_args(parse_qsl(query, keep_blank_values=True), viewer)


def refused(query: str, viewer: Viewer = AIGUL) -> dict[str, list[str]]:
    with pytest.raises(FieldErrors) as caught:
        read(query, viewer)
    return caught.value.errors


# ---- in and out of an address ----

_DAYS = st.dates().map(lambda day: day.isoformat()).filter(lambda text: text[:4] >= "1000")


def values_of(parameter: Parameter) -> st.SearchStrategy[str]:
    if parameter.name in ("from", "to", "logged_from", "logged_to", "updated_since"):
        return _DAYS
    if parameter.name == "dates":
        return st.sampled_from(["overlap", "within"])
    if parameter.name in ("at_least", "at_most"):
        return st.integers(0, 2_000_000_000).map(str)
    if parameter.name == "country":
        return st.sampled_from(["KZ", "kz", "Kazakhstan", "PS", "none"])
    if parameter.name.startswith("detail."):
        return st.from_regex(r"[a-z_]{1,12}", fullmatch=True)
    if parameter.vocabulary:
        return st.sampled_from(codes(parameter.vocabulary))
    return st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)


@st.composite
def addresses(draw: st.DrawFn) -> list[tuple[str, str]]:
    names = draw(st.lists(st.sampled_from(sorted(PARAMETERS)), max_size=8, unique=True))
    pairs = []
    for name in names:
        parameter = PARAMETERS[name]
        most = 3 if parameter.several else 1
        values = draw(st.lists(values_of(parameter), min_size=1, max_size=most, unique=True))
        pairs += [(name, value) for value in values]
    return draw(st.permutations(pairs))


@given(addresses())
def test_filter_renders_back_to_itself(pairs: list[tuple[str, str]]) -> None:
    asked, _ = IncidentFilter.read(pairs, AIGUL)
    again, errors = IncidentFilter.read(asked.to_args(), AIGUL)
    assert (again, again.to_args()) == (asked, asked.to_args())
    assert hash(again) == hash(asked)
    paired = {"to", "logged_to", "at_least", "at_most"}
    assert not set(errors.errors) - paired


@given(addresses())
def test_any_address_gives_a_filter_or_errors_with_words(pairs: list[tuple[str, str]]) -> None:
    _, errors = IncidentFilter.read(pairs, READER)
    assert all(message.endswith(".") for messages in errors.errors.values() for message in messages)


def test_order_and_repeats_of_parameters_make_no_difference() -> None:
    one = read("type=killing&from=2011-12-16&type=detention&type=killing")
    assert one == read("from=2011-12-16&type=detention&type=killing")
    assert one.query == "type=detention&type=killing&from=2011-12-16"


def test_blank_and_usual_values_ask_for_nothing() -> None:
    assert read("type=&place=+&dates=overlap&from=") == IncidentFilter()


def test_days_are_read_from_months_years_and_written_dates() -> None:
    assert read("from=2011-12&to=2011").query == "from=2011-12-01&to=2011-12-31"
    assert read("from=16 Dec 2011&to=17 december 2011").query == "from=2011-12-16&to=2011-12-17"


def test_country_is_read_by_code_or_name() -> None:
    assert read("country=kazakhstan") == read("country=KZ") == read("country=kz")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("colour=red", "colour"),
        ("type=arrest", "type"),
        ("status=none", "status"),
        ("sourcing=none", "sourcing"),
        ("from=yesterday", "from"),
        ("from=../2011", "from"),
        ("from=2011-12-17&to=2011-12-16", "to"),
        ("from=none&to=2011-12-16", "to"),
        ("from=2011&from=2012", "from"),
        ("dates=about", "dates"),
        ("dates=within&dates=overlap", "dates"),
        ("country=Atlantis", "country"),
        ("at_least=2", "at_least"),
        ("measure=none&at_most=2", "at_most"),
        ("measure=killed&at_least=-1", "at_least"),
        ("measure=killed&at_least=2.5", "at_least"),
        ("measure=killed&at_least=99999999999", "at_least"),
        ("measure=killed&at_least=5&at_most=4", "at_most"),
        ("place=a%00b", "place"),
        ("detail.custody_status=Held now", "detail.custody_status"),
        ("detail.charge=theft", "detail.charge"),
        ('q="beaten', "q"),
        ("q=%25", "q"),
        ("q=beaten&q=shot", "q"),
        ("&".join(f"party=p{number}" for number in range(51)), "party"),
    ],
)
def test_what_cannot_be_read_is_an_error_of_its_parameter(query: str, name: str) -> None:
    assert list(refused(query)) == [name]


def test_every_fault_is_told_at_once() -> None:
    assert set(refused("typ=x&type=y&at_least=z")) == {"typ", "type", "at_least"}


@pytest.mark.parametrize("viewer", [READER, PUBLIC])
@pytest.mark.parametrize("query", ["author=Aigul", "reviewer=Bakyt", "publication=open"])
def test_fields_a_reader_cannot_read_are_no_filters_of_theirs(query: str, viewer: Viewer) -> None:
    name = query.partition("=")[0]
    unknown = refused("colour=1", viewer)["colour"][0]
    assert refused(query, viewer) == {name: [unknown.replace("colour", name)]}
    assert read(query)


def test_reader_may_name_no_status_but_approved() -> None:
    assert read("status=approved", READER)
    assert read("status=any", READER)
    assert refused("status=draft", READER)["status"][0].endswith("choices: approved, any.")


# ---- in words ----


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "All incidents"),
        ("dates=within", "All incidents"),
        ("type=ill_treatment", "Incidents where type is ill-treatment"),
        ("type=detention&type=killing", "Incidents where type is detention or killing"),
        ("status=any", "Incidents where status is any"),
        ("status=returned&status=draft", "Incidents where status is draft or returned"),
        ("assessment=none", "Incidents where assessment is not given"),
        ("country=KZ", "Incidents where country is Kazakhstan"),
        ("role=victim", "Incidents where somebody is involved as victim"),
        (
            "party=none&role=alleged_perpetrator",
            "Incidents where nobody is involved as alleged perpetrator",
        ),
        ("measure=detained&at_least=2", "Incidents with at least 2 detained"),
        (
            "measure=detained&at_least=2&at_most=1000",
            "Incidents with at least 2 and at most 1,000 detained",
        ),
        ("measure=killed&measure=injured", "Incidents with a figure of injured or killed"),
        ("relation=contradicts", "Incidents with the relation “contradicts”"),
        ("relation=none", "Incidents without any relation"),
        ("from=none", "Incidents without a known date"),
        ("from=2011-12-16&to=2011-12-16", "Incidents dated 16 December 2011 (may have happened)"),
        (
            "from=2011-12-16&dates=within",
            "Incidents dated from 16 December 2011 onwards (certainly within)",
        ),
        ("logged_from=2026-11&logged_to=2026-11-22", "Incidents logged 1 to 22 November 2026"),
        ("logged_to=2026", "Incidents logged until 31 December 2026"),
        ("updated_since=2026-11-22", "Incidents updated since 22 November 2026"),
        (
            "type=detention&from=2011-12-16&to=2011-12-17",
            "Incidents where type is detention, dated 16 to 17 December 2011 (may have happened)",
        ),
        ('q=-"it is"&type=detention', "Incidents where type is detention, without “it is”"),
    ],
)
def test_filter_says_itself(query: str, words: str) -> None:
    assert in_words(read(query)) == words


def test_pill_drops_its_whole_condition() -> None:
    asked = read("type=detention&measure=detained&at_least=2&from=2011&dates=within")
    without = {pill.label: pill.without for pill in pills(asked)}
    assert list(without) == ["Type", "Date", "Figure"]
    assert dict(without["Figure"]) == {"type": "detention", "from": "2011-01-01", "dates": "within"}
    assert dict(without["Date"]) == {"type": "detention", "measure": "detained", "at_least": "2"}


def test_export_is_of_approved_ones_unless_the_filter_names_a_status() -> None:
    assert for_export(read("type=detention")) == read("type=detention&status=approved")
    for query in ("status=any", "status=draft"):
        assert for_export(read(query)) == read(query)


def test_every_parameter_has_a_label_and_belongs_to_one_clause() -> None:
    names = [name for clause in CLAUSES for name in clause.names]
    assert len(names) == len(set(names)) == len(PARAMETERS)
    assert all(parameter.label for parameter in PARAMETERS.values())


# ---- over rows ----


@pytest.fixture
def rows(database: Database) -> Iterator[Rows]:
    with rows_in(database) as rows:
        yield rows


def found(session: Session, query: str, viewer: Viewer = AIGUL) -> list[int]:
    """The numbers of the incidents a query finds."""
    asked = filter_from_args(session, parse_qsl(query), viewer, KEYRING)
    statement = (
        select(col(Incident.ref_number))
        .where(where(asked, viewer))
        .order_by(col(Incident.ref_number))
    )
    return list(session.scalars(statement))


def unknown(session: Session, query: str, viewer: Viewer = AIGUL) -> list[str]:
    with pytest.raises(FieldErrors) as caught:
        found(session, query, viewer)
    return list(caught.value.errors)


@pytest.fixture
def base(rows: Rows) -> tuple[Rows, int, int]:
    """With a place and a source."""
    return rows, rows.place("Janaozen", "Zhanaozen", "Жаңаөзен"), rows.source()


def test_place_is_found_by_any_spelling_id_or_path_and_holds_what_is_below(
    base: tuple[Rows, int, int],
) -> None:
    rows, town, source = base
    station = rows.place("Town police station", parent_id=town)
    cell = rows.place("Cell 3", parent_id=station)
    for number, place in enumerate((town, station, cell), start=1):
        rows.incident(number, place=place, source=source)
    rows.incident(4, place=rows.place("Aktau"), source=source, subject_place_id=cell)
    for name in ("Janaozen", "zhanaozen", "ЖАҢАӨЗЕН", "Janaozen, Kazakhstan", str(town)):
        assert found(rows.session, f"place={name}") == [1, 2, 3]
    assert found(rows.session, "place=Town police station") == [2, 3]
    assert found(rows.session, "place=Cell 3&place=Aktau") == [3, 4]
    assert found(rows.session, "subject_place=Janaozen") == [4]
    assert found(rows.session, "subject_place=none") == [1, 2, 3]
    assert unknown(rows.session, "place=Nowhere") == ["place"]
    assert unknown(rows.session, "place=999999") == ["place"]


def test_drafts_without_a_place_or_date_are_found_by_none(base: tuple[Rows, int, int]) -> None:
    rows, town, source = base
    rows.incident(1, status="draft", when=None)
    rows.incident(2, place=town, source=source)
    rows.incident(3, place=town, source=source, when=None)
    assert found(rows.session, "place=none") == [1]
    assert found(rows.session, "country=none&country=KZ") == [1, 2, 3]
    assert found(rows.session, "from=none") == [1, 3]


def test_spans_overlap_or_lie_within_with_inclusive_ends(base: tuple[Rows, int, int]) -> None:
    rows, town, source = base
    for number, when in enumerate(
        (
            "2011-12-16",
            "2011-12-16~/2011-12-19~",
            "2011-12",
            "2011",
            "2011-11-20/2011-12-21",
            "2011-11-20/2011-12-15",
            "../2011-12-16",
            "2011-12-17/..",
            "2010-01-01/2012-12-31",
        ),
        start=1,
    ):
        rows.incident(number, place=town, source=source, when=when)
    day = "from=2011-12-16&to=2011-12-16"
    assert found(rows.session, day) == [1, 2, 3, 4, 5, 7, 9]
    assert found(rows.session, f"{day}&dates=within") == [1]
    assert found(rows.session, "from=2011&to=2011&dates=within") == [1, 2, 3, 4, 5, 6]
    assert found(rows.session, "from=2011-12-22") == [3, 4, 8, 9]
    assert found(rows.session, "to=2011-11-19") == [4, 7, 9]
    assert found(rows.session, "from=2011-12-15&dates=within") == [1, 2, 8]
    assert found(rows.session, "from=1000-01-01&to=1000-01-02") == [7]


def test_party_and_role_are_of_one_involvement(base: tuple[Rows, int, int]) -> None:
    rows, town, source = base
    omon, men = rows.party("OMON", "OMON", "ОМОН"), rows.party("men", privacy="label")
    for number in (1, 2, 3):
        rows.incident(number, place=town, source=source)
    rows.involve(1, omon, "alleged_perpetrator")
    rows.involve(2, omon, "present")
    rows.involve(2, men, "alleged_perpetrator", 1)
    assert found(rows.session, "party=OMON") == [1, 2]
    assert found(rows.session, "party=омон") == [1, 2]
    assert found(rows.session, "party=OMON&role=alleged_perpetrator") == [1]
    assert found(rows.session, "role=alleged_perpetrator") == [1, 2]
    assert found(rows.session, "party=none") == [3]
    assert found(rows.session, "party=none&role=alleged_perpetrator") == [3]
    assert found(rows.session, "party=none&party=OMON&role=present") == [1, 2, 3]
    assert unknown(rows.session, "party=OMO") == ["party"]


def test_merged_party_is_found_with_all_that_was_merged(base: tuple[Rows, int, int]) -> None:
    rows, town, source = base
    whole = rows.party("OMON")
    merged = rows.party("riot police", merged_into_id=whole)
    twice = rows.party("black helmets", merged_into_id=merged)
    for number, party in enumerate((whole, merged, twice), start=1):
        rows.involve(rows.incident(number, place=town, source=source), party, "present")
    for name in ("OMON", "riot police", "black helmets", str(twice)):
        assert found(rows.session, f"party={name}") == [1, 2, 3]


def test_names_lead_only_those_to_a_party_who_may_know_them(base: tuple[Rows, int, int]) -> None:
    rows, town, source = base
    parties = {
        "public": rows.party("Kasymov", "Kalmuhambet Kasymov", privacy="public"),
        "label": rows.party("woman who died", "Her Name", privacy="label"),
        "protected": rows.party("detained husband", "His Name", privacy="protected"),
    }
    for number, party in enumerate(parties.values(), start=1):
        rows.involve(
            rows.incident(number, place=town, source=source, status="approved"), party, "victim"
        )
    assert found(rows.session, "party=kalmuhambet kasymov", READER) == [1]
    assert found(rows.session, "party=Her Name") == [2]
    assert unknown(rows.session, "party=Her Name", READER) == ["party"]
    assert unknown(rows.session, "party=His Name") == ["party"]
    assert found(rows.session, "party=detained husband", READER) == [3]


def test_figures_compare_by_best_then_by_the_sure_end(base: tuple[Rows, int, int]) -> None:
    rows, town, source = base
    for number, (low, best, high) in enumerate(
        ((None, 20, None), (20, None, 30), (3, None, None), (None, None, 5), (None, None, None)),
        start=1,
    ):
        rows.figure(
            rows.incident(number, place=town, source=source, status="draft"),
            "detained",
            low,
            best,
            high,
        )
    assert found(rows.session, "measure=detained") == [1, 2, 3, 4, 5]
    assert found(rows.session, "measure=detained&at_least=20") == [1, 2]
    assert found(rows.session, "measure=detained&at_least=21") == []
    assert found(rows.session, "measure=detained&at_least=5&at_most=20") == [1, 4]
    assert found(rows.session, "measure=detained&at_most=30") == [1, 2, 3, 4]
    assert found(rows.session, "measure=killed") == []


def test_figure_and_its_bound_are_one_and_no_breakdown(base: tuple[Rows, int, int]) -> None:
    rows, town, source = base
    one, two, three = (
        rows.incident(n, place=town, source=source, status="draft") for n in (1, 2, 3)
    )
    rows.figure(one, "detained", 1, 1, 1)
    rows.figure(one, "injured", 10, 10, 10, position=1)
    whole = rows.figure(two, "detained", 20, 20, 20)
    rows.figure(two, "detained", 3, 3, 3, position=1, parent_id=whole)
    assert found(rows.session, "measure=detained&at_least=2") == [2]
    assert found(rows.session, "measure=detained&at_most=5") == [1]
    assert found(rows.session, "measure=none") == [three]
    assert found(rows.session, "measure=none&measure=injured") == [1, 3]


def test_relation_is_found_from_both_ends_that_may_be_seen(base: tuple[Rows, int, int]) -> None:
    rows, town, source = base
    for number in (1, 2, 3, 4):
        rows.incident(number, place=town, source=source, status="approved")
    hidden = rows.incident(5, place=town, source=source, publication="sealed", status="approved")
    rows.relate(1, "contradicts", 2)
    rows.relate(3, "about", 1)
    rows.relate(4, "contradicts", hidden)
    assert found(rows.session, "relation=contradicts") == [1, 2]
    assert found(rows.session, "relation=about") == [1, 3]
    assert found(rows.session, "relation=none") == [4]
    assert found(rows.session, "relation=none&relation=about") == [1, 3, 4]
    rows.let_in(hidden, AIGUL)
    assert found(rows.session, "relation=contradicts") == [1, 2, 4, 5]


def test_source_and_publisher_are_found_among_those_one_may_know(
    base: tuple[Rows, int, int],
) -> None:
    rows, town, _ = base
    iwpr = rows.source("Police Round Up Men", publisher="IWPR")
    secret = rows.source("Testimony", publisher="ÍWPR", protected=True)
    for number, source in ((1, iwpr), (2, secret)):
        rows.incident(number, place=town, source=source, status="approved")
    for name in ("SRC-2026-00002", "src-2026-00002", str(iwpr), "Police Round Up Men"):
        assert found(rows.session, f"source={name}", READER) == [1]
    assert found(rows.session, f"source={secret}") == [2]
    assert unknown(rows.session, f"source={secret}", READER) == ["source"]
    assert found(rows.session, "publisher=iwpr") == [1, 2]
    assert found(rows.session, "publisher=iwpr", READER) == [1]
    assert unknown(rows.session, "source=SRC-2026-99999") == ["source"]


def test_event_author_and_reviewer_are_found_by_name_or_id(base: tuple[Rows, int, int]) -> None:
    rows, town, source = base
    event = rows.event("Janaozen, December 2011")
    rows.incident(1, place=town, source=source, event_id=event)
    rows.incident(2, place=town, source=source, created_by=BAKYT.account_id)
    rows.incident(3, place=town, source=source, created_by=None)
    rows.decide(2, "assess")
    assert found(rows.session, "event=janaozen, december 2011") == [1]
    assert found(rows.session, f"event={event}&event=none") == [1, 2, 3]
    assert found(rows.session, "author=aigul") == [1]
    assert found(rows.session, "author=none&author=2") == [2, 3]
    assert found(rows.session, "reviewer=Bakyt") == [2]
    assert found(rows.session, "reviewer=none") == [1, 3]
    assert unknown(rows.session, "author=Nobody") == ["author"]


def test_coded_columns_details_and_times(base: tuple[Rows, int, int]) -> None:
    rows, town, source = base
    rows.incident(
        1,
        place=town,
        source=source,
        kind="injury",
        details={"cause": "beating"},
        assessment="doubtful",
    )
    rows.incident(2, place=town, source=source, kind="killing", details={"cause": "gunshot"})
    rows.incident(
        3, place=town, source=source, kind="injury", publication="internal", sourcing="contested"
    )
    rows.incident(
        4,
        place=town,
        source=source,
        kind="ill_treatment",
        details={"methods": ["beating", "threats"]},
    )
    assert found(rows.session, "type=injury&type=killing") == [1, 2, 3]
    assert found(rows.session, "assessment=none&assessment=doubtful&type=injury") == [1, 3]
    assert found(rows.session, "publication=internal") == [3]
    assert found(rows.session, "sourcing=contested") == [3]
    assert found(rows.session, "detail.cause=gunshot&detail.cause=beating") == [1, 2]
    assert found(rows.session, "detail.cause=none") == [3]
    assert found(rows.session, "detail.methods=threats") == [4]
    assert unknown(rows.session, "detail.cause=sorcery") == ["detail.cause"]
    since = (NOW + timedelta(minutes=3)).isoformat()
    assert found(rows.session, f"updated_since={since.replace('+', '%2B')}") == [3, 4]
    assert found(rows.session, "updated_since=2026-11-23") == []
    # All of these were recorded on that day.
    assert found(rows.session, "logged_from=2026-11-22&logged_to=2026-11-22") == [1, 2, 3, 4]
    assert found(rows.session, "logged_to=2026-11-21") == []
    assert found(rows.session, "logged_from=2026-11-23&logged_to=2026-12") == []
    assert found(rows.session, "logged_to=9999-12-30") == [1, 2, 3, 4]


def test_returned_is_a_draft_nobody_has_submitted_since(base: tuple[Rows, int, int]) -> None:
    rows, town, source = base
    for number in (1, 2, 3):
        rows.incident(number, place=town, source=source, status="submitted")
        rows.decide(number, "return", NOW + timedelta(hours=1))
    rows.move(1, "draft")
    again = rows.session.get(Incident, 2)
    assert again is not None
    again.status, again.submitted_at = "draft", NOW + timedelta(hours=2)
    rows.session.add(again)
    rows.incident(4, status="draft")
    assert found(rows.session, "status=returned") == [1]
    assert found(rows.session, "status=draft") == [1, 2, 4]
    assert found(rows.session, "status=returned&status=submitted") == [1, 3]


def test_each_viewer_finds_what_they_may_see(base: tuple[Rows, int, int]) -> None:
    rows, town, source = base
    number = 0
    for publication in ("open", "internal", "sealed"):
        for status in ("approved", "submitted"):
            number += 1
            made = rows.incident(
                number, place=town, source=source, publication=publication, status=status
            )
            if publication == "sealed":
                rows.let_in(made, BAKYT)
    assert found(rows.session, "status=any", AIGUL) == [1, 2, 3, 4]
    assert found(rows.session, "status=any", BAKYT) == [1, 2, 3, 4, 5, 6]
    assert found(rows.session, "status=any", OPERATOR) == [1, 2, 3, 4]
    for viewer in (READER, PUBLIC, BAKYT.publicly()):
        assert found(rows.session, "status=any", viewer) == [1]


@pytest.mark.parametrize("name", ["place", "subject_place", "party", "event", "publisher"])
def test_reader_learns_of_no_name_that_only_hidden_incidents_bear(
    base: tuple[Rows, int, int], name: str
) -> None:
    rows, _, _ = base
    town, event = rows.place("Safe house"), rows.event("Safe house")
    source = rows.source(publisher="Safe house")
    made = rows.incident(
        1, status="draft", place=town, subject_place_id=town, source=source, event_id=event
    )
    rows.involve(made, rows.party("Safe house"), "present")
    assert found(rows.session, f"{name}=Safe house") == [1]
    assert unknown(rows.session, f"{name}=Safe house", READER) == [name]
    rows.move(made, "approved")
    assert found(rows.session, f"{name}=Safe house", READER) == [1]


def test_sourcing_is_the_viewers_own(base: tuple[Rows, int, int]) -> None:
    rows, town, source = base
    rows.incident(
        1,
        place=town,
        source=source,
        status="approved",
        sourcing="corroborated",
        sourcing_redacted="single_source",
    )
    assert found(rows.session, "sourcing=corroborated") == [1]
    assert found(rows.session, "sourcing=corroborated", READER) == []
    assert found(rows.session, "sourcing=single_source", READER) == [1]


def test_a_filter_whose_names_were_never_looked_up_is_no_filter() -> None:
    with pytest.raises(KeyError):
        where(read("place=Janaozen"), AIGUL)


def test_a_value_stands_in_the_tables_order() -> None:
    assert with_value(read("from=2011&type=killing"), "status", "draft") == read(
        "type=killing&status=draft&from=2011"
    )
