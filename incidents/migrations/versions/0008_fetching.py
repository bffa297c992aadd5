"""Pages being fetched, and what stands beside a fetched copy: its times and its WARC file."""

import sqlalchemy as sa
from alembic import op

from incidents.db import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OF_SNAPSHOT = {
    "fetch_started_at": Instant,
    "fetch_finished_at": Instant,
    "warc_sha256": sa.String,
    "warc_size_bytes": sa.Integer,
}


def upgrade() -> None:
    # No batch: it would drop the triggers that make snapshots append-only.
    for name, kind in OF_SNAPSHOT.items():
        op.add_column("snapshot", sa.Column(name, kind(), nullable=True))
    op.create_table(
        "capture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("received_bytes", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'connecting', 'receiving', 'reading', 'done', 'failed')",
            name=op.f("ck_capture_state"),
        ),
        sa.CheckConstraint(
            "(state = 'failed') = (failure IS NOT NULL)", name=op.f("ck_capture_failure")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_capture_account_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_capture_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capture")),
        sa.UniqueConstraint("token", name=op.f("uq_capture_token")),
    )
    op.create_index(op.f("ix_capture_account_id"), "capture", ["account_id"])


def downgrade() -> None:
    op.drop_table("capture")
    for name in reversed(OF_SNAPSHOT):
        op.drop_column("snapshot", name)
