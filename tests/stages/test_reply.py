"""答复 and 归档 at the desk: draft, approval, sending, delivery, and how a case may end otherwise."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from caseflow.db import db
from caseflow.law.replay import replay
from caseflow.models import CaseTerm
from caseflow.stages import record, reply
from caseflow.stages.errors import Forbidden, Refused
from tests.law.days import day
from tests.stages.drive import TUESDAY, assert_replayed, at, do, prepare, refused
from tests.support.office import DeskOffice, approve, row, seq

MONDAY = day("周一 2026-09-21")
DUE = "周一 2026-10-26"


def drafted(office: DeskOffice, who: str = "clerk") -> int:
    case_id = office.accepted(MONDAY)
    do(office, case_id, "draft_reply", MONDAY, who=who)
    return case_id


# --- the draft ---------------------------------------------------------------------------------------------


def test_a_draft_has_a_result_that_a_reply_can_have(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    for result in ("", "shredded", "other", "other_correction_lapsed", "other_fee_unpaid", "予以公开"):
        found = refused(office, case_id, "draft_reply", "周一 2026-09-21", result=result)
        assert found == ("result", "选择答复的结果")


def test_still_unclear_after_correction_needs_a_correction(office: DeskOffice) -> None:
    case_id, result = office.accepted(MONDAY), "unavailable_still_unclear"
    sentence = ("result", "没有收到过补正，不能以“补正后仍不明确”答复（第三十条）")
    assert refused(office, case_id, "draft_reply", "周一 2026-09-21", result=result) == sentence
    do(office, case_id, "request_correction", MONDAY)
    do(office, case_id, "receive_correction", MONDAY)
    do(office, case_id, "draft_reply", MONDAY, result=result)
    assert row(case_id).draft_result == result


def test_a_draft_counts_in_no_cell(office: DeskOffice) -> None:
    case = row(drafted(office))
    assert (case.stage, case.draft_result, case.draft_approved) == ("reply", "granted", False)
    assert (case.result, case.result_year, case.replied_on, case.closed_on) == ("", None, None, None)


def test_the_lead_never_approves_a_draft_of_their_own(office: DeskOffice) -> None:
    case_id = drafted(office, who="lead")
    assert refused(office, case_id, "approve_reply", "周一 2026-09-21") == ("", "不能审签自己起草的答复")
    do(office, case_id, "send_back", MONDAY)
    do(office, case_id, "draft_reply", MONDAY, who="clerk")
    do(office, case_id, "approve_reply", MONDAY)
    assert row(case_id).draft_approved is True


def test_a_clerk_approves_nothing(office: DeskOffice) -> None:
    case_id = drafted(office)
    with pytest.raises(Forbidden):
        do(office, case_id, "approve_reply", MONDAY, who="clerk")


def test_a_draft_sent_back_is_written_anew_and_approved_anew(office: DeskOffice) -> None:
    case_id = drafted(office)
    do(office, case_id, "approve_reply", MONDAY)
    assert refused(office, case_id, "approve_reply", "周一 2026-09-21")[1] == "已经审签，等经办人发出"
    assert refused(office, case_id, "send_back", "周一 2026-09-21", note=" ") == ("note", "写明退回的理由")
    do(office, case_id, "send_back", MONDAY)
    assert (row(case_id).stage, row(case_id).draft_result) == ("handle", "")
    do(office, case_id, "draft_reply", MONDAY, result="partial")
    assert (row(case_id).draft_result, row(case_id).draft_approved) == ("partial", False)


# --- sending and delivery ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "on_time", "used"),
    [(DUE, True, 20), ("周二 2026-10-27", False, 21), ("周六 2026-10-24", True, 19)],
)
def test_a_reply_is_on_time_if_it_was_sent_by_the_due_day(
    office: DeskOffice, sent: str, on_time: bool, used: int
) -> None:
    case_id = office.replied(MONDAY, day(sent))
    case = row(case_id)
    assert (case.stage, case.result, case.on_time, case.days_used) == ("archive", "granted", on_time, used)
    assert (case.due_on, case.closed_on, case.result_year) == (day(DUE), day(sent), 2026)


def test_a_reply_is_not_sent_before_its_approval(office: DeskOffice) -> None:
    case_id = drafted(office)
    assert refused(office, case_id, "send_reply", "周一 2026-09-21") == ("", "先由负责人审签答复稿")


def test_a_reply_has_a_way_and_a_day(office: DeskOffice) -> None:
    case_id = drafted(office)
    do(office, case_id, "approve_reply", MONDAY)
    assert refused(office, case_id, "send_reply", "周一 2026-09-21", how="pigeon") == (
        "how",
        "选择发出的方式",
    )
    for on, why in (
        ("周二 2026-09-22", "日期不能晚于今天"),
        ("周日 2026-09-20", "不能早于审签之日"),
    ):
        field, reason = refused(office, case_id, "send_reply", "周一 2026-09-21", on=day(on))
        assert field == "on"
        assert why in reason


def test_the_number_of_the_reply_is_that_of_the_draft_unless_changed_at_sending(office: DeskOffice) -> None:
    for at_sending, number in (("", "公开〔2026〕7号"), ("公开〔2026〕8号", "公开〔2026〕8号")):
        case_id = office.accepted(MONDAY)
        clerk, lead = office.work("clerk", MONDAY), office.work("lead", MONDAY)
        reply.draft_reply(clerk, case_id, seq(case_id), "granted", "依据", "公开〔2026〕7号")
        approve(lead, case_id)
        reply.send_reply(clerk, case_id, seq(case_id), MONDAY, "ems", "EMS1", at_sending)
        assert number_of(case_id) == number


def test_number_and_proof_are_checked_like_all_typed_text(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    clerk, seen = office.work("clerk", MONDAY), seq(case_id)
    with pytest.raises(Refused, match="最多 60 个字") as refusal:
        reply.draft_reply(clerk, case_id, seen, "granted", "依据", "第" * 61)
    assert refusal.value.field == "reply_no"
    do(office, case_id, "draft_reply", MONDAY)
    do(office, case_id, "approve_reply", MONDAY)
    for number, proof, field in (("\x00", "", "reply_no"), ("", "单" * 101, "proof")):
        with pytest.raises(Refused) as refusal:
            reply.send_reply(clerk, case_id, seq(case_id), MONDAY, "ems", proof, number)
        assert refusal.value.field == field
    assert row(case_id).stage == "reply"
    do(office, case_id, "send_reply", MONDAY)
    with pytest.raises(Refused) as refusal:
        reply.deliver_reply(clerk, case_id, seq(case_id), MONDAY, "\x07")
    assert refusal.value.field == "proof"


def number_of(case_id: int) -> str:
    return replay(record.entries(db.session(), case_id)).reply_no


def test_delivery_is_after_sending_and_once(office: DeskOffice) -> None:
    case_id = office.replied(MONDAY, day("周五 2026-10-09"))
    early = refused(office, case_id, "deliver_reply", "周一 2026-10-12", on=day("周四 2026-10-08"))
    assert early == ("on", "不能早于发出答复之日（2026年10月9日 星期五）")
    do(office, case_id, "deliver_reply", day("周一 2026-10-12"))
    assert row(case_id).delivered_on == day("周一 2026-10-12")
    assert refused(office, case_id, "deliver_reply", "周一 2026-10-12") == ("", "送达日已经登记")


# --- returned mail -----------------------------------------------------------------------------------------


def test_what_comes_back_is_sent_again_and_the_first_day_of_sending_decides(office: DeskOffice) -> None:
    first = day("周一 2026-10-26")  # the last day: on time
    case_id = office.replied(MONDAY, first)
    do(office, case_id, "return_reply", day("周一 2026-11-02"))
    do(office, case_id, "resend_reply", day("周二 2026-11-03"))
    do(office, case_id, "deliver_reply", day("周五 2026-11-06"))
    case = row(case_id)
    assert (case.replied_on, case.closed_on, case.on_time, case.result) == (first, first, True, "granted")
    assert case.delivered_on == day("周五 2026-11-06")
    assert_replayed(case_id)


def test_until_it_is_sent_again_it_is_neither_delivered_nor_archived(office: DeskOffice) -> None:
    case_id = office.replied(MONDAY, day("周五 2026-10-09"))
    do(office, case_id, "return_reply", day("周一 2026-10-19"))
    for act in ("deliver_reply", "archive", "return_reply"):
        assert refused(office, case_id, act, "周二 2026-10-20") == ("", "10月19日 退回，还没有再次发出")
    early = refused(office, case_id, "resend_reply", "周二 2026-10-20", on=day("周五 2026-10-16"))
    assert early == ("on", "不能早于退回之日（2026年10月19日 星期一）")
    do(office, case_id, "resend_reply", day("周二 2026-10-20"))
    again = refused(office, case_id, "deliver_reply", "周三 2026-10-21", on=day("周一 2026-10-19"))
    assert again == ("on", "不能早于再次发出之日（2026年10月20日 星期二）")
    assert refused(office, case_id, "resend_reply", "周三 2026-10-21") == ("", "没有退回的答复")
    do(office, case_id, "archive", day("周三 2026-10-21"))


def test_the_term_to_prove_delivery_begins_again_with_the_second_sending(office: DeskOffice) -> None:
    case_id = office.replied(MONDAY, day("周五 2026-10-09"))

    def last_day() -> list[date]:
        query = select(CaseTerm.due_on).where(CaseTerm.case_id == case_id, CaseTerm.term == "delivery")
        return list(db.session.scalars(query))

    assert last_day() == [day("周六 2026-10-24")]
    do(office, case_id, "return_reply", day("周一 2026-10-19"))
    do(office, case_id, "resend_reply", day("周二 2026-10-20"))
    assert last_day() == [day("周三 2026-11-04")]


def test_what_comes_back_after_the_folder_is_closed_is_sent_again_and_followed(office: DeskOffice) -> None:
    case_id = office.replied(MONDAY, day("周五 2026-10-09"))
    do(office, case_id, "archive", day("周一 2026-10-12"))

    def terms() -> list[tuple[str, date]]:
        return [(t.term, t.due_on) for t in db.session.scalars(select(CaseTerm).filter_by(case_id=case_id))]

    assert terms() == []
    do(office, case_id, "return_reply", day("周一 2026-10-19"))
    assert terms() == [("delivery", day("周六 2026-10-24"))]
    do(office, case_id, "resend_reply", day("周二 2026-10-20"))
    assert terms() == [("delivery", day("周三 2026-11-04"))]
    do(office, case_id, "deliver_reply", day("周五 2026-10-23"))
    case = row(case_id)
    assert (case.stage, case.archived_on, case.delivered_on) == (
        "archived", day("周一 2026-10-12"), day("周五 2026-10-23"),
    )  # fmt: skip
    assert terms() == []
    assert_replayed(case_id)


def test_why_it_came_back_and_how_it_went_out_again_are_asked_for(office: DeskOffice) -> None:
    case_id = office.replied(MONDAY, day("周五 2026-10-09"))
    assert refused(office, case_id, "return_reply", "周一 2026-10-19", note=" ") == ("note", "写明退回的原因")
    do(office, case_id, "return_reply", day("周一 2026-10-19"))
    assert refused(office, case_id, "resend_reply", "周一 2026-10-19", how="") == ("how", "选择发出的方式")


# --- other ends --------------------------------------------------------------------------------------------


def test_a_request_withdrawn_after_its_legal_receipt_is_counted_as_other(office: DeskOffice) -> None:
    for position in ("review", "handle", "reply"):
        case_id = at(office, position)
        do(office, case_id, "withdraw")
        case = row(case_id)
        assert (case.stage, case.closed_by, case.result) == ("archive", "withdrawn", "other")
        assert (case.new_year, case.result_year, case.on_time, case.due_on) == (2026, 2026, None, None)


def test_a_request_withdrawn_before_its_legal_receipt_is_in_no_cell(office: DeskOffice) -> None:
    case_id = at(office, "register")
    do(office, case_id, "withdraw")
    case = row(case_id)
    assert (case.stage, case.closed_by, case.result) == ("archive", "not_received", "")
    assert (case.new_year, case.result_year, case.closed_on) == (None, None, TUESDAY)
    do(office, case_id, "archive")
    assert row(case_id).stage == "archived"


def test_a_folder_is_closed_after_the_case(office: DeskOffice) -> None:
    case_id = office.replied(MONDAY, day("周五 2026-10-09"))
    prepare(office, case_id, "archive", day("周一 2026-10-12"))
    early = refused(office, case_id, "archive", "周一 2026-10-12", on=day("周四 2026-10-08"))
    assert early == ("on", "不能早于发出答复之日（2026年10月9日 星期五）")
    do(office, case_id, "archive", day("周一 2026-10-12"))
    assert (row(case_id).stage, row(case_id).archived_on) == ("archived", day("周一 2026-10-12"))


# --- a reply sent in error ---------------------------------------------------------------------------------


@pytest.mark.parametrize("archived", [False, True])
def test_a_voided_reply_leaves_its_cell_and_the_case_is_handled_again(
    office: DeskOffice, archived: bool
) -> None:
    case_id = office.replied(MONDAY, day("周五 2026-10-09"))
    do(office, case_id, "deliver_reply", day("周一 2026-10-12"))
    if archived:
        do(office, case_id, "archive", day("周一 2026-10-12"))
    assert refused(office, case_id, "void_reply", "周二 2026-10-13", note="")[0] == "note"
    do(office, case_id, "void_reply", day("周二 2026-10-13"))
    case = row(case_id)
    assert (case.stage, case.result, case.result_year, case.on_time) == ("handle", "", None, None)
    assert (case.replied_on, case.closed_on, case.delivered_on, case.archived_on) == (None, None, None, None)
    assert (case.due_on, case.new_year) == (day(DUE), 2026)  # the first term runs on


def test_the_reply_after_a_voided_one_counts_in_its_own_cell_and_year(office: DeskOffice) -> None:
    received = day("周一 2026-12-28")
    case_id = office.replied(received, day("周三 2026-12-30"))
    assert row(case_id).result_year == 2026
    today = day("周一 2027-01-18")
    do(office, case_id, "void_reply", today)
    do(office, case_id, "draft_reply", today, result="partial")
    do(office, case_id, "approve_reply", today)
    do(office, case_id, "send_reply", today)
    case = row(case_id)
    assert (case.result, case.new_year, case.result_year, case.on_time) == ("partial", 2026, 2027, True)


def test_a_withdrawal_recorded_by_mistake_is_voided_and_the_case_goes_on(office: DeskOffice) -> None:
    case_id = at(office, "handle")
    do(office, case_id, "withdraw")
    assert (row(case_id).result, row(case_id).result_year) == ("other", 2026)
    do(office, case_id, "void_reply")
    case = row(case_id)
    assert (case.stage, case.result, case.result_year, case.closed_on) == ("handle", "", None, None)


def test_what_is_not_closed_can_not_be_voided(office: DeskOffice) -> None:
    case_id = at(office, "handle")
    assert refused(office, case_id, "void_reply", "周二 2026-09-22") == ("", "案件在“办理”阶段")


def test_a_reply_is_never_sent_before_it_was_approved(office: DeskOffice) -> None:
    """A day typed at sending decides timeliness: it can't be one on which there was nothing to send."""
    case_id = office.accepted(day("周二 2026-09-01"))  # due on 29 September
    late = day("周一 2026-11-23")
    do(office, case_id, "draft_reply", late)
    do(office, case_id, "approve_reply", late)
    for typed in ("周四 2026-09-10", "周五 2026-11-20"):
        field, why = refused(office, case_id, "send_reply", "周一 2026-11-23", on=day(typed))
        assert (field, why) == ("on", "不能早于审签之日（2026年11月23日 星期一）")
    do(office, case_id, "send_reply", late)
    assert row(case_id).on_time is False
    do(office, case_id, "void_reply", day("周二 2026-11-24"))
    do(office, case_id, "draft_reply", day("周二 2026-11-24"))
    do(office, case_id, "approve_reply", day("周二 2026-11-24"))
    assert refused(office, case_id, "send_reply", "周二 2026-11-24", on=late)[0] == "on"


def test_an_opinion_that_comes_while_the_reply_is_being_signed_is_recorded(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    do(office, case_id, "consult_third_party", MONDAY)
    do(office, case_id, "draft_reply", MONDAY)
    do(office, case_id, "record_opinion", day("周二 2026-09-22"), delivered=MONDAY)
    assert (row(case_id).stage, row(case_id).waiting) == ("reply", "")
