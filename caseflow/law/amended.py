"""What a correction (更正) would make of a history: the same rules as for the act itself, and what rests on what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from . import given
from .casefile import CaseFile, Entry
from .conditions import GUARDS
from .desk import Desk
from .guards import DAY_RULES
from .replay import CONSULTS, advance, corrected
from .workdays import Calendar
from .workflow import BY_CODE


def faults(
    entries: Iterable[Entry], concerned: Callable[[Entry], bool], calendar: Calendar, today: date
) -> dict[int, given.Fault]:
    """What the live act would refuse in the entries that are concerned, by their ``seq``.

    Each is held against the case as it was before it. Raises OutsideCalendar.
    """
    case, found = CaseFile(), {}
    for entry in corrected(entries):
        if concerned(entry):
            desk = Desk(case, case.clock(calendar), calendar, today, entry.actor_id, "")
            if fault := _late(desk, entry) or given.fault(desk, entry):
                found[entry.seq] = fault
        advance(case, entry)
    return found


def _late(desk: Desk, entry: Entry) -> given.Fault | None:
    rule = DAY_RULES.get(entry.act)
    if entry.details.get("late"):  # a correction notice that only the lead could give
        desk = replace(desk, role="lead")
    why = rule(desk, entry.on) if rule else ""
    return ("on", why) if why else None


def same_subject(one: Entry, other: Entry) -> bool:
    """Whether two entries are about one thing: the same entry, the same consultation, the fee."""
    if one.seq == other.seq or {one.act, other.act} <= OF_FEE:
        return True
    if {one.act, other.act} <= OF_SUIT:
        return bool(one.details["n"] == other.details["n"])
    return {one.act, other.act} <= OF_CONSULTATION and one.details.get("n") == other.details.get("n")


OF_FEE = frozenset({"fee_notice", "deliver_fee_notice", "pay_fee", "lapse_fee"})  # there is one of a case
OF_SUIT = frozenset({"appeal_proceeding", "close_proceeding", "redo_reply"})
OF_CONSULTATION = CONSULTS | {"deliver_consultation", "record_opinion"}

# Conditions of the table that say what has gone before: without it the act means nothing
RESTS_ON = frozenset({
    "no_correction_pending", "waiting_correction", "waiting_fee", "fee_notice_undelivered", "reasons_awaited", "reasons_given",
    "consulting", "extension_asked", "proceeding_open", "suit_in_first_instance", "returned", "not_returned",
    "watched", "not_watched", "under_watch", "corrected_unanswered", "not_ours",
})  # fmt: skip
# What was taken back later rests on nothing any more
TAKEN_BACK: dict[str, frozenset[str]] = {
    "draft_reply": frozenset({"send_back", "void_reply"}),
    "lapse_correction": frozenset({"void_reply"}),
    "lapse_fee": frozenset({"void_reply"}),
}


def unfounded(entries: Iterable[Entry], calendar: Calendar) -> dict[int, str]:
    """The entries that what went before them doesn't bear, by their ``seq``, and why.

    A ledger tells what happened and may hold some: compare before and after.
    """
    case, found, ordered = CaseFile(), {}, corrected(entries)
    for place, entry in enumerate(ordered):
        why = "" if _taken_back(entry, ordered[place + 1 :]) else _rests(case, entry, calendar)
        if why:
            found[entry.seq] = why
        if not why or entry.act not in NUMBERED:
            advance(case, entry)
    return found


def _taken_back(entry: Entry, later: Sequence[Entry]) -> bool:
    return any(e.act in TAKEN_BACK.get(entry.act, ()) for e in later)


def _rests(case: CaseFile, entry: Entry, calendar: Calendar) -> str:
    if (
        entry.act not in BY_CODE or entry.act == "accept"
    ):  # 受理 isn't taken back; 办理 may wait as well as 审核
        return ""
    desk = Desk(case, None, calendar, entry.on, entry.actor_id, "")
    needs = [need for need in BY_CODE[entry.act].needs if need in RESTS_ON]
    if why := next((why for need in needs if (why := GUARDS[need](desk))), ""):
        return why
    if entry.act in NUMBERED and entry.details["n"] not in NUMBERED[entry.act](case):
        return f"它说的是第 {entry.details['n']} {'件' if entry.act in OF_SUIT else '次征求'}"
    return ""


def _consulting(case: CaseFile) -> list[int]:
    return [n for n, _ in case.open_consultations]


NUMBERED: dict[str, Callable[[CaseFile], list[int]]] = {
    "deliver_consultation": _consulting,
    "record_opinion": _consulting,
    "redo_reply": lambda case: [p.n for p in case.proceedings if p.result == "corrected" and not p.redone],
    "appeal_proceeding": lambda case: [p.n for p in case.proceedings if p.in_first_instance],
    "close_proceeding": lambda case: [p.n for p in case.proceedings if p.closed is None],
}
