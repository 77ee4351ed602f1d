"""Histories of a case in a few words, and the case they add up to."""

from __future__ import annotations

from datetime import date
from typing import Any

from caseflow.law.casefile import CaseFile, Entry
from caseflow.law.guards import Desk
from caseflow.law.replay import replay
from tests.law.days import CALENDAR, day

CLERK, COLLEAGUE, LEAD = 1, 2, 3  # who acts; 1 handles the case
IDS = {
    "clerk": CLERK,
    "colleague": COLLEAGUE,
    "lead": LEAD,
    "supervisor": 4,
    "admin": 5,
    "security": 6,
    "auditor": 7,
}

Told = tuple[str, str] | tuple[str, str, dict[str, Any]]


def history(*steps: Told, actor: int = CLERK) -> list[Entry]:
    """Entries from (act, "周一 2026-09-21", details), numbered in the order they are told."""
    return [
        Entry(seq, step[0], day(step[1]), step[2] if len(step) == 3 else {}, actor)
        for seq, step in enumerate(steps, 1)
    ]


def registered(on: str = "周一 2026-09-21", **details: Any) -> Told:
    """Handed in at the counter on that day, unless the details say otherwise."""
    came = {
        "channel": "in_person",
        "applicant_class": "natural_person",
        "submitted": iso(on),
        "received": iso(on),
    }
    return "register", on, came | details


def anew(on: str = "周四 2026-10-08", until: str = "", **details: Any) -> Told:
    """A re-reply: the decision on the case 7 came on that day, and perhaps set a last day."""
    ordered = {"until": iso(until)} if until else {}
    first = iso("周一 2026-03-02")
    told = {"redo_of": 7, "redo_number": "2026-7", "decided": iso(on), "submitted": first, "received": first}
    return registered(on, **told, **ordered, **details)


def unconfirmed(on: str = "周一 2026-09-21") -> Told:
    """Sent by network and not yet confirmed with the applicant."""
    return registered(on, channel="online", received=None)


def accepted(on: str = "周二 2026-09-22") -> Told:
    """Accepted and given to the clerk."""
    return "accept", on, {"handler_id": CLERK, "handler": "王敏"}


def iso(written: str) -> str:
    """The day as events keep it."""
    return day(written).isoformat()


def case(*steps: Told) -> CaseFile:
    """What these steps add up to."""
    return replay(history(*steps))


def desk(*steps: Told, today: str, who: str = "clerk") -> Desk:
    """Someone before the case of these steps on a day."""
    file, role = case(*steps), "clerk" if who == "colleague" else who
    return Desk(file, file.clock(CALENDAR), CALENDAR, day(today), IDS[who], role)


def due_of(file: CaseFile) -> date | None:
    """The due day of a case."""
    clock = file.clock(CALENDAR)
    return clock.due if clock else None
