"""The working of a due day for a court: what it was counted by, on one sheet; and the picture on the case page."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.support.browser import layout, sign_in
from tests.support.office import seq
from tests.support.pages import Desk, Page
from tests.web.conftest import MONDAY

if TYPE_CHECKING:
    from playwright.sync_api import Page as BrowserPage

    from tests.support.office import DeskOffice

pytestmark = pytest.mark.usefixtures("monday")


def much_happened(office: DeskOffice) -> int:
    """Corrected, a third party and a joint organ asked, extended: 11 events since 21 September."""
    from caseflow.stages import handle, review

    case_id = office.register(date(2026, 9, 21))

    def clerk(day: date) -> tuple[object, int, int]:
        return office.work("clerk", day), case_id, seq(case_id)

    def act(do: object, day: date, *given: object) -> None:
        do(*clerk(day), *given)  # type: ignore[operator]

    asked, came = date(2026, 9, 28), date(2026, 10, 16)
    act(review.request_correction, asked, asked, date(2026, 10, 19), "写明年份")
    act(review.receive_correction, came, came)
    review.accept(office.work("lead", came), case_id, seq(case_id), came, office.people["clerk"])
    sent, answered = date(2026, 10, 20), date(2026, 11, 2)
    act(handle.consult_third_party, sent, sent, "鸿川公司", "报告", sent)
    act(handle.record_opinion, answered, answered, 1, "partial", None, "部分同意")
    act(handle.consult_joint_organ, answered, answered, "市自然资源局", "附图", answered)
    act(handle.record_opinion, date(2026, 11, 11), date(2026, 11, 11), 2, "consent", None, "同意")
    act(handle.ask_extension, date(2026, 11, 16), 20, "逐页区分")
    lead = office.work("lead", date(2026, 11, 17))
    handle.approve_extension(lead, case_id, seq(case_id), 20, lead.today)
    return case_id


def working(desk: Desk, case_id: int) -> Page:
    return desk.get(f"/cases/{case_id}/deadline")


def test_it_names_the_documents_the_holidays_and_the_make_up_days_it_was_counted_by(
    office: DeskOffice, desk: Desk
) -> None:
    page = working(desk, much_happened(office))
    basis = page.one("section.working-basis").text
    assert "工作日历第 1 版：2026 年，" in basis
    assert "期间的放假：中秋 9月25日、国庆 10月1日至10月7日、法定节日 2027年1月1日。" in basis
    assert "调休上班的周末：10月10日 周六。" in basis
    assert "2027 年，放假安排尚未载入，按周末和法定节日推算 暂定。" in basis


def test_it_says_from_which_record_and_when_it_was_made(office: DeskOffice, desk: Desk) -> None:
    page = working(desk, much_happened(office))
    made = page.one("p.made").text
    assert made == "本说明由系统按案件记录 #1–#10 和工作日历第 1 版计算，2026年11月23日 星期一 09:00 生成。"
    assert "石狮市人民政府办公室（盖章）" in page.one("p.sign").text


def test_a_local_day_inside_the_term_is_named_with_its_document(office: DeskOffice, desk: Desk) -> None:
    from caseflow.calendars import store
    from caseflow.db import transaction
    from caseflow.models import CalendarDay, CalendarYear

    case_id = office.accepted(MONDAY)
    with transaction() as session:
        found = store.year(2026)
        row = CalendarYear(
            year=2026,
            version=2,
            document=found.document,
            official=True,
            entered_at=office.work("lead", MONDAY).now,
        )
        session.add(row)
        session.flush()
        day, paper = date(2026, 12, 2), "自治区人民政府令第 1 号"
        session.add(
            CalendarDay(year_id=row.id, day=day, works=False, name="州庆", local=True, document=paper)
        )
    basis = working(desk, case_id).one("section.working-basis").text
    assert "州庆 12月2日" in basis
    assert "地方放假依据：自治区人民政府令第 1 号" in basis


def test_a_closed_case_is_explained_by_the_calendar_it_was_decided_with(
    office: DeskOffice, desk: Desk
) -> None:
    page = working(desk, office.replied(date(2026, 10, 12), date(2026, 11, 13)))
    verdict = page.one("p.verdict").text
    assert "到期日 2026年11月9日 星期一" in verdict
    assert "2026年11月13日 星期五 发出答复，逾期。" in verdict
    assert "应在" not in verdict
    assert "发出答复" in page.one("section.working-days").text


def test_a_case_withdrawn_has_no_day_on_which_it_should_have_been_answered(
    office: DeskOffice, desk: Desk
) -> None:
    from caseflow.stages import archive

    case_id = office.accepted(date(2026, 11, 16))
    archive.withdraw(office.work("clerk", MONDAY), case_id, seq(case_id), MONDAY, "书面撤回")
    for address in (f"/cases/{case_id}", f"/cases/{case_id}/deadline"):
        page = desk.get(address)
        assert "应在" not in page.text
        assert "申请人撤回" in page.all("svg.clock")[0].text
        assert not page.all("svg.clock .clk-due")


def test_before_the_receipt_is_confirmed_there_is_no_picture(office: DeskOffice, desk: Desk) -> None:
    desk.get("/cases/new")
    desk.submit(
        {"channel": "online", "online_submitted": "2026-11-20", "name": "蔡雅婷", "content": "设计方案"}
    )
    for address in ("/cases/1", "/cases/1/deadline"):
        page = desk.get(address)
        assert page.status == 200
        assert not page.all("svg.clock")
        assert "期限没有起算" in page.text


def test_the_case_page_draws_the_clock_twice_and_says_it_in_a_sentence(
    office: DeskOffice, desk: Desk
) -> None:
    page = desk.get(f"/cases/{much_happened(office)}")
    line, weeks = page.one("svg.wide"), page.one("svg.only-phone")
    for picture in (line, weeks):
        assert "9月28日告知补正；10月16日收到补正，重新起算" in picture.attrs["aria-label"]
    assert "今天" in line.text
    assert "11/23 今天" in weeks.text
    key = page.one("ul.legend").text
    for sign in ("已计", "剩余", "不计（征求意见）", "作废", "延期", "到期日", "起算日"):
        assert sign in key


@layout
def test_the_working_is_one_upright_sheet_and_fits_a_phone(
    office: DeskOffice, live_server: str, page: BrowserPage
) -> None:
    case_id = much_happened(office)
    sign_in(page, live_server, "clerk-ssfb")
    page.goto(f"{live_server}/cases/{case_id}/deadline")
    sheets = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(prefer_css_page_size=True))
    assert [(round(float(w)), round(float(h))) for w, h in sheets] == [(595, 842)]
    for path in (
        f"/cases/{case_id}/deadline",
        f"/cases/{case_id}",
        f"/cases/{case_id}/acts/consult_third_party",
    ):
        page.goto(live_server + path)
        for width in (1440, 1100, 800, 390, 360):
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate("document.documentElement.scrollWidth") <= width


@layout
def test_of_the_two_pictures_a_screen_shows_the_one_that_fits(
    office: DeskOffice, live_server: str, page: BrowserPage
) -> None:
    case_id = much_happened(office)
    sign_in(page, live_server, "clerk-ssfb")
    page.goto(f"{live_server}/cases/{case_id}")
    for width, line, weeks in ((1440, True, False), (390, False, True)):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.locator("svg.clock.wide").is_visible() is line
        assert page.locator("svg.clock.only-phone").is_visible() is weeks
