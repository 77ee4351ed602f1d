"""What is said of a case from above does to it: 督办, its answer and its end, 责任追究. Its course stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from .casefile import CaseFile, Entry
from .supervision import Accountability, Watch


def _watched(case: CaseFile, e: Entry) -> None:
    case.watch = Watch(e.seq, e.on, date.fromisoformat(e.details["until"]))


def _watch_answered(case: CaseFile, e: Entry) -> None:
    if case.watch:
        case.watch = replace(case.watch, answered=e.on, answered_at=e.seq)


def _watch_ended(case: CaseFile, e: Entry) -> None:
    case.watch = None


def _held_accountable(case: CaseFile, e: Entry) -> None:
    case.accountability = Accountability(e.seq, e.on, e.details["cause"], e.details["measure"])


OVERSEEN: dict[str, Callable[[CaseFile, Entry], None]] = {
    "watch": _watched,
    "answer_watch": _watch_answered,
    "end_watch": _watch_ended,
    "hold_accountable": _held_accountable,
}
