"""Which cases stand in which cell of the year tables: the one answer, both ways.

The tables are counted by these conditions and the drill-down lists by the same, so a number and its
cases can't differ. A cell is named by its year, a row and a column:

- table 3: ``new``, ``carried_in``, a result row or group, ``results_total``, ``carried_out`` by class;
- table 4: ``reconsideration``, ``suit_direct``, ``suit_after_reconsideration`` by state;
- beside them: ``channels`` by channel, ``on_time`` by ``replied``, ``on_time``, ``late``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from ..db import db
from ..law import outcomes
from ..law.applicants import CLASSES, COLUMN_LABELS, TOTAL
from ..law.receipt import CHANNELS
from ..law.year_prose import CHANNEL_ROW, IN_TIME, ON_TIME_ROW, SENT
from ..law.year_table import (
    BLOCKS,
    CARRIED_IN,
    CARRIED_OUT,
    KEY_ROWS,
    NEW,
    PENDING,
    RESULTS_HEAD,
    RESULTS_TOTAL,
    STATE_LABELS,
    result_codes,
    row_label,
)
from ..models import Case, ProceedingRow
from . import on_time
from .pages import CasePage, Clause, case_page

ON_TIME_COLUMNS = {SENT: "发出答复", IN_TIME: "按时发出", "late": "逾期发出"}


@dataclass(frozen=True)
class Cell:
    """One number of a year's tables. Made by ``cell``, so its row and column exist."""

    year: int
    edition: str
    row: str
    column: str
    table: int  # 3 or 4; 0 for the figures beside them
    row_label: str
    column_label: str


def cell(year: int, row: str, column: str, edition: str = "") -> Cell:
    """The cell of that name. Raises KeyError if the edition has no such row or column."""
    edition = edition or outcomes.edition_of(year)
    if row in BLOCKS:
        head = "行政复议" if row == "reconsideration" else f"行政诉讼 · {BLOCKS[row]}"
        return Cell(year, edition, row, column, 4, head, STATE_LABELS[column])
    beside = {CHANNEL_ROW: ("受理方式", CHANNELS), ON_TIME_ROW: ("办结及时", ON_TIME_COLUMNS)}
    if row in beside:
        label, columns = beside[row]
        return Cell(year, edition, row, column, 0, label, columns[column])
    label = row_label(row, edition)
    label = label if row in KEY_ROWS and row != RESULTS_TOTAL else f"{RESULTS_HEAD} {label}"
    return Cell(year, edition, row, column, 3, label, COLUMN_LABELS[column])


def stretches(row: str, year: int) -> list[Clause]:
    """The cases of a key row of table 3 as disjoint conditions, each of which one index answers.

    A case without a legal receipt has no ``new_year`` and is in none of them.
    """
    still_open = Case.result_year.is_(None)
    # "+ 0": the few that are open are found by their missing result, not among all that ever came in
    earlier, by_then = Case.new_year + 0 < year, Case.new_year + 0 <= year
    return {
        NEW: [Case.new_year == year],
        CARRIED_IN: [and_(still_open, earlier), and_(Case.result_year >= year, earlier)],
        RESULTS_TOTAL: [and_(Case.result_year == year, (Case.new_year + 0).is_not(None))],
        CARRIED_OUT: [and_(still_open, by_then), and_(Case.result_year > year, by_then)],
    }[row]


def clauses(office_ids: Iterable[int], where: Cell) -> list[Clause]:
    """The conditions on a case that stands in the cell."""
    ids = list(office_ids)
    return [Case.office_id.in_(ids), *_inside(ids, where)]


def _inside(ids: list[int], where: Cell) -> list[Clause]:
    if where.table == 4:
        return [Case.id.in_(select(ProceedingRow.case_id).where(*_proceedings(ids, where)))]
    if where.row == CHANNEL_ROW:
        return [*stretches(NEW, where.year), Case.channel == where.column]
    if where.row == ON_TIME_ROW:
        narrower = {SENT: [], IN_TIME: [on_time.in_time()], "late": [on_time.late()]}
        return [on_time.counted_in(where.year), *narrower[where.column]]
    by_class = [] if where.column == TOTAL else [Case.applicant_class == where.column]
    if where.row in KEY_ROWS:
        return [or_(*stretches(where.row, where.year)), *by_class]
    codes = result_codes(where.row, where.edition)
    return [*stretches(RESULTS_TOTAL, where.year), Case.result.in_(codes), *by_class]


def cell_cases(office_ids: Iterable[int], where: Cell, after: int = 0, before: int = 0) -> CasePage:
    """The cases behind a cell, a page of them; in table 4 a case stands once for all its proceedings."""
    return case_page(clauses(office_ids, where), after, before)


# -- table 4 --------------------------------------------------------------------------------------


def in_table4(year: int) -> Clause:
    """A proceeding that was open on some day of the year, or counts in it."""
    ended = or_(ProceedingRow.result_year.is_(None), ProceedingRow.result_year >= year)
    return and_(ProceedingRow.new_year <= year, ended)


of_block = case(
    (ProceedingRow.kind == "reconsideration", "reconsideration"),
    (ProceedingRow.after_reconsideration, "suit_after_reconsideration"),
    else_="suit_direct",
)


def state(year: int) -> ColumnElement[str]:
    """The state that a proceeding had on 31 December of the year."""
    return case((ProceedingRow.result_year <= year, ProceedingRow.result), else_=PENDING)


def filed(proceeding: ProceedingRow, year: int) -> tuple[str, str]:
    """``of_block`` and ``state`` of one."""
    if proceeding.kind == "reconsideration":
        block = "reconsideration"
    else:
        block = "suit_after_reconsideration" if proceeding.after_reconsideration else "suit_direct"
    ended = proceeding.result_year
    return block, proceeding.result if ended and ended <= year else PENDING


def _proceedings(ids: list[int], where: Cell) -> list[Clause]:
    """The conditions on a proceeding that stands in a cell of table 4."""
    found = [ProceedingRow.office_id.in_(ids), in_table4(where.year), of_block == where.row]
    return found if where.column == TOTAL else [*found, state(where.year) == where.column]


def count_proceedings(office_ids: Iterable[int], where: Cell) -> int:
    """The number in a cell of table 4: proceedings, of which a case may have several."""
    return sum(by_office(office_ids, where).values())


def by_office(office_ids: Iterable[int], where: Cell) -> dict[int, int]:
    """What each office gives to a cell: cases, of table 4 proceedings; offices that give nothing are left out."""
    ids = list(office_ids)
    if where.table == 4:
        office_id, conditions = ProceedingRow.office_id, _proceedings(ids, where)
    else:
        office_id, conditions = Case.office_id, clauses(ids, where)
    query = select(office_id, func.count()).where(*conditions).group_by(office_id)
    return {office: n for office, n in db.session.execute(query)}


# -- from a case to its cells -----------------------------------------------------------------------

COUNTED, ONCE_REPLIED, IF_LEFT = "已计入", "答复后计入", "跨年未办结计入"
_SHORT = {
    NEW: "一、本年新收",
    CARRIED_IN: "二、上年结转",
    RESULTS_TOTAL: RESULTS_HEAD + "，按结果",
    CARRIED_OUT: "四、结转下年度",
}


@dataclass(frozen=True)
class Use:
    """A cell that a case stands in, or will: COUNTED, ONCE_REPLIED or IF_LEFT."""

    when: str
    year: int
    row: str  # "" while the result is open
    column: str
    label: str  # 一、本年新收 × 自然人


def cells_of(case: Case, today: date, proceedings: Iterable[ProceedingRow] = ()) -> list[Use]:
    """The cells that a case and its proceedings feed.

    Without a legal receipt it stands in none; a re-reply that isn't counted (art. 51) in those of table 4 alone.
    """
    beside = [use for p in proceedings for use in _proceeding_uses(p, today)]
    return [*(_of_table3(case, case.new_year, today) if case.new_year else ()), *beside]


def _of_table3(case: Case, new_year: int, today: date) -> list[Use]:
    until = case.result_year or max(today.year, new_year)
    found = [_use(COUNTED, case, new_year, NEW)]
    for year in range(new_year, until):
        found += [_use(COUNTED, case, year, CARRIED_OUT), _use(COUNTED, case, year + 1, CARRIED_IN)]
    if case.result_year is None:
        words = f"{_SHORT[RESULTS_TOTAL]} × {CLASSES[case.applicant_class]}"
        found.append(Use(ONCE_REPLIED, until, "", case.applicant_class, words))
        found.append(_use(IF_LEFT, case, until, CARRIED_OUT))
    else:
        row = outcomes.row_of(case.result, outcomes.edition_of(case.result_year))
        found.append(_use(COUNTED, case, case.result_year, row.key, f"三{row.label}"))
    return found


def _use(when: str, case: Case, year: int, row: str, label: str = "") -> Use:
    words = f"{label or _SHORT[row]} × {CLASSES[case.applicant_class]}"
    return Use(when, year, row, case.applicant_class, words)


def _proceeding_uses(proceeding: ProceedingRow, today: date) -> Iterable[Use]:
    """A cell of table 4 for every year in which it was open on some day."""
    for year in range(
        proceeding.new_year, (proceeding.result_year or max(today.year, proceeding.new_year)) + 1
    ):
        block, state = filed(proceeding, year)
        where = cell(year, block, state)
        yield Use(COUNTED, year, block, state, f"表四 {where.row_label} × {where.column_label}")
