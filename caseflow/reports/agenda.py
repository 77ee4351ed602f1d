"""What needs somebody today: the open cases in groups, the most urgent first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import joinedload

from ..db import db
from ..law.publishing import PROPOSED
from ..law.workdays import Calendar
from ..models import Case, Publication
from . import worklist
from .worklist import running

LONGEST = 12  # lines of a group on the first page; the worklist has them all


@dataclass(frozen=True)
class Counts:
    """The figures over the lists: how many in each group, the oldest running due day, how many closed cases have
    a folder that is still open, and how many replies are proposed to be published."""

    of: dict[str, int]
    oldest_due: date | None
    to_archive: int
    to_publish: int


def counts(office_id: int, person_id: int | None, today: date) -> Counts:
    """How many stand in each group; one query."""
    asked = _asked(office_id, person_id, today)
    oldest, folders, proposed, *numbers = db.session.execute(_counts(person_id is not None), asked).one()
    return Counts(dict(zip(parts(), numbers, strict=True)), oldest, folders, proposed)


# The statements of the first page are made once, with these for what differs from one reader and day to the
# next: making one takes longer than to ask it.
OFFICE, PERSON = bindparam("office", type_=Integer), bindparam("person", type_=Integer)
TODAY, SUNDAY = bindparam("today", type_=Date), bindparam("sunday", type_=Date)


def _asked(office_id: int, person_id: int | None, today: date) -> dict[str, Any]:
    return {"office": office_id, "person": person_id, "today": today, "sunday": sunday(today)}


@cache
def _counts(of_one: bool) -> Query:
    how_many = [func.count().filter(condition) for condition in parts().values()]
    in_stage = Case.stage == worklist.STAGE_IN_INDEX["archive"]
    unarchived = [Case.office_id == OFFICE, in_stage, *([mine()] if of_one else [])]
    to_archive = select(func.count()).select_from(Case).where(*unarchived).correlate(None).scalar_subquery()
    waits = Publication.office_id == OFFICE, Publication.state == PROPOSED
    proposed = select(func.count()).select_from(Publication).where(*waits).scalar_subquery()
    query = select(func.min(Case.due_on).filter(running(TODAY)), to_archive, proposed, *how_many)
    return query.where(*whose(of_one))


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


def mine(person: int | BindParameter[int] = PERSON) -> ColumnElement[bool]:
    """Cases of this handler, and those nobody has yet."""
    return or_(Case.handler_id == person, Case.handler_id.is_(None))


def whose(of_one: bool) -> list[ColumnElement[bool]]:
    """Open cases of the office, or of one person in it."""
    return [Case.office_id == OFFICE, Case.closed_on.is_(None), *([mine()] if of_one else [])]


def sunday(today: date) -> date:
    """The end of this week."""
    return today + timedelta(days=6 - today.weekday())


def parts() -> dict[str, ColumnElement[bool]]:
    """The open cases in parts that share none: counted and listed by the same conditions."""
    runs, due = running(TODAY), Case.due_on
    return {
        "late": and_(runs, due < TODAY),
        "today": and_(runs, due == TODAY),
        "week": and_(runs, due > TODAY, due <= SUNDAY),
        "later": and_(runs, due > SUNDAY),
        "unconfirmed": Case.received_on.is_(None),
        "waiting": and_(Case.received_on.is_not(None), ~func.coalesce(runs, False)),
    }


@dataclass(frozen=True)
class Listed:
    """The lists of the first page, LONGEST cases of each at most."""

    groups: list[Group]  # empty ones are left out
    decide: list[Case]  # what waits for the lead
    lapsed: list[Case]  # somebody outside has let a term lapse, and the office may act
    watched: list[Case]


Query = Select[*tuple[Any, ...]]
Arm = Select[int]  # ids of cases, as many as their list shows
Watched = Callable[[list[ColumnElement[bool]]], Arm]  # those of some open cases that were put under watch

# By which day a list is in order; the groups by the due day
DAYS: dict[str, Callable[[Any], Any]] = {
    "waiting": lambda case: case.hold_until,
    "lapsed": lambda case: case.hold_until,
    "decide": lambda case: case.due_on or case.hold_until,
}


def listed(
    office_id: int, person_id: int | None, today: date, counts: Counts, decides: bool, watched: Watched
) -> Listed:
    """All lists in one statement; ``decides``: for a lead, whose list it is to decide."""
    keys = tuple(key for key, _, _ in GROUPS if counts.of[key])
    query = _lists(person_id is not None, keys, decides, watched)
    found = _cases(query, _asked(office_id, person_id, today))
    groups = [Group(*group, found[group[0]], counts.of[group[0]]) for group in GROUPS if group[0] in found]
    return Listed(groups, *(found.get(key, []) for key in ("decide", "lapsed", "watched")))


@cache
def _lists(of_one: bool, keys: tuple[str, ...], decides: bool, watched: Watched) -> Query:
    open_cases, conditions = whose(of_one), parts()
    arms = {
        key: _first([*open_cases, conditions[key]], Case.hold_until if key == "waiting" else Case.due_on)
        for key in keys
    }
    arms |= {
        "lapsed": _first([*open_cases, worklist.lapsed(TODAY)], Case.hold_until),
        "watched": watched(open_cases),
    }
    arms |= {"decide": _to_decide()} if decides else {}
    ids = union_all(*(select(literal(key).label("list"), arm.subquery().c.id) for key, arm in arms.items()))
    lists = ids.subquery()
    query = select(lists.c.list, Case).join(Case, Case.id == lists.c.id)
    return query.options(joinedload(Case.particulars))


def _first(clauses: Iterable[ColumnElement[bool]], day: Any) -> Arm:
    """The first by a day; without one, last. Those with a due day have one: they are in the order of their index."""
    order = day if day is Case.due_on else day.nulls_last()
    return select(Case.id).where(*clauses).order_by(order, Case.id).limit(LONGEST)


def _cases(query: Query, asked: dict[str, Any]) -> dict[str, list[Case]]:
    """The cases of each list in its order; lists without any are left out."""
    found: dict[str, list[Case]] = defaultdict(list)
    for key, case in db.session.execute(query, asked):
        found[key].append(case)
    return {key: _in_order(cases, DAYS.get(key, lambda case: case.due_on)) for key, cases in found.items()}


def _in_order(cases: list[Case], day: Callable[[Case], date | None]) -> list[Case]:
    return sorted(cases, key=lambda case: (day(case) or worklist.FAR, case.id))


def _to_decide() -> Arm:
    """What waits for the lead: drafts to approve, extensions to decide, and requests whose applicant has let
    the term for the correction or the fee lapse (art. 30, 42); nearest day first."""
    unapproved = Case.draft_approved.is_(False) & Case.secrecy_awaited.is_(False)
    draft = and_(Case.stage == "reply", unapproved)
    let_lapse = and_(Case.waiting.in_(("correction", "fee")), Case.hold_until < TODAY)
    waits = or_(draft, Case.extension_asked > 0, let_lapse)
    return _first([*whose(of_one=False), waits], func.coalesce(Case.due_on, Case.hold_until))


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
    asked = _asked(office_id, person_id, today) | {"first": first, "last": first + timedelta(days=13)}
    found = {due: (mine_, all_) for due, mine_, all_ in db.session.execute(_due_between(), asked)}
    days = [first + timedelta(days=n) for n in range(14)]
    blank = (0, 0)
    return [
        Day(
            d, calendar.is_working(d), found.get(d, blank)[0], found.get(d, blank)[1] - found.get(d, blank)[0]
        )
        for d in days
    ]


@cache
def _due_between() -> Query:
    first, last = bindparam("first", type_=Date), bindparam("last", type_=Date)
    return (
        select(Case.due_on, func.count().filter(mine()), func.count())
        .where(*whose(of_one=False), running(TODAY), Case.due_on.between(first, last))
        .group_by(Case.due_on)
    )
