"""The columns of the ledger (台账): one table that reading, checking and writing share.

A row, once read, is a mapping of every column to plain text: a day as 2020-03-02, several days joined
by ``;``, a label as its code, "" where nothing was written. Two rows that say the same are then equal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from ..law.applicants import CLASSES, class_of
from ..law.outcomes import OUTCOMES, outcome_of
from ..law.receipt import CHANNELS
from ..stages.proceedings import KINDS, RESULTS

Kind = Literal[
    "text",
    "number",  # digits that a spreadsheet likes to spoil: 登记编号, 证件号码, 电话
    "past",  # a day not later than today
    "ahead",  # a term: may lie in the future
    "days",  # several past days, by ;
    "count",  # working days
    "channel", "class", "result", "proceeding", "yes_no", "verdict",
]  # fmt: skip
Row = dict[str, str]

NUMBER, OFFICE = "登记编号", "机关"
PROCEEDINGS_SHEET = "复议诉讼"


@dataclass(frozen=True)
class Column:
    """One column. ``field`` names the text in the particulars, or the limit of its length."""

    name: str
    kind: Kind = "text"
    field: str = ""
    required: bool = False
    private: bool = False  # shown masked in messages


@dataclass(frozen=True)
class Shape:
    """A table of ours: its columns, which need another, and which day can't precede which."""

    title: str
    columns: tuple[Column, ...]
    needs: tuple[tuple[str, str], ...]
    order: tuple[tuple[str, tuple[str, ...]], ...]

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """The columns by their heads."""
        return {column.name: column for column in self.columns}

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The columns that can't be empty."""
        return tuple(column.name for column in self.columns if column.required)

    @cached_property
    def blank(self) -> Row:
        """A row in which nothing is written."""
        return dict.fromkeys(self.by_name, "")


LEDGER = Shape(
    "台账",
    (
        Column(NUMBER, "number", "number"),
        Column(OFFICE, "text", "name"),
        Column("受理方式", "channel", required=True),
        Column("提交日期", "past"),
        Column("收到日期", "past", required=True),
        Column("申请人类型", "class", required=True),
        Column("申请人", "text", "name", required=True),
        Column("代理人", "text", "agent"),
        Column("证件类型", "text", "certificate_type"),
        Column("证件号码", "number", "certificate_number", private=True),
        Column("联系电话", "number", "phone", private=True),
        Column("通信地址", "text", "address", private=True),
        Column("电子邮箱", "text", "email", private=True),
        Column("申请内容", "text", "content", required=True),
        Column("获取方式", "text", "obtain_by"),
        Column("提供形式", "text", "form"),
        Column("补正告知日期", "past"),
        Column("补正期限", "ahead"),
        Column("补正收到日期", "past"),
        Column("征求意见发出日期", "days"),
        Column("征求意见收到日期", "days"),
        Column("延期批准日期", "past"),
        Column("延期工作日", "count"),
        Column("延迟答复至", "ahead"),
        Column("收费通知日期", "past"),
        Column("缴费日期", "past"),
        Column("撤回日期", "past"),
        Column("答复日期", "past"),
        Column("办理结果", "result"),
        Column("答复文号", "text", "reply_no"),
        Column("送达日期", "past"),
        Column("归档日期", "past"),
        Column("经办人", "text", "name"),
        Column("备注", "text", "remark"),
    ),
    needs=(
        ("补正期限", "补正告知日期"),
        ("补正收到日期", "补正告知日期"),
        ("征求意见收到日期", "征求意见发出日期"),
        ("延期批准日期", "延期工作日"),
        ("延期工作日", "延期批准日期"),
        ("缴费日期", "收费通知日期"),
        ("答复日期", "办理结果"),
        ("办理结果", "答复日期"),
        ("答复文号", "答复日期"),
        ("送达日期", "答复日期"),
        ("归档日期", "答复日期"),
    ),
    order=(
        ("收到日期", ("提交日期",)),
        ("补正告知日期", ("收到日期",)),
        ("补正期限", ("补正告知日期",)),
        ("补正收到日期", ("补正告知日期",)),
        ("征求意见发出日期", ("收到日期",)),
        ("征求意见收到日期", ("征求意见发出日期",)),
        ("延期批准日期", ("收到日期",)),
        ("延迟答复至", ("收到日期",)),
        ("收费通知日期", ("收到日期",)),
        ("缴费日期", ("收费通知日期",)),
        ("撤回日期", ("收到日期",)),
        (
            "答复日期",
            (
                "收到日期", "补正告知日期", "补正收到日期", "征求意见发出日期", "征求意见收到日期",
                "延期批准日期", "收费通知日期", "缴费日期", "撤回日期",
            ),
        ),
        ("送达日期", ("答复日期",)),
        ("归档日期", ("答复日期",)),
    ),
)  # fmt: skip

PROCEEDINGS = Shape(
    "复议诉讼",
    (
        Column(NUMBER, "number", "number", required=True),
        Column("类型", "proceeding", required=True),
        Column("是否经过复议", "yes_no"),
        Column("提起日期", "past", required=True),
        Column("审结日期", "past"),
        Column("结果", "verdict"),
        Column(OFFICE, "text", "name"),
    ),
    needs=(("审结日期", "结果"), ("结果", "审结日期")),
    order=(("审结日期", ("提起日期",)),),
)

# -- labels: what a row holds as a code and a sheet shows as words -------------------------------

YES_NO = {"yes": "是", "no": "否"}

LABELS: dict[str, Mapping[str, str]] = {
    "channel": CHANNELS,
    "class": CLASSES,
    "result": {outcome.code: outcome.label for outcome in OUTCOMES},
    "proceeding": KINDS,
    "yes_no": YES_NO,
    "verdict": RESULTS,
}


def _among(labels: Mapping[str, str]) -> Callable[[str], str | None]:
    known = {label: code for code, label in labels.items()} | {code: code for code in labels}
    return known.get


CODES: dict[str, Callable[[str], str | None]] = {
    "channel": _among(CHANNELS),
    "class": class_of,
    "result": outcome_of,
    "proceeding": _among(KINDS),
    "yes_no": _among(YES_NO),
    "verdict": _among(RESULTS),
}


def shown(column: Column, value: str) -> str:
    """A value as a sheet shows it: the label instead of the code."""
    labels = LABELS.get(column.kind)
    return labels.get(value, value) if labels and value else value
