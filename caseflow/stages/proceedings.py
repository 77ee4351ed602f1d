"""行政复议 and 行政诉讼 about a case (art. 51); they stand in table 4."""

from __future__ import annotations

from datetime import date

from ..law.guards import AFTER_RECONSIDERATION
from ..law.replay import OPENS, next_number
from ..law.words import month_day
from .desk import Work, acting
from .errors import Refused

KINDS: dict[str, str] = {"reconsideration": "行政复议", "suit": "行政诉讼"}
RESULTS: dict[str, str] = {"upheld": "结果维持", "corrected": "结果纠正", "other": "其他结果"}


def open_proceeding(
    work: Work, case_id: int, seen: int, on: date, kind: str, after_reconsideration: bool = False,
    note: str = "",
) -> None:  # fmt: skip
    """登记复议、诉讼, as of the day it was brought."""
    with acting(work, case_id, seen, "open_proceeding", on) as case:
        if kind not in KINDS:
            raise Refused("选择行政复议或者行政诉讼", "kind")
        if kind == "reconsideration" and after_reconsideration:
            raise Refused(AFTER_RECONSIDERATION, "after_reconsideration")
        n = next_number(case.past, OPENS)
        case.write({"n": n, "kind": kind, "after_reconsideration": after_reconsideration}, note)


def appeal_proceeding(work: Work, case_id: int, seen: int, on: date, n: int, note: str = "") -> None:
    """登记进入二审, as of the day of the appeal: still the same proceeding, pending until the judgment holds."""
    with acting(work, case_id, seen, "appeal_proceeding", on) as case:
        suit = next((p for p in case.file.proceedings if p.n == n and p.in_first_instance), None)
        if suit is None:
            raise Refused("选择一审尚未审结的一件", "n")
        _not_before(suit.opened, "提起之日", on, work)
        case.write({"n": n}, note)


def close_proceeding(
    work: Work, case_id: int, seen: int, on: date, n: int, result: str, note: str = ""
) -> None:
    """登记审结: one of the three results of table 4."""
    with acting(work, case_id, seen, "close_proceeding", on) as case:
        proceeding = next((p for p in case.file.proceedings if p.n == n and p.closed is None), None)
        if proceeding is None:
            raise Refused("选择尚未审结的一件", "n")
        _not_before(proceeding.opened, "提起之日", on, work)
        _not_before(proceeding.appealed or on, "上诉之日", on, work)
        if result not in RESULTS:
            raise Refused("选择审结的结果", "result")
        case.write({"n": n, "result": result}, note)


def _not_before(day: date, what: str, on: date, work: Work) -> None:
    if on < day:
        raise Refused(f"不能早于{what}（{month_day(day, work.today)}）", "on")
