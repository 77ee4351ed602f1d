"""What needs somebody today: the open cases in groups, the most urgent first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from ..db import db
from ..law.workdays import Calendar
from ..models import Case
from . import worklist
from .worklist import running

LONGEST = 40  # lines of a group on the first page; the worklist has them all


@dataclass(frozen=True)
class Counts:
    """The figures over the list: how many in each group, and the oldest running due day."""

    of: dict[str, int]
    oldest_due: date | None


def counts(office_id: int, person_id: int | None, today: date) -> Counts:
    """How many stand in each group; one query."""
    conditions = parts(today)
    how_many = [func.count().filter(condition) for condition in conditions.values()]
    query = select(func.min(Case.due_on).filter(running(today)), *how_many)
    oldest, *numbers = db.session.execute(query.where(*whose(office_id, person_id))).one()
    return Counts(dict(zip(conditions, numbers, strict=True)), oldest)


@dataclass(frozen=True)
class Group:
    """One group of the first page: its first cases, and how many there are in all."""

    key: str
    title: str
    hint: str
    cases: list[Case]
    count: int


# key, title, hint
GROUPS: tuple[tuple[str, str, str], ...] = (
    ("late", "逾期", "尽快发出答复，并在案件里写明原因"),
    ("today", "今天必须发出", "以发出日（邮戳、邮件发出、当面送交）为准"),
    ("week", "本周到期", ""),
    ("unconfirmed", "待双方确认收到", "确认之日是法定收到日，期限从次一工作日起算"),
    ("later", "以后到期", ""),
    ("waiting", "等对方", "等待期间不计入答复期限"),
)


def mine(person_id: int) -> ColumnElement[bool]:
    """Cases of this handler, and those nobody has yet."""
    return or_(Case.handler_id == person_id, Case.handler_id.is_(None))


def whose(office_id: int, person_id: int | None) -> list[ColumnElement[bool]]:
    """Open cases of the office, or of one person in it."""
    found: list[ColumnElement[bool]] = [Case.office_id == office_id, Case.closed_on.is_(None)]
    return [*found, mine(person_id)] if person_id else found


def sunday(today: date) -> date:
    """The end of this week."""
    return today + timedelta(days=6 - today.weekday())


def parts(today: date) -> dict[str, ColumnElement[bool]]:
    """The open cases in parts that share none: counted and listed by the same conditions."""
    runs, due = running(today), Case.due_on
    return {
        "late": and_(runs, due < today),
        "today": and_(runs, due == today),
        "week": and_(runs, due > today, due <= sunday(today)),
        "later": and_(runs, due > sunday(today)),
        "unconfirmed": Case.received_on.is_(None),
        "waiting": and_(Case.received_on.is_not(None), ~func.coalesce(runs, False)),
    }


def agenda(office_id: int, person_id: int | None, today: date, counts: Counts) -> list[Group]:
    """The groups with their first cases; empty groups are left out."""
    found, conditions = [], parts(today)
    for key, title, hint in GROUPS:
        if not (count := counts.of[key]):
            continue
        order = (Case.hold_until, Case.id) if key == "waiting" else (Case.due_on, Case.id)
        query = select(Case).where(*whose(office_id, person_id), conditions[key])
        query = query.options(joinedload(Case.particulars)).order_by(*order).limit(LONGEST)
        found.append(Group(key, title, hint, list(db.session.scalars(query)), count))
    return found


def to_decide(office_id: int, today: date) -> list[Case]:
    """What waits for the lead: drafts to approve, extensions to decide, and requests whose applicant has let
    the term for the correction or the fee lapse (art. 30, 42); nearest day first."""
    unapproved = Case.draft_approved.is_(False) & Case.secrecy_awaited.is_(False)
    draft = and_(Case.stage == "reply", unapproved)
    let_lapse = and_(Case.waiting.in_(("correction", "fee")), Case.hold_until < today)
    waits = or_(draft, Case.extension_asked > 0, let_lapse)
    query = (
        select(Case)
        .where(Case.office_id == office_id, Case.closed_on.is_(None), waits)
        .options(joinedload(Case.particulars))
        .order_by(func.coalesce(Case.due_on, Case.hold_until), Case.id)
        .limit(LONGEST)
    )
    return list(db.session.scalars(query))


def lapsed(office_id: int, person_id: int | None, today: date) -> list[Case]:
    """Cases in which somebody outside has let a term lapse, and the office may act."""
    query = (
        select(Case)
        .where(*whose(office_id, person_id), worklist.lapsed(today))
        .options(joinedload(Case.particulars))
        .order_by(Case.hold_until, Case.id)
        .limit(LONGEST)
    )
    return list(db.session.scalars(query))


def to_archive(office_id: int, person_id: int | None) -> int:
    """Closed cases whose folder is still open."""
    found = [Case.office_id == office_id, Case.stage == "archive"]
    query = select(func.count()).where(*found, *([mine(person_id)] if person_id else []))
    return db.session.scalar(query) or 0


@dataclass(frozen=True)
class Day:
    """One day of the fortnight: how many fall due, one's own and the others'."""

    day: date
    working: bool
    mine: int
    others: int


def fortnight(office_id: int, person_id: int, today: date, calendar: Calendar) -> list[Day]:
    """Two weeks from this Monday with the running cases that fall due on each day."""
    first = today - timedelta(days=today.weekday())
    last = first + timedelta(days=13)
    own = func.count().filter(mine(person_id))
    query = (
        select(Case.due_on, own, func.count())
        .where(*whose(office_id, None), running(today), Case.due_on.between(first, last))
        .group_by(Case.due_on)
    )
    found = {due: (mine_, all_) for due, mine_, all_ in db.session.execute(query)}
    days = [first + timedelta(days=n) for n in range(14)]
    blank = (0, 0)
    return [
        Day(
            d, calendar.is_working(d), found.get(d, blank)[0], found.get(d, blank)[1] - found.get(d, blank)[0]
        )
        for d in days
    ]
