"""A citizen and a clerk, each at a browser: from the public's form to the reply opened at the counter."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect
from sqlalchemy import select

from tests.stages.drive import act_alone, prepare
from tests.support.browser import layout, sign_in
from tests.support.office import row, seq

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FilePayload, Page

    from tests.support.office import DeskOffice

expect.set_options(timeout=15_000)  # a loaded machine is slow, not wrong
SCAN: FilePayload = {"name": "身份证.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 scan"}


def apply(page: Page, server: str) -> tuple[str, str]:
    """Fill in the form as a citizen does, look it over, send it; returns number and code of the receipt."""
    page.goto(f"{server}/apply")
    page.get_by_text("公民", exact=True).click()
    page.get_by_label("姓名或者名称").fill("林国栋")
    page.get_by_label("证件", exact=False).first.select_option("居民身份证")
    page.get_by_label("证件号码").fill("350581199001011024")
    page.get_by_label("联系电话").fill("13805051024")
    page.get_by_label("名称", exact=False).last.fill("学府路改造工程结算报告")
    page.get_by_label("获取方式").select_option("网上获取")
    page.get_by_label("提供形式").select_option("电子文本")
    page.get_by_label("同意电子送达").check()
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.locator("main")).to_contain_text("学府路改造工程结算报告")
    page.locator("input[type=file]").first.set_input_files(SCAN)
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator(".codes")).to_be_visible()
    number, code = page.locator(".codes dd").all_inner_texts()
    return number, code


def enter(page: Page, server: str, number: str, code: str) -> None:
    """Number and code as they stand on the receipt."""
    page.goto(f"{server}/apply/status")
    page.get_by_label("查询号").fill(number)
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查询", exact=True).click()


@layout
def test_a_citizen_applies_is_confirmed_corrects_is_answered_and_opens_the_reply(
    office: DeskOffice, live_server: str, page: Page, browser: Browser
) -> None:
    from caseflow.db import db, transaction
    from caseflow.models import Event, Office
    from caseflow.moment import today
    from caseflow.stages import letters

    citizen, day = page, today()
    with transaction() as session:  # what is served online names where it is challenged online
        session.get_one(Office, office.id).review_channel = "行政复议网上申请平台"
    number, code = apply(citizen, live_server)
    clerk = browser.new_context(locale="zh-CN").new_page()
    sign_in(clerk, live_server, "clerk-ssfb")
    clerk.goto(f"{live_server}/")
    expect(clerk.locator("main")).to_contain_text("网上待确认 · 今天登记")
    clerk.locator("td.next").get_by_role("link", name="确认收到").click()
    clerk.get_by_text("电话", exact=True).click()
    clerk.get_by_role("button", name="确认收到").click()
    expect(clerk.locator("main")).to_contain_text("电话确认收到申请，这一天是法定收到日")
    case_id = int(clerk.url.rpartition("/")[2])

    enter(citizen, live_server, number, code)
    expect(citizen.locator("main")).to_contain_text("正在审核")
    clerk.goto(f"{live_server}/cases/{case_id}/acts/request_correction")
    clerk.locator("#until").fill((day + timedelta(days=10)).isoformat())
    clerk.locator("#note").fill("写明项目的年份")
    clerk.get_by_role("button", name="告知补正").click()
    expect(clerk.locator("main")).to_contain_text("一次性告知补正")
    citizen.reload()
    expect(citizen.locator("main")).to_contain_text("写明项目的年份")
    citizen.get_by_role("link", name="补正").click()
    citizen.get_by_label("补正的内容").fill("2019 年改造的那一次")
    citizen.get_by_role("button", name="提交补正").click()
    expect(citizen.locator("main")).to_contain_text("补正已经收到")
    assert not row(case_id).waiting

    for act in ("accept", "draft_reply", "approve_reply"):
        prepare(office, case_id, act, day)
        act_alone(office, case_id, act, day, "")
    drafted = (
        db.session.scalar(select(Event.seq).where(Event.case_id == case_id, Event.act == "draft_reply")) or 0
    )
    told = {"公开内容": "结算报告", "提供方式": "电子文本，随本告知书提供"}
    letters.issue(office.work("clerk", day), case_id, seq(case_id), "reply_granted", drafted, told)
    clerk.goto(f"{live_server}/cases/{case_id}/acts/send_reply")
    clerk.get_by_text("网上平台", exact=True).click()
    clerk.get_by_role("button", name="发出答复").click()
    expect(clerk.locator("main")).to_contain_text("发出答复")
    citizen.reload()
    citizen.locator("tr", has_text="政府信息公开告知书").get_by_role("button", name="打开").click()
    expect(citizen.locator(".letter")).to_contain_text("电子文本，随本告知书提供")
    assert row(case_id).delivered_on == today()
    clerk.reload()
    expect(clerk.locator("main")).to_contain_text("答复送达林国栋")
    clerk.context.close()


@layout
def test_a_citizen_applies_and_withdraws_before_anybody_confirmed_it(
    office: DeskOffice, live_server: str, page: Page
) -> None:
    from caseflow.moment import today

    number, code = apply(page, live_server)
    enter(page, live_server, number, code)
    expect(page.locator("main")).to_contain_text("等待确认收到")
    page.get_by_role("link", name="撤回申请").click()
    page.get_by_role("button", name="撤回申请").click()
    expect(page.locator("main")).to_contain_text("已经撤回")
    kept = row(1)
    assert (kept.closed_by, kept.new_year, kept.closed_on) == ("not_received", None, today())
