"""When passes are made: a scheduler inside ``serve``, one process leading by the lease.

APScheduler is the clock only. Its jobs stand here in code, a late run is made up for once, and what is
due is computed by ``ladder`` from state; each job is a function that can be called at any time.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask
from sqlalchemy.exc import DBAPIError

from .. import moment
from ..calendars import store
from . import ladder, lease, runs

log = logging.getLogger(__name__)

LEASE, MORNING = "lease", "alerts"


class Schedule:
    """The jobs of one serving process."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.holder = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.token: int | None = None  # of the lead, None while another process leads
        self.scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            timezone=moment.ZONE,
            # a late run is made up for, several late ones by one
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def start(self) -> None:
        """Start the jobs; the first pass follows as soon as this process leads."""
        renewal = IntervalTrigger(seconds=lease.RENEW.total_seconds(), timezone=moment.ZONE)
        # 08:00 is one of these minutes; the others make up for a pass that failed
        mornings = CronTrigger(minute="*/10", timezone=moment.ZONE)
        self.scheduler.add_job(self.keep_lead, renewal, id=LEASE, next_run_time=moment.now())
        self.scheduler.add_job(self.catch_up, mornings, id=MORNING)
        self.scheduler.start()

    def stop(self) -> None:
        """Let a running job end, then give up the lead."""
        self.scheduler.shutdown(wait=True)
        try:
            with self.app.app_context():
                lease.release(self.holder)
        except DBAPIError as error:
            log.warning("lead not given up, it ends by itself: %s", error)

    def keep_lead(self) -> None:
        """Take or renew the lead; whoever comes to lead makes a pass at once."""
        with self.app.app_context():
            before, self.token = self.token, lease.take(self.holder)
        if self.token not in (None, before):
            self.pass_now()

    def catch_up(self) -> None:
        """The morning's pass: on working days at 08:00, later only if it is still missing."""
        with self.app.app_context():
            due = self.token is not None and not runs.made(moment.now(), store.current())
        if due:
            self.pass_now()

    def pass_now(self) -> None:
        """One pass as of today, whatever the hour. What it raises is in the book, and is tried again."""
        if self.token is None:
            return
        today, now = moment.today(), moment.now()
        with self.app.app_context():
            try:
                counts = ladder.make_pass(today, now, store.current(), self.token)
            except lease.Superseded as reason:
                self.token = None
                log.warning("pass given up: %s", reason)
            except BaseException as error:
                runs.failed(today, self.token, now, f"{type(error).__name__}: {error}")
                raise  # APScheduler logs it
            else:
                log.info("pass made: %s", counts)
