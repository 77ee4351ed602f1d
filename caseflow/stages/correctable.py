"""What may be corrected (更正) beside the day: each fact with its name, how it is typed and shown; and what may
be declared void (作废)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..law.casefile import Entry
from ..law.facts import EXTENSION_DAYS
from ..law.replay import CONSULTS
from ..law.supervision import CAUSES, MEASURES
from ..law.words import with_weekday
from ..law.workdays import FIRST, LAST
from . import proceedings
from .checks import day_of
from .desk import OpenCase
from .errors import Refused
from .handle import OPINIONS, deemed_consent

Also = Callable[[OpenCase, Entry, Any], dict[str, Any]]


def _nothing(case: OpenCase, entry: Entry, new: Any) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Fact:
    """One fact of an event: its name, how it is typed, what that reads as (None: not at all), how it is shown.

    ``read`` raises Refused for a day that no calendar reaches; ``also`` says what follows from the new value.
    """

    label: str
    hint: str
    read: Callable[[str], Any]
    show: Callable[[Any, date], str]
    also: Also = _nothing


def _day(label: str, also: Also = _nothing) -> Fact:
    def read(typed: str) -> str | None:
        found = day_of(typed)
        if found and not FIRST <= found <= LAST:
            raise Refused(f"日期超出了工作日历（{FIRST.year}—{LAST.year} 年），核对一下年份", "value")
        return found.isoformat() if found else None

    def show(value: Any, today: date) -> str:
        return with_weekday(date.fromisoformat(value), today)

    return Fact(label, "写成 2026-12-04 这样的日期", read, show, also)


def _one_of(label: str, choices: Mapping[Any, str], also: Also = _nothing) -> Fact:
    codes = {name: code for code, name in choices.items()}
    return Fact(
        label,
        f"写{'、'.join(codes)}中的一个",
        lambda typed: codes.get(typed.strip()),
        lambda value, today: choices.get(value, ""),
        also,
    )


def _count(label: str) -> Fact:
    def read(typed: str) -> int | None:
        return int(typed) if typed.strip() in _DAYS else None

    return Fact(label, f"写 1 到 {EXTENSION_DAYS} 的整数", read, lambda value, today: f"{value} 个工作日")


_DAYS = frozenset(str(n) for n in range(1, EXTENSION_DAYS + 1))


def _consent(case: OpenCase, entry: Entry, opinion: Any) -> dict[str, Any]:
    """Whether the opinion now is a silence that counts as consent (art. 34)."""
    asked = next(c for c in case.file.consultations if c.n == entry.details["n"])
    found = deemed_consent(asked, opinion) or None
    return {} if entry.details.get("deemed_consent") == found else {"deemed_consent": found}


FACTS: dict[tuple[str, str], Fact] = {
    ("request_correction", "until"): _day("补正期限"),
    ("ask_reasons", "until"): _day("说明期限"),
    ("defer", "until"): _day("延迟答复的日期"),
    ("defer", "told"): _day("告知申请人的日期"),
    ("fee_notice", "told"): _day("申请人收到通知的日期"),
    ("accept", "internal_until"): _day("内部期限"),
    ("assign", "internal_until"): _day("内部期限"),
    ("consult_third_party", "delivered"): _day("对方收到的日期"),
    ("consult_joint_organ", "delivered"): _day("对方收到的日期"),
    ("record_opinion", "delivered"): _day("对方收到的日期"),
    ("record_opinion", "opinion"): _one_of("意见", OPINIONS, _consent),
    ("approve_extension", "days"): _count("延期的工作日"),
    ("approve_extension", "told"): _day("告知申请人的日期"),
    ("open_proceeding", "kind"): _one_of("类型", proceedings.KINDS),
    ("open_proceeding", "after_reconsideration"): _one_of("是否经过复议", {True: "是", False: "否"}),
    ("register", "decided"): _day("收到复议决定、判决的日期"),
    ("register", "until"): _day("复议决定、判决确定的期限"),
    ("close_proceeding", "result"): _one_of("审结结果", proceedings.RESULTS),
    ("watch", "until"): _day("答复督办的日期"),
    ("hold_accountable", "cause"): _one_of("逾期原因", CAUSES),
    ("hold_accountable", "measure"): _one_of("责任追究的处理", MEASURES),
}

# What can be left out of a history; a registration, a draft and a sending have their own ways back
VOIDABLE = frozenset({
    "request_correction", "receive_correction", "consult_third_party", "consult_joint_organ",
    "deliver_consultation", "record_opinion", "ask_reasons", "receive_reasons", "defer", "fee_notice",
    "deliver_fee_notice", "pay_fee", "ask_extension", "approve_extension", "refuse_extension", "deliver_reply", "return_reply",
    "resend_reply", "open_proceeding",
    "appeal_proceeding", "close_proceeding", "link_case", "add_files", "watch", "answer_watch", "end_watch", "hold_accountable",
})  # fmt: skip


def facts_of(entries: Iterable[Entry]) -> list[tuple[Entry, str, Fact]]:
    """The facts of a case that may be corrected, in the order of the record."""
    known = [*entries]
    return [
        (e, key, fact)
        for e in known
        for (act, key), fact in FACTS.items()
        if act == e.act and key in e.details and not (key in {"delivered", "told"} and said_again(known, e))
    ]


def said_again(entries: Iterable[Entry], entry: Entry) -> bool:
    """Whether the day the letter came was said again, with the opinion or by an act: then that one counts."""
    if entry.act == "fee_notice":
        return any(e.act == "deliver_fee_notice" for e in entries)
    return entry.act in CONSULTS | {"deliver_consultation"} and any(
        e.act == "record_opinion" and e.details.get("delivered") and e.details["n"] == entry.details.get("n")
        for e in entries
    )
