"""How early each term warns: the defaults of ``law.terms``, and what an administrator set instead."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..law.terms import TERMS, TOLD_ONCE
from ..models import TermRule


@dataclass(frozen=True)
class Ladder:
    """The rungs of one term: working days left; ``overdue``: then again on each working day."""

    rungs: tuple[int, ...]
    overdue: bool

    @property
    def first(self) -> int:
        """The earliest rung."""
        return max(self.rungs, default=0)


DEFAULTS: dict[str, Ladder] = {term.code: Ladder(term.rungs, term.overdue) for term in TERMS}


def ladders(session: Session) -> dict[str, Ladder]:
    """The ladder of every term as it is set now."""
    kept = session.execute(select(TermRule.term, TermRule.rungs, TermRule.overdue))
    return DEFAULTS | {
        term: Ladder(numbers(rungs), overdue and term not in TOLD_ONCE) for term, rungs, overdue in kept
    }


def numbers(written: str) -> tuple[int, ...]:
    """Rungs as they are kept: "10,5,2,0". Raises ValueError for anything else."""
    return tuple(int(part) for part in written.split(",")) if written else ()
