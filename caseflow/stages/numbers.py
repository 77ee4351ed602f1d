"""Numbers of cases and letters: taken inside the write transaction, so none is lost or doubled."""

from __future__ import annotations

import re

from sqlalchemy.orm import Session

from ..db import insert
from ..models import CaseCounter, LetterCounter

OURS = re.compile(r"(\d{4})-(\d{1,9})")


def take(session: Session, office_id: int, year: int) -> str:
    """The next number, 2026-38. A rollback gives it back, so registered requests leave no gap."""
    return f"{year}-{count(session, CaseCounter, office_id=office_id, year=year)}"


def count(session: Session, counter: type[CaseCounter | LetterCounter], **key: str | int) -> int:
    """One further of a counter, from 1; its row stays locked until the transaction ends."""
    statement = (
        insert(session, counter)
        .values(**key, last=1)
        .on_conflict_do_update(index_elements=list(key), set_={"last": counter.last + 1})
        .returning(counter.last)
    )
    return int(session.execute(statement).scalar_one())


def raise_to(session: Session, office_id: int, numbers: list[str]) -> None:
    """Let the counters begin after the numbers an imported ledger already uses."""
    highest: dict[int, int] = {}
    for number in numbers:
        if match := OURS.fullmatch(number):
            year, last = int(match[1]), int(match[2])
            highest[year] = max(highest.get(year, 0), last)
    for year, last in highest.items():
        fresh = insert(session, CaseCounter).values(office_id=office_id, year=year, last=last)
        session.execute(
            fresh.on_conflict_do_update(
                index_elements=["office_id", "year"],
                set_={"last": fresh.excluded.last},
                where=CaseCounter.last < fresh.excluded.last,
            )
        )
