"""PostgreSQL with a standby: how long nothing is written, and what is lost, when the first machine dies.

Clerks register through the program; the primary is killed, the standby promoted, and the program finds it by
itself (several hosts in DATABASE_URL). With a standby that follows behind, and with one that every commit waits for.
"""

from __future__ import annotations

import contextlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from sqlalchemy.exc import OperationalError

from caseflow import create_app
from caseflow.config import Settings
from caseflow.db import close, upgrade
from tests.support import postgres, quick
from tests.support.office import DeskOffice, found, row

if TYPE_CHECKING:
    from flask import Flask

CLERKS, BEFORE, DAY = 2, 4.0, date(2026, 11, 23)
MODES = {"behind": "", "waited for": "*"}


@contextlib.contextmanager
def pair(waited_for: str) -> Iterator[tuple[postgres.Durable, postgres.Durable]]:
    """A primary and its standby, each in a folder of its own."""
    binaries, user = postgres.find_binaries(), postgres.UNPRIVILEGED
    homes = [Path(tempfile.mkdtemp(prefix="cf-pg-", dir=quick.folder())) for _ in range(2)]
    try:
        with contextlib.ExitStack() as after:
            first = postgres.Durable(homes[0], binaries)
            after.callback(first.stop)
            shutil.chown(homes[1], user)
            copy: list[str | Path] = [binaries / "pg_basebackup", "-h", homes[0], "-U", "postgres", "-R", "-c", "fast", "-D", homes[1] / "data"]  # fmt: skip
            subprocess.run(copy, check=True, **postgres.as_user(user))
            second = postgres.Durable(homes[1], binaries)
            after.callback(second.stop)
            with psycopg.connect(first.server.conninfo, autocommit=True) as line:
                line.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{waited_for}'")
                line.execute("SELECT pg_reload_conf()")
            yield first, second
    finally:
        for home in homes:
            shutil.rmtree(home, ignore_errors=True)


class Clerk(threading.Thread):
    """Registers one request after the other; what was acknowledged, and when."""

    def __init__(self, app: Flask, office: DeskOffice) -> None:
        super().__init__(daemon=True)
        self.app, self.office = app, office
        self.acknowledged: list[tuple[float, str]] = []
        self.took: list[float] = []
        self.ended = False

    def run(self) -> None:
        """Until it is told to end."""
        while not self.ended:
            begun = time.monotonic()
            with self.app.app_context():
                try:
                    number = row(self.office.register(DAY)).number
                except OperationalError:
                    time.sleep(0.01)
                    continue
            self.acknowledged.append((time.monotonic(), number))
            self.took.append(time.monotonic() - begun)


def measure(mode: str) -> None:
    """Kill the primary once, and print what it cost."""
    with pair(MODES[mode]) as (first, second):
        url = f"postgresql+psycopg://postgres@/postgres?host={first.home}&host={second.home}&target_session_attrs=read-write"
        with tempfile.TemporaryDirectory() as folder:
            app = create_app(Settings(Path(folder), url, "k" * 40))
            upgrade(app)
            with app.app_context():
                office = found()
            clerks = [Clerk(app, office) for _ in range(CLERKS)]
            for clerk in clerks:
                clerk.start()
            time.sleep(BEFORE)
            dead = time.monotonic()
            first.crash()
            promote: list[str | Path] = [second.binaries / "pg_ctl", "promote", "-D", second.home / "data"]
            subprocess.run(promote, check=True, stdout=subprocess.DEVNULL, **postgres.as_user(postgres.UNPRIVILEGED))  # fmt: skip
            promoted = time.monotonic()
            while not any(clerk.acknowledged[-1][0] > promoted for clerk in clerks):
                time.sleep(0.01)
            time.sleep(1)
            for clerk in clerks:
                clerk.ended = True
                clerk.join()
            tell(mode, clerks, second, dead)
            with app.app_context():
                close()


def tell(mode: str, clerks: list[Clerk], second: postgres.Durable, dead: float) -> None:
    """One line of the table."""
    told = [one for clerk in clerks for one in clerk.acknowledged]
    before = {number for at, number in told if at <= dead}
    with psycopg.connect(second.server.conninfo) as line:
        # a number that was lost is given again: it is there, but of another request
        present = {n for (n,) in line.execute('SELECT number FROM "case"')}
    again = {number for at, number in told if at > dead}
    lost = len(before - present) + len(before & again)
    back = min(at for at, _ in told if at > dead + 0.05) - dead
    took = statistics.median(second for clerk in clerks for second in clerk.took)
    sys.stdout.write(f"standby {mode}: register {took * 1000:.1f} ms, lost {lost} of {len(before)}, writing again after {back:.1f} s\n")  # fmt: skip


if __name__ == "__main__":
    for mode in MODES:
        measure(mode)
