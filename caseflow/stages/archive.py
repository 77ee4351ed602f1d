"""归档 and 撤回: how a case ends (art. 45)."""

from __future__ import annotations

from datetime import date

from .desk import Work, acting


def withdraw(work: Work, case_id: int, seen: int, on: date, note: str) -> None:
    """申请人撤回: closed as 其他处理; before the legal receipt it was never a request and fills no cell."""
    with acting(work, case_id, seen, "withdraw", on) as case:
        case.write(note=note)


def archive(work: Work, case_id: int, seen: int, on: date, note: str = "") -> None:
    """归档: the folder is closed."""
    with acting(work, case_id, seen, "archive", on) as case:
        case.write(note=note)
