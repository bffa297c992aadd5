"""Keyboard shortcuts that can be switched off; counts of what was logged in a month."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "account",
        sa.Column("shortcuts", sa.Boolean(), server_default=sa.true(), nullable=False),
    )
    op.create_index(
        "ix_incident_logged", "incident", ["created_at", "type", "status", "publication"]
    )


def downgrade() -> None:
    op.drop_index("ix_incident_logged", table_name="incident")
    op.drop_column("account", "shortcuts")
