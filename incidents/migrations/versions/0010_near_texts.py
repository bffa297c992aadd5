"""Sketches of texts, by which near-identical ones are found; `init` and `serve` make them."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "snapshot_sketch",
        sa.Column("snapshot_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshot.id"], name=op.f("fk_snapshot_sketch_snapshot_id")
        ),
        sa.PrimaryKeyConstraint("snapshot_id", name=op.f("pk_snapshot_sketch")),
    )
    op.create_table(
        "snapshot_band",
        sa.Column("band", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("snapshot_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshot.id"], name=op.f("fk_snapshot_band_snapshot_id")
        ),
        sa.PrimaryKeyConstraint("band", "snapshot_id", name=op.f("pk_snapshot_band")),
    )
    op.create_index(op.f("ix_snapshot_band_snapshot_id"), "snapshot_band", ["snapshot_id"])


def downgrade() -> None:
    op.drop_table("snapshot_band")
    op.drop_table("snapshot_sketch")
