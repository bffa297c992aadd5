"""What only the database can refuse: history rewritten, and a record submitted half done."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Each with every key of it that INSERT OR REPLACE would make room for.
APPEND_ONLY = {
    "audit_entry": ("sequence", "hash"),
    "revision": ("id", "entity, entity_id, version"),
    "snapshot": ("id",),
    "review": ("id",),
}
INCIDENT_KEYS = ("id", "ref_year, ref_number", "created_by, form_token")
REQUIRED_DETAILS = {"shortage": "goods", "official_statement": "position"}
# What a save writes: in a record that is no draft none of it changes without a new version.
RECORD = (
    *("type", "title", "summary", "date_edtf", "date_not_known", "date_precision", "date_basis"),
    *("date_verbatim", "ongoing_when_reported", "date_earliest", "date_latest", "place_id"),
    *("place_precision", "place_verbatim", "subject_place_id", "details", "notes", "event_id"),
    *("publication", "created_by"),
)
_INCOMPLETE = """(
    NOT EXISTS (SELECT 1 FROM citation c WHERE c.incident_id = NEW.id)
    OR EXISTS (SELECT 1 FROM figure f WHERE f.incident_id = NEW.id AND f.citation_id IS NULL)
    OR {details})"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in APPEND_ONLY:
        names = ["no_update", "no_delete", "no_replace" if sqlite else "no_truncate"]
        for name in names:
            _drop(f"{table}_{name}", table, sqlite)
    rules = ["no_delete", "born_draft", "complete"]
    rules += ["reference", "frozen", "no_replace"] if sqlite else []
    for name in (f"incident_{rule}" for rule in rules):
        _drop(name, "incident", sqlite)
    if not sqlite:
        op.execute("DROP FUNCTION refuse_change()")
        op.execute("DROP FUNCTION refuse_incident()")


def _drop(name: str, table: str, sqlite: bool) -> None:
    op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else f" ON {table}"))


def _details_missing() -> str:
    return " OR ".join(
        f"(NEW.type = '{kind}' AND NOT EXISTS (SELECT 1 FROM incident_detail d"
        f" WHERE d.incident_id = NEW.id AND d.field = '{field}'))"
        for kind, field in REQUIRED_DETAILS.items()
    )


def _frozen(differs: str) -> str:
    changed = " OR ".join(
        f"NEW.{column}{cast} {differs} OLD.{column}{cast}"
        for column in RECORD
        # JSON has no equality on PostgreSQL.
        for cast in ("::text" if column == "details" and differs != "IS NOT" else "",)
    )
    return f"OLD.status <> 'draft' AND NEW.version = OLD.version AND ({changed})"


def _sqlite() -> None:
    for table, keys in APPEND_ONLY.items():
        refuse = f"SELECT RAISE(ABORT, '{table} is append-only')"
        for name, verb in (("no_update", "UPDATE"), ("no_delete", "DELETE")):
            op.execute(
                f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} BEGIN {refuse}; END"
            )
        # INSERT OR REPLACE walks past the delete trigger unless recursive_triggers is on.
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}"
            f" WHEN {_taken(table, keys)} BEGIN {refuse}; END"
        )
    for name, when, condition, message in _incident_rules():
        op.execute(
            f"CREATE TRIGGER incident_{name} {when} ON incident"
            + (f" WHEN {condition}" if condition else "")
            + f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )


def _taken(table: str, keys: tuple[str, ...]) -> str:
    """Whether a row with one of the new one's keys is there."""
    same = (" AND ".join(f"{column} = NEW.{column}" for column in key.split(", ")) for key in keys)
    return " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {one})" for one in same)


def _incident_rules() -> list[tuple[str, str, str, str]]:
    incomplete = _INCOMPLETE.format(details=_details_missing())
    return [
        ("no_delete", "BEFORE DELETE", "", "an incident is never deleted"),
        ("born_draft", "BEFORE INSERT", "NEW.status <> 'draft'", "an incident begins as a draft"),
        (
            "complete",
            "BEFORE UPDATE",
            f"NEW.status <> 'draft' AND {incomplete}",
            "what is not complete stays a draft",
        ),
        (
            "reference",
            "BEFORE UPDATE",
            "(NEW.ref_year, NEW.ref_number) <> (OLD.ref_year, OLD.ref_number)",
            "a reference never changes",
        ),
        ("frozen", "BEFORE UPDATE", _frozen("IS NOT"), "a frozen record keeps its words"),
        (
            "no_replace",
            "BEFORE INSERT",
            _taken("incident", INCIDENT_KEYS),
            "an incident is never replaced",
        ),
    ]


def _postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in APPEND_ONLY:
        for name, verb, each in (
            ("no_update", "UPDATE", "ROW"),
            ("no_delete", "DELETE", "ROW"),
            ("no_truncate", "TRUNCATE", "STATEMENT"),
        ):
            op.execute(
                f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table}"
                f" FOR EACH {each} EXECUTE FUNCTION refuse_change()"
            )
    incomplete = _INCOMPLETE.format(details=_details_missing())
    op.execute(
        f"""CREATE FUNCTION refuse_incident() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'an incident is never deleted';
          ELSIF TG_OP = 'INSERT' THEN
            IF NEW.status <> 'draft' THEN
              RAISE EXCEPTION 'an incident begins as a draft';
            END IF;
          ELSE
            IF NEW.status <> 'draft' AND {incomplete} THEN
              RAISE EXCEPTION 'what is not complete stays a draft';
            END IF;
            IF (NEW.ref_year, NEW.ref_number) <> (OLD.ref_year, OLD.ref_number) THEN
              RAISE EXCEPTION 'a reference never changes';
            END IF;
            IF {_frozen("IS DISTINCT FROM")} THEN
              RAISE EXCEPTION 'a frozen record keeps its words';
            END IF;
          END IF;
          RETURN NEW;
        END $$"""
    )
    for name, verb in (
        ("no_delete", "DELETE"),
        ("born_draft", "INSERT"),
        ("complete", "UPDATE"),
    ):
        op.execute(
            f"CREATE TRIGGER incident_{name} BEFORE {verb} ON incident"
            " FOR EACH ROW EXECUTE FUNCTION refuse_incident()"
        )
