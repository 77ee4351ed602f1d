"""The year tables as a workbook: merged as the form is printed, numbers as numbers, no formulas."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from ..law.applicants import COLUMN_LABELS, COLUMNS
from ..law.year_table import BLOCKS, CORNER, STATE_LABELS, TITLES
from .year import YearReport, typed_words

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_THIN = Side(style="thin")
_EDGES = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
_TITLE = Font(name="宋体", size=14, bold=True)
_BODY = Font(name="宋体", size=10)

_WIDTHS_3 = (11, 13, 46, *[10] * 7)
_WIDTH_4 = 9
_HEAD_ROW = 3  # after the title and the line with office and year
_FORMULA = ("=", "+", "-", "@", "\t")  # what a spreadsheet might take for a formula


def workbook(report: YearReport, office_name: str) -> bytes:
    """Tables 3 and 4, a sheet each, as the bytes of an .xlsx file."""
    book = Workbook()
    third = book.active
    third.title = "表三"
    if words := typed_words(report):
        office_name = f"{office_name}　{words}"
    _table3(third, report, office_name)
    _table4(book.create_sheet("表四"), report, office_name)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _put(
    sheet: Any, row: int, column: int, value: str | int, rows: int = 1, columns: int = 1, left: bool = False
) -> None:
    """Write a cell over ``rows`` × ``columns``, merged and with its edges on every cell of the range."""
    _write(sheet.cell(row, column), value)
    for r in range(row, row + rows):
        for c in range(column, column + columns):
            inner = sheet.cell(r, c)
            inner.border, inner.font = _EDGES, _BODY
            inner.alignment = _LEFT if left else _CENTRE
    if rows > 1 or columns > 1:
        sheet.merge_cells(start_row=row, start_column=column, end_row=row + rows - 1,
                          end_column=column + columns - 1)  # fmt: skip


def _write(cell: Any, value: str | int) -> None:
    """Text is typed as text, whatever it begins with: a name is never a formula."""
    if isinstance(value, int):
        cell.value = value
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell.data_type = "s"
    cell.quotePrefix = value.startswith(_FORMULA)


def _caption(sheet: Any, table: int, report: YearReport, office_name: str, width: int) -> None:
    """The title over the whole width; under it the office at the left, year and unit at the right."""
    _write(sheet.cell(1, 1), TITLES[table])
    sheet.cell(1, 1).font, sheet.cell(1, 1).alignment = _TITLE, _CENTRE
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    half = width // 2
    _write(sheet.cell(2, 1), office_name)
    _write(sheet.cell(2, half + 1), f"{report.year} 年度　单位：件")
    sheet.cell(2, 1).alignment = _LEFT
    sheet.cell(2, half + 1).alignment = Alignment(horizontal="right", vertical="center")
    for column in (1, half + 1):
        sheet.cell(2, column).font = _BODY
    sheet.merge_cells(start_row=2, start_column=1, end_row=2, end_column=half)
    sheet.merge_cells(start_row=2, start_column=half + 1, end_row=2, end_column=width)


def _page(sheet: Any, widths: tuple[int, ...]) -> None:
    """One landscape A4 page, centred."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = sheet.page_setup.fitToHeight = 1
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    for index, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width


def _table3(sheet: Any, report: YearReport, office_name: str) -> None:
    _caption(sheet, 3, report, office_name, 3 + len(COLUMNS))
    top = _HEAD_ROW
    person, *organisations, total = (COLUMN_LABELS[c] for c in COLUMNS)
    _put(sheet, top, 1, CORNER, 3, 3, left=True)
    _put(sheet, top, 4, "申请人情况", 1, len(COLUMNS))
    _put(sheet, top + 1, 4, person, 2)
    _put(sheet, top + 1, 5, "法人或其他组织", 1, len(organisations))
    _put(sheet, top + 1, 3 + len(COLUMNS), total, 2)
    for index, label in enumerate(organisations):
        _put(sheet, top + 2, 5 + index, label)
    for row, line in enumerate(report.table.lines, top + 3):
        begin = 4 - sum(head.columns for head in line.heads)
        for head in line.heads:
            _put(sheet, row, begin, head.text, head.rows, head.columns, left=head.kind == "row")
            begin += head.columns
        for index, value in enumerate(line.values):
            _put(sheet, row, 4 + index, value)
    _page(sheet, _WIDTHS_3)


def _table4(sheet: Any, report: YearReport, office_name: str) -> None:
    width = len(STATE_LABELS)
    _caption(sheet, 4, report, office_name, width * len(BLOCKS))
    top = _HEAD_ROW
    _put(sheet, top, 1, "行政复议", 2, width)
    _put(sheet, top, width + 1, "行政诉讼", 1, width * 2)
    for index, block in enumerate(BLOCKS):
        begin = 1 + index * width
        if index:
            _put(sheet, top + 1, begin, BLOCKS[block], 1, width)
        for offset, (state, label) in enumerate(STATE_LABELS.items()):
            _put(sheet, top + 2, begin + offset, label)
            _put(sheet, top + 3, begin + offset, report.table.proceedings[block][state])
    _page(sheet, (_WIDTH_4,) * width * len(BLOCKS))
