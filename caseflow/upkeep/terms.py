"""The running terms of cases that came from an earlier program: derived anew, once."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, and_, exists, insert, or_, select

from ..calendars import store
from ..db import db, transaction
from ..law.casefile import CaseFile
from ..law.replay import replay
from ..models import Case, CaseTerm, Event
from ..stages import record


def fill() -> int:
    """Bring the terms of cases that an earlier program wrote up to date; returns how many cases.

    Each by the edition of the calendar its row names. Called after every migration.
    """
    return _missing() + _payments()


def _missing() -> int:
    """Write the terms of cases that lack them. Costs one look where none does."""
    missing = select(Case).where(_lacks()).order_by(Case.id)
    if db.session.scalar(select(missing.exists())) is not True:
        return 0
    with transaction() as session:
        lengths = record.term_lengths(session)
        cases = session.scalars(missing.with_for_update()).all()
        for case in cases:
            calendar = store.edition(case.calendar_version)
            if rows := record.term_rows(case.id, _file(case), calendar, lengths, case.imported):
                session.execute(insert(CaseTerm), rows)
        return len(cases)


def _payments() -> int:
    """The last day to pay used to be kept with its notice: an edition entered since did not move it."""
    notice = exists().where(
        Event.case_id == Case.id, Event.act == "fee_notice", Event.calendar_version < Case.calendar_version
    )
    waiting = select(Case).where(Case.closed_on.is_(None), Case.waiting == "fee", notice)
    stale = [case.id for case in db.session.scalars(waiting) if _hold(case) != case.hold_until]
    if not stale:
        return 0
    with transaction() as session:
        for case in session.scalars(select(Case).where(Case.id.in_(stale)).with_for_update()):
            record.summarise(session, case, _file(case), store.edition(case.calendar_version))
    return len(stale)


def _file(case: Case) -> CaseFile:
    return replay(record.entries(db.session(), case.id))


def _hold(case: Case) -> date | None:
    clock = _file(case).clock(store.edition(case.calendar_version))
    return clock.hold_until if clock else None


def _lacks() -> ColumnElement[bool]:
    """No term, though one must run: to reply, or to archive what was closed at the desk."""
    running = and_(Case.closed_on.is_(None), Case.due_on.is_not(None))
    unarchived = and_(Case.stage == "archive", Case.imported.is_(False), Case.received_on.is_not(None))
    waiting = and_(Case.closed_on.is_(None), Case.hold_until.is_not(None))
    return and_(or_(running, waiting, unarchived), ~exists().where(CaseTerm.case_id == Case.id))
