"""What has changed since a year was signed: each cell that differs, with the cases that came and went."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..law.applicants import COLUMNS
from ..law.outcomes import rows
from ..law.receipt import CHANNELS
from ..law.year_prose import CHANNEL_ROW, IN_TIME, ON_TIME_ROW, SENT
from ..law.year_table import BLOCKS, CARRIED_IN, CARRIED_OUT, NEW, RESULTS_TOTAL, STATE_LABELS
from ..reports.cells import Cell, cell
from .freeze import LATE, Frozen


@dataclass(frozen=True)
class Change:
    """A cell whose number, or whose cases, are not those that were signed; cases by id and number."""

    cell: Cell
    signed: int
    present: int
    gone: dict[int, str]
    come: dict[int, str]


def changes(signed: Frozen, present: Frozen) -> list[Change]:
    """Every cell that differs, in the order of the tables.

    A case that both tell alike stands in the same cells of both: only the others are looked for in each cell.
    """
    found = []
    mine, theirs = signed.without(present), present.without(signed)
    for where in _cells(signed):
        was, now = (frozen.figure(where.row, where.column) for frozen in (signed, present))
        before, after = mine.behind(where.row, where.column), theirs.behind(where.row, where.column)
        gone = {key: name for key, name in before.items() if key not in after}
        come = {key: name for key, name in after.items() if key not in before}
        if was != now or gone or come:
            found.append(Change(where, was, now, gone, come))
    return found


def _cells(frozen: Frozen) -> Iterator[Cell]:
    results = [row.key for row in rows(frozen.form)]
    for row in (NEW, CARRIED_IN, *results, RESULTS_TOTAL, CARRIED_OUT):
        for column in COLUMNS:
            yield cell(frozen.year, row, column, frozen.form)
    for block in BLOCKS:
        for state in STATE_LABELS:
            yield cell(frozen.year, block, state, frozen.form)
    for channel in CHANNELS:
        yield cell(frozen.year, CHANNEL_ROW, channel, frozen.form)
    for column in (SENT, IN_TIME, LATE):
        yield cell(frozen.year, ON_TIME_ROW, column, frozen.form)


def texts(signed: Frozen, present: Frozen) -> list[str]:
    """The titles of the parts of the annual report whose words aren't those that were signed."""
    was, now = signed.texts, present.texts
    return [title for title in was | now if was.get(title) != now.get(title)]
