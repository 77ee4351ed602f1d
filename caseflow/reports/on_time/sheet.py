"""What the page shows, as rows: csv and xlsx hold the same figures, with what they are figures of."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from .figures import Figures
from .report import DEFINITION, Report

HEAD = (
    "分项", "项目", "发出答复", "按时", "逾期办结", "按时办结率", "前20日内", "前20日内率", "用时中位数（工作日）",
    "用时第90百分位（工作日）", "未作答复办结", "在办", "其中停计、待确认", "逾期未答复",
)  # fmt: skip
WIDTHS = (14, 36, *[13] * 12)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet might take for a formula

Value = str | int | None


@dataclass(frozen=True)
class Sheet:
    """The title, the lines that say what it is, the rows."""

    title: str
    notes: Sequence[str]
    rows: Sequence[Sequence[Value]]


def sheet(found: Report, title: str, notes: Sequence[str], offices: dict[str, str]) -> Sheet:
    """The figures as rows, whole first; ``notes`` say whose, of when, as of when; ``offices`` name the lines."""
    rows = [_row("合计", "", found.figures)]
    rows += [_row(f"各{found.unit}", s.label, s.figures, no_open=True) for s in found.stretches]
    rows += [_row("办理经过", line.name, line.figures, no_open=True) for line in found.course]
    for dimension, lines in found.parts:
        for line in lines:
            name = offices.get(line.key, "") if dimension.code == "office" else line.name
            rows.append(_row(dimension.label, name or "未分办", line.figures, "open" not in dimension.beside))
    said = [*notes, *([found.void_words] if found.void_words else []), DEFINITION]
    return Sheet(title, said, rows)


def _row(part: str, name: str, figures: Figures, no_open: bool = False) -> list[Value]:
    """Blank where a figure can't be: what is open has no month, no course yet and no result."""
    f = figures
    open_: list[Value] = [None] * 3 if no_open else [f.open, f.waiting, f.overdue]
    return [
        part, name, f.sent, f.on_time, f.rate.late, f.rate.percent, f.plain, f.plain_rate.percent, f.median, f.p90,
        f.otherwise, *open_,
    ]  # fmt: skip


def as_csv(found: Sheet) -> bytes:
    """UTF-8 with its mark, as spreadsheets expect it."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    for line in _lines(found):
        writer.writerow([_guarded(value) for value in line])
    return out.getvalue().encode("utf-8-sig")


def _lines(found: Sheet) -> Iterator[Sequence[Value]]:
    yield [found.title]
    yield from ([note] for note in found.notes)
    yield []
    yield HEAD
    yield from found.rows


def _guarded(value: Value) -> Value:
    """A name is never a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def as_xlsx(found: Sheet) -> bytes:
    """One sheet: numbers as numbers, percentages as they are printed, nothing computed."""
    book = Workbook()
    page: Any = book.active
    page.title = "按时办结率"
    for number, line in enumerate(_lines(found), 1):
        for place, value in enumerate(line, 1):
            _write(page.cell(number, place), value)
    head = len(found.notes) + 3
    for number in range(1, head - 1):
        page.merge_cells(start_row=number, start_column=1, end_row=number, end_column=len(HEAD))
        page.cell(number, 1).alignment = Alignment(wrap_text=True, vertical="top")
    page.cell(1, 1).font = Font(bold=True, size=14)
    page.row_dimensions[head - 2].height = 48  # the definition
    for place, width in enumerate(WIDTHS, 1):
        page.column_dimensions[get_column_letter(place)].width = width
        page.cell(head, place).font = Font(bold=True)
        page.cell(head, place).alignment = Alignment(wrap_text=True)
    page.freeze_panes = page.cell(head + 1, 3)
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _write(cell: Any, value: Value) -> None:
    if value is None or isinstance(value, int):
        cell.value = value
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell.data_type = "s"
    cell.quotePrefix = value.startswith(FORMULA_STARTS)
