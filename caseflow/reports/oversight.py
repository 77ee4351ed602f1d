"""督办 and 责任追究 as they stand: the cases under watch, and every case that was late with who answers for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, union_all
from sqlalchemy.orm import aliased, joinedload

from ..calendars import store
from ..db import db
from ..law.casefile import CaseFile
from ..law.replay import replay
from ..law.supervision import CAUSES, MEASURES, Watch
from ..law.workdays import Calendar
from ..models import Case, CaseTerm, Event, Note
from ..stages import record
from .casefolder import recorded
from .pages import CasePage, case_page, how_many
from .worklist import running

MOST = 200  # watches on one page: each is put by hand
KEPT = timedelta(days=30)  # calendar days for which a watch is listed that its case closed over unanswered


@dataclass(frozen=True)
class Said:
    """Who said it, and the words."""

    by: str
    text: str


@dataclass(frozen=True)
class Watched:
    """A watch that was not ended: who asked for what, the answer, and the day the case closed, None while not."""

    watch: Watch
    asked: Said
    answer: Said | None
    closed: date | None = None


@dataclass(frozen=True)
class Watches:
    """The first so many watches of a list, and how many there are."""

    lines: list[tuple[Case, Watched]]
    total: int


@dataclass(frozen=True)
class Registered:
    """责任追究 of a case, in words."""

    on: date
    cause: str
    measure: str
    said: Said


@dataclass(frozen=True)
class Late:
    """A case that is or was late: from its due day to the reply, its other end, or today, in working days."""

    case: Case
    due: date
    days: int
    registered: Registered | None


# -- of one case ---------------------------------------------------------------------------------


def watch_of(file: CaseFile, says: Mapping[int, Said]) -> Watched | None:
    """The watch of a case; ``says`` by the number of the event. None once it was ended or the case closed."""
    return _not_ended(file, says) if file.is_open else None


def _not_ended(file: CaseFile, says: Mapping[int, Said]) -> Watched | None:
    watch = file.watch
    if watch is None:
        return None
    return Watched(watch, says[watch.seq], says[watch.answered_at] if watch.answered else None, file.closed)


def accountability_of(file: CaseFile, says: Mapping[int, Said]) -> Registered | None:
    """What was registered last; None where nothing was."""
    held = file.accountability
    return Registered(held.on, CAUSES[held.cause], MEASURES[held.measure], says[held.seq]) if held else None


def said(events: Iterable[Event], notes: Mapping[int, Note], names: Mapping[int, str]) -> dict[int, Said]:
    """What was said with each event of a case, by its number."""
    found = {}
    for event in events:
        note = notes.get((event.details.get("note") or {}).get("id", 0))
        found[event.seq] = Said(names.get(event.actor_id or 0, ""), note.text if note else "")
    return found


# -- the cases under watch -----------------------------------------------------------------------


def waiting(open_cases: list[ColumnElement[bool]]) -> Select[int]:
    """Those of some open cases with a watch still to be answered, MOST at most."""
    asked = Case.id.in_(select(CaseTerm.case_id).where(CaseTerm.term == "watch"))
    return select(Case.id).where(*open_cases, asked).order_by(*_nearest()).limit(MOST)


def watches(office_ids: list[int], today: date) -> Watches:
    """The watches that were not ended, MOST at most: the answered ones after those that wait.

    Last those whose case closed unanswered within KEPT: nobody ends them (解除督办) any more, and whoever asked
    must not find them gone.
    """
    mine_ = select(Case.id).where(Case.office_id.in_(office_ids))
    open_ = mine_.where(Case.closed_on.is_(None), _under_watch("end_watch"))
    closed = mine_.where(Case.closed_on >= today - KEPT, _under_watch("end_watch", "answer_watch"))
    clauses: list[ColumnElement[bool]] = [Case.id.in_(union_all(open_, closed))]
    query = select(Case).where(*clauses).options(joinedload(Case.particulars))
    found = watched(db.session.scalars(query.order_by(*_nearest()).limit(MOST)))
    found.sort(key=lambda one: (one[1].closed is not None, one[1].answer is not None))
    return Watches(found, len(found) if len(found) < MOST else how_many(clauses))


def _under_watch(*over: str) -> ColumnElement[bool]:
    """Put under watch, and none of these acts since; what was declared void (作废) is neither."""
    put, end = aliased(Event), aliased(Event)
    since = exists().where(end.case_id == put.case_id, end.act.in_(over), end.seq > put.seq, ~_void(end))
    return exists().where(put.case_id == Case.id, put.act == "watch", ~_void(put), ~since)


def _nearest() -> tuple[ColumnElement[Any], ...]:
    """Those to be answered before the others, the nearest day first."""
    until = select(CaseTerm.due_on).where(CaseTerm.case_id == Case.id, CaseTerm.term == "watch")
    day = until.limit(1).scalar_subquery()
    return Case.closed_on.is_not(None), day.is_(None), day, Case.id  # type: ignore[return-value]


def watched(of: Iterable[Case]) -> list[tuple[Case, Watched]]:
    """The watches of these cases that were not ended, the nearest day first."""
    cases = list(of)
    told = _told(cases)
    found = [(case, watch) for case in cases if (watch := _not_ended(*told[case.id]))]
    return sorted(found, key=lambda one: (one[1].watch.until, one[0].id))


def _told(cases: Iterable[Case]) -> dict[int, tuple[CaseFile, dict[int, Said]]]:
    """Each case as its events tell it, with what was said; one query for all, none where there is no case."""
    events: dict[int, list[Event]] = {case.id: [] for case in cases}
    notes: dict[int, Note] = {}
    people: dict[int, str] = {}
    for event, note, name in db.session.execute(recorded(list(events))) if events else ():
        events[event.case_id].append(event)
        if event.actor_id:
            people[event.actor_id] = name
        if note:
            notes[note.id] = note
    return {
        case_id: (replay(record.entry_of(e) for e in mine_), said(mine_, notes, people))
        for case_id, mine_ in events.items()
    }


# -- the register --------------------------------------------------------------------------------

STATES = {"": "全部", "missing": "待登记", "registered": "已登记"}


def counts(office_ids: list[int], year: int, today: date) -> dict[str, int]:
    """How many stand in the register of a year, by STATES."""
    done_too = func.count().filter(accounted())
    query = select(func.count(), done_too).select_from(Case).where(_late(office_ids, year, today))
    whole, done = db.session.execute(query).one()
    return {"": whole, "missing": whole - done, "registered": done}


def register(
    office_ids: list[int],
    year: int,
    state: str,
    today: date,
    newest: Calendar,
    after: int = 0,
    before: int = 0,
) -> tuple[CasePage, list[Late]]:
    """A page of the register of a year: the replies sent late in it, and of this year what is overdue now.

    And what was overdue when it was closed in the year without a reply: an end wipes out nothing that somebody has
    to answer for. Else the same cases that 监督 counts as 逾期办结 and 逾期未答复, and beside them the re-replies
    (重新答复) that the office doesn't count: they are in no rate, but a day set by law passed all the same. Raises
    KeyError for an unknown state.
    """
    found = case_page(_of_state(office_ids, year, state, today), after, before)
    return found, late(found.cases, today, newest)


def whole_register(
    office_ids: list[int], year: int, state: str, today: date, newest: Calendar
) -> Iterable[Late]:
    """All of it, a page at a time, for a file."""
    clauses, after = _of_state(office_ids, year, state, today), 0
    query = select(Case).where(*clauses).options(joinedload(Case.particulars)).order_by(Case.id)
    while cases := list(db.session.scalars(query.where(Case.id > after).limit(MOST))):
        yield from late(cases, today, newest)
        after = cases[-1].id


def late(cases: Iterable[Case], today: date, newest: Calendar) -> list[Late]:
    """The lines of late cases, each by the calendar it is decided with."""
    kept = list(cases)
    told, found = _told(kept), list[Late]()
    for case in kept:
        calendar = newest if case.closed_on is None else store.edition(case.calendar_version)
        file, says = told[case.id]
        ticking, last = file.clock(calendar), case.closed_on or today
        due = ticking.due if ticking and ticking.due else last
        found.append(Late(case, due, calendar.count(due, last), accountability_of(file, says)))
    return found


def _of_state(office_ids: list[int], year: int, state: str, today: date) -> list[ColumnElement[bool]]:
    by_state = {"": [], "missing": [~accounted()], "registered": [accounted()]}
    return [_late(office_ids, year, today), *by_state[state]]


def _late(office_ids: list[int], year: int, today: date) -> ColumnElement[bool]:
    """Each part by its own index; the re-replies that no rate counts are in both (see ``register``)."""
    mine_ = Case.office_id.in_(office_ids)
    first, last = date(year, 1, 1), date(year, 12, 31)
    sent, closed = Case.replied_on.between(first, last), Case.closed_on.between(first, last)
    parts: list[Select[int]] = [
        select(Case.id).where(mine_, sent, Case.on_time.is_(False)),
        select(Case.id).where(mine_, closed, missed()),
    ]
    if year == today.year:
        parts.append(
            select(Case.id).where(mine_, Case.closed_on.is_(None), running(today), Case.due_on < today)
        )
    return Case.id.in_(union_all(*parts))


def missed() -> ColumnElement[bool]:
    """Overdue when it was closed without a reply: only then the row keeps the day."""
    return and_(Case.replied_on.is_(None), Case.closed_on > Case.due_on)


def accounted() -> ColumnElement[bool]:
    """Something was registered, and was not declared void (作废)."""
    held = aliased(Event)
    return exists().where(held.case_id == Case.id, held.act == "hold_accountable", ~_void(held))


def _void(event: Any) -> ColumnElement[bool]:
    """This event of a case was declared void."""
    fix = aliased(Event)
    return exists().where(
        fix.case_id == event.case_id,
        fix.act == "correct",
        fix.details["target"].as_integer() == event.seq,
        fix.details[("changes", "void")].as_boolean(),
    )
