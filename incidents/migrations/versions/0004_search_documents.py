"""Full-text search: two documents per incident, and what each engine needs to look them up."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# The text is words the program has folded and encoded itself: no engine splits or stems any.
_FTS = """
    CREATE VIRTUAL TABLE search_document_fts USING fts5(
        title, text, content='search_document', content_rowid='id', tokenize='ascii'
    )
"""
_ADD = "INSERT INTO search_document_fts (rowid, title, text) VALUES (NEW.id, NEW.title, NEW.text)"
_REMOVE = (
    "INSERT INTO search_document_fts (search_document_fts, rowid, title, text)"
    " VALUES ('delete', OLD.id, OLD.title, OLD.text)"
)
TRIGGERS = {
    "search_document_added": ("INSERT", f"{_ADD};"),
    "search_document_removed": ("DELETE", f"{_REMOVE};"),
    "search_document_changed": ("UPDATE", f"{_REMOVE}; {_ADD};"),
}
_WORDS = """
    ALTER TABLE search_document ADD COLUMN words tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('simple', title), 'A') || to_tsvector('simple', text)
    ) STORED
"""


def upgrade() -> None:
    op.create_table(
        "search_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "audience IN ('internal', 'redacted')", name=op.f("ck_search_document_audience")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_search_document_incident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_document")),
        sa.UniqueConstraint(
            "incident_id", "audience", name=op.f("uq_search_document_incident_id_audience")
        ),
    )
    op.create_index("ix_search_document_version", "search_document", ["version", "incident_id"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_FTS)
        for name, (verb, statements) in TRIGGERS.items():
            op.execute(
                f"CREATE TRIGGER {name} AFTER {verb} ON search_document BEGIN {statements} END"
            )
    else:
        op.execute(_WORDS)
        op.execute("CREATE INDEX ix_search_document_words ON search_document USING gin (words)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_document_fts")
    op.drop_table("search_document")
