"""保存期限: what masking would do, told before it is done; then done case by case.

A plan is computed from how the cases stand, never from the day: whatever was missed or broken off is in the
next one.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, union
from sqlalchemy.orm import Session

from ..db import db
from ..files import store
from ..law.publishing import PUBLISHED
from ..law.retention import kept_from
from ..models import (
    Case,
    Document,
    Letter,
    LetterTemplate,
    Note,
    Office,
    Particulars,
    ProceedingRow,
    Publication,
    PublicationFile,
    StoredFile,
)
from ..search import index
from ..stages import masking
from . import sweep

log = logging.getLogger(__name__)

PAPERS = (Document, Letter)

AWAY = "文件存储暂时连不上，文件内容还没有删完，连上以后由 caseflow sweep --remove 或者下一次隐去时删除"

# What of a case is masked: the count in Due, its name, its measure word
PARTS = (
    ("forms", "申请信息", "份"), ("notes", "说明", "条"), ("letters", "文书", "份"), ("files", "材料", "件"),
)  # fmt: skip


@dataclass(frozen=True)
class Due:
    """A case past its retention, and how much of it would be masked."""

    case_id: int
    seq: int  # its last event: what was planned is done on that and on nothing later
    number: str
    archived_on: date
    forms: int
    notes: int
    letters: int
    files: int


@dataclass(frozen=True)
class Plan:
    """What would be done for an office."""

    office_id: int
    code: str
    name: str
    years: int
    kept_from: date  # archived before this day is due
    due: tuple[Due, ...]
    rest: int  # due cases beyond the limit asked for
    contents: int  # files that nothing else names
    size: int  # their bytes

    @property
    def by_year(self) -> dict[int, int]:
        """How many cases by the year of their archiving."""
        return dict(sorted(Counter(case.archived_on.year for case in self.due).items()))

    def total(self, what: str) -> int:
        """All forms, notes, letters or files of the cases."""
        return sum(getattr(case, what) for case in self.due)

    @property
    def fingerprint(self) -> str:
        """Other for any other plan: what is confirmed is what was shown."""
        told = json.dumps(asdict(self), ensure_ascii=False, default=date.isoformat)
        return hashlib.sha256(told.encode()).hexdigest()


@dataclass
class Done:
    """What came of a plan."""

    masked: int = 0
    passed_over: int = 0  # changed since they were planned: the next plan has them if they are still due
    removed: int = 0  # files that no row names any more
    left: int = 0  # such files younger than a day: somebody may just be filing the same content
    away: bool = False  # the store: what no row names any more still lies there, some of it or all


def offices(code: str | None = None) -> list[Office]:
    """The offices that have set a retention; ``code`` names one. Raises LookupError where there is no such office."""
    query = select(Office).order_by(Office.code)
    found = list(db.session.scalars(query if code is None else query.where(Office.code == code)))
    if code is not None and not found:
        raise LookupError(code)
    return [office for office in found if office.retention_years is not None]


def count(office: Office, today: date) -> int:
    """How many cases of an office are due; 0 where it has set no retention. Costs one look at an index."""
    if office.retention_years is None:
        return 0
    query = select(func.count(Case.id)).where(*_due(office.id, kept_from(today, office.retention_years)))
    return db.session.scalar(query) or 0


def plan(office: Office, today: date, limit: int | None = None) -> Plan | None:
    """What would be done, the cases archived first first, ``limit`` at most; None where no retention is set."""
    if office.retention_years is None:
        return None
    session, first = db.session(), kept_from(today, office.retention_years)
    ids = select(Case.id).where(*_due(office.id, first)).order_by(Case.archived_on, Case.id).limit(limit)
    due = tuple(_cases(session, ids))
    contents, size = session.execute(_freed(ids)).one()
    return Plan(
        office.id, office.code, office.name, office.retention_years, first, due, count(office, today) - len(due),
        contents, int(size or 0),
    )  # fmt: skip


def apply(
    plan: Plan, *, today: date, now: datetime, actor_id: int | None = None,
    done: Callable[[int], object] = lambda cases: None,
) -> Done:  # fmt: skip
    """Do what the plan says, one transaction a case; ``done`` is told of each. Broken off, a further run goes on.

    Then the contents that no row names are taken away, also what an earlier run left.
    """
    result, freed = Done(), set[str]()
    for case in plan.due:
        gone = masking.mask(
            plan.office_id, case.case_id, case.seq, plan.years, today=today, now=now, actor_id=actor_id
        )
        result.masked, result.passed_over = (
            result.masked + (gone is not None), result.passed_over + (gone is None)
        )  # fmt: skip
        freed.update(gone or ())
        done(1)
    if result.masked:
        index.tidy()
    try:
        for found in sweep.left_over(now):
            result.removed += sweep.remove(found, now)
        result.left = sum(_lies(sha256) for sha256 in freed)
    except OSError as error:  # the names are gone all the same: whoever asked must hear that
        log.error("masked %d cases, their files not swept: %s", result.masked, error)
        result.away = True
    return result


def _lies(sha256: str) -> bool:
    try:
        store.lying(sha256)
    except store.Missing:
        return False
    return True


# -- reading -------------------------------------------------------------------------------------


def _due(office_id: int, first: date) -> tuple[ColumnElement[bool], ...]:
    """What ``law.retention.is_due`` says of a case, in SQL."""
    late = or_(ProceedingRow.closed_on.is_(None), ProceedingRow.closed_on >= first)
    return (
        Case.office_id == office_id,
        Case.archived_on < first,
        Case.archived_on.is_not(None),
        Case.masked_seq < Case.seq,
        ~exists().where(ProceedingRow.case_id == Case.id, late),
    )


def _cases(session: Session, ids: Select[int]) -> Iterator[Due]:
    counts = [
        _counts(session, Particulars.case_id, and_(Particulars.salt != "", Particulars.case_id.in_(ids))),
        _counts(session, Note.case_id, and_(Note.salt != "", Note.case_id.in_(ids))),
        *(
            _counts(session, table.case_id, and_(table.sha256.is_not(None), table.case_id.in_(ids)))
            for table in (Letter, Document)
        ),
    ]
    query = select(Case.id, Case.seq, Case.number, Case.archived_on).where(Case.id.in_(ids))
    for case in session.execute(query.order_by(Case.archived_on, Case.id)):
        archived = cast(date, case.archived_on)  # whatever is due has been archived
        yield Due(case.id, case.seq, case.number, archived, *(found.get(case.id, 0) for found in counts))


def _counts(session: Session, case_id: Any, which: ColumnElement[bool]) -> Mapping[int, int]:
    query = select(case_id, func.count()).where(which).group_by(case_id)
    return {key: number for key, number in session.execute(query)}


def _freed(ids: Select[int]) -> Select[int, int]:
    """How many contents these cases alone name, and their bytes."""
    going = PublicationFile.publication_id.in_(
        select(Publication.id).where(Publication.case_id.in_(ids), Publication.state != PUBLISHED)
    )
    mine = [select(table.sha256).where(table.case_id.in_(ids)) for table in PAPERS]
    mine.append(select(PublicationFile.sha256).where(going))
    others: list[ColumnElement[bool]] = [
        exists().where(table.sha256 == StoredFile.sha256, table.case_id.not_in(ids)) for table in PAPERS
    ]
    others.append(exists().where(LetterTemplate.sha256 == StoredFile.sha256))
    others.append(exists().where(PublicationFile.sha256 == StoredFile.sha256, ~going))
    query = select(func.count(), func.coalesce(func.sum(StoredFile.size), 0))
    return query.where(StoredFile.sha256.in_(union(*mine)), ~or_(*others))
