"""What needs somebody today, and which week a day is in."""

from __future__ import annotations

from datetime import date, timedelta

from caseflow.reports import agenda
from tests.support.office import DeskOffice, row

MONDAY = date(2026, 9, 14)
MAKE_UP = date(2026, 9, 20)  # a Sunday worked for the National Day holiday


def test_a_week_ends_with_its_sunday_which_may_be_worked(office: DeskOffice) -> None:
    case_id = office.accepted(date(2026, 8, 24))
    assert (row(case_id).due_on, MAKE_UP.weekday()) == (MAKE_UP, 6)
    for days in range(6):
        assert agenda.counts(office.id, None, MONDAY + timedelta(days=days)).of["week"] == 1
    assert agenda.counts(office.id, None, MAKE_UP).of["today"] == 1
    assert agenda.counts(office.id, None, MONDAY - timedelta(days=1)).of["later"] == 1
