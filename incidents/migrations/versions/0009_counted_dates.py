"""How an incident's date was counted from another one: four days before 16 December 2011."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_CHANGED = (
    "OLD.status <> 'draft' AND NEW.version = OLD.version AND NEW.date_counted {} OLD.date_counted"
)
_REFUSED = "a frozen record keeps how its date was counted"


def upgrade() -> None:
    # No batch: it would drop the triggers that keep submitted incidents as they are.
    op.add_column("incident", sa.Column("date_counted", sa.Text(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER incident_frozen_date BEFORE UPDATE ON incident"
            f" WHEN {_CHANGED.format('IS NOT')} BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION refuse_counted() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN IF {_CHANGED.format('IS DISTINCT FROM')} THEN"
        f" RAISE EXCEPTION '{_REFUSED}'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER incident_frozen_date BEFORE UPDATE ON incident"
        " FOR EACH ROW EXECUTE FUNCTION refuse_counted()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER incident_frozen_date")
    else:
        op.execute("DROP TRIGGER incident_frozen_date ON incident")
        op.execute("DROP FUNCTION refuse_counted()")
    op.drop_column("incident", "date_counted")
