import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from incidents.folding import fold, has_unstorable, sort_key

SIGNS = st.text(
    st.sampled_from("иеЕЙйёéİıßœﬁ ﷺأاىةـً\u0306\u0301\u0323\u0654\u0345'’\"«–\u00ad\u200b\u00a0가ᄀ")
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zhanaozen", "ZHANAOZEN"),
        ("ёлка", "елка"),
        ("Йод", "й\u043eд"),
        ("и\u0306", "й"),
        ("Café", "cafe\u0301"),
        ("Đoković", "dokovic"),
        ("Diyarbakır", "DİYARBAKIR"),
        ("straße", "STRASSE"),
        ("Ὀδυσσεύς", "οδυσσευσ"),
        ("ＡＢＣ ﬁ", "abc fi"),
        ("أحمد", "احمد"),
        ("إيمان", "ايمان"),
        ("آمنة", "امنه"),
        ("ٱلله", "الله"),
        ("مصطفى", "مصطفي"),
        ("مُحَمَّد", "محمد"),
        ("مـحـمـد", "محمد"),
        ("oil workers’ “uniforms”", 'oil workers\' "uniforms"'),
        ("«Жаңаөзен»", '"жаңаөзен"'),
        ("Abu‑Ghraib — Aktau", "abu-ghraib - aktau"),
        ("Qaraʼaghash", "qara'aghash"),
        ("so\u00adft\u200b", "soft"),
        ("  two\u00a0\n words\t", "two words"),
    ],
)
def test_spellings_of_one_word_meet(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("й", "и"),
        ("қ", "к"),
        ("ң", "н"),
        ("ө", "о"),
        ("ү", "у"),
        ("ұ", "ү"),
        ("ә", "а"),
        ("і", "и"),
        ("ғ", "г"),
        ("һ", "х"),
        ("कि", "क"),
        ("が", "か"),
        ("Жаңаөзен", "Жанаозен"),
    ],
)
def test_different_letters_stay_apart(one, other):
    assert fold(one) != fold(other)


def test_short_i_stays_composed():
    assert fold("Й") == unicodedata.normalize("NFC", "й")
    assert fold("й\u0301") == "й"


@given(st.one_of(st.text(), SIGNS))
@example("\u0149")
@example("\u1fb7")
def test_folding_again_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.one_of(st.text(), SIGNS))
def test_composed_and_decomposed_texts_fold_alike(text):
    folded = {fold(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}
    assert len(folded) == 1


@given(SIGNS)
def test_folded_text_has_single_spaces_inside_and_none_around(text):
    assert fold(text) == " ".join(fold(text).split())


def test_thousands_of_marks_on_one_letter_are_folded():
    assert fold("e" + "\u0315\u0300" * 200_000) == "e"
    assert fold("ك" + "\u0651\u064e" * 200_000) == "ك"


def test_sort_key_is_folded_and_cut():
    assert sort_key("Ёлка") == "елка"
    assert sort_key("Ж" * 500) == "ж" * 200


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "a\udfffb"])
def test_unstorable_text_is_found(text):
    assert has_unstorable(text)


@pytest.mark.parametrize("text", ["", "Жаңаөзен", "😀", "\x01\t\n", "\ue000\uffff"])
def test_storable_text_is_let_through(text):
    assert not has_unstorable(text)
