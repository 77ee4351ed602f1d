"""收费 at the desk: the 20 working days to pay run from the arrival of the notice and follow the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from caseflow.db import db
from caseflow.ledger.rows import told
from caseflow.models import CaseTerm, Event
from caseflow.stages import calendar, correct, correctable, record
from caseflow.stages.errors import Refused
from caseflow.upkeep import terms, verify
from tests.law.days import day
from tests.stages.drive import assert_replayed, do, refused
from tests.support.office import DeskOffice, row, seq
from tests.upkeep.test_verify import tamper

MONDAY = day("周一 2026-11-23")


def storm(first: str) -> calendar.Draft:
    """A day off by a government's notice."""
    return calendar.draft_local(day(first), day(first), False, "台风停工", "通告（2026 年第 8 号）")


def enter(drafted: calendar.Draft) -> None:
    now = datetime(2026, 12, 18, 1, tzinfo=UTC)
    calendar.enter(lambda: drafted, actor_id=None, today=now.date(), now=now)


def noticed(office: DeskOffice, came: date | None = None) -> int:
    case_id = office.accepted(MONDAY)
    do(office, case_id, "fee_notice", MONDAY, told=came)
    return case_id


def payment(case_id: int) -> tuple[date | None, date | None]:
    """The last day to pay as lists sort by it, and as the alerts see it."""
    query = select(CaseTerm.due_on).where(CaseTerm.case_id == case_id, CaseTerm.term == "payment")
    return row(case_id).hold_until, db.session.scalar(query)


def details(case_id: int, act: str) -> dict[str, Any]:
    found = db.session.scalars(select(Event).where(Event.case_id == case_id, Event.act == act))
    return dict(found.one().details)


# --- the calendar ------------------------------------------------------------------------------------------


def test_a_new_calendar_moves_the_last_day_to_pay_in_the_preview_and_on_the_case(office: DeskOffice) -> None:
    case_id = noticed(office, MONDAY)
    assert payment(case_id) == (day("周一 2026-12-21"), day("周一 2026-12-21"))
    (change,) = calendar.impact(storm("周四 2026-12-10"))
    assert (change.old_hold, change.new_hold) == (day("周一 2026-12-21"), day("周二 2026-12-22"))
    assert change.moves_hold
    assert not change.moves  # there is no due day while payment is awaited
    enter(storm("周四 2026-12-10"))
    assert payment(case_id) == (day("周二 2026-12-22"), day("周二 2026-12-22"))
    assert details(case_id, "redate")["new_hold"] == "2026-12-22"
    early = refused(office, case_id, "lapse_fee", "周二 2026-12-22")
    assert early == ("", "缴费期限到 12月22日，尚未届满")
    assert_replayed(case_id)
    assert not list(verify.differences())


def test_a_notice_whose_last_day_was_kept_moves_with_the_calendar_all_the_same(office: DeskOffice) -> None:
    case_id = noticed(office)
    as_before = (
        '{"tariff": "pages", "count": 100, "amount": 700, "told": "2026-11-23", "until": "2026-12-21"}'
    )
    tamper(f"UPDATE event SET details = '{as_before}' WHERE case_id = {case_id} AND act = 'fee_notice'")
    assert not list(verify.differences())
    enter(storm("周四 2026-12-10"))
    assert payment(case_id)[0] == day("周二 2026-12-22")
    # its day of arrival may just have been that of the notice, so it can still be told
    do(office, case_id, "deliver_fee_notice", day("周五 2026-11-27"))
    assert payment(case_id)[0] == day("周一 2026-12-28")
    assert not list(verify.differences())


def test_what_an_earlier_program_left_behind_is_brought_up_to_the_edition_it_names(
    office: DeskOffice,
) -> None:
    case_id = noticed(office)
    enter(storm("周四 2026-12-10"))
    tamper(
        f"UPDATE \"case\" SET hold_until = '2026-12-21' WHERE id = {case_id}",
        f"UPDATE case_term SET due_on = '2026-12-21' WHERE case_id = {case_id} AND term = 'payment'",
    )
    assert list(verify.differences())
    assert terms.fill() == 1
    assert payment(case_id) == (day("周二 2026-12-22"), day("周二 2026-12-22"))
    assert not list(verify.differences())
    assert terms.fill() == 0


# --- what is not taken -------------------------------------------------------------------------------------


def test_nothing_is_charged_before_the_tariffs_are_in_force(office: DeskOffice) -> None:
    case_id = office.accepted(day("周一 2020-12-21"))
    early = refused(office, case_id, "fee_notice", "周五 2021-01-01", on=day("周四 2020-12-31"))
    assert early == ("on", "2021年1月1日以前不收信息处理费")
    do(office, case_id, "fee_notice", day("周五 2021-01-01"))
    assert details(case_id, "fee_notice")["amount"] == 700


@pytest.mark.parametrize("on", ["周二 2026-11-24", "周一 2026-12-21"])
def test_the_lapse_is_not_dated_before_the_applicants_last_day_is_over(office: DeskOffice, on: str) -> None:
    case_id = noticed(office, MONDAY)
    later = "周五 2027-01-08"
    early = refused(office, case_id, "lapse_fee", later, on=day(on))
    assert early == ("on", "要在缴费期限（2026年12月21日）届满以后")
    do(office, case_id, "lapse_fee", day(later), on=day("周二 2026-12-22"))
    assert row(case_id).closed_on == day("周二 2026-12-22")


# --- the arrival of the notice -----------------------------------------------------------------------------


def test_the_day_the_notice_came_moves_the_last_day_to_pay(office: DeskOffice) -> None:
    case_id = noticed(office)
    assert "told" not in details(case_id, "fee_notice")
    do(office, case_id, "deliver_fee_notice", day("周五 2026-11-27"), on=day("周四 2026-11-26"))
    assert payment(case_id) == (day("周四 2026-12-24"), day("周四 2026-12-24"))
    assert refused(office, case_id, "deliver_fee_notice", "周五 2026-11-27") == (
        "", "申请人收到通知的日期（11月26日）已经登记",
    )  # fmt: skip
    paid = refused(office, case_id, "pay_fee", "周五 2026-11-27", on=day("周三 2026-11-25"))
    assert paid == ("on", "不能早于申请人收到收费通知之日（2026年11月26日 星期四）")
    do(office, case_id, "pay_fee", day("周五 2026-11-27"))
    assert row(case_id).due_on == day("周五 2026-12-25")
    assert_replayed(case_id)


def test_the_ledger_says_nothing_of_the_arrival(office: DeskOffice) -> None:
    case_id = noticed(office)
    before = told(record.entries(db.session(), case_id))
    do(office, case_id, "deliver_fee_notice", day("周五 2026-11-27"))
    assert told(record.entries(db.session(), case_id)) == before
    assert before["收费通知日期"] == "2026-11-23"


def test_a_notice_told_to_have_come_needs_no_further_act(office: DeskOffice) -> None:
    case_id = noticed(office, MONDAY)
    assert refused(office, case_id, "deliver_fee_notice", "周二 2026-11-24")[1].endswith("已经登记")
    plain = office.accepted(MONDAY)
    assert refused(office, plain, "deliver_fee_notice", "周一 2026-11-23")[1].startswith("没有通知过收费")


def test_a_corrected_arrival_moves_the_term_and_may_not_undo_the_lapse(office: DeskOffice) -> None:
    case_id = noticed(office, MONDAY)
    lead = office.work("lead", day("周五 2026-11-27"))
    correct.correct_fact(lead, case_id, seq(case_id), 3, "told", "2026-11-25", "回执")
    assert payment(case_id)[0] == day("周三 2026-12-23")
    assert "until" not in details(case_id, "correct")["changes"]
    later = day("周四 2026-12-24")
    do(office, case_id, "lapse_fee", later)
    why = refusal_of(office.work("lead", later), case_id, 3, "2026-11-26")
    assert why == ("value", "改后与第 5 条记录矛盾：要在缴费期限（12月24日）届满以后")


def test_the_arrival_said_by_an_act_is_corrected_there(office: DeskOffice) -> None:
    case_id = noticed(office)
    do(office, case_id, "deliver_fee_notice", day("周五 2026-11-27"))
    found = [(e.act, key) for e, key, _ in correctable.facts_of(record.entries(db.session(), case_id))]
    assert ("fee_notice", "told") not in found
    lead = office.work("lead", day("周五 2026-11-27"))
    correct.correct_day(lead, case_id, seq(case_id), 4, day("周三 2026-11-25"), "回执")
    assert payment(case_id)[0] == day("周三 2026-12-23")
    correct.void(lead, case_id, seq(case_id), 4, "记错了案件")
    assert payment(case_id)[0] == day("周一 2026-12-21")
    assert_replayed(case_id)


def refusal_of(lead: Any, case_id: int, target: int, typed: str) -> tuple[str, str]:
    with pytest.raises(Refused) as why:
        correct.correct_fact(lead, case_id, seq(case_id), target, "told", typed, "回执")
    return why.value.field, why.value.reason


def test_a_notice_that_came_before_it_was_given_is_refused_at_its_field(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    early = refused(office, case_id, "fee_notice", "周一 2026-11-23", told=day("周五 2026-11-20"))
    assert early == ("told", "申请人收到通知之日在通知之日以后、不晚于今天")
