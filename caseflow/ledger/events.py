"""A checked row as the events it tells of: seq is the order of the five stages, ``on`` the day of each act.

The free text and the particulars go where they belong; an event keeps nothing personal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from ..law.casefile import Entry
from ..law.receipt import rule_for
from .columns import LEDGER, Row

Step = tuple[str, str, dict[str, Any]]  # act, day, details

PARTICULARS = {
    column.field: column.name
    for column in LEDGER.columns
    if column.kind in ("text", "number") and column.name not in ("登记编号", "机关", "经办人", "答复文号")
}

# What happens between receipt and closing, in the order of one day: column, act
BETWEEN = (
    ("补正告知日期", "request_correction"),
    ("补正收到日期", "receive_correction"),
    ("延期批准日期", "approve_extension"),
    ("收费通知日期", "fee_notice"),
    ("缴费日期", "pay_fee"),
)
LAPSES = {"other_correction_lapsed": "lapse_correction", "other_fee_unpaid": "lapse_fee"}
AFTERWARDS = (("送达日期", "deliver_reply"), ("归档日期", "archive"))


def particulars_of(row: Row) -> dict[str, str]:
    """What the form said, by the names of the particulars."""
    return {field: row[name] for field, name in PARTICULARS.items()}


def entries_of(
    row: Row, handler_id: int | None = None, actor_id: int | None = None, proceedings: Sequence[Row] = ()
) -> list[Entry]:
    """The events of a row without errors; ``proceedings`` are its rows of the sheet 复议诉讼."""
    received = row["收到日期"]
    later = [*_between(row), *_closing(row), *proceeding_steps(proceedings)]
    steps: list[Step] = [("register", received, _arrival(row))]
    if later or row["经办人"]:
        steps.append(("accept", received, _given(handler_id=handler_id, handler=row["经办人"])))
    return [
        Entry(seq, act, date.fromisoformat(on), details, actor_id)
        for seq, (act, on, details) in enumerate([*steps, *later], 1)
    ]


def _given(**details: Any) -> dict[str, Any]:
    return {key: value for key, value in details.items() if value not in (None, "")}


def _arrival(row: Row) -> dict[str, Any]:
    """How it came, as registration at the desk writes it; 收到日期 is the legal day of receipt (art. 31)."""
    kept: dict[str, Any] = {"channel": row["受理方式"], "mail": "", "oral": False}
    kept |= {"submitted": row["提交日期"] or None, "arrived": None, "confirmed": None}
    known_by = rule_for(row["受理方式"]).date_field
    if known_by != "submitted":
        kept[known_by] = row["收到日期"]
    return kept | {"received": row["收到日期"], "applicant_class": row["申请人类型"]}


def _between(row: Row) -> list[Step]:
    steps: list[Step] = []
    if row["延迟答复至"]:  # the ledger doesn't say when it was decided
        steps.append(("defer", row["收到日期"], {"until": row["延迟答复至"]}))
    details = {
        "request_correction": _given(until=row["补正期限"]),
        "approve_extension": {"days": int(row["延期工作日"] or 0)},
    }
    steps += [(act, row[name], details.get(act, {})) for name, act in BETWEEN if row[name]]
    if row["征求意见发出日期"]:
        steps += _consultations(row)
    return sorted(steps, key=lambda step: step[1])


def _consultations(row: Row) -> Iterator[Step]:
    """Sent and answered as the ledger has it; the day the third party had the letter isn't known."""
    sent = row["征求意见发出日期"].split(";")
    opinions = row["征求意见收到日期"].split(";") if row["征求意见收到日期"] else [""] * len(sent)
    for n, day in enumerate(sent, 1):
        yield "consult_third_party", day, {"n": n}
    for n, day in enumerate(opinions, 1):
        if day:
            yield "record_opinion", day, {"n": n}


def _closing(row: Row) -> Iterator[Step]:
    closed, result = row["答复日期"], row["办理结果"]
    if not closed:
        return
    told = _given(reply_no=row["答复文号"])
    if row["撤回日期"]:
        asked = row["撤回日期"] if row["撤回日期"] != closed else None
        yield "withdraw", closed, _given(asked=asked) | told
    elif result in LAPSES:
        yield LAPSES[result], closed, {"result": result} | told
    else:
        yield "send_reply", closed, {"result": result} | told
    yield from ((act, row[name], {}) for name, act in AFTERWARDS if row[name])


def proceeding_steps(rows: Iterable[Row], first: int = 1) -> Iterator[Step]:
    """Events of 复议 and 诉讼, numbered within the case from ``first``."""
    for n, row in enumerate(rows, first):
        after = row["是否经过复议"] == "yes"
        brought = {"n": n, "kind": row["类型"], "after_reconsideration": after}
        yield "open_proceeding", row["提起日期"], brought
        if row["审结日期"]:
            yield "close_proceeding", row["审结日期"], {"n": n, "result": row["结果"]}
