"""Import: all rows of a ledger or none, what stands already passed over, every fault named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..calendars import store
from ..db import db, roomy, transaction
from ..law.counting import COUNTS_IN, history
from ..stages import audit, bulk, numbers, signed
from . import lawsuits, organs
from .columns import LEDGER, NUMBER, OFFICE
from .events import entries_of, particulars_of
from .parse import Unusable, Value, parse
from .read import Book, open_book
from .sheet import Line, Problem, Unreadable
from .standing import Clerks, Standing, Told

CHUNK = 500  # rows looked up together


@dataclass(frozen=True)
class Import:
    """What to import, into which organ, who does it and when; ``today`` is the last day that can have been."""

    file: Path
    today: date
    now: datetime
    office: str | None = None
    parent: str | None = None
    proceedings: Path | None = None
    actor_id: int | None = None
    dry_run: bool = False
    progress: Callable[[int, int], None] | None = None  # lines read, lines in all


@dataclass
class Report:
    """What came of it; with errors nothing was written."""

    file: str
    dry_run: bool = False
    office: str = ""
    added: int = 0
    passed_over: int = 0
    counted_later: int = 0  # of those added: with a day in a year that is signed already (law.counting)
    proceedings_added: int = 0
    errors: list[Problem] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    unread_sheets: list[str] = field(default_factory=list)

    @property
    def later(self) -> str:
        """That some count in a later year than their days say; "" where none does."""
        if not self.counted_later:
            return ""
        return f"其中 {self.counted_later} 件有日期落在已签发的年度，计入第一个没有签发的年度"

    def as_dict(self) -> dict[str, Any]:
        """For ``--format json``."""
        return {**vars(self), "errors": [problem.as_dict() for problem in self.errors]}


class _Undone(Exception):
    """Rolls everything back: there were errors."""


def import_file(work: Import) -> Report:
    """Read, check and write; a dry run stops before the writing and says what would happen."""
    report = Report(work.file.name, work.dry_run)
    try:
        with open_book(work.file, work.proceedings) as book:
            _run(work, book, report)
    except Unreadable as unreadable:
        report.errors += unreadable.problems
    except _Undone:
        pass
    except IntegrityError:
        report.errors.append(Problem(0, "", "导入的同时又有新的登记用了同样的编号，重新导入一次"))
    if report.errors:
        report.added = report.proceedings_added = 0
        report.errors.sort(key=lambda problem: problem.line)
    return report


def _run(work: Import, book: Book, report: Report) -> None:
    report.unknown_columns = [*book.ledger.unknown]
    for sheet in book.proceedings:
        report.unknown_columns += [f"{sheet.shape.title}·{name}" for name in sheet.unknown]
    report.unread_sheets = [*book.unread]
    if missing := book.ledger.missing():
        raise Unreadable(problems=missing)
    if work.dry_run:
        _Pass(db.session(), work, book, report).run()
        return
    with transaction() as session, roomy(session):
        store.hold(session)
        _Pass(session, work, book, report).run()
        if report.errors:
            raise _Undone
        if added := report.added + report.proceedings_added:
            audit.note(session, "imported", office=report.office, rows=added)


class _Pass:
    """One pass over a file: read, check, compare, write, chunk by chunk."""

    def __init__(self, session: Session, work: Import, book: Book, report: Report) -> None:
        self.session, self.work, self.ledger, self.report = session, work, book.ledger, report
        self.calendar = store.current()  # the edition that holds in this transaction, not a page's
        self.organs = organs.organs(session, work.office, work.parent, work.dry_run)
        self.suits = lawsuits.read(book.proceedings, self.organs, work.today)
        self.standing = Standing(session)
        self.clerks = Clerks(session)
        self.highest: dict[tuple[int, str], int] = {}  # (organ, year): last number of our own kind
        self.spoilt: set[str] = set()  # numbers whose row has errors

    @property
    def writes(self) -> bool:
        """Whether there is still anything to be written: after the first error all is only checked."""
        return not (self.work.dry_run or self.report.errors or self.suits.errors)

    def run(self) -> None:
        """The whole file; its proceedings go with the cases that come in, then to those that stand."""
        if self.writes:
            lawsuits.hold(self.session, self.suits)
        with closing(self.standing):
            rows = self.ledger.rows()
            while chunk := list(islice(rows, CHUNK)):
                self._chunk(chunk)
                if self.work.progress:
                    self.work.progress(chunk[-1][0], self.ledger.total)
        pen = lawsuits.Pen(self.work.actor_id, self.work.now, self.calendar, not self.writes)
        news = lawsuits.settle(self.session, self.suits, self.organs, self.spoilt, pen)
        self.report.proceedings_added += news
        self.report.office = self.organs.codes()
        if self.writes:
            self.organs.name_the_new()
            self._raise_numbers()
        self.report.errors += self.suits.errors

    def _chunk(self, chunk: list[Line]) -> None:
        told = [self._told(line, values) for line, values in chunk]
        self.standing.look_up(told)
        new = [self._prepared(row) for row in told if self._is_new(row)]
        self.report.added += len(new)
        closed_years = signed.known(self.session, {case.office_id for case in new})
        self.report.counted_later += sum(
            any(COUNTS_IN in e.details for e in history(case.entries, years))
            for case in new
            if (years := closed_years[case.office_id]).last
        )
        if new and self.writes:
            bulk.write(self.session, new, self.calendar, lambda entry: self.work.now)

    def _told(self, line: int, values: Sequence[Value]) -> Told:
        row, errors = parse(LEDGER, self.ledger.picked, values, self.work.today)
        try:
            return Told(line, row, errors, self.organs.of(row[OFFICE]))
        except Unusable as unusable:
            return Told(line, row, [*errors, (OFFICE, str(unusable))])

    def _is_new(self, told: Told) -> bool:
        """Whether a row stands nowhere yet; the others are counted or refused."""
        known = self.standing.known(told)
        if known.equal:
            self.report.passed_over += 1
            return False
        errors = told.errors or known.errors
        if errors:
            self.report.errors += [Problem(told.line, column, reason) for column, reason in errors]
            self.spoilt.add(told.row[NUMBER])
        return not errors

    def _prepared(self, told: Told) -> bulk.Prepared:
        row, office_id = told.row, told.office_id
        number = row[NUMBER] or self.standing.next_number(told)
        suits = self.suits.take(office_id, row[NUMBER], row["收到日期"]) if row[NUMBER] else []
        self.report.proceedings_added += len(suits)
        handler = self.clerks.of(office_id, row["经办人"])
        if ours := numbers.OURS.fullmatch(number):
            key = (office_id, ours[1])
            self.highest[key] = max(self.highest.get(key, 0), int(ours[2]))
        entries = entries_of(row, handler, self.work.actor_id, suits)
        return bulk.Prepared(office_id, number, particulars_of(row), entries, told.content)

    def _raise_numbers(self) -> None:
        for (office_id, year), last in self.highest.items():
            numbers.raise_to(self.session, office_id, [f"{year}-{last}"])
