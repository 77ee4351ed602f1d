"""Tables of a workbook, a grid a sheet; formulas by the value they last had."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from ..ledger.read_xlsx import BROKEN, DAMAGED, merge_references
from ..ledger.sheet import Unreadable
from .grid import MOST_COLUMNS, MOST_ROWS, Budget, Grid


def grids(path: Path, budget: Budget) -> Iterator[Grid]:
    """The sheets that can be seen. Raises Unreadable."""
    with path.open("rb") as file:
        try:
            with closing(load_workbook(file, read_only=True, data_only=True, keep_links=False)) as book:
                for sheet in book.worksheets:
                    if sheet.sheet_state == "visible":
                        yield _grid(path, sheet, budget)
        except BROKEN as error:
            raise Unreadable(DAMAGED) from error


def _grid(path: Path, sheet: Any, budget: Budget) -> Grid:
    spans = {}
    for reference in merge_references(path, sheet._worksheet_path):
        left, top, right, bottom = range_boundaries(reference)
        spans[top - 1, left - 1] = (bottom - top + 1, right - left + 1)
        budget.take(1)
    grid = Grid(budget)
    sheet.reset_dimensions()  # many programs write a wrong extent
    for row in sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS):
        budget.take(1)
        for cell in row:
            if cell.value is None and getattr(cell, "row", None) is None:
                continue  # read-only sheets fill gaps with cells of no place
            place = cell.row - 1, cell.column - 1
            if place not in grid.covered and (cell.value is not None or place in spans):
                grid.put(*place, _text(cell.value), *spans.get(place, (1, 1)))
    return grid


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
