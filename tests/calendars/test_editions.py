"""The calendar in the database is the one that the package ships."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caseflow.law.workdays import Calendar, days_between
from tests.law.days import CALENDAR, day

if TYPE_CHECKING:
    from flask import Flask


def test_the_years_entered_by_the_migrations_are_those_of_the_notices(app: Flask) -> None:
    from caseflow.calendars import store

    with app.app_context():
        entered = store.current()
    assert entered.version == 1
    assert entered.official == frozenset(range(2004, 2027))
    for one in days_between(day("周四 2004-01-01"), day("周四 2026-12-31")):
        assert entered.is_working(one) == CALENDAR.is_working(one), one


def test_an_edition_is_built_once_a_process(app: Flask) -> None:
    from caseflow.calendars import store

    with app.app_context():
        assert store.current() is store.edition(1)
        assert isinstance(store.edition(0), Calendar)
        assert store.edition(0).official == frozenset()
