"""Ledgers as Excel workbooks, read row by row; what a program put into a cell must be a plain value."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from .columns import PROCEEDINGS_SHEET, Shape
from .parse import Faulty, Value
from .sheet import Line, Lines, Problem, Sheet, Unreadable, find, is_empty

MOST_UNPACKED = 1 << 30  # bytes: a workbook that swells beyond this is no ledger
BLOCK = 1 << 20
MERGED = re.compile(rb'<(?:\w+:)?mergeCell [^>]*?ref="([A-Z]+\d+:[A-Z]+\d+)"')

# What openpyxl and the zip beneath it raise for a damaged or forged workbook; broken xml is a SyntaxError of
# either parser that it uses
BROKEN = (
    BadZipFile, InvalidFileException, SyntaxError, zlib.error, EOFError, LookupError, ValueError, TypeError,
    AttributeError, NotImplementedError, RuntimeError, OSError,
)  # fmt: skip
DAMAGED = "打不开：不是有效的 .xlsx 文件，或者文件已经损坏"


@contextmanager
def open_xlsx(path: Path) -> Iterator[Any]:
    """The workbook, closed afterwards. Raises Unreadable."""
    with path.open("rb") as file:
        try:
            with ZipFile(file) as archive:
                swollen = sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED
            book = None if swollen else load_workbook(file, read_only=True, keep_links=False)
        except BROKEN as error:
            raise Unreadable(DAMAGED) from error
        if book is None:
            raise Unreadable("工作簿展开后太大，拆成几个文件，再分别导入")
        with closing(book):
            yield book


def ledger_sheet(book: Any, path: Path, shape: Shape) -> tuple[Sheet, list[str]]:
    """The sheet that is the ledger, and the titles of those left unread. Raises Unreadable."""
    others = [sheet for sheet in book.worksheets if sheet.title != PROCEEDINGS_SHEET]
    found = [sheet for one in others if (sheet := _sheet(one, path, shape))]
    named = [sheet for sheet in found if sheet.title == shape.title]
    if len(found) > 1 and not named:
        titles = "、".join(sheet.title for sheet in found)
        raise Unreadable(f"有几张工作表都是{shape.title}：{titles}；一次导入一张，其余的先移走")
    if not found:
        empty = all(is_empty(_lines_of(one)) for one in others)
        names = "、".join(shape.required)
        lacking = f"没有找到{shape.title}的表头，至少要有：{names}"
        raise Unreadable("文件是空的" if empty else lacking)
    chosen = (named or found)[0]
    return chosen, [one.title for one in others if one.title != chosen.title]


def proceedings_sheet(book: Any, path: Path, shape: Shape) -> Sheet | None:
    """The sheet 复议诉讼, None if there is none or nothing on it. Raises Unreadable for a strange head."""
    for one in book.worksheets:
        if one.title == PROCEEDINGS_SHEET and not is_empty(_lines_of(one)):
            if sheet := _sheet(one, path, shape):
                return sheet
            raise Unreadable(f"工作表“{PROCEEDINGS_SHEET}”没有表头")
    return None


def _sheet(one: Any, path: Path, shape: Shape) -> Sheet | None:
    sheet = find(one.title, shape, _lines_of(one), one.max_row or 0)
    if sheet and (problems := _merged(path, one, sheet)):
        raise Unreadable(problems=problems)
    return sheet


def _lines_of(one: Any) -> Lines:
    return lambda: _lines(one)


def _lines(one: Any) -> Iterator[Line]:
    one.reset_dimensions()  # many programs write a wrong extent
    rows = one.iter_rows()
    number = 0
    while True:
        number += 1
        try:
            cells = next(rows, None)
        except BROKEN as error:
            raise Unreadable(DAMAGED) from error
        if cells is None:
            return
        yield number, [value_of(cell) for cell in cells]


def value_of(cell: Any) -> Value:
    """The plain value of a cell; a formula, an error or a time of day is none."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return Faulty("是公式，不是数值；复制后“选择性粘贴—数值”再导入")
    if cell.data_type == "e":
        return Faulty(f"是错误值 {value}")
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return int(value) if value.is_integer() else str(value)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str | int | date):
        return value
    return Faulty("是时刻，不是日期")


def _merged(path: Path, one: Any, sheet: Sheet) -> list[Problem]:
    """Merged cells in head or rows: all but one of them would read as empty."""
    problems = []
    for reference in merge_references(path, one._worksheet_path):
        left, top, _, bottom = range_boundaries(reference)
        if bottom >= sheet.head:
            name = sheet.column_at(left - 1)
            problems.append(Problem(top, name, f"{reference} 是合并单元格，取消合并后每格各填各的"))
    return problems


def merge_references(path: Path, part: str) -> Iterator[str]:
    """References of merged cells; they stand behind the rows, where row-by-row reading never gets."""
    rest = b""
    with ZipFile(path) as archive, archive.open(part.lstrip("/")) as file:
        while block := file.read(BLOCK):
            text = rest + block
            last = 0
            for match in MERGED.finditer(text):
                yield match[1].decode()
                last = match.end()
            rest = text[max(last, len(text) - 200) :]
