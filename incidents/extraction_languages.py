"""The language of a text by its script, where one script or a few letters tell it.

Owns that guess, and the doubt in what a page says of itself; refuses to tell Latin scripts apart.
"""

import re
from collections import Counter

_SAMPLE = 20_000
# Of all letters.
_MOSTLY = 0.5
_SCRIPTS = {
    "my": ("က", "႟"),
    "th": ("ก", "๛"),
    "lo": ("ກ", "ໟ"),
    "km": ("ក", "៿"),
    "ka": ("ა", "ჿ"),
    "hy": ("Ա", "֏"),
    "el": ("Ͱ", "Ͽ"),
    "he": ("א", "ת"),
    "am": ("ሀ", "፿"),
    "ko": ("가", "힣"),
    "ta": ("அ", "௺"),
    "te": ("ఁ", "౿"),
    "ml": ("ഁ", "ൿ"),
    "kn": ("ಀ", "೿"),
    "gu": ("ઁ", "૿"),
    "pa": ("ਁ", "ੵ"),
    "bn": ("ঁ", "৾"),
    "si": ("ං", "෴"),
    "bo": ("ༀ", "࿿"),
    "kana": ("\u3040", "\u30ff"),
    "han": ("\u4e00", "\u9fff"),
    "cyrillic": ("Ѐ", "ӿ"),
    "arabic": ("ء", "ۿ"),
    "devanagari": ("\u0900", "\u097f"),
}
# Languages that share a script: those whose page may call itself so.
_SHARING = {
    "cyrillic": "ru uk be bg sr mk kk ky tg mn tt uz az ba cv ce os sah mo",
    "arabic": "ar fa ur ps ckb ku ug sd ug az pnb",
    "devanagari": "hi mr ne sa bho mai",
    "han": "zh ja yue",
    "kana": "ja",
    "he": "he iw yi",
    "bn": "bn as",
    "am": "am ti",
    "my": "my shn mnw",
    "ka": "ka xmf",
}
# Letters only one of them has, in the order in which they are asked for.
_TELLING = {
    "cyrillic": (
        ("kk", "әғқңөұүһ"),
        ("be", "ў"),
        ("uk", "їєґі"),
        ("mk", "ѓќѕ"),
        ("sr", "ђћџљњ"),
        ("ru", "ыэё"),
    ),
    "arabic": (("ur", "ٹڈڑے"), ("fa", "پچژگ"), ("ar", "ةىأإ")),
}
# A page that calls itself so while its letters are Latin is wrong.
_NEVER_LATIN = frozenset(
    (*_SCRIPTS, "ru", "uk", "be", "bg", "mk", "zh", "ja", "ar", "fa", "ur", "hi")
)


def language_of(text: str, said: str | None) -> str | None:
    """What the page says, unless its script shows that it can't be; else what the script tells."""
    script = _script(text)
    if script is None:
        return said if said and said.split("-")[0] not in _NEVER_LATIN else None
    if said and said.split("-")[0] in _SHARING.get(script, script).split():
        return said
    return _told(text, script)


def _script(text: str) -> str | None:
    """None for Latin, for mixtures, and for what is not known."""
    letters = re.findall(r"[^\W\d_]", text[:_SAMPLE])
    found = Counter(
        name
        for letter in letters
        if letter > "\u036f"
        for name, (low, high) in _SCRIPTS.items()
        if low <= letter <= high
    )
    if found["kana"] * 10 > found["han"]:
        found["kana"] += found.pop("han", 0)
    if not found:
        return None
    name, times = found.most_common(1)[0]
    return name if times > len(letters) * _MOSTLY else None


def _told(text: str, script: str) -> str | None:
    if script in ("kana", "han"):
        return "ja" if script == "kana" else "zh"
    if script not in _TELLING:
        return script if len(script) == 2 else None
    sample = text[:_SAMPLE].lower()
    for language, letters in _TELLING[script]:
        if sum(sample.count(letter) for letter in letters) * 200 > min(len(sample), 2000):
            return language
    return None
