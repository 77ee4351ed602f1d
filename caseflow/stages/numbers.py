"""Case numbers: per office and year, taken inside the write transaction, so none is lost or doubled."""

from __future__ import annotations

import re

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ..models import CaseCounter

OURS = re.compile(r"(\d{4})-(\d{1,9})")


def take(session: Session, office_id: int, year: int) -> str:
    """The next number, 2026-38. A rollback gives it back, so registered requests leave no gap."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(CaseCounter)
        .values(office_id=office_id, year=year, last=1)
        .on_conflict_do_update(index_elements=["office_id", "year"], set_={"last": CaseCounter.last + 1})
        .returning(CaseCounter.last)
    )
    return f"{year}-{session.execute(statement).scalar_one()}"


def raise_to(session: Session, office_id: int, numbers: list[str]) -> None:
    """Let the counters begin after the numbers an imported ledger already uses."""
    highest: dict[int, int] = {}
    for number in numbers:
        if match := OURS.fullmatch(number):
            year, last = int(match[1]), int(match[2])
            highest[year] = max(highest.get(year, 0), last)
    for year, last in highest.items():
        counter = session.get(CaseCounter, (office_id, year), with_for_update=True)
        if counter is None:
            session.add(CaseCounter(office_id=office_id, year=year, last=last))
        else:
            counter.last = max(counter.last, last)
    session.flush()
