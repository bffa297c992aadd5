"""What is found by words: the same on both engines, and by nobody what they may not read."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from incidents.db import Database
from incidents.errors import FieldErrors
from incidents.incident.actions import reindex
from incidents.incident.filters.full_text import documents_found
from incidents.incident.queries import listing
from incidents.incident.queries.context import Context
from incidents.incident.record import CitationSaid, FigureSaid, InvolvementSaid
from incidents.search_query import read_query
from incidents.search_words import document
from tests.conftest import Demo
from tests.factories import selects
from tests.incident.rows import AIGUL, READER, Rows, rows_in
from tests.incident.searching import documents, matching, page, titles
from tests.team import Team

SHOPS = "“There was no bread or milk for four days,” she said."


@pytest.fixture
def told(team: Team) -> Team:
    """Four incidents in words of several scripts, approved unless told otherwise."""
    town = team.place("Janaozen", aliases=("Жаңаөзен", "Жанаозен", "Zhanaozen"))
    station = team.place("Town police station", parent=town)
    team.recorded(
        team.record(
            "shortage",
            title="Shops stood empty",
            place=town,
            citations=(team.quoting(SHOPS, source=team.source(SHOPS)),),
            details={"goods": ["food"], "items": ["flour", "подсолнечное масло"]},
        ),
        status="approved",
    )
    team.recorded(
        team.record(title="Men detained by the ОМОН", place=station, summary="أحمد was beaten."),
        status="approved",
    )
    team.recorded(
        team.record(title="Detained in Beijing", place=team.place("北京市", country="CN")),
        status="approved",
    )
    team.recorded(team.record(title="Ill-treatment, a draft", notes="Ask the milkman"))
    return team


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("жанаозен", ["Men detained by the ОМОН", "Shops stood empty"]),
        ("Zhanaozen", ["Men detained by the ОМОН", "Shops stood empty"]),
        ("JANAOZEN", ["Men detained by the ОМОН", "Shops stood empty"]),
        ('"no bread or milk"', ["Shops stood empty"]),
        ('"no milk or bread"', []),
        ("milk bread", ["Shops stood empty"]),
        ("-police detained", ["Detained in Beijing"]),
        ("-detained -treatment", ["Shops stood empty"]),
        ("омон", ["Men detained by the ОМОН"]),
        ("أحمد", ["Men detained by the ОМОН"]),
        ("احمد", ["Men detained by the ОМОН"]),
        ("北京", ["Detained in Beijing"]),
        ("京", ["Detained in Beijing"]),
        ("市", ["Detained in Beijing"]),
        ("京北", []),
        ("detain*", ["Detained in Beijing", "Men detained by the ОМОН"]),
        ("detain", []),
        ("ill-treatment", ["Ill-treatment, a draft"]),
        ('"treatment ill"', []),
        ("масло", ["Shops stood empty"]),
        ("Kazakhstan flour", ["Shops stood empty"]),
        ("AND", []),
        ("NEAR(", []),
        ("INC-2026-00001", ["Shops stood empty"]),
        ("2026", []),
        ("milkman", ["Ill-treatment, a draft"]),
    ],
)
def test_words_are_found_in_any_script(told: Team, q: str, found: list[str]) -> None:
    assert titles(told, q) == found


@pytest.mark.parametrize("q", ["%", '"', "-", "***", "x" * 5000, "word " * 31, "\0"])
def test_what_is_no_search_is_an_error_beside_it(told: Team, q: str) -> None:
    with pytest.raises(FieldErrors) as caught:
        titles(told, q)
    assert set(caught.value.errors) == {"q"}


def test_a_word_that_means_the_missing_elsewhere_is_a_word(told: Team) -> None:
    told.recorded(title="None were seen")
    assert titles(told, "none") == ["None were seen"]


def test_a_phrase_does_not_run_from_one_text_into_the_next(team: Team) -> None:
    team.recorded(team.record(title="First words", summary="last sentence"))
    assert titles(team, '"words last"') == []
    assert titles(team, '"first words"') == titles(team, '"last sentence"') == ["First words"]


# ---- who finds what ----


@pytest.fixture
def guarded(team: Team) -> Team:
    """An approved incident with words of a protected witness, and with notes."""
    witness = team.party("woman by the road", name="Айжан Бекова", aliases=("Aika",))
    source = team.source(publisher="Respublika")
    record = team.record(
        title="A man is beaten",
        citations=(
            team.quoting("Police opened fire on Friday.", source=source),
            team.quoting("“he was beaten up”", source=source, speaker=witness),
            CitationSaid(source=team.source("A letter.", title="Lettr", protected=True)),
        ),
        figures=(
            FigureSaid(measure="injured", best=1, verbatim="a lone drover", citation=0),
            FigureSaid(measure="detained", best=1, verbatim="my only cousin", citation=2),
        ),
        involvements=(InvolvementSaid(party=witness, role="witness", note="trembling"),),
        notes="Ask the neighbour.",
        place_verbatim="behind the bakery",
    )
    team.recorded(record, status="approved")
    # Quotes the witness without saying that it is her.
    again = team.record(title="Shots", citations=(team.quoting("beaten up", source=source),))
    team.recorded(again, status="approved")
    return team


@pytest.mark.parametrize(
    ("q", "internal", "redacted"),
    [
        ("fire", ["A man is beaten"], ["A man is beaten"]),
        ("respublika", ["A man is beaten", "Shots"], ["A man is beaten", "Shots"]),
        ('"beaten up"', ["A man is beaten", "Shots"], []),
        ('"woman by the road"', ["A man is beaten"], ["A man is beaten"]),
        ("neighbour", ["A man is beaten"], []),
        ("trembling", ["A man is beaten"], []),
        ("drover", ["A man is beaten"], []),
        ("cousin", [], []),
        ("bakery", ["A man is beaten"], []),
        ("-up friday", [], ["A man is beaten"]),
        ("Бекова", [], []),
        ("aika", [], []),
        ("lettr", [], []),
    ],
)
def test_readers_find_by_what_the_redacted_view_shows(
    guarded: Team, q: str, internal: list[str], redacted: list[str]
) -> None:
    assert titles(guarded, q) == internal
    assert titles(guarded, q, guarded.reader) == titles(guarded, q, guarded.admin) == redacted


def test_drafts_and_sealed_incidents_are_found_by_who_may_know_them(team: Team) -> None:
    team.recorded(title="A quiet draft")
    sealed = team.recorded(title="A quiet secret", status="approved")
    team.sealed(sealed)
    assert titles(team, "quiet") == ["A quiet draft", "A quiet secret"]
    assert titles(team, "quiet", team.colleague) == ["A quiet draft"]
    assert titles(team, "quiet", team.reader) == []


def test_a_document_holds_nothing_that_its_view_does_not_show(guarded: Team) -> None:
    """The documents of a protected source, and of names, hold no word of them anywhere."""
    with guarded.reading() as session:
        stored = documents(session)
    for secret in ("Айжан Бекова", "Aika", "A letter", "Lettr", "cousin"):
        for word in document([secret]).split()[:-1]:
            if word not in document(["a"]).split():
                assert not any(
                    word in title.split() + body.split() for _, title, body in stored.values()
                )


# ---- both engines find the same ----

WORDS = st.sampled_from(
    ["bread", "Bread,", "milk", "no", "нет", "хлеба", "北京", "京", "ill-treatment", "a", "aa", "%"]
)
SENTENCES = st.lists(WORDS, max_size=8).map(" ".join)
TERMS = st.one_of(
    WORDS,
    WORDS.map(lambda word: f"-{word}"),
    WORDS.map(lambda word: f"{word}*"),
    st.lists(WORDS, min_size=1, max_size=3).map(lambda several: f'"{" ".join(several)}"'),
    st.lists(WORDS, min_size=1, max_size=2).map(lambda several: f'-"{" ".join(several)}"'),
    st.text(max_size=10),
)
QUERIES = st.lists(TERMS, max_size=4).map(" ".join)
SLOW = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=25,
)


def test_an_engine_finds_what_a_plain_matcher_finds(database: Database) -> None:
    with database.writing() as session:
        rows = Rows(session)

        @SLOW
        @given(
            said=st.lists(st.tuples(SENTENCES, SENTENCES), min_size=1, max_size=6),
            asked=st.lists(QUERIES, max_size=8),
        )
        def check(said: list[tuple[str, str]], asked: list[str]) -> None:
            nested = session.begin_nested()
            _compare(rows, said, asked)
            nested.rollback()

        check()


def _compare(rows: Rows, said: list[tuple[str, str]], asked: list[str]) -> None:
    ids = [
        rows.incident(number, title=title, summary=summary, status="draft")
        for number, (title, summary) in enumerate(said, start=1)
    ]
    reindex(rows.session, ids)
    stored = documents(rows.session)
    for q in asked:
        try:
            found = page(rows.session, AIGUL, q, size=100)
        except FieldErrors:
            continue
        if typed := " ".join(q.split()):
            expected = matching(stored, "internal", read_query(typed))
            assert {row.id for row in found.rows} == expected, typed
            assert found.count == len(expected)
            assert page(rows.session, AIGUL, q, size=100, once=True) == found


@pytest.mark.parametrize("q", ["bread", "-bread", "-police detained", "nowhere"])
def test_looked_up_once_or_each_time_the_same_is_found(
    told: Team, monkeypatch: pytest.MonkeyPatch, q: str
) -> None:
    with told.reading() as session:
        found = page(session, told.author, q)
        assert page(session, told.author, q, once=True) == found
        monkeypatch.setattr(listing, "_MOST_REMEMBERED", 0)
        assert page(session, told.author, q, once=True) == found


def test_words_looked_up_once_tell_nobody_of_what_is_hidden(guarded: Team) -> None:
    with guarded.reading() as session:
        assert page(session, guarded.author, "beaten", once=True).count
        for q in ("beaten man", "-beaten"):
            found = page(session, guarded.reader, q)
            assert page(session, guarded.reader, q, once=True) == found


@SLOW
@given(q=st.text(max_size=40))
def test_any_text_finds_or_is_refused(demo: Demo, q: str) -> None:
    with demo.database.reading() as session:
        for viewer in (AIGUL, READER):
            try:
                page(session, viewer, q)
                page(session, viewer, q, sort="relevance")
            except FieldErrors as errors:
                assert set(errors.errors) <= {"q", "sort"}


# ---- in order, and in context ----


def test_the_best_match_has_it_in_the_title(team: Team) -> None:
    team.recorded(team.record(title="Something", summary="bread " * 20))
    team.recorded(title="A word of bread and of other things that stand in a longer title")
    team.recorded(team.record(title="Some thing", summary="bread"))
    with team.reading() as session:
        found = page(session, team.author, "bread", sort="relevance")
    assert [row.title[:6] for row in found.rows] == ["A word", "Someth", "Some t"]


def test_pages_by_relevance_neither_skip_nor_repeat(database: Database) -> None:
    with rows_in(database) as rows:
        ids = [rows.incident(n, title=f"Bread {n}", status="draft") for n in range(1, 12)]
        reindex(rows.session, ids)
    with database.reading() as session:
        first = page(session, AIGUL, "bread", sort="relevance", size=4)
        second = page(session, AIGUL, "bread", sort="relevance", after=first.next or "", size=4)
        third = page(session, AIGUL, "bread", sort="relevance", after=second.next or "", size=4)
        back = page(session, AIGUL, "bread", sort="relevance", after=third.previous or "", size=4)
    pages = (first, second, third)
    assert sorted(row.id for one in pages for row in one.rows) == sorted(ids)
    assert (first.previous, third.next, back.rows) == (None, None, second.rows)
    assert {one.count for one in pages} == {11}


@pytest.mark.parametrize(
    "after", ["relevance~-1", "relevance~x", "before~relevance~4", "relevance"]
)
def test_no_page_by_relevance_is_an_error(told: Team, after: str) -> None:
    with told.reading() as session, pytest.raises(FieldErrors) as caught:
        page(session, told.author, "bread", sort="relevance", after=after)
    assert set(caught.value.errors) == {"after"}


def test_relevance_needs_words(told: Team) -> None:
    for q in ("", "-bread"):
        with told.reading() as session, pytest.raises(FieldErrors) as caught:
            page(session, told.author, q, sort="relevance")
        assert set(caught.value.errors) == {"sort"}


def context(team: Team, q: str) -> Context | None:
    with team.reading() as session:
        (row,) = page(session, team.author, q).rows
    return row.context


def marked(found: Context | None) -> str:
    assert found is not None
    return "".join(f"[{piece.text}]" if piece.hit else piece.text for piece in found.pieces)


def test_hits_are_shown_where_they_stand(told: Team) -> None:
    found = context(told, '"No bread" DAYS milk')
    assert marked(found) == "“There was [no bread] or [milk] for four [days],” she said."
    assert found is not None and (found.field, found.quote) == ("Quote", True)
    assert marked(context(told, "flou*")) == "[flour]"
    beijing = context(told, "北京")
    assert beijing is not None and (beijing.field, marked(beijing)) == ("Place", "[北京]市")
    assert marked(context(told, "احمد")) == "[أحمد] was beaten."


def test_what_the_title_says_is_shown_nowhere_else(told: Team) -> None:
    assert context(told, "shops empty") is None
    assert context(told, "shops -police") is None
    assert marked(context(told, "shops bread")).startswith("“There was no [bread] or milk")


def test_hits_are_marked_in_the_title(told: Team) -> None:
    with told.reading() as session:
        (row,) = page(session, told.author, "shop* bread").rows
        (unmarked,) = page(session, told.author, "milk").rows
    assert [(piece.text, piece.hit) for piece in row.title_marked] == [
        ("Shops", True),
        (" stood empty", False),
    ]
    assert unmarked.title_marked == ()


def test_context_is_cut_around_the_first_hit(team: Team) -> None:
    team.recorded(team.record(title="Long", summary="lorem " * 100 + "bread " + "ipsum " * 100))
    assert marked(context(team, "bread")) == ("…" + "lorem " * 10 + "[bread]" + " ipsum" * 23 + "…")


def test_context_holds_nothing_its_viewer_may_not_read(guarded: Team) -> None:
    with guarded.reading() as session:
        (row,) = page(session, guarded.reader, "beaten man").rows
        assert row.context is None
        (row,) = page(session, guarded.reader, "woman fire").rows
    assert marked(row.context) == "Police opened [fire] on Friday."


def test_a_page_of_hits_takes_the_same_statements_for_twice_the_rows(database: Database) -> None:
    def shown(rows: Rows, first: int, sort: str) -> int:
        ids = []
        for number in range(first, first + 10):
            place = rows.place(f"Site {number}", parent_id=rows.place(f"Town {number}"))
            made = rows.incident(number, place=place, source=rows.source(), status="draft")
            rows.cite(made, rows.source(), 1, speaker_id=rows.party(f"Party {number}"))
            ids.append(made)
        reindex(rows.session, ids)
        with selects(database) as sent:
            page(rows.session, AIGUL, "kazakhstan", sort=sort, size=100)
        return len(sent)

    with database.writing() as session:
        rows = Rows(session)
        assert shown(rows, 100, "-date") == shown(rows, 110, "-date") == 14
        assert shown(rows, 120, "relevance") == 14


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_documents_are_looked_up_by_what_the_index_gives(database: Database) -> None:
    """Not one by one, each compared with the list."""
    found = documents_found(read_query("bread"), AIGUL)
    with database.engine.connect() as connection:
        asked = str(found.compile(connection, compile_kwargs={"literal_binds": True}))
        plan = str(connection.execute(text(f"EXPLAIN QUERY PLAN {asked}")).all())
    assert "SEARCH search_document USING INTEGER PRIMARY KEY" in plan


def test_the_index_is_asked(database: Database) -> None:
    """Not every document looked through."""
    statement = "SELECT rowid FROM search_document_fts WHERE search_document_fts MATCH 'abc'"
    if not database.is_sqlite:
        statement = "SELECT id FROM search_document WHERE words @@ 'abc'::tsquery"
    with database.engine.connect() as connection:
        if database.is_sqlite:
            plan = str(connection.execute(text(f"EXPLAIN QUERY PLAN {statement}")).all())
            assert "VIRTUAL TABLE INDEX" in plan
        else:
            connection.execute(text("SET enable_seqscan = off"))
            plan = str(connection.execute(text(f"EXPLAIN {statement}")).all())
            assert "ix_search_document_words" in plan
