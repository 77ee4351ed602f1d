"""In a real browser: one request through all five stages, and the table changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support.office import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.office import DeskOffice

expect.set_options(timeout=15_000)  # a loaded machine is slow, not wrong
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def sign_in(page: Page, server: str, username: str) -> None:
    """As someone else: signs out first by forgetting the session."""
    page.context.clear_cookies()
    page.goto(f"{server}/login")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def act(page: Page, case: str, name: str, **values: str) -> None:
    """Open an act from the case page by its link, fill it in, confirm it."""
    page.goto(case)
    page.locator("ul.acts").get_by_role("link", name=name, exact=True).click()
    for label, value in values.items():
        if label == "select":
            page.locator("select").first.select_option(label=value)
        elif label == "radio":
            page.get_by_text(value, exact=True).click()
        else:
            page.locator("textarea").first.fill(value)
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_url(case)


def granted(page: Page, server: str) -> str:
    """What the total of 予以公开 says in the year table of this year."""
    page.goto(f"{server}/year")
    return page.locator("table.t3 tr", has_text="（一）予以公开").locator("td").last.inner_text().strip()


def test_a_clerk_and_a_lead_take_one_request_through_the_five_stages_and_the_table_changes(
    office: DeskOffice, live_server: str, page: Page
) -> None:
    sign_in(page, live_server, "clerk-ssfb")
    assert granted(page, live_server) == "0"
    page.goto(f"{live_server}/cases/new")
    page.get_by_label("姓名或者名称").fill("陈秀兰")
    page.get_by_label("申请公开的信息").fill("下宅村二组征地补偿费分配方案")
    expect(page.locator("#preview")).to_contain_text("到期日")
    page.get_by_role("button", name="保存并取号").click()
    page.wait_for_url("**/cases/1")
    case = page.url

    act(page, case, "受理", select="王敏")
    act(page, case, "拟答复", select="予以公开", note="信息存在，予以公开")
    sign_in(page, live_server, "lead-ssfb")
    act(page, case, "审签")
    sign_in(page, live_server, "clerk-ssfb")
    act(page, case, "发出答复", radio="当面送交")
    assert granted(page, live_server) == "1"
    act(page, case, "登记送达")
    act(page, case, "归档")
    assert "已归档" in page.locator("ol.track").inner_text()
    page.goto(f"{live_server}/year")
    page.locator("table.t3 tr", has_text="（一）予以公开").locator("td a").last.click()
    assert page.get_by_role("link", name="2026-1").or_(page.locator("a.no")).count() == 1


def test_registering_shows_the_due_day_while_typing(office: DeskOffice, live_server: str, page: Page) -> None:
    sign_in(page, live_server, "clerk-ssfb")
    page.goto(f"{live_server}/cases/new")
    page.get_by_text("信函", exact=True).click()
    page.get_by_label("签收日").fill("2026-09-25")
    expect(page.locator("#preview")).to_contain_text("10月29日 周四")
    expect(page.locator("#preview")).to_contain_text("邮寄签收之日")


def test_the_register_page_is_done_by_keyboard_alone(
    office: DeskOffice, live_server: str, page: Page
) -> None:
    sign_in(page, live_server, "clerk-ssfb")
    page.goto(f"{live_server}/cases/new")
    page.get_by_label("姓名或者名称").focus()
    page.keyboard.type("陈秀兰")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "content":
            break
    page.keyboard.type("下宅村二组征地补偿费分配方案")
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "保存并取号":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/1")


def test_no_page_scrolls_sideways(office: DeskOffice, live_server: str, page: Page) -> None:
    from caseflow.moment import today

    case_id = office.accepted(today())
    sign_in(page, live_server, "lead-ssfb")
    paths = ("/", "/cases", f"/cases/{case_id}", f"/cases/{case_id}/deadline", f"/cases/{case_id}/correct")
    for path in (*paths, "/year", "/supervision", "/alerts", "/ledger"):
        page.goto(live_server + path)
        for width in (360, 390, 1024, 1440):
            page.set_viewport_size({"width": width, "height": 844})
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path} is {wide} px wide at {width}"
