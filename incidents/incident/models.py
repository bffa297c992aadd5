"""Tables of what happened: incidents and their children, parties, events, views, the export log.

Rows are built field by field from a validated `record`; the constraints here are the last word.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

from incidents.db import Binary, Instant


class Party(SQLModel, table=True):
    """An individual, a group or an organisation.

    Its name is ciphertext; the label is for everyone.
    """

    __tablename__ = "party"
    __table_args__ = (
        CheckConstraint("kind IN ('individual', 'group', 'organisation')", name="kind"),
        CheckConstraint("privacy IN ('public', 'label', 'protected')", name="privacy"),
        CheckConstraint("merged_into_id <> id", name="not_into_itself"),
        CheckConstraint("label <> ''", name="label"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    label: str
    label_folded: str = Field(sa_type=Binary, index=True)
    sex: str | None = None
    # Years, as a source states it.
    age: int | None = None
    occupation: str | None = None
    note: str | None = Field(default=None, sa_type=Text)
    sort: str | None = None
    parent_id: int | None = Field(default=None, foreign_key="party.id", index=True)
    privacy: str
    # NULL = stands for itself; resolved on reading, can be undone.
    merged_into_id: int | None = Field(default=None, foreign_key="party.id", index=True)
    # JSON {name, aliases} under the party's own key; NULL = nobody says a name, or erased.
    name_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    # NULL = not erased; afterwards the label is all that stays.
    erased_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1
    created_by: int | None = Field(default=None, foreign_key="account.id")
    created_at: datetime = Field(sa_type=Instant)


class PartyKey(SQLModel, table=True):
    """The key of one party's name, wrapped by the main key.

    Destroying it erases every revision's.
    """

    __tablename__ = "party_key"

    party_id: int = Field(foreign_key="party.id", primary_key=True)
    # NULL = destroyed.
    wrapped: bytes | None = Field(default=None, sa_type=LargeBinary)
    destroyed_at: datetime | None = Field(default=None, sa_type=Instant)


class PartyNameHash(SQLModel, table=True):
    """Keyed hash of a folded full name or alias: exact look-up without clear text."""

    __tablename__ = "party_name_hash"

    party_id: int = Field(foreign_key="party.id", primary_key=True)
    hash: str = Field(primary_key=True, index=True)


class Event(SQLModel, table=True):
    """A cluster of incidents that belong together."""

    __tablename__ = "event"

    id: int | None = Field(default=None, primary_key=True)
    title: str
    title_folded: str = Field(sa_type=Binary, unique=True)
    summary: str | None = Field(default=None, sa_type=Text)
    version: int = 1
    created_by: int | None = Field(default=None, foreign_key="account.id")
    created_at: datetime = Field(sa_type=Instant)


class Incident(SQLModel, table=True):
    """One thing that happened. Its children stand in the tables below; NULL = nobody says."""

    __tablename__ = "incident"
    __table_args__ = (
        UniqueConstraint("ref_year", "ref_number"),
        UniqueConstraint("created_by", "form_token"),
        CheckConstraint(
            "status IN ('draft', 'submitted', 'approved', 'rejected', 'retracted')", name="status"
        ),
        CheckConstraint("publication IN ('open', 'internal', 'sealed')", name="publication"),
        CheckConstraint("assessment IN ('accepted', 'doubtful', 'refuted')", name="assessment"),
        CheckConstraint(
            "sourcing IN ('single_source', 'corroborated', 'contested')"
            " AND sourcing_redacted IN ('single_source', 'corroborated', 'contested')",
            name="sourcing",
        ),
        CheckConstraint("date_edtf IS NULL OR NOT date_not_known", name="date_known"),
        CheckConstraint(
            "(date_edtf IS NULL) = (date_earliest IS NULL)"
            " AND (date_edtf IS NULL) = (date_latest IS NULL)",
            name="date_bounds",
        ),
        CheckConstraint("date_earliest <= date_latest", name="date_order"),
        CheckConstraint(
            "status = 'draft' OR (title <> '' AND place_id IS NOT NULL"
            " AND (date_edtf IS NOT NULL OR date_not_known))",
            name="complete",
        ),
        CheckConstraint("status <> 'approved' OR approved_version IS NOT NULL", name="approved"),
        Index("ix_incident_date", text("sort_date DESC"), text("id DESC")),
        Index(
            "ix_incident_type_country_date",
            "type",
            "country",
            text("sort_date DESC"),
            text("id DESC"),
        ),
        Index("ix_incident_updated", text("updated_at DESC"), text("id DESC")),
        Index("ix_incident_title", "sort_title", "id"),
        Index(
            "ix_incident_count_country",
            "country",
            "date_earliest",
            "type",
            "status",
            "publication",
        ),
        Index(
            "ix_incident_count_type", "type", "date_earliest", "country", "status", "publication"
        ),
        Index(
            "ix_incident_count_status", "status", "date_earliest", "country", "type", "publication"
        ),
        Index(
            "ix_incident_count_date",
            "date_earliest",
            "date_latest",
            "type",
            "country",
            "status",
            "publication",
        ),
        Index("ix_incident_logged", "created_at", "type", "status", "publication"),
        Index("ix_incident_place", "place_id", "status", "publication"),
        Index("ix_incident_subject_place", "subject_place_id", "status", "publication"),
        Index("ix_incident_event", "event_id", "status", "publication"),
        Index("ix_incident_author", "created_by", "status", "publication"),
        Index("ix_incident_sourcing", "sourcing", "status", "publication"),
        Index("ix_incident_sourcing_redacted", "sourcing_redacted", "status", "publication"),
        Index(
            "ix_incident_long_span",
            "date_earliest",
            "date_latest",
            "status",
            "publication",
            sqlite_where=text("long_span"),
            postgresql_where=text("long_span"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    ref_year: int
    ref_number: int
    type: str
    # "" only while a draft.
    title: str = ""
    summary: str | None = Field(default=None, sa_type=Text)
    # EDTF as stored by `edtf.canonical`; NULL with date_not_known false = nobody has said yet.
    date_edtf: str | None = None
    # True = a source says, or the coder states, that the date is not known.
    date_not_known: bool = False
    date_precision: str | None = None
    date_basis: str | None = None
    date_verbatim: str | None = Field(default=None, sa_type=Text)
    # Canonical JSON of record.CountedSaid: how date_edtf was counted; NULL = it was not.
    date_counted: str | None = Field(default=None, sa_type=Text)
    ongoing_when_reported: bool | None = None
    # Inclusive bounds of date_edtf, computed by `edtf.bounds`; far past or future = open.
    date_earliest: date | None = None
    date_latest: date | None = None
    # More than 31 days: such spans are looked up apart.
    long_span: bool = False
    place_id: int | None = Field(default=None, foreign_key="place.id")
    place_precision: str | None = None
    place_verbatim: str | None = Field(default=None, sa_type=Text)
    subject_place_id: int | None = Field(default=None, foreign_key="place.id")
    # Of the place, copied for the indexes; NULL = no place yet.
    country: str | None = None
    # The type's details, the truth; filterable ones are mirrored in incident_detail.
    details: Any = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    # Internal: never leaves with a redacted view.
    notes: str | None = Field(default=None, sa_type=Text)
    event_id: int | None = Field(default=None, foreign_key="event.id")
    # A reviewer's; NULL = not assessed.
    assessment: str | None = None
    publication: str = "open"
    status: str = "draft"
    # Grows by one with every save of the record.
    version: int = 1
    # The version readers see; NULL = never approved.
    approved_version: int | None = None
    approved_at: datetime | None = Field(default=None, sa_type=Instant)
    submitted_at: datetime | None = Field(default=None, sa_type=Instant)
    # Computed for internal viewers, and again over what a redacted view may see.
    sourcing: str = "single_source"
    sourcing_redacted: str = "single_source"
    # date_earliest, or the far past where none is known.
    sort_date: date
    sort_title: str = Field(default="", sa_type=Binary)
    # The author; NULL = the operator.
    created_by: int | None = Field(default=None, foreign_key="account.id")
    created_at: datetime = Field(sa_type=Instant)
    updated_at: datetime = Field(sa_type=Instant)
    # One per opened form: a double click makes one incident.
    form_token: str | None = None

    @property
    def reference(self) -> str:
        return f"INC-{self.ref_year}-{self.ref_number:05d}"


class UnsavedForm(SQLModel, table=True):
    """What one person has typed into one opened form and not saved yet; apart from revisions."""

    __tablename__ = "unsaved_form"
    __table_args__ = (UniqueConstraint("account_id", "form_token"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    # Of the opened form: two tabs of the same form are two.
    form_token: str
    # What it is a form of: "incident new SRC-2026-00007 detention", "incident edit INC-2026-00042".
    form: str = Field(index=True)
    # JSON of the fields as they would be posted.
    sealed: bytes = Field(sa_type=LargeBinary)
    saved_at: datetime = Field(sa_type=Instant, index=True)


class IncidentAccess(SQLModel, table=True):
    """Who may see a sealed incident."""

    __tablename__ = "incident_access"

    incident_id: int = Field(foreign_key="incident.id", primary_key=True)
    account_id: int = Field(foreign_key="account.id", primary_key=True, index=True)


class IncidentDetail(SQLModel, table=True):
    """A filterable detail's value, mirrored from `Incident.details` by the writing action."""

    __tablename__ = "incident_detail"

    field: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    incident_id: int = Field(foreign_key="incident.id", primary_key=True, index=True)


class Citation(SQLModel, table=True):
    """Incident ↔ source. With a quote it is pinned to exact words of a snapshot's text."""

    __tablename__ = "citation"
    __table_args__ = (
        UniqueConstraint("incident_id", "position"),
        CheckConstraint("stance IN ('supports', 'contradicts', 'context')", name="stance"),
        CheckConstraint("quote IS NULL OR quote_sealed IS NULL", name="quote_once"),
        CheckConstraint(
            "(quote IS NULL AND quote_sealed IS NULL) = (quote_start IS NULL)"
            " AND (quote_start IS NULL) = (quote_end IS NULL)"
            " AND (quote_start IS NULL OR snapshot_id IS NOT NULL)"
            " AND (quote_start IS NULL OR (quote_start >= 0 AND quote_start < quote_end))",
            name="quote_pinned",
        ),
        CheckConstraint("credibility BETWEEN 1 AND 6", name="credibility"),
        Index("ix_citation_source", "source_id", "incident_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    incident_id: int = Field(foreign_key="incident.id")
    # Its place among the incident's citations, from 0.
    position: int
    source_id: int = Field(foreign_key="source.id")
    # NULL = the source has no stored copy, or none is quoted.
    snapshot_id: int | None = Field(default=None, foreign_key="snapshot.id")
    # Exact words, and up to 32 code points either side.
    quote: str | None = Field(default=None, sa_type=Text)
    quote_prefix: str | None = Field(default=None, sa_type=Text)
    quote_suffix: str | None = Field(default=None, sa_type=Text)
    # Code points in the snapshot's text, end exclusive.
    quote_start: int | None = None
    quote_end: int | None = None
    # JSON {quote, prefix, suffix} of a protected source.
    quote_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    stance: str
    speaker_id: int | None = Field(default=None, foreign_key="party.id", index=True)
    utterance: str | None = None
    translated: bool | None = None
    basis: str | None = None
    # 1 to 6; NULL = not graded.
    credibility: int | None = None
    note: str | None = Field(default=None, sa_type=Text)


class CitationField(SQLModel, table=True):
    """A field path the citation supports; none = the whole incident."""

    __tablename__ = "citation_field"

    citation_id: int = Field(foreign_key="citation.id", primary_key=True)
    field: str = Field(primary_key=True)
    position: int


class Figure(SQLModel, table=True):
    """One count as a source gives it."""

    __tablename__ = "figure"
    __table_args__ = (
        UniqueConstraint("incident_id", "position"),
        CheckConstraint("low >= 0 AND best >= 0 AND high >= 0", name="not_negative"),
        CheckConstraint("low <= best AND best <= high AND low <= high", name="order"),
        CheckConstraint("age_min <= age_max AND age_min >= 0", name="age"),
        Index(
            "uq_figure_in_totals",
            "incident_id",
            "measure",
            unique=True,
            sqlite_where=text("in_totals AND parent_id IS NULL"),
            postgresql_where=text("in_totals AND parent_id IS NULL"),
        ),
        Index("ix_figure_measure", "measure", "low", "best", "high", "incident_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    incident_id: int = Field(foreign_key="incident.id")
    position: int
    measure: str
    # Counts; NULL = not stated. Never averaged from one another.
    low: int | None = None
    best: int | None = None
    high: int | None = None
    unit: str | None = None
    qualifier: str | None = None
    verbatim: str | None = Field(default=None, sa_type=Text)
    sex: str | None = None
    # Years, inclusive.
    age_min: int | None = None
    age_max: int | None = None
    in_totals: bool = False
    # Why this one is used where several sources differ.
    totals_reason: str | None = Field(default=None, sa_type=Text)
    # The citation it rests on; NULL only while a draft.
    citation_id: int | None = Field(default=None, foreign_key="citation.id")
    # A breakdown's whole; never added to it.
    parent_id: int | None = Field(default=None, foreign_key="figure.id")


class Involvement(SQLModel, table=True):
    """A party's role in an incident."""

    __tablename__ = "involvement"
    __table_args__ = (
        UniqueConstraint("incident_id", "position"),
        Index("ix_involvement_party", "party_id", "role", "incident_id"),
        Index("ix_involvement_role", "role", "incident_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    incident_id: int = Field(foreign_key="incident.id")
    position: int
    party_id: int = Field(foreign_key="party.id")
    role: str
    attribution: str | None = None
    # What this party is to `relationship_to`.
    relationship: str | None = None
    relationship_to_id: int | None = Field(default=None, foreign_key="party.id")
    note: str | None = Field(default=None, sa_type=Text)


class Relation(SQLModel, table=True):
    """A typed link from one incident to another; symmetric ones are stored once."""

    __tablename__ = "relation"
    __table_args__ = (
        UniqueConstraint("from_id", "type", "to_id"),
        CheckConstraint("from_id <> to_id", name="not_to_itself"),
        CheckConstraint("asserted_by IN ('source', 'coder')", name="asserted_by"),
        Index("ix_relation_to", "to_id", "type", "from_id"),
        Index("ix_relation_type", "type", "from_id", "to_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    from_id: int = Field(foreign_key="incident.id")
    position: int
    type: str
    to_id: int = Field(foreign_key="incident.id")
    asserted_by: str
    note: str | None = Field(default=None, sa_type=Text)
    # "type:lower id:higher id" of a symmetric relation; NULL = directed.
    pair_key: str | None = Field(default=None, unique=True)


class SearchDocument(SQLModel, table=True):
    """The words one incident is found by, for one audience; rebuilt by `reindex`, never edited.

    Each engine's index of it (a column `words`, a table `search_document_fts`) is a migration's.
    """

    __tablename__ = "search_document"
    __table_args__ = (
        UniqueConstraint("incident_id", "audience"),
        CheckConstraint("audience IN ('internal', 'redacted')", name="audience"),
        Index("ix_search_document_version", "version", "incident_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    incident_id: int = Field(foreign_key="incident.id")
    # internal = everything its readers see; redacted = what the redacted view shows.
    audience: str
    # Of the way documents are made; one of another is made anew.
    version: int
    # Words folded and encoded by `search_words`, a blank between them.
    title: str = Field(sa_type=Text)
    text: str = Field(sa_type=Text)


class SavedView(SQLModel, table=True):
    """A saved filter with its columns and sort, as a listing's query string without names."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("owner_id", "name_folded"),)

    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="account.id")
    name: str
    name_folded: str = Field(sa_type=Binary)
    query: str = Field(sa_type=Text)
    # With everybody who signs in.
    shared: bool = False
    version: int = 1
    created_at: datetime = Field(sa_type=Instant)
    updated_at: datetime = Field(sa_type=Instant)


class Export(SQLModel, table=True):
    """One download. Filter, rows and hash stand here, never in the file."""

    __tablename__ = "export"
    __table_args__ = (
        CheckConstraint("state IN ('started', 'finished', 'aborted')", name="state"),
        CheckConstraint(
            "(state = 'finished') = (sha256 IS NOT NULL AND finished_at IS NOT NULL)",
            name="finished",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    # The exported table, as "incidents".
    subject: str
    format: str
    profile: str
    columns: str
    spreadsheet_safe: bool
    # The listing's query string.
    query: str = Field(sa_type=Text)
    file_name: str
    app_version: str
    # NULL = the operator.
    actor_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    started_at: datetime = Field(sa_type=Instant)
    state: str = "started"
    finished_at: datetime | None = Field(default=None, sa_type=Instant)
    rows: int | None = None
    # Of the bytes sent, hex.
    sha256: str | None = None
