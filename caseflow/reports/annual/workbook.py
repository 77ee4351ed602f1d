"""The report's tables as a workbook: merged as printed, figures as numbers, no formulas; the same figures, the same bytes."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.xml.functions import tostring

from ...law.annual_tables import VALUE, Box, Grid
from ...letters.page import MADE, packed
from ..sheets import MIME
from .paper import Paper

__all__ = ["MIME", "workbook"]

NAMES = {2: "表二", 3: "表三", 4: "表四"}
TOP = 3  # the first row of a table; above it stand the title and whose it is
TWIPS_A_CHARACTER = 88  # how wide Excel counts a column
FACTS = "docProps/core.xml"

_EDGE = Side(style="thin")
_EDGES = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
_TITLE, _BODY = Font(name="宋体", size=14, bold=True), Font(name="宋体", size=10)


def workbook(report: Paper) -> bytes:
    """Tables two, three and four, a sheet each, as the bytes of an .xlsx file."""
    book = Workbook()
    book.remove(book.active)
    for grid in report.grids:
        _sheet(book.create_sheet(NAMES[grid.number]), grid, report)
    book.properties.creator = ""
    book.properties.created = MADE
    kept = BytesIO()
    book.save(kept)
    with zipfile.ZipFile(kept) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    # openpyxl writes the moment of saving; the report of the same figures is the same file
    book.properties.modified = MADE
    return packed(parts | {FACTS: tostring(book.properties.to_tree())})


def _sheet(sheet: Any, grid: Grid, report: Paper) -> None:
    width = len(grid.widths)
    unit = "　单位：件" if grid.number > 2 else ""
    about = f"{report.whose}　{report.year} 年度{unit}　{report.state.words}{f'　{report.note}' if report.note else ''}"
    for row, text in ((1, grid.title), (2, about)):
        cell = sheet.cell(row, 1)
        _words(cell, text)
        cell.font, cell.alignment = _TITLE if row == 1 else _BODY, _aligned(left=row == 2)
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
    for box in grid.boxes:
        _put(sheet, box)
    for column, twips in enumerate(grid.widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = round(twips / TWIPS_A_CHARACTER, 1)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = sheet.page_setup.fitToHeight = 1
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True


def _put(sheet: Any, box: Box) -> None:
    """A cell with its edges on every cell of its range."""
    top, left = TOP + box.row, 1 + box.column
    if box.kind == VALUE:
        sheet.cell(top, left).value = box.value
    else:
        _words(sheet.cell(top, left), box.text)
    for row in range(top, top + box.rows):
        for column in range(left, left + box.columns):
            cell = sheet.cell(row, column)
            cell.border, cell.font, cell.alignment = _EDGES, _BODY, _aligned(box.left)
    if box.rows > 1 or box.columns > 1:
        sheet.merge_cells(start_row=top, start_column=left, end_row=top + box.rows - 1,
                          end_column=left + box.columns - 1)  # fmt: skip


def _words(cell: Any, text: str) -> None:
    """Text is typed as text, whatever it begins with: a name is never a formula."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"


def _aligned(left: bool) -> Alignment:
    return Alignment(horizontal="left" if left else "center", vertical="center", wrap_text=True)
