"""When passes are made: at the start, on working mornings at eight, and again while one is missing."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import select, text

if TYPE_CHECKING:
    from flask import Flask

    from caseflow.alerts.schedule import Schedule
    from caseflow.models import JobRun

MONDAY = datetime(2026, 10, 26, 0, 0, 5, tzinfo=UTC)  # five seconds past eight in China


@pytest.fixture
def schedule(app: Flask) -> Schedule:
    """The jobs of one process; called by hand here, no thread runs."""
    from caseflow.alerts.schedule import Schedule

    return Schedule(app)


@pytest.fixture
def started(app: Flask) -> Iterator[Schedule]:
    """The jobs of one process, running."""
    from caseflow.alerts.schedule import Schedule

    schedule = Schedule(app)
    schedule.start()
    yield schedule
    schedule.stop()


def book(app: Flask) -> list[JobRun]:
    """The runs entered so far."""
    from caseflow.db import db
    from caseflow.models import JobRun

    with app.app_context():
        return list(db.session.scalars(select(JobRun).order_by(JobRun.id)))


def mornings(app: Flask) -> list[date]:
    return [run.planned_for.date() for run in book(app)]


def first_run(app: Flask) -> JobRun:
    """The first run entered, as soon as it is."""
    deadline = time.monotonic() + 20
    while not (runs := book(app)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert runs, "no pass was made"
    return runs[0]


def test_whoever_comes_to_lead_makes_a_pass_at_once(app: Flask, started: Schedule) -> None:
    run = first_run(app)
    assert run.ended_at
    assert run.token == 1


def test_a_process_that_stops_gives_up_its_lead(app: Flask) -> None:
    from caseflow.alerts import lease
    from caseflow.alerts.schedule import Schedule

    schedule = Schedule(app)
    schedule.start()
    first_run(app)
    schedule.stop()
    with app.app_context():
        assert lease.take("next") == 2


def test_a_process_that_does_not_lead_makes_no_pass(app: Flask, schedule: Schedule) -> None:
    from caseflow.alerts import lease

    with app.app_context():
        lease.take("another")
    schedule.keep_lead()
    with time_machine.travel(MONDAY, tick=False):
        schedule.catch_up()
    schedule.pass_now()
    assert book(app) == []


def test_a_pass_is_made_each_hour_of_each_working_day(app: Flask, schedule: Schedule) -> None:
    """From Wednesday 30 September to Monday 12 October: seven days off, then a Saturday that is worked."""
    with time_machine.travel(datetime(2026, 9, 29, 9, 30, tzinfo=UTC), tick=False):
        schedule.keep_lead()
    for month, day in [(9, 30), *((10, n) for n in range(1, 13))]:
        for hour, minute in ((0, 0), (0, 59), (4, 0), (10, 0), (15, 0)):  # 8:00, 8:59, noon, 18:00, 23:00
            with time_machine.travel(datetime(2026, month, day, hour, minute, tzinfo=UTC), tick=False):
                schedule.catch_up()
    days = [(9, 30), (10, 8), (10, 9), (10, 10), (10, 12)]
    hours = [run.planned_for.replace(tzinfo=None) for run in book(app)[1:]]
    assert hours == [datetime(2026, month, day, hour) for month, day in days for hour in (0, 4)]


@pytest.mark.parametrize("hour", [0, 3, 7])
def test_a_process_started_before_opening_makes_the_mornings_pass_all_the_same(
    app: Flask, schedule: Schedule, hour: int
) -> None:
    midnight = datetime(2026, 10, 25, 16, tzinfo=UTC)  # in China
    with time_machine.travel(midnight + timedelta(hours=hour, minutes=10), tick=False):
        schedule.keep_lead()
    with time_machine.travel(MONDAY, tick=False):
        schedule.catch_up()
        schedule.catch_up()
    assert [run.planned_for for run in book(app)] == [midnight + timedelta(hours=n) for n in (hour, 8)]


def test_a_leader_followed_unawares_gives_up_without_writing(app: Flask, schedule: Schedule) -> None:
    from caseflow.alerts import lease

    schedule.keep_lead()
    with app.app_context():
        lease.release(schedule.holder)
        lease.take("another")
    with time_machine.travel(MONDAY, tick=False):
        schedule.pass_now()
    assert date(2026, 10, 26) not in mornings(app)
    assert schedule.token is None


def test_a_pass_that_fails_is_logged_entered_and_made_up_for(
    app: Flask, started: Schedule, caplog: pytest.LogCaptureFixture
) -> None:
    from caseflow.db import transaction

    first_run(app)
    with app.app_context(), transaction() as session:
        session.execute(text("DELETE FROM job_run"))
        session.execute(text("ALTER TABLE term_rule RENAME TO mislaid"))
    with caplog.at_level(logging.ERROR, "apscheduler"):
        started.scheduler.add_job(started.pass_now, id="again")
        run = first_run(app)
    assert run.ended_at is None
    assert "term_rule" in run.error
    deadline = time.monotonic() + 20  # it is logged after it is entered
    while "Schedule.pass_now" not in caplog.text and time.monotonic() < deadline:
        time.sleep(0.05)
    assert "Schedule.pass_now" in caplog.text
    with app.app_context(), transaction() as session:
        session.execute(text("ALTER TABLE mislaid RENAME TO term_rule"))
    started.catch_up()
    (run,) = book(app)
    assert run.ended_at
    assert run.error == ""


def test_the_jobs_run_by_chinas_clock_and_make_up_once_for_what_was_late(started: Schedule) -> None:
    jobs = {job.id: job for job in started.scheduler.get_jobs()}
    for name in ("lease", "alerts", "mail"):
        assert str(jobs[name].trigger.timezone) == "Asia/Shanghai"
        assert jobs[name].misfire_grace_time is None
        assert jobs[name].coalesce
        assert jobs[name].max_instances == 1
    eight = datetime(2026, 10, 26, 8, tzinfo=jobs["alerts"].trigger.timezone)
    assert jobs["alerts"].trigger.get_next_fire_time(None, eight) == eight


def test_the_jobs_go_on_when_the_clock_is_set_back(app: Flask, started: Schedule) -> None:
    """APScheduler would wait for the hour to come round again."""
    first_run(app)
    with time_machine.travel(datetime.now(UTC) - timedelta(hours=1), tick=True):
        started.set_right()
        deadline = time.monotonic() + 20
        while late_jobs(started) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert late_jobs(started) == []


def late_jobs(schedule: Schedule) -> list[str]:
    """The jobs that stand more than two minutes off."""
    limit = datetime.now(UTC) + timedelta(minutes=2)
    return [job.id for job in schedule.scheduler.get_jobs() if job.next_run_time > limit]


def test_somebody_looks_at_the_clock_by_a_clock_that_nobody_sets(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from caseflow.alerts import schedule as module

    looked = threading.Event()
    monkeypatch.setattr(module, "WATCH", 0.01)
    monkeypatch.setattr(module.Schedule, "set_right", lambda self: looked.set())
    schedule = module.Schedule(app)
    schedule.start()
    try:
        assert looked.wait(20)
    finally:
        schedule.stop()
