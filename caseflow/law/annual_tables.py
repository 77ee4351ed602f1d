"""Tables two, three and four of the annual report as cells over rows and columns: the one layout for paper, sheet and page.

Each figure knows the heads above and beside it, so that a page can say them to whoever can't see the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from .annual import PARTS, PROACTIVE
from .annual_two import FORMS, Amounts, cells, written
from .applicants import COLUMN_LABELS, COLUMNS
from .year_table import BLOCKS, CORNER, STATE_LABELS, TITLES, YearTable

HEAD, SIDE, VALUE = "head", "side", "value"  # over a column, beside a row, a figure
WIDTH = 8844  # of the page between its margins, in twips: 15.6 cm


@dataclass(frozen=True)
class Box:
    """One printed cell, over so many rows and columns."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1
    kind: str = HEAD
    left: bool = False  # flush left
    section: int = 0  # heads hold within their section of the table
    value: int | Decimal | None = None  # of a figure; None is a blank

    def covers(self, row: int, column: int) -> bool:
        """Whether the cell lies over this place."""
        return self.row <= row < self.row + self.rows and self.column <= column < self.column + self.columns


@dataclass(frozen=True)
class Grid:
    """A table: its number and title, its cells, how wide its columns are (twips), how many rows are heads of it all."""

    number: int
    title: str
    boxes: tuple[Box, ...]
    widths: tuple[int, ...]
    heads: int

    @property
    def height(self) -> int:
        """Its rows."""
        return max(box.row + box.rows for box in self.boxes)

    @cached_property
    def lines(self) -> list[list[Box]]:
        """The cells that begin in each row, from left to right."""
        found: list[list[Box]] = [[] for _ in range(self.height)]
        for box in sorted(self.boxes, key=lambda box: box.column):
            found[box.row].append(box)
        return found

    def at(self, row: int, column: int) -> Box:
        """The cell over a place. Raises KeyError for a place outside."""
        return self._places[row, column]

    @cached_property
    def _places(self) -> dict[tuple[int, int], Box]:
        return {
            (row, column): box
            for box in self.boxes
            for row in range(box.row, box.row + box.rows)
            for column in range(box.column, box.column + box.columns)
        }

    def name(self, box: Box) -> str:
        """An id for a head, of its own on the page."""
        return f"t{self.number}-{box.row}-{box.column}"

    def heads_of(self, box: Box) -> list[Box]:
        """The heads that a figure stands under and beside, the outer ones first."""
        return [
            head
            for head in self.boxes
            if head.text
            and ((head.kind == HEAD and head.section == box.section and head.row < box.row and _over(head, box))
                 or (head.kind == SIDE and head.row <= box.row < head.row + head.rows))
        ]  # fmt: skip


def _over(head: Box, box: Box) -> bool:
    return head.column <= box.column < head.column + head.columns


def _figure(row: int, column: int, value: int | Decimal | None, columns: int = 1, section: int = 0) -> Box:
    text = written(value) if isinstance(value, Decimal) else "" if value is None else str(value)
    return Box(row, column, text, 1, columns, VALUE, False, section, value)


def two(edition: str, amounts: Amounts) -> Grid:
    """主动公开政府信息情况 (art. 20): a section for each item, its own heads over its rows; a blank stays blank."""
    return Grid(2, PARTS[PROACTIVE], tuple(_two(edition, amounts)), (2511, 2111, 2111, 2111), 0)


def _two(edition: str, amounts: Amounts) -> Iterator[Box]:
    row, width = 0, 3
    for section, block in enumerate(FORMS[edition]):
        yield Box(row, 0, block.head, 1, 1 + width, HEAD, False, section)
        yield Box(row + 1, 0, "信息内容", 1, 1, HEAD, False, section)
        # fewer columns than the widest section has: the last one takes the room
        spans = [1] * (len(block.columns) - 1) + [width - len(block.columns) + 1]
        for n, column in enumerate(block.columns):
            yield Box(row + 1, 1 + n, column.label, 1, spans[n], HEAD, False, section)
        row += 2
        for key, label in block.rows:
            yield Box(row, 0, label, 1, 1, SIDE, True, section)
            for n, column in enumerate(block.columns):
                yield _figure(row, 1 + n, amounts.get(f"{key}.{column.key}"), spans[n], section)
            row += 1


def three(table: YearTable) -> Grid:
    """收到和处理政府信息公开申请情况."""
    return Grid(3, TITLES[3], tuple(_three(table)), (620, 900, WIDTH - 1520 - 7 * 600, *[600] * 7), 3)


def _three(table: YearTable) -> Iterator[Box]:
    person, *organisations, total = (COLUMN_LABELS[c] for c in COLUMNS)
    yield Box(0, 0, CORNER, 3, 3, HEAD, True)
    yield Box(0, 3, "申请人情况", 1, len(COLUMNS))
    yield Box(1, 3, person, 2)
    yield Box(1, 4, "法人或其他组织", 1, len(organisations))
    yield Box(1, 2 + len(COLUMNS), total, 2)
    for n, label in enumerate(organisations):
        yield Box(2, 4 + n, label)
    for row, line in enumerate(table.lines, 3):
        begin = 3 - sum(head.columns for head in line.heads)
        for head in line.heads:
            yield Box(row, begin, head.text, head.rows, head.columns, SIDE, head.kind == "row")
            begin += head.columns
        for n, value in enumerate(line.values):
            yield _figure(row, 3 + n, value)


def four(table: YearTable) -> Grid:
    """政府信息公开行政复议、行政诉讼情况."""
    return Grid(4, TITLES[4], tuple(_four(table)), (WIDTH // 15,) * 15, 3)


def _four(table: YearTable) -> Iterator[Box]:
    width = len(STATE_LABELS)
    yield Box(0, 0, "行政复议", 2, width)
    yield Box(0, width, "行政诉讼", 1, width * 2)
    for n, (block, label) in enumerate(BLOCKS.items()):
        if n:
            yield Box(1, n * width, label, 1, width)
        for m, (state, name) in enumerate(STATE_LABELS.items()):
            yield Box(2, n * width + m, name)
            yield _figure(3, n * width + m, table.proceedings[block][state])


def places(edition: str) -> dict[tuple[int, int], str]:
    """Which figure of part two stands at which row and column: for a form in the table's own shape."""
    values = [box for box in _two(edition, {}) if box.kind == VALUE]
    return {(box.row, box.column): cell.place for box, cell in zip(values, cells(edition), strict=True)}
