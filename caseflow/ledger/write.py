"""Export: the same ledger that import reads, as csv or as a workbook, in which nothing is ever computed."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from sqlalchemy import ColumnElement, extract, func, select
from sqlalchemy.orm import Session

from ..law.applicants import masked
from ..models import Case, Office, ProceedingRow
from ..reports.offices import office_ids
from .columns import LEDGER, NUMBER, OFFICE, PROCEEDINGS, PROCEEDINGS_SHEET, Column, Row, shown
from .read_csv import FORMULA_STARTS, guarded
from .rows import NUMBERS, proceedings_of, rows_of

CHUNK = 500
NAMED = 20  # numbers in a sentence
BESIDE = "{}-复议诉讼.csv"  # where the proceedings of a csv stand
WIDTHS = {"past": 12, "ahead": 12, "days": 24, "number": 20}
BOLD = Font(bold=True)
# Of the cases that stand in no year
LEFT_OUT: tuple[tuple[ColumnElement[bool], str], ...] = (
    (Case.received_on.is_(None), "没有收到日期的 {} 件没有导出（还没有双方确认，或者确认以前已经撤回）"),
    (Case.received_on.is_not(None), "重新答复的 {} 件没有导出，连同对它们的复议、诉讼（第一次答复已经计入）"),
)


@dataclass(frozen=True)
class Export:
    """What to write: the cases of one organ or of all, of one year or of all.

    The year of a case is that of its legal receipt (art. 31). One without it can't stand in a ledger,
    for 收到日期 is required there: no office could import the row. A re-reply (重新答复) that isn't counted
    is left out too: a row says nothing of its first reply, so whoever imports it would count it again.
    Certificates and telephones are masked unless asked for: an import takes a masked one for equal to the whole.
    """

    session: Session
    office_id: int | None = None
    year: int | None = None
    with_subordinates: bool = False  # of the organ and all beneath it
    full: bool = False  # certificates and telephones whole; else masked
    done: Callable[[int], object] = lambda rows: None  # told how many more rows are written

    def total(self) -> int:
        """How many rows the ledger has."""
        return self.session.scalar(select(func.count(Case.id)).where(*self._which())) or 0

    def rows(self) -> Iterator[Row]:
        """The ledger, in the order of registration."""
        names = self._names()
        for chunk in self._cases():
            rows = rows_of(self.session, [case_id for case_id, _ in chunk])
            for case_id, office_id in chunk:
                row = rows[case_id]
                shown = {} if self.full else {name: masked(row[name]) for name in NUMBERS.values()}
                yield row | shown | {OFFICE: names[office_id]}
            self.done(len(chunk))

    def proceedings(self) -> Iterator[Row]:
        """The rows of 复议诉讼, in the same order."""
        names = self._names()
        brought = select(ProceedingRow.case_id).where(ProceedingRow.case_id == Case.id).exists()
        for chunk in self._cases(brought):
            found = proceedings_of(self.session, [case_id for case_id, _ in chunk])
            numbers = select(Case.id, Case.number).where(Case.id.in_(found))
            known = {row.id: row.number for row in self.session.execute(numbers)}
            for case_id, office_id in chunk:
                whose = {NUMBER: known[case_id], OFFICE: names[office_id]}
                yield from (row | whose for row in found[case_id])

    def left_out(self) -> str:
        """A sentence that says which cases are left out, and why; "" where none is.

        With a year, those registered in it.
        """
        told = (self._named(condition, words) for condition, words in LEFT_OUT)
        return "；".join(filter(None, told))

    def _named(self, condition: ColumnElement[bool], words: str) -> str:
        query = (
            select(Case.number).where(Case.new_year.is_(None), condition, *self._whose()).order_by(Case.id)
        )
        if self.year is not None:
            query = query.where(extract("year", Case.registered_on) == self.year)
        numbers = self.session.scalars(query).all()
        if not numbers:
            return ""
        named = "、".join(numbers[:NAMED]) + (" 等" if len(numbers) > NAMED else "")
        return f"{words.format(len(numbers))}：{named}"

    def proceeding_columns(self) -> tuple[Column, ...]:
        """机关 stands on the second sheet only where several organs could have the same number."""
        several = (self.office_id is None or self.with_subordinates) and len(self._names()) > 1
        return tuple(c for c in PROCEEDINGS.columns if several or c.name != OFFICE)

    def _names(self) -> dict[int, str]:
        """What the column 机关 says: the name, or the code where two organs share a name."""
        found = self.session.execute(select(Office.id, Office.name, Office.code)).all()
        names = [name for _, name, _ in found]
        return {key: name if names.count(name) == 1 else code for key, name, code in found}

    def _cases(self, *more: Any) -> Iterator[list[tuple[int, int]]]:
        query = select(Case.id, Case.office_id).where(*self._which(), *more)
        query = query.order_by(Case.id).limit(CHUNK)
        last = 0
        while chunk := [(row.id, row.office_id) for row in self.session.execute(query.where(Case.id > last))]:
            yield chunk
            last = chunk[-1][0]

    def _which(self) -> list[ColumnElement[bool]]:
        dated = [Case.new_year.is_not(None), *self._whose()]
        if self.year is not None:  # of the receipt itself, wherever it counts (law.counting)
            dated.append(Case.received_on.between(date(self.year, 1, 1), date(self.year, 12, 31)))
        return dated

    def _whose(self) -> list[ColumnElement[bool]]:
        if self.office_id is None:
            return []
        return [Case.office_id.in_(office_ids(self.office_id, self.with_subordinates))]


def to_file(export: Export, path: Path) -> tuple[int, Path | None]:
    """Write ``path`` by its suffix; returns the number of rows, and where proceedings of a csv stand.

    A file that was there is replaced only by a whole one.
    """
    if path.suffix.lower() == ".xlsx":
        return _whole(path, lambda part: to_xlsx(export, part)), None
    count = _whole(path, lambda part: _csv_file(part, LEDGER.columns, export.rows()))
    beside = path.with_name(BESIDE.format(path.stem))
    columns = export.proceeding_columns()
    suits = _whole(beside, lambda part: _csv_file(part, columns, export.proceedings()))
    if not suits:
        beside.unlink()
    return count, beside if suits else None


def _whole(path: Path, write: Callable[[Path], int]) -> int:
    part = path.with_name(f".{path.name}.part")
    try:
        count = write(part)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    return count


# -- csv -----------------------------------------------------------------------------------------


def to_csv(out: TextIO, columns: Iterable[Column], rows: Iterable[Row]) -> int:
    """Write rows as csv; returns how many. ``out`` is opened as utf-8-sig, so that Excel reads it."""
    columns = tuple(columns)
    writer = csv.writer(out)
    writer.writerow(column.name for column in columns)
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007  (the last number is the count)
        writer.writerow(guarded(shown(column, row[column.name])) for column in columns)
    return count


def _csv_file(path: Path, columns: Iterable[Column], rows: Iterable[Row]) -> int:
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        return to_csv(out, columns, rows)


# -- xlsx ----------------------------------------------------------------------------------------


def to_xlsx(export: Export, out: Path | BinaryIO) -> int:
    """Write a workbook with both sheets; returns the number of ledger rows."""
    book = Workbook(write_only=True)
    count = _fill(book.create_sheet(LEDGER.title), LEDGER.columns, export.rows())
    _fill(book.create_sheet(PROCEEDINGS_SHEET), export.proceeding_columns(), export.proceedings())
    book.save(out)
    return count


def _fill(sheet: Any, columns: tuple[Column, ...], rows: Iterable[Row]) -> int:
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns, 1):
        width = 48 if column.field == "content" else WIDTHS.get(column.kind, 16)
        sheet.column_dimensions[get_column_letter(place)].width = width
    head = [WriteOnlyCell(sheet, column.name) for column in columns]
    for cell in head:
        cell.font = BOLD
    sheet.append(head)
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007  (the last number is the count)
        sheet.append([_cell(sheet, column, row[column.name]) for column in columns])
    return count


def _cell(sheet: Any, column: Column, value: str) -> Any:
    """Days as days and counts as numbers; all else is text, whatever sign it begins with."""
    if not value:
        return None
    if column.kind in ("past", "ahead"):
        cell = WriteOnlyCell(sheet, date.fromisoformat(value))
        cell.number_format = "yyyy-mm-dd"
        return cell
    if column.kind == "count":
        return int(value)
    text = shown(column, value)
    if column.kind != "number" and text[0] not in FORMULA_STARTS:
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type, cell.number_format = "s", "@"  # text even after someone edits it
    return cell
