"""What a pass of the alerts costs: over the open cases alone, and over a register of ten years that holds as many.

Run by ``make bench``. Fills two invented instances (a million cases take minutes and some gigabytes), makes
passes over each in which every alert is new, and passes in which none is; prints both, and their ratio.
The two take turns, so that whatever else the machine does weighs on both.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, text

from tests.support.postgres import postgres_server

if TYPE_CHECKING:
    from flask import Flask

TODAY = date(2026, 11, 23)  # Monday
NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
ROUNDS = 7  # passes of each kind, the quickest of which counts
FIRST_YEAR = TODAY.year - 9


@dataclass
class Register:
    """One instance: its cases, the terms that run, the alerts of a pass, and the seconds of its passes."""

    app: Flask
    cases: int
    terms: int
    alerts: int = 0
    first: float = float("inf")
    later: float = float("inf")

    def measure(self) -> None:
        """A pass in which every alert is new, and one in which none is."""
        from caseflow.db import transaction
        from caseflow.models import Alert, AlertRecipient

        with self.app.app_context():
            with transaction() as session:  # as if nobody had looked yet
                session.execute(delete(AlertRecipient))
                session.execute(delete(Alert))
            seconds, self.alerts = self._pass()
            self.first = min(self.first, seconds)
            self.later = min(self.later, self._pass()[0])

    def _pass(self) -> tuple[float, int]:
        from caseflow.alerts import ladder
        from caseflow.calendars import store

        calendar = store.current()
        begun = time.perf_counter()
        counts = ladder.make_pass(TODAY, NOW, calendar)
        return time.perf_counter() - begun, counts["alerts"]


def filled(url: str, instance: Path, cases: int, open_cases: int) -> Register:
    """An empty database filled, as it stands the next morning."""
    from caseflow import create_app
    from caseflow.config import Settings
    from caseflow.db import db, dialect, transaction, upgrade
    from caseflow.demo import mass
    from caseflow.models import Case, CaseTerm

    app = create_app(Settings(instance=instance, database_url=url, secret_key="bench-" * 8))
    upgrade(app)
    with app.app_context():
        size = mass.Size(cases, open_cases, 1, FIRST_YEAR, TODAY.year, seed=1)
        mass.fill(str(instance), size, TODAY, NOW)
        if dialect() == "postgresql":  # its own housekeeping does so by itself, after a while
            with transaction() as session:
                session.execute(text("ANALYZE"))
        rows = [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in (Case, CaseTerm)]
    return Register(app, *rows)


@contextmanager
def databases(postgresql: bool, count: int) -> Iterator[list[tuple[str, Path]]]:
    """Empty databases with an instance folder each, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        instances = [Path(folder) / str(n) for n in range(count)]
        for instance in instances:
            instance.mkdir()
        if not postgresql:
            yield [(f"sqlite:///{instance / 'caseflow.sqlite3'}", instance) for instance in instances]
            return
        with postgres_server() as server:
            yield [(server.url(server.create()), instance) for instance in instances]


def report(few: Register, many: Register) -> str:
    """Both costs and their ratio, a line each."""
    head = f"{'cases':>10} {'running terms':>14} {'alerts':>8} {'first pass':>11} {'later pass':>11}"
    lines = [
        f"{r.cases:>10,} {r.terms:>14,} {r.alerts:>8,} {r.first:>9.3f} s {r.later:>9.3f} s"
        for r in (few, many)
    ]
    ratio = f"{'ratio':>10} {'':>14} {'':>8} {many.first / few.first:>11.2f} {many.later / few.later:>11.2f}"
    return "\n".join([head, *lines, ratio])


def main() -> None:
    """Measure the open cases alone, and the register that holds them."""
    from caseflow.db import close

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000, help="cases of the large register")
    parser.add_argument("--open", type=int, default=20_000, help="open cases of either")
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL rather than SQLite")
    given = parser.parse_args()
    sizes = (given.open, given.cases)
    with databases(given.postgresql, len(sizes)) as places:
        registers = [filled(*place, cases, given.open) for place, cases in zip(places, sizes, strict=True)]
        for _ in range(ROUNDS):
            for register in registers:
                register.measure()
        for register in registers:
            with register.app.app_context():
                close()
    sys.stdout.write(report(*registers) + "\n")


if __name__ == "__main__":
    main()
