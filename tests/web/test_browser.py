"""In a real browser: one request through all five stages, and the table changes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support.browser import layout, sign_in, sign_in_by_hand
from tests.support.office import row, workdays_before

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.office import DeskOffice

expect.set_options(timeout=15_000)  # a loaded machine is slow, not wrong
MANY = 80  # presses of Tab within which whatever one looks for is reached
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def act(page: Page, case: str, name: str, **values: str) -> None:
    """Open an act from the case page by its link, fill it in, confirm it: all by keyboard."""
    page.goto(case)
    skip(page)
    tab_to(page, f"e.closest('ul.acts') && e.textContent.trim() == '{name}'", MANY)
    page.keyboard.press("Enter")
    page.wait_for_url("**/acts/*")
    skip(page)
    for label, value in values.items():
        if label == "select":
            tab_to(page, "e.tagName == 'SELECT'", MANY)
            press_until(page, "ArrowDown", f"e.selectedOptions[0].text == '{value}'")
        elif label == "radio":
            tab_to(page, "e.type == 'radio'", MANY)
            press_until(page, "ArrowRight", f"e.labels[0].textContent.trim() == '{value}' && e.checked")
        else:
            tab_to(page, "e.tagName == 'TEXTAREA'", MANY)
            page.keyboard.type(value)
    tab_to(page, f"e.tagName == 'BUTTON' && e.textContent.trim() == '{name}'", MANY)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.partition("#")[0] == case)


def skip(page: Page) -> None:
    """Past the head of the page, by the first of its links."""
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def press_until(page: Page, key: str, here: str) -> None:
    """Press a key until it is true of the element ``e`` that has the focus."""
    for _ in range(12):
        if page.evaluate(f"(e => {here})(document.activeElement)"):
            return
        page.keyboard.press(key)
    pytest.fail(f"{key} did not lead to {here}")


def review_secrecy(page: Page, case: str) -> None:
    """保密审查, each of its steps in one line, on a phone too."""
    page.goto(case)
    page.locator("li.lead-act").get_by_role("link", name="保密审查").click()
    wide = page.viewport_size
    assert wide
    for width in (390, wide["width"]):
        page.set_viewport_size({"width": width, "height": wide["height"]})
        for who, day in (("first_by", "first_on"), ("second_by", "second_on"), ("final_by", "on")):
            boxes = [page.locator(f"#{name}").bounding_box() for name in (who, day)]
            assert len({box["y"] for box in boxes if box}) == 1, (width, boxes)
    page.get_by_label("复审人").fill("陈晓")
    page.get_by_label("审签人").fill("李建华")
    page.get_by_text("不涉及国家秘密和其他不得公开的内容，可以公开", exact=True).click()
    page.get_by_role("button", name="保密审查").click()
    page.wait_for_url(case)


def put_in_what_is_missing(page: Page, case: str) -> None:
    """From the case page to each paper that the folder lacks, and back."""
    for left in (3, 2, 1):
        page.goto(case)
        lines = page.locator("ul.plain li", has_text="存入材料")
        expect(lines).to_have_count(left)
        lines.first.get_by_role("link", name="存入材料").click()
        page.locator("input[type=file]").set_input_files(
            {"name": f"{left}.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 scan"}
        )
        page.get_by_role("button", name="存入", exact=True).click()
        expect(page.locator("main")).to_contain_text("已存入 1 件")


def granted(page: Page, server: str) -> str:
    """What the total of 予以公开 says in the year table of this year."""
    page.goto(f"{server}/year")
    return page.locator("table.t3 tr", has_text="（一）予以公开").locator("td").last.inner_text().strip()


def test_a_clerk_and_a_lead_take_one_request_through_the_five_stages_and_the_table_changes(
    office: DeskOffice, live_server: str, page: Page
) -> None:
    sign_in_by_hand(page, live_server, "clerk-ssfb")
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
    review_secrecy(page, case)
    sign_in(page, live_server, "lead-ssfb")
    act(page, case, "审签")
    sign_in(page, live_server, "clerk-ssfb")
    act(page, case, "发出答复", radio="当面送交")
    assert granted(page, live_server) == "1"
    act(page, case, "登记送达")
    put_in_what_is_missing(page, case)
    act(page, case, "归档")
    expect(page.locator("ol.track")).to_contain_text("已归档")
    page.goto(f"{live_server}/year")
    page.locator("table.t3 tr", has_text="（一）予以公开").locator("td a").last.click()
    expect(page.locator("a.no")).to_have_count(1)


def test_registering_shows_the_due_day_while_typing(office: DeskOffice, live_server: str, page: Page) -> None:
    sign_in(page, live_server, "clerk-ssfb")
    page.goto(f"{live_server}/cases/new")
    page.get_by_text("信函", exact=True).click()
    page.get_by_label("签收日").fill("2026-09-25")
    expect(page.locator("#preview")).to_contain_text("10月29日 周四")
    expect(page.locator("#preview")).to_contain_text("邮寄签收之日")


def tab_to(page: Page, here: str, most: int) -> None:
    """Press Tab until the focus is where ``here`` is true of ``e``; fails after ``most`` times."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(f"(e => {here})(document.activeElement)"):
            return
    where = page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
    pytest.fail(f"{most} times Tab did not lead to {here}, but to {where}")


def type_day(page: Page, day: date) -> None:
    """Into the date field that has the focus; its parts stand in the order of the browser's own language."""
    for parts in ((f"{day:%m%d}", f"{day.year}"), (f"{day.year}", f"{day:%m%d}")):
        for _ in range(3):
            page.keyboard.press("ArrowLeft")
        page.keyboard.type(parts[0])
        if parts[0] == f"{day.year}":
            page.keyboard.press("ArrowRight")  # the part would take a year of six digits
        page.keyboard.type(parts[1])
        if page.evaluate("document.activeElement.value") == day.isoformat():
            return
    pytest.fail(f"typed {day}, the field holds {page.evaluate('document.activeElement.value')}")


def test_the_register_page_is_done_by_keyboard_alone(
    office: DeskOffice, live_server: str, page: Page
) -> None:
    from caseflow.moment import today

    received = workdays_before(today(), 2)
    sign_in(page, live_server, "clerk-ssfb")
    page.goto(f"{live_server}/cases/new")
    tab_to(page, "e.className == 'skip'", 1)
    page.keyboard.press("Enter")
    tab_to(page, "e.name == 'channel' && e.checked && e.value == 'in_person'", 1)
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.value") == "letter"
    expect(page.get_by_label("签收日")).to_be_visible()
    tab_to(page, "e.id == 'arrived'", 12)
    type_day(page, received)
    assert page.get_by_label("签收日").input_value() == received.isoformat()
    expect(page.locator("#preview")).to_contain_text("邮寄签收之日")
    for _ in range(14):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.name") == "channel":
            break
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.value") == "in_person"
    expect(page.get_by_label("签收日")).not_to_be_visible()
    tab_to(page, "e.id == 'in_person_submitted'", 1)
    type_day(page, received)
    tab_to(page, "e.id == 'name'", 8)
    page.keyboard.type("陈秀兰")
    tab_to(page, "e.id == 'content'", 12)
    page.keyboard.type("下宅村二组征地补偿费分配方案")
    tab_to(page, "e.textContent == '保存并取号'", 8)
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/1#main")  # the skip link's mark goes with the form
    case = row(1)
    assert (case.channel, case.received_on) == ("in_person", received)
    expect(page.get_by_role("heading", level=1)).to_contain_text("下宅村二组")


def a_wide_case(office: DeskOffice) -> tuple[int, int]:
    """An open case due today and an answered one, with words that no blank breaks."""
    from datetime import UTC, datetime

    from caseflow.alerts import ladder
    from caseflow.calendars import store
    from caseflow.moment import today

    long = {"name": "N" * 60, "content": "C9" * 150, "address": "A" * 200, "agent": "G" * 60}
    open_one = office.accepted(workdays_before(today(), 24), **long)
    closed = office.replied(workdays_before(today(), 4), today(), **long)
    ladder.make_pass(today(), datetime.now(UTC), store.current())
    return open_one, closed


@layout
def test_no_page_scrolls_sideways(office: DeskOffice, live_server: str, page: Page) -> None:
    open_one, closed = a_wide_case(office)
    case, cell = f"/cases/{open_one}", f"/year/{row(closed).result_year}/granted/natural_person"
    visits = {
        "lead-ssfb": (
            *("/", "/cases", case, f"/cases/{closed}", f"{case}/deadline", f"{case}/correct", "/year", cell),
            *(
                "/supervision",
                "/supervision/cases?what=late",
                "/alerts",
                "/ledger",
                f"{case}/acts/draft_reply",
            ),
        ),
        "clerk-ssfb": ("/", "/cases/new", f"{case}/acts/consult_third_party", "/account/password"),
        "auditor-ssfb": ("/",),
        "security-ssfb": ("/admin/people", f"/admin/people/{office.people['clerk']}"),
    }
    page.goto(f"{live_server}/login")
    wide = too_wide(page, "/login")
    for username, paths in visits.items():
        sign_in(page, live_server, username)
        for path in paths:
            answer = page.goto(live_server + path)
            assert answer is not None
            assert answer.status == 200, path
            wide += too_wide(page, path)
    assert wide == [], "\n".join(wide)


def too_wide(page: Page, path: str) -> list[str]:
    """What one would have to scroll sideways on the open page, on a phone and on a desk screen."""
    found = []
    for width in (360, 390, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        needed = page.evaluate("document.documentElement.scrollWidth")
        found += [f"{path} is {needed} px wide at {width}"] if needed > width else []
    return found
