"""Prices that a text gives: what of, how much, in which currency, for how much of it.

Owns amounts with a currency, in English and Russian. An amount of money is never a count of
people. Refuses to guess a currency that is not named: “dollars” are those of the United States.
"""

import re
from dataclasses import dataclass

from incidents import number_words
from incidents.found_words import ReadText

_CURRENCIES = {
    "KZT": r"tenge|тенге|₸|KZT",
    "USD": r"US dollars?|dollars?|доллар(?:а|ов)?(?: США)?|\$|USD",
    "EUR": r"euros?|евро|€|EUR",
    "RUB": r"(?:Russian )?r(?:o)?ubles?|рубл(?:ь|я|ей)|руб\.?|₽|RUB",
    "GBP": r"pounds sterling|pounds?|£|GBP",
    "KGS": r"Kyrgyz soms?|soms?|сом(?:а|ов)?|KGS",
    "UZS": r"Uzbek soums?|sums?|soums?|UZS",
    "TJS": r"somoni|сомони|TJS",
    "UAH": r"hryvn(?:ia|ias|i)|грив(?:на|ны|ен)|UAH",
    "CNY": r"yuan|юан(?:ь|я|ей)|CNY",
    "TRY": r"(?:Turkish )?liras?|лир(?:а|ы)?|TRY",
}
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "₸": "KZT", "₽": "RUB"}
_WORDED = "|".join(sorted(number_words.WORDS, key=len, reverse=True))
_NUMBER = (
    r"(?:\d{1,3}(?:[ ,]\d{3}){1,4}|\d{1,9}(?:[.,]\d{1,2})?"
    rf"|(?:{_WORDED})(?:[ -](?:{_WORDED})){{0,5}})"
)
_SCALE = r"(?: (?:thousand|million|тысяч\w?|тыс\.|млн))?"
_NAMED = "|".join(rf"(?P<{code}>{words})" for code, words in _CURRENCIES.items())
_AMOUNT_FIRST = re.compile(
    rf"(?<![\w.,])(?P<amount>{_NUMBER}{_SCALE}) ?(?:{_NAMED})(?!\w)", re.IGNORECASE
)
_SIGN_FIRST = re.compile(
    r"(?:US ?)?(?P<sign>[$€£₸₽]) ?"
    r"(?P<amount>\d{1,3}(?:[ ,]\d{3}){1,4}(?!\d)|\d{1,9}(?:\.\d{1,2})?(?!\d))"
)
_PER = re.compile(
    r"[^.;!?]{0,40}?\b(?P<per>each|apiece|per \w+|a (?:loaf|kilo|kilogram|kg|litre|liter|dozen"
    r"|piece|bottle|bag|sack)|каждое"
    r"|за (?:штуку|килограмм|кг|литр|буханку|булку|десяток|пачку|мешок))\b",
    re.IGNORECASE,
)
_COSTS = re.compile(
    r"(?P<item>[^\W\d_][\w-]*)(?: (?:now|already|currently|сейчас|теперь|уже))?"
    r" (?:costs?|sells? (?:for|at)|sold (?:for|at)|is|are|was|were|went (?:for|up to)|rose to"
    r"|стоят|стоит|стоил[аи]?|продают(?:ся)? (?:за|по)|подорожал[аио]?\w* до)"
    r"(?: (?:now|about|around|up to|already|сейчас|около|уже|по))* ?$",
    re.IGNORECASE,
)
_NO_ITEM = {"it", "they", "this", "that", "which", "there", "price", "prices", "он", "она", "они"}


@dataclass(frozen=True)
class FoundPrice:
    """`currency` is an ISO 4217 code; "" = nobody says what of, or for how much of it."""

    start: int
    end: int
    words: str
    item: str
    amount: int | float
    currency: str
    per: str


def found_prices(text: str | ReadText) -> tuple[FoundPrice, ...]:
    """In the text's order. Takes time that grows with the text's length, and raises nothing."""
    source = text if isinstance(text, ReadText) else ReadText(text)
    matches = [*_AMOUNT_FIRST.finditer(source.folded), *_SIGN_FIRST.finditer(source.folded)]
    found: list[FoundPrice] = []
    last = 0
    for match in sorted(matches, key=lambda one: one.start()):
        amount = _amount(match["amount"])
        if match.start() < last or not amount:
            continue
        sign = match.groupdict().get("sign")
        code = _SIGNS[sign] if sign else match.lastgroup or ""
        last = match.end()
        here = source.stretch(*match.span())
        item, per = _item(source.folded, match.start()), _per(source.folded, match.end())
        found.append(FoundPrice(here.start, here.end, here.words, item, amount, code, per))
    return tuple(found)


def _amount(words: str) -> int | float | None:
    words = words.casefold().rstrip(".")
    if words[0].isdigit():
        number, _, scale = words.partition(" ") if not re.search(r" \d", words) else (words, "", "")
        plain = number.replace(" ", "")
        if re.fullmatch(r"\d{1,3}(?:,\d{3})+", plain):
            plain = plain.replace(",", "")
        plain = plain.replace(",", ".")
        if not re.fullmatch(r"\d{1,12}(?:\.\d{1,2})?", plain):
            return None
        times = number_words.value([scale.rstrip(".")]) or 1 if scale else 1
        amount = float(plain) * times
        return int(amount) if amount == int(amount) else amount
    return number_words.value(words.replace("-", " ").split())


def _item(folded: str, start: int) -> str:
    """What “cost” follows, in the same clause; "" where no word says it."""
    match = _COSTS.search(folded, max(start - 80, 0), start)
    if match is None or match["item"].casefold() in _NO_ITEM:
        return ""
    return match["item"].casefold()


def _per(folded: str, end: int) -> str:
    match = _PER.match(folded, end, end + 60)
    return match["per"].casefold() if match else ""
