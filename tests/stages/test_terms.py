"""补正, 征求意见, 延期 at the desk: what they do to the due day, and what is refused in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from caseflow.db import db, transaction
from caseflow.models import Event, Note, Person
from caseflow.stages import handle, review
from caseflow.stages.errors import Refused
from tests.law.days import CALENDAR, day
from tests.stages.drive import do, refused
from tests.support.office import DeskOffice, found, row, seq

MONDAY = day("周一 2026-09-21")
DUE = day("周一 2026-10-26")


def due(case_id: int) -> date | None:
    return row(case_id).due_on


# --- accepting ---------------------------------------------------------------------------------------------


def test_a_case_is_given_to_a_clerk_in_service_of_this_office_only(office: DeskOffice) -> None:
    other = found("QZFB", "泉州市人民政府办公室")
    case_id = office.register(MONDAY)
    strangers = [office.people["lead"], office.people["admin"], other.people["clerk"], 1_000_000]
    for stranger in strangers:
        found_at = refused(office, case_id, "accept", "周一 2026-09-21", handler_id=stranger)
        assert found_at == ("handler_id", "选择本机关在用的经办人")
    with transaction() as session:
        session.get_one(Person, office.people["colleague"]).disabled = True
    gone = refused(office, case_id, "accept", "周一 2026-09-21", handler_id=office.people["colleague"])
    assert gone == ("handler_id", "选择本机关在用的经办人")
    do(office, case_id, "accept", MONDAY)
    assert (row(case_id).handler, row(case_id).handler_id) == ("王敏", office.people["clerk"])


def test_a_case_is_not_reassigned_to_who_has_it(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    assert refused(office, case_id, "assign", "周一 2026-09-21", to=office.people["clerk"]) == (
        "handler_id", "王敏 已经是本案经办人",
    )  # fmt: skip
    do(office, case_id, "assign", MONDAY)
    assert row(case_id).handler == "陈晓"
    assert refused(office, case_id, "draft_reply", "周一 2026-09-21")[1].startswith("由本案经办人 陈晓 起草")
    do(office, case_id, "draft_reply", MONDAY, who="colleague")


# --- correction (art. 30) ----------------------------------------------------------------------------------


def test_a_correction_stops_the_term_and_starts_it_anew(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    assert due(case_id) == DUE
    do(office, case_id, "request_correction", day("周一 2026-09-28"), until=day("周一 2026-10-19"))
    case = row(case_id)
    assert (case.due_on, case.waiting, case.hold_until) == (None, "correction", day("周一 2026-10-19"))
    do(office, case_id, "receive_correction", day("周五 2026-10-16"))
    case = row(case_id)
    assert (case.due_on, case.waiting, case.corrected) == (day("周五 2026-11-13"), "", True)


def test_there_is_one_notice_only_within_seven_working_days(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    late = refused(office, case_id, "request_correction", "周五 2026-10-09", until=day("周一 2026-10-19"))
    assert late == ("", LATE)
    do(office, case_id, "request_correction", day("周四 2026-10-08"), until=day("周一 2026-10-19"))
    do(office, case_id, "receive_correction", day("周五 2026-10-09"))
    second = refused(office, case_id, "request_correction", "周五 2026-10-09", until=day("周一 2026-10-19"))
    assert second == ("", "只能一次，已于 10月8日 告知（第三十条）")


LATE = "补正要在收到之日起 7 个工作日内告知，最后一天是 10月8日；确需补正的，由负责人写明迟延的理由办理"


def test_a_late_notice_is_the_leads_with_the_reason_for_the_delay_and_the_record_says_so(
    office: DeskOffice,
) -> None:
    case_id, until = office.accepted(MONDAY), day("周一 2026-10-26")
    late: dict[str, Any] = {"who": "lead", "until": until}
    why = refused(office, case_id, "request_correction", "周五 2026-10-09", **late)
    assert why == ("delay", "写明迟延告知的理由")
    why = refused(office, case_id, "request_correction", "周五 2026-10-09", delay="长" * 2001, **late)
    assert why[0] == "delay"
    why = refused(office, case_id, "request_correction", "周五 2026-10-09", delay="移交", note=" ", **late)
    assert why == ("note", "写明需要补正的事项")
    do(office, case_id, "request_correction", day("周五 2026-10-09"), delay="来件错送，晚到", **late)
    event = db.session.scalars(select(Event).where(Event.case_id == case_id, Event.seq == 3)).one()
    assert event.details["late"] is True
    note = db.session.get_one(Note, event.details["note"]["id"])
    assert note.text == "请写明年份\n迟延的理由：来件错送，晚到"
    do(office, case_id, "receive_correction", day("周一 2026-10-12"))
    again = refused(office, case_id, "request_correction", "周一 2026-10-12", **late, delay="又一次")
    assert again == ("", "只能一次，已于 10月9日 告知（第三十条）")


def test_the_lead_notes_a_notice_given_in_time_without_a_reason_for_any_delay(office: DeskOffice) -> None:
    case_id, until = office.accepted(MONDAY), day("周一 2026-10-26")
    given = {"on": day("周四 2026-10-08"), "until": until}
    do(office, case_id, "request_correction", day("周五 2026-10-09"), who="lead", **given)
    assert "late" not in db.session.scalars(select(Event).where(Event.seq == 3)).one().details


def test_after_the_due_day_no_correction_is_asked_for(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    why = refused(office, case_id, "request_correction", "周二 2026-10-27", who="lead", delay="移交")
    assert why == ("", "到期日（10月26日）以后不能再改变期限")


def test_a_notice_says_what_and_until_when(office: DeskOffice) -> None:
    case_id = office.register(MONDAY)
    for until in (MONDAY, day("周日 2026-09-20")):
        found_at = refused(office, case_id, "request_correction", "周一 2026-09-21", until=until)
        assert found_at == ("until", "期限要晚于告知之日，留出合理的时间")
    assert refused(office, case_id, "request_correction", "周一 2026-09-21", until=day("周四 2027-09-23")) == (
        "until", "期限不合理：超过一年",
    )  # fmt: skip
    assert refused(office, case_id, "request_correction", "周一 2026-09-21", note=" ") == (
        "note", "写明需要补正的事项",
    )  # fmt: skip


def test_while_the_correction_is_awaited_nothing_is_answered_or_extended(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    do(office, case_id, "ask_extension", MONDAY)
    do(office, case_id, "request_correction", MONDAY)
    waiting = "正在等申请人补正（9月21日 告知），先登记收到补正"
    for act in ("draft_reply", "consult_third_party", "approve_extension"):
        assert refused(office, case_id, act, "周二 2026-09-22") == ("", waiting)


def test_a_correction_lapses_only_after_its_period(office: DeskOffice) -> None:
    case_id = office.register(MONDAY)
    do(office, case_id, "request_correction", MONDAY, until=day("周三 2026-09-30"))
    early = refused(office, case_id, "lapse_correction", "周三 2026-09-30")
    assert early == ("", "补正期限到 9月30日，尚未届满")
    backdated = refused(office, case_id, "lapse_correction", "周四 2026-10-08", on=day("周三 2026-09-30"))
    assert backdated == ("on", "要在补正期限（9月30日）届满以后")
    do(office, case_id, "lapse_correction", day("周四 2026-10-08"))
    case = row(case_id)
    assert (case.stage, case.result, case.closed_by) == ("archive", "other_correction_lapsed", "lapsed")
    assert (case.replied_on, case.on_time, case.due_on, case.result_year) == (None, None, None, 2026)


def test_nothing_that_was_not_asked_for_is_received(office: DeskOffice) -> None:
    case_id = office.register(MONDAY)
    assert refused(office, case_id, "receive_correction", "周一 2026-09-21")[1].startswith("没有告知过补正")


# --- consultation (art. 32) --------------------------------------------------------------------------------


def test_the_days_of_a_consultation_are_not_counted(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    do(office, case_id, "consult_third_party", day("周二 2026-09-29"))
    case = row(case_id)
    assert (case.waiting, case.hold_until) == ("consultation", CALENDAR.add(day("周二 2026-09-29"), 15))
    do(office, case_id, "deliver_consultation", day("周三 2026-09-30"))
    assert row(case_id).hold_until == day("周二 2026-10-27")
    do(office, case_id, "record_opinion", day("周五 2026-10-09"), delivered=None)
    case = row(case_id)
    assert (case.waiting, case.due_on, case.consulted) == ("", CALENDAR.add(DUE, 3), True)


def test_an_opinion_is_not_older_than_the_letter(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    do(office, case_id, "consult_third_party", day("周二 2026-09-22"))
    do(office, case_id, "consult_third_party", day("周二 2026-09-29"))
    today = "周五 2026-10-09"
    for act, given in (
        ("deliver_consultation", {}),
        ("record_opinion", {"delivered": day("周二 2026-09-29")}),
    ):
        early = refused(office, case_id, act, today, on=day("周一 2026-09-28"), n=2, **given)
        assert early[0] == "on"
        assert "9月29日" in early[1]
    assert refused(office, case_id, "record_opinion", today, on=day("周一 2026-09-21"))[1].startswith(
        "不能早于发出"
    )


def test_an_opinion_needs_the_day_the_letter_was_received(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    do(office, case_id, "consult_third_party", day("周二 2026-09-29"))
    today = "周五 2026-10-09"
    assert refused(office, case_id, "record_opinion", today, delivered=None)[0] == "delivered"
    future = refused(office, case_id, "record_opinion", today, delivered=day("周一 2026-10-12"))
    assert future == ("delivered", "收到日期不能晚于今天（10月9日）")
    early = refused(office, case_id, "record_opinion", today, delivered=day("周一 2026-09-28"))
    assert early == ("delivered", "收到日期不能早于发出之日（9月29日）")
    before = refused(
        office, case_id, "record_opinion", today, on=day("周四 2026-10-08"), delivered=day("周五 2026-10-09")
    )
    assert before == ("on", "意见不能早于对方收到之日")


def test_silence_is_recorded_only_after_the_15_working_days(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    sent, delivered = day("周二 2026-09-29"), day("周三 2026-09-30")
    do(office, case_id, "consult_third_party", delivered, on=sent, delivered=delivered)
    early = refused(office, case_id, "record_opinion", "周二 2026-10-27", opinion="silent", delivered=None)
    assert early == ("on", "对方的 15 个工作日到 10月27日，届满后才算逾期")
    do(office, case_id, "record_opinion", day("周五 2026-11-06"), opinion="silent", delivered=None)
    # not counted to the end of the 15 working days, whenever the office notes the silence
    assert due(case_id) == CALENDAR.add(DUE, CALENDAR.count(sent, day("周二 2026-10-27")))


@pytest.mark.parametrize(("act", "consent"), [("consult_third_party", None), ("consult_joint_organ", True)])
def test_the_silence_of_a_joint_organ_is_consent_and_that_of_a_third_party_never(
    office: DeskOffice, act: str, consent: bool | None
) -> None:
    case_id, sent = office.accepted(MONDAY), day("周二 2026-09-29")
    do(office, case_id, act, sent, delivered=sent)
    do(office, case_id, "record_opinion", day("周五 2026-11-06"), opinion="silent", delivered=None)
    said = db.session.scalars(
        select(Event).where(Event.case_id == case_id, Event.act == "record_opinion")
    ).one()
    assert said.details["opinion"] == "silent"
    assert said.details.get("deemed_consent") is consent


def test_only_an_open_consultation_is_answered(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    assert refused(office, case_id, "record_opinion", "周一 2026-09-21") == ("", "没有正在征求的意见")
    do(office, case_id, "consult_third_party", MONDAY, delivered=MONDAY)
    assert refused(office, case_id, "deliver_consultation", "周一 2026-09-21") == (
        "",
        "对方收到的日期已经登记",
    )
    assert refused(office, case_id, "record_opinion", "周一 2026-09-21", n=2) == (
        "n",
        "选择还没有意见的一次征求",
    )
    do(office, case_id, "consult_third_party", MONDAY)
    for n in (1, 3):
        assert refused(office, case_id, "deliver_consultation", "周一 2026-09-21", n=n)[0] == "n"
    assert refused(office, case_id, "record_opinion", "周一 2026-09-21", opinion="perhaps") == (
        "opinion",
        "选择意见",
    )


@pytest.mark.parametrize(
    ("delivered", "why"),
    [
        ("周五 2026-09-18", "收到日期不能早于发出之日（9月21日）"),
        ("周二 2026-09-22", "收到日期不能晚于今天（9月21日）"),
    ],
)
def test_a_letter_is_received_between_its_sending_and_today(
    office: DeskOffice, delivered: str, why: str
) -> None:
    case_id = office.accepted(MONDAY)
    found_at = refused(office, case_id, "consult_third_party", "周一 2026-09-21", delivered=day(delivered))
    assert found_at == ("delivered", why)


# --- extension (art. 33) -----------------------------------------------------------------------------------


def test_the_lead_extends_once_by_at_most_20_working_days(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    unlawful = ("days", "延期为 1 到 20 个工作日（第三十三条）")
    for days in (0, -1, 21):
        assert refused(office, case_id, "ask_extension", "周一 2026-09-21", days=days) == unlawful
    do(office, case_id, "ask_extension", MONDAY)
    for days in (0, -1, 21):
        assert refused(office, case_id, "approve_extension", "周一 2026-09-21", days=days) == unlawful
    assert refused(office, case_id, "ask_extension", "周一 2026-09-21")[1] == "已经申请，等负责人决定"
    do(office, case_id, "approve_extension", day("周一 2026-10-26"), days=20)
    case = row(case_id)
    assert (case.extended, case.extension_asked, case.due_on) == (20, 0, CALENDAR.add(DUE, 20))
    again = refused(office, case_id, "ask_extension", "周一 2026-10-26")
    assert again == ("", "延期只能一次，已批准 20 个工作日（第三十三条）")


def test_after_the_due_day_there_is_no_extension(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    closed = "到期日（10月26日）以后不能再改变期限"
    assert refused(office, case_id, "ask_extension", "周二 2026-10-27") == ("", closed)
    do(office, case_id, "ask_extension", DUE)
    assert refused(office, case_id, "approve_extension", "周二 2026-10-27") == ("", closed)
    assert due(case_id) == DUE


def test_the_applicant_is_told_between_the_approval_and_the_due_day(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    do(office, case_id, "ask_extension", day("周五 2026-10-23"))
    early = refused(office, case_id, "approve_extension", "周五 2026-10-23", told=day("周四 2026-10-22"))
    assert early == ("told", "告知日不能早于批准之日（10月23日）")
    late = refused(office, case_id, "approve_extension", "周五 2026-10-23", told=day("周一 2026-10-26"))
    assert late == ("told", "告知日不能晚于今天（10月23日）：告知以后延期才有效")


def test_a_deferred_case_is_not_extended_but_the_request_can_be_refused(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    do(office, case_id, "ask_extension", MONDAY)
    for act in ("ask_reasons", "receive_reasons"):
        do(office, case_id, act, MONDAY)
    do(office, case_id, "defer", MONDAY, deferred_to=day("周一 2026-11-30"))
    why = ("", "已按第三十五条确定延迟至 11月30日 答复，延期不再改变到期日")
    assert refused(office, case_id, "approve_extension", "周一 2026-09-21") == why
    do(office, case_id, "refuse_extension", MONDAY)
    assert refused(office, case_id, "ask_extension", "周一 2026-09-21") == why
    assert due(case_id) == day("周一 2026-11-30")


def test_a_reply_is_not_deferred_to_a_day_off(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    for act in ("ask_reasons", "receive_reasons"):
        do(office, case_id, act, MONDAY)
    off = refused(office, case_id, "defer", "周一 2026-09-21", deferred_to=day("周日 2026-12-06"))
    assert off == ("until", "12月6日 周日 是休息日，下一个工作日是 12月7日 周一")
    do(office, case_id, "defer", MONDAY, deferred_to=day("周一 2026-12-07"))


def test_the_internal_day_is_a_working_day(office: DeskOffice) -> None:
    case_id, colleague = office.register(MONDAY), office.people["colleague"]
    clerk = office.work("clerk", MONDAY)
    sunday, worked = day("周日 2026-09-27"), day("周日 2026-09-20")
    off = ("internal_until", "9月27日 周日 是休息日，下一个工作日是 9月28日 周一")
    services: list[tuple[Callable[..., None], list[Any]]] = [
        (review.accept, [MONDAY, colleague]), (handle.assign, [colleague]),
    ]  # fmt: skip
    for service, args in services:
        with pytest.raises(Refused) as refusal:
            service(clerk, case_id, seq(case_id), *args, internal_until=sunday)
        assert (refusal.value.field, refusal.value.reason) == off
        if service is review.accept:
            assert clerk.actor_id
            review.accept(clerk, case_id, seq(case_id), MONDAY, clerk.actor_id, day("周一 2026-09-28"))
    before = office.register(day("周四 2026-09-17"))
    work = office.work("clerk", day("周四 2026-09-17"))
    review.accept(work, before, seq(before), work.today, colleague, worked)  # a Sunday that is worked


def test_a_refused_extension_leaves_the_due_day_and_may_be_asked_for_again(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    assert refused(office, case_id, "refuse_extension", "周一 2026-09-21")[1] == "没有待批的延期申请"
    do(office, case_id, "ask_extension", MONDAY)
    assert refused(office, case_id, "refuse_extension", "周一 2026-09-21", note="")[0] == "note"
    do(office, case_id, "refuse_extension", MONDAY)
    assert (due(case_id), row(case_id).extension_asked, row(case_id).extended) == (DUE, 0, 0)
    do(office, case_id, "ask_extension", MONDAY)


# --- typed text --------------------------------------------------------------------------------------------


def test_words_too_long_or_unseen_are_refused_at_their_field(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    for note, why in (("长" * 2001, "最多 2000 个字，现在有 2001 个"), ("\x07", "含有看不见的控制字符")):
        found_at = refused(office, case_id, "ask_extension", "周一 2026-09-21", note=note)
        assert found_at[0] == "note"
        assert why in found_at[1]
    work = office.work("clerk", MONDAY)
    with pytest.raises(Refused) as refusal:
        handle.consult_third_party(work, case_id, seq(case_id), MONDAY, "名" * 101, "征求意见")
    assert refusal.value.field == "party"


def test_what_the_forms_call_an_act_of_today_is_of_today(office: DeskOffice) -> None:
    case_id = office.register(MONDAY)
    with pytest.raises(Refused) as refusal:
        review.accept(
            office.work("lead", MONDAY), case_id, seq(case_id), day("周二 2026-09-22"), office.people["clerk"]
        )
    assert (refusal.value.field, refusal.value.reason) == ("on", "日期不能晚于今天（9月21日）")
