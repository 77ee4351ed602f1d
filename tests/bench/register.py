"""Registers of the size that a benchmark asks for, invented but for their rules, the same at each run."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from tests.support.office import DeskOffice
from tests.support.pages import Desk
from tests.support.postgres import postgres_server

if TYPE_CHECKING:
    from flask import Flask

TODAY = date(2026, 11, 23)  # Monday
NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)  # nine in the morning in China
FIRST_YEAR = TODAY.year - 9
OPEN_SHARE, MOST_OPEN, OFFICES = 50, 20_000, 40  # one of so many cases is open, up to so many


@dataclass
class Register:
    """One instance and the largest of its offices, where the measuring takes place."""

    app: Flask
    cases: int

    @cached_property
    def office(self) -> DeskOffice:
        """The office, with a person of each role."""
        from caseflow.db import db
        from caseflow.models import Office, Person

        with self.app.app_context():
            office = db.session.get_one(Office, 1)
            found = db.session.query(Person).filter_by(office_id=1).order_by(Person.id)
            people = {person.role: person.id for person in found}
            return DeskOffice(1, office.code, people)

    def desk(self, role: str = "clerk") -> Desk:
        """A browser in which this person is signed in."""
        from caseflow.db import db
        from caseflow.models import Person

        with self.app.app_context():
            username = db.session.get_one(Person, self.office.people[role]).username
        desk = Desk(self.app.test_client())
        desk.enter(username)
        return desk

    def asked(self, *statements: str) -> list[Sequence[Any]]:
        """The rows of each statement, by the driver alone."""
        from caseflow.db import db

        line = db.engine.raw_connection()
        try:
            cursor = line.cursor()
            found = []
            for statement in statements:
                cursor.execute(statement)
                found.append(cursor.fetchall())
            return found
        finally:
            line.close()


def filled(url: str, instance: Path, cases: int) -> Register:
    """A register of so many cases in ten years, as it stands this morning."""
    from caseflow import create_app
    from caseflow.config import Settings
    from caseflow.db import db, dialect, transaction, upgrade
    from caseflow.demo import mass

    app = create_app(Settings(instance=instance, database_url=url, secret_key="bench-" * 8, testing=True))
    upgrade(app)
    with app.app_context():
        open_cases = min(max(cases // OPEN_SHARE, 100), MOST_OPEN)
        size = mass.Size(cases, open_cases, min(OFFICES, 1 + cases // 500), FIRST_YEAR, TODAY.year, seed=1)
        mass.fill(str(instance), size, TODAY, NOW)
        # as the housekeeping of either does by itself, after a while
        if dialect() == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as line:
                line.exec_driver_sql("VACUUM (ANALYZE)")
        else:
            with transaction() as session:
                session.execute(text("PRAGMA optimize=0x10002"))
    return Register(app, cases)


# Unlike a server of the tests: on a disk, keeping what it acknowledged, with the memory of a small machine
AS_AT_WORK = {
    "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "autovacuum": "on", "max_wal_size": "2GB",
    "shared_buffers": "512MB",
}  # fmt: skip


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
        with postgres_server(tempfile.gettempdir(), **AS_AT_WORK) as server:
            yield [(server.url(server.create()), instance) for instance in instances]
