"""Where tables 3 and 4 stand in a file's tables: found by the words of the form, never by position."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..law import form_words, outcomes
from ..law.applicants import COLUMNS, TOTAL
from ..law.published import ABSENT, Figures, Number
from ..law.year_table import BLOCKS, KEY_ROWS, STATE_LABELS, STATES, Place
from ..ledger.sheet import Unreadable
from .grid import Grid

HEAD_ROWS = 3  # at most, from the one with 自然人 down; one more stands over it
FEWEST_COLUMNS, FEWEST_ROWS = 4, 3  # that make a table 3
LONGEST = 40  # characters kept of what stands in place of a number
ALONE = {"granted": "granted", "partial": "partial", "otherwise": "other"}  # groups that may be one row
SPLIT = frozenset({"other_correction_lapsed", "other_fee_unpaid"})  # rows of the 2021 edition alone

NO_TABLE = "没有找到表三：要有“自然人”“总计”等列、“一、本年新收政府信息公开申请数量”等行"


@dataclass
class Found:
    """The texts of the cells found so far, by place."""

    texts: dict[Place, str] = field(default_factory=dict)
    strangers: list[str] = field(default_factory=list)
    edition: str = ""

    def keep(self, table: int, row: str, values: dict[str, str]) -> None:
        """Keep a row of table 3 or a block of table 4. Raises Unreadable for one that stands twice and differs."""
        new = {(row, column): text for column, text in values.items()}
        standing = {place: self.texts[place] for place in new if place in self.texts}
        if any(new[place] != text for place, text in standing.items()):
            name = "表三" if table == 3 else "表四"
            raise Unreadable(f"文件里有不止一张{name}，数字不同；只留要核对的那一张再试")
        self.texts |= new


def figures(grids: Iterable[Grid]) -> Figures:
    """Tables 3 and 4 of these tables. Raises Unreadable where no table 3 is found, or more than one."""
    found, third = Found(), _Third()
    for grid in grids:
        third.read(grid, found)
        _fourth(grid, found)
    rows = {row for row, _ in found.texts} - set(BLOCKS)
    if len(rows) < FEWEST_ROWS:
        raise Unreadable(NO_TABLE)
    return _figures(found, found.edition or ("2021" if SPLIT & rows or "other" not in rows else "2019"))


def _figures(found: Found, edition: str) -> Figures:
    """What was found, as numbers; what was not, as absent."""
    written: dict[Place, str] = {}

    def number(place: Place) -> Number:
        text = found.texts.get(place, ABSENT)
        read = form_words.number(text)
        if read is None:
            written[place] = text[:LONGEST]
        return read

    rows = (*KEY_ROWS, *(row.key for row in outcomes.rows(edition)))
    cells = {row: tuple(number((row, column)) for column in COLUMNS) for row in rows}
    has_fourth = any(row in BLOCKS for row, _ in found.texts)
    blocks = {block: {s: number((block, s)) for s in STATE_LABELS} for block in BLOCKS} if has_fourth else {}
    return Figures(edition, cells, blocks, written, tuple(dict.fromkeys(found.strangers)))


# -- table 3 --------------------------------------------------------------------------------------


class _Third:
    """Reads table 3 row by row; a head holds for the tables that follow, where a page broke it in two."""

    def __init__(self) -> None:
        self.columns: dict[str, int] = {}
        self.group = ""
        self.width = 0
        self.odd: list[str] = []  # unknown rows with numbers since the last known one

    def read(self, grid: Grid, found: Found) -> None:
        """Keep every row of table 3 that stands in a grid."""
        if grid.width != self.width:
            self.columns, self.width = {}, grid.width
        self.odd = []
        for row in range(grid.height):
            if columns := _head(grid, row):
                self.columns = columns
            elif self.columns:
                self._row(grid, row, found)

    def _row(self, grid: Grid, row: int, found: Found) -> None:
        first = min(self.columns.values())
        labels = [text for c in range(first) if (text := grid.text(row, c).strip())]
        values = {column: grid.value(row, c) for column, c in self.columns.items()}
        key = self._key(labels)
        if not key:
            if labels and any(form_words.number(text) is not None for text in values.values()):
                self.odd.append(" ".join(dict.fromkeys(labels))[:LONGEST])
            return
        if key == "other" and form_words.group(labels[-1]) == "otherwise":
            found.edition = found.edition or "2019"
        found.strangers += self.odd if any(r in KEY_ROWS for r, _ in found.texts) else []
        self.odd = []
        found.keep(3, key, values)

    def _key(self, labels: list[str]) -> str:
        """The row that its last label names; those before it, and rows before it, say in which group."""
        for label in labels:
            self.group = form_words.group(label) or self.group
        if not labels:
            return ""
        last = labels[-1]
        if group := form_words.group(last):
            return ALONE.get(group, "")
        return (
            form_words.item(last, self.group) or form_words.key_row(last) or outcomes.outcome_of(last) or ""
        )


def _head(grid: Grid, row: int) -> dict[str, int]:
    """The columns by class, where 自然人 stands in this row and enough of the others around it; else {}."""
    if not any(form_words.column(grid.value(row, c)) == COLUMNS[0] for c in range(grid.width)):
        return {}
    columns: dict[str, int] = {}
    for r in range(max(row - 1, 0), min(row + HEAD_ROWS, grid.height)):
        if r > row and any(
            form_words.key_row(grid.text(r, c)) not in ("", "results_total") for c in range(3)
        ):
            break
        for c in range(grid.width):
            code = form_words.column(grid.value(r, c))
            if code and c >= columns.get(COLUMNS[0], 0):
                columns.setdefault(code, c)
    return columns if len(columns) >= FEWEST_COLUMNS else {}


# -- table 4 --------------------------------------------------------------------------------------


def _fourth(grid: Grid, found: Found) -> None:
    """Keep what of table 4 stands in a grid: its states by the block over them, or else by their order."""
    heads = [row for row in range(grid.height) if _states(grid, row)]
    if not heads:
        return
    first, last = heads[0], max(row for row in heads if row < heads[0] + HEAD_ROWS)
    states = {c: state for row in range(first, last + 1) for c, state in _states(grid, row, TOTAL).items()}
    blocks = [
        (c, block)
        for row in range(max(first - HEAD_ROWS, 0), last + 1)
        for c in range(grid.width)
        if (block := form_words.block(grid.value(row, c)))
    ]
    data = next((r for r in range(last + 1, last + 3) if any(grid.value(r, c) for c in states)), last + 1)
    values: dict[str, dict[str, str]] = {}
    for c in sorted(states):
        over = [(at, block) for at, block in blocks if at <= c]
        block = max(over, key=lambda one: one[0])[1] if over else _next_block(values, states[c])
        if block:
            values.setdefault(block, {}).setdefault(states[c], grid.value(data, c))
    for block, by_state in values.items():
        found.keep(4, block, by_state)


def _states(grid: Grid, row: int, *also: str) -> dict[int, str]:
    """The states of table 4 that a row names, by column; 总计 only where it is asked for."""
    named = {c: form_words.state(grid.value(row, c)) for c in range(grid.width)}
    return {c: state for c, state in named.items() if state in STATES or state in also}


def _next_block(values: dict[str, dict[str, str]], state: str) -> str:
    """The first block that doesn't have this state yet, where no head names the blocks."""
    return next((block for block in BLOCKS if state not in values.get(block, {})), "")
