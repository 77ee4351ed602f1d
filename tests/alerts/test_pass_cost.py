"""A pass reads the terms that run, by their indexes; what is closed costs it nothing."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from tests.support.statements import Statement, listening

if TYPE_CHECKING:
    from tests.support.office import DeskOffice

DUE = date(2026, 10, 26)
NOW = datetime(2026, 10, 26, 1, tzinfo=UTC)


def ten_years(office: DeskOffice) -> None:
    """Four thousand closed cases beside three open ones, known to the planner."""
    from sqlalchemy import text

    from caseflow.db import dialect, transaction
    from tests.reports.register import replied

    with transaction() as session:
        for n in range(4000):
            day = date(2016 + n // 400, 3, 2)
            closed = {"stage": "archived", "archived_on": day}
            session.add(replied(office.id, f"{n}", day, day, day, **closed))
    for _ in range(3):
        office.accepted(date(2026, 9, 21))
    with transaction() as session:
        if dialect() == "postgresql":
            session.execute(text("ANALYZE"))


def whole_tables(statement: Statement) -> set[str]:
    """The tables that a statement reads from end to end, or an index of theirs, in the database's own plan."""
    from caseflow.db import dialect, transaction

    words, values = statement
    explain = "EXPLAIN QUERY PLAN" if dialect() == "sqlite" else "EXPLAIN"
    with transaction() as session:
        steps = session.connection().exec_driver_sql(f"{explain} {words}", values).all()
    if dialect() == "sqlite":
        return set(re.findall(r"SCAN (\w+)", "\n".join(step[3] for step in steps)))
    return set(re.findall(r'Seq Scan on "?(\w+)', "\n".join(step[0] for step in steps)))


def test_a_pass_reads_no_closed_case(office: DeskOffice) -> None:
    from caseflow.alerts import ladder
    from caseflow.calendars import store
    from caseflow.db import db

    ten_years(office)
    with listening(db.engine) as said:
        assert ladder.make_pass(DUE, NOW, store.current()) == {"alerts": 3, "shown": 6, "letters": 0}
    about_cases = [one for one in said if "case_term" in one[0]]
    assert len(about_cases) == 3  # which last days; what is new; whom it is shown
    for statement in about_cases:
        assert "case" not in whole_tables(statement), statement[0]


def test_whole_tables_are_seen_where_they_are_read(office: DeskOffice) -> None:
    """The test above could not fail otherwise."""
    ten_years(office)
    assert "case" in whole_tables(("SELECT id FROM \"case\" WHERE handler = '王敏'", ()))
