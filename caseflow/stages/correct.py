"""更正: a further event that says what was recorded wrongly; nothing is rewritten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ..law.casefile import Entry
from ..law.guards import disorder
from ..law.replay import corrected
from . import record, register, reply
from .desk import OpenCase, Work, acting
from .errors import Refused


def correct_day(work: Work, case_id: int, seen: int, target: int, new: date, note: str) -> None:
    """The day of event ``target`` was another one."""
    with acting(work, case_id, seen, "correct") as case:
        entry = _target(case, target)
        if entry.act in {"register", "correct"}:
            raise Refused("这一条的日期在“更正申请信息”里改", "target")
        if new == entry.on:
            raise Refused("与原来的日期相同", "new_day")
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


def _entries(case: OpenCase) -> list[Entry]:
    return corrected(record.entries(case.session, case.row.id))


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
    past = record.entries(case.session, case.row.id)
    if wrong := disorder([*past, fix], case.work.today):
        raise Refused(f"改后与第 {wrong[0].seq} 条记录矛盾：{wrong[1]}", field)
    case.write(details, note)
