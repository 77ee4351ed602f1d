"""更正: a further event that says what was recorded wrongly; nothing is rewritten."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select

from ..law.amended import faults, same_subject, unfounded
from ..law.applicants import masked
from ..law.casefile import Entry
from ..law.conditions import last_notice_day
from ..law.guards import disorder
from ..law.replay import OF_THE_RECORD, corrected, replay
from ..law.workdays import FIRST, LAST, OutsideCalendar
from ..models import Event
from . import record, register, reply
from .correctable import VOIDABLE, facts_of, said_again
from .desk import OpenCase, Work, acting
from .errors import Refused


def correct_day(work: Work, case_id: int, seen: int, target: int, new: date, note: str) -> None:
    """The day of event ``target`` was another one."""
    with _correcting(work, case_id, seen, "new_day") as case:
        entry = _target(case, target)
        if entry.act in {"register", *OF_THE_RECORD}:
            raise Refused("这一条的日期在“更正申请信息”里改", "target")
        if entry.act == "deliver_consultation" and said_again(_entries(case), entry):
            raise Refused("对方收到的日期以登记意见的一条为准，更正那一条的“对方收到的日期”", "target")
        if new == entry.on:
            raise Refused("与原来的日期相同", "new_day")
        changes = {"on": new.isoformat()} | _no_longer_late(case, entry, new)
        old = {"on": entry.on.isoformat()} | {k: entry.details[k] for k in changes if k != "on"}
        _write(case, entry, changes, old, note, "new_day")


def _no_longer_late(case: OpenCase, entry: Entry, on: date) -> dict[str, Any]:
    """A correction notice recorded as late (art. 30) was given in time after all."""
    last = last_notice_day(case.file, case.calendar)
    return {"late": None} if entry.details.get("late") and last and on <= last else {}


def correct_result(work: Work, case_id: int, seen: int, result: str, note: str) -> None:
    """The reply was counted under a wrong result; its cell changes."""
    with _correcting(work, case_id, seen, "result") as case:
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
    """What the form said, or how it came, was recorded wrongly: a new version, the old one kept.

    A certificate or telephone that is typed as it is shown, masked, stays what it was.
    """
    register.check(arrival, application, work.today)
    with _correcting(work, case_id, seen, "note") as case:
        _confirmation(case, arrival)
        entry = _target(case, record.REGISTER_SEQ)
        kept = record.particulars_of(case.session, case.row)
        application = _as_it_was(application, kept)
        new: dict[str, Any] = register.arrival_details(arrival)
        new["applicant_class"] = application.applicant_class
        new["particulars"] = record.keep_particulars(case.session, case.row, application.values())
        changed = {k: v for k, v in new.items() if entry.details.get(k) != v}
        if set(changed) == {"particulars"} and _alike(kept, application.values()):
            raise Refused("与原来的内容相同")
        old = {k: entry.details.get(k) for k in changed}
        _write(case, entry, changed, old, note, "note")


def _as_it_was(application: register.Application, kept: Mapping[str, str]) -> register.Application:
    """With what was shown masked and left so."""
    shown = {f: kept[f] for f in record.IDENTITY if getattr(application, f) == masked(kept[f])}
    register.whole(replace(application, **dict.fromkeys(shown, "")))
    return replace(application, **shown)


def _alike(kept: Mapping[str, str], new: Mapping[str, str]) -> bool:
    return record.form_values(kept) == record.form_values(new)


def correct_fact(work: Work, case_id: int, seen: int, target: int, key: str, typed: str, note: str) -> None:
    """A recorded fact other than its day was another one: so many days, a period, an opinion, a result."""
    with _correcting(work, case_id, seen, "value") as case:
        entry = _target(case, target)
        found = facts_of(_entries(case))
        fact = next((f for e, k, f in found if (e.seq, k) == (target, key)), None)
        if fact is None:
            raise Refused("选择要更正的一项", "fact")
        new = fact.read(typed)
        if new is None:
            raise Refused(fact.hint, "value")
        if new == entry.details[key]:
            raise Refused("与原来的内容相同", "value")
        changes = {key: new} | fact.also(case, entry, new)
        _write(case, entry, changes, {k: entry.details.get(k) for k in changes}, note, "value")


def void(work: Work, case_id: int, seen: int, target: int, note: str) -> None:
    """作废: the act never happened, it was recorded on the wrong case, say. The record keeps it.

    Refused where what was recorded later rests on it.
    """
    with _correcting(work, case_id, seen, "target") as case:
        entry = _target(case, target)
        if entry.act not in VOIDABLE:
            raise Refused("这一条不能作废：错发的答复、误记的办结用“撤销答复”，草稿用“退回”", "target")
        _bears_nothing(case, entry)
        _write(case, entry, {"void": True}, {}, note, "target")


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


@contextmanager
def _correcting(work: Work, case_id: int, seen: int, field: str) -> Iterator[OpenCase]:
    """Open the case; a day that no calendar reaches is refused at the field it was typed in."""
    try:
        with acting(work, case_id, seen, "correct") as case:
            yield case
    except OutsideCalendar:
        raise Refused(f"日期超出了工作日历（{FIRST.year}—{LAST.year} 年），核对一下年份", field) from None


def _write(
    case: OpenCase, entry: Entry, new: Mapping[str, Any], old: Mapping[str, Any], note: str, field: str
) -> None:
    """Write the correction if the history stays in order with it."""
    details = {"target": entry.seq, "changes": dict(new), "old": dict(old)}
    fix = _fix(case, details)
    wrong = disorder([*case.past, fix], case.work.today)
    if wrong and (wrong[0].seq == entry.seq or not _stood(case, wrong)):
        raise Refused(f"改后与第 {wrong[0].seq} 条记录矛盾：{wrong[1]}", field)
    if entry.act != "register":  # what was done by a wrong receipt was done all the same
        _lawful(case, entry, fix, field)
    case.write(details, note)


def _fix(case: OpenCase, details: Mapping[str, Any]) -> Entry:
    return Entry(case.file.seq + 1, "correct", case.work.today, details)


def _stood(case: OpenCase, wrong: tuple[Entry, str]) -> bool:
    """Whether the record said that already, before this correction."""
    before = disorder(case.past, case.work.today)
    return before is not None and (before[0].seq, before[1]) == (wrong[0].seq, wrong[1])


def _lawful(case: OpenCase, entry: Entry, fix: Entry, field: str) -> None:
    """A corrected fact obeys the rules of the live act; what a ledger tells is taken as it is."""
    source = select(Event.source).where(Event.case_id == case.row.id, Event.seq == entry.seq)
    if case.session.scalar(source) == "ledger":
        return

    def concerned(other: Entry) -> bool:
        return same_subject(entry, other)

    before, after = (
        faults(past, concerned, case.calendar, case.work.today) for past in (case.past, [*case.past, fix])
    )
    for seq, (key, why) in after.items():
        if before.get(seq) != (key, why) or (seq == entry.seq and key in fix.details["changes"]):
            where = "" if seq == entry.seq else f"改后与第 {seq} 条记录矛盾："
            raise Refused(where + why, field)


def _bears_nothing(case: OpenCase, entry: Entry) -> None:
    """Raises Refused where the rest of the history doesn't stand without the entry."""
    without = [*case.past, _fix(case, {"target": entry.seq, "changes": {"void": True}})]
    before = unfounded(case.past, case.calendar)
    for seq, why in unfounded(without, case.calendar).items():
        if seq not in before:
            raise Refused(f"作废后与第 {seq} 条记录矛盾：{why}；那一条也错了的，先作废那一条", "target")
    file = replay(without)
    result = file.draft.result if file.draft else file.result if file.replied else ""
    if result and _can_say(case, result):
        try:
            reply.check_result(file, result)
        except Refused as refused:
            raise Refused(f"作废后与答复的结果矛盾：{refused.reason}", "target") from None


def _can_say(case: OpenCase, result: str) -> bool:
    try:
        reply.check_result(case.file, result)
    except Refused:
        return False
    return True
