"""更正: a further event says what was wrong; the summary follows, and nothing that contradicts is taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from caseflow.calendars import store
from caseflow.db import db, transaction
from caseflow.law.workdays import Calendar
from caseflow.models import CalendarDay, CalendarYear, Case, Event, Identity, Particulars, ProceedingRow
from caseflow.stages import correct, register
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
    assert why == ("new_day", "改后与第 6 条记录矛盾：不能早于发出答复之日（2026年10月13日 星期二）")
    why = refusal(case_id, correct_day, office, case_id, "send_reply", "周日 2026-09-20")
    assert why[1] == "改后与第 5 条记录矛盾：不能早于审签之日（2026年9月21日 星期一）"
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
    assert len(db.session.scalars(select(Particulars)).all()) == 1


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
