"""Bytes of any charset come out as text, whatever they say they are in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.extraction_charset import declared_in_page, decoded

TEXTS = {
    "ru": "Полиция задержала двадцать человек, сообщил прокурор. Были слышны выстрелы.",
    "uk": "Поліція затримала близько двадцяти осіб після заворушень, повідомив прокурор області.",
    "bg": "Полицията задържа около двадесет души след безредиците в града, съобщи прокурорът.",
    "kk": "Жаңаөзенде полиция жиырмаға жуық адамды ұстады деп хабарлады облыс прокуроры.",
    "pl": "Policja zatrzymała około dwudziestu osób, powiedział rzecznik. Świadkowie widzą zło.",
    "cs": "Policie zadržela přibližně dvacet lidí, řekl mluvčí úřadu. Žádné zprávy o zraněných.",
    "hu": "A rendőrség mintegy húsz embert vett őrizetbe, közölte az ügyész. Többen megsérültek.",
    "ro": "Poliţia a reţinut aproximativ douăzeci de oameni după violenţele din oraş, spune şeful.",
    "fr": "La police a arrêté une vingtaine de personnes après les émeutes, a déclaré le préfet.",
    "de": "Die Polizei nahm zwanzig Männer fest. Für Angehörige gab es keine Auskünfte, hieß es.",
    "tr": "Polis, yaklaşık yirmi kişiyi gözaltına aldı. Şüpheliler işkence gördüğünü söyledi.",
    "lv": "Glābšanas komanda četras dienas pēc tam, kad zemes nogruvums apraka vairākas mājas.",
    "el": "Η αστυνομία συνέλαβε περίπου είκοσι άτομα μετά τις ταραχές στην πόλη.",
    "he": "המשטרה עצרה כעשרים בני אדם לאחר המהומות בעיר, מסר התובע.",
    "ar": "اعتقلت الشرطة نحو عشرين شخصا بعد أعمال الشغب في المدينة، حسبما قال المدعي العام.",
    "th": "ตำรวจจับกุมประชาชนประมาณยี่สิบคนหลังเหตุจลาจลในเมือง อัยการกล่าว",
    "zh": "警方在该市骚乱后拘留了大约二十人，检察官说。他们中的一些人在拘留期间遭到殴打。",
    "zh-Hant": "警方在該市騷亂後拘留了大約二十人，檢察官說。他們中的一些人在拘留期間遭到毆打。",
    "ja": "警察は市内の暴動の後、約二十人を拘束したと検察官が述べた。一部の人は殴られた。",
    "ko": "경찰은 시내 폭동 이후 약 스무 명을 구금했다고 검사가 말했다. 일부는 구타를 당했다.",
    "my": "ရဲတပ်ဖွဲ့က လူနှစ်ဆယ်ခန့်ကို ဖမ်းဆီးခဲ့သည်ဟု အစိုးရရှေ့နေက ပြောသည်။",
}
STORED = [
    *(("ru", charset) for charset in ("cp1251", "koi8-r", "iso-8859-5", "cp866")),
    *(("uk", charset) for charset in ("cp1251", "koi8-u")),
    *((language, "cp1250") for language in ("pl", "cs", "hu", "ro")),
    *((language, "iso-8859-2") for language in ("pl", "cs", "hu")),
    *(("ja", charset) for charset in ("shift_jis", "euc_jp", "iso2022_jp")),
    *((language, "utf-16") for language in ("ru", "zh", "my")),
    ("bg", "cp1251"),
    ("kk", "kz1048"),
    ("fr", "cp1252"),
    ("de", "cp1252"),
    ("tr", "cp1254"),
    ("lv", "cp1257"),
    ("el", "cp1253"),
    ("he", "cp1255"),
    ("ar", "cp1256"),
    ("th", "cp874"),
    ("zh", "gb18030"),
    ("zh-Hant", "big5"),
    ("ko", "euc_kr"),
    ("my", "utf-8"),
]


@pytest.mark.parametrize("declared", [None, "itself", "iso-8859-1", "utf-8", "windows-1250", "x"])
@pytest.mark.parametrize(("language", "charset"), STORED)
def test_text_is_read_in_its_charset_even_when_mislabelled(
    language: str, charset: str, declared: str | None
) -> None:
    label = charset if declared == "itself" else declared
    assert decoded(TEXTS[language].encode(charset), [label]).text == TEXTS[language]


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1251", "gb2312", "utf-7", None])
def test_utf_8_is_utf_8_whatever_it_is_called(language: str, label: str | None) -> None:
    read = decoded(TEXTS[language].encode(), [label])
    assert (read.text, read.charset, read.guessed) == (TEXTS[language], "utf-8", False)


def test_a_guess_says_so() -> None:
    body = TEXTS["ru"].encode("cp1251")
    assert not decoded(body, ["windows-1251"]).guessed
    assert decoded(body, ["iso-8859-1"]).guessed
    assert decoded(body).guessed


def test_utf_8_with_a_broken_sign_stays_utf_8() -> None:
    body = TEXTS["ru"].encode()
    read = decoded(body[:41] + b"\xff" + body[41:-1], ["windows-1251"])
    assert read.charset == "utf-8"
    assert read.lost >= 1
    assert "сообщил прокурор" in read.text


def test_quotation_marks_alone_are_read_as_declared() -> None:
    assert decoded("“Fire,” he said – twice.".encode("cp1252")).text == "“Fire,” he said – twice."


def test_zawgyi_is_left_as_it_is() -> None:
    written = "ရဲေတြက ေျပာၾကားသည္"
    assert decoded(written.encode(), ["utf-8"]).text == written


@pytest.mark.parametrize(
    ("page", "charset"),
    [
        (b'<meta charset="windows-1250">', "windows-1250"),
        (b"<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=koi8-r'>", "koi8-r"),
        (b'<?xml version="1.0" encoding="iso-8859-2"?>', "iso-8859-2"),
        (b"<p>charset=utf-8</p>", None),
    ],
)
def test_a_page_declares_its_charset(page: bytes, charset: str | None) -> None:
    assert declared_in_page(page) == charset


@given(st.binary(max_size=400), st.text(max_size=20))
def test_any_bytes_become_a_text_that_can_be_stored(body: bytes, label: str) -> None:
    decoded(body, [label]).text.encode()


@pytest.mark.parametrize("body", [b"\x1b$B\x1b(B\x1b.J\x1bN\x11 text", b"\xe9\x1b.J\x1bN\x11 text"])
def test_escapes_that_python_gives_up_on_are_lost_alone(body: bytes) -> None:
    assert decoded(body, ["iso-2022-jp-2"]).text.endswith("text")
