"""When passes are made and mail is sent: a scheduler inside ``serve``, one process leading by the lease.

APScheduler is the clock only. Its jobs stand here in code, a late run is made up for once, and what is
due is computed by ``ladder`` from state; each job is a function that can be called at any time.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from datetime import datetime, timedelta
from pathlib import Path

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask
from sqlalchemy.exc import DBAPIError

from .. import moment
from ..calendars import store
from ..ledger import uploads
from ..upkeep import backup, log_keeping, nightly
from . import applicants, deliver, ladder, lease, runs

log = logging.getLogger(__name__)

LEASE, PASSES, MAIL, BACKUP = "lease", "alerts", "mail", "backup"
MINUTE = timedelta(minutes=1)  # no job comes less often
HOUR = timedelta(hours=1)
WATCH = 20.0  # seconds between two looks at the clock


class Ended(Exception):
    """The process is to end; a backup under way is given up, the next process makes it."""


class Schedule:
    """The jobs of one serving process."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.holder = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.token: int | None = None  # of the lead, None while another process leads
        self.ended = threading.Event()
        self.failed_at: datetime | None = None  # when a backup last failed
        self.scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            timezone=moment.ZONE,
            # a late run is made up for, several late ones by one
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def start(self) -> None:
        """Start the jobs; the first pass follows as soon as this process leads."""
        renewal = IntervalTrigger(seconds=lease.RENEW.total_seconds(), timezone=moment.ZONE)
        # a pass an hour within the hours; each minute asks whether one is missing
        each_minute = CronTrigger(minute="*", timezone=moment.ZONE)
        self.scheduler.add_job(self.keep_lead, renewal, id=LEASE, next_run_time=moment.now())
        self.scheduler.add_job(self.catch_up, each_minute, id=PASSES)
        self.scheduler.add_job(self.send_mail, each_minute, id=MAIL)
        self.scheduler.add_job(self.back_up, each_minute, id=BACKUP)
        self.scheduler.start()
        threading.Thread(target=self._watch, name="clock", daemon=True).start()

    def stop(self) -> None:
        """Let a running job end, then give up the lead."""
        self.ended.set()
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
        """This hour's pass, or the morning's, where it is missing; uploads that nobody took in go."""
        uploads.sweep(Path(self.app.instance_path), moment.now())
        with self.app.app_context():
            due = self.token is not None and runs.is_due(moment.now(), store.current())
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
                log_keeping.tidy(now, self.app.extensions["caseflow"]["settings"].log_days)
            except lease.Superseded as reason:
                self.token = None
                log.warning("pass given up: %s", reason)
            except BaseException as error:
                runs.failed(today, self.token, now, f"{type(error).__name__}: {error}")
                raise  # APScheduler logs it
            else:
                log.info("pass made: %s", counts)

    def send_mail(self) -> None:
        """What waits in the outbox, within the hours of mail."""
        now, token = moment.now(), self.token
        if token is None:
            return
        with self.app.app_context():
            if not runs.is_open(now, store.current()):
                return
            try:
                settings = self.app.extensions["caseflow"]["settings"]
                applicants.compose(now, settings)
                counts = deliver.send_all(now, settings, token=token)
            except lease.Superseded as reason:
                self.token = None
                log.warning("sending given up: %s", reason)
                return
        if any(counts.values()):
            log.info("mail: %s", counts)

    def back_up(self) -> None:
        """The backup of the night, where it is missing; what went wrong is tried again in an hour."""
        folder, now = self.app.extensions["caseflow"]["settings"].backups, moment.now()
        if self.token is None or folder is None or self._waits(now):
            return
        local = moment.local(now).replace(tzinfo=None)
        try:
            if not nightly.is_due(folder, local):
                return
            with self.app.app_context():
                path = nightly.make(folder, Path(self.app.instance_path), now, local, self._unless_ended)
        except (OSError, backup.Unusable, Ended) as error:
            self.failed_at = now
            log.warning("no backup made: %s", type(error).__name__ if isinstance(error, Ended) else error)
            if not isinstance(error, Ended):
                nightly.failed(folder, f"{moment.local(now):%Y-%m-%d %H:%M} {error}")
        else:
            log.info("backup made: %s", path.name)

    def _waits(self, now: datetime) -> bool:
        return self.failed_at is not None and now - self.failed_at < HOUR

    def _unless_ended(self, size: int) -> None:
        if self.ended.is_set():
            raise Ended

    def set_right(self) -> None:
        """Run at once what stands further off than it ever should: the clock was set back meanwhile, and
        APScheduler, which waits for a time of day, would wait for as long as that was."""
        now = moment.now()
        for job in self.scheduler.get_jobs():
            if job.next_run_time and job.next_run_time > now + 2 * MINUTE:
                job.modify(next_run_time=now)

    def _watch(self) -> None:
        """Waits by a clock that nobody sets."""
        while not self.ended.wait(WATCH):
            self.set_right()
