"""Runs migrations on either engine: SQLite with foreign keys off around one transaction."""

from alembic import context
from sqlalchemy import Connection

from incidents.db import Database
from incidents.tables import metadata


def include_name(name: str | None, type_: str, _parents: object) -> bool:
    """Full-text search keeps what no model declares: shadow tables, a generated column."""
    if type_ == "table":
        return not (name or "").startswith("search_document_")
    return name not in ("words", "ix_search_document_words")


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_name=include_name,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def migrate() -> None:
    database = Database(context.config.attributes["url"])
    try:
        with database.engine.connect() as connection:
            if not database.is_sqlite:
                run(connection)
                connection.commit()
                return
            # The pragma is ignored inside a transaction, so it goes round the driver's back.
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA foreign_keys=OFF")
            try:
                run(connection)
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if broken:
                    raise RuntimeError(f"the migration would break foreign keys: {broken[:5]}")
                connection.commit()
            finally:
                connection.rollback()
                driver.execute("PRAGMA foreign_keys=ON")
    finally:
        database.dispose()


migrate()
