"""Counts of people and things that a text gives, with what qualifies them.

Owns how they are found in prose, in English and Russian, and what a number is not: a date, an
age, a price, a share, a time, a number of a house. What each wording does to low, best and high is
`quantity`'s. Refuses 0 and an average: where no number is said, none is given.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from incidents import number_words, quantity
from incidents.found_ages import FoundAges, found_ages
from incidents.found_cues import measure_near
from incidents.found_dates import FoundDate, found_dates
from incidents.found_nouns import (
    ABSTRACT,
    BEFORE_ONE_PERSON,
    NUMBERED,
    ONE_PERSON,
    UNITS,
    has_cue,
    is_people,
    is_thing,
)
from incidents.found_prices import FoundPrice, found_prices
from incidents.found_words import ReadText
from incidents.quantity_words import NUMBERS

# How many words may stand between a number and what it counts: “20 heavily armed riot police”.
_REACH = 4
_VAGUE = {
    *("dozens", "scores", "hundreds", "thousands", "several", "numerous"),
    *("десятки", "десятков", "сотни", "сотен", "тысячи", "несколько", "нескольких"),
}
_QUALIFIERS = (
    *(("about",), ("around",), ("approximately",), ("roughly",), ("some",), ("nearly",)),
    *(("almost",), ("circa",), ("close", "to"), ("at", "least"), ("no", "fewer", "than")),
    *(("no", "less", "than"), ("not", "less", "than"), ("more", "than"), ("over",), ("up", "to")),
    *(("at", "most"), ("no", "more", "than"), ("fewer", "than"), ("less", "than"), ("under",)),
    *(("above",), ("minimum",), ("a", "minimum", "of"), ("a", "maximum", "of"), ("below",)),
    *(("около",), ("примерно",), ("приблизительно",), ("порядка",), ("почти",), ("до",)),
    *(("не", "менее"), ("не", "меньше"), ("как", "минимум"), ("по", "меньшей", "мере")),
    *(("более", "чем"), ("более",), ("больше",), ("свыше",), ("не", "более"), ("менее",)),
    *(("не", "больше"), ("меньше",), ("менее", "чем"), ("~",), ("≈",), ("where", "there", "about")),
)
_CUT = ("тыс", "млн")
_LONGEST_QUALIFIER = max(map(len, _QUALIFIERS))
_TRAILING = {
    ("or", "more"): "or more",
    ("and", "more"): "or more",
    ("или", "более"): "or more",
    ("или", "больше"): "or more",
    ("or", "fewer"): "or fewer",
    ("or", "less"): "or fewer",
    ("или", "менее"): "or fewer",
    ("or", "so"): "or so",
}
_NO_NUMBER = {"no", "not", "ни", "several", "few", "many", "couple", "несколько", "много"}
_AGES_OF_TWO = re.compile(r", \d{1,2} and $")
_BEGIN_RANGE = {"between": ("and", "-"), "from": ("to", "-"), "от": ("до", "-"), "между": ("и",)}
_JOINTS = {"or", "to", "-", "или", "либо", "до"}
_SHARES = re.compile(
    r"(?:half|halves|third|thirds|quarter|quarters|most|majority|minority|percent|percentage"
    r"|percents|part|parts|proportion|половина|половину|половины|треть|четверть|большинство"
    r"|часть|процент\w*)$"
)
_OF = {"of", "out", "in", "among", "из", "от"}
_ARTICLES = {"the", "these", "those", "his", "her", "their", "its", "all", "этих", "тех", "всех"}
_AGE_AFTER = re.compile(
    r" ?(?:-|)(?:years?[ -](?:of age|old)|year-olds?|yrs? old|летн\w+|-летн\w+)"
)
_AGE_BEFORE = re.compile(
    r"(?:\baged?(?: (?:between|from|of))?|\bages?(?: between| of| from)?"
    r"|\bв возрасте(?: от| около)?|\bвозрастом(?: от)?|\bвозраст\w* от|\bin their)$",
    re.IGNORECASE,
)
_GROUPS_OF = re.compile(
    r"\b(?:groups?|twos?|pairs?|rows?|teams?) of$|\b(?:группами|группы) по$", re.I
)
_PHONE = re.compile(
    # Never from within a number: what is a thousand digits long would be tried at each of them.
    r"(?:(?:\+|\(\d)\d+|(?<!\d)\d+)(?:[ ()-]{1,2}\d+){3,12}"
    r"|\+\d[\d ()-]{5,30}|\(\d{3,5}\) ?\d[\d -]{3,30}"
)
_BEFORE = re.compile(r"[\w.,:/$€£¥₸₽№#+-]$|[№#$€£₸₽] $")
_AFTER = re.compile(
    r"^(?:[:/]\d|[.,]\d|[%‰°²³$€£₸₽]| ?(?:%|per ?cent|percent|процент)|[a-zа-я_]|-\d)", re.I
)


@dataclass(frozen=True)
class FoundCount:
    """Low, best, high and qualifier as in `quantity.Quantity`; `typed` is what a box reads as that.

    `measure` is a code guessed from words near, or None. Offsets are code points.
    """

    start: int
    end: int
    words: str
    low: int | None
    best: int | None
    high: int | None
    qualifier: str | None
    typed: str
    measure: str | None = None
    # Guessed from “her husband”, where no number is said.
    of_one_person: bool = False
    # What a singular word says of that person: female, male or None.
    sex: str | None = None


def found_counts(text: str | ReadText) -> tuple[FoundCount, ...]:
    """In the text's order. Takes time that grows with the text's length, and raises nothing."""
    source = text if isinstance(text, ReadText) else ReadText(text)
    return tuple(_Finder(source).found())


class _Finder:
    """Goes through one text's tokens once."""

    def __init__(self, source: ReadText) -> None:
        self._source, self._tokens, self._folded = source, source.tokens, source.folded
        self._closed = _closed(source)

    def found(self) -> list[FoundCount]:
        made: list[FoundCount] = []
        place = blocked = 0
        tokens = self._tokens
        while place < len(tokens):
            token = tokens[place]
            while blocked < len(self._closed) and self._closed[blocked][1] <= token.start:
                blocked += 1
            if blocked < len(self._closed) and self._closed[blocked][0] <= token.start:
                place += 1
                continue
            begins = token.kind == "digits" or number_words.is_word(token.text)
            if begins or token.text in ("a", "an"):
                one, place = self._number_at(place)
            elif token.text in _VAGUE:
                one, place = self._vague_at(place), place + 1
            else:
                one, place = None, place + 1
            if one is None and token.text in _VAGUE and begins:
                one = self._vague_at(place - 1)
            if one is None and token.text in ONE_PERSON:
                one = self._person_at(place - 1)
                if one and made and made[-1].end > one.start:
                    one = None
            if one is not None:
                made.append(one)
        return made

    def _number_at(self, place: int) -> tuple[FoundCount | None, int]:
        """A number here, with another one joined to it, and where to go on."""
        first, after = self._value(place)
        before = self._text(place - 1)
        if self._text(place) in number_words.MULTIPLES or before in _NO_NUMBER:
            # Several dozen, not one: nobody says how many times.
            first = None
        if first is None:
            return None, max(after, place + 1)
        end, second = after, None
        joint = self._text(after)
        opener = self._text(place - 1)
        if joint in _JOINTS or joint in _BEGIN_RANGE.get(opener, ()):
            second, last = self._value(after + 1)
            if second is not None:
                end = last
        begin = (
            self._qualifier(place) if opener not in _BEGIN_RANGE or second is None else place - 1
        )
        end, trailing = self._trailing(end)
        if opener == "half" and first == 12:
            first, begin = 6, place - 1
        quantity_said = _quantity(self._texts(begin, place), first, second, trailing)
        start, stop = self._tokens[begin].start, self._tokens[end - 1].end
        number_start = self._tokens[place].start
        if quantity_said is None or self._is_other(begin, place, end, number_start, stop):
            return None, end
        qualified = second is not None or begin < place or bool(trailing)
        noun = self._counted(end)
        if first == 1 and not qualified and noun != "people":
            return None, end
        if not self._is_count(noun, (begin, end), (start, stop), qualified=qualified):
            return None, end
        return self._made(start, stop, quantity_said), end

    def _value(self, place: int) -> tuple[int | None, int]:
        """The number whose first word stands here, and the place after its last."""
        tokens = self._tokens
        if place >= len(tokens):
            return None, place
        token = tokens[place]
        if token.kind == "digits":
            return self._digits(place)
        last = place
        while last < len(tokens) and last - place < number_words.MOST_WORDS + 4:
            text = tokens[last].text
            if (
                number_words.is_word(text)
                or (last == place and text in ("a", "an"))
                or (text in ("and", "-") and last > place and self._goes_on(last))
            ):
                last += 1
            else:
                break
        words = [one.text for one in tokens[place:last] if one.text != "-"]
        return number_words.value(words), max(last, place + 1)

    def _goes_on(self, place: int) -> bool:
        """Whether “and” or a hyphen stands within one number: a hundred and five, twenty-five."""
        before, joint, following = (self._text(place + by) for by in (-1, 0, 1))
        if not number_words.is_word(following) or number_words.value([following]) is None:
            return False
        if joint == "and":
            return before in ("hundred", "thousand", "million")
        return before in NUMBERS and 20 <= NUMBERS[before] < 100 and NUMBERS.get(following, 10) < 10

    def _digits(self, place: int) -> tuple[int | None, int]:
        """Digits with their groups of three, and a scale: 1,200 or 3 thousand."""
        tokens, last = self._tokens, place + 1
        text = tokens[place].text
        while len(tokens[place].text) <= 3 and last < len(tokens) and len(text) < 12:
            comma = tokens[last].text == "," and tokens[last].start == tokens[last - 1].end
            group = last + 1 if comma else last
            if group >= len(tokens) or len(tokens[group].text) != 3:
                break
            one = tokens[group]
            apart = one.start - tokens[group - 1].end
            if one.kind != "digits" or apart != (0 if comma else 1):
                break
            text, last = text + one.text, group + 1
        if len(text) > 10 or not text.isdecimal():
            return None, last
        number = int(text)
        if self._text(last) in ("hundred", "thousand", "million", "тыс", "тысяч", "тысячи", "млн"):
            scaled = number_words.value([text, self._text(last)])
            return scaled, last + 1 + (self._text(last + 1) == "." and self._text(last)[:3] in _CUT)
        return number, last

    def _qualifier(self, place: int) -> int:
        """Where what qualifies the number begins, or the number's own place."""
        for width in range(_LONGEST_QUALIFIER, 0, -1):
            if place >= width and tuple(self._texts(place - width, place)) in _QUALIFIERS:
                return place - width
        return place

    def _is_other(self, begin: int, place: int, end: int, start: int, stop: int) -> bool:
        """Whether the number is no count: a time, a share, an age, the number of a house …"""
        before = self._folded[max(start - 30, 0) : start]
        first_before = self._folded[
            max(self._tokens[begin].start - 30, 0) : self._tokens[begin].start
        ]
        after = self._folded[stop : stop + 24]
        if after.startswith(",") and _AGES_OF_TWO.search(before):
            # Two men, 25 and 30, were detained.
            return True
        if _BEFORE.search(before) or _AFTER.search(after) or _AGE_AFTER.match(after):
            return True
        if any(_AGE_BEFORE.search(one.rstrip()) for one in (before, first_before)):
            return True
        if _GROUPS_OF.search(first_before.rstrip()):
            return True
        named = self._text(begin - 1)
        named = self._text(begin - 2) if named == "." else named
        if named in NUMBERED and begin == place:
            return True
        following = self._text(end)
        if self._text(end) == "-":
            following = self._text(end + 1)
            if following and end + 1 < len(self._tokens) and self._tokens[end].start == stop:
                return True
        if following in UNITS or (following in ("of", "in") and self._is_one_in(place, end)):
            return True
        return self._is_of_a_share(begin)

    def _is_one_in(self, place: int, end: int) -> bool:
        """“one in three”: a share; “two of the fifteen” counts two."""
        is_number = self._value(end + 1)[0] is not None
        return self._text(end) == "in" and is_number

    def _is_of_a_share(self, begin: int) -> bool:
        """“Half of the 40 men”, “two of the 15”: the whole is not what is counted."""
        place = begin - 1
        while place >= 0 and self._text(place) in _ARTICLES:
            place -= 1
        if self._text(place) not in _OF:
            return False
        while place >= 0 and self._text(place) in _OF:
            place -= 1
        text = self._text(place)
        return bool(_SHARES.match(text)) or self._value(place)[0] is not None or text in _VAGUE

    def _counted(self, place: int) -> str:
        """What is counted: people, things, abstract, end (of the clause), or "" where not known."""
        for token in self._tokens[place : place + _REACH + 1]:
            if token.kind == "sign" and token.text not in ("-", "'", '"', "[", "]"):
                return "end" if token is self._tokens[place] else ""
            if token.text in ABSTRACT:
                return "abstract"
            if is_people(token.text):
                return "people"
            if is_thing(token.text):
                return "things"
        return "end" if place >= len(self._tokens) else ""

    def _trailing(self, end: int) -> tuple[int, str]:
        """What qualifies the number after it: “or more”, “+”."""
        said = _TRAILING.get((self._text(end), self._text(end + 1)))
        if said:
            return end + 2, said
        is_plus = self._text(end) == "+" and self._tokens[end].start == self._tokens[end - 1].end
        return (end + 1, "or more") if is_plus else (end, "")

    def _is_count(
        self, noun: str, places: tuple[int, int], span: tuple[int, int], *, qualified: bool
    ) -> bool:
        begin, end = places
        following = self._texts(end, end + 2)
        of_them = following == ["из", "них"] or (
            following[:1] == ["of"] and following[1:] in (["them"], ["us"], ["those"], ["these"])
        )
        if noun in ("people", "things") or of_them:
            return True
        if noun == "abstract" or (not qualified and _is_year(self._folded[slice(*span)])):
            return False
        if has_cue(self._texts(end, end + 3)) or has_cue(self._texts(begin - 4, begin)):
            return True
        return qualified and noun == "end"

    def _made(self, start: int, stop: int, said: quantity.Quantity) -> FoundCount:
        here = self._source.stretch(start, stop)
        four = (said.low, said.best, said.high, said.qualifier)
        typed = quantity.write(*four)
        measure = measure_near(self._source, start, stop)
        return FoundCount(here.start, here.end, here.words, *four, typed=typed, measure=measure)

    def _vague_at(self, place: int) -> FoundCount | None:
        """“dozens”: many, and nobody says how many."""
        token = self._tokens[place]
        following = place + 1 + (self._text(place + 1) in ("of", "из"))
        if self._text(place + 1) == "of" and self._text(place + 2) in number_words.WORDS:
            return None
        counts = self._counted(following)
        is_alone = counts == "end" and token.text not in ("several", "numerous")
        if (
            counts not in ("people", "things")
            and not is_alone
            and not has_cue(self._texts(following, following + 3))
        ):
            return None
        return self._made(token.start, token.end, quantity.WITHOUT_A_NUMBER)

    def _person_at(self, place: int) -> FoundCount | None:
        """“a woman”, “her husband”: one, where the word before says it is a single person."""
        before = self._text(place - 1)
        if before not in BEFORE_ONE_PERSON or self._text(place + 1) in ("'", "and"):
            return None
        if (self._text(place - 2), before) in (("such", "a"), ("not", "a"), ("like", "a")):
            return None
        start, stop = self._tokens[place - 1].start, self._tokens[place].end
        one = self._made(start, stop, quantity.Quantity(1, 1, 1, "exact"))
        sex = ONE_PERSON[self._tokens[place].text]
        return FoundCount(**{**one.__dict__, "of_one_person": True, "sex": sex or None})

    def _text(self, place: int) -> str:
        return self._tokens[place].text if 0 <= place < len(self._tokens) else ""

    def _texts(self, first: int, last: int) -> list[str]:
        return [token.text for token in self._tokens[max(first, 0) : last]]


def _quantity(
    words: Sequence[str], first: int, second: int | None, trailing: str
) -> quantity.Quantity | None:
    """By `quantity`'s own rules; None for zero, and for ends that don't go up."""
    number = str(first) if second is None else f"{first}-{second}"
    qualifier = " ".join(one for one in words if one not in _BEGIN_RANGE and one != "half")
    try:
        read = quantity.read(f"{qualifier} {number} {trailing}".strip())
    except quantity.QuantityError:
        return None
    return None if 0 in (read.low, read.best, read.high) else read


def _is_year(words: str) -> bool:
    return re.fullmatch(r"1[5-9]\d\d|20\d\d", words) is not None


def _closed(source: ReadText) -> list[tuple[int, int]]:
    """Places of the shadow where numbers are dates, ages, prices or telephones, ascending."""
    found: Sequence[FoundDate | FoundAges | FoundPrice] = (
        *found_dates(source),
        *found_ages(source),
        *found_prices(source),
    )
    shadow = source.shadow
    spans = [(shadow.place(one.start), shadow.place(one.end - 1) + 1) for one in found]
    spans += [match.span() for match in _PHONE.finditer(source.folded) if _is_phone(match[0])]
    return sorted(spans)


def _is_phone(words: str) -> bool:
    """Digits in groups that are no thousands."""
    groups = re.findall(r"\d+", words)
    thousands = len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    return "+" in words or "(" in words or not thousands
