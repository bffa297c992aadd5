"""Numbers written in words, in English and Russian, in any case of Russian: the number they give.

Owns which words are numbers and how they join: “two hundred and fifty”, “двадцати пяти”. Refuses
what does not add up (“two three”), shares, and words that name no number (“dozens”).
"""

import re
from collections.abc import Iterable, Sequence

LARGEST = 2_000_000_000
# More words than any number of ours takes.
MOST_WORDS = 12

_ENGLISH = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_ENGLISH_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_RUSSIAN = (
    "один одна одно одного одной одному одним одну",
    "два две двух двум двумя двое двоих двоим",
    "три трех трем тремя трое троих троим",
    "четыре четырех четырем четырьмя четверо четверых",
    "пять пяти пятью пятеро пятерых",
    "шесть шести шестью шестеро шестерых",
    "семь семи семью семеро семерых",
    "восемь восьми восемью",
    "девять девяти девятью",
    "десять десяти десятью десятеро",
    "одиннадцать одиннадцати",
    "двенадцать двенадцати",
    "тринадцать тринадцати",
    "четырнадцать четырнадцати",
    "пятнадцать пятнадцати",
    "шестнадцать шестнадцати",
    "семнадцать семнадцати",
    "восемнадцать восемнадцати",
    "девятнадцать девятнадцати",
)
_RUSSIAN_TENS = (
    *("двадцать двадцати", "тридцать тридцати", "сорок сорока", "пятьдесят пятидесяти"),
    *("шестьдесят шестидесяти", "семьдесят семидесяти", "восемьдесят восьмидесяти"),
    "девяносто девяноста",
)
_RUSSIAN_HUNDREDS = (
    *("сто ста", "двести двухсот", "триста трехсот", "четыреста четырехсот", "пятьсот пятисот"),
    *("шестьсот шестисот", "семьсот семисот", "восемьсот восьмисот", "девятьсот девятисот"),
)


def _numbered(words: Iterable[str], first: int, step: int = 1) -> dict[str, int]:
    return {
        word: first + step * place for place, forms in enumerate(words) for word in forms.split()
    }


# Alone they say no number: “several dozen”, “тысячи”.
MULTIPLES = frozenset(
    ("dozen", "hundred", "thousand", "million", "тысячи", "тысяч", "тыс", "млн", "миллионов")
)
# Below a thousand; “hundred” multiplies in English alone.
_PLAIN = {
    **_numbered(_ENGLISH, 1),
    **_numbered(_ENGLISH_TENS, 20, 10),
    **_numbered(_RUSSIAN, 1),
    **_numbered(_RUSSIAN_TENS, 20, 10),
    **_numbered(_RUSSIAN_HUNDREDS, 100, 100),
}
_SCALES = {
    **{"thousand": 1_000, "million": 1_000_000},
    **dict.fromkeys(("тысяча", "тысячи", "тысяч", "тысячу", "тысячами", "тыс"), 1_000),
    **dict.fromkeys(("миллион", "миллиона", "миллионов", "млн"), 1_000_000),
}
_ONE = ("a", "an")
_DOZENS = {"dozen": 12, "дюжина": 12, "дюжину": 12, "дюжины": 12}
WORDS = frozenset((*_PLAIN, *_SCALES, *_DOZENS, "hundred"))
_DIGITS = re.compile(r"\d{1,10}", re.ASCII)
_SPOKEN = ("", *_ENGLISH, "twenty")


def is_word(word: str) -> bool:
    """Whether this word, casefolded, stands in numbers; “and” and “a” do so only between others."""
    return word.replace("ё", "е") in WORDS


def value(words: Sequence[str]) -> int | None:
    """The number these give, casefolded, one word each; None where they give none.

    The first may be digits, where a scale follows: 3 thousand.
    """
    words = [word.replace("ё", "е") for word in words]
    if not words or len(words) > MOST_WORDS or not any(word in WORDS for word in words):
        return None
    if len(words) == 2 and words[1] in _DOZENS:
        return _dozens(words[0])
    if len(words) == 1 and words[0] in _DOZENS:
        return _DOZENS[words[0]]
    return _summed(words)


def spoken(number: int) -> str:
    """In English, for a sentence: words up to twenty, then digits."""
    return _SPOKEN[number] if 0 < number < len(_SPOKEN) else f"{number:,}" if number else "no"


def _dozens(word: str) -> int | None:
    if word in _ONE:
        return 12
    times = _PLAIN.get(word) or (int(word) if _DIGITS.fullmatch(word) else None)
    return times * 12 if times and times < 100 else None


def _summed(words: Sequence[str]) -> int | None:
    total = group = 0
    scale = LARGEST
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else ""
        if word in _ONE or _DIGITS.fullmatch(word):
            # Only before what it multiplies.
            if place or following not in {"hundred", *_SCALES}:
                return None
            group = 1 if word in _ONE else int(word)
        elif word == "and":
            if not following or _PLAIN.get(following, 100) >= 100 or (group % 100 or not place):
                return None
        elif word == "hundred":
            if not 1 <= group <= 99:
                return None
            group *= 100
        elif word in _SCALES:
            if _SCALES[word] >= scale:
                return None
            scale = _SCALES[word]
            total, group = total + (group or 1) * scale, 0
        elif not _joins(group, _PLAIN.get(word, 0)):
            return None
        else:
            group += _PLAIN[word]
    found = total + group
    return found if 0 < found <= LARGEST else None


def _joins(group: int, number: int) -> bool:
    """Whether the number can follow: units after tens, tens after hundreds."""
    if number >= 100:
        return group == 0
    if number >= 10:
        return number > 0 and group % 100 == 0
    return number > 0 and group % 10 == 0 and group % 100 != 10
