"""Exports: repeatable bytes, safe cells, rights, and a log of every download."""

import csv
import io
from collections.abc import Iterator
from hashlib import sha256
from urllib.parse import parse_qsl

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from incidents.audit.models import AuditEntry
from incidents.audit.queries import problems
from incidents.db import Database
from incidents.demo.imports import load
from incidents.errors import FieldErrors, NotAllowed, NotFound
from incidents.incident.columns import TABLES, ColumnSet
from incidents.incident.exports import (
    ExportOptions,
    LoggedExport,
    Wanted,
    asked_for,
    begin,
)
from incidents.incident.models import Export
from incidents.incident.queries.export_log import ExportPage, export_by_id, past_exports
from incidents.services import Services
from incidents.viewer import OPERATOR, Role, Viewer
from tests.conftest import Demo
from tests.incident.exported import Article, article_of, exported, read
from tests.incident.rows import AIGUL, BAKYT, READER, Rows, rows_in

ADMIN = Viewer(2, "Bakyt", frozenset({Role.ADMIN}))


@pytest.fixture
def article(demo: Demo) -> Article:
    return article_of(demo)


@pytest.fixture
def empty(services: Services) -> Article:
    """No incident yet; tests add their own with `rows_in`."""
    return Article(services, {}, {})


def save(_services: Services, session: Session) -> None:
    session.commit()


def started(article: Article, viewer: Viewer, query: str = "", **args: str) -> LoggedExport:
    services = article.services
    wanted = Wanted("incidents", [*parse_qsl(query), *args.items()], ColumnSet.FULL)
    with services.database.writing() as session:
        export = begin(services, services.work(session, viewer), wanted, save)
        session.commit()
    return export


def options_of(article: Article, query: str, viewer: Viewer = AIGUL) -> ExportOptions:
    with article.database.reading() as session:
        wanted = Wanted("incidents", parse_qsl(query), ColumnSet.FULL)
        return asked_for(article.services.work(session, viewer), wanted)[1]


def logged_rows(database: Database) -> list[Export]:
    with database.reading() as session:
        return list(session.exec(select(Export).order_by(col(Export.id))).all())


def actions_logged(article: Article) -> list[str]:
    with article.database.reading() as session:
        statement = select(AuditEntry.action).where(AuditEntry.entity == "export")
        return list(session.exec(statement.order_by(col(AuditEntry.sequence))).all())


def page(article: Article, viewer: Viewer) -> ExportPage:
    with article.database.reading() as session:
        return export_by_id(session, viewer, 1)


# ---- bytes ----


@pytest.mark.parametrize("table", TABLES)
def test_the_same_data_gives_the_same_bytes_at_any_batch_size(article: Article, table: str) -> None:
    for profile in ("internal", "public"):
        for columns in ColumnSet:
            first = exported(article, table, profile=profile, columns=columns)
            assert first.count(b"\n") > 2
            assert exported(article, table, batch=3, profile=profile, columns=columns) == first


def test_safe_cells_cannot_run_and_every_script_survives(empty: Article) -> None:
    with rows_in(empty.database) as rows:
        place = rows.place("Жаңаөзен", country="KZ", lat=43.3378, lon=-71.06)
        source = rows.source("+cmd|' /C calc'!A0")
        titles = (
            '=HYPERLINK("http://x","y")',
            "-2+3",
            "@SUM(A1)",
            "\tindented",
            'He said "no",\nthen left',
            "محطة الشرطة",
            "'quoted",
            "＝１",
            "Жаңаөзен, Маңғыстау",
        )
        for number, title in enumerate(titles, start=1):
            rows.incident(number, title=title, place=place, source=source, status="approved")
    body = exported(empty, "incidents")
    assert body.startswith(b"\xef\xbb\xbf")
    cells = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    for row in cells:
        assert row["title"][0] not in "=+-@\t＝"
        assert row["longitude"] == "-71.06"
        assert row["place"] == "Жаңаөзен"
    assert [row["title"] for row in read(body)] == list(titles)
    raw = exported(empty, "incidents", raw="1")
    assert [row["title"] for row in read(raw)] == list(titles)
    assert b"\r\n" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")


def test_blank_is_nobody_says_and_zero_is_zero(empty: Article) -> None:
    with rows_in(empty.database) as rows:
        source, place = rows.source(), rows.place("Aktau")
        none = rows.incident(1, kind="killing", status="draft", source=source, place=place)
        citation = rows.cite(none, source, 1)
        rows.figure(none, "killed", 0, 0, 0, citation_id=citation)
        rows.move(none, "approved")
        rows.incident(2, kind="killing", status="approved", source=source, place=place)
    said, unsaid = read(exported(empty, "incidents"))
    assert (said["killed_low"], said["killed_best"], said["killed_high"]) == ("0", "0", "0")
    assert (unsaid["killed_low"], unsaid["killed_best"], unsaid["killed_high"]) == ("", "", "")
    assert unsaid["latitude"] == unsaid["summary"] == unsaid["approved_at"][:0] == ""


def test_several_figures_of_which_none_is_in_totals_are_not_chosen_from(empty: Article) -> None:
    with rows_in(empty.database) as rows:
        source, place = rows.source(), rows.place("Aktau")
        one = rows.incident(1, status="draft", source=source, place=place)
        citation = rows.cite(one, source, 1)
        for position, best in enumerate((20, 40)):
            rows.figure(
                one, "detained", None, best, None, "approximately", in_totals=False,
                position=position, citation_id=citation,
            )  # fmt: skip
        rows.move(one, "approved")
    (row,) = read(exported(empty, "incidents"))
    assert row["detained_best"] == ""
    assert row["figures_qualified"] == "about 20 detained | about 40 detained"
    assert [figure["best"] for figure in read(exported(empty, "figures"))] == ["20", "40"]


def test_open_ends_and_dates_not_known_claim_no_day(empty: Article) -> None:
    with rows_in(empty.database) as rows:
        source, place = rows.source(), rows.place("Aktau")
        rows.incident(1, when="2011-12-16/..", status="approved", source=source, place=place)
        rows.incident(2, when=None, status="approved", source=source, place=place)
    lasting, unknown = read(exported(empty, "incidents"))
    assert (lasting["date_earliest"], lasting["date_latest"]) == ("2011-12-16", "")
    assert (unknown["date_edtf"], unknown["date_precision"]) == ("", "unknown")


# ---- which rows ----


def test_only_approved_incidents_unless_the_filter_names_a_status(services: Services) -> None:
    article = Article(services, load(services), {})
    assert len(read(exported(article, "incidents"))) == 15
    assert len(read(exported(article, "incidents", "status=any"))) == 17
    two = exported(article, "incidents", "type=detention&status=any")
    references = [row["incident_id"] for row in read(two)]
    assert references == [article.references["JZ-06"], article.references["JZ-10"]]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("", "incidents.csv"),
        ("status=approved", "incidents.csv"),
        ("status=any", "incidents-unapproved.csv"),
        ("status=draft", "incidents-unapproved.csv"),
        ("profile=public", "incidents-public.csv"),
    ],
)
def test_the_file_is_named_after_what_it_holds(empty: Article, query: str, name: str) -> None:
    assert options_of(empty, query).file_name == name


def test_the_long_tables_hold_what_the_article_holds(article: Article) -> None:
    citations = read(exported(article, "citations"))
    assert len(citations) == 46
    assert sum(bool(row["quote"]) for row in citations) == 36
    assert citations[0]["snapshot_sha256"].startswith("975fd543")
    assert len({row["source_id"] for row in read(exported(article, "sources"))}) == 4
    relations = read(exported(article, "relations"))
    pairs = {(*sorted((row["incident_id"], row["to"])), row["type"]) for row in relations}
    assert len(pairs) == len(relations) == 15


def test_a_relation_is_found_from_the_end_that_is_exported(article: Article) -> None:
    ref = article.references
    rows = read(exported(article, "relations", "type=witness_statement"))
    assert [(row["incident_id"], row["type"], row["to"]) for row in rows] == [
        (ref["JZ-17"], "about", ref["JZ-10"]),
        (ref["JZ-16"], "contradicts", ref["JZ-17"]),
    ]


def test_figures_name_the_citation_they_rest_on(article: Article) -> None:
    rows = read(exported(article, "figures", "type=restriction"))
    assert [(row["measure"], row["citation"], row["verbatim"]) for row in rows] == [
        ("security_personnel", "1", "20 or 30"),
        ("affected", "3", "any man"),
    ]
    assert {row["source_id"] for row in rows} == {"SRC-2026-00001"}


def test_a_merged_party_is_one_party_everywhere(article: Article) -> None:
    before = {row["label"] for row in read(exported(article, "parties"))}
    with article.database.writing() as session:
        session.connection().execute(
            text(
                "UPDATE party SET merged_into_id = (SELECT id FROM party WHERE label = 'locals')"
                " WHERE label = 'women in Janaozen'"
            )
        )
        session.commit()
    after = {row["label"] for row in read(exported(article, "parties"))}
    assert before - after == {"women in Janaozen"}
    (shortage,) = read(exported(article, "incidents", "type=shortage", columns="report"))
    assert shortage["Who"] == "locals"


# ---- rights ----


def sealed_and_internal(rows: Rows) -> None:
    source, place = rows.source(), rows.place("Aktau")
    sealed = rows.incident(
        1, source=source, place=place, status="approved", publication="sealed", title="Sealed"
    )
    rows.let_in(sealed, AIGUL)
    rows.incident(2, source=source, place=place, status="draft", title="A draft")
    rows.incident(
        3, source=source, place=place, status="approved", publication="internal", title="Internal"
    )
    rows.incident(4, source=source, place=place, status="approved", title="Open")


@pytest.mark.parametrize(
    ("viewer", "query", "titles"),
    [
        (AIGUL, "status=any", ["Sealed", "A draft", "Internal", "Open"]),
        (BAKYT, "status=any", ["A draft", "Internal", "Open"]),
        (OPERATOR, "status=any", ["A draft", "Internal", "Open"]),
        (AIGUL, "", ["Sealed", "Internal", "Open"]),
        (READER, "", ["Open"]),
        (ADMIN, "", ["Open"]),
    ],
)
def test_a_file_holds_what_its_viewer_may_see(
    empty: Article, viewer: Viewer, query: str, titles: list[str]
) -> None:
    with rows_in(empty.database) as rows:
        sealed_and_internal(rows)
    assert [row["title"] for row in read(exported(empty, "incidents", query, viewer))] == titles


@pytest.mark.parametrize("table", TABLES)
def test_a_sealed_incident_leaves_no_trace_in_the_public_profile(
    empty: Article, table: str
) -> None:
    with rows_in(empty.database) as rows:
        sealed_and_internal(rows)
        rows.relate(4, "contradicts", 1)
    body = exported(empty, table, viewer=AIGUL, profile="public")
    assert b"INC-2026-00001" not in body
    assert b"Sealed" not in body


@pytest.mark.parametrize("viewer", [READER, ADMIN])
def test_readers_and_administrators_have_the_public_profile_only(
    empty: Article, viewer: Viewer
) -> None:
    assert options_of(empty, "", viewer).profile == "public"
    with pytest.raises(NotAllowed):
        options_of(empty, "profile=internal", viewer)


@pytest.mark.parametrize("query", ["status=draft", "publication=internal", "author=Aigul"])
def test_a_public_filter_cannot_ask_for_what_is_hidden(empty: Article, query: str) -> None:
    with pytest.raises(FieldErrors):
        options_of(empty, f"{query}&profile=public")


@pytest.mark.parametrize(
    "query",
    ["profile=secret", "columns=some", "raw=perhaps", "profile=public&profile=internal"],
)
def test_a_wrong_option_is_said_and_not_ignored(empty: Article, query: str) -> None:
    with pytest.raises(FieldErrors) as caught:
        options_of(empty, query)
    assert list(caught.value.errors) == [query.partition("=")[0]]


def test_an_unknown_parameter_is_said_and_not_ignored(empty: Article) -> None:
    with pytest.raises(FieldErrors):
        exported(empty, "incidents", "typ=detention")


# ---- the log ----


def test_a_finished_export_is_logged_with_rows_and_hash(article: Article) -> None:
    export = started(article, AIGUL, "type=detention")
    (row,) = logged_rows(article.database)
    assert (row.state, row.sha256) == ("started", None)
    body = b"".join(export)
    export.close()
    (row,) = logged_rows(article.database)
    assert (row.state, row.rows) == ("finished", 2)
    assert row.sha256 == sha256(body).hexdigest()
    assert (row.query, row.file_name, row.actor_id) == ("type=detention", "incidents.csv", 1)
    assert body == exported(article, "incidents", "type=detention", AIGUL)
    with article.database.reading() as session:
        assert list(problems(session)) == []
    assert actions_logged(article) == ["start_export", "finish_export"]


@pytest.mark.parametrize("taken", [0, 1])
def test_an_export_nobody_takes_to_its_end_is_logged_as_aborted(
    article: Article, taken: int
) -> None:
    export = started(article, AIGUL)
    for _ in range(taken):
        next(export)
    export.close()
    export.close()
    (row,) = logged_rows(article.database)
    assert (row.state, row.sha256) == ("aborted", None)
    assert actions_logged(article) == ["start_export", "abort_export"]


def test_an_export_that_breaks_is_logged_as_aborted(article: Article) -> None:
    def broken() -> Iterator[bytes]:
        yield b"incident_id\n"
        raise RuntimeError

    whole = started(article, AIGUL)
    export = LoggedExport(whole.options, broken(), whole._ending)
    with pytest.raises(RuntimeError):
        b"".join(export)
    (row,) = logged_rows(article.database)
    assert row.state == "aborted"


def test_the_filter_stands_in_the_audit_log_as_a_hash_only(article: Article) -> None:
    started(article, AIGUL, "party=OMON").close()
    with article.database.reading() as session:
        assert not [
            payload for payload in session.exec(select(AuditEntry.payload)) if "OMON" in payload
        ]


def test_the_log_says_how_much_a_public_file_withholds(article: Article) -> None:
    export = started(article, AIGUL, profile="public", columns="report")
    rows = read(b"".join(export))
    assert len(rows) == 16
    shown = page(article, AIGUL)
    # JZ-17; and the words of P04, P06 and G08 in JZ-06, 07, 08, 09 and 10.
    assert (shown.withheld_incidents, shown.withheld_quotes) == (1, 5)


def test_a_reader_learns_nothing_of_what_is_withheld(article: Article) -> None:
    b"".join(started(article, READER))
    shown = page(article, READER)
    assert (shown.withheld_incidents, shown.withheld_quotes) == (None, None)


def test_past_exports_are_ones_own_and_everyones_for_administrators(article: Article) -> None:
    b"".join(started(article, AIGUL))
    with article.database.reading() as session:
        assert len(past_exports(session, AIGUL)) == len(past_exports(session, ADMIN)) == 1
        assert past_exports(session, BAKYT) == past_exports(session, READER) == []
    with pytest.raises(NotFound):
        page(article, BAKYT)
    assert page(article, ADMIN).line.actor == "researcher"
    assert page(article, ADMIN).withheld_incidents is None
