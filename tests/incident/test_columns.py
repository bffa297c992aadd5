"""Columns: the documented order, and what each cell says of the coded article."""

import re
from pathlib import Path

import pytest

from incidents.incident.columns import TABLES, Audience, ColumnSet, Type, columns_of
from incidents.incident.columns.codebook import codebook_version
from incidents.incident.types import Kind, every_detail
from incidents.vocabulary.types import vocabularies
from tests.conftest import Demo
from tests.incident.exported import Article, article_of, exported, read

DOCS = Path(__file__).parents[2] / "docs" / "exports.md"


@pytest.fixture
def article(demo: Demo) -> Article:
    return article_of(demo)


def documented() -> dict[tuple[str, str], list[tuple[str, bool]]]:
    """(table, set) → each column's name as the page lists it, and whether it is internal."""
    found = {}
    for line in DOCS.read_text("utf-8").splitlines():
        match = re.match(r"\| (\w+)\.csv(?:, \*(\w+)\*)? \| .* \| (.*) \|$", line)
        if match:
            names = [name for part in match[3].split() for name in spelled_out(part)]
            chosen = match[2] or "full"
            found[match[1], chosen] = [(name.strip("[]"), name[0] == "[") for name in names]
    return found


def spelled_out(part: str) -> list[str]:
    if part == "<type>.<detail>":
        return [
            f"[{declared.code}.{detail.name}]"
            if detail.kind is Kind.SAID
            else f"{declared.code}.{detail.name}"
            for declared, detail in every_detail()
        ]
    pair = re.fullmatch(r"\{(.*)\}_\{(.*)\}", part)
    if pair is None:
        return [part]
    return [f"{one}_{other}" for one in pair[1].split(",") for other in pair[2].split(",")]


def test_columns_stand_as_the_documentation_lists_them() -> None:
    tables = documented()
    assert {table for table, _ in tables} == set(TABLES)
    for (table, chosen), expected in tables.items():
        columns = columns_of(table, ColumnSet(chosen), internal=True)
        told = [(column.name, column.audience is Audience.INTERNAL) for column in columns]
        assert told == expected, table


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("chosen", ColumnSet)
def test_a_files_columns_have_names_of_their_own(table: str, chosen: ColumnSet) -> None:
    columns = columns_of(table, chosen, internal=True)
    assert len({column.name for column in columns}) == len(columns)
    assert len({column.label for column in columns}) == len(columns)


@pytest.mark.parametrize("table", TABLES)
def test_every_column_says_what_it_means(table: str) -> None:
    for column in TABLES[table]:
        assert column.definition.endswith(".")
        assert not column.vocabulary or column.vocabulary in vocabularies()
        assert not column.hxl or re.fullmatch(r"#[a-z]+[0-9]?(\+[a-z]+)*", column.hxl)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("chosen", ColumnSet)
def test_public_files_leave_out_columns_for_the_internal_profile(
    table: str, chosen: ColumnSet
) -> None:
    names = {column.name for column in columns_of(table, chosen, internal=False)}
    hidden = {
        column.name
        for column in TABLES[table]
        if column.audience is Audience.INTERNAL and chosen in column.sets
    }
    assert not names & hidden
    assert not {name for name in names if name.endswith((".said", "verbatim", "note"))}


def test_codebook_version_is_the_same_each_time() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*\+[0-9a-f]{12}", codebook_version())
    codebook = codebook_version()
    codebook_version.cache_clear()
    assert codebook_version() == codebook


def test_figures_come_from_the_one_in_totals_and_ranges_have_no_best(article: Article) -> None:
    rows = {row["incident_id"]: row for row in read(exported(article, "incidents"))}
    held = rows[article.references["JZ-10"]]
    assert (held["detained_low"], held["detained_best"], held["detained_high"]) == ("", "20", "")
    assert held["figures_qualified"] == "about 20 detained"
    dead = rows[article.references["JZ-02"]]
    assert (dead["killed_low"], dead["killed_best"], dead["killed_high"]) == ("1", "1", "1")
    confined = rows[article.references["JZ-05"]]
    assert confined["affected_best"] == ""
    assert confined["figures_qualified"] == (
        "20–30 security personnel (person_per_street_or_district) | affected: number not stated"
    )


def test_details_are_codes_joined_by_a_bar_and_prices_are_words(article: Article) -> None:
    rows = {row["incident_id"]: row for row in read(exported(article, "incidents"))}
    shortage = rows[article.references["JZ-12"]]
    assert shortage["shortage.items"] == "bread | milk | eggs"
    assert shortage["shortage.prices"] == "eggs 300 KZT each"
    assert shortage["shortage.duration"] == "P4D"
    assert shortage["detention.custody_status"] == ""
    held = rows[article.references["JZ-10"]]
    assert held["detention.custody_status"] == "held"
    statement = rows[article.references["JZ-16"]]
    assert statement["official_statement.said"].startswith("justifies: detained for gathering")


def test_perpetrators_stand_beside_their_attribution_and_are_never_inferred(
    article: Article,
) -> None:
    rows = {row["incident_id"]: row for row in read(exported(article, "incidents"))}
    man = rows[article.references["JZ-06"]]
    assert (man["alleged_perpetrators"], man["attribution"]) == ("OMON", "alleged_by_relative")
    for code in ("JZ-02", "JZ-07", "JZ-08", "JZ-09", "JZ-11"):
        assert rows[article.references[code]]["alleged_perpetrators"] == ""


def test_contradictions_and_overlaps_are_found_from_both_ends(article: Article) -> None:
    ref = article.references
    rows = {row["incident_id"]: row for row in read(exported(article, "incidents"))}
    assert rows[ref["JZ-16"]]["contradicts"] == ref["JZ-17"]
    assert rows[ref["JZ-17"]]["contradicts"] == ref["JZ-16"]
    assert rows[ref["JZ-06"]]["overlaps"] == ref["JZ-10"]
    assert rows[ref["JZ-10"]]["overlaps"] == ref["JZ-06"]


def test_a_place_keeps_its_own_point_and_inherits_its_region(article: Article) -> None:
    rows = {row["incident_id"]: row for row in read(exported(article, "incidents"))}
    station = rows[article.references["JZ-10"]]
    assert station["place"] == "Town police station, Janaozen"
    assert (station["region"], station["latitude"]) == ("Mangystau", "")
    town = rows[article.references["JZ-01"]]
    assert (town["latitude"], town["longitude"]) == ("43.3378", "52.8553")
    assert rows[article.references["JZ-15"]]["subject_place"] == "Aktau, Mangystau, Kazakhstan"


def test_report_says_labels_words_and_quotes(article: Article) -> None:
    body = exported(article, "incidents", "type=detention", columns="report")
    man = read(body)[0]
    assert man["Reference"] == article.references["JZ-06"]
    assert man["Date in words"] == "16 December 2011"
    assert man["Place"] == "Janaozen, Mangystau, Kazakhstan"
    assert (man["Type"], man["Status"]) == ("Detention", "Approved")
    assert man["Figures in words"] == "1 detained"
    assert man["Who"] == "detained husband"
    assert man["By whom as stated"] == "OMON (alleged by a relative)"
    assert man["Who says so"] == "wife of detained man (from a relative of the victim)"
    assert man["Number of independent sources"] == "1"
    assert man["Quote"].startswith("her husband was detained by the OMON on December 16.")
    assert man["Link"] == f"/incidents/{article.references['JZ-06']}"


def test_a_citation_sentence_names_what_where_when_and_its_source(article: Article) -> None:
    rows = {row["incident_id"]: row for row in read(exported(article, "incidents"))}
    reference = article.references["JZ-06"]
    assert rows[reference]["citation"] == (
        "Man detained by OMON on 16 December; whereabouts unknown (Janaozen, Mangystau, Kazakhstan,"
        " 16 December 2011). Janar Kasymbekova, “Police Round Up Men After Janaozen Violence”,"
        " Institute for War and Peace Reporting (IWPR), between 19 and 22 December 2011,"
        " https://iwpr.net/global-voices/police-round-men-after-janaozen-violence."
        f" {reference}, version 2."
    )


@pytest.mark.parametrize("table", TABLES)
def test_cells_hold_what_their_type_says(article: Article, table: str) -> None:
    columns = columns_of(table, ColumnSet.FULL, internal=True)
    for row in read(exported(article, table)):
        for column in columns:
            cell = row[column.name]
            match column.type:
                case Type.INTEGER:
                    assert cell == "" or cell.isdigit(), column.name
                case Type.BOOLEAN:
                    assert cell in ("", "true", "false"), column.name
                case Type.DATE:
                    assert re.fullmatch(r"(\d{4}-\d\d-\d\d)?", cell), column.name
