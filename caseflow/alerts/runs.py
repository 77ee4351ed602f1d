"""The book of passes: a row for each planned hour, so that a missed one is seen and made up for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..config import Hours, Settings
from ..db import db, extension_state, transaction
from ..law.workdays import Calendar
from ..models import JobRun
from .upsert import insert

JOB = "alerts"
EIGHT = time(8)
AHEAD = timedelta(hours=8)  # China's clock is eight hours before UTC's, without summer time
PASSES = 20260404  # our lock of this meaning, among the advisory locks of the database


def hours() -> Hours:
    """The hours of passes by the clock and of mail."""
    settings: Settings = extension_state("settings")
    return settings.mail_hours


def day_of(now: datetime) -> date:
    """The day in China."""
    return (now.astimezone(UTC) + AHEAD).date()


def midnight(now: datetime) -> datetime:
    """When that day began."""
    return morning(day_of(now), time())


def morning(day: date, opens: time = EIGHT) -> datetime:
    """When the day's first pass is planned: 08:00 in China unless the office opens at another hour."""
    return datetime.combine(day, opens, UTC) - AHEAD


def last_morning(now: datetime, calendar: Calendar, opens: time = EIGHT) -> datetime:
    """The last morning of a working day, make-up weekends (调休) included, that is not after ``now``."""
    day = day_of(now)
    if morning(day, opens) > now:
        day -= timedelta(days=1)
    while not calendar.is_working(day):
        day -= timedelta(days=1)
    return morning(day, opens)


def is_open(now: datetime, calendar: Calendar) -> bool:
    """Whether passes are made and mail goes out by the clock: within the hours of a working day."""
    clock = (now.astimezone(UTC) + AHEAD).time()
    return hours().holds(clock) and calendar.is_working(day_of(now))


def planned(day: date, now: datetime) -> datetime:
    """What a pass for ``day`` is entered as: today's is that of the last full hour, counted from the first
    pass, any other day's that of the morning."""
    first = morning(day, hours().opens)
    past = (now - first) // timedelta(hours=1)
    return first + timedelta(hours=max(past, 0)) if day == day_of(now) else first


def is_due(now: datetime, calendar: Calendar) -> bool:
    """Whether a pass is missing: this hour's within the hours, the last working morning's at any time."""
    if not made(now, calendar):
        return True
    return is_open(now, calendar) and not _ended(planned(day_of(now), now))


def made(now: datetime, calendar: Calendar) -> bool:
    """Whether the pass of the last working morning, or one after it, was made.

    A pass made for a day still to come (``alerts run --today``) says nothing about this morning.
    """
    opens = hours().opens
    first, latest = last_morning(now, calendar, opens), max(now, morning(day_of(now), opens))
    query = select(JobRun.id).where(JobRun.job == JOB, JobRun.ended_at.is_not(None))
    return db.session.scalar(query.where(JobRun.planned_for.between(first, latest)).limit(1)) is not None


def last() -> datetime | None:
    """When the last good pass ended, None before the first."""
    return db.session.scalar(select(func.max(JobRun.ended_at)).where(JobRun.job == JOB))


def begin(session: Session, day: date, token: int, now: datetime) -> int:
    """Enter a run, or its repetition. A second pass, for whatever hour, waits here until the first is over."""
    if session.get_bind().dialect.name == "postgresql":  # an embedded database has one writer anyway
        session.execute(select(func.pg_advisory_xact_lock(PASSES)))
    row = insert(session, JobRun).values(
        job=JOB, planned_for=planned(day, now), token=token, started_at=now, counts={}, error=""
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
    """Enter why a run wrote nothing; an earlier run of that hour keeps its end."""
    with transaction() as session:
        run = session.get_one(JobRun, begin(session, day, token, now))
        run.error = error


def _ended(planned_for: datetime) -> bool:
    query = select(JobRun.id).where(JobRun.job == JOB, JobRun.planned_for == planned_for)
    return db.session.scalar(query.where(JobRun.ended_at.is_not(None)).limit(1)) is not None
