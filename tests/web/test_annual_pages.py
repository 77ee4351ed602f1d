"""年度报告: written part by part, differing numbers pointed at, two people at once, versions, files."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import TYPE_CHECKING

import docx
import pytest

from caseflow.law import annual_two
from caseflow.law.annual import PARTS
from tests.reports.register import shishi_2020
from tests.support.browser import layout, sign_in
from tests.support.pages import Page

if TYPE_CHECKING:
    from playwright.sync_api import Page as BrowserPage

    from tests.support.office import DeskOffice
    from tests.web.conftest import SignInAs

pytestmark = pytest.mark.usefixtures("monday")

REPORT = "/year/2020/report"


def text_of(page: Page) -> str:
    return "".join(map(str, page.one("textarea").children)).removeprefix("\r\n")


def states(page: Page) -> list[str]:
    return [light.text for light in page.all("aside .acts .light")]


def test_the_report_is_written_part_by_part_and_a_number_that_differs_is_pointed_at_in_the_text(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    shishi_2020(office.id)
    desk = sign_in_as("clerk-ssfb")
    page = desk.get(REPORT)
    assert [a.text for a in page.all("aside .acts a")] == list(PARTS.values())
    assert states(page) == ["没有写全", "22 格空白", "由数字生成", "由数字生成", "没有写", "由数字生成"]
    assert not page.all("mark")

    text = text_of(desk.get(f"{REPORT}/general"))
    wrong = text.replace("当面申请 1 件", "当面申请 5 件")
    checked = desk.post(f"{REPORT}/general/check", {"csrf_token": desk.token(), "text": wrong, "seen": "0"})
    said = "受理方式 当面：写的是 5 件，表上是 1 件"
    assert (checked.status, text_of(checked)) == (200, wrong)
    assert said in checked.one("#preview").text
    assert states(desk.get(REPORT))[0] == "没有写全"  # looking writes nothing

    desk.get(f"{REPORT}/general")
    page = desk.submit({"text": wrong})
    assert "第 1 版" in page.one(".flash").text
    assert states(page)[0] == "1 处与数字不符"
    (mark,) = page.all("mark")
    assert (mark.attrs["title"], mark.text) == (said, f"5 件（{said}）")
    # the words that the figures give are nobody's: they follow the figures again
    desk.get(f"{REPORT}/general?start=figures")
    assert states(desk.submit())[0] == "没有写全"
    desk.get(f"{REPORT}/problems")
    assert "没有改动" in desk.submit({"text": ""}).text

    for shape in ("docx", "xlsx", "html"):
        answer = desk.client.get(f"{REPORT}.{shape}")
        assert (answer.status_code, answer.headers["Content-Disposition"].startswith("attachment")) == (
            200,
            True,
        )
    assert [desk.status(url) for url in (f"{REPORT}.pdf", f"{REPORT}/seven", "/year/1999/report")] == [
        404
    ] * 3
    word = docx.Document(io.BytesIO(desk.client.get(f"{REPORT}.docx").data))
    assert len(word.tables) == 3


def test_part_two_keeps_blanks_refuses_what_is_no_figure_and_is_held_against_last_year(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    desk = sign_in_as("lead-ssfb")
    cells = [cell.place.replace(".", "_") for cell in annual_two.cells("2019")]
    desk.get("/year/2019/report/proactive")
    desk.submit({name: "0" for name in cells} | {"normative_total": "13"})
    page = desk.get(f"{REPORT}/proactive")
    assert page.text.count("上年 13") == 1
    refused = desk.submit({"normative_made": "十七", "procurement_amount": "1.5"})
    assert (refused.status, refused.errors[0]) == (422, "写成整数，例如 17；没有的写 0")
    kept = {node.attrs["name"]: node.attrs.get("value", "") for node in refused.all("input.form-control")}
    assert (kept["normative_made"], kept["procurement_amount"], kept["normative_opened"]) == (
        "十七",
        "1.5",
        "",
    )
    page = desk.submit({"normative_made": "17", "normative_opened": "17", "normative_total": "31"})
    assert states(page)[1] == "1 处核对不符"
    assert "规范性文件：对外公开总数量 31，应为 30（上年 13 ＋ 本年新公开 17）" in page.text
    assert "另有 18 格空白" in page.text
    assert [td.text for td in page.all("td.wrong")] == ["17", "31"]
    desk.get(f"{REPORT}/proactive")
    page = desk.submit({name: "0" for name in cells} | {"normative_opened": "17", "normative_total": "30"})
    assert states(page)[1] == "已写"
    assert "新公开规范性文件 17 件，对外公开规范性文件总数 30 件" in page.text  # part one follows


def test_the_second_of_two_people_is_shown_what_the_first_wrote_and_loses_nothing_typed(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    first, second = sign_in_as("clerk-ssfb"), sign_in_as("lead-ssfb")
    for desk in (first, second):
        desk.get(f"{REPORT}/problems")
    first.submit({"text": "王敏写的不足"})
    third = sign_in_as("colleague-ssfb")
    third.get(f"{REPORT}/requests")
    third.submit({"text": "陈晓写的是另一部分"})
    late = second.submit({"text": "李建华写的不足"})
    assert (late.status, text_of(late)) == (409, "李建华写的不足")
    assert "王敏在 11月23日 周一 09:00 保存了第 1 版" in late.one(".errs").text
    assert "王敏写的不足" in late.one(".errs").text
    assert "第 3 版" in second.submit().text  # seen now: saved on top of it
    # another part is no matter
    for desk in (first, second):
        desk.get(f"{REPORT}/other" if desk is first else f"{REPORT}/requests")
    first.submit({"text": "无。另有说明。"})
    assert second.submit({"text": "表三的说明。"}).status == 200
    for desk in (first, second):
        desk.get(f"{REPORT}/proactive")
    first.submit({"normative_made": "3"})
    late = second.submit({"normative_made": "4"})
    assert (late.status, "现行 3" in late.text) == (409, True)
    # a page that stood open over a new sign-in comes back with its text
    first.environ["headers"] = {"Origin": "http://localhost"}
    stale = first.post(f"{REPORT}/problems", {"csrf_token": "old", "text": "写了很久", "seen": "1"})
    assert (stale.status, text_of(stale)) == (400, "写了很久")


def test_every_version_can_be_looked_at_and_brought_back_and_last_years_text_is_a_start(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    desk = sign_in_as("clerk-ssfb")
    for text in ("初稿，共受理申请 3 件。", "二稿"):
        desk.get(f"{REPORT}/problems")
        desk.submit({"text": text})
    page = desk.get(REPORT)
    assert [li.text for li in page.all("aside .panel-b li")] == [
        "第 2 版 现行：五、存在的主要问题及改进情况 王敏 · 11月23日 周一 09:00",
        "第 1 版：五、存在的主要问题及改进情况 王敏 · 11月23日 周一 09:00",
        "没有人写过的样子",
    ]
    older = desk.get(f"{REPORT}/versions/1")
    assert "初稿" in older.one("article").text
    assert "没有恢复" in desk.submit({"seen": "1"}).text
    assert "恢复第 1 版" in desk.submit().text
    assert "初稿" in desk.get(REPORT).one("article").text
    assert desk.get(f"{REPORT}/versions/99").status == 404
    # 2021 begins with it; its numbers are held against 2021
    assert text_of(desk.get("/year/2021/report/problems")) == ""
    start = desk.get("/year/2021/report/problems?start=last")
    assert text_of(start) == "初稿，共受理申请 3 件。"
    assert "写的是 3 件，表上是 0 件" in start.text

    reader = sign_in_as("supervisor-ssfb")
    page = reader.get(REPORT)
    assert not page.forms()
    assert not [link for link in page.links() if link.endswith("/problems")]
    assert reader.status(f"{REPORT}/problems") == 403
    assert not reader.get(f"{REPORT}/versions/2").forms()


@layout
def test_the_report_fits_phone_and_desk_and_the_check_follows_what_is_typed(
    office: DeskOffice, live_server: str, page: BrowserPage
) -> None:
    from caseflow.stages import annual
    from tests.web.conftest import MORNING

    typed: dict[str, Decimal | None] = {"normative.made": Decimal(3)}
    annual.save_figures(annual.Draft(office.people["clerk"], office.id, 2026, 0, MORNING), typed)
    sign_in(page, live_server, "clerk-ssfb")
    for width, height in ((1440, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        for path in ("", "/general", "/proactive", "/versions/1"):
            page.goto(f"{live_server}/year/2026/report{path}")
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (path, width)
    page.goto(f"{live_server}/year/2026/report/problems")
    page.fill("textarea", "共受理申请 99 件。")
    page.locator("#preview li", has_text="写的是 99 件，表上是 0 件").wait_for()
