"""One table of a file as rows and columns, its merged cells spread out."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..ledger.sheet import Unreadable

MOST_ROWS, MOST_COLUMNS = 2000, 120
MOST_CELLS = 60_000  # of all the tables of a file together
LONGEST = 200  # characters of a cell: no label of the form has half of them
TOO_LARGE = "表太大，不像年报的表三、表四；只留这两张表再试"


@dataclass
class Budget:
    """How many cells the tables of one file may still take."""

    left: int = MOST_CELLS

    def take(self, cells: int) -> None:
        """Raises Unreadable once a file has more than a report can have."""
        self.left -= cells
        if self.left < 0:
            raise Unreadable(TOO_LARGE)


@dataclass
class Grid:
    """The texts by row and column; a merged cell's text stands in each place it covers, its value in one."""

    budget: Budget
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    covered: set[tuple[int, int]] = field(default_factory=set)

    def put(self, row: int, column: int, text: str, rows: int = 1, columns: int = 1) -> None:
        """Write a cell over ``rows`` × ``columns``. Raises Unreadable for a table beyond reason."""
        rows, columns = min(rows, MOST_ROWS - row), min(columns, MOST_COLUMNS - column)
        self.budget.take(max(rows, 1) * max(columns, 1))
        if rows < 1 or columns < 1:
            return
        kept = "".join(c if c.isprintable() else " " for c in text[:LONGEST])
        for r in range(row, row + rows):
            for c in range(column, column + columns):
                self.texts[r, c] = kept
                self.covered.add((r, c))
        self.covered.discard((row, column))

    def free(self, row: int, column: int) -> int:
        """The first column of a row, from ``column`` on, that nothing covers yet."""
        while (row, column) in self.texts:
            column += 1
        return column

    @property
    def height(self) -> int:
        """Rows down to the last one that has a cell."""
        return max((row for row, _ in self.texts), default=-1) + 1

    @property
    def width(self) -> int:
        """Columns up to the last one that has a cell."""
        return max((column for _, column in self.texts), default=-1) + 1

    def text(self, row: int, column: int) -> str:
        """What one reads in a place: the text of the merged cell that covers it too."""
        return self.texts.get((row, column), "")

    def value(self, row: int, column: int) -> str:
        """What stands in a place itself; "" where another cell spreads over it."""
        return "" if (row, column) in self.covered else self.text(row, column).strip()
