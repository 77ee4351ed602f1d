"""The whole database as it stood at one moment, read while others write."""

from __future__ import annotations

from sqlalchemy.orm import Session

from ..db import db, dialect


def snapshot() -> Session:
    """A fresh reading transaction in which every query sees the same state.

    On SQLite each is; PostgreSQL must be told.
    """
    session = db.session()
    session.rollback()
    if dialect() == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    return session
