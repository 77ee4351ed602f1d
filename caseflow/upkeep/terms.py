"""The running terms of cases that came from a schema without them: derived anew, once."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, insert, or_, select

from ..calendars import store
from ..db import db, transaction
from ..law.replay import replay
from ..models import Case, CaseTerm
from ..stages import record


def fill() -> int:
    """Write the terms of cases that lack them; returns how many cases. Costs one look where none does.

    Each by the edition of the calendar its row names. Called after every migration.
    """
    missing = select(Case).where(_lacks()).order_by(Case.id)
    if db.session.scalar(select(missing.exists())) is not True:
        return 0
    with transaction() as session:
        lengths = record.term_lengths(session)
        cases = session.scalars(missing.with_for_update()).all()
        for case in cases:
            file, calendar = replay(record.entries(session, case.id)), store.edition(case.calendar_version)
            if rows := record.term_rows(case.id, file, calendar, lengths, case.imported):
                session.execute(insert(CaseTerm), rows)
        return len(cases)


def _lacks() -> ColumnElement[bool]:
    """No term, though one must run: to reply, or to archive what was closed at the desk."""
    running = and_(Case.closed_on.is_(None), Case.due_on.is_not(None))
    unarchived = and_(Case.stage == "archive", Case.imported.is_(False), Case.received_on.is_not(None))
    waiting = and_(Case.closed_on.is_(None), Case.hold_until.is_not(None))
    return and_(or_(running, waiting, unarchived), ~exists().where(CaseTerm.case_id == Case.id))
