"""The columns of incidents.csv in its report set: one line per incident for a table in a text.

Labels and words throughout; heads are the words of docs/exports.md.
"""

from dataclasses import replace

from incidents.incident.columns import words
from incidents.incident.columns.column import Column, ColumnSet, Type
from incidents.incident.queries.export_rows import IncidentRow

_COLUMNS: tuple[Column[IncidentRow], ...] = (
    Column(
        "reference", "Reference", "The incident's reference.", lambda row, _: row.facts.reference
    ),
    Column(
        "date_in_words",
        "Date in words",
        "When it happened. Blank: nobody says.",
        lambda row, _: words.date_in_words(row.facts),
    ),
    Column(
        "place", "Place", "The place and what it lies in.", lambda row, _: words.places(row.place)
    ),
    Column(
        "type", "Type", "The incident's type.", lambda row, _: row.facts.type, vocabulary="type"
    ),
    Column("title", "Title", "The title.", lambda row, _: row.facts.title or None),
    Column(
        "figures_in_words",
        "Figures in words",
        "Every figure that is not a breakdown, with its qualifier.",
        lambda row, _: words.figures_in_words(row),
    ),
    Column(
        "who",
        "Who",
        "Labels of those it happened to, or of those who speak in a statement.",
        lambda row, _: words.who(row),
    ),
    Column(
        "by_whom_as_stated",
        "By whom as stated",
        "Labels of the alleged perpetrators and who says so. Blank: nobody names one.",
        words.by_whom,
    ),
    Column(
        "who_says_so",
        "Who says so",
        "Speakers of the supporting citations, or their source, and how they know.",
        words.who_says_so,
    ),
    Column(
        "sourcing",
        "Sourcing",
        "Computed: single source, corroborated or contested.",
        lambda row, _: row.facts.sourcing,
        vocabulary="sourcing",
    ),
    Column(
        "number_of_independent_sources",
        "Number of independent sources",
        "Sources of supporting citations; copies of one story count once.",
        lambda row, _: words.independent_sources(row),
        Type.INTEGER,
    ),
    Column(
        "sources_as_footnotes",
        "Sources as footnotes",
        "Each source cited, once.",
        lambda row, _: tuple(words.footnote(source) for source in row.sources),
    ),
    Column(
        "quote",
        "Quote",
        "The words of the supporting citations. Blank: none quoted, or withheld.",
        lambda row, _: words.quotes(row),
    ),
    Column(
        "status",
        "Status",
        "Where the record stands in its life.",
        lambda row, _: row.facts.status,
        vocabulary="status",
    ),
    Column(
        "link",
        "Link",
        "The incident's page.",
        lambda row, context: words.link(row.facts.reference, context),
    ),
)

REPORT = tuple(replace(column, sets=(ColumnSet.REPORT,)) for column in _COLUMNS)
