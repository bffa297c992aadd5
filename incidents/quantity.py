"""How many: reads what a source says in the one box, writes it back, and says it in words.

Owns what each wording does to low, best and high; the words stand in `quantity_words`. Refuses to
guess: no range is averaged, no share becomes a count, no number is read out of a sentence.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from incidents import number_words, quantity_words

LONGEST_TEXT = 200
LARGEST = 2_000_000_000

_PLAIN = re.compile(r"\d+")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:(?:,\d{3})+|(?: \d{3})+)")
_PARTED = re.compile(r"\d+(?:[.,]\d+)+")
_LABELLED = re.compile(r"(low|best|high) (.+?)(?=,? (?:low|best|high) |$)")
_QUALIFIED = re.compile(r"(.+) \((exact|approximately|at least|range|unspecified|no qualifier)\)")


class QuantityError(ValueError):
    """The text gives no count this box takes; the message is one sentence for the person."""


@dataclass(frozen=True)
class Quantity:
    """A count as given; None means nobody says, and 0 is only ever an explicit zero.

    The qualifier is exact, approximately, at_least, range, unspecified, or None when blank.
    """

    low: int | None
    best: int | None
    high: int | None
    qualifier: str | None


NOTHING = Quantity(None, None, None, None)
WITHOUT_A_NUMBER = Quantity(None, None, None, "unspecified")


def read(text: str) -> Quantity:
    """The count the words give, by rule 2 of the domain; blank text gives four blanks.

    "more than 3" has low 4 and "fewer than 30" high 29. "low 5, best 7, high 9" gives any part by
    name and is a range when it has a high, at least when its lowest is low, else approximate;
    a qualifier in brackets after any wording takes precedence. Raises QuantityError.
    """
    if len(text) > LONGEST_TEXT:
        raise QuantityError(f"That is too long: {LONGEST_TEXT} characters is the most.")
    tidy = _tidied(text)
    if not tidy:
        return NOTHING
    match = _QUALIFIED.fullmatch(tidy)
    quantity = _read(match[1] if match else tidy)
    if quantity is None:
        raise _not_understood(text, tidy)
    if match is None:
        return quantity
    named = match[2].replace(" ", "_")
    return replace(quantity, qualifier=None if named == "no_qualifier" else named)


def write(low: int | None, best: int | None, high: int | None, qualifier: str | None) -> str:
    """The shortest text that reads back to these four, which must be in order and in bounds."""
    quantity = Quantity(low, best, high, qualifier)
    parts = {"low": low, "best": best, "high": high}
    labelled = ", ".join(f"{name} {part}" for name, part in parts.items() if part is not None)
    bare = labelled or "number not stated"
    named = (qualifier or "no qualifier").replace("_", " ")
    wordings = (
        *("", "several", str(best), f"about {best}", f"{low}–{high}", f"about {low}–{high}"),
        *(f"at least {low}", f"up to {high}", labelled),
    )
    return next((text for text in wordings if _reads_as(text, quantity)), f"{bare} ({named})")


def in_words(low: int | None, best: int | None, high: int | None, qualifier: str | None) -> str:
    """The count for people, in English, with commas between thousands: "at least 1,200"."""
    about = "about " if qualifier == "approximately" else ""
    if low is best is high is None:
        return "number not stated"
    if best is None:
        return about + _limits_in_words(low, high)
    if low == high and low in (None, best):
        at_least = "at least " if (low, qualifier) == (None, "at_least") else ""
        return f"{about}{at_least}{best:,}"
    return f"{about}{best:,} ({_limits_in_words(low, high)})"


def _limits_in_words(low: int | None, high: int | None) -> str:
    if low is not None and high is not None:
        return f"{low:,}" if low == high else f"{low:,}–{high:,}"
    if low is not None:
        return f"at least {low:,}"
    return "" if high is None else f"up to {high:,}"


def _reads_as(wording: str, quantity: Quantity) -> bool:
    try:
        return read(wording) == quantity
    except QuantityError:
        return False


def _tidied(text: str) -> str:
    folded = text.casefold().replace("ё", "е")
    folded = re.sub("[‐‑‒–—−]", "-", folded)
    digits = "".join(str(unicodedata.decimal(sign, sign)) for sign in folded)
    return " ".join(digits.split()).rstrip(".;,").strip()


def _read(tidy: str) -> Quantity | None:
    if tidy in quantity_words.WITHOUT_A_NUMBER:
        return WITHOUT_A_NUMBER
    if tidy.startswith("-") and _number(tidy[1:].strip()) is not None:
        raise QuantityError("A count cannot be negative: type the number without a minus.")
    number = _number(tidy)
    if number is not None:
        return Quantity(number, number, number, "exact")
    return _labelled(tidy) or _one_sided(tidy) or _range(tidy)


def _number(text: str) -> int | None:
    """The whole number this is, however written; None when it is not a number at all."""
    if _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text):
        number = int(text.replace(",", "").replace(" ", ""))
    elif _PARTED.fullmatch(text):
        raise _ambiguous(text)
    else:
        return quantity_words.NUMBERS.get(text)
    if number > LARGEST:
        raise QuantityError(f"{text} is too large: {LARGEST:,} is the most this box takes.")
    return number


def _in_words(text: str) -> int | None:
    return number_words.value(text.replace("-", " ").split())


def _ambiguous(text: str) -> QuantityError:
    first, *others = re.split("[.,]", text)
    if all(len(part) == 3 for part in others):
        return QuantityError(
            f"“{text}” could be {''.join((first, *others))} or little more than {first}: "
            "type a whole number without signs."
        )
    return QuantityError(f"“{text}” is not a whole number: type {first}, or “{first} or more”.")


def _counted(text: str) -> int | None:
    number = _number(text)
    if number == 0:
        raise QuantityError(
            "Zero stands alone: type 0 when the source says there were none, "
            "or leave the zero out, as in “up to 5”."
        )
    return number


def _one_sided(tidy: str) -> Quantity | None:
    builders: tuple[tuple[str, Callable[[int], Quantity]], ...] = (
        (rf"(?:{quantity_words.AT_LEAST}) ?(.+)|(.+?)(?:{quantity_words.OR_MORE})", _at_least),
        (rf"(?:{quantity_words.MORE_THAN}) ?(.+)", lambda number: _at_least(number + 1)),
        (rf"(?:{quantity_words.AT_MOST}) ?(.+)|(.+?)(?:{quantity_words.OR_FEWER})", _at_most),
        (rf"(?:{quantity_words.FEWER_THAN}) ?(.+)", lambda number: _at_most(number - 1)),
        (rf"(?:{quantity_words.ABOUT}) ?(.+)|(.+) or so", _about),
    )
    for pattern, build in builders:
        match = re.fullmatch(pattern, tidy)
        number = _counted(next(filter(None, match.groups()))) if match else None
        if number is not None:
            return build(number)
    about_range = re.fullmatch(rf"(?:{quantity_words.ABOUT}) ?(.+)", tidy)
    quantity = _range(about_range[1]) if about_range else None
    return replace(quantity, qualifier="approximately") if quantity else None


def _at_least(low: int) -> Quantity:
    if low > LARGEST:
        raise QuantityError(f"That is too large: {LARGEST:,} is the most this box takes.")
    return Quantity(low, None, None, "at_least")


def _at_most(high: int) -> Quantity:
    if high == 0:
        raise QuantityError("Fewer than one is none: type 0 when the source says so.")
    return Quantity(None, None, high, "range")


def _about(best: int) -> Quantity:
    return Quantity(None, best, None, "approximately")


def _range(tidy: str) -> Quantity | None:
    inner = re.fullmatch(r"(?:between|from|между|от|с) (.+)", tidy)
    joints = r" ?- ?| (?:or|to|and|или|либо|до|и|по) "
    whole = inner[1] if inner else tidy
    for joint in re.finditer(joints, whole):
        if joint[0] in (" and ", " и ") and not inner:
            continue
        low, high = _counted(whole[: joint.start()]), _counted(whole[joint.end() :])
        if low is None or high is None:
            continue
        return _in_order(Quantity(low, None, high, "range"))
    return None


def _labelled(tidy: str) -> Quantity | None:
    parts: dict[str, int] = {}
    rest = tidy
    for match in _LABELLED.finditer(tidy):
        number = _number(match[2])
        if number is None or match[1] in parts:
            return None
        parts[match[1]] = number
        rest = rest.replace(match[0], "", 1)
    if not parts or rest.strip(", "):
        return None
    low, best, high = (parts.get(name) for name in ("low", "best", "high"))
    qualifier = "approximately" if low is None else "at_least"
    if high is not None:
        qualifier = "range"
    return _in_order(Quantity(low, best, high, qualifier))


def _in_order(quantity: Quantity) -> Quantity:
    given = [part for part in (quantity.low, quantity.best, quantity.high) if part is not None]
    if given != sorted(given):
        order = " – ".join(str(part) for part in sorted(given))
        raise QuantityError(f"The numbers go up from low to high: {order}.")
    return quantity


def _not_understood(text: str, tidy: str) -> QuantityError:
    shown = "".join(sign if sign.isprintable() else " " for sign in text.strip())[:60]
    if tidy in quantity_words.NONE:
        return QuantityError(
            "Type 0 when the source says there were none; leave the box blank when nobody says."
        )
    if quantity_words.SHARE.search(tidy):
        return QuantityError(
            f"“{shown}” is a share, not a count: count it from what the source says, "
            "such as half of 20 as “about 10”."
        )
    return QuantityError(
        f"“{shown}” is not a number this box understands: type 20, “about 20”, “20 or 30”, "
        "“at least 3” or “several”."
    )
