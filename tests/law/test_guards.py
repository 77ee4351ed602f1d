"""Why an act is closed today, in the words shown; and the days an act can't have had."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from caseflow.law.casefile import CaseFile
from caseflow.law.conditions import GUARDS
from caseflow.law.guards import contradiction, disorder, refusal, refuse_day
from caseflow.law.replay import replay
from caseflow.law.workflow import ACTS, POSITIONS, ROLES, may
from tests.law.days import day
from tests.law.histories import IDS, Told, accepted, anew, case, desk, history, iso, registered, unconfirmed

TODAY = "周一 2026-10-12"
HANDLED = (registered(), accepted())
ASKED: Told = ("request_correction", "周一 2026-09-28", {"until": iso("周一 2026-10-19")})
MET: Told = ("receive_correction", "周五 2026-10-09")
CONSULTED: Told = ("consult_third_party", "周二 2026-09-29", {"n": 1})
DELIVERED: Told = ("deliver_consultation", "周三 2026-09-30", {"n": 1})
WANTED: Told = ("ask_extension", "周五 2026-10-09", {"days": 5})
EXTENDED: Told = ("approve_extension", "周五 2026-10-09", {"days": 5})
FEE: Told = ("fee_notice", "周一 2026-09-28")  # 20 working days to pay: to 10月30日
FEE_CAME: Told = ("deliver_fee_notice", "周三 2026-09-30")
PAID: Told = ("pay_fee", "周五 2026-10-09")
REASONS: Told = ("ask_reasons", "周一 2026-09-28", {"until": iso("周一 2026-10-19")})
GIVEN: Told = ("receive_reasons", "周五 2026-10-09")
DEFERRED: Told = ("defer", "周一 2026-10-12", {"until": iso("周一 2026-11-30")})
DRAFT: Told = ("draft_reply", "周五 2026-10-09", {"result": "granted"})
REVIEWED: Told = ("review_secrecy", "周五 2026-10-09", {"conclusion": "open"})
APPROVED: Told = ("approve_reply", "周五 2026-10-09")
REPLIED = (*HANDLED, DRAFT, APPROVED, ("send_reply", "周六 2026-10-10"))
WATCHED: Told = ("watch", "周一 2026-09-28", {"until": iso("周一 2026-10-19")})
OPENED: Told = ("open_proceeding", "周一 2026-10-12", {"n": 1, "kind": "suit"})
PROPOSED: Told = ("propose_publication", TODAY, {"publication": 5, "version": 1})
PUBLISHED: Told = ("approve_publication", TODAY, {"publication": 5, "version": 1})
MASKED: Told = ("mask_personal", TODAY, {"years": 1})

# Every condition: a case on which it stands in the way of an act, and the sentence shown
CLOSED: dict[str, tuple[tuple[Told, ...], str, str, str, str]] = {
    "received": (
        (unconfirmed(), ("withdraw", "周二 2026-09-22")), "open_proceeding", "clerk", TODAY,
        "法定收到日还没有确认",
    ),
    "no_correction_pending": (
        (*HANDLED, ASKED), "draft_reply", "clerk", TODAY,
        "正在等申请人补正（9月28日 告知），先登记收到补正",
    ),
    "no_correction_yet": (
        (*HANDLED, ASKED, MET), "request_correction", "clerk", TODAY, "只能一次，已于 9月28日 告知（第三十条）",
    ),
    "notice_in_time": (
        HANDLED, "request_correction", "clerk", TODAY,
        "补正要在收到之日起 7 个工作日内告知，最后一天是 10月8日；确需补正的，由负责人写明迟延的理由办理",
    ),
    "waiting_correction": (
        HANDLED, "receive_correction", "clerk", TODAY, "没有告知过补正，或者已经收到补正",
    ),
    "correction_overdue": (
        (*HANDLED, ASKED), "lapse_correction", "lead", "周一 2026-10-19", "补正期限到 10月19日，尚未届满",
    ),
    "no_fee_yet": (
        (*HANDLED, FEE, PAID), "fee_notice", "clerk", TODAY, "已于 9月28日 通知收费：按件、按量只计一种，一次",
    ),
    "waiting_fee": (HANDLED, "pay_fee", "clerk", TODAY, "没有通知过收费，或者已经缴费"),
    "fee_notice_undelivered": (
        (*HANDLED, FEE, FEE_CAME), "deliver_fee_notice", "clerk", TODAY, "申请人收到通知的日期（9月30日）已经登记",
    ),
    "fee_overdue": (
        (*HANDLED, FEE), "lapse_fee", "lead", "周五 2026-10-30", "缴费期限到 10月30日，尚未届满",
    ),
    "no_reasons_yet": ((*HANDLED, REASONS), "ask_reasons", "clerk", TODAY, "已于 9月28日 要求说明理由"),
    "reasons_awaited": (HANDLED, "receive_reasons", "clerk", TODAY, "没有要求过说明理由"),
    "reasons_given": ((*HANDLED, REASONS), "defer", "lead", TODAY, "申请人还没有说明理由"),
    "not_deferred_yet": (
        (*HANDLED, REASONS, GIVEN, DEFERRED), "defer", "lead", TODAY, "已确定延迟至 11月30日 答复",
    ),
    "not_deferred": (
        (*HANDLED, REASONS, GIVEN, DEFERRED), "ask_extension", "clerk", TODAY,
        "已按第三十五条确定延迟至 11月30日 答复，延期不再改变到期日",
    ),
    "is_handler": (
        HANDLED, "draft_reply", "colleague", TODAY, "由本案经办人 王敏 起草；需要换人的，先改派",
    ),
    "consulting": (HANDLED, "record_opinion", "clerk", TODAY, "没有正在征求的意见"),
    "consultation_undelivered": (
        (*HANDLED, CONSULTED, DELIVERED), "deliver_consultation", "clerk", TODAY, "对方收到的日期已经登记",
    ),
    "no_extension_yet": (
        (*HANDLED, WANTED, EXTENDED), "ask_extension", "clerk", TODAY,
        "延期只能一次，已批准 5 个工作日（第三十三条）",
    ),
    "before_due": (
        HANDLED, "ask_extension", "clerk", "周二 2026-10-27", "到期日（10月26日）以后不能再改变期限",
    ),
    "extension_asked": (HANDLED, "approve_extension", "lead", TODAY, "没有待批的延期申请"),
    "draft_open": (
        (*HANDLED, DRAFT, APPROVED), "approve_reply", "lead", TODAY, "已经审签，等经办人发出",
    ),
    "not_yet_approved": (
        (*HANDLED, DRAFT, REVIEWED, APPROVED), "review_secrecy", "clerk", TODAY, "答复稿已经审签；要重新审查的，先退回",
    ),
    "secrecy_reviewed": (
        (*HANDLED, DRAFT), "approve_reply", "lead", TODAY,
        "答复公开了信息，先要完成保密审查（第十七条）：初审、复审、审签",
    ),
    "draft_approved": ((*HANDLED, DRAFT), "send_reply", "clerk", TODAY, "先由负责人审签答复稿"),
    "sent": (
        (*HANDLED, ("withdraw", "周五 2026-10-09")), "deliver_reply", "clerk", TODAY, "没有发出过答复",
    ),
    "undelivered": (
        (*REPLIED, ("deliver_reply", "周一 2026-10-12")), "deliver_reply", "clerk", TODAY, "送达日已经登记",
    ),
    "not_returned": (
        (*REPLIED, ("return_reply", "周一 2026-10-12")), "archive", "clerk", TODAY, "10月12日 退回，还没有再次发出",
    ),
    "folder_complete": (REPLIED, "archive", "clerk", TODAY, "卷内还缺答复文书、发出凭据、保密审查表"),
    "returned": (REPLIED, "resend_reply", "clerk", TODAY, "没有退回的答复"),
    "not_watched": (
        (*HANDLED, WATCHED), "watch", "supervisor", TODAY, "正在督办，要在 10月19日 以前答复",
    ),
    "watched": (
        (*HANDLED, WATCHED, ("answer_watch", "周五 2026-10-09")), "answer_watch", "clerk", TODAY, "督办已经答复",
    ),
    "under_watch": (HANDLED, "end_watch", "supervisor", TODAY, "没有督办"),
    "overdue": (HANDLED, "hold_accountable", "lead", "周一 2026-10-26", "没有逾期"),
    "corrected_unanswered": (
        (*REPLIED, OPENED, ("close_proceeding", TODAY, {"n": 1, "result": "upheld"})), "redo_reply", "clerk", TODAY,
        "没有审结为结果纠正、还没有重新答复的复议、诉讼",
    ),
    "day_not_ordered": (
        (anew(until="周五 2026-10-30"), accepted("周五 2026-10-09")), "ask_extension", "clerk", TODAY,
        "复议决定、判决确定在 10月30日 以前重新答复，本机关不能改变",
    ),
    "not_ours": (REPLIED, "link_case", "clerk", TODAY, "答复的结果不是本机关不掌握相关政府信息"),
    "no_publication_proposed": (
        (*REPLIED, PROPOSED), "propose_publication", "clerk", TODAY, "第 1 版已经提出，等负责人决定",
    ),
    "publication_proposed": (
        (*REPLIED, PROPOSED, PUBLISHED), "refuse_publication", "lead", TODAY, "没有等待批准的公开答复",
    ),
    "published": ((*REPLIED, PROPOSED), "withdraw_publication", "lead", TODAY, "这件没有公开的答复"),
    "suit_in_first_instance": (
        (*REPLIED, OPENED, ("appeal_proceeding", TODAY, {"n": 1})), "appeal_proceeding", "clerk", TODAY,
        "没有一审尚未审结的行政诉讼",
    ),
    "proceeding_open": (REPLIED, "close_proceeding", "clerk", TODAY, "没有尚未审结的复议、诉讼"),
}  # fmt: skip


def test_every_condition_has_its_case() -> None:
    assert {*CLOSED, "not_own_draft", "not_own_publication"} == set(GUARDS)  # whose own it is, is told below


@pytest.mark.parametrize("condition", CLOSED)
def test_each_condition_closes_its_act_with_its_sentence(condition: str) -> None:
    steps, act, who, today, sentence = CLOSED[condition]
    assert refusal(desk(*steps, today=today, who=who), act) == sentence


def test_the_lead_never_approves_a_draft_of_their_own() -> None:
    steps = history(*HANDLED, REVIEWED, DRAFT)
    own = replay([*steps[:-1], replace(steps[-1], actor_id=IDS["lead"])])
    at = desk(*HANDLED, REVIEWED, DRAFT, today=TODAY, who="lead")
    assert refusal(at, "approve_reply") == ""
    assert refusal(replace(at, case=own), "approve_reply") == "不能审签自己起草的答复"


def test_the_lead_never_approves_what_they_propose_to_publish_themselves_but_may_take_it_back() -> None:
    steps = history(*REPLIED, PROPOSED)
    own = replay([*steps[:-1], replace(steps[-1], actor_id=IDS["lead"])])
    at = desk(*REPLIED, PROPOSED, today=TODAY, who="lead")
    assert refusal(at, "approve_publication") == ""
    assert refusal(replace(at, case=own), "approve_publication") == "不能批准自己提出的公开答复"
    assert refusal(replace(at, case=own), "refuse_publication") == ""


@pytest.mark.parametrize(
    ("steps", "act", "who", "today"),
    [
        ((unconfirmed(),), "confirm_receipt", "clerk", TODAY),
        ((registered(),), "accept", "clerk", TODAY),
        ((registered(),), "request_correction", "colleague", "周四 2026-10-08"),
        ((*HANDLED, ASKED), "receive_correction", "clerk", TODAY),
        ((*HANDLED, ASKED), "lapse_correction", "lead", "周二 2026-10-20"),  # the day after the period
        ((*HANDLED, ASKED, MET), "draft_reply", "clerk", TODAY),
        ((*HANDLED, FEE), "pay_fee", "clerk", TODAY),
        ((*HANDLED, FEE), "deliver_fee_notice", "lead", TODAY),
        (HANDLED, "request_correction", "lead", TODAY),  # after the 7 working days, with the reason
        ((*HANDLED, WANTED, REASONS, GIVEN, DEFERRED), "refuse_extension", "lead", TODAY),
        ((*HANDLED, FEE), "pay_fee", "lead", "周六 2026-10-31"),  # late, and still not lapsed by itself
        ((*HANDLED, FEE), "lapse_fee", "lead", "周六 2026-10-31"),  # the day after the 20 working days
        ((*HANDLED, ASKED, MET), "fee_notice", "clerk", TODAY),
        (HANDLED, "fee_notice", "clerk", "周一 2026-10-26"),  # on the due day itself
        ((*HANDLED, FEE, PAID), "draft_reply", "clerk", TODAY),
        ((registered(), REASONS), "receive_reasons", "clerk", TODAY),
        ((*HANDLED, REASONS), "draft_reply", "clerk", TODAY),  # no reasons came, or none that hold
        ((*HANDLED, REASONS, GIVEN), "defer", "lead", "周一 2026-10-26"),
        (HANDLED, "consult_joint_organ", "clerk", TODAY),
        (HANDLED, "draft_reply", "lead", TODAY),  # the lead may draft whoever handles it
        ((*HANDLED, CONSULTED), "deliver_consultation", "colleague", TODAY),
        ((*HANDLED, CONSULTED), "record_opinion", "clerk", TODAY),
        (HANDLED, "ask_extension", "clerk", "周一 2026-10-26"),  # on the due day itself
        ((*HANDLED, WANTED), "approve_extension", "lead", "周一 2026-10-26"),
        ((*HANDLED, DRAFT, APPROVED), "send_back", "lead", TODAY),
        (REPLIED, "void_reply", "lead", TODAY),
        ((*HANDLED, WATCHED), "end_watch", "supervisor", TODAY),
        ((unconfirmed(), WATCHED), "answer_watch", "lead", TODAY),
        (HANDLED, "hold_accountable", "supervisor", "周二 2026-10-27"),
        ((*REPLIED, OPENED), "close_proceeding", "lead", TODAY),
        ((*REPLIED, ("archive", TODAY)), "open_proceeding", "clerk", TODAY),
        ((*REPLIED, ("archive", TODAY)), "correct", "lead", TODAY),
        ((*REPLIED, ("archive", TODAY), PROPOSED, PUBLISHED), "propose_publication", "colleague", TODAY),
        ((*REPLIED, PROPOSED, PUBLISHED, MASKED), "withdraw_publication", "lead", TODAY),
    ],
)
def test_where_nothing_stands_in_the_way_the_act_is_open(
    steps: tuple[Told, ...], act: str, who: str, today: str
) -> None:
    assert refusal(desk(*steps, today=today, who=who), act) == ""


def test_an_extension_asked_for_waits_for_its_decision() -> None:
    assert refusal(desk(*HANDLED, WANTED, today=TODAY), "ask_extension") == "已经申请，等负责人决定"


def test_an_extension_is_not_approved_while_there_is_no_term_to_extend() -> None:
    at = desk(*HANDLED, ("ask_extension", "周二 2026-09-22", {"days": 5}), ASKED, today=TODAY, who="lead")
    assert refusal(at, "approve_extension").startswith("正在等申请人补正")


def test_while_a_fee_is_awaited_nothing_else_moves_the_term() -> None:
    at = desk(*HANDLED, REASONS, GIVEN, FEE, today=TODAY, who="lead")
    for act in ("draft_reply", "defer", "fee_notice"):
        assert refusal(at, act) == "正在等申请人缴费（9月28日 告知）"
    clerk = replace(at, role="clerk", actor_id=IDS["clerk"])
    for act in ("request_correction", "consult_third_party", "consult_joint_organ", "ask_extension"):
        assert refusal(clerk, act) == "正在等申请人缴费（9月28日 告知）"
    assert refusal(clerk, "receive_correction") == "没有告知过补正，或者已经收到补正"


def test_a_period_to_pay_that_was_set_counts_where_the_arrival_of_the_notice_is_not_told() -> None:
    told: Told = ("fee_notice", "周一 2026-09-28", {"until": iso("周五 2026-11-06")})
    closed = "缴费期限到 11月6日，尚未届满"
    assert refusal(desk(*HANDLED, told, today="周五 2026-11-06", who="lead"), "lapse_fee") == closed
    assert refusal(desk(*HANDLED, told, today="周六 2026-11-07", who="lead"), "lapse_fee") == ""


def test_a_last_day_to_pay_kept_with_the_arrival_of_the_notice_is_not_believed() -> None:
    kept = {"told": iso("周二 2026-09-29"), "until": iso("周五 2026-11-06")}
    at = desk(*HANDLED, ("fee_notice", "周一 2026-09-28", kept), today="周一 2026-11-02", who="lead")
    assert refusal(at, "lapse_fee") == "缴费期限到 11月2日，尚未届满"
    assert refusal(replace(at, today=day("周二 2026-11-03")), "lapse_fee") == ""


def test_an_extension_asked_for_before_the_reply_was_deferred_is_not_approved() -> None:
    at = desk(*HANDLED, WANTED, REASONS, GIVEN, DEFERRED, today=TODAY, who="lead")
    assert "延期不再改变到期日" in refusal(at, "approve_extension")


def test_a_late_correction_notice_is_the_leads_up_to_the_due_day() -> None:
    at = desk(*HANDLED, today="周一 2026-10-26", who="lead")
    assert refusal(at, "request_correction") == ""
    assert refuse_day(at, "request_correction", day("周一 2026-10-26")) == ""
    over = replace(at, today=day("周二 2026-10-27"))
    assert refusal(over, "request_correction") == "到期日（10月26日）以后不能再改变期限"


def test_reasons_are_asked_and_registered_once() -> None:
    assert refusal(desk(*HANDLED, REASONS, GIVEN, today=TODAY), "receive_reasons") == "说明的理由已经登记"
    assert refusal(desk(*HANDLED, today=TODAY, who="lead"), "defer") == "先要求申请人说明理由"


AT: dict[str, tuple[Told, ...]] = {
    "register": (unconfirmed(),),
    "review": (registered(),),
    "handle": HANDLED,
    "reply": (*HANDLED, DRAFT),
    "archive": REPLIED,
    "archived": (*REPLIED, ("archive", TODAY)),
}


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("role", ROLES)
def test_what_the_table_closes_is_closed_with_who_or_where(position: str, role: str) -> None:
    at = desk(*AT[position], today=TODAY, who=role)
    assert at.case.stage == position
    for act in ACTS:
        if may(role, position, act.code):
            continue
        who = f"由{'或者'.join(ROLES[r] for r in act.roles)}办理"
        where = f"案件在“{POSITIONS[position]}”阶段"
        assert refusal(at, act.code) == (where if role in act.roles else who)


# --- the day of an act -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "act", "on", "sentence"),
    [
        (HANDLED, "draft_reply", "周二 2026-10-13", "日期不能晚于今天（10月12日）"),
        (HANDLED, "draft_reply", "周六 2026-09-19", "不能早于收到申请、补正或者意见之日（2026年9月21日 星期一）"),
        ((registered(),), "accept", "周日 2026-09-20", "不能早于法定收到日（2026年9月21日 星期一）"),
        ((unconfirmed(),), "confirm_receipt", "周日 2026-09-20", "不能早于提交之日（2026年9月21日 星期一）"),
        ((unconfirmed(),), "withdraw", "周日 2026-09-20", "不能早于上一条记录之日（2026年9月21日 星期一）"),
        (
            (registered(channel="letter", mail="ordinary", arrived=iso("周三 2026-09-23"), received=None),),
            "confirm_receipt", "周二 2026-09-22", "不能早于收到来件之日（2026年9月23日 星期三）",
        ),
        (HANDLED, "request_correction", "周日 2026-09-20", "不能早于法定收到日（2026年9月21日 星期一）"),
        (
            HANDLED, "request_correction", "周五 2026-10-09",
            "补正要在收到之日起 7 个工作日内告知，最后一天是 10月8日；确需补正的，由负责人写明迟延的理由办理",
        ),
        ((*HANDLED, ASKED), "receive_correction", "周日 2026-09-27", "不能早于告知补正之日（2026年9月28日 星期一）"),
        ((*HANDLED, ASKED), "lapse_correction", "周日 2026-09-27", "不能早于上一条记录之日（2026年9月28日 星期一）"),
        (
            (*HANDLED, CONSULTED), "record_opinion", "周一 2026-09-28",
            "不能早于发出征求意见之日（2026年9月29日 星期二）",
        ),
        (
            (*HANDLED, CONSULTED), "deliver_consultation", "周一 2026-09-28",
            "不能早于发出征求意见之日（2026年9月29日 星期二）",
        ),
        (
            (*HANDLED, CONSULTED, ("record_opinion", "周五 2026-10-09", {"n": 1})), "draft_reply",
            "周四 2026-10-08", "不能早于收到申请、补正或者意见之日（2026年10月9日 星期五）",
        ),
        (
            (*HANDLED, ASKED, MET), "draft_reply", "周四 2026-10-08",
            "不能早于收到申请、补正或者意见之日（2026年10月9日 星期五）",
        ),
        (REPLIED, "deliver_reply", "周五 2026-10-09", "不能早于发出答复之日（2026年10月10日 星期六）"),
        (REPLIED, "archive", "周五 2026-10-09", "不能早于发出答复之日（2026年10月10日 星期六）"),
        (
            (*HANDLED, ("withdraw", "周五 2026-10-09")), "archive", "周四 2026-10-08",
            "不能早于办结之日（2026年10月9日 星期五）",
        ),
        ((*HANDLED, FEE), "pay_fee", "周日 2026-09-27", "不能早于通知缴费之日（2026年9月28日 星期一）"),
        ((*HANDLED, FEE), "deliver_fee_notice", "周日 2026-09-27", "不能早于通知缴费之日（2026年9月28日 星期一）"),
        (
            (*HANDLED, FEE, FEE_CAME), "pay_fee", "周二 2026-09-29",
            "不能早于申请人收到收费通知之日（2026年9月30日 星期三）",
        ),
        ((*HANDLED, FEE), "lapse_fee", "周日 2026-09-27", "不能早于上一条记录之日（2026年9月28日 星期一）"),
        (
            (*HANDLED, REASONS), "receive_reasons", "周日 2026-09-27",
            "不能早于说明理由、要求说明理由之日（2026年9月28日 星期一）",
        ),
        (
            (*HANDLED, REASONS, GIVEN), "defer", "周四 2026-10-08",
            "不能早于说明理由、要求说明理由之日（2026年10月9日 星期五）",
        ),
        (REPLIED, "open_proceeding", "周日 2026-09-20", "不能早于法定收到日（2026年9月21日 星期一）"),
        ((*REPLIED, OPENED), "close_proceeding", "周日 2026-10-11", "不能早于提起、上诉之日（2026年10月12日 星期一）"),
        ((*REPLIED, OPENED), "appeal_proceeding", "周日 2026-10-11", "不能早于提起之日（2026年10月12日 星期一）"),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_is_refused_with_what_it_precedes(
    steps: tuple[Told, ...], act: str, on: str, sentence: str
) -> None:
    assert refuse_day(desk(*steps, today=TODAY), act, day(on)) == sentence


@pytest.mark.parametrize(
    ("steps", "act", "on"),
    [
        ((unconfirmed(),), "confirm_receipt", "周一 2026-09-21"),
        ((registered(),), "request_correction", "周四 2026-10-08"),  # the seventh working day
        ((*HANDLED, ASKED), "receive_correction", "周一 2026-09-28"),
        ((*HANDLED, CONSULTED), "record_opinion", "周二 2026-09-29"),
        (REPLIED, "deliver_reply", "周六 2026-10-10"),
        ((*HANDLED, DRAFT, APPROVED), "send_reply", TODAY),
    ],
)
def test_the_first_possible_day_is_possible(steps: tuple[Told, ...], act: str, on: str) -> None:
    assert refuse_day(desk(*steps, today=TODAY), act, day(on)) == ""


def test_the_term_is_not_lengthened_or_stopped_on_a_day_after_the_due_day() -> None:
    at = desk(*HANDLED, WANTED, today="周五 2026-11-06", who="lead")
    for act in ("ask_extension", "approve_extension", "defer", "fee_notice"):
        assert refuse_day(at, act, day("周二 2026-10-27")) == "到期日（10月26日）以后不能再改变期限"
        assert refuse_day(at, act, day("周一 2026-10-26")) == ""


# --- a history as a whole ----------------------------------------------------------------------------------


def fix(target: int, **changes: Any) -> Told:
    return "correct", "周一 2026-10-12", {"target": target, "changes": changes}


def wrong(*steps: Told) -> tuple[int, str] | None:
    found = disorder(history(*steps), day(TODAY))
    return (found[0].seq, found[1]) if found else None


def test_a_history_in_order_is_in_order() -> None:
    assert wrong(*REPLIED, OPENED, fix(5, on=iso("周一 2026-10-12"))) is None
    assert wrong(*HANDLED, REASONS, GIVEN, DEFERRED) is None
    assert wrong(*HANDLED, FEE, PAID, fix(3, on=iso("周日 2026-09-27"))) is None
    assert wrong(unconfirmed(), ("withdraw", "周二 2026-09-22"), ("archive", "周二 2026-09-22")) is None


@pytest.mark.parametrize(
    ("steps", "seq", "why"),
    [
        ((*REPLIED, fix(5, on=iso("周日 2026-09-20"))), 5, "不能早于审签之日"),
        ((*REPLIED, fix(5, on=iso("周二 2026-10-13"))), 5, "日期不能晚于今天"),
        ((*REPLIED, ("deliver_reply", "周六 2026-10-10"), fix(5, on=iso("周一 2026-10-12"))), 6, "不能早于发出答复之日"),
        ((*HANDLED, ASKED, MET, fix(1, received=iso("周二 2026-09-29"))), 2, "不能早于法定收到日"),
        ((*HANDLED, ASKED, MET, fix(3, on=iso("周六 2026-10-10"))), 4, "不能早于告知补正之日"),
        ((*HANDLED, ASKED, fix(3, on=iso("周一 2026-10-12"), until=iso("周六 2026-10-10"))), 3, "告知在前，期限和收到在后"),
        ((*HANDLED, REASONS, fix(3, until=iso("周日 2026-09-27"))), 3, "告知在前，期限和收到在后"),
        ((*HANDLED, REASONS, GIVEN, fix(3, on=iso("周六 2026-10-10"))), 4, "不能早于说明理由、要求说明理由之日"),
        ((*HANDLED, FEE, PAID, fix(3, on=iso("周六 2026-10-10"))), 4, "不能早于通知缴费之日"),
        ((*HANDLED, REASONS, GIVEN, DEFERRED, fix(5, until=iso("周日 2026-09-20"))), 5, "延迟答复的日期不能早于法定收到日"),
        # a receipt corrected to a day after the request was recorded, and after it was withdrawn
        ((registered(), ("withdraw", "周一 2026-09-28"), fix(1, received=iso("周二 2026-09-29"))), 2, "不能早于法定收到日"),
        # taken back to unconfirmed, what was done since can't have been
        ((*HANDLED, fix(1, channel="online", received=None)), 2, "法定收到日还没有确认"),
        # each of several by itself, not the earliest of them
        (
            (
                *HANDLED, ("consult_third_party", "周二 2026-09-22", {"n": 1}),
                ("consult_third_party", "周三 2026-09-30", {"n": 2}), ("record_opinion", "周五 2026-10-09", {"n": 2}),
                fix(5, on=iso("周四 2026-09-24")),
            ),
            5, "征求意见的发出、对方收到、提出意见，先后颠倒",
        ),
        ((*HANDLED, CONSULTED, DELIVERED, fix(3, on=iso("周四 2026-10-08"))), 4, "不能早于发出征求意见之日"),
        (
            (
                *HANDLED, ("consult_third_party", "周二 2026-09-29", {"n": 1, "delivered": iso("周三 2026-09-30")}),
                fix(3, on=iso("周四 2026-10-08")),
            ),
            3, "征求意见的发出、对方收到、提出意见，先后颠倒",
        ),
        (
            (
                *REPLIED, ("open_proceeding", "周六 2026-10-10", {"n": 1, "kind": "suit"}),
                ("open_proceeding", "周一 2026-10-12", {"n": 2, "kind": "suit"}),
                ("close_proceeding", "周一 2026-10-12", {"n": 2, "result": "upheld"}), fix(8, on=iso("周日 2026-10-11")),
            ),
            8, "审结不能早于提起",
        ),
    ],
)  # fmt: skip
def test_the_first_entry_that_contradicts_is_named(steps: tuple[Told, ...], seq: int, why: str) -> None:
    found = wrong(*steps)
    assert found is not None
    assert found[0] == seq
    assert why in found[1]


def test_facts_that_fit_do_not_contradict() -> None:
    assert contradiction(CaseFile()) == ""
    assert contradiction(case(*HANDLED, ASKED, MET, CONSULTED, DELIVERED)) == ""
