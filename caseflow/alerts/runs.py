"""The book of passes: a row for each planned hour, so that a missed one is seen and made up for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, bindparam, exists, func, select, update
from sqlalchemy.orm import Session

from ..config import Hours, Settings
from ..db import db, extension_state, insert, transaction
from ..law.workdays import Calendar
from ..models import JobRun

JOB = "alerts"
EIGHT = time(8)
AHEAD = timedelta(hours=8)  # China's clock is eight hours before UTC's, without summer time
LATE = timedelta(hours=2)  # so much later than planned, a pass within the hours is missing
PASSES = 20260404  # our lock of this meaning, among the advisory locks of the database


def hours() -> Hours:
    """The hours of passes by the clock and of mail."""
    settings: Settings = extension_state("settings")
    return settings.mail_hours


def day_of(now: datetime) -> date:
    """The day in China."""
    return (now.astimezone(UTC) + AHEAD).date()


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
    pass, any other day's that of the morning.

    A pass made before the office opens, when a machine is started anew by night, writes no letters: it is
    that of its own hour and doesn't stand for the morning's.
    """
    first = morning(day, hours().opens)
    past = (now - first) // timedelta(hours=1)
    return first + timedelta(hours=past) if day == day_of(now) else first


def is_due(now: datetime, calendar: Calendar) -> bool:
    """Whether a pass is missing: this hour's within the hours, the last working morning's at any time."""
    if not made(now, calendar):
        return True
    return is_open(now, calendar) and not _ended(planned(day_of(now), now))


def made(now: datetime, calendar: Calendar) -> bool:
    """Whether the pass of the last working morning, or one after it, was made.

    A pass made for a day still to come (``alerts run --today``) says nothing about this morning.
    """
    return _made_between(last_morning(now, calendar, hours().opens), now)


def on_time(now: datetime, calendar: Calendar) -> bool:
    """Whether the passes keep up: the last working morning's was made, and none is later than LATE.

    Outside the hours of passes it is the last one of that day that counts.
    """
    return db.session.scalar(select(kept_up()), kept_up_values(now, calendar)) or False


def kept_up() -> ColumnElement[bool]:
    """``on_time`` as a column of a statement that is made once."""
    return _between(*map(bindparam, ("first", "latest", "since")))


def kept_up_values(now: datetime, calendar: Calendar) -> dict[str, datetime]:
    """What ``kept_up`` and ``last_ended`` are asked for."""
    opens, closes = hours().opens, hours().closes
    first = last_morning(now, calendar, opens)
    close = morning(day_of(first), closes) - timedelta(minutes=1)
    first = max(first, planned(day_of(first), min(now, close)) - LATE)
    return {"first": first, "latest": now, "since": morning(day_of(first), time())}


def last(now: datetime) -> datetime | None:
    """When the last good pass for a time up to now ended, None before the first."""
    return db.session.scalar(select(last_ended()), {"latest": now})


def last_ended() -> ScalarSelect[datetime | None]:
    """``last`` as a column of a statement that is made once."""
    query = select(JobRun.ended_at).where(JobRun.job == JOB, JobRun.ended_at.is_not(None))
    query = query.where(JobRun.planned_for <= bindparam("latest"))
    return query.order_by(JobRun.planned_for.desc()).limit(1).scalar_subquery()


def begin(session: Session, day: date, token: int, now: datetime) -> int:
    """Enter a run, or its repetition. A second pass, for whatever hour, waits here until the first is over."""
    if session.get_bind().dialect.name == "postgresql":  # an embedded database has one writer anyway
        session.execute(select(func.pg_advisory_xact_lock(PASSES)))
    _forget_wrong_clock(session, now)
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
    return _made_between(planned_for, planned_for)


def _made_between(first: datetime, latest: datetime) -> bool:
    """Whether a pass planned for one of these hours was made, not before the day of the first of them:
    ``alerts run --today`` tries out a morning long before it comes."""
    since = morning(day_of(first), time())
    return db.session.scalar(select(_between(first, latest, since))) or False


def _between(first: Any, latest: Any, since: Any) -> ColumnElement[bool]:
    made = JobRun.ended_at >= since
    return exists().where(JobRun.job == JOB, JobRun.planned_for.between(first, latest), made)


def _forget_wrong_clock(session: Session, now: datetime) -> None:
    """A run that ended on a later day than today was made by a clock that was wrong: when that hour comes,
    it has not been made."""
    ahead = update(JobRun).where(JobRun.job == JOB, JobRun.ended_at > now + timedelta(days=1))
    session.execute(
        ahead.values(ended_at=None, error="the clock was ahead").execution_options(synchronize_session=False)
    )
