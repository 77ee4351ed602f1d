"""How the pages lie on a desk screen and on a phone: one line a case, nothing stray, nothing crooked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.support.browser import layout, sign_in
from tests.support.office import workdays_before

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.support.office import DeskOffice

expect.set_options(timeout=15_000)  # a loaded machine is slow, not wrong

DESK, PHONE, SMALL = (1440, 900), (390, 844), (360, 780)
COMPANY = "福建省泉州市鸿川建设工程有限公司第二分公司筹备处"
EVERY_CLASS = "document.querySelectorAll('.list .kind')"


def open_at(page: Page, size: tuple[int, int], url: str) -> None:
    """A page at that size, in px."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    answer = page.goto(url)
    assert answer is not None
    assert answer.status == 200, url


def box(found: Locator) -> dict[str, float]:
    """Where an element lies, in px."""
    rectangle: Any = found.bounding_box()
    assert rectangle is not None, "it is not to be seen"
    return dict(rectangle)


def middle(found: Locator) -> float:
    """Half-way down an element, in px."""
    lies = box(found)
    return lies["y"] + lies["height"] / 2


@layout
@pytest.mark.parametrize("username", ["clerk-ssfb", "supervisor-ssfb"])
def test_a_case_is_one_line_of_36_px_however_long_its_applicant_is_called(
    office: DeskOffice, live_server: str, page: Page, username: str
) -> None:
    from caseflow.moment import today

    for name, what in ((COMPANY, "legal_service"), ("林国栋", "natural_person")):
        office.accepted(workdays_before(today(), 3), name=name, applicant_class=what, content="某路 " * 60)
    sign_in(page, live_server, username)
    for path in ("/cases", "/?whose=all"):
        open_at(page, DESK, live_server + path)
        rows = page.locator(".list tr:has(.name)")
        heights = rows.evaluate_all("rows => rows.map(row => row.getBoundingClientRect().height)")
        assert len(heights) == 2
        assert max(heights) <= 37, (path, heights)
        cut = page.locator(f'.name[title="{COMPANY}"]')
        assert cut.evaluate("e => e.scrollWidth > e.clientWidth"), "the name is cut, not squeezed"
        assert page.evaluate(f"[...{EVERY_CLASS}].every(e => e.getClientRects().length == 1)")
        open_at(page, PHONE, live_server + path)
        assert page.locator(f'.name[title="{COMPANY}"]').inner_text() == COMPANY


@layout
def test_sixteen_cases_stand_above_the_fold_of_the_worklist(
    office: DeskOffice, live_server: str, page: Page
) -> None:
    from caseflow.moment import today

    for _ in range(18):
        office.accepted(workdays_before(today(), 3), name=COMPANY, applicant_class="enterprise")
    sign_in(page, live_server, "clerk-ssfb")
    open_at(page, DESK, f"{live_server}/cases")
    lies = box(page.locator(".list tbody tr").nth(15))
    assert lies["y"] + lies["height"] <= DESK[1]


@layout
def test_the_switch_of_further_conditions_is_its_label_and_keeps_the_ring(
    office: DeskOffice, live_server: str, page: Page
) -> None:
    sign_in(page, live_server, "clerk-ssfb")
    open_at(page, PHONE, f"{live_server}/cases")
    switch, label = page.locator("#more"), page.locator("label.more-l")
    assert switch.evaluate("e => getComputedStyle(e).opacity") == "0"
    first = box(page.locator(".filters .text label"))
    assert first["y"] - box(page.locator(".filters"))["y"] <= 16, "nothing stands above the first field"
    switch.focus()
    page.keyboard.press("Space")
    expect(page.locator(".filters .rare").first).to_be_visible()
    assert label.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"


@layout
def test_the_buttons_of_today_stand_in_one_line_on_a_phone(
    office: DeskOffice, live_server: str, page: Page
) -> None:
    sign_in(page, live_server, "clerk-ssfb")
    open_at(page, PHONE, live_server)
    whose, new = page.locator(".headline .seg a").first, page.locator(".headline .btn-primary")
    assert abs(middle(whose) - middle(new)) <= 1


@layout
@pytest.mark.parametrize("size", [PHONE, SMALL])
def test_a_clerks_navigation_is_one_line_on_a_phone(
    office: DeskOffice, live_server: str, page: Page, size: tuple[int, int]
) -> None:
    from caseflow.alerts import ladder
    from caseflow.calendars import store
    from caseflow.moment import today

    for _ in range(10):
        office.accepted(workdays_before(today(), 30))
    ladder.make_pass(today(), datetime.now(UTC), store.current())
    sign_in(page, live_server, "clerk-ssfb")
    open_at(page, size, live_server)
    expect(page.locator(".nav-main .pip")).to_contain_text("10")
    tops = page.locator(".nav-main a").evaluate_all("all => all.map(a => a.getBoundingClientRect().top)")
    assert len(tops) >= 8
    assert len(set(tops)) == 1, tops
    assert page.locator(".nav-main").evaluate("e => e.scrollWidth <= e.clientWidth")


@layout
@pytest.mark.parametrize("size", [PHONE, SMALL])
def test_an_administrators_navigation_is_one_line_on_a_phone(
    office: DeskOffice, live_server: str, page: Page, size: tuple[int, int]
) -> None:
    sign_in(page, live_server, "admin-ssfb")
    open_at(page, size, f"{live_server}/admin/letters")
    expect(page.locator(".nav-main [aria-current]")).to_have_text("文书")
    tops = page.locator(".nav-main a").evaluate_all("all => all.map(a => a.getBoundingClientRect().top)")
    assert len(tops) >= 5
    assert len(set(tops)) == 1, tops
    assert page.locator(".nav-main").evaluate("e => e.scrollWidth <= e.clientWidth")


@layout
def test_the_article_of_an_act_stands_beside_its_title(
    office: DeskOffice, live_server: str, page: Page
) -> None:
    from caseflow.moment import today

    case = office.accepted(workdays_before(today(), 3))
    sign_in(page, live_server, "lead-ssfb")
    for path in (f"/cases/{case}/acts/draft_reply", f"/cases/{case}/correct"):
        open_at(page, DESK, live_server + path)
        title, note = page.locator(".headline h1"), page.locator(".headline .muted")
        assert abs(middle(title) - middle(note)) <= 2, path
        crumb = box(page.locator(".headline .crumb"))
        assert crumb["y"] + crumb["height"] <= box(title)["y"] + 1, path


@layout
def test_the_panels_under_today_leave_no_hole(office: DeskOffice, live_server: str, page: Page) -> None:
    sign_in(page, live_server, "clerk-ssfb")
    open_at(page, DESK, live_server)
    alerts, archive, year = (
        box(page.locator("section.panel", has=page.get_by_role("heading", name=name, exact=True)))
        for name in ("提醒", "待归档", "年度节点")
    )
    assert archive["x"] == year["x"] > alerts["x"] + alerts["width"]
    assert archive["y"] == alerts["y"]


@layout
def test_a_card_of_an_alert_says_when_it_was_raised_and_what_was_left_then(
    office: DeskOffice, live_server: str, page: Page
) -> None:
    from caseflow.alerts import ladder
    from caseflow.calendars import store
    from caseflow.moment import today

    office.accepted(workdays_before(today(), 30))
    ladder.make_pass(today(), datetime.now(UTC), store.current())
    sign_in(page, live_server, "clerk-ssfb")
    for size in (PHONE, DESK):
        open_at(page, size, f"{live_server}/alerts")
        told = page.locator("td[data-k='提醒']").first
        expect(told).to_be_visible()
        expect(told).to_contain_text("当时逾期")
        expect(told).to_contain_text(f"{today().month}月{today().day}日")


@layout
def test_on_a_phone_the_due_day_stands_before_the_button_that_registers(
    office: DeskOffice, live_server: str, page: Page
) -> None:
    sign_in(page, live_server, "clerk-ssfb")
    open_at(page, PHONE, f"{live_server}/cases/new")
    preview, save = box(page.locator("#preview")), box(page.get_by_role("button", name="保存并取号"))
    assert preview["y"] + preview["height"] <= save["y"]
    open_at(page, DESK, f"{live_server}/cases/new")
    beside, fields = box(page.locator("#preview")), box(page.get_by_label("申请公开的信息"))
    assert beside["x"] > fields["x"] + fields["width"]
    assert beside["y"] < 300


@layout
def test_only_an_ordinary_letter_asks_for_the_day_both_sides_confirmed(
    office: DeskOffice, live_server: str, page: Page
) -> None:
    sign_in(page, live_server, "clerk-ssfb")
    open_at(page, DESK, f"{live_server}/cases/new")
    confirmed = page.locator("#letter_confirmed")
    page.get_by_text("信函", exact=True).click()
    expect(page.get_by_label("签收日")).to_be_visible()
    expect(confirmed).not_to_be_visible()
    page.get_by_text("平常信函", exact=True).click()
    expect(confirmed).to_be_visible()
