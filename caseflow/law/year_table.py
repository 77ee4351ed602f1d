"""Tables 3 and 4 of the annual report (国办公开办函〔2019〕60号 and 〔2021〕30号) and their identities.

Table 3 counts requests: new and carried in, their results, carried out, in six classes of applicant
and 总计. Table 4 counts 行政复议 and 行政诉讼. Both are laid out here from plain grouped counts; a
result, class or state that the form doesn't know is not dropped: it stays in the totals, so that the
identity it breaks is found and named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from . import outcomes
from .applicants import CLASSES, COLUMN_LABELS, COLUMNS, TOTAL

NEW, CARRIED_IN, RESULTS_TOTAL, CARRIED_OUT = "new", "carried_in", "results_total", "carried_out"
KEY_ROWS: dict[str, str] = {
    NEW: "一、本年新收政府信息公开申请数量",
    CARRIED_IN: "二、上年结转政府信息公开申请数量",
    RESULTS_TOTAL: "（七）总计",
    CARRIED_OUT: "四、结转下年度继续办理",
}
RESULTS_HEAD = "三、本年度办理结果"
CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
TITLES = {3: "三、收到和处理政府信息公开申请情况", 4: "四、政府信息公开行政复议、行政诉讼情况"}

# The groups of results; the form prints a head for them and no sum, the prose counts them.
GROUPS: dict[str, str] = {
    "granted": "予以公开",
    "partial": "部分公开",
    "refused": "不予公开",
    "unavailable": "无法提供",
    "not_processed": "不予处理",
    "otherwise": "其他处理",
}

BLOCKS: dict[str, str] = {
    "reconsideration": "行政复议",
    "suit_direct": "未经复议直接起诉",
    "suit_after_reconsideration": "复议后起诉",
}
PENDING = "pending"
STATES: dict[str, str] = {
    "upheld": "结果维持",
    "corrected": "结果纠正",
    "other": "其他结果",
    PENDING: "尚未审结",
}
STATE_LABELS: dict[str, str] = {**STATES, TOTAL: "总计"}

# The identities, as a difference names them
BALANCE = "一＋二＝（七）＋四"
RESULTS_SUM = "（七）＝各项办理结果之和"
COLUMNS_SUM = "总计＝六类申请人之和"
BLOCK_SUM = "总计＝四种情形之和"

ByClass = Mapping[str, int]
Place = tuple[str, str]  # a cell: row and column of table 3, block and state of table 4


@dataclass(frozen=True)
class Identity:
    """Two sums of cells that must be equal, in one column, row or block."""

    table: int
    place: str  # key of a column of table 3, of a row for COLUMNS_SUM, of a block of table 4
    label: str
    name: str
    left: tuple[Place, ...]
    right: tuple[Place, ...]


@dataclass(frozen=True)
class Counts:
    """What the cases of a year add up to, before it is laid out."""

    new: ByClass
    carried_in: ByClass
    results: Mapping[tuple[str, str], int]  # (result, class)
    carried_out: ByClass
    proceedings: Mapping[tuple[str, str], int]  # (block, state on 31 December)


@dataclass(frozen=True)
class Difference:
    """One identity that fails, with both its sides."""

    table: int
    place: str  # as the identity has it
    label: str
    identity: str
    left: int
    right: int

    @property
    def sentence(self) -> str:
        """What is wrong, in words."""
        gap = abs(self.left - self.right)
        return f"{self.label}：{self.identity} 不成立，{self.left} 与 {self.right} 相差 {gap}"


@dataclass(frozen=True)
class Head:
    """One merged head cell at the left of a row: its words, the rows and columns it spans."""

    text: str
    rows: int
    columns: int
    kind: str  # main | group | row


@dataclass(frozen=True)
class Line:
    """One printed row of table 3: the heads that begin at it, and seven numbers."""

    key: str
    heads: tuple[Head, ...]
    values: tuple[int, ...]


@dataclass(frozen=True)
class YearTable:
    """Tables 3 and 4 of one year in one edition; seven numbers a row, 总计 last."""

    year: int
    edition: str
    cells: Mapping[str, tuple[int, ...]]
    proceedings: Mapping[str, Mapping[str, int]]

    def value(self, row: str, column: str) -> int:
        """One number of table 3. Raises KeyError for an unknown row, ValueError for an unknown column."""
        return self.cells[row][COLUMNS.index(column)]

    def sums(self, column: str) -> tuple[int, int, int, int]:
        """The four numbers of the corner sentence in a column: 一, 二, （七）, 四."""
        new, carried_in, results, carried_out = (self.value(row, column) for row in KEY_ROWS)
        return new, carried_in, results, carried_out

    def group_total(self, group: str) -> int:
        """All results of a group, by its key in GROUPS; the form prints no row for it."""
        return sum(self.value(row.key, TOTAL) for row in group_rows(group, self.edition))

    @property
    def result_rows(self) -> tuple[outcomes.Row, ...]:
        """The result rows of this edition."""
        return outcomes.rows(self.edition)

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """Every identity that doesn't hold; () when the tables balance."""
        found = (
            Difference(
                i.table, i.place, i.label, i.name, *(sum(map(self._at, side)) for side in (i.left, i.right))
            )
            for i in identities(self.edition)
        )
        return tuple(d for d in found if d.left != d.right)

    def _at(self, place: Place) -> int:
        row, column = place
        return self.proceedings[row][column] if row in BLOCKS else self.value(row, column)

    @property
    def balanced(self) -> bool:
        """Whether every identity holds."""
        return not self.differences

    @property
    def lines(self) -> tuple[Line, ...]:
        """Table 3 as the form is printed: 23 rows in the 2019 edition, 25 in the 2021."""
        return tuple(Line(key, heads, self.cells[key]) for key, heads in printed(self.edition))


def year_table(counts: Counts, year: int, edition: str = "") -> YearTable:
    """Lay the counts of a year out; the edition follows the year unless given."""
    edition = edition or outcomes.edition_of(year)
    cells = {
        NEW: _seven(counts.new),
        CARRIED_IN: _seven(counts.carried_in),
        RESULTS_TOTAL: _seven(_results(counts, None)),
        CARRIED_OUT: _seven(counts.carried_out),
    }
    for row in outcomes.rows(edition):
        cells[row.key] = _seven(_results(counts, row.codes))
    blocks = {block: _states(counts, block) for block in BLOCKS}
    return YearTable(year, edition, cells, blocks)


def _seven(by_class: ByClass) -> tuple[int, ...]:
    return (*(by_class.get(code, 0) for code in CLASSES), sum(by_class.values()))


def _results(counts: Counts, codes: tuple[str, ...] | None) -> dict[str, int]:
    """The results of some codes by class; of all of them, known to the form or not, for None."""
    found: dict[str, int] = {}
    for (code, applicant), number in counts.results.items():
        if codes is None or code in codes:
            found[applicant] = found.get(applicant, 0) + number
    return found


def _states(counts: Counts, block: str) -> dict[str, int]:
    known = {state: counts.proceedings.get((block, state), 0) for state in STATES}
    whole = sum(number for (b, _), number in counts.proceedings.items() if b == block)
    return {**known, TOTAL: whole}


# -- identities ---------------------------------------------------------------------------------


@cache
def identities(edition: str) -> tuple[Identity, ...]:
    """All that must hold in tables 3 and 4 (国办公开办函〔2019〕60号, 〔2021〕30号): 58 in the 2019 edition, 60 in the 2021.

    Per column the corner sentence and （七）; per row 总计; per block of table 4 its 总计.
    """
    rows = tuple(row.key for row in outcomes.rows(edition))
    found = []
    for column in COLUMNS:
        left, right = ((NEW, column), (CARRIED_IN, column)), ((RESULTS_TOTAL, column), (CARRIED_OUT, column))
        found.append(Identity(3, column, COLUMN_LABELS[column], BALANCE, left, right))
    for column in COLUMNS:
        parts = tuple((row, column) for row in rows)
        label = COLUMN_LABELS[column]
        found.append(Identity(3, column, label, RESULTS_SUM, ((RESULTS_TOTAL, column),), parts))
    for row in (*KEY_ROWS, *rows):
        six = tuple((row, column) for column in CLASSES)
        found.append(Identity(3, row, row_label(row, edition), COLUMNS_SUM, ((row, TOTAL),), six))
    for block, label in BLOCKS.items():
        four = tuple((block, state) for state in STATES)
        found.append(Identity(4, block, label, BLOCK_SUM, ((block, TOTAL),), four))
    return tuple(found)


# -- rows, groups and the printed form -----------------------------------------------------------


def group_rows(group: str, edition: str) -> tuple[outcomes.Row, ...]:
    """The rows of a group of results, by its key. Raises KeyError if there is no such group."""
    name = GROUPS[group]
    return tuple(r for r in outcomes.rows(edition) if outcomes.BY_CODE[r.codes[0]].group == name)


def result_codes(key: str, edition: str) -> tuple[str, ...]:
    """The results behind a row or a group of table 3. Raises KeyError if the edition has neither."""
    for row in outcomes.rows(edition):
        if row.key == key:
            return row.codes
    return tuple(code for row in group_rows(key, edition) for code in row.codes)


def row_label(key: str, edition: str) -> str:
    """A row or group of table 3 in one line. Raises KeyError for one that the edition doesn't have."""
    if key in KEY_ROWS:
        return KEY_ROWS[key]
    labels = {row.key: row.label for row in outcomes.rows(edition)}
    return labels[key] if key in labels else outcomes.GROUP_HEADS[GROUPS[key]]


def printed(edition: str) -> Iterator[tuple[str, tuple[Head, ...]]]:
    """The rows of table 3 as the form is printed: each with the heads that begin at it."""
    for key in (NEW, CARRIED_IN):
        yield key, (Head(KEY_ROWS[key], 1, 3, "row"),)
    rows = outcomes.rows(edition)
    main = Head(RESULTS_HEAD, len(rows) + 1, 1, "main")
    for index, row in enumerate(rows):
        heads = [main] if index == 0 else []
        if not row.item:
            heads.append(Head(row.head, 1, 2, "row"))
        else:
            if rows[index - 1].head != row.head:
                members = sum(r.head == row.head for r in rows)
                heads.append(Head(row.head, members, 1, "group"))
            heads.append(Head(row.item, 1, 1, "row"))
        yield row.key, tuple(heads)
    yield RESULTS_TOTAL, (Head(KEY_ROWS[RESULTS_TOTAL], 1, 2, "row"),)
    yield CARRIED_OUT, (Head(KEY_ROWS[CARRIED_OUT], 1, 3, "row"),)
