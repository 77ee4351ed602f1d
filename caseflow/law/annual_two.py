"""Part two of the annual report, 主动公开政府信息情况 (art. 20): its table in both editions, read and checked.

国办公开办函〔2019〕60号 and 〔2021〕30号. No case tells these figures: they are typed in, and a blank stays a blank.
What holds across the years holds within one edition only, for the two count different things.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

COUNT, CHANGE, MONEY = "count", "change", "money"  # whole; whole with a sign; 万元
DIGITS, DECIMALS = 12, 6
_TYPED = {
    COUNT: re.compile(rf"\d{{1,{DIGITS}}}"),
    CHANGE: re.compile(rf"[+-]?\d{{1,{DIGITS}}}"),
    MONEY: re.compile(rf"\d{{1,{DIGITS}}}(\.\d{{1,{DECIMALS}}})?"),
}
_WANTED = {
    COUNT: "写成整数，例如 17；没有的写 0",
    CHANGE: "写成整数，减少的前面加 -，例如 -2",
    MONEY: f"写成数，单位万元，最多 {DECIMALS} 位小数，例如 12.5；没有的写 0",
}
# As people type them: full-width digits and signs, and commas between thousands
_WIDE = str.maketrans("０１２３４５６７８９．－＋−，", "0123456789.-+-,")

Amounts = Mapping[str, Decimal | None]  # by place


@dataclass(frozen=True)
class Column:
    """One column of figures."""

    key: str
    label: str
    kind: str = COUNT
    words: str = ""  # how a sentence names the figure, before the name of the row; "" where none does


@dataclass(frozen=True)
class Block:
    """The rows under one item of art. 20, with their columns."""

    head: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, str], ...]  # key, label


@dataclass(frozen=True)
class Cell:
    """One figure of the table: where it stands and what it is."""

    place: str  # regulations.made
    row: str
    column: Column
    head: str

    @property
    def label(self) -> str:
        """Row × column, in the form's words."""
        return f"{self.row} × {self.column.label}"

    @property
    def words(self) -> str:
        """How a sentence names it; "" where none does."""
        before, mark, after = self.column.words.partition("{}")
        return f"{before}{self.row}{after}" if mark else ""

    @property
    def unit(self) -> str:
        """What it counts in."""
        return "万元" if self.column.kind == MONEY else "件"


_ITEMS = (Column("last", "上一年项目数量"), Column("change", "本年增/减", CHANGE))
_DECIDED = Column("decided", "处理决定数量", COUNT, "{}处理决定")
FORMS: dict[str, tuple[Block, ...]] = {
    "2019": (
        Block(
            "第二十条第（一）项",
            (Column("made", "本年新制作数量", COUNT, "新制作{}"), Column("opened", "本年新公开数量", COUNT, "新公开{}"),
             Column("total", "对外公开总数量", COUNT, "对外公开{}总数")),
            (("regulations", "规章"), ("normative", "规范性文件")),
        ),
        Block("第二十条第（五）项", (*_ITEMS, _DECIDED), (("licence", "行政许可"), ("service", "其他对外管理服务事项"))),
        Block("第二十条第（六）项", (*_ITEMS, _DECIDED), (("penalty", "行政处罚"), ("coercion", "行政强制"))),
        Block("第二十条第（八）项", _ITEMS, (("charges", "行政事业性收费"),)),
        Block(
            "第二十条第（九）项", (Column("projects", "采购项目数量", COUNT, "{}项目"), Column("amount", "采购总金额", MONEY)),
            (("procurement", "政府集中采购"),),
        ),
    ),
    "2021": (
        Block(
            "第二十条第（一）项",
            (Column("made", "本年制发件数", COUNT, "制发{}"), Column("abolished", "本年废止件数", COUNT, "废止{}"),
             Column("valid", "现行有效件数", COUNT, "现行有效{}")),
            (("regulations", "规章"), ("normative", "行政规范性文件")),
        ),
        Block("第二十条第（五）项", (Column("decided", "本年处理决定数量", COUNT, "{}处理决定"),), (("licence", "行政许可"),)),
        Block(
            "第二十条第（六）项", (Column("decided", "本年处理决定数量", COUNT, "{}处理决定"),),
            (("penalty", "行政处罚"), ("coercion", "行政强制")),
        ),
        Block(
            "第二十条第（八）项", (Column("charged", "本年收费金额（单位：万元）", MONEY, "{}收费金额"),),
            (("charges", "行政事业性收费"),),
        ),
    ),
}  # fmt: skip

BLANK, WRONG, UNCHECKED = "blank", "wrong", "unchecked"


@dataclass(frozen=True)
class Finding:
    """What can't stand, or couldn't be checked: a sentence, and the places it is about."""

    kind: str
    sentence: str
    places: tuple[str, ...] = ()


def cells(edition: str) -> Iterator[Cell]:
    """Every figure of the table in the order of the form. Raises KeyError for another edition."""
    for block in FORMS[edition]:
        for key, label in block.rows:
            for column in block.columns:
                yield Cell(f"{key}.{column.key}", label, column, block.head)


def read(text: str, kind: str) -> Decimal | None:
    """A typed figure; None for a blank. Raises ValueError with the sentence that says how to write it."""
    plain = "".join(text.split()).translate(_WIDE).replace(",", "")
    if not plain:
        return None
    if not _TYPED[kind].fullmatch(plain):
        raise ValueError(_WANTED[kind])
    return Decimal(plain)


def written(amount: Decimal | None) -> str:
    """A figure as it is printed; "" for a blank."""
    return "" if amount is None else f"{amount:f}"


def from_json(figures: Mapping[str, str | None], edition: str) -> dict[str, Decimal | None]:
    """The figures of this edition as they were kept; what is not there is a blank."""
    return {
        c.place: None if (kept := figures.get(c.place)) is None else Decimal(kept) for c in cells(edition)
    }


def as_json(figures: Amounts) -> dict[str, str | None]:
    """The figures as they are kept: text, so that no decimal is rounded."""
    return {place: None if amount is None else written(amount) for place, amount in figures.items()}


def check(edition: str, now: Amounts, before: Amounts | None) -> tuple[Finding, ...]:
    """Blanks, what can't be so within the year, and what doesn't follow from last year's figures.

    ``before`` are last year's in the same edition, None where there are none. A blank stops only its own checks.
    """
    blanks = [c for c in cells(edition) if now.get(c.place) is None]
    found = [Finding(BLANK, f"{c.label}：空白，没有的写 0", (c.place,)) for c in blanks]
    across = _across_2019 if edition == "2019" else _across_2021
    return (*found, *_within(edition, now), *across(now, before))


def _within(edition: str, now: Amounts) -> Iterator[Finding]:
    for row, label in FORMS[edition][0].rows:
        if edition == "2019":
            opened, total = now.get(f"{row}.opened"), now.get(f"{row}.total")
            if opened is not None and total is not None and opened > total:
                said = f"{label}：本年新公开 {opened}，多于对外公开总数 {total}"
                yield Finding(WRONG, said, (f"{row}.opened", f"{row}.total"))
            continue
        made, gone, valid = (now.get(f"{row}.{key}") for key in ("made", "abolished", "valid"))
        if made is not None and gone is not None and valid is not None and valid < made - gone:
            said = f"{label}：现行有效 {valid}，少于本年制发 {made} 减去废止 {gone}"
            yield Finding(WRONG, said, tuple(f"{row}.{key}" for key in ("made", "abolished", "valid")))
    for row, label in _item_rows(edition):
        last, change = now.get(f"{row}.last"), now.get(f"{row}.change")
        if last is not None and change is not None and last + change < 0:
            said = f"{label}：上一年 {last}，本年增/减 {change}，剩下的少于 0"
            yield Finding(WRONG, said, (f"{row}.last", f"{row}.change"))


def _item_rows(edition: str) -> tuple[tuple[str, str], ...]:
    """The rows that count items, last year's and the change; the 2021 edition has none."""
    return tuple(row for block in FORMS[edition] if block.columns[:2] == _ITEMS for row in block.rows)


def _across_2021(now: Amounts, before: Amounts | None) -> Iterator[Finding]:
    """现行有效 = last year's + 制发 − 废止."""
    for row, label in FORMS["2021"][0].rows:
        places = tuple(f"{row}.{key}" for key in ("made", "abolished", "valid"))
        last = before.get(f"{row}.valid") if before else None
        made, gone, valid = (now.get(place) for place in places)
        if last is None:
            yield Finding(UNCHECKED, f"{label}：上一年的现行有效件数这里没有，没有核对", places[2:])
        elif made is not None and gone is not None and valid is not None and valid != last + made - gone:
            said = f"{label}：现行有效 {valid}，应为 {last + made - gone}（上年 {last} ＋ 制发 {made} － 废止 {gone}）"
            yield Finding(WRONG, said, places)


def _across_2019(now: Amounts, before: Amounts | None) -> Iterator[Finding]:
    """上一年项目数量 = last year's + its 增/减; 对外公开总数量 = last year's + 本年新公开."""
    for row, label in FORMS["2019"][0].rows:
        last = before.get(f"{row}.total") if before else None
        opened, total = now.get(f"{row}.opened"), now.get(f"{row}.total")
        if last is None:
            yield Finding(UNCHECKED, f"{label}：上一年的对外公开总数量这里没有，没有核对", (f"{row}.total",))
        elif opened is not None and total is not None and total != last + opened:
            said = (
                f"{label}：对外公开总数量 {total}，应为 {last + opened}（上年 {last} ＋ 本年新公开 {opened}）"
            )
            yield Finding(WRONG, said, (f"{row}.opened", f"{row}.total"))
    for row, label in _item_rows("2019"):
        last, change = (before.get(f"{row}.{key}") if before else None for key in ("last", "change"))
        stands = now.get(f"{row}.last")
        if last is None or change is None:
            yield Finding(UNCHECKED, f"{label}：上一年的项目数量这里没有，没有核对", (f"{row}.last",))
        elif stands is not None and stands != last + change:
            said = (
                f"{label}：上一年项目数量 {stands}，应为 {last + change}（上年报告 {last}，增/减 {change}）"
            )
            yield Finding(WRONG, said, (f"{row}.last",))
