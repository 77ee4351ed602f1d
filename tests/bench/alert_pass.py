"""What a pass of the alerts costs: over the open cases alone, and over a register of ten years that holds as many.

Run by ``make bench``. Fills two invented instances (a million cases take minutes and some gigabytes), makes
passes over each in which every alert is new, and passes in which none is; prints both, and their ratio.
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

from sqlalchemy import delete, func, select, text

from tests.support.postgres import postgres_server

TODAY = date(2026, 11, 23)  # Monday
NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
AGAIN = 5  # passes of each kind, the quickest of which counts
FIRST_YEAR = TODAY.year - 9


@dataclass(frozen=True)
class Cost:
    """One register: its cases, the terms that run, alerts raised, and the seconds of a first and a later pass."""

    cases: int
    terms: int
    alerts: int
    first: float
    later: float


def measure(url: str, instance: Path, cases: int, open_cases: int) -> Cost:
    """Fill an empty database, and pass over it."""
    from caseflow import create_app
    from caseflow.alerts import ladder
    from caseflow.calendars import store
    from caseflow.config import Settings
    from caseflow.db import close, db, dialect, transaction, upgrade
    from caseflow.demo import mass
    from caseflow.models import Alert, AlertRecipient, Case, CaseTerm

    app = create_app(Settings(instance=instance, database_url=url, secret_key="bench-" * 8))
    upgrade(app)
    with app.app_context():
        size = mass.Size(cases, open_cases, 1, FIRST_YEAR, TODAY.year, seed=1)
        mass.fill(str(instance), size, TODAY, NOW)
        if dialect() == "postgresql":  # as its own housekeeping would have done by the next morning
            with transaction() as session:
                session.execute(text("ANALYZE"))

        def timed() -> tuple[float, dict[str, int]]:
            begun = time.perf_counter()
            counts = ladder.make_pass(TODAY, NOW, store.current())
            return time.perf_counter() - begun, counts

        firsts = []
        for _ in range(AGAIN):
            with transaction() as session:  # as if nobody had looked yet
                session.execute(delete(AlertRecipient))
                session.execute(delete(Alert))
            firsts.append(timed())
        first, counts = min(firsts, key=lambda one: one[0])
        later = min(timed()[0] for _ in range(AGAIN))
        rows = [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in (Case, CaseTerm)]
        close()
    return Cost(rows[0], rows[1], counts["alerts"], first, later)


@contextmanager
def databases(postgresql: bool) -> Iterator[tuple[str, Path]]:
    """Nothing but an empty database and an instance folder, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder)
        if not postgresql:
            yield f"sqlite:///{instance / 'caseflow.sqlite3'}", instance
            return
        with postgres_server() as server:
            yield server.url(server.create()), instance


def report(few: Cost, many: Cost) -> str:
    """Both costs and their ratio, a line each."""
    head = f"{'cases':>10} {'running terms':>14} {'alerts':>8} {'first pass':>11} {'later pass':>11}"
    lines = [
        f"{c.cases:>10,} {c.terms:>14,} {c.alerts:>8,} {c.first:>9.2f} s {c.later:>9.3f} s"
        for c in (few, many)
    ]
    ratio = f"{'ratio':>10} {'':>14} {'':>8} {many.first / few.first:>11.2f} {many.later / few.later:>11.2f}"
    return "\n".join([head, *lines, ratio])


def main() -> None:
    """Measure the open cases alone, then the register that holds them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000, help="cases of the large register")
    parser.add_argument("--open", type=int, default=20_000, help="open cases of either")
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL rather than SQLite")
    given = parser.parse_args()
    costs = []
    for cases in (given.open, given.cases):
        with databases(given.postgresql) as (url, instance):
            costs.append(measure(url, instance, cases, given.open))
    sys.stdout.write(report(*costs) + "\n")


if __name__ == "__main__":
    main()
