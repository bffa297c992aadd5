"""The columns of incidents.csv in its full set, in the order of docs/exports.md.

Figures and typed details are made from their declarations; the report's columns stand in `report`.
"""

from collections.abc import Callable
from dataclasses import replace

from incidents.incident.columns import words
from incidents.incident.columns.codebook import codebook_version
from incidents.incident.columns.column import Audience, Column, ColumnSet, Context, Type, Value
from incidents.incident.queries.export_rows import FigureFacts, IncidentRow
from incidents.incident.types import Detail, IncidentType, Kind, every_detail
from incidents.vocabulary.types import vocabulary

# Those whose counts stand beside each other in one row; every measure is in figures.csv.
MEASURES = (
    *("killed", "injured", "detained", "ill_treated", "disappeared", "displaced", "affected"),
)
_PARTS: dict[str, tuple[str, Callable[[FigureFacts], int | None]]] = {
    "low": ("lowest", lambda figure: figure.low),
    "best": ("best", lambda figure: figure.best),
    "high": ("highest", lambda figure: figure.high),
}


def _figures() -> tuple[Column[IncidentRow], ...]:
    return tuple(_figure(measure, part) for measure in MEASURES for part in _PARTS)


def _figure(measure: str, part: str) -> Column[IncidentRow]:
    label, read = _PARTS[part]
    noun = vocabulary("measure").terms[measure].extra["noun"]

    def value(row: IncidentRow, _context: Context) -> int | None:
        figure = row.counted.get(measure)
        return read(figure) if figure else None

    return Column(
        f"{measure}_{part}",
        f"{vocabulary('measure').label(measure)}, {label}",
        f"The {label} count of people {noun}: of the figure in totals or, where none is, of the"
        " only one. Blank: nobody says, or several figures stand and none was chosen.",
        value,
        Type.INTEGER,
        hxl=f"#affected+{measure.replace('_', '')}+{part}",
    )


def _details() -> tuple[Column[IncidentRow], ...]:
    return tuple(_detail(type_, detail) for type_, detail in every_detail())


def _detail(type_: IncidentType, detail: Detail) -> Column[IncidentRow]:
    def value(row: IncidentRow, _context: Context) -> Value:
        if row.facts.type != type_.code:
            return None
        return _detail_value(detail, row.facts.details.get(detail.name))

    spoken = detail.kind is Kind.SAID
    return Column(
        f"{type_.code}.{detail.name}",
        f"{type_.label}: {detail.label}",
        f"{detail.label}, for type {type_.code}. Blank: nobody says, or another type.",
        value,
        vocabulary="" if spoken else detail.vocabulary,
        audience=Audience.INTERNAL if spoken else Audience.ALL,
    )


def _detail_value(detail: Detail, said: object) -> Value:
    if said is None or said == "":
        return None
    if not isinstance(said, list):
        return str(said)
    if detail.kind is Kind.SAID:
        return tuple(words.said_in_words(one) for one in said)
    if detail.kind is Kind.PRICES:
        return tuple(words.price_in_words(one) for one in said)
    return words.texts(said)


_WHAT: tuple[Column[IncidentRow], ...] = (
    Column(
        "incident_id",
        "Reference",
        "The incident's reference, never reused.",
        lambda row, _: row.facts.reference,
        hxl="#event+id",
    ),
    Column(
        "version",
        "Version",
        "Grows by one with every save of the record.",
        lambda row, _: row.facts.version,
        Type.INTEGER,
        hxl="#meta+version",
    ),
    Column(
        "type",
        "Type",
        "The incident's type.",
        lambda row, _: row.facts.type,
        vocabulary="type",
        hxl="#event+type",
    ),
    Column(
        "title", "Title", "The title.", lambda row, _: row.facts.title or None, hxl="#event+title"
    ),
    Column(
        "summary",
        "Summary",
        "The summary. Blank: none was written.",
        lambda row, _: row.facts.summary,
        hxl="#description",
    ),
)
_WHEN: tuple[Column[IncidentRow], ...] = (
    Column(
        "date_edtf",
        "Date (EDTF)",
        "When it happened, in EDTF. Blank: nobody says, or it is stated to be not known.",
        lambda row, _: row.facts.date_edtf,
        hxl="#date+edtf",
    ),
    Column(
        "date_earliest",
        "Earliest day",
        "The first day the date can mean, inclusive. Blank: no date, or an open start.",
        lambda row, _: words.bound(row.facts.date_earliest),
        Type.DATE,
        hxl="#date+start",
    ),
    Column(
        "date_latest",
        "Latest day",
        "The last day the date can mean, inclusive. Blank: no date, or an open end.",
        lambda row, _: words.bound(row.facts.date_latest),
        Type.DATE,
        hxl="#date+end",
    ),
    Column(
        "date_precision",
        "Date precision",
        "How closely the date is known; unknown: a source or the researcher says that it is not.",
        lambda row, _: "unknown" if row.facts.date_not_known else row.facts.date_precision,
        vocabulary="date_precision",
        hxl="#date+precision",
    ),
    Column(
        "date_basis",
        "Date basis",
        "What the date rests on.",
        lambda row, _: row.facts.date_basis,
        vocabulary="date_basis",
        hxl="#date+basis",
    ),
    Column(
        "date_counted",
        "Date counted from",
        "How the date was counted from another one, and from which. Blank: it was not counted.",
        lambda row, _: words.counted(row.facts.date_counted),
        hxl="#date+counted",
        audience=Audience.INTERNAL,
        sets=(ColumnSet.FULL,),
    ),
    Column(
        "ongoing",
        "Ongoing when reported",
        "Whether it still went on when the source reported it. Never widens the dates.",
        lambda row, _: row.facts.ongoing_when_reported,
        Type.BOOLEAN,
        hxl="#indicator+ongoing",
    ),
)
_WHERE: tuple[Column[IncidentRow], ...] = (
    Column(
        "country",
        "Country",
        "ISO 3166-1 alpha-2.",
        lambda row, _: row.facts.country,
        hxl="#country+code",
    ),
    Column(
        "region",
        "Region",
        "The region of the place, or of the nearest place above it that has one.",
        lambda row, _: row.place.region if row.place else None,
        hxl="#adm1+name",
    ),
    Column(
        "place",
        "Place",
        "The place's own name, without the places above it.",
        lambda row, _: row.place.name if row.place else None,
        hxl="#loc+name",
    ),
    Column(
        "place_precision",
        "Place precision",
        "How closely the place is known.",
        lambda row, _: row.facts.place_precision,
        vocabulary="place_precision",
        hxl="#loc+precision",
    ),
    Column(
        "latitude",
        "Latitude",
        "Degrees, WGS 84, of the place itself. Blank: not located; never that of a place above it.",
        lambda row, _: row.place.lat if row.place else None,
        Type.NUMBER,
        hxl="#geo+lat",
    ),
    Column(
        "longitude",
        "Longitude",
        "Degrees, WGS 84, of the place itself. Blank: not located; never that of a place above it.",
        lambda row, _: row.place.lon if row.place else None,
        Type.NUMBER,
        hxl="#geo+lon",
    ),
    Column(
        "subject_place",
        "Subject place",
        "What a statement is about, when that is elsewhere, with the places above it.",
        lambda row, _: words.places(row.subject_place),
        hxl="#loc+subject",
    ),
)
_WHO: tuple[Column[IncidentRow], ...] = (
    Column(
        "figures_qualified",
        "Figures in words",
        "Every figure that is not a breakdown, with its qualifier.",
        lambda row, _: words.figures_in_words(row),
        hxl="#affected+description",
    ),
    Column(
        "victims",
        "Victims",
        "Labels of the parties in the role victim.",
        lambda row, _: words.labels_of(row, "victim"),
        hxl="#affected+name",
    ),
    Column(
        "alleged_perpetrators",
        "Alleged perpetrators",
        "Labels of the parties in the role alleged perpetrator. Blank: nobody names one.",
        lambda row, _: tuple(
            one.party.label for one in row.involvements if one.role == "alleged_perpetrator"
        ),
        hxl="#actor+name",
    ),
    Column(
        "attribution",
        "Attribution",
        "Who says so of each alleged perpetrator, in the same order.",
        lambda row, _: words.attributions(row),
        vocabulary="attribution",
        hxl="#actor+attribution",
    ),
)
_SOURCES: tuple[Column[IncidentRow], ...] = (
    Column(
        "sources_n",
        "Number of sources",
        "Sources cited, whatever their stance.",
        lambda row, _: len(row.sources),
        Type.INTEGER,
        hxl="#meta+sources+num",
    ),
    Column(
        "independent_sources_n",
        "Number of independent sources",
        "Sources of supporting citations; copies of one story count once.",
        lambda row, _: words.independent_sources(row),
        Type.INTEGER,
        hxl="#meta+sources+independent+num",
    ),
    Column(
        "source_ids",
        "Sources",
        "References of the sources cited, in the order of the citations.",
        lambda row, _: tuple(source.reference for source in row.sources),
        hxl="#meta+source+id",
    ),
    Column(
        "source_urls",
        "Source addresses",
        "Addresses of the sources that have one, in the same order, as given.",
        lambda row, _: tuple(source.url for source in row.sources if source.url),
        hxl="#meta+source+url",
    ),
    Column(
        "sourcing",
        "Sourcing",
        "Computed: single_source, corroborated or contested.",
        lambda row, _: row.facts.sourcing,
        vocabulary="sourcing",
        hxl="#meta+sourcing",
    ),
    Column(
        "assessment",
        "Assessment",
        "A reviewer's. Blank: not assessed.",
        lambda row, _: row.facts.assessment,
        vocabulary="assessment",
        hxl="#meta+assessment",
    ),
    Column(
        "contradicts",
        "Contradicts",
        "References of the incidents that contradict this one, whichever says so.",
        lambda row, _: row.contradicts,
        hxl="#meta+contradicts",
    ),
    Column(
        "overlaps",
        "May overlap with",
        "References of the incidents that may count the same people.",
        lambda row, _: row.overlaps,
        hxl="#meta+overlaps",
    ),
)
_RECORD: tuple[Column[IncidentRow], ...] = (
    Column(
        "status",
        "Status",
        "Where the record stands in its life.",
        lambda row, _: row.facts.status,
        vocabulary="status",
        hxl="#status",
    ),
    Column(
        "publication",
        "Publication",
        "Who may see it once it is approved.",
        lambda row, _: row.facts.publication,
        vocabulary="publication",
        hxl="#meta+publication",
    ),
    Column(
        "event",
        "Event",
        "The title of the event it belongs to.",
        lambda row, _: row.facts.event,
        hxl="#event+group",
    ),
    Column(
        "created_at",
        "Created",
        "When the record was first saved, UTC.",
        lambda row, _: row.facts.created_at.replace(microsecond=0),
        Type.DATETIME,
        hxl="#date+created",
    ),
    Column(
        "approved_at",
        "Approved",
        "When it was last approved, UTC. Blank: never.",
        lambda row, _: row.facts.approved_at and row.facts.approved_at.replace(microsecond=0),
        Type.DATETIME,
        hxl="#date+approved",
    ),
    Column(
        "updated_at",
        "Updated",
        "When it last changed, UTC.",
        lambda row, _: row.facts.updated_at.replace(microsecond=0),
        Type.DATETIME,
        hxl="#date+updated",
    ),
    Column(
        "codebook_version",
        "Codebook",
        "The program's version and a hash of its types and terms.",
        lambda _row, _: codebook_version(),
        hxl="#meta+codebook",
    ),
    Column(
        "citation",
        "Citation",
        "A sentence for a footnote: what, where, when, sources, reference and version.",
        lambda row, _: words.citation_sentence(row),
        hxl="#meta+citation",
    ),
)

_COLUMNS = (*_WHAT, *_WHEN, *_WHERE, *_figures(), *_WHO, *_SOURCES, *_RECORD, *_details())
FULL = tuple(replace(column, sets=(ColumnSet.FULL,)) for column in _COLUMNS)
