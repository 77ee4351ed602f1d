"""更正: a further event says what was wrong; the summary follows, and nothing that contradicts is taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, update

from caseflow.calendars import store
from caseflow.db import db, transaction
from caseflow.law.workdays import Calendar
from caseflow.models import CalendarDay, CalendarYear, Case, Event, Identity, Particulars, ProceedingRow
from caseflow.stages import correct, record, register, review
from caseflow.stages.errors import Refused
from tests.law.days import CALENDAR, day
from tests.stages.drive import FORM, assert_replayed, do
from tests.support.office import DeskOffice, row, seq

MONDAY = day("周一 2026-09-21")
DUE = day("周一 2026-10-26")
TODAY = day("周五 2026-11-06")
ENTERED = datetime(2026, 10, 12, 1, tzinfo=UTC)
HANDED_IN = register.Arrival("in_person", submitted=MONDAY, arrived=MONDAY, confirmed=MONDAY)
APPLICATION = register.Application(**FORM)


def seq_of(case_id: int, act: str) -> int:
    query = select(Event.seq).where(Event.case_id == case_id, Event.act == act)
    return db.session.scalars(query.order_by(Event.seq.desc())).all()[0]


def correct_day(office: DeskOffice, case_id: int, act: str, new: str, note: str = "邮戳") -> None:
    work, target = office.work("lead", TODAY), seq_of(case_id, act)
    correct.correct_day(work, case_id, seq(case_id), target, day(new), note)


def correct_result(office: DeskOffice, case_id: int, result: str) -> None:
    correct.correct_result(office.work("lead", TODAY), case_id, seq(case_id), result, "选错了")


def correct_form(
    office: DeskOffice, case_id: int, arrival: register.Arrival = HANDED_IN, note: str = "抄错了", **form: Any
) -> None:
    application = replace(APPLICATION, **form)
    correct.correct_particulars(office.work("lead", TODAY), case_id, seq(case_id), arrival, application, note)


def refusal(case_id: int, service: Any, *args: Any, **given: Any) -> tuple[str, str]:
    before = seq(case_id)
    with pytest.raises(Refused) as why:
        service(*args, **given)
    assert seq(case_id) == before
    return why.value.field, why.value.reason


# --- a day -------------------------------------------------------------------------------------------------


def test_a_corrected_day_of_sending_changes_timeliness_and_leaves_the_old_one_on_record(
    office: DeskOffice,
) -> None:
    case_id = office.replied(MONDAY, day("周二 2026-10-27"))
    assert row(case_id).on_time is False
    target = seq_of(case_id, "send_reply")
    correct_day(office, case_id, "send_reply", "周一 2026-10-26")
    case = row(case_id)
    assert (case.replied_on, case.on_time, case.days_used, case.stage) == (DUE, True, 20, "archive")
    kept = db.session.scalars(select(Event).where(Event.case_id == case_id, Event.act == "send_reply")).one()
    assert kept.on == day("周二 2026-10-27")
    said = db.session.scalars(select(Event).where(Event.case_id == case_id, Event.act == "correct")).one()
    assert (said.details["target"], said.on) == (target, TODAY)
    assert (said.details["changes"], said.details["old"]) == ({"on": "2026-10-26"}, {"on": "2026-10-27"})


def test_a_corrected_day_of_receipt_moves_the_due_day_and_the_year(office: DeskOffice) -> None:
    arrival = register.Arrival("online", submitted=day("周三 2025-12-31"))
    (case,) = register.register(office.work("clerk", MONDAY), arrival, APPLICATION)
    do(office, case.id, "confirm_receipt", MONDAY, on=day("周日 2026-01-04"))
    assert (row(case.id).due_on, row(case.id).new_year) == (day("周五 2026-01-30"), 2026)
    correct_day(office, case.id, "confirm_receipt", "周三 2025-12-31")
    assert (row(case.id).due_on, row(case.id).new_year) == (day("周四 2026-01-29"), 2025)


def test_a_correction_that_contradicts_the_rest_is_refused_and_says_which(office: DeskOffice) -> None:
    case_id = office.replied(MONDAY, day("周五 2026-10-09"))
    do(office, case_id, "deliver_reply", day("周一 2026-10-12"))
    why = refusal(case_id, correct_day, office, case_id, "send_reply", "周二 2026-10-13")
    assert why == ("new_day", "改后与第 7 条记录矛盾：不能早于发出答复之日（2026年10月13日 星期二）")
    why = refusal(case_id, correct_day, office, case_id, "send_reply", "周日 2026-09-20")
    assert why[1] == "改后与第 6 条记录矛盾：不能早于审签之日（2026年9月21日 星期一）"
    why = refusal(case_id, correct_day, office, case_id, "send_reply", "周一 2026-11-09")
    assert "日期不能晚于今天" in why[1]


def test_opinions_stay_after_their_letters(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    do(office, case_id, "consult_third_party", day("周二 2026-09-29"))
    do(office, case_id, "record_opinion", day("周五 2026-10-09"), delivered=day("周三 2026-09-30"))
    why = refusal(case_id, correct_day, office, case_id, "consult_third_party", "周四 2026-10-08")
    assert why == ("new_day", "改后与第 4 条记录矛盾：征求意见的发出、对方收到、提出意见，先后颠倒")
    correct_day(office, case_id, "consult_third_party", "周一 2026-09-28")
    assert row(case_id).due_on == day("周五 2026-10-30")  # four days left out instead of three


def test_a_day_is_corrected_to_another_one_of_an_entry_that_has_one(office: DeskOffice) -> None:
    case_id = office.replied(MONDAY, day("周五 2026-10-09"))
    lead = office.work("lead", TODAY)
    assert refusal(case_id, correct_day, office, case_id, "send_reply", "周五 2026-10-09") == (
        "new_day", "与原来的日期相同",
    )  # fmt: skip
    assert refusal(case_id, correct_day, office, case_id, "register", "周二 2026-09-22")[0] == "target"
    missing = refusal(case_id, correct.correct_day, lead, case_id, seq(case_id), 99, MONDAY, "邮戳")
    assert missing == ("target", "选择要更正的一条")
    assert refusal(case_id, correct_day, office, case_id, "send_reply", "周四 2026-10-08", note=" ") == (
        "note", "写明更正的理由",
    )  # fmt: skip


# --- a result ----------------------------------------------------------------------------------------------


def test_a_corrected_result_moves_the_case_to_its_cell(office: DeskOffice) -> None:
    case_id = office.replied(MONDAY, day("周五 2026-10-09"))
    correct_result(office, case_id, "refused_third_party")
    case = row(case_id)
    assert (case.result, case.replied_on, case.on_time) == (
        "refused_third_party",
        day("周五 2026-10-09"),
        True,
    )


def test_after_a_voided_reply_the_result_of_the_second_is_corrected(office: DeskOffice) -> None:
    case_id = office.replied(MONDAY, day("周五 2026-10-09"))
    monday = day("周一 2026-10-12")
    do(office, case_id, "void_reply", monday)
    do(office, case_id, "draft_reply", monday)
    do(office, case_id, "approve_reply", monday)
    do(office, case_id, "send_reply", monday)
    correct_result(office, case_id, "partial")
    assert (row(case_id).result, row(case_id).replied_on) == ("partial", monday)


def test_a_result_is_corrected_to_another_one_that_a_reply_can_have(office: DeskOffice) -> None:
    case_id = office.replied(MONDAY, day("周五 2026-10-09"))
    assert refusal(case_id, correct_result, office, case_id, "granted") == ("result", "与原来的结果相同")
    for wrong in ("", "shredded", "other", "other_fee_unpaid"):
        assert refusal(case_id, correct_result, office, case_id, wrong) == ("result", "选择答复的结果")
    unclear = refusal(case_id, correct_result, office, case_id, "unavailable_still_unclear")
    assert unclear == ("result", "没有收到过补正，不能以“补正后仍不明确”答复（第三十条）")


def test_where_no_reply_was_sent_there_is_no_result_to_correct(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    assert refusal(case_id, correct_result, office, case_id, "granted") == ("result", "没有发出过答复")
    do(office, case_id, "withdraw", MONDAY)
    assert refusal(case_id, correct_result, office, case_id, "granted") == ("result", "没有发出过答复")


# --- the form ----------------------------------------------------------------------------------------------


def test_a_corrected_form_is_a_further_version(office: DeskOffice) -> None:
    case_id = office.register(MONDAY)
    correct_form(office, case_id, applicant_class="enterprise", name="林国栋有限公司", phone="13805950000")
    case = row(case_id)
    assert (case.applicant_class, case.stage, case.due_on) == ("enterprise", "review", DUE)
    versions = db.session.scalars(select(Particulars).order_by(Particulars.version)).all()
    assert [(v.version, v.name) for v in versions] == [(1, "林国栋"), (2, "林国栋有限公司")]
    assert case.particulars_id == versions[1].id
    assert db.session.get_one(Identity, versions[1].id).phone == "13805950000"
    said = db.session.scalars(select(Event).where(Event.act == "correct")).one()
    assert said.details["changes"].keys() == {"applicant_class", "particulars"}
    assert said.details["old"]["applicant_class"] == "natural_person"


def test_a_corrected_way_of_coming_has_its_own_day_of_receipt(office: DeskOffice) -> None:
    case_id = office.register(MONDAY)
    letter = register.Arrival("letter", "signed", submitted=MONDAY, arrived=day("周三 2026-09-23"))
    correct_form(office, case_id, letter)
    case = row(case_id)
    assert (case.channel, case.received_on, case.due_on) == (
        "letter", day("周三 2026-09-23"), day("周三 2026-10-28"),
    )  # fmt: skip


def test_a_receipt_is_not_moved_after_what_followed_it(office: DeskOffice) -> None:
    case_id = office.replied(MONDAY, day("周五 2026-10-09"))
    monday = day("周一 2026-10-12")
    later = register.Arrival("in_person", submitted=monday)
    field, why = refusal(case_id, correct_form, office, case_id, later)
    assert field == "note"
    assert why == "改后与第 2 条记录矛盾：不能早于法定收到日（2026年10月12日 星期一）"


def test_a_case_already_worked_is_not_taken_back_to_unconfirmed(office: DeskOffice) -> None:
    unconfirmed = register.Arrival("online", submitted=MONDAY)
    case_id = office.accepted(MONDAY)
    why = refusal(case_id, correct_form, office, case_id, unconfirmed)
    assert why[1] == "改后与第 2 条记录矛盾：法定收到日还没有确认"
    fresh = office.register(MONDAY)
    correct_form(office, fresh, unconfirmed)
    assert (row(fresh).stage, row(fresh).received_on, row(fresh).new_year) == ("register", None, None)


def test_a_form_that_says_the_same_is_no_correction(office: DeskOffice) -> None:
    case_id = office.register(MONDAY)
    assert refusal(case_id, correct_form, office, case_id) == ("", "与原来的内容相同")
    correct_form(office, case_id, certificate_number="35058119900101102X")
    for typed in ("35058119900101102X", "35058119900101102x"):
        why = refusal(case_id, partial(correct_form, certificate_number=typed), office, case_id)
        assert why == ("", "与原来的内容相同"), typed
    assert len(db.session.scalars(select(Particulars)).all()) == 2


def test_a_corrected_form_is_checked_like_a_new_one(office: DeskOffice) -> None:
    case_id = office.register(MONDAY)
    assert refusal(case_id, correct_form, office, case_id, name=" ")[0] == "name"
    assert refusal(case_id, correct_form, office, case_id, phone="1" * 41)[0] == "phone"
    future = register.Arrival("in_person", submitted=day("周一 2026-11-09"))
    assert refusal(case_id, correct_form, office, case_id, future)[0] == "submitted"


# --- the calendar of a correction --------------------------------------------------------------------------


def enter_notice(year: int, version: int, off: list[date]) -> Calendar:
    """A further edition of a year that gives these weekdays off."""
    with transaction() as session:
        entered = CalendarYear(year=year, version=version, document="补充通知", entered_at=ENTERED)
        session.add(entered)
        session.flush()
        past = session.scalars(
            select(CalendarDay)
            .join(CalendarYear, CalendarDay.year_id == CalendarYear.id)
            .where(CalendarYear.year == year)
        )
        days = {d.day: d.works for d in past} | dict.fromkeys(off, False)
        session.add_all(CalendarDay(year_id=entered.id, day=d, works=works) for d, works in days.items())
    return store.edition(version)


def test_a_closed_case_is_corrected_by_the_calendar_it_was_decided_with(office: DeskOffice) -> None:
    closed = office.replied(MONDAY, day("周二 2026-10-27"))
    running = office.accepted(MONDAY)
    newer = enter_notice(2026, 2, [day("周四 2026-10-22"), day("周五 2026-10-23")])
    assert newer.add(MONDAY, 20) == day("周三 2026-10-28")
    assert store.current().version == 2
    correct_day(office, closed, "send_reply", "周三 2026-10-28")
    case = row(closed)
    assert (case.due_on, case.on_time, case.calendar_version) == (DUE, False, 1)
    correct_form(office, running, phone="13805950000")
    case = row(running)
    assert (case.due_on, case.calendar_version) == (day("周三 2026-10-28"), 2)
    assert_replayed(closed)
    assert_replayed(running)


def test_a_voided_reply_runs_on_by_the_newest_calendar(office: DeskOffice) -> None:
    case_id = office.replied(MONDAY, day("周二 2026-10-27"))
    enter_notice(2026, 2, [day("周四 2026-10-22")])
    do(office, case_id, "void_reply", TODAY)
    assert (row(case_id).due_on, row(case_id).calendar_version) == (day("周二 2026-10-27"), 2)


def test_the_row_is_written_by_the_record_alone_so_a_tampered_one_is_put_right(office: DeskOffice) -> None:
    case_id = office.replied(MONDAY, day("周五 2026-10-09"))
    with transaction() as session:
        session.execute(update(Case).where(Case.id == case_id).values(result="partial", on_time=False))
    correct_form(office, case_id, phone="13805950000")
    assert (row(case_id).result, row(case_id).on_time) == ("granted", True)


# --- other facts -------------------------------------------------------------------------------------------


def correct_fact(office: DeskOffice, case_id: int, act: str, key: str, typed: str) -> None:
    lead = office.work("lead", TODAY)
    correct.correct_fact(lead, case_id, seq(case_id), seq_of(case_id, act), key, typed, "照原件更正")


def test_days_of_an_extension_and_the_result_of_a_proceeding_are_corrected(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    do(office, case_id, "ask_extension", MONDAY)
    do(office, case_id, "approve_extension", MONDAY, days=10)
    assert row(case_id).due_on == CALENDAR.add(MONDAY, 30)
    correct_fact(office, case_id, "approve_extension", "days", "15")
    assert (row(case_id).extended, row(case_id).due_on) == (15, CALENDAR.add(MONDAY, 35))
    assert refusal(case_id, correct_fact, office, case_id, "approve_extension", "days", "21")[0] == "value"
    do(office, case_id, "open_proceeding", MONDAY, kind="suit")
    do(office, case_id, "close_proceeding", MONDAY, result="upheld")
    correct_fact(office, case_id, "close_proceeding", "result", "结果纠正")
    (proceeding,) = db.session.scalars(select(ProceedingRow).where(ProceedingRow.case_id == case_id))
    assert proceeding.result == "corrected"
    assert refusal(case_id, correct_fact, office, case_id, "close_proceeding", "result", "赢了")[0] == "value"
    assert refusal(case_id, correct_fact, office, case_id, "accept", "handler_id", "1")[0] == "fact"


def test_silence_is_not_moved_into_the_fifteen_days(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    sent = day("周二 2026-09-29")
    do(office, case_id, "consult_third_party", sent)
    do(office, case_id, "record_opinion", day("周四 2026-10-29"), opinion="silent", delivered=sent)
    why = refusal(case_id, correct_day, office, case_id, "record_opinion", "周五 2026-10-09")
    assert why[0] == "new_day"
    assert "届满后才算逾期" in why[1]


def test_a_day_confirmed_by_its_own_act_is_corrected_there_and_nowhere_else(office: DeskOffice) -> None:
    arrival = register.Arrival("online", submitted=day("周一 2026-11-02"))
    (case,) = register.register(office.work("clerk", day("周一 2026-11-02")), arrival, APPLICATION)
    do(office, case.id, "confirm_receipt", day("周二 2026-11-03"))
    lead = office.work("lead", TODAY)
    phone = replace(APPLICATION, phone="13905950000")
    correct.correct_particulars(lead, case.id, seq(case.id), arrival, phone, "电话记错")
    correct_day(office, case.id, "confirm_receipt", "周五 2026-11-06")
    assert row(case.id).received_on == day("周五 2026-11-06")
    twice = replace(arrival, confirmed=day("周四 2026-11-05"))
    why = refusal(case.id, correct.correct_particulars, lead, case.id, seq(case.id), twice, APPLICATION, "改")
    assert why[0] == "confirmed"


# --- the rules of the live act hold for its correction ------------------------------------------------------


def fact_refused(office: DeskOffice, case_id: int, act: str, key: str, typed: str) -> str:
    field, why = refusal(case_id, correct_fact, office, case_id, act, key, typed)
    assert field == "value"
    return why


def consulted(office: DeskOffice, opinion: str = "consent", act: str = "consult_third_party") -> int:
    """Sent and delivered on 9月28日 (15 working days to 10月23日); the opinion came on 10月27日."""
    case_id = office.accepted(MONDAY)
    sent = day("周一 2026-09-28")
    do(office, case_id, act, sent, delivered=sent)
    do(office, case_id, "record_opinion", day("周二 2026-10-27"), opinion=opinion, delivered=sent)
    return case_id


def test_the_other_had_the_letter_on_no_day_to_come(office: DeskOffice) -> None:
    """Else it could push the due day out."""
    open_case = office.accepted(MONDAY)
    do(office, open_case, "consult_third_party", MONDAY, delivered=MONDAY)
    later = fact_refused(office, open_case, "consult_third_party", "delivered", "2026-11-07")
    assert later == "收到日期不能晚于今天（11月6日）"
    case_id = consulted(office)
    for typed in ("2026-11-07", "2026-10-28", "2026-09-27"):
        assert "先后颠倒" in fact_refused(office, case_id, "record_opinion", "delivered", typed)
    for far in ("2099-12-30", "9999-12-31"):
        fact_refused(office, case_id, "record_opinion", "delivered", far)


def test_the_day_the_letter_came_is_corrected_where_it_counts(office: DeskOffice) -> None:
    """Said again with the opinion it counts there; the earlier one would change nothing."""
    case_id = office.accepted(MONDAY)
    sent = day("周一 2026-09-28")
    do(office, case_id, "consult_third_party", sent)
    do(office, case_id, "deliver_consultation", day("周二 2026-09-29"))
    do(office, case_id, "record_opinion", day("周二 2026-10-27"), delivered=None)
    why = refusal(case_id, correct_day, office, case_id, "deliver_consultation", "周三 2026-09-30")
    assert why == ("target", "对方收到的日期以登记意见的一条为准，更正那一条的“对方收到的日期”")
    other = consulted(office)
    why = refusal(other, correct_fact, office, other, "consult_third_party", "delivered", "2026-09-29")
    assert why == ("fact", "选择要更正的一项")


@pytest.mark.parametrize("act", ["request_correction", "ask_reasons"])
def test_a_corrected_period_is_as_reasonable_as_a_live_one(office: DeskOffice, act: str) -> None:
    case_id = office.accepted(MONDAY)
    do(office, case_id, act, day("周一 2026-09-28"))
    assert fact_refused(office, case_id, act, "until", "2026-09-28") == "期限要晚于告知之日，留出合理的时间"
    assert fact_refused(office, case_id, act, "until", "2027-09-30") == "期限不合理：超过一年"
    assert "工作日历" in fact_refused(office, case_id, act, "until", "9999-12-31")
    correct_fact(office, case_id, act, "until", "2027-09-29")  # 366 calendar days


def test_a_corrected_day_of_notice_stays_before_its_period(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    do(office, case_id, "ask_reasons", day("周一 2026-09-28"), until=day("周三 2026-09-30"))
    why = refusal(case_id, correct_day, office, case_id, "ask_reasons", "周三 2026-09-30")
    assert why == ("new_day", "期限要晚于告知之日，留出合理的时间")


def test_a_notice_is_not_corrected_to_a_day_after_the_seven(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    do(office, case_id, "request_correction", day("周一 2026-09-28"), until=day("周五 2026-10-30"))
    why = refusal(case_id, correct_day, office, case_id, "request_correction", "周六 2026-10-10")
    assert why[0] == "new_day"
    assert why[1].startswith("补正要在收到之日起 7 个工作日内告知，最后一天是 10月8日")


def test_a_late_notice_corrected_to_a_day_in_time_is_no_longer_called_late(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    until = day("周五 2026-10-30")
    do(office, case_id, "request_correction", day("周六 2026-10-10"), "lead", delay="来件错送", until=until)
    correct_day(office, case_id, "request_correction", "周五 2026-10-09")  # still late
    correct_day(office, case_id, "request_correction", "周四 2026-10-08")
    kept = [e.details for e in record.entries(db.session(), case_id) if e.act == "correct"]
    assert [k["changes"] for k in kept] == [{"on": "2026-10-09"}, {"on": "2026-10-08", "late": None}]
    assert kept[1]["old"] == {"on": "2026-10-09", "late": True}
    assert_replayed(case_id)


def test_a_corrected_deferral_is_later_than_the_term_without_it(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    do(office, case_id, "ask_reasons", MONDAY)
    do(office, case_id, "receive_reasons", MONDAY)
    do(office, case_id, "defer", MONDAY)
    assert fact_refused(office, case_id, "defer", "until", "2026-10-26") == "要晚于现在的到期日（10月26日）"
    assert fact_refused(office, case_id, "defer", "until", "2027-09-23") == "日期不合理：超过一年"
    correct_fact(office, case_id, "defer", "until", "2026-10-27")
    assert row(case_id).due_on == day("周二 2026-10-27")


def test_the_day_a_fee_notice_came_moves_the_days_to_pay(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    do(office, case_id, "fee_notice", day("周一 2026-09-28"), told=day("周一 2026-09-28"))
    wrong = "申请人收到通知之日在通知之日以后、不晚于今天"
    for typed in ("2026-09-27", "2026-11-07", "2099-12-30"):
        assert fact_refused(office, case_id, "fee_notice", "told", typed) == wrong
    correct_fact(office, case_id, "fee_notice", "told", "2026-09-30")
    assert row(case_id).hold_until == CALENDAR.add(day("周三 2026-09-30"), 20)


def test_a_corrected_internal_period_ends_between_its_day_and_the_due_day(office: DeskOffice) -> None:
    case_id = office.register(MONDAY)
    until = day("周五 2026-10-09")
    review.accept(office.work("lead", MONDAY), case_id, seq(case_id), MONDAY, office.people["clerk"], until)
    early = fact_refused(office, case_id, "accept", "internal_until", "2026-09-20")
    assert early == "内部期限不能早于分办之日（9月21日）"
    late = fact_refused(office, case_id, "accept", "internal_until", "2026-10-27")
    assert late == "内部期限不能晚于到期日（10月26日）"
    off = fact_refused(office, case_id, "accept", "internal_until", "2026-10-25")
    assert off == "10月25日 周日 是休息日，下一个工作日是 10月26日 周一"
    correct_fact(office, case_id, "accept", "internal_until", "2026-10-26")


def test_silence_is_contradicted_neither_by_the_delivery_nor_by_the_opinion(office: DeskOffice) -> None:
    silent = "对方的 15 个工作日到 10月27日，届满后才算逾期"
    case_id = consulted(office, "silent")
    assert fact_refused(office, case_id, "record_opinion", "delivered", "2026-09-30") == silent
    other = consulted(office)
    correct_fact(office, other, "record_opinion", "delivered", "2026-09-30")
    assert fact_refused(office, other, "record_opinion", "opinion", "逾期未提出意见") == silent
    correct_day(office, other, "record_opinion", "周三 2026-10-28")
    correct_fact(office, other, "record_opinion", "opinion", "逾期未提出意见")


def test_an_opinion_corrected_to_silence_of_a_joint_organ_is_its_consent(office: DeskOffice) -> None:
    case_id = consulted(office, act="consult_joint_organ")
    correct_fact(office, case_id, "record_opinion", "opinion", "逾期未提出意见")
    said = db.session.scalars(select(Event).where(Event.case_id == case_id, Event.act == "correct")).one()
    assert said.details["changes"] == {"opinion": "silent", "deemed_consent": True}


def test_an_extension_was_asked_for_then_approved_then_told_before_the_due_day(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    do(office, case_id, "ask_extension", day("周五 2026-10-09"))
    do(office, case_id, "approve_extension", day("周一 2026-10-19"))
    before = refusal(case_id, correct_day, office, case_id, "approve_extension", "周四 2026-10-08")
    assert "不能早于申请延期之日" in before[1]
    after = refusal(case_id, correct_day, office, case_id, "approve_extension", "周二 2026-10-27")
    assert after == ("new_day", "到期日（10月26日）以后不能再改变期限")
    asked = refusal(case_id, correct_day, office, case_id, "ask_extension", "周二 2026-10-20")
    assert "改后与第 4 条记录矛盾：不能早于申请延期之日" in asked[1]
    assert "不能早于批准之日" in fact_refused(office, case_id, "approve_extension", "told", "2026-10-18")
    assert "不能晚于到期日" in fact_refused(office, case_id, "approve_extension", "told", "2026-10-27")
    assert "不能晚于今天" in fact_refused(office, case_id, "approve_extension", "told", "2026-11-07")
    correct_fact(office, case_id, "approve_extension", "told", "2026-10-26")
    correct_day(office, case_id, "approve_extension", "周一 2026-10-26")


def test_a_receipt_is_corrected_although_it_makes_an_extension_late(office: DeskOffice) -> None:
    """What the office did by the wrong day was done; the record shows that it was too late."""
    case_id = office.accepted(day("周二 2026-09-22"))
    do(office, case_id, "ask_extension", day("周二 2026-10-27"))
    do(office, case_id, "approve_extension", day("周二 2026-10-27"))
    came = register.Arrival("in_person", submitted=MONDAY)
    correct_form(office, case_id, came)
    assert row(case_id).received_on == MONDAY
    correct_fact(
        office, case_id, "approve_extension", "days", "5"
    )  # and its other facts may still be put right


def test_after_reconsideration_is_said_of_a_suit_alone(office: DeskOffice) -> None:
    case_id = office.replied(MONDAY, day("周五 2026-10-09"))
    do(office, case_id, "open_proceeding", day("周一 2026-10-12"), kind="suit", after=True)
    said = fact_refused(office, case_id, "open_proceeding", "kind", "行政复议")
    assert "“经过复议”只用于行政诉讼" in said
    correct_fact(office, case_id, "open_proceeding", "after_reconsideration", "否")
    correct_fact(office, case_id, "open_proceeding", "kind", "行政复议")
    (kept,) = db.session.scalars(select(ProceedingRow).where(ProceedingRow.case_id == case_id))
    assert (kept.kind, kept.after_reconsideration) == ("reconsideration", False)
    again = fact_refused(office, case_id, "open_proceeding", "after_reconsideration", "是")
    assert "“经过复议”只用于行政诉讼" in again
    assert (
        fact_refused(office, case_id, "open_proceeding", "after_reconsideration", "也许")
        == "写是、否中的一个"
    )


def test_a_day_of_a_ledger_is_corrected_as_it_was(office: DeskOffice) -> None:
    """A ledger tells what happened, lawful or not: a notice after the seven working days too."""
    case_id = office.accepted(MONDAY)
    told = {"until": "2026-10-30"}
    with transaction() as session:
        record.append(
            session, session.get_one(Case, case_id), "request_correction", day("周一 2026-09-28"), told,
            actor_id=None, at=ENTERED, calendar=store.current(), source="ledger",
        )  # fmt: skip
    correct_day(office, case_id, "request_correction", "周六 2026-10-10")  # after the seven working days
    assert row(case_id).waiting == "correction"
