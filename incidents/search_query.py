"""What somebody types to search by: words, "phrases", -exclusions, beginnings*.

Owns how it is read, and its rendering for either engine. Every other sign is no syntax: AND, NEAR(
and % are words, or nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from incidents.search_words import LONGEST_WORD, Word, encoded, words

MOST_SIGNS = 300
MOST_WORDS = 30

_QUOTES = str.maketrans(dict.fromkeys("“”„‟″«»〝〞＂", '"'))
# What a phone or an office program makes of a minus before a word.
_DASH = re.compile(r'(?<!\S)[–−](?=[\w"])')
_TERM = re.compile(r'(?P<without>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"(?P<star>\*?)|(?P<word>[^\s"]+))')


class QueryError(ValueError):
    """What can’t be searched by; the message is a sentence for whoever typed it."""


@dataclass(frozen=True)
class Term:
    """Words that stand one after the other; with `begins` the last one may go on."""

    words: tuple[str, ...]
    begins: bool = False

    def places(self, text: Sequence[Word]) -> Iterator[tuple[int, int]]:
        """Where it stands among the words of one text: the first, and the one after the last."""
        wanted = [word[:LONGEST_WORD] for word in self.words]
        *whole, last = wanted
        for start in range(len(text) - len(wanted) + 1):
            found = [word.text[:LONGEST_WORD] for word in text[start : start + len(wanted)]]
            ends = found[-1].startswith(last) if self.begins else found[-1] == last
            if ends and found[:-1] == whole:
                yield start, start + len(wanted)


@dataclass(frozen=True)
class Query:
    """All of `wanted` and nothing of `unwanted`; one of the two is never empty."""

    wanted: tuple[Term, ...]
    unwanted: tuple[Term, ...] = ()


@lru_cache(maxsize=256)
def read_query(text: str) -> Query:
    """QueryError for what holds no word, is too long, or leaves a quotation mark open."""
    if len(text) > MOST_SIGNS:
        raise QueryError(
            f"That is {len(text):,} characters long; {MOST_SIGNS} are the most. "
            "Search by a few words of it."
        )
    text = _plain(text)
    if text.count('"') % 2:
        raise QueryError("A quotation mark is open. Close it after the last word of the phrase.")
    wanted: dict[Term, None] = {}
    unwanted: dict[Term, None] = {}
    for match in _TERM.finditer(text):
        term = _term(match)
        if term is not None:
            (unwanted if match["without"] else wanted)[term] = None
        elif match["without"] or match["word"] == "-":
            raise QueryError(
                "A minus stands alone. Write it right before the word to leave out: -police."
            )
    if not wanted and not unwanted:
        raise QueryError("There is no word in it. Search by words, as in: detained Aktau.")
    if sum(not word.pair for word in words(text)) > MOST_WORDS:
        raise QueryError(f"{MOST_WORDS} words are the most. Search by fewer of them.")
    return Query(tuple(wanted), tuple(unwanted))


def as_typed(text: str) -> tuple[list[str], list[str]]:
    """What a text that can be read asks for, and what it leaves out, without its minus: each
    term as it was typed, a phrase in its marks.
    """
    found = [match for match in _TERM.finditer(_plain(text)) if _term(match) is not None]
    wanted = [match[0] for match in found if not match["without"]]
    return wanted, [match[0].removeprefix("-") for match in found if match["without"]]


def fts5(query: Query) -> str:
    """For SQLite's MATCH. Of a query that only leaves out: what it leaves out."""
    unwanted = " OR ".join(map(_quoted, query.unwanted))
    if not query.wanted:
        return unwanted
    wanted = fts5_in_title(query, column="")
    return f"({wanted}) NOT ({unwanted})" if unwanted else wanted


def fts5_in_title(query: Query, column: str = "title : ") -> str:
    """What is wanted, all of it in the title."""
    return " AND ".join(f"{column}{_quoted(term)}" for term in query.wanted)


def tsquery(query: Query) -> str:
    """For PostgreSQL's @@. Of a query that only leaves out: what it leaves out."""
    unwanted = " | ".join(map(_followed, query.unwanted))
    if not query.wanted:
        return unwanted
    wanted = tsquery_in_title(query, weight="")
    return f"{wanted} & !({unwanted})" if unwanted else wanted


def tsquery_in_title(query: Query, weight: str = "A") -> str:
    """What is wanted, all of it in the title."""
    return " & ".join(_followed(term, weight) for term in query.wanted)


def _plain(text: str) -> str:
    """One mark for every quotation mark, and for every minus."""
    return _DASH.sub("-", text.translate(_QUOTES))


def _quoted(term: Term) -> str:
    star = "*" if term.begins else ""
    return f'"{" ".join(map(encoded, term.words))}"{star}'


def _followed(term: Term, weight: str = "") -> str:
    *whole, last = (f"'{encoded(word)}'" for word in term.words)
    ends = f"{'*' if term.begins else ''}{weight}"
    parts = [f"{word}:{weight}" if weight else word for word in whole]
    return f"({' <-> '.join([*parts, f'{last}:{ends}' if ends else last])})"


def _term(match: re.Match[str]) -> Term | None:
    text = match["word"] if match["phrase"] is None else match["phrase"]
    found = words(text)
    if not found:
        return None
    begins = text.rstrip().endswith("*") or match["star"] == "*" or found[-1].alone
    if len(found) > 1 and found[-2].pair:
        # The pair says its last sign already; alone it would have to end the run.
        found = found[:-1]
    return Term(tuple(word.text for word in found), begins)
