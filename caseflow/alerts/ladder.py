"""What is due: the rungs of warning before the last day of each term, computed from how the cases stand.

Nothing here asks whether a day equals today, so a missed week is caught up by the next pass: each term
of a case gets the one rung that holds now. Unique keys make a repeated or a simultaneous pass harmless.
An alert keeps the earliest day for which it was raised; whoever it concerns by the working days left that
day is shown the most urgent one that stands.

The work is that of the terms that run, whatever the history weighs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from time import monotonic
from typing import Any, cast

from sqlalchemy import (
    CTE,
    ColumnElement,
    CursorResult,
    Date,
    Insert,
    Integer,
    Select,
    String,
    and_,
    column,
    exists,
    literal,
    select,
    true,
    values,
)  # fmt: skip
from sqlalchemy.orm import Session, aliased

from ..db import Inserts, insert, transaction
from ..law.terms import report_day, rung_of
from ..law.workdays import Calendar
from ..models import Alert, AlertRecipient, Case, CaseTerm, Office, Person, SignedYear
from . import deputies, inbox, lease, mail, rules, runs
from .concern import AsOf, concerns, running, stands_for

REPORT = "annual_report"
REPORT_STANDS = timedelta(days=30)  # so long after its day a missed pass still warns of the report
AT_ONCE = 2000  # last days in one statement

Rung = tuple[str, date, int]  # term, last day, rung
Pairs = list[tuple[int, int]]  # who is away, who stands in

_handler, _principal, _other = aliased(Person), aliased(Person), aliased(Alert)


def make_pass(today: date, now: datetime, calendar: Calendar, token: int = 0) -> dict[str, int]:
    """One pass for the morning of ``today``: all of it is written, or nothing.

    ``token`` is that of the lead under which the scheduler works, 0 for a command. Returns how many
    alerts were new, to how many people one was newly shown, and how many letters tell of it. Raises
    Superseded.
    """
    begun = monotonic()
    with transaction() as session:
        run_id = runs.begin(session, today, token, now)
        stand_ins, as_of = deputies.stand_ins(session, today), AsOf.of(today, calendar)
        counts = {"alerts": 0, "shown": 0}
        for rungs in _batches(reached(session, today, calendar)):
            counts["alerts"] += _raise_alerts(session, rungs, today, now)
            counts["shown"] += _show_alerts(session, rungs, today, as_of, stand_ins)
        for office_id, rung in _reports(session, today, calendar):
            counts["alerts"] += _raise_report(session, office_id, rung, today, now)
            counts["shown"] += _show_report(session, office_id, rung, today, as_of, stand_ins)
        standing, by_clock = inbox.standing_ids(), bool(token)
        counts["letters"] = mail.compose(session, today, now, calendar, standing, by_clock)
        if token:
            lease.fence(session, token)
        runs.finish(session, run_id, counts, now + timedelta(seconds=monotonic() - begun))
    return counts


def reached(session: Session, today: date, calendar: Calendar) -> Iterator[Rung]:
    """Each last day of a term on which some case stands at a rung today."""
    ladders = rules.ladders(session)
    horizon = calendar.add(today, max(ladder.first for ladder in ladders.values()) + 1)
    days = (
        select(CaseTerm.term, CaseTerm.due_on)
        .join(Case, Case.id == CaseTerm.case_id)
        .where(running(today), CaseTerm.due_on < horizon)
        .distinct()
    )
    for term, due in session.execute(days.order_by(CaseTerm.term, CaseTerm.due_on)):
        ladder = ladders[term]
        rung = rung_of(due, today, calendar, ladder.rungs, ladder.overdue)
        if rung is not None:
            yield term, due, rung


def _batches(rungs: Iterator[Rung]) -> Iterator[CTE]:
    shape = (column("term", String), column("due_on", Date), column("rung", Integer))
    while some := list(islice(rungs, AT_ONCE)):
        yield values(*shape, name="reached").data(some).cte("reached", nesting=True)


def _raise_alerts(session: Session, rungs: CTE, today: date, now: datetime) -> int:
    """New ones, and those that were raised for a later day: they hold from this one on."""
    stands = exists().where(
        _other.case_id == Case.id, _other.term == CaseTerm.term, _other.due_on == CaseTerm.due_on,
        _other.rung == rungs.c.rung, _other.raised_on <= today,
    )  # fmt: skip
    due = (
        select(
            Case.office_id, Case.id, CaseTerm.term, CaseTerm.due_on, rungs.c.rung,
            literal(today, Alert.raised_on.type), literal(now, Alert.created_at.type),
        )
        .join(CaseTerm, CaseTerm.case_id == Case.id)
        .join(rungs, and_(rungs.c.term == CaseTerm.term, rungs.c.due_on == CaseTerm.due_on))
        .where(running(today), ~stands)
        .distinct()  # two consultations may end on the same day
    )  # fmt: skip
    names = ["office_id", "case_id", "term", "due_on", "rung", "raised_on", "created_at"]
    statement = insert(session, Alert).from_select(names, _inside(due), include_defaults=False)
    key = [Alert.case_id, Alert.term, Alert.due_on, Alert.rung]
    return _written(session, statement.on_conflict_do_update(index_elements=key, **_earlier(statement)))


def _show_alerts(session: Session, rungs: CTE, today: date, as_of: AsOf, stand_ins: Pairs) -> int:
    """The alert that stands for each term that has reached a rung, to whom it concerns by now: also to
    whom the case came since (改派), who stands in, and who is to know of it from so few days on."""
    shown = (
        select(Alert.id, Person.id)
        .select_from(rungs)
        .join(CaseTerm, and_(CaseTerm.term == rungs.c.term, CaseTerm.due_on == rungs.c.due_on))
        .join(Case, Case.id == CaseTerm.case_id)
        .join(Alert, and_(
            Alert.case_id == CaseTerm.case_id, Alert.term == CaseTerm.term, Alert.due_on == CaseTerm.due_on
        ))
        .outerjoin(_handler, _handler.id == Case.handler_id)
        .join(_principal, concerns(_principal, as_of, _handler))
        .join(Person, stands_for(Person.id, _principal, stand_ins))
        .where(running(today), _stands(today, rungs.c.rung, lambda other: other.case_id == Alert.case_id))
        .distinct()
    )  # fmt: skip
    return _show(session, shown)


def _stands(
    today: date, reached: ColumnElement[int] | int, of_case: Callable[[type[Alert]], ColumnElement[bool]]
) -> ColumnElement[bool]:
    """Whether the alert is the most urgent one of its term that was raised by that day: that of the rung
    reached, or a more urgent one of a ladder that was changed since."""
    same = of_case(_other), _other.term == Alert.term, _other.due_on == Alert.due_on
    replaced = exists().where(*same, _other.rung < Alert.rung, _other.raised_on <= today)
    return and_(Alert.rung <= reached, Alert.raised_on <= today, ~replaced)


# -- the office's own term: the annual report ----------------------------------------------------


def _reports(session: Session, today: date, calendar: Calendar) -> Iterator[tuple[int, Rung]]:
    """The offices whose report on last year is near its day and not signed yet (art. 49)."""
    ladder, year = rules.ladders(session)[REPORT], today.year - 1
    is_signed = exists().where(SignedYear.office_id == Office.id, SignedYear.year == year)
    waiting = select(Office.id, Office.government).where(~is_signed).order_by(Office.id)
    for office_id, government in session.execute(waiting):
        due = report_day(year, government)
        rung = rung_of(due, today, calendar, ladder.rungs, ladder.overdue)
        if rung is not None and today <= due + REPORT_STANDS:
            yield office_id, (REPORT, due, rung)


def _raise_report(session: Session, office_id: int, rung: Rung, today: date, now: datetime) -> int:
    term, due, step = rung
    row = {"office_id": office_id, "case_id": None, "term": term, "due_on": due, "rung": step}
    statement = insert(session, Alert).values(raised_on=today, created_at=now, **row)
    again = statement.on_conflict_do_update(
        index_elements=[Alert.office_id, Alert.term, Alert.due_on, Alert.rung],
        index_where=Alert.case_id.is_(None), **_earlier(statement),
    )  # fmt: skip
    return _written(session, again)


def _show_report(
    session: Session, office_id: int, rung: Rung, today: date, as_of: AsOf, stand_ins: Pairs
) -> int:
    term, due, step = rung
    mine = and_(Alert.case_id.is_(None), Alert.office_id == office_id, Alert.term == term)
    shown = (
        select(Alert.id, Person.id)
        .join(_principal, concerns(_principal, as_of))
        .join(Person, stands_for(Person.id, _principal, stand_ins))
        .where(mine, Alert.due_on == due, _stands(today, step, lambda other: and_(
            other.case_id.is_(None), other.office_id == office_id
        )))
        .distinct()
    )  # fmt: skip
    return _show(session, shown)


# -- writing -------------------------------------------------------------------------------------


def _show(session: Session, shown: Select[*tuple[Any, ...]]) -> int:
    """Whom it was shown already is passed over."""
    statement = insert(session, AlertRecipient).from_select(
        ["alert_id", "person_id"], _inside(shown), include_defaults=False
    )
    return _written(session, statement.on_conflict_do_nothing())


def _inside(rows: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """SQLite counts nothing for a statement that begins with WITH, so what the select says before it
    goes inside."""
    return select(rows.subquery("new")).where(true())


def _earlier(statement: Inserts) -> dict[str, Any]:
    """Where the row stands already: it takes over the day of this pass if that is the earlier one."""
    day = statement.excluded.raised_on
    return {"set_": {"raised_on": day}, "where": Alert.raised_on > day}


def _written(session: Session, statement: Insert) -> int:
    """How many rows were new."""
    options = {"preserve_rowcount": True}
    return cast(CursorResult[Any], session.execute(statement, execution_options=options)).rowcount
