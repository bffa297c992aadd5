"""What is typed and not saved yet; the order of a person's dates; places that can be edited."""

import sqlalchemy as sa
from alembic import op

from incidents.db import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("account") as account:
        account.add_column(sa.Column("date_order", sa.String(), nullable=True))
        account.create_check_constraint("date_order", "date_order IN ('day_first', 'month_first')")
    # No batch: it can't copy the expression of place's unique index.
    op.add_column("place", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.create_index(op.f("ix_place_gazetteer_id"), "place", ["gazetteer_id"])
    op.create_table(
        "unsaved_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("form_token", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_unsaved_form_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsaved_form")),
        sa.UniqueConstraint(
            "account_id", "form_token", name=op.f("uq_unsaved_form_account_id_form_token")
        ),
    )
    op.create_index(op.f("ix_unsaved_form_form"), "unsaved_form", ["form"])
    op.create_index(op.f("ix_unsaved_form_saved_at"), "unsaved_form", ["saved_at"])


def downgrade() -> None:
    op.drop_table("unsaved_form")
    op.drop_index(op.f("ix_place_gazetteer_id"), table_name="place")
    op.drop_column("place", "version")
    with op.batch_alter_table("account") as account:
        account.drop_constraint("date_order", type_="check")
        account.drop_column("date_order")
