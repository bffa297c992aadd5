"""Reads what docs/*.md promise: tables, blocks and lists of codes, as values to compare.

Owns how the pages are written. Knows nothing of the program.
"""

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
_CODE = re.compile(r"`([^`]+)`")
_GROUP = re.compile(r"[{\[]([A-Za-z0-9_,\s]+)[}\]]")


def page(name: str) -> str:
    """A page of the repository, as "docs/domain.md"."""
    return (REPOSITORY / name).read_text()


def section(text: str, *heads: str) -> str:
    """What stands below the heads, each within the one before: `"Commands", "Built"`."""
    for level, head in enumerate(heads, 2):
        begin = re.search(rf"^{'#' * level} {re.escape(head)}$", text, re.MULTILINE)
        assert begin, f"there is no head “{head}”"
        below = text[begin.end() :]
        end = re.search(rf"^#{{2,{level}}} ", below, re.MULTILINE)
        text = below[: end.start()] if end else below
    return text


def rows(text: str) -> list[tuple[str, ...]]:
    """The cells of a section's tables, without heads and rules."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
    rules = [index for index, row in enumerate(cells) if set("".join(row)) <= {"-", ":"}]
    heads = {index - 1 for index in rules} | set(rules)
    return [row for index, row in enumerate(cells) if index not in heads]


def codes(text: str) -> list[str]:
    """What stands between backticks."""
    return _CODE.findall(text)


def expanded(pattern: str) -> list[str]:
    """`{a,b}_{c,d}` → every combination, the first group slowest."""
    parts = re.split(r"\{([^}]*)\}", pattern)
    choices = [part.split(",") if index % 2 else [part] for index, part in enumerate(parts)]
    return ["".join(one) for one in itertools.product(*choices)]


def groups(text: str) -> list[frozenset[str]]:
    """Every `{a, b}` and `[a, b]` of a text; braces inside brackets count for themselves."""
    return [
        frozenset(code.strip() for code in found[1].split(",")) for found in _GROUP.finditer(text)
    ]


# --- Commands ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Command:
    """`options` as "--port", "-o"; `arguments` in capitals, in order."""

    options: frozenset[str]
    arguments: tuple[str, ...]


def commands(block: str) -> Mapping[str, Command]:
    """“user add” → what its line says: words, arguments and options, then two blanks."""
    found = {}
    for line in block.splitlines():
        if line.startswith("incidents "):
            usage = re.split(r" {2,}", line)[0].removeprefix("incidents ")
            options = re.findall(r"--?[a-z][a-z-]*", usage)
            bare = re.sub(r"\[?(--?[a-z][a-z-]*)( [A-Z]+…?)?\]?", "", usage)
            words = [word.strip("[]…") for word in bare.split()]
            path = " ".join(itertools.takewhile(str.islower, words))
            arguments = tuple(word for word in words if word.isupper())
            found[path] = Command(frozenset(options), arguments)
    return found


# --- Types and their details ------------------------------------------------------------------


@dataclass(frozen=True)
class Described:
    """One detail as domain.md's table describes it. `holds` is a `Kind` of incident.types."""

    holds: str
    codes: frozenset[str] = frozenset()
    required: bool = False


def described_types(text: str) -> Mapping[str, Mapping[str, Described]]:
    """Type → detail → its description, in the page's order."""
    found: dict[str, dict[str, Described]] = {}
    for name, told in rows(text):
        details = [] if told == "—" else told.split(" · ")
        known = {code: each for each_type in found.values() for code, each in each_type.items()}
        found[codes(name)[0]] = dict(_described(detail, known) for detail in details)
    return found


def _described(text: str, known: Mapping[str, Described]) -> tuple[str, Described]:
    match = re.fullmatch(r"(\w+)(\*?)(?: (.+))?", text)
    assert match, f"“{text}” does not describe a detail"
    name, star, told = match[1], bool(match[2]), match[3] or "(text)"
    if told in _PLAIN:
        return name, Described(_PLAIN[told], required=star)
    if told.startswith("(as "):
        more = re.fullmatch(r"\(as \w+(?:, and (.+))?\)", told)
        assert more, f"“{told}” repeats nothing"
        added = frozenset(more[1].split(", ")) if more[1] else frozenset()
        return name, Described("choice", known[name].codes | added, star)
    if told.startswith("[stance"):
        own = re.search(r"\{.+\}", told)
        stances = groups(own[0])[0] if own else known[name].codes
        return name, Described("said", stances, star)
    return name, Described("choice" if told.startswith("{") else "choices", groups(told)[0], star)


_PLAIN = {
    "(text)": "text",
    "(EDTF)": "edtf",
    "(ISO 8601)": "duration",
    "[text]": "texts",
    "[item, amount, currency, per]": "prices",
}


# --- Links ------------------------------------------------------------------------------------


def links(text: str) -> Iterator[str]:
    """Files a page links to; other sites and places on the same page left out."""
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" not in target and not target.startswith("#"):
            yield target.partition("#")[0]
