"""年报表: the form as printed, every number a link to as many cases, the words under it, the workbook."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from caseflow.law.year_table import CORNER, TITLES
from tests.reports.register import case, keep, replied, shishi_2020
from tests.support.browser import layout, sign_in
from tests.support.pages import Desk, Node, Page

if TYPE_CHECKING:
    from playwright.sync_api import Page as BrowserPage

    from tests.support.office import DeskOffice

pytestmark = pytest.mark.usefixtures("monday")


def rows_of(page: Page, table: str = "t3") -> list[list[str]]:
    """The words of a table's body, row by row."""
    return [[c.text for c in r.children if isinstance(c, Node)] for r in page.all(f"table.{table} tbody tr")]


def spans(row: Node) -> list[tuple[str, int, int]]:
    heads = [c for c in row.children if isinstance(c, Node) and c.tag == "th"]
    return [(h.text, int(h.attrs.get("rowspan", 1)), int(h.attrs.get("colspan", 1))) for h in heads]


def test_table_3_of_2020_is_printed_as_the_form(office: DeskOffice, desk: Desk) -> None:
    shishi_2020(office.id)
    page = desk.get("/year/2020")
    assert page.h1 == "2020 年报表"
    heads = [spans(row) for row in page.all("table.t3 thead tr")]
    assert heads == [
        [(CORNER, 3, 3), ("申请人情况", 1, 7)],
        [("自然人", 2, 1), ("法人或其他组织", 1, 5), ("总计", 2, 1)],
        [(label, 1, 1) for label in ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")],
    ]
    body = page.all("table.t3 tbody tr")
    assert len(body) == 23
    assert spans(body[2]) == [("三、本年度办理结果", 20, 1), ("（一）予以公开", 1, 2)]
    assert spans(body[4])[0] == ("（三）不予公开", 8, 1)
    assert spans(body[22]) == [("四、结转下年度继续办理", 1, 3)]
    numbers = [[c for c in row if c.isdigit()] for row in rows_of(page)]
    assert all(len(row) == 7 for row in numbers)
    assert numbers[0] == ["7", "0", "0", "0", "0", "0", "7"]
    assert numbers[12] == ["4", "0", "0", "0", "0", "0", "4"]


def test_the_form_from_2021_has_25_rows(desk: Desk) -> None:
    body = desk.get("/year/2021").all("table.t3 tbody tr")
    assert len(body) == 25
    assert ("（六）其他处理", 3, 1) in spans(body[20])


def test_table_4_shows_the_open_suit(office: DeskOffice, desk: Desk) -> None:
    shishi_2020(office.id)
    page = desk.get("/year/2020")
    assert page.one("#t4-title").text == TITLES[4]
    (row,) = rows_of(page, "t4")
    assert [c for c in row if c.isdigit()] == ["0"] * 5 + ["0", "0", "0", "1", "1"] + ["0"] * 5


def test_every_number_that_is_not_nothing_leads_to_as_many_cases(office: DeskOffice, desk: Desk) -> None:
    shishi_2020(office.id)
    keep(
        case(office.id, "2020-8", received_on=date(2020, 12, 30), applicant_class="enterprise", channel="fax"),
        replied(office.id, "2019-1", date(2019, 12, 30), date(2020, 2, 28), date(2020, 2, 4),
                applicant_class="legal_service", result="partial"),
    )  # fmt: skip
    page = desk.get("/year/2020")
    inside = [a for a in page.all("a") if a.attrs["href"].startswith("/year/2020/")]
    links = {
        (a.attrs["href"], a.text) for a in inside if a.text[0].isdigit()
    }  # not those to other pages of the year
    assert len(links) > 40  # in the tables, beside them and in the words
    assert not [td.text for td in page.all("table.t3 td") if td.text == "0" and td.all("a")]
    for href, text in sorted(links):
        number = int(re.match(r"\d+", text)[0])  # type: ignore[index]
        behind = desk.get(href)
        assert behind.status == 200
        assert len(behind.all("tbody a.no")) == number, href


def test_the_words_under_the_table_restate_it(office: DeskOffice, desk: Desk) -> None:
    from caseflow.law.year_prose import plain
    from caseflow.reports.year import year_report

    shishi_2020(office.id)
    said = desk.get("/year/2020").one("p.prose").text
    assert said == plain(year_report([office.id], 2020).prose)
    assert "“无法提供”4 件，均因本机关不掌握相关政府信息" in said


def test_a_balanced_year_shows_its_sums(office: DeskOffice, desk: Desk) -> None:
    shishi_2020(office.id)
    page = desk.get("/year/2020")
    assert [n.text for n in page.all("div.eq b")] == ["7", "0", "7", "0"]
    assert page.one("aside .light").text == "七列平衡"
    assert "自然人 7+0=7+0 · 总计 7+0=7+0 · 其余 5 列 0+0=0+0，七列全部平衡" in page.one("p.checkline").text
    assert "100.00% = 7 ÷ 7 件" in page.text
    assert not page.all("td.wrong")


def test_a_year_out_of_balance_names_the_column_and_both_sums(office: DeskOffice, desk: Desk) -> None:
    """By the desk it can't come about; a row that says so is made by hand."""
    keep(case(office.id, "1", received_on=date(2024, 3, 1), applicant_class="research", result="partial",
              closed_on=date(2023, 3, 1), result_year=2023))  # fmt: skip
    page = desk.get("/year/2023")
    assert page.one("aside .light").attrs["class"].split() == ["light", "l-late"]
    assert page.one("aside .light").text == "2 处不平"
    assert page.all("div.broken")
    said = [li.text for li in page.all("aside li")]
    assert said == [f"{c}：一＋二＝（七）＋四 不成立，0 与 1 相差 1" for c in ("科研机构", "总计")]
    assert "勾稽不平" in page.one("p.broken").text
    red = page.all("td.wrong")
    assert len(red) == 8  # the four key rows of both columns
    assert page.all("aside li a")[0].attrs["href"] == "/year/2023/results_total/research"


def test_a_result_the_form_does_not_know_is_told_and_not_hidden(office: DeskOffice, desk: Desk) -> None:
    keep(replied(office.id, "1", date(2024, 3, 1), date(2024, 3, 4), date(2024, 3, 29), result="burnt"))
    page = desk.get("/year/2024")
    assert page.status == 200
    assert [li.text for li in page.all("aside li")] == [
        f"{c}：（七）＝各项办理结果之和 不成立，1 与 0 相差 1" for c in ("自然人", "总计")
    ]


def test_a_year_in_which_nothing_was_sent_has_no_rate_but_words(desk: Desk) -> None:
    page = desk.get("/year/2025")
    assert "年内没有发出答复" in page.text
    assert "%" not in page.one("main").text


def test_the_year_that_runs_says_so_and_what_waits_for_confirmation(office: DeskOffice, desk: Desk) -> None:
    keep(case(office.id, "1", received_on=None))
    page = desk.get("/year/2026")
    assert "2026 年还没有结束，数字截至 11月23日 周一" in page.text
    assert "1 件双方还没有确认收到，不计入任何一格" in page.text
    assert "还没有结束" not in desk.get("/year/2025").text


def test_the_switch_offers_the_years_with_data_and_this_one(office: DeskOffice, desk: Desk) -> None:
    shishi_2020(office.id)
    page = desk.get("/year/2020")
    years = page.all("nav.seg a")
    assert [(a.text, a.attrs["href"]) for a in years] == [("2020", "/year/2020"), ("2026", "/year/2026")]
    assert [a.text for a in years if "aria-current" in a.attrs] == ["2020"]
    assert [a.text for a in desk.get("/year/2023").all("nav.seg a")] == ["2020", "2023", "2026"]


def test_the_bare_address_leads_to_this_year(desk: Desk) -> None:
    answer = desk.get("/year", follow=False).response
    assert (answer.status_code, answer.headers["Location"]) == (302, "/year/2026")


NOWHERE = (
    "/year/2007", "/year/2028", "/year/0", "/year/99999999999999999999", "/year/-1", "/year/abc",
    "/year/2007.xlsx", "/year/2028/new/total", "/year/2020/new", "/year/2020/nothing/total",
    "/year/2020/new/nobody", "/year/2020/reconsideration/natural_person", "/year/2020/other_fee_unpaid/total",
    "/year/2020/channels/total", "/year/2020/../total",
)  # fmt: skip


def test_years_rows_and_columns_that_are_not_are_not_found(desk: Desk) -> None:
    assert {address: desk.get(address).status for address in NOWHERE} == dict.fromkeys(NOWHERE, 404)


def test_from_the_first_year_of_the_regulation_to_the_next_one_there_is_a_table(desk: Desk) -> None:
    assert [desk.get(f"/year/{year}").status for year in (2008, 2026, 2027)] == [200] * 3


def test_the_cases_behind_a_number_come_in_pages(office: DeskOffice, desk: Desk) -> None:
    keep(*(case(office.id, f"2020-{n}") for n in range(1, 61)))
    first = desk.get("/year/2020/new/total")
    assert first.h1 == "一、本年新收政府信息公开申请数量 × 总计"
    assert "第 1–50 件，共 60 件" in first.text
    (onward,) = [a.attrs["href"] for a in first.all("nav.pager a")]
    second = desk.get(onward)
    assert [a.text for a in second.all("tbody a.no")] == [f"2020-{n}" for n in range(51, 61)]
    assert "第 51–60 件，共 60 件" in second.text
    (back,) = [a.attrs["href"] for a in second.all("nav.pager a")]
    assert [a.text for a in desk.get(back).all("tbody a.no")] == [f"2020-{n}" for n in range(1, 51)]


def test_a_key_that_is_none_begins_at_the_first_page(office: DeskOffice, desk: Desk) -> None:
    keep(case(office.id, "2020-1"))
    for key in ("after=", "after=x", "before=-3", f"after={10**30}", "before=0", "after=1e3"):
        page = desk.get(f"/year/2020/new/total?{key}")
        assert [a.text for a in page.all("tbody a.no")] == ["2020-1"], key


def test_an_empty_cell_says_so(desk: Desk) -> None:
    page = desk.get("/year/2020/granted/research")
    assert (page.status, "这一格是 0" in page.text) == (200, True)


def test_proceedings_and_their_cases_are_told_apart(office: DeskOffice, desk: Desk) -> None:
    from caseflow.models import ProceedingRow

    (case_id,) = keep(replied(office.id, "2020-1", date(2020, 3, 2), date(2020, 3, 9), date(2020, 3, 30)))
    plain: dict[str, Any] = {
        "office_id": office.id,
        "kind": "suit",
        "opened_on": date(2020, 5, 6),
        "new_year": 2020,
    }
    keep(*(ProceedingRow(case_id=case_id, n=n, **plain) for n in (1, 2)))
    page = desk.get("/year/2020/suit_direct/total")
    assert "2 件行政诉讼" in page.text
    assert "涉及 1 件办件" in page.text


def test_another_office_sees_its_own_year_only(office: DeskOffice, desk: Desk) -> None:
    from tests.support.office import found

    below = found("JJSB", "晋江市人民政府办公室", parent_id=office.id)
    shishi_2020(below.id)
    assert [c for c in rows_of(desk.get("/year/2020"))[0] if c.isdigit()] == ["0"] * 7
    assert not desk.get("/year/2020/new/total").all("tbody a.no")


def test_the_workbook_holds_the_table_of_the_page(office: DeskOffice, desk: Desk) -> None:
    shishi_2020(office.id)
    answer = desk.get("/year/2020.xlsx").response
    assert (answer.mimetype or "").endswith("spreadsheetml.sheet")
    assert "2020%E5%B9%B4%E6%8A%A5%E8%A1%A8-SSFB.xlsx" in answer.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.get_data()))["表三"]
    shown = [[int(c) for c in row if c.isdigit()] for row in rows_of(desk.get("/year/2020"))]
    assert [[sheet.cell(6 + r, 4 + c).value for c in range(7)] for r in range(23)] == shown


def test_a_case_says_its_cells_with_the_way_there(office: DeskOffice, desk: Desk) -> None:
    case_id = office.replied(date(2025, 12, 30), date(2026, 1, 12))
    page = desk.get(f"/cases/{case_id}")
    lines = [
        (a.text, a.attrs["href"]) for a in page.all("dl.facts a") if a.attrs["href"].startswith("/year/")
    ]
    assert lines == [
        ("2025 年 一、本年新收 × 自然人", "/year/2025/new/natural_person"),
        ("2025 年 四、结转下年度 × 自然人", "/year/2025/carried_out/natural_person"),
        ("2026 年 二、上年结转 × 自然人", "/year/2026/carried_in/natural_person"),
        ("2026 年 三（一）予以公开 × 自然人", "/year/2026/granted/natural_person"),
    ]
    for _, href in lines:
        assert desk.get(href).all("tbody a.no")


@layout
def test_the_year_does_not_scroll_sideways(office: DeskOffice, live_server: str, page: BrowserPage) -> None:
    shishi_2020(office.id)
    sign_in(page, live_server, "clerk-ssfb")
    for year in (2020, 2026):
        page.goto(f"{live_server}/year/{year}")
        for width in (1440, 390, 360):
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate("document.documentElement.scrollWidth") <= width


@layout
def test_table_3_prints_on_one_landscape_page_and_the_rest_on_a_second(
    office: DeskOffice, live_server: str, page: BrowserPage
) -> None:
    shishi_2020(office.id)
    sign_in(page, live_server, "clerk-ssfb")
    for year in (2020, 2026):  # both editions
        page.goto(f"{live_server}/year/{year}")
        printed = page.pdf(prefer_css_page_size=True)
        sheets = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", printed)
        assert [(round(float(w)), round(float(h))) for w, h in sheets] == [(842, 595)] * 2
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1032, "height": 726})  # A4 landscape inside its margins, in pixels
    assert page.locator(".sheet").bounding_box()["height"] <= 726  # type: ignore[index]
