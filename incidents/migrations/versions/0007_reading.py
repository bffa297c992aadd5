"""How far an account has read a source, and who has it open."""

import sqlalchemy as sa
from alembic import op

from incidents.db import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "source_reading",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=True),
        sa.Column("furthest", sa.Integer(), nullable=True),
        sa.Column("read_at", Instant(), nullable=True),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.CheckConstraint("furthest >= 0", name=op.f("ck_source_reading_furthest")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_source_reading_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshot.id"], name=op.f("fk_source_reading_snapshot_id")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_source_reading_source_id")
        ),
        sa.PrimaryKeyConstraint("source_id", "account_id", name=op.f("pk_source_reading")),
    )
    op.create_index(op.f("ix_source_reading_account_id"), "source_reading", ["account_id"])


def downgrade() -> None:
    op.drop_table("source_reading")
