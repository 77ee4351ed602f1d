"""Tables as comma- or tab-separated text: the words of a merged cell stand in its first place only."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from ..ledger.read_csv import LONGEST_CELL, unguarded
from ..ledger.sheet import Unreadable
from .grid import Budget, Grid


def grids(text: str, budget: Budget) -> Iterator[Grid]:
    """The one table. Raises Unreadable."""
    grid = Grid(budget)
    csv.field_size_limit(LONGEST_CELL)
    first = text[:20_000]
    delimiter = "\t" if first.count("\t") > first.count(",") else ","
    try:
        for row, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
            budget.take(1)
            for column, cell in enumerate(cells):
                if cell.strip():
                    grid.put(row, column, unguarded(cell))
    except csv.Error as error:
        raise Unreadable("引号不成对，或者有一格太长，分不出行和列") from error
    yield grid
