"""Saved views with a version and a folded name, a person's own columns, counts by year."""

import sqlalchemy as sa
from alembic import op

from incidents.db import Binary, Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NEW_COLUMNS = {"name_folded": Binary, "version": sa.Integer, "updated_at": Instant}


def upgrade() -> None:
    with op.batch_alter_table("saved_view") as view:
        view.drop_constraint("uq_saved_view_owner_id_name", type_="unique")
        for name, kind in NEW_COLUMNS.items():
            view.add_column(sa.Column(name, kind(), nullable=True))
    # Of rows that went down and came up again: no release before this one wrote any.
    op.execute(
        "UPDATE saved_view SET name_folded = lower(name), version = 1, updated_at = created_at"
    )
    with op.batch_alter_table("saved_view") as view:
        for name, kind in NEW_COLUMNS.items():
            view.alter_column(name, existing_type=kind(), nullable=False)
        view.create_unique_constraint(
            op.f("uq_saved_view_owner_id_name_folded"), ["owner_id", "name_folded"]
        )
    with op.batch_alter_table("account") as account:
        account.add_column(sa.Column("listing_columns", sa.String(), nullable=True))
    op.create_index(
        "ix_incident_count_date",
        "incident",
        ["date_earliest", "date_latest", "type", "country", "status", "publication"],
    )


def downgrade() -> None:
    op.drop_index("ix_incident_count_date", table_name="incident")
    with op.batch_alter_table("account") as account:
        account.drop_column("listing_columns")
    with op.batch_alter_table("saved_view") as view:
        view.drop_constraint("uq_saved_view_owner_id_name_folded", type_="unique")
        for name in NEW_COLUMNS:
            view.drop_column(name)
        view.create_unique_constraint(op.f("uq_saved_view_owner_id_name"), ["owner_id", "name"])
