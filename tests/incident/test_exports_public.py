"""The public profile: a person is protected, not the fact. Every byte of every table counts."""

import pytest
from sqlalchemy import text, update
from sqlmodel import col, select

from incidents.incident.columns import TABLES, ColumnSet
from incidents.incident.models import Citation, Incident, Party
from incidents.source.models import Source
from incidents.viewer import OPERATOR
from tests.conftest import Demo
from tests.incident.exported import CODED, NAMES, READER, Article, article_of, exported, read

EXPECTED = CODED["expected"]["public_export"]


@pytest.fixture
def article(demo: Demo) -> Article:
    return article_of(demo)


def protected_words() -> set[str]:
    """What the protected speakers of the article say."""
    speakers = EXPECTED["quotes_redacted_of_speakers"]
    return {
        said["quote"]
        for incident in CODED["incidents"]
        for said in incident["citations"]
        if said.get("speaker") in speakers and "quote" in said
    }


def pieces(quote: str, size: int = 40) -> list[str]:
    return [quote[start : start + size] for start in range(0, len(quote) - size + 1, size)]


def public_texts(article: Article, table: str) -> list[str]:
    """The file in every set and form, for an operator, a researcher and a reader."""
    return [
        exported(article, table, "", viewer, profile="public", columns=columns, raw=raw).decode()
        for columns in ColumnSet
        for raw in ("", "1")
        for viewer in (OPERATOR, article.people["researcher"], READER)
    ]


@pytest.mark.parametrize("table", TABLES)
def test_no_byte_of_a_public_file_gives_a_protected_person_away(
    article: Article, table: str
) -> None:
    assert set(NAMES) == set(EXPECTED["parties_never_named"])
    for body in public_texts(article, table):
        assert not [name for name in NAMES.values() if name in body]
        for quote in protected_words():
            assert not [piece for piece in pieces(quote) if piece in body]
        for code in EXPECTED["left_out"]:
            assert article.references[code] not in body


@pytest.mark.parametrize("table", TABLES)
def test_notes_verbatims_and_what_was_said_are_internal(article: Article, table: str) -> None:
    marker = "for our eyes only"
    columns = {
        "incident": ("notes", "date_verbatim", "place_verbatim"),
        "figure": ("verbatim", "totals_reason"),
        "citation": ("note", "quote_prefix", "quote_suffix"),
        "involvement": ("note",),
        "relation": ("note",),
        "party": ("note",),
        "source": ("reliability_reason", "closed_reason"),
    }
    said = {"position": ["justifies"], "said": [{"stance": "asserts", "text": marker}]}
    with article.database.writing() as session:
        for name, fields in columns.items():
            values = ", ".join(f"{field} = :marker" for field in fields)
            if name == "incident":
                values += ", version = version + 1"
            session.connection().execute(text(f"UPDATE {name} SET {values}"), {"marker": marker})
        statements = update(Incident).where(col(Incident.type) == "official_statement")
        session.exec(statements.values(details=said, version=Incident.version + 1))
        session.commit()
    assert not [body for body in public_texts(article, table) if marker in body]


@pytest.mark.parametrize("table", TABLES)
def test_no_byte_of_an_internal_file_holds_a_name(article: Article, table: str) -> None:
    body = exported(article, table, "", article.people["researcher"]).decode()
    assert not [name for name in NAMES.values() if name in body]


def test_the_fact_stays_when_the_words_are_withheld(article: Article) -> None:
    incidents = read(exported(article, "incidents", profile="public"))
    assert len(incidents) == 16
    man = next(row for row in incidents if row["incident_id"] == article.references["JZ-06"])
    assert (man["victims"], man["detained_best"]) == ("detained husband", "1")
    (citation,) = [
        row
        for row in read(exported(article, "citations", profile="public"))
        if row["incident_id"] == article.references["JZ-06"]
    ]
    assert citation["speaker"] == "wife of detained man"
    assert citation["basis"] == "relative_of_victim"
    for name in ("quote", "quote_start", "quote_end", "snapshot_sha256"):
        assert citation[name] == ""


def test_public_words_of_public_speakers_stay(article: Article) -> None:
    quotes = [row["quote"] for row in read(exported(article, "citations", profile="public"))]
    assert "“No one gave the order,” the minister said." in quotes
    # 36, without JZ-17's one and the five of protected speakers elsewhere.
    assert sum(bool(quote) for quote in quotes) == 30


def test_the_same_words_cited_without_their_speaker_are_withheld_too(article: Article) -> None:
    with article.database.writing() as session:
        husband = session.exec(
            select(Citation).where(col(Citation.quote).startswith("her husband was detained"))
        ).all()[1]
        husband.speaker_id = None
        session.add(husband)
        session.commit()
    assert b"her husband was detained" not in exported(article, "citations", profile="public")


def test_a_protected_witness_merged_into_another_stays_protected(article: Article) -> None:
    with article.database.writing() as session:
        women = session.exec(select(Party).where(Party.label == "local women near courtyard")).one()
        women.merged_into_id = session.exec(select(Party.id).where(Party.label == "locals")).one()
        session.add(women)
        session.commit()
    body = exported(article, "citations", profile="public")
    assert b"some local women confirmed" not in body


def test_a_protected_source_is_left_out_whole_and_numbers_show_no_gap(article: Article) -> None:
    with article.database.writing() as session:
        source = session.exec(select(Source).where(Source.ref_number == 1)).one()
        source.protected = True
        session.add(source)
        session.commit()
    for table in TABLES:
        assert b"SRC-2026-00001" not in exported(article, table, profile="public")
    figures = read(exported(article, "figures", profile="public"))
    assert {row["citation"] for row in figures} == {""}
    assert b"SRC-2026-00001" in exported(article, "citations", viewer=article.people["researcher"])


def test_contradictions_with_hidden_incidents_are_not_told(article: Article) -> None:
    rows = read(exported(article, "incidents", profile="public"))
    official = next(row for row in rows if row["incident_id"] == article.references["JZ-16"])
    assert official["contradicts"] == ""


def test_only_public_parties_tell_more_than_their_label(article: Article) -> None:
    with article.database.writing() as session:
        for party in session.exec(select(Party)).all():
            party.age, party.occupation, party.sex = 41, f"welder {party.id}", "male"
            session.add(party)
        session.commit()
    coded = {party["label"]: party["privacy"] for party in CODED["parties"]}
    rows = read(exported(article, "parties", profile="public"))
    for row in rows:
        public = coded[row["label"]] == "public"
        assert (row["age"], bool(row["occupation"])) == (("41", True) if public else ("", False))
        assert row["relationship"] == row["relationship_to"] == ""
    internal = read(exported(article, "parties"))
    assert {row["relationship"] for row in internal} == {"", "spouse_of"}
