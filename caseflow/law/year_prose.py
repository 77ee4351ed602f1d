"""The paragraph 依申请公开情况 of an annual report: tables 3 and 4 in words.

Every figure is read from the tables at the moment of writing and carries the cell it was read from,
so the words can't disagree with the numbers, and a page can link each to its cases. 受理 means 新收
here, and the paragraph says so: published reports use the word both ways.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from . import outcomes
from .applicants import CLASSES, TOTAL
from .percent import percent
from .receipt import CHANNELS
from .year_table import (
    BLOCKS,
    CARRIED_IN,
    CARRIED_OUT,
    GROUPS,
    NEW,
    PENDING,
    RESULTS_TOTAL,
    STATES,
    YearTable,
    group_rows,
)

# Rows of figures that stand beside the tables: their columns are channels, and sent | on_time | late.
CHANNEL_ROW, ON_TIME_ROW = "channels", "on_time"
SENT, IN_TIME = "replied", "on_time"

# How an item joins its group: 因保护第三方合法权益, 为重复申请
_JOINT = {"不予公开": "因", "无法提供": "因"}
_ITEMS = {"other": "其他情形"}
CLASS_WORDS = {**CLASSES, "other": "其他法人或者组织"}
CHANNEL_WORDS = {**CHANNELS, "other": "其他方式"}


@dataclass(frozen=True)
class Segment:
    """A piece of the paragraph; a figure names the cell (row, column) it was read from."""

    text: str
    cell: tuple[str, str] | None = None


@dataclass(frozen=True)
class Year:
    """What the paragraph restates: the tables, the channels of the new requests, replies on time."""

    table: YearTable
    channels: Mapping[str, int]
    sent: int
    in_time: int


Segments = Iterator[Segment]


def prose(year: Year) -> tuple[Segment, ...]:
    """The paragraph, in segments; their texts joined are the plain words."""
    parts = (_received, _applicants, _channels, _results, _carried_out, _proceedings)
    return tuple(segment for part in parts for segment in part(year))


def plain(segments: tuple[Segment, ...]) -> str:
    """The paragraph as text."""
    return "".join(segment.text for segment in segments)


def _cases(number: int, row: str, column: str = TOTAL) -> Segment:
    return Segment(f"{number} 件", (row, column))


def _received(year: Year) -> Segments:
    table = year.table
    new, carried_in = table.value(NEW, TOTAL), table.value(CARRIED_IN, TOTAL)
    if new:
        yield Segment(f"{table.year} 年，共受理（本年新收）政府信息公开申请 ")
        yield _cases(new, NEW)
    else:
        yield Segment(f"{table.year} 年，没有新收政府信息公开申请")
    if carried_in:
        yield Segment("，上年结转 ")
        yield _cases(carried_in, CARRIED_IN)
    yield from _rate(year)


def _rate(year: Year) -> Segments:
    rate = percent(year.in_time, year.sent)
    if rate is None:
        yield Segment("；没有发出答复，不计办结及时率。" if _any(year) else "。")
        return
    yield Segment(f"，办结及时率 {rate}（发出答复 ")
    yield _cases(year.sent, ON_TIME_ROW, SENT)
    yield Segment("，其中按时 ")
    yield _cases(year.in_time, ON_TIME_ROW, IN_TIME)
    yield Segment("）。")


def _any(year: Year) -> bool:
    return bool(year.table.value(NEW, TOTAL) or year.table.value(CARRIED_IN, TOTAL))


def _applicants(year: Year) -> Segments:
    found = [(code, n) for code in CLASSES if (n := year.table.value(NEW, code))]
    if len(found) == 1:
        code, number = found[0]
        yield Segment(f"申请人{'均' if number > 1 else ''}为{CLASS_WORDS[code]}。")
    elif found:
        yield Segment("申请人中，")
        yield from _listed((f"{CLASS_WORDS[code]} ", _cases(n, NEW, code)) for code, n in found)
        yield Segment("。")


def _channels(year: Year) -> Segments:
    found = [(f"{label}申请 ", code) for code, label in CHANNEL_WORDS.items() if year.channels.get(code)]
    if found:
        yield Segment("受理方式包括")
        yield from _listed((words, _cases(year.channels[code], CHANNEL_ROW, code)) for words, code in found)
        yield Segment("。")


def _results(year: Year) -> Segments:
    total = year.table.value(RESULTS_TOTAL, TOTAL)
    if not total:
        if _any(year):
            yield Segment("本年没有办结的申请。")
        return
    yield Segment("本年共办结 ")
    yield _cases(total, RESULTS_TOTAL)
    yield Segment("。其中，")
    groups = [group for group in GROUPS if year.table.group_total(group)]
    for index, group in enumerate(groups):
        yield Segment(f"{'；' if index else ''}“{GROUPS[group]}”")
        yield _cases(year.table.group_total(group), group)
        yield from _items(year.table, group)
    yield Segment("。")


def _items(table: YearTable, group: str) -> Segments:
    """Which items a group's cases fall under, where the form has items."""
    rows = [r for r in group_rows(group, table.edition) if r.item and table.value(r.key, TOTAL)]
    joint = _JOINT.get(GROUPS[group], "为")
    if len(rows) == 1:
        every = "均" if table.value(rows[0].key, TOTAL) > 1 else ""
        yield Segment(f"，{every}{joint}{item_words(rows[0])}")
    elif rows:
        yield Segment("，其中")
        because = joint if joint == "因" else ""
        yield from _listed(
            (f"{because}{item_words(r)} ", _cases(table.value(r.key, TOTAL), r.key)) for r in rows
        )


def item_words(row: outcomes.Row) -> str:
    """What the paragraph calls an item of table 3."""
    return _ITEMS.get(row.key, outcomes.BY_CODE[row.codes[0]].item)


def _carried_out(year: Year) -> Segments:
    if left := year.table.value(CARRIED_OUT, TOTAL):
        yield Segment("结转下年度继续办理 ")
        yield _cases(left, CARRIED_OUT)
        yield Segment("。")


def _proceedings(year: Year) -> Segments:
    review, *suits = BLOCKS
    yield Segment(f"{year.table.year} 年，")
    if year.table.proceedings[review][TOTAL]:
        yield Segment("因政府信息公开被申请行政复议、年内在审或者审结的 ")
        yield from _states(year.table, review)
    else:
        yield Segment("未发生因政府信息公开被申请行政复议的情况")
    alive = [block for block in suits if year.table.proceedings[block][TOTAL]]
    if not alive:
        yield Segment("，未发生因政府信息公开被提起行政诉讼的情况。")
        return
    yield Segment("；因政府信息公开被提起行政诉讼、年内在审或者审结的，")
    for index, block in enumerate(alive):
        yield Segment(f"{'；' if index else ''}{BLOCKS[block]} ")
        yield from _states(year.table, block)
    yield Segment("。")


def _states(table: YearTable, block: str) -> Segments:
    """How many, and in which state on 31 December."""
    states = table.proceedings[block]
    yield _cases(states[TOTAL], block)
    found = [state for state in STATES if states[state]]
    if len(found) == 1:
        every = "均" if states[TOTAL] > 1 else ""
        verb = "为" if every and found[0] != PENDING else ""
        yield Segment(f"，{every}{verb}{STATES[found[0]]}")
    else:
        yield Segment("，其中")
        yield from _listed((f"{STATES[s]} ", _cases(states[s], block, s)) for s in found)


def _listed(items: Iterator[tuple[str, Segment]]) -> Segments:
    """甲 1 件、乙 2 件."""
    for index, (words, figure) in enumerate(items):
        yield Segment(("、" if index else "") + words)
        yield figure
