"""督办 and 责任追究: what is said from above of the handling of a case (art. 46, 47, 53)."""

from __future__ import annotations

from datetime import date

from ..law.supervision import CAUSES, MEASURES
from .desk import Work, acting
from .errors import Refused


def watch(work: Work, case_id: int, seen: int, until: date, note: str) -> None:
    """Put a case under watch (督办), to be answered by ``until``, a working day. Raises Refused."""
    with acting(work, case_id, seen, "watch") as case:
        case.write({"until": until}, note)


def answer_watch(work: Work, case_id: int, seen: int, note: str) -> None:
    """Answer the watch (答复督办): what was done, what comes next. Raises Refused."""
    with acting(work, case_id, seen, "answer_watch") as case:
        case.write(note=note)


def end_watch(work: Work, case_id: int, seen: int, note: str = "") -> None:
    """End the watch (解除督办), answered or not. Raises Refused."""
    with acting(work, case_id, seen, "end_watch") as case:
        case.write(note=note)


def hold_accountable(work: Work, case_id: int, seen: int, cause: str, measure: str, note: str) -> None:
    """Register why a case was late and what came of it (责任追究); the last one holds. Raises Refused."""
    if cause not in CAUSES:
        raise Refused("选择逾期的原因", "cause")
    if measure not in MEASURES:
        raise Refused("选择处理结果", "measure")
    with acting(work, case_id, seen, "hold_accountable") as case:
        case.write({"cause": cause, "measure": measure}, note)
