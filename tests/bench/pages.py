"""What the pages of everyday work cost, over registers of growing size: median, p95, statements, and the growth.

Run by ``make bench-pages``. The office asked for is the largest of each register, its open cases grow with it up to
the same number. Pages are asked for in turns, so that whatever else the machine does weighs on all.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from tests.bench.alert_pass import FIRST_YEAR, NOW, TODAY, databases
from tests.support.statements import listening

if TYPE_CHECKING:
    from flask import Flask

ROUNDS = 21
OPEN_SHARE, MOST_OPEN, OFFICES = 50, 20_000, 40  # one of so many cases is open, up to so many


@dataclass
class Page:
    """One address, and the milliseconds of each of its rounds."""

    name: str
    path: str
    statements: int = 0
    spent: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """In milliseconds."""
        return statistics.median(self.spent)

    @property
    def p95(self) -> float:
        """The round that only one in twenty is slower than."""
        return sorted(self.spent)[int(len(self.spent) * 0.95)]


def filled(url: str, instance: Path, cases: int) -> Flask:
    """A register of so many cases."""
    from caseflow import create_app
    from caseflow.config import Settings
    from caseflow.db import upgrade
    from caseflow.demo import mass

    app = create_app(Settings(instance=instance, database_url=url, secret_key="bench-" * 8, testing=True))
    upgrade(app)
    with app.app_context():
        open_cases = min(cases // OPEN_SHARE, MOST_OPEN)
        size = mass.Size(cases, open_cases, OFFICES, FIRST_YEAR, TODAY.year, seed=1)
        mass.fill(str(instance), size, TODAY, NOW)
    return app


def pages(app: Flask) -> list[Page]:
    """What a clerk of the largest office opens."""
    from caseflow.db import db
    from caseflow.models import Case

    with app.app_context():
        office = db.session.scalar(
            select(Case.office_id).group_by(Case.office_id).order_by(func.count().desc()).limit(1)
        )
        open_cases = select(func.min(Case.id)).where(Case.office_id == office, Case.closed_on.is_(None))
        case_id = db.session.scalar(open_cases)
    year = TODAY.year - 1
    return [
        Page("first page", "/"),
        Page("worklist", "/cases"),
        Page("closed cases", "/cases?status=closed"),
        Page("case page", f"/cases/{case_id}"),
        Page("extension, its form", f"/cases/{case_id}/acts/ask_extension"),
        Page("year table", f"/year/{year}"),
        Page("cases of a cell", f"/year/{year}/new/total"),
    ]


def measured(app: Flask) -> list[Page]:
    """Each page ROUNDS times, the first time not counted."""
    from caseflow import moment
    from caseflow.db import db
    from caseflow.models import Case, Person

    asked = pages(app)
    with app.app_context():
        office = select(Case.office_id).group_by(Case.office_id).order_by(func.count().desc()).limit(1)
        clerk = select(Person).where(Person.role == "clerk", Person.office_id == office.scalar_subquery())
        person = db.session.scalars(clerk.order_by(Person.id).limit(1)).one()
        signed_in, engine = f"{person.id}:{person.epoch}", db.engine
    client = app.test_client()
    with client.session_transaction() as session:
        since = int(moment.now().timestamp())
        session.update(_user_id=signed_in, _fresh=True, key="bench", since=since)
    for turn in range(ROUNDS + 1):
        for page in asked:
            with listening(engine) as said:
                begun = time.perf_counter()
                assert client.get(page.path).status_code == 200, page.path
                spent = (time.perf_counter() - begun) * 1000
            page.statements = len(said)
            page.spent += [spent] if turn else []
    return asked


def report(found: dict[int, list[Page]]) -> str:
    """A line a page and size; growth against the smallest size of the same run."""
    lines = [f"{'page':<22} {'cases':>10} {'median':>10} {'p95':>10} {'statements':>11} {'growth':>7}"]
    least = found[min(found)]
    for place, first in enumerate(least):
        for cases, asked in found.items():
            page = asked[place]
            lines.append(
                f"{page.name:<22} {cases:>10,} {page.median:>7.1f} ms {page.p95:>7.1f} ms {page.statements:>11} "
                f"{page.median / first.median:>7.2f}"
            )
    return "\n".join(lines)


def main() -> None:
    """Fill a register of each size, measure, print; ``--out`` keeps the figures as json."""
    from caseflow.db import close

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10000,100000,1000000", help="cases of each register")
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL rather than SQLite")
    parser.add_argument("--out", type=Path, help="keep the figures here, as json")
    given = parser.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    found = {}
    with databases(given.postgresql, len(sizes)) as places:
        for cases, (url, instance) in zip(sizes, places, strict=True):
            app = filled(url, instance, cases)
            found[cases] = measured(app)
            with app.app_context():
                close()
    sys.stdout.write(report(found) + "\n")
    if given.out:
        kept = {
            cases: {p.name: [round(p.median, 2), round(p.p95, 2), p.statements] for p in asked}
            for cases, asked in found.items()
        }
        given.out.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
