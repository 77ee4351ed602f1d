"""重新答复: the term of a re-reply, and that it counts no second time unless the office has it so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from caseflow.law import explain
from caseflow.law.counting import counts_in, decides, is_counted
from caseflow.law.guards import disorder
from caseflow.law.issuing import offers
from tests.law.days import CALENDAR, day
from tests.law.histories import Told, accepted, anew, case, due_of, history

CAME = "周四 2026-10-08"
TODAY = day("周一 2026-10-12")
TAKEN = accepted("周五 2026-10-09")
DRAFTED: tuple[Told, ...] = (
    ("draft_reply", "周一 2026-10-12", {"result": "granted"}), ("approve_reply", "周一 2026-10-12"),
)  # fmt: skip


def test_without_a_day_set_the_full_twenty_run_from_the_day_the_decision_came() -> None:
    file = case(anew(CAME), TAKEN)
    facts, clock = file.facts(), file.clock(CALENDAR)
    assert facts is not None
    assert clock is not None
    assert (file.received, clock.due) == (day(CAME), CALENDAR.add(day(CAME), 20))
    assert (clock.allowed, clock.ordered) == (20, False)
    first = clock.steps[0]
    assert (first.what, first.article) == ("收到复议决定、判决；当日不计", "第五十一条")
    assert explain.sentence(facts, clock, TODAY) == (
        "从 10月8日 收到复议决定、判决的次日起算，法定 20 个工作日。"
    )


def test_a_day_that_was_set_is_the_due_day_whatever_is_asked_meanwhile() -> None:
    consulted: Told = ("consult_third_party", "周一 2026-10-12", {"n": 1})
    file = case(anew(CAME, until="周五 2026-10-30"), TAKEN, consulted)
    facts, clock = file.facts(), file.clock(CALENDAR)
    assert facts is not None
    assert clock is not None
    assert (clock.due, clock.ordered, clock.waiting, clock.provisional) == (
        day("周五 2026-10-30"), True, "", False,
    )  # fmt: skip
    assert clock.allowed == CALENDAR.count(day(CAME), day("周五 2026-10-30"))
    assert [(s.kind, s.counted, s.what) for s in clock.steps] == [
        ("receipt", 0, "收到复议决定、判决；当日不计"),
        ("counted", clock.allowed, f"计 {clock.allowed} 日"),
        ("due", 0, "复议决定、判决确定的期限；当日发出仍为按时"),
    ]
    assert explain.sentence(facts, clock, TODAY) == (
        "复议决定、判决确定在 10月30日 周五 以前重新答复；"
        f"从 10月8日 收到复议决定、判决的次日起计 {clock.allowed} 个工作日。"
    )
    assert explain.position(clock, TODAY, CALENDAR) == "剩 14 个工作日，按复议决定、判决确定的期限"


@pytest.mark.parametrize(("sent", "on_time"), [("周五 2026-10-30", True), ("周一 2026-11-02", False)])
def test_sent_on_the_day_that_was_set_is_on_time_and_counts_nowhere(sent: str, on_time: bool) -> None:
    steps = (anew(CAME, until="周五 2026-10-30"), TAKEN, *DRAFTED, ("send_reply", sent))
    file = case(*steps)
    assert file.on_time(CALENDAR) is on_time
    assert (file.new_year, file.result_year, file.result) == (None, None, "granted")
    again = case(anew(CAME, counted=True), *steps[1:])
    assert (again.new_year, again.result_year) == (2026, 2026)


def test_the_years_of_a_re_reply_move_on_only_where_it_counts() -> None:
    (quiet,), (counted,) = history(anew(CAME)), history(anew(CAME, counted=True))
    assert (is_counted(quiet), is_counted(counted), is_counted(replace(quiet, details={}))) == (
        False,
        True,
        True,
    )
    assert counts_in(counted, {2026}) == 2027  # by the day the decision came, not by that of the request
    acts = ("send_reply", "withdraw", "open_proceeding", "close_proceeding", "draft_reply")
    assert [decides(act, counted=False) for act in acts] == [False, False, True, True, False]
    assert [decides(act, counted=True) for act in acts] == [True, True, True, True, False]


def test_a_day_set_before_the_decision_came_is_a_contradiction() -> None:
    wrong = disorder(history(anew(CAME, until="周一 2026-09-28")), TODAY)
    assert wrong is not None
    assert wrong[1] == "复议决定、判决确定的期限不能早于收到决定、判决之日"


def test_no_receipt_is_issued_for_a_decision() -> None:
    entries = history(anew(CAME), TAKEN)
    assert "receipt" not in {offer.letter.code for offer in offers(case(anew(CAME), TAKEN), entries)}
    assert due_of(case(anew(CAME), TAKEN)) is not None
