"""The book of passes: one row for each morning, so that a missed one is seen and made up for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..db import db, transaction
from ..law.workdays import Calendar
from ..models import JobRun
from .upsert import insert

JOB = "alerts"
AHEAD = timedelta(hours=8)  # China's clock is eight hours before UTC's, without summer time


def morning(day: date) -> datetime:
    """08:00 of a day in China, which is midnight UTC."""
    return datetime.combine(day, time(), UTC)


def last_morning(now: datetime, calendar: Calendar) -> datetime:
    """The last 08:00 of a working day, make-up weekends (调休) included, that is not after ``now``."""
    day = now.astimezone(UTC).date()
    while not calendar.is_working(day):
        day -= timedelta(days=1)
    return morning(day)


def made(now: datetime, calendar: Calendar) -> bool:
    """Whether the pass of the last working morning, or one after it, was made.

    A pass made for a day still to come (``alerts run --today``) says nothing about this morning.
    """
    query = select(JobRun.id).where(
        JobRun.job == JOB,
        JobRun.ended_at.is_not(None),
        JobRun.planned_for.between(last_morning(now, calendar), now + AHEAD),
    )
    return db.session.scalar(query.limit(1)) is not None


def last() -> datetime | None:
    """When the last pass ended, None before the first."""
    return db.session.scalar(select(func.max(JobRun.ended_at)).where(JobRun.job == JOB))


def begin(session: Session, day: date, token: int, now: datetime) -> int:
    """Enter a run, or its repetition. Holds the row: a second pass for the morning waits for the first."""
    row = insert(session, JobRun).values(
        job=JOB, planned_for=morning(day), token=token, started_at=now, counts={}, error=""
    )
    again = row.on_conflict_do_update(
        index_elements=[JobRun.job, JobRun.planned_for],
        set_={"token": token, "started_at": now, "error": ""},
    )
    return session.execute(again.returning(JobRun.id)).scalar_one()


def finish(session: Session, run_id: int, counts: Mapping[str, int], now: datetime) -> None:
    """Enter what a run did; becomes true with the run's own commit."""
    run = session.get_one(JobRun, run_id, populate_existing=True)
    run.ended_at, run.counts = now, dict(counts)


def failed(day: date, token: int, now: datetime, error: str) -> None:
    """Enter why a run wrote nothing; an earlier run of that morning keeps its end."""
    with transaction() as session:
        run = session.get_one(JobRun, begin(session, day, token, now))
        run.error = error
