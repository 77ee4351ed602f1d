"""The hashes of ledger rows that an older program told from whole certificate numbers: told anew, once."""

from __future__ import annotations

from sqlalchemy import select, update

from ..db import db, transaction
from ..models import Case, Office
from .rows import content_hash, rows_of

CHUNK = 500  # cases


def fill() -> int:
    """Tell them from the record; returns how many cases. Each chunk is a transaction, so what broke off goes on."""
    count = 0
    query = (
        select(Case.id).where(Case.office_id.in_(select(Office.id)), Case.ledger_hash == "").limit(CHUNK)
    )  # by an index
    while ids := db.session.scalars(query).all():
        rows = rows_of(db.session(), ids)
        with transaction() as session:
            for case_id, row in rows.items():
                session.execute(
                    update(Case)
                    .where(Case.id == case_id, Case.ledger_hash == "")
                    .values(ledger_hash=content_hash(row))
                    .execution_options(synchronize_session=False)
                )
        count += len(ids)
    return count
