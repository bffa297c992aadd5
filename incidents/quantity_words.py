"""The wordings of counts, in English and basic Russian, as casefolded text with plain hyphens.

Owns which words stand for which number, and which come before or after one. Refuses to interpret
them: what "about" does to a count stands in `quantity`.
"""

import re

_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_RUSSIAN = (
    *("ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять"),
    "десять",
)
_RUSSIAN_TENS = ("двадцать", "тридцать", "сорок", "пятьдесят")
NUMBERS = {
    **{word: number for number, word in enumerate(_UNITS)},
    **{word: 10 * tens for tens, word in enumerate(_TENS, start=2)},
    **{
        f"{tens_word}{joint}{_UNITS[unit]}": 10 * tens + unit
        for tens, tens_word in enumerate(_TENS, start=2)
        for unit in range(1, 10)
        for joint in ("-", " ")
    },
    **{"a dozen": 12, "one dozen": 12, "two dozen": 24, "three dozen": 36, "half a dozen": 6},
    **{"a hundred": 100, "one hundred": 100},
    **{word: number for number, word in enumerate(_RUSSIAN)},
    **{"одна": 1, "одно": 1, "две": 2, "двое": 2, "трое": 3, "дюжина": 12, "сто": 100},
    **{word: 10 * tens for tens, word in enumerate(_RUSSIAN_TENS, start=2)},
}
WITHOUT_A_NUMBER = {
    *("several", "many", "dozens", "some", "a few", "few", "unknown", "not known", "not stated"),
    *("number not stated", "unspecified", "numerous", "a number", "scores", "hundreds"),
    *("thousands", "a group", "a crowd", "a lot"),
    *("несколько", "много", "многие", "десятки", "сотни", "тысячи", "неизвестно", "не указано"),
}
NONE = {"none", "no", "no one", "nobody", "nil", "n/a", "нет", "никто"}
SHARE = re.compile(
    r"\b(half|halves|thirds?|quarters?|most|majority|percent|per cent|all|половин\w+|треть"
    r"|четверть|большинство|все)\b|[%½⅓¼⅔¾]"
)
ABOUT = (
    r"(?:about|around|approximately|approx\.?|roughly|circa|ca?\.|some|nearly|almost|close to"
    r"|около|примерно|приблизительно|порядка|почти|где-то) |[~≈∼]"
)
AT_LEAST = (
    r"(?:at least|no fewer than|not fewer than|no less than|not less than|minimum|a minimum of"
    r"|не менее|не меньше|как минимум|минимум|по меньшей мере) |>=|≥"
)
MORE_THAN = r"(?:more than|over|above|более чем|более|больше|свыше) |>"
AT_MOST = (
    r"(?:up to|at most|no more than|not more than|maximum|a maximum of"
    r"|до|не более|не больше|максимум) |<=|≤"
)
FEWER_THAN = r"(?:fewer than|less than|under|below|менее чем|менее|меньше) |<"
OR_MORE = r" ?\+| (?:or more|and more|или более|и более|или больше|и больше)"
OR_FEWER = r" (?:or fewer|or less|или менее|и менее|или меньше)"
