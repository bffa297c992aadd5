"""What the bench asks: the product's way, and by hand with as little in between as there can be.

The hand-written statements fetch what the page shows: rows, count, counts beside choices, totals.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment

from incidents.search_query import fts5, read_query, tsquery

Rows = Sequence[Sequence[Any]]
Ask = Callable[[str], Rows]
_ROW = """
    SELECT i.ref_year, i.ref_number, i.type, i.title, i.date_edtf, p.name, p.region, p.country,
        i.status, i.sourcing, i.publication,
        (SELECT count(DISTINCT c.source_id) FROM citation c WHERE c.incident_id = i.id),
        (SELECT f.measure FROM figure f WHERE f.incident_id = i.id ORDER BY f.position LIMIT 1),
        (SELECT f.best FROM figure f WHERE f.incident_id = i.id ORDER BY f.position LIMIT 1)
    FROM incident i LEFT JOIN place p ON p.id = i.place_id
    WHERE i.publication <> 'sealed' AND {where}
"""
_PAGE = _ROW + " ORDER BY i.sort_date DESC, i.id DESC LIMIT 50"
_COUNT = "SELECT count(*) FROM incident i WHERE i.publication <> 'sealed' AND {where}"
_BESIDE = (
    "SELECT i.{column}, count(*) FROM incident i WHERE i.publication <> 'sealed' AND {where}"
    " GROUP BY i.{column}"
)
_YEARS = (
    "SELECT substr(CAST(i.date_earliest AS VARCHAR), 1, 4), count(*) FROM incident i"
    " WHERE i.publication <> 'sealed' AND {where} GROUP BY 1"
)
_TOTALS = """
    SELECT f.measure, count(*), sum(f.best), sum(f.low), sum(f.high)
    FROM figure f JOIN incident i ON i.id = f.incident_id
    WHERE f.in_totals AND i.status NOT IN ('rejected', 'retracted')
    AND i.publication <> 'sealed' AND {where} GROUP BY f.measure
"""
# Every row as plainly as a table can be written: escaped cells, no classes, no links.
_TABLE = (
    Environment(autoescape=True)
    .from_string(
        "<p>{{ count }}</p>"
        "<ul>{% for one in beside %}<li>{{ one[0] }} {{ one[1] }}</li>{% endfor %}</ul>"
        "<table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}"
        "</tr>{% endfor %}</table><ul>{% for one in totals %}<li>{{ one | join(' ') }}</li>"
        "{% endfor %}</ul>"
    )
    .render
)


@dataclass(frozen=True)
class Question:
    """A page of the listing as the address asks it, and as a WHERE does on each engine."""

    name: str
    query: str
    on_sqlite: str
    otherwise: str = ""

    @property
    def on_postgresql(self) -> str:
        return self.otherwise or self.on_sqlite


def _search(name: str, words: str) -> Question:
    """Straight from the index of words, in the engine's own language."""
    query = read_query(words)
    asked = tsquery(query).replace("'", "''")
    document = (
        "i.id IN (SELECT d.incident_id FROM search_document d WHERE d.audience = 'internal' AND"
    )
    index = "d.id IN (SELECT rowid FROM search_document_fts WHERE search_document_fts MATCH"
    return Question(
        name,
        urlencode({"q": words}),
        f"{document} {index} '{fts5(query)}'))",
        f"{document} d.words @@ '{asked}'::tsquery)",
    )


PAGES = (
    Question("every incident", "", "1 = 1"),
    Question(
        "two filters", "type=detention&country=KZ", "i.type = 'detention' AND i.country = 'KZ'"
    ),
    Question(
        "a year",
        "from=2012&to=2012",
        "i.date_earliest <= '2012-12-31' AND i.date_latest >= '2012-01-01'",
    ),
    Question("nothing found", "type=killing&country=AQ", "i.type = 'killing' AND i.country = 'AQ'"),
    _search("a common word", "police"),
    _search("a rare word", "1234"),
    _search("a phrase", '"police night"'),
)


def by_hand(ask: Ask, where: str) -> tuple[Rows, Any, Rows, Rows]:
    """Rows, their count, the counts beside the choices of type, status, country, year, totals."""
    groups = [_BESIDE.replace("{column}", column) for column in ("type", "status", "country")]
    beside = [line for group in (*groups, _YEARS) for line in ask(group.format(where=where))]
    return (
        ask(_PAGE.format(where=where)),
        ask(_COUNT.format(where=where))[0][0],
        beside,
        ask(_TOTALS.format(where=where)),
    )


def statements(where: str) -> list[str]:
    """The same, to be handed to another program."""
    sent: list[str] = []

    def note(statement: str) -> Rows:
        sent.append(statement)
        return [(0, 0)]

    by_hand(note, where)
    return sent


def rendered(found: tuple[Rows, Any, Rows, Rows]) -> str:
    rows, count, beside, totals = found
    return _TABLE(rows=rows, count=count, beside=beside, totals=totals)


def counting(where: str) -> str:
    return _COUNT.format(where=where)


def table(where: str) -> str:
    """Every row that matches, for a file."""
    return _ROW.format(where=where) + " ORDER BY i.ref_year, i.ref_number"
