"""The acts that move the due day: what each would do is shown first, on the page and by the script, and writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from caseflow.web.what_if import TRIALS
from tests.support.browser import layout, sign_in
from tests.support.office import found, row, seq
from tests.support.pages import Desk, Page, values_of
from tests.web.conftest import MONDAY, SignInAs

if TYPE_CHECKING:
    from playwright.sync_api import Page as BrowserPage

    from tests.support.office import DeskOffice

pytestmark = pytest.mark.usefixtures("monday")

RECEIVED = date(2026, 11, 16)  # a Monday; due 12月14日, were nothing done
NOW = "12月14日 周一"


# --- cases as they stand before each act -------------------------------------------------------------------


def plain(office: DeskOffice) -> int:
    return office.accepted(RECEIVED)


def correcting(office: DeskOffice) -> int:
    from caseflow.stages import review

    case_id = plain(office)
    clerk = office.work("clerk", date(2026, 11, 18))
    review.request_correction(clerk, case_id, seq(case_id), clerk.today, date(2026, 12, 4), "写明年份")
    return case_id


def asked_of(party: str) -> Callable[[DeskOffice], int]:
    def consulting(office: DeskOffice) -> int:
        from caseflow.stages import handle

        case_id = plain(office)
        clerk = office.work("clerk", date(2026, 11, 18))
        consult = {"joint": handle.consult_joint_organ, "third": handle.consult_third_party}[party]
        consult(clerk, case_id, seq(case_id), clerk.today, "市自然资源局", "附图")
        return case_id

    return consulting


def extending(office: DeskOffice) -> int:
    from caseflow.stages import handle

    case_id = plain(office)
    handle.ask_extension(office.work("clerk", MONDAY), case_id, seq(case_id), 10, "逐页区分")
    return case_id


def reasoned(office: DeskOffice) -> int:
    from caseflow.stages import reasons

    case_id = plain(office)
    clerk = office.work("clerk", date(2026, 11, 18))
    reasons.ask_reasons(clerk, case_id, seq(case_id), clerk.today, date(2026, 11, 27), "频次明显超过合理范围")
    reasons.receive_reasons(office.work("clerk", MONDAY), case_id, seq(case_id), MONDAY, "撰写论文")
    return case_id


def unpaid(office: DeskOffice) -> int:
    from caseflow.stages import fees

    case_id = plain(office)
    clerk = office.work("clerk", date(2026, 11, 18))
    fees.fee_notice(clerk, case_id, seq(case_id), clerk.today, "pages", 50)
    return case_id


# act, who, the case before it, what is typed, the due day then, words of the sentence
WOULD = [
    ("ask_extension", "clerk", plain, {"days": "10"}, "12月28日 周一", "批准延期 10 个工作日以后是 12月28日"),
    ("approve_extension", "lead", extending, {}, "12月28日 周一", "批准延期 10 个工作日"),
    ("request_correction", "clerk", plain, {"until": "2026-12-04"}, "没有到期日", "最晚 12月4日 周五 收到补正的"),
    ("receive_correction", "clerk", correcting, {}, "12月21日 周一", "现在没有到期日；收到补正以后是"),
    ("consult_third_party", "clerk", plain, {}, "2027年1月5日 周二（暂定）", "对方最晚 12月14日 周一 提出意见"),
    ("consult_joint_organ", "clerk", plain, {}, "2027年1月5日 周二（暂定）", "提早收到意见的，到期日相应提前"),
    ("deliver_consultation", "clerk", asked_of("third"), {}, "2027年1月8日 周五（暂定）", "登记对方收到之日以后是"),
    ("record_opinion", "clerk", asked_of("joint"), {"delivered": "2026-11-19"}, "12月17日 周四", "收到意见以后是"),
    ("defer", "lead", reasoned, {"until": "2026-12-31"}, "12月31日 周四", "延迟答复以后是 12月31日"),
    ("fee_notice", "clerk", plain, {"tariff": "pages", "pages": "120"}, "没有到期日", "足额缴费的，到期日是"),
    ("deliver_fee_notice", "clerk", unpaid, {}, "没有到期日", "缴费期限由 12月16日 周三 改为 12月21日 周一"),
    ("pay_fee", "clerk", unpaid, {}, "12月21日 周一", "足额缴费以后是 12月21日"),
]  # fmt: skip
ON_ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What is typed into a trial is reckoned with and never asked of the database."""

BEFORE = {act: (who, before) for act, who, before, *_ in WOULD}


def opened(office: DeskOffice, sign_in_as: SignInAs, act: str) -> tuple[int, Desk, Page]:
    """The form of an act on a case that stands before it."""
    who, before = BEFORE[act]
    case_id = before(office)
    desk = sign_in_as(f"{who}-ssfb")
    return case_id, desk, desk.get(f"/cases/{case_id}/acts/{act}")


def panel(page: Page) -> str:
    return page.one("#what-if").text


def test_every_act_that_moves_a_due_day_is_tried_here() -> None:
    assert {act for act, *_ in WOULD} == set(TRIALS)


def test_the_due_day_as_it_is_and_as_it_would_be(office: DeskOffice, sign_in_as: SignInAs) -> None:
    desks = {who: sign_in_as(f"{who}-ssfb") for who in ("clerk", "lead")}
    for act, who, before, typed, then, says in WOULD:
        case_id, desk = before(office), desks[who]
        last = seq(case_id)
        page = desk.get(f"/cases/{case_id}/acts/{act}")
        again = desk.submit({"+recalculate": "1", **typed}, form=f"/acts/{act}")
        assert again.status == 200, act
        assert f"这样办以后 {then}" in panel(again), act
        assert says in panel(again), act
        form = {k: v[0] for k, v in values_of(page.form(f"/acts/{act}")).items() if v} | typed
        asked = urlencode({k: v for k, v in form.items() if k in TRIALS[act].fields})
        by_script = desk.get(f"/cases/{case_id}/acts/{act}/what-if?{asked}")
        assert by_script.text == panel(again), act
        assert seq(case_id) == last, act


def test_recalculating_keeps_what_was_typed_and_writes_nothing(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    case_id, desk, _ = opened(office, sign_in_as, "request_correction")
    last = seq(case_id)
    page = desk.submit({"until": "2026-12-04", "note": "写明年份", "+recalculate": "1"})
    kept = values_of(page.form("/acts/request_correction"))
    assert (kept["until"], kept["note"][0].strip(), seq(case_id)) == (["2026-12-04"], "写明年份", last)
    assert page.errors == []


def test_a_refused_form_shows_what_its_values_would_do(office: DeskOffice, sign_in_as: SignInAs) -> None:
    _, desk, _ = opened(office, sign_in_as, "ask_extension")
    page = desk.submit({"days": "10", "note": ""})
    assert page.status == 422
    assert page.errors
    assert "12月28日 周一" in panel(page)


WRONG: tuple[tuple[str, dict[str, str], str], ...] = (
    ("request_correction", {}, "填写补正期限"),
    ("request_correction", {"until": "随便"}, "写成 2026-12-04 这样的日期"),
    ("request_correction", {"until": "2026-11-20"}, "期限要晚于告知之日"),
    ("request_correction", {"on": "2026-11-30", "until": "2026-12-20"}, "日期不能晚于今天"),
    ("request_correction", {"until": "9999-12-31"}, "期限不合理：超过一年"),
    ("consult_third_party", {"on": ""}, "填写日期"),
    ("consult_joint_organ", {"delivered": "2026-11-01"}, "收到日期不能早于发出之日"),
    ("approve_extension", {"told": "2026-11-24"}, "告知日不能晚于今天"),
    ("defer", {"until": "2026-12-27"}, "12月27日 周日 是休息日，下一个工作日是 12月28日 周一"),
    ("record_opinion", {}, "填写对方收到征求意见书的日期"),
    ("record_opinion", {"delivered": "2026-11-19", "opinion": "silent"}, "对方的 15 个工作日到 12月10日，届满后才算逾期"),
    ("ask_extension", {}, "填写 1 到 20 的整数"),
    ("ask_extension", {"days": "21"}, "延期为 1 到 20 个工作日"),
    ("ask_extension", {"days": "9" * 400}, "填写 1 到 20 的整数"),
    ("defer", {}, "填写延迟到哪一天答复"),
    ("defer", {"until": "2026-12-01"}, "要晚于现在的到期日（12月14日）"),
    ("fee_notice", {}, "填写本件的页数"),
    ("fee_notice", {"tariff": "pieces"}, "每月 10 件以内不收费"),
    ("fee_notice", {"tariff": "pages"}, "填写本件的页数"),
    ("fee_notice", {"tariff": "pages", "pages": "30"}, "30 页以内不收费"),
    ("fee_notice", {"tariff": "pieces", "nth": "0"}, "填写这是该申请人本月的第几件"),
    ("fee_notice", {"tariff": "pieces", "nth": "11", "told": "2026-11-01"}, "申请人收到通知之日在通知之日以后"),
    ("record_opinion", {"n": "7"}, "从列出的选项中选择"),
)  # fmt: skip


@ON_ONE_ENGINE
def test_what_is_missing_or_wrong_is_said_in_the_panel(office: DeskOffice, sign_in_as: SignInAs) -> None:
    desks = {who: sign_in_as(f"{who}-ssfb") for who in ("clerk", "lead")}
    forms: dict[str, Page] = {}
    for act in dict.fromkeys(act for act, *_ in WRONG):
        who, before = BEFORE[act]
        forms[act] = desks[who].get(f"/cases/{before(office)}/acts/{act}")
    for act, typed, says in WRONG:
        desk = desks[BEFORE[act][0]]
        desk.page = forms[act]
        page = desk.submit({"+recalculate": "1", **typed}, form=f"/acts/{act}")
        assert page.status == 200, (act, typed)
        assert f"还算不出：{says}" in panel(page), (act, typed)


NASTY = ("", "0", "-1", "9" * 400, "0001-01-01", "9999-12-31", "2026-02-30", "２０２６年", "\x00")
ALONE = ("", "9" * 400, "9999-12-31", "\x00")


@ON_ONE_ENGINE
def test_no_address_of_a_what_if_breaks(office: DeskOffice, sign_in_as: SignInAs) -> None:
    desks = {who: sign_in_as(f"{who}-ssfb") for who in ("clerk", "lead")}
    for act, (who, before) in BEFORE.items():
        case_id, fields = before(office), TRIALS[act].fields
        last = seq(case_id)
        address = f"/cases/{case_id}/acts/{act}/what-if"
        asked = [dict.fromkeys(fields, value) for value in NASTY]
        asked += [{name: value} for name in fields for value in ALONE]
        statuses = {desks[who].status(f"{address}?{urlencode(question)}") for question in ({}, *asked)}
        assert statuses == {200}, act
        assert seq(case_id) == last, act


def test_a_what_if_is_open_to_those_to_whom_its_act_is(office: DeskOffice, sign_in_as: SignInAs) -> None:
    case_id = extending(office)
    clerk, lead = sign_in_as("clerk-ssfb"), sign_in_as("lead-ssfb")
    address = f"/cases/{case_id}/acts/{{}}/what-if?days=5"
    assert clerk.get(address.format("approve_extension")).status == 403
    assert lead.get(address.format("ask_extension")).status == 403
    assert sign_in_as("supervisor-ssfb").get(address.format("approve_extension")).status == 403
    assert lead.get(address.format("approve_extension")).status == 200
    assert lead.get(address.format("explode")).status == 404
    found("JJSB", "晋江市人民政府办公室")
    assert sign_in_as("lead-jjsb").get(address.format("approve_extension")).status == 404


def test_an_act_that_is_closed_says_why_instead_of_what_it_would_do(office: DeskOffice, desk: Desk) -> None:
    case_id = office.replied(RECEIVED, MONDAY)
    page = desk.get(f"/cases/{case_id}/acts/ask_extension/what-if?days=5")
    assert page.status == 200
    assert "案件在“归档”阶段" in page.text


def test_an_act_that_moves_no_due_day_says_so(office: DeskOffice, desk: Desk) -> None:
    page = desk.get(f"/cases/{plain(office)}/acts/open_proceeding/what-if")
    assert page.text == f"到期日现在 {NOW} 这样办以后 {NOW} 这一步不改变到期日。"


# --- fees --------------------------------------------------------------------------------------------------


def of_one_person(office: DeskOffice, days: list[date], **form: str) -> list[int]:
    return [
        office.accepted(day, certificate_type="身份证", certificate_number="350581199001011024", **form)
        for day in days
    ]


def test_the_place_of_a_request_in_its_month_is_filled_in(office: DeskOffice, desk: Desk) -> None:
    of_one_person(office, [date(2026, 10, 30)])
    november = of_one_person(office, [date(2026, 11, 2), date(2026, 11, 2), date(2026, 11, 9)])
    office.accepted(date(2026, 11, 3))  # somebody else of the same name, without a certificate
    other = found("JJSB", "晋江市人民政府办公室")
    of_one_person(other, [date(2026, 11, 2)])
    for nth, case_id in enumerate(november, 1):
        page = desk.get(f"/cases/{case_id}/acts/fee_notice")
        assert values_of(page.form("/acts/fee_notice"))["nth"] == [str(nth)]
        assert f"该申请人 2026年11月 的第 {nth} 件" in page.text


def test_where_there_is_no_certificate_the_same_name_is_the_same_applicant(
    office: DeskOffice, desk: Desk
) -> None:
    office.accepted(date(2026, 11, 2), name="蔡雅婷")
    office.accepted(date(2026, 11, 3), name="陈秀兰")
    case_id = office.accepted(date(2026, 11, 4), name="蔡雅婷")
    page = desk.get(f"/cases/{case_id}/acts/fee_notice")
    assert values_of(page.form("/acts/fee_notice"))["nth"] == ["2"]


def test_the_amount_of_the_fee_is_shown_before_the_notice_and_kept_with_it(
    office: DeskOffice, desk: Desk
) -> None:
    case_id = plain(office)
    desk.get(f"/cases/{case_id}/acts/fee_notice")
    page = desk.submit({"tariff": "pages", "pages": "120", "+recalculate": "1"})
    assert "应缴信息处理费 1100 元（120 页，前 30 页不收，70 页 × 10 元＋20 页 × 20 元）。" in panel(page)
    page = desk.submit({"tariff": "pages", "pages": "120"}, form="/acts/fee_notice")
    assert page.status == 200
    assert (
        "通知缴费：按量计收，120 页，前 30 页不收，70 页 × 10 元＋20 页 × 20 元，共 1100 元；"
        "收到通知之日待登记，暂按通知之日计，缴费期限至 12月21日 周一。"
    ) in page.one("ol.hist").text
    assert row(case_id).waiting == "fee"


@pytest.mark.parametrize(
    ("typed", "at", "says"),
    [
        ({"tariff": "pieces", "nth": "3"}, "nth", "每月 10 件以内不收费"),
        ({"tariff": "pages", "pages": "20"}, "pages", "30 页以内不收费"),
        ({"tariff": "pages", "pages": "很多"}, "pages", "写成整数"),
        ({"tariff": "pieces", "nth": ""}, "nth", "填写这是该申请人本月的第几件"),
        ({"tariff": "pages", "pages": "99999999"}, "pages", "填写 1 以上的整数"),
        ({"tariff": "pages", "pages": "50", "told": "2026-11-01"}, "told", "申请人收到通知之日"),
    ],
)
def test_a_wrong_figure_of_a_fee_is_refused_at_its_field(
    office: DeskOffice, desk: Desk, typed: dict[str, str], at: str, says: str
) -> None:
    case_id = plain(office)
    last = seq(case_id)
    desk.get(f"/cases/{case_id}/acts/fee_notice")
    page = desk.submit({"note": "写了很久的依据", **typed}, form="/acts/fee_notice")
    assert page.status == 422
    assert says in page.one(f"#{at}-error").text
    kept = values_of(page.form("/acts/fee_notice"))
    assert kept["note"][0].strip() == "写了很久的依据"
    assert {name: kept[name] for name in typed} == {name: [value] for name, value in typed.items()}
    assert seq(case_id) == last


def test_the_form_of_a_fee_opens_with_the_tariff_that_costs_and_shows_both(
    office: DeskOffice, desk: Desk
) -> None:
    case_id = plain(office)
    page = desk.get(f"/cases/{case_id}/acts/fee_notice")
    assert values_of(page.form("/acts/fee_notice"))["tariff"] == ["pages"]
    assert panel(page) == "还算不出：填写本件的页数"
    assert "第 31–100 页每页 10 元" in page.one(".by-pages").text
    assert "第 11–30 件每件 100 元" in page.one(".by-pieces").text
    of_one_person(office, [date(2026, 11, 2)] * 10)
    (eleventh,) = of_one_person(office, [date(2026, 11, 3)])
    page = desk.get(f"/cases/{eleventh}/acts/fee_notice")
    assert values_of(page.form("/acts/fee_notice"))["tariff"] == ["pieces"]
    assert "应缴信息处理费 100 元（本月第 11 件，每件 100 元）。" in panel(page)


def test_another_place_in_the_month_than_the_records_is_said_and_needs_a_word_why(
    office: DeskOffice, desk: Desk
) -> None:
    case_id = plain(office)
    last = seq(case_id)
    desk.get(f"/cases/{case_id}/acts/fee_notice")
    typed = {"tariff": "pieces", "nth": "12"}
    page = desk.submit({**typed, "+recalculate": "1"}, form="/acts/fee_notice")
    odd = "填的是第 12 件，本机关记录中是第 1 件"
    assert f"{odd}：以其他渠道的记录为准的，在说明里写明。" in panel(page)
    page = desk.submit(typed, form="/acts/fee_notice")
    assert (page.status, seq(case_id)) == (422, last)
    assert f"{odd}：写明根据哪里的记录" in page.one("#note-error").text
    assert desk.submit({**typed, "note": "市平台另有 11 件"}, form="/acts/fee_notice").status == 200


def test_the_day_the_notice_of_a_fee_came_is_noted_from_page_to_page(office: DeskOffice, desk: Desk) -> None:
    case_id = unpaid(office)
    assert "登记收到收费通知" in desk.get(f"/cases/{case_id}").one("ul.acts").text
    desk.get(f"/cases/{case_id}/acts/deliver_fee_notice")
    page = desk.submit({"on": "2026-11-20"}, form="/acts/deliver_fee_notice")
    assert page.status == 200
    assert "林国栋收到收费通知，缴费期限至 12月18日 周五。" in page.one("ol.hist").text
    assert "暂按通知之日计" not in page.one("ol.hist").text  # said until the day is known
    assert "期限到 12月18日 周五" in page.text
    assert "收到收费通知" in page.one("svg.wide").text
    assert "申请人收到通知的日期（11月20日）已经登记" in page.one("details.shut").text


# --- the opinion -------------------------------------------------------------------------------------------


def marked_optional(page: Page, name: str) -> bool:
    label = next(label for label in page.all("label") if label.attrs.get("for") == name)
    return "选填" in label.text


def test_the_day_of_delivery_is_asked_for_where_it_is_not_known_and_only_there(
    office: DeskOffice, desk: Desk
) -> None:
    case_id = asked_of("third")(office)
    page = desk.get(f"/cases/{case_id}/acts/record_opinion")
    assert not marked_optional(page, "delivered")
    page = desk.submit({"opinion": "consent"}, form="/acts/record_opinion")
    assert page.status == 422
    assert "填写对方收到征求意见书的日期" in page.one("#delivered-error").text
    desk.get(f"/cases/{case_id}/acts/deliver_consultation")
    desk.submit({"on": "2026-11-19"}, form="/acts/deliver_consultation")
    page = desk.get(f"/cases/{case_id}/acts/record_opinion")
    assert marked_optional(page, "delivered")
    page = desk.submit({"opinion": "silent", "+recalculate": "1"}, form="/acts/record_opinion")
    assert "还算不出：对方的 15 个工作日到 12月10日，届满后才算逾期" in panel(page)
    page = desk.submit({"opinion": "silent"}, form="/acts/record_opinion")
    assert page.status == 422
    assert "届满后才算逾期" in page.one("#on-error").text
    assert desk.submit({"opinion": "consent"}, form="/acts/record_opinion").status == 200


# --- a late correction notice ------------------------------------------------------------------------------


def test_after_the_seven_days_a_correction_is_the_leads_with_the_reason_for_the_delay(
    office: DeskOffice, desk: Desk, sign_in_as: SignInAs
) -> None:
    case_id = office.accepted(date(2026, 11, 9))  # the seventh working day is 11月18日
    page = desk.get(f"/cases/{case_id}")
    assert "告知补正" not in page.one("ul.acts").text
    assert (
        "告知补正：补正要在收到之日起 7 个工作日内告知，最后一天是 11月18日" in page.one("details.shut").text
    )
    lead = sign_in_as("lead-ssfb")
    page = lead.get(f"/cases/{case_id}/acts/request_correction")
    assert not marked_optional(page, "delay")
    typed = {"until": "2026-12-04", "note": "写明年份"}
    page = lead.submit({**typed, "+recalculate": "1"}, form="/acts/request_correction")
    assert "不成立的，到期日仍是 12月7日 周一" in panel(page)
    assert "最晚 12月4日 周五 收到补正的，到期日是 2027年1月4日 周一（暂定）" in panel(page)
    page = lead.submit(typed, form="/acts/request_correction")
    assert page.status == 422
    assert "写明迟延告知的理由" in page.one("#delay-error").text
    page = lead.submit({**typed, "delay": "来件错送"}, form="/acts/request_correction")
    assert page.status == 200
    assert "李建华已过 7 个工作日，一次性告知补正，补正期限至 12月4日。" in page.one("ol.hist").text
    assert "迟延的理由：来件错送" in page.one("ol.hist").text


def test_in_time_nobody_is_asked_for_a_reason_for_delay(office: DeskOffice, sign_in_as: SignInAs) -> None:
    page = sign_in_as("lead-ssfb").get(f"/cases/{plain(office)}/acts/request_correction")
    assert page.all("#delay") == []


# --- the new acts from page to page ------------------------------------------------------------------------


def test_reasons_are_asked_for_given_and_the_reply_deferred(
    office: DeskOffice, desk: Desk, sign_in_as: SignInAs
) -> None:
    case_id = plain(office)
    desk.get(f"/cases/{case_id}/acts/ask_reasons")
    assert (
        desk.submit({"until": "2026-11-27", "note": "频次明显超过合理范围"}, form="/acts/ask_reasons").status
        == 200
    )
    desk.get(f"/cases/{case_id}/acts/receive_reasons")
    desk.submit({"note": "撰写论文"}, form="/acts/receive_reasons")
    lead = sign_in_as("lead-ssfb")
    lead.get(f"/cases/{case_id}/acts/defer")
    page = lead.submit({"until": "2026-12-31", "note": "数量大，理由合理"}, form="/acts/defer")
    history = page.one("ol.hist").text
    for sentence in (
        "王敏要求林国栋说明理由，期限至 11月27日。",
        "林国栋说明了理由。",
        "李建华确定延迟答复至 12月31日，告知申请人。",
    ):
        assert sentence in history
    assert "按第三十五条确定延迟答复，日期为 12月31日 周四，已告知申请人。" in page.text
    assert "延迟答复日期" in page.one("svg.wide").text
    assert "要求说明理由等 3 项" in page.one("svg.wide").text  # all on this Monday


def test_the_silence_of_a_joint_organ_is_told_as_consent(office: DeskOffice, desk: Desk) -> None:
    from caseflow.stages import handle

    case_id = office.accepted(date(2026, 10, 12))
    clerk = office.work("clerk", date(2026, 10, 19))
    handle.consult_joint_organ(clerk, case_id, seq(case_id), clerk.today, "市自然资源局", "附图", clerk.today)
    page = desk.get(f"/cases/{case_id}/acts/record_opinion")
    assert "第 1 次，10月19日 向共同制作机关发出" in page.text
    page = desk.submit({"opinion": "silent"}, form="/acts/record_opinion")
    assert "共同制作机关 15 个工作日内没有答复，视为同意公开" in page.one("ol.hist").text
    assert "征求共同制作机关意见" in page.one("svg.wide").text


def test_while_a_joint_organ_is_asked_the_page_says_so(office: DeskOffice, desk: Desk) -> None:
    case_id = asked_of("joint")(office)
    page = desk.get(f"/cases/{case_id}")
    assert (
        "正在征求共同制作机关意见，对方最晚 12月9日 周三 提出意见；到那天仍不提出的，视为同意公开"
        in page.text
    )
    assert "第三方" not in page.one("svg.wide").text


# --- by the script -----------------------------------------------------------------------------------------


@layout
def test_the_panel_follows_what_is_typed_and_no_words_of_a_person_stand_in_an_address(
    office: DeskOffice, live_server: str, page: BrowserPage
) -> None:
    case_id = plain(office)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "what-if" in request.url else None)
    sign_in(page, live_server, "clerk-ssfb")
    page.goto(f"{live_server}/cases/{case_id}/acts/ask_extension")
    page.fill("#note", "涉及蔡雅婷的资料要逐页区分")
    page.fill("#days", "10")
    page.get_by_text("12月28日 周一").first.wait_for()
    assert asked
    assert all(url.endswith("/what-if?days=10") or url.endswith("/what-if?days=") for url in asked)
