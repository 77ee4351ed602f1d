"""Several hands at once: no number lost or given twice, one act wins, the other is told."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, text

from tests.support.children import together
from tests.support.office import row, seq

if TYPE_CHECKING:
    from flask import Flask

    from caseflow.config import Settings
    from tests.support.office import DeskOffice

TODAY = date(2026, 9, 21)


def test_four_processes_taking_numbers_at_once_leave_no_gap_and_no_double(
    office: DeskOffice, settings: Settings
) -> None:
    from caseflow.db import db
    from caseflow.models import Case, Event

    taken = together(settings, 4, "register", asdict(office), TODAY.isoformat(), 25)
    numbers = [number for process in taken for number in process]
    assert sorted(numbers) == sorted(f"2026-{n}" for n in range(1, 101))
    assert sorted(db.session.scalars(select(Case.number))) == sorted(numbers)
    events = db.session.execute(select(Event.case_id, Event.seq)).all()
    assert len(events) == 100
    assert all(number == 1 for _, number in events)


def test_of_two_people_on_one_case_one_acts_and_the_other_is_told_that_it_changed(
    office: DeskOffice, settings: Settings
) -> None:
    from caseflow.db import db

    case_id = office.accepted(TODAY)
    seen = seq(case_id)
    db.session.rollback()
    said = together(settings, 2, "draft", asdict(office), TODAY.isoformat(), case_id, seen)
    assert sorted(said) == ["changed", "written"]
    assert row(case_id).seq == seen + 1


def test_of_two_people_issuing_one_letter_one_does_and_no_number_is_lost(
    office: DeskOffice, settings: Settings
) -> None:
    from caseflow.db import db
    from caseflow.models import Letter
    from caseflow.stages import letters

    first, second = office.accepted(TODAY), office.accepted(TODAY)
    said = together(settings, 2, "issue", asdict(office), TODAY.isoformat(), first, seq(first))
    assert sorted(said) == ["changed", "狮政公开回〔2026〕第1号"]
    letters.issue(office.work("clerk", TODAY), second, seq(second), "receipt", 1, {})
    assert sorted(db.session.execute(select(Letter.case_id, Letter.n)).all()) == [(first, 1), (second, 2)]


def test_a_process_frozen_inside_a_transaction_is_cut_off_after_a_minute(app: Flask) -> None:
    """SQLite has no such thing: there a frozen writer keeps the others out until it goes on or ends."""
    from caseflow.db import db

    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            line: Any = db.session.connection().connection.dbapi_connection
            assert line.info.options == "", "pgbouncer lets nobody in who says it while connecting"
            db.session.rollback()
            assert db.session.scalar(text("SHOW idle_in_transaction_session_timeout")) == "1min"
        else:
            assert db.session.scalar(text("PRAGMA busy_timeout")) == 15_000


def test_a_line_that_the_server_ended_after_the_page_was_made_spoils_no_answer(app: Flask) -> None:
    from caseflow.db import db

    with app.app_context():
        line = db.session.connection().connection.dbapi_connection
        assert line is not None
        line.close()
    with app.app_context():
        assert db.session.scalar(text("SELECT 1")) == 1
