"""Several processes on one machine: what gunicorn is told by ``gunicorn -c python:caseflow.workers``.

The application is made once, migrated, and shared by all processes as far as memory goes; connections and the
scheduler are each process's own, and the lease decides which of them leads (``alerts.lease``). Options on the
command line come before these.
"""

from __future__ import annotations

import sys
import threading
from types import FrameType
from typing import Any

from flask import Flask
from gunicorn.workers.gthread import ThreadWorker
from sqlalchemy.exc import OperationalError

from . import create_app, db, serving
from .alerts.schedule import Schedule
from .config import BadSetting, load

wsgi_app = "caseflow.workers:application()"
worker_class = "caseflow.workers.Worker"
bind = "127.0.0.1:8000"
workers = 2
threads = 4
preload_app = True
umask = 0o077
control_socket_disable = True
limit_request_line = 8190  # a search of Chinese words has nine characters for each of theirs
graceful_timeout = int(serving.PATIENCE) + 60  # the time in which proxies are told is part of it


class Worker(ThreadWorker):
    """Tells proxies first when it is asked to stop."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """SIGTERM: go on for as long as the settings say, then answer what is under way and end."""
        threading.Timer(serving.stop_soon(self.wsgi), super().handle_exit, (sig, frame)).start()


def application() -> Flask:
    """The application on a migrated database; ends the process with one line where that can't be."""
    serving.log()
    try:
        app = create_app(load())
        serving.prepare(app)
    except BadSetting as error:
        sys.exit(str(error))
    except OperationalError as error:
        sys.exit(f"数据库连不上：{str(error.orig).strip().splitlines()[0]}")
    with app.app_context():
        db.close()  # a connection is of one process
    serving.believe_proxies(app)
    serving.tell_of_plain_http(app)
    return app


def post_worker_init(worker: Any) -> None:
    """Each process has a scheduler, but for those of the counter; the lease decides whose works."""
    if worker.wsgi.extensions["caseflow"]["settings"].only:
        return
    worker.schedule = Schedule(worker.wsgi)
    worker.schedule.start()


def worker_exit(server: Any, worker: Any) -> None:
    """Give the lead up, so that another need not wait for its end."""
    if schedule := getattr(worker, "schedule", None):
        schedule.stop()
