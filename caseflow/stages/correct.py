"""更正: a further event that says what was recorded wrongly; nothing is rewritten."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..law.casefile import Entry
from ..law.facts import EXTENSION_DAYS
from ..law.guards import disorder
from ..law.replay import OF_THE_RECORD, corrected
from ..law.words import month_day
from . import proceedings, record, register, reply
from .checks import day_of
from .desk import OpenCase, Work, acting
from .errors import Refused
from .handle import OPINIONS


def correct_day(work: Work, case_id: int, seen: int, target: int, new: date, note: str) -> None:
    """The day of event ``target`` was another one."""
    with acting(work, case_id, seen, "correct") as case:
        entry = _target(case, target)
        if entry.act in {"register", *OF_THE_RECORD}:
            raise Refused("这一条的日期在“更正申请信息”里改", "target")
        if new == entry.on:
            raise Refused("与原来的日期相同", "new_day")
        _silence(case, entry, new)
        _write(case, entry, {"on": new.isoformat()}, {"on": entry.on.isoformat()}, note, "new_day")


def correct_result(work: Work, case_id: int, seen: int, result: str, note: str) -> None:
    """The reply was counted under a wrong result; its cell changes."""
    with acting(work, case_id, seen, "correct") as case:
        sent = [e for e in _entries(case) if e.act == "send_reply"]
        if not sent or not case.file.replied:
            raise Refused("没有发出过答复", "result")
        if result == case.file.result:
            raise Refused("与原来的结果相同", "result")
        reply.check_result(case.file, result)
        _write(case, sent[-1], {"result": result}, {"result": case.file.result}, note, "result")


def correct_particulars(
    work: Work,
    case_id: int,
    seen: int,
    arrival: register.Arrival,
    application: register.Application,
    note: str,
) -> None:
    """What the form said, or how it came, was recorded wrongly: a new version, the old one kept."""
    register.check(arrival, application, work.today)
    with acting(work, case_id, seen, "correct") as case:
        _confirmation(case, arrival)
        entry = _target(case, record.REGISTER_SEQ)
        kept = record.particulars_of(case.session, case.row)
        new: dict[str, Any] = register.arrival_details(arrival)
        new["applicant_class"] = application.applicant_class
        new["particulars"] = record.keep_particulars(case.session, case.row, application.values())
        changed = {k: v for k, v in new.items() if entry.details.get(k) != v}
        if set(changed) == {"particulars"} and kept == application.values():
            raise Refused("与原来的内容相同")
        old = {k: entry.details.get(k) for k in changed}
        _write(case, entry, changed, old, note, "note")


def correct_fact(work: Work, case_id: int, seen: int, target: int, key: str, typed: str, note: str) -> None:
    """A recorded fact other than its day was another one: so many days, a period, an opinion, a result."""
    with acting(work, case_id, seen, "correct") as case:
        entry = _target(case, target)
        fact = FACTS.get((entry.act, key))
        if fact is None or key not in entry.details:
            raise Refused("选择要更正的一项", "fact")
        new = fact.read(typed)
        if new is None:
            raise Refused(fact.hint, "value")
        if new == entry.details[key]:
            raise Refused("与原来的内容相同", "value")
        _write(case, entry, {key: new}, {key: entry.details[key]}, note, "value")


@dataclass(frozen=True)
class Fact:
    """One fact of an event that may be corrected: its name, how it is typed, what it reads as."""

    label: str
    hint: str
    read: Callable[[str], Any]


def _day(label: str) -> Fact:
    def read(typed: str) -> str | None:
        found = day_of(typed)
        return found.isoformat() if found else None

    return Fact(label, "写成 2026-12-04 这样的日期", read)


def _one_of(label: str, choices: Mapping[str, str]) -> Fact:
    codes = {name: code for code, name in choices.items()}
    return Fact(label, f"写{'、'.join(codes)}中的一个", lambda typed: codes.get(typed.strip()))


def _count(label: str) -> Fact:
    def read(typed: str) -> int | None:
        return int(typed) if typed.strip() in _DAYS else None

    return Fact(label, f"写 1 到 {EXTENSION_DAYS} 的整数", read)


_DAYS = frozenset(str(n) for n in range(1, EXTENSION_DAYS + 1))

FACTS: dict[tuple[str, str], Fact] = {
    ("request_correction", "until"): _day("补正期限"),
    ("ask_reasons", "until"): _day("说明期限"),
    ("defer", "until"): _day("延迟答复的日期"),
    ("fee_notice", "until"): _day("缴费期限"),
    ("accept", "internal_until"): _day("内部期限"),
    ("assign", "internal_until"): _day("内部期限"),
    ("consult_third_party", "delivered"): _day("对方收到的日期"),
    ("consult_joint_organ", "delivered"): _day("对方收到的日期"),
    ("record_opinion", "delivered"): _day("对方收到的日期"),
    ("record_opinion", "opinion"): _one_of("意见", OPINIONS),
    ("approve_extension", "days"): _count("延期的工作日"),
    ("open_proceeding", "kind"): _one_of("类型", proceedings.KINDS),
    ("close_proceeding", "result"): _one_of("审结结果", proceedings.RESULTS),
}


def facts_of(entries: Iterable[Entry]) -> list[tuple[Entry, str, Fact]]:
    """The facts of a case that may be corrected, in the order of the record."""
    return [
        (e, key, fact)
        for e in entries
        for (act, key), fact in FACTS.items()
        if act == e.act and key in e.details
    ]


def _silence(case: OpenCase, entry: Entry, new: date) -> None:
    """Silence is a fact only after the third party's 15 working days (art. 32)."""
    if entry.act != "record_opinion" or entry.details.get("opinion") != "silent":
        return
    limit = case.file.consultations[entry.details["n"] - 1].limit(case.calendar)
    if new <= limit:
        raise Refused(f"对方的 15 个工作日到 {month_day(limit, case.work.today)}，届满后才算逾期", "new_day")


def _confirmation(case: OpenCase, arrival: register.Arrival) -> None:
    """A day of receipt confirmed by an act of its own is corrected there, never in two places."""
    by_act = any(e.act == "confirm_receipt" for e in _entries(case))
    if by_act and arrival.confirmed:
        raise Refused("确认收到另有一条记录，它的日期在“日期记错了”里更正", "confirmed")


def _entries(case: OpenCase) -> list[Entry]:
    return corrected(case.past)


def _target(case: OpenCase, seq: int) -> Entry:
    entry = next((e for e in _entries(case) if e.seq == seq), None)
    if entry is None:
        raise Refused("选择要更正的一条", "target")
    return entry


def _write(
    case: OpenCase, entry: Entry, new: Mapping[str, Any], old: Mapping[str, Any], note: str, field: str
) -> None:
    """Write the correction if the history stays in order with it."""
    details = {"target": entry.seq, "changes": dict(new), "old": dict(old)}
    fix = Entry(case.file.seq + 1, "correct", case.work.today, details)
    if wrong := disorder([*case.past, fix], case.work.today):
        raise Refused(f"改后与第 {wrong[0].seq} 条记录矛盾：{wrong[1]}", field)
    case.write(details, note)
