"""What is typed to search by, read, and refused in a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.search_query import (
    QueryError,
    Term,
    fts5,
    fts5_in_title,
    read_query,
    tsquery,
    tsquery_in_title,
)
from incidents.search_words import encoded, words


def wanted(text: str) -> list[str]:
    """Its terms, a star where one may go on."""
    return [said(term) for term in read_query(text).wanted]


def unwanted(text: str) -> list[str]:
    return [said(term) for term in read_query(text).unwanted]


def said(term: Term) -> str:
    return " ".join(term.words) + ("*" if term.begins else "")


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Police detained", ["police", "detained"]),
        ('"no bread or milk"', ["no bread or milk"]),
        ("“no bread” «или молоко»", ["no bread", "или молоко"]),
        ("ill-treatment", ["ill treatment"]),
        ("жана* a*", ["жана*", "a*"]),
        ('"no bre*" "or mi"*', ["no bre*", "or mi*"]),
        ("AND or NOT NEAR( title:x ^y", ["and", "or", "not", "near", "title x", "y"]),
        ("Aktau – Жаңаөзен & 20 %", ["aktau", "жаңаөзен", "20"]),
        ("北", ["北*"]),
        ("北京", ["北京*"]),
        ("北京市 *", ["北京 京市*"]),
        ('"北京 police"', ["北京 京 police"]),
        ("INC-2026-00042", ["inc-2026-00042"]),
        ("bread bread", ["bread"]),
        ('foo"bar baz"qux', ["foo", "bar baz", "qux"]),
    ],
)
def test_what_is_typed_is_read(text: str, terms: list[str]) -> None:
    assert wanted(text) == terms


@pytest.mark.parametrize("dash", ["–", "−"])
def test_a_dash_before_a_word_is_a_minus(dash: str) -> None:
    query = f"{dash}police 2011{dash}2012"
    assert unwanted(query) == ["police"]


def test_what_is_left_out_is_said_by_a_minus_before_it() -> None:
    assert (wanted("-police detained"), unwanted("-police detained")) == (["detained"], ["police"])
    assert unwanted('-"no bread" -ill-treat*') == ["no bread", "ill treat*"]
    assert wanted('"a"-b') == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('"', "quotation mark is open"),
        ('a "b', "quotation mark is open"),
        ("%", "no word"),
        ("***", "no word"),
        ('""', "no word"),
        ("-", "minus stands alone"),
        ("a - b", "minus stands alone"),
        ("-%", "minus stands alone"),
        ("word " * 31, "30 words are the most"),
        ("x" * 5000, "5,000 characters long"),
    ],
)
def test_what_cannot_be_searched_by_is_told_in_a_sentence(text: str, told: str) -> None:
    with pytest.raises(QueryError, match=told) as caught:
        read_query(text)
    assert str(caught.value).endswith(".")


def test_three_hundred_signs_without_spaces_are_one_word() -> None:
    assert len(read_query("北京" * 150).wanted) == 1


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        query = read_query(text)
    except QueryError:
        return
    assert query.wanted or query.unwanted
    signs = set('"()* ') | set("ANDORNOT") | set("abcdefghijklmnopz:title ")
    assert set(fts5(query)) | set(fts5_in_title(query)) <= signs
    assert set(tsquery(query)) | set(tsquery_in_title(query)) <= signs | set("'<->&|!A")


def test_it_is_rendered_for_either_engine() -> None:
    query = read_query('"a b" c* -d')
    a, b, c, d = map(encoded, "abcd")
    assert fts5(query) == f'("{a} {b}" AND "{c}"*) NOT ("{d}")'
    assert tsquery(query) == f"('{a}' <-> '{b}') & ('{c}':*) & !(('{d}'))"
    assert fts5_in_title(query) == f'title : "{a} {b}" AND title : "{c}"*'
    assert tsquery_in_title(query) == f"('{a}':A <-> '{b}':A) & ('{c}':*A)"
    assert (fts5(read_query("-d -c")), tsquery(read_query("-d -c"))) == (
        f'"{d}" OR "{c}"', f"('{d}') | ('{c}')"
    )  # fmt: skip


def test_a_term_is_found_where_its_words_follow_one_another() -> None:
    text = words("No bread or milk. No bread at all.")
    assert list(Term(("no", "bread")).places(text)) == [(0, 2), (4, 6)]
    assert list(Term(("bread", "a"), begins=True).places(text)) == [(5, 7)]
    assert list(Term(("bread", "a")).places(text)) == []
