"""The columns of relations.csv (a row per relation) and sources.csv (a row per source cited)."""

from incidents.incident.columns.column import Audience, Column, Type
from incidents.incident.queries.export_rows import RelationRow, SourceRow

RELATIONS: tuple[Column[RelationRow], ...] = (
    Column(
        "incident_id",
        "Incident",
        "The incident the relation goes out from; either end of a symmetric one.",
        lambda row, _: row.incident,
        hxl="#event+id",
    ),
    Column(
        "type",
        "Relation",
        "What the first is to the second. Each relation stands once.",
        lambda row, _: row.type,
        vocabulary="relation",
        hxl="#meta+relation",
    ),
    Column(
        "to",
        "To",
        "The other incident's reference.",
        lambda row, _: row.to,
        hxl="#event+id+related",
    ),
    Column(
        "asserted_by",
        "Asserted by",
        "Whether the source says so or the researcher.",
        lambda row, _: row.asserted_by,
        vocabulary="asserted_by",
    ),
    Column(
        "note",
        "Note",
        "On the relation.",
        lambda row, _: row.note,
        audience=Audience.INTERNAL,
    ),
)

SOURCES: tuple[Column[SourceRow], ...] = (
    Column(
        "source_id",
        "Reference",
        "The source's reference, never reused.",
        lambda row, _: row.source.reference,
        hxl="#meta+source+id",
    ),
    Column(
        "kind",
        "Kind",
        "What kind of source it is.",
        lambda row, _: row.source.kind,
        vocabulary="source_kind",
        hxl="#meta+source+type",
    ),
    Column(
        "title", "Title", "The title.", lambda row, _: row.source.title, hxl="#meta+source+title"
    ),
    Column("author", "Author", "The author.", lambda row, _: row.source.author),
    Column("publisher", "Publisher", "The publisher.", lambda row, _: row.source.publisher),
    Column(
        "url",
        "Address",
        "The address, as given.",
        lambda row, _: row.source.url,
        hxl="#meta+source+url",
    ),
    Column(
        "alternate_urls",
        "Other addresses",
        "Other addresses it stands at.",
        lambda row, _: row.alternate_urls,
    ),
    Column(
        "archive_url",
        "Archived address",
        "A copy in a public archive.",
        lambda row, _: row.source.archive_url,
    ),
    Column(
        "language", "Language", "BCP 47.", lambda row, _: row.source.language, hxl="#meta+language"
    ),
    Column(
        "published_edtf",
        "Published (EDTF)",
        "When it was published, in EDTF.",
        lambda row, _: row.source.published_edtf,
        hxl="#date+published",
    ),
    Column(
        "published_basis",
        "Published, basis",
        "What the date of publication rests on.",
        lambda row, _: row.source.published_basis,
        vocabulary="date_basis",
    ),
    Column(
        "accessed",
        "Accessed",
        "The day it was read, UTC.",
        lambda row, _: row.source.accessed_at and row.source.accessed_at.date(),
        Type.DATE,
        hxl="#date+accessed",
    ),
    Column(
        "reliability",
        "Reliability",
        "A (completely reliable) to F (cannot be judged).",
        lambda row, _: row.source.reliability,
        vocabulary="reliability",
        hxl="#meta+reliability",
    ),
    Column(
        "reliability_reason",
        "Why so reliable",
        "The reason for the grade.",
        lambda row, _: row.source.reliability_reason,
        audience=Audience.INTERNAL,
    ),
    Column(
        "origin",
        "Origin",
        "The source whose story it copies, or itself: sources of one origin are not independent.",
        lambda row, _: row.origin,
        hxl="#meta+source+origin",
    ),
    Column(
        "snapshot_sha256",
        "Snapshots (SHA-256)",
        "Of each stored copy, oldest first.",
        lambda row, _: row.snapshot_sha256,
        hxl="#meta+hash",
    ),
    Column(
        "incidents_n",
        "Number of incidents",
        "Incidents of this export that cite it.",
        lambda row, _: row.incidents_n,
        Type.INTEGER,
    ),
    Column(
        "protected",
        "Protected",
        "Whether it is encrypted as an unpublished testimony.",
        lambda row, _: row.source.protected,
        Type.BOOLEAN,
        audience=Audience.INTERNAL,
    ),
)
