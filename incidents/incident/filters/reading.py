"""Reads one value of a parameter; a ValueError is one sentence for the person who asked.

Owns what may be written in an address. Whether a name stands for anything is looked up later.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

from incidents import edtf
from incidents.edtf_notation import MONTHS
from incidents.folding import fold, has_unstorable
from incidents.incident.filters.asked import ANY, NONE, Value
from incidents.quantity import LARGEST
from incidents.search_query import read_query
from incidents.viewer import Viewer
from incidents.vocabulary.types import codes, countries

Reader = Callable[[str, Viewer], Value]

LONGEST_NAME = 300
_CODE = re.compile(r"[a-z0-9_]{1,60}")
_WRITTEN_OUT = re.compile(r"(?:(\d{1,2}) )?([a-z]{3,9})\.? (\d{4})")


def code_of(vocabulary: str) -> Reader:
    """One of a closed vocabulary's codes."""
    return one_of(codes(vocabulary))


def one_of(known: tuple[str, ...]) -> Reader:
    def read(text: str, _viewer: Viewer) -> Value:
        if text not in known:
            raise ValueError(f"“{_shown(text)}” is not one of the choices: {', '.join(known)}.")
        return text

    return read


def status(text: str, viewer: Viewer) -> Value:
    """A status this viewer may know of, `any`, or `returned`: a draft that a reviewer sent back."""
    known = (*codes("status"), "returned") if viewer.internal else ("approved",)
    return one_of((*known, ANY))(text, viewer)


def any_code(text: str, _viewer: Viewer) -> Value:
    """A code of an open vocabulary; the team may have added it, so it is looked up later."""
    if not _CODE.fullmatch(text):
        raise ValueError(f"“{_shown(text)}” is no code. A code is written as “in_custody”.")
    return text


def name(text: str, _viewer: Viewer) -> Value:
    """A name, a reference or an id."""
    if has_unstorable(text):
        raise ValueError("There is a character in it that no name holds. Type it again.")
    if len(text) > LONGEST_NAME:
        raise ValueError(f"That is {len(text)} characters long; {LONGEST_NAME} are the most.")
    return " ".join(text.split())


def words(text: str, _viewer: Viewer) -> Value:
    """Words to search by, as they were typed but for white space."""
    if has_unstorable(text):
        raise ValueError("There is a character in it that no text holds. Type it again.")
    typed = " ".join(text.split())
    read_query(typed)
    # The bare word asks for what is missing in every other parameter.
    return f'"{typed}"' if typed == NONE else typed


def country(text: str, _viewer: Viewer) -> Value:
    """A country's code, or its English name."""
    code = text.upper()
    if code in countries():
        return code
    folded = fold(text)
    named = next((code for code, name in countries().items() if fold(name) == folded), None)
    if named is None:
        raise ValueError(f"No country has the code or name “{_shown(text)}”. Write it as KZ.")
    return named


def count(text: str, _viewer: Viewer) -> Value:
    if not (text.isascii() and text.isdecimal()) or len(text) > 10 or int(text) > LARGEST:
        raise ValueError(f"“{_shown(text)}” is not a whole number.")
    return int(text)


def first_day(text: str, _viewer: Viewer) -> Value:
    """Of a day, a month or a year."""
    return _span(text).earliest


def last_day(text: str, _viewer: Viewer) -> Value:
    return _span(text).latest


def instant(text: str, viewer: Viewer) -> Value:
    """A day's beginning in UTC, or an instant with its zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        day = _span(text).earliest
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    else:
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise _no_date(text) from None


def _span(text: str) -> edtf.Span:
    try:
        span = edtf.bounds(_in_digits(text))
    except edtf.DateError:
        raise _no_date(text) from None
    if span.earliest == date.min or span.latest == date.max:
        raise _no_date(text)
    return span


def _in_digits(text: str) -> str:
    """`16 Dec 2011` as `2011-12-16`; anything else as it is."""
    match = _WRITTEN_OUT.fullmatch(" ".join(text.lower().split()))
    if match is None:
        return text
    named = (
        number for number, month in enumerate(MONTHS, start=1) if month.lower().startswith(match[2])
    )
    month = next(named, None)
    if month is None:
        return text
    day = f"-{int(match[1]):02}" if match[1] else ""
    return f"{match[3]}-{month:02}{day}"


def _no_date(text: str) -> ValueError:
    return ValueError(
        f"“{_shown(text)}” is no date. Write 2011-12-16, 16 Dec 2011, 2011-12 or 2011."
    )


def _shown(text: str) -> str:
    clean = "".join(sign if sign.isprintable() else " " for sign in text)
    return clean if len(clean) <= 60 else f"{clean[:59]}…"
