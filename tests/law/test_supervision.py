"""督办 and 责任追究: the watch and its day, and which cases were late."""

from __future__ import annotations

import pytest

from caseflow.law import given
from caseflow.law.casefile import Entry
from caseflow.law.guards import disorder, refusal, refuse_day
from caseflow.law.supervision import Watch
from caseflow.law.terms import BY_CODE, running
from tests.law.days import CALENDAR, day
from tests.law.histories import Told, accepted, case, desk, history, iso, registered, unconfirmed

MONDAY, TUESDAY = "周一 2026-10-12", "周二 2026-10-13"
WATCH: Told = ("watch", MONDAY, {"until": iso("周一 2026-10-19")})
ANSWERED: Told = ("answer_watch", TUESDAY, {})
ENDED: Told = ("end_watch", TUESDAY, {})
ASKED: Told = ("request_correction", "周一 2026-09-28", {"until": iso("周一 2026-10-19")})
HANDLED = (registered(), accepted())  # received on Monday 2026-09-21, due on Monday 2026-10-26
SENT: Told = ("send_reply", "周二 2026-10-27", {"result": "granted"})


def watch_runs(*steps: Told) -> list[str]:
    file = case(*steps)
    return [t.term for t in running(file, file.clock(CALENDAR), CALENDAR) if t.term == "watch"]


def test_a_watch_runs_until_it_is_answered_ended_or_the_case_is_closed() -> None:
    assert case(*HANDLED, WATCH).watched == Watch(3, day(MONDAY), day("周一 2026-10-19"))
    assert watch_runs(*HANDLED, WATCH) == watch_runs(unconfirmed(), WATCH) == ["watch"]
    for over in (ANSWERED, ENDED, SENT):
        assert watch_runs(*HANDLED, WATCH, over) == []
    assert watch_runs(*HANDLED, WATCH, ANSWERED, WATCH) == ["watch"]
    assert case(*HANDLED, WATCH, ANSWERED).watch is not None  # until it is ended, the answer stands


@pytest.mark.parametrize(
    ("steps", "act", "who", "why"),
    [
        ((), "watch", "supervisor", ""),
        ((WATCH,), "watch", "supervisor", "正在督办，要在 10月19日 以前答复"),
        ((WATCH, ANSWERED), "watch", "supervisor", ""),
        ((WATCH, ENDED), "watch", "supervisor", ""),
        ((), "answer_watch", "clerk", "没有督办"),
        ((WATCH,), "answer_watch", "clerk", ""),
        ((WATCH, ANSWERED), "answer_watch", "lead", "督办已经答复"),
        ((), "end_watch", "supervisor", "没有督办"),
        ((WATCH,), "end_watch", "supervisor", ""),
        ((WATCH, ANSWERED), "end_watch", "supervisor", ""),
        ((WATCH,), "watch", "lead", "由监督员办理"),
        ((WATCH, SENT), "answer_watch", "clerk", "案件在“归档”阶段"),
    ],
)
def test_one_watch_at_a_time_is_asked_by_the_supervisor_and_answered_by_the_desk(
    steps: tuple[Told, ...], act: str, who: str, why: str
) -> None:
    assert refusal(desk(*HANDLED, *steps, today=TUESDAY, who=who), act) == why


@pytest.mark.parametrize(
    ("until", "why"),
    [
        ("周二 2026-10-13", ""),
        ("周一 2026-10-12", "不能早于督办之日（10月13日）"),
        ("周六 2026-10-17", "10月17日 周六 是休息日，"),
        ("周三 2027-01-06", ""),
        ("周四 2027-01-07", "最长 60 个工作日，到 2027年1月6日"),
    ],
)
def test_the_day_for_the_answer_is_a_working_day_from_today_on(until: str, why: str) -> None:
    at = desk(*HANDLED, today=TUESDAY, who="supervisor")
    found = given.fault(at, Entry(3, "watch", day(TUESDAY), {"until": iso(until)}))
    assert (found or ("", ""))[1][: len(why)] == why
    assert bool(found) == bool(why)


def test_every_watch_is_warned_of_from_its_first_day_on() -> None:
    longest = CALENDAR.add(day(TUESDAY), 60)
    assert CALENDAR.left(day(TUESDAY), longest) == max(BY_CODE["watch"].rungs)


@pytest.mark.parametrize(
    ("steps", "today", "late"),
    [
        (HANDLED, "周一 2026-10-26", False),  # the last day is still on time
        (HANDLED, "周二 2026-10-27", True),
        ((*HANDLED, ASKED), "周二 2026-10-27", False),  # no due day while the applicant is awaited
        ((*HANDLED, SENT), "周五 2026-12-04", True),
        ((*HANDLED, ("send_reply", "周一 2026-10-26", {"result": "granted"})), "周五 2026-12-04", False),
        ((*HANDLED, ("withdraw", "周一 2026-10-26")), "周五 2026-12-04", False),  # no reply was owed any more
        (
            (*HANDLED, ("withdraw", "周二 2026-10-27")),
            "周五 2026-12-04",
            True,
        ),  # it had been owed the day before
        ((unconfirmed(),), "周五 2026-12-04", False),
    ],
)
def test_a_case_is_late_while_its_term_is_over_and_ever_after_if_its_end_was(
    steps: tuple[Told, ...], today: str, late: bool
) -> None:
    assert case(*steps).overdue(CALENDAR, day(today)) is late


def test_what_is_said_from_above_moves_nothing_of_the_case() -> None:
    """A withdrawal of the day before the watch is still taken, and the clock is as it was."""
    held: Told = ("hold_accountable", "周三 2026-10-28", {"cause": "handling", "measure": "explained"})
    before, after = case(*HANDLED), case(*HANDLED, WATCH, ANSWERED, ENDED, held)
    assert (after.facts(), after.stage, after.latest) == (before.facts(), before.stage, before.latest)
    at = desk(*HANDLED, WATCH, today=TUESDAY)
    assert refuse_day(at, "withdraw", day("周五 2026-10-09")) == ""


def test_an_answer_is_never_older_than_what_it_answers() -> None:
    early = history(*HANDLED, WATCH, ("answer_watch", "周五 2026-10-09", {}))
    entry, why = disorder(early, day(TUESDAY)) or (None, "")
    assert (entry and entry.act, why) == (
        "answer_watch",
        "不能早于督办、答复督办之日（2026年10月12日 星期一）",
    )
