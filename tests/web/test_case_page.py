"""The case page: stages, the due day and its working, acts with articles, history, two people on one case."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from tests.stages.drive import do
from tests.support.office import row, seq
from tests.support.pages import Desk, Page, values_of
from tests.web.conftest import MONDAY, SignInAs

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.support.office import DeskOffice

pytestmark = pytest.mark.usefixtures("monday")


def typed_in(page: Page, act: str) -> dict[str, str]:
    """What stands in the form of an act, blanks round it aside."""
    return {
        name: values[0].strip() for name, values in values_of(page.form(f"/acts/{act}")).items() if values
    }


@pytest.mark.both_engines
def test_one_request_goes_through_all_five_stages_by_its_pages(
    office: DeskOffice, desk: Desk, sign_in_as: SignInAs
) -> None:
    desk.get("/cases/new")
    desk.submit({"name": "陈秀兰", "content": "下宅村征地补偿方案"})
    case = "/cases/1"
    lead = sign_in_as("lead-ssfb")

    def act(person: Desk, name: str, **values: str) -> None:
        person.get(f"{case}/acts/{name}")
        page = person.submit(values, form=f"/acts/{name}")
        assert page.status == 200, page.errors
        assert page.path == case

    act(lead, "accept", handler_id=str(office.people["clerk"]))
    act(desk, "draft_reply", result="granted", note="信息存在，予以公开", reply_no="狮政公开〔2026〕1号")
    three = {"second_by": "陈晓", "final_by": "李建华", "conclusion": "open"}
    act(desk, "review_secrecy", **three)
    act(lead, "approve_reply")
    act(desk, "send_reply", how="ems", proof="EMS1234567890")
    assert row(1).on_time is True
    act(desk, "deliver_reply", on="2026-11-23")
    for kind in ("reply", "review"):
        desk.get(f"{case}/files?kind={kind}")
        assert desk.submit({"files": [(io.BytesIO(b"%PDF-1.7 scan"), f"{kind}.pdf")]}).status == 200
    act(desk, "archive")
    page = desk.get(case)
    assert "已归档" in page.text
    assert "三（一）予以公开 × 自然人" in page.text
    assert "EMS1234567890" in page.one("ol.hist").text
    assert [li.text.split()[-1] for li in page.all("ol.hist li")] == [f"#{n}" for n in range(10, 0, -1)]


def test_mail_that_comes_back_after_the_folder_is_closed_is_recorded_and_stands_on_the_page(
    office: DeskOffice, desk: Desk
) -> None:
    case_id = office.replied(MONDAY, MONDAY)
    do(office, case_id, "archive", MONDAY)
    case = f"/cases/{case_id}"
    for act, values, says in (
        ("return_reply", {"note": "查无此人"}, "11月23日 退回，要再次发出"),
        ("resend_reply", {"how": "ems", "proof": "EMS77"}, "已归档"),
        ("deliver_reply", {"proof": "签收单"}, "签收单"),
    ):
        desk.get(f"{case}/acts/{act}")
        assert says in desk.submit(values, form=f"/acts/{act}").text
    assert row(case_id).stage == "archived"


def test_every_act_stands_with_its_article_and_every_closed_one_with_its_reason(
    office: DeskOffice, desk: Desk
) -> None:
    case_id = office.accepted(MONDAY)
    page = desk.get(f"/cases/{case_id}")
    acts = page.one("ul.acts").text
    for word in (
        "拟答复",
        "条例第三十六、三十七条",
        "征求第三方意见",
        "条例第三十二条",
        "申请延期",
        "告知补正",
    ):
        assert word in acts
    shut = page.one("details.shut").text
    assert "没有正在征求的意见" in shut
    for link in page.one("ul.acts").all("a"):
        assert desk.get(link.attrs["href"]).status == 200


def test_the_internal_day_stands_at_the_head_of_the_case_and_in_the_record(
    office: DeskOffice, desk: Desk
) -> None:
    case_id = office.register(MONDAY)
    desk.get(f"/cases/{case_id}/acts/accept")
    given = {"handler_id": str(office.people["clerk"]), "internal_until": "2026-12-06"}
    page = desk.submit(given, form="/acts/accept")
    assert page.status == 422
    off = page.one("#internal_until-error").text
    assert off == "12月6日 周日 是休息日，下一个工作日是 12月7日 周一"
    page = desk.submit(given | {"internal_until": "2026-12-04"}, form="/acts/accept")
    assert "经办人 王敏 · 内部期限 12月4日 周五" in page.one("div.case-h").text
    assert "王敏受理，分办给王敏，内部期限 12月4日 周五。" in page.one("ol.hist").text
    desk.get(f"/cases/{case_id}/acts/assign")
    page = desk.submit(
        {"handler_id": str(office.people["colleague"]), "internal_until": "2026-12-07"}, form="/acts/assign"
    )
    assert "王敏改派给陈晓，内部期限 12月7日 周一。" in page.one("ol.hist").text
    assert "内部期限 12月7日 周一" in page.one("div.case-h").text


def test_the_due_day_is_explained_in_a_sentence_and_step_by_step(office: DeskOffice, desk: Desk) -> None:
    from caseflow.stages import handle, review

    case_id = office.register(date(2026, 9, 21))
    review.request_correction(
        office.work("clerk", date(2026, 9, 28)),
        case_id,
        seq(case_id),
        date(2026, 9, 28),
        date(2026, 10, 19),
        "年份",
    )
    day = date(2026, 10, 16)
    review.receive_correction(office.work("clerk", day), case_id, seq(case_id), day)
    review.accept(office.work("lead", day), case_id, seq(case_id), day, office.people["clerk"])
    sent, delivered, came = date(2026, 10, 28), date(2026, 10, 29), date(2026, 11, 11)
    handle.consult_third_party(
        office.work("clerk", delivered), case_id, seq(case_id), sent, "鸿川公司", "报告", delivered
    )
    handle.record_opinion(
        office.work("clerk", came), case_id, seq(case_id), came, 1, "partial", None, "部分同意"
    )
    page = desk.get(f"/cases/{case_id}")
    assert "从 10月16日 收到补正的次日起算，法定 20 个工作日，扣除征求意见 10 个工作日。" in page.text
    assert "2026年11月27日 星期五" in page.text
    working = desk.get(f"/cases/{case_id}/deadline")
    steps = [tr.text for tr in working.all("table.steps tr")][1:]
    assert "9月22日 周二 – 9月28日 周一" in steps[1]
    assert "条例第三十条" in steps[2]
    assert "所需 10 个工作日不计算在内" in steps[4]
    assert "11月27日 周五" in steps[-1]


def test_two_people_on_one_case_the_second_sees_what_changed_and_loses_nothing_typed(
    office: DeskOffice, desk: Desk, sign_in_as: SignInAs
) -> None:
    case_id = office.accepted(MONDAY)
    desk.get(f"/cases/{case_id}/acts/draft_reply")
    lead = sign_in_as("lead-ssfb")
    lead.get(f"/cases/{case_id}/acts/assign")
    lead.submit({"handler_id": str(office.people["colleague"])})
    before = seq(case_id)
    page = desk.submit({"result": "partial", "note": "写了很久的依据"})
    assert page.status == 409
    assert "李建华改派给陈晓" in page.text
    assert "由本案经办人 陈晓 起草" in page.text
    kept = typed_in(page, "draft_reply")
    assert (kept["result"], kept["note"]) == ("partial", "写了很久的依据")
    assert "disabled" in page.form("/acts/draft_reply").one("button").attrs  # closed now: nothing to press
    assert seq(case_id) == before


def test_the_lead_keeps_a_typed_draft_when_the_clerk_acts_first_and_can_send_it(
    office: DeskOffice, desk: Desk, sign_in_as: SignInAs
) -> None:
    case_id = office.accepted(MONDAY)
    lead = sign_in_as("lead-ssfb")
    lead.get(f"/cases/{case_id}/acts/draft_reply")
    desk.get(f"/cases/{case_id}/acts/ask_extension")
    desk.submit({"days": "5", "note": "资料要逐页区分"})
    page = lead.submit({"result": "partial", "note": "写了很久的依据", "reply_no": "狮政公开〔2026〕1号"})
    assert page.status == 409
    assert "王敏申请延期 5 个工作日" in page.one("section.errs").text
    kept = typed_in(page, "draft_reply")
    assert (kept["result"], kept["note"]) == ("partial", "写了很久的依据")
    assert kept["reply_no"] == "狮政公开〔2026〕1号"
    assert row(case_id).stage == "handle"
    assert lead.submit(form="/acts/draft_reply").status == 200
    assert (row(case_id).stage, row(case_id).draft_result) == ("reply", "partial")


def test_a_changed_case_takes_the_act_when_it_is_sent_again(
    office: DeskOffice, desk: Desk, sign_in_as: SignInAs
) -> None:
    case_id = office.accepted(MONDAY)
    desk.get(f"/cases/{case_id}/acts/ask_extension")
    other = sign_in_as("colleague-ssfb")
    other.get(f"/cases/{case_id}/acts/consult_third_party")
    other.submit({"party": "鸿川公司", "note": "报告"})
    page = desk.submit({"days": "5", "note": "资料要逐页区分"})
    assert page.status == 409
    assert "陈晓书面征求鸿川公司意见" in page.text
    kept = typed_in(page, "ask_extension")
    assert (kept["days"], kept["note"]) == ("5", "资料要逐页区分")
    assert desk.submit(form="/acts/ask_extension").status == 200
    assert row(case_id).extension_asked == 5


@pytest.mark.parametrize(
    ("act", "typed", "says"),
    [
        ("send_reply", {}, "案件在“办理”阶段"),
        ("request_correction", {"on": "2026-11-24"}, "日期不能晚于今天（11月23日）"),
        ("request_correction", {"on": "2026-11-01"}, "不能早于法定收到日"),
        ("request_correction", {"until": "2026-11-20"}, "期限要晚于告知之日"),
        ("consult_third_party", {"party": ""}, "写明对方的姓名或者名称"),
        ("consult_third_party", {"delivered": "2026-11-22"}, "收到日期不能早于发出之日"),
        ("ask_extension", {"days": "21"}, "延期为 1 到 20 个工作日"),
        ("ask_extension", {"days": "很多"}, ""),
        ("draft_reply", {"result": "unavailable_still_unclear"}, "没有收到过补正"),
        ("draft_reply", {"note": "字" * 2001}, "最多 2000 个字"),
    ],
)
def test_bad_input_on_an_act_is_refused_at_its_field_and_nothing_is_written(
    office: DeskOffice, desk: Desk, act: str, typed: dict[str, str], says: str
) -> None:
    case_id = office.accepted(date(2026, 11, 19))
    page = desk.get(f"/cases/{case_id}/acts/{act}")
    if not page.forms():
        assert says in page.text
        return
    good = {
        "request_correction": {"until": "2026-12-04", "note": "写明年份"},
        "consult_third_party": {"party": "鸿川公司", "note": "报告"},
        "ask_extension": {"days": "5", "note": "逐页区分"},
        "draft_reply": {"result": "granted", "note": "依据"},
    }[act]
    before = seq(case_id)
    page = desk.submit(good | typed)
    assert page.status == 422
    assert page.errors
    assert any(says in error for error in page.errors), page.errors
    assert seq(case_id) == before


def test_an_unknown_act_is_not_found_and_a_foreign_one_forbidden(office: DeskOffice, desk: Desk) -> None:
    case_id = office.accepted(MONDAY)
    assert desk.get(f"/cases/{case_id}/acts/explode").status == 404
    assert desk.get(f"/cases/{case_id}/acts/approve_reply").status == 403
    assert desk.get("/cases/999999").status == 404


def test_the_lead_corrects_a_day_and_the_history_keeps_both(
    office: DeskOffice, desk: Desk, sign_in_as: SignInAs
) -> None:
    case_id = office.replied(date(2026, 10, 20), date(2026, 11, 18))
    assert row(case_id).on_time is False
    lead = sign_in_as("lead-ssfb")
    lead.get(f"/cases/{case_id}/correct")
    page = lead.submit(
        {"day-target": "6", "day-new_day": "2026-11-17", "day-note": "邮戳为 11月17日"}, form="/correct/day"
    )
    assert page.status == 200, page.errors
    assert row(case_id).on_time is True
    assert "更正第 6 条：日期由“2026-11-18”改为“2026-11-17”" in page.text


def test_a_correction_that_contradicts_the_record_is_refused(
    office: DeskOffice, desk: Desk, sign_in_as: SignInAs
) -> None:
    case_id = office.replied(date(2026, 11, 16), date(2026, 11, 20))
    lead = sign_in_as("lead-ssfb")
    lead.get(f"/cases/{case_id}/correct")
    page = lead.submit(
        {"day-target": "6", "day-new_day": "2026-11-13", "day-note": "写错"}, form="/correct/day"
    )
    assert page.status == 422
    assert "改后与第 6 条记录矛盾" in " ".join(page.errors)


def test_a_corrected_class_moves_the_case_to_its_column(
    office: DeskOffice, desk: Desk, sign_in_as: SignInAs
) -> None:
    case_id = office.replied(date(2026, 11, 16), date(2026, 11, 20))
    lead = sign_in_as("lead-ssfb")
    lead.get(f"/cases/{case_id}/correct")
    page = lead.submit({"form-applicant_class": "enterprise", "form-note": "营业执照"}, form="/correct/form")
    assert page.status == 200, page.errors
    assert "三（一）予以公开 × 商业企业" in page.text


# --- a corrected receipt: "editing the received date drops pauses and extensions" --------------------------


def consulted_and_extended(office: DeskOffice, case_id: int, sent: date, told: date, opinion: date) -> None:
    """A consultation with its opinion, and five more working days granted on the Monday."""
    from caseflow.stages import handle

    clerk, lead = office.work("clerk", MONDAY), office.work("lead", MONDAY)
    handle.consult_third_party(clerk, case_id, seq(case_id), sent, "鸿川公司", "报告", told)
    handle.record_opinion(clerk, case_id, seq(case_id), opinion, 1, "partial", None, "部分同意")
    handle.ask_extension(clerk, case_id, seq(case_id), 5, "逐页区分")
    handle.approve_extension(lead, case_id, seq(case_id), 5, MONDAY)


def correct_receipt(lead: Desk, case_id: int, received: str) -> None:
    """The lead corrects the legal receipt by the page."""
    lead.get(f"/cases/{case_id}/correct")
    typed = {"form-in_person_submitted": received, "form-note": "收件章为这一天"}
    page = lead.submit(typed, form="/correct/form")
    assert page.status == 200, page.errors


def steps(desk: Desk, case_id: int) -> str:
    """The working of the due day."""
    return desk.get(f"/cases/{case_id}/deadline").one("table.steps").text


def test_editing_the_received_date_keeps_the_pause_and_the_extension_and_moves_the_due_day(
    office: DeskOffice, desk: Desk, sign_in_as: SignInAs
) -> None:
    case_id = office.accepted(date(2026, 11, 2))
    consulted_and_extended(office, case_id, date(2026, 11, 5), date(2026, 11, 6), date(2026, 11, 12))
    assert row(case_id).due_on == date(2026, 12, 14)  # 20 days, 5 left out, 5 more
    correct_receipt(sign_in_as("lead-ssfb"), case_id, "2026-10-30")  # the working day before
    case = row(case_id)
    assert (case.received_on, case.due_on) == (date(2026, 10, 30), date(2026, 12, 11))
    assert (case.consulted, case.extended) == (True, 5)
    assert "征求" in steps(desk, case_id)
    assert "延期" in steps(desk, case_id)


def test_editing_the_received_date_keeps_the_correction_round_from_which_the_term_runs(
    office: DeskOffice, desk: Desk, sign_in_as: SignInAs
) -> None:
    from caseflow.stages import review

    case_id = office.register(date(2026, 9, 21))
    asked, came = date(2026, 9, 28), date(2026, 10, 16)
    clerk, later = office.work("clerk", asked), office.work("clerk", came)
    review.request_correction(clerk, case_id, seq(case_id), asked, date(2026, 10, 19), "年份")
    review.receive_correction(later, case_id, seq(case_id), came)
    review.accept(later, case_id, seq(case_id), came, office.people["clerk"])
    consulted_and_extended(office, case_id, date(2026, 10, 28), date(2026, 10, 29), date(2026, 11, 11))
    assert row(case_id).due_on == date(2026, 12, 4)
    before = steps(desk, case_id)
    correct_receipt(sign_in_as("lead-ssfb"), case_id, "2026-09-22")
    case = row(case_id)
    assert (case.received_on, case.due_on) == (date(2026, 9, 22), date(2026, 12, 4))
    assert (case.corrected, case.consulted, case.extended) == (True, True, 5)
    after = steps(desk, case_id)
    assert "9月22日 周二 – 9月28日 周一" in before
    assert "9月23日 周三 – 9月28日 周一" in after
    for word in ("补正", "征求", "延期"):
        assert after.count(word) == before.count(word) > 0


# --- 复议 and 诉讼 -----------------------------------------------------------------------------------------


def proceedings_of(desk: Desk, case_id: int) -> list[str]:
    """What the case page tells of them."""
    page = desk.get(f"/cases/{case_id}")
    (panel,) = [s for s in page.all("section") if [h.text for h in s.all("h2")] == ["行政复议、行政诉讼"]]
    return [li.text for li in panel.all("li")]


def test_a_proceeding_stands_open_on_the_case_page_until_its_result_does(
    office: DeskOffice, desk: Desk
) -> None:
    case_id = office.replied(date(2026, 10, 20), date(2026, 11, 10))
    assert proceedings_of(desk, case_id) == []
    for typed in (
        {"on": "2026-11-12", "kind": "reconsideration"},
        {"on": "2026-11-20", "kind": "suit", "after_reconsideration": "y"},
    ):
        desk.get(f"/cases/{case_id}/acts/open_proceeding")
        assert desk.submit(typed).status == 200
    first, second = proceedings_of(desk, case_id)
    assert "11月12日" in first
    assert "行政复议，尚未审结" in first
    assert "行政诉讼（经过复议），尚未审结" in second
    desk.get(f"/cases/{case_id}/acts/appeal_proceeding")
    page = desk.submit({"on": "2026-11-21", "n": "2"})
    assert "第 2 件行政诉讼一方上诉，进入二审" in page.one("ol.hist").text
    assert "行政诉讼（经过复议），11月21日 进入二审，尚未审结" in proceedings_of(desk, case_id)[1]
    desk.get(f"/cases/{case_id}/acts/close_proceeding")
    assert desk.submit({"on": "2026-11-19", "n": "1", "result": "corrected"}).status == 200
    first, second = proceedings_of(desk, case_id)
    assert "11月19日" in first
    assert first.endswith("审结，结果纠正；还没有重新答复")
    assert "尚未审结" in second


# --- the demonstration -------------------------------------------------------------------------------------


def every_page(desk: Desk, paths: tuple[str, ...]) -> dict[str, bool]:
    """Which of these pages say that this is the demonstration office and its data invented."""
    texts = {path: desk.get(path).text for path in paths}
    return {path: "演示机关" in text and "数据均为虚构" in text for path, text in texts.items()}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # one mark, in the frame of all pages
@pytest.mark.parametrize("demo", [True, False])
def test_every_page_of_a_demonstration_says_so_and_no_page_of_a_real_office(
    office: DeskOffice, client: FlaskClient, sign_in_as: SignInAs, demo: bool
) -> None:
    from caseflow.db import transaction
    from caseflow.models import Installation

    with transaction() as session:
        session.add(Installation(demo=demo, started_at=datetime(2026, 11, 23, tzinfo=UTC)))
    case_id = office.accepted(MONDAY)
    case = f"/cases/{case_id}"
    seen = every_page(Desk(client), ("/login", "/healthz-not"))
    people = {
        "clerk-ssfb": ("/", "/cases", "/cases/new", case, f"{case}/deadline", f"{case}/acts/draft_reply",
                       "/ledger", "/alerts", "/account/password", "/cases/99"),
        "lead-ssfb": (f"{case}/correct", "/year/2026", "/year/2026/new/total", f"{case}/acts/assign"),
        "supervisor-ssfb": ("/supervision", "/supervision/cases?what=otherwise", "/admin/people"),
        "auditor-ssfb": ("/",),
        "security-ssfb": ("/admin/people", f"/admin/people/{office.people['clerk']}"),
    }  # fmt: skip
    for username, paths in people.items():
        seen |= {f"{username} {path}": told for path, told in every_page(sign_in_as(username), paths).items()}
    assert {path for path, told in seen.items() if told is not demo} == set()


def test_today_puts_the_most_urgent_first_and_shows_what_is_left(office: DeskOffice, desk: Desk) -> None:
    office.accepted(date(2026, 11, 16), content="以后到期的")
    office.accepted(date(2026, 10, 20), content="已经逾期的")
    office.accepted(date(2026, 10, 26), content="今天到期的")
    page = desk.get("/")
    order = [cell.text for cell in page.all("td.cut")]
    assert order == ["已经逾期的", "今天到期的", "以后到期的"]
    assert "逾期 4 个工作日 · 11月17日 周二" in page.text
    assert "今天到期 · 11月23日 周一" in page.text


def test_every_cell_of_the_year_tables_is_named_with_its_year(office: DeskOffice, desk: Desk) -> None:
    from caseflow.stages import proceedings

    case = office.replied(date(2025, 11, 10), date(2026, 1, 5))
    proceedings.open_proceeding(
        office.work("clerk", MONDAY), case, seq(case), date(2026, 2, 2), "suit", False, "案号"
    )
    page = desk.get(f"/cases/{case}")
    (cells,) = [s for s in page.all("section.panel") if [h.text for h in s.all("h2")] == ["在年报表里"]]
    assert [dt.text for dt in cells.all("dt")] == ["已计入"]  # said once
    years = [dd.text[:6] for dd in cells.all("dd")]
    assert years == ["2025 年", "2025 年", "2026 年", "2026 年", "2026 年"]
    assert any("表四 行政诉讼" in dd.text for dd in cells.all("dd"))
