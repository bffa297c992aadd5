"""The whole data model

Long because it is every table at once: split, none of its parts would be a database that works.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

from incidents.db import Binary, Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_folded", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("protected_grant", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("disabled_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name_folded", name=op.f("uq_account_name_folded")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_entry_hash")),
    )
    op.create_index(op.f("ix_audit_entry_actor_id"), "audit_entry", ["actor_id"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_folded", Binary(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=True),
        sa.Column("region_code", sa.String(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("precision", sa.String(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("gazetteer_id", sa.String(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint("(lat IS NULL) = (lon IS NULL)", name=op.f("ck_place_point")),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name=op.f("ck_place_lat")),
        sa.CheckConstraint("length(country) = 2", name=op.f("ck_place_country")),
        sa.CheckConstraint("lon BETWEEN -180 AND 180", name=op.f("ck_place_lon")),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_place_not_own_parent")),
        sa.ForeignKeyConstraint(["parent_id"], ["place.id"], name=op.f("fk_place_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
    )
    op.create_index(op.f("ix_place_country"), "place", ["country"], unique=False)
    op.create_index(op.f("ix_place_name_folded"), "place", ["name_folded"], unique=False)
    op.create_index(op.f("ix_place_parent_id"), "place", ["parent_id"], unique=False)
    op.create_index(
        "uq_place_name",
        "place",
        [
            "country",
            sa.literal_column("coalesce(parent_id, 0)"),
            sa.literal_column("coalesce(region, '')"),
            "name_folded",
        ],
        unique=True,
    )
    op.create_table(
        "reference_counter",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "year", name=op.f("pk_reference_counter")),
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint(
            "entity", "entity_id", "version", name=op.f("uq_revision_entity_entity_id_version")
        ),
    )
    op.create_index(op.f("ix_revision_actor_id"), "revision", ["actor_id"], unique=False)
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_hash", sa.String(), nullable=False),
        sa.Column("address_hash", sa.String(), nullable=False),
        sa.Column("failed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    op.create_index(
        op.f("ix_sign_in_failure_account_hash"), "sign_in_failure", ["account_hash"], unique=False
    )
    op.create_index(
        op.f("ix_sign_in_failure_address_hash"), "sign_in_failure", ["address_hash"], unique=False
    )
    op.create_index(
        op.f("ix_sign_in_failure_failed_at"), "sign_in_failure", ["failed_at"], unique=False
    )
    op.create_table(
        "term",
        sa.Column("vocabulary", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("example", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("shipped", sa.Boolean(), nullable=False),
        sa.Column("retired_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("vocabulary", "code", name=op.f("pk_term")),
    )
    op.create_table(
        "account_role",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.CheckConstraint(
            "role IN ('reader', 'researcher', 'reviewer', 'admin')",
            name=op.f("ck_account_role_role"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_role_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "role", name=op.f("pk_account_role")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("title_folded", Binary(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_event_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("title_folded", name=op.f("uq_event_title_folded")),
    )
    op.create_table(
        "export",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("columns", sa.String(), nullable=False),
        sa.Column("spreadsheet_safe", sa.Boolean(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("app_version", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(state = 'finished') = (sha256 IS NOT NULL AND finished_at IS NOT NULL)",
            name=op.f("ck_export_finished"),
        ),
        sa.CheckConstraint(
            "state IN ('started', 'finished', 'aborted')", name=op.f("ck_export_state")
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_export_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
    )
    op.create_index(op.f("ix_export_actor_id"), "export", ["actor_id"], unique=False)
    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_one_time_link_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    op.create_index(
        op.f("ix_one_time_link_account_id"), "one_time_link", ["account_id"], unique=False
    )
    op.create_table(
        "party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("label_folded", Binary(), nullable=False),
        sa.Column("sex", sa.String(), nullable=True),
        sa.Column("age", sa.Integer(), nullable=True),
        sa.Column("occupation", sa.String(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("sort", sa.String(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("privacy", sa.String(), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("erased_at", Instant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('individual', 'group', 'organisation')", name=op.f("ck_party_kind")
        ),
        sa.CheckConstraint("label <> ''", name=op.f("ck_party_label")),
        sa.CheckConstraint(
            "privacy IN ('public', 'label', 'protected')", name=op.f("ck_party_privacy")
        ),
        sa.CheckConstraint("merged_into_id <> id", name=op.f("ck_party_not_into_itself")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_party_created_by")),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["party.id"], name=op.f("fk_party_merged_into_id")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["party.id"], name=op.f("fk_party_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
    )
    op.create_index(op.f("ix_party_label_folded"), "party", ["label_folded"], unique=False)
    op.create_index(op.f("ix_party_merged_into_id"), "party", ["merged_into_id"], unique=False)
    op.create_index(op.f("ix_party_parent_id"), "party", ["parent_id"], unique=False)
    op.create_table(
        "place_alias",
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_folded", Binary(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_place_alias_place_id")),
        sa.PrimaryKeyConstraint("place_id", "position", name=op.f("pk_place_alias")),
    )
    op.create_index(
        op.f("ix_place_alias_name_folded"), "place_alias", ["name_folded"], unique=False
    )
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_saved_view_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("owner_id", "name", name=op.f("uq_saved_view_owner_id_name")),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_sign_in_session_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_session_token_hash")),
    )
    op.create_index(
        op.f("ix_sign_in_session_account_id"), "sign_in_session", ["account_id"], unique=False
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref_year", sa.Integer(), nullable=False),
        sa.Column("ref_number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("publisher", sa.String(), nullable=True),
        sa.Column("author", sa.String(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("url_canonical", sa.Text(), nullable=True),
        sa.Column("url_hash", sa.String(), nullable=True),
        sa.Column("archive_url", sa.Text(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("published_edtf", sa.String(), nullable=True),
        sa.Column("published_earliest", sa.Date(), nullable=True),
        sa.Column("published_latest", sa.Date(), nullable=True),
        sa.Column("published_basis", sa.String(), nullable=True),
        sa.Column("accessed_at", Instant(), nullable=True),
        sa.Column("reliability", sa.String(), nullable=True),
        sa.Column("reliability_reason", sa.Text(), nullable=True),
        sa.Column("origin_id", sa.Integer(), nullable=True),
        sa.Column("protected", sa.Boolean(), nullable=False),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.Column("form_token", sa.String(), nullable=True),
        sa.CheckConstraint("(url IS NULL) = (url_hash IS NULL)", name=op.f("ck_source_url")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_source_created_by")),
        sa.ForeignKeyConstraint(["origin_id"], ["source.id"], name=op.f("fk_source_origin_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint(
            "created_by", "form_token", name=op.f("uq_source_created_by_form_token")
        ),
        sa.UniqueConstraint("ref_year", "ref_number", name=op.f("uq_source_ref_year_ref_number")),
    )
    op.create_index(op.f("ix_source_created_by"), "source", ["created_by"], unique=False)
    op.create_index(op.f("ix_source_kind"), "source", ["kind"], unique=False)
    op.create_index(op.f("ix_source_origin_id"), "source", ["origin_id"], unique=False)
    op.create_index(
        op.f("ix_source_published_earliest"), "source", ["published_earliest"], unique=False
    )
    op.create_index(op.f("ix_source_publisher"), "source", ["publisher"], unique=False)
    op.create_index(op.f("ix_source_url_hash"), "source", ["url_hash"], unique=False)
    op.create_table(
        "incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref_year", sa.Integer(), nullable=False),
        sa.Column("ref_number", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("date_edtf", sa.String(), nullable=True),
        sa.Column("date_not_known", sa.Boolean(), nullable=False),
        sa.Column("date_precision", sa.String(), nullable=True),
        sa.Column("date_basis", sa.String(), nullable=True),
        sa.Column("date_verbatim", sa.Text(), nullable=True),
        sa.Column("ongoing_when_reported", sa.Boolean(), nullable=True),
        sa.Column("date_earliest", sa.Date(), nullable=True),
        sa.Column("date_latest", sa.Date(), nullable=True),
        sa.Column("long_span", sa.Boolean(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("place_precision", sa.String(), nullable=True),
        sa.Column("place_verbatim", sa.Text(), nullable=True),
        sa.Column("subject_place_id", sa.Integer(), nullable=True),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("assessment", sa.String(), nullable=True),
        sa.Column("publication", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("approved_version", sa.Integer(), nullable=True),
        sa.Column("approved_at", Instant(), nullable=True),
        sa.Column("submitted_at", Instant(), nullable=True),
        sa.Column("sourcing", sa.String(), nullable=False),
        sa.Column("sourcing_redacted", sa.String(), nullable=False),
        sa.Column("sort_date", sa.Date(), nullable=False),
        sa.Column("sort_title", Binary(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.Column("form_token", sa.String(), nullable=True),
        sa.CheckConstraint(
            "assessment IN ('accepted', 'doubtful', 'refuted')", name=op.f("ck_incident_assessment")
        ),
        sa.CheckConstraint(
            "publication IN ('open', 'internal', 'sealed')", name=op.f("ck_incident_publication")
        ),
        sa.CheckConstraint(
            "sourcing IN ('single_source', 'corroborated', 'contested') AND sourcing_redacted IN ('single_source', 'corroborated', 'contested')",
            name=op.f("ck_incident_sourcing"),
        ),
        sa.CheckConstraint(
            "status <> 'approved' OR approved_version IS NOT NULL",
            name=op.f("ck_incident_approved"),
        ),
        sa.CheckConstraint(
            "status = 'draft' OR (title <> '' AND place_id IS NOT NULL AND (date_edtf IS NOT NULL OR date_not_known))",
            name=op.f("ck_incident_complete"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'approved', 'rejected', 'retracted')",
            name=op.f("ck_incident_status"),
        ),
        sa.CheckConstraint(
            "(date_edtf IS NULL) = (date_earliest IS NULL) AND (date_edtf IS NULL) = (date_latest IS NULL)",
            name=op.f("ck_incident_date_bounds"),
        ),
        sa.CheckConstraint("date_earliest <= date_latest", name=op.f("ck_incident_date_order")),
        sa.CheckConstraint(
            "date_edtf IS NULL OR NOT date_not_known", name=op.f("ck_incident_date_known")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_incident_created_by")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_incident_event_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_incident_place_id")),
        sa.ForeignKeyConstraint(
            ["subject_place_id"], ["place.id"], name=op.f("fk_incident_subject_place_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint(
            "created_by", "form_token", name=op.f("uq_incident_created_by_form_token")
        ),
        sa.UniqueConstraint("ref_year", "ref_number", name=op.f("uq_incident_ref_year_ref_number")),
    )
    op.create_index(
        "ix_incident_author", "incident", ["created_by", "status", "publication"], unique=False
    )
    op.create_index(
        "ix_incident_count_country",
        "incident",
        ["country", "date_earliest", "type", "status", "publication"],
        unique=False,
    )
    op.create_index(
        "ix_incident_count_status",
        "incident",
        ["status", "date_earliest", "country", "type", "publication"],
        unique=False,
    )
    op.create_index(
        "ix_incident_count_type",
        "incident",
        ["type", "date_earliest", "country", "status", "publication"],
        unique=False,
    )
    op.create_index(
        "ix_incident_date",
        "incident",
        [sa.literal_column("sort_date DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_incident_event", "incident", ["event_id", "status", "publication"], unique=False
    )
    op.create_index(
        "ix_incident_long_span",
        "incident",
        ["date_earliest", "date_latest", "status", "publication"],
        unique=False,
        sqlite_where=sa.text("long_span"),
        postgresql_where=sa.text("long_span"),
    )
    op.create_index(
        "ix_incident_place", "incident", ["place_id", "status", "publication"], unique=False
    )
    op.create_index(
        "ix_incident_sourcing", "incident", ["sourcing", "status", "publication"], unique=False
    )
    op.create_index(
        "ix_incident_sourcing_redacted",
        "incident",
        ["sourcing_redacted", "status", "publication"],
        unique=False,
    )
    op.create_index(
        "ix_incident_subject_place",
        "incident",
        ["subject_place_id", "status", "publication"],
        unique=False,
    )
    op.create_index("ix_incident_title", "incident", ["sort_title", "id"], unique=False)
    op.create_index(
        "ix_incident_type_country_date",
        "incident",
        ["type", "country", sa.literal_column("sort_date DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_incident_updated",
        "incident",
        [sa.literal_column("updated_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_table(
        "party_key",
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("destroyed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_party_key_party_id")),
        sa.PrimaryKeyConstraint("party_id", name=op.f("pk_party_key")),
    )
    op.create_table(
        "party_name_hash",
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_party_name_hash_party_id")
        ),
        sa.PrimaryKeyConstraint("party_id", "hash", name=op.f("pk_party_name_hash")),
    )
    op.create_index(op.f("ix_party_name_hash_hash"), "party_name_hash", ["hash"], unique=False)
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=True),
        sa.Column("taken_at", Instant(), nullable=False),
        sa.Column("taken_by", sa.Integer(), nullable=True),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("final_url", sa.Text(), nullable=True),
        sa.Column("redirects", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("status_code", sa.Integer(), nullable=True),
        sa.Column("headers", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("text_sha256", sa.String(), nullable=True),
        sa.Column("tool_versions", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "method IN ('fetched', 'uploaded', 'pasted')", name=op.f("ck_snapshot_method")
        ),
        sa.CheckConstraint(
            "text IS NULL OR text_sealed IS NULL", name=op.f("ck_snapshot_text_once")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_snapshot_source_id")),
        sa.ForeignKeyConstraint(["taken_by"], ["account.id"], name=op.f("fk_snapshot_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
    )
    op.create_index(op.f("ix_snapshot_sha256"), "snapshot", ["sha256"], unique=False)
    op.create_index(op.f("ix_snapshot_source_id"), "snapshot", ["source_id"], unique=False)
    op.create_table(
        "source_address",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_source_address_source_id")
        ),
        sa.PrimaryKeyConstraint("source_id", "position", name=op.f("pk_source_address")),
    )
    op.create_index(
        op.f("ix_source_address_url_hash"), "source_address", ["url_hash"], unique=False
    )
    op.create_table(
        "source_key",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("destroyed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_source_key_source_id")),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_source_key")),
    )
    op.create_table(
        "citation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=True),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.Column("quote_prefix", sa.Text(), nullable=True),
        sa.Column("quote_suffix", sa.Text(), nullable=True),
        sa.Column("quote_start", sa.Integer(), nullable=True),
        sa.Column("quote_end", sa.Integer(), nullable=True),
        sa.Column("quote_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("stance", sa.String(), nullable=False),
        sa.Column("speaker_id", sa.Integer(), nullable=True),
        sa.Column("utterance", sa.String(), nullable=True),
        sa.Column("translated", sa.Boolean(), nullable=True),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("credibility", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "stance IN ('supports', 'contradicts', 'context')", name=op.f("ck_citation_stance")
        ),
        sa.CheckConstraint(
            "(quote IS NULL AND quote_sealed IS NULL) = (quote_start IS NULL) AND (quote_start IS NULL) = (quote_end IS NULL) AND (quote_start IS NULL OR snapshot_id IS NOT NULL) AND (quote_start IS NULL OR (quote_start >= 0 AND quote_start < quote_end))",
            name=op.f("ck_citation_quote_pinned"),
        ),
        sa.CheckConstraint("credibility BETWEEN 1 AND 6", name=op.f("ck_citation_credibility")),
        sa.CheckConstraint(
            "quote IS NULL OR quote_sealed IS NULL", name=op.f("ck_citation_quote_once")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_citation_incident_id")
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshot.id"], name=op.f("fk_citation_snapshot_id")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_citation_source_id")),
        sa.ForeignKeyConstraint(["speaker_id"], ["party.id"], name=op.f("fk_citation_speaker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citation")),
        sa.UniqueConstraint(
            "incident_id", "position", name=op.f("uq_citation_incident_id_position")
        ),
    )
    op.create_index("ix_citation_source", "citation", ["source_id", "incident_id"], unique=False)
    op.create_index(op.f("ix_citation_speaker_id"), "citation", ["speaker_id"], unique=False)
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.Column("form_token", sa.String(), nullable=True),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'approved', 'withdrawn', 'rejected')",
            name=op.f("ck_correction_status"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_correction_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_correction_incident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint(
            "author_id", "form_token", name=op.f("uq_correction_author_id_form_token")
        ),
    )
    op.create_index(op.f("ix_correction_author_id"), "correction", ["author_id"], unique=False)
    op.create_index(op.f("ix_correction_incident_id"), "correction", ["incident_id"], unique=False)
    op.create_index(op.f("ix_correction_status"), "correction", ["status"], unique=False)
    op.create_index(
        "uq_correction_open",
        "correction",
        ["incident_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('draft', 'submitted')"),
        postgresql_where=sa.text("status IN ('draft', 'submitted')"),
    )
    op.create_table(
        "incident_access",
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_incident_access_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_incident_access_incident_id")
        ),
        sa.PrimaryKeyConstraint("incident_id", "account_id", name=op.f("pk_incident_access")),
    )
    op.create_index(
        op.f("ix_incident_access_account_id"), "incident_access", ["account_id"], unique=False
    )
    op.create_table(
        "incident_detail",
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_incident_detail_incident_id")
        ),
        sa.PrimaryKeyConstraint("field", "value", "incident_id", name=op.f("pk_incident_detail")),
    )
    op.create_index(
        op.f("ix_incident_detail_incident_id"), "incident_detail", ["incident_id"], unique=False
    )
    op.create_table(
        "involvement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("attribution", sa.String(), nullable=True),
        sa.Column("relationship", sa.String(), nullable=True),
        sa.Column("relationship_to_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_involvement_incident_id")
        ),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_involvement_party_id")),
        sa.ForeignKeyConstraint(
            ["relationship_to_id"], ["party.id"], name=op.f("fk_involvement_relationship_to_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_involvement")),
        sa.UniqueConstraint(
            "incident_id", "position", name=op.f("uq_involvement_incident_id_position")
        ),
    )
    op.create_index(
        "ix_involvement_party", "involvement", ["party_id", "role", "incident_id"], unique=False
    )
    op.create_index("ix_involvement_role", "involvement", ["role", "incident_id"], unique=False)
    op.create_table(
        "relation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("asserted_by", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("pair_key", sa.String(), nullable=True),
        sa.CheckConstraint(
            "asserted_by IN ('source', 'coder')", name=op.f("ck_relation_asserted_by")
        ),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_relation_not_to_itself")),
        sa.ForeignKeyConstraint(["from_id"], ["incident.id"], name=op.f("fk_relation_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["incident.id"], name=op.f("fk_relation_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relation")),
        sa.UniqueConstraint(
            "from_id", "type", "to_id", name=op.f("uq_relation_from_id_type_to_id")
        ),
        sa.UniqueConstraint("pair_key", name=op.f("uq_relation_pair_key")),
    )
    op.create_index("ix_relation_to", "relation", ["to_id", "type", "from_id"], unique=False)
    op.create_index("ix_relation_type", "relation", ["type", "from_id", "to_id"], unique=False)
    op.create_table(
        "citation_field",
        sa.Column("citation_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["citation_id"], ["citation.id"], name=op.f("fk_citation_field_citation_id")
        ),
        sa.PrimaryKeyConstraint("citation_id", "field", name=op.f("pk_citation_field")),
    )
    op.create_table(
        "figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("low", sa.Integer(), nullable=True),
        sa.Column("best", sa.Integer(), nullable=True),
        sa.Column("high", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("qualifier", sa.String(), nullable=True),
        sa.Column("verbatim", sa.Text(), nullable=True),
        sa.Column("sex", sa.String(), nullable=True),
        sa.Column("age_min", sa.Integer(), nullable=True),
        sa.Column("age_max", sa.Integer(), nullable=True),
        sa.Column("in_totals", sa.Boolean(), nullable=False),
        sa.Column("totals_reason", sa.Text(), nullable=True),
        sa.Column("citation_id", sa.Integer(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("age_min <= age_max AND age_min >= 0", name=op.f("ck_figure_age")),
        sa.CheckConstraint(
            "low <= best AND best <= high AND low <= high", name=op.f("ck_figure_order")
        ),
        sa.CheckConstraint(
            "low >= 0 AND best >= 0 AND high >= 0", name=op.f("ck_figure_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["citation_id"], ["citation.id"], name=op.f("fk_figure_citation_id")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_figure_incident_id")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["figure.id"], name=op.f("fk_figure_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure")),
        sa.UniqueConstraint("incident_id", "position", name=op.f("uq_figure_incident_id_position")),
    )
    op.create_index(
        "ix_figure_measure",
        "figure",
        ["measure", "low", "best", "high", "incident_id"],
        unique=False,
    )
    op.create_index(
        "uq_figure_in_totals",
        "figure",
        ["incident_id", "measure"],
        unique=True,
        sqlite_where=sa.text("in_totals AND parent_id IS NULL"),
        postgresql_where=sa.text("in_totals AND parent_id IS NULL"),
    )
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("correction_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("rejection", sa.String(), nullable=True),
        sa.Column("duplicate_of_id", sa.Integer(), nullable=True),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "(decision = 'reject') = (rejection IS NOT NULL)", name=op.f("ck_review_rejection")
        ),
        sa.CheckConstraint(
            "decision IN ('approve', 'return', 'reject', 'retract', 'assess')",
            name=op.f("ck_review_decision"),
        ),
        sa.CheckConstraint(
            "decision NOT IN ('return', 'reject', 'retract') OR reason IS NOT NULL",
            name=op.f("ck_review_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["correction.id"], name=op.f("fk_review_correction_id")
        ),
        sa.ForeignKeyConstraint(
            ["duplicate_of_id"], ["incident.id"], name=op.f("fk_review_duplicate_of_id")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_review_incident_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["account.id"], name=op.f("fk_review_reviewer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    op.create_index(op.f("ix_review_correction_id"), "review", ["correction_id"], unique=False)
    op.create_index(op.f("ix_review_incident_id"), "review", ["incident_id"], unique=False)
    op.create_index(op.f("ix_review_reviewer_id"), "review", ["reviewer_id"], unique=False)
    head = sa.table(
        "audit_head", *(sa.column(name) for name in ("id", "sequence", "hash", "recorded_at"))
    )
    op.execute(
        head.insert().values(
            id=1, sequence=0, hash="0" * 64, recorded_at="2000-01-01 00:00:00.000000"
        )
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_review_reviewer_id"), table_name="review")
    op.drop_index(op.f("ix_review_incident_id"), table_name="review")
    op.drop_index(op.f("ix_review_correction_id"), table_name="review")
    op.drop_table("review")
    op.drop_index(
        "uq_figure_in_totals",
        table_name="figure",
        sqlite_where=sa.text("in_totals AND parent_id IS NULL"),
        postgresql_where=sa.text("in_totals AND parent_id IS NULL"),
    )
    op.drop_index("ix_figure_measure", table_name="figure")
    op.drop_table("figure")
    op.drop_table("citation_field")
    op.drop_index("ix_relation_type", table_name="relation")
    op.drop_index("ix_relation_to", table_name="relation")
    op.drop_table("relation")
    op.drop_index("ix_involvement_role", table_name="involvement")
    op.drop_index("ix_involvement_party", table_name="involvement")
    op.drop_table("involvement")
    op.drop_index(op.f("ix_incident_detail_incident_id"), table_name="incident_detail")
    op.drop_table("incident_detail")
    op.drop_index(op.f("ix_incident_access_account_id"), table_name="incident_access")
    op.drop_table("incident_access")
    op.drop_index(
        "uq_correction_open",
        table_name="correction",
        sqlite_where=sa.text("status IN ('draft', 'submitted')"),
        postgresql_where=sa.text("status IN ('draft', 'submitted')"),
    )
    op.drop_index(op.f("ix_correction_status"), table_name="correction")
    op.drop_index(op.f("ix_correction_incident_id"), table_name="correction")
    op.drop_index(op.f("ix_correction_author_id"), table_name="correction")
    op.drop_table("correction")
    op.drop_index(op.f("ix_citation_speaker_id"), table_name="citation")
    op.drop_index("ix_citation_source", table_name="citation")
    op.drop_table("citation")
    op.drop_table("source_key")
    op.drop_index(op.f("ix_source_address_url_hash"), table_name="source_address")
    op.drop_table("source_address")
    op.drop_index(op.f("ix_snapshot_source_id"), table_name="snapshot")
    op.drop_index(op.f("ix_snapshot_sha256"), table_name="snapshot")
    op.drop_table("snapshot")
    op.drop_index(op.f("ix_party_name_hash_hash"), table_name="party_name_hash")
    op.drop_table("party_name_hash")
    op.drop_table("party_key")
    op.drop_index("ix_incident_updated", table_name="incident")
    op.drop_index("ix_incident_type_country_date", table_name="incident")
    op.drop_index("ix_incident_title", table_name="incident")
    op.drop_index("ix_incident_subject_place", table_name="incident")
    op.drop_index("ix_incident_sourcing_redacted", table_name="incident")
    op.drop_index("ix_incident_sourcing", table_name="incident")
    op.drop_index("ix_incident_place", table_name="incident")
    op.drop_index(
        "ix_incident_long_span",
        table_name="incident",
        sqlite_where=sa.text("long_span"),
        postgresql_where=sa.text("long_span"),
    )
    op.drop_index("ix_incident_event", table_name="incident")
    op.drop_index("ix_incident_date", table_name="incident")
    op.drop_index("ix_incident_count_type", table_name="incident")
    op.drop_index("ix_incident_count_status", table_name="incident")
    op.drop_index("ix_incident_count_country", table_name="incident")
    op.drop_index("ix_incident_author", table_name="incident")
    op.drop_table("incident")
    op.drop_index(op.f("ix_source_url_hash"), table_name="source")
    op.drop_index(op.f("ix_source_publisher"), table_name="source")
    op.drop_index(op.f("ix_source_published_earliest"), table_name="source")
    op.drop_index(op.f("ix_source_origin_id"), table_name="source")
    op.drop_index(op.f("ix_source_kind"), table_name="source")
    op.drop_index(op.f("ix_source_created_by"), table_name="source")
    op.drop_table("source")
    op.drop_index(op.f("ix_sign_in_session_account_id"), table_name="sign_in_session")
    op.drop_table("sign_in_session")
    op.drop_table("saved_view")
    op.drop_index(op.f("ix_place_alias_name_folded"), table_name="place_alias")
    op.drop_table("place_alias")
    op.drop_index(op.f("ix_party_parent_id"), table_name="party")
    op.drop_index(op.f("ix_party_merged_into_id"), table_name="party")
    op.drop_index(op.f("ix_party_label_folded"), table_name="party")
    op.drop_table("party")
    op.drop_index(op.f("ix_one_time_link_account_id"), table_name="one_time_link")
    op.drop_table("one_time_link")
    op.drop_index(op.f("ix_export_actor_id"), table_name="export")
    op.drop_table("export")
    op.drop_table("event")
    op.drop_table("account_role")
    op.drop_table("term")
    op.drop_index(op.f("ix_sign_in_failure_failed_at"), table_name="sign_in_failure")
    op.drop_index(op.f("ix_sign_in_failure_address_hash"), table_name="sign_in_failure")
    op.drop_index(op.f("ix_sign_in_failure_account_hash"), table_name="sign_in_failure")
    op.drop_table("sign_in_failure")
    op.drop_index(op.f("ix_revision_actor_id"), table_name="revision")
    op.drop_table("revision")
    op.drop_table("reference_counter")
    op.drop_index("uq_place_name", table_name="place")
    op.drop_index(op.f("ix_place_parent_id"), table_name="place")
    op.drop_index(op.f("ix_place_name_folded"), table_name="place")
    op.drop_index(op.f("ix_place_country"), table_name="place")
    op.drop_table("place")
    op.drop_table("audit_head")
    op.drop_index(op.f("ix_audit_entry_actor_id"), table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_table("account")
