"""The letters beyond ASCII that languages are written with, the usual ones first, and the charsets
each was stored in before UTF-8. By them bytes of an unknown charset are told apart.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """`common` signs make up at least the share `expected` of all beyond ASCII in a real text;
    `blocks` are the ranges, both ends inside, of everything else it is written with."""

    common: str
    others: str = ""
    blocks: tuple[tuple[str, str], ...] = ()
    expected: float = 0.6


@dataclass(frozen=True)
class Candidate:
    charset: str
    language: str


# Quotation marks, dashes, spaces: at the same place in many charsets, they say nothing.
NEUTRAL = frozenset("“”‘’„‚–—…«»‹›°§©®™€£•·†‡¶№\u00a0\u00ad\u200c\u200d\u200e\u200f\ufeff")

_HAN = (("\u4e00", "\u9fff"), ("\u3000", "\u303f"), ("\uff00", "\uffef"))
_KANA = (("\u3040", "\u30ff"),)

LETTERS: dict[str, Language] = {
    "western": Language("éèàêçâîôûùëïœ"),
    "de": Language("äöüß"),
    "es": Language("áéíóúñü¿¡ºª"),
    "pt": Language("áâãàçéêíóôõúºª"),
    "it": Language("àèéìòùîÀÈ"),
    "nordic": Language("åäöøæé"),
    "is": Language("áéíóúýþæöð"),
    "ca": Language("àçèéíïòóúü·"),
    "et": Language("äõöüšž"),
    "pl": Language("ąćęłńóśźż"),
    "cs": Language("áčďéěíňóřšťúůýž"),
    "sk": Language("áäčďéíĺľňóôŕšťúýž"),
    "hu": Language("áéíóöőúüű"),
    "ro": Language("ăâîşţșț"),
    "hr": Language("čćđšž"),
    "sq": Language("ëç"),
    "lv": Language("āčēģīķļņšūž"),
    "lt": Language("ąčęėįšųūž"),
    "tr": Language("çğıöşüİâî"),
    "vi": Language("ăâđêôơư\u0300\u0301\u0303\u0309\u0323", "àáãèéìíòóõùúýñçëïü"),
    "ru": Language("оеаинтсрвл", "кмдпуяыьгзбчйхжшюцщэфъёі"),
    "uk": Language("оаниівтре", "слкдмупяьзгбчйхжшюцщєїґф’"),
    "bg": Language("аеоинтрвсд", "лкзпъмущйгчбюяжхшцьф"),
    "sr": Language("аоиенрсјтд", "вклумпзбшгчњцјжљћхђџф"),
    "kk": Language("аеынітлдр", "оқусбғөмәжкңпүгшұяйзхвёэфһчцщъьюи"),
    "el": Language("αοιετσνρ", "ηυκλπμάέήίόύώϊϋΐΰςθγδχφβωξζψ΄"),
    "he": Language("ויהלאמרת", "בשנדעקחטפגצסזכךםןףץ", (("\u05b0", "\u05c3"),)),
    "ar": Language("الينومرتب", "ةعدسفهكقحجشطصخذضثزظغءآأؤإئىپچژگ،؛؟ـ", (("\u064b", "\u0652"),)),
    "fa": Language("اینردهمتو", "شبسکگزخقفچحپجعصلآذطضئثژغأظءؤة،؛؟", (("\u064b", "\u0652"),)),
    "th": Language("านร่กอเงมย", "", (("\u0e01", "\u0e5b"),), 0.4),
    "zh": Language(
        "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里"
        "這個們來為國說時會對於著過發後裡日月本报報新方市政府公民",
        "",
        _HAN,
        0.12,
    ),
    "ja": Language("のにはをたがとでてしいるれさかなも", "", (*_HAN, *_KANA), 0.12),
    "ko": Language(
        "이다는에을의가를은하고한로지도대사기인서", "", (("\uac00", "\ud7a3"), *_HAN), 0.15
    ),
}

_STORED_IN = {
    "cp1252": "western de es pt it nordic is ca et sq",
    "cp1250": "pl cs sk hu ro hr",
    "cp1251": "ru uk bg sr kk",
    "cp1254": "tr",
    "cp1253": "el",
    "cp1255": "he",
    "cp1256": "ar fa",
    "cp1257": "lv lt et",
    "cp1258": "vi",
    "cp874": "th",
    "koi8-r": "ru bg",
    "koi8-u": "uk",
    "kz1048": "kk",
    "iso-8859-2": "pl cs sk hu ro hr",
    "iso-8859-5": "ru bg sr",
    "iso-8859-6": "ar",
    "iso-8859-13": "lv lt",
    "cp866": "ru",
    "cp852": "pl cs hu",
    "gb18030": "zh",
    "big5hkscs": "zh",
    "cp932": "ja",
    "euc_jp": "ja",
    "cp949": "ko",
}

# In the order in which equals are preferred.
CANDIDATES = tuple(
    Candidate(charset, language)
    for charset, languages in _STORED_IN.items()
    for language in languages.split()
)
