"""What an administrator sets for the terms: when each warns, and how long those run that the law leaves open."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from ..db import transaction
from ..law.terms import BY_CODE, Term
from ..models import CaseTerm, Office, TermRule
from . import audit
from .errors import NotFound, Refused

EARLIEST, MOST = 60, 8  # working days before the last one; rungs of one term
LONGEST = 366  # calendar days of a term of the office's own
SEPARATORS = re.compile(r"[\s,，、;；]+")


def set_rule(code: str, rungs: str, overdue: bool, days: int | None) -> None:
    """Set the rungs of a term as typed ("10、5、2、0"), and its calendar days where the law leaves them open.

    Terms that run already are dated by the new length in the same transaction. Raises NotFound or Refused.
    """
    term = BY_CODE.get(code)
    if term is None:
        raise NotFound(code)
    kept = ",".join(str(rung) for rung in rungs_of(rungs))
    _check_days(term, days)
    with transaction() as session:
        _hold(session)
        session.execute(delete(TermRule).where(TermRule.term == code))
        session.add(TermRule(term=code, rungs=kept, overdue=overdue, days=days))
        if days is not None:
            _redate(session, code, days)
        audit.note(session, "setting_changed", setting=f"{term.label}的提醒", now=_said(kept, overdue, days))


def _said(rungs: str, overdue: bool, days: int | None) -> str:
    told = [f"提前 {rungs} 个工作日", "逾期也提醒" if overdue else "逾期不提醒"]
    return "，".join([*told, f"期限 {days} 日"] if days is not None else told)


def rungs_of(typed: str) -> tuple[int, ...]:
    """Typed rungs, the earliest first, each once. Raises Refused."""
    parts = [part for part in SEPARATORS.split(typed.strip()) if part]
    if not parts:
        raise Refused("至少写一个数，0 是最后一天", "rungs")
    if any(not re.fullmatch(r"[0-9]{1,2}", part) or int(part) > EARLIEST for part in parts):
        raise Refused(f"写成 10、5、2、0 这样的整数，每个 0 到 {EARLIEST}", "rungs")
    rungs = tuple(sorted({int(part) for part in parts}, reverse=True))
    if len(rungs) > MOST:
        raise Refused(f"最多 {MOST} 次，现在有 {len(rungs)} 次", "rungs")
    return rungs


def _check_days(term: Term, days: int | None) -> None:
    if term.days is None:
        if days is not None:
            raise Refused("这个期限的长短不由本机关设定", "days")
    elif days is None or not 1 <= days <= LONGEST:
        raise Refused(f"填写 1 到 {LONGEST} 的整数（日历日）", "days")


def _hold(session: Session) -> None:
    """Nobody dates a case by the old length meanwhile; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text('LOCK TABLE "case" IN EXCLUSIVE MODE'))


def _redate(session: Session, code: str, days: int) -> None:
    """The running ones end so many calendar days after they began: one statement for each first day."""
    begun = select(CaseTerm.starts_on).where(CaseTerm.term == code).distinct()
    for starts in session.scalars(begun).all():
        mine = update(CaseTerm).where(CaseTerm.term == code, CaseTerm.starts_on == starts)
        due = starts + timedelta(days=days)
        session.execute(mine.values(due_on=due).execution_options(synchronize_session=False))


def set_government(office_id: int, government: bool) -> None:
    """Whether an office is a government, whose report is due on 31 March, or a department (art. 49)."""
    with transaction() as session:
        session.get_one(Office, office_id).government = government
        audit.note(session, "setting_changed", setting="本机关是人民政府", now="是" if government else "否")
