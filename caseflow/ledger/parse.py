"""From the cells of a row to checked values: what can't be read is named with its column and reason.

A ledger tells what happened, lawful or not: only labels, days and their order are checked, so a late
reply or an act on a day off is taken as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from openpyxl.utils.datetime import from_excel

from ..law.receipt import IN_FORCE
from ..stages.checks import LIMITS, day_of, fault
from .columns import CODES, LABELS, NUMBER, Column, Row, Shape

FARTHEST = timedelta(days=5 * 366)  # a term later than this is a slip of the pen
MOST_DAYS = 365  # working days of an extension
EXACT_DIGITS = 15  # what a spreadsheet keeps of a long number
# Excel's own day numbers of 2008 and of 2099: a date whose format was lost, or one only Chinese Excel knows
EXCEL_DAYS = range(39_448, 73_051)

CLOCK_TIME = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
COUNT = re.compile(r"(\d{1,4}) *(?:个?工作日|天|日)?")
SCIENTIFIC = re.compile(r"\d(\.\d+)?[Ee]\+\d+")
# What becomes of 2020-1 when a spreadsheet takes it for a day
SPOILT_NUMBER = re.compile(r"\d{4}/\d{1,2}/\d{1,2}|\d{4}年\d{1,2}月(\d{1,2}日)?|[A-Z][a-z]{2}-\d\d")
SEVERAL = re.compile("[;；]")


class Unusable(ValueError):
    """A cell that can't be taken; the message is the reason shown."""


@dataclass(frozen=True)
class Faulty:
    """A cell that its file already spoils: a formula, an error value."""

    reason: str


Value = str | int | date | Faulty
Errors = list[tuple[str, str]]  # (column, reason)


def parse(
    shape: Shape, picked: Sequence[tuple[int, Column]], values: Sequence[Value], today: date
) -> tuple[Row, Errors]:
    """The row as plain text by column, and what is wrong with it; ``picked`` says where columns stand."""
    row = {**shape.blank}
    spoilt: dict[str, str] = {}
    raw: Row = {}
    for index, column in picked:
        value = values[index] if index < len(values) else ""
        if value == "" or (isinstance(value, str) and not value.strip()):
            continue
        try:
            row[column.name] = READERS[column.kind](value, column, today)
        except Unusable as unusable:
            spoilt[column.name], raw[column.name] = str(unusable), str(value)
    whole(row)
    known = spoilt.keys()
    found = [*_missing(shape, row, known), *_contradictions(shape, row)]
    return {**row, **raw}, [*spoilt.items(), *(each for each in found if each[0] not in known)]


def whole(row: Row) -> None:
    """One way to write each thing, so that equal rows are equal texts: consultations by day of sending,
    a withdrawal with its day of closing."""
    sent, opinions = (row.get(f"征求意见{which}日期", "") for which in ("发出", "收到"))
    if ";" in sent and (not opinions or sent.count(";") == opinions.count(";")):
        pairs = sorted(zip(sent.split(";"), opinions.split(";") if opinions else [""] * 99, strict=False))
        row["征求意见发出日期"] = ";".join(pair[0] for pair in pairs)
        row["征求意见收到日期"] = ";".join(pair[1] for pair in pairs) if opinions.strip(";") else ""
    if row.get("撤回日期") and row["收到日期"]:
        row["答复日期"] = row["答复日期"] or row["撤回日期"]
        row["办理结果"] = row["办理结果"] or "other"


# -- cells ---------------------------------------------------------------------------------------


def clean(text: str) -> str:
    """Text as it is kept and compared: no blanks around it, one kind of line end."""
    text = text.strip()
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _text(value: Value, column: Column, today: date) -> str:
    if isinstance(value, Faulty):
        raise Unusable(value.reason)
    text = clean(str(value))
    if why := fault(text, LIMITS[column.field]):
        raise Unusable(why)
    return text


def _number(value: Value, column: Column, today: date) -> str:
    text = _text(value, column, today)
    if SCIENTIFIC.fullmatch(text) or (isinstance(value, int) and len(text) > EXACT_DIGITS):
        raise Unusable("表格软件把长号码当作数值，末几位已经丢失；把单元格设为文本，重新填写")
    if column.name == NUMBER and (isinstance(value, date) or SPOILT_NUMBER.fullmatch(text)):
        raise Unusable(f"表格软件把编号当成了日期（{text}）；把单元格设为文本，重新填写")
    return text


def _day(value: Value) -> date:
    """A day written in any usual way, or an Excel date. Raises Unusable."""
    if isinstance(value, Faulty):
        raise Unusable(value.reason)
    if isinstance(value, int) and value in EXCEL_DAYS:
        value = from_excel(value).date()
    return value if isinstance(value, date) else _typed_day(clean(str(value)))


def _typed_day(text: str) -> date:
    day = day_of(CLOCK_TIME.sub("", text))
    if day is None:
        raise Unusable(f"“{text[:20]}”不是日期，写成 2020-03-02 这样")
    return day


def _past(value: Value, column: Column, today: date) -> str:
    return _past_day(value, today)


@lru_cache(maxsize=20_000)
def _past_day(value: Value, today: date) -> str:
    day = _day(value)
    if day > today:
        raise Unusable(f"{day} 晚于今天（{today}）")
    return _since(day)


def _ahead(value: Value, column: Column, today: date) -> str:
    day = _day(value)
    if day > today + FARTHEST:
        raise Unusable(f"{day} 太远，应当是笔误")
    return _since(day)


def _since(day: date) -> str:
    if day < IN_FORCE:
        raise Unusable(f"{day} 早于条例施行之日（{IN_FORCE}）")
    return day.isoformat()


def _days(value: Value, column: Column, today: date) -> str:
    if not isinstance(value, str):
        return _past(value, column, today)
    parts = [clean(part) for part in SEVERAL.split(value)]
    return ";".join(_past(part, column, today) if part else "" for part in parts)


def _count(value: Value, column: Column, today: date) -> str:
    match = COUNT.fullmatch(_plain(value))
    if not match or not 1 <= int(match[1]) <= MOST_DAYS:
        raise Unusable(f"写成工作日的天数，1 到 {MOST_DAYS} 的整数")
    return str(int(match[1]))


def _label(value: Value, column: Column, today: date) -> str:
    return _code(column.kind, _plain(value))


@lru_cache(maxsize=2_000)
def _code(kind: str, text: str) -> str:
    code = CODES[kind](text)
    if code is None:
        known = "、".join(LABELS[kind].values()) if len(LABELS[kind]) < 10 else "年报表三各行的名称"
        raise Unusable(f"没有“{text[:40]}”这一项，可填：{known}")
    return code


def _plain(value: Value) -> str:
    if isinstance(value, Faulty):
        raise Unusable(value.reason)
    return clean(str(value))


Reader = Callable[[Value, Column, date], str]
READERS: dict[str, Reader] = {
    "text": _text,
    "number": _number,
    "past": _past,
    "ahead": _ahead,
    "days": _days,
    "count": _count,
    **dict.fromkeys(CODES, _label),
}


# -- the row as a whole --------------------------------------------------------------------------


def _missing(shape: Shape, row: Row, spoilt: Container[str]) -> Iterator[tuple[str, str]]:
    for name in shape.required:
        if not row[name]:
            yield name, "不能空着"
    for name, needed in shape.needs:
        if row[name] and not row[needed] and needed not in spoilt:
            yield name, f"填了{name}，也要填{needed}"


def _contradictions(shape: Shape, row: Row) -> Iterator[tuple[str, str]]:
    for name, earlier in shape.order:
        if not (told := row[name]):
            continue
        for before in earlier:
            if row[before] and (pair := _reversed(told, row[before])):
                yield name, f"{name}（{pair[0]}）早于{before}（{pair[1]}）"
                break
    yield from CHECKS[shape.title](row)


def _reversed(later: str, earlier: str) -> tuple[str, str] | None:
    """The first pair of days in the wrong order; several days against several go by their places."""
    if ";" not in later and ";" not in earlier:
        return (later, earlier) if later < earlier else None
    ends, starts = later.split(";"), earlier.split(";")
    if len(ends) > 1 and len(ends) == len(starts):
        pairs = list(zip(ends, starts, strict=True))
    else:
        pairs = [(min(filter(None, ends), default=""), max(starts))]
    return next((pair for pair in pairs if pair[0] and pair[0] < pair[1]), None)


def _ledger_checks(row: Row) -> Iterator[tuple[str, str]]:
    sent, opinions = row["征求意见发出日期"], row["征求意见收到日期"]
    if "" in sent.split(";") and sent:
        yield "征求意见发出日期", "几次征求之间有一次没有日期"
    elif opinions and sent.count(";") != opinions.count(";"):
        yield "征求意见收到日期", "与发出日期的个数不同；还没有收到的一次空着，分号照写"
    if row["撤回日期"] and row["办理结果"] not in ("", "other"):
        yield "办理结果", "填了撤回日期，办理结果应当是“其他处理-其他”"
    if _overlap(row):
        yield "收费通知日期", "等待补正和等待缴费的时间相互重叠"


def _overlap(row: Row) -> bool:
    """Whether the applicant is said to have been waited for twice at once."""
    asked, met, noticed, paid = (
        row[name] for name in ("补正告知日期", "补正收到日期", "收费通知日期", "缴费日期")
    )
    if not (asked and noticed):
        return False
    return bool(met and asked < noticed < met) or bool(paid and noticed < asked < paid)


def _proceeding_checks(row: Row) -> Iterator[tuple[str, str]]:
    if row["类型"] == "reconsideration" and row["是否经过复议"] == "yes":
        yield "是否经过复议", "“经过复议”只用于行政诉讼"


CHECKS: dict[str, Callable[[Row], Iterator[tuple[str, str]]]] = {
    "台账": _ledger_checks,
    "复议诉讼": _proceeding_checks,
}
