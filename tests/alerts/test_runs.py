"""The book of passes: which morning a pass is for, and when one is missing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

if TYPE_CHECKING:
    from tests.support.office import DeskOffice

CHINA = ZoneInfo("Asia/Shanghai")


def china(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


def make_pass(today: date, now: datetime) -> None:
    from caseflow.alerts import ladder
    from caseflow.calendars import store

    ladder.make_pass(today, now, store.current())


def made(now: datetime) -> bool:
    from caseflow.alerts import runs
    from caseflow.calendars import store

    return runs.made(now, store.current())


@pytest.mark.parametrize(
    ("now", "last"),
    [
        (china(10, 26, 8), china(10, 26, 8)),  # Monday
        (china(10, 26, 7, 59), china(10, 23, 8)),  # before eight: still Friday's
        (china(10, 26, 23, 59), china(10, 26, 8)),
        (china(10, 25, 12), china(10, 23, 8)),  # Sunday
        (china(10, 8, 7), china(9, 30, 8)),  # the holidays of early October
        (china(10, 10, 9), china(10, 10, 8)),  # a Saturday that is worked
    ],
)
def test_the_last_working_morning(now: datetime, last: datetime) -> None:
    from caseflow.alerts import runs
    from caseflow.calendars.seed import shipped

    assert runs.last_morning(now, shipped()) == last


def test_a_pass_is_missing_from_eight_until_it_is_made(office: DeskOffice) -> None:
    make_pass(date(2026, 10, 23), china(10, 23, 8))
    assert made(china(10, 26, 7, 59))
    assert not made(china(10, 26, 8))
    make_pass(date(2026, 10, 26), china(10, 26, 14))
    assert made(china(10, 26, 14))
    assert not made(china(10, 27, 8))


def test_a_pass_made_on_a_day_off_stands_for_the_working_day_before(office: DeskOffice) -> None:
    make_pass(date(2026, 10, 24), china(10, 24, 11))
    assert made(china(10, 24, 12))
    assert not made(china(10, 26, 8))


@pytest.mark.parametrize("started", [china(10, 26, 0, 30), china(10, 26, 3), china(10, 26, 7, 59)])
def test_a_pass_made_before_eight_does_not_stand_for_the_mornings(
    office: DeskOffice, started: datetime
) -> None:
    """It writes no letters."""
    make_pass(date(2026, 10, 26), started)
    assert made(china(10, 26, 7, 59))
    assert not made(china(10, 26, 8))


def test_a_pass_tried_for_a_day_to_come_hides_no_missing_morning(office: DeskOffice) -> None:
    make_pass(date(2027, 3, 1), china(10, 26, 9))
    assert not made(china(10, 26, 9))


def test_a_failed_pass_is_entered_with_its_reason_and_still_missing(office: DeskOffice) -> None:
    from caseflow.alerts import runs
    from caseflow.db import db
    from caseflow.models import JobRun

    runs.failed(date(2026, 10, 26), 7, china(10, 26, 8), "OperationalError: disk full")
    (run,) = db.session.scalars(select(JobRun))
    assert (run.error, run.ended_at, run.token) == ("OperationalError: disk full", None, 7)
    assert not made(china(10, 26, 9))
    make_pass(date(2026, 10, 26), china(10, 26, 8, 20))
    (run,) = db.session.scalars(select(JobRun).execution_options(populate_existing=True))
    assert run.error == ""
    assert run.ended_at is not None
    assert timedelta(0) <= run.ended_at - china(10, 26, 8, 20) < timedelta(minutes=1)


def test_every_hour_has_a_row_of_its_own(office: DeskOffice) -> None:
    from caseflow.db import db
    from caseflow.models import JobRun

    for hour, minute in ((7, 10), (8, 0), (8, 59), (9, 0), (17, 30), (22, 15)):
        make_pass(date(2026, 10, 26), china(10, 26, hour, minute))
    make_pass(date(2026, 10, 29), china(10, 26, 23))  # a day to come: its morning
    planned = db.session.scalars(select(JobRun.planned_for).order_by(JobRun.planned_for))
    hours = [(then.astimezone(CHINA).day, then.astimezone(CHINA).hour) for then in planned]
    assert hours == [(26, 7), (26, 8), (26, 9), (26, 17), (26, 22), (29, 8)]


def test_a_pass_is_due_each_hour_of_the_working_day_and_only_then(office: DeskOffice) -> None:
    from caseflow.alerts import runs
    from caseflow.calendars import store

    def due(now: datetime) -> bool:
        return runs.is_due(now, store.current())

    make_pass(date(2026, 10, 23), china(10, 23, 8, 1))
    assert not due(china(10, 23, 8, 59))
    assert due(china(10, 23, 9))
    make_pass(date(2026, 10, 23), china(10, 23, 9, 30))
    assert not due(china(10, 23, 9, 59))
    assert not due(china(10, 23, 8, 30))  # the clock was set back an hour: that pass was made
    assert due(china(10, 23, 17, 59))
    assert not due(china(10, 23, 18))
    assert not due(china(10, 24, 10))  # Saturday
    assert due(china(10, 26, 8))


def test_a_morning_that_was_missed_is_made_up_for_at_any_hour(office: DeskOffice) -> None:
    from caseflow.alerts import runs
    from caseflow.calendars import store

    make_pass(date(2026, 10, 22), china(10, 22, 8))
    assert runs.is_due(china(10, 23, 21), store.current())
    assert runs.is_due(china(10, 24, 10), store.current())


def test_the_morning_is_when_the_office_opens(office: DeskOffice) -> None:
    from datetime import time

    from caseflow.alerts import runs
    from caseflow.calendars.seed import shipped

    assert runs.last_morning(china(10, 26, 8, 45), shipped(), time(9, 30)) == china(10, 23, 9, 30)
    assert runs.last_morning(china(10, 26, 9, 30), shipped(), time(9, 30)) == china(10, 26, 9, 30)


def test_a_failure_after_a_pass_was_made_takes_nothing_back(office: DeskOffice) -> None:
    from caseflow.alerts import runs

    make_pass(date(2026, 10, 26), china(10, 26, 8))
    runs.failed(date(2026, 10, 26), 1, china(10, 26, 12), "RuntimeError: x")
    assert made(china(10, 26, 12))


ON_TIME = (
    # the last pass of Monday 26 October, a moment, whether the passes keep up then
    (china(10, 26, 8), china(10, 26, 10, 59), True),
    (china(10, 26, 8), china(10, 26, 11), False),  # those of nine, ten and eleven are missing
    (china(10, 26, 12), china(10, 26, 14, 59), True),
    (china(10, 26, 12), china(10, 26, 15), False),
    (china(10, 26, 14), china(10, 26, 17, 59), False),
    (china(10, 26, 14), china(10, 26, 23), False),  # nor does closing time set it right
    (china(10, 26, 15), china(10, 26, 23), True),  # the last one planned was that of 17:00
    (china(10, 26, 15), china(10, 27, 7, 59), True),
    (china(10, 26, 17), china(10, 27, 8), False),
)


@pytest.mark.parametrize(("last", "now", "well"), ON_TIME)
def test_a_pass_within_the_hours_is_late_after_two_further_ones_are_missing(
    office: DeskOffice, last: datetime, now: datetime, well: bool
) -> None:
    from caseflow.alerts import runs
    from caseflow.calendars import store

    make_pass(date(2026, 10, 26), last)
    assert runs.on_time(now, store.current()) is well


def test_the_last_good_pass_is_not_one_for_a_day_to_come(office: DeskOffice) -> None:
    from caseflow.alerts import runs

    make_pass(date(2026, 10, 23), china(10, 23, 8))
    make_pass(date(2027, 3, 1), china(10, 26, 9))
    last = runs.last(china(10, 26, 9))
    assert last is not None
    assert last.astimezone(CHINA).date() == date(2026, 10, 23)
