"""重新答复 and 关联外机关登记 by their pages: asked, recorded, and seen from both sides."""

from __future__ import annotations

from datetime import date

import pytest

from caseflow.closing.freeze import freeze
from caseflow.db import db, transaction
from caseflow.models import Office, SignedYear
from caseflow.stages import offices, record
from tests.stages.drive import do, elsewhere, elsewhere_id
from tests.stages.test_redo import answer
from tests.support.office import DeskOffice, row, seq
from tests.support.pages import Desk, Page
from tests.web.conftest import MONDAY, MORNING, SignInAs

pytestmark = pytest.mark.usefixtures("monday")

RECEIVED, SENT, CLOSED, SET = (date(2026, 9, 21), date(2026, 10, 9), date(2026, 11, 19), date(2026, 12, 4))


def panel(page: Page, title: str) -> str:
    """What the panel of that title says."""
    (found,) = [s for s in page.all("section") if title in [h.text for h in s.all("h2")]]
    return found.text


def corrected(office: DeskOffice) -> int:
    case_id = office.replied(RECEIVED, SENT)
    do(office, case_id, "open_proceeding", SENT, kind="reconsideration")
    do(office, case_id, "close_proceeding", CLOSED, result="corrected")
    return case_id


def test_a_corrected_reply_is_answered_anew_from_the_old_case_and_both_tell_of_it(
    office: DeskOffice, desk: Desk
) -> None:
    case_id = corrected(office)
    address = f"/cases/{case_id}/acts/redo_reply"
    page = desk.get(f"/cases/{case_id}")
    assert address in page.links()
    assert "还没有重新答复" in panel(page, "行政复议、行政诉讼")
    page = desk.get(address)
    assert "第 1 件 行政复议，11月19日 审结" in page.one("#n").text
    before = seq(case_id)
    page = desk.submit({"on": "2026-11-20", "until": "2026-12-05", "note": "复议决定书"})
    assert page.status == 422
    assert page.one("#until-error").text == "12月5日 周六 是休息日，下一个工作日是 12月7日 周一"
    assert (page.one("#on").attrs["value"], page.one("#note").text) == ("2026-11-20", "复议决定书")
    assert desk.submit({"on": "", "until": "不知道"}).status == 422
    assert seq(case_id) == before
    page = desk.submit({"on": "2026-11-20", "until": SET.isoformat()})
    anew_id = case_id + 1
    assert "正在重新答复：2026-2" in panel(page, "行政复议、行政诉讼")
    assert f"/cases/{anew_id}" in page.links()
    assert "要求在 12月4日 以前重新答复；王敏另立 2026-2 号办件重新答复" in panel(page, "经过")
    assert "现在不能办" in desk.get(address).text

    page = desk.get(f"/cases/{anew_id}")
    assert f"/cases/{case_id}" in page.links()
    assert "2026-1 的答复经复议、诉讼被纠正" in page.text
    assert "复议决定、判决确定在 12月4日 周五 以前重新答复" in panel(page, "期限")
    assert "剩 9 个工作日，按复议决定、判决确定的期限" in panel(page, "期限")
    assert "决定、判决确定的期限" in "".join(str(node.attrs) for node in page.all("svg")) + page.text
    said = panel(page, "在年报表里")
    assert "没有法定收到日" not in said
    assert "不再计入表三和按时办结率" in said
    assert f"/cases/{anew_id}/acts/draft_reply" in page.links()
    working = desk.get(f"/cases/{anew_id}/deadline").text
    assert "收到复议决定、判决；当日不计" in working
    assert "复议决定、判决确定的期限；当日发出仍为按时" in working
    assert "条例第五十一条" in working

    answer(office, anew_id, MONDAY)
    assert "已重新答复：2026-2" in panel(desk.get(f"/cases/{case_id}"), "行政复议、行政诉讼")
    assert "没有收到日期" not in desk.get("/ledger").text
    assert "重新答复的 1 件没有导出" in desk.get("/ledger").text


def test_a_re_reply_that_counts_says_so_and_only_that_asks_about_a_signed_year(
    office: DeskOffice, desk: Desk
) -> None:
    case_id, other_id = corrected(office), corrected(office)
    do(office, case_id, "redo_reply", CLOSED)
    offices.set_counts_redone(office.id, True)
    do(office, other_id, "redo_reply", CLOSED)
    quiet, counted = other_id + 1, other_id + 2
    page = desk.get(f"/cases/{counted}")
    assert "按设定再计入年报表" in page.text
    assert "2026 年 一、本年新收 × 自然人" in panel(page, "在年报表里")
    for one in (quiet, counted):
        for act in ("draft_reply", "approve_reply"):
            do(office, one, act, CLOSED)
    with transaction() as session:
        session.add(SignedYear(
            office_id=office.id, year=2026, edition=1, explanation="", hash="0" * 64,
            frozen=freeze(session.get_one(Office, office.id), 2026).data,
            signed_by=office.people["lead"], signed_at=MORNING,
        ))  # fmt: skip
    sent = {"on": MONDAY.isoformat(), "how": "ems"}
    for one, asked in ((counted, "2027 年"), (quiet, "发出答复：已记入")):
        desk.get(f"/cases/{one}/acts/send_reply")
        assert asked in desk.submit(sent).text
    assert (row(counted).replied_on, row(quiet).replied_on) == (None, MONDAY)
    assert "counts_in" not in record.entries(db.session(), quiet)[-1].details
    # the re-reply itself begins as a new request: of which year is said before it is begun
    third_id = corrected(office)
    before = seq(third_id)
    desk.get(f"/cases/{third_id}/acts/redo_reply")
    refused = desk.submit({"on": CLOSED.isoformat(), "note": "复议决定书"})
    assert (refused.status, "这一条计入 2027 年" in refused.text, seq(third_id)) == (422, True, before)
    desk.submit({})
    assert row(third_id + 1).new_year == 2027
    offices.set_counts_redone(office.id, False)
    fourth_id = corrected(office)
    desk.get(f"/cases/{fourth_id}/acts/redo_reply")
    assert "重新答复：已记入" in desk.submit({"on": CLOSED.isoformat()}).text


def test_the_other_organ_sees_number_organ_and_day_and_nothing_else(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    elsewhere()
    case_id = office.replied(
        RECEIVED, SENT, "unavailable_not_held", name="欧阳静怡", content="宝盖山隧道概算"
    )
    do(office, case_id, "archive", MONDAY)
    desk = sign_in_as("clerk-ssfb")
    desk.get(f"/cases/{case_id}/acts/link_case")
    page = desk.submit({"office_id": "", "number": ""})
    assert (page.status, page.one("#office_id-error").text) == (422, "选择另向提出申请的机关")
    page = desk.submit({"office_id": str(elsewhere_id()), "number": "2026-7"})
    assert page.one("#number-error").text == "石狮市住房和城乡建设局没有这个编号的办件，核对编号"
    page = desk.submit({"office_id": str(elsewhere_id()), "number": "2026-1"})
    theirs = next(other for other in (1, 2, 3) if row(other).office_id == elsewhere_id())
    assert "申请人另向石狮市住房和城乡建设局提出：2026-1，9月22日 周二 收到。" in page.text
    assert f"/cases/{theirs}" not in page.links()
    page = sign_in_as("clerk-zjj").get(f"/cases/{theirs}")
    assert "申请人先向石狮市人民政府办公室提出（2026-1，9月21日 周一 收到）" in page.text
    assert f"/cases/{case_id}" not in page.links()
    assert not [word for word in ("欧阳静怡", "宝盖山隧道概算") if word in page.text]
