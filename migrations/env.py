"""Runs the migrations: one transaction, one process at a time, foreign keys kept."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from caseflow import models  # noqa: F401  (fills the metadata)
from caseflow.db import INDEX, WRITE, Base, db

LOCK = 0xCA5EF  # any number that only we use

# Written by hand in the migrations; the models don't know them.
OWN_TABLES = {"alembic_version"}


def is_known(name: str, kind: str) -> bool:
    """Whether the models are compared with it."""
    return name not in OWN_TABLES and not (kind == "table" and name.startswith(INDEX))


def run() -> None:
    """Migrate; on SQLite with foreign keys off, because a batch rebuild drops the parent table
    and would take its children along. They are checked before the commit."""
    sqlite = db.engine.dialect.name == "sqlite"
    with db.engine.connect() as plain:
        raw = plain.connection.dbapi_connection
        if sqlite:
            raw.execute("PRAGMA foreign_keys=OFF")
        try:
            migrate(plain.execution_options(**{WRITE: True}), sqlite)
        finally:
            if sqlite:
                raw.execute("PRAGMA foreign_keys=ON")


def migrate(connection: Connection, sqlite: bool) -> None:
    """Inside one transaction: a process that comes later waits, then finds nothing to do."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
        include_object=lambda item, name, kind, reflected, to: is_known(str(name), kind),
    )
    with connection.begin():
        if not sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        before = context.get_context().get_current_heads()
        with context.begin_transaction():
            context.run_migrations()
        # a start that migrates nothing answers for nothing: what is broken since is named by verify
        migrated = before != context.get_context().get_current_heads()
        if sqlite and migrated and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
            raise RuntimeError(f"foreign keys broken by the migration: {broken[:5]}")


run()
