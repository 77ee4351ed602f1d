"""INSERT … ON CONFLICT: one wording for both databases."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ..models import Alert, AlertRecipient, JobRun, Lease

Inserts = postgresql.Insert | sqlite.Insert


def insert(session: Session, table: type[Alert | AlertRecipient | JobRun | Lease]) -> Inserts:
    """An INSERT that may say what happens where its row stands already."""
    postgres = session.get_bind().dialect.name == "postgresql"
    return postgresql.insert(table) if postgres else sqlite.insert(table)
