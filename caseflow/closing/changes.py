"""What has changed since a year was signed: each cell that differs, with the cases that came and went."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..law.applicants import COLUMNS
from ..law.outcomes import rows
from ..law.year_table import BLOCKS, CARRIED_IN, CARRIED_OUT, NEW, RESULTS_TOTAL, STATE_LABELS
from ..reports.cells import Cell, cell
from .freeze import Frozen


@dataclass(frozen=True)
class Change:
    """A cell whose number, or whose cases, are not those that were signed; cases by id and number."""

    cell: Cell
    signed: int
    present: int
    gone: dict[int, str]
    come: dict[int, str]


def changes(signed: Frozen, present: Frozen) -> list[Change]:
    """Every cell that differs, in the order of the tables."""
    found = []
    for where in _cells(signed):
        was, now = number(signed, where), number(present, where)
        before, after = signed.behind(where.row, where.column), present.behind(where.row, where.column)
        gone = {key: name for key, name in before.items() if key not in after}
        come = {key: name for key, name in after.items() if key not in before}
        if was != now or gone or come:
            found.append(Change(where, was, now, gone, come))
    return found


def number(frozen: Frozen, where: Cell) -> int:
    """The figure in a cell of table 3 or 4."""
    figures = frozen.data["figures"]
    if where.table == 4:
        return int(figures["proceedings"][where.row][where.column])
    line = figures["results"].get(where.row) or figures[where.row]
    return int(line[COLUMNS.index(where.column)])


def _cells(frozen: Frozen) -> Iterator[Cell]:
    results = [row.key for row in rows(frozen.form)]
    for row in (NEW, CARRIED_IN, *results, RESULTS_TOTAL, CARRIED_OUT):
        for column in COLUMNS:
            yield cell(frozen.year, row, column, frozen.form)
    for block in BLOCKS:
        for state in STATE_LABELS:
            yield cell(frozen.year, block, state, frozen.form)
