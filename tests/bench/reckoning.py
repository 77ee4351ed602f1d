"""What is reckoned over the whole register: tables and rates over all offices, a pass of the alerts, verify, the ledger."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from sqlalchemy import delete

from tests.bench import by_hand
from tests.bench.register import FIRST_YEAR, NOW, TODAY, Register, databases
from tests.bench.subject import Measure, Timer, in_turns, timed

ROWS = 20_000  # of the ledger that is written and read, at most
VERIFIED = 100_000  # cases; a larger register isn't verified here
RUNNING = f"""SELECT t.*, c.number, c.handler_id FROM case_term t JOIN "case" c ON c.id = t.case_id
WHERE t.due_on <= '{TODAY}'"""


def measured(register: Register) -> Iterator[Measure]:
    """Each in the largest register's own context."""
    from caseflow.db import db

    with register.app.app_context():
        for measure in (*_counted(register), _alert_pass(register), *_ledger(register), *_verified(register)):
            yield measure
            db.session.rollback()


def _counted(register: Register) -> Iterator[Measure]:
    """Tables and rates of all offices together, by the function that a page calls, against the same counts by hand."""
    from caseflow.db import dialect
    from caseflow.reports import on_time
    from caseflow.reports.offices import office_ids
    from caseflow.reports.year import year_report

    ids = office_ids(1, with_subordinates=True)
    year = TODAY.year - 1
    yield _against(
        register, "year tables, all offices", lambda: year_report(ids, year), by_hand.year(ids, year), 5
    )
    for name, first in (
        ("rates of a year", date(TODAY.year, 1, 1)),
        ("rates of ten years", date(FIRST_YEAR, 1, 1)),
    ):
        span = on_time.Span(first, TODAY)
        yield _against(
            register, f"{name}, all offices",
            lambda span=span: on_time.count(ids, span, on_time.as_it_stands(TODAY)),  # type: ignore[misc]
            by_hand.rates(ids, first, TODAY, dialect()), 3,
        )  # fmt: skip


def _against(
    register: Register, name: str, ours: Callable[[], object], statements: list[str], rounds: int
) -> Measure:
    from caseflow.db import db

    def fresh() -> None:
        ours()
        db.session.rollback()

    return in_turns(
        Measure(name, register.cases), timed(fresh), timed(lambda: register.asked(*statements)), rounds
    )


def _alert_pass(register: Register) -> Measure:
    """A pass in which every alert is new, against reading the terms that have come."""
    from caseflow.alerts import ladder
    from caseflow.calendars import store
    from caseflow.db import transaction
    from caseflow.models import Alert, AlertRecipient

    calendar = store.current()
    counted = timed(lambda: ladder.make_pass(TODAY, NOW, calendar))

    def anew() -> float:
        with transaction() as session:  # as if nobody had looked yet
            session.execute(delete(AlertRecipient))
            session.execute(delete(Alert))
        return counted()

    name = "alert pass, all new"
    return in_turns(Measure(name, register.cases), anew, timed(lambda: register.asked(RUNNING)), 5)


def _ledger(register: Register) -> Iterator[Measure]:
    """The ledger of one office out to a file, and that file into an empty instance; rows a second."""
    from caseflow.db import db
    from caseflow.ledger.write import Export
    from caseflow.ledger.write import to_file as written

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ledger.csv"
        rows, _ = written(Export(db.session(), 1), file)
        raw = 'SELECT c.*, p.* FROM "case" c JOIN particulars p ON p.id = c.particulars_id WHERE c.office_id = 1'
        events = 'SELECT e.* FROM event e JOIN "case" c ON c.id = e.case_id WHERE c.office_id = 1'

        def bare() -> None:
            with (Path(folder) / "bare.csv").open("w", encoding="utf-8") as out:
                for found in register.asked(raw, events):
                    csv.writer(out).writerows(found)

        out = Measure("export, rows", register.cases, unit="/s", pieces=rows)
        yield in_turns(out, timed(lambda: _export(file)), timed(bare), 1, warm=0)
        some = _head(file, min(rows, ROWS))
        into = Measure("import, rows", register.cases, unit="/s", pieces=min(rows, ROWS))
        yield in_turns(into, lambda: _imported(some), lambda: _inserted(some), 1, warm=0)


def _export(file: Path) -> None:
    from caseflow.db import db
    from caseflow.ledger.write import Export, to_file

    file.unlink(missing_ok=True)
    to_file(Export(db.session(), 1), file)
    db.session.rollback()


def _head(file: Path, rows: int) -> Path:
    """A ledger of the first rows alone."""
    some = file.with_name("some.csv")
    with (
        file.open(encoding="utf-8-sig", newline="") as whole,
        some.open("w", encoding="utf-8-sig", newline="") as out,
    ):
        writer = csv.writer(out)
        writer.writerows(row for n, row in enumerate(csv.reader(whole)) if n <= rows)
    return some


def _imported(file: Path) -> float:
    """Seconds of a ledger into an empty instance, all rules checked, every event written; SQLite."""
    from caseflow import create_app
    from caseflow.config import Settings
    from caseflow.db import close, upgrade
    from caseflow.ledger.load import Import, import_file

    with databases(False, 1) as [(url, instance)]:
        app = create_app(Settings(instance=instance, database_url=url, secret_key="bench-" * 8, testing=True))
        upgrade(app)
        with app.app_context():
            spent = timed(lambda: _without_faults(import_file(Import(file, TODAY, NOW, "NEW"))))()
            close()
            return spent


def _without_faults(report: object) -> None:
    errors = report.errors  # type: ignore[attr-defined]
    assert not errors, errors[:3]


def _inserted(file: Path) -> float:
    """Seconds of the same rows, unread, into one bare table."""
    from caseflow import create_app
    from caseflow.config import Settings
    from caseflow.db import close, db

    with databases(False, 1) as [(url, instance)]:
        app = create_app(Settings(instance=instance, database_url=url, secret_key="bench-" * 8, testing=True))
        with app.app_context(), file.open(encoding="utf-8-sig", newline="") as ledger:
            rows = csv.reader(ledger)
            width = len(next(rows))
            line = db.engine.raw_connection()
            line.cursor().execute(f"CREATE TABLE ledger ({', '.join(f'c{n} TEXT' for n in range(width))})")
            marks = ", ".join("?" * width)

            def run() -> None:
                line.cursor().execute("BEGIN")
                line.cursor().executemany(f"INSERT INTO ledger VALUES ({marks})", list(rows))
                line.cursor().execute("COMMIT")

            spent = timed(run)()
            line.close()
            close()
            return spent


def _verified(register: Register) -> Iterator[Measure]:
    """Every case replayed and compared, against reading its events; cases a second."""
    from caseflow.upkeep import verify

    if register.cases > VERIFIED:
        return
    events = "SELECT * FROM event ORDER BY case_id, seq"
    measure = Measure("verify, cases", register.cases, unit="/s", pieces=register.cases)

    def whole() -> None:
        found = list(verify.differences())
        assert not found, found[:3]

    timer: Timer = timed(whole)
    yield in_turns(measure, timer, timed(lambda: register.asked(events)), 1, warm=0)
